"""Start the window and run it."""

import sys
from functools import partial
from pathlib import Path
from types import TracebackType

import pyqtgraph as pg
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from gdviz import __version__
from gdviz.experiment.model import Experiment
from gdviz.ui.store.file import File
from gdviz.ui.window.garbage import GarbageCollector
from gdviz.ui.window.main_window import MainWindow
from gdviz.ui.window.settings import last_experiment
from gdviz.ui.window.theme_choice import Theming


def run(experiment: Experiment | None = None, path: Path | None = None) -> int:
    """Open the window and return its exit code when it is closed.

    Parameters
    ----------
    experiment : Experiment, optional
        What to show; None is the experiment of the last time, or of the first start.
    path : Path, optional
        The file that `experiment` came from, if it is unchanged; without one the window opens it.
    """
    app = QApplication(sys.argv[:1])
    collector = GarbageCollector()
    app.setApplicationName("gdviz")
    app.setOrganizationName("gdviz")
    app.setApplicationVersion(__version__)
    pg.setConfigOptions(antialias=True, imageAxisOrder="row-major")
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gdviz", "gdviz")
    first = experiment or last_experiment(settings)
    left = first if experiment is None and first.function.code is not None else None
    theming = Theming(app, settings)
    window = MainWindow(Experiment() if left else first, settings, theming)
    if experiment is not None and path is not None:
        window.documents.set_file(File(path, experiment))
        window.opening.recent.add(path)
    reporter = _Reporter(window)
    sys.excepthook = reporter.report
    if left is not None:
        window.opening.leave(left)
    window.show()
    if path is not None and experiment is None:
        later = partial(window.opening.open_path, path)
        QTimer.singleShot(0, window, later)  # what it asks, it asks on top of a window
    code = app.exec()
    collector.stop()
    sys.excepthook = sys.__excepthook__
    return code


class _Reporter:
    """Turns an exception that reached Qt into a sentence; the window goes on."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def report(
        self, kind: type[BaseException], error: BaseException, _traceback: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._window.close()
            return
        sentence = f"Something went wrong inside ({kind.__name__}: {error})"
        print(f"gdviz: {sentence}", file=sys.stderr)  # noqa: T201
        self._window.map_strip.say(sentence)
