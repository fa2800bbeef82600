"""The computation graph at a point: its numbers against ∇f, and what it says of failures."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdviz.engine.analysis.graph_values import graph_view
from gdviz.engine.analysis.operation_counts import reusable
from gdviz.engine.language.formula import Formula
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES

if TYPE_CHECKING:
    from gdviz.engine.analysis.graph_values import GraphView

SMALL = [
    "b*sigmoid(a*x)",
    "(b*sigmoid(a*x) - t)^2/2",
    "sigmoid(b*sigmoid(a*x))",
    "a*b + sin(a*b)*a",
    "(1 - a)^2 + 100*(b - a^2)^2",
    "exp(a)*exp(a) - log(1 + a^2)/b",
    "max(a, b)*abs(a - b) + relu(a)",
    "a^b + tanh(a/b)",
    "a",
    "x + 3*b",
]
CONSTANTS = {"x": 0.9, "t": 0.8}


def objective_of(name: str) -> FormulaObjective:
    return FormulaObjective.of(SURFACES[name])


def along_all_paths(view: GraphView, parameter: str) -> float:
    """Sum, over all paths from a parameter to f, the products of the local derivatives."""
    users: dict[int, list[tuple[int, float]]] = {}
    for edge in view.edges:
        users.setdefault(edge.argument, []).append((edge.user, edge.derivative))
    total = 0.0
    stack = [
        (i, 1.0)
        for i, node in enumerate(view.nodes)
        if node.kind == "name" and node.sign == parameter
    ]
    while stack:
        i, product = stack.pop()
        if i == len(view.nodes) - 1:
            total += product
        stack += [(user, product * derivative) for user, derivative in users.get(i, [])]
    return total


# -- numbers


@pytest.mark.parametrize("name", SURFACES)
def test_the_adjoints_of_a_and_b_are_the_gradient(name: str) -> None:
    objective, home = objective_of(name), SURFACES[name].home
    numbers = random.Random(name)
    for _ in range(20):
        a, b = numbers.uniform(*home[:2]), numbers.uniform(*home[2:])
        view = graph_view(objective, a, b)
        assert view.gradient == objective.gradient(a, b)  # to the last bit
        assert view.nodes[-1].value == objective.value(a, b)
        assert view.failure == ""


@pytest.mark.parametrize("text", SMALL)
@pytest.mark.parametrize("point", [(0.7, 1.3), (2.5, 0.2)])
def test_products_along_paths_add_up_to_the_gradient(text: str, point: tuple[float, float]) -> None:
    objective = FormulaObjective.from_text(text, CONSTANTS)
    view = graph_view(objective, *point)
    assert view.gradient == objective.gradient(*point)
    summed = along_all_paths(view, "a"), along_all_paths(view, "b")
    assert summed == pytest.approx(objective.gradient(*point), rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("text", SMALL)
def test_an_adjoint_is_the_sum_over_its_users(text: str) -> None:
    view = graph_view(FormulaObjective.from_text(text, CONSTANTS), 0.7, 1.3)
    assert view.nodes[-1].adjoint == 1.0
    for i, node in enumerate(view.nodes[:-1]):
        if node.kind == "number":
            assert node.adjoint == 0.0  # a number cannot be shifted
        else:
            parts = [
                e.derivative * view.nodes[e.user].adjoint for e in view.edges if e.argument == i
            ]
            assert node.adjoint == pytest.approx(math.fsum(parts), rel=1e-14)


def test_an_adjoint_is_what_a_small_change_of_the_node_does() -> None:
    """Of y in z = b·y, and of x, which is a constant."""
    view = graph_view(FormulaObjective.from_text("b*sigmoid(a*x)", {"x": 0.9}), 0.7, 1.3)
    by_sign = {node.sign: node for node in view.nodes}
    assert by_sign["σ"].adjoint == 1.3
    y = 1 / (1 + math.exp(-0.63))
    assert by_sign["σ"].value == pytest.approx(y)
    assert by_sign["x"].adjoint == pytest.approx(1.3 * 0.7 * y * (1 - y))


# -- structure


def test_the_sigmoid_unit() -> None:
    view = graph_view(objective_of("sigmoid-unit"), 0.7, 1.3)
    assert (view.v, view.e) == (6, 5)
    assert {(node.kind, node.sign) for node in view.nodes} == {
        ("name", "a"), ("name", "b"), ("name", "x"), ("operation", "×"), ("operation", "σ")
    }  # fmt: skip
    product, sigmoid, output = view.nodes[3:]
    assert [node.rank for node in view.nodes] == [0, 0, 0, 1, 2, 3]
    assert [product.column, sigmoid.column, output.column] == [12, 3, 2]
    assert product.depends_on == sigmoid.depends_on == {"a", "x"}
    assert view.recomputed("a") == {3, 4, 5}
    assert view.recomputed("b") == {5}  # σ(ax) is reused
    assert view.recomputed("x") == {3, 4, 5}


def test_shared_nodes_are_there_once_and_a_square_by_itself_has_two_edges() -> None:
    view = graph_view(FormulaObjective.from_text("(a + b)*(b + a)"), 1.0, 2.0)
    assert (view.v, view.e) == (4, 4)
    assert [edge.derivative for edge in view.edges] == [1.0, 1.0, 3.0, 3.0]
    assert [edge.user for edge in view.edges] == [2, 2, 3, 3]


@pytest.mark.parametrize("name", SURFACES)
def test_arguments_come_first(name: str) -> None:
    view = graph_view(objective_of(name), *SURFACES[name].start)
    assert all(edge.argument < edge.user for edge in view.edges)
    ranks = [node.rank for node in view.nodes]
    assert all(ranks[edge.argument] < ranks[edge.user] for edge in view.edges)
    assert len({edge.user for edge in view.edges}) == sum(n.kind == "operation" for n in view.nodes)
    assert all((node.column is not None) == (node.kind == "operation") for node in view.nodes)


def test_what_is_recomputed_is_what_the_ledger_does_not_share() -> None:
    # Every operation of these is one elementary operation.
    formula = Formula.parse("sin(a*b)*b + exp(a) - b*b*b")
    view = graph_view(FormulaObjective(formula), 1.0, 2.0)
    count = sum(node.kind == "operation" for node in view.nodes)
    for parameter, share in reusable(formula).items():
        assert 1 - len(view.recomputed(parameter)) / count == pytest.approx(share)


def test_a_number_alone() -> None:
    view = graph_view(FormulaObjective.from_text("-3/4"), 1.0, 2.0)
    assert [(node.kind, node.sign) for node in view.nodes] == [("number", "−0.75")]
    assert (view.e, view.gradient, view.failure) == (0, (0.0, 0.0), "")


# -- failures


@pytest.mark.parametrize(
    ("text", "point", "sentence"),
    [
        ("b + log(a)", (-1.0, 2.0), "log(−1) at column 5 is undefined"),
        ("b/(a - 1)", (1.0, 2.0), "2 ÷ 0 at column 2 divides by zero"),
        ("b/(a - 1)", (1.0, 0.0), "0 ÷ 0 at column 2 divides by zero"),
        ("sqrt(a)*sqrt(b)", (-0.25, -1.0), "sqrt(−0.25) at column 1 is undefined"),
        ("3 + a^b", (-2.0, 0.5), "(−2) ^ 0.5 at column 6 is undefined"),
        ("a^-1", (0.0, 0.5), "0 ^ (−1) at column 2 is infinite or too large for a number"),
        ("exp(a)*b", (1000.0, 1.0), "exp(1000) at column 1 is infinite or too large for a number"),
        ("asin(a + b)", (1.0, 1.0), "asin(2) at column 1 is undefined"),
        # What fails first, not what is nan for it.
        ("sin(2*log(a) + 1)", (-3.0, 0.0), "log(−3) at column 7 is undefined"),
        ("a + exp(a)", (900.0, 0.0), "exp(900) at column 5 is infinite or too large for a number"),
        # f is finite, ∇f is not.
        ("sqrt(a)*b", (0.0, 2.0), "sqrt(0) at column 1 has no finite derivative"),
        ("a^b", (-2.0, 2.0), "(−2) ^ 2 at column 2 has no finite derivative"),
        ("1e200*(1e200*a)", (1e-300, 0.0), "the gradient is too large for a number"),
        # f is 0 in spite of an infinity.
        ("1/(1 + exp(-a))", (-1000.0, 0.0), "exp(1000) at column 8 has no finite derivative"),
        ("abs(a) + b", (0.0, 0.0), ""),
    ],
)  # fmt: skip
def test_what_failed_and_where(text: str, point: tuple[float, float], sentence: str) -> None:
    objective = FormulaObjective.from_text(text)
    view = graph_view(objective, *point)
    assert view.failure == sentence
    taken = np.array(objective.derivatives(*point))
    assert view.gradient == pytest.approx(taken, nan_ok=True)
    assert view.nodes[-1].value == pytest.approx(objective.value(*point), nan_ok=True)


def test_the_surfaces_fail_where_they_are_undefined_alone() -> None:
    # The tip of Ackley's cone: √0.
    view = graph_view(objective_of("ackley"), 0.0, 0.0)
    assert view.failure == "sqrt(0) at column 14 has no finite derivative"
