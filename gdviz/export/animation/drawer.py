"""The frames of a plan, drawn from artists that are made once: what does not move is kept."""

from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Any, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.text import Text

from gdviz.experiment.camera import Camera
from gdviz.export.animation.map_place import MapPlace
from gdviz.export.animation.pixels import Pixels, as_pixels
from gdviz.export.figures.scene import Layout, SceneDrawing, draw_scene
from gdviz.export.options import FigureOptions
from gdviz.export.sheet import Sheet, empty_sheet, styled
from gdviz.scene.animation.frames import Frame, Plan
from gdviz.scene.basins import MethodBasins

#: Frames that are looked at before the first is drawn, and of those with basins, which take time:
#: what they need has room in all.
_LOOKED_AT, _WITH_BASINS = 13, 5


class FrameDrawer:
    """Draws the frames of a plan, in any order.

    A frame is the picture that :func:`gdviz.export.figures.scene.figure_bytes` draws of its scene
    and step, but that the map is at the same place in all, where words and bars of all have room;
    and of panels, the axes have room for the curves of all. May be used in any thread.

    Parameters
    ----------
    plan : Plan
        What is drawn.
    options : FigureOptions
        Size, resolution, panels and theme.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends with Cancelled.
    """

    def __init__(
        self, plan: Plan, options: FigureOptions, cancelled: Callable[[], bool] = bool
    ) -> None:
        self.plan, self._options, self._cancelled = plan, options, cancelled
        self._later: list[Frame] = []
        self._layout: Layout | None = None
        self._drawing: SceneDrawing | None = None
        self._picture: _Picture | None = None
        self._kept: tuple[Camera, tuple[MethodBasins, ...]] | None = None

    @property
    def layout(self) -> Layout | None:
        """Where the parts of all frames are; None before the first was drawn."""
        return self._layout

    @property
    def rows(self) -> list[str]:
        """What the legend of the frame that was drawn says."""
        return [] if self._drawing is None else self._drawing.rows

    @property
    def place(self) -> MapPlace:
        """Where points of the map are in the frame that was drawn."""
        assert self._drawing is not None
        axes, height = self._drawing.axes, self._drawing.axes.figure.bbox.height
        box = axes.get_window_extent()
        edges = box.x0, height - box.y1, box.x1, height - box.y0
        return MapPlace(edges, (*axes.get_xlim(), *axes.get_ylim()), self._drawing.ground)

    def draw(self, frame: Frame) -> Pixels:
        """Return the pixels of a frame, which are the caller's own."""
        with styled(self._options):
            kept = frame.scene.experiment.camera, frame.basins
            if self._drawing is not None and kept == self._kept:
                before = self._drawing.rows
                self._drawing.show(frame)
                if self._drawing.rows != before:
                    self._picture = None
            else:
                self._kept, self._picture = kept, None
            if self._picture is None:
                self._begin(frame)
            assert self._picture is not None
            return self._picture.pixels()

    def _begin(self, frame: Frame) -> None:
        if not self._later:
            some = self.plan.some(_LOOKED_AT)
            self._later = [self.plan.bare(k, self._cancelled) for k in some]
        sheet, drawing = self._drawn(frame)
        if self._layout is None:
            others = [self._drawn(each)[1] for each in self._others()] or [drawing]
            self._layout = Layout.common([each.lay_out() for each in others])
        drawing.place(self._layout)
        self._drawing = drawing
        texts = [drawing.text(each) for each in self._later]
        self._picture = _Picture(sheet.figure, drawing.moving, drawing.caption, texts)

    def _drawn(self, frame: Frame) -> tuple[Sheet, SceneDrawing]:
        sheet = empty_sheet(self._options)
        look = self._options.panels, self._options.relief
        return sheet, draw_scene(sheet, frame, *look, self._later)

    def _others(self) -> list[Frame]:
        """Return frames whose words and bars take all the room that is needed in any.

        They are none where all of them need the same: what comes and goes are the ends of basins,
        the bar of their steps, clouds, and the start.
        """
        plan, frames = self.plan, self._later
        if plan.basins.rows:
            some = plan.some(_WITH_BASINS)
            frames = [plan.frame(k, self._cancelled, is_kept=True) for k in some]
        kinds = {
            (
                *map(id, each.basins),
                *(cloud is None for cloud in each.clouds),
                experiment.map_range.contains(*experiment.start),
            ): each
            for each in frames
            for experiment in [each.scene.experiment]
        }
        return list(kinds.values()) if len(kinds) > 1 else []


class _Picture:
    """A figure of which some artists move: what lies below them is drawn once.

    So are the first lines of its caption: to draw them takes longer than all paths.

    Parameters
    ----------
    figure : Figure
        With a canvas of Agg's.
    moving : list of Artist
        What moves.
    caption : Text
        What changes, too, and stands at the bottom.
    texts : sequence of str
        What it says in some of the frames.
    """

    def __init__(
        self, figure: Figure, moving: list[Artist], caption: Text, texts: Sequence[str]
    ) -> None:
        self._canvas = cast(Any, figure.canvas)  # matplotlib has no types for one of Agg's
        # In the order in which a figure draws: from the lowest that moves on, all is drawn anew.
        self._anew: list[Artist] = []
        for axes in sorted(figure.axes, key=lambda each: each.get_zorder()):
            parts = [part for part in axes.get_children() if part is not axes.patch]
            parts.sort(key=lambda each: each.get_zorder())
            lowest = next((k for k, part in enumerate(parts) if part in moving), len(parts))
            self._anew += parts[lowest:]
        for part in (*self._anew, caption):
            part.set_animated(True)
        self._canvas.draw()
        self._bare = self._canvas.copy_from_bbox(self._canvas.figure.bbox)
        self._caption, self._head = caption, _beginning(texts)
        self._ground = self._with_head(caption.get_text()) if self._head else self._bare

    def _with_head(self, text: str) -> Any:
        """Return the ground with the caption's first lines, which are always the same."""
        bare, whole, tail = (self._drawn(each) for each in ("", text, self._tail(text)))
        pixels = np.asarray(self._canvas.buffer_rgba())
        pixels[...] = np.where(tail == bare, whole, bare)
        self._caption.set_text(text)
        return self._canvas.copy_from_bbox(self._canvas.figure.bbox)

    def _drawn(self, text: str) -> Any:
        """Return the bytes of a picture with nothing but a caption on it."""
        self._canvas.restore_region(self._bare)
        self._caption.set_text(text)
        self._caption.draw(self._canvas.get_renderer())
        return np.array(self._canvas.buffer_rgba())

    def _tail(self, text: str) -> str:
        """Return the lines of a caption that are not always the same."""
        return "\n".join(text.split("\n")[len(self._head) :])

    def pixels(self) -> Pixels:
        text = self._caption.get_text()
        has_head = text.split("\n")[: len(self._head)] == self._head
        self._canvas.restore_region(self._ground if has_head else self._bare)
        # A caption stands on its last line, wherever its first one is.
        self._caption.set_text(self._tail(text) if has_head else text)
        renderer = self._canvas.get_renderer()
        for part in (*self._anew, self._caption):
            part.draw(renderer)
        return as_pixels(self._canvas.buffer_rgba())


def _beginning(texts: Sequence[str]) -> list[str]:
    """Return the lines that all begin with."""
    rows = zip(*(text.split("\n") for text in texts), strict=False)
    return [row[0] for row in takewhile(lambda row: len(set(row)) == 1, rows)]
