"""The verdict on one component of a candidate gradient: a sign, a sentence, and what remains."""

import re
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from gdviz.base.format import sentence
from gdviz.scene.captions import pretty
from gdviz.ui.toolkit.build import label, row
from gdviz.ui.toolkit.text import RichLabel
from gdviz.ui.toolkit.theme import Theme
from gdviz.ui.toolkit.widgets.elided_label import ElidedLabel
from gdviz.ui.toolkit.widgets.math_label import MathLabel
from gdviz.ui.toolkit.widgets.verdict_mark import VerdictMark

if TYPE_CHECKING:  # it imports Arb, which takes its time
    from gdviz.engine.gradcheck.comparison import Place
    from gdviz.engine.gradcheck.verdict import Verdict


class VerdictView(QWidget):
    """What was found of ∂f/∂a or ∂f/∂b.

    Attributes
    ----------
    start_chosen : Signal(float, float)
        The person wants to start where it is most wrong.
    """

    start_chosen = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark = VerdictMark(self)
        self._head = label(rich=True, parent=self)
        self._body = _LinkLabel(self)
        self._body.linkActivated.connect(self._choose_start)
        self._worst: Place | None = None
        self._rest = QWidget(self)
        name = label("true − yours =", kind="muted", wraps=False, parent=self._rest)
        self._formula = MathLabel(parent=self._rest)
        self._why_none = ElidedLabel(self._rest)
        self._why_none.setProperty("muted", True)
        row(name, (self._formula, 1), (self._why_none, 1), inside=self._rest, spacing=8)
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
        self._head.setText(f"<b>{escape(head)}</b>")
        # With other constants than those that are shown there would be nothing to see there.
        is_here = verdict.right is False and not verdict.only_for
        self._worst = verdict.worst if is_here else None
        text = escape(sentence(body), quote=False)
        self._body.set_text(*self._linked(text))
        self._body.setVisible(bool(body))
        remainder = verdict.remainder
        self._rest.setVisible(verdict.right is False and (remainder is not None or not is_complete))
        text = remainder.text if remainder is not None else ""
        self._formula.setVisible(bool(text))
        self._why_none.setVisible(not text)
        if remainder is not None and text:
            self._formula.set_formula(remainder.latex, pretty(text))
        elif remainder is not None:
            self._why_none.setText(f"not written out: {remainder.reason}")
        else:
            self._why_none.setText("…")

    def _linked(self, text: str) -> tuple[str, bool]:
        """Return the sentence with the worst place in it as a link, and whether there is one."""
        place = _AT.search(text) if self._worst is not None else None
        if place is None:
            return text, False
        link = f"<a href='start'>{place[0]}</a>"
        return f"{text[: place.start()]}{link}{text[place.end() :]}", True

    def _choose_start(self, _link: str) -> None:
        if self._worst is not None:
            self.start_chosen.emit(self._worst.a, self._worst.b)


class _LinkLabel(RichLabel):
    """Rich text with at most one link, which a click follows, or Tab and Enter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)

    def set_text(self, html: str, has_link: bool) -> None:
        if html == self.text():
            return
        flag = Qt.TextInteractionFlag
        links = flag.LinksAccessibleByMouse | flag.LinksAccessibleByKeyboard
        self.setTextInteractionFlags(links if has_link else flag.NoTextInteraction)
        self.setText(html)
        self.setToolTip("Click the point to start there" if has_link else "")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.TabFocusReason:
            self.focusNextPrevChild(True)  # else it would take another Tab to be on the link


_AT = re.compile(r"\([^(),]+, [^(),]+\)")  #: (a, b) in a verdict's sentence
