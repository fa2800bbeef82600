"""One step's gradient as a computation graph, for each way of taking it that is compared.

A program is both what is counted (:mod:`gdviz.engine.analysis.operation_counts`) and, compiled,
what runs: the two cannot disagree. Nodes are interned, so *reuse* needs no rule of its own: the
shifted values are lowered into the graph of the value itself, and whatever does not depend on the
shifted parameter is there already. Without reuse each value is a copy of the formula with inputs
of its own, which has nothing in common with the others.

Reuse stops at the graph. What needs algebra is not done: e^(−(a+ε)x) = u·e^(−εx) with
u = e^(−ax) kept takes one exp like e^(−(a+ε)x) itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from gdviz.engine.language.backends import MATH, Backend
from gdviz.engine.language.compiler import generate
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.graph import Graph, lower

# Names that the formula language cannot hold: ε is "#", and "a#2" is the second copy's a.
_STEP = "#"


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

    def arguments(self, point: Mapping[str, Any], epsilon: Any) -> list[Any]:
        """Return the compiled function's arguments.

        Parameters
        ----------
        point : mapping of str to number
            The values of a, b and the formula's other arguments.
        epsilon : number
            The difference step ε.
        """
        bases = (name.partition(_STEP)[0] for name in self.inputs)
        return [point[base] if base else epsilon for base in bases]


class _Values:
    """The formula's value, at θ and at shifted points, as nodes of one graph."""

    def __init__(self, formula: Formula, reuse: bool) -> None:
        self.graph = Graph()
        self.step = self.graph.name(_STEP)
        self._formula = formula
        self._reuse = reuse
        self._copies = 0

    def at(self, parameter: str = "", shift: str = "add") -> int:
        """Return the node of f where `parameter`, if any, is shifted by ε up or down."""
        self._copies += 1
        copy = "" if self._reuse else f"{_STEP}{self._copies}"
        names = (*self._formula.arguments, *self._formula.parameters)
        data = self._formula.data
        nodes = {name: self.graph.name(name + copy, varies=name in data) for name in names}
        if parameter:
            nodes[parameter] = self.graph.apply(shift, nodes[parameter], self.step)
        return lower(self._formula.tree, self.graph, nodes)

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
        Makes its program for a formula.
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
    build: Callable[[Formula], GradientProgram]
    estimate: str = ""


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
        )
    }
)  # fmt: skip


@lru_cache(maxsize=16)
def gradient_programs(formula: Formula) -> Mapping[str, GradientProgram]:
    """Return the program of every variant, by the variant's name."""
    return MappingProxyType({name: variant.build(formula) for name, variant in VARIANTS.items()})
