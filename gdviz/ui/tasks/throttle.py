"""Doing something at most so often while something is dragged, and once more when it rests."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Throttle(QObject):
    """Calls a function when asked to, but lets some time pass between two calls.

    Parameters
    ----------
    function : callable
        What is asked for; without arguments.
    pause_ms : int
        From one call to the next, in milliseconds.
    parent : QObject, optional
    """

    def __init__(
        self, function: Callable[[], None], pause_ms: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._function = function
        self._pause = pause_ms / 1e3
        self._called_at = float("-inf")  # time.monotonic()
        # For the last move of a drag. On the way it is called when asked: together with a frame.
        self._rest = QTimer(self, singleShot=True, interval=pause_ms)
        self._rest.timeout.connect(self.call)

    def ask(self) -> None:
        """Call the function now, or when nothing more is asked for if that is too soon."""
        if time.monotonic() - self._called_at >= self._pause:
            self.call()
        else:
            self._rest.start()

    def call(self) -> None:
        """Call the function now in any case."""
        self._rest.stop()
        self._called_at = time.monotonic()
        self._function()

    def stop(self) -> None:
        """Leave out a call that is still to come."""
        self._rest.stop()
