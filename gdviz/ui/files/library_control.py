"""The personal library in the window: what is asked of it is done here, and said in a sentence.

Its file is read and written in the background: five hundred formulas take 0.2 s to check.
"""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.base.files import stamp
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.library import Entry, Library, LibraryError
from gdviz.experiment.validation import ExperimentError
from gdviz.ui.files.save_dialog import ask_path
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Newer, Task
from gdviz.ui.toolkit.widgets.message_label import as_sentence

_FILES = "gdviz formulas (*.json);;All files (*)"


class Done(NamedTuple):
    """What became of a call, and the library after it.

    Attributes
    ----------
    result : object
        What the function returned.
    stamp : (int, int) or None
        Of the file, as it was read.
    titles : tuple of str
        Those of the formulas in it.
    """

    result: Any
    stamp: tuple[int, int] | None
    titles: tuple[str, ...]


class LibraryControl(QObject):
    """Keeps, opens, renames, deletes, exports and imports formulas.

    Parameters
    ----------
    path : Path
        The library's file.
    window : QWidget
        The dialogs' parent.

    Attributes
    ----------
    chosen : Signal(Experiment)
        On a formula of the library, or with the title that it is kept under.
    titles_changed : Signal(tuple of str)
        There are other formulas.
    said : Signal(str)
        What became of it.
    refused : Signal(str)
        Why nothing did.
    lost : Signal(str)
        A formula was deleted or written over: a sentence; `restore` brings it back.
    """

    chosen = Signal(object)
    titles_changed = Signal(tuple)
    said = Signal(str)
    refused = Signal(str)
    lost = Signal(str)

    def __init__(self, path: Path, window: QWidget) -> None:
        super().__init__(window)
        self._library = Library(path)
        self._window = window
        self._experiment = Experiment()
        self._titles: tuple[str, ...] | None = None
        self._stamp: tuple[int, int] | None = None  # of the file, as it was last read
        self._lost: tuple[Entry, int] | None = None
        self._then: deque[Callable[[Any], None]] = deque()  # for each call that is not done
        self._task = Task(_call, self._take, self._fail, newer=Newer.QUEUES, parent=self)

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles, as they were last read."""
        return self._titles or ()

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what would be saved."""
        self._experiment = experiment

    def is_busy(self) -> bool:
        """Return whether something that was asked for is still to be done."""
        return self._task.is_running()

    def refresh(self) -> None:
        """Read the titles again; another window may have changed them."""
        self._ask(lambda _entries: None, Library.read)

    def refresh_if_changed(self) -> None:
        """Read the titles again if the file is another than was last read."""
        if stamp(self._library.path) != self._stamp:
            self.refresh()

    def open(self, title: str) -> None:
        """Show a formula of the library."""

        def show(entries: tuple[Entry, ...]) -> None:
            for entry in entries:
                if entry.title == title:
                    self.chosen.emit(entry.on(self._experiment))
                    return
            raise LibraryError(f"there is no formula {title} in the library any more")

        self._ask(show, Library.read)

    def save(self, title: str) -> None:
        """Keep the formula that is shown under a title."""
        if not title.strip():
            self.refused.emit("Enter a title first: the formula is kept under it.")
            return
        if not self._experiment.function.text:
            self.refused.emit("What is on the map is not a formula, so it cannot be kept here.")
            return
        experiment = self._experiment
        # Only the formula whose title this one has is written over, and can be brought back.
        is_same = title.strip() == experiment.function.title

        def say(saved: tuple[Entry, Entry | None]) -> None:
            entry, before = saved
            self._retitle(experiment, entry)
            if is_same and before not in (None, entry):
                self._lost = before, len(self.titles)
                self.lost.emit(f"Replaced the earlier {entry.title}.")
            else:
                self.said.emit(f"Saved as {entry.title}.")

        self._ask(say, _save, experiment, title.strip(), is_same)

    def rename(self, title: str) -> None:
        """Give the formula that is shown another title in the library."""
        if title.strip() == self._experiment.function.title:
            self.refused.emit("Enter the new title in the field first.")
            return

        experiment = self._experiment

        def say(entry: Entry) -> None:
            self._retitle(experiment, entry)
            self.said.emit(f"Renamed to {entry.title}.")

        self._ask(say, Library.rename, experiment.function.title, title)

    def delete(self) -> None:
        """Take the formula that is shown out of the library."""

        def say(lost: tuple[Entry, int]) -> None:
            self._lost = lost
            self.lost.emit(f"Deleted {lost[0].title} from the library.")

        self._ask(say, Library.delete, self._experiment.function.title)

    def restore(self) -> None:
        """Bring back what was deleted last."""

        def say(entry: Entry) -> None:
            self._lost = None
            self.said.emit(f"{entry.title} is in the library again.")

        if self._lost is not None:
            self._ask(say, Library.restore, *self._lost)

    def export(self) -> None:
        """Write the formula that is shown to a file."""
        self._export([self._experiment.function.title], self._experiment.function.title)

    def export_all(self) -> None:
        """Write all formulas to a file."""
        self._export([], "formulas")

    def take(self) -> None:
        """Ask for a file, and add its formulas."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Import formulas", str(Path.home()), _FILES
        )
        if not name:
            return
        path = Path(name)

        def say(added: list[str]) -> None:
            if added:
                self.said.emit(f"Added {', '.join(added[:3])}{' and others' * (len(added) > 3)}.")
            else:
                self.said.emit(f"All formulas of {path.name} are already here.")

        self._ask(say, Library.take, path)

    def _export(self, titles: list[str], stem: str) -> None:
        safe = "".join(c if c.isalnum() or c in "-_" else "-" for c in stem)
        suggestion = Path.home() / f"{safe}.json"
        path = ask_path(self._window, "Export formulas", suggestion, _FILES, ".json")
        if path is None:
            return

        def say(count: int) -> None:
            self.said.emit(f"Exported {count} formula{'s' * (count != 1)} to {path.name}.")

        self._ask(say, Library.hand_out, path, titles)

    def _retitle(self, kept: Experiment, entry: Entry) -> None:
        """Give what was kept the title that it is kept under, unless something else is shown."""
        experiment = self._experiment
        now, then = experiment.function, kept.function
        if (now.text, now.title) != (then.text, then.title):  # its range may have been guessed
            return
        if experiment.function.surface is not None:  # a built-in surface
            experiment = entry.on(experiment).replace(start=experiment.start)
        self.chosen.emit(experiment.replace(title=entry.title))

    # ---------------------------------------------------------------- calls, one after the other

    def _ask(
        self, then: Callable[[Any], None], function: Callable[..., Any], *arguments: Any
    ) -> None:
        self._then.append(then)
        self._task.request(function, self._library, *arguments)

    def _take(self, done: Done) -> None:
        then = self._then.popleft()
        self._stamp = done.stamp
        if done.titles != self._titles:
            self._titles = done.titles
            self.titles_changed.emit(done.titles)
        try:
            then(done.result)
        except (LibraryError, ExperimentError) as error:
            self._refuse(error)

    def _fail(self, error: Exception) -> None:
        self._then.popleft()
        self._refuse(error)

    def _refuse(self, error: Exception) -> None:
        text = (
            error.message if isinstance(error, ExperimentError) else failure(error, "The library")
        )
        self.refused.emit(as_sentence(text))


# In the background.


def _call(_job: Job, function: Callable[..., Any], library: Library, *arguments: Any) -> Done:
    """Call a function of the library; it is finished also where the window closes meanwhile."""
    result = function(library, *arguments)
    read = stamp(library.path)
    return Done(result, read, tuple(entry.title for entry in library.read()))


def _save(
    library: Library, experiment: Experiment, title: str, is_same: bool
) -> tuple[Entry, Entry | None]:
    """Keep a formula; return it, and what was under its title before."""
    before = {kept.title: kept for kept in library.read()}.get(title)
    entry = library.save(Entry.of(experiment, title), replacing=title if is_same else "")
    return entry, before
