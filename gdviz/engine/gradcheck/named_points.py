"""What is so at the points that a person names, where there may be nothing to compare."""

from collections.abc import Iterator

import numpy as np

from gdviz.base.format import number, pair
from gdviz.engine.gradcheck.comparison import Comparison
from gdviz.engine.gradcheck.samples import Samples
from gdviz.engine.language.enclosures.ball_arithmetic import enclose
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.nonsmooth import jump, sides_along


def named_points_notes(component: int, here: Comparison, samples: Samples) -> str:
    """Say at which named points there is nothing to compare, and why; or nothing.

    Parameters
    ----------
    component : int
        0 for ∂f/∂a, 1 for ∂f/∂b.
    here : Comparison
        At the samples' points.
    samples : Samples
        The points.
    """
    return "; ".join(_notes(component, here, samples))


def _notes(component: int, here: Comparison, samples: Samples) -> Iterator[str]:
    objective, name = here.candidate.objective, here.candidate.components[component]
    f, graph = here.candidate.nodes[0], here.candidate.graph
    claimed = here.candidate.pair(component)[1]
    for i, at in zip(samples.named_at, samples.named, strict=True):
        where, value, names = f"at {pair(at, 6)}", objective.value(*at), here.names_at(i)
        true = float(objective.gradient(*at)[component])
        # In floats arctan(1/0) is π/2.
        if not np.isfinite(value) or enclose(graph, f, names) is None:
            what = "is infinite" if np.isinf(value) else "has no value"
            yield f"{where} there is nothing to compare, as f {what} there"
        elif np.isfinite(true):
            # What is no number by overflow is not undefined.
            if not np.isfinite(here.claimed[component, i]) and (
                enclose(graph, claimed, names) is None
            ):
                yield f"{where} it is undefined, and the true one is {number(true + 0.0)}"
        elif why := _why_none(objective, at, component, is_kink=not here.comparable[component, i]):
            yield f"{where} there is no {name}, as f {why}"


def _why_none(
    objective: FormulaObjective, at: tuple[float, float], component: int, *, is_kink: bool
) -> str:
    """Say why f has no derivative at a point, in words after "f"; or nothing."""
    if jump(objective, at).startswith("f jumps"):
        return "jumps there"
    if sides := sides_along(objective, at, component):
        before, after = map(number, sides)
        return f"has a kink there, with {before} on one side and {after} on the other"
    if not is_kink:
        return ""
    is_steep = np.isinf(objective.derivatives(*at)[component])
    return "is infinitely steep there" if is_steep else "is not smooth there"
