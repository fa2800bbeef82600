"""What a stochastic loss is seeded with, so that it is a function."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gdviz.ui.toolkit.build import check, row
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.number_field import NumberField

_MOST = 2**32 - 1
_TIP = (
    "Seed the generators of Python, NumPy and PyTorch before each call, so that a stochastic loss "
    "is a function; the file is run again"
)


class SeedBox(QWidget):
    """A box to tick, and the seed.

    Attributes
    ----------
    chosen : Signal(object)
        The seed that the person wants, or None.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seed: int | None = None
        self._is_seeded = check("Loss seeded with", _TIP, self._choose, self)
        self._field = NumberField(
            "the loss's seed", 0, minimum=0, maximum=_MOST, integer=True, parent=self
        )
        self._field.setToolTip(as_tip(_TIP))
        self._field.value_edited.connect(self._choose)
        row(self._is_seeded, (self._field, 1), inside=self, spacing=6)

    def show_seed(self, seed: int | None) -> None:
        """Show what the loss is seeded with."""
        self._seed = seed
        self._is_seeded.setChecked(seed is not None)
        self._field.setEnabled(seed is not None)
        if seed is not None:
            self._field.set_value(seed)

    def _choose(self, _value: object = None) -> None:
        wanted = int(self._field.value()) if self._is_seeded.isChecked() else None
        self.show_seed(self._seed)  # as it is, until it is another one
        if wanted != self._seed:
            self.chosen.emit(wanted)
