"""Sums in which a term stands twice, gathered."""

import pytest

from gdviz.engine.gradcheck.linear import gathered
from gdviz.engine.language.graph import Graph, lower
from gdviz.engine.language.parser import parse


@pytest.mark.parametrize(
    ("text", "same", "is_opposite"),
    [
        ("a - (-a)", "a", False),
        ("a - 2*a", "a", True),
        ("(a - 1) - (1 - a)", "a - 1", False),
        ("(1 - a) - (a - 1)", "a - 1", True),
        ("2*a + 3*b - (b - a/2) - a/2", "a + b", False),
        ("0.5*exp(a) + 1.5 - (b - exp(a)*0.5)", "exp(a) - b + 1.5", False),
    ],
)
def test_each_term_stands_once(text: str, same: str, is_opposite: bool) -> None:
    graph = Graph()
    assert gathered(graph, lower(parse(text), graph)) == (lower(parse(same), graph), is_opposite)


@pytest.mark.parametrize(
    "text",
    [
        "a - b", "3*a - 1", "a^2 - a", "exp(a) - exp(b)",  # once already
        "a - (a + 1)", "a - a*1 + b - b",  # nothing is left
        "a + 0.1*a - b",  # 1/1.1 is no float
    ],
)  # fmt: skip
def test_what_is_gathered_already_or_to_nothing_stays(text: str) -> None:
    graph = Graph()
    assert gathered(graph, lower(parse(text), graph)) is None


def test_terms_that_a_few_nodes_stand_for_are_not_counted_out() -> None:
    graph = Graph()
    node = graph.name("a")
    for _ in range(200):
        node = graph.apply("add", node, node)
    assert gathered(graph, node) is None
