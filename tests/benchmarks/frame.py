"""A frame while the start is dragged, against matplotlib, and the memory of both.

Each runs in a process of its own, ``python -m tests.benchmarks.frame gdviz|matplotlib``, which
draws as many frames as a line of its input says and answers with their milliseconds; the two are
asked in turn. Matplotlib is timed without the computation of the paths, ours with it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle

import numpy as np

from gdviz.experiment import Experiment, Method
from gdviz.palette import path_color
from gdviz.scene import Scene, build_scene
from tests.benchmarks.harness import Result, quartiles

SIZE = (1400, 900)
STEPS = 200
EXPERIMENT = Experiment(
    methods=tuple(Method(name) for name in ("analytic", "forward", "central", "mistaken")),
    steps=STEPS,
    alpha=0.02,
)
ROUNDS, OURS_A_ROUND, THEIRS_A_ROUND = 12, 12, 2

#: Draws a frame from a start and returns its milliseconds.
Frame = Callable[[tuple[float, float]], float]


def starts() -> Iterator[tuple[float, float]]:
    """Go round a circle, as a hand would drag it."""
    return cycle((2.0 + np.cos(t), 2.0 + np.sin(t)) for t in np.arange(0.0, 2 * np.pi, 0.05))


def drag_frame() -> list[Result]:
    """(a) A frame while the start is dragged, and (f) the peak memory of both."""
    with _process("gdviz") as ours, _process("matplotlib") as theirs:
        ask = ((ours, OURS_A_ROUND, []), (theirs, THEIRS_A_ROUND, []))
        for k in range(ROUNDS + 1):
            for process, count, frames in ask:
                times = _answer(process, str(count))
                frames += times if k else []  # the first round warms up
        memory = [_answer(process, "memory") for process, _, _ in ask]
    (_, _, mine), (_, _, peers) = ask
    return [
        Result("(a) dragged-start frame", "matplotlib redrawing", quartiles(mine),
               quartiles(peers), "ms", 6, faster=True, limit=16.7),
        Result("(f) peak memory after it", "matplotlib", (memory[0],) * 3, (memory[1],) * 3,
               "MB", 2, faster=False),
    ]  # fmt: skip


@contextmanager
def _process(name: str) -> Iterator[subprocess.Popen]:
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.frame", name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "XDG_CONFIG_HOME": folder, "APPDATA": folder},
        )  # fmt: skip
        try:
            yield process
            process.stdin.close()
            if process.wait(60):
                raise RuntimeError(f"{name} ended with {process.returncode}")
        finally:
            process.kill()
            process.wait()


def _answer(process: subprocess.Popen, question: str):
    process.stdin.write(f"{question}\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError(f"{process.args[-1]} ended with {process.wait()}")
    return json.loads(answer)


# ---------------------------------------------------------------- in the processes


@contextmanager
def _window() -> Iterator[Frame]:
    """Open the window; a frame is from the intent until all four plots are painted."""
    import pyqtgraph as pg
    from PySide6.QtCore import QEvent, QObject, QSettings
    from PySide6.QtWidgets import QApplication

    from gdviz.scene import FINE
    from gdviz.ui.main_window import MainWindow
    from gdviz.ui.theming import Theming

    class Paints(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.painted: set[QObject] = set()

        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                self.painted.add(watched)
            return False

        def begin(self, _scene: Scene) -> None:
            self.painted.clear()  # what was painted before showed the last frame
            ports[1].update()  # the counts are the same from any start, so it would be skipped

    app = QApplication(sys.argv[:1])
    pg.setConfigOptions(antialias=True, imageAxisOrder="row-major")
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gdviz", "gdviz")
    window = MainWindow(EXPERIMENT, settings, Theming(app, settings))
    window.resize(*SIZE)
    window.show()
    _wait(app, lambda: window.store.scene.landscape.grid.resolution == FINE)
    settled = time.perf_counter() + 1.5  # the typeset formula
    _wait(app, lambda: time.perf_counter() > settled)
    plots = (window.map_view, *window.run_lens.plots)
    ports = [plot.findChild(pg.PlotWidget).viewport() for plot in plots]
    paints = Paints()
    for port in ports:
        port.installEventFilter(paints)
    window.store.scene_changed.connect(paints.begin)

    def frame(start: tuple[float, float]) -> float:
        begin = time.perf_counter()
        window.store.change(start=start)
        _wait(app, lambda: window.store.scene.experiment.start == start)
        _wait(app, lambda: paints.painted.issuperset(ports))
        took = (time.perf_counter() - begin) * 1e3
        for run in window.store.scene.runs:
            assert run.path.updates == STEPS, run.path.sentence
        return took

    yield frame
    window.close()


def _wait(app, is_done: Callable[[], bool]) -> None:
    give_up = time.perf_counter() + 20.0
    while not is_done():
        app.processEvents()
        if time.perf_counter() > give_up:
            raise TimeoutError("the window does not paint")


@contextmanager
def _matplotlib() -> Iterator[Frame]:
    """Draw the same on Agg; a frame is from new data in the same lines until it is drawn."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure((SIZE[0] / 100, SIZE[1] / 100), dpi=100)
    canvas = FigureCanvasAgg(figure)
    areas = figure.add_gridspec(3, 2, width_ratios=(2, 1))
    main = figure.add_subplot(areas[:, 0])
    plots = [figure.add_subplot(areas[k, 1]) for k in range(3)]
    plots[1].set_yscale("log")
    previous = build_scene(EXPERIMENT)
    landscape = previous.landscape
    extent = landscape.grid.range
    main.imshow(landscape.scale.place(landscape.grid.values), cmap="cividis", origin="lower",
                extent=extent, aspect="auto")  # fmt: skip
    main.contour(landscape.grid.a, landscape.grid.b, landscape.grid.values,
                 levels=landscape.scale.levels(), colors="white", linewidths=0.6)  # fmt: skip
    main.set(xlim=extent[:2], ylim=extent[2:])
    colors = [path_color(run.method, run.index) for run in previous.runs]
    halos = [main.plot([], [], color="white", lw=4.6)[0] for _ in colors]
    lines = [main.plot([], [], color=color, lw=2.2)[0] for color in colors]
    curves = [[plot.plot([], [], color=color, lw=2)[0] for color in colors] for plot in plots]

    def frame(start: tuple[float, float]) -> float:
        scene = build_scene(EXPERIMENT.replace(start=start), previous)
        begin = time.perf_counter()
        for k, run in enumerate(scene.runs):
            path = run.path
            taken = path.gradients_taken
            halos[k].set_data(*path.theta.T)
            lines[k].set_data(*path.theta.T)
            curves[0][k].set_data(np.arange(taken), path.evaluations[:taken].cumsum())
            curves[1][k].set_data(np.arange(taken), path.error[:taken])
            curves[2][k].set_data(np.arange(len(path)), path.loss)
        for plot in plots:
            plot.relim()
            plot.autoscale_view()
        canvas.draw()
        return (time.perf_counter() - begin) * 1e3

    yield frame


def _peak_memory() -> float:
    """Return the process's peak memory in megabytes."""
    import resource  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


def main(name: str) -> None:
    """Answer the lines of the input."""
    along = starts()
    with {"gdviz": _window, "matplotlib": _matplotlib}[name]() as frame:
        for line in sys.stdin:
            if line.strip() == "memory":
                answer: object = _peak_memory()
            else:
                answer = [frame(next(along)) for _ in range(int(line))]
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
