"""Experiments go to their files in the background, one after the other."""

from collections import deque
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import save
from gdviz.ui.store.file import File
from gdviz.ui.tasks.task import Job, Newer, Task


class Saving(NamedTuple):
    """What is to be written.

    Attributes
    ----------
    file : File
        The file that the experiment belongs to, which follows once it is written.
    path : Path
        Where it goes.
    experiment : Experiment
        The experiment, as it was when that was asked for.
    is_known : bool
        Whether `path` is to hold what was last read or written there: nobody was asked about it.
    """

    file: File
    path: Path
    experiment: Experiment
    is_known: bool = False


class SaveQueue(QObject):
    """Writes experiments; of those that wait for the same file only the newest is written.

    Attributes
    ----------
    saved : Signal(Saving)
        It is written, and its file knows.
    refused : Signal(Saving, Exception)
        It was not written: OSError, or what :func:`~gdviz.experiment.json_file.save` raises.
    unknown : Signal(Saving)
        It was not written, as the file has changed meanwhile.
    ended : Signal()
        Nothing is being written any more; it comes before word of the last one.
    busy_changed : Signal(bool)
        Writing takes long, or no longer does.
    """

    saved = Signal(object)
    refused = Signal(object, object)
    unknown = Signal(object)
    ended = Signal()
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: deque[Saving] = deque()  # the first of them is being written
        self._task = Task(_write, self._take, self._fail, newer=Newer.QUEUES, parent=self)
        self._task.busy_changed.connect(self.busy_changed)

    def request(self, saving: Saving) -> None:
        """Write an experiment as soon as those before it are written."""
        last = self._queue[-1] if len(self._queue) > 1 else None
        if last is not None and last[:2] == saving[:2]:
            self._queue[-1] = saving._replace(is_known=last.is_known and saving.is_known)
            return
        self._queue.append(saving)
        if len(self._queue) == 1:
            self._begin()

    def is_running(self) -> bool:
        """Return whether anything is being written, or waits for that."""
        return bool(self._queue)

    def path(self, file: File | None = None) -> Path | None:
        """Return where what is being written goes, or last the experiment of a file."""
        paths = [saving.path for saving in self._queue if file in (None, saving.file)]
        return paths[0 if file is None else -1] if paths else None

    def wait(self, seconds: float | None = None) -> None:
        """Block until everything is written, or until what is being written takes too long.

        Parameters
        ----------
        seconds : float, optional
            For which one of them is waited for; without, however long it takes.
        """
        while (first := self._first()) is not None:
            self._task.wait(seconds)
            if self._first() is first:
                return

    def give_up(self) -> None:
        """Write nothing more, as far as it is not too late; what hangs is not waited for."""
        self._queue.clear()
        self._task.abandon()
        self.ended.emit()

    def _first(self) -> Saving | None:
        return self._queue[0] if self._queue else None

    def _begin(self) -> None:
        saving = self._queue[0]
        # A file is of the window's thread: what it knows by now is handed over.
        self._task.request(saving, File(saving.file.path, saving.file.saved))

    def _go_on(self) -> Saving:
        """Begin what waits, and return what is over."""
        saving = self._queue.popleft()
        if self._queue:
            self._begin()
        else:
            self.ended.emit()
        return saving

    def _take(self, is_written: bool) -> None:
        if is_written:
            saving = self._queue[0]
            saving.file.path, saving.file.saved = saving.path, saving.experiment
            self.saved.emit(self._go_on())
        else:
            self.unknown.emit(self._go_on())

    def _fail(self, error: Exception) -> None:
        self.refused.emit(self._go_on(), error)


def _write(job: Job, saving: Saving, file: File) -> bool:
    """Write an experiment, unless its file has changed; in the background."""
    if saving.is_known and not file.is_ours():
        return False
    save(saving.experiment, saving.path, job.cancelled)
    return True
