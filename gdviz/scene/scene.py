"""Every number that is drawn: a Scene, built from an Experiment and from nothing else."""

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

from gdviz.base.geometry import Range
from gdviz.engine.analysis.color_scale import ColorScale, Kind
from gdviz.engine.analysis.grid import Contours, Grid, contours, sample
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.gradient_estimates import ESTIMATES
from gdviz.engine.descent.outcome_text import stationary_kind
from gdviz.engine.descent.path import Path
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.engine.descent.update_rules import RULES
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.surfaces import StationaryPoint
from gdviz.experiment.model import Experiment, Method

#: Grid points along each axis: of the final picture, and of one that must come at once.
FINE, COARSE = 512, 96
#: ‖∇f‖ up to which f is level at a minimum whose coordinates the table gives as decimals.
_LEVEL = 1e-6


@dataclass(frozen=True, eq=False)
class Landscape:
    """The surface as a picture.

    Attributes
    ----------
    grid : Grid
        The loss over the map.
    scale : ColorScale
        How a loss becomes a colour.
    contours : Contours
        Its contour lines, equally spaced on the scale.
    """

    grid: Grid
    scale: ColorScale
    contours: Contours


@dataclass(frozen=True, eq=False)
class Run:
    """A method that is shown, and its path.

    Attributes
    ----------
    index : int
        Its row in the experiment's methods.
    method : Method
        The row.
    label : str
        Its short name, distinct among the methods.
    start : (float, float)
        Where it began.
    alpha, epsilon : float
        What it ran with.
    path : Path
        Where it went.
    """

    index: int
    method: Method
    label: str
    start: tuple[float, float]
    alpha: float
    epsilon: float
    path: Path


@dataclass(frozen=True, eq=False)
class Scene:
    """What is drawn.

    Attributes
    ----------
    experiment : Experiment
        What it was built from.
    objective : Objective
        The function, for readouts under the cursor.
    landscape : Landscape
        The map's ground.
    runs : tuple of Run
        The shown methods, in order, from the experiment's start.
    others : tuple of Run
        The same from its other starts, start by start.
    minima : tuple of StationaryPoint
        The known minima within the map.
    """

    experiment: Experiment
    objective: Objective
    landscape: Landscape
    runs: tuple[Run, ...]
    others: tuple[Run, ...]
    minima: tuple[StationaryPoint, ...]


def build_scene(
    experiment: Experiment,
    previous: Scene | None = None,
    *,
    resolution: int = FINE,
    cancelled: Callable[[], bool] = bool,
) -> Scene:
    """Compute a Scene.

    The result depends on `experiment` and `resolution` alone; what `previous` has in common with
    it is taken over in place of being computed again.

    Parameters
    ----------
    experiment : Experiment
        What the person chose.
    previous : Scene, optional
        A scene to take over parts from.
    resolution : int, default 512
        Grid points along each axis. A finer grid of the same map in `previous` is kept.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Returns
    -------
    Scene

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    objective = experiment.objective()
    landscape = _landscape(experiment, objective, previous, resolution, cancelled)
    known = _known_paths(experiment, previous)
    labels = experiment.labels()
    runs = [
        _run(experiment, objective, index, label, start, known, cancelled)
        for start in (experiment.start, *experiment.more_starts)
        for index, label in enumerate(labels)
        if experiment.methods[index].shown
    ]
    shown = sum(method.shown for method in experiment.methods)
    surface = experiment.built_in
    map_range = experiment.map_range
    minima = tuple(
        point
        # Those of the table are of the data that the surface comes with.
        for point in (surface.points if surface and experiment.data is None else ())
        if point.kind == "minimum"
        and map_range.contains(point.a, point.b)
        and (not experiment.constants or _is_minimum(objective, point))
    )
    return Scene(experiment, objective, landscape, tuple(runs[:shown]), tuple(runs[shown:]), minima)


def _is_minimum(objective: Objective, point: StationaryPoint) -> bool:
    """Tell whether a listed minimum still is one, now that constants were turned."""
    slope = math.hypot(*objective.gradient(point.a, point.b))
    kind = stationary_kind(objective.hessian(point.a, point.b))
    return slope <= _LEVEL and kind in ("minimum", "flat")


def _landscape(
    experiment: Experiment,
    objective: Objective,
    previous: Scene | None,
    resolution: int,
    cancelled: Callable[[], bool],
) -> Landscape:
    kind = _scale_kind(experiment)
    grid = None
    if previous is not None and previous.objective == objective:
        old = previous.landscape
        if old.grid.range == experiment.map_range and old.grid.resolution >= resolution:
            if old.scale.kind == kind:
                return old
            grid = old.grid
    if grid is None:
        grid = sample(objective, experiment.map_range, resolution, cancelled)
    scale = ColorScale.fit(grid.values, kind)
    return Landscape(grid, scale, contours(grid, scale.levels()))


def _scale_kind(experiment: Experiment) -> Kind:
    if experiment.color_scale != "auto":
        return experiment.color_scale
    surface = experiment.built_in
    return surface.color_scale if surface else "linear"


def _run(
    experiment: Experiment,
    objective: Objective,
    index: int,
    label: str,
    start: tuple[float, float],
    known: Mapping[Hashable, Path],
    cancelled: Callable[[], bool],
) -> Run:
    method = experiment.methods[index]
    alpha, epsilon = experiment.alpha_of(method), experiment.epsilon_of(method)
    path = known.get(_walk_key(method, start, alpha, epsilon))
    if path is None:
        path = descend(
            objective,
            experiment.estimate(method),
            RULES[method.rule],
            start=start,
            alpha=alpha,
            epsilon=epsilon,
            steps=experiment.steps,
            bounds=walking_range(experiment),
            options=method.options,
            schedule=SCHEDULES[experiment.schedule],
            schedule_options=experiment.schedule_options,
            precision=experiment.precision,
            representable_step=experiment.representable_step,
            remark=experiment.remark,
            cancelled=cancelled,
        )
    return Run(index, method, label, start, alpha, epsilon, path)


def _known_paths(experiment: Experiment, previous: Scene | None) -> Mapping[Hashable, Path]:
    """Return the paths of another scene by what they depend on, as far as they hold here."""
    if previous is None or not same_walks(experiment, previous):
        return {}
    return {
        _walk_key(run.method, run.start, run.alpha, run.epsilon): run.path
        for run in (*previous.runs, *previous.others)
    }


def _walk_key(method: Method, start: tuple[float, float], alpha: float, epsilon: float) -> Hashable:
    """Return what a path depends on that may differ within an experiment."""
    return (
        start,
        method.estimate,
        method.rule,
        tuple(sorted(method.options.items())),
        alpha,
        epsilon if ESTIMATES[method.estimate].uses_epsilon else None,
    )


def walking_range(experiment: Experiment) -> Range:
    """Return the range that a path may not leave (by a margin).

    It holds the home range as well as the map, so that zooming in cuts no path short.
    """
    home, shown = experiment.home_range, experiment.map_range
    return Range(
        min(home.a_low, shown.a_low),
        max(home.a_high, shown.a_high),
        min(home.b_low, shown.b_low),
        max(home.b_high, shown.b_high),
    )


#: What all paths of an experiment depend on.
_COMMON = (
    "text", "constant_values", "claimed_gradient", "grid", "code", "surface", "data", "steps",
    "schedule", "schedule_options", "precision", "representable_step",
)  # fmt: skip


def same_walks(experiment: Experiment, scene: Scene) -> bool:
    """Tell whether equal methods walk alike from equal starts in an experiment and in a scene."""
    other = scene.experiment
    return (
        all(getattr(experiment, name) == getattr(other, name) for name in _COMMON)
        and walking_range(experiment) == walking_range(other)
        # The same code may have been run again since, with other code that it imports.
        and (experiment.code is None or scene.objective == experiment.objective())
    )
