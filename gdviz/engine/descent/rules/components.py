"""What rules share: the loop over both components, elementary functions, and options."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from gdviz.engine.descent.hyperparameters import Option
from gdviz.engine.descent.rules.rule import Update
from gdviz.engine.objectives.counting import CountedObjective

#: ``(k, state, x, g, alpha) -> (x, state)``: the k-th update, k = 1, 2, …, of one component x of θ,
#: of which g is that of ĝ.
Recurrence = Callable[[int, Any, Any, Any, Any], tuple[Any, Any]]


def by_component(recurrence: Recurrence, initial: Any) -> Update:
    """Return the update that applies a recurrence to each component.

    Parameters
    ----------
    recurrence : callable
        ``(k, state, x, g, alpha) -> (x, state)``, for the k-th update from k = 1 on.
    initial : object
        The state of a component before the first update.
    """

    def step(state: Any, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        k, of_a, of_b = state
        k += 1
        a, of_a = recurrence(k, of_a, a, g_a, alpha)
        b, of_b = recurrence(k, of_b, b, g_b, alpha)
        return a, b, (k, of_a, of_b)

    return (0, initial, initial), step


def larger(f: CountedObjective) -> Callable[[Any, Any], Any]:
    """Return the larger of two numbers of an objective's arithmetic, as a function."""
    return max if f.real is float else np.maximum


def sign(f: CountedObjective) -> Callable[[Any], Any]:
    """Return the sign of a number of an objective's arithmetic, −1, 0 or 1, as a function."""
    # A literal, which a linear formula's gradient is, has the precision of nothing.
    return _sign if f.real is float else partial(np.sign, dtype=f.real)


def _sign(x: float) -> float:
    return float((x > 0.0) - (x < 0.0))


def chosen(f: CountedObjective) -> Callable[[Any, Any, Any], Any]:
    """Return what chooses between two numbers by a condition, in an objective's arithmetic."""
    return _chosen if f.real is float else lambda *of: f.real(np.where(*of))


def _chosen(condition: bool, first: float, second: float) -> float:
    return first if condition else second


def delta(default: float) -> Option:
    """Return the option δ, which keeps a quotient finite."""
    # The least is well above float32's smallest number, so that nothing is divided by zero.
    return Option(
        "delta", "δ", default, 1e-30, 1.0,
        "Added to the root to avoid division by zero; PyTorch's eps", logarithmic=True,
    )  # fmt: skip


def fraction(name: str, symbol: str, default: float, of: str, high: float = 0.9999) -> Option:
    """Return the option of a fraction that a step keeps.

    Parameters
    ----------
    name, symbol, default
        As of :class:`~gdviz.engine.descent.hyperparameters.Option`.
    of : str
        What it is a fraction of.
    high : float, default 0.9999
        The greatest: from 1 on nothing would be forgotten.
    """
    return Option(name, symbol, default, 0.0, high, f"Fraction of {of} that a step keeps")


#: Where sums of squares begin, and where δ stands; their defaults are PyTorch's.
START = Option("start", "s₀", 0.0, 0.0, 1e3, "Where s begins, before the first step")
INSIDE = Option(
    "inside", "√(s + δ)", 0, 0, 1, "Whether δ is added to s, inside the root, and not to the root",
    is_switch=True,
)  # fmt: skip
WEIGHT_DECAY = Option(
    "weight_decay", "λ", 0.0, 0.0, 10.0, "Fraction of θ, times α, that a step takes away by itself"
)
