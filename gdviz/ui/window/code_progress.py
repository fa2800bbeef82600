"""How far code has come: nobody can tell how long it will take, but that something happens."""

import time

from PySide6.QtCore import QObject, QTimer

from gdviz.ui.map.strip import MapStrip
from gdviz.ui.store.store import Store
from gdviz.ui.tasks.running_code import OpenCode

_EVERY_MS = 500


class CodeProgress(QObject):
    """Counts the calls of code while the store waits for them.

    Parameters
    ----------
    store : Store
        Who has the pictures computed.
    code : OpenCode
        What was opened.
    map_strip : MapStrip
        Where the count is shown.
    parent : QObject, optional
    """

    def __init__(
        self, store: Store, code: OpenCode, map_strip: MapStrip, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store, self._code, self._map_strip = store, code, map_strip
        self._calls, self._began = 0, 0.0
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._show)
        store.busy_changed.connect(self._follow)
        store.experiment_changed.connect(self._begin)

    def _follow(self, busy: bool) -> None:
        if busy:
            self._begin()
            self._timer.start()
        else:
            self._timer.stop()
            self._map_strip.show_done("")

    def _begin(self) -> None:
        code = self._store.experiment.function.code
        self._calls = self._code.calls(code) if code is not None else 0
        self._began = time.monotonic()

    def _show(self) -> None:
        code = self._store.experiment.function.code
        if code is None:
            self._map_strip.show_done("")
            return
        # They are counted anew where it was run again meanwhile.
        calls = max(0, self._code.calls(code) - self._calls)
        word = "call" if calls == 1 else "calls"
        seconds = time.monotonic() - self._began
        self._map_strip.show_done(f"{code.name}: {calls:,} {word}, {seconds:.0f} s")
