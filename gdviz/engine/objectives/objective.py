"""The objective: a function of two parameters, made of anything, of any Python function too."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from gdviz.base.geometry import Range
from gdviz.base.types import Array, Precision
from gdviz.engine.language.parser import PARAMETERS
from gdviz.engine.objectives.array_function import ArrayFunction
from gdviz.engine.objectives.quantities import Arithmetic, FusedLoop, Options, Quantity

#: How many numbers a quantity is at a point, at N = 2.
_NUMBERS: Mapping[str, int] = MappingProxyType(
    {"value": 1, "gradient": 2, "hessian": 3, "complex value": 1}
)


class Objective(ABC):
    """A function f(a, b) to minimise.

    Scalars in, floats out; arrays broadcast. No point raises: where f is undefined the result is
    nan, past the largest number it is inf.
    """

    @staticmethod
    def from_callable(
        loss: Callable[..., Any],
        gradient: Callable[..., Any] | None = None,
        vectorized: bool | None = None,
    ) -> "CallableObjective":
        """Return any Python function of two parameters as an objective.

        Where `loss` raises ValueError, ZeroDivisionError or OverflowError it is undefined, and any
        other exception reaches the caller.

        Parameters
        ----------
        loss : callable
            ``loss(a, b)``, a real number.
        gradient : callable, optional
            ``gradient(a, b)``, the pair (∂f/∂a, ∂f/∂b). Without it, gradients can be estimated by
            differences only. There is no Hessian in either case.
        vectorized : bool, optional
            Whether both take arrays of shape (n,) and return arrays of as many numbers, point by
            point. If not, they are called with two floats at a time. By default it is found out,
            for each of them, by comparing both ways at up to four of the points that are asked for.

        Raises
        ------
        TypeError
            If one of them is no function of two parameters; and, when it is called, if it returns
            something else than real numbers. Of the wrong shape, it is a ValueError then.

        Examples
        --------
        >>> f = Objective.from_callable(lambda a, b: (a - 1) ** 2 + b**2)
        >>> f.value(2.0, 3.0)
        10.0
        """
        slope = None if gradient is None else ArrayFunction(gradient, "gradient", 2, vectorized)
        return CallableObjective(ArrayFunction(loss, "loss", 1, vectorized), slope)

    @property
    def parameters(self) -> tuple[str, str]:
        """What the two parameters are called."""
        return PARAMETERS

    @property
    def rows(self) -> int:
        """The rows of the data that f is made of; 1 where there is none."""
        return 1

    @property
    def takes_arrays(self) -> bool:
        """Whether many points at once are quick; it may turn out only when some are asked for."""
        return True

    @property
    def seconds_a_point(self) -> float:
        """About what a value takes, where that was timed; 0 where it is quick or not known."""
        return 0.0

    @property
    def coarseness(self) -> float:
        """How many times more f is rounded than in float64, as far as is known.

        Steps of differences, and what passes for the same, are longer by the root of it.
        """
        return 1.0

    @property
    def is_smooth(self) -> bool:
        """Whether f surely has no kink and no jump where it is defined."""
        return False

    def arithmetic(self, precision: Precision) -> str:
        """Say in what f is computed by methods of a precision, as the window and figures do."""
        return precision

    def kinks(self, _a: ArrayLike, _b: ArrayLike) -> list[tuple[Array, Array, Array]]:
        """Return functions at whose zeros f may have a kink, as far as known, and their gradients.

        Each is (s, ∂s/∂a, ∂s/∂b), on arrays that are broadcast against each other.
        """
        return []

    def is_finite_on(self, _extent: Range) -> bool:
        """Tell whether f is known to be finite at each point of a range."""
        return False

    def why_undefined(self, _a: float, _b: float) -> str:
        """Say why f is undefined at a point, where that has a reason of its own; else nothing."""
        return ""

    def why_doubtful(self, _a: float, _b: float) -> str:
        """Say why a minimum, a maximum or a saddle point that f has there proves nothing."""
        return ""

    def remark_at(self, _a: float, _b: float) -> str:
        """Say what has to be known about the value of f at a point; empty if nothing."""
        return ""

    @property
    def no_gradient(self) -> str:
        """Why ∇f is not known, in a sentence; empty where it is."""
        return ""

    @property
    def no_hessian(self) -> str:
        """Why second derivatives are not known, in a sentence; empty where they are."""
        return ""

    @property
    def hessian_gradients(self) -> int:
        """How many gradients a Hessian takes, where it is differences of them; else 0."""
        return 0

    @property
    def no_complex_value(self) -> str:
        """Why f is not known at complex numbers, in a sentence; empty where it is."""
        return ""

    @property
    def no_tangent(self) -> str:
        """Why no tangents can be carried through f, in a sentence; empty where they can."""
        return "a table of losses has no operations"

    @property
    def no_batch(self) -> str:
        """Why f cannot be had over some rows of its data, in a sentence; empty where it can."""
        return "there is no data"

    def missing(self, quantity: Quantity) -> str:
        """Say why a quantity is not known, in a sentence; empty where it is."""
        match quantity:
            case "gradient":
                return self.no_gradient
            case "hessian":
                return self.no_hessian
            case "complex value":
                return self.no_complex_value
            case "tangent":
                return self.no_tangent
            case "batch gradient":
                return self.no_batch
        return ""

    @abstractmethod
    def effort(self, quantity: Quantity) -> float:
        """Return about how many elementary operations a quantity takes, for each row.

        It tells what fits into a frame; infinite where that is not known.
        """

    def cancelled_by(self, _cancelled: Callable[[], bool]) -> Self:
        """Return the same function, for work that ends once `_cancelled` says so.

        Where a single call may take long it then raises Cancelled; else whoever calls asks often
        enough.
        """
        return self

    @abstractmethod
    def values(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return f in float64 on arrays that are broadcast against each other."""

    @abstractmethod
    def gradients(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
        """Return (∂f/∂a, ∂f/∂b) in float64 on arrays that are broadcast against each other."""

    @abstractmethod
    def hessians(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array, Array]:
        """Return (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²) in float64 on arrays, broadcast likewise."""

    @abstractmethod
    def counted(
        self, quantity: Quantity, arithmetic: Arithmetic, tally: list[int], kind: int
    ) -> Callable[..., Any]:
        """Return a function of (a, b, …) that adds `kind` to ``tally[0]`` with each call.

        Parameters
        ----------
        quantity : {"value", "gradient", "hessian", "complex value", "tangent", "batch gradient"}
            What it returns: a number, or a tuple of them. That for a tangent takes a direction
            (u_a, u_b) beside the point, and that for the gradient over some rows takes an array of
            their numbers, each of which adds `kind`.
        arithmetic : Arithmetic
            The numbers that it takes and returns.
        tally : list of one int
            What is counted on.
        kind : int
            What a call adds.
        """

    def fused_descent_loop(
        self,
        bind: Callable[..., Any],  # noqa: ARG002 - formulas have one
        representable: bool,  # noqa: ARG002
        options: Options,  # noqa: ARG002
        is_random: bool,  # noqa: ARG002
    ) -> FusedLoop | None:
        """Return gradient descent by an estimate as one function, or None.

        Parameters
        ----------
        bind : callable
            What binds the estimate.
        representable : bool
            Whether it divides by the step that was really taken.
        options : tuple of (str, float)
            The estimate's.
        is_random : bool
            Whether it draws.
        """
        return None

    def value(self, a: float, b: float) -> float:
        """Return f(a, b)."""
        return float(self.values(a, b))

    def gradient(self, a: float, b: float) -> tuple[float, float]:
        """Return (∂f/∂a, ∂f/∂b)."""
        in_a, in_b = self.gradients(a, b)
        return float(in_a), float(in_b)

    def hessian(self, a: float, b: float) -> tuple[float, float, float]:
        """Return (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²)."""
        in_aa, in_ab, in_bb = self.hessians(a, b)
        return float(in_aa), float(in_ab), float(in_bb)


class BlackBox(Objective):
    """A function known by what it returns alone: its values, and perhaps its gradient.

    What is not known is nan.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """What sentences call it."""

    @property
    def spelled(self) -> tuple[str, str]:
        """How f and its gradient are called where they are defined."""
        given = ", ".join(self.parameters)
        return f"loss({given})", f"gradient({given})"

    @abstractmethod
    def evaluate(self, quantity: Quantity, a: Array, b: Array) -> Array:
        """Return the values, the gradient or the Hessian at points.

        Parameters
        ----------
        quantity : {"value", "gradient", "hessian", "complex value"}
            What is asked for, where :meth:`Objective.missing` says nothing.
        a, b : ndarray, shape (n,)
            The points, in float64 or float32; for a complex value complex numbers of these.

        Returns
        -------
        ndarray, shape (n,), (2, n) or (3, n)
            In their type.
        """

    @property
    def no_hessian(self) -> str:
        """That there are no second derivatives: they are hardly ever given."""
        return f"{self.name} has no second derivatives"

    @property
    def no_complex_value(self) -> str:
        """That f takes real numbers only: others were never promised."""
        return f"{self.name} only takes real numbers"

    @property
    def no_tangent(self) -> str:
        """That its operations are not seen, which tangents would be carried through."""
        return f"of {self.name} only the results are visible here"

    def effort(self, _quantity: Quantity) -> float:
        """Return infinity: nobody knows how long somebody's code takes."""
        return np.inf

    def values(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return f in float64 on arrays that are broadcast against each other."""
        values: Array = self._found("value", a, b)[0]
        return values

    def gradients(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
        """Return (∂f/∂a, ∂f/∂b) in float64 on arrays, broadcast likewise.

        It is nan where it is not known, and where f is undefined, whatever was given for it.
        """
        in_a, in_b = self._found("gradient", a, b)
        if self.missing("gradient"):
            return in_a, in_b
        is_undefined = np.isnan(self.values(a, b))
        return np.where(is_undefined, np.nan, in_a), np.where(is_undefined, np.nan, in_b)

    def hessians(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array, Array]:
        """Return the second derivatives in float64 on arrays, likewise."""
        in_aa, in_ab, in_bb = self._found("hessian", a, b)
        return in_aa, in_ab, in_bb

    def counted(
        self, quantity: Quantity, arithmetic: Arithmetic, tally: list[int], kind: int
    ) -> Callable[[Any, Any], Any]:
        """Return a call that is counted."""

        def call(a: Any, b: Any) -> Any:
            tally[0] += kind
            found = self._found(quantity, a, b, arithmetic.ieee)
            numbers = tuple(x.item() if arithmetic.on_floats else x[()] for x in found)
            return numbers if len(numbers) > 1 else numbers[0]

        return call

    def _found(self, quantity: Quantity, a: Any, b: Any, real: Any = np.float64) -> Array:
        """Return the numbers of a quantity at points, in rows of the points' shape."""
        shape = _NUMBERS[quantity], *np.broadcast_shapes(np.shape(a), np.shape(b))
        if quantity == "complex value":
            real = np.complex64 if real is np.float32 else np.complex128
        is_known = quantity not in ("tangent", "batch gradient")
        if is_known and not self.missing(quantity):
            points = np.broadcast_arrays(np.asarray(a, real), np.asarray(b, real))
            return self.evaluate(quantity, *(x.ravel() for x in points)).reshape(shape)
        return np.full(shape, np.nan, real)


@dataclass(frozen=True, eq=False)
class CallableObjective(BlackBox):
    """A function of this program: see :meth:`Objective.from_callable`.

    Parameters
    ----------
    loss : ArrayFunction
        f.
    slope : ArrayFunction or None
        Its gradient.
    """

    loss: ArrayFunction
    slope: ArrayFunction | None = None

    @property
    def name(self) -> str:
        """What the function is called where it was defined."""
        return self.loss.name

    @property
    def parameters(self) -> tuple[str, str]:
        """What the function calls its arguments."""
        return self.loss.arguments

    @property
    def no_gradient(self) -> str:
        """That no gradient was given, if so."""
        return "" if self.slope else f"{self.name} was given without a gradient"

    @property
    def takes_arrays(self) -> bool:
        """Whether it is known to: else it is called point by point."""
        return self.loss.vectorized is True

    def why_undefined(self, a: float, b: float) -> str:
        """Say what the function raises at a point, if it does."""
        why = self.loss.why_outside(a, b)
        return f"outside the domain of {self.name} ({why})" if why else ""

    def evaluate(self, quantity: Quantity, a: Array, b: Array) -> Array:
        """Return the values, or the gradient, at points."""
        return self._function(quantity)(a, b)

    def counted(
        self, quantity: Quantity, arithmetic: Arithmetic, tally: list[int], kind: int
    ) -> Callable[[Any, Any], Any]:
        """Return a call that is counted; with floats it is one of the function itself."""
        function = self._function(quantity)
        if not arithmetic.on_floats or function.takes_only_arrays:
            return super().counted(quantity, arithmetic, tally, kind)

        def call(a: float, b: float) -> Any:
            tally[0] += kind
            return function.at(a, b)

        return call

    def _function(self, quantity: Quantity) -> ArrayFunction:
        return self.slope if quantity == "gradient" and self.slope else self.loss
