"""The basins of an experiment: of which of its methods, what they depend on, and their words."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import msgspec

from gdviz.base.cancel import no_progress
from gdviz.base.format import number, pair
from gdviz.base.geometry import Range
from gdviz.engine.analysis.attractors import Outcome
from gdviz.engine.analysis.basins import Basins, map_basins
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.objective import BlackBox, Objective
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.method_settings import run_settings, uses_alpha, uses_epsilon
from gdviz.scene.captions import method_title

#: Starts along each axis; fewer for rules that take one path after the other, as searches do.
RESOLUTION, FEWER = 256, 64
#: Fewer still of code that takes its time: as many as there can be in so many seconds.
_FEWEST, SECONDS = (128, 64, 32, 16), 60.0
#: About how many values a step of a path takes.
_VALUES = 4.0
#: The part of the map's diagonal within which a path is at a minimum, and not beside it.
_AT = 1e-3


@dataclass(frozen=True, eq=False)
class MethodBasins:
    """A method of an experiment, and its basins.

    Parameters
    ----------
    row : int
        Its row in the experiment's methods.
    basins : Basins
        What the path from each start ends at.
    """

    row: int
    basins: Basins


def resolution_of(
    experiment: Experiment, rows: Iterable[int], objective: Objective | None = None
) -> int:
    """Return how many starts along each axis some methods have, which is the same for all.

    Parameters
    ----------
    experiment : Experiment
        What they belong to.
    rows : iterable of int
        Which methods.
    objective : Objective, optional
        The experiment's: see :func:`basins_of`.
    """
    methods = [experiment.methods[row] for row in rows]
    at_once = all(run_settings(experiment, method).is_elementwise for method in methods)
    most = RESOLUTION if at_once else FEWER
    objective = experiment.objective() if objective is None else objective
    each = _VALUES * experiment.steps * objective.seconds_a_point
    possible = (most, *(fewer for fewer in _FEWEST if fewer < most))
    return next((n for n in possible if n * n * each <= SECONDS), possible[-1])


def basins_of(
    experiment: Experiment,
    row: int = 0,
    resolution: int | None = None,
    progress: Callable[[float], None] = no_progress,
    objective: Objective | None = None,
) -> Basins:
    """Return which minimum, or other end, a method reaches from each start of a grid over the map.

    Parameters
    ----------
    experiment : Experiment
        What to run; its own starts play no part.
    row : int, default 0
        Which of its methods.
    resolution : int, optional
        Starts along each axis; by default :func:`resolution_of`, which is 256 for most methods.
    progress : callable, optional
        As in :func:`gdviz.engine.analysis.basins.map_basins`.
    objective : Objective, optional
        The experiment's: code that was opened has to be given, see :class:`Opened
        <gdviz.experiment.open_file.Opened>`.

    Raises
    ------
    ValueError
        If the method cannot be used there, or minima cannot be told from other points.
    """
    if why := why_none(experiment, row):
        raise ValueError(why)
    resolution = resolution or resolution_of(experiment, [row], objective)
    *_, basins = refined_basins(experiment, row, resolution, progress, objective=objective)
    return basins


def refined_basins(
    experiment: Experiment,
    row: int,
    resolution: int,
    progress: Callable[[float], None] = no_progress,
    cancelled: Callable[[], bool] = bool,
    objective: Objective | None = None,
) -> Iterator[Basins]:
    """Run a method of an experiment from a grid of starts over its map, coarse to fine.

    Parameters
    ----------
    experiment : Experiment
        What to run; its own starts play no part.
    row : int
        Which of its methods; one for which :func:`why_none` says nothing.
    resolution, progress, cancelled
        As in :func:`gdviz.engine.analysis.basins.map_basins`.
    objective : Objective, optional
        The experiment's: see :func:`basins_of`.

    Yields
    ------
    Basins
        Of ever more starts; the last of all.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    f, settings, extent = computed_from(experiment, row, objective)
    return map_basins(
        f.cancelled_by(cancelled),
        settings,
        extent,
        resolution=resolution,
        coarse=min(32, resolution // 4),
        progress=progress,
        cancelled=cancelled,
    )


def computed_from(
    experiment: Experiment, row: int, objective: Objective | None = None
) -> tuple[Objective, RunSettings, Range]:
    """Return what a method's basins depend on: those of what is equal are equal.

    Parameters
    ----------
    experiment : Experiment
        What it belongs to.
    row : int
        Its row in the experiment's methods.
    objective : Objective, optional
        The experiment's: see :func:`basins_of`.
    """
    settings = run_settings(experiment, experiment.methods[row])
    objective = experiment.objective() if objective is None else objective
    return objective, settings, experiment.map_range


def why_none(experiment: Experiment, row: int) -> str:
    """Say why a method has no basins; empty if it has."""
    method = experiment.methods[row]
    if why := experiment.function.why_not(method.estimate):
        return why
    missing = experiment.objective().no_hessian
    return f"{missing}, so minima cannot be identified" if missing else ""


def shown_rows(experiment: Experiment) -> tuple[int, ...]:
    """Return the rows of the methods that are shown, in order."""
    return tuple(row for row, method in enumerate(experiment.methods) if method.shown)


def compared_rows(experiment: Experiment) -> tuple[tuple[int, int], ...]:
    """Return which shown methods are compared: the exact one with each other one.

    The exact one is the first that is analytic, or else the first, of those that have basins.
    """
    rows = tuple(row for row in shown_rows(experiment) if not why_none(experiment, row))
    exact = next((row for row in rows if experiment.methods[row].estimate == "analytic"), None)
    if exact is None:
        exact = rows[0] if rows else None
    return tuple((exact, row) for row in rows if exact is not None and row != exact)


# -- words


def heading(experiment: Experiment, row: int, starts: int) -> str:
    """Return a method with all that it runs with, and how many starts it has.

    Parameters
    ----------
    experiment : Experiment
        What it belongs to.
    row : int
        Its row in the experiment's methods.
    starts : int
        Starts along each axis.
    """
    method = experiment.methods[row]
    parts = [method_title(msgspec.structs.replace(method, alpha=None, epsilon=None))]
    if uses_alpha(method):
        parts.append(f"α = {number(experiment.alpha_of(method))}")
        if experiment.schedule != "constant":
            parts.append(f"schedule {experiment.schedule}")
    if uses_epsilon(method):
        parts.append(f"ε = {number(experiment.epsilon_of(method))}")
    parts.append(f"at most {experiment.steps} step" + "s" * (experiment.steps != 1))
    arithmetic = experiment.objective().arithmetic(experiment.precision)
    return " · ".join([*parts, arithmetic, f"{starts} × {starts} starts"])


def unseen_kinks(objective: Objective, basins: Basins) -> str:
    """Say why paths of code that rest may count as being on their way; empty where they do not.

    Parameters
    ----------
    objective : Objective
        What was minimised.
    basins : Basins
        What its paths end at.
    """
    kinds = {end.kind for end in basins.outcomes}
    if not isinstance(objective, BlackBox) or "minimum" in kinds or "step-limit" not in kinds:
        return ""
    return (
        "“on its way” are also paths that have come to a minimum at a kink, which cannot be told "
        "of code: a network with ReLU has many"
    )


def outcome_title(outcome: Outcome) -> str:
    """Return an outcome's name and where it is, if that is one place: ``minimum (3, 2)``."""
    return outcome.name if math.isnan(outcome.a) else f"{outcome.name} {place(outcome)}"


def place(outcome: Outcome, digits: int = 3) -> str:
    """Return where an outcome is: ``(3, 2)``."""
    return pair([rounded(x) for x in (outcome.a, outcome.b)], digits)


def rounded(value: float) -> float:
    """Return a number; zero for the round-off that Newton's method leaves of one."""
    return 0.0 if abs(value) < 1e-12 else value


def share(count: int, total: int) -> str:
    """Return a part in per cent, never 0 % where there is some and 100 % where there is not all."""
    percent = 100.0 * count / total
    if 0.0 < percent < 0.1:
        return "< 0.1 %"
    if 99.9 < percent < 100.0:
        return "> 99.9 %"
    return f"{percent:.3g} %" if percent < 99.95 else "100 %"


def fate(basins: Basins, a: float, b: float, brief: bool = False) -> str:
    """Say what becomes of a start: ``minimum (3, 2) in 34 steps``; empty off the grid.

    Parameters
    ----------
    basins : Basins
        What was computed.
    a, b : float
        The start; the nearest one of the grid speaks for it.
    brief : bool, default False
        Say the outcome alone.
    """
    cell = _cell(basins, a, b)
    if cell is None:
        return ""
    outcome, steps = basins.outcomes[basins.label[cell]], int(basins.steps[cell])
    title = outcome_title(outcome)
    if brief:
        return title
    after = f"{steps} step" + "s" * (steps != 1)
    if outcome.kind == "left-map":  # it is followed beyond the edge
        return f"off the map after {after}"
    if outcome.kind != "minimum":
        return f"{title} after {after}"
    extent = basins.range
    diagonal = math.hypot(extent.a_high - extent.a_low, extent.b_high - extent.b_low)
    off = math.hypot(basins.last_a[cell] - outcome.a, basins.last_b[cell] - outcome.b)
    return f"{title} in {after}" if off <= _AT * diagonal else f"near {title} after {after}"


def _cell(basins: Basins, a: float, b: float) -> tuple[int, int] | None:
    extent, last = basins.range, len(basins.a) - 1
    if not extent.contains(a, b):
        return None
    return (
        round((b - extent.b_low) / (extent.b_high - extent.b_low) * last),
        round((a - extent.a_low) / (extent.a_high - extent.a_low) * last),
    )
