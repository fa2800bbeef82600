"""The language's operations and functions: one table, with all that the program knows of each.

To add a function to the language, add a row. Where Python's math and cmath modules, NumPy, Arb and
SymPy know it by its name, only its derivative has to be given; what computes it in more than a line
is in :mod:`~gdviz.engine.language.implementations`.

Kinks take the conventions of the common machine-learning frameworks: relu'(0) = 0,
abs'(0) = 0, and max and min share the derivative equally where their arguments are equal.
A descent takes them where the function as a whole has no derivative
(:mod:`gdviz.engine.objectives.slopes.one_sided_derivatives`).
"""

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from gdviz.engine.language.implementations import (
    OF_POWER,
    Domain,
    defined_where,
    gate_of_arrays,
    is_positive,
    mask_of_arrays,
    power_of_complex,
    sigmoid_of_array,
    sigmoid_of_complex,
    slope_of_tanh,
    slope_of_tanh_of_array,
    softplus_of_complex,
    where_known,
)


@dataclass(frozen=True, slots=True)
class Operation:
    r"""An operation or a function of the language.

    Parameters
    ----------
    name : str
        As a person writes a function; the name of an operation that is written with a symbol.
    derivatives : tuple of str
        By argument, in the formula language: ``u`` and ``v`` are the arguments, ``w`` is the value.
    about : str
        What it is, in a few words, where its name does not say it.
    symbol : str
        What is written between its arguments, or before the only one; empty for a function.
    binding : int
        How tightly its symbol binds.
    sign : str
        What people read for it on a line; by default its symbol or its name.
    latex : str or None
        What it is in LaTeX: a name to write before the arguments, or a text with ``%s`` for them.
        By default its name, upright; None where SymPy knows best.
    singular : {"", "kink", "jump", "root"}
        What it has where its argument is 0 or its two arguments are equal: a kink, a jump, or a
        derivative without bounds. Kinks and jumps are counted as a comparison.
    made_of : str
        What it is in terms of other functions of ``u`` and ``v``, as which it is counted; empty for
        what is counted by its name.
    slope_made_of : str
        As what the function that is its derivative is counted beside it, where that shares more.
    is_commutative : bool
        Whether its arguments can be exchanged.
    is_variadic : bool
        Whether a person may write more than two arguments; it is folded from the left.
    is_over_rows : bool
        Whether its argument is a number for each row of the data, and its value a single one.
    is_internal : bool
        Whether nobody writes it: derivatives and generated code have it.
    in_line : str
        What it is in the text of generated code on floats, where that is no call.
    function : callable, optional
        What computes it on any kind of number, SymPy's expressions included.
    on_floats : callable, optional
        What computes it on Python's floats, which may raise where IEEE 754 gives inf or nan. By
        default `function`, or else what has its name in ``math``.
    on_arrays : callable, optional
        What computes it on NumPy's arrays and numbers; by default likewise, of NumPy.
    on_complex : callable, optional
        Makes of a module with the mathematical functions, ``where`` and ``any`` what computes it on
        complex numbers near the real axis; by default likewise, of this module. Where there is a
        kink, the real part chooses the branch, and the imaginary one where that is zero: that is
        the continuation whose imaginary part is the
        derivative (Martins, Sturdza and Alonso, 2003).
    on_balls : callable, optional
        What computes it on Arb's balls; by default likewise, their method.
    on_javascript : str
        What it is in the text of JavaScript; by default its symbol, or ``Math``'s function of its
        name.
    domain : Domain, optional
        For which arguments there is a value; by default for all.
    """

    name: str
    derivatives: tuple[str, ...]
    _: KW_ONLY
    about: str = ""
    symbol: str = ""
    binding: int = 0
    sign: str = ""
    latex: str | None = ""
    singular: Literal["", "kink", "jump", "root"] = ""
    made_of: str = ""
    slope_made_of: str = ""
    is_commutative: bool = False
    is_variadic: bool = False
    is_over_rows: bool = False
    is_internal: bool = False
    in_line: str = ""
    on_javascript: str = ""
    function: Callable[..., Any] | None = None
    on_floats: Callable[..., Any] | None = None
    on_arrays: Callable[..., Any] | None = None
    on_complex: Callable[..., Any] | None = None
    on_balls: Callable[..., Any] | None = None
    domain: Domain | None = None

    @property
    def read_as(self) -> str:
        """The sign that stands for it in a formula on one line, or its name where it has none."""
        return self.sign or self.symbol or self.name

    @property
    def arity(self) -> int:
        """How many arguments it has."""
        return len(self.derivatives)


_TABLE = (
    Operation(
        "add",
        ("1", "1"),
        symbol="+",
        binding=1,
        is_commutative=True,
        function=operator.add,
    ),
    Operation(
        "sub",
        ("1", "-1"),
        symbol="-",
        binding=1,
        sign="−",
        function=operator.sub,
    ),
    Operation(
        "mul",
        ("v", "u"),
        symbol="*",
        binding=2,
        sign="×",
        is_commutative=True,
        function=operator.mul,
    ),
    Operation(
        "div",
        ("1/v", "-w/v"),
        symbol="/",
        binding=2,
        sign="÷",
        function=operator.truediv,
        domain=defined_where("≠ 0", 1),
    ),
    Operation(
        "neg",
        ("-1",),
        symbol="-",
        binding=3,
        sign="−",
        function=operator.neg,
    ),
    Operation(
        "pow",
        ("v*u^(v - 1)", "w*log(u)"),
        symbol="^",
        binding=4,
        function=operator.pow,
        on_floats=math.pow,
        on_arrays=np.power,
        on_complex=power_of_complex,
        domain=OF_POWER,
    ),
    Operation("exp", ("w",), latex=None),
    Operation(
        "log",
        ("1/u",),
        about="natural logarithm",
        latex=r"\log",
        domain=defined_where("> 0"),
    ),
    Operation(
        "log10",
        ("1/(u*log(10))",),
        about="logarithm to base 10",
        latex=r"\log_{10}",
        made_of="log(u)/log(10)",
        on_complex=lambda m: lambda t: m.log(t) / math.log(10.0),
        on_balls=lambda t: t.log_base(10),
        domain=defined_where("> 0"),
    ),
    Operation(
        "sqrt",
        ("1/(2*w)",),
        about="square root",
        latex=None,
        singular="root",
        domain=defined_where("≥ 0"),
    ),
    Operation(
        "abs",
        ("sign(u)",),
        latex=r"\left|{%s}\right|",
        singular="kink",
        function=abs,
        on_complex=lambda m: lambda t: m.where(is_positive(t), t, -t),
    ),
    Operation(
        "sign",
        ("0",),
        about="−1, 0 or 1",
        latex=r"\mathrm{sgn}",
        singular="jump",
        on_floats=lambda t: math.copysign(1.0, t) if t else 0.0,
        on_complex=lambda _: lambda t: t * 0.0 + is_positive(t) - is_positive(-t),
        on_balls=lambda t: t.sgn(),
    ),
    Operation("sin", ("cos(u)",), latex=r"\sin"),
    Operation("cos", ("-sin(u)",), latex=r"\cos"),
    Operation("tan", ("1 + w^2",), latex=r"\tan"),
    Operation(
        "asin",
        ("1/sqrt(1 - u^2)",),
        latex=r"\arcsin",
        domain=defined_where("≤ 1"),
    ),
    Operation(
        "acos",
        ("-1/sqrt(1 - u^2)",),
        latex=r"\arccos",
        domain=defined_where("≤ 1"),
    ),
    Operation("atan", ("1/(1 + u^2)",), latex=r"\arctan"),
    Operation("sinh", ("cosh(u)",), latex=r"\sinh", made_of="(exp(u) - 1/exp(u))/2"),
    Operation("cosh", ("sinh(u)",), latex=r"\cosh", made_of="(exp(u) + 1/exp(u))/2"),
    Operation(
        "tanh",
        ("1 - w^2",),
        latex=r"\tanh",
        made_of="1 - 2/(1 + exp(2*u))",
    ),
    Operation(
        "sigmoid",
        ("w*(1 - w)",),
        about="1/(1 + exp(−t))",
        sign="σ",
        latex=r"\sigma",
        made_of="1/(1 + exp(-u))",
        # exp(−t) overflows for t < −709, and the call is repeated on NumPy, where that gives 0.
        on_floats=lambda t: 1.0 / (1.0 + math.exp(-t)),
        on_javascript="1.0 / (1.0 + Math.exp(-{0}))",
        on_arrays=sigmoid_of_array,
        on_complex=sigmoid_of_complex,
        on_balls=lambda t: 1 / (1 + (-t).exp()),
    ),
    Operation(
        "softplus",
        ("sigmoid(u)",),
        about="log(1 + exp(t))",
        made_of="log(1 + exp(u))",
        slope_made_of="exp(u)/(1 + exp(u))",
        on_floats=lambda t: max(t, 0.0) + math.log1p(math.exp(-abs(t))),
        on_javascript="Math.max({0}, 0.0) + Math.log1p(Math.exp(-Math.abs({0})))",
        on_arrays=lambda t: np.maximum(t, t.dtype.type(0)) + np.log1p(np.exp(-np.abs(t))),
        on_complex=softplus_of_complex,
        on_balls=lambda t: t.max(0) + (-abs(t)).exp().log1p(),
    ),
    Operation(
        "relu",
        ("step(u)",),
        about="max(t, 0)",
        singular="kink",
        on_floats=lambda t: max(t, 0.0),
        on_javascript="Math.max({0}, 0.0)",
        on_arrays=lambda t: np.maximum(t, t.dtype.type(0)),
        on_complex=lambda m: lambda t: m.where(is_positive(t), t, t * 0.0),
        on_balls=lambda t: t.max(0),
    ),
    Operation(
        "step",
        ("0",),
        about="1 where t > 0, else 0",
        singular="jump",
        on_floats=lambda t: 1.0 if t > 0.0 else 0.0,
        on_javascript="({0} > 0.0 ? 1.0 : 0.0)",
        on_arrays=lambda t: np.heaviside(t, t.dtype.type(0)),
        on_complex=lambda _: lambda t: t * 0.0 + is_positive(t),
        on_balls=lambda t: 0 * t if t <= 0 else (1 + t.sgn()) / 2,
    ),
    Operation(
        "max",
        ("heaviside(u - v)", "heaviside(v - u)"),
        about="the largest",
        latex=r"\max",
        singular="kink",
        is_commutative=True,
        is_variadic=True,
        on_floats=max,
        on_arrays=np.maximum,
        on_complex=lambda m: lambda u, v: m.where(is_positive(u - v), u, v),
    ),
    Operation(
        "min",
        ("heaviside(v - u)", "heaviside(u - v)"),
        about="the smallest",
        latex=r"\min",
        singular="kink",
        is_commutative=True,
        is_variadic=True,
        on_floats=min,
        on_arrays=np.minimum,
        on_complex=lambda m: lambda u, v: m.where(is_positive(v - u), u, v),
    ),
    Operation(
        "heaviside",
        ("0",),
        about="the same, ½ where t = 0",
        sign="H",
        latex="H",
        singular="jump",
        on_floats=lambda t: (t > 0.0) * 0.5 + (t >= 0.0) * 0.5,
        on_javascript="(({0} > 0.0) * 0.5 + ({0} >= 0.0) * 0.5)",
        on_arrays=lambda t: np.heaviside(t, t.dtype.type(0.5)),
        # Twice plus and minus, because a sum of two of NumPy's comparisons is their "or".
        on_complex=lambda _: lambda t: (t * 0.0 + 1 + is_positive(t) - is_positive(-t)) * 0.5,
        on_balls=lambda t: (1 + t.sgn()) / 2,
    ),
    Operation(
        "sum",
        ("1",),
        sign="Σ",
        latex=r"\sum_{i} \left(%s\right)",
        is_over_rows=True,
        # The rows of the data are the last axis; it stays, with one element.
        on_arrays=lambda t: t.sum(axis=-1, keepdims=True),
        on_complex=lambda _: lambda t: t.sum(axis=-1, keepdims=True),
        on_balls=lambda rows: rows.sum(),
    ),
)

# Products in a derivative, by the chain rule. Where relu or max are flat, what comes to them or
# from them is multiplied by 0, and that is 0, be it finite or not: where the first one's zero is
# meant,
_MASK = Operation(
    "mask",
    ("v", "u"),
    symbol="*",
    binding=2,
    sign="×",
    made_of="u*v",
    in_line="({0} and {0}*{1})",
    on_javascript="({0} === 0.0 ? 0.0 : {0} * {1})",
    function=operator.mul,
    on_arrays=mask_of_arrays,
    on_balls=lambda u, v: u if u == 0 else u * v,
)
# and where that of either is.
_GATE = replace(
    _MASK,
    name="gate",
    in_line="({0} and {1} and {0}*{1})",
    on_javascript="({0} === 0.0 || {1} === 0.0 ? 0.0 : {0} * {1})",
    is_commutative=True,
    on_arrays=gate_of_arrays,
    on_balls=lambda u, v: v if v == 0 else u if u == 0 else u * v,
)

#: What nobody writes.
_INTERNAL = (
    _MASK,
    _GATE,
    # The rest is in generated code alone, and never differentiated. u, where v has a value:
    Operation("where_known", ("0", "0"), function=lambda u, _: u, on_arrays=where_known),
    # 1 − w², where w = tanh(u):
    Operation(
        "tanh_slope",
        ("0", "0"),
        in_line="(1.0 - {1}*{1} if -0.75 < {1} < 0.75 else tanh_slope({0}, {1}))",
        on_javascript="tanhSlope({0}, {1})",
        function=slope_of_tanh,
        on_arrays=slope_of_tanh_of_array,
    ),
    # softplus(u), where v = exp(−u):
    Operation(
        "softplus_of",
        ("0", "0"),
        function=lambda t, e: t + math.log1p(e) if t > 0.0 else math.log1p(1.0 / e),
        on_javascript="({0} > 0.0 ? {0} + Math.log1p({1}) : Math.log1p(1.0 / {1}))",
        on_arrays=lambda t, e: np.maximum(t, t.dtype.type(0)) + np.log1p(np.minimum(e, 1.0 / e)),
    ),
)

#: The table by name.
OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {row.name: row for row in (*_TABLE, *(replace(row, is_internal=True) for row in _INTERNAL))}
)
#: Those that a person writes as a function of numbers.
FUNCTIONS: Mapping[str, Operation] = MappingProxyType(
    {row.name: row for row in _TABLE if not (row.symbol or row.is_over_rows)}
)
#: Those with a kink, a jump, either, and a derivative without bounds, where a node is zero that
#: :meth:`gdviz.engine.language.graph.Graph.zero_of` tells.
KINKED, JUMPING, ROOTS = (
    frozenset(row.name for row in _TABLE if row.singular == kind)
    for kind in ("kink", "jump", "root")
)
BRANCHING = KINKED | JUMPING
#: Those that have no value for some arguments.
PARTIAL = frozenset(row.name for row in _TABLE if row.domain)
#: Those whose derivative may be infinite, or finite where an argument is infinite.
LOSING = (BRANCHING - {"abs"} | ROOTS | PARTIAL - {"pow"}) | {"exp", "tanh", "sigmoid", "atan"}
#: Functions over the rows of the data, and what they are: a mean is a sum divided by :data:`ROWS`.
AGGREGATES: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("sum", "mean"), "over the rows of the data")
)
#: The name of the number of rows, in formulas over data.
ROWS = "n"
