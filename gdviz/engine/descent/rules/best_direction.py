"""The best of all directions for a step, as an update rule, and its row in the table."""

import math
from collections.abc import Mapping
from typing import Any

from gdviz.engine.descent.path import Path
from gdviz.engine.descent.rules.circle_sampling import TOO_LONG
from gdviz.engine.descent.rules.circle_search import LARGEST, best_move
from gdviz.engine.descent.rules.first_order import fixed_length
from gdviz.engine.descent.rules.rule import Rule, Update
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.objective import Objective

#: The most values that :func:`best_direction` asks for in a step.
MOST_BESIDE = LARGEST + 1


def best_direction(f: CountedObjective) -> Update:
    """Best direction of a step α long: θ ← θ + α·d with the d for which f is least.

    The search is :func:`gdviz.engine.descent.rules.circle_search.best_move`; −ĝ/‖ĝ‖₂ is tried as
    well, so that no step is worse than one of fixed length. How many values that takes is f's to
    say: some 37 where it is smooth on the circle. The state is the number of steps, and of those
    among them whose circle was not searched throughout which they were; :func:`unsearched` says it.
    """
    shorten = fixed_length(f)[1]

    def step(state: Any, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        taken, missed = state
        best = best_move(f.value, a, b, alpha)
        to_a, to_b, _ = shorten(None, a, b, g_a, g_b, alpha)
        along = f.value(to_a, to_b)
        # f may be finite at one of them only: a loss that is not is never the lower one.
        if not math.isnan(best.loss) and not (math.isfinite(along) and along < best.loss):
            to_a, to_b = best.a, best.b
        return to_a, to_b, (taken + 1, missed if best.is_searched else (*missed, taken))

    return (0, ()), step


def unsearched(_objective: Objective, path: Path, _options: Mapping[str, float], state: Any) -> str:
    """Say at how many steps in the best direction the circle was not searched throughout.

    Parameters
    ----------
    path : Path
        The path.
    state : (int, tuple of int)
        What the rule kept: how many steps it took, and which of them were not searched.
    """
    _, missed = state
    count = sum(step < path.updates for step in missed)
    if not count:
        return ""
    steps = "step" if path.updates == 1 else "steps"
    return f"at {count} of {path.updates} {steps} the circle was {TOO_LONG}"


RULE = Rule(
    "best-direction",
    "Best direction",
    "θ ← θ + α·d with the direction d in which f is lowest at distance α, searched for all around: "
    f"some 37 values of f where it is smooth, at most {MOST_BESIDE}",
    formula="θ ← θ + α·d, d = argmin f(θ + αd)",
    latex=(
        r"\theta \leftarrow \theta + \alpha\,d,\quad "
        r"d = \mathrm{argmin}\,f(\theta + \alpha d)"
    ),
    update=best_direction,
    is_elementwise=False,
    values_beside=None,
    remark=unsearched,
)
