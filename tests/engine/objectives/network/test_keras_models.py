"""Networks of Keras 3, on whichever library it runs, left as they are found."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

MODEL = """
import json, os, sys
from pathlib import Path
from types import ModuleType
import keras
import numpy as np
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.network.slices import slice_of

keras.utils.set_random_seed(0)
X = keras.ops.convert_to_tensor(np.random.default_rng(0).standard_normal((20, 3)).astype("float32"))
Y = keras.ops.sin(keras.ops.sum(X, axis=1, keepdims=True))
model = keras.Sequential([
    keras.Input((3,)), keras.layers.Dense(4, activation="tanh"),
    keras.layers.BatchNormalization(), keras.layers.Dense(1),
])
file = ModuleType("file")
file.model = model
file.loss = lambda: keras.ops.mean((model(X, training=True) - Y) ** 2)

def trajectory():
    model.compile("sgd", "mse")
    for _ in range(3):
        model.fit(X, Y, verbose=0)
        yield [v.value for v in model.trainable_variables]

file.trajectory = trajectory

def bits():
    return [(v.path, v.trainable, np.array(keras.ops.convert_to_numpy(v)).tobytes())
            for v in model.variables]

before = bits()
found = slice_of(file, Path("net.py"), SliceSettings(biases=True))
seen = [found.value(0.3, -0.7), *found.gradient(0.3, -0.7)]
same = bits() == before
left = 1e-2
steps = [(found.value(0.3 + left, -0.7) - found.value(0.3 - left, -0.7)) / 2 / left,
         (found.value(0.3, -0.7 + left) - found.value(0.3, -0.7 - left)) / 2 / left]
ahead, behind = found.gradient(0.3 + left, -0.7), found.gradient(0.3 - left, -0.7)
second = [found.hessian(0.3, -0.7)[:2], [(p - m) / 2 / left for p, m in zip(ahead, behind)]]
for v in model.trainable_variables:
    d, e = (axis[v.path] for axis in found.directions)
    v.assign(keras.ops.convert_to_numpy(v) + np.float32(0.3) * d + np.float32(-0.7) * e)
plain, network = float(file.loss()), found.network
draw = np.random.default_rng(1).standard_normal
vector = [draw(leaf.shape) for leaf in network.centre]
along = sum((g * v).sum() for g, v in zip(network.gradient(network.theta), vector))
slopes = [network.slope(network.theta, network.like(vector)), float(along)]
print(json.dumps([seen, steps, plain, same, network.size, network.autodiff, slopes, second]))
"""


@pytest.mark.parametrize(
    ("backend", "autodiff"),
    [
        pytest.param("torch", "PyTorch's autograd", marks=pytest.mark.frameworks),
        pytest.param("jax", "jax.grad", marks=pytest.mark.frameworks),
        pytest.param("tensorflow", "TensorFlow's GradientTape", marks=pytest.mark.tensorflow),
    ],
)
def test_the_slice_is_that_of_the_model_whose_variables_are_left(
    tmp_path: Path, backend: str, autodiff: str
):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(MODEL)], capture_output=True, text=True, check=False,
        env={**os.environ, "KERAS_BACKEND": backend, "KERAS_HOME": str(tmp_path),
             "PYTHONPATH": str(Path(__file__).parents[4])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen, steps, plain, same, size, found, tangents, second = json.loads(
        done.stdout.splitlines()[-1]
    )
    value, *slopes = seen
    assert value == pytest.approx(plain, rel=1e-6)
    assert slopes == pytest.approx(steps, rel=1e-2)
    assert tangents[0] == pytest.approx(tangents[1], rel=1e-4)
    # Where it is differences in float32 it has three digits of its largest entry.
    assert second[0] == pytest.approx(second[1], rel=5e-3, abs=5e-3 * abs(second[1][0]))
    assert (same, size, found) == (True, 29, autodiff)
