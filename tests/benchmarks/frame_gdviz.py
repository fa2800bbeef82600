"""Frames of the window: ``python -m tests.benchmarks.frame_gdviz``, asked by ``frame``."""

import sys
import time
from collections.abc import Callable, Iterable

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from gdviz.engine.analysis.grid import FINE
from gdviz.engine.objectives.data import Data
from gdviz.experiment.change_function import on_data
from gdviz.experiment.experiment import Experiment
from gdviz.scene.scene import Scene
from gdviz.ui.lenses.page import Page
from gdviz.ui.toolkit.settings_file import Settings, settings_path
from gdviz.ui.window.main_window import MainWindow
from gdviz.ui.window.theme_choice import ThemeChoice
from tests.benchmarks.frame import (
    EXPERIMENT,
    OTHER_STARTS,
    ROWS,
    SEEDED,
    SIZE,
    STEPS,
    answer_all,
    epsilons,
    starts,
    steps,
)

_NOTCH = 120  #: eighths of a degree, Qt's unit


class Paints(QObject):
    """Watches which of some widgets were painted since the last change."""

    def __init__(self) -> None:
        super().__init__()
        self._awaited: set[QObject] = set()
        self._painted: set[QObject] = set()

    def wait_for(self, widgets: Iterable[QWidget]) -> None:
        self._awaited = set(widgets)
        for widget in self._awaited:
            widget.installEventFilter(self)

    def begin(self, _change: object) -> None:
        self._painted.clear()  # what was painted before showed the last frame

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self._painted.add(watched)
        return False

    def are_done(self) -> bool:
        return self._painted >= self._awaited


class Frames:
    """The window; a frame is from the intent until the map and the open lens are painted."""

    def __init__(self, app: QApplication) -> None:
        pg.setConfigOptions(antialias=True, imageAxisOrder="row-major")
        settings = Settings(settings_path())
        self._app = app
        self._previews: list[Scene | None] = []
        self._notch = -_NOTCH
        self._starts, self._steps, self._epsilons = starts(), steps(), epsilons()
        self.window = MainWindow(EXPERIMENT, settings, ThemeChoice(app, settings))
        self.window.resize(*SIZE)
        self.window.show()
        self._wait(lambda: self.window.store.scene.landscape.grid.resolution == FINE)
        settled = time.perf_counter() + 1.5  # the typeset formula
        self._wait(lambda: time.perf_counter() > settled)
        self._paints = Paints()
        self.window.store.scene_changed.connect(self._paints.begin)
        self.window.timeline.step_changed.connect(self._paints.begin)
        self._open(self.window.run_lens)

    def drag(self) -> float:
        """Move the start."""
        store, start = self.window.store, next(self._starts)
        begin = time.perf_counter()
        store.change(start=start)
        self._wait(lambda: store.scene.experiment.start == start)
        # The counts are the same from any start, so their plot would be skipped.
        _viewport(self.window.run_lens.plots[0]).update()
        self._wait(self._paints.are_done)
        took = (time.perf_counter() - begin) * 1e3
        for run in store.scene.runs:
            assert run.path.updates == STEPS, run.path.sentence
        return took

    def drag_on_basins(self) -> float:
        """Move the start while basins lie on the map; they depend on it in no way."""
        job = self.window.basins.task
        if not job.rows:
            self._choose_basins((0,))
        drawing = job.drawing
        took = self.drag()
        assert job.drawing is drawing
        assert not job.is_running()
        return took

    def turn_over_difference(self) -> float:
        """Turn ε while the difference of two methods' basins lies on the map, and follows."""
        store, job = self.window.store, self.window.basins.task
        if job.rows != (0, 1):
            self.window.menus[self.window.view.keep_drawings].setChecked(False)
            self._choose_basins((0, 1))
        epsilon = next(self._epsilons)
        begin = time.perf_counter()
        store.change(epsilon=epsilon)
        self._wait(lambda: store.scene.experiment.epsilon == epsilon)
        _viewport(self.window.run_lens.plots[0]).update()
        self._wait(self._paints.are_done)
        return (time.perf_counter() - begin) * 1e3

    def _choose_basins(self, rows: tuple[int, ...]) -> None:
        basins = self.window.basins
        basins.choose(rows)
        self._wait(lambda: basins.task.drawing is not None and not self.window.store.is_busy())
        self._wait(lambda: basins.task.rows == rows and not basins.task.is_running())

    def drag_under_drawings(self) -> float:
        """Move the start while the Step lens's circle and models stay on the map."""
        window = self.window
        kept = window.menus[window.view.keep_drawings]
        if not kept.isChecked():
            if window.basins.task.rows:
                window.menus[window.basins.set_shown].setChecked(False)
            kept.setChecked(True)
            window.right.setCurrentWidget(window.step_lens)
            for page in ("direction", "models"):
                window.step_lens.choose_view(page)
                self._app.processEvents()
            self._open(window.run_lens)
        return self.drag()

    def drag_seeded(self) -> float:
        """Move the start of four methods that draw, by the same seed."""
        return self._drag_of(EXPERIMENT.replace(methods=SEEDED))

    def drag_samples(self) -> float:
        """Move it while each has 50 further paths, which come once the start stays."""
        return self._drag_of(EXPERIMENT.replace(methods=SEEDED, samples=50))

    def _drag_of(self, experiment: Experiment) -> float:
        store, start = self.window.store, self.window.store.experiment.start
        if experiment.replace(start=start) != store.experiment:
            self.window.menus[self.window.basins.set_shown].setChecked(False)
            store.set_experiment(experiment)
            self._wait(lambda: store.scene.experiment is store.experiment and not store.is_busy())
        return self.drag()

    def drag_starts(self) -> float:
        """Move the start where the methods descend from 30 others too, which stay."""
        return self._drag_of(EXPERIMENT.replace(more_starts=OTHER_STARTS))

    def zoom(self) -> float:
        """Turn the wheel over the map by a notch, to and fro, until the fine map is painted."""
        return self._zoom()[0]

    def zoom_frame(self) -> float:
        """Do the same; the longest time that the GUI thread works on the way without a break."""
        return self._zoom()[1]

    def _zoom(self) -> tuple[float, float]:
        """Return the milliseconds of all of it, and those of the longest frame's work."""
        store, viewport = self.window.store, _viewport(self.window.map_view)
        self._notch = -self._notch
        at, turned = QPointF(viewport.rect().center()), QPoint(0, self._notch)
        event = QWheelEvent(
            at, QPointF(viewport.mapToGlobal(at.toPoint())), QPoint(), turned,
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        before, longest = store.experiment.map_range, 0.0
        self._paints.wait_for([viewport])
        begin = time.perf_counter()
        self._app.postEvent(viewport, event)
        while not (
            store.experiment.map_range != before
            and store.scene.experiment is store.experiment
            and store.scene.landscape.grid.resolution == FINE
            and self._paints.are_done()
        ):
            frame = time.thread_time()
            self._app.processEvents()
            longest = max(longest, time.thread_time() - frame)
        return (time.perf_counter() - begin) * 1e3, longest * 1e3

    def drag_rows(self) -> float:
        """Move the start over many rows of data: the GUI thread's own work until it has followed.

        The paths are those over some of the rows, which come from the background.
        """
        store, previews = self.window.store, self._previews
        if store.experiment.function.data is None:
            self.window.menus[self.window.basins.set_shown].setChecked(False)
            x = np.linspace(-2.0, 2.0, ROWS)
            data = Data.of_arrays({"x": x, "y": np.sin(3.0 * x) + 0.1 * x})
            experiment = on_data(EXPERIMENT, data).replace(alpha=1e-4)
            store.set_experiment(experiment)
            self._wait(lambda: store.scene.experiment is store.experiment and not store.is_busy())
            store.preview_changed.connect(previews.append)
        previews.clear()
        start = tuple(0.1 * x for x in next(self._starts))
        begin = time.thread_time()
        store.change(start=start)
        # The next start overtakes the paths over all rows, as in a drag.
        while not any(each and each.experiment.start == start for each in previews):
            # It must not be busy with waiting.
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        self._app.processEvents()
        return (time.thread_time() - begin) * 1e3

    def scrub_run(self) -> float:
        """Move the step while the Run lens is open."""
        return self._scrub(self.window.run_lens)

    def scrub_step(self) -> float:
        """Move the step while the Step lens is open, which shows plain text meanwhile."""
        return self._scrub(self.window.step_lens)

    def _scrub(self, lens: Page) -> float:
        if self.window.right.currentWidget() is not lens:
            self._open(lens)
        step = next(self._steps)
        begin = time.perf_counter()
        self.window.timeline.set_step(step)
        self._wait(self._paints.are_done)
        return (time.perf_counter() - begin) * 1e3

    def _open(self, lens: Page) -> None:
        window = self.window
        window.right.setCurrentWidget(lens)
        self._app.processEvents()
        parts = map(_viewport, window.run_lens.plots)
        if lens is window.step_lens:
            parts = [lens._where]  # it has the step's number
        self._paints.wait_for([_viewport(window.map_view), *parts])

    def _wait(self, is_done: Callable[[], bool]) -> None:
        give_up = time.perf_counter() + 20.0
        while not is_done():
            self._app.processEvents()
            if time.perf_counter() > give_up:
                raise TimeoutError("the window does not paint")


def _viewport(view: QWidget) -> QWidget:
    return view.findChild(pg.PlotWidget).viewport()


def main() -> None:
    """Open the window, draw what is asked for, and close it."""
    frames = Frames(QApplication(sys.argv[:1]))
    answer_all(
        {
            "drag": frames.drag,
            "drag basins": frames.drag_on_basins,
            "drag drawings": frames.drag_under_drawings,
            "turn difference": frames.turn_over_difference,
            "drag seeded": frames.drag_seeded,
            "drag samples": frames.drag_samples,
            "drag starts": frames.drag_starts,
            "drag rows": frames.drag_rows,
            "zoom": frames.zoom,
            "zoom frame": frames.zoom_frame,
            "scrub Run": frames.scrub_run,
            "scrub Step": frames.scrub_step,
        }
    )
    frames.window.close()


if __name__ == "__main__":
    main()
