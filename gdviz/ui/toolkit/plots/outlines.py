"""What is drawn of lines: no more points than a pixel shows, as paths or as single segments."""

import math
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, cast

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF
from shiboken6 import wrapInstance

_TOLERANCE = 0.1  #: pixels that a vertex may stand off the line without it
_PASSES = 4  #: each leaves out every other vertex at most
_FEW = 0.1  #: of the vertices: a pass that leaves out fewer is the last one
_FEWEST = 9  #: vertices below which it is not worth the while
_JAGGED = 25  #: vertices that are left, from which on a thick line is drawn segment by segment
_GAP = np.array([np.nan])


class Segments(NamedTuple):
    """Single segments, as a painter takes them.

    A line is four numbers in memory, and the painter takes an array of them: that is a twentieth
    of what a list of lines takes.
    """

    ends: np.ndarray  # (x₁, y₁, x₂, y₂) of each, which `first` lies in
    first: QLineF
    width: float  # from the first to the last, in x


class Outlines:
    """What is drawn of lines, by their points: paths, or of jagged ones single segments.

    All lines of an item are thinned at once: most of the time that one takes goes by the calls.
    """

    def __init__(
        self, points: Sequence[tuple[np.ndarray, np.ndarray]], pixel: tuple[float, float]
    ) -> None:
        self.points, self.pixel = points, pixel
        self._paths: dict[int, QPainterPath] = {}
        self._segments: dict[int, Segments | None] = {}

    @cached_property
    def _joined(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """X and y of the vertices, with a gap after each line, and the places of those gaps."""
        # Of nothing but gaps, nothing: it would take longest.
        lines = [(x, y) if np.isfinite(y).any() else (_GAP[:0],) * 2 for x, y in self.points]
        if not lines:
            return _GAP, _GAP, np.empty(0, int)
        x, y = (
            np.concatenate([part for line in lines for part in (line[axis], _GAP)])
            for axis in (0, 1)
        )
        kept = thinned(x, y, self.pixel)
        gaps = np.cumsum([len(line[0]) + 1 for line in lines]) - 1  # which stay
        return x[kept], y[kept], np.searchsorted(kept, gaps)

    @cached_property
    def vertices(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """The points that each line cannot do without."""
        x, y, gaps = self._joined
        ends = gaps.tolist()
        firsts = [0, *(end + 1 for end in ends[:-1])]
        return [(x[k:end], y[k:end]) for k, end in zip(firsts, ends, strict=True)]

    def path(self, rank: int) -> QPainterPath:
        """Return one of the lines."""
        path = self._paths.get(rank)
        if path is None:
            x, y = self.vertices[rank]
            if len(x) and math.isfinite(
                x.sum() + y.sum()
            ):  # without gaps it is made in half the time
                path = QPainterPath()
                path.addPolygon(pg.functions.arrayToQPolygonF(x, y))
            else:
                path = pg.arrayToQPath(x, y, "finite")
            self._paths[rank] = path
        return path

    def pieces(self, rank: int) -> list[QPolygonF]:
        """Return those between a line's gaps."""
        return self.path(rank).toSubpathPolygons()

    def segments(self, rank: int) -> Segments | None:
        """Return those of a line, if it is jagged."""
        if rank not in self._segments:
            self._segments[rank] = _segments(*self.vertices[rank])
        return self._segments[rank]

    @cached_property
    def box(self) -> QRectF:
        """What all lines lie in."""
        x, y, _ = self._joined
        is_there = np.isfinite(x + y)
        if not is_there.any():
            return QRectF()
        x, y = x[is_there], y[is_there]
        left, top = float(x.min()), float(y.min())
        return QRectF(left, top, float(x.max()) - left, float(y.max()) - top)

    def are_of(self, lines: Sequence[tuple[np.ndarray, np.ndarray]]) -> bool:
        """Tell whether they are those of lines through these points."""
        return len(lines) == len(self.points) and all(
            old is new or (old.shape == new.shape and old.tobytes() == new.tobytes())
            for before, line in zip(self.points, lines, strict=True)
            for old, new in zip(before, line, strict=True)
        )


def _segments(x: np.ndarray, y: np.ndarray) -> Segments | None:
    if len(x) < _JAGGED:
        return None
    ends = np.empty((len(x) - 1, 4))
    ends[:, 0], ends[:, 1], ends[:, 2], ends[:, 3] = x[:-1], y[:-1], x[1:], y[1:]
    if not math.isfinite(x.sum() + y.sum()):  # which is asked sooner than each of them
        ends = ends[np.isfinite(ends).all(axis=1)]
        if not len(ends):
            return None
    width = float(ends[:, ::2].max() - ends[:, ::2].min())
    return Segments(ends, cast(QLineF, wrapInstance(ends.ctypes.data, QLineF)), width)


def thinned(
    x: np.ndarray, y: np.ndarray, pixel: tuple[float, float], passes: int = _PASSES
) -> np.ndarray:
    """Return the indices of the vertices that a line cannot do without, to a tenth of a pixel.

    Every other vertex goes where it stands less than that off the line between its neighbours,
    and so a few times over, until few go. What is beside a gap stays.

    Parameters
    ----------
    x, y : ndarray of float, shape (n,)
        The vertices; a gap is nan.
    pixel : (float, float)
        The size of a pixel in x and y.
    passes : int, default 4
        How often it is gone through, at most: each pass halves what there is.
    """
    z = np.empty(len(x), complex)
    kept = np.arange(len(x))
    with np.errstate(all="ignore"):  # nan compares false
        z.real, z.imag = x / pixel[0], y / pixel[1]
        for _ in range(passes):
            if len(z) < _FEWEST:
                break
            end = (len(z) - 1) // 2 * 2
            before = z[:end:2]
            chord = z[2 : end + 1 : 2] - before
            arm = (z[1:end:2] - before) / (chord + 1e-9)  # its real part is how far along it is
            arm.real -= np.minimum(np.maximum(arm.real, 0.0), 1.0)
            keep = np.ones(len(z), bool)
            keep[1:end:2] = ~(np.abs(arm * chord) <= _TOLERANCE)
            before_it = len(z)
            z, kept = z[keep], kept[keep]
            if before_it - len(z) <= _FEW * before_it:
                break
    return kept
