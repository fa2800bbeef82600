"""One step's gradient as a computation graph, for each way of taking it that is compared.

A program is both what is counted (:mod:`gdviz.engine.analysis.operation_counts`) and, compiled,
what runs: the two cannot disagree. Nodes are interned, so *reuse* needs no rule of its own: the
shifted values are lowered into the graph of the value itself, and whatever does not depend on the
shifted parameter is there already. Without reuse each value is a copy of the formula with inputs
of its own, which has nothing in common with the others.

Reuse stops at the graph. What needs algebra is not done: e^(−(a+ε)x) = u·e^(−εx) with
u = e^(−ax) kept takes one exp like e^(−(a+ε)x) itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.language.autodiff import tangent
from gdviz.engine.language.backends import MATH, Backend
from gdviz.engine.language.compiler import generate
from gdviz.engine.language.formula import DIRECTION, Formula
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.recognition import lower_recognised

# Names that the formula language cannot hold: ε is "#", and "a#2" is the second copy's a. What is
# drawn begins with "#", too; it is given, as drawing it is no arithmetic of f.
_STEP = "#"


#: Values of options by name, as a key.
Options = tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class GradientProgram:
    """A computation on a graph.

    Attributes
    ----------
    graph : Graph
        The nodes.
    outputs : tuple of int
        The nodes of the results. The last two are the gradient's components, if it is one.
    inputs : tuple of str
        The names in the graph: the compiled function's arguments. See :meth:`arguments`.
    """

    graph: Graph
    outputs: tuple[int, ...]
    inputs: tuple[str, ...]

    def compile(self, backend: Backend = MATH) -> Callable[..., Any]:
        """Return the function of `inputs` that computes `outputs`."""
        return generate(self.graph, self.outputs, self.inputs, backend)

    def arguments(
        self, point: Mapping[str, Any], epsilon: Any, drawn: Mapping[str, Any] = {}
    ) -> list[Any]:
        """Return the compiled function's arguments.

        Parameters
        ----------
        point : mapping of str to number
            The values of a, b and the formula's other arguments.
        epsilon : number
            The difference step ε.
        drawn : mapping of str to number
            What was drawn; by default ones.
        """
        given = {_STEP: epsilon, **drawn}
        bases = ((name, name.partition(_STEP)[0]) for name in self.inputs)
        return [point[base] if base else given.get(name, 1.0) for name, base in bases]


class _Values:
    """The formula's value, at θ and at shifted points, as nodes of one graph."""

    def __init__(self, formula: Formula, reuse: bool) -> None:
        self.graph = Graph()
        self.step = self.graph.name(_STEP)
        self._formula = formula
        self._reuse = reuse
        self._copies = 0
        self.shifted: dict[str, int] = {}  # the nodes of the parameters that were last shifted

    def at(self, parameter: str = "", shift: str = "add", by: int | None = None) -> int:
        """Return the node of f where `parameter`, if any, is shifted by ε up or down.

        Parameters
        ----------
        parameter : str
            What is shifted; empty for nothing.
        shift : {"add", "sub"}
            Which way.
        by : int, optional
            The node of a shift in place of ε.
        """
        by = self.step if by is None else by
        return self.along({parameter: by} if parameter else {}, shift)

    def along(self, shifts: Mapping[str, int], shift: str) -> int:
        """Return the node of f where parameters are shifted, each by a node, up or down."""
        self._copies += 1
        copy = "" if self._reuse else f"{_STEP}{self._copies}"
        names = (*self._formula.arguments, *self._formula.parameters)
        data = self._formula.data
        nodes = {name: self.graph.name(name + copy, varies=name in data) for name in names}
        for parameter, by in shifts.items():
            nodes[parameter] = self.graph.apply(shift, nodes[parameter], by)
        self.shifted = {parameter: nodes[parameter] for parameter in shifts}
        return lower_recognised(self._formula.tree, self.graph, nodes)

    def quotient(self, above: int, below: int, span: int) -> int:
        """Return the node of a difference quotient."""
        return self.graph.apply("div", self.graph.apply("sub", above, below), span)


def _value(formula: Formula) -> GradientProgram:
    return _program(formula.graph, formula.output)


def _analytic(formula: Formula) -> GradientProgram:
    return _program(formula.graph, formula.output, *formula.gradient_nodes)


def _forward(formula: Formula, reuse: bool = False) -> GradientProgram:
    f = _Values(formula, reuse)
    here = f.at()
    quotients = [f.quotient(f.at(parameter), here, f.step) for parameter in formula.parameters]
    return _program(f.graph, here, *quotients)


def _central(formula: Formula, reuse: bool = False) -> GradientProgram:
    f = _Values(formula, reuse)
    span = f.graph.apply("add", f.step, f.step)
    quotients = [
        f.quotient(f.at(parameter, "add"), f.at(parameter, "sub"), span)
        for parameter in formula.parameters
    ]
    return _program(f.graph, *quotients)


def _richardson(formula: Formula) -> GradientProgram:
    f = _Values(formula, reuse=False)
    apply, number = f.graph.apply, f.graph.number
    half, span = apply("mul", f.step, number(0.5)), apply("add", f.step, f.step)
    short, components = apply("add", half, half), []
    for name in formula.parameters:
        far = f.quotient(f.at(name, "add"), f.at(name, "sub"), span)
        near = f.quotient(f.at(name, "add", half), f.at(name, "sub", half), short)
        four = apply("mul", number(4.0), near)
        components.append(apply("div", apply("sub", four, far), number(3.0)))
    return _program(f.graph, *components)


def _adaptive(formula: Formula) -> GradientProgram:
    f = _Values(formula, reuse=False)
    apply, two, results, thirds = f.graph.apply, f.graph.number(2.0), [], []
    for name in formula.parameters:
        # The step of the third difference, and the ε that follows from it, are given.
        h, step = (f.graph.name(f"{_STEP}{which}_{name}") for which in ("h", "step"))
        far = apply("mul", two, h)
        wide = apply("sub", f.at(name, "add", far), f.at(name, "sub", far))
        narrow = apply("sub", f.at(name, "add", h), f.at(name, "sub", h))
        thirds.append(apply("sub", wide, apply("mul", two, narrow)))
        above, up = f.at(name, "add", step), f.shifted[name]
        below, down = f.at(name, "sub", step), f.shifted[name]
        results.append(f.quotient(above, below, apply("sub", up, down)))
    return _program(f.graph, *thirds, *results)


def _spsa(formula: Formula) -> GradientProgram:
    f = _Values(formula, reuse=False)
    slope, drawn = _slope_along(f, formula, DIRECTION)
    return _program(f.graph, *(f.graph.apply("div", slope, sign) for sign in drawn))


def _evolution(formula: Formula, pairs: float = 1) -> GradientProgram:
    f, count = _Values(formula, reuse=False), int(pairs)
    total = [f.graph.number(0.0)] * len(formula.parameters)
    for pair in range(count):
        names = [f"{name}_{pair}" if pair else name for name in DIRECTION]
        slope, drawn = _slope_along(f, formula, names, count)
        terms = [f.graph.apply("mul", slope, u) for u in drawn]
        total = [f.graph.apply("add", *both) for both in zip(total, terms, strict=True)]
    return _program(f.graph, *total)


def _slope_along(
    f: _Values, formula: Formula, names: Iterable[str], count: int = 1
) -> tuple[int, list[int]]:
    """Return the node of a central difference along a direction, over `count`, and its parts."""
    apply, drawn = f.graph.apply, [f.graph.name(name) for name in names]
    by = {p: apply("mul", f.step, u) for p, u in zip(formula.parameters, drawn, strict=True)}
    span = apply("mul", apply("add", f.step, f.step), f.graph.number(float(count)))
    return f.quotient(f.along(by, "add"), f.along(by, "sub"), span), drawn


def _random_coordinate(formula: Formula) -> GradientProgram:
    f = _Values(formula, reuse=False)
    span = f.graph.apply("add", f.step, f.step)
    name, n = formula.parameters[0], f.graph.number(float(len(formula.parameters)))
    quotient = f.quotient(f.at(name, "add"), f.at(name, "sub"), span)
    return _program(f.graph, f.graph.apply("mul", n, quotient), f.graph.number(0.0))


def _forward_gradient(formula: Formula) -> GradientProgram:
    graph, slope = formula.graph, formula.tangent_node
    parts = (graph.apply("mul", slope, graph.name(name)) for name in DIRECTION)
    return _program(graph, formula.output, *parts)


def _forward_mode(formula: Formula) -> GradientProgram:
    """Carry a tangent once for each parameter, each time beside the values once more."""
    graph, values, slopes = Graph(), [], []
    data = formula.data
    for copy, parameter in enumerate(formula.parameters):
        names = (*formula.arguments, *formula.parameters)
        nodes = {name: graph.name(f"{name}{_STEP}{copy}", varies=name in data) for name in names}
        values.append(lower_recognised(formula.tree, graph, nodes))
        direction = {
            nodes[name]: graph.number(float(name == parameter)) for name in formula.parameters
        }
        slopes.append(tangent(graph, values[-1], direction))
    return _program(graph, *values, *slopes)


def _mini_batch(formula: Formula, **_rows: float) -> GradientProgram:
    graph, gradient = formula.batch
    return _program(graph, *gradient)


def _program(graph: Graph, *outputs: int) -> GradientProgram:
    return GradientProgram(graph, outputs, tuple(graph.names(outputs)))


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to take a gradient, as the ledgers tell them apart.

    Parameters
    ----------
    name : str
        As the command line writes it.
    title : str
        As the window writes it.
    about : str
        What it computes, in a sentence.
    values, gradients : int
        Values and gradients of f that it needs, at N = 2. A gradient brings its value with it.
    build : callable
        Makes its program for a formula, and the values of its estimate's options.
    tangents : int, default 0
        Products of the Jacobian with a vector that it needs. One brings its value with it.
    times : str
        The option of its estimate by which `values` is multiplied; empty where there is none.
    of_rows : str
        The option of its estimate that says over how many rows of the data it is taken; empty
        where it is over all.
    is_least : bool
        Whether it may need more values than that.
    estimate : str
        The gradient estimate whose numbers it gives, a key of
        :data:`~gdviz.engine.descent.estimates.gradient_estimates.ESTIMATES`; empty for the value
        alone.
    """

    name: str
    title: str
    about: str
    values: int
    gradients: int
    build: Callable[..., GradientProgram]
    estimate: str = ""
    tangents: int = 0
    times: str = ""
    of_rows: str = ""
    is_least: bool = False

    def options(self, chosen: Options = ()) -> dict[str, float]:
        """Return the values of its estimate's options: the chosen ones, else the defaults."""
        own = ESTIMATES[self.estimate].options if self.estimate else ()
        return {option.name: dict(chosen).get(option.name, option.default) for option in own}

    def rows(self, rows: int, chosen: Options = ()) -> int:
        """Return how many of the data's rows the gradient is taken over."""
        return min(int(self.options(chosen)[self.of_rows]), rows) if self.of_rows else rows

    def values_with(self, chosen: Options = ()) -> int:
        """Return how many values of f it needs, at N = 2, with the options that were chosen."""
        return self.values * (int(self.options(chosen)[self.times]) if self.times else 1)


#: The variants by name, in the order of the ledgers' columns.
VARIANTS: Mapping[str, Variant] = MappingProxyType(
    {
        variant.name: variant
        for variant in (
            Variant("value", "Value alone", "f(θ) and no gradient.", 1, 0, _value),
            Variant(
                "analytic",
                "Analytic",
                "f(θ) and ∇f(θ), which share what they have in common.",
                0, 1, _analytic, "analytic",
            ),
            Variant(
                "forward",
                "Forward",
                "f(θ), f(a + ε, b) and f(a, b + ε), each computed from scratch.",
                3, 0, _forward, "forward",
            ),
            Variant(
                "forward-reused",
                "Forward, reused",
                "The same; what does not depend on the shifted parameter is taken from f(θ).",
                3, 0, lambda formula: _forward(formula, reuse=True), "forward",
            ),
            Variant(
                "central",
                "Central",
                "f(a ± ε, b) and f(a, b ± ε), each computed from scratch.",
                4, 0, _central, "central",
            ),
            Variant(
                "central-reused",
                "Central, reused",
                "The same; what does not depend on the shifted parameter is computed once.",
                4, 0, lambda formula: _central(formula, reuse=True), "central",
            ),
            Variant(
                "richardson",
                "Richardson",
                "Central differences with ε and with ε/2, each value computed from scratch.",
                8, 0, _richardson, "richardson",
            ),
            Variant(
                "adaptive",
                "Adaptive central",
                "A third difference and a central one each way, where the first that is tried will "
                "do; choosing ε is not counted.",
                12, 0, _adaptive, "adaptive", is_least=True,
            ),
            Variant(
                "forward-mode",
                "Forward mode",
                "f(θ) twice, and beside each value its tangent along an axis.",
                0, 0, _forward_mode, "forward-mode", tangents=2,
            ),
            Variant(
                "forward-gradient",
                "Forward gradient",
                "f(θ), and beside each value its tangent along u. Drawing u is not counted.",
                0, 0, _forward_gradient, "forward-gradient", tangents=1,
            ),
            Variant(
                "spsa",
                "SPSA",
                "f(θ ± εΔ), each computed from scratch. Drawing Δ is not counted.",
                2, 0, _spsa, "spsa",
            ),
            Variant(
                "gaussian",
                "Gaussian",
                "f(θ ± εu), each computed from scratch. Drawing u is not counted.",
                2, 0, _evolution, "gaussian",
            ),
            Variant(
                "evolution",
                "Evolution",
                "f(θ ± εu) for each u, computed from scratch. Drawing them is not counted.",
                2, 0, _evolution, "evolution", times="pairs",
            ),
            Variant(
                "random-coordinate",
                "Random coordinate",
                "f(a ± ε, b), or as well f(a, b ± ε), each computed from scratch.",
                2, 0, _random_coordinate, "random-coordinate",
            ),
            Variant(
                "mini-batch",
                "Mini-batch",
                "∇f over some rows of the data, its sums made as large as over all.",
                0, 0, _mini_batch, "mini-batch", of_rows="rows",
            ),
        )
    }
)  # fmt: skip


#: The variants that are always compared; others are where their estimate is.
USUAL = tuple(VARIANTS)[:6]


def variants_of(estimates: Iterable[str], few: int = len(VARIANTS)) -> tuple[str, ...]:
    """Return the variants of some estimates, and usual ones beside them, in the table's order.

    Parameters
    ----------
    estimates : iterable of str
        The names of the estimates.
    few : int, default: all
        How many there may be with those of :data:`USUAL` that nobody asked for. The value alone
        and the analytic gradient are always there.
    """
    chosen = {"analytic", *estimates}
    names = {name for name, row in VARIANTS.items() if not row.estimate or row.estimate in chosen}
    for name in USUAL:
        if len(names) < few:
            names.add(name)
    return tuple(name for name in VARIANTS if name in names)


@lru_cache(maxsize=64)
def gradient_programs(
    formula: Formula, names: tuple[str, ...] = USUAL, options: Options = ()
) -> Mapping[str, GradientProgram]:
    """Return the programs of variants, by the variant's name.

    Parameters
    ----------
    formula : Formula
        The formula; one over data where a mini-batch is among them.
    names : tuple of str
        Which of :data:`VARIANTS`.
    options : tuple of (str, float)
        Values of their estimates' options, by name; the defaults for those that are missing.
    """
    rows = ((name, VARIANTS[name]) for name in names)
    return MappingProxyType(
        {name: row.build(formula, **row.options(options)) for name, row in rows}
    )
