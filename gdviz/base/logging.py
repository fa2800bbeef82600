"""The program's log: a file in the place that the system has for it, where what goes wrong is told.

Whoever starts the program calls :func:`start_log`; all others write to
``logging.getLogger(__name__)``, and nothing comes of that where nobody has started a log.
"""

import logging
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

#: What may be asked to be told, from most to least.
LEVELS = ("debug", "info", "warning", "error")
#: Bytes of a file, and how many older ones are kept.
_MOST, _KEPT = 500_000, 2

_ROOT = logging.getLogger("gdviz")
_ROOT.addHandler(logging.NullHandler())  # else Python prints tracebacks on standard error


def log_path() -> Path:
    """Return the log's file: that of the environment's ``GDVIZ_LOG``, else the system's place."""
    if name := os.environ.get("GDVIZ_LOG"):
        return Path(name)
    import platformdirs  # a command that logs nothing need not wait for it

    return Path(platformdirs.user_log_dir("gdviz", appauthor=False)) / "gdviz.log"


def start_log(level: str = "warning") -> None:
    """Write what is told from a level on to the log's file, which is made with the first line.

    Parameters
    ----------
    level : {"debug", "info", "warning", "error"}, default "warning"
        The least that is written.
    """
    for handler in _ROOT.handlers:
        if isinstance(handler, _File):
            _ROOT.removeHandler(handler)
            handler.close()
    handler = _File(log_path(), maxBytes=_MOST, backupCount=_KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    _ROOT.addHandler(handler)
    _ROOT.setLevel(level.upper())
    _ROOT.info("gdviz is started on Python %s, %s", sys.version.split()[0], sys.platform)


class _File(RotatingFileHandler):
    """A log that nothing comes of where it cannot be written: the program goes on without."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, _record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Leave it: there is no other place to tell it."""

    def close(self) -> None:
        """Close the file; what a full disk has not taken is lost."""
        with suppress(OSError):
            super().close()
