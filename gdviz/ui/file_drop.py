"""Files that are dropped on the window."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget


class FileDrop(QObject):
    """Takes a single file that is dropped where nothing else takes it.

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
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop):
            urls = event.mimeData().urls()
            if len(urls) == 1 and urls[0].isLocalFile():
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self.dropped.emit(urls[0].toLocalFile())
                return True
            if urls and event.type() == QEvent.Type.DragEnter:
                event.acceptProposedAction()  # so that it can be said
                return True
            if urls:
                self.refused.emit("One file of this computer at a time can be dropped here")
                return True
        return super().eventFilter(watched, event)
