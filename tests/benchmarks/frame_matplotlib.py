"""The same picture on Agg: ``python -m tests.benchmarks.frame_matplotlib``, asked by ``frame``."""

import time

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gdviz.scene.palette import path_color
from gdviz.scene.scene import Scene, build_scene
from tests.benchmarks.frame import EXPERIMENT, SIZE, STEPS, answer_all, starts, steps


class Frames:
    """The figure; a frame is from new data in the same lines until it is drawn."""

    def __init__(self) -> None:
        self._starts, self._steps = starts(), steps()
        self._scene = build_scene(EXPERIMENT)
        figure = Figure((SIZE[0] / 100, SIZE[1] / 100), dpi=100)
        self._canvas = FigureCanvasAgg(figure)
        areas = figure.add_gridspec(3, 2, width_ratios=(2, 1))
        main = figure.add_subplot(areas[:, 0])
        self._plots = [figure.add_subplot(areas[k, 1]) for k in range(3)]
        self._plots[1].set_yscale("log")
        landscape = self._scene.landscape
        extent = landscape.grid.range
        main.imshow(landscape.scale.place(landscape.grid.values), cmap="cividis", origin="lower",
                    extent=extent, aspect="auto")  # fmt: skip
        main.contour(landscape.grid.a, landscape.grid.b, landscape.grid.values,
                     levels=landscape.scale.levels(), colors="white", linewidths=0.6)  # fmt: skip
        main.set(xlim=extent[:2], ylim=extent[2:])
        colors = [path_color(run.method, run.index) for run in self._scene.runs]
        self._halos = [main.plot([], [], color="white", lw=4.6)[0] for _ in colors]
        self._lines = [main.plot([], [], color=color, lw=2.2)[0] for color in colors]
        self._curves = [
            [plot.plot([], [], color=color, lw=2)[0] for color in colors] for plot in self._plots
        ]
        nowhere = np.zeros(len(colors))
        self._markers = main.scatter(nowhere, nowhere, 60, colors, edgecolors="white", zorder=3)
        self._now = [plot.axvline(0.0, lw=1) for plot in self._plots]
        self._show_paths(self._scene)

    def drag(self) -> float:
        """Draw the paths from another start."""
        scene = build_scene(EXPERIMENT.replace(start=next(self._starts)), self._scene)
        begin = time.perf_counter()
        self._show_paths(scene)
        return (time.perf_counter() - begin) * 1e3

    def scrub(self) -> float:
        """Mark another step."""
        step = next(self._steps)
        begin = time.perf_counter()
        self._show_step(self._scene, step)
        return (time.perf_counter() - begin) * 1e3

    def _show_paths(self, scene: Scene) -> None:
        counts, errors, losses = self._curves
        for k, run in enumerate(scene.runs):
            path = run.path
            taken = path.gradients_taken
            self._halos[k].set_data(*path.theta.T)
            self._lines[k].set_data(*path.theta.T)
            counts[k].set_data(np.arange(taken), path.evaluations[:taken].cumsum())
            errors[k].set_data(np.arange(taken), path.error[:taken])
            losses[k].set_data(np.arange(len(path)), path.loss)
        for plot in self._plots:
            plot.relim()
            plot.autoscale_view()
        self._show_step(scene, STEPS)

    def _show_step(self, scene: Scene, step: int) -> None:
        self._markers.set_offsets([run.path.theta[step] for run in scene.runs])
        for line in self._now:
            line.set_xdata([step, step])
        self._canvas.draw()


def main() -> None:
    """Draw what is asked for."""
    frames = Frames()
    answer_all({"drag": frames.drag, "scrub": frames.scrub})


if __name__ == "__main__":
    main()
