"""Which network a file defines: its parameters, or its model, and the loss of these."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any, cast

from gdviz.engine.objectives.code_child.names import loss_named, network_named, signature
from gdviz.engine.objectives.code_child.network_mistakes import (
    MODELS_NAMES,
    is_iterator,
    kind,
    no_model,
    no_parameters,
    not_of_one,
    of_a_library,
)
from gdviz.engine.objectives.code_child.signature import needed, needed_by_name, parameters, places
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.adapters import (
    arrays_of,
    evaluation,
    is_model,
    model_forward,
)
from gdviz.engine.objectives.network.forward import Forward
from gdviz.engine.objectives.network.network import Network
from gdviz.engine.objectives.network.trees import take_apart


def find_network(module: ModuleType, tick: Callable[[], object] = bool) -> Network | None:
    """Return the network that a file defines, or None if it is one of two parameters.

    Parameters
    ----------
    module : module
        What the file has become.
    tick : callable, optional
        Called before each call of its code.

    Raises
    ------
    CodeError
        If what it defines is nearly a network, with what to write; and as
        :class:`~gdviz.engine.objectives.network.network.Network`.
    """
    loss = getattr(module, "loss", None)
    if callable(loss) and (needed(loss) > 1 or needed_by_name(loss)):
        if why := not_of_one(module, loss):
            raise CodeError(why)
        return None
    make, model = getattr(module, "parameters", None), getattr(module, "model", None)
    if callable(make) and not needed(make):
        return _of_parameters(module, make, loss, tick)
    if why := no_parameters(module, make, loss):
        raise CodeError(why)
    if model is None:
        if why := _other_name(module, loss):
            raise CodeError(why)
        return None
    if (found := model_forward(model, loss if callable(loss) else _nothing)) is not None:
        _checked(module, loss, "model", "loss() or loss(model)", 0)
        return Network(found, None, tick)
    if why := no_model(module, model, loss):
        raise CodeError(why)
    return None


def _nothing() -> None:
    """Stand in for a loss that is missing."""


def _of_parameters(
    module: ModuleType, make: Callable[[], Any], loss: Any, tick: Callable[[], object]
) -> Network:
    """Return the network of which a function returns the parameters."""
    loss = _checked(module, loss, "parameters()", "loss(parameters)", 1)
    found, gradient = make(), getattr(module, "gradient", None)
    if found is None:
        raise CodeError("parameters() returned None, not the parameters: end it with return …")
    if is_iterator(found):
        name = network_named(module)
        remedy = f"in place of it write model = {name}" if name else "let it return list(…) of that"
        raise CodeError(f"parameters() returned {kind(found)}, which can be read once: {remedy}")
    tree = take_apart(found)
    is_alone = len(tree.leaves) == 1 and tree.leaves[0] is found
    if is_alone and arrays_of(found) is None and is_model(found):
        raise CodeError(
            f"parameters() returned {kind(found)}, a network: in place of it write model = …, "
            "with that for the …"
        )
    forward = Forward(tree.names, tree.leaves, loss, tree.rebuild)
    forward.evaluation = evaluation(getattr(module, "model", None))
    return Network(forward, gradient if callable(gradient) else None, tick)


def _other_name(module: ModuleType, loss: Any) -> str:
    """Say that a network is to be called model, where a loss can be of nothing else."""
    if not callable(loss) or inspect.isclass(loss):
        return ""
    name, takes = network_named(module), parameters(loss) or ()
    if places(loss) == 0:
        remedy = f"for the network {name} add one line: model = {name}"
        other = "write loss(a, b) of two numbers, or name what it is of model"
        return f"loss() takes no parameters: {remedy if name else other}"
    if name and needed(loss) == 1 and takes[0] in {name, *MODELS_NAMES}:
        return f"for the network {name}, which {signature('loss', loss)} takes, add one line: " + (
            f"model = {name}"
        )
    return ""


def _checked(
    module: ModuleType, loss: Any, defines: str, wanted: str, arguments: int
) -> Callable[..., Any]:
    """Return the loss of a network, unless it is none, with what to write."""
    example = f"def {wanted.partition(' or ')[0]}: return …"
    if loss is None:
        name = loss_named(module)
        remedy = f"add one line: loss = {name}" if name else f"write {example}"
        raise CodeError(f"it defines {defines}, but no function {wanted}: {remedy}")
    if of_a_library(loss):
        raise CodeError(not_of_one(module, loss))
    if inspect.isclass(loss):
        raise CodeError("loss is a class, not a function: add one line: loss = loss()")
    if not callable(loss):
        raise CodeError(f"loss is {kind(loss)}, computed once, not a function: write {example}")
    if inspect.iscoroutinefunction(loss):
        raise CodeError("loss is an async function, which returns no number: write def alone")
    if inspect.isgeneratorfunction(loss):
        raise CodeError("loss yields, and so returns no number: write return in place of yield")
    if needed(loss) < arguments:
        raise CodeError(f"it defines {defines}, so its loss has to take them: write {wanted}")
    return cast("Callable[..., Any]", loss)
