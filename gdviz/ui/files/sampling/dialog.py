"""Sampling a person's loss: what is chosen, the map while it is computed, and how long it takes."""

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from gdviz.base.files import shown
from gdviz.base.format import duration
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.sampling.request import Mode, Sampled
from gdviz.sampling.subject import SamplingError
from gdviz.ui.files.sampling.choices import SampleChoices
from gdviz.ui.files.sampling.map import SampleMap
from gdviz.ui.files.sampling.task import (
    Begun,
    Found,
    Seen,
    ask,
    free_name,
    look_at,
    sample_request,
)
from gdviz.ui.files.save_dialog import ask_path
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Newer, Task
from gdviz.ui.toolkit.beside_window import BesideWindow
from gdviz.ui.toolkit.build import button, column, label, row, thin_bar
from gdviz.ui.toolkit.text import as_tip, as_title
from gdviz.ui.toolkit.theme import Theme
from gdviz.ui.toolkit.widgets.field_errors import FieldErrors
from gdviz.ui.toolkit.widgets.message_label import as_sentence

_STEPS = 1000  #: of the bar
_WIDTH = 320  #: pixels of what is chosen
_MOST_LINES = 6  #: of what the code printed
_LANDSCAPES = "Loss landscapes (*.h5)"


class SampleDialog(BesideWindow):
    """Samples a file's loss beside the window, which goes on.

    Parameters
    ----------
    path : Path
        The person's file.
    workers : int
        How many processes compute it at first.
    theme : Theme
        The colours.
    parent : QWidget
        The window.
    settings : SliceSettings, optional
        The plane that is chosen at first; by default that of a file that is not open.
    loss_seed : int, optional
        What the loss is seeded with at first.

    Attributes
    ----------
    to_open : Signal(Path)
        The person wants to descend on what was computed.
    """

    to_open = Signal(object)

    def __init__(
        self,
        path: Path,
        workers: int,
        theme: Theme,
        parent: QWidget,
        settings: SliceSettings | None = None,
        loss_seed: int | None = None,
    ) -> None:
        super().__init__(parent)
        self._path = path
        self._output = path.with_suffix(".h5")  # until it is known which name is free
        self._begun: Begun | None = None
        self._is_there = False  # whether anything stands at the output
        self._was_cancelled = False
        self.setWindowTitle(as_title(f"Sample {path.name}"))
        self.map = SampleMap(self)
        self.map.set_theme(theme)
        self.map.setProperty("place", True)
        self.map.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.map.setMinimumSize(360, 320)
        self.map.empty()
        self._bar = thin_bar(_STEPS, self)
        self._said = label(kind="muted", parent=self)
        self._error = label(kind="error", parent=self)
        self.choices = SampleChoices(workers, settings or SliceSettings(), loss_seed, self)
        self.choices.changed.connect(self._show_state)
        self._task = Task(
            sample_request, self._finish, self._fail, reported=self._see, newer=Newer.REPLACES,
            patience_ms=0, parent=self,
        )  # fmt: skip
        self._task.ended.connect(self._end)  # for one that is cancelled, a bit later
        self._look = Task(
            ask, self._take_found, self._refuse_output, waits_for_drive=True, parent=self
        )
        self._build()
        self.finished.connect(self.cancel)
        self.finished.connect(lambda _result: self._look.abandon())
        self.resize(880, 600)
        self._find_out(free_name, path)

    def _build(self) -> None:
        self._place = label(wraps=True, parent=self)
        self._wrong_place = FieldErrors(self)
        self._choose = button("Choose…", "Choose the file that is filled", self._ask_output, self)
        new, resume, refine = (partial(self.start, mode) for mode in ("new", "resume", "refine"))
        self._start = button("Sample", "Compute the losses of all cells", new, self)
        tip = (
            "Go on with the file that is there, on its own grid: no cell that is in the file is "
            "computed again"
        )
        self._resume = button("Resume", tip, resume, self)
        tip = "Make the grid of the file that is there as fine as chosen, and keep its cells"
        self._refine = button("Refine", tip, refine, self)
        self._cancel = button("Cancel", "Keep what was computed", self.cancel, self)
        self._open = button("Open", "Descend on the landscape", self._open_it, self)
        self._close = button("Close", "Close; what was computed stays", self.close, self)
        for each in (self._choose, self._resume, self._refine, self._open, self._close):
            each.setAutoDefault(False)  # Return samples
        self._start.setDefault(True)
        self._area = QScrollArea(self)
        self._area.setAccessibleName("What is sampled")
        self._area.setWidget(self.choices)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFixedWidth(_WIDTH)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left = column(
            (self._area, 1), row((self._place, 1), self._choose), self._wrong_place, spacing=8
        )
        right = column((self.map, 1), self._bar, self._said)
        buttons = row(
            None, self._start, self._resume, self._refine, self._cancel, self._open, self._close
        )
        column(
            (row(left, (right, 1), spacing=16), 1), self._error, buttons,
            inside=self, margins=(16, 16, 16, 12), spacing=10,
        )  # fmt: skip

    def set_theme(self, theme: Theme) -> None:
        """Take other colours."""
        self.map.set_theme(theme)

    # ---------------------------------------------------------------- what is asked for

    def start(self, mode: Mode) -> None:
        """Begin, go on, or make the grid finer."""
        self._forget()
        self._was_cancelled = False
        try:
            request = self.choices.request(self._path, self._output, mode)
        except SamplingError as error:
            self._refuse(error)
            return
        self._bar.setValue(0)
        waits = "waits for the scheduler's workers" if request.scheduler else "is being opened"
        self._said.setText(f"{self._path.name} {waits} …")
        self._task.request(request)
        self._show_state()

    def cancel(self, _result: int = 0) -> None:
        """Give up; what was computed stays in the file."""
        if self._task.cancel():
            self._was_cancelled = True
            self._said.setText("Cancelling …")
        self._show_state()

    def _ask_output(self) -> None:
        found = ask_path(self, "Sample to", self._output, _LANDSCAPES, ".h5", replaces=False)
        if found is not None:
            self._output, self._begun, self._is_there = found, None, False
            self._was_cancelled = False
            self._forget()
            self._said.clear()
            self._bar.setValue(0)
            self.map.empty()
            self._find_out(look_at, found)

    def _open_it(self) -> None:
        self.to_open.emit(self._output)
        self.close()

    # ---------------------------------------------------------------- what comes back

    def _end(self) -> None:
        if self._was_cancelled and self.isVisible():  # blocks were written after the last report
            self._find_out(look_at, self._output)
        self._show_state()

    def _find_out(self, question: Callable[[Path], Found], path: Path) -> None:
        """Ask in the background what is at a path; the question before may never be answered."""
        self._look.abandon()
        self._look.request(question, path)
        self._show_state()

    def _take_found(self, found: Found) -> None:
        self._output, self._is_there = found.path, found.is_there
        if found.error is not None:
            self._refuse_output(found.error)
            return
        begun = self._begun = found.begun
        name, text = shown(self._output.name), "Cancelled." if self._was_cancelled else ""
        if begun is not None:
            (nx, ny), done = begun.shape, begun.done
            self._bar.setValue(round(_STEPS * done / begun.cells))
            text = (
                f"Cancelled: {done:,} of {begun.cells:,} cells are in {name}."
                if self._was_cancelled
                else f"{name} has {nx} × {ny} cells, {done:,} of them computed"
            )
        self._said.setText(text)
        self._show_state()

    def _refuse_output(self, error: Exception) -> None:
        self._begun = None
        self._said.clear()
        self._wrong_place.say(as_sentence(failure(error, "Looking at it")))
        self._show_state()

    def _see(self, seen: Seen) -> None:
        progress = seen.progress
        self._begun, self._is_there = Begun(seen.shape, progress.done), True
        self.map.show_seen(seen)
        self._bar.setValue(round(_STEPS * progress.done / progress.total))
        text = f"{progress.done:,} of {progress.total:,} cells"
        if not math.isnan(progress.seconds_left) and progress.done < progress.total:
            text += f", about {duration(progress.seconds_left)} left"
        self._said.setText(text)

    def _finish(self, done: Sampled) -> None:
        self._is_there = True
        holes = sum(done.holes.values())
        text = f"{done.cells:,} cells"
        if holes:
            reason = max(done.holes, key=lambda each: done.holes[each])
            text += f", {holes:,} of them without a loss: {reason}"
        self._said.setText(" ".join(map(as_sentence, (text, *done.notes))))
        self._bar.setValue(_STEPS)
        self._show_state()

    def _fail(self, error: Exception) -> None:
        self._refuse(error)
        if self._begun is None:  # a file may have come meanwhile, from elsewhere
            self._find_out(look_at, self._output)

    def _refuse(self, error: Exception) -> None:
        sentence = as_sentence(failure(error, "Sampling"))
        about, printed = getattr(error, "about", ""), getattr(error, "printed", "")
        if about == "output":
            self._wrong_place.say(sentence)
        elif not self.choices.say(about, sentence):
            lines = printed.splitlines()[:_MOST_LINES]
            self._error.setText("\n".join([sentence, *(["It printed:"] if lines else []), *lines]))
            self._error.show()
        self._said.clear()
        self._show_state()

    def _forget(self) -> None:
        """Take back what was refused."""
        self.choices.forget()
        self._wrong_place.say("")
        self._error.clear()
        self._error.hide()

    def _show_state(self, _value: object = None) -> None:
        """Offer what can be done now."""
        is_running, is_there = self._task.is_running(), self._is_there
        is_free = not is_running and not self._look.is_running()
        begun = self._begun if is_there else None
        if is_free:
            self.choices.show_begun(begun)
        self.choices.setEnabled(not is_running)
        self._choose.setEnabled(not is_running)
        self._place.setText(f"To {shown(self._output.name)}")
        self._place.setToolTip(as_tip(str(self._output)))
        is_right = not self.choices.is_wrong()
        self._start.setVisible(is_free and not is_there)
        self._resume.setVisible(is_free and begun is not None and begun.done < begun.cells)
        self._refine.setVisible(is_free and begun is not None and begun.finer != begun.shape)
        for each in (self._start, self._resume, self._refine):
            each.setEnabled(is_right)
        self._cancel.setVisible(is_running)
        self._open.setVisible(is_there and is_free)
