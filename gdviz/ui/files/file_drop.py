"""Files that are dropped on the window."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QUrl, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from gdviz.ui.toolkit.widgets.veil import Veil

_ONE = "Only one local file at a time can be dropped here"


class FileDrop(QObject):
    """Takes a single file that is dropped where nothing else takes it.

    While it is held over the window, that says what becomes of it.

    Parameters
    ----------
    window : QWidget
        What it is dropped on.

    Attributes
    ----------
    dropped : Signal(str)
        Its path.
    refused : Signal(str)
        Why what was dropped is not opened.
    """

    dropped = Signal(str)
    refused = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.veil = Veil(window, speaks=True)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragLeave:
            self.veil.show_sentence("")
        # A move is a drop to Qt's types, and an entrance a move.
        is_known = event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop)
        if is_known and isinstance(event, QDropEvent) and event.mimeData().urls():
            path = _only_file(event.mimeData().urls())
            event.acceptProposedAction()  # of several as well, so that it can be said
            if event.type() == QEvent.Type.DragEnter:
                self.veil.show_sentence(f"Drop {Path(path).name} to open it" if path else _ONE)
            else:
                self.veil.show_sentence("")
                if path:
                    self.dropped.emit(path)
                else:
                    self.refused.emit(_ONE)
            return True
        return super().eventFilter(watched, event)


def _only_file(urls: list[QUrl]) -> str:
    """Return the path of the only file of this computer among URLs; empty if it is not one."""
    return urls[0].toLocalFile() if len(urls) == 1 and urls[0].isLocalFile() else ""
