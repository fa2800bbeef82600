"""The climb takes the points that SciPy's Nelder–Mead takes, and stays in the range."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import minimize

from gdviz.base.geometry import Range
from gdviz.engine.gradcheck.climbing import climb

_RANGE = Range(-3.0, 2.0, -1.0, 4.0)

_HEIGHTS: dict[str, Callable[[float, float], float]] = {
    "a peak": lambda a, b: -((a - 0.3) ** 2) - 5 * (b - 1.1) ** 2,
    "a valley": lambda a, b: -((1 - a) ** 2) - 100 * (b - a * a) ** 2,
    "a kink": lambda a, b: -abs(a - 0.123) - 3 * abs(b + a),
    "a plane": lambda a, b: a + 2 * b,  # highest in a corner of the range
    "a pole": lambda a, b: math.log(1 / abs(a * b - 0.7)) if a * b != 0.7 else -math.inf,
    "one side": lambda a, b: math.log(a) - a * b * b if a > 0 else -math.inf,
}


def _points_of_scipy(
    height: Callable[[float, float], float], start: tuple[float, float], values: int
) -> list[tuple[float, float]]:
    """Return where SciPy's search within the same bounds, from the same triangle, looks."""
    seen = []

    def depth(point: np.ndarray) -> float:
        seen.append(tuple(point.tolist()))
        return -height(*seen[-1])

    a, b = start
    da, db = (s * (1 if x + s <= top else -1) for s, x, top in ((5 / 64, a, 2.0), (5 / 64, b, 4.0)))
    minimize(
        depth, start, method="Nelder-Mead", bounds=[(-3.0, 2.0), (-1.0, 4.0)],
        options={"initial_simplex": [(a, b), (a + da, b), (a, b + db)], "maxfev": values,
                 "fatol": 1e-4, "xatol": 5e-9},
    )  # fmt: skip
    return seen


@pytest.mark.parametrize("name", _HEIGHTS)
@pytest.mark.parametrize("start", [(1.5, 2.0), (2.0, 4.0), (0.01, -1.0)])
@pytest.mark.parametrize("values", [2, 25, 240])
def test_the_points_are_those_of_scipy(name: str, start: tuple[float, float], values: int) -> None:
    height, seen = _HEIGHTS[name], []

    def noted(a: float, b: float) -> float:
        seen.append((a, b))
        return height(a, b)

    *top, reached = climb(noted, start, _RANGE, values=values)
    assert seen == _points_of_scipy(height, start, values)
    assert reached == max(height(*at) for at in seen) == height(*top)


@pytest.mark.parametrize("level", [1.0, -math.inf])
def test_where_there_is_no_slope_it_stays(level: float) -> None:
    assert climb(lambda a, b: level, (0.5, 0.25), _RANGE) == (0.5, 0.25, level)


def test_it_ends_where_it_is_high_enough() -> None:
    seen = []

    def height(a: float, b: float) -> float:
        seen.append(a + b)
        return a + b

    *_, reached = climb(height, (0.0, 0.0), _RANGE, enough=1.0)
    assert reached == seen[-1] > 1.0
    assert max(seen[:-1]) <= 1.0


def test_a_start_beyond_the_range_widens_it_up_to_there() -> None:
    a, b, _ = climb(lambda a, b: b - a, (5.0, 0.0), _RANGE)
    assert (a, b) == (-3.0, 4.0)
    a, b, _ = climb(lambda a, b: a + b, (5.0, 0.0), _RANGE)
    assert (a, b) == (5.0, 4.0)
