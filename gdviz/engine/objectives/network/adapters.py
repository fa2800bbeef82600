"""The libraries that a network may be written with, in one table; none is imported here."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from gdviz.engine.objectives.code_ref import CodeError
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


def model_forward(model: Any, loss: Callable[..., Any]) -> Forward | None:
    """Return the loss of a model of one of the libraries; None if it is of none.

    Raises
    ------
    CodeError
        If it is one that cannot be displaced.
    """
    known = (adapter.model(model, loss) for adapter in imported() if adapter.model is not None)
    return next((forward for forward in known if forward is not None), None)


def is_model(value: Any) -> bool:
    """Tell whether something is a model of one of the libraries, if one that is refused."""
    try:
        return value is not None and model_forward(value, lambda _: None) is not None
    except CodeError:
        return True


def evaluation(model: Any) -> str:
    """Return what turns dropout off in the model that a file has beside its parameters, if any."""
    try:
        found = None if model is None else model_forward(model, lambda _: None)
    except CodeError:
        return ""
    return "" if found is None else found.evaluation
