"""Tells when a Python file was saved."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from gdviz.base.files import file_type, read_file
from gdviz.engine.objectives.code_ref import Code

_MOST = 1_000_001  #: bytes that are looked at: more is not opened
_PAUSE = 200  #: milliseconds without a change: an editor writes in pieces


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
        self._watcher = QFileSystemWatcher(self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._look)
        self._watcher.fileChanged.connect(self._wait)
        self._watcher.directoryChanged.connect(self._wait)

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
        self._path = path
        self._pause.stop()
        if path is not None:
            self._watcher.addPath(str(path.parent))
            self._add()

    def stop(self) -> None:
        """Watch nothing any more."""
        self.watch(None)

    def _wait(self, _path: str) -> None:
        self._pause.start()

    def _add(self) -> None:
        path = self._path
        if (
            path is not None
            and file_type(path) == "file"
            and str(path) not in self._watcher.files()
        ):
            self._watcher.addPath(str(path))

    def _look(self) -> None:
        if self._path is None:
            return
        self._add()
        import hashlib  # with all of OpenSSL, for which the first frame would wait

        try:
            digest = hashlib.sha256(read_file(self._path, _MOST)).hexdigest()
        except OSError:
            return  # gone for a moment: the folder tells when it is back
        if digest != self._digest:
            self._digest = digest
            self.saved.emit()
