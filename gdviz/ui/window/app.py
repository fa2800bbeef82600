"""Start the window and run it."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import FrameType, TracebackType

import pyqtgraph as pg
from PySide6.QtCore import (
    QMessageLogContext,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from gdviz import __version__
from gdviz.base.format import printable
from gdviz.base.logging import log_path
from gdviz.base.memory import give_back_free_pieces, give_back_freed_memory
from gdviz.engine.objectives.code_ref import CodeRunner
from gdviz.experiment.experiment import Experiment
from gdviz.ui.store.file import File
from gdviz.ui.store.untitled import last_experiment, waiting_experiment
from gdviz.ui.tasks.task import is_anything_left
from gdviz.ui.toolkit.screens import ScreenWatch, fit_to_screen
from gdviz.ui.toolkit.settings_file import Settings, settings_path
from gdviz.ui.toolkit.widgets.message_label import as_sentence
from gdviz.ui.window.main_window import MainWindow
from gdviz.ui.window.theme_choice import ThemeChoice

logger = logging.getLogger(__name__)

#: What a session that ends, or a terminal that is closed, sends; Windows has the first alone.
_ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
}
#: Milliseconds between two times that free memory is given back.
_GIVE_BACK_MS = 60_000


def run(
    experiment: Experiment | None = None,
    path: Path | None = None,
    runner: CodeRunner | None = None,
    notes: Sequence[str] = (),
) -> int:
    """Open the window and return its exit code when it is closed.

    Parameters
    ----------
    experiment : Experiment, optional
        What to show; None is the experiment of the last time, or of the first start.
    path : Path, optional
        The file that `experiment` came from, if it is unchanged; without one the window opens it.
    runner : CodeRunner, optional
        What runs the code of `experiment`, if it is code.
    notes : sequence of str, default ()
        What the reader of a file had to say of it.
    """
    give_back_freed_memory()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("gdviz")
    app.setDesktopFileName("gdviz")  # by which a desktop finds its name and icon
    app.setOrganizationName("gdviz")
    app.setApplicationVersion(__version__)
    pg.setConfigOptions(antialias=True, imageAxisOrder="row-major")
    settings = Settings(settings_path())
    first = experiment or last_experiment(settings)
    left = first if experiment is None and first.function.code is not None else None
    theming = ThemeChoice(app, settings)
    window = MainWindow(Experiment() if left else first, settings, theming, runner=runner)
    if experiment is not None and path is not None:
        window.documents.set_file(File.of(path, experiment))
        window.opening.recent.add(path)
    elif experiment is not None and experiment.function.data is not None:
        window.show_data(experiment, " ".join(map(as_sentence, notes)))
    elif experiment is not None:
        window.opening.keep_notes(experiment, notes)
    elif left is None:
        window.documents.go_on_with(first)
    reporter = _Reporter(window)
    sys.excepthook = reporter.report
    threading.excepthook = _log_thread
    sys.unraisablehook = _log_unraisable
    qInstallMessageHandler(_log_qt)
    if left is not None:
        window.history.stand_in()
        window.opening.leave(left)
    waiting = waiting_experiment(settings) if (experiment, path) == (None, None) else ""
    is_first = settings.value("view/show_right") is None
    fit_to_screen(window, window.menus[window.places.show_right] if is_first else None)
    window.show()
    ScreenWatch(window)
    if path is not None and experiment is None:
        window.history.stand_in()
        later = partial(window.opening.open_path, path)
        QTimer.singleShot(0, window, later)  # what it asks, it asks on top of a window
    elif waiting:
        window.history.stand_in()
        QTimer.singleShot(0, window, partial(window.opening.open_last, waiting))
    memory = QTimer(window, interval=_GIVE_BACK_MS)
    memory.timeout.connect(give_back_free_pieces)
    memory.start()
    # Windows ends a session without closing windows.
    app.commitDataRequest.connect(window.remember)
    before = {number: signal.signal(number, _close) for number in _ENDING}
    code = app.exec()
    for number, handler in before.items():
        signal.signal(number, handler)
    qInstallMessageHandler(None)
    sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
    sys.unraisablehook = sys.__unraisablehook__
    if is_anything_left():
        _leave(code)
    return code


def _leave(code: int) -> None:
    """End the process without its threads, of which one hangs.

    Temporary files of what it was writing are removed when something else is written beside them.
    """
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # as under Windows without a console
            stream.flush()
    os._exit(code)


def _close(_number: int, _frame: FrameType | None) -> None:
    """Close as the window's button does; Python calls this at the next event, whichever it is."""
    QTimer.singleShot(0, _close_unasked)


def _close_unasked() -> None:
    """Close, and ask nobody: whoever ends a session, or a program, waits for no answer."""
    for window in QApplication.topLevelWidgets():
        if isinstance(window, MainWindow):
            window.documents.asks = False
    QApplication.closeAllWindows()


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Write down what Qt has to say."""
    logger.log(_QT_LEVELS.get(kind, logging.ERROR), "Qt, %s: %s", context.category, message)


def _log_thread(failed: "threading.ExceptHookArgs") -> None:
    """Write down an exception that ended a thread."""
    logger.error("a thread failed", exc_info=failed.exc_value)


def _log_unraisable(failed: "sys.UnraisableHookArgs") -> None:
    """Write down an exception that could not be raised, as in a destructor."""
    logger.error("%s", failed.err_msg or "unraisable", exc_info=failed.exc_value)


class _Reporter:
    """Turns an exception that reached Qt into a sentence; the window goes on."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def report(
        self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            _close_unasked()
            return
        logger.critical("something went wrong inside", exc_info=(kind, error, traceback))
        sentence = f"Something went wrong inside ({kind.__name__}: {error})"
        print(printable(f"gdviz: {sentence}; see {log_path()}"), file=sys.stderr)  # noqa: T201
        self._window.map_strip.say(f"{sentence}. See Help ▸ Open Log.")
