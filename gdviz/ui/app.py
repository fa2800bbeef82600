"""Start the window and run it."""

import sys
from pathlib import Path
from types import TracebackType

import pyqtgraph as pg
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from gdviz import __version__
from gdviz.experiment import Experiment, ExperimentError
from gdviz.experiment_file import from_json
from gdviz.ui.documents import File
from gdviz.ui.garbage import GarbageCollector
from gdviz.ui.main_window import MainWindow
from gdviz.ui.theming import Theming


def run(experiment: Experiment | None = None, path: Path | None = None) -> int:
    """Open the window and return its exit code when it is closed.

    Parameters
    ----------
    experiment : Experiment, optional
        What to show; None is the experiment of the last time, or of the first start.
    path : Path, optional
        The file that `experiment` came from, if it is unchanged.
    """
    app = QApplication(sys.argv[:1])
    app.setApplicationName("gdviz")
    app.setOrganizationName("gdviz")
    app.setApplicationVersion(__version__)
    pg.setConfigOptions(antialias=True, imageAxisOrder="row-major")
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gdviz", "gdviz")
    window = MainWindow(experiment or last_experiment(settings), settings, Theming(app, settings))
    if path is not None:
        window.documents.set_file(File(path, experiment))
    reporter = _Reporter(window)
    sys.excepthook = reporter.report
    window.show()
    collector = GarbageCollector()
    code = app.exec()
    collector.stop()
    sys.excepthook = sys.__excepthook__
    return code


def last_experiment(settings: QSettings) -> Experiment:
    """Return the experiment of the last time; that of the first start if there is none."""
    text = settings.value("experiment")
    if isinstance(text, str):
        try:
            return from_json(text)
        except ExperimentError:
            pass  # written by another version: the settings are ours, and nobody's work
    return Experiment()


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
