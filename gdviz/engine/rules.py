"""Update rules: from gradients to the next point.

A rule is a walk: it takes the counted objective, an estimate and the terms, and leaves points,
gradients and counts behind. Most make one update from one gradient, and are a pair of pure
functions (:func:`gdviz.engine.walk.step_by_step`). Both components are updated from the same θ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gdviz.engine import lbfgs
from gdviz.engine.gradients import Estimate
from gdviz.engine.objective import CountedObjective
from gdviz.engine.walk import Terms, Walk, step_by_step


@dataclass(frozen=True, slots=True)
class Rule:
    """An update rule.

    Parameters
    ----------
    name : str
        As files and the command line write it.
    title : str
        As the window writes it.
    about : str
        What it does, in a sentence.
    walk : callable
        ``(objective, estimate, terms) -> Walk``.
    searches : bool
        Whether it calls the objective in searches of its own, beside one gradient a step.
    """

    name: str
    title: str
    about: str
    walk: Callable[[CountedObjective, Estimate, Terms], Walk]
    searches: bool = False


def _no_state() -> None:
    return None


def gradient_descent(
    state: None, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any
) -> tuple[Any, Any, None]:
    """Return θ − αĝ, both components from the same θ."""
    return a - alpha * g_a, b - alpha * g_b, state


#: The rules by name, in menu order.
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            Rule(
                "gd",
                "Gradient descent",
                "θ ← θ − αĝ",
                step_by_step(_no_state, gradient_descent),
            ),
            Rule(
                "l-bfgs",
                "L-BFGS",
                "SciPy's L-BFGS-B: a quasi-Newton direction and a line search, whose evaluations "
                "are counted as its own; α plays no part",
                lbfgs.walk,
                searches=True,
            ),
        )
    }
)
