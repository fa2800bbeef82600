"""Widths of paths that lie on each other."""

import pytest

from gdviz.scene.map.nesting import rims


@pytest.mark.parametrize(
    ("count", "widths"), [(1, [0]), (3, [2, 1, 0]), (4, [3, 2, 1, 0]), (6, [3, 3, 3, 2, 1, 0])]
)
def test_each_path_is_wider_than_those_above_it(count: int, widths: list[int]) -> None:
    assert [rims(rank, count) for rank in range(count)] == widths
