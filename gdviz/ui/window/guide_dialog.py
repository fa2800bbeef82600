"""A guide of one's own: its title, and what to look at."""

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.guided.course import MAX_LOOK, guide_of
from gdviz.experiment.guided.guides import Guide
from gdviz.experiment.validation import MAX_TITLE, ExperimentError
from gdviz.ui.toolkit.build import column, label
from gdviz.ui.toolkit.text import DialogButtons, as_tip
from gdviz.ui.toolkit.widgets.message_label import as_sentence

_WHAT = (
    "The experiment as it is seen now: its step, lens and basins as well. A folder of guides is a "
    "course: Experiments ▸ Open Course goes through it."
)


class GuideDialog(QDialog):
    """Asks for title and sentences; what is refused keeps the button disabled.

    Parameters
    ----------
    experiment : Experiment
        What the guide sets up, with the place in its view.
    method : int
        The row of the methods whose step is written out.
    parent : QWidget, optional
    """

    def __init__(self, experiment: Experiment, method: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment, self._method = experiment, method
        self.setWindowTitle("Save as guide")
        self.title = QLineEdit(self)
        self.title.setMaxLength(MAX_TITLE)
        self.title.setAccessibleName("Title")
        self.title.setPlaceholderText("Two against three")
        self.title.setToolTip(as_tip("Above the map, in bold"))
        self.look = QPlainTextEdit(self)
        self.look.setTabChangesFocus(True)
        self.look.setAccessibleName("What to look at")
        self.look.setPlaceholderText("What to look at, in two sentences")
        self.look.setToolTip(as_tip(f"Beside the title; at most {MAX_LOOK} characters"))
        self._error = label(kind="error", parent=self)
        self._buttons = DialogButtons(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow("Title", self.title)
        form.addRow("Look", self.look)
        what = label(_WHAT, kind="muted", parent=self)
        column(what, form, self._error, self._buttons, inside=self, margins=(12, 12, 12, 12))
        self.title.textChanged.connect(self._check)
        self.look.textChanged.connect(self._check)
        self.resize(460, 300)
        self._check()

    def guide(self) -> Guide:
        """Return the guide.

        Raises
        ------
        ExperimentError
            If there is something missing.
        """
        title, look = self.title.text(), self.look.toPlainText()
        return guide_of(self._experiment, title, look, self._method)

    def _check(self) -> None:
        try:
            self.guide()
            self._error.clear()
        except ExperimentError as error:
            is_begun = self.title.text() and self.look.toPlainText()
            says = error.field not in ("title", "look") or is_begun
            self._error.setText(as_sentence(str(error)) if says else "")
            self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(False)
        else:
            self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(True)
