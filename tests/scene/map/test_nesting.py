"""Widths of paths that lie on each other."""

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.scene.map.nesting import rims_of
from gdviz.scene.scene import build_scene

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
        # One that stays where it begins, one that leaves all numbers at once, and two that diverge.
        ([line(0.0, 0.0, 1), line(0.1)], [1, 0]),
        ([np.array([[0.0, 0.0], [np.inf, np.nan]]), line(0.1)], [1, 0]),
        ([np.array([[0.0, 0.0], [90.0, b], [-1e308, 0.0]]) for b in (0.0, 9.0)], [0, 0]),
        ([np.array([[0.0, 0.0], [90.0, 9.0], [-1e308, b]]) for b in (0.0, np.inf)], [1, 0]),
    ],
)  # fmt: skip
def test_a_path_is_wider_by_what_lies_on_it(paths: list[np.ndarray], widths: list[int]) -> None:
    assert rims_of(paths, MAP) == widths


def test_a_scenes_are_those_of_the_paths_that_are_shown() -> None:
    """A difference of f = a b is its gradient: three paths are one, of which two are shown."""
    one, two, three = map(Method, ("analytic", "forward", "central"))
    both = Experiment(function=FormulaFunction("a*b"), start=(1.0, 2.0), alpha=0.1)
    for methods, rims in (
        ((one, two, three), [2, 1, 0]),
        ((one, Method("forward", shown=False), three), [1, 0]),
    ):
        assert build_scene(both.replace(methods=methods), resolution=2).rims == tuple(rims)
