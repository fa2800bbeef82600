"""The two fields of a gradient that the person derived."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gdviz.engine.gradcheck.candidate import components
from gdviz.engine.language.parser import PARAMETERS
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.known_names import known_names
from gdviz.ui.lenses.formula_field import FormulaField
from gdviz.ui.toolkit.build import label
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.theme import Theme
from gdviz.ui.toolkit.widgets.field_errors import FieldErrors

_PAUSE = 250  #: milliseconds without a key, after which a text is read


class CandidateFields(QWidget):
    """∂f/∂a and ∂f/∂b as text, and a sentence about what cannot be read.

    Attributes
    ----------
    written : Signal()
        The person has paused, pressed Enter, or left a field.
    edited : Signal()
        The person has typed a character.
    """

    written = Signal()
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.written)
        self._fields: list[FormulaField] = []
        self._errors = FieldErrors(self)
        self._hint = label(kind="muted", parent=self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        self._names = ("", "")
        self._headings: list[QLabel] = []
        for line in range(2):
            field = FormulaField(self)
            field.edited.connect(self._pause.start)
            field.edited.connect(self.edited)
            field.entered.connect(self._finish)
            field.said.connect(self.say)
            heading = label(wraps=False, parent=self)
            heading.setBuddy(field)
            grid.addWidget(heading, line, 0)
            grid.addWidget(field, line, 1)
            self._fields.append(field)
            self._headings.append(heading)
        grid.addWidget(self._errors, 2, 0, 1, 2)
        grid.addWidget(self._hint, 3, 0, 1, 2)
        self._hint.hide()
        self._set_names(components(PARAMETERS))

    def _set_names(self, names: tuple[str, str]) -> None:
        """Take what the components are called."""
        if names != self._names:
            self._names = names
            for heading, field, name in zip(self._headings, self._fields, names, strict=True):
                heading.setText(f"{name} =")
                field.setAccessibleName(name)
                field.setToolTip(as_tip(f"{name} as you derived it, written like the formula of f"))

    def set_theme(self, theme: Theme) -> None:
        """Take the colour of mistakes."""
        for field in self._fields:
            field.set_error_color(theme.error)

    def texts(self) -> tuple[str, str]:
        """Return what is written, without the blanks around it."""
        first, second = (field.text().strip() for field in self._fields)
        return first, second

    def set_texts(self, texts: tuple[str, str]) -> None:
        """Write something else, unless it is what stands there."""
        self._pause.stop()
        for field, text in zip(self._fields, texts, strict=True):
            if field.text().strip() != text:
                field.set_text(text)

    def show_experiment(self, experiment: Experiment) -> None:
        """Complete the names of an experiment's formula; without a formula nothing is written."""
        self._set_names(components(experiment.function.parameters))
        for field in self._fields:
            field.setEnabled(bool(experiment.function.text))
            field.completer.set_names(known_names(experiment))

    def flush(self) -> None:
        """Have what was typed read now."""
        if self._pause.isActive():
            self._pause.stop()
            self.written.emit()

    def say(self, error: str = "", column: int | None = None, hint: str = "") -> None:
        """Say what is wrong with the texts, and what else there is to say about them.

        Parameters
        ----------
        error : str
            A sentence that begins with the component's name, or nothing.
        column : int, optional
            The place of the mistake in that component, counted from 1.
        hint : str
            Another sentence, or nothing.
        """
        self._errors.say(error)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        for field, name in zip(self._fields, self._names, strict=True):
            is_meant = error.startswith(f"{name}:")
            field.set_invalid(is_meant)
            if is_meant and column is not None:
                # The parser counts from the text's own beginning, before which there may be blanks.
                text = field.text()
                field.mark(column + len(text) - len(text.lstrip()))
            else:
                field.unmark()

    def _finish(self) -> None:
        """Read what was typed; Enter has it read again, leaving a field does not."""
        if self._pause.isActive() or any(field.hasFocus() for field in self._fields):
            self._pause.stop()
            self.written.emit()
