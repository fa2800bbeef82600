"""How many starts are drawn at random, and with which seed."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from gdviz.experiment.validation import MAX_STARTS
from gdviz.ui.toolkit.build import label
from gdviz.ui.toolkit.text import DialogButtons
from gdviz.ui.toolkit.widgets.field_errors import FieldErrors
from gdviz.ui.toolkit.widgets.number_field import NumberField

_COUNT, _SEED = 20, 0  #: at first
_MAX_SEED = 2**32 - 1


class RandomStartsDialog(QDialog):
    """Asks for a count and a seed; what is refused keeps the button disabled.

    Parameters
    ----------
    parent : QWidget, optional
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Random starts")
        self._count = NumberField(
            "starts", _COUNT, minimum=1, maximum=MAX_STARTS, integer=True, parent=self
        )
        self._count.setToolTip("How many; they replace the current other starts")
        self._seed = NumberField(
            "seed", _SEED, minimum=0, maximum=_MAX_SEED, integer=True, parent=self
        )
        self._seed.setToolTip("The same seed draws the same points; another one draws others")
        note = label("Drawn uniformly over the visible map, replacing\nthe current other starts. "
                     "All methods start there too.",
                     kind="muted", wraps=False, parent=self)  # fmt: skip
        errors = FieldErrors(self)
        errors.watch((self._count, self._seed))
        self._buttons = DialogButtons(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText("Draw")
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow("Starts", self._count)
        form.addRow("Seed", self._seed)
        layout = QVBoxLayout(self)
        layout.addWidget(note)
        layout.addLayout(form)
        layout.addWidget(errors)
        layout.addWidget(self._buttons)
        for field in (self._count, self._seed):
            field.rejected.connect(self._check)
            field.accepted.connect(self._check)

    def choice(self) -> tuple[int, int]:
        """Return the count and the seed."""
        return int(self._count.value()), int(self._seed.value())

    def _check(self, _sentence: str = "") -> None:
        wrong = bool(self._count.error() or self._seed.error())
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not wrong)
