"""Which of a file's functions is the loss, and which its gradient."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

from gdviz.engine.objectives.code_child.signature import needed, parameters
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

#: What arguments are called that are data, no parameters if there are others; and vectors.
DATA = frozenset(
    {
        "x", "y", "xs", "ys", "x_train", "y_train", "data", "points", "samples", "inputs",
        "outputs", "targets", "labels", "features", "y_true",
    }
)  # fmt: skip
VECTORS = frozenset({"theta", "w", "params", "parameters", "weights", "beta", "coef", "p"})

#: How many numbers a point has.
_NEEDED = 2


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
    methods = _methods(module)
    if not callable(getattr(module, name, None)):
        known = [each for each in _LOSSES if each in own]
        slopes = {form.format(each) for each in own for form in _GRADIENTS} - {*_LOSSES}
        others = [each for each in own if each not in slopes]
        name = known[0] if known else others[0] if len(others) == 1 else ""
    if not name:
        lines = [*methods, *(_line(module, *each) for each in own.items())]
        remedy = f"; add one line, such as: {lines[0]}" if lines else ""
        remedy += " with your own arguments" if "…" in remedy else ""
        if not remedy and (model := network_named(module)):
            remedy = (
                f"; for the network {model} add one line: model = {model}; loss = lambda: …, with "
                "its loss over your data for the …"
            )
        raise CodeError(f"{file} defines no function loss(a, b){remedy}")
    loss = getattr(module, name)
    names = parameters(loss)
    if names is not None and len(names) > 2:
        line = _lambda(module, name, names)
        numbers = ", with your own numbers for the 1" if "=1" in line else ""
        raise CodeError(
            f"{file}: {signature(name, loss)} takes {len(names)} parameters; add a line that "
            f"gives the others{numbers}: loss = {line}"
        )
    gradient = getattr(module, "gradient", None)
    if gradient is not None and not callable(gradient):
        raise CodeError(f"gradient in {file} is not a function of (a, b)")
    found = ["gradient"] if gradient is not None else []
    found += [each for form in _GRADIENTS if (each := form.format(name)) in own and each != name]
    return (name, loss), (found[0], getattr(module, found[0])) if found else None


@contextmanager
def told_of_keys(file: str, name: str, function: Callable[..., Any]) -> Iterator[None]:
    """Refuse a function of a dict, or of an object, with the line to add, where it is tried.

    Parameters
    ----------
    file : str
        The file's name, for the sentence.
    name : str
        What the function is called.
    function : callable
        What is tried.

    Raises
    ------
    CodeError
        In place of what was raised, if the function asks for keys or attributes.
    """
    try:
        yield
    except (LookupError, TypeError, AttributeError, CodeError) as error:
        names = parameters(function)
        line = line_of_keys(name, function) if names is not None and len(names) == 1 else ""
        if not line:
            raise
        raise CodeError(
            f"{file}: {signature(name, function)} takes no vector of two numbers; add one line, "
            f"such as: {line}"
        ) from error


def line_of_keys(name: str, function: Callable[..., Any]) -> str:
    """Return the line that calls a function of a dict, or of an object, with two numbers.

    What it takes is found out by calling it with an object that notes what it is asked for.

    Parameters
    ----------
    name : str
        What the function is called.
    function : callable
        Of one parameter, which no vector was good for.

    Returns
    -------
    str
        Such as ``loss = lambda u, v: cost({"u": u, "v": v})``; empty where it asks for nothing.
    """
    noting = _Noting()
    with suppress(Exception):  # it may want other numbers than ones: what it asked for is known
        function(noting)
    names = [*noting.keys_asked, *noting.attributes_asked]
    if not all(map(str.isidentifier, names)) or len(names) < _NEEDED:
        return ""
    given = [*names[:_NEEDED], *("1" for _ in names[_NEEDED:])]
    pairs = list(zip(names, given, strict=True))
    if noting.keys_asked:
        inside = ", ".join(f'"{key}": {value}' for key, value in pairs)
        whole = f"{{{inside}}}"
    else:
        inside = ", ".join(f"{key}={value}" for key, value in pairs)
        whole = f"types.SimpleNamespace({inside})"
    first, second, *_ = names
    kept, called = (", f=loss", "f") if name == "loss" else ("", name)
    imports = "" if noting.keys_asked else "import types; "
    return f"{imports}loss = lambda {first}, {second}{kept}: {called}({whole})"


class _Noting(dict[str, float]):
    """Has whatever it is asked for, and notes it."""

    def __init__(self) -> None:
        super().__init__()
        self.keys_asked: dict[str, None] = {}
        self.attributes_asked: dict[str, None] = {}

    def __missing__(self, key: Any) -> float:
        self.keys_asked[str(key)] = None
        return 1.0

    def __getattr__(self, name: str) -> float:
        if name.startswith("_"):
            raise AttributeError(name)
        self.attributes_asked[name] = None
        return 1.0


def _methods(module: ModuleType) -> list[str]:
    """Return the lines that make the loss of an object's, or a class's, method called so."""
    found = []
    for name, value in vars(module).items():
        of = value if inspect.isclass(value) else type(value)
        if getattr(of, "__module__", None) != module.__name__ or name.startswith("_"):
            continue
        method = next((each for each in ("loss", *_LOSSES) if callable(vars(of).get(each))), "")
        if method:
            made = name if of is not value else f"{name}({'…' if needed(value) else ''})"
            found.append(f"loss = {made}.{method}")
    return sorted(found, key=lambda line: "(" in line)  # of what there is already first


def network_named(module: ModuleType) -> str:
    """Return the name of a network of PyTorch's or Keras's; empty where there is none.

    One without parameters, such as PyTorch's criteria, is none.
    """
    for name, value in vars(module).items():
        if inspect.isclass(value) or name.startswith("_"):
            continue
        for of in ("named_parameters", "trainable_variables"):
            with suppress(Exception):  # a library's proxy may have whatever it is asked for
                found = getattr(value, of)
                if len(list(found() if callable(found) else found)):
                    return name
    return ""


def loss_named(module: ModuleType) -> str:
    """Return the name of a function of the file's own that may be the loss of its network.

    Empty where there is none that takes at most the network itself.
    """
    every = vars(module).items()
    own = [n for n, f in every if inspect.isfunction(f) and f.__module__ == module.__name__]
    likely = [*_LOSSES, *(name for name in own if "loss" in name.lower())]
    return next((n for n in likely if n in own and needed(vars(module)[n]) <= 1), "")


def signature(name: str, function: Callable[..., Any], *, of_two: bool = False) -> str:
    """Return a function as it is called, such as ``loss(a, b)``.

    Parameters
    ----------
    name : str
        What it is called.
    function : callable
        The function.
    of_two : bool, default False
        Whether it is called with two arguments, even if it can do without the second one.
    """
    names = parameters(function)
    if of_two and names is not None and len(names) == 1:
        given = list(inspect.signature(function).parameters.values())[:2]
        has_names = all(p.kind is not p.VAR_POSITIONAL for p in given)
        names = tuple(p.name for p in given) if has_names and len(given) == _NEEDED else None
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


def _line(module: ModuleType, name: str, function: Callable[..., Any]) -> str:
    names = parameters(function) or ()
    return f"loss = {name if len(names) <= 2 else _lambda(module, name, names)}"


def _lambda(module: ModuleType, name: str, names: tuple[str, ...]) -> str:
    """Return the function of two parameters, or of a vector of them, with data for the others."""
    own = [each for each in names if each.lower() not in DATA]
    kept = own if len(own) == 1 and own[0].lower() in VECTORS else (own if own[1:] else names)[:2]
    others = {each: value_of(module, each) for each in names if each not in kept}
    are_last = list(names[-len(others) :]) == list(others)
    given = [each if are_last else f"{each}={each}" for each in kept]
    given += [f"{each}={value}" for each, value in others.items()]
    # In a line that begins with `loss =` that name is the lambda itself by the time it is called.
    also, called = (", f=loss", "f") if name == "loss" else ("", name)
    return f"lambda {', '.join(kept)}{also}: {called}({', '.join(given)})"


def value_of(module: ModuleType, name: str) -> str:
    """Return the variable of the file that an argument is likely to be given, or 1."""
    beginning = f"{name.lower()}_"
    longer = (each for each in vars(module) if each.lower().startswith(beginning))
    return next((each for each in (name, name.upper()) if each in vars(module)), next(longer, "1"))
