"""Every number that is drawn: a Scene, built from an Experiment and from nothing else."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.notebook import Pictured
from gdviz.base.types import Array
from gdviz.engine.analysis.color_scale import ColorScale, Kind
from gdviz.engine.analysis.domain_rim import Rim, rim_of
from gdviz.engine.analysis.grid import (
    COARSE,
    FINE,
    Contours,
    Grid,
    affordable_resolution,
    contours,
    sample,
)
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.outcome_text import left_map
from gdviz.engine.descent.path import Path, Status
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.stationary_points import stationary_kind
from gdviz.engine.objectives.surfaces import StationaryPoint
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.method_settings import sample_settings, shown_settings
from gdviz.scene.map.nesting import rims_of

Point = tuple[float, float]

#: Grid points along each axis: of the final picture, and of one that must come at once.
#: ‖∇f‖ up to which f is level at a minimum whose coordinates the table gives as decimals.
_LEVEL = 1e-6


#: Updates up to which each point of a path is marked.
MARKED_STEPS = 60


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
    rim : Rim
        Where the grid's lines leave the region in which the loss is defined.
    """

    grid: Grid
    scale: ColorScale
    contours: Contours
    rim: Rim


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
    settings : RunSettings
        What it ran with.
    start : (float, float)
        Where it began.
    path : Path
        Where it went.
    """

    index: int
    method: Method
    label: str
    settings: RunSettings
    start: Point
    path: Path

    @property
    def is_marked(self) -> bool:
        """Whether each point has a mark in pictures: more would run into a thick line."""
        return self.path.updates <= MARKED_STEPS


@dataclass(frozen=True, eq=False, repr=False)
class Scene(Pictured):
    """What is drawn; a notebook shows its picture.

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
    samples : tuple of Run
        Further paths of the methods that draw, from the experiment's start, method by method.
    minima : tuple of StationaryPoint
        The known minima within the map.
    uncomputed : int
        How many methods will be shown whose paths are not computed yet.
    """

    experiment: Experiment
    objective: Objective
    landscape: Landscape
    runs: tuple[Run, ...]
    others: tuple[Run, ...]
    minima: tuple[StationaryPoint, ...]
    uncomputed: int = 0
    samples: tuple[Run, ...] = ()

    @property
    def thin(self) -> tuple[Run, ...]:
        """What is drawn thinly: the runs from other starts, and those with other draws."""
        return (*self.others, *self.samples)

    @property
    def thin_shown(self) -> tuple[Run, ...]:
        """The same, unless the experiment's view hides it."""
        return self.thin if self.experiment.view.others else ()

    @cached_property
    def rims(self) -> tuple[int, ...]:
        """How many rims wider each run is drawn, by what lies on it, in every picture.

        A path that is drawn up to a step is as wide as the whole one: none grows wider as it goes.
        """
        return tuple(rims_of([run.path.theta for run in self.runs], self.landscape.grid.range))

    def means(self) -> list[tuple[Run, Array]]:
        """Return the mean path of each method that is drawn several times, shape (n, 2).

        A path that has ended counts from there on with its last point.
        """
        found = []
        for run in self.runs:
            paths = [run.path, *(one.path for one in self.samples if one.index == run.index)]
            if len(paths) > 1:
                steps = np.arange(max(map(len, paths)))
                points = [path.theta[np.minimum(steps, len(path) - 1)] for path in paths]
                found.append((run, np.mean(points, axis=0)))
        return found


def build_scene(
    experiment: Experiment,
    previous: Scene | None = None,
    *,
    objective: Objective | None = None,
    resolution: int | None = None,
    samples: bool = True,
    cancelled: Callable[[], bool] = bool,
) -> Scene:
    """Compute a Scene.

    The result depends on `experiment`, `objective`, `resolution` and `samples` alone; what
    `previous` has in common with it is taken over in place of being computed again.

    Parameters
    ----------
    experiment : Experiment
        What the person chose.
    previous : Scene, optional
        A scene to take over parts from.
    objective : Objective, optional
        The experiment's: code that was opened has to be given, see :class:`Opened
        <gdviz.experiment.open_file.Opened>`.
    resolution : int, optional
        Grid points along each axis; by default 512, 96 for a Python function that has to be
        called point by point, and fewer where code takes long. A finer grid of the same map in
        `previous` is kept.
    samples : bool, default True
        Whether the further paths of methods that draw are there, of which there may be many.
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
    objective = objective or experiment.objective()
    f = objective.cancelled_by(cancelled)
    resolution = resolution or usual_resolution(f, experiment.map_range)
    landscape = _landscape(experiment, f, previous, resolution, cancelled)
    known = _known_paths(experiment, objective, previous)
    shown = [(row, s, known.get(s, {})) for row, s in shown_settings(experiment).items()]
    labels, methods = experiment.labels(), experiment.methods

    def run(row: int, settings: RunSettings, paths: Mapping[Point, Path], start: Point) -> Run:
        path = paths.get(start)
        if path is None:
            path = descend(f, settings, start, cancelled=cancelled)
            if remark := experiment.function.remark:
                path = replace(path, sentence="; ".join(filter(None, (path.sentence, remark))))
        path = _of_map(path, experiment.map_range)
        return Run(row, methods[row], labels[row], settings, start, path)

    runs, *others = (
        tuple(run(*method, start) for method in shown)
        for start in (experiment.start, *experiment.more_starts)
    )
    further = tuple(
        run(row, settings, known.get(settings, {}), experiment.start)
        for row, settings in (sample_settings(experiment) if samples else ())
    )
    function, map_range = experiment.function, experiment.map_range
    # Those of the table are of the data that the surface comes with.
    surface = function.surface if function.data is None else None
    is_turned = surface is not None and function.constants != surface.defaults
    minima = tuple(
        point
        for point in (surface.points if surface else ())
        if point.kind == "minimum"
        and map_range.contains(point.a, point.b)
        and not (is_turned and not _is_minimum(objective, point))
    )
    return Scene(
        experiment, objective, landscape, runs, tuple(chain(*others)), minima, samples=further
    )


def build_preview(
    experiment: Experiment,
    scene: Scene | None,
    objective: Objective,
    cancelled: Callable[[], bool] = bool,
) -> Scene:
    """Return a scene whose paths are those of a function that stands for the experiment's own.

    Parameters
    ----------
    experiment : Experiment
        What the person chose.
    scene : Scene or None
        One with the same map, which is kept; without one the map is that of `objective` as well.
    objective : Objective
        The function that is quicker, such as f over some rows of the data.
    cancelled : callable, optional
        As in :func:`build_scene`.

    Returns
    -------
    Scene
        With `objective`, and the paths from the experiment's start alone.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    ground = scene and replace(scene, objective=objective, runs=(), others=(), samples=())
    alone = experiment.replace(more_starts=())
    resolution = scene.landscape.grid.resolution if scene else COARSE
    preview = build_scene(
        alone, ground, objective=objective, resolution=resolution, samples=False,
        cancelled=cancelled,
    )  # fmt: skip
    return replace(preview, experiment=experiment)


def _of_map(path: Path, shown: Range) -> Path:
    """Return a path whose sentence speaks of the map that is seen: zooming changes no path."""
    if path.status is not Status.LEFT_MAP:
        return path
    first, *others = path.sentence.split("; ")
    said = left_map(path, shown)
    return path if said == first else replace(path, sentence="; ".join([said, *others]))


def missing_paths(
    experiment: Experiment, objective: Objective, scene: Scene | None, *, samples: bool = True
) -> Iterator[RunSettings]:
    """Yield what each path of an experiment runs with that a scene does not have.

    Parameters
    ----------
    experiment : Experiment
        What the person chose.
    objective : Objective
        Its function.
    scene : Scene or None
        A scene to take paths over from.
    samples : bool, default True
        Whether the further paths of methods that draw are among them.
    """
    known = _known_paths(experiment, objective, scene)
    starts = {experiment.start, *experiment.more_starts}
    wanted = ((settings, starts) for settings in shown_settings(experiment).values())
    further = (
        (settings, {experiment.start})
        for _, settings in (sample_settings(experiment) if samples else ())
    )
    for settings, places in chain(wanted, further):
        for _ in places.difference(known.get(settings, {})):
            yield settings


def _known_paths(
    experiment: Experiment, objective: Objective, scene: Scene | None
) -> Mapping[RunSettings, Mapping[Point, Path]]:
    """Return the paths of a scene by settings and start, as far as they are an experiment's."""
    if (
        scene is None
        or scene.objective != objective
        or scene.experiment.function.remark != experiment.function.remark
    ):
        return {}
    # The others stand start by start, in the order of the runs.
    found = {
        run.settings: {same.start: same.path for same in (run, *scene.others[k :: len(scene.runs)])}
        for k, run in enumerate(scene.runs)
    }
    return found | {run.settings: {run.start: run.path} for run in scene.samples}


def _is_minimum(objective: Objective, point: StationaryPoint) -> bool:
    """Tell whether a listed minimum still is one, now that constants were turned."""
    slope = math.hypot(*objective.gradient(point.a, point.b))
    kind = stationary_kind(objective, point.a, point.b)
    return slope <= _LEVEL and kind in ("minimum", "valley", "flat")


def usual_resolution(objective: Objective, extent: Range) -> int:
    """Return FINE, or COARSE where f has to be called point by point; fewer where it is slow."""
    if not objective.takes_arrays:  # as far as is known yet
        a_low, a_high, b_low, b_high = extent
        objective.values(np.linspace(a_low, a_high, 9), np.linspace(b_low, b_high, 9))
    return affordable_resolution(objective, FINE if objective.takes_arrays else COARSE)


def _landscape(
    experiment: Experiment,
    objective: Objective,
    previous: Scene | None,
    resolution: int,
    cancelled: Callable[[], bool],
) -> Landscape:
    kind, grid, old = _scale_kind(experiment), None, None
    if previous is not None and previous.objective == objective:
        old = previous.landscape
        if old.grid.range == experiment.map_range and old.grid.resolution >= resolution:
            if kind == (old.scale.kind if kind else _scale_kind(previous.experiment)):
                return old
            grid = old.grid
    if grid is None:
        grid = sample(objective, experiment.map_range, resolution, cancelled)
    losses = experiment.function.grid
    scale = ColorScale.fit(grid.values, kind, None if losses is None else losses.array)
    if old is not None and grid is old.grid:
        if scale == old.scale:
            return old
        rim = old.rim
    else:
        rim = rim_of(objective, grid, cancelled)
    return Landscape(grid, scale, contours(grid, scale.levels()), rim)


def _scale_kind(experiment: Experiment) -> Kind | None:
    if experiment.color_scale != "auto":
        return experiment.color_scale
    return experiment.function.color_scale
