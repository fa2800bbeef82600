"""Basins in the background: coarse while something is turned, and fine once it rests."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from gdviz.base.geometry import Range
from gdviz.engine.analysis.basins import Basins
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.experiment import Experiment
from gdviz.scene.animation.basins_on_map import BasinsOnMap
from gdviz.scene.basins import (
    MethodBasins,
    computed_from,
    fate,
    refined_basins,
    resolution_of,
    unseen_kinks,
    why_none,
)
from gdviz.scene.basins_picture import (
    LegendRow,
    Pixels,
    basins_picture,
    difference_legend,
    difference_picture,
    short_legend,
)
from gdviz.scene.captions import method_title
from gdviz.scene.scene import Scene
from gdviz.ui.tasks.task import Job, Taker, Task

_PATIENCE = 500  #: milliseconds: what takes longer is called slow, and what is behind, old
_MOST_ENDS = 6  #: in the legend: it lies on the map

#: What basins depend on: the starts along each axis, and what they are computed from.
Key = tuple[int, Objective, RunSettings, Range]
#: Which rows of the methods: none, one whose basins are drawn, or two that are compared.
Rows = tuple[int, ...]
#: A method's results by their strides, the coarse ones as well.
_Stages = dict[int, Basins]


@dataclass(frozen=True, eq=False)
class BasinsDrawing:
    """What is drawn of basins.

    Attributes
    ----------
    titles : tuple of str
        The one method, or the two that are compared.
    basins : tuple of Basins
        Theirs.
    pixels : ndarray of uint8, shape (m, m, 4)
        The picture.
    legend : list of LegendRow
        Its legend.
    """

    titles: tuple[str, ...]
    basins: tuple[Basins, ...]
    pixels: Pixels
    legend: list[LegendRow]

    @classmethod
    def of(cls, titles: tuple[str, ...], basins: tuple[Basins, ...]) -> "BasinsDrawing":
        """Draw the basins of one method, or the difference of two."""
        if len(basins) == 1:
            legend = short_legend(basins[0], most=_MOST_ENDS)
            return cls(titles, basins, basins_picture(basins[0]), legend)
        legend = difference_legend(basins[0], basins[1], (titles[0], titles[1]), most=0)
        return cls(titles, basins, difference_picture(basins[0], basins[1]), legend)

    def sentence(self, a: float, b: float) -> str:
        """Say what becomes of a start; empty where none was walked from."""
        if len(self.basins) == 1:
            end = fate(self.basins[0], a, b)
        else:
            one, other = (fate(basins, a, b, brief=True) for basins in self.basins)
            end = one if one == other else f"{one} → {other}"
        return end and f"from here: {end}"


@dataclass(frozen=True, eq=False)
class _Found:
    """What there is of the basins that were asked for.

    Attributes
    ----------
    rows : tuple of int
        Of which methods.
    keys : tuple
        What the result of each depends on.
    stages : tuple of dict
        The results of each by their strides.
    drawing : BasinsDrawing
        Those of the finest stage that all have.
    """

    rows: Rows
    keys: tuple[Key, ...]
    stages: tuple[_Stages, ...]
    drawing: BasinsDrawing


class BasinsTask(Task):
    """Holds which basins an experiment wants on the map, and their picture.

    Parameters
    ----------
    experiment : Experiment
        The first one.
    objective_of : callable
        Returns an experiment's function, with what runs it where it is code.
    failed : callable
        Takes an exception that should not have happened.
    parent : QObject, optional

    Attributes
    ----------
    chosen : Signal()
        Others are wanted, see `rows`.
    changed : Signal()
        There is another `drawing`, or none, or another `sentence`, or it `is_stale` or not.
    """

    chosen = Signal()
    changed = Signal()

    def __init__(
        self,
        experiment: Experiment,
        objective_of: Callable[[Experiment], Objective],
        failed: Taker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(
            _compute, self._take, failed,
            reported=self._take, patience_ms=_PATIENCE, parent=parent,
        )  # fmt: skip
        self.rows: Rows = ()
        self.drawing: BasinsDrawing | None = None
        self.sentence = ""
        self.is_stale = False  #: whether the drawing is of values of a while ago
        self._experiment, self._objective_of = experiment, objective_of
        self._wanted: tuple[Key, ...] = ()
        self._found: _Found | None = None
        self._aging = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._aging.timeout.connect(self._set_stale)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take another experiment; where its basins are others, ask for them."""
        if experiment.function.identity != self._experiment.function.identity:
            self._drop()  # else the last picture stays until there is another
        self._experiment = experiment
        rows = experiment.view.basins
        if max(rows, default=0) >= len(experiment.methods):
            rows = ()
        if rows != self.rows:
            self.rows = rows
            self._drop()
            self._ask()
            self.chosen.emit()
        elif rows:
            self._ask()

    def of(self, experiment: Experiment) -> tuple[MethodBasins, ...]:
        """Return the basins that are drawn; none where they are not this experiment's."""
        found = self._found
        if found is None or self.drawing is None or max(found.rows) >= len(experiment.methods):
            return ()
        if found.keys != self._keys(experiment, found.rows):
            return ()  # those before, until there are others
        return tuple(map(MethodBasins, found.rows, found.drawing.basins))

    @property
    def remark(self) -> str:
        """What has to be known of the final picture; empty where nothing has."""
        found, drawing = self._found, self.drawing
        if found is None or drawing is None or drawing.basins[0].stride > 1:
            return ""
        objective = found.keys[0][1]
        return next(filter(None, (unseen_kinks(objective, each) for each in drawing.basins)), "")

    def on_map(self, scene: Scene) -> BasinsOnMap:
        """Return those that are wanted, also of scenes like this one; none where it has none."""
        experiment = scene.experiment
        known = [row for row in self.rows if row < len(experiment.methods)]
        if known != [*self.rows] or any(why_none(experiment, row) for row in known):
            return BasinsOnMap()
        return BasinsOnMap(self.rows, self.of(experiment), scene)

    def stop(self) -> None:
        """Give up everything, for good."""
        self._aging.stop()
        super().stop()

    def _ask(self) -> None:
        experiment, rows, found = self._experiment, self.rows, self._found
        sentence = next(filter(None, (why_none(experiment, row) for row in rows)), "")
        if not rows or sentence:
            self._found = None
            self._drop(sentence)
            return
        wanted = self._keys(experiment, rows)
        if wanted == self._wanted:
            return
        self._wanted = wanted
        # The exact method's basins are the same whatever ε is.
        known = dict(zip(found.keys, found.stages, strict=True)) if found else {}
        if not self._aging.isActive():
            self._aging.start()
        self.request(experiment, rows, wanted, [known.get(key, {}) for key in wanted])

    def _keys(self, experiment: Experiment, rows: Rows) -> tuple[Key, ...]:
        """Return what the result of each method depends on."""
        objective = self._objective_of(experiment)
        resolution = resolution_of(experiment, rows, objective)
        return tuple((resolution, *computed_from(experiment, row, objective)) for row in rows)

    def _take(self, found: _Found) -> None:
        """Take a result, also of something that others are wanted in place of meanwhile."""
        self._found = found
        if found.drawing is self.drawing:
            return
        self._aging.stop()
        if found.keys != self._wanted:  # it is behind already
            self._aging.start()
        self._set(found.drawing)

    def _drop(self, sentence: str = "") -> None:
        """Give up the picture, and all that was to become one."""
        self._aging.stop()
        self.cancel()
        self._wanted = ()
        self._set(None, sentence)

    def _set_stale(self) -> None:
        if self.drawing is not None:
            self._set(self.drawing, is_stale=True)

    def _set(
        self, drawing: BasinsDrawing | None, sentence: str = "", is_stale: bool = False
    ) -> None:
        if (drawing, sentence, is_stale) != (self.drawing, self.sentence, self.is_stale):
            self.drawing, self.sentence, self.is_stale = drawing, sentence, is_stale
            self.changed.emit()


def _compute(
    job: Job,
    experiment: Experiment,
    rows: Rows,
    keys: tuple[Key, ...],
    known: list[_Stages],
) -> _Found:
    """Compute the basins of the methods that are not known, and report each stage.

    Parameters
    ----------
    job : Job
        The job.
    experiment : Experiment
        What they are of.
    rows : tuple of int
        Of which methods.
    keys : tuple
        What the result of each depends on.
    known : list of dict
        The results of each by their strides; the final one is that of stride 1.
    """
    titles = tuple(method_title(experiment.methods[row]) for row in rows)
    stages = tuple(map(dict, known))

    def found(stride: int) -> _Found:
        together = tuple(each[stride] for each in stages)
        return _Found(rows, keys, stages, BasinsDrawing.of(titles, together))

    def progress(k: int, part: float) -> None:
        parts[k] = part
        job.progress(sum(parts.values()) / len(parts))

    parts = {k: 0.0 for k, each in enumerate(stages) if 1 not in each}
    if not parts:
        return found(1)
    resolution, objective, *_ = keys[0]
    # The methods take turns, so that two can be compared as soon as both are coarse.
    for together in zip(
        *(
            refined_basins(
                experiment, rows[k], resolution, partial(progress, k), job.cancelled, objective
            )
            for k in parts
        ),
        strict=True,
    ):
        for k, basins in zip(parts, together, strict=True):
            stages[k][basins.stride] = basins
        last = found(together[0].stride)
        job.report(last)
    return last
