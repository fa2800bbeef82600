"""The objective of a formula: differentiated and compiled, with its constants' values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import FunctionType
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.language.backends import (
    COMPLEX,
    MATH,
    NUMPY,
    NUMPY_COMPLEX,
    NUMPY_COMPLEX_ARRAYS,
    Backend,
)
from gdviz.engine.language.enclosures.bounds import between, is_finite
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.formula import Quantity as FormulaQuantity
from gdviz.engine.language.parser import PARAMETERS
from gdviz.engine.objectives.data import MANY_ROWS, Data
from gdviz.engine.objectives.datasets import DATASETS
from gdviz.engine.objectives.generated.data_rows import by_rows, in_blocks, is_too_much
from gdviz.engine.objectives.generated.formula_slopes import counted_batch_gradient, counted_tangent
from gdviz.engine.objectives.generated.fused_descent_loop import fused_descent_loop
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.quantities import Arithmetic, FusedLoop, Options, Quantity
from gdviz.engine.objectives.slopes.closer_look import (
    closer_gradient,
    complex_from_real,
    known_complex,
    known_gradient,
    known_gradients,
    of_numbers,
)
from gdviz.engine.objectives.slopes.creases import Creases
from gdviz.engine.objectives.surfaces import Surface

#: About how long a node of the graph takes over a row of data, in seconds.
_ROW = 0.6e-9


@dataclass(frozen=True)
class FormulaObjective(Objective):
    """A formula as a function of a and b alone.

    Parameters
    ----------
    formula : Formula
        The formula.
    constants : tuple of float
        The constants' values, in the order of ``formula.constants``.
    data : Data, optional
        The columns that the formula names.
    cancelled : callable, optional
        Tells whether what is computed over many rows is no longer wanted: see
        :meth:`cancelled_by`.
    """

    formula: Formula
    constants: tuple[float, ...] = ()
    data: Data | None = None
    cancelled: Callable[[], bool] = field(default=bool, compare=False, repr=False)

    @classmethod
    def from_text(
        cls,
        text: str,
        constants: Mapping[str, float] | None = None,
        data: Data | None = None,
        parameters: tuple[str, str] = PARAMETERS,
    ) -> "FormulaObjective":
        """Parse a formula and give its constants their values.

        Parameters
        ----------
        text : str
            The formula.
        constants : mapping of str to float, optional
            Values by name; every name may stand in the formula.
        data : Data, optional
            Columns that may stand within its sums and means over the rows.
        parameters : (str, str), default ("a", "b")
            What it is a function of.

        Raises
        ------
        FormulaError
            With one sentence that names the column.
        """
        given = dict(sorted((constants or {}).items()))
        formula = Formula.parse(text, tuple(given), data.names if data else (), parameters)
        return cls(formula, tuple(map(float, given.values())), data if formula.over_data else None)

    @classmethod
    def of(
        cls, surface: Surface, constants: Mapping[str, float] | None = None
    ) -> "FormulaObjective":
        """Return a built-in surface's function, over the data it comes with.

        Parameters
        ----------
        surface : Surface
            The surface.
        constants : mapping of str to float, optional
            Values of those constants that differ from the surface's defaults.
        """
        values = {**surface.defaults, **(constants or {})}
        return cls.from_text(surface.formula, values, DATASETS.get(surface.data))

    def cancelled_by(self, cancelled: Callable[[], bool]) -> Self:
        """Return the same function, which over many rows raises Cancelled once `cancelled` says so.

        Parameters
        ----------
        cancelled : callable
            It is asked at each call, and between blocks of many points.
        """
        return replace(self, cancelled=cancelled) if self.rows > MANY_ROWS else self

    def over_some_rows(self, most: int) -> "FormulaObjective":
        """Return the formula over at most so many of the rows, as one that stands for it.

        Parameters
        ----------
        most : int
            How many: see :func:`~gdviz.engine.objectives.data.some_rows`.
        """
        if self.data is None or self.rows <= most:
            return self
        return replace(self, data=self.data.of_some_rows(most))

    @property
    def parameters(self) -> tuple[str, str]:
        """What the formula calls them."""
        return self.formula.parameters

    @property
    def rows(self) -> int:
        """The rows of the data; 1 where there is none."""
        return self.data.rows if self.data else 1

    @property
    def seconds_a_point(self) -> float:
        """About what a value takes, where there are many rows; 0 where it is quick."""
        return self.effort("value") * _ROW * self.rows if self.rows > MANY_ROWS else 0.0

    @property
    def is_smooth(self) -> bool:
        """Whether no operation of the formula has a kink or a jump."""
        return not self.formula.crease_nodes

    @property
    def is_quadratic(self) -> bool:
        """Whether no second derivative holds a parameter, and no kink or jump does."""
        formula = self.formula
        held = formula.graph.names([*formula.nodes("hessian"), *formula.crease_nodes])
        return not set(formula.parameters) & set(held)

    def effort(self, quantity: Quantity) -> float:
        """Return the nodes of the computation graph that a quantity needs."""
        graph = self.formula.graph
        return len(graph.reachable(self.formula.nodes(_without_complex(quantity))))

    def arguments(self, real: Any = np.float64) -> list[Any]:
        """Return what the formula's functions take after a and b, as numbers of a NumPy type."""
        result: list[Any] = [*map(real, self.constants)]
        if self.data is not None:
            columns = self.data.arrays
            result += [columns[name].astype(real, copy=False) for name in self.formula.data]
            result.append(real(self.data.rows))
        return result

    def values(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return f in float64 on arrays that are broadcast against each other."""
        return self._evaluate("value", a, b)[0]

    def gradients(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
        """Return (∂f/∂a, ∂f/∂b) in float64 on arrays that are broadcast against each other.

        At a kink or a jump of f they are nan.
        """
        return self._creases.gradients(a, b, is_one_taken=False)

    @property
    def _creases(self) -> Creases:
        """What looks closer where operations have kinks."""
        return Creases(self.formula, self.arguments, self._evaluate, self.data is not None)

    def derivatives(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
        """Return the same as the derivatives of the operations are taken at their kinks.

        These are a convention (:mod:`gdviz.engine.language.operations`), and f may have others.
        """
        in_a, in_b = self._evaluate("gradient", a, b)
        return in_a, in_b

    def hessians(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array, Array]:
        """Return (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²) in float64 on arrays, broadcast likewise."""
        in_aa, in_ab, in_bb = self._evaluate("hessian", a, b)
        return in_aa, in_ab, in_bb

    def kinks(self, a: ArrayLike, b: ArrayLike) -> list[tuple[Array, Array, Array]]:
        """Return (s, ∂s/∂a, ∂s/∂b) for each s at whose zeros the formula may have a kink."""
        if not self.formula.kink_nodes:
            return []
        found = self._evaluate("kinks", a, b)
        return [(found[k], found[k + 1], found[k + 2]) for k in range(0, len(found), 3)]

    def is_finite_on(self, extent: Range) -> bool:
        """Tell whether interval arithmetic shows that f is finite at each point of a range."""
        if self.data is not None:
            return False
        a_low, a_high, b_low, b_high = extent
        at = [between(a_low, a_high), between(b_low, b_high)]
        at += [between(x, x) for x in self.constants]
        formula = self.formula
        names = dict(zip((*formula.parameters, *formula.constants), at, strict=True))
        return is_finite(formula.graph, formula.output, names)

    def _evaluate(self, quantity: FormulaQuantity, a: ArrayLike, b: ArrayLike) -> tuple[Array, ...]:
        if is_too_much(self.rows, a, b):
            evaluate = partial(self._evaluate_at_once, quantity)
            found = in_blocks(evaluate, self.rows, a, b)
            return found if isinstance(found, tuple) else (found,)
        return self._evaluate_at_once(quantity, a, b)

    def _evaluate_at_once(
        self, quantity: FormulaQuantity, a: ArrayLike, b: ArrayLike
    ) -> tuple[Array, ...]:
        if self.cancelled():
            raise Cancelled
        # [()] makes a scalar of an array without dimensions, which costs NumPy five times as much.
        a, b = np.asarray(a, np.float64)[()], np.asarray(b, np.float64)[()]
        shape = a.shape if a.shape == b.shape else np.broadcast_shapes(a.shape, b.shape)
        function = self.formula.compiled(quantity, NUMPY)
        if self.data is not None:
            a, b = a[..., None], b[..., None]
        with np.errstate(all="ignore"):
            results = function(a, b, *self.arguments())
        if not isinstance(results, tuple):
            results = (results,)
        if self.data is not None:
            results = tuple(map(_over_rows, results))
        return tuple([_filling(shape, np.asarray(result, np.float64)) for result in results])

    # -- as a method sees it

    @property
    def no_tangent(self) -> str:
        """Nothing: each operation of a formula carries one."""
        return ""

    @property
    def no_batch(self) -> str:
        """That there is no data, if so."""
        return "" if self.data else "there is no data"

    def counted(
        self, quantity: Quantity, arithmetic: Arithmetic, tally: list[int], kind: int
    ) -> Callable[..., Any]:
        """Return the generated function, with the rest of its arguments as defaults.

        ``functools.partial`` would do, at the price of a twentieth of a step of descent. Python's
        floats raise where IEEE 754 gives inf or nan: that rare call is repeated on NumPy.
        """
        if quantity in ("tangent", "batch gradient"):
            return self._counted_slope(quantity, arithmetic, tally, kind)
        backend = self._backend(quantity, arithmetic)
        of_formula = _without_complex(quantity)
        has_creases = quantity == "gradient" and not self.is_smooth
        may_be_none = quantity == "gradient" and bool(self.formula.partial_nodes)
        is_looked_at = not has_creases and (may_be_none or self.formula.may_lose_slopes)
        is_looked_at &= quantity in ("gradient", "complex value")
        is_single = not (arithmetic.arrays or self.data)
        if has_creases and backend is not MATH:
            of_formula = "creases"
        elif may_be_none and not is_single:
            of_formula = "gradient and value"
        function = self.formula.compiled(
            of_formula, backend, counted=True,
            unless_nan=is_looked_at and is_single and backend in (NUMPY, NUMPY_COMPLEX),
        )  # fmt: skip
        arguments = self.arguments(float if backend is MATH else arithmetic.ieee)
        f, past = self._value_in(arithmetic), complex_from_real(self.values, self.gradients)
        creases = self._creases
        closer = closer_gradient(f, creases.taken, arithmetic.real)
        again: Mapping[Quantity, Callable[[Any, Any], Any]] = {
            "value": self.value,
            "gradient": creases.taken if backend is MATH else closer,
            "hessian": self.hessian,
            "complex value": past,
        }
        defaults = (*arguments, tally, kind, again[quantity])
        code, namespace = function.__code__, function.__globals__
        bound = FunctionType(code, namespace, function.__name__, defaults)

        def uncount(calls: int) -> None:
            tally[0] -= calls * kind

        call: Callable[..., Any] = bound
        if self.data is not None:
            call = by_rows(bound, arithmetic, self.rows, self.cancelled, uncount)
        call = self._without_literals(call, quantity, arithmetic)
        if of_formula == "creases":
            return creases.beside(call, arithmetic)
        if not is_looked_at or is_single:
            return call
        if quantity == "complex value":
            return known_complex(call, past)
        if not arithmetic.arrays:
            return known_gradient(call, closer)
        return known_gradients(call, f, partial(creases.closer, is_one_taken=True))

    def _without_literals(
        self, call: Callable[..., Any], quantity: Quantity, arithmetic: Arithmetic
    ) -> Callable[..., Any]:
        """Return a gradient whose components are float32, if those of the arithmetic are."""
        graph, nodes = self.formula.graph, self.formula.nodes("gradient")
        is_exact = quantity != "gradient" or arithmetic.precision == "float64"
        if is_exact or all(graph[i].operation != "number" for i in nodes):
            return call
        return of_numbers(call, arithmetic.ieee)

    def _counted_slope(
        self, quantity: Quantity, arithmetic: Arithmetic, tally: list[int], kind: int
    ) -> Callable[..., Any]:
        """Return what takes more than a point."""

        def count(times: int) -> None:
            tally[0] += times * kind

        is_float = arithmetic.on_floats and self.data is None
        arguments = self.arguments(float if is_float else arithmetic.ieee)
        if quantity == "tangent":
            gradient = self.counted("gradient", arithmetic, [0], 0)
            return counted_tangent(self.formula, arguments, arithmetic, gradient, count)
        assert self.data is not None
        constants = arguments[: len(self.constants)]
        return counted_batch_gradient(self.formula, self.data.arrays, constants, arithmetic, count)

    def _value_in(self, arithmetic: Arithmetic) -> Callable[[Any, Any], Any]:
        """Return f in an arithmetic of NumPy, which is not counted."""
        value, arguments = self.formula.compiled("value", NUMPY), self.arguments(arithmetic.ieee)

        def call(a: Any, b: Any) -> Any:
            return value(a, b, *arguments)

        return call if self.data is None else by_rows(call, arithmetic, self.rows, self.cancelled)

    def fused_descent_loop(
        self,
        bind: Callable[..., Any],
        representable: bool,
        options: Options = (),
        is_random: bool = False,
    ) -> FusedLoop | None:
        """Return the generated loop, with the constants' values.

        Parameters
        ----------
        bind, representable, options, is_random
            As of :func:`~gdviz.engine.objectives.generated.fused_descent_loop.fused_descent_loop`.
        """
        if self.data:
            return None
        fused = fused_descent_loop(self.formula, bind, representable, options, is_random)
        return fused and fused._replace(run=partial(fused.run, *self.constants))

    def _backend(self, quantity: Quantity, arithmetic: Arithmetic) -> Backend:
        is_complex = quantity == "complex value"
        if arithmetic.arrays or self.data is not None:
            return NUMPY_COMPLEX_ARRAYS if is_complex else NUMPY
        if arithmetic.on_floats:
            return COMPLEX if is_complex else MATH
        return NUMPY_COMPLEX if is_complex else NUMPY


def _without_complex(quantity: Quantity) -> FormulaQuantity:
    """Return what of the formula a quantity takes, or the nearest to it."""
    match quantity:
        case "complex value":
            return "value"
        case "tangent" | "batch gradient":
            return "gradient"
    return quantity


def _over_rows(result: Any) -> Any:
    """Take away the axis of the rows, along which nothing is left; a bare number has none."""
    return result[..., 0] if np.ndim(result) else result


def _filling(shape: tuple[int, ...], result: Array) -> Array:
    """Broadcast a result that does not depend on both parameters, and so has fewer dimensions."""
    return result if result.shape == shape else np.broadcast_to(result, shape)
