"""What a person's code printed, as the plain text that it is."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QWidget

from gdviz.base.captured_output import CapturedOutput
from gdviz.ui.toolkit.build import column
from gdviz.ui.toolkit.text import DialogButtons, as_title

_EVERY_MS = 500


class OutputDialog(QDialog):
    """Stands beside the window, and follows what is printed while it is seen.

    Parameters
    ----------
    parent : QWidget
        The window.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._output = CapturedOutput()
        self.field = QPlainTextEdit(self)
        self.field.setReadOnly(True)
        self.field.setAcceptDrops(False)
        self.field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.field.setAccessibleName("What the code printed")
        buttons = DialogButtons(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column(self.field, buttons, inside=self, margins=(12, 12, 12, 12))
        self.resize(640, 400)
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._follow)
        self.finished.connect(self._timer.stop)

    def show_output(self, name: str, output: CapturedOutput) -> None:
        """Show what the code of a file has printed."""
        self._output = output
        self.setWindowTitle(f"Output of {as_title(name)}")
        self.field.setPlaceholderText(f"{name} has printed nothing.")
        self._follow()
        self._timer.start()
        self.show()
        self.raise_()

    def _follow(self) -> None:
        text = self._output.text()
        if text != self.field.toPlainText():  # else what is selected would not stay so
            self.field.setPlainText(text)
