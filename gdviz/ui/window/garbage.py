"""Garbage is collected in the GUI thread, between two events."""

import gc

from PySide6.QtCore import QObject, QTimer

#: Milliseconds between two looks at how much there is.
_INTERVAL = 500


class GarbageCollector(QObject):
    """Takes the automatic collection's place.

    Python collects in whatever thread happens to allocate. A worker would then destroy widgets,
    which only the GUI thread may; and inside ``connect()``, which holds a lock of PySide that the
    destruction of a QObject waits for, the program would wait for itself.

    Parameters
    ----------
    parent : QObject, optional
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()

    def collect_if_due(self) -> None:
        """Collect the oldest generation that Python itself would have by now.

        The first time everything is looked through, after the first frame: what is there by then
        stays, and need not be looked through again.
        """
        if not gc.get_freeze_count():
            gc.collect()
            gc.freeze()
            return
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
