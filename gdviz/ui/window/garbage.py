"""Garbage is collected in the GUI thread, between two events."""

import gc

from PySide6.QtCore import QObject, QTimer

#: Milliseconds between two looks at how much there is.
_INTERVAL = 500


class GarbageCollector(QObject):
    """Takes the automatic collection's place for as long as a window lives, closed or not.

    Python collects in whatever thread happens to allocate. A background task would then destroy
    widgets, which only the GUI thread may; and inside ``connect()``, which holds a lock of PySide
    that the destruction of a QObject waits for, the program would wait for itself.

    Parameters
    ----------
    window : QObject
        The window, also one within another program. With the last one Python collects again.
    """

    _windows = 0  #: how many there are
    _was_enabled = True  #: whether Python collected by itself before the first one
    _has_frozen = False
    _has_looked = False  #: through everything; to ask how much is frozen takes milliseconds

    def __init__(self, window: QObject) -> None:
        super().__init__(window)
        if not GarbageCollector._windows:
            GarbageCollector._was_enabled = gc.isenabled()
            GarbageCollector._has_looked = False
        GarbageCollector._windows += 1
        gc.disable()
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()
        # From when events are handled: it takes long to make a window.
        QTimer.singleShot(0, self._timer, self._timer.start)
        self.destroyed.connect(_let_python_collect)

    def collect_if_due(self) -> None:
        """Collect the oldest generation that Python itself would have by now.

        The first time everything is looked through, after the first frame: what is there by then
        stays, and need not be looked through again.
        """
        if not GarbageCollector._has_looked:
            GarbageCollector._has_looked = True
            if not gc.get_freeze_count():
                gc.collect()
                gc.freeze()
                GarbageCollector._has_frozen = True
                return
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return


def _let_python_collect() -> None:
    """Note that a window is gone."""
    GarbageCollector._windows -= 1  # noqa: SLF001
    if GarbageCollector._windows:  # noqa: SLF001
        return
    if GarbageCollector._has_frozen:  # noqa: SLF001
        GarbageCollector._has_frozen = False  # noqa: SLF001
        gc.unfreeze()
    if GarbageCollector._was_enabled:  # noqa: SLF001
        gc.enable()
