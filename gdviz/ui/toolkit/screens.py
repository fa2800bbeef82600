"""Windows and the screens that they are on: which one, and no window larger than its screen."""

import re

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QScreen
from PySide6.QtWidgets import QMainWindow, QWidget

#: Pixels that a window's frame may take.
_FRAME = QSize(16, 48)
#: Pixels that three places side by side need.
NARROWEST = 980
#: The smallest size of a window, where its screen is as large.
SMALLEST = QSize(NARROWEST, 560)
_FILLS = Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen


def screen_of(window: QWidget) -> QScreen:
    """Return the screen that a window is on.

    Not the window's own, which PySide 6.11 takes for a part of it, and deletes with it.
    """
    return QGuiApplication.screenAt(window.geometry().center()) or QGuiApplication.primaryScreen()


def screen_name(screen: QScreen) -> str:
    """Return what tells a screen from another, in letters that a key of settings may have."""
    size = screen.size()
    name = re.sub(r"\W+", "-", screen.name())
    return f"{name}-{size.width()}x{size.height()}"


def fit_to_screen(window: QMainWindow, right: QAction | None = None) -> None:
    """Fill the screen with a window that with its frame is larger, as at the first start.

    How wide the frame is, nobody knows before the window is shown.

    Parameters
    ----------
    window : QMainWindow
        The window, before it is shown.
    right : QAction, optional
        What shows the place at the right: on a screen without room for three places it is off.
    """
    room = screen_of(window).availableSize()
    if room.width() < NARROWEST and right is not None:
        right.setChecked(False)
    free = room - _FRAME
    window.setMinimumSize(window.minimumSize().boundedTo(free))
    if window.size() != window.size().boundedTo(free):
        window.resize(window.size().boundedTo(room))
        window.setWindowState(window.windowState() | Qt.WindowState.WindowMaximized)


def need_width(window: QMainWindow, width: int) -> None:
    """Let a window be no narrower than what stands in it, as far as its screen is as wide.

    Parameters
    ----------
    window : QMainWindow
        The window, which grows where it is narrower, and then stays on its screen.
    width : int
        Pixels.
    """
    room, frame = screen_of(window).availableGeometry(), window.frameSize() - window.size()
    window.setMinimumSize(SMALLEST.expandedTo(QSize(width, 0)).boundedTo(room.size() - frame))
    beyond = window.frameGeometry().right() - room.right()
    if beyond > 0 and window.isVisible() and not window.windowState() & _FILLS:
        window.move(max(room.left(), window.x() - beyond), window.y())


class ScreenWatch(QObject):
    """Keeps a window from being larger than the screen that it is on.

    It is moved to another screen, or its own becomes smaller, as where a projector is plugged in.
    Back where there is room, it is as large as before, unless the person has resized it meanwhile.

    Parameters
    ----------
    window : QMainWindow
        The window, which is shown.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._chosen = self._fitted = window.size()  # by the person; and here
        window.windowHandle().screenChanged.connect(self.fit)
        for screen in QGuiApplication.screens():
            screen.availableGeometryChanged.connect(self.fit)

    def fit(self) -> None:
        """Make the window as large as its screen at most; what fills a screen follows by itself."""
        window = self._window
        if window.windowState() & _FILLS:
            return
        if window.size() != self._fitted:
            self._chosen = window.size()
        most = screen_of(window).availableSize() - (window.frameSize() - window.size())
        window.setMinimumSize(SMALLEST.boundedTo(most))
        window.resize(self._chosen.boundedTo(most))
        self._fitted = window.size()
