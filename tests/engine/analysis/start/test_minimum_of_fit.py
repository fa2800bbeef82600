"""Fits in the units that data comes in: the parameters they were made with are found and seen."""

from collections.abc import Callable

import numpy as np
import pytest

from gdviz.engine.analysis.start.first_view import first_view
from gdviz.engine.analysis.start.minimum_of_fit import minimum_of_fit
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective

DOSES = np.array([10, 20, 40, 80, 120, 200, 300, 500.0])
TIMES, LONG = np.linspace(0.0, 50.0, 25), np.linspace(0.0, 10_000.0, 25)
SIZES = np.array([1, 2, 5, 10, 20, 50, 100.0])
MASSES = np.array([0.02, 0.3, 2, 10, 70, 600, 4000])
SECONDS, HOURS = np.linspace(0.0, 20.0, 60), np.linspace(0.0, 80.0, 60)
WAVES, KELVIN = np.linspace(400.0, 700.0, 40), np.array([300, 320, 340, 360, 380.0])

Model = Callable[[np.ndarray, float, float], np.ndarray]

#: Models, as typed and by NumPy, x, and the parameters that y is made with, without noise.
FITS: dict[str, tuple[Model, np.ndarray, tuple[float, float]]] = {
    "a*x/(b+x)": (lambda x, a, b: a * x / (b + x), DOSES, (50, 120)),
    "a*exp(-b*x)": (lambda x, a, b: a * np.exp(-b * x), TIMES, (800, 0.08)),
    "a*exp(-x/b)": (lambda x, a, b: a * np.exp(-x / b), LONG, (100, 5730)),
    "a*2^(-x/b)": (lambda x, a, b: a * 2 ** (-x / b), TIMES, (1000, 8.02)),
    "a*(1-exp(-b*x))": (lambda x, a, b: a * (1 - np.exp(-b * x)), SECONDS, (35, 0.25)),
    "a/(1+20*exp(-b*x))": (lambda x, a, b: a / (1 + 20 * np.exp(-b * x)), TIMES, (500, 0.2)),
    "1/(1+exp(-(x-a)/b))": (lambda x, a, b: 1 / (1 + np.exp(-(x - a) / b)), TIMES, (22, 4)),
    "a/(1+exp(-(x-b)/4))": (lambda x, a, b: a / (1 + np.exp(-(x - b) / 4)), TIMES, (120, 27)),
    "exp(-((x-a)/b)^2/2)": (lambda x, a, b: np.exp(-(((x - a) / b) ** 2) / 2), HOURS, (55, 12)),
    "exp(-(x-a)^2/(2*b^2))": (lambda x, a, b: np.exp(-((x - a) ** 2) / 2 / b**2), WAVES, (532, 20)),
    "a*exp(-((x-b)/8)^2/2)": (
        lambda x, a, b: a * np.exp(-(((x - b) / 8) ** 2) / 2), HOURS, (300, 42)
    ),
    "1/(1+((x-a)/b)^2)": (lambda x, a, b: 1 / (1 + ((x - a) / b) ** 2), WAVES, (630, 9)),
    "tanh((x-a)/b)": (lambda x, a, b: np.tanh((x - a) / b), LONG, (4000, 600)),
    "a*x^b": (lambda x, a, b: a * x**b, SIZES, (3, 1.7)),
    "a*abs(x)^b": (lambda x, a, b: a * x**b, MASSES, (70, 0.75)),
    "x^b/(a^b+x^b)": (lambda x, a, b: x**b / (a**b + x**b), SIZES, (15, 2.2)),
    "1-exp(-(x/a)^b)": (lambda x, a, b: 1 - np.exp(-((x / a) ** b)), SIZES, (25, 1.4)),
    "a*sin(b*x)": (lambda x, a, b: a * np.sin(b * x), SECONDS, (12, 0.9)),
    "sin(a*x+b)": (lambda x, a, b: np.sin(a * x + b), SECONDS, (1.3, 0.7)),
    "a/(x+b)": (lambda x, a, b: a / (x + b), SIZES, (900, 14)),
    "a*exp(-b/x)": (lambda x, a, b: a * np.exp(-b / x), KELVIN, (5e6, 4000)),
    "a*(1+b)^x": (lambda x, a, b: a * (1 + b) ** x, np.arange(30.0), (1000, 0.05)),
}  # fmt: skip


def fit(name: str) -> FormulaObjective:
    model, x, best = FITS[name]
    columns = {"x": tuple(x.tolist()), "y": tuple(model(x, *best).tolist())}
    return FormulaObjective.from_text(f"mean(({name} - y)^2)", {}, Data(columns))


@pytest.mark.parametrize("name", FITS)
def test_what_data_was_made_with_is_found_and_on_the_first_map(name: str) -> None:
    objective, best = fit(name), FITS[name][2]
    found = minimum_of_fit(objective, objective.data)
    assert found is not None
    if name == "sin(a*x+b)":  # which is the same at b + 2π, and at −a
        assert objective.value(*found) < 1e-12
    else:
        assert np.abs(found) == pytest.approx(np.abs(best), rel=1e-4)
    view = first_view(objective)
    assert view.range.contains(*found)
    assert view.range.contains(*view.start)
    # Gradient descent is seen to move, down, on the map.
    settings = RunSettings(ESTIMATES["analytic"], RULES["gd"], alpha=view.alpha, steps=100)
    path = descend(objective, settings, view.start)
    a_low, a_high, b_low, b_high = view.range
    way = np.abs(path.theta[-1] - path.theta[0]) / (a_high - a_low, b_high - b_low)
    assert way.max() > 0.01
    assert path.loss[-1] < path.loss[0]
    assert view.range.contains(*path.theta[-1])


def test_without_a_minimum_none_is_found() -> None:
    x = np.linspace(0.0, 200.0, 25)
    labels = np.where(x > 90, 1.0, 0.0)  # separable: the steeper the better
    data = Data({"x": tuple(x.tolist()), "y": tuple(labels.tolist())})
    objective = FormulaObjective.from_text("mean((sigmoid(a*x + b) - y)^2)", {}, data)
    assert minimum_of_fit(objective, data) is None


def test_of_two_minima_it_is_the_lower_and_of_equal_ones_the_nearer_and_positive_one() -> None:
    y = Data({"y": (1.0, 3.0)})
    both = FormulaObjective.from_text("mean(((a+4)^2*(a-6)^2 + (a-6)^2 + (b-y)^2))", {}, y)
    assert minimum_of_fit(both, y) == pytest.approx((6.0, 2.0), abs=1e-6)
    even = FormulaObjective.from_text("mean((a^2 - 9)^2 + (b-y)^2)", {}, y)
    assert minimum_of_fit(even, y) == pytest.approx((3.0, 2.0), abs=1e-6)
