"""What it takes in N to reach a loss, told in sentences."""

import math

from gdviz.base.format import number
from gdviz.engine.analysis.logistic.gradients import VARIANTS
from gdviz.engine.analysis.reach.reach import COMPARED, STEPS, Reached, ReachResult

#: What is said of how steps grow: the gradient, and those whose cost is the same whatever N is.
_TOLD = ("analytic", *(name for name in COMPARED if VARIANTS[name].is_random))

#: What keeps its capital letters.
_NAMES = ("spsa", "gaussian")


def what_came_out(result: ReachResult) -> list[str]:
    """Return how steps grow with N, what that comes to, and what did not arrive: a sentence each.

    Parameters
    ----------
    result : ReachResult
        What was found so far.
    """
    growth = (_growth(result, beyond=beyond) for beyond in (False, True))
    return [*filter(None, growth), *conclusions(result)]


def conclusions(result: ReachResult) -> list[str]:
    """Return what the growth of steps comes to, and what did not arrive: a sentence each.

    Parameters
    ----------
    result : ReachResult
        What was found so far.
    """
    return [*filter(None, [_in_the_end(result)]), *_not_reached(result)]


def slope_text(slope: float) -> str:
    """Return an exponent of N in two digits after the point, as in "−0.02"."""
    return f"{round(slope, 2) + 0.0:.2f}".replace("-", "−")


def _growth(result: ReachResult, *, beyond: bool) -> str:
    slopes = {name: result.slope(name, "steps", beyond=beyond) for name in _TOLD}
    known = [
        f"{in_a_sentence(name)} {slope_text(slope)}"
        for name, slope in slopes.items()
        if math.isfinite(slope)
    ]
    if not known:
        return ""
    where = f"From the {result.rows} rows on" if beyond else f"Up to N = {result.rows}, the rows"
    return (
        f"{where}{'' if beyond else ' of the data'}, steps grow like Nᵖ with p: {', '.join(known)}."
    )


def in_a_sentence(name: str) -> str:
    """Return what a way is called within a sentence, by its name."""
    title = VARIANTS[name].title
    return title if name in _NAMES else title.lower()


def _in_the_end(result: ReachResult) -> str:
    largest = max((row.n for row in result.found), default=0)
    last = {row.variant: row for row in result.found if row.n == largest}
    exact, spsa = last.get("analytic"), last.get("spsa")
    if exact is None or spsa is None or not exact.steps > 0 or not spsa.steps > 0:
        return ""

    def times(quantity: str) -> str:
        return number(getattr(spsa, quantity) / getattr(exact, quantity), 3)

    return (
        f"At N = {largest:,} two values a step take {times('steps')} times the steps of the "
        f"gradient, {times('passes')} times its passes, {times('evaluations')} times its "
        f"evaluations, and {times('seconds')} times its time."
    )


def _not_reached(result: ReachResult) -> list[str]:
    """Say where the loss is below the least there is, and where the steps did not suffice."""
    ns = list(dict.fromkeys(row.n for row in result.found))
    of = {n: [row for row in result.found if row.n == n] for n in ns}
    below = [n for n in ns if of[n][0].least >= result.loss]
    said = []
    if below:
        least = number(of[below[-1]][0].least, 3)
        said.append(
            f"With N = {_listed(below)} the loss is never {number(result.loss, 3)}: the least at "
            f"N = {below[-1]:,} is {least}."
        )
    for name in COMPARED:
        late = [n for n in ns if n not in below and any(_is_late(row, name) for row in of[n])]
        if late:
            said.append(
                f"{VARIANTS[name].title} did not reach it within {STEPS:,} steps at N = "
                f"{_listed(late)}, whatever α."
            )
    return said


def _is_late(row: Reached, name: str) -> bool:
    return row.variant == name and math.isnan(row.steps)


def _listed(ns: list[int]) -> str:
    return ", ".join(f"{n:,}" for n in ns)
