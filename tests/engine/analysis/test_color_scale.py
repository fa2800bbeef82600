"""The colour scale: inverse, monotone, and truthful about losses of any size."""

import itertools
import math
import re
import sys
import unicodedata
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.special import expit

from gdviz.engine.analysis.color_scale import LEVELS, ColorScale, Kind
from gdviz.engine.analysis.grid import sample
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.grid_objective import GridObjective
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE

KINDS: tuple[Kind, ...] = get_args(Kind)
NASTY = [
    (0.0, 1.0),
    (-1.0, 1.0),
    (0.0, 1e-300),
    (1e-300, 5e-300),
    (0.0, 1e300),
    (-1e306, 1e306),
    (1e300, 1.5e300),
    (1e6, 1e6 + 1.0),
    (1234567.2, 1234568.0),
    (-7.0, -6.999),
    (-1e-9, 3e9),
    (0.0, 9.999999999999999),
    (0.0, 6e-4),
    (0.1, 0.3),
    (999.0, 1001.0),
    (1.0, 1.0 + 1e-11),
    (-123456789.0, 1e-3),
]


def scale_of(kind: Kind, low: float, high: float) -> ColorScale:
    scale = ColorScale.fit(np.array([[low, high], [(low + high) / 2, high]]), kind)
    assert (scale.low, scale.high) == (low, high)
    return scale


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("low", "high"), NASTY)
def test_the_ends_and_the_inverse(kind: Kind, low: float, high: float) -> None:
    scale = scale_of(kind, low, high)
    assert scale.place([low, high]).tolist() == [0.0, 1.0]
    np.testing.assert_allclose(scale.loss([0.0, 1.0]), [low, high], atol=1e-14 * (high - low))
    places = np.linspace(0, 1, 101)
    losses = scale.loss(places)
    assert (np.diff(losses) >= 0).all()
    # A loss has the spacing of the doubles at its size, which is all that may be lost.
    spacing = np.spacing(max(abs(low), abs(high))) / (high - low)
    np.testing.assert_allclose(scale.loss(scale.place(losses)), losses,
                               rtol=1e-12, atol=(high - low) * 1e-9)  # fmt: skip
    if spacing < 1e-15:
        np.testing.assert_allclose(scale.place(losses), places, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_monotone_and_clipped(kind: Kind) -> None:
    scale = ColorScale(kind, -2.0, 30.0)
    losses = np.concatenate([[-np.inf, -1e300, -3], np.linspace(-2, 30, 500), [31, 1e300, np.inf]])
    places = scale.place(losses)
    assert (np.diff(places) >= 0).all()
    assert (np.diff(places[3:-3]) > 0).all()
    assert places[0] == 0.0
    assert places[-1] == 1.0
    assert np.isnan(scale.place([np.nan])).all()


def test_the_formulas() -> None:
    """u/R, √(u/R), and log(1 + u/δ)/log(1 + R/δ) with δ = 10⁻⁵R, for u = 5 − 1 and R = 16."""
    assert ColorScale("linear", 1.0, 17.0).place(5.0) == 0.25
    assert ColorScale("sqrt", 1.0, 17.0).place(5.0) == 0.5
    expected = math.log(1 + 4 / 16e-5) / math.log(1 + 1e5)
    assert ColorScale("log", 1.0, 17.0).place(5.0) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("kind", KINDS)
def test_contour_levels_are_equally_spaced_in_colour(kind: Kind) -> None:
    scale = ColorScale(kind, -3.0, 1e4)
    levels = scale.levels()
    assert len(levels) == LEVELS
    assert (np.diff(levels) > 0).all()
    np.testing.assert_allclose(np.diff(scale.place(levels)), 1 / LEVELS, rtol=1e-7)
    assert len(scale.levels(7)) == 7


def number_of(label: str) -> float:
    """Return the number that a label says: 2·10⁻⁷."""
    mantissa, _, exponent = re.sub(r"^(−?)10(?=[⁻⁰-⁹¹²³])", r"\g<1>1·10", label).partition("·10")
    power = unicodedata.normalize("NFKC", exponent)
    return float(f"{mantissa}e{power or 0}".replace("−", "-"))


def check_ticks(scale: ColorScale) -> None:
    ticks = scale.ticks()
    if scale.known < 2:  # of the one loss that there is, or of none
        assert [place for place, _ in ticks] == [0.0] * scale.known
        for _, label in ticks:
            assert number_of(label) == pytest.approx(scale.low, rel=1e-5)
        return
    assert 1 <= len(ticks) <= 9
    places = [place for place, _ in ticks]
    assert places == sorted(places)
    assert all(0.0 <= place <= 1.0 for place in places)
    assert len({label for _, label in ticks}) == len(ticks)
    size = max(abs(scale.low), abs(scale.high))
    for place, label in ticks:
        loss = number_of(label)
        # Truthful: what is written lies within the scale, and at its place.
        slack = 4 * np.spacing(size) + 1e-9 * (scale.high - scale.low)
        assert scale.low - slack <= loss <= scale.high + slack
        if np.spacing(size) < 1e-12 * (scale.high - scale.low):
            assert float(scale.place(loss)) == pytest.approx(place, abs=1e-3)
    for (one, _), (two, _) in itertools.pairwise(ticks):
        assert two > one


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("low", "high"), NASTY)
def test_ticks(kind: Kind, low: float, high: float) -> None:
    check_ticks(scale_of(kind, low, high))


@pytest.mark.parametrize(
    ("kind", "low", "high", "labels"),
    [
        ("linear", 0.0, 6.0, "0 1 2 3 4 5 6"),
        ("linear", -0.3, 0.3, "−0.3 −0.2 −0.1 0 0.1 0.2 0.3"),
        ("linear", -0.8, 5.0, "0 1 2 3 4 5"),
        ("linear", 0.0, 2.5, "0 0.5 1.0 1.5 2.0 2.5"),
        ("linear", 1e6, 1e6 + 1, "1000000.0 1000000.2 1000000.4 1000000.6 1000000.8 1000001.0"),
        ("linear", 0.0, 6e22, "0 10²² 2·10²² 3·10²² 4·10²² 5·10²² 6·10²²"),
        ("log", 0.0, 2500.0, "0 0.1 1 10 100 1000"),
        ("log", 0.0, 9000.0, "0 1 10 100 1000"),
        ("log", 3.0, 3e5, "10 10² 10³ 10⁴ 10⁵"),
        ("log", 0.0, 1e-3, "0 10⁻⁷ 10⁻⁶ 10⁻⁵ 10⁻⁴ 10⁻³"),
        ("log", -13.01, 1e4, "−12 −10 0 100 1000 10000"),
        ("sqrt", 0.03, 890.0, "10 100 200 500"),
        ("sqrt", 0.0, 2500.0, "0 100 500 1000 2000"),
        ("sqrt", -1.5e5, 0.0, "−1.5·10⁵ −1.4·10⁵ −10⁵ −5·10⁴ 0"),
        ("sqrt", 0.0, 1e20, "0 10¹⁸ 10¹⁹ 2·10¹⁹ 5·10¹⁹ 10²⁰"),
        ("log", -1e20, 1e20, "−10²⁰ −9.995·10¹⁹ −9.98·10¹⁹ −9.9·10¹⁹ −9.5·10¹⁹ −8·10¹⁹ 0"),
    ],
)
def test_ticks_are_round(kind: Kind, low: float, high: float, labels: str) -> None:
    """Multiples of 1, 2 or 5; decades on a logarithmic scale, and nothing between them."""
    assert [label for _, label in ColorScale(kind, low, high).ticks()] == labels.split()


@pytest.mark.parametrize("kind", KINDS)
def test_ticks_are_spread(kind: Kind) -> None:
    for low, high in ((0.0, 1.0), (-5.0, 2500.0), (1e-8, 3e-8), (0.0, 1e300)):
        places = [place for place, _ in ColorScale(kind, low, high).ticks()]
        assert len(places) >= 4
        assert max(places) - min(places) > 0.6


_losses = st.floats(-1e306, 1e306)


@given(st.sampled_from(KINDS), _losses, _losses)
@example("linear", 0.0, 1e-305)
@example("linear", 0.0, 6 * 10.0**22)
@example("linear", 0.0, math.nextafter(6e-5, 0))
@example("linear", 0.0, math.nextafter(6e-5, 1))
@example("log", 1.0, 1.0)
@example("linear", 5e-324, 0.0)
def test_any_two_losses_make_a_scale(kind: Kind, one: float, two: float) -> None:
    scale = ColorScale.fit(np.array([one, two, math.nan]), kind)
    assert math.isfinite(scale.low)
    assert math.isfinite(scale.high)
    assert scale.low < scale.high
    assert scale.low <= min(one, two)
    check_ticks(scale)
    assert np.isfinite(scale.levels()).all()
    assert np.isfinite(scale.place([one, two])).all()


@pytest.mark.parametrize("kind", KINDS)
def test_linear_decades(kind: Kind) -> None:
    """The step of the ticks is found at each power of ten, and just beside it."""
    for exponent in range(-300, 301, 7):
        for high in (6 * 10.0**exponent, math.nextafter(6 * 10.0**exponent, 0),
                     math.nextafter(6 * 10.0**exponent, math.inf)):  # fmt: skip
            check_ticks(ColorScale(kind, 0.0, high))


# -- fitting


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "values",
    [
        np.full((3, 3), 5.0),
        np.zeros((3, 3)),
        np.full((3, 3), -1e300),
        np.full((3, 3), 1e-310),
        np.full((3, 3), np.nan),
        np.full((3, 3), np.inf),
        np.array([[np.inf, -np.inf], [np.nan, 2.0]]),
        np.array([[1e308, -1e308], [1.0, 2.0]]),
        np.array([[sys.float_info.max, -sys.float_info.max]]),
    ],
    ids=str,
)
def test_degenerate_grids_still_make_a_scale(kind: Kind, values: Any) -> None:
    scale = ColorScale.fit(values, kind)
    assert math.isfinite(scale.high - scale.low)
    assert scale.low < scale.high
    check_ticks(scale)
    places = scale.place(values)
    assert np.isnan(places[np.isnan(values)]).all()
    assert ((places >= 0) & (places <= 1))[~np.isnan(values)].all()
    assert np.isfinite(scale.levels()).all()


@pytest.mark.parametrize("n", [5, 9, 11, 21])
@pytest.mark.parametrize("kind", [None, "linear", "sqrt", "log"])
def test_one_outlier_among_the_cells_does_not_flatten_the_colours(
    n: int, kind: Kind | None
) -> None:
    axis = np.linspace(-1, 1, n)
    f = 1 + axis**2 + axis[:, None] ** 2
    f[1, 2] = 1e6
    objective = GridObjective(LossGrid.from_arrays(axis, axis, f))
    values = objective.values(np.linspace(-1, 1, 99), np.linspace(-1, 1, 99)[:, None])
    scale = ColorScale.fit(values, kind, f)
    assert scale.high <= 3.0
    assert scale.greatest == pytest.approx(1e6, rel=0.1)
    assert scale.note.startswith("Outliers have the colour of the end: losses above ")
    assert np.ptp(np.quantile(scale.place(values), [0.1, 0.7])) > 0.1


@pytest.mark.parametrize(
    ("text", "kind"),
    [("a*b", "linear"), ("a^2 + b^2", "linear"), ("(a + 2*b - 7)^2 + (2*a + b - 5)^2", "sqrt"),
     ("(1 - a)^2 + 100*(b - a^2)^2", "log"), ("exp(3*a + b)", "log"), ("7", "linear")],
)  # fmt: skip
def test_the_scale_is_the_one_on_which_most_colours_are_seen(text: str, kind: Kind) -> None:
    values = sample(FormulaObjective.from_text(text), DEFAULT_RANGE, 64).values
    assert ColorScale.fit(values).kind == kind


def test_a_pole_does_not_drown_a_linear_scale() -> None:
    values = np.concatenate([np.linspace(0, 1, 10_000), [1e6]])
    assert ColorScale.fit(values, "linear").high < 1.1
    assert ColorScale.fit(values, "log").high == 1e6
    assert ColorScale.fit(np.linspace(0, 1, 100) ** 4, "linear").high == 1.0


@pytest.mark.parametrize("kind", ["linear", "sqrt", "log"])
def test_a_colour_bar_has_no_numbers_that_are_no_losses(kind: Kind) -> None:
    assert ColorScale.fit(np.full((3, 3), np.nan), kind).ticks() == []
    for loss, label in ((3.0, "3"), (0.0, "0"), (-2.5e-7, "−2.5·10⁻⁷")):
        assert ColorScale.fit(np.full((3, 3), loss), kind).ticks() == [(0.0, label)]


# -- cliffs


def bowl_with(cliff: Any) -> np.ndarray[Any, Any]:
    """Return a² + b² on a map from −2 to 2, from 0 to 8, where there is no cliff."""
    a = np.linspace(-2.0, 2.0, 101)
    values = a**2 + a[:, None] ** 2
    return np.where(np.broadcast_to(a > 0.5, values.shape), cliff + values, values)


@pytest.mark.parametrize("kind", [*KINDS, None])
@pytest.mark.parametrize("height", [1e8, 1e30, 1e300])
def test_a_cliff_flattens_nothing(kind: Kind | None, height: float) -> None:
    values = bowl_with(height)
    scale = ColorScale.fit(values, kind)
    rest = values[values <= 8.0]
    expected = ColorScale.fit(rest, kind)
    assert (scale.kind, scale.low, scale.high) == (expected.kind, expected.low, expected.high)
    assert scale.greatest == values.max()
    assert scale.least is None
    assert "up to" in scale.note


def test_a_cliff_downwards_flattens_nothing_either() -> None:
    scale = ColorScale.fit(bowl_with(-1e30))
    assert (scale.least, scale.greatest) == (-1e30, None)
    assert (scale.low, scale.high) == (0.0, 8.0)


def test_of_cliffs_over_cliffs_the_ground_is_seen() -> None:
    values = bowl_with(1e12)
    values[:, -3:] = 1e40
    scale = ColorScale.fit(values)
    assert (scale.low, scale.high, scale.greatest) == (0.0, 8.0, 1e40)


def square() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    a, b = np.meshgrid(np.linspace(-3.0, 3.0, 121), np.linspace(-3.0, 3.0, 121))
    return a, b


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(
    "wall",
    [
        lambda a: 1e30 * expit(200.0 * (a - 2.0)),
        lambda a: np.exp(100.0 * (a - 2.0)),
        lambda a: 1e30 * np.maximum(a - 2.0, 0.0) ** 9,
    ],
    ids=["sigmoid", "exponential", "power"],
)
def test_a_wall_without_a_gap_flattens_nothing_either(
    wall: Callable[[Any], Any], sign: float
) -> None:
    """Beside a bowl from 0 to 18, over five sixths of the map; its decades leave no gap."""
    a, b = square()
    values = sign * (a**2 + b**2 + wall(a))
    scale = ColorScale.fit(values)
    bowl = a < 1.5
    near, far = np.quantile(scale.place(values[bowl]), [0.1, 0.9])
    assert far - near > 0.3
    assert (scale.greatest if sign > 0 else scale.least) == sign * np.max(sign * values)
    assert scale.low <= values[bowl].min() < values[bowl].max() <= scale.high


@pytest.mark.parametrize(
    "f",
    [
        lambda a, b: np.exp(-3.0 * (a**2 + b**2)),
        lambda a, b: np.exp(-50.0 * (a**2 + b**2)),
        lambda a, b: np.exp(8.0 * a) + b**2,
        lambda a, b: (1.0 - a) ** 2 + 100.0 * (b - a**2) ** 2,
        lambda a, b: np.exp(np.exp(a)) + b,
    ],
    ids=["peak", "needle", "slope", "valley", "steep"],
)
def test_a_peak_is_no_wall(f: Callable[[Any, Any], Any]) -> None:
    values = f(*square())
    scale = ColorScale.fit(values)
    assert (scale.low, scale.high) == (values.min(), values.max())


@pytest.mark.parametrize(
    "values",
    [
        np.where(np.arange(100.0) > 50, 1e30, 0.0),  # level on both sides: nothing to flatten
        np.where(np.arange(100.0) > 50, 1e30, 1.0 + 1e-15 * np.arange(100.0)),  # rounding
        np.where(np.arange(100.0) > 50, 1e4, np.arange(100.0)),  # what decades show as it is
        np.exp(np.linspace(0.0, 600.0, 10_000)),  # steep, and no cliff
        np.exp(np.exp(np.linspace(0.0, 6.55, 10_000))),  # nearly infinite
        np.tile(np.linspace(0.0, 1.0, 24) ** 40, 24),  # flat, and coarse
    ],
    ids=["steps", "rounding", "decades", "steep", "nearly infinite", "flat"],
)
def test_what_is_no_cliff(values: np.ndarray[Any, Any]) -> None:
    scale = ColorScale.fit(values, "log")
    assert (scale.low, scale.high) == (values.min(), values.max())
    assert (scale.least, scale.greatest) == (None, None)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_outliers_of_a_small_grid_do_not_flatten_the_colours(count: int) -> None:
    """Those at its corners, say; on the map each has many points around it."""
    a, b = np.meshgrid(np.linspace(-2.0, 1.0, 9), np.linspace(0.0, 3.0, 8))
    cells = 1.0 + a**2 + 10.0 * (b - 1.0) ** 2
    cells[0, 0] = 1e9
    cells[7, 8] = 1e9 if count > 1 else cells[7, 8]
    cells[0, 8] = 1e8 if count > 2 else cells[0, 8]
    scale = ColorScale.fit(np.repeat(np.repeat(cells, 4, axis=0), 4, axis=1), cells=cells)
    low, high = scale.place(np.quantile(cells, [0.1, 0.9]))
    assert high - low > 0.3
    assert scale.greatest == 1e9
