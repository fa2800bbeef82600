"""The program's log: a file in the place that the system has for it, where what goes wrong is told.

Whoever starts the program calls :func:`start_log`; all others write to
``logging.getLogger(__name__)``, and nothing comes of that where nobody has started a log.
"""

import logging
import os
import sys
from contextlib import suppress
from pathlib import Path

from gdviz.base.format import printable_lines

#: What may be asked to be told, from most to least.
LEVELS = ("debug", "info", "warning", "error")
#: Bytes of a file, and how many older ones are kept.
_MOST, _KEPT = 500_000, 2

_ROOT = logging.getLogger("gdviz")
_ROOT.addHandler(logging.NullHandler())  # else Python prints tracebacks on standard error
#: What libraries warn of, which is nothing that the person could read.
_WARNINGS = logging.getLogger("py.warnings")


def log_path() -> Path:
    """Return the log's file: that of the environment's ``GDVIZ_LOG``, else the system's place."""
    if name := os.environ.get("GDVIZ_LOG"):
        return Path(name)
    import platformdirs  # a command that logs nothing need not wait for it

    return Path(platformdirs.user_log_dir("gdviz", appauthor=False)) / "gdviz.log"


def start_log(level: str = "warning") -> None:
    """Write what is told from a level on to the log's file, which is made with the first line.

    So are the warnings of libraries, which Python would print on standard error.

    Parameters
    ----------
    level : {"debug", "info", "warning", "error"}, default "warning"
        The least that is written.
    """
    for logger in (_ROOT, _WARNINGS):
        for handler in [each for each in logger.handlers if isinstance(each, _File)]:
            logger.removeHandler(handler)
            handler.close()
    handler = _File()
    handler.setFormatter(_Lines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for logger in (_ROOT, _WARNINGS):
        logger.addHandler(handler)
        logger.setLevel(level.upper())
    _WARNINGS.propagate = False
    logging.captureWarnings(True)
    _ROOT.info("gdviz is started on Python %s, %s", sys.version.split()[0], sys.platform)


class _Lines(logging.Formatter):
    """Lines that a terminal may show: what names and messages from outside hold is printable."""

    def format(self, record: logging.LogRecord) -> str:
        return printable_lines(super().format(record))


class _File(logging.Handler):
    """A rotating file, which is opened with the first line, and with it what that needs imported.

    Nothing comes of one that cannot be written: the program goes on without.
    """

    def __init__(self) -> None:
        super().__init__()
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; where that fails there is no other place to tell it."""
        with suppress(OSError):
            if self._file is None:
                from logging.handlers import RotatingFileHandler  # it imports sockets

                path = log_path()
                path.parent.mkdir(parents=True, exist_ok=True)
                file = RotatingFileHandler(
                    path, maxBytes=_MOST, backupCount=_KEPT, encoding="utf-8", delay=True
                )
                file.setFormatter(self.formatter)
                file.handleError = bool  # type: ignore[method-assign, assignment]
                self._file = file
            self._file.emit(record)

    def close(self) -> None:
        """Close the file; what a full disk has not taken is lost."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        super().close()
