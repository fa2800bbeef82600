"""The questions before an experiment is left: what becomes of changes, and of what is written."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtWidgets import QWidget

from gdviz.base.files import shown
from gdviz.experiment.experiment import Experiment
from gdviz.ui.files.save_dialog import Answer, ask_about_untitled, ask_to_save, ask_to_wait
from gdviz.ui.store.file import File
from gdviz.ui.store.save_queue import SaveQueue
from gdviz.ui.store.untitled import Untitled
from gdviz.ui.tasks.task import Task

#: Seconds for which what is being saved is waited for without a word.
_MOMENT = 0.1

_SAVING = "Saving {} …\n\nDiscard goes on without saving it; Cancel stays here."
_EXPORTING = "What is exported is being written …\n\nDiscard closes without it; Cancel stays here."


class Saver(Protocol):
    """Who saves the experiment."""

    asks: bool
    file: File

    def save(self, experiment: Experiment) -> None: ...


class Leaving:
    """Asks before an experiment is left, and waits for what is being written.

    Parameters
    ----------
    window : QWidget
        The dialogs' parent.
    documents : Saver
        Who saves, knows the experiment's file, and whether anybody is there to be asked.
    untitled : Untitled
        Where an experiment without a file is kept.
    saves : SaveQueue
        What is being saved.
    exports : sequence of Task
        What else is being written.

    Attributes
    ----------
    was_refused : bool
        Whether what was written last was not, of which the person has been told.
    """

    def __init__(
        self,
        window: QWidget,
        documents: Saver,
        untitled: Untitled,
        saves: SaveQueue,
        exports: Sequence[Task],
    ) -> None:
        self._window, self._documents, self._untitled = window, documents, untitled
        self._saves, self._exports = saves, exports
        self._is_discarded = False  # by whoever closes the window
        self.was_refused = False

    def may_leave(
        self, experiment: Experiment, *, closes: bool = False, of_file_only: bool = False
    ) -> bool:
        """Ask what becomes of changes that are not saved; return whether to go on.

        What is being saved is waited for.

        Parameters
        ----------
        experiment : Experiment
            What is shown.
        closes : bool, default False
            Whether the window is to be closed: what belongs to no file can be kept then.
        of_file_only : bool, default False
            Whether only changes to a file are asked about; undo brings others back.
        """
        if (answer := self._await_saves()) != "save":
            return answer == "discard"
        answer = self._ask(experiment, closes, of_file_only)
        if answer == "save":
            self._documents.save(experiment)
            answer = self._await_saves()
            return answer == "discard" or not self._documents.file.is_modified(experiment)
        self._is_discarded = closes and answer == "discard"
        return answer != "cancel"

    def _ask(self, experiment: Experiment, closes: bool, of_file_only: bool) -> Answer:
        """Ask what becomes of an experiment; it is kept where there is nothing to ask."""
        if not (self._documents.asks and self._documents.file.is_modified(experiment)):
            return "keep"
        if self._documents.file.path is not None:
            return ask_to_save(self._window, self._documents.file.path)
        place = None if of_file_only else self._untitled.question(experiment, closes=closes)
        if place is None:
            return "keep"
        answer, is_last = ask_about_untitled(self._window, place)
        if is_last and answer != "cancel":
            self._untitled.set_asks(False)
        return answer

    def keep(self, experiment: Experiment) -> None:
        """Keep an experiment for the next launch, without changes that were discarded."""
        if self._is_discarded:
            experiment = self._documents.file.saved or Experiment()
        self._untitled.write(experiment, self._documents.file.is_modified(experiment))

    def may_close(self, experiment: Experiment) -> bool:
        """Ask as before an experiment is left, and wait for what is exported as well."""
        may_close = self.may_leave(experiment, closes=True) and self._await_exports()
        self._is_discarded &= may_close  # who stays has everything
        return may_close

    def _await_exports(self) -> bool:
        """Wait as for what is being saved; tell whether all was written, or is not wanted."""
        self.was_refused = False
        for task in self._exports:
            if self._documents.asks and task.is_running():
                task.wait(_MOMENT)
            while self._documents.asks and task.is_running():
                answer = ask_to_wait(self._window, _EXPORTING, task.ended)
                if answer == "cancel":
                    return False
                if answer == "discard":
                    task.abandon()
        return not self.was_refused

    def _await_saves(self) -> Answer:
        """Wait for what is being saved, at last with a dialog; without anybody there not at all."""
        self.was_refused = False
        if self._documents.asks:
            self._saves.wait(_MOMENT)
        while self._documents.asks and (path := self._saves.path()) is not None:
            sentence = _SAVING.format(shown(path.name))
            answer = ask_to_wait(self._window, sentence, self._saves.ended)
            if answer == "discard":
                self._saves.give_up()
            if answer != "save":
                return answer
        return "cancel" if self.was_refused else "save"
