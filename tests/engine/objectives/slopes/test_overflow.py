"""∇f where e^a and the like overflow within f, and f is finite; by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from gdviz.engine.language.graph import Graph, Node
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.slopes.overflow import gradient_past_overflow


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield


CASES = [
    ("b/exp(b/a) + a", (0.001, 1.0), (1.0, 0.0)),
    ("1/cosh(a) + a*b", (800.0, 2.0), (2.0, 800.0)),
    ("b/(1 + exp(a)) + a", (800.0, 3.0), (1.0, 0.0)),
    ("a*exp(-a^2)/exp(a^2) + b", (40.0, 1.0), (0.0, 1.0)),
    ("tanh(b*exp(a)) + 3*a", (800.0, 2.0), (3.0, 0.0)),
    ("sigmoid(exp(a)) + atan(exp(a)) + b^2", (800.0, 2.0), (0.0, 4.0)),
    ("1/(1 + exp(a)^2) + b", (800.0, 2.0), (0.0, 1.0)),
    ("b/a^200 + a", (1e3, 5.0), (1.0, 0.0)),
    ("max(a, exp(-exp(a))) + b", (800.0, 1.0), (1.0, 1.0)),
]


@pytest.mark.parametrize(("text", "at", "gradient"), CASES)
def test_the_slope_of_what_overflows_is_none(
    text: str, at: tuple[float, float], gradient: tuple[float, float]
) -> None:
    objective = FormulaObjective.from_text(text)
    assert objective.gradient(*at) == pytest.approx(gradient, abs=1e-30)
    on_arrays = objective.gradients(*(np.array([x, 0.5]) for x in at))
    assert [part[0] for part in on_arrays] == pytest.approx(gradient, abs=1e-30)
    for precision in ("float64", "float32"):
        counted = CountedObjective(objective, precision)
        a, b = map(counted.real, at)
        assert list(map(float, counted.gradient(a, b))) == pytest.approx(gradient, rel=1e-6)
        assert counted.calls == (0, 1, 0)
        many = CountedObjective(objective, precision, arrays=True)
        both = many.gradient(*(np.array([x, 0.5], many.real) for x in at))
        assert [float(part[0]) for part in both] == pytest.approx(gradient, rel=1e-6)
        step = 1e-20
        for axis in range(2):
            shifted = [complex(x, step * (k == axis)) for k, x in enumerate(at)]
            taken = complex(counted.complex_value(*shifted))
            assert taken.imag / step == pytest.approx(gradient[axis], rel=1e-6, abs=1e-30)


def test_over_data() -> None:
    data = Data({"x": (1.0, 800.0)})
    objective = FormulaObjective.from_text("sum(1/(1 + exp(a*x)) + a*x) + b^2", data=data)
    in_a, in_b = objective.gradient(2.0, 3.0)
    falling = np.exp(2.0) / (1.0 + np.exp(2.0)) ** 2
    assert (in_a, in_b) == pytest.approx((801.0 - falling, 6.0))
    assert CountedObjective(objective, "float64").gradient(2.0, 3.0) == pytest.approx((in_a, in_b))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("log(2 + exp(a)) + b", (800.0, 1.0)),  # f has overflowed
        ("log(cosh(a)) + b", (800.0, 1.0)),
        ("sqrt(exp(a)) + b", (800.0, 1.0)),
        ("exp(a)/(2 + exp(a)) + b", (800.0, 1.0)),  # ∞/∞
    ],
)
def test_where_f_is_infinite_it_has_no_gradient(text: str, at: tuple[float, float]) -> None:
    objective = FormulaObjective.from_text(text)
    assert not np.isfinite(objective.value(*at))
    assert np.isnan(objective.gradient(*at)[0])
    assert np.isnan(CountedObjective(objective, "float64").gradient(*at)[0])


@pytest.mark.parametrize("text", ["atan(1/a) + b", "1/(1 + 1/a) + b", "exp(log(a)) + b"])
def test_what_is_divided_by_zero_is_no_overflow(text: str) -> None:
    assert np.isnan(FormulaObjective.from_text(text).gradient(0.0, 1.0)[0])


def test_what_is_looked_at_grows_as_the_formula_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times the terms took sixteen times as long."""
    looked: list[int] = []
    found = Graph.__getitem__

    def look(graph: Graph, index: int) -> Node:
        looked.append(index)
        return found(graph, index)

    def reach(graph: Graph, outputs: Sequence[int]) -> Sequence[int]:
        nodes = reachable(graph, outputs)
        looked.extend(nodes)
        return nodes

    reachable = Graph.reachable
    counts = []
    for terms in (10, 40):
        text = " + ".join(f"b/exp({k}*b/a)" for k in range(1, terms + 1)) + " + a"
        formula = FormulaObjective.from_text(text).formula
        looked.clear()
        with monkeypatch.context() as patch:
            patch.setattr(Graph, "__getitem__", look)
            patch.setattr(Graph, "reachable", reach)
            names = {"a": np.array([0.001]), "b": np.array([1.0])}
            gradient_past_overflow(formula.graph, formula.output, ("a", "b"), names)
        counts.append(len(looked))
    assert counts[1] < 5 * counts[0]
