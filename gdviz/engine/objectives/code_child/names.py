"""Which of a file's functions is the loss, and which its gradient."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

from gdviz.engine.objectives.code_child.calls import parameters
from gdviz.engine.objectives.code_ref import CodeError

#: What the function that is minimised is called where it is not ``loss``, the likeliest first.
_LOSSES = (
    "loss_fn", "loss_function", "f", "fun", "func", "cost", "cost_function", "objective",
    "objective_function", "J", "L", "energy", "target",
)  # fmt: skip
#: What its gradient is called where it is not ``gradient``; ``{}`` is what the loss is called.
_GRADIENTS = (
    "grad_{}", "{}_grad", "{}_gradient", "gradient_{}", "gradient_of_{}", "grad", "jac", "d{}",
    "{}_prime", "fprime",
)  # fmt: skip


def find_functions(
    module: ModuleType, file: str
) -> tuple[tuple[str, Callable[..., Any]], tuple[str, Callable[..., Any]] | None]:
    """Return the loss and the gradient, if there is one, each with its name.

    Parameters
    ----------
    module : module
        What the file has become.
    file : str
        The file's name, for sentences.

    Raises
    ------
    CodeError
        If there is none, or it cannot be told which: with the line to add.
    """
    name = "loss"
    own = _own_functions(module)
    if not callable(getattr(module, name, None)):
        known = [each for each in _LOSSES if each in own]
        name = known[0] if known else next(iter(own), "") if len(own) == 1 else ""
    if not name:
        remedy = f"; add one line, such as: {_line(*next(iter(own.items())))}" if own else ""
        raise CodeError(f"{file} defines no function loss(a, b){remedy}")
    loss = getattr(module, name)
    names = parameters(loss)
    if names is not None and len(names) > 2:
        raise CodeError(
            f"{file}: {signature(name, loss)} takes {len(names)} parameters; add a line that "
            f"leaves two, with your own numbers for the 1: loss = {_lambda(name, names)}"
        )
    gradient = getattr(module, "gradient", None)
    if gradient is not None and not callable(gradient):
        raise CodeError(f"gradient in {file} is not a function of (a, b)")
    found = ["gradient"] if gradient is not None else []
    found += [each for form in _GRADIENTS if (each := form.format(name)) in own and each != name]
    return (name, loss), (found[0], getattr(module, found[0])) if found else None


def signature(name: str, function: Callable[..., Any]) -> str:
    """Return a function as it is called, such as ``loss(a, b)``."""
    names = parameters(function)
    return f"{name}({', '.join(('a', 'b') if names is None else names)})"


def _own_functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """Return what the file itself defines and could be the loss, in its order."""
    found = {}
    for name, value in vars(module).items():
        if name.startswith("_") or name == "main" or not callable(value) or inspect.isclass(value):
            continue
        names = parameters(value)
        if getattr(value, "__module__", None) == module.__name__ and names:
            found[name] = value
    return found


def _line(name: str, function: Callable[..., Any]) -> str:
    names = parameters(function) or ()
    return f"loss = {name if len(names) <= 2 else _lambda(name, names)}"


def _lambda(name: str, names: tuple[str, ...]) -> str:
    first, second, *others = names
    given = "".join(f", {other}=1" for other in others)
    # In a line that begins with `loss =` that name is the lambda itself by the time it is called.
    kept, called = (", f=loss", "f") if name == "loss" else ("", name)
    return f"lambda {first}, {second}{kept}: {called}({first}, {second}{given})"
