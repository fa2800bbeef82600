"""∇f where rounding hides what f does beside a point, by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield


NAN = math.nan


@pytest.mark.parametrize(
    ("text", "at", "gradient"),
    [
        ("abs(acos(cos(b)))", (0.0, 0.0), (0.0, NAN)),  # |b|
        ("0.3*abs(acos(cos(b))) + 0.1*a", (0.0, 0.0), (0.1, NAN)),  # whatever numbers there are
        ("acos(cos(a)) + b", (0.0, 0.0), (NAN, 1.0)),
        ("a*abs(a)^sigmoid(b)", (0.0, 0.66), (0.0, 0.0)),  # its slope is that of |a|^0.66
        ("abs(acos(cos(a^2))) + b", (0.0, 0.0), (0.0, 1.0)),
        ("acos(cos(a))^2 + b", (0.0, 1.0), (0.0, 1.0)),  # a²
        ("sqrt(1 - cos(a)) + b", (0.0, 0.0), (NAN, 1.0)),
        ("b/heaviside(log10(cosh(a)))", (0.0, 1.0), (NAN, 2.0)),  # 2b, and b beside it
        ("b/heaviside(log10(cosh(a)))", (0.0, 0.0), (NAN, NAN)),  # (0, 2) but between the axes
        ("max(acos(cos(a)), b)", (0.0, 0.0), (NAN, NAN)),
        ("abs(acos(cos(a)))*abs(b)", (0.0, 0.0), (0.0, 0.0)),
        ("asin(sin(a)) + b", (math.pi / 2, 1.0), (1.0, 1.0)),  # pi/2 in float64 is less than π/2
        ("abs(1 - cos(a)) + b", (0.0, 1.0), (0.0, 1.0)),
    ],
)
def test_it_is_told_in_many_digits(
    text: str, at: tuple[float, float], gradient: tuple[float, float]
) -> None:
    objective = FormulaObjective.from_text(text)
    assert objective.gradient(*at) == pytest.approx(gradient, nan_ok=True, abs=1e-15)
    on_arrays = objective.gradients(*(np.array([0.5, x]) for x in at))
    found = [float(part[1]) for part in on_arrays]
    assert found == pytest.approx(gradient, nan_ok=True, abs=1e-15)


def test_a_method_takes_it_where_there_is_one() -> None:
    objective = FormulaObjective.from_text("acos(cos(a))^2 + b")
    for precision in ("float64", "float32"):
        counted = CountedObjective(objective, precision)
        assert counted.gradient(counted.real(0.0), counted.real(1.0)) == (0.0, 1.0)


def test_at_an_edge_nothing_is_told() -> None:
    in_a, in_b = FormulaObjective.from_text("acos(1 - a) + b").gradient(0.0, 1.0)
    assert math.isinf(in_a)
    assert in_b == 1.0


def test_over_data() -> None:
    data = Data({"x": (1.0, 2.0)})
    objective = FormulaObjective.from_text("mean(acos(cos(a*x))^2) + b", data=data)
    assert objective.gradient(0.0, 1.0) == pytest.approx((0.0, 1.0), abs=1e-15)


def test_many_points_at_once_are_looked_at_as_one_is() -> None:
    """σ(40) is 1 in float64, where arccos is infinitely steep; with e = e⁻⁴⁰ it is 1 − e."""
    objective = FormulaObjective.from_text("acos(-sigmoid(a)) + b")
    many = CountedObjective(objective, "float64", arrays=True)
    in_a, in_b = many.gradient(np.array([40.0, 1.0]), np.array([1.0, 1.0]))
    # arccos(e − 1) = π − √(2e), and the derivative of that is √(2e)/2.
    assert in_a[0] == pytest.approx(math.sqrt(2.0 * math.exp(-40.0)) / 2.0)
    assert in_b.tolist() == [1.0, 1.0]
