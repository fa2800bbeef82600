"""What stands above an exported page: its title, and the lecturer's words."""

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from gdviz.export.page.options import MAX_TITLE, PageError, PageOptions
from gdviz.ui.toolkit.build import column, label
from gdviz.ui.toolkit.text import DialogButtons, as_tip
from gdviz.ui.toolkit.widgets.message_label import as_sentence

_WHAT = (
    "One HTML file that any browser opens without a network: map and surface with the paths, "
    "panels, timeline and sentences, and the experiment itself."
)


class PageDialog(QDialog):
    """Asks for the options of a page; what is refused keeps the button disabled.

    Parameters
    ----------
    name : str
        What the page is called without a title of one's own.
    parent : QWidget, optional
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export page")
        self.title = QLineEdit(self)
        self.title.setMaxLength(MAX_TITLE)
        self.title.setPlaceholderText(name)
        self.title.setAccessibleName("Title")
        self.title.setToolTip(as_tip("What stands above the map, and in the browser's tab"))
        self.text = QPlainTextEdit(self)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Text")
        self.text.setPlaceholderText("Words of yours, below the title")
        self.text.setToolTip(as_tip("They keep their lines; the page shows them as plain text"))
        self._error = label(kind="error", parent=self)
        self._buttons = DialogButtons(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow("Title", self.title)
        form.addRow("Text", self.text)
        what = label(_WHAT, kind="muted", parent=self)
        margins = (12, 12, 12, 12)
        column(what, form, self._error, self._buttons, inside=self, margins=margins)
        self.text.textChanged.connect(self._check)
        self.resize(480, 340)

    def options(self) -> PageOptions:
        """Return the options.

        Raises
        ------
        PageError
            If the text is too long.
        """
        return PageOptions(self.title.text(), self.text.toPlainText())

    def _check(self) -> None:
        refusal = ""
        try:
            self.options()
        except PageError as error:
            refusal = as_sentence(str(error))
        self._error.setText(refusal)
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(not refusal)
