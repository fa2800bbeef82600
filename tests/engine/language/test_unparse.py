"""A node as text: read again, it has the same values."""

import pytest

from gdviz.engine.language.autodiff import differentiate
from gdviz.engine.language.graph import Graph, lower
from gdviz.engine.language.parser import parse
from gdviz.engine.language.unparse import graph_text
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES

FORMULAS = (
    "b*sigmoid(a*x)",
    "a - (b - x) - (a + b)",
    "a/(b/x)/(a*b)",
    "(a^b)^x + a^b^x + (-a)^2 - -b",
    "-(a + b)*-x + 2*(a*(b + 1))",
    "max(a, b) + 0.1*exp(-a)",
    "(100*(b - a^2)^2 + (1 - a)^2)/1e-7",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_text_has_the_values_of_the_node(text):
    graph = Graph()
    output = lower(parse(text, ("x",)), graph)
    nodes = output, *differentiate(graph, output, ("a", "b"))
    written = [FormulaObjective.from_text(graph_text(graph, i, 10_000), {"x": 3.0}) for i in nodes]
    objective = FormulaObjective.from_text(text, {"x": 3.0})
    for at in ((1.3, 0.7), (0.4, 2.1)):
        found = [part.value(*at) for part in written]
        assert found == pytest.approx([objective.value(*at), *objective.gradient(*at)])


def test_of_the_first_surface():
    graph = Graph()
    output = lower(parse(SURFACES["sigmoid-unit"].formula, ("x",)), graph)
    assert graph_text(graph, differentiate(graph, output, ("a", "b"))[1], 60) == "sigmoid(a*x)"


def test_what_is_too_long_is_left_out():
    graph = Graph()
    node = lower(parse("a + b"), graph)
    for _ in range(200):  # written out, it would have 2^200 terms
        node = graph.apply("mul", node, graph.apply("add", node, node))
    assert graph_text(graph, node, 60) == ""
