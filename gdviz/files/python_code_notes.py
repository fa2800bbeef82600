"""What a person should know of code that was opened: what it costs, and what its values are."""

import math

from gdviz.base.format import number, pair, short_time
from gdviz.engine.analysis.grid import FINE, affordable_resolution
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_ref import CodeRunner, Facts

#: The part of a derivative that noise may make up.
_NOISE = 0.1
#: Seconds a call from which a path is waited for, and from which it is said what spares some.
_LONG, _TOO_LONG = 0.05, 0.3
_CHEAPER = (
    "; it is made cheaper by what it does in each call and need not, such as reading its data, and "
    "by fewer rows"
)


def code_notes(objective: CodeObjective) -> tuple[str, ...]:
    """Return sentences about code that runs, after it was looked at over the map.

    Parameters
    ----------
    objective : CodeObjective
        The file's functions.

    Returns
    -------
    tuple of str
        Which function is minimised, if it is not ``loss``; which slice of a network it is; what
        differentiates it, or why nothing does; that it is called point by point, or
        is slow, and what a map takes; whether its values are those of a function of (a, b); that
        it computes in float32; and where it raised that it has no value.

    Raises
    ------
    CodeError, Cancelled
        If it does not run any more.
    """
    runner = objective.runner
    if runner is None:
        return ()
    facts = runner.facts
    f = f"{facts.loss} of {objective.name}"
    hole = runner.hole()
    notes = (
        _other_name(facts, objective),
        *facts.notes,
        f"∇f is differentiated by {facts.autodiff}" if facts.autodiff else "",
        f"{objective.no_gradient}; so there are differences only" if facts.no_gradient else "",
        _cost(objective, runner),
        _noise(facts, objective, f),
        _seed(objective.code.loss_seed, f) if facts.noise is None else "",
        f"{objective.name} computes in float32: f has about 7 digits"
        if facts.is_single and not facts.short
        else "",
        f"f is undefined where {f} raises, as at {hole}" if hole else "",
    )
    return tuple(filter(None, notes))


def _other_name(facts: Facts, objective: CodeObjective) -> str:
    if facts.is_slice:
        return ""
    names = facts.loss.partition("(")[0], facts.gradient.partition("(")[0]
    if names[0] == "loss" and names[1] in ("", "gradient"):
        return ""
    slope = f", and ∇f its {facts.gradient}" if facts.gradient else ""
    return f"f is {facts.loss} of {objective.name}{slope}"


def _cost(objective: CodeObjective, runner: CodeRunner) -> str:
    facts, points = runner.facts, affordable_resolution(objective)
    is_the_call = facts.takes_arrays and facts.alone > max(_LONG, 10.0 * runner.seconds)
    if facts.takes_arrays and points == FINE and not is_the_call:
        return ""
    each = short_time(runner.seconds)
    whole = short_time(max(runner.seconds * points**2, facts.alone))
    why = "takes numbers, not arrays, so it is called point by point"
    if facts.is_slice:
        return (
            f"a point is one forward pass, about {each}; a map of {points} × {points} points takes "
            f"{whole}"
        )
    cheaper = _CHEAPER if facts.alone > _TOO_LONG else ""
    if is_the_call:
        return (
            f"a call of {facts.loss} of {objective.name} takes {short_time(facts.alone)}, however "
            f"many points it gets; so does each evaluation of a path, and a map of {points} × "
            f"{points} points takes {whole}{cheaper}"
        )
    if facts.takes_arrays:
        why = "is slow"
    elif others := facts.others:
        values = number(others.alone, 5), number(others.among, 5)
        why = (
            "depends on the other points that it is given with one, so it is called point by "
            f"point: at {pair(others[:2])} it is {values[0]} alone, and {values[1]} among others"
        )
    return (
        f"{facts.loss} of {objective.name} {why}; a point takes {each}, a map of {points} × "
        f"{points} points {whole}{cheaper}"
    )


def _noise(facts: Facts, objective: CodeObjective, f: str) -> str:
    noise = facts.noise
    if noise is None:
        return ""
    said = (
        f"{f} gives different values at the same point: at {pair(noise[:2])} their standard "
        f"deviation is {number(noise.spread, 2)}"
    )
    remedy = f"{facts.evaluation}, or " if facts.evaluation else ""
    if objective.code.loss_seed is None:
        said += (
            f" ({remedy}--loss-seed 0, which seeds what is random in each call, makes it one if "
            "draws are all that differs)"
        )
    else:
        said += " although what it draws by is seeded: something else differs between the calls"
    if noise.slope <= 0.0:
        return said
    epsilon = noise.spread / (math.sqrt(2.0) * _NOISE * noise.slope)
    return (
        f"{said}; central differences need ε of about {number(epsilon, 1)}, where noise makes up a "
        "tenth of them"
    )


def _seed(seed: int | None, f: str) -> str:
    if seed is None:
        return ""
    return f"what {f} draws by is seeded with {seed} before each call: it is one of many functions"
