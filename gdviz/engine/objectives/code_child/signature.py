"""What a person's function takes, as its signature says."""

import inspect
import sys
from collections.abc import Callable
from typing import Any


def parameters(function: Callable[..., Any]) -> tuple[str, ...] | None:
    """Return the names of the parameters that a function cannot do without; None if unknown.

    Where it can do with fewer than two, those that it may be given as well.
    """
    try:
        given = _given(function)
    except (TypeError, ValueError):  # of some built-in functions it is unknown
        return None
    places = [p for p in given if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    needed = [p for p in places if p.default is p.empty]
    if not needed and any(p.kind is p.VAR_POSITIONAL for p in given):
        return None
    return tuple(p.name for p in needed or places[:2])


def places(function: Callable[..., Any]) -> int:
    """Return how many arguments a function takes by their places; many where any number."""
    try:
        given = _given(function)
    except (TypeError, ValueError):
        return 1
    if any(p.kind is p.VAR_POSITIONAL for p in given):
        return sys.maxsize
    return sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in given)


def needed(function: Callable[..., Any]) -> int:
    """Return how many arguments a function cannot do without; 1 where that is unknown."""
    try:
        given = _given(function)
    except (TypeError, ValueError):
        return 1
    places = [p for p in given if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return sum(p.default is p.empty for p in places)


def needed_by_name(function: Callable[..., Any]) -> tuple[str, ...]:
    """Return the arguments that a function cannot do without, and takes by their names alone."""
    try:
        given = _given(function)
    except (TypeError, ValueError):
        return ()
    return tuple(p.name for p in given if p.kind is p.KEYWORD_ONLY and p.default is p.empty)


def _given(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return what a function takes; of a module of PyTorch's what its ``forward()`` does."""
    made = inspect.unwrap(function)
    forward = getattr(made, "forward", None)
    if callable(forward) and not inspect.isclass(made) and not inspect.isroutine(made):
        function = forward
    return list(inspect.signature(function).parameters.values())
