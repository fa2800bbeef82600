"""The networks that the README names do what it says."""

from pathlib import Path

import numpy as np
import pytest

from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.network.slices import Slice, slice_of
from tests.engine.objectives.network.two_layers import module_of

EXAMPLES = Path(__file__).parents[4] / "docs" / "examples"


def example(name: str, **settings: str) -> Slice:
    path = EXAMPLES / name
    found = slice_of(module_of(path.read_text()), path, SliceSettings(**settings))
    assert found is not None
    return found


def descends(found: Slice) -> None:
    """The trajectory ends at (0, 0), where the loss is far below that of its beginning."""
    first, last = found.trajectory[[0, -1]]
    assert last == pytest.approx((0.0, 0.0), abs=1e-6)
    assert found.value(0.0, 0.0) < 0.7 * found.value(*first)
    a, b = first
    slope = (found.value(a + 1e-2, b) - found.value(a - 1e-2, b)) / 2e-2
    assert found.gradient(a, b)[0] == pytest.approx(slope, rel=5e-2)


def test_two_layers_in_numpy():
    found = example("two_layers.py", directions="pca")
    descends(found)
    theta = found.network.theta
    slopes = found.network.gradient(theta)
    for i, slope in enumerate(slopes):  # backpropagation by hand, against differences
        for place in [(0,) * slope.ndim, tuple(n - 1 for n in slope.shape)]:
            sides = []
            for step in (1e-5, -1e-5):
                moved = [np.array(leaf) for leaf in theta]
                moved[i][place] += step
                sides.append(found.network.value(moved))
            assert slope[place] == pytest.approx((sides[0] - sides[1]) / 2e-5, rel=1e-6, abs=1e-9)


@pytest.mark.frameworks
def test_a_convolutional_network_in_pytorch():
    found = example("digits.py", directions="pca")
    assert found.network.size == 2762
    assert found.value(0.0, 0.0) < 0.2  # by chance it is ln 10
    descends(found)
