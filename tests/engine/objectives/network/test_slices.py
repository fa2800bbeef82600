"""The slice of a network: its values, derivatives, and what is said of it."""

import pickle
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.network.slices import network_file, slice_of
from tests.engine.objectives.network.two_layers import (
    BOWL,
    TWO_LAYERS,
    WITH_GRADIENT,
    module_of,
    slice_from,
)

PLACES = [(0.0, 0.0), (0.3, -0.7), (-1.5, 2.0)]


@pytest.mark.parametrize(("a", "b"), PLACES)
def test_the_value_is_that_of_the_displaced_parameters_to_the_last_bit(a: float, b: float):
    found, module = slice_from(WITH_GRADIENT), module_of(WITH_GRADIENT)
    first, second = found.directions
    displaced = {name: theta + a * first[name] + b * second[name]
                 for name, theta in module.parameters().items()}  # fmt: skip
    assert found.value(a, b) == module.loss(displaced)
    slopes = module.gradient(displaced)
    wanted = [sum(np.vdot(slopes[name], d[name]) for name in slopes) for d in found.directions]
    assert found.gradient(a, b) == pytest.approx(wanted, rel=1e-14)


def test_of_a_quadratic_loss_all_derivatives_are_known():
    found = slice_from(BOWL, seed=3)
    k = np.array([5.0, 3.0, 2.0, 1.0, -0.5, -4.0])
    d, e = (direction["0"].ravel() for direction in found.directions)
    theta = np.arange(1.0, 7.0) + 0.5 * d - 2.0 * e
    assert found.value(0.5, -2.0) == pytest.approx(0.5 * np.sum(k * theta**2), rel=1e-14)
    assert found.gradient(0.5, -2.0) == pytest.approx([d @ (k * theta), e @ (k * theta)])
    second = [d @ (k * d), d @ (k * e), e @ (k * e)]
    assert found.hessian(0.5, -2.0) == pytest.approx(second, rel=1e-8)


def test_float32_stays_float32():
    text = BOWL.replace("np.arange(1.0, 7.0)", "np.arange(1.0, 7.0, dtype=np.float32)")
    found = slice_from(text)
    assert {array.dtype for array in found.centre.values()} == {np.dtype(np.float32)}
    assert {array.dtype for d in found.directions for array in d.values()} == {np.dtype(np.float32)}
    assert found.leaves(0.1, 0.2)[0].dtype == np.float32
    assert found.network.is_single


def test_each_pass_is_counted():
    ticks: list[int] = []
    found = slice_from(WITH_GRADIENT, lambda: ticks.append(1))
    before, ticked = dict(found.network.passes), len(ticks)
    found.value(0.1, 0.2)
    found.gradient(0.1, 0.2)
    after = found.network.passes
    assert {kind: after[kind] - before[kind] for kind in after} == {
        "losses": 1, "gradients": 1, "slopes": 0,
    }  # fmt: skip
    assert len(ticks) == ticked + 2


def test_what_is_said_of_it_and_that_the_same_settings_are_the_same_slice():
    found = slice_from(TWO_LAYERS, seed=5)
    again = slice_from(TWO_LAYERS, **asdict(pickle.loads(pickle.dumps(SliceSettings(seed=5)))))
    assert found.value(0.4, 0.6) == again.value(0.4, 0.6)
    assert found.network.size == 21
    assert found.notes == (
        "the network has N = 21 parameters",
        "neurons are taken along the last axis of an array, not the first (--filters)",
    )


def test_the_parameters_and_the_trajectory_are_asked_for_once():
    """What is drawn by a generator would be other ones each time."""
    text = """
    import numpy as np
    random, asked = np.random.default_rng(0), []
    def parameters():
        asked.append("parameters")
        return [random.standard_normal((2, 3))]
    def trajectory():
        asked.append("trajectory")
        return [[random.standard_normal((2, 3))] for _ in range(4)]
    def loss(p):
        return np.sum(p[0] ** 2)
    """
    module = module_of(text)
    file = network_file(module, Path("net.py"))
    assert file is not None
    random, pca, again = (file.slice(SliceSettings(d)) for d in ("random", "pca", "random"))
    assert module.asked == ["parameters", "trajectory"]
    assert random.value(0.0, 0.0) == pca.value(0.0, 0.0)
    assert random.value(0.3, 0.2) == again.value(0.3, 0.2) != pca.value(0.3, 0.2)


def test_a_loss_of_two_parameters_is_none():
    text = "model = object()\ndef loss(a, b):\n    return a\ndef parameters():\n    return []\n"
    assert slice_of(module_of(text), Path("net.py"), SliceSettings()) is None


def test_directions_that_are_not_there_are_refused():
    with pytest.raises(CodeError, match=r"net\.py: 'sideways' are no directions: there are random"):
        slice_from(TWO_LAYERS, directions="sideways")


def test_arrays_that_are_trained_later_are_not_the_centre():
    text = """
    import numpy as np

    W = [np.ones((2, 2)), np.ones(2)]

    def parameters():
        return W

    def loss(w):
        return sum((x**2).sum() for x in w)

    def trajectory():
        for _ in range(3):
            for k, w in enumerate(W):
                w -= 0.1 * (k + 1) * w**2
            yield W
    """
    found = slice_from(text, directions="pca")
    assert found.value(0.0, 0.0) == 6.0
    assert found.value(*found.trajectory[0]) == pytest.approx(4 * 0.9**2 + 2 * 0.8**2)
