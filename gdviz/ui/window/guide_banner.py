"""What to look at in a guided experiment: a quiet banner over the map."""

import re
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.guided.guides import Guide
from gdviz.ui.toolkit.build import label
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.message_label import as_sentence


class GuideBanner(QFrame):
    """A guide's title and two sentences, until the person closes it or leaves the guide.

    Attributes
    ----------
    next_asked, previous_asked : Signal()
        The person goes on in the course, or back.
    """

    next_asked = Signal()
    previous_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._guide: Guide | None = None
        self._depth = 0  # of the history, where the guide began
        self._text = label(rich=True, parent=self)
        close = QToolButton(self)
        close.setText("×")
        close.setAutoRaise(True)
        close.setToolTip("Close this note; the experiment stays")
        close.setAccessibleName("Close the note")
        close.clicked.connect(self.hide)
        self._before, self._after = QToolButton(self), QToolButton(self)
        for button, arrow, name, tip, asked in (
            (self._before, "‹", "Previous guide", "The guide before (Ctrl+PgUp)",
             self.previous_asked),
            (self._after, "›", "Next guide", "The next guide (Ctrl+PgDown)", self.next_asked),
        ):  # fmt: skip
            button.setText(arrow)
            button.setAutoRaise(True)
            button.setAccessibleName(name)
            button.setToolTip(as_tip(tip))
            button.clicked.connect(asked)
        self._where = label(kind="muted", wraps=False, parent=self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 0)
        layout.addWidget(self._text, 1)
        for part in (self._before, self._where, self._after):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def shows_guide(self) -> bool:
        """Return whether the person is in a guide."""
        return self._guide is not None

    def show_experiment(self, experiment: Experiment) -> None:
        """Leave with the guide's function; of that, anything may be tried."""
        if self._guide is not None and (
            experiment.function.identity != self._guide.experiment.function.identity
        ):
            self.hide()

    def show_depth(self, depth: int) -> None:
        """Leave where undo goes back to before the guide; `depth` is how much is left of it."""
        if depth < self._depth:
            self.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.isHidden():  # by itself, and not with the window
            self._guide, self._depth = None, 0

    def show_guide(self, guide: Guide, depth: int, where: tuple[int, int] = (0, 1)) -> None:
        """Show what to look at.

        Parameters
        ----------
        guide : Guide
            What is shown now.
        depth : int
            How many experiments undo can go back to.
        where : (int, int), default (0, 1)
            Its place in the course, from 0, and how many guides that has.
        """
        place, count = where
        self._where.setText(f"{place + 1}/{count}")
        self._before.setEnabled(place > 0)
        self._after.setEnabled(place + 1 < count)
        for part in (self._before, self._where, self._after):
            part.setVisible(count > 1)
        self._guide, self._depth = guide, depth
        # No line ends within "83 %" or "ε = 1".
        look = re.sub(r" (?=%)|(?<= [=+<≈]) | (?=[=+<≈] )", "\N{NO-BREAK SPACE}", guide.look)
        self._text.setText(f"<b>{escape(as_sentence(guide.title))}</b> {escape(look)}")
        self.show()
