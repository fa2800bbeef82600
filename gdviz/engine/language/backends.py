"""What the operations mean on floats, on NumPy arrays and scalars, and on complex numbers.

Generated code (:mod:`gdviz.engine.language.compiler`) is text from templates plus a namespace of
functions; a :class:`Backend` is such a pair. There are five: Python floats (fast; raises where
IEEE 754 gives inf or nan), NumPy (arrays, and scalars of either precision; never raises), and for
the complex step complex numbers of both kinds, and arrays of them.
"""

import cmath
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any, Literal

import numpy as np

from gdviz.engine.language.operations import OPERATIONS, Operation

#: Operations written in line: those with a symbol that is Python's, and means the same there.
_TEMPLATES: Mapping[str, str] = {
    row.name: row.symbol + "{0}" if row.arity == 1 else f"{{0}} {row.symbol} {{1}}"
    for row in OPERATIONS.values()
    if row.symbol and row.on_floats is None and not row.is_internal
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
    wrap : str
        The function, if any, that makes a literal a number that does not raise.
    complement : str
        How 1 − σ(t) is generated from E = e^(−t), which σ(t) = 1/(1 + E) has as well: as a
        "product" E·σ(t), where the kind of number raises if E overflows, or as a "quotient"
        1/(1 + 1/E). By default it is σ(−t), and no function shares its exp with its derivative.
    """

    name: str
    functions: Mapping[str, Callable[..., Any]]
    wrap: str = ""
    complement: Literal["", "product", "quotient"] = ""

    def expression(self, operation: str, arguments: Sequence[str], exponent: float | None) -> str:
        """Return the code of one operation.

        Parameters
        ----------
        operation : str
            Its name.
        arguments : sequence of str
            The code of its arguments.
        exponent : float or None
            The last argument, where that is a literal.
        """
        if operation == "pow" and exponent is not None and exponent in SMALL_POWERS:
            return SMALL_POWERS[exponent].format(arguments[0])
        if self.complement == "product" and (in_line := OPERATIONS[operation].in_line):
            return in_line.format(*arguments)
        if operation in _TEMPLATES:
            return _TEMPLATES[operation].format(*arguments)
        return f"{operation}({', '.join(arguments)})"

    def evaluate(self, operation: str, arguments: Sequence[Any]) -> Any:
        """Apply one operation to numbers of this kind."""
        function = self.functions.get(operation) or OPERATIONS[operation].function
        assert function is not None
        return function(*arguments)


def _functions(
    choose: Callable[[Operation], Callable[..., Any] | None], module: ModuleType
) -> dict[str, Callable[..., Any]]:
    """Return the functions of a backend: those of a column, and else the module's by name."""
    return {
        row.name: choose(row) or row.function or getattr(module, row.name)
        for row in OPERATIONS.values()
        if row.name not in _TEMPLATES and (module is np or not row.is_over_rows)
    }


def _complex_functions(
    module: ModuleType, **others: Callable[..., Any]
) -> dict[str, Callable[..., Any]]:
    """Return the functions of complex numbers, by the module that has exp and log."""
    names = SimpleNamespace(**{**vars(module), **others})
    return _functions(lambda row: row.on_complex and row.on_complex(names), module)


def _choose(condition: Any, one: Any, other: Any) -> Any:
    return one if condition else other


#: Python floats: the descent loop. Raises ArithmeticError or ValueError in place of inf and nan.
MATH = Backend("math", _functions(lambda row: row.on_floats, math), complement="product")
#: NumPy arrays, and NumPy scalars of either precision. Call under ``np.errstate(all="ignore")``.
NUMPY = Backend(
    "numpy",
    {**_functions(lambda row: row.on_arrays, np), "float64": np.float64},
    wrap="float64",
    complement="quotient",
)
_SINGLE: Mapping[str, Callable[..., Any]] = {"where": _choose, "any": bool}
COMPLEX = Backend("complex", _complex_functions(cmath, **_SINGLE))
NUMPY_COMPLEX, NUMPY_COMPLEX_ARRAYS = (
    Backend(
        name, {**_complex_functions(np, **others), "complex128": np.complex128}, wrap="complex128"
    )
    for name, others in (("numpy complex", _SINGLE), ("numpy complex arrays", {}))
)
