"""The libraries that a network may be written with, in one table; none is imported here."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from gdviz.engine.objectives.network.forward import Arrays, Forward
from gdviz.engine.objectives.network.jax_compiled import CompilingJax
from gdviz.engine.objectives.network.jax_trees import tree_forward
from gdviz.engine.objectives.network.keras_models import keras_forward
from gdviz.engine.objectives.network.numpy_arrays import NumpyArrays
from gdviz.engine.objectives.network.tensorflow_tensors import TensorflowArrays
from gdviz.engine.objectives.network.torch_modules import TorchArrays, module_forward


@dataclass(frozen=True)
class Adapter:
    """A library.

    Attributes
    ----------
    module : str
        What it is imported as.
    arrays : Arrays or None
        Its arrays, if it has some of its own.
    model : callable or None
        Returns the loss of one of its models, or None if it is none of them.
    """

    module: str
    arrays: Arrays | None = None
    model: Callable[[Any, Callable[..., Any]], Forward | None] | None = None


#: Keras's models may be modules of PyTorch's as well: the first that knows a model has it.
ADAPTERS = (
    Adapter("keras", None, keras_forward),
    Adapter("torch", TorchArrays(), module_forward),
    Adapter("jax", CompilingJax(), tree_forward),
    Adapter("tensorflow", TensorflowArrays()),
    Adapter("numpy", NumpyArrays()),
)


def imported() -> Iterator[Adapter]:
    """Yield what the person's file has imported."""
    return (adapter for adapter in ADAPTERS if adapter.module in sys.modules)


def arrays_of(value: Any) -> Arrays | None:
    """Return the library of an array; None if it is none."""
    every = (adapter.arrays for adapter in imported() if adapter.arrays is not None)
    return next((arrays for arrays in every if arrays.holds(value)), None)
