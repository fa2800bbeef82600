"""How large the person wants text, paths and dots: in the window, and while presenting."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction, QFont, QFontInfo
from PySide6.QtWidgets import QApplication, QComboBox, QToolTip, QWidget

from gdviz.ui.toolkit.screens import screen_of
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.sizes import STROKE_SIZES, TEXT_SIZES, Sizes, next_size

#: What the sizes are at first, by the name under which they are kept.
_AT_FIRST = {"window": Sizes(), "presentation": Sizes(text=1.5, lines=1.5, dots=1.5)}
_BOUNDS = {
    "text": (TEXT_SIZES[0], TEXT_SIZES[-1]),
    "lines": (STROKE_SIZES[0], STROKE_SIZES[-1]),
    "dots": (STROKE_SIZES[0], STROKE_SIZES[-1]),
}
_NO_ROOM = "No room for larger text: hide a side (F2, F3), or present (F11)"


class SizeChoice(QObject):
    """Applies the sizes, which presenting has its own of, and keeps both.

    Parameters
    ----------
    settings : Settings
        Where they are kept.
    window : QWidget
        Whose text must have room on its screen.

    Attributes
    ----------
    changed : Signal(Sizes)
        Other sizes are on.
    said : Signal(str)
        Why text was not made larger.
    """

    changed = Signal(object)
    said = Signal(str)

    def __init__(self, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._settings, self._window = settings, window
        self._usual = QFont(QApplication.font())
        self._usual.setPointSizeF(QFontInfo(self._usual).pointSizeF())  # also where it is in pixels
        self._mode = "window"
        self._chosen = {mode: _kept(settings, mode) for mode in _AT_FIRST}
        self._apply_font()

    @property
    def sizes(self) -> Sizes:
        """What is on."""
        return self._chosen[self._mode]

    def set_presenting(self, presenting: bool) -> None:
        """Take the sizes for a lecture hall, or those of the window again."""
        self._mode = "presentation" if presenting else "window"
        self._apply()

    def enlarge_text(self) -> None:
        """Make text larger, where there is room for it."""
        before = self.sizes
        self._choose(text=next_size(TEXT_SIZES, before.text, 1))
        if self._mode == "window" and not self._has_room():
            self._choose(text=before.text)
            self.said.emit(_NO_ROOM)

    def shrink_text(self) -> None:
        """Make text smaller."""
        self._choose(text=next_size(TEXT_SIZES, self.sizes.text, -1))

    def reset_text(self) -> None:
        """Make text as large as at first."""
        self._choose(text=_AT_FIRST[self._mode].text)

    def choose_lines(self, action: QAction) -> None:
        """Take the width of paths that is an action's data."""
        self._choose(lines=action.data())

    def choose_dots(self, action: QAction) -> None:
        """Take the size of dots that is an action's data."""
        self._choose(dots=action.data())

    def stop(self) -> None:
        """Give the application the font back that it had."""
        QApplication.setFont(self._usual)
        QToolTip.setFont(self._usual)

    def _choose(self, **sizes: float) -> None:
        chosen = replace(self.sizes, **sizes)
        if chosen == self.sizes:
            return
        self._chosen[self._mode] = chosen
        self._settings.write({f"sizes/{self._mode}/{name}": size for name, size in sizes.items()})
        self._apply()

    def _apply(self) -> None:
        self._apply_font()
        self.changed.emit(self.sizes)
        self.said.emit("")  # what was said of the sizes before is over

    def _apply_font(self) -> None:
        font = _scaled(self._usual, self.sizes.text)
        if font != QApplication.font():
            times = font.pointSizeF() / QApplication.font().pointSizeF()
            QApplication.setFont(font)  # for what is opened later
            QToolTip.setFont(font)
            # Where there is a style sheet, Qt hands no font on to what is there already. Children
            # first: their parents make room for them.
            for widget in (*reversed(self._window.findChildren(QWidget)), self._window):
                widget.setFont(_scaled(widget.font(), times))
                if isinstance(widget, QComboBox):  # else its least width is that of the old text
                    QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))

    def _has_room(self) -> bool:
        """Tell whether the window still fits its screen; its layouts may not know yet."""
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        least, screen = self._window.minimumSizeHint(), screen_of(self._window).availableSize()
        return least.width() <= screen.width() and least.height() <= screen.height()


def _scaled(font: QFont, times: float) -> QFont:
    """Return a font so many times as large."""
    scaled = QFont(font)
    if font.pointSizeF() > 0:
        scaled.setPointSizeF(font.pointSizeF() * times)
    else:
        scaled.setPixelSize(max(1, round(font.pixelSize() * times)))
    return scaled


def _kept(settings: Settings, mode: str) -> Sizes:
    """Return the sizes of the last time; what is not understood is as at first."""
    at_first = _AT_FIRST[mode]
    kept = {}
    for name, (low, high) in _BOUNDS.items():
        value = settings.value(f"sizes/{mode}/{name}")
        try:
            size = float(value) if isinstance(value, (str, float, int)) else 0.0
        except ValueError:
            size = 0.0
        if low <= size <= high:
            kept[name] = size
    return replace(at_first, **kept)
