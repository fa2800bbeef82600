"""What is chosen of a landscape that is sampled: its grid, its plane, and who computes it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QGroupBox, QLineEdit, QWidget

from gdviz.base.geometry import Range
from gdviz.engine.objectives.loss_grid import MAX_COORDINATE, MAX_POINTS
from gdviz.engine.objectives.network.directions import DIRECTIONS
from gdviz.engine.objectives.network.settings import Normalization, SliceSettings
from gdviz.sampling.request import GRID, Mode, Request
from gdviz.sampling.subject import SamplingError
from gdviz.ui.files.sampling.task import Begun
from gdviz.ui.toolkit.build import check, column, combo, label, row
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.field_errors import FieldErrors
from gdviz.ui.toolkit.widgets.number_field import NumberField

_MAX_SEED = 2**32 - 1
_MOST_WORKERS = 64
_ADDRESS = "tcp://127.0.0.1:8786"
#: Who computes.
_HERE, _DASK = "Processes here", "A Dask scheduler"


class SampleChoices(QGroupBox):
    """The fields, with what is wrong with each beside it.

    Parameters
    ----------
    workers : int
        How many processes compute it at first.
    settings : SliceSettings
        The plane that is chosen at first.
    loss_seed : int or None
        What the loss is seeded with at first.
    parent : QWidget

    Attributes
    ----------
    changed : Signal()
        Something else is chosen, or refused.
    """

    changed = Signal()

    def __init__(
        self, workers: int, settings: SliceSettings, loss_seed: int | None, parent: QWidget
    ) -> None:
        super().__init__("Landscape", parent)
        self._settings = settings
        self._begun: Begun | None = None
        self._fields: list[NumberField] = []
        self._errors: dict[str, FieldErrors] = {}
        self._form = QFormLayout(self)
        self._build_grid()
        self._build_plane(settings, loss_seed)
        self._build_workers(workers)
        self._show_state()

    # ---------------------------------------------------------------- building

    def _number(self, name: str, value: float, least: float, most: float, tip: str) -> NumberField:
        made = NumberField(name, value, minimum=least, maximum=most, integer=True, parent=self)
        made.setToolTip(as_tip(tip))
        return made

    def _add_errors(self, about: str, *fields: NumberField) -> None:
        """Make room, below the row before, for what is wrong with some fields."""
        errors = self._errors[about] = FieldErrors(self)
        errors.watch(fields)
        for field in fields:
            field.rejected.connect(self.changed)
            field.accepted.connect(self.changed)
            field.value_edited.connect(self.forget)
        self._fields += fields
        self._form.addRow(errors)

    def _build_grid(self) -> None:
        self._nx = self._number("points along a", GRID, 2, MAX_POINTS, "Points along a")
        self._ny = self._number("points along b", GRID, 2, MAX_POINTS, "Points along b")
        times = label("×", wraps=False, parent=self)
        self._grid = label("Grid", wraps=False, parent=self)
        self._form.addRow(self._grid, row(self._nx, times, self._ny))
        self._add_errors("grid", self._nx, self._ny)
        tip = "Otherwise that of the plane"
        self._has_range = check("of my own", tip, self._choose, self)
        ends = (("a from", -1.0), ("a to", 1.0), ("b from", -1.0), ("b to", 1.0))
        self._range = [
            NumberField(name, value, minimum=-MAX_COORDINATE, maximum=MAX_COORDINATE, parent=self)
            for name, value in ends
        ]
        self._form.addRow("Range", self._has_range)
        self._ends = QWidget(self)
        names = [label(text, wraps=False, parent=self) for text in ("a", "to", "b", "to")]
        pairs = [part for pair in zip(names, self._range, strict=True) for part in pair]
        column(row(*pairs[:4]), row(*pairs[4:]), inside=self._ends, spacing=6)
        self._form.addRow(self._ends)
        self._add_errors("extent", *self._range)

    def _build_plane(self, settings: SliceSettings, loss_seed: int | None) -> None:
        self._directions = combo(
            "Directions", "What spans the plane through a network's parameters", self._choose,
            [name for name in DIRECTIONS if name != "file" or settings.directions == "file"],
            parent=self,
        )  # fmt: skip
        self._normalize = combo(
            "Normalisation", "How random directions get the size of the parameters", self._choose,
            get_args(Normalization), parent=self,
        )  # fmt: skip
        self._directions.setCurrentText(settings.directions)
        self._normalize.setCurrentText(settings.normalize)
        self._seed = self._number("seed", settings.seed, 0, _MAX_SEED, "Of random directions")
        self._form.addRow("Directions", self._directions)
        self._form.addRow("Normalised", self._normalize)
        self._form.addRow("Seed", self._seed)
        self._add_errors("seed", self._seed)
        tip = "Seed what the loss draws by before each call, so that a stochastic one is a function"
        self._seeds_loss = check("seeded with", tip, self._choose, self)
        self._seeds_loss.setChecked(loss_seed is not None)
        self._loss_seed = self._number("the loss's seed", loss_seed or 0, 0, _MAX_SEED, tip)
        self._form.addRow("Loss", row(self._seeds_loss, (self._loss_seed, 1)))
        self._add_errors("loss_seed", self._loss_seed)

    def _build_workers(self, workers: int) -> None:
        tip = "Processes of this machine, or the workers of a cluster (pip install 'gdviz[dask]')"
        self._by = combo("Who computes it", tip, self._choose, (_HERE, _DASK), parent=self)
        self._workers = self._number(
            "processes", workers, 1, _MOST_WORKERS, "Each runs the file once"
        )
        self._address = QLineEdit(self)
        self._address.setAccessibleName("Address of the scheduler")
        self._address.setPlaceholderText(_ADDRESS)
        self._address.setToolTip(as_tip(f"Of a scheduler of Dask's, such as {_ADDRESS}"))
        self._address.textEdited.connect(self.forget)
        self._form.addRow("Computed by", self._by)
        self._form.addRow("", row(self._workers, self._address))
        self._add_errors("workers", self._workers)
        self._add_errors("scheduler")

    # ---------------------------------------------------------------- what is shown

    def show_begun(self, begun: Begun | None) -> None:
        """Show a file that is there, whose plane is what it is; None where there is none."""
        if begun == self._begun:
            return
        self._begun = begun
        if begun is not None:
            for field, points in zip((self._nx, self._ny), begun.finer, strict=True):
                field.set_value(points, force=True)
        self._show_state()

    def say(self, about: str, sentence: str) -> bool:
        """Say what is wrong beside a field; return whether there is a place for it."""
        if about in self._errors:
            self._errors[about].say(sentence)
        return about in self._errors

    def is_wrong(self) -> bool:
        """Tell whether a field holds what is refused."""
        return any(field.error() for field in self._fields)

    def _choose(self, _value: object = None) -> None:
        self.forget()
        self._show_state()
        self.changed.emit()

    def forget(self, _value: object = None) -> None:
        """Take back what was refused of what was chosen; what is typed wrong stays said."""
        for errors in self._errors.values():
            errors.refresh()

    def _show_state(self) -> None:
        """Offer what matters; a file that is there keeps its plane."""
        is_new = self._begun is None
        for widget in (
            self._has_range, self._ends, self._directions, self._normalize, self._seed,
            self._seeds_loss, self._loss_seed,
        ):  # fmt: skip
            widget.setEnabled(is_new)
        self._ends.setVisible(self._has_range.isChecked())
        is_random = self._directions.currentText() == "random"
        self._normalize.setEnabled(is_new and is_random)
        self._seed.setEnabled(is_new and is_random)
        self._loss_seed.setEnabled(is_new and self._seeds_loss.isChecked())
        self._grid.setText("Grid" if is_new else "Finer grid")
        tip = "Points along {}" if is_new else "Points along {} of the finer grid, for Refine"
        for field, name in ((self._nx, "a"), (self._ny, "b")):
            field.setToolTip(as_tip(tip.format(name)))
        is_here = self._by.currentText() == _HERE
        self._workers.setVisible(is_here)
        self._address.setVisible(not is_here)

    # ---------------------------------------------------------------- what is asked for

    def request(self, path: Path, output: Path, mode: Mode) -> Request:
        """Return what was chosen; a file that is there is gone on with as it was begun.

        Parameters
        ----------
        path, output : Path
            The person's file, and the one that is filled.
        mode : {"new", "resume", "refine"}
            What becomes of `output`.

        Raises
        ------
        SamplingError
            If it cannot be met.
        """
        given: dict[str, Any] = {}
        if mode != "resume":
            given["grid"] = int(self._nx.value()), int(self._ny.value())
        if mode == "new":
            if self._has_range.isChecked():
                given["extent"] = Range(*(field.value() for field in self._range))
            if self._seeds_loss.isChecked():
                given["loss_seed"] = int(self._loss_seed.value())
            given["slice"] = self._plane()
        Request(path, output, mode, **given)  # in the order of the fields
        return Request(path, output, mode, **given, **self._computed_by())

    def _computed_by(self) -> dict[str, Any]:
        if self._by.currentText() == _HERE:
            return {"workers": int(self._workers.value())}
        address = self._address.text().strip()
        if not address:
            raise SamplingError(
                f"the address of the scheduler is missing, such as {_ADDRESS}", about="scheduler"
            )
        return {"scheduler": address}

    def _plane(self) -> dict[str, Any]:
        """Return what was chosen of a plane; nothing as long as all is as at first."""
        chosen: dict[str, Any] = asdict(self._settings) | {
            "directions": self._directions.currentText(),
            "normalize": self._normalize.currentText(),
            "seed": int(self._seed.value()),
        }
        # A loss of two parameters has none of this, and is sampled as long as nothing is chosen.
        return {} if SliceSettings(**chosen) == SliceSettings() else chosen
