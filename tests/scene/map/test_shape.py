"""The shape of a map with equal units."""

import pytest

from gdviz.experiment.experiment import Experiment
from gdviz.scene.absences import missing_on_map
from gdviz.scene.map.shape import map_ratio, why_unequal
from gdviz.scene.scene import build_scene


def on_range(*extent: float, equal: bool = True) -> Experiment:
    return Experiment(range=(extent[0], extent[1], extent[2], extent[3]), equal_units=equal)


@pytest.mark.parametrize(
    ("extent", "ratio"),
    [
        ((-2.0, 2.0, -1.0, 1.0), 2.0),
        ((0.0, 1.0, 5.0, 9.0), 0.25),
        ((0.0, 10.0, 0.0, 1.0), 10.0),
        ((0.0, 1.0, 0.0, 10.0), 0.1),
    ],
)
def test_a_map_is_as_wide_for_its_height_as_its_range(
    extent: tuple[float, ...], ratio: float
) -> None:
    assert map_ratio(on_range(*extent)) == pytest.approx(ratio)
    assert why_unequal(on_range(*extent)) == ""
    assert map_ratio(on_range(*extent, equal=False)) is None


@pytest.mark.parametrize(
    ("extent", "said"),
    [
        ((0.0, 200.0, 0.0, 1.0), "200 times as wide as high"),
        ((0.0, 1.0, 0.0, 11.0), "11 times as high as wide"),
    ],
)
def test_a_map_that_would_be_a_line_keeps_its_shape_and_says_so(
    extent: tuple[float, ...], said: str
) -> None:
    chosen = on_range(*extent)
    assert map_ratio(chosen) is None
    assert said in why_unequal(chosen)
    assert any(said in line for line in missing_on_map(build_scene(chosen, resolution=8)))
    assert why_unequal(on_range(*extent, equal=False)) == ""
