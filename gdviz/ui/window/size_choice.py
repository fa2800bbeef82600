"""How large text, paths and dots are: in the window, and while presenting."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFont, QFontInfo
from PySide6.QtWidgets import QApplication, QComboBox, QToolTip, QWidget

from gdviz.experiment.view import View
from gdviz.ui.toolkit.screens import screen_of
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.sizes import TEXT_SIZES, Sizes, next_size

#: How large text is at first, by the name under which it is kept.
_AT_FIRST = {"window": 1.0, "presentation": 1.5}
#: How much wider paths are, and larger dots, than the experiment has them.
_STROKES = {"window": 1.0, "presentation": 1.5}
_NO_ROOM = "No room for larger text: hide a side (F2, F3), or present (F11)"


class SizeChoice(QObject):
    """Applies the sizes: that of text is the screen's, and those of strokes are the experiment's.

    Presenting has a size of text of its own, and all strokes larger.

    Parameters
    ----------
    settings : Settings
        Where the sizes of text are kept.
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
        self._text = {mode: _kept(settings, mode) for mode in _AT_FIRST}
        self._view = View()
        self._apply_font()

    @property
    def sizes(self) -> Sizes:
        """What is on."""
        times, view = _STROKES[self._mode], self._view
        return Sizes(self._text[self._mode], times * view.path_width, times * view.step_dots)

    def show_view(self, view: View) -> None:
        """Take the sizes of an experiment's strokes."""
        before, self._view = self.sizes, view
        if self.sizes != before:
            self.changed.emit(self.sizes)

    def set_presenting(self, presenting: bool) -> None:
        """Take the sizes for a lecture hall, or those of the window again."""
        self._mode = "presentation" if presenting else "window"
        self._apply()

    def enlarge_text(self) -> None:
        """Make text larger, where there is room for it."""
        before = self.sizes.text
        self._choose(next_size(TEXT_SIZES, before, 1))
        if not self._has_room():
            self._choose(before)
            self.said.emit(_NO_ROOM)

    def fit(self) -> None:
        """Make text smaller until there is room for all, on this screen and until it is chosen."""
        while not self._has_room() and self.sizes.text > TEXT_SIZES[0]:
            self._text[self._mode] = next_size(TEXT_SIZES, self.sizes.text, -1)
            self._apply()

    def shrink_text(self) -> None:
        """Make text smaller."""
        self._choose(next_size(TEXT_SIZES, self.sizes.text, -1))

    def reset_text(self) -> None:
        """Make text as large as at first."""
        self._choose(_AT_FIRST[self._mode])

    def stop(self) -> None:
        """Give the application the font back that it had."""
        QApplication.setFont(self._usual)
        QToolTip.setFont(self._usual)

    def _choose(self, text: float) -> None:
        if text != self.sizes.text:
            self._text[self._mode] = text
            self._settings.write({f"sizes/{self._mode}/text": text})
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


def _kept(settings: Settings, mode: str) -> float:
    """Return the size of text of the last time; what is not understood is as at first."""
    value = settings.value(f"sizes/{mode}/text")
    try:
        size = float(value) if isinstance(value, (str, float, int)) else 0.0
    except ValueError:
        size = 0.0
    return size if TEXT_SIZES[0] <= size <= TEXT_SIZES[-1] else _AT_FIRST[mode]
