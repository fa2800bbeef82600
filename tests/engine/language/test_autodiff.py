"""Derivatives on the graph: how they grow, and that they are right where they are long."""

from collections.abc import Callable

import numpy as np
import pytest

from gdviz.engine.language.autodiff import differentiate
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.operations import OPERATIONS
from gdviz.engine.objectives.formula_objective import FormulaObjective


def sizes(text: str) -> tuple[int, int, int]:
    formula = Formula.parse(text)
    return (
        len(formula.graph.reachable([formula.output])),
        len(formula.graph.reachable(formula.gradient_nodes)),
        len(formula.graph.reachable(formula.hessian_nodes)),
    )


def product(count: int) -> str:
    return "*".join(f"(a + {i}*b)" for i in range(1, count + 1))


def nested(count: int) -> str:
    text = "a"
    for i in range(count):
        text = f"{('sin', 'tanh', 'exp')[i % 3]}({text}*b/9)"
    return text


@pytest.mark.parametrize(("family", "count"), [(product, 40), (nested, 24)])
def test_derivatives_grow_linearly(family: Callable[[int], str], count: int) -> None:
    """SymPy's grow like the cube: these two took it 10 s and 4 s."""
    value, gradient, hessian = sizes(family(count))
    assert gradient < 5 * value
    assert hessian < 25 * value
    half = sizes(family(count // 2))
    for small, large in zip(half, (value, gradient, hessian), strict=True):
        assert large < 2.3 * small


def test_the_derivative_of_a_long_product() -> None:
    objective = FormulaObjective.from_text(product(40))
    a, b = 0.5, -0.01
    factors = [a + i * b for i in range(1, 41)]
    in_a = np.prod(factors) * sum(1 / factor for factor in factors)
    in_b = np.prod(factors) * sum(i / factor for i, factor in enumerate(factors, 1))
    assert objective.gradient(a, b) == pytest.approx((in_a, in_b), rel=1e-11)


def test_a_gradient_costs_a_constant_number_of_nodes_a_node() -> None:
    """Griewank's bound, for the worst single operation of the table."""
    for name, row in OPERATIONS.items():
        graph = Graph()
        names = "ab"[: row.arity]
        output = graph.apply(name, *map(graph.name, names))
        differentiate(graph, output, names)
        assert len(graph) <= 16


def test_a_derivative_with_respect_to_what_is_not_there_is_zero() -> None:
    formula = Formula.parse("a^2", ("x",))
    nodes = differentiate(formula.graph, formula.output, ["b", "x"])
    assert [formula.graph[node].value for node in nodes] == [0.0, 0.0]
    assert FormulaObjective(formula, (1.0,)).gradient(3.0, 0.0)[0] == 6.0
