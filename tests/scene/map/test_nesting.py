"""Widths of paths that lie on each other."""

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.scene.map.nesting import rims, rims_of


@pytest.mark.parametrize(
    ("count", "widths"), [(1, [0]), (3, [2, 1, 0]), (4, [3, 2, 1, 0]), (6, [3, 3, 3, 2, 1, 0])]
)
def test_each_path_is_wider_than_those_above_it(count: int, widths: list[int]) -> None:
    assert [rims(rank, count) for rank in range(count)] == widths


MAP = Range(0.0, 100.0, -10.0, 10.0)


def line(slope: float, length: float = 90.0, points: int = 30) -> np.ndarray:
    """Return a straight path from (0, 0)."""
    a = np.linspace(0.0, length, points)
    return np.array([a, slope * a]).T


def parting(after: float) -> np.ndarray:
    """Return a path that leaves a straight one at a place."""
    return np.array([[0.0, 0.0], [after, 0.0], [90.0, 9.0]])


@pytest.mark.parametrize(
    ("paths", "widths"),
    [
        ([], []),
        ([line(0.0)], [0]),
        ([line(0.0), line(0.0, points=7), line(0.0, 50.0)], [2, 1, 0]),
        ([line(0.0)] * 6, [3, 3, 3, 2, 1, 0]),
        # 0.1 of b is 0.005 of the map's side: apart by that at their ends, and from the start on.
        ([line(0.0), line(0.1 / 90.0)], [1, 0]),
        ([line(0.0), line(0.1)], [0, 0]),
        ([line(0.1), line(-0.1), line(0.1)], [1, 0, 0]),
        # Together for a tenth of the way, as all are that come from one start, and for a third.
        ([line(0.0), parting(9.0)], [0, 0]),
        ([line(0.0), parting(30.0)], [1, 0]),
        # One that stays where it begins, and one that leaves all numbers.
        ([line(0.0, 0.0, 1), line(0.1)], [1, 0]),
        ([np.array([[0.0, 0.0], end]) for end in ([1e300, 1e300], [np.inf, np.nan])], [0, 0]),
    ],
)  # fmt: skip
def test_a_path_is_wider_by_what_lies_on_it(paths: list[np.ndarray], widths: list[int]) -> None:
    assert rims_of(paths, MAP) == widths
