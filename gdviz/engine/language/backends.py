"""What the operations mean on floats, on NumPy arrays and scalars, and on complex numbers.

Generated code (:mod:`gdviz.engine.language.compiler`) is text from a table of templates plus a
namespace of functions; a :class:`Backend` is such a pair. There are five: Python floats (fast;
raises where IEEE 754 gives inf or nan), NumPy (arrays, and scalars of either precision; never
raises), and for the complex step complex numbers of both kinds, and arrays of them.
"""

import cmath
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np

_TEMPLATES: Mapping[str, str] = {
    "add": "{0} + {1}",
    "sub": "{0} - {1}",
    "mul": "{0}*{1}",
    "div": "{0}/{1}",
    "neg": "-{0}",
}
#: Small powers as products: several times faster than a general power, and as accurate.
SMALL_POWERS: Mapping[float, str] = {
    2.0: "{0}*{0}",
    3.0: "{0}*{0}*{0}",
    4.0: "(s := {0}*{0})*s",
    5.0: "(s := {0}*{0})*s*{0}",
    6.0: "(s := {0}*{0})*s*s",
}


@dataclass(frozen=True, eq=False)
class Backend:
    """A kind of number to generate code for.

    Parameters
    ----------
    name : str
        For messages and for the generated code's file name.
    functions : mapping
        The namespace of the generated code: every operation without a template, by name.
    templates : mapping
        Operations written in line.
    wrap : str
        The function, if any, that makes a literal a number that does not raise.
    shares_exp : bool
        Whether σ(t) is generated as 1/(1 + e^(−t)), so that 1 − σ(t) can use the same exp. The
        kind of number must raise where that overflows.
    """

    name: str
    functions: Mapping[str, Callable[..., Any]]
    templates: Mapping[str, str] = field(default_factory=lambda: _TEMPLATES)
    wrap: str = ""
    shares_exp: bool = False

    def expression(self, operation: str, arguments: Sequence[str], exponent: float | None) -> str:
        """Return the code of one operation; `exponent` is a power's, where it is a literal."""
        if operation == "pow" and exponent is not None and exponent in SMALL_POWERS:
            return SMALL_POWERS[exponent].format(arguments[0])
        if operation in self.templates:
            return self.templates[operation].format(*arguments)
        return f"{operation}({', '.join(arguments)})"

    def evaluate(self, operation: str, arguments: Sequence[Any]) -> Any:
        """Apply one operation to numbers of this kind."""
        if operation in self.functions:
            return self.functions[operation](*arguments)
        return _OPERATORS[operation](*arguments)


_OPERATORS: Mapping[str, Callable[..., Any]] = {
    "add": lambda u, v: u + v,
    "sub": lambda u, v: u - v,
    "mul": lambda u, v: u * v,
    "div": lambda u, v: u / v,
    "neg": lambda u: -u,
}


#: Python floats: the descent loop. Raises ArithmeticError or ValueError in place of inf and nan.
MATH = Backend(
    "math",
    {
        "pow": math.pow,
        "exp": math.exp,
        "log": math.log,
        "log10": math.log10,
        "sqrt": math.sqrt,
        "abs": abs,
        "sign": lambda t: math.copysign(1.0, t) if t else 0.0,
        "sin": math.sin,
        "cos": math.cos,
        "tan": math.tan,
        "asin": math.asin,
        "acos": math.acos,
        "atan": math.atan,
        "sinh": math.sinh,
        "cosh": math.cosh,
        "tanh": math.tanh,
        # exp(−t) overflows for t < −709, and the call is repeated on NumPy, where that gives 0.
        "sigmoid": lambda t: 1.0 / (1.0 + math.exp(-t)),
        "softplus": lambda t: max(t, 0.0) + math.log1p(math.exp(-abs(t))),
        "relu": lambda t: max(t, 0.0),
        "step": lambda t: 1.0 if t > 0.0 else 0.0,
        "max": max,
        "min": min,
        "heaviside": lambda t: (t > 0.0) * 0.5 + (t >= 0.0) * 0.5,
    },
    shares_exp=True,
)


def _numpy_sigmoid(t: Any) -> Any:
    # exp(−t) overflows to inf for t < −709, and 1/inf = 0 is σ(t) there to within 1e-308.
    # scipy.special.expit is the same function; importing it costs 0.13 s before the first frame.
    return 1.0 / (1.0 + np.exp(-t))


def _row_sum(t: Any) -> Any:
    # The rows of the data are the last axis; it stays, with one element.
    return t.sum(axis=-1, keepdims=True)


#: NumPy arrays, and NumPy scalars of either precision. Call under ``np.errstate(all="ignore")``.
NUMPY = Backend(
    "numpy",
    {
        "float64": np.float64,
        "pow": np.power,
        "exp": np.exp,
        "log": np.log,
        "log10": np.log10,
        "sqrt": np.sqrt,
        "abs": np.abs,
        "sign": np.sign,
        "sin": np.sin,
        "cos": np.cos,
        "tan": np.tan,
        "asin": np.arcsin,
        "acos": np.arccos,
        "atan": np.arctan,
        "sinh": np.sinh,
        "cosh": np.cosh,
        "tanh": np.tanh,
        "sigmoid": _numpy_sigmoid,
        "softplus": lambda t: np.logaddexp(t, t.dtype.type(0)),
        "relu": lambda t: np.maximum(t, t.dtype.type(0)),
        "step": lambda t: np.heaviside(t, t.dtype.type(0)),
        "max": np.maximum,
        "min": np.minimum,
        "heaviside": lambda t: np.heaviside(t, t.dtype.type(0.5)),
        "sum": _row_sum,
    },
    wrap="float64",
)


def _complex_functions(module: ModuleType) -> Mapping[str, Callable[..., Any]]:
    """Return the functions continued to complex numbers near the real axis.

    Where a function has a kink, its branch is chosen by the real part: that is the
    continuation whose imaginary part is the derivative (Martins, Sturdza and Alonso, 2003).
    """
    numpy = module is np

    def power(u: Any, v: Any) -> Any:
        # A negative base on the polar branch would lose a tiny imaginary part to π.
        if u.real < 0 and v.imag == 0 and v.real == math.floor(v.real):
            return (-1.0) ** (v.real % 2) * (-u) ** v
        return u**v

    def sigmoid(t: Any) -> Any:
        if t.real >= 0:
            return 1.0 / (1.0 + module.exp(-t))
        power = module.exp(t)
        return power / (1.0 + power)

    def softplus(t: Any) -> Any:
        if t.real >= 0:
            return t + module.log(1.0 + module.exp(-t))
        return module.log(1.0 + module.exp(t))

    return {
        "pow": power,
        "exp": module.exp,
        "log": module.log,
        "log10": lambda t: module.log(t) / math.log(10.0),
        "sqrt": module.sqrt,
        "abs": lambda t: t if t.real >= 0 else -t,
        "sign": lambda t: t * 0.0 + (t.real > 0) - (t.real < 0),
        "sin": module.sin,
        "cos": module.cos,
        "tan": module.tan,
        "asin": module.arcsin if numpy else module.asin,
        "acos": module.arccos if numpy else module.acos,
        "atan": module.arctan if numpy else module.atan,
        "sinh": module.sinh,
        "cosh": module.cosh,
        "tanh": module.tanh,
        "sigmoid": sigmoid,
        "softplus": softplus,
        "relu": lambda t: t if t.real > 0 else t * 0.0,
        "step": lambda t: t * 0.0 + (t.real > 0),
        "max": lambda u, v: u if u.real >= v.real else v,
        "min": lambda u, v: u if u.real <= v.real else v,
        # Not a sum of comparisons: of NumPy's booleans that is their "or".
        "heaviside": lambda t: t * 0.0 + (0.5 if t.real == 0 else float(t.real > 0)),
    }


COMPLEX = Backend("complex", _complex_functions(cmath))
NUMPY_COMPLEX = Backend(
    "numpy complex", {**_complex_functions(np), "complex128": np.complex128}, wrap="complex128"
)


def _complex_array_functions() -> Mapping[str, Callable[..., Any]]:
    """Return the same on arrays, where each element takes a branch of its own.

    The arithmetic of an element is that of the scalar functions, so that the numbers are equal.
    """

    def power(u: Any, v: Any) -> Any:
        whole = (u.real < 0) & (v.imag == 0) & (v.real == np.floor(v.real))
        return np.where(whole, (-1.0) ** (v.real % 2) * (-u) ** v, u**v)

    def sigmoid(t: Any) -> Any:
        positive = t.real >= 0
        power = np.exp(np.where(positive, -t, t))
        return np.where(positive, 1.0, power) / (1.0 + power)

    def softplus(t: Any) -> Any:
        positive = t.real >= 0
        rest = np.log(1.0 + np.exp(np.where(positive, -t, t)))
        return np.where(positive, t + rest, rest)

    return {
        **_complex_functions(np),
        "pow": power,
        "abs": lambda t: np.where(t.real >= 0, t, -t),
        "sigmoid": sigmoid,
        "softplus": softplus,
        "relu": lambda t: np.where(t.real > 0, t, t * 0.0),
        "max": lambda u, v: np.where(u.real >= v.real, u, v),
        "min": lambda u, v: np.where(u.real <= v.real, u, v),
        "heaviside": lambda t: t * 0.0 + np.heaviside(t.real, t.real.dtype.type(0.5)),
        "sum": _row_sum,
    }


NUMPY_COMPLEX_ARRAYS = Backend(
    "numpy complex arrays",
    {**_complex_array_functions(), "complex128": np.complex128},
    wrap="complex128",
)
