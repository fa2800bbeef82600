"""The map's legend, which steps aside for what is to be seen, and folds where it cannot."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from gdviz.scene.captions import method_title
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Scene
from gdviz.ui.toolkit.widgets.card import Card

_MARGIN = 8  #: pixels to the map's edges
_CLEARANCE = 16  #: pixels around a mark: a start with its first steps, an end with its number
#: More of them until it unfolds again: at the border of one place it must not flicker.
_SPARE = 20
_OPENING = (QEvent.Type.Enter, QEvent.Type.FocusIn)
_CLOSING = (QEvent.Type.Leave, QEvent.Type.FocusOut)

#: Points in pixels, shape (n, 2).
Points = np.ndarray


class MapLegend(Card):
    """Names the colours of paths and basins in a corner of the map, at first at the top right.

    Where something lies in each corner that it must not hide, there is a button in its place; it
    unfolds while the cursor, or the focus, is on that.
    """

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self._paths = self._basins = ""
        self._is_wanted, self._is_folded = True, False
        self._corner = 0  #: of those that it may be in
        self._button = QToolButton(place)
        self._button.setText("Legend")
        self._button.setToolTip("What the colours and signs mean; folded because no corner is free")
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.installEventFilter(self)
        self._button.hide()

    @property
    def is_folded(self) -> bool:
        """Whether there is a button in its place."""
        return self._is_folded

    # ---------------------------------------------------------------- what it says

    def set_basins(self, html: str) -> bool:
        """Take what is said of basins; return whether there now is something, or no longer.

        With other numbers it stays in its corner, so that it does not jump while they change.
        """
        is_new = bool(html) != bool(self._basins)
        self._basins = html
        self._compose()
        return is_new

    def set_scene(self, scene: Scene, trajectory: str = "") -> bool:
        """Take a scene's methods, and a trajectory's row; return whether there is another text."""
        rows = [
            f"<span style='color:{path_color(run.method, run.index)}'>━●━</span>"
            f"&nbsp; {method_title(run.method)}"
            for run in scene.runs
        ]
        view = scene.experiment.view  # of what is hidden it says nothing
        signs: list[str] = []
        if scene.minima and view.minima:
            signs.append("&nbsp;☆&nbsp;&nbsp;&nbsp; known minimum")
        if scene.others and view.others:
            others = len(scene.experiment.more_starts)
            signs.append(f"&nbsp;○&nbsp;&nbsp;&nbsp; {others} other start{'s' * (others != 1)}")
        if signs:
            rows.append("&nbsp; ".join(signs))
        if trajectory:
            rows.append(trajectory)
        self._paths = "<br>".join(rows)
        return self._compose()

    def _compose(self) -> bool:
        html = "<hr>".join(filter(None, (self._paths, self._basins)))
        if html == self.text():
            return False
        self.setText(html)
        before = self.geometry()
        self.adjustSize()
        lower, left = divmod(self._corner, 2)
        self.move(
            before.left() if left else before.right() + 1 - self.width(),
            before.bottom() + 1 - self.height() if lower else before.top(),
        )
        return True

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.adjustSize()

    def set_wanted(self, wanted: bool) -> None:
        """Show or hide it."""
        self._is_wanted = wanted
        self._show()

    # ---------------------------------------------------------------- where it is

    def go_home(self, area: QRect) -> None:
        """Move to the top right of an area, unfolded if it has room there."""
        self._go(area, 0)
        self._fold(not area.contains(self.geometry()))
        if self._is_folded:
            nothing = np.empty((0, 2))
            self._place_button(area, nothing, nothing)

    def keep_clear(
        self, area: QRect, marks: Points, others: Points, points: Callable[[], Points]
    ) -> None:
        """Move away if it covers a mark, or fold if it would do so in each corner.

        Where it covers nothing it stays, and so does not flicker while a start is dragged.

        Parameters
        ----------
        area : QRect
            The map.
        marks : ndarray, shape (n, 2)
            What must not be hidden, in pixels as all of these.
        others : ndarray, shape (n, 2)
            What is better not hidden: there may be too many.
        points : callable
            Returns what else lies on the map, shape (n, 2): of free corners the one is taken with
            the fewest of it under it.
        """
        if not self._is_wanted or not self.text():
            return
        place, spare = self.geometry(), _SPARE if self._is_folded else 0
        covered = _count(marks, place, _CLEARANCE + spare), _count(others, place, 0)
        if covered == (0, 0) and area.contains(place):
            self._fold(False)
            return
        lying = points()
        costs = [
            (
                _count(marks, QRect(corner, self.size()), _CLEARANCE + spare),
                _count(others, QRect(corner, self.size()), 0),
                _count(lying, QRect(corner, self.size()), 0),
            )
            for corner in _corners(area, self.size())
        ]
        best = costs.index(min(costs))
        if costs[best][:2] < covered:
            self._go(area, best)
        has_room = area.contains(self.geometry())
        self._fold(not has_room or min(costs[best][0], covered[0]) > 0)
        if self._is_folded:
            self._place_button(area, marks, lying)

    def _place_button(self, area: QRect, marks: Points, lying: Points) -> None:
        size = self._button.sizeHint()
        self._button.resize(size)

        def cost(corner: QPoint) -> tuple[int, int]:
            place = QRect(corner, size)
            return _count(marks, place, _CLEARANCE // 2), _count(lying, place, 0)

        corners = _corners(area, size)
        at = self._button.pos()
        if at not in corners or cost(at)[0]:
            at = min(corners, key=cost)
            self._button.move(at)
        # Unfolded it stands where the button is, under the cursor.
        self._go(area, corners.index(at))

    def _go(self, area: QRect, corner: int) -> None:
        self._corner = corner
        self.move(_corners(area, self.size())[corner])

    # ---------------------------------------------------------------- folding

    def _fold(self, folded: bool) -> None:
        if folded != self._is_folded:
            self._is_folded = folded
            self._show()

    def _show(self) -> None:
        exists = self._is_wanted and bool(self.text())
        self._button.setVisible(exists and self._is_folded)
        self.setVisible(exists and not self._is_folded)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # It lets the mouse through, so that over it the cursor still is on the button.
        if event.type() in _OPENING:
            self.show()
            self.raise_()
        elif event.type() in _CLOSING and self._is_folded:
            self.hide()
        return super().eventFilter(watched, event)


def in_pixels(points: ArrayLike, area: QRectF, shown: Sequence[Sequence[float]]) -> Points:
    """Return where those of points of the map are that are seen, in pixels.

    Parameters
    ----------
    points : array_like, shape (n, 2)
        (a, b).
    area : QRectF
        The map.
    shown : ((float, float), (float, float))
        What it shows: its lowest and highest a, and b.
    """
    at = np.array(points, np.float64).reshape(-1, 2)
    (a_low, a_high), (b_low, b_high) = shown
    with np.errstate(all="ignore"):  # a path that diverged
        x = area.left() + (at[:, 0] - a_low) / (a_high - a_low) * area.width()
        y = area.bottom() - (at[:, 1] - b_low) / (b_high - b_low) * area.height()
    inside = (x >= area.left()) & (x <= area.right()) & (y >= area.top())
    seen: Points = np.column_stack([x, y])[inside & (y <= area.bottom())]
    return seen


def _count(points: Points, place: QRect, reach: int) -> int:
    """Return how many points lie in a place, or so many pixels beside it."""
    low = np.array([place.left(), place.top()]) - reach
    high = np.array([place.right(), place.bottom()]) + reach
    return int(np.all((points >= low) & (points <= high), axis=1).sum())


def _corners(area: QRect, size: QSize) -> list[QPoint]:
    """Return where its top left may be; of corners that are as good the first is taken."""
    left, top = area.left() + _MARGIN, area.top() + _MARGIN
    right = area.left() + area.width() - size.width() - _MARGIN
    bottom = area.top() + area.height() - size.height() - _MARGIN
    return [QPoint(x, y) for y in (top, bottom) for x in (right, left)]
