"""The personal library in the window: what is asked of it is done here, and said in a sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.base.files import stamp
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.library import Entry, Library, LibraryError
from gdviz.experiment.validation import ExperimentError
from gdviz.ui.files.save_dialog import ask_path

_FILES = "gdviz formulas (*.json);;All files (*)"


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

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles, as they were last read."""
        return self._titles or ()

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what would be saved."""
        self._experiment = experiment

    def refresh(self) -> None:
        """Read the titles again; another window may have changed them."""
        self._guarded(self._read)

    def refresh_if_changed(self) -> None:
        """Read the titles again if the file is another than was last read."""
        if stamp(self._library.path) != self._stamp:
            self.refresh()

    def open(self, title: str) -> None:
        """Show a formula of the library."""
        self._guarded(self._open, title)

    def save(self, title: str) -> None:
        """Keep the formula that is shown under a title."""
        if not title.strip():
            self.refused.emit("Enter a title first: the formula is kept under it.")
            return
        if not self._experiment.function.text:
            self.refused.emit("What is on the map is not a formula, so it cannot be kept here.")
            return
        self._guarded(self._save, title.strip())

    def rename(self, title: str) -> None:
        """Give the formula that is shown another title in the library."""
        if title.strip() == self._experiment.function.title:
            self.refused.emit("Enter the new title in the field first.")
            return
        self._guarded(self._rename, title)

    def delete(self) -> None:
        """Take the formula that is shown out of the library."""
        self._guarded(self._delete)

    def restore(self) -> None:
        """Bring back what was deleted last."""
        if self._lost is not None:
            self._guarded(self._restore, *self._lost)

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
        if name:
            self._guarded(self._import, Path(name))

    # ---------------------------------------------------------------- what is done

    def _read(self) -> None:
        self._stamp = stamp(self._library.path)
        titles = tuple(entry.title for entry in self._library.read())
        if titles != self._titles:
            self._titles = titles
            self.titles_changed.emit(titles)

    def _open(self, title: str) -> None:
        self._read()
        for entry in self._library.read():
            if entry.title == title:
                self.chosen.emit(entry.on(self._experiment))
                return
        raise LibraryError(f"there is no formula {title} in the library any more")

    def _save(self, title: str) -> None:
        entry = Entry.of(self._experiment, title)
        before = {kept.title: kept for kept in self._library.read()}.get(title)
        # Only the formula whose title this one has is written over, and can be brought back.
        is_same = title == self._experiment.function.title
        entry = self._library.save(entry, replacing=title if is_same else "")
        self._read()
        self._retitle(entry)
        if is_same and before not in (None, entry):
            self._lost = before, len(self.titles)
            self.lost.emit(f"Replaced the earlier {entry.title}.")
        else:
            self.said.emit(f"Saved as {entry.title}.")

    def _rename(self, title: str) -> None:
        entry = self._library.rename(self._experiment.function.title, title)
        self._read()
        self._retitle(entry)
        self.said.emit(f"Renamed to {entry.title}.")

    def _delete(self) -> None:
        self._lost = self._library.delete(self._experiment.function.title)
        self._read()
        self.lost.emit(f"Deleted {self._experiment.function.title} from the library.")

    def _restore(self, lost: Entry, place: int) -> None:
        entry = self._library.restore(lost, place)
        self._lost = None
        self._read()
        self.said.emit(f"{entry.title} is in the library again.")

    def _export(self, titles: list[str], stem: str) -> None:
        safe = "".join(c if c.isalnum() or c in "-_" else "-" for c in stem)
        suggestion = Path.home() / f"{safe}.json"
        path = ask_path(self._window, "Export formulas", suggestion, _FILES, ".json")
        if path is not None:
            self._guarded(self._hand_out, path, titles)

    def _hand_out(self, path: Path, titles: list[str]) -> None:
        count = self._library.hand_out(path, titles)
        self.said.emit(f"Exported {count} formula{'s' * (count != 1)} to {path.name}.")

    def _import(self, path: Path) -> None:
        added = self._library.take(path)
        self._read()
        if added:
            self.said.emit(f"Added {', '.join(added[:3])}{' and others' * (len(added) > 3)}.")
        else:
            self.said.emit(f"All formulas of {path.name} are already here.")

    def _retitle(self, entry: Entry) -> None:
        """Give what is shown the title that it is kept under."""
        experiment = self._experiment
        if experiment.function.surface is not None:  # a built-in surface
            experiment = entry.on(experiment).replace(start=experiment.start)
        self.chosen.emit(experiment.replace(title=entry.title))

    def _guarded(self, function: Callable[..., None], *arguments: Any) -> None:
        try:
            function(*arguments)
        except LibraryError as error:
            self._refuse(str(error))
        except ExperimentError as error:
            self._refuse(error.message)

    def _refuse(self, sentence: str) -> None:
        self.refused.emit(f"{sentence[:1].upper()}{sentence[1:]}.")
