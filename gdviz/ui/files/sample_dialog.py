"""Sampling a person's loss: what is chosen, the map while it is computed, and how long it takes."""

import math
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QGroupBox, QWidget

from gdviz.base.files import file_type, shown
from gdviz.base.format import duration
from gdviz.base.geometry import Range
from gdviz.engine.objectives.loss_grid import MAX_COORDINATE, MAX_POINTS
from gdviz.engine.objectives.network.directions import DIRECTIONS
from gdviz.engine.objectives.network.settings import Normalization, SliceSettings
from gdviz.sampling.request import GRID, Request, Sampled
from gdviz.sampling.subject import SamplingError
from gdviz.ui.files.sample_map import SampleMap
from gdviz.ui.files.sample_task import Seen, sample_request
from gdviz.ui.files.save_dialog import ask_path
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Newer, Task
from gdviz.ui.toolkit.build import button, check, column, combo, label, row, thin_bar
from gdviz.ui.toolkit.text import as_tip, as_title
from gdviz.ui.toolkit.theme import Theme
from gdviz.ui.toolkit.widgets.field_errors import FieldErrors
from gdviz.ui.toolkit.widgets.message_label import as_sentence
from gdviz.ui.toolkit.widgets.number_field import NumberField

_MAX_SEED = 2**32 - 1
_MOST_WORKERS = 64
_STEPS = 1000  #: of the bar
_WIDTH = 320  #: pixels of what is chosen
_LANDSCAPES = "Loss landscapes (*.h5)"
_OWN = "automatic"


class SampleDialog(QDialog):
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
    ) -> None:
        super().__init__(parent)
        self._settings = settings or SliceSettings()
        self._path = path
        self._output = _free_name(path)
        self._is_complete = False
        self.setWindowTitle(as_title(f"Sample {path.name}"))
        self.map = SampleMap(self)
        self.map.set_theme(theme)
        self.map.setProperty("place", True)
        self.map.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.map.setMinimumSize(360, 320)
        self.map.say("The map appears once the first cells are computed.")
        self._bar = thin_bar(_STEPS, self)
        self._said = label(kind="muted", parent=self)
        self._error = label(kind="error", parent=self)
        self._errors = FieldErrors(self)
        self._choices = QGroupBox("Landscape", self)
        self._build_choices(workers)
        self._place = label(wraps=True, parent=self)
        self._choose = button("Save As…", "Choose the file that is filled", self._ask_output, self)
        self._start = button("Sample", "", self.start, self)
        self._choose.setAutoDefault(False)  # Return samples
        self._start.setDefault(True)
        self._cancel = button("Cancel", "Keep what was computed", self.cancel, self)
        self._open = button("Open", "Descend on the landscape", self._open_it, self)
        self._close = button("Close", "Close; what was computed stays", self.close, self)
        self._task = Task(
            sample_request, self._finish, self._fail, reported=self._see, newer=Newer.REPLACES,
            patience_ms=0, parent=self,
        )  # fmt: skip
        self._task.busy_changed.connect(self._show_state)  # one that is cancelled ends a bit later
        self._choices.setMaximumWidth(_WIDTH)
        left = column(self._choices, 8, row((self._place, 1), self._choose), None)
        right = column((self.map, 1), self._bar, self._said)
        buttons = row(None, self._start, self._cancel, self._open, self._close)
        column(
            (row(left, (right, 1), spacing=16), 1), self._errors, self._error, buttons,
            inside=self, margins=(16, 16, 16, 12), spacing=10,
        )  # fmt: skip
        self.finished.connect(self.cancel)
        self.resize(860, 560)
        self._show_state()

    def _build_choices(self, workers: int) -> None:
        """Build the fields: the grid, the plane through parameters, and who computes."""
        parent, settings = self._choices, self._settings

        def whole(name: str, value: int, least: int, most: int, tip: str) -> NumberField:
            made = NumberField(
                name, value, minimum=least, maximum=most, integer=True, parent=parent
            )
            made.setToolTip(as_tip(tip))
            return made

        self._directions = combo(
            "Directions", "What spans the plane through a network's parameters", None,
            [name for name in DIRECTIONS if name != "file" or settings.directions == "file"],
            parent=parent,
        )  # fmt: skip
        self._normalize = combo(
            "Normalisation", "How random directions get the size of the parameters", None,
            get_args(Normalization), parent=parent,
        )  # fmt: skip
        self._directions.setCurrentText(settings.directions)
        self._normalize.setCurrentText(settings.normalize)
        self._seed = whole("seed", settings.seed, 0, _MAX_SEED, "The seed of random directions")
        self._nx = whole("points along a", GRID, 2, MAX_POINTS, "Points along a")
        self._ny = whole("points along b", GRID, 2, MAX_POINTS, "Points along b")
        self._workers = whole("processes", workers, 1, _MOST_WORKERS, "Each runs the file once")
        self._has_range = check(
            "of my own", "Otherwise that of the plane", self._show_state, parent
        )
        ends = (("a from", -1.0), ("a to", 1.0), ("b from", -1.0), ("b to", 1.0))
        self._range = [
            NumberField(name, value, minimum=-MAX_COORDINATE, maximum=MAX_COORDINATE, parent=parent)
            for name, value in ends
        ]
        form = QFormLayout(parent)
        times = label("×", wraps=False, parent=parent)
        form.addRow("Grid", row(self._nx, times, self._ny))
        form.addRow("Range", self._has_range)
        for axis, (low, high) in (("a", self._range[:2]), ("b", self._range[2:])):
            form.addRow(axis, row(low, label("to", wraps=False, parent=parent), high))
        form.addRow("Directions", self._directions)
        form.addRow("Normalised", self._normalize)
        form.addRow("Seed", self._seed)
        form.addRow("Processes", self._workers)
        fields = (self._seed, self._nx, self._ny, self._workers, *self._range)
        self._errors.watch(fields)
        for field in fields:
            field.rejected.connect(self._show_state)
            field.accepted.connect(self._show_state)
        self._fields = fields

    # ---------------------------------------------------------------- what is asked for

    def request(self) -> Request:
        """Return what was chosen; a file that is there is gone on with as it was begun.

        Raises
        ------
        SamplingError
            If it cannot be met.
        """
        workers = int(self._workers.value())
        if self._is_there():
            return Request(self._path, self._output, "resume", workers=workers)
        extent = None
        if self._has_range.isChecked():
            extent = Range(*(field.value() for field in self._range))
        grid = int(self._nx.value()), int(self._ny.value())
        return Request(self._path, self._output, "new", grid, extent, self._plane(), workers)

    def _plane(self) -> dict[str, Any]:
        """Return what was chosen of a plane; nothing as long as all is as at first."""
        chosen: dict[str, Any] = asdict(self._settings) | {
            "directions": self._directions.currentText(),
            "normalize": self._normalize.currentText(),
            "seed": int(self._seed.value()),
        }
        # A loss of two parameters has none of this, and is sampled as long as nothing is chosen.
        return {} if SliceSettings(**chosen) == SliceSettings() else chosen

    def start(self) -> None:
        """Begin, or go on."""
        try:
            request = self.request()
        except SamplingError as error:
            self._error.setText(failure(error))
            return
        self._error.clear()
        self._said.setText(f"{self._path.name} is being opened …")
        self._task.request(request)
        self._show_state()

    def cancel(self, _result: int = 0) -> None:
        """Give up; what was computed stays in the file."""
        if self._task.cancel():
            self._said.setText("Cancelled")
        self._show_state()

    def _ask_output(self) -> None:
        found = ask_path(self, "Sample to", self._output, _LANDSCAPES, ".h5")
        if found is not None:
            self._output = found
        self._show_state()

    def _open_it(self) -> None:
        self.to_open.emit(self._output)
        self.close()

    # ---------------------------------------------------------------- what comes back

    def _see(self, seen: Seen) -> None:
        progress = seen.progress
        self.map.show_seen(seen)
        self._bar.setValue(round(_STEPS * progress.done / progress.total))
        text = f"{progress.done:,} of {progress.total:,} cells"
        if not math.isnan(progress.seconds_left) and progress.done < progress.total:
            text += f", about {duration(progress.seconds_left)} left"
        self._said.setText(text)

    def _finish(self, done: Sampled) -> None:
        holes = sum(done.holes.values())
        text = f"{done.cells:,} cells"
        if holes:
            reason = max(done.holes, key=lambda each: done.holes[each])
            text += f", {holes:,} of them without a loss: {reason}"
        self._said.setText(" ".join(map(as_sentence, (text, *done.notes))))
        self._bar.setValue(_STEPS)
        self._is_complete = True
        self._show_state()

    def _fail(self, error: Exception) -> None:
        self._error.setText(failure(error, "Sampling").replace("--resume", "Resume"))
        self._said.clear()
        self._show_state()

    def _is_there(self) -> bool:
        return file_type(self._output) != "absent"

    def _show_state(self, _value: object = None) -> None:
        """Offer what can be done now."""
        is_running, is_there = self._task.is_running(), self._is_there()
        self._choices.setEnabled(not is_running and not is_there)
        for field in self._range:
            field.setEnabled(self._has_range.isChecked())
        self._choose.setEnabled(not is_running and not self._is_complete)
        self._place.setText(f"To {shown(self._output.name)}")
        self._start.setText("Resume" if is_there else "Sample")
        tip = "Go on with the file that is there" if is_there else "Compute the losses of all cells"
        self._start.setToolTip(as_tip(tip))
        is_wrong = any(field.error() for field in self._fields)
        self._start.setVisible(not is_running and not self._is_complete)
        self._start.setEnabled(not is_wrong)
        self._cancel.setVisible(is_running)
        self._open.setVisible(is_there and not is_running)


def _free_name(path: Path) -> Path:
    """Return a name for the landscape beside a file that nothing has yet."""
    found, number = path.with_suffix(".h5"), 2
    while file_type(found) != "absent":
        found, number = path.with_name(f"{path.stem}-{number}.h5"), number + 1
    return found
