"""The rule's search of a circle: dense samples on every surface, closed forms, and counts."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.engine.descent.rules.circle_sampling import MOST
from gdviz.engine.descent.rules.circle_search import ENOUGH, FEWEST, LARGEST, Move, best_move
from gdviz.engine.language.enclosures.ball_arithmetic import FLOAT64, enclose, radius
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES, Surface

EPS = float(np.finfo(np.float64).eps)
#: Ten thousand angles, none of them one of the search's own.
ANGLES = np.linspace(-np.pi, np.pi, 10_000, endpoint=False) + 1e-4
ALL = [pytest.param(surface, id=name) for name, surface in SURFACES.items()]


def moved(objective: Any, at: Any, eta: float, precision: Any = "float64") -> tuple[Move, int]:
    """Return the move, and the evaluations that were counted: values and nothing else."""
    counted = CountedObjective(objective, precision)
    real = counted.real
    with np.errstate(all="ignore"):
        move = best_move(counted.value, real(at[0]), real(at[1]), real(eta))
    assert counted.calls == (counted.evaluations, 0, 0)
    return move, counted.evaluations


def of(text: str) -> FormulaObjective:
    return FormulaObjective.from_text(text)


def around(objective: Any, at: Any, eta: float, angles: Any = ANGLES) -> Any:
    return objective.values(at[0] + eta * np.cos(angles), at[1] + eta * np.sin(angles))


def rounding(objective: Any, a: float, b: float, at: Any, eta: float) -> float:
    """Bound what rounding may have made of f(a, b), and of a and b on the way to them."""
    slope = sum(map(abs, objective.gradient(a, b)))
    of_place = 2 * EPS * (max(map(abs, at)) + eta) * slope
    if objective.data is not None:
        return of_place + 64 * EPS * objective.value(a, b)  # of sums of what is positive
    formula = objective.formula
    names = {"a": a, "b": b, **dict(zip(formula.constants, objective.constants, strict=True))}
    return of_place + radius(enclose(formula.graph, formula.output, names, FLOAT64))


def is_lowest(objective: Any, at: Any, eta: float, move: Move, angles: Any = ANGLES) -> bool:
    others = around(objective, at, eta, angles)
    angle = angles[int(np.argmin(others))]
    a, b = at[0] + eta * math.cos(angle), at[1] + eta * math.sin(angle)
    allowed = rounding(objective, move.a, move.b, at, eta) + rounding(objective, a, b, at, eta)
    return bool(move.loss <= others.min() + allowed)


def size_of(surface: Surface) -> float:
    a_low, a_high, b_low, b_high = surface.home
    return max(a_high - a_low, b_high - b_low)


# -- claim D2: no direction is lower


@pytest.mark.sampled(4)
@given(st.integers(0, 2**32 - 1))
@pytest.mark.parametrize("surface", ALL)
def test_no_direction_is_lower(surface: Surface, seed: int) -> None:
    """At random points and beside stationary ones, with η from 1e-3 to four times the map."""
    random = np.random.default_rng(seed)
    objective = FormulaObjective.of(surface)
    a_low, a_high, b_low, b_high = surface.home
    at = random.uniform(a_low, a_high), random.uniform(b_low, b_high)
    if surface.points and seed % 4 == 3:
        point = surface.points[random.integers(len(surface.points))]
        off = 10 ** random.uniform(-9, -1) * random.normal(size=2)
        at = point.a + float(off[0]), point.b + float(off[1])
    eta = 10 ** random.uniform(-3, math.log10(4 * size_of(surface)))
    move, evaluations = moved(objective, at, eta)
    assert is_lowest(objective, at, eta, move)
    assert move.is_searched
    assert FEWEST < evaluations <= LARGEST
    assert math.hypot(move.a - at[0], move.b - at[1]) == pytest.approx(eta)
    allowed = rounding(objective, move.a, move.b, at, eta)
    assert abs(move.loss - objective.value(move.a, move.b)) <= 2 * allowed


def test_the_narrow_valleys_of_a_large_circle() -> None:
    """48 directions, and a golden section beside the lowest, were 55 % of the range above."""
    objective = FormulaObjective.of(SURFACES["ackley"])
    random = np.random.default_rng(6)
    for at in random.uniform(-5, 5, (20, 2)).tolist():
        assert is_lowest(objective, at, 6.7, moved(objective, at, 6.7)[0])


def test_two_valleys_between_two_samples() -> None:
    """A valley of Rosenbrock's function crosses the circle twice within an eleventh of a turn."""
    objective = FormulaObjective.of(SURFACES["rosenbrock"])
    at, eta = (1.6666114028728485, 0.5401138627476327), 13.174650618756884
    move, evaluations = moved(objective, at, eta)
    assert is_lowest(objective, at, eta, move)
    assert evaluations < 60


@pytest.mark.parametrize("text", ["abs(a - 0.5) + abs(b)", "max(a, b) + relu(a + 1)", "abs(a*b)"])
@pytest.mark.parametrize("eta", [1e-3, 0.7, 30.0])
def test_kinks_on_the_circle(text: str, eta: float) -> None:
    random = np.random.default_rng(2)
    for at in random.uniform(-2, 2, (6, 2)).tolist():
        move, evaluations = moved(of(text), at, eta)
        # A valley with a kink is as deep as the angle is near: that is known to 1.5e-9.
        assert move.loss <= around(of(text), at, eta).min() + 1e-7 * eta
        assert move.is_searched
        assert evaluations <= ENOUGH + 1100


#: The waves of surfaces, by the shortest length that is still to be seen in their values.
WAVES = {"rastrigin": 1.0, "ackley": 0.2, "flower": 2 * math.pi, "mccormick": 2 * math.pi}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", WAVES)
@pytest.mark.parametrize("diagonals", [4, 8, 20, 100])
def test_a_long_circle_is_searched_or_it_is_said(name: str, diagonals: float) -> None:
    """From 8 diagonals of the map on, 2048 samples missed up to 2e-3 of what f varies by."""
    surface = SURFACES[name]
    objective = FormulaObjective.of(surface)
    a_low, a_high, b_low, b_high = surface.home
    eta = diagonals * math.hypot(a_high - a_low, b_high - b_low)
    # Eight samples for the shortest wave.
    count = max(10_000, int(8 * math.tau * eta / WAVES[name]))
    angles = np.linspace(-np.pi, np.pi, count, endpoint=False) + 1e-4
    random = np.random.default_rng(5)
    for _ in range(5):
        at = random.uniform(a_low, a_high), random.uniform(b_low, b_high)
        move, evaluations = moved(objective, at, eta)
        if move.is_searched:
            assert is_lowest(objective, at, eta, move, angles)
        assert move.is_searched is not (name == "ackley" and diagonals == 100)
        assert evaluations <= LARGEST


def test_in_float32_a_long_circle_is_not_taken_for_noise() -> None:
    """Waves between values that are meant to tell of round-off passed for it."""
    objective, eta = FormulaObjective.of(SURFACES["rastrigin"]), 116.0
    for at in np.random.default_rng(5).uniform(-5, 5, (8, 2)).tolist():
        move, _ = moved(objective, at, eta, "float32")
        # Rounded, f is off by 1e-3 here, and by as much again for the place; its waves are 40 high.
        assert move.loss <= around(objective, at, eta).min() + 0.02


def test_a_circle_that_no_samples_resolve_has_its_price() -> None:
    move, evaluations = moved(of("sin(1e6*a) + b"), (0.3, 0.4), 1.0)
    assert MOST < evaluations <= LARGEST
    assert not move.is_searched
    assert move.loss < -1.4  # b is −0.6 at the bottom, and −1.6 would be the lowest of all


# -- closed forms


@pytest.mark.parametrize("eta", [1e-3, 0.3, 4.0, 300.0])
def test_on_a_sphere_it_leads_to_the_centre(eta: float) -> None:
    move, evaluations = moved(of("a^2 + b^2"), (-2.0, 1.5), eta)
    assert (move.a, move.b) == pytest.approx((-2 + 0.8 * eta, 1.5 - 0.6 * eta), abs=2e-8 * eta)
    assert move.loss == pytest.approx((2.5 - eta) ** 2)
    assert evaluations < 64


def test_at_a_saddle_it_leads_down() -> None:
    move, _ = moved(of("a^2 - b^2"), (0.0, 0.0), 2.0)
    assert abs(move.b) == pytest.approx(2.0)
    assert move.loss == pytest.approx(-4.0)


# -- what it costs


@pytest.mark.parametrize("name", ["sphere", "quadratic", "rosenbrock", "himmelblau", "saddle"])
def test_a_smooth_circle_is_cheap(name: str) -> None:
    surface = SURFACES[name]
    counts = [
        moved(FormulaObjective.of(surface), surface.start, eta)[1] for eta in (1e-3, 0.1, 1.0, 6.0)
    ]
    assert max(counts) <= 40
    assert np.median(counts) == FEWEST + 4  # and the bottom of the interpolant


@pytest.mark.parametrize("name", ["sphere", "rosenbrock", "himmelblau"])
def test_a_smooth_circle_does_without_scipy(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its optimisers take 0.3 s to import, which nobody should wait for."""
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    surface = SURFACES[name]
    moved(FormulaObjective.of(surface), surface.start, 0.5)
    with pytest.raises(ImportError):
        moved(of("abs(a - 0.5) + abs(b)"), (0.3, 0.4), 0.7)


def test_it_costs_what_the_function_asks_for() -> None:
    counts = [moved(of(f"sin({k}*a) + b^2"), (0.1, 0.2), 1.0)[1] for k in (1, 10, 30, 100, 300)]
    assert counts == sorted(counts)
    assert counts[0] < 60
    assert counts[-1] > 1000


def test_every_value_is_one_that_was_called_for() -> None:
    called: list[tuple[float, float]] = []

    def value(a: float, b: float) -> float:
        called.append((a, b))
        return math.sin(3 * a) + b * b

    counted = CountedObjective(of("sin(3*a) + b^2"), "float64")
    best_move(counted.value, 0.3, 0.4, 0.8)
    move = best_move(value, 0.3, 0.4, 0.8)
    assert counted.evaluations == len(called)
    assert (move.a, move.b) in called
    assert move.loss == min(math.sin(3 * a) + b * b for a, b in called)


# -- float32


@pytest.mark.parametrize("surface", ALL)
def test_in_float32_it_is_the_best_to_float32(surface: Surface) -> None:
    objective = FormulaObjective.of(surface)
    at, eta = surface.start, size_of(surface) / 40
    move, evaluations = moved(objective, at, eta, "float32")
    assert type(move.a) is type(move.b) is type(move.loss) is np.float32
    others = around(objective, at, eta)
    assert move.loss <= others.min() + 2e-6 * max(10.0, np.abs(others).max())
    assert math.hypot(move.a - at[0], move.b - at[1]) == pytest.approx(eta, rel=1e-5)
    assert evaluations <= 700


@pytest.mark.parametrize(
    ("precision", "eta"),
    [("float64", 1e-3), ("float64", 1e-5), ("float64", 1e-7), ("float32", 0.03), ("float32", 1e-3)],
)
@pytest.mark.parametrize("part", [1e-2, 1.0])
def test_round_off_is_not_searched(precision: Any, eta: float, part: float) -> None:
    """Beside Rastrigin's minimum f is what is left of 20 − 20, and does not add up to a curve."""
    objective = FormulaObjective.of(SURFACES["rastrigin"])
    at = part * eta * 0.8, -part * eta * 0.6
    move, evaluations = moved(objective, at, eta, precision)
    assert evaluations < 500
    eps = EPS if precision == "float64" else float(np.finfo(np.float32).eps)
    assert move.loss <= around(objective, at, eta).min() + 100 * eps


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("precision", "least"), [("float64", 1e-9), ("float32", 1e-4)])
@pytest.mark.parametrize("name", ["rastrigin", "ackley"])
def test_round_off_is_not_taken_for_waves(name: str, precision: Any, least: float) -> None:
    """Steps of a few units of round-off have a spectrum as flat as that of waves."""
    objective, random = FormulaObjective.of(SURFACES[name]), np.random.default_rng(0)
    for _ in range(100):
        eta = 10 ** random.uniform(math.log10(least), -1)
        at = eta * 10 ** random.uniform(-2, 0) * random.normal(size=2)
        move, evaluations = moved(objective, at, eta, precision)
        assert move.is_searched
        assert evaluations < 10_000


# -- odd circles


def test_where_f_is_finite_nowhere() -> None:
    move, evaluations = moved(of("log(-a^2 - b^2)"), (1.0, 0.0), 0.5)
    assert all(math.isnan(part) for part in move[:3])
    assert evaluations == ENOUGH


def test_where_part_of_the_circle_is_not_finite() -> None:
    objective = of("log(a) + (b - 1)^2")
    move, evaluations = moved(objective, (1.0, 0.0), 1.5)
    assert move.loss <= np.nanmin(around(objective, (1.0, 0.0), 1.5))
    assert move.a > 0
    assert move.is_searched
    assert ENOUGH < evaluations <= ENOUGH + 1100


def test_a_valley_at_the_edge_of_the_domain() -> None:
    """f falls without end towards it, and infinite losses are never chosen."""
    for text in ("log(a)", "-1/a^400"):
        move, _ = moved(of(text), (1.0, 0.0), 1.5)
        others = around(of(text), (1.0, 0.0), 1.5)
        assert math.isfinite(move.loss)
        assert move.loss <= others[np.isfinite(others)].min()


@pytest.mark.parametrize("text", ["3", "a", "1e300*a^2", "exp(300*a)", "1e-300*a*b", "1/a"])
@pytest.mark.parametrize("eta", [1e-300, 1e-12, 1.0, 1e200])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_odd_functions_make_no_trouble(text: str, eta: float, precision: Any) -> None:
    _, evaluations = moved(of(text), (0.9, 1.1), eta, precision)
    assert FEWEST <= evaluations <= LARGEST


def test_where_f_is_the_same_everywhere_there_is_nothing_to_narrow() -> None:
    assert moved(of("3"), (0.9, 1.1), 1.0)[1] == FEWEST
    # Half of the circle is a floor, which the samples have found.
    move, evaluations = moved(of("relu(a)"), (0.0, 0.0), 1.0)
    assert move.loss == 0.0
    assert evaluations < ENOUGH + 300
