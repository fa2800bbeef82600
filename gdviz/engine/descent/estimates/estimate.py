"""What a gradient estimate is; the estimates themselves are in a table of their own."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any

from gdviz.engine.descent.hyperparameters import Configurable
from gdviz.engine.objectives.quantities import Quantity

Gradient = tuple[Any, Any]
#: A gradient estimate as a function of the point alone: ``(a, b) -> (ĝ_a, ĝ_b)``. That of a random
#: estimate takes the next step's draw with each call.
GradientFunction = Callable[[Any, Any], Gradient]


@dataclass(frozen=True, slots=True)
class Estimate(Configurable):
    """A way to get a gradient.

    Parameters
    ----------
    name, title, about, options, definition, known_as
        As of every :class:`~gdviz.engine.descent.hyperparameters.Configurable`; `about` says what
        it costs at N = 2.
    formula : str
        Component i in plain mathematics, for tooltips.
    bind : callable
        ``(objective, epsilon, representable, *draws, **options) -> gradient``, where
        ``gradient(a, b)`` is (ĝ_a, ĝ_b). Only a random estimate is given draws.
    needs : {"value", "gradient", "complex value", "tangent", "batch gradient"}
        What it asks the objective for.
    uses_epsilon : bool
        Whether ε matters.
    differences : bool
        Whether it subtracts values of f that are ε apart, so that ε can be too small for the
        arithmetic.
    order : int or None
        The p of its error O(εᵖ), if that is the one-sided difference's (1), the central one's (2)
        or that of two extrapolated central ones (4); else None.
    is_random : bool
        Whether it draws: its draws are a function of the seed and the step.
    is_elementwise : bool
        Whether the point may be an array.
    only_on : str
        The one surface it is for; empty for all.
    note : str
        What is wrong with it as such; empty for most.
    """

    _: KW_ONLY
    formula: str
    bind: Callable[..., GradientFunction]
    needs: Quantity = "value"
    uses_epsilon: bool = True
    differences: bool = False
    order: int | None = None
    is_random: bool = False
    is_elementwise: bool = True
    only_on: str = ""
    note: str = ""

    @property
    def is_swept(self) -> bool:
        """Whether its error against ε is drawn, beside what theory says of it."""
        return self.uses_epsilon and not self.why_not_swept

    @property
    def why_not_swept(self) -> str:
        """Why its error against ε is not drawn although it uses ε; empty for all others."""
        if self.uses_epsilon and self.is_random:
            return (
                "the spread of its draws hides what ε does; its slope is a central difference, "
                "whose best ε is its own"
            )
        return ""
