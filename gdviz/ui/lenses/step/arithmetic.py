"""The Step lens's first page: the arithmetic of the current step, typeset."""

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from gdviz.engine.descent.gradient_estimates import ESTIMATES
from gdviz.scene.step_text import Line, StepReport, step_report
from gdviz.ui.lenses.step.page import PAUSE_MS, StepPage
from gdviz.ui.tasks.cached_result import CachedResult
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Newer, Task
from gdviz.ui.toolkit.widgets.math_label import TypesetLabel

#: Headings, the fields of a StepReport under them, and how many lines these have at most.
_SECTIONS = (
    ("Estimate ĝ", "estimate", 4),
    ("Exact gradient ∇f", "exact", 2),
    ("Update", "update", 2),
)
#: The estimates that have a formula of their own.
_WITH_FORMULA = ("analytic", "yours")


class ArithmeticPage(StepPage):
    """The formula of ĝ, the numbers put in, ∇f beside it, and the update."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # The formula of a gradient that has one is typeset by SymPy, in the background.
        self._derivation = Task(
            _gradient_lines, self._show_derivation, self._fail,
            newer=Newer.REPLACES, pause_ms=PAUSE_MS, parent=self,
        )  # fmt: skip
        self._reports = CachedResult(_report_of, self._refresh_if_open, self)
        self._build()

    def _build(self) -> None:
        self._verdict = QLabel(self)
        self._verdict.setWordWrap(True)
        self._about = QLabel(self)
        self._about.setWordWrap(True)
        self._about.setProperty("muted", True)
        self._note = QLabel(self)
        self._note.setWordWrap(True)
        self._note.setProperty("error", True)
        self._lines: dict[str, list[TypesetLabel]] = {}
        self._headings: dict[str, QLabel] = {}

        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._about)
        for heading, name, count in _SECTIONS:
            label = QLabel(f"<b>{heading}</b>", self)
            column.addSpacing(4)
            column.addWidget(label)
            self._headings[name] = label
            self._lines[name] = [TypesetLabel(parent=self) for _ in range(count)]
            for line in self._lines[name]:
                column.addWidget(line)
        column.addSpacing(4)
        column.addWidget(self._verdict)
        column.addWidget(self._note)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidget(content)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def stop(self) -> None:
        """Give up the work in the background."""
        self._reports.stop()
        self._derivation.stop()

    def refresh(self) -> None:
        """Show the scene at the step."""
        moment = self.moment
        run, step = moment.run, moment.step
        self._derivation.cancel()
        if run is None:
            self._show_report(StepReport((), (), (), ""))
            self._about.setText("No method is shown: tick one on the left.")
            return
        self._about.setText(ESTIMATES[run.method.estimate].about)
        experiment, objective = self._scene.experiment, self._scene.objective
        if math.isfinite(objective.effort("value")):
            self._show_report(step_report(experiment, run, step))
        else:  # a person's own code: a worker works the step out again
            report = self._reports.of(objective, experiment, run, step)
            missing = StepReport((), (), (), self._reports.failure or "Computing…")
            self._show_report(report or missing)
        if not experiment.function.text or run.method.estimate not in _WITH_FORMULA:
            return
        if step < run.path.gradients_taken:
            function = experiment.function
            data = function.data_set
            candidate = function.candidate_gradient if run.method.estimate == "yours" else None
            self._derivation.request(
                candidate or function.text,
                function.constants,
                tuple(run.path.theta[step]),
                data.names if data else (),
                tuple(run.path.gradient[step]),
            )

    def _show_report(self, report: StepReport) -> None:
        for name, labels in self._lines.items():
            lines: tuple[Line, ...] = getattr(report, name)
            self._headings[name].setVisible(bool(lines))
            for i, label in enumerate(labels):
                label.setVisible(i < len(lines))
                if i < len(lines):
                    label.set_formula(lines[i].latex, lines[i].plain)
        self._verdict.setText(report.verdict)
        self._note.setText(report.note)
        self._note.setVisible(bool(report.note))

    def _show_derivation(self, lines: list[Line]) -> None:
        for label, line in zip(self._lines["estimate"], lines, strict=False):
            label.set_formula(line.latex, line.plain)

    def _fail(self, error: Exception) -> None:
        self._note.setText(failure(error, "Writing the gradient out"))
        self._note.show()


def _report_of(_job: Job, _objective, experiment, run, step) -> StepReport:
    return step_report(experiment, run, step)


def _gradient_lines(_job: Job, source, constants, theta, data, gradient) -> list[Line]:
    """Write ∇f, or the texts that a person derived, out with numbers: SymPy takes its time."""
    from gdviz.engine.language.latex import candidate_latex
    from gdviz.engine.language.latex_derivatives import gradient_latex
    from gdviz.scene.step_text import derivation_lines

    exact = isinstance(source, str)
    formulas = (gradient_latex if exact else candidate_latex)(source, constants, theta, data)
    return derivation_lines(formulas, gradient, exact=exact)
