"""log(1 + e^u) is computed as softplus(u), which does not overflow, however it is written."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from gdviz.engine.analysis.operation_counts import operations
from gdviz.engine.language.formula import Formula
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield


@pytest.mark.parametrize(
    ("text", "computed_as"),
    [
        ("log(1 + exp(a))", "softplus(a)"),
        ("log(exp(a) + 1)", "softplus(a)"),
        ("log(1 + exp(-a*b))", "softplus(-a*b)"),
        ("log(1 + e^a)", "softplus(a)"),
        ("b*log(1 + exp(a)) - 1", "b*softplus(a) - 1"),
        ("log(1 + exp(log(1 + exp(a))))", "softplus(softplus(a))"),
        ("log(exp(a) + exp(b))", "a + softplus(b - a)"),
        # Nothing else is.
        ("log(2 + exp(a))", "log(2 + exp(a))"),
        ("log(1 - exp(a))", "log(1 - exp(a))"),
        ("log10(1 + exp(a))", "log10(1 + exp(a))"),
        ("exp(a) + 1", "exp(a) + 1"),
    ],
)
def test_what_it_is_computed_as(text: str, computed_as: str) -> None:
    formula, other = Formula.parse(text), Formula.parse(computed_as)
    assert formula.text == text
    assert operations(formula.graph, [formula.output]) == operations(other.graph, [other.output])
    nodes = [graph[index].operation for f in (formula, other) for graph in (f.graph,)
             for index in graph.reachable([f.output])]  # fmt: skip
    half = len(nodes) // 2
    assert sorted(nodes[:half]) == sorted(nodes[half:])


@pytest.mark.parametrize(
    ("text", "at", "value", "gradient"),
    [
        ("log(1 + exp(a)) + b", (800.0, 1.0), 801.0, (1.0, 1.0)),
        ("log(exp(a) + 1) + b", (-800.0, 1.0), 1.0, (0.0, 1.0)),
        ("log(1 + exp(-a)) + b", (-800.0, 1.0), 801.0, (-1.0, 1.0)),
        ("log(exp(a) + exp(b))", (800.0, 1.0), 800.0, (1.0, 0.0)),
        ("log(exp(a) + exp(b))", (-900.0, -800.0), -800.0, (0.0, 1.0)),
        ("log(exp(a) + exp(b))", (900.0, 900.0), 900.0 + np.log(2.0), (0.5, 0.5)),
    ],
)
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_it_does_not_overflow(
    text: str, at: tuple[float, float], value: float, gradient: tuple[float, float], precision: str
) -> None:
    objective = FormulaObjective.from_text(text)
    counted = CountedObjective(objective, precision)
    a, b = map(counted.real, at)
    assert float(counted.value(a, b)) == pytest.approx(value, rel=1e-6)
    assert list(map(float, counted.gradient(a, b))) == pytest.approx(gradient, abs=1e-30)
    assert objective.value(*at) == pytest.approx(value, rel=1e-15)
    assert objective.gradient(*at) == pytest.approx(gradient, abs=1e-30)
    taken = complex(counted.complex_value(complex(at[0], 1e-20), at[1]))
    assert taken.real == pytest.approx(value, rel=1e-6)
    assert taken.imag == pytest.approx(1e-20 * gradient[0], abs=1e-60)


def test_its_gradient_costs_what_it_does_by_hand() -> None:
    """log(1 + e^a): one exp, sum and log; beside it e^a/(1 + e^a), one division."""
    formula = Formula.parse("log(1 + exp(a))")
    assert operations(formula.graph, [formula.output]) == {"exp": 1, "add": 1, "log": 1}
    both = operations(formula.graph, [formula.output, formula.gradient_nodes[0]])
    assert both == {"exp": 1, "add": 1, "log": 1, "div": 1}
