"""The table of surfaces against the formulas, the literature and independent searches."""

from __future__ import annotations

import itertools
import math
from dataclasses import FrozenInstanceError
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.optimize import minimize

from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import (
    _TABLE,
    DEFAULT_SURFACE,
    SECTIONS,
    SURFACES,
    StationaryPoint,
    Surface,
    find_surface,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

ALL = [pytest.param(surface, id=name) for name, surface in SURFACES.items()]
COMPLETE = [pytest.param(s, id=name) for name, s in SURFACES.items() if s.complete]
WITH_MINIMA = [pytest.param(s, id=name) for name, s in SURFACES.items() if s.minima]
WITHOUT_MINIMUM = [pytest.param(s, id=name) for name, s in SURFACES.items() if s.remark]
WITH_POINTS = [pytest.param(s, id=name) for name, s in SURFACES.items() if s.points]

# Values worked out by hand, or famous, away from the stationary points: they catch a mistyped
# formula that happens to keep its minima.
SPOT_VALUES = {
    "sigmoid-unit": (0.0, 2.0, 1.0),
    "sigmoid-fit": (0.0, 2.0, 0.02),
    "nested-sigmoid": (0.0, 2 * math.log(3), 0.75),
    "nested-fit": (0.0, 2 * math.log(3), 0.00125),
    # σ(0) = ½ in the first unit; the others are σ(1) and σ(−1) = 1 − σ(1)
    "three-units": (
        0.0,
        0.0,
        (4 / (1 + math.exp(-1)) - 2.5) ** 2 + (4 / (1 + math.exp(-1)) - 2.3) ** 2,
    ),
    # At θ = 0 the models are 0: the mean of y² is left, and log 2 for each label.
    "linear-regression": (0.0, 0.0, 46.2523 / 20),
    "logistic-regression": (0.0, 0.0, 40 * math.log(2)),
    "sigmoid-regression": (0.0, 0.0, 63.0152 / 24),
    "one-feature-logistic": (0.0, 0.0, math.log(2)),
    "sphere": (3.0, 4.0, 25.0),
    "quadratic": (1.0, 1.0, 13.0),
    "rosenbrock": (-1.2, 1.0, 24.2),
    "himmelblau": (0.0, 0.0, 170.0),
    "beale": (1.0, 1.0, 14.203125),
    "booth": (0.0, 0.0, 74.0),
    "matyas": (1.0, 1.0, 0.04),
    "goldstein-price": (0.0, 0.0, 600.0),
    "three-hump-camel": (1.0, 1.0, 2 - 1.05 + 1 / 6 + 2),
    "six-hump-camel": (1.0, 1.0, 4 - 2.1 + 1 / 3 + 1),
    "mccormick": (math.pi, 0.0, 1 + math.pi**2 - 1.5 * math.pi),
    "styblinski-tang": (1.0, 2.0, (1 - 16 + 5 + 16 - 64 + 10) / 2),
    "rastrigin": (0.5, 0.5, 40.5),
    "ackley": (1.0, 1.0, 3.6253849384403627),
    "flower": (math.pi / 2, math.pi / 2, math.pi + math.pi**2 / 2),
    "two-gaussians": (-1.5, -1.0, -1 - 1.5 * math.exp(-13 / 3)),
    "peaks": (0.0, 0.0, 8 / (3 * math.e)),
    "saddle": (2.0, 1.0, 3.0),
    "monkey-saddle": (1.0, 1.0, -2.0),
}

# As published, to the digits published: surface, kind, a, b, value.
PUBLISHED = [
    ("rosenbrock", "minimum", 1.0, 1.0, 0.0),
    ("himmelblau", "minimum", 3.0, 2.0, 0.0),
    ("himmelblau", "minimum", -2.805118, 3.131312, 0.0),
    ("himmelblau", "minimum", -3.779310, -3.283186, 0.0),
    ("himmelblau", "minimum", 3.584428, -1.848126, 0.0),
    ("himmelblau", "maximum", -0.270845, -0.923039, 181.617),
    ("beale", "minimum", 3.0, 0.5, 0.0),
    ("booth", "minimum", 1.0, 3.0, 0.0),
    ("matyas", "minimum", 0.0, 0.0, 0.0),
    ("goldstein-price", "minimum", 0.0, -1.0, 3.0),
    ("goldstein-price", "minimum", -0.6, -0.4, 30.0),
    ("goldstein-price", "minimum", 1.8, 0.2, 84.0),
    ("goldstein-price", "minimum", 1.2, 0.8, 840.0),
    ("three-hump-camel", "minimum", 0.0, 0.0, 0.0),
    ("six-hump-camel", "minimum", 0.0898, -0.7126, -1.031628453489877),
    ("six-hump-camel", "minimum", -0.0898, 0.7126, -1.031628453489877),
    ("mccormick", "minimum", -0.54719, -1.54719, -1.913222954981037),
    ("styblinski-tang", "minimum", -2.903534, -2.903534, -78.33233140754282),
    ("rastrigin", "minimum", 0.0, 0.0, 0.0),
    ("ackley", "minimum", 0.0, 0.0, 0.0),
    ("peaks", "minimum", 0.2283, -1.6255, -6.5511),
    ("peaks", "maximum", -0.0093, 1.5814, 8.1062),
]


@cache
def objective_of(name: str) -> FormulaObjective:
    surface = SURFACES[name]
    return FormulaObjective.of(surface)


def curvatures(objective: FormulaObjective, a: float, b: float) -> tuple[float, float]:
    in_aa, in_ab, in_bb = objective.hessian(a, b)
    low, high = np.linalg.eigvalsh(np.array([[in_aa, in_ab], [in_ab, in_bb]]))
    return float(low), float(high)


def grid(surface: Surface, count: int) -> tuple[np.ndarray, np.ndarray]:
    """A grid inside the home range, shifted by a seeded part of a cell off the round numbers."""
    shift_a, shift_b = np.random.default_rng(20240229).uniform(0.1, 0.9, 2)
    home = surface.home
    a = home.a_low + (home.a_high - home.a_low) * (np.arange(count) + shift_a) / count
    b = home.b_low + (home.b_high - home.b_low) * (np.arange(count) + shift_b) / count
    return np.meshgrid(a, b)


def touches(a: float, b: float, a_ends: Sequence[float], b_ends: Sequence[float]) -> bool:
    """Tell whether (a, b) lies on the border of a rectangle, rounding aside."""
    return bool(np.isclose(a, a_ends).any() or np.isclose(b, b_ends).any())


def descend(surface: Surface, a: float, b: float, sign: int = 1) -> tuple[float, float]:
    """Minimise sign · f at home, from box to small box, lest a line search leap over a rim."""
    objective = objective_of(surface.name)
    home = surface.home
    reach_a = 0.02 * (home.a_high - home.a_low)
    reach_b = 0.02 * (home.b_high - home.b_low)
    for _ in range(100):
        box = [
            (max(home.a_low, a - reach_a), min(home.a_high, a + reach_a)),
            (max(home.b_low, b - reach_b), min(home.b_high, b + reach_b)),
        ]
        end = minimize(
            lambda p: sign * objective.value(*p),
            (a, b),
            jac=lambda p: sign * np.array(objective.gradient(*p)),
            method="L-BFGS-B",
            bounds=box,
            options={"ftol": 0.0, "gtol": 1e-9},
        ).x
        stuck = np.allclose((a, b), end, rtol=0, atol=1e-12)
        a, b = map(float, end)
        if stuck:
            break
    return a, b


# --- the table itself ---------------------------------------------------------------------------


def test_menu_has_the_promised_surfaces_and_spot_values_for_each():
    assert set(SURFACES) == set(SPOT_VALUES)
    assert next(iter(SURFACES)) == DEFAULT_SURFACE == "sigmoid-unit"


def test_table_is_read_only():
    with pytest.raises(TypeError):
        SURFACES["sphere"] = SURFACES["booth"]  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        SURFACES["sphere"].name = "booth"  # type: ignore[misc]


@pytest.mark.parametrize("surface", ALL)
def test_row_is_sound(surface: Surface):
    assert SURFACES[surface.name] is surface
    assert surface.name == "-".join(surface.name.lower().split())
    assert surface.title
    assert surface.note.endswith(".")
    home = surface.home
    assert home.a_low < home.a_high
    assert home.b_low < home.b_high
    assert home.contains(*surface.start)
    assert surface.alpha > 0
    assert surface.defaults == {c.name: c.default for c in surface.constants}
    assert list(surface.minima) == sorted(surface.minima, key=lambda point: point.value)
    for constant in surface.constants:
        assert constant.low <= constant.default <= constant.high
        assert constant.low < constant.high
        assert constant.meaning
        assert constant.name in surface.formula
    for point in surface.points:
        assert home.contains(point.a, point.b)


@pytest.mark.parametrize("surface", ALL)
def test_home_range_is_inside_the_domain(surface: Surface):
    objective = objective_of(surface.name)
    a, b = grid(surface, 61)
    assert np.isfinite(objective.values(a, b)).all()
    assert np.isfinite(objective.gradients(a, b)).all()
    assert all(map(math.isfinite, objective.gradient(*surface.start)))


@pytest.mark.parametrize("surface", ALL)
def test_default_alpha_goes_downhill_from_the_start(surface: Surface):
    objective = objective_of(surface.name)
    a, b = surface.start
    before = objective.value(a, b)
    for _ in range(10):
        in_a, in_b = objective.gradient(a, b)
        a, b = a - surface.alpha * in_a, b - surface.alpha * in_b
    assert surface.home.contains(a, b)
    assert objective.value(a, b) < before
    # "sensible": a movement that can be seen on the map
    width = surface.home.a_high - surface.home.a_low
    assert math.dist((a, b), surface.start) > 0.02 * width


# --- finding a surface --------------------------------------------------------------------------


@pytest.mark.parametrize("name", SURFACES)
def test_find_surface(name: str):
    assert find_surface(name) is SURFACES[name]


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("rosenbrok", "did you mean rosenbrock"),
        ("Six-Hump Camel", "did you mean six-hump-camel"),
        ("sigmoid_unit", "did you mean sigmoid-unit"),
        ("hump", "did you mean three-hump-camel"),
        ("Goldstein–Price", "did you mean goldstein-price"),
        ("qqq", "gdviz surfaces lists the names"),
        ("", "gdviz surfaces lists the names"),
    ],
)
def test_unknown_surface_offers_names(name: str, offered: str):
    with pytest.raises(ValueError, match="unknown surface") as caught:
        find_surface(name)
    assert str(caught.value).startswith(f"unknown surface {name!r}: ")
    assert offered in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_unknown_surface_of_any_length_is_one_short_sentence():
    with pytest.raises(ValueError, match="unknown surface") as caught:
        find_surface("x\n" * 1_000_000)
    assert len(str(caught.value)) < 500
    assert "\n" not in str(caught.value)


# --- formulas and points ------------------------------------------------------------------------


@pytest.mark.parametrize("name", SPOT_VALUES)
def test_formula_has_the_value_worked_out_by_hand(name: str):
    a, b, value = SPOT_VALUES[name]
    assert objective_of(name).value(a, b) == pytest.approx(value, rel=1e-14, abs=1e-14)


@pytest.mark.parametrize(("name", "kind", "a", "b", "value"), PUBLISHED)
def test_published_point_is_listed(name: str, kind: str, a: float, b: float, value: float):
    def near(point: StationaryPoint) -> float:
        return math.dist((point.a, point.b), (a, b))

    point = min(SURFACES[name].points, key=near)
    assert near(point) < 1e-4
    assert point.kind == kind
    digits = len(str(value).partition(".")[2])
    assert point.value == pytest.approx(value, rel=4e-16 if digits > 10 else 0, abs=10**-digits / 2)


@pytest.mark.parametrize("surface", WITH_POINTS)
def test_listed_value_is_the_formula_there(surface: Surface):
    for point in surface.points:
        value = objective_of(surface.name).value(point.a, point.b)
        assert value == pytest.approx(point.value, rel=1e-12, abs=1e-14), point


@pytest.mark.parametrize("surface", WITH_POINTS)
def test_gradient_vanishes_and_hessian_has_the_sign(surface: Surface):
    objective, home = objective_of(surface.name), surface.home
    signs = {"minimum": (1, 1), "maximum": (-1, -1), "saddle": (-1, 1)}
    for point in surface.points:
        if not point.smooth:
            continue  # by value, below
        low, high = curvatures(objective, point.a, point.b)
        largest = max(abs(low), abs(high))
        scale = max(largest, 1.0) * max(home.a_high - home.a_low, home.b_high - home.b_low)
        assert math.hypot(*objective.gradient(point.a, point.b)) <= 1e-14 * scale, point
        assert point.degenerate == (min(abs(low), abs(high)) <= 1e-6 * largest), point
        if not point.degenerate:  # those by value, below
            assert (np.sign(low), np.sign(high)) == signs[point.kind], point


def test_degenerate_and_conical_points_are_those_checked_by_value():
    special = {
        (name, point.kind, point.smooth, point.degenerate)
        for name, surface in SURFACES.items()
        for point in surface.points
        if point.degenerate or not point.smooth
    }
    assert special == {
        ("flower", "minimum", True, True),
        ("monkey-saddle", "saddle", True, True),
        ("ackley", "minimum", False, False),
    }


@pytest.mark.parametrize("radius", [1e-2, 1e-1, 1.0])
def test_degenerate_points_by_value(radius: float):
    angle = np.linspace(0, 2 * np.pi, 240, endpoint=False) + 0.003
    a, b = radius * np.cos(angle), radius * np.sin(angle)
    assert (objective_of("flower").values(a, b) > 0).all()
    # r³ cos 3φ: three valleys, three ridges
    sign = np.sign(objective_of("monkey-saddle").values(a, b))
    assert np.count_nonzero(sign != np.roll(sign, 1)) == 6


def test_ackley_minimum_is_a_cone():
    objective = objective_of("ackley")
    assert not all(map(math.isfinite, objective.gradient(0.0, 0.0)))
    for angle in np.linspace(0, 2 * np.pi, 16, endpoint=False):
        a, b = 1e-6 * math.cos(angle), 1e-6 * math.sin(angle)
        # 20 · 0.2 / √2 in every direction
        assert objective.value(a, b) / 1e-6 == pytest.approx(math.sqrt(8), rel=1e-4)


@pytest.mark.parametrize("surface", WITH_MINIMA)
def test_minimisation_returns_to_each_minimum(surface: Surface):
    offsets = (0.004, 0.003), (-0.003, 0.004), (0.001, -0.005)
    for point, offset in itertools.product(surface.minima, offsets):
        assert_minimisation_returns(surface, point, offset)


def assert_minimisation_returns(
    surface: Surface, point: StationaryPoint, offset: tuple[float, float]
) -> None:
    objective = objective_of(surface.name)
    home = surface.home
    begin = (
        point.a + offset[0] * (home.a_high - home.a_low),
        point.b + offset[1] * (home.b_high - home.b_low),
    )
    if point.smooth:
        end = descend(surface, *begin)
    else:
        end = minimize(
            lambda p: objective.value(*p),
            begin,
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-12},
        ).x
    # f ~ t⁴ along a degenerate direction: ‖∇f‖ = 1e-9 is reached at t ~ 1e-3
    tolerance = 2e-3 if point.degenerate else 1e-6
    assert math.dist(end, (point.a, point.b)) < tolerance, (point, offset)
    assert objective.value(*end) == pytest.approx(point.value, rel=1e-9, abs=1e-9), (point, offset)


@pytest.mark.parametrize("kappa", [1.0, 25.0, 1000.0])
def test_minimum_of_the_quadratic_does_not_move_with_kappa(kappa: float):
    objective = FormulaObjective.from_text(SURFACES["quadratic"].formula, {"kappa": kappa})
    (point,) = SURFACES["quadratic"].points
    assert objective.gradient(point.a, point.b) == (0.0, 0.0)
    assert objective.hessian(point.a, point.b) == (1.0, 0.0, kappa)


# --- nothing is missing -------------------------------------------------------------------------


@pytest.mark.sampled(16)
@pytest.mark.parametrize(("kind", "sign"), [("minimum", 1), ("maximum", -1)])
@pytest.mark.parametrize("surface", COMPLETE)
def test_no_interior_extremum_is_missing(surface: Surface, kind: str, sign: int):
    """Every local extremum of a dense grid leads to a listed point or to the border."""
    a, b = grid(surface, 101)
    height = sign * objective_of(surface.name).values(a, b)
    core = height[1:-1, 1:-1]
    lowest = np.ones_like(core, bool)
    for row, column in itertools.product(range(3), repeat=2):
        lowest &= core <= height[row : row + core.shape[0], column : column + core.shape[1]]
    cells = np.argwhere(lowest) + 1
    listed = [point for point in surface.points if point.kind == kind]
    home = surface.home
    width = max(home.a_high - home.a_low, home.b_high - home.b_low)
    reached = set()
    for row, column in cells:
        end = descend(surface, a[row, column], b[row, column], sign)
        if touches(*end, home[:2], home[2:]):
            continue
        point = min(listed, key=lambda p: math.dist((p.a, p.b), end), default=None)
        assert point is not None, f"unlisted {kind} near {end}"
        assert math.dist((point.a, point.b), end) < 1e-3 * width, f"unlisted {kind} near {end}"
        reached.add(point)
    assert reached == set(listed)  # the search itself finds what there is


@pytest.mark.parametrize("surface", COMPLETE)
def test_points_add_up_to_the_winding_number_of_the_gradient(surface: Surface):
    """Poincaré–Hopf: once around the border, ∇f turns by the sum of the indices inside."""
    objective = objective_of(surface.name)
    home = surface.home
    corners = np.array(
        [
            (home.a_low, home.b_low),
            (home.a_high, home.b_low),
            (home.a_high, home.b_high),
            (home.a_low, home.b_high),
            (home.a_low, home.b_low),
        ]
    )
    along = np.linspace(0, 4, 401)
    for _ in range(30):
        a = np.interp(along, range(5), corners[:, 0])
        b = np.interp(along, range(5), corners[:, 1])
        in_a, in_b = objective.gradients(a, b)
        turn = np.diff(np.arctan2(in_b, in_a))
        turn = (turn + np.pi) % (2 * np.pi) - np.pi
        coarse = np.flatnonzero(np.abs(turn) > 0.3)
        if not coarse.size:
            break
        along = np.sort(np.concatenate([along, (along[coarse] + along[coarse + 1]) / 2]))
    else:
        pytest.fail("the gradient jumps on the border")
    index = {"minimum": 1, "maximum": 1, "saddle": -1}
    expected = sum(index[point.kind] for point in surface.points)
    if surface.name == "monkey-saddle":
        expected = -2
    assert turn.sum() / (2 * np.pi) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("surface", WITH_MINIMA)
def test_lowest_listed_minimum_is_the_lowest_value_at_home(surface: Surface):
    lowest = surface.minima[0].value
    assert objective_of(surface.name).values(*grid(surface, 401)).min() >= lowest


def test_incomplete_lists_say_so_in_the_note():
    incomplete = {name: s.note for name, s in SURFACES.items() if not s.complete}
    assert set(incomplete) == {"sigmoid-fit", "nested-fit", "rastrigin", "ackley"}
    assert "curve" in incomplete["sigmoid-fit"]
    assert "curve" in incomplete["nested-fit"]
    assert "only the global minimum is listed" in incomplete["rastrigin"].lower()
    assert "only this global minimum is listed" in incomplete["ackley"].lower()


def test_rastrigin_has_as_many_minima_as_its_note_says():
    # f is a sum of one function of a and one of b, so its minima are pairs of the minima of one
    line = np.linspace(-5.12, 5.12, 20001)
    height = objective_of("rastrigin").values(line, 0.0)
    inside = (height[1:-1] < height[:-2]) & (height[1:-1] < height[2:])
    assert f"{np.count_nonzero(inside) ** 2} minima" in SURFACES["rastrigin"].note


# --- surfaces without a lowest point ------------------------------------------------------------


def test_remark_stands_exactly_where_there_is_no_minimum():
    without = {name for name, s in SURFACES.items() if s.complete and not s.minima}
    assert {name for name, s in SURFACES.items() if s.remark} == without
    assert without == {"sigmoid-unit", "nested-sigmoid", "saddle", "monkey-saddle"}


@pytest.mark.parametrize("surface", WITHOUT_MINIMUM)
def test_surface_without_minimum_is_unbounded_below(surface: Surface):
    assert surface.remark.endswith("has no minimum")
    if surface.name == "nested-sigmoid":
        return  # below
    objective = objective_of(surface.name)
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    lowest = [objective.values(r * np.cos(angle), r * np.sin(angle)).min() for r in (1e2, 1e4)]
    assert lowest[0] < -50
    assert lowest[1] < 50 * lowest[0]


def test_nested_sigmoid_falls_towards_zero_and_stays_above():
    # ∂z/∂b = z(1 − z)·σ(ax) > 0 everywhere
    objective = objective_of("nested-sigmoid")
    values = [objective.value(1.0, b) for b in (-10.0, -100.0, -900.0)]
    assert values[0] > values[1] > values[2] > 0
    assert values[2] < 1e-250
    assert (objective.gradients(*grid(SURFACES["nested-sigmoid"], 61))[1] > 0).all()


@pytest.mark.parametrize(("x", "t"), [(1.0, 0.8), (-5.0, 3.0), (0.0, -3.0)])
@pytest.mark.parametrize("a", [-2.0, 0.0, 3.5])
def test_valley_of_the_sigmoid_fit(x: float, t: float, a: float):
    objective = FormulaObjective.from_text(SURFACES["sigmoid-fit"].formula, {"x": x, "t": t})
    b = t * (1 + math.exp(-a * x))
    # e^(-ax) reaches 4e7 here, and rounding of b grows with it
    size = max(1.0, abs(b))
    assert objective.value(a, b) <= (1e-15 * size) ** 2
    assert math.hypot(*objective.gradient(a, b)) <= 1e-13 * size
    in_aa, in_ab, in_bb = objective.hessian(a, b)
    assert in_bb > 0
    assert in_aa * in_bb == pytest.approx(in_ab**2, rel=1e-9, abs=1e-25)


@pytest.mark.parametrize("t", [0.05, 0.8, 0.95])
@pytest.mark.parametrize("a", [-2.0, 0.0, 3.5])
def test_valley_of_the_nested_fit(t: float, a: float):
    objective = FormulaObjective.from_text(SURFACES["nested-fit"].formula, {"x": 1.0, "t": t})
    b = math.log(t / (1 - t)) * (1 + math.exp(-a))
    assert objective.value(a, b) <= 1e-30
    assert math.hypot(*objective.gradient(a, b)) <= 1e-14


def test_each_surface_stands_in_one_section_of_the_menu() -> None:
    names = [name for names in SECTIONS.values() for name in names]
    assert len(names) == len(set(names)) == len(SURFACES) == len(_TABLE)
    for section, counts in (("One minimum", {1}), ("Saddles", {0})):
        assert {len(SURFACES[name].minima) for name in SECTIONS[section]} == counts
