"""The verdict on one component of a claimed gradient: a sign, a sentence, and what remains."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from gdviz.ui.theme import Theme
from gdviz.ui.widgets.elided_label import ElidedLabel
from gdviz.ui.widgets.typeset_label import TypesetLabel
from gdviz.ui.widgets.verdict_mark import VerdictMark
from gdviz.words import powers, pretty, sentence

if TYPE_CHECKING:  # it imports mpmath, which takes its time
    from gdviz.engine.gradient_verdict import Verdict


class VerdictView(QWidget):
    """What was found of ∂f/∂a or ∂f/∂b."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = VerdictMark(self)
        self._head = QLabel(self)
        self._head.setWordWrap(True)
        self._body = QLabel(self)
        self._body.setWordWrap(True)
        self._rest = QWidget(self)
        self._rest_name = QLabel("true − yours =", self._rest)
        self._rest_name.setProperty("muted", True)
        self._formula = TypesetLabel(parent=self._rest)
        self._why_none = ElidedLabel(self._rest)
        self._why_none.setProperty("muted", True)
        row = QHBoxLayout(self._rest)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._rest_name)
        row.addWidget(self._formula, 1)
        row.addWidget(self._why_none, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._mark, 0, 0, Qt.AlignmentFlag.AlignTop)
        for line, widget in enumerate((self._head, self._body, self._rest)):
            grid.addWidget(widget, line, 1)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of the sign."""
        self._mark.set_theme(theme)

    def show_verdict(self, verdict: "Verdict", is_complete: bool) -> None:
        """Show a verdict.

        Parameters
        ----------
        verdict : Verdict
            What was found.
        is_complete : bool
            Whether SymPy has said what remains, as far as it could.
        """
        self._mark.set_verdict(verdict.right)
        # "∂f/∂a is wrong: at …"
        head, _, body = verdict.sentence.partition(": ")
        self._head.setText(f"<b>{head}</b>")
        self._body.setText(sentence(powers(body)))
        self._body.setVisible(bool(body))
        remainder = verdict.remainder
        self._rest.setVisible(verdict.right is False and (remainder is not None or not is_complete))
        text = remainder.text if remainder is not None else ""
        self._formula.setVisible(bool(text))
        self._why_none.setVisible(not text)
        if text:
            self._formula.set_formula(remainder.latex, pretty(text))
        elif remainder is not None:
            self._why_none.setText(f"not written out: {remainder.reason}")
        else:
            self._why_none.setText("…")
