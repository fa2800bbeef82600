"""Gradient descent as one generated loop, with the estimate and the formula in line.

On a small formula half of a step's time goes into calls: of the estimate, of f, of the update. Here
the estimate is run once on symbols, which write down what is done to them, and f is written in line
wherever it is asked for; the numbers are the same to the last bit. What a random estimate draws
comes into the loop beside α. The loop ends before the first step that is not an ordinary one: it
raises, begins at a kink, or the path may end there. Such steps are left to
:mod:`gdviz.engine.descent.loop`.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

from gdviz.engine.language.backends import MATH
from gdviz.engine.language.compiler import compiled, guarded_body, indented
from gdviz.engine.language.formula import Formula, Quantity
from gdviz.engine.objectives.counting import GRADIENT, VALUE
from gdviz.engine.objectives.quantities import FusedLoop, Options

#: Nodes of f from which on calls do not matter, and the text would be long.
_LONG = 60
#: Lines of a step from which on no more is written, as of an estimate of many values.
_LONGEST = 400


def fused_descent_loop(
    formula: Formula,
    bind: Callable[..., Any],
    representable: bool,
    options: Options = (),
    is_random: bool = False,
) -> FusedLoop | None:
    """Return gradient descent on a formula by an estimate, on Python's floats.

    Parameters
    ----------
    formula : Formula
        A formula that is not over data. Its other arguments are the first of the function.
    bind : callable
        The estimate's.
    representable : bool
        As `bind` takes it.
    options : tuple of (str, float), optional
        The estimate's.
    is_random : bool, default False
        Whether `bind` takes draws as well.

    Returns
    -------
    FusedLoop or None
        None where the formula is long, or the estimate takes more than + − × ÷, f and ∇f; and
        the first time: on a formula that is being typed there is one descent, which takes less
        than generating the code.
    """
    if not next(_asked(formula, bind, options)):
        return None
    return _generated(formula, bind, representable, options, is_random)


@lru_cache(maxsize=256)
def _asked(_formula: Formula, _bind: Callable[..., Any], _options: Options) -> Iterator[int]:
    return count()


@lru_cache(maxsize=64)
def _generated(
    formula: Formula,
    bind: Callable[..., Any],
    representable: bool,
    options: Options,
    is_random: bool,
) -> FusedLoop | None:
    if len(formula.graph.reachable(formula.nodes("value"))) > _LONG:
        return None
    f = _Script(formula)
    draws = _DrawnSymbols(f)
    try:
        given = [draws] if is_random else []
        gradient = bind(f, _Symbol(f, "epsilon"), representable, *given, **dict(options))
        before, f.lines = f.lines, []
        g_a, g_b = gradient(*(_Symbol(f, name) for name in "ab"))
        step = [*f.lines, f"g_a, g_b = {_text(g_a)}, {_text(g_b)}"]
    except (AttributeError, TypeError):
        return None
    lines = [
        f"def function({''.join(f'{name}, ' for name in f.arguments)}"
        "points, gradients, steps, epsilon, limits, safe):",
        "    (all_a, all_b), (all_g_a, all_g_b) = points, gradients",
        "    (a_low, a_high, b_low, b_high), (low, high) = limits, safe",
        "    a, b = all_a[-1], all_b[-1]",
        "    try:",
        *indented(indented(before)),
        f"        for {draws.step} in steps:",
        *indented(indented(indented(step))),
        "            if not low < g_a*g_a + g_b*g_b < high:",
        "                return",
        "            a = a - alpha*g_a",
        "            b = b - alpha*g_b",
        "            if not (a_low <= a <= a_high and b_low <= b <= b_high):",
        "                return",
        "            all_a.append(a)",
        "            all_b.append(b)",
        "            all_g_a.append(g_a)",
        "            all_g_b.append(g_b)",
        "    except raised:",
        "        return",
    ]
    return FusedLoop(compiled(lines, MATH), f.cost, draws.drawn)


class _Script:
    """Passes for the objective while an estimate is written down."""

    real = float

    def __init__(self, formula: Formula) -> None:
        self.lines: list[str] = []
        self.cost = 0
        self._formula = formula
        self._numbers = count()
        self.arguments = [f"p{i}" for i in range(len(formula.arguments))]

    def value(self, a: Any, b: Any) -> "_Symbol":
        """Write down f."""
        return self._in_line("value", VALUE, a, b)[0]

    def gradient(self, a: Any, b: Any) -> list["_Symbol"]:
        """Write down ∇f."""
        return self._in_line("gradient", GRADIENT, a, b)

    def _in_line(self, quantity: Quantity, cost: int, a: Any, b: Any) -> list["_Symbol"]:
        self.cost += cost
        if len(self.lines) > _LONGEST:
            raise TypeError("the text would be long")
        formula, names = self._formula, [_text(a), _text(b), *self.arguments]
        slots = dict(zip((*formula.parameters, *formula.arguments), names, strict=True))
        prefix = f"v{next(self._numbers)}_"  # of this place alone
        nodes = formula.nodes(quantity)
        creases = formula.crease_nodes if quantity == "gradient" else []
        lines, results = guarded_body(
            formula.graph, nodes, slots, MATH, unless=creases,
            besides=formula.besides(quantity) or (), statement="return", prefix=prefix,
        )  # fmt: skip
        self.lines += lines
        return [_Symbol(self, result) for result in results]

    def assigned(self, expression: str) -> "_Symbol":
        """Write down an operation."""
        name = f"t{next(self._numbers)}"
        self.lines.append(f"{name} = {expression}")
        return _Symbol(self, name)


class _DrawnSymbols:
    """Passes for the draws of a path: one iterator, of which a step takes one."""

    def __init__(self, script: _Script) -> None:
        self._script = script
        self.step = "alpha"  # what a step is handed
        self.drawn: Callable[[Any], Iterator[Any]] | None = None

    def signs(self, count: int = 2) -> Iterator[tuple["_Symbol", ...]]:
        """Write down so many signs."""
        return self._named(count, lambda draws: draws.signs(count))

    def normals(self, count: int = 2) -> Iterator[tuple["_Symbol", ...]]:
        """Write down so many normal numbers."""
        return self._named(count, lambda draws: draws.normals(count))

    def axes(self) -> Iterator[tuple["_Symbol", ...]]:
        """Write down a unit vector."""
        return self._named(2, lambda draws: draws.axes())

    def _named(
        self, count: int, drawn: Callable[[Any], Iterator[Any]]
    ) -> Iterator[tuple["_Symbol", ...]]:
        if self.drawn is not None:
            raise TypeError("two kinds of draws cannot be written down")
        names = [f"d{i}" for i in range(count)]
        self.step, self.drawn = f"alpha, ({', '.join(names)})", drawn
        yield tuple(_Symbol(self._script, name) for name in names)
        raise TypeError("a step has one draw")


def _operator(sign: str) -> tuple[Callable[..., "_Symbol"], Callable[..., "_Symbol"]]:
    """Return an operator, and the same with its operands exchanged."""

    def left(symbol: "_Symbol", other: Any) -> "_Symbol":
        return symbol.script.assigned(f"{symbol.text} {sign} {_text(other)}")

    def right(symbol: "_Symbol", other: Any) -> "_Symbol":
        return symbol.script.assigned(f"{_text(other)} {sign} {symbol.text}")

    return left, right


@dataclass(frozen=True, slots=True, eq=False)
class _Symbol:
    """Passes for a number, and writes down what is done to it."""

    script: _Script
    text: str

    __add__, __radd__ = _operator("+")
    __sub__, __rsub__ = _operator("-")
    __mul__, __rmul__ = _operator("*")
    __truediv__, __rtruediv__ = _operator("/")

    def __eq__(self, _other: object = None) -> bool:
        raise TypeError("what depends on a number cannot be written down")

    __bool__ = __eq__


def _text(number: Any) -> str:
    if isinstance(number, _Symbol):
        return number.text
    if isinstance(number, bool) or not isinstance(number, float | int) or not math.isfinite(number):
        raise TypeError(f"{number!r} cannot be written down")
    return f"({float(number) if isinstance(number, float) else number!r})"
