"""The window is painted once a picture."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QWidget


class OnePaint(QObject):
    """Has a window wait with painting until all of its plots have said what they show anew.

    Each plot's scene of Qt looks through its items in an event of its own, and has the whole
    window painted at once where it finds something: a map and three plots made that four times a
    frame, each with a way to the display and back.

    Parameters
    ----------
    window : QWidget
        What the plots are in.
    """

    # Queued, it comes after the events in which the plots' items are looked through.
    _due = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._is_waiting = self._is_asked = False
        self._due.connect(self._paint, Qt.ConnectionType.QueuedConnection)

    def wait(self) -> None:
        """Wait with painting until the events are done that are there; ask after all is shown."""
        if not self._is_waiting:
            self._is_waiting = True
            self._window.installEventFilter(self)
            self._due.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep an event that is to paint the window for later."""
        if event.type() == QEvent.Type.UpdateRequest:
            self._is_asked = True
            return True
        return super().eventFilter(watched, event)

    def _paint(self) -> None:
        self._window.removeEventFilter(self)
        self._is_waiting = False
        if self._is_asked:
            self._is_asked = False
            QCoreApplication.sendEvent(self._window, QEvent(QEvent.Type.UpdateRequest))
