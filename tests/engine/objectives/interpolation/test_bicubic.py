"""The interpolant: exact on quadratics, smooth across cells, with the derivatives it says."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gdviz.engine.objectives.interpolation.bicubic import Interpolant, interpolant
from gdviz.engine.objectives.interpolation.limited_derivatives import resolves
from gdviz.engine.objectives.loss_grid import LossGrid

Function = Callable[[Any, Any], Any]
RANDOM = np.random.default_rng(11)
UNEVEN_A = np.array([-1.0, -0.7, -0.65, 0.0, 0.1, 0.8, 1.0])
UNEVEN_B = np.array([-1.0, -0.2, 0.3, 1.0])
AXES = {
    "5 × 5": (np.linspace(-1, 1, 5), np.linspace(-1, 1, 5)),
    "7 × 4": (np.linspace(-1, 1, 7), np.linspace(-2, 1, 4)),
    "3 × 3": (np.linspace(-1, 1, 3), np.linspace(-1, 1, 3)),
    "uneven": (UNEVEN_A, UNEVEN_B),
}
#: Points within all of them, their corners among them.
INSIDE = [(-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (0.0, 0.0), *RANDOM.uniform(-1, 1, (60, 2))]


def bowl(x: Any, y: Any) -> Any:
    return 1 + x**2 + 10 * y**2 + 0.3 * x


def slope(x: Any, y: Any) -> Any:
    return 1 + x**2 + 10 * y**2 + 9 * x + 99 * y


def smooth(x: Any, y: Any) -> Any:
    return np.sin(2 * x + 0.3) * np.cos(y) + np.exp(0.5 * x * y)


def on(a: Any, b: Any, function: Function) -> Interpolant:
    return Interpolant(LossGrid.from_arrays(a, b, function(a, b[:, None])))


def with_holes(a: Any, b: Any, function: Function, *holes: tuple[int, int]) -> Interpolant:
    values = function(a, b[:, None])
    for i, j in holes:
        values[j, i] = np.nan
    return Interpolant(LossGrid.from_arrays(a, b, values))


ROUGH_A, ROUGH_B = np.linspace(-1, 1, 9), np.linspace(-1, 1, 7)
ROUGH = Interpolant(LossGrid.from_arrays(ROUGH_A, ROUGH_B, RANDOM.normal(size=(7, 9))))
#: The same with holes, of which one lies at a corner and two touch.
HOLED = with_holes(ROUGH_A, ROUGH_B, lambda x, y: smooth(x, y), (0, 0), (4, 3), (5, 3))


# -- exactness, and bounds


@pytest.mark.parametrize("name", AXES)
def test_where_nothing_overshoots_quadratics_are_met_exactly(name: str) -> None:
    """L = 1 + x² + 10y² + 9x + 99y rises everywhere: ∇L = (2x + 9, 20y + 99), H = (2, 0, 20)."""
    surface = on(*AXES[name], slope)
    for x, y in INSIDE:
        x, y = float(x), float(y)
        assert surface.value(x, y) == pytest.approx(slope(x, y), rel=1e-14)
        assert surface.gradient(x, y) == pytest.approx((2 * x + 9, 20 * y + 99), abs=1e-11)
        assert surface.hessian(x, y) == pytest.approx((2, 0, 20), abs=2e-9)


@pytest.mark.parametrize(
    ("a", "b"),
    [(np.linspace(-1, 1, 5), np.linspace(-2, 2, 6)),
     (UNEVEN_A, np.array([-1.0, -0.6, -0.5, 0.3, 0.8, 1.0]))],
)  # fmt: skip
def test_what_the_cells_resolve_is_met_between_them(a: Any, b: Any) -> None:
    """The bowl's own minimum, (−0.15, 0), which is no point of the grid."""
    surface = on(a, b, bowl)
    assert surface.resolved.all()
    for x, y in [(-0.15, 0.0), *INSIDE]:
        x, y = float(x), float(y)
        assert surface.value(x, y) == pytest.approx(bowl(x, y), rel=1e-13)
        assert surface.gradient(x, y) == pytest.approx((2 * x + 0.3, 20 * y), abs=1e-11)
        assert surface.hessian(x, y) == pytest.approx((2, 0, 20), abs=1e-8)


def test_narrow_valleys_lead_to_their_minimum() -> None:
    """Slopes that are limited everywhere make each cell of an oblique valley a trap."""
    knots, (c, s) = np.linspace(-1, 1, 51), (math.cos(0.6), math.sin(0.6))
    surface = on(knots, knots, lambda x, y: (c * x + s * y) ** 2 + 30 * (c * y - s * x + 0.03) ** 2)
    a, b = 0.7, 0.3
    for _ in range(600):
        in_a, in_b = surface.gradient(a, b)
        a, b = a - 0.013 * in_a, b - 0.013 * in_b
    assert (a, b) == pytest.approx((0.03 * s, -0.03 * c), abs=1e-3)


LOSSES = st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1.0, 1e6, math.nan])
KNOTS = st.lists(st.integers(-20, 20), min_size=2, max_size=6, unique=True).map(sorted)


@given(st.lists(LOSSES, min_size=36, max_size=36), KNOTS, KNOTS)
def test_of_what_is_not_resolved_no_value_is_outside_the_range_of_its_corners(
    losses: list[float], a: Any, b: Any
) -> None:
    a, b = np.array(a, float), np.array(b, float)
    values = np.reshape(losses, (6, 6))[: len(b), : len(a)]
    assume(not resolves(values, a, b).any())
    corners = np.stack([values[:-1, :-1], values[:-1, 1:], values[1:, :-1], values[1:, 1:]])
    assume(np.isfinite(corners).all(0).any())
    surface = Interpolant(LossGrid.from_arrays(a, b, values))
    known = surface.grid.known_cells
    slack = 1e-11 * np.abs(values[np.isfinite(values)]).max()
    for t in np.linspace(0.02, 0.98, 7):
        for u in np.linspace(0.02, 0.98, 7):
            x, y = a[:-1] + t * np.diff(a), (b[:-1] + u * np.diff(b))[:, None]
            between = surface.values(x, y)
            assert (np.isnan(between) == ~known).all()  # holes stay holes
            assert (between[known] >= corners.min(0)[known] - slack).all()
            assert (between[known] <= corners.max(0)[known] + slack).all()


@pytest.mark.parametrize("surface", [ROUGH, HOLED])
def test_between_two_points_it_is_monotone(surface: Interpolant) -> None:
    (a, b), f = surface.grid.axes, surface.grid.array
    along = np.linspace(0, 1, 41)
    for j, y in enumerate(b):
        for i in range(len(a) - 1):
            values = np.diff(surface.values(a[i] + along * (a[i + 1] - a[i]), y))
            assert (
                np.isnan(values).all() or (values * np.sign(f[j, i + 1] - f[j, i]) > -1e-12).all()
            )


def test_noise_is_not_resolved() -> None:
    """Of 40 grids of 25 × 25 random losses, no value is outside its cell's corners' range."""
    knots = np.arange(25.0)
    for _ in range(40):
        surface = Interpolant(LossGrid.from_arrays(knots, knots, RANDOM.normal(size=(25, 25))))
        assert not surface.resolved.any()
        between = surface.values(knots[:-1] + 0.37, (knots[:-1] + 0.61)[:, None])
        f = surface.grid.array
        corners = np.stack([f[:-1, :-1], f[:-1, 1:], f[1:, :-1], f[1:, 1:]])
        assert (corners.min(0) - 1e-12 <= between).all()
        assert (between <= corners.max(0) + 1e-12).all()


def test_an_outlier_does_not_spread() -> None:
    """Of 11 × 11 losses around 1, one is 10⁶: f was −74,072 beside it once."""
    axis = np.linspace(-1, 1, 11)
    f = 1 + axis**2 + axis[:, None] ** 2
    f[5, 6] = 1e6
    values = Interpolant(LossGrid.from_arrays(axis, axis, f)).values(
        np.linspace(-1, 1, 201), np.linspace(-1, 1, 201)[:, None]
    )
    assert values.min() == pytest.approx(1.0, abs=1e-9)


def test_a_jump_invents_no_minimum() -> None:
    """A plain of 2 falls to a slope of 0.001 and more: f was −0.0199 beside the step once."""
    axis = np.linspace(-1, 1, 9)
    x, y = axis, axis[:, None]
    f = np.where(x + y > -0.6, 0.001 + 0.01 * (x**2 + y**2), 1 - x - y)
    surface = Interpolant(LossGrid.from_arrays(axis, axis, f))
    values = surface.values(np.linspace(-1, 1, 201), np.linspace(-1, 1, 201)[:, None])
    assert values.min() >= f.min() - 1e-6


def test_an_axis_of_two_points_is_straight() -> None:
    surface = on(np.array([0.0, 2.0]), np.array([1.0, 3.0]), lambda x, y: 1 + 2 * x - y + 3 * x * y)
    assert surface.value(0.5, 2.5) == pytest.approx(1 + 1 - 2.5 + 3.75)
    assert surface.gradient(0.5, 2.5) == pytest.approx((2 + 7.5, -1 + 1.5))
    assert surface.hessian(0.5, 2.5) == pytest.approx((0, 3, 0), abs=1e-12)


def test_it_passes_through_the_points() -> None:
    np.testing.assert_allclose(
        ROUGH.values(ROUGH_A, ROUGH_B[:, None]), ROUGH.grid.array, rtol=1e-13, atol=1e-13
    )


def test_on_an_even_axis_it_is_keys_convolution() -> None:
    """Keys' kernel with a = −1/2, eq. (15), and his ends, f₋₁ = 3f₀ − 3f₁ + f₂."""

    def kernel(s: float) -> float:
        s = abs(s)
        if s < 1:
            return 1.5 * s**3 - 2.5 * s**2 + 1
        return -0.5 * s**3 + 2.5 * s**2 - 4 * s + 2 if s < 2 else 0.0

    f = np.array([0.0, 1.0, 2.5, 3.5, 5.0, 7.0])  # which nothing overshoots
    surface = on(np.arange(6.0), np.arange(3.0), lambda x, y: f[np.intp(x)] + 0 * y)
    padded = [3 * f[0] - 3 * f[1] + f[2], *f, 3 * f[-1] - 3 * f[-2] + f[-3]]
    for x in np.linspace(0, 5, 31):
        expected = sum(c * kernel(x - k) for k, c in enumerate(padded, -1))
        assert surface.value(float(x), 0.7) == pytest.approx(expected, abs=1e-13)


# -- derivatives


@pytest.mark.parametrize("surface", [ROUGH, HOLED])
def test_derivatives_are_those_of_the_interpolant(surface: Interpolant) -> None:
    """Central differences of its own value and gradient, within a cell, at their own rate."""
    a, b = RANDOM.uniform(-0.95, 0.95, (2, 400))
    e = 1e-5
    away = (np.abs(ROUGH_A[:, None] - a) > e).all(0) & (np.abs(ROUGH_B[:, None] - b) > e).all(0)
    a, b = a[away], b[away]
    in_a, in_b = surface.gradients(a, b)
    at = surface.values
    np.testing.assert_allclose((at(a + e, b) - at(a - e, b)) / (2 * e), in_a, atol=2e-7)
    np.testing.assert_allclose((at(a, b + e) - at(a, b - e)) / (2 * e), in_b, atol=2e-7)
    in_aa, in_ab, in_bb = surface.hessians(a, b)
    for shifted, expected in (
        ((a + e, b, a - e, b), (in_aa, in_ab)), ((a, b + e, a, b - e), (in_ab, in_bb)),
    ):  # fmt: skip
        up, down = surface.gradients(*shifted[:2]), surface.gradients(*shifted[2:])
        for k in (0, 1):
            np.testing.assert_allclose((up[k] - down[k]) / (2 * e), expected[k], atol=1e-5)


def test_the_complex_step_meets_the_gradient() -> None:
    for x, y in RANDOM.uniform(-1, 1, (50, 2)).tolist():
        h = 1e-30
        in_a = ROUGH.complex_value(x + 1j * h, y + 0j).imag / h
        in_b = ROUGH.complex_value(x + 0j, y + 1j * h).imag / h
        assert (in_a, in_b) == pytest.approx(ROUGH.gradient(x, y), rel=1e-12, abs=1e-12)
        assert ROUGH.complex_value(x + 0j, y + 0j) == ROUGH.value(x, y)


def test_the_order_is_three_in_the_value_and_two_in_the_gradient() -> None:
    counts = np.array([33, 65, 129, 257])
    errors = []
    for count in counts:
        knots = np.linspace(-1, 1, count)
        surface = on(knots, knots, smooth)
        # In every cell, off its middle, where the error's leading term is zero.
        a = knots[:-1] + 0.3 * np.diff(knots)
        b = a[:, None]
        exact_a = 2 * np.cos(2 * a + 0.3) * np.cos(b) + 0.5 * b * np.exp(0.5 * a * b)
        difference = (surface.values(a, b) - smooth(a, b), surface.gradients(a, b)[0] - exact_a)
        errors.append([np.sqrt(np.mean(each**2)) for each in difference])
    spacing = np.log(2 / (counts - 1))
    value, gradient = np.polyfit(spacing, np.log(errors), 1)[0]
    assert value == pytest.approx(3, abs=0.1)
    assert gradient == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("surface", [ROUGH, on(UNEVEN_A, UNEVEN_B, smooth)])
def test_value_and_gradient_are_continuous_across_cells(surface: Interpolant) -> None:
    """A hair to either side of every border they agree; second derivatives do not."""
    a_knots, b_knots = surface.grid.axes
    along = np.linspace(-0.99, 0.99, 57)
    borders = [(np.full(57, a), along, 1, 0) for a in a_knots[1:-1]]
    borders += [(along, np.full(57, b), 0, 1) for b in b_knots[1:-1]]
    jumps = []
    for a, b, over_a, over_b in borders:
        e = 1e-12
        sides = [(a + s * e * over_a, b + s * e * over_b) for s in (-1, 1)]
        low, high = (np.stack([surface.values(*s), *surface.gradients(*s)]) for s in sides)
        np.testing.assert_allclose(low, high, atol=1e-8)
        low, high = (np.stack(surface.hessians(*s)) for s in sides)
        jumps.append(np.abs(high - low).max())
    assert max(jumps) > 0.1


# -- holes and the outside


def test_a_cell_without_one_corner_is_a_hole() -> None:
    knots = np.linspace(-2, 2, 9)
    surface = with_holes(knots, knots, slope, (4, 4))
    for x, y in ((0.1, 0.1), (-0.1, 0.4), (0.3, -0.2), (-0.49, -0.49)):
        assert math.isnan(surface.value(x, y))
        assert all(map(math.isnan, (*surface.gradient(x, y), *surface.hessian(x, y))))
        assert np.isnan(surface.complex_value(x + 0j, y + 1e-9j))
    for x, y in ((0.6, 0.1), (-0.1, 0.7), (-1.0, 1.0)):
        assert surface.value(x, y) == pytest.approx(slope(x, y), abs=1e-11)


def test_the_border_of_a_hole_belongs_to_the_known_side() -> None:
    """Points of the grid with a value have it, wherever the hole lies."""
    a, b = AXES["5 × 5"]
    surface = with_holes(a, b, slope, (2, 2))
    at_points = surface.values(a, b[:, None])
    assert np.isnan(at_points[2, 2])
    known = ~np.isnan(surface.grid.array)
    assert at_points[known] == pytest.approx(surface.grid.array[known], abs=1e-11)
    for x in (-0.5, 0.5):  # along the edges of the hole as well
        assert surface.value(x, 0.2) == pytest.approx(slope(x, 0.2), abs=1e-11)
        assert surface.value(0.2, x) == pytest.approx(slope(0.2, x), abs=1e-11)


def test_beside_holes_quadratics_are_met_where_three_points_are_left() -> None:
    a, b = np.linspace(-1, 1, 9), np.linspace(-1, 1, 9)
    surface = with_holes(a, b, slope, (4, 4))
    x, y = RANDOM.uniform(-1, 1, (2, 500))
    values = surface.values(x, y)
    known = ~np.isnan(values)
    assert np.count_nonzero(~known) > 0
    np.testing.assert_allclose(values[known], slope(x, y)[known], rtol=1e-12)


def test_an_island_of_one_cell() -> None:
    values = np.full((5, 5), np.nan)
    values[1:3, 2:4] = [[1.0, 2.0], [3.0, 4.0]]
    surface = Interpolant(LossGrid.from_arrays(range(5), range(5), values))
    assert surface.value(2.5, 1.5) == pytest.approx(2.5)
    assert surface.gradient(2.5, 1.5) == pytest.approx((1, 2))
    assert math.isnan(surface.value(1.9, 1.5))


@pytest.mark.parametrize(
    ("a", "b"),
    [(-1.01, 0), (1.01, 0), (0, -1.01), (0, 1.01), (math.inf, 0), (0, -math.inf), (math.nan, 0),
     (0, math.nan), (1e300, 1e300)],
)  # fmt: skip
def test_outside_is_nan(a: float, b: float) -> None:
    a, b = float(a), float(b)
    assert math.isnan(ROUGH.value(a, b))
    assert all(map(math.isnan, (*ROUGH.gradient(a, b), *ROUGH.hessian(a, b))))
    assert np.isnan(ROUGH.values(a, b))
    tiny = ROUGH.complex_value(complex(a, 1e-20), complex(b, 0.0))
    assert math.isnan(tiny.real)
    assert math.isnan(tiny.imag)
    with np.errstate(invalid="ignore"):
        assert np.isnan(ROUGH.arrays.complex_value(complex(a, 1e-20), complex(b, 0.0)).imag)


def test_a_and_b_are_treated_alike() -> None:
    """The mirrored grid has the mirrored function, beside holes too."""
    grid = HOLED.grid
    mirrored = Interpolant(LossGrid.from_arrays(grid.b, grid.a, grid.array.T))
    a, b = RANDOM.uniform(-1, 1, (2, 500))
    np.testing.assert_allclose(mirrored.values(b, a), HOLED.values(a, b), rtol=1e-12, atol=1e-13)


# -- kinds of numbers


@pytest.mark.parametrize("surface", [ROUGH, HOLED, on(UNEVEN_A, UNEVEN_B, smooth)])
def test_floats_and_arrays_agree_to_the_bit(surface: Interpolant) -> None:
    a_knots, b_knots = surface.grid.axes
    a = np.concatenate([RANDOM.uniform(-1.1, 1.1, 300), np.repeat(a_knots, len(b_knots))])
    b = np.concatenate([RANDOM.uniform(-1.1, 1.1, 300), np.tile(b_knots, len(a_knots))])
    arrays = [surface.values(a, b), *surface.gradients(a, b), *surface.hessians(a, b)]
    floats = [
        (surface.value(x, y), *surface.gradient(x, y), *surface.hessian(x, y))
        for x, y in zip(a.tolist(), b.tolist(), strict=True)
    ]
    np.testing.assert_array_equal(np.transpose(floats), np.array(arrays))
    assert {type(number) for number in floats[0]} == {float}
    tiny = surface.arrays.complex_value(a + 1e-20j, b)
    one_by_one = [
        surface.complex_value(complex(x, 1e-20), complex(y))
        for x, y in zip(a.tolist(), b.tolist(), strict=True)
    ]
    known = ~np.isnan(tiny)
    np.testing.assert_allclose(
        np.array(one_by_one)[known].imag, tiny[known].imag, rtol=1e-12, atol=1e-33
    )


def test_arrays_broadcast() -> None:
    a, b = np.linspace(-1, 1, 6), np.linspace(-1, 1, 4)[:, None]
    for results in ((ROUGH.values(a, b),), ROUGH.gradients(a, b), ROUGH.hessians(a, b)):
        for result in results:
            assert (result.shape, result.dtype) == ((4, 6), np.float64)
    assert ROUGH.values(a, b)[3, 1] == ROUGH.value(float(a[1]), float(b[3, 0]))
    assert HOLED.values(0.3, b).shape == (4, 1)
    assert HOLED.values(0.3, 0.2).shape == ()
    assert HOLED.values([], 0.2).shape == (0,)


def test_float32_throughout() -> None:
    single, arrays = (
        ROUGH.functions("float32", arrays=False),
        ROUGH.functions("float32", arrays=True),
    )
    points = RANDOM.uniform(-1, 1, (100, 2)).astype(np.float32)
    with np.errstate(all="ignore"):
        for x, y in points:
            results = (single.value(x, y), *single.gradient(x, y), *single.hessian(x, y))
            assert {type(number) for number in results} == {np.float32}
            assert single.value(x, y) == arrays.value(x, y)
            assert single.value(x, y) == pytest.approx(ROUGH.value(float(x), float(y)), abs=2e-5)
            assert single.gradient(x, y) == pytest.approx(
                ROUGH.gradient(float(x), float(y)), abs=5e-4
            )
            tiny = single.complex_value(x + np.float32(1e-20) * 1j, y + 0j)
            assert type(tiny) is np.complex64
            assert tiny.imag / np.float32(1e-20) == pytest.approx(
                single.gradient(x, y)[0], abs=5e-4
            )
        for result in (arrays.value(*points.T), *arrays.gradient(*points.T)):
            assert result.dtype == np.float32
        assert arrays.complex_value(points[:, 0] + 1j, points[:, 1]).dtype == np.complex64


def test_float32_corners_are_inside() -> None:
    """0.1 rounded to float32 is more than 0.1, and yet the corner of this grid."""
    axis = np.array([0.1, 0.2, 0.3])
    single = on(axis, axis, bowl).singles
    for x in axis.astype(np.float32):
        for y in axis.astype(np.float32):
            assert single.value(x, y) == pytest.approx(bowl(float(x), float(y)), rel=1e-6)


def test_float32_that_cannot_tell_two_knots_apart() -> None:
    axis = np.array([1.0, 1.0 + 1e-9, 1.0 + 2e-9])
    single = on(axis, axis, lambda x, y: x + y).singles
    assert single.value(np.float32(1), np.float32(1)) == pytest.approx(2.0)


def test_the_functions_are_kept() -> None:
    assert interpolant(ROUGH.grid) is interpolant(ROUGH.grid)
    assert ROUGH.functions("float64", arrays=False) is ROUGH.floats
    assert ROUGH.functions("float64", arrays=True) is ROUGH.arrays


def test_many_cells_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gdviz.engine.objectives.interpolation.bicubic._MAX_OPENED", 5)
    surface = Interpolant(ROUGH.grid)
    for x, y in RANDOM.uniform(-1, 1, (200, 2)).tolist():
        assert surface.value(x, y) == ROUGH.value(x, y)


def test_the_largest_values_on_the_narrowest_cells() -> None:
    axis = 2e-12 * np.arange(4)
    surface = on(axis, axis, lambda x, y: 1e100 * np.sign(x - y))
    inside = np.linspace(0, axis[-1], 20)
    for results in (
        (surface.values(inside, inside[:, None]),), surface.hessians(inside, inside[:, None]),
    ):  # fmt: skip
        assert all(np.isfinite(result).all() for result in results)
    with np.errstate(all="ignore"):  # more than float32 can hold
        assert not math.isfinite(surface.singles.value(np.float32(1e-12), np.float32(0)))
