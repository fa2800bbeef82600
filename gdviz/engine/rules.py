"""Update rules: from a gradient estimate to the next point.

A rule is a pair of pure functions: ``init()`` gives its state, and ``step(state, a, b, g_a, g_b,
alpha)`` gives the next point and state. Both components are updated from the same θ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """An update rule.

    Parameters
    ----------
    name : str
        As files and the command line write it.
    title : str
        As the window writes it.
    init : callable
        ``() -> state``.
    step : callable
        ``(state, a, b, g_a, g_b, alpha) -> (a, b, state)``.
    """

    name: str
    title: str
    init: Callable[[], Any]
    step: Callable[[Any, Any, Any, Any, Any, Any], tuple[Any, Any, Any]]


def _no_state() -> None:
    return None


def _gradient_descent(
    state: None, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any
) -> tuple[Any, Any, None]:
    return a - alpha * g_a, b - alpha * g_b, state


#: The rules by name, in menu order.
RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.name: rule for rule in (Rule("gd", "Gradient descent", _no_state, _gradient_descent),)}
)
