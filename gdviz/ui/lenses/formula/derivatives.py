"""A formula, its gradient and its Hessian, typeset."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsOpacityEffect,
    QGridLayout,
    QLabel,
    QScrollArea,
    QWidget,
)

from gdviz.base.format import latex_name
from gdviz.engine.language.parser import PARAMETERS
from gdviz.experiment.experiment import Experiment
from gdviz.scene.captions import pretty
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Newer, Task
from gdviz.ui.toolkit.build import column, label
from gdviz.ui.toolkit.widgets.math_label import MathLabel

#: Without a key, after which it is worth while to derive and to lay out: both are Python, and take
#: their time from the keys that come meanwhile.
_QUIET_MS = 500
_WIDEST = 6000  # pixels
_TOO_LONG = "too long to be worth reading; the program uses it all the same"
#: A formula's text, and the names of its constants, data columns and parameters.
Key = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, str]]
#: LaTeX, and the same as text.
Line = tuple[str, str]


def _headings(parameters: tuple[str, str]) -> tuple[Line, ...]:
    """Return what is typeset."""
    (a, b), (x, y) = parameters, map(latex_name, parameters)
    return (
        ("f", "f"),
        (rf"\frac{{\partial f}}{{\partial {x}}}", f"∂f/∂{a}"),
        (rf"\frac{{\partial f}}{{\partial {y}}}", f"∂f/∂{b}"),
        (rf"\frac{{\partial^2 f}}{{\partial {x}^2}}", f"∂²f/∂{a}²"),
        (rf"\frac{{\partial^2 f}}{{\partial {x}\,\partial {y}}}", f"∂²f/∂{a}∂{b}"),
        (rf"\frac{{\partial^2 f}}{{\partial {y}^2}}", f"∂²f/∂{b}²"),
    )


class _WideLabel(MathLabel):
    """A formula that is as wide as it is: what is around it scrolls."""

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), _WIDEST), hint.height())


class DerivativesView(QScrollArea):
    """Six lines of mathematics; long ones are scrolled to.

    What is derived in a worker stands as plain text until it is typeset, and the lines before
    stay while it is worked out.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key: Key | None = None
        self._derived: Key | None = None
        self._is_outdated = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._headings: list[MathLabel] = []
        self._labels: list[MathLabel] = []
        self._notes: list[QLabel] = []
        inside = QWidget(self)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        for line, (latex, plain) in enumerate(_headings(PARAMETERS)):
            heading = _WideLabel(latex, plain, inside)
            equals = label("=", wraps=False, parent=inside)
            formula = _WideLabel(parent=inside)
            note = label(kind="muted", wraps=False, parent=inside)
            note.hide()
            grid.addWidget(heading, line, 0)
            grid.addWidget(equals, line, 1)
            grid.addWidget(formula, line, 2)
            grid.addWidget(note, line, 2)
            self._headings.append(heading)
            self._labels.append(formula)
            self._notes.append(note)
        column(grid, None, inside=inside, margins=(0, 0, 0, 6))
        self.setWidget(inside)
        self._content = inside
        # While these are the last formula's derivatives they do not look like this one's.
        self._fading = QGraphicsOpacityEffect(inside)
        self._fading.setOpacity(0.35)
        self._fading.setEnabled(False)
        inside.setGraphicsEffect(self._fading)
        self._task = Task(
            _lines_of, self._take, self._fail,
            newer=Newer.REPLACES, pause_ms=_QUIET_MS, parent=self,
        )  # fmt: skip

    def show_experiment(self, experiment: Experiment) -> None:
        """Typeset an experiment's formula and its derivatives, once it has stood for a moment."""
        function = experiment.function
        data = function.data_set
        names = tuple(sorted(function.constants))
        key = (function.text, names, data.names if data else (), function.parameters)
        if key != self._key:
            self._key = key
            self._fade()
            self._task.cancel()
            self._content.setVisible(bool(function.text))  # else there is no formula
            self._derive()

    def set_outdated(self, outdated: bool) -> None:
        """Take whether what is written is another formula, or none."""
        self._is_outdated = outdated
        self._fade()

    def is_faded(self) -> bool:
        """Return whether the lines are not those of what is written."""
        return self._fading.isEnabled()

    def _fade(self) -> None:
        self._fading.setEnabled(self._is_outdated or self._key != self._derived)

    def lines(self) -> list[str]:
        """Return what each line says, as text."""
        return [
            note.text() if label.isHidden() else label.accessibleName()
            for label, note in zip(self._labels, self._notes, strict=True)
        ]

    def is_settled(self) -> bool:
        """Return whether the lines are those of the last formula."""
        return self._derived == self._key

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._derive()

    def _derive(self) -> None:
        # What nobody sees need not be known.
        if self.isVisible() and self._key and self._key[0] and self._key != self._derived:
            self._task.ask(self._key)

    def _take(self, lines: tuple[Line, ...]) -> None:
        self._derived = self._key
        self._fade()
        if self._key is not None:
            for heading, (latex, plain) in zip(
                self._headings, _headings(self._key[3]), strict=True
            ):
                heading.set_formula(latex, plain, keeps=False)  # other names are no longer these
        for (latex, plain), formula, note in zip(lines, self._labels, self._notes, strict=True):
            formula.setVisible(bool(latex))
            note.setVisible(not latex)
            note.setText("" if latex else _TOO_LONG)
            if latex:
                formula.set_formula(latex, plain, keeps=False)

    def _fail(self, error: Exception) -> None:
        self._take((("", ""),) * len(self._labels))
        for note in self._notes:
            note.setText(failure(error, "Writing it out"))


def _lines_of(job: Job, key: Key) -> tuple[Line, ...]:
    from gdviz.engine.language.latex import latex
    from gdviz.engine.language.latex_derivatives import written_derivatives

    written = written_derivatives(*key, job.cancelled)
    lines = [(derivative.latex, pretty(derivative.text)) for derivative in written]
    return ((latex(*key), pretty(key[0])), *lines)
