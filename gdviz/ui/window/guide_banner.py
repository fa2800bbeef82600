"""What to look at in a guided experiment: a quiet banner over the map."""

import re
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from gdviz.experiment.guides import Guide
from gdviz.ui.toolkit.build import label


class GuideBanner(QFrame):
    """A guide's title and two sentences, until the person closes it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = label(rich=True, parent=self)
        close = QToolButton(self)
        close.setText("×")
        close.setAutoRaise(True)
        close.setToolTip("Close this note; the experiment stays")
        close.setAccessibleName("Close the note")
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 0)
        layout.addWidget(self._text, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_guide(self, guide: Guide) -> None:
        """Show what to look at."""
        # No line ends within "83 %" or "ε = 1".
        look = re.sub(r" (?=%)|(?<= [=+<≈]) | (?=[=+<≈] )", "\N{NO-BREAK SPACE}", guide.look)
        self._text.setText(f"<b>{escape(guide.title)}.</b> {escape(look)}")
        self.show()
