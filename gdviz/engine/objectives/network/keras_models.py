"""Keras 3's models, on PyTorch, JAX or TensorFlow, which are left as they are found."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.forward import Forward, Leaves, of_model

_BACKENDS = ("torch", "jax", "tensorflow")


class _Model(Forward):
    """A loss of what a model holds, within a scope that keeps every change of it to itself."""

    def __init__(self, model: Any, loss: Callable[..., Any], variables: Leaves) -> None:
        names = tuple(variable.path for variable in variables)
        centre = [variable.value for variable in variables]
        super().__init__(names, centre, of_model(loss), lambda _: model, filter_axis=-1)
        self._variables, self._every = variables, model.variables

    @contextmanager
    def displaced(self, leaves: Leaves) -> Iterator[Leaves]:
        """Put parameters in place for what is called within."""
        scope = sys.modules["keras"].StatelessScope
        with scope(state_mapping=list(zip(self._variables, leaves, strict=True))):
            yield leaves

    @contextmanager
    def left_as_found(self) -> Iterator[None]:
        """Let other code change the model's variables, which are put back."""
        before = [(variable, variable.numpy().copy()) for variable in self._every]
        try:
            yield
        finally:
            for variable, value in before:
                variable.assign(value)


def keras_forward(model: Any, loss: Callable[..., Any]) -> Forward | None:
    """Return the loss of a model of Keras, of which the trainable variables are displaced.

    None if it is none.

    Raises
    ------
    CodeError
        If it has none, is not built yet, or runs on what does not differentiate.
    """
    keras = sys.modules["keras"]
    if not isinstance(model, keras.Model):
        return None
    if (backend := keras.backend.backend()) not in _BACKENDS:
        raise CodeError(
            f"model is one of Keras on {backend}, which is not differentiated here: set "
            'os.environ["KERAS_BACKEND"] = "torch", "jax" or "tensorflow" before keras is imported'
        )
    if not model.built:
        raise CodeError("model is not built yet, so it has no parameters: call model.build(…)")
    if not model.trainable_variables:
        raise CodeError("model has no trainable variables")
    return _Model(model, loss, model.trainable_variables)
