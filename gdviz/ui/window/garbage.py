"""Garbage is collected in the GUI thread, between two events."""

import gc
import sys

from PySide6.QtCore import QObject, QTimer

#: Milliseconds between two looks at how much there is. In half a second ten formulas are typeset,
#: which leave 40,000 objects, and 0.05 s to collect them.
_INTERVAL = 100
#: Modules whose objects are few enough to be looked through with the others: some 10,000.
_FEW_MODULES = 100


class GarbageCollector(QObject):
    """Takes the automatic collection's place for as long as a window lives, closed or not.

    Python collects in whatever thread happens to allocate. A background task would then destroy
    widgets, which only the GUI thread may; and inside ``connect()``, which holds a lock of PySide
    that the destruction of a QObject waits for, the program would wait for itself.

    What has been imported is never looked through: it stays, and to look through the modules at
    the start takes 0.08 s, through SymPy's another 0.04. It is set aside, with what else there is
    at that moment, as soon as there are many more modules.

    Parameters
    ----------
    window : QObject
        The window, also one within another program. With the last one Python collects again.
    """

    _windows = 0  #: how many there are
    _was_enabled = True  #: whether Python collected by itself before the first one
    _modules: int | None = 0  #: those set aside; None where that is another program's business
    _has_frozen = False

    def __init__(self, window: QObject) -> None:
        super().__init__(window)
        if not GarbageCollector._windows:
            GarbageCollector._was_enabled = gc.isenabled()
            GarbageCollector._modules = 0
        GarbageCollector._windows += 1
        gc.disable()
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()
        # From when events are handled: it takes long to make a window.
        QTimer.singleShot(0, self._timer, self._timer.start)
        self.destroyed.connect(_let_python_collect)

    def collect_if_due(self) -> None:
        """Collect the oldest generation that Python itself would have by now."""
        if _set_imports_aside():
            return
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return


def _set_imports_aside() -> bool:
    """Freeze what there is if many modules have come since the last time; tell whether."""
    known, there = GarbageCollector._modules, len(sys.modules)  # noqa: SLF001
    if known is None or there - known < _FEW_MODULES:
        return False
    if known == 0 and gc.get_freeze_count():  # which takes milliseconds, where there are many
        GarbageCollector._modules = None  # noqa: SLF001
        return False
    gc.freeze()
    GarbageCollector._modules, GarbageCollector._has_frozen = there, True  # noqa: SLF001
    return True


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
