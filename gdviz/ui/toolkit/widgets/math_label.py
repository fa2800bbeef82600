"""A formula, typeset as a vector path, with matplotlib kept out of the GUI thread."""

import re
import threading
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontInfo,
    QFontMetrics,
    QHelpEvent,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPaintEvent,
    Qt,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gdviz.base.cancel import Cancelled
from gdviz.ui.tasks.task import Job, Newer, Task
from gdviz.ui.toolkit.import_lock import MATPLOTLIB
from gdviz.ui.toolkit.shipped_formulas import shipped_outline

_FONTSET = "stix"
_LONGEST_LATEX = 2000  # characters; mathtext takes seconds for more, and no label shows it
_SCALE = 1.3  # of the widget's font: sub- and superscripts stay readable
_SMALLEST_SCALE = 0.75
_RESERVED_EM = 2.4  # the height of a fraction, so that most formulas arrive without a jump
_QUIET_MS = 50  # three frames: longer than between two moves of a drag, too short to notice

# Matplotlib's parser is one object for the whole process and makes no promise for two threads
# (matplotlib #26289), so the pool's threads take turns.
_MATHTEXT = threading.Lock()


class Outline(NamedTuple):
    """A typeset formula in units of the font size, y up.

    Attributes
    ----------
    vertices : numpy.ndarray, shape (n, 2)
    codes : numpy.ndarray, shape (n,)
        What each vertex is, as in `matplotlib.path.Path`.
    """

    vertices: np.ndarray
    codes: np.ndarray


@lru_cache(maxsize=256)
def typeset(latex: str) -> Outline | None:
    """Lay out a formula, or return what is shipped of it.

    Parameters
    ----------
    latex : str
        Mathtext, with or without the dollar signs around it.

    Returns
    -------
    Outline or None
        None if there is nothing to show, or mathtext does not know how to lay it out.
    """
    if (shipped := shipped_outline(latex)) is not None:
        return Outline(*shipped)
    return laid_out(latex)


def laid_out(latex: str) -> Outline | None:
    """Lay out a formula; the first call imports matplotlib, which takes most of a second."""
    latex = _spaced(_display_style(latex.strip().strip("$").strip()))
    if not 0 < len(latex) <= _LONGEST_LATEX:
        return None
    try:
        with MATPLOTLIB:
            from matplotlib.font_manager import FontProperties
            from matplotlib.textpath import text_to_path

        font = FontProperties(math_fontfamily=_FONTSET)
        vertices, codes = text_to_path.get_text_path(font, f"${latex}$", ismath=True)
    except (ValueError, RecursionError):
        return None
    if not len(vertices):
        return None
    return Outline(np.asarray(vertices, float) / text_to_path.FONT_SCALE, np.asarray(codes, int))


def _display_style(latex: str) -> str:
    r"""Return a formula with its outermost fractions at full size, as LaTeX sets a line's own.

    Mathtext knows no display style, only ``\dfrac``; SymPy writes ``\frac``.
    """
    pieces = latex.split(r"\frac")
    depth = 0
    for i, piece in enumerate(pieces[:-1]):
        depth += piece.count("{") - piece.count("}")
        pieces[i] += r"\dfrac" if depth == 0 else r"\frac"
    return "".join(pieces)


def _spaced(latex: str) -> str:
    r"""Return a formula with thin spaces around names of several letters, as LaTeX sets them.

    Mathtext sets ``k \tanh`` and ``\mathrm{weight} x`` without any.
    """
    return _AFTER_A_WORD.sub(r"\1 \, ", _BEFORE_A_WORD.sub(r" \, ", latex))


_BEFORE_A_WORD = re.compile(
    r"(?<=[\w})]) (?=\\(?:(?:arc|a)?(?:sin|cos|tan)h?|log|exp|m(?:ax|in|athrm))\b)"
)
_AFTER_A_WORD = re.compile(r"(\\mathrm\{[^{}]*\}(?:[_^]\{[^{}]*\})*) (?=[A-Za-z0-9])")


def painter_path(outline: Outline) -> QPainterPath:
    """Return an outline as a path with its upper left corner at (0, 0), y down."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    points = (outline.vertices * (1, -1)).tolist()
    i = 0
    while i < len(points):
        match outline.codes[i]:
            case 1:
                path.moveTo(*points[i])
            case 2:
                path.lineTo(*points[i])
            case 3:
                path.quadTo(*points[i], *points[i + 1])
                i += 1
            case 4:
                path.cubicTo(*points[i], *points[i + 1], *points[i + 2])
                i += 2
            case 79:
                path.closeSubpath()
        i += 1
    corner = path.boundingRect().topLeft()
    return path.translated(-corner)


def _typeset_in_turn(job: Job, latex: str) -> Outline | None:
    with _MATHTEXT:
        if job.cancelled():
            raise Cancelled
        return typeset(latex)


class MathLabel(QWidget):
    r"""Show a formula typeset, or as plain text until that is ready and where it cannot be.

    Nothing is laid out before the label has been painted: the first frame does not compete with
    matplotlib's import, and hidden labels cost nothing. A layout takes about 10 ms and, being
    Python, takes them from the GUI thread too; so a formula is laid out when it has stood for
    a moment, one at a time. A single change keeps the old picture for that moment, rather than
    flicker; where changes follow each other (a drag), the plain text keeps up with them.

    A formula wider than the label shrinks a little, then fades out at the right and is shown
    in full as the tooltip.

    Parameters
    ----------
    latex, plain : str
        See `set_formula`.
    parent : QWidget, optional
    """

    def __init__(self, latex: str = "", plain: str = "", parent: QWidget | None = None):
        super().__init__(parent)
        self._latex = ""
        self._plain = ""
        self._shown_latex: str | None = None  # whose outline, or lack of one, is on show
        self._asked = ""  # what is being typeset, or was last
        self._path: QPainterPath | None = None  # in units of the font size
        self._task = Task(
            _typeset_in_turn, self._take, self._fail,
            newer=Newer.REPLACES, pause_ms=_QUIET_MS, parent=self,
        )  # fmt: skip
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_formula(latex, plain)

    def set_formula(self, latex: str, plain: str, *, keeps: bool = True) -> None:
        r"""Show another formula.

        Parameters
        ----------
        latex : str
            Mathtext: ``r"\frac{1}{2}(b\,\sigma(ax) - t)^2"``.
        plain : str
            The same as a line of text: fallback, tooltip and what screen readers say.
        keeps : bool, default True
            Whether the old picture may stay until the new one is there: not beside others that
            have changed already.
        """
        if (latex, plain) == (self._latex, self._plain):
            return
        if self._task.is_running() or not keeps:
            self._path = self._shown_latex = None
        self._latex, self._plain = latex, plain
        self.setAccessibleName(plain)
        self.updateGeometry()
        self.update()

    def is_typeset(self) -> bool:
        """Return whether the current formula is on show as a picture."""
        return self._path is not None and self._shown_latex == self._latex

    def is_elided(self) -> bool:
        """Return whether part of the formula does not fit, however small."""
        return self._natural_width() * self._fit() > self.width() + 1

    # ---------------------------------------------------------------- typesetting

    def _take(self, outline: Outline | None) -> None:
        if self._asked == self._latex:
            self._path = None if outline is None else painter_path(outline)
            self._shown_latex = self._latex
            self.updateGeometry()
        else:
            self._task.cancel()  # nothing: it can be asked for again
        self.update()  # which asks for what is wanted now

    def _fail(self, _error: Exception) -> None:
        self._take(None)  # there is the plain text

    # ---------------------------------------------------------------- geometry

    def _em(self) -> float:
        return _SCALE * QFontInfo(self.font()).pixelSize()

    def _natural_width(self) -> float:
        if self._path is None:
            return self.fontMetrics().horizontalAdvance(self._plain)
        return self._path.boundingRect().width() * self._em()

    def _fit(self) -> float:
        """Return the factor by which the picture shrinks; plain text does not."""
        if self._path is None:
            return 1.0
        return min(1.0, max(_SMALLEST_SCALE, self.width() / max(self._natural_width(), 1.0)))

    def sizeHint(self) -> QSize:
        height = 0.0 if self._path is None else self._path.boundingRect().height()
        return QSize(
            int(self._natural_width()) + 2, int(max(height, _RESERVED_EM) * self._em()) + 2
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(int(4 * self._em()), self.sizeHint().height())

    # ---------------------------------------------------------------- events

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self.palette().color(self.foregroundRole())
        if self._path is None:
            self._paint_plain(painter, color)
        else:
            self._paint_path(self._path, painter, color)
        painter.end()
        if self._shown_latex != self._latex and self._task.ask(self._latex):
            self._asked = self._latex

    def _paint_plain(self, painter: QPainter, color: QColor) -> None:
        metrics = QFontMetrics(self.font())
        text = metrics.elidedText(self._plain, Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(color)
        painter.drawText(
            self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text
        )

    def _paint_path(self, path: QPainterPath, painter: QPainter, color: QColor) -> None:
        scale = self._em() * self._fit()
        top = (self.height() - scale * path.boundingRect().height()) / 2
        brush = QBrush(color)
        if self.is_elided():
            fade = QLinearGradient(self.width() - 2 * self._em(), 0, self.width(), 0)
            fade.setColorAt(0, color)
            fade.setColorAt(1, Qt.GlobalColor.transparent)
            brush = QBrush(fade)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(QTransform(scale, 0, 0, scale, 0, top).map(path), brush)

    def event(self, event: QEvent) -> bool:
        is_asked = event.type() == QEvent.Type.ToolTip and self.is_elided()
        if is_asked and isinstance(event, QHelpEvent):
            # A formula such as a<b>c must not be read as rich text.
            QToolTip.showText(event.globalPos(), Qt.convertFromPlainText(self._plain), self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
