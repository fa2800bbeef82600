"""Undo and redo over Experiments."""

import time
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from gdviz.experiment.experiment import Experiment, changed_fields
from gdviz.experiment.function import AnyFunction, FormulaFunction
from gdviz.ui.store.file import File

_LONGEST = 500  #: experiments kept; each is a few hundred bytes
_PAUSE_S = 0.7  #: changes of the same fields closer together than this are one
_WATCH_MS = 50  #: between two looks at whether a button of the mouse is still held


def _is_held() -> bool:
    return QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton


class Entry(NamedTuple):
    """An experiment, and the file it belongs to."""

    experiment: Experiment
    file: File


class History(QObject):
    """Where the person has been.

    Changes of the same fields are one step while a button of the mouse is held, however long that
    rests, and where they follow each other quickly. Each experiment keeps its file, and what is
    made of it inherits that: who undoes an opening is back at the file before, and Save writes
    there.

    Parameters
    ----------
    experiment : Experiment
        The first.
    file : File
        Its file.
    clock : callable, default time.monotonic
        Seconds.
    is_held : callable, optional
        Whether a button of the mouse is held.

    Attributes
    ----------
    changed : Signal()
        What can be undone or redone has changed.
    """

    changed = Signal()

    def __init__(
        self,
        experiment: Experiment,
        file: File,
        clock: Callable[[], float] = time.monotonic,
        is_held: Callable[[], bool] = _is_held,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._past: list[Entry] = []
        self._present = Entry(experiment, file)
        self._future: list[Entry] = []
        self._clock = clock
        self._stands_in = False  # the first: it is shown until another one is opened
        self._last_fields: frozenset[str] = frozenset()
        self._last_time = -1e9
        self._continues = False
        # Whether a button has been held since the last change. That it is let go of is looked for,
        # as a filter of all events would cost a drag more.
        self._is_held, self._held = is_held, False
        self._watch = QTimer(self, interval=_WATCH_MS)
        self._watch.timeout.connect(self._look)

    def record(self, experiment: Experiment) -> None:
        """Note that the person moved on to another experiment."""
        present, file = self._present
        if experiment == present:
            return
        if changed_fields(present, experiment) == {"camera"} or experiment.is_same_work(present):
            # Where one looks from is no step: undo leaves it as it is.
            self._present = Entry(experiment, file)
            return
        if self._future and _is_newer_code(present, experiment):
            # Nobody asked for it who went back here: what can be redone is not lost by it.
            self._present = Entry(experiment, file)
            return
        fields, now = _gesture(present, experiment), self._clock()
        is_soon = self._held or now - self._last_time < _PAUSE_S
        one_gesture = fields == self._last_fields and is_soon
        if self._continues:
            self._continues, fields = False, self._last_fields
        elif not one_gesture:
            self._past = [*self._past[-_LONGEST + 1 :], self._present]
        self._last_fields, self._last_time = fields, now
        if not self._held and self._is_held():
            self._held = True
            self._watch.start()
        if one_gesture and self._past and self._past[-1] == Entry(experiment, file):
            self._past.pop()  # it ends where it began
        self._present = Entry(experiment, file)
        self._future = []
        self.changed.emit()

    def _look(self) -> None:
        if not self._is_held():
            self._held = False
            self._watch.stop()

    def set_file(self, file: File) -> None:
        """Note that the present experiment belongs to a file."""
        self._present = self._present._replace(file=file)

    def stand_in(self) -> None:
        """Note that the first experiment only stands in for one that is yet to be opened."""
        self._stands_in = True

    def end_standing_in(self) -> None:
        """Forget what stood in for what was opened now; if it was changed, somebody chose it."""
        if self._stands_in and len(self._past) == 1:
            self._past = []
            self.changed.emit()
        self._stands_in = False

    def begin_step(self) -> None:
        """Make the next change a step of its own, however soon it comes."""
        self._last_fields = frozenset()
        self._continues = False

    def continue_step(self) -> None:
        """Make the next change part of the last one, if there was one."""
        self._continues = bool(self._past) and bool(self._last_fields)

    def can_undo(self) -> bool:
        """Return whether there is a past."""
        return bool(self._past)

    def can_redo(self) -> bool:
        """Return whether there is a future."""
        return bool(self._future)

    def depth(self) -> int:
        """Return how many experiments there are to go back to."""
        return len(self._past)

    def undo(self) -> Entry:
        """Go one experiment back and return it."""
        return self._move(self._past, self._future)

    def redo(self) -> Entry:
        """Go one experiment forward again and return it."""
        return self._move(self._future, self._past)

    def _move(self, source: list[Entry], target: list[Entry]) -> Entry:
        target.append(self._present)
        camera, entry = self._present.experiment.camera, source.pop()
        experiment = entry.experiment
        if experiment.camera != camera:
            experiment = experiment.replace(camera=camera)
        self._present = Entry(experiment, entry.file)
        self.begin_step()
        self.changed.emit()
        return self._present


def _gesture(one: Experiment, other: Experiment) -> frozenset[str]:
    """Return what tells one gesture from another: the fields that it changed."""
    before, now = one.function, other.function
    if _own_text(before) != _own_text(now):
        # Typing brings constants and takes them away, and is one gesture all the same.
        return frozenset({"text"})
    fields = changed_fields(one, other)
    return fields | changed_fields(before, now) if type(before) is type(now) else fields


def _is_newer_code(one: Experiment, other: Experiment) -> bool:
    """Tell whether these are about the same file of code, which has been saved in between."""
    before, now = one.function.code, other.function.code
    if before is None or now is None:
        return False
    return before.path == now.path and before.digest != now.digest


def _own_text(function: AnyFunction) -> str:
    return function.text if isinstance(function, FormulaFunction) else ""
