"""Gradient flow: closed forms, an integrator of SciPy's, and what ends it."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from gdviz.base.geometry import Range
from gdviz.engine.descent.gradient_flow import follow_flow
from gdviz.engine.descent.path import Status
from gdviz.engine.descent.run_settings import widened
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES

MAP = Range(-15.0, 15.0, -15.0, 15.0)


def flow(text: str, start: tuple[float, float]) -> tuple[float, float, Status]:
    return follow_flow(FormulaObjective.from_text(text), start, MAP)


@pytest.mark.parametrize("kappa", [1.0, 25.0, 1e6])
def test_a_quadratic(kappa: float) -> None:
    *end, status = flow(f"((a - 1)^2 + {kappa}*(b + 2)^2)/2", (5.0, 3.0))
    assert end == pytest.approx([1.0, -2.0], abs=1e-14)
    assert status is Status.ESTIMATE_VANISHED


def test_on_a_valleys_floor_it_ends_where_it_came_down() -> None:
    """On (a + b − 1)² the flow is straight: a − b stays what it is."""
    a, b, status = flow("(a + b - 1)^2", (3.0, 1.0))
    assert (a, b) == pytest.approx((1.5, -0.5), abs=1e-6)
    assert status is Status.ESTIMATE_VANISHED


def test_on_a_curved_valley_as_well() -> None:
    """On (ab − 1)² the flow keeps a² − b²: with 3 of it, ab = 1 has a⁴ − 3a² = 1."""
    a, b, _ = flow("(a*b - 1)^2", (2.0, 1.0))
    assert a == pytest.approx(math.sqrt((3 + math.sqrt(13)) / 2), abs=0.02)
    assert a * b == pytest.approx(1.0)


@pytest.mark.parametrize("a", [1e-9, 1e-3, 0.9, 3.0])
def test_a_watershed_parts_what_begins_on_either_side(a: float) -> None:
    for side in (-1.0, 1.0):
        end, _, _ = flow("a^4 - 2*a^2 + (b - a)^2", (side * a, side * a))
        assert end == pytest.approx(side)


@pytest.mark.parametrize(
    ("text", "start", "status"),
    [
        ("a^2 - b^2", (1.0, 1.0), Status.LEFT_MAP),
        ("exp(a) + b^2", (1.0, 1.0), Status.LEFT_MAP),
        ("a + b", (1.0, 1.0), Status.LEFT_MAP),
        ("a^2 - b^2", (1.0, 0.0), Status.ESTIMATE_VANISHED),  # the saddle point
        ("-a^2 - b^2", (0.0, 0.0), Status.ESTIMATE_VANISHED),
        ("0*a", (1.0, 1.0), Status.ESTIMATE_VANISHED),
        ("log(-a^2 - b^2)", (1.0, 1.0), Status.UNDEFINED),
        ("1/a", (0.0, 1.0), Status.UNDEFINED),
        ("abs(a) + abs(b)", (0.5, 0.3), Status.STEP_LIMIT),
    ],
)
def test_what_ends_it(text: str, start: tuple[float, float], status: Status) -> None:
    assert flow(text, start)[2] is status


def test_at_a_kink_it_stays_beside_it() -> None:
    a, b, _ = flow("abs(a) + abs(b)", (0.7, 0.3))
    assert math.hypot(a, b) < 3e-3 * math.hypot(30, 30)


@pytest.mark.parametrize("name", ["three-hump-camel", "goldstein-price", "himmelblau", "peaks"])
def test_it_arrives_where_a_finer_integrator_does(name: str) -> None:
    surface = SURFACES[name]
    objective = FormulaObjective.of(surface)
    a_low, a_high, b_low, b_high = surface.home
    starts = np.random.default_rng(3).uniform((a_low, b_low), (a_high, b_high), (12, 2))

    def fall(_time: float, theta: np.ndarray) -> np.ndarray:
        return -np.array(objective.gradient(*theta))

    def jacobian(_time: float, theta: np.ndarray) -> np.ndarray:
        return -np.array(objective.hessian(*theta))[[[0, 1], [1, 2]]]

    arrived = 0
    for start in starts.tolist():
        *end, status = follow_flow(objective, tuple(start), widened(surface.home, tuple(start)))
        if status is not Status.ESTIMATE_VANISHED:
            continue
        fine = solve_ivp(fall, (0.0, 30.0), start, "LSODA", jac=jacobian, rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(end, fine.y[:, -1], atol=1e-4)
        arrived += 1
    assert arrived >= 6
