"""A frame while the start is dragged, against matplotlib; run in processes of their own.

``python -m tests.benchmarks.frame gdviz|matplotlib N`` prints the milliseconds of N frames and
the process's peak memory as JSON.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

from gdviz.experiment import Experiment, Method
from gdviz.palette import path_color
from gdviz.scene import Scene, build_scene
from tests.benchmarks.harness import Result, quartiles

FRAMES = 120
SIZE = (1400, 900)
EXPERIMENT = Experiment(
    methods=tuple(Method(name) for name in ("analytic", "forward", "central", "mistaken")),
    steps=200,
    alpha=0.02,
)


def starts(count: int) -> list[tuple[float, float]]:
    """Return a circle of starts, as a hand would drag it."""
    turns = np.linspace(0.0, 2 * np.pi, count)
    return [(2.0 + np.cos(t), 2.0 + np.sin(t)) for t in turns.tolist()]


def drag_frame() -> list[Result]:
    """(a) One dragged-start frame, and (f) the peak memory of both."""
    ours, theirs = (
        json.loads(
            subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.frame", name, str(count)],
                capture_output=True, check=True, text=True, timeout=300,
            ).stdout.splitlines()[-1]
        )
        for name, count in (("gdviz", FRAMES), ("matplotlib", 12))
    )  # fmt: skip
    return [
        Result("(a) dragged-start frame", "matplotlib redrawing", quartiles(ours["frames"]),
               quartiles(theirs["frames"]), "ms", 6, faster=True, limit=16.7),
        Result("(f) peak memory", "matplotlib", (ours["memory"],) * 3, (theirs["memory"],) * 3,
               "MB", 2, faster=False),
    ]  # fmt: skip


def _window_frames(count: int) -> list[float]:
    """Time from the intent to the last paint that it causes."""
    import pyqtgraph as pg
    from PySide6.QtCore import QEvent, QObject, QSettings
    from PySide6.QtWidgets import QApplication

    from gdviz.ui.main_window import MainWindow
    from gdviz.ui.theming import Theming

    class Paints(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.painted: set[int] = set()

        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint:
                self.painted.add(id(watched))
            return False

    app = QApplication(sys.argv[:1])
    pg.setConfigOptions(antialias=True, imageAxisOrder="row-major")
    folder = tempfile.mkdtemp()
    settings = QSettings(os.path.join(folder, "s.ini"), QSettings.Format.IniFormat)
    window = MainWindow(EXPERIMENT, settings, Theming(app, settings))
    window.resize(*SIZE)
    window.show()
    settle = time.perf_counter() + 2.0  # the fine map, the typeset formula
    while time.perf_counter() < settle:
        app.processEvents()
    paints = Paints()
    views = [window.map_view, *window.run_lens.plots]
    ports = [view.findChild(pg.PlotWidget).viewport() for view in views]
    for port in ports:
        port.installEventFilter(paints)
    times = []
    painted: set[int] = set()
    for start in starts(count):
        paints.painted.clear()
        begin = time.perf_counter()
        window.store.change(start=start)
        while id(ports[0]) not in paints.painted:  # the map; a panel may have nothing new
            app.processEvents()
        app.processEvents()  # what is painted after it belongs to the frame as well
        painted |= paints.painted
        times.append((time.perf_counter() - begin) * 1e3)
    window.close()
    # The evaluations of a path do not depend on its start: that panel has nothing to paint again.
    if len(painted) < len(ports) - 1:
        sys.exit("panels were not painted: what was measured is no frame")
    return times


def _matplotlib_frames(count: int) -> list[float]:
    """Time the same content: image, contours, paths with halos, three plots, redrawn by Agg."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure((SIZE[0] / 100, SIZE[1] / 100), dpi=100)
    canvas = FigureCanvasAgg(figure)
    areas = figure.add_gridspec(3, 2, width_ratios=(2, 1))
    main = figure.add_subplot(areas[:, 0])
    plots = [figure.add_subplot(areas[k, 1]) for k in range(3)]
    plots[1].set_yscale("log")
    scene = build_scene(EXPERIMENT)
    landscape = scene.landscape
    extent = landscape.grid.range
    main.imshow(landscape.scale.place(landscape.grid.values), cmap="cividis", origin="lower",
                extent=extent, aspect="auto")  # fmt: skip
    main.contour(landscape.grid.a, landscape.grid.b, landscape.grid.values,
                 levels=landscape.scale.levels(), colors="white", linewidths=0.6)  # fmt: skip
    main.set(xlim=extent[:2], ylim=extent[2:])
    colors = [path_color(run.method, run.index) for run in scene.runs]
    halos = [main.plot([], [], color="white", lw=4.6)[0] for _ in colors]
    lines = [main.plot([], [], color=color, lw=2.2)[0] for color in colors]
    curves = [[plot.plot([], [], color=color, lw=2)[0] for color in colors] for plot in plots]
    times = []
    previous: Scene = scene
    for start in starts(count):
        begin = time.perf_counter()
        previous = build_scene(EXPERIMENT.replace(start=start), previous)
        for k, run in enumerate(previous.runs):
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
        times.append((time.perf_counter() - begin) * 1e3)
    return times


def main(name: str, count: int) -> None:
    """Print the frames of one of the two as JSON."""
    frames = {"gdviz": _window_frames, "matplotlib": _matplotlib_frames}[name](count + 5)[5:]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"frames": frames, "memory": memory}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
