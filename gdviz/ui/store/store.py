"""The one place that holds the Experiment, and turns it into Scenes."""

from dataclasses import replace
from typing import Any

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gdviz.engine.analysis.grid import COARSE, FINE, affordable_resolution
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.experiment import Experiment, changed_fields
from gdviz.experiment.method_settings import is_random
from gdviz.experiment.validation import ExperimentError
from gdviz.scene.scene import Scene, build_preview, build_scene, missing_paths
from gdviz.ui.tasks.running_code import OpenCode
from gdviz.ui.tasks.task import Job, Task

#: Seconds a scene may take to be computed between two frames.
_FRAME_SHARE = 0.008
#: The fields that change how a scene looks, and nothing that is computed for it.
_LOOKS = frozenset({"view", "equal_units"})
#: Milliseconds for which a map waits for its paths: nobody would see them come later.
_GROUND_MS = 400
#: Milliseconds after which further paths are computed, in which nothing changed.
_STILL_MS = 120
#: Rows of data over which paths are computed first, where there are more.
PREVIEW_ROWS = 1_000
#: Nodes of a formula's graph: those of its gradient, some five times as many, take 5 ms to derive.
_LONGEST = 200


class Store(QObject):
    """Holds what the person chose; asks for the scene once a frame.

    A scene that is cheap is built in the GUI thread, on a coarse grid where the map is new, and
    a worker makes the fine grid. What a long formula, float32 or many steps make slow is built
    in the worker as a whole, and the last good picture stays meanwhile. So is a person's own code,
    which may take any time, or raise. There, too, a new map is coarse at first, that there is
    something to see; that of code comes before its paths, each step of which is another call.
    Over many rows of data, paths over some of them come first, which is said, and the map alone
    shows. Further paths of methods that draw may be a hundred times as many as the methods: where
    they are what is slow, they come once nothing has changed for a moment, and until then there
    are none.

    Attributes
    ----------
    experiment_changed : Signal(Experiment)
        The person chose something, or a file or a reset did.
    scene_changed : Signal(Scene)
        There is another picture.
    preview_changed : Signal(object)
        Until there is another picture, there are paths over some rows of the data: a Scene of
        them. None if they go without a picture to come.
    refused : Signal(object)
        An :class:`~gdviz.experiment.experiment.ExperimentError`: the change was not made.
    failed : Signal(object)
        An exception that should not have happened.
    busy_changed : Signal(bool)
        A computation takes long, or no longer does.
    """

    experiment_changed = Signal(object)
    scene_changed = Signal(object)
    preview_changed = Signal(object)
    refused = Signal(object)
    failed = Signal(object)
    busy_changed = Signal(bool)

    # Queued, it comes after the input that is already there, so that several moves are one frame,
    # and before anything is painted, so that marker, fields and paths move together and once. A
    # timer would come after the first paint.
    _due = Signal()

    def __init__(
        self, experiment: Experiment, code: OpenCode, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._experiment = experiment
        self._code = code
        self._scene: Scene | None = None
        self._task = Task(_build, self._take, self._fail, reported=self._take_preview, parent=self)
        self._task.busy_changed.connect(self.busy_changed)
        self._is_due = False
        self._later = QTimer(self, singleShot=True, interval=0)  # after the first frame
        self._later.timeout.connect(self._refine)
        self._is_refining = False  # the worker makes a map fine that is on the screen already
        self._ground: Scene | None = None  # a map whose paths take long
        self._has_preview = False
        self._soon = QTimer(self, singleShot=True, interval=_GROUND_MS)
        self._soon.timeout.connect(self._show_ground)
        self._still = QTimer(self, singleShot=True, interval=_STILL_MS)
        self._still.timeout.connect(self._refine)
        self._due.connect(self.build_due, Qt.ConnectionType.QueuedConnection)

    @property
    def experiment(self) -> Experiment:
        """What the person chose."""
        return self._experiment

    @property
    def scene(self) -> Scene | None:
        """The last scene; None before the first."""
        return self._scene

    def change(self, **fields: Any) -> bool:
        """Change fields of the experiment; return whether they were accepted."""
        try:
            experiment = self._experiment.replace(**fields)
        except ExperimentError as error:
            self.refused.emit(error)
            return False
        self.set_experiment(experiment)
        return True

    def set_experiment(self, experiment: Experiment) -> None:
        """Take over another experiment as a whole."""
        if experiment == self._experiment:
            return
        before, self._experiment = self._experiment, experiment
        scene = self._scene
        if (
            scene is not None
            and scene.experiment is before
            and not self.is_busy()
            and not self._later.isActive()
            and changed_fields(before, experiment) <= _LOOKS
        ):  # nothing is to be computed, and code need not be asked again
            self._scene = replace(scene, experiment=experiment)
            self.experiment_changed.emit(experiment)
            self.scene_changed.emit(self._scene)
            return
        self._ask()
        self.experiment_changed.emit(experiment)

    def build_again(self) -> None:
        """Build the scene of the same experiment, whose code was opened, perhaps again."""
        self._give_up()  # which would be of what ran before
        self._ask()

    def _ask(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._due.emit()

    def build_now(self) -> None:
        """Build the first scene at once, so that the first frame has something to show."""
        if (scene := self._built_at_once(self._scene)) is not None:
            self._show(scene)
            self._later.start()
        else:
            self._build()

    def cancel(self) -> None:
        """Give up the computation that runs; the last good picture stays."""
        self._is_due = False
        self._give_up()

    def _give_up(self) -> None:
        self._later.stop()
        self._soon.stop()
        self._still.stop()
        self._ground = None
        self._task.cancel()
        self._end_preview()

    def is_busy(self) -> bool:
        """Return whether another scene is on its way."""
        return self._is_due or self._still.isActive() or self._task.is_running()

    def what_is_shown(self) -> str:
        """Return, as the end of a sentence, what the picture is after another was cancelled."""
        scene = self._scene
        if scene is None:
            return "there is no picture until the next change"
        if scene.experiment is self._experiment:
            return "the map stays coarse until the next change"
        if is_ground_of(scene, self._experiment):
            return "there are no paths until the next change"
        return "the picture is from before the last change"

    def stop(self) -> None:
        """Give up everything, for good."""
        self.cancel()
        self._task.stop()

    def build_due(self) -> None:
        """Build the scene of a change, before the next event; what takes long comes later."""
        if self._is_due:  # else it was given up meanwhile
            self._is_due = False
            self._build()

    def _build(self) -> None:
        experiment = self._experiment
        scene = self._ground or self._scene
        built = self._built_at_once(scene)
        if built is None:
            objective = self._code.objective(experiment)
            is_new = not _has_grid(scene, experiment, objective)
            if is_new and self._is_refining:
                self._task.cancel()  # a fine map that nobody waits for any more
            is_code = experiment.function.code is not None
            self._is_refining = not is_new and not is_code
            resolution = affordable_resolution(objective, FINE if self._is_refining else COARSE)
            if is_new and is_code and any(missing_paths(experiment, objective, scene)):
                experiment = without_paths(experiment)
            some = _over_some_rows(objective)
            self._task.request(experiment, objective, scene, resolution, some)
            self._await()
            return
        self._show(built)
        if _lacks_samples(built):
            self._task.cancel()  # of which those would take the processor from the next frame
            self._still.start()
        else:
            self._refine()

    def _built_at_once(self, previous: Scene | None) -> Scene | None:
        """Return the scene, if it can be built between two frames; perhaps without samples."""
        experiment = self._experiment
        if not is_cheap(experiment, previous, samples=False):
            return None
        samples = not experiment.samples or is_cheap(experiment, previous)
        return build_scene(experiment, previous, resolution=COARSE, samples=samples)

    def _await(self) -> None:
        """Note in a picture without paths how many are being computed, which its views say."""
        if self._scene is None or self._scene.runs:
            return
        awaiting = _awaiting(self._scene, self._experiment)
        if awaiting is not self._scene:
            self._scene = awaiting
            self.scene_changed.emit(awaiting)

    def _refine(self) -> None:
        """Have the worker make the map fine that is on the screen."""
        scene = self._scene
        if scene is None or scene.experiment is not self._experiment:
            return  # what is to come will be refined
        self._is_refining = True
        finest = affordable_resolution(scene.objective, FINE)
        if scene.landscape.grid.resolution < finest or _lacks_samples(scene):
            self._task.request(scene.experiment, scene.objective, scene, finest)
        else:
            self._task.cancel()

    def _take(self, scene: Scene) -> None:
        """Show what the worker made, as far as it still is what the person chose."""
        if scene.experiment is self._experiment:
            self._show(scene)
            if scene.landscape.grid.resolution < affordable_resolution(scene.objective, FINE):
                self._refine()
        elif is_ground_of(scene, self._experiment):
            self._take_ground(scene)
        elif self._scene is None or (built := self._built_at_once(scene)) is None:
            self._show(scene)  # a stage of a drag that is too slow to follow
        else:
            # Paths moved on meanwhile; the fine map may still be the right one.
            self._show(built)

    def _take_ground(self, scene: Scene) -> None:
        """Take the map that the paths of code are to be drawn on."""
        self._ground = _awaiting(scene, self._experiment)
        self._soon.start()  # soon they may be there as well
        self._task.request(
            self._experiment, scene.objective, scene, scene.landscape.grid.resolution
        )

    def _take_preview(self, scene: Scene) -> None:
        """Show paths over some rows, perhaps on a map of them, while the others are computed."""
        is_on_map = self._scene is not None and scene.landscape is self._scene.landscape
        if is_on_map or scene.experiment is self._experiment:
            self._has_preview = True
            self.preview_changed.emit(scene)

    def _end_preview(self) -> None:
        if self._has_preview:
            self._has_preview = False
            self.preview_changed.emit(None)

    def _fail(self, error: Exception) -> None:
        self._end_preview()
        self.failed.emit(error)

    def _show_ground(self) -> None:
        if self._ground is not None:
            self._show(self._ground)

    def _show(self, scene: Scene) -> None:
        self._soon.stop()
        self._ground = None
        self._has_preview = False
        self._scene = scene
        self.scene_changed.emit(scene)


def is_cheap(experiment: Experiment, scene: Scene | None = None, *, samples: bool = True) -> bool:
    """Tell whether all paths, and a coarse grid where the scene has none, fit into a frame.

    A rough model of what was measured: a call costs 0.3 µs and 0.03 µs a node of the graph on
    floats, ten times as much on float32's NumPy scalars, and 0.4 µs a node on the rows of data.

    Parameters
    ----------
    experiment : Experiment
        What the person chose.
    scene : Scene, optional
        What is there already.
    samples : bool, default True
        Whether the further paths of methods that draw are among them.
    """
    rules = [RULES[method.rule] for method in experiment.methods if method.shown]
    if any(rule.update is None or rule.values_beside is None for rule in rules):
        return False  # who knows how long
    objective = experiment.objective()
    if objective.effort("value") > _LONGEST:
        return False  # no long formula is differentiated between two frames
    nodes = objective.effort("gradient")
    if objective.rows > 1:
        call = (0.4e-6 + 1e-9 * objective.rows) * nodes
    else:
        call = (0.3e-6 + 0.03e-6 * nodes) * (10 if experiment.precision == "float32" else 1)
    cells = 0 if _has_grid(scene, experiment, objective) else COARSE**2
    seconds = 0.6e-9 * nodes * cells * max(5, objective.rows)
    for settings in missing_paths(experiment, objective, scene, samples=samples):
        calls = _CALLS[settings.estimate.name] + (settings.rule.values_beside or 0)
        seconds += call * calls * experiment.steps
        if seconds >= _FRAME_SHARE:  # of hundreds of paths the others need not be looked at
            return False
    return seconds < _FRAME_SHARE


def _lacks_samples(scene: Scene) -> bool:
    """Tell whether further paths of methods that draw are still to be computed."""
    experiment = scene.experiment
    drawing = sum(method.shown and is_random(method) for method in experiment.methods)
    return len(scene.samples) < experiment.samples * drawing


def _has_grid(scene: Scene | None, experiment: Experiment, objective: Objective) -> bool:
    return (
        scene is not None
        and scene.landscape.grid.range == experiment.map_range
        and scene.objective == objective
    )


def _over_some_rows(objective: Objective) -> Objective | None:
    """Return f over some rows of its data, to be followed by hand; None where that are few."""
    if not isinstance(objective, FormulaObjective) or objective.rows <= PREVIEW_ROWS:
        return None
    return objective.over_some_rows(PREVIEW_ROWS)


def without_paths(experiment: Experiment) -> Experiment:
    """Return an experiment of which only the map is seen; itself where that is all there is."""
    if not any(method.shown for method in experiment.methods):
        return experiment
    hidden = tuple(msgspec.structs.replace(method, shown=False) for method in experiment.methods)
    return experiment.replace(methods=hidden)


def _awaiting(scene: Scene, experiment: Experiment) -> Scene:
    """Return a scene without paths that knows how many will come."""
    shown = sum(method.shown for method in experiment.methods)
    return scene if scene.uncomputed == shown else replace(scene, uncomputed=shown)


def is_ground_of(scene: Scene, experiment: Experiment) -> bool:
    """Tell whether a scene is the map of an experiment about code, whose paths are missing."""
    return (
        experiment.function.code is not None
        and any(method.shown for method in experiment.methods)
        and scene.experiment == without_paths(experiment)
    )


#: About how many calls a gradient takes.
_CALLS = {name: 4 if estimate.uses_epsilon else 2 for name, estimate in ESTIMATES.items()}
_CALLS |= {"richardson": 8, "adaptive": 40, "evolution": 10}


def _build(
    job: Job,
    experiment: Experiment,
    objective: Objective,
    previous: Scene | None,
    resolution: int,
    some: Objective | None = None,
) -> Scene:
    ground = previous if _has_grid(previous, experiment, objective) else None
    if some is not None and (
        ground is None or any(missing_paths(experiment, objective, ground, samples=False))
    ):
        job.report(build_preview(experiment, ground, some, job.cancelled))
    return build_scene(
        experiment, previous, objective=objective, resolution=resolution, cancelled=job.cancelled
    )
