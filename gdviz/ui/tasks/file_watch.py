"""Tells when a Python file was saved."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from gdviz.base.files import file_type, read_file
from gdviz.engine.objectives.code_ref import Code
from gdviz.ui.tasks.task import Job, Task

_MOST = 1_000_001  #: bytes that are looked at: more is not opened
_PAUSE = 200  #: milliseconds without a change: an editor writes in pieces


def digest_of(_job: Job, path: Path) -> str | None:
    """Return the digest of what a file holds; None where there is none that can be read."""
    if file_type(path) != "file":  # a pipe would be waited for
        return None
    import hashlib  # with all of OpenSSL, for which the first frame would wait

    try:
        return hashlib.sha256(read_file(path, _MOST)).hexdigest()
    except OSError:
        return None  # gone for a moment: the folder tells when it is back


class CodeWatch(QObject):
    """Watches one file, also through editors that replace it by another of the same name.

    The folder is watched as well: a file that was replaced is lost to the watcher, and one that is
    deleted may come again. What counts is whether the content is another.

    Attributes
    ----------
    saved : Signal()
        The file holds something else than before.
    """

    saved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._code: Code | None = None
        self._path: Path | None = None
        self._digest = ""
        self._is_watched = False
        self._watcher = QFileSystemWatcher(self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._look)
        self._watcher.fileChanged.connect(self._wait)
        self._watcher.directoryChanged.connect(self._wait)
        self._task = Task(
            digest_of, self._take, lambda _error: None, waits_for_drive=True, parent=self
        )

    def watch(self, code: Code | None) -> None:
        """Watch the file of some code, as it was opened; or none."""
        if code == self._code:
            return
        self._code = code
        path = Path(code.path) if code is not None else None
        self._digest = code.digest if code is not None else ""
        if path == self._path:
            return
        if watched := [*self._watcher.files(), *self._watcher.directories()]:
            self._watcher.removePaths(watched)
        self._path, self._is_watched = path, False
        self._pause.stop()
        self._task.abandon()  # the drive of the file before may never answer
        if path is not None:
            self._task.request(path)

    def stop(self) -> None:
        """Watch nothing any more."""
        self.watch(None)

    def _wait(self, _path: str) -> None:
        self._pause.start()

    def _look(self) -> None:
        if self._path is not None:
            self._task.request(self._path)

    def _take(self, digest: str | None) -> None:
        path = self._path
        if path is None:
            return
        # The watcher asks the drive in this thread: not before it has answered.
        is_first, self._is_watched = not self._is_watched, True
        if is_first:
            self._watcher.addPath(str(path.parent))
        if digest is not None and str(path) not in self._watcher.files():
            self._watcher.addPath(str(path))
        if is_first:
            self._look()  # it may have been saved before it was watched
        elif digest not in (None, self._digest):
            self._digest = digest
            self.saved.emit()
