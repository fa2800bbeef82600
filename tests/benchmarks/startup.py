"""Time to the first painted frame, against a bare pyqtgraph window in the same interpreter.

Left as they are: 81 dataclasses, which make their methods from text, are a seventeenth of the
processor time until then, and the language's regular expressions a fiftieth.
"""

import os
import subprocess
import sys
import tempfile

from tests.benchmarks.harness import Result, quartiles

ROUNDS = 9

# Both print the seconds from before the first import to the end of the first paint.
_CLOCK = """
import sys, time
begin = time.perf_counter()
def watch(app, window, painted):
    from PySide6.QtCore import QEvent, QObject, QTimer
    class First(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint and watched is painted:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, self.done)
            return False
        def done(self):
            print(time.perf_counter() - begin, flush=True)
            window.close()
            app.quit()
    window._first = First()
    painted.installEventFilter(window._first)
"""
_BARE = (
    _CLOCK
    + """
import pyqtgraph as pg
app = pg.mkQApp()
window = pg.PlotWidget()
window.plot([0.0, 1.0, 2.0])
window.resize(1280, 800)
watch(app, window, window.viewport())
window.show()
app.exec()
"""
)
# As the program is started: by the command line, which is imported as well.
_OURS = (
    _CLOCK
    + """
import gdviz.cli.main
from PySide6.QtWidgets import QApplication
execute = QApplication.exec
def watched(app):
    (window,) = (w for w in app.topLevelWidgets() if w.isVisible())
    watch(app, window, window)
    return execute()
QApplication.exec = watched
gdviz.cli.main.main([])
"""
)


def first_frame() -> list[Result]:
    """(e) Time to the first painted frame."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as bytecode:
        for k in range(ROUNDS + 1):
            for code, times in ((_OURS, ours), (_BARE, theirs)):
                seconds = _run(code, bytecode)
                if k:  # the first round compiles, as an installation does, and fills the file cache
                    times.append(seconds)
    return [
        Result("(e) first painted frame", "bare pyqtgraph window", quartiles(ours),
               quartiles(theirs), "s", 2, faster=False)
    ]  # fmt: skip


def _run(code: str, bytecode: str) -> float:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60,
            env={**kept, "PYTHONPYCACHEPREFIX": bytecode, "XDG_CONFIG_HOME": folder,
                 "APPDATA": folder},
        )  # fmt: skip
    return float(done.stdout.splitlines()[0])
