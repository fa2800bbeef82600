"""The language's operations and functions: one table with their derivatives.

A derivative is itself a line of the formula language, in ``u`` (first argument) and ``v``
(second argument). :mod:`gdviz.engine.language.autodiff` needs nothing else, so a new function is
one new row here, its implementations in :mod:`gdviz.engine.language.backends`, and its typesetting
in :mod:`gdviz.engine.language.latex`. The tests check every row against SymPy.

Kinks take the conventions of the common machine-learning frameworks: relu'(0) = 0,
abs'(0) = 0, and max and min share the derivative equally where their arguments are equal.

Data columns hold a number for each row, and what is computed from them does so too, until a sum
over the rows makes one number of it. That is no function of one number, and so it is not in the
table of derivatives: :mod:`gdviz.engine.language.autodiff` knows it.
"""

from collections.abc import Mapping
from types import MappingProxyType

#: Arithmetic, which the grammar writes with signs.
ARITHMETIC: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "add": ("1", "1"),
        "sub": ("1", "-1"),
        "mul": ("v", "u"),
        "div": ("1/v", "-(u/v)/v"),
        "neg": ("-1",),
        "pow": ("v*u^(v - 1)", "u^v*log(u)"),
    }
)

#: Functions a person can write, by name.
FUNCTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "exp": ("exp(u)",),
        "log": ("1/u",),
        "log10": ("1/(u*log(10))",),
        "sqrt": ("1/(2*sqrt(u))",),
        "abs": ("sign(u)",),
        "sign": ("0",),
        "sin": ("cos(u)",),
        "cos": ("-sin(u)",),
        "tan": ("1 + tan(u)^2",),
        "asin": ("1/sqrt(1 - u^2)",),
        "acos": ("-1/sqrt(1 - u^2)",),
        "atan": ("1/(1 + u^2)",),
        "sinh": ("cosh(u)",),
        "cosh": ("sinh(u)",),
        # 1 − tanh² would cancel to zero from |u| ≈ 19 on, and 1/cosh² has derivatives that are
        # nan where cosh² overflows.
        "tanh": ("4*sigmoid(2*u)*sigmoid(-2*u)",),
        "sigmoid": ("sigmoid(u)*(1 - sigmoid(u))",),
        "softplus": ("sigmoid(u)",),
        "relu": ("step(u)",),
        "step": ("0",),
        "max": ("heaviside(u - v)", "heaviside(v - u)"),
        "min": ("heaviside(v - u)", "heaviside(u - v)"),
        "heaviside": ("0",),
    }
)

#: Functions over the rows of the data: sum, and mean, which is a sum divided by :data:`ROWS`.
AGGREGATES = ("sum", "mean")
#: The name of the number of rows, in formulas over data.
ROWS = "n"

#: How a person reads them; the others by their names.
SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "add": "+",
        "sub": "−",
        "mul": "×",
        "div": "÷",
        "neg": "−",
        "pow": "^",
        "sigmoid": "σ",
        "heaviside": "H",
        "sum": "Σ",
    }
)

#: Functions that take two arguments or more, folded from the left.
VARIADIC = frozenset({"max", "min"})

#: Derivatives by operation, arithmetic and functions alike.
DERIVATIVES: Mapping[str, tuple[str, ...]] = MappingProxyType({**ARITHMETIC, **FUNCTIONS})
