"""Down to a minimum: the model's least point within the region, and where the way ends."""

import math

import numpy as np
import pytest

from gdviz.engine.analysis.start.trust_region import _model_minimum, descended, level_end, settled
from gdviz.engine.objectives.formula_objective import FormulaObjective


def model(p, g, h):
    return (
        g[0] * p[0] + g[1] * p[1] + (h[0] * p[0] ** 2 + h[2] * p[1] ** 2) / 2 + h[1] * p[0] * p[1]
    )


def test_the_models_minimum_is_not_above_any_point_of_the_region():
    noise = np.random.default_rng(3)
    angles, parts = np.linspace(0.0, 2 * np.pi, 721), np.linspace(0.0, 1.0, 41)[:, None]
    kinds = set()
    for _ in range(300):
        g, h = noise.normal(size=2), noise.normal(size=3) * 10.0 ** noise.integers(-2, 3)
        radius = 10.0 ** noise.uniform(-2, 2)
        p = _model_minimum(*map(float, (*g, *h)), radius)
        assert math.hypot(*p) <= 1.001 * radius
        disc = radius * parts * np.cos(angles), radius * parts * np.sin(angles)
        found, least = model(p, g, h), model(disc, g, h).min()
        assert found <= least + 2e-3 * abs(least)
        kinds.add(math.hypot(*p) < 0.99 * radius)
    assert kinds == {True, False}, "within the region, and at its rim"


@pytest.mark.parametrize(
    ("g", "h", "radius", "expected"),
    [
        ((4.0, 0.0), (2.0, 0.0, 8.0), 5.0, (-2.0, 0.0)),  # Newton's step
        ((4.0, 0.0), (2.0, 0.0, 8.0), 1.0, (-1.0, 0.0)),
        # Without a gradient along the curvature that is negative: −4/(2 + 2), and the rest of it.
        ((4.0, 0.0), (2.0, 0.0, -2.0), 3.0, (-1.0, math.sqrt(8.0))),
        ((0.0, 4.0), (-2.0, 0.0, 2.0), 3.0, (math.sqrt(8.0), -1.0)),
        ((4.0, 0.0), (2.0, 0.0, 0.0), 3.0, (-2.0, 0.0)),  # and along none there is nothing to gain
        # So short that its square is 0, as beside the tip of a cone.
        ((1.0, 1.0), (0.0, 0.0, 0.0), 1e-180, (-(0.5**0.5) * 1e-180, -(0.5**0.5) * 1e-180)),
        ((1e9, 0.0), (1e180, 0.0, 1e180), 1e-200, (-1e-200, 0.0)),
    ],
)
def test_the_models_minimum_by_hand(g, h, radius, expected):
    found = _model_minimum(*g, *h, radius)
    assert tuple(map(abs, found)) == pytest.approx(
        tuple(map(abs, expected)), rel=2e-3, abs=1e-12 * radius
    )
    assert model(found, g, h) == pytest.approx(model(expected, g, h), rel=2e-3)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("(1 - a)^2 + 100*(b - a^2)^2", (-1.2, 1.0), (1.0, 1.0)),
        ("(a^2 + b - 11)^2 + (a + b^2 - 7)^2", (3.2, 1.8), (3.0, 2.0)),
        ("a - log(a) + b^2", (3.0, 1.0), (1.0, 0.0)),  # steps into where there is no f
        ("a^2 + (b - 300)^2", (0.0, 0.0), (0.0, 300.0)),
        ("cosh(a - 1) + cosh(b/50)", (40.0, 900.0), (1.0, 0.0)),
    ],
)
def test_it_ends_at_the_minimum(text, start, end):
    assert descended(FormulaObjective.from_text(text), start) == pytest.approx(end, abs=1e-6)


@pytest.mark.parametrize("steepness", ["1e2", "1e5", "1e8"])
@pytest.mark.parametrize(
    ("floor", "b"),
    [("2*a^2", 11.52), ("20*a^2", 115.2), ("a^3", 13.824), ("sin(3*a)", math.sin(7.2)),
     ("exp(a)", math.exp(2.4))],
)  # fmt: skip
def test_it_goes_through_bent_valleys(floor, b, steepness):
    """Within a region that keeps to the valley it would take more steps than it may."""
    objective = FormulaObjective.from_text(f"(a - 2.4)^2 + {steepness}*(b - {floor})^2")
    for start in ((-2.0, 1.0), (0.5, -5.0), (3.0, 60.0)):
        assert descended(objective, start) == pytest.approx((2.4, b), abs=1e-5)


def test_from_a_ridge_it_goes_down_to_one_side():
    """Where the gradient points at the saddle."""
    a, b = descended(FormulaObjective.from_text("a^2 + (b^2 - 1)^2"), (0.5, 0.0))
    assert (a, abs(b)) == pytest.approx((0.0, 1.0), abs=1e-6)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a + b", (0.0, 0.0)),
        ("a^2 - b^2", (1.0, 0.0)),
        ("sqrt(a^2 + 4*b^2)", (0.3, 0.2)),  # ends at the tip, where there are no derivatives
        ("abs(a) + abs(b)", (0.3, 0.2)),
        ("a^2 + b^3", (1.0, 0.0)),  # the gradient is 0 on the way, at no minimum
        ("a^2 + exp(-b)", (0.0, 0.0)),
        ("(a - b)^2", (3.0, 1.0)),  # a valley
        ("(a - 2e5)^2 + b^2", (0.0, 0.0)),  # farther than anybody looks
        ("log(a) + b^2", (-1.0, 0.0)),  # begins where there is no f
        ("exp(exp(a)) + b^2", (10.0, 0.0)),  # and where it is infinite
    ],
)
def test_where_there_is_no_minimum_there_is_none(text, start):
    assert descended(FormulaObjective.from_text(text), start) is None


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("(a - 77)^2", (77.0, 0.0)),
        ("(2*a + b - 15)^2", (6.0, 3.0)),
        ("cosh(a + b - 20)", (10.0, 10.0)),  # where rounding has a direction of its own
        ("log(1 + (a - b - 4)^2)", (2.0, -2.0)),
    ],
)
def test_from_0_it_ends_at_the_nearest_point_of_a_straight_valley(text, end):
    objective = FormulaObjective.from_text(text)
    assert descended(objective, (0.0, 0.0)) is None
    assert level_end(objective, (0.0, 0.0)) == pytest.approx(end, abs=1e-6)


@pytest.mark.parametrize("text", ["(a - 30)^4", "sqrt((a + b - 60)^2 + 1)", "(a - 2*b - 50)^4"])
def test_a_valley_that_is_level_to_some_order_is_gone_down_to(text):
    objective = FormulaObjective.from_text(text)
    end = level_end(objective, (0.0, 0.0))
    assert objective.value(*end) == pytest.approx(1.0 if "sqrt" in text else 0.0, abs=1e-9)


@pytest.mark.parametrize(
    "text", ["exp(-a)", "a^2 + exp(-b)", "log(1 + exp(-a)) + b^2/4", "tanh(a) + b^2", "a", "a*b",
             "1/(1 + a^2)", "a^3 + b^2", "-a^2 - b^2"],
)  # fmt: skip
def test_where_f_goes_on_to_fall_there_is_no_end(text):
    assert level_end(FormulaObjective.from_text(text), (0.5, 0.3)) is None


def test_beside_a_pole_there_is_no_minimum():
    assert descended(FormulaObjective.from_text("1/a"), (-0.3, 1.0)) is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("(a - 5e6)^2*1e-12 + (b - 4000)^2*1e-6", (3e5, 3e3), (5e6, 4000.0)),
        ("(a/b - 2)^2 + (b - 1e-4)^2*1e8", (1e-3, 1e-3), (2e-4, 1e-4)),
    ],
)
def test_in_units_of_their_own_parameters_of_any_size_are_gone_down_to(text, start, end):
    assert settled(FormulaObjective.from_text(text), start, start) == pytest.approx(end, rel=1e-4)


@pytest.mark.parametrize("text", ["exp(-a) + b^2", "tanh(a) + b^2", "a^2 - b^2", "3", "1/(1+a^2)"])
def test_nothing_says_that_there_is_a_minimum_where_f_goes_on_to_fall(text):
    assert settled(FormulaObjective.from_text(text), (0.5, 0.3), (1.0, 1.0)) is None
