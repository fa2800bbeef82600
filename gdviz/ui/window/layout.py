"""The three places side by side: what the person chooses, the map, one lens at a time."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSplitter, QTabWidget, QWidget

from gdviz.ui.lenses.page import Page
from gdviz.ui.toolkit.build import column
from gdviz.ui.toolkit.screens import screen_of
from gdviz.ui.toolkit.settings_file import Settings

#: Pixels, of the window at first: of the whole, and of the places at either side.
WIDTH, HEIGHT = 1440, 900
_LEFT, _LEAST_RIGHT, _RIGHT, _WIDEST_RIGHT = 270, 350, 405, 560
_MIDDLE, _RIGHT_AT_LEAST = 370, 300  #: pixels, where the person makes them narrow
#: Pixels that both need more for what is written in them, where text is twice as large.
_MIDDLE_WORDS, _MORE_MIDDLE, _MORE_RIGHT = 300, 190, 200
#: From this width on a quarter of what there is more goes to the lenses, and the rest to the map;
#: of what there is less the lenses give the same part.
_NARROW, _SHARE = 1280, 0.25


class Places(QSplitter):
    """Left, middle and right, which share the width until the person chooses their own.

    Parameters
    ----------
    boxes : sequence of QWidget
        What stands at the left, from top to bottom.
    rows : sequence of QWidget
        What stands in the middle; the second one, the map, takes the room that is left.
    lenses : sequence of Page
        The tabs at the right, which have titles.
    parent : QWidget, optional

    Attributes
    ----------
    left : QScrollArea
    middle : QWidget
    right : QTabWidget
        The places.
    no_room : Signal(object)
        The screen has no room for three: what shows the side that is to be hidden for another.
    """

    no_room = Signal(object)

    def __init__(
        self,
        boxes: Sequence[QWidget],
        rows: Sequence[QWidget],
        lenses: Sequence[Page],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._is_chosen = False
        self._shares: tuple[float, float] | None = None
        self._is_moved = False  # in this window
        self.splitterMoved.connect(self._keep)
        # Not children yet: a splitter takes those in by itself, in an order of its own.
        self.left, self.middle, self.right = QScrollArea(), QWidget(), QTabWidget()
        self.right.setTabBarAutoHide(True)
        self.right.setDocumentMode(True)
        whole = QWidget()
        column(*boxes, None, inside=whole, margins=(10, 4, 4, 10), spacing=6)
        # On a low screen, or with large text, it is scrolled: its fields would be pressed flat.
        whole.setMinimumWidth(1)  # as wide as there is room, also beside a scroll bar
        self.left.setWidget(whole)
        self.left.setWidgetResizable(True)
        self.left.setFrameShape(QScrollArea.Shape.NoFrame)
        self.left.setAccessibleName("Controls")
        self.left.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes from field to field
        self.left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        above, map_view, *below = rows
        column(above, (map_view, 1), *below, inside=self.middle, spacing=0)
        self._lenses = {lens.title: lens for lens in lenses}
        for lens in lenses:
            self.right.addTab(lens, lens.title)
        for place in (self.middle, *lenses):
            place.setProperty("place", True)
            place.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setHandleWidth(8)
        self.setChildrenCollapsible(False)
        for index, place in enumerate((self.left, self.middle, self.right)):
            self.addWidget(place)
            self.setStretchFactor(index, int(place is self.middle))
        self._text = 1.0
        self.set_text_size(1.0)

    def set_text_size(self, times: float) -> None:
        """Make room for text so many times as large as usual."""
        self._text = times
        self.left.setMinimumWidth(round(times * (_LEFT - 6)))
        larger, middle, right = max(0.0, times - 1.0), 0, 0
        if self._shares is None:  # else each has what it needs, and parts of the width of its own
            middle = max(_MIDDLE, _MIDDLE_WORDS + round(larger * _MORE_MIDDLE))
            right = _RIGHT_AT_LEAST + round(larger * _MORE_RIGHT)
        self.middle.setMinimumWidth(middle)
        self.right.setMinimumWidth(right)
        self._share()

    def to_keep(self) -> dict[str, object]:
        """Return the widths to remember by their key, if the person chose them in this window."""
        return {"window/places": self.saveState()} if self._is_moved else {}

    def restore_from(self, settings: Settings) -> None:
        """Take the widths that the person chose the last time."""
        if isinstance(sizes := settings.value("window/places"), QByteArray):
            self._is_chosen = self.restoreState(sizes)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def keep_shares(self, shares: tuple[float, float] | None) -> None:
        """Keep to parts of the width for the middle and the right; None shares as always."""
        self._shares = shares
        self.set_text_size(self._text)

    def _share(self) -> None:
        if self._shares is not None:
            middle, right = self._shares
            self.setSizes([0, round(middle * self.width()), round(right * self.width())])
        elif not self._is_chosen:
            right = _RIGHT + round(_SHARE * (self.width() - _NARROW))
            right = min(max(right, _LEAST_RIGHT), _WIDEST_RIGHT)
            right = max(right, self.right.minimumWidth())
            left = round(self._text * _LEFT)
            self.setSizes([left, self.width() - left - right, right])

    def _keep(self) -> None:
        self._is_chosen = self._is_moved = True

    def open_lens(self, title: str, view: str = "") -> None:
        """Bring a lens to the front, and one of its views if it has several."""
        lens = self._lenses[title]
        if view:
            lens.choose_view(view)
        self.right.setCurrentWidget(lens)

    def show_left(self, visible: bool) -> None:
        """Show or hide the place at the left."""
        self.left.setVisible(visible)
        if visible and not (self.right.isHidden() or self._has_room()):
            self.no_room.emit(self.show_right)

    def show_right(self, visible: bool) -> None:
        """Show or hide the place at the right."""
        self.right.setVisible(visible)
        if visible and not (self.left.isHidden() or self._has_room()):
            self.no_room.emit(self.show_left)

    def _has_room(self) -> bool:
        """Tell whether a window as wide as the screen has room for all three places."""
        room = max(screen_of(self.window()).availableSize().width(), self.window().width())
        places = (self.left, self.middle, self.right)
        return sum(place.minimumWidth() for place in places) + 2 * self.handleWidth() <= room
