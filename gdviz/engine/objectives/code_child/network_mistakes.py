"""What is nearly a network, as people write it: each in a sentence, with the line to write."""

import inspect
import math
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from gdviz.engine.objectives.code_child.names import (
    DATA,
    VECTORS,
    network_named,
    signature,
    value_of,
)
from gdviz.engine.objectives.code_child.signature import needed, needed_by_name, parameters, places
from gdviz.engine.objectives.network.adapters import arrays_of, is_model
from gdviz.engine.objectives.network.trees import take_apart

#: What a model is called that a function takes.
MODELS_NAMES = frozenset({"model", "net", "network", "module"})
#: What arguments are called that are data, and never one of two parameters; x and y may be these.
_SURELY_DATA = (DATA - {"x", "y"}) | {
    "input", "output", "target", "label", "pred", "preds", "predictions", "logits", "batch",
    "loader", "images",
}  # fmt: skip
#: Whose functions are no person's own, and whose classes are networks.
_LOSSES_OF = frozenset({"torch", "keras", "jax", "optax", "sklearn", "tensorflow"})
_MODELS_OF = frozenset({"torch", "keras", "equinox", "flax"})
#: Numbers of a file's loss of two parameters.
_TWO = 2


def not_of_one(module: ModuleType, loss: Callable[..., Any]) -> str:
    """Say what to write where a loss takes more than its network.

    Parameters
    ----------
    module : module
        What the file has become.
    loss : callable
        Its loss, that takes more than one argument, or is a library's.

    Returns
    -------
    str
        Empty where it may well be a function of two numbers.
    """
    make = getattr(module, "parameters", None)
    if callable(make) and not needed(make):
        return _of_parts(loss, make)
    if not is_model(getattr(module, "model", None)):
        return ""
    names = [*(parameters(loss) or ()), *needed_by_name(loss)]
    if of_a_library(loss):
        made = "loss()" if inspect.isclass(loss) else "loss"
        given = "y, model(x)" if names[:1] == ["y_true"] else "model(x), y"
        return (
            f"loss is {_called(loss)}, which compares outputs with targets; it has to be a "
            f"function of the model: add one line, with your data for x and y: "
            f"loss = lambda model, f={made}: f({given})"
        )
    surely = {*MODELS_NAMES, *_SURELY_DATA}
    if len(names) <= _TWO and not needed_by_name(loss) and not surely & set(map(str.lower, names)):
        return ""
    known = {each: value_of(module, each) for each in names}
    known |= {each: "model" for each in names if each.lower() in MODELS_NAMES}
    unknown = [each for each, value in known.items() if value == "1"]
    by_name = needed_by_name(loss)
    given = ", ".join(
        (f"{each}=" if each in by_name else "") + (each if value == "1" else value)
        for each, value in known.items()
    )
    data = f", with your data for {' and '.join(unknown)}" if unknown else ""
    return (
        f"loss({', '.join(names)}) gets no more than the model: add one line that gives it the "
        f"others{data}: loss = lambda model, f=loss: f({given})"
    )


def _of_parts(loss: Callable[..., Any], make: Callable[[], Any]) -> str:
    """Say so where a loss takes the parts of the parameters, of which there are more than two."""
    try:
        found = make()
    except Exception:  # of whatever kind: then it is no function that returns the parameters
        return ""
    if _size(found) <= _TWO:
        return ""
    stars = "**" if isinstance(found, dict) else "*"
    return (
        f"{signature('loss', loss)} has to take what parameters() returns as one: add one line: "
        f"loss = lambda p, f=loss: f({stars}p)"
    )


def no_parameters(module: ModuleType, made: Any, loss: Any) -> str:
    """Say what to write where ``parameters`` returns none as it is called.

    Parameters
    ----------
    module : module
        What the file has become.
    made : object
        Its ``parameters``: no function without arguments.
    loss : object
        Its loss.

    Returns
    -------
    str
        Empty where that has to do with no network.
    """
    if made is None or not callable(loss) or inspect.isclass(loss) or needed(loss) != 1:
        return ""
    takes = (parameters(loss) or ("",))[0]
    if is_model(getattr(module, "model", None)) and takes.lower() not in VECTORS:
        return ""
    if callable(made):
        return (
            f"{signature('parameters', made)} is called without arguments: add one line that gives "
            "them: parameters = lambda f=parameters: f(…)"
        )
    if not is_iterator(made):
        remedy = "add one line: parameters = lambda p=parameters: p"
        if _size(made) <= _TWO:
            return ""
    elif name := network_named(module):
        remedy = f"in place of it write model = {name}"
    else:
        remedy = "add one line: parameters = lambda p=list(parameters): p"
    return f"parameters is {kind(made)}, not a function: {remedy}"


def no_model(module: ModuleType, model: Any, loss: Any) -> str:
    """Say what to write where ``model`` is none.

    Parameters
    ----------
    module : module
        What the file has become.
    model : object
        Its ``model``: nothing that can be displaced.
    loss : object
        Its loss.

    Returns
    -------
    str
        Empty where that may well be a function of two numbers that its loss calls.
    """
    if not callable(loss) or inspect.isclass(loss):
        return ""
    if inspect.isclass(model) and any(_root(each) in _MODELS_OF for each in model.__mro__):
        made = f"{model.__name__}({'…' if needed(model) else ''})"
        return f"model is the class {model.__name__}, not a network: write model = {made}"
    if needed(loss) == 1 and not callable(model) and _size(model) > _TWO:
        return f"model is {kind(model)}: add one line: parameters = lambda p=model: p"
    if places(loss):
        return ""
    name = network_named(module)
    own = inspect.isfunction(model) and not needed(model) and "model()"
    line = f"add one line: model = {name or own}" if name or own else ""
    other = "for another one define parameters() and loss(parameters)"
    return f"model is {kind(model)}, no network of PyTorch's, Keras's or JAX's: {line or other}"


def of_a_library(loss: Any) -> bool:
    """Tell whether a loss is one of a library's, of outputs and targets, or makes one."""
    is_theirs = callable(loss) and _root(loss) in _LOSSES_OF
    return is_theirs and (inspect.isclass(loss) or needed(loss) > 1)


def kind(value: Any) -> str:
    """Return what something is, for a sentence: a list, a Tensor, a function."""
    name = "function" if inspect.isroutine(value) else type(value).__name__
    return f"an {name}" if name[0].lower() in "aeiou" else f"a {name}"


def is_iterator(value: Any) -> bool:
    """Tell whether it can be read once, as what ``model.parameters()`` returns."""
    return isinstance(value, Iterator)


def _called(loss: Any) -> str:
    made = loss if inspect.isclass(loss) or inspect.isroutine(loss) else type(loss)
    return str(getattr(made, "__name__", kind(loss)))


def _root(value: Any) -> str:
    return str(getattr(value, "__module__", None) or "").partition(".")[0]


def _size(tree: Any) -> int:
    """Return how many numbers a nested structure of arrays holds; 0 if it is none."""
    try:
        leaves = take_apart(tree).leaves
    except Exception:  # of whatever kind: what it is was nobody's parameters
        return 0
    return sum(math.prod(getattr(leaf, "shape", ())) for leaf in leaves if arrays_of(leaf))
