"""The paths on the map: lines with a halo, step marks, ends, and what a point of them says."""

import numpy as np
import pyqtgraph as pg

from gdviz.base.format import amount, number, pair
from gdviz.scene.captions import method_title, point_name
from gdviz.scene.gradient_text import gradient_text
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Run, Scene
from gdviz.ui.toolkit.pens import brush, pen
from gdviz.ui.toolkit.plots.curve_item import DiscsItem, LinesItem
from gdviz.ui.toolkit.plots.scatter_item import ScatterItem
from gdviz.ui.toolkit.sizes import Sizes
from gdviz.ui.toolkit.theme import Theme

_MARKED_STEPS = 120  #: points up to which each step of a path gets a dot
_MARK_DISTANCE = 7.0  #: pixels between two of them, in the median, below which there are none
LINE, HALO = 2.2, 1.2  #: pixels: the topmost path's width, and a halo's on each side
DOT, MARKER = 6.0, 11.0  #: pixels: its dots, and its mark of the current step
#: Pixels by which the path below each is wider, and its dots and its mark.
WIDER, LARGER = 2.0, 4.0
_FAR = 50.0  #: map widths at which a diverging path's last segment is cut


class PathLayer:
    """Draws the runs of a scene into a view box.

    All halos lie under all paths, and a path on top of which another one runs is wider: a rim of
    it is seen.

    Parameters
    ----------
    view_box : pyqtgraph.ViewBox
        The map's.
    """

    def __init__(self, view_box: pg.ViewBox) -> None:
        self._view_box = view_box
        self._halos, self._lines = LinesItem(), LinesItem()
        self._marks: list[ScatterItem] = []  # a path's each
        self._scene: Scene | None = None
        self._step = 0
        self._points: list[np.ndarray] = []  # of each path, shape (n, 2)
        self._markers = DiscsItem(MARKER)  # where each path is at the step
        for z, item in ((10, self._halos), (11, self._lines), (30, self._markers)):
            item.setZValue(z)
            view_box.addItem(item, ignoreBounds=True)
        self._halo = "#ffffff"
        self._sizes = Sizes()

    def set_theme(self, theme: Theme) -> None:
        """Take the halo's colour."""
        self._halo = theme.halo
        if self._scene is not None:
            self.show_scene(self._scene, self._step)

    def set_sizes(self, sizes: Sizes) -> None:
        """Take how wide paths are, and how large their dots."""
        self._sizes = sizes
        if self._scene is not None:
            self.show_scene(self._scene, self._step)

    def show_scene(self, scene: Scene, step: int) -> None:
        """Draw the runs, and mark where each is at a step."""
        while len(self._marks) < len(scene.runs):
            self._marks.append(self._new_marks(len(self._marks)))
        paths = [drawable(run, scene) for run in scene.runs]
        widths = [(LINE + WIDER * wider) * self._sizes.lines for wider in scene.rims]
        self._lines.set_lines([
            (points[:, 0], points[:, 1], pen(_color(run), width))
            for run, points, width in zip(scene.runs, paths, widths, strict=True)
        ])  # fmt: skip
        self._halos.set_like(self._lines, [pen(self._halo, width + 2 * HALO) for width in widths])
        for marks in self._marks[len(scene.runs) :]:
            marks.hide()
        self._scene, self._step, self._points = scene, step, paths
        self.fit()
        self._draw_markers()

    def fit(self) -> None:
        """Mark the steps of paths that have room for it, in pixels as they are now."""
        if self._scene is None:
            return
        for marks, run, points, wider in zip(
            self._marks, self._scene.runs, self._points, self._scene.rims, strict=False
        ):
            self._mark(marks, run, points, wider)

    def show_step(self, step: int) -> None:
        """Mark where each path is at a step; one that has ended is marked at its end."""
        self._step = step
        self._draw_markers()

    def ends(self) -> list[tuple[float, float]]:
        """Return where (a, b) the paths end that are drawn."""
        return [(float(points[-1, 0]), float(points[-1, 1])) for points in self._points]

    def _draw_markers(self) -> None:
        if self._scene is None:
            return
        sizes = [MARKER + LARGER * wider for wider in self._scene.rims]
        self._markers.set_diameters([self._sizes.dots * size for size in sizes])
        self._markers.set_data(
            np.array([p[min(self._step, len(p) - 1)] for p in self._points]).reshape(-1, 2),
            [brush(_color(run)) for run in self._scene.runs],
            pen(self._halo, 1.5),
        )

    def _new_marks(self, index: int) -> ScatterItem:
        marks = ScatterItem(pxMode=True, size=DOT)
        marks.setZValue(12 + 0.01 * index)
        self._view_box.addItem(marks, ignoreBounds=True)
        return marks

    def _dot_scale(self, points: np.ndarray) -> float:
        """Return how large dots are: no larger than chosen, nor than what keeps them apart.

        Where dots of their usual size would be a second line it is 0, and there are none.
        """
        if not 2 <= len(points) <= _MARKED_STEPS:
            return 0.0
        pixel = self._view_box.viewPixelSize()
        if not all(pixel):  # nothing has been laid out yet
            return 0.0
        steps_px = np.diff(points, axis=0) / pixel
        # np.median imports numpy.ma, for which the first frame would wait.
        lengths = np.sort(np.hypot(*steps_px.T))
        middle = lengths[(len(lengths) - 1) // 2 : len(lengths) // 2 + 1].mean()
        room, chosen = float(middle) / _MARK_DISTANCE, self._sizes.dots
        return min(room, chosen) if room >= min(chosen, 1.0) else 0.0

    def _mark(self, marks: ScatterItem, run: Run, points: np.ndarray, wider: int) -> None:
        """Mark a path's steps, if there is room for it."""
        scale = self._dot_scale(points)
        marks.setVisible(scale > 0.0)
        if scale > 0.0:
            size = (DOT + LARGER * wider) * scale
            marks.setData(*points.T, brush=brush(_color(run)), pen=pen(self._halo), size=size)


def _color(run: Run) -> str:
    return path_color(run.method, run.index)


def drawable(run: Run, scene: Scene) -> np.ndarray:
    """Return a path's points, the last one pulled back where it is too far out to draw.

    Painters count pixels in 32 bits; a diverging path's last point may be at 1e300, or at inf.
    """
    points = run.path.theta
    if len(points) < 2:
        return points
    extent = scene.landscape.grid.range
    limit = _FAR * max(extent.a_high - extent.a_low, extent.b_high - extent.b_low)
    step = points[-1] - points[-2]
    length = float(np.abs(step).max())
    if length <= limit:
        return points
    if not np.isfinite(length):
        return points[:-1]
    return np.vstack([points[:-1], points[-2] + step / length * limit])


def nearest_point(
    scene: Scene, position: tuple[float, float], pixel: tuple[float, float], reach: float
) -> tuple[Run, int] | None:
    """Return the run and step of the path point nearest to a position on the map.

    Parameters
    ----------
    scene : Scene
        What is drawn.
    position : (float, float)
        (a, b).
    pixel : (float, float)
        The size of a pixel in a and b.
    reach : float
        How many pixels away a point may be.
    """
    best: tuple[float, Run, int] | None = None
    with np.errstate(all="ignore"):
        for run in scene.runs:
            distance = np.hypot(*((run.path.theta - position) / pixel).T)
            step = int(np.nanargmin(np.where(np.isfinite(distance), distance, np.inf)))
            if distance[step] <= reach and (best is None or distance[step] < best[0]):
                best = (float(distance[step]), run, step)
    return best and best[1:]


def point_html(scene: Scene, run: Run, step: int) -> str:
    """Return what the card beside a point of a path says.

    Parameters
    ----------
    scene : Scene
        What is drawn.
    run : Run
        One of its paths.
    step : int
        The point.
    """
    path = run.path
    rows = [
        (point_name(scene.experiment), pair(path.theta[step])),
        ("f", number(path.loss[step], 4)),
    ]
    is_known = not np.isnan(path.exact_gradient).all()
    exact = path.exact_gradient[step].tolist()
    slope = gradient_text(scene.objective, path.theta[step].tolist(), exact)
    if not run.settings.rule.uses_gradient:
        rows += [("∇f", slope)] if is_known else []
        rows.append(("ĝ", f"{run.settings.rule.title} takes none"))
    elif step < path.gradients_taken and not is_known:
        rows.append(("ĝ", pair(path.gradient[step])))
    elif step < path.gradients_taken:
        error = number(path.error[step], 4) if path.error[step] >= 0.0 else "—"
        if np.isfinite(path.angle[step]):
            error += f", {number(path.angle[step], 3)}° off"
        rows += [
            ("ĝ", pair(path.gradient[step])),
            ("∇f", slope),
            ("‖ĝ − ∇f‖", error),
        ]
    else:
        rows += [("∇f", slope)] if is_known else []
        rows.append(("ĝ", "none taken at the last point"))
    so_far = path.evaluations[: step + 1]
    rows.append(("evaluations", f"{amount(so_far[-1])} here, {amount(so_far.sum())} so far"))
    cells = "".join(
        f"<tr><td style='padding-right:10px'>{name}</td><td>{value}</td></tr>"
        for name, value in rows
    )
    return (
        f"<b><span style='color:{_color(run)}'>●</span> {method_title(run.method)}, step {step}"
        "</b>"
        f"<table cellspacing=0>{cells}</table>"
    )
