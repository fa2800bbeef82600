"""A network of two layers in NumPy, whose gradient is worked out by hand, and what tests need."""

import textwrap
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from gdviz.engine.objectives.code_child.source_file import MODULE
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.network.slices import Slice, network_file

TWO_LAYERS = """
import numpy as np

X = np.random.default_rng(0).standard_normal((20, 3))
Y = np.sin(X.sum(axis=1))

def parameters():
    draw = np.random.default_rng(1).standard_normal
    return {"V": draw((3, 4)), "b": draw(4), "w": draw((4, 1)), "c": np.zeros(1)}

def layers(p):
    hidden = np.tanh(X @ p["V"] + p["b"])
    return hidden, (hidden @ p["w"] + p["c"])[:, 0]

def loss(p):
    return np.mean((layers(p)[1] - Y) ** 2)
"""
WITH_GRADIENT = (
    TWO_LAYERS
    + """
def gradient(p):
    hidden, out = layers(p)
    above = 2.0 * (out - Y)[:, None] / len(Y)
    below = (above @ p["w"].T) * (1.0 - hidden**2)
    return {"V": X.T @ below, "b": below.sum(0), "w": hidden.T @ above, "c": above.sum(0)}
"""
)
#: L = ½ Σ kᵢ θᵢ², whose Hessian is diagonal: all is known of it.
BOWL = """
import numpy as np

K = np.array([5.0, 3.0, 2.0, 1.0, -0.5, -4.0])

def parameters():
    return [np.arange(1.0, 7.0).reshape(2, 3)]

def loss(p):
    return 0.5 * np.sum(K * p[0].ravel() ** 2)

def gradient(p):
    return [(K * p[0].ravel()).reshape(2, 3)]
"""


def module_of(text: str) -> ModuleType:
    """Return what a file of this text becomes; it is run where no other file is."""
    module = ModuleType(MODULE)
    exec(textwrap.dedent(text), module.__dict__)
    return module


def slice_from(text: str, tick: Callable[[], object] = bool, **settings: Any) -> Slice:
    """Return the slice of a file of this text."""
    found = network_file(module_of(text), Path("net.py"), tick)
    assert found is not None
    return found.slice(SliceSettings(**settings))
