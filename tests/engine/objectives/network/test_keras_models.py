"""Networks of Keras 3, on whichever library it runs, left as they are found."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = pytest.mark.frameworks

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
for v in model.trainable_variables:
    d, e = (axis[v.path] for axis in found.directions)
    v.assign(keras.ops.convert_to_numpy(v) + np.float32(0.3) * d + np.float32(-0.7) * e)
network = found.network
print(json.dumps([seen, steps, float(file.loss()), same, network.size, network.autodiff]))
"""


@pytest.mark.parametrize(
    ("backend", "autodiff"), [("torch", "PyTorch's autograd"), ("jax", "jax.grad")]
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
    (value, *slopes), steps, plain, same, size, found = json.loads(done.stdout.splitlines()[-1])
    assert value == pytest.approx(plain, rel=1e-6)
    assert slopes == pytest.approx(steps, rel=1e-2)
    assert (same, size, found) == (True, 29, autodiff)
