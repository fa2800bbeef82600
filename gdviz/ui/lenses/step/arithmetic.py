"""The Step lens's first page: the arithmetic of the current step, typeset."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.objectives.objective import Objective
from gdviz.scene.absences import no_runs
from gdviz.scene.scene import Run
from gdviz.scene.step_cloud import StepCloud
from gdviz.scene.step_latex import Line
from gdviz.scene.step_text import StepReport, step_report
from gdviz.ui.lenses.step.page import PAUSE_MS, StepPage
from gdviz.ui.tasks.cached_result import CachedResult
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Newer, Task
from gdviz.ui.toolkit.build import Part, column, label
from gdviz.ui.toolkit.widgets.math_label import MathLabel

#: Headings, and how many lines there are under each at most.
_SECTIONS = {"Estimate ĝ": 4, "Exact gradient ∇f": 2, "Update": 4}
#: The estimates that have a formula of their own.
_WITH_FORMULA = ("analytic", "yours")


class ArithmeticPage(StepPage):
    """The formula of ĝ, the numbers put in, ∇f beside it, and the update; draws on the map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # One report for what is read and for the map; of a person's own code, made by a worker.
        self._reports = CachedResult(_report_of, self._refresh_if_open, self)
        # The formula of a gradient that has one is typeset by SymPy, in the background.
        self._derivation = Task(
            _gradient_lines, self._show_derivation, self._fail,
            newer=Newer.REPLACES, pause_ms=PAUSE_MS, parent=self,
        )  # fmt: skip
        self._build()

    def _build(self) -> None:
        self._verdict = label(parent=self)
        self._about = label(kind="muted", parent=self)
        tip = (
            "The estimate drawn many times at this point: its mean against ∇f, give or take what "
            "so many draws leave to chance, and the root of its summed variances."
        )
        self._spread = label(tip=tip, kind="muted", parent=self)
        self._on_map = label(kind="muted", parent=self)
        self._note = label(kind="error", parent=self)
        self._sections: list[tuple[QLabel, list[MathLabel]]] = []
        lines: list[Part] = []
        for text, count in _SECTIONS.items():
            heading = label(f"<b>{text}</b>", wraps=False, rich=True, parent=self)
            formulas = [MathLabel(parent=self) for _ in range(count)]
            self._sections.append((heading, formulas))
            lines += [4, heading, *formulas]
        content = QWidget(self)
        column(
            self._about,
            *lines,
            4,
            self._verdict,
            self._spread,
            self._on_map,
            self._note,
            None,
            inside=content,
            spacing=8,
        )
        area = QScrollArea(self)
        area.setAccessibleName("The step's arithmetic")
        area.setWidget(content)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column(area, inside=self)

    def refresh(self) -> None:
        """Show the scene at the step."""
        moment = self.moment
        run, step = moment.run, moment.step
        self._derivation.cancel()
        if run is None:
            self._show_report(StepReport((), (), (), ""))
            self._about.setText(no_runs(self.scene))
            return
        rule = run.settings.rule
        self._about.setText(
            ESTIMATES[run.method.estimate].about if rule.uses_gradient else rule.explanation
        )
        report = self._reports.of(self.scene.objective, run, step)
        missing = StepReport((), (), (), self._reports.failure or "Computing…")
        self._show_report(report or missing)
        function = self.scene.experiment.function
        if not (function.text and run.settings.rule.uses_gradient) or (
            run.method.estimate not in _WITH_FORMULA
        ):
            return
        if step < run.path.gradients_taken:
            data = function.data_set
            candidate = function.candidate_gradient if run.method.estimate == "yours" else None
            self._derivation.request(
                candidate or function.text,
                function.constants,
                tuple(run.path.theta[step]),
                data.names if data else (),
                function.parameters,
                tuple(run.path.gradient[step]),
            )

    def on_map(self) -> StepCloud | None:
        """Return the draws as steps, of which the page tells; None of those without draws."""
        run, step = self.moment.run, self.moment.step
        report = self._reports.of(self.scene.objective, run, step) if run else None
        return report.cloud if report else None

    def _show_report(self, report: StepReport) -> None:
        parts = report.estimate, report.exact, report.update
        for (heading, labels), lines in zip(self._sections, parts, strict=True):
            heading.setVisible(bool(lines))
            for i, formula in enumerate(labels):
                formula.setVisible(i < len(lines))
                if i < len(lines):
                    formula.set_formula(lines[i].latex, lines[i].plain)
        self._verdict.setText(report.verdict)
        self._spread.setText(report.spread)
        self._spread.setVisible(bool(report.spread))
        self._on_map.setText(report.on_map)
        self._on_map.setVisible(bool(report.on_map))
        self._note.setText(report.note)
        self._note.setVisible(bool(report.note))

    def _show_derivation(self, lines: tuple[Line, ...]) -> None:
        _, labels = self._sections[0]
        for formula, line in zip(labels, lines, strict=False):
            formula.set_formula(line.latex, line.plain)

    def _fail(self, error: Exception) -> None:
        self._note.setText(failure(error, "Writing the gradient out"))
        self._note.show()


def _report_of(_job: Job, objective: Objective, run: Run, step: int) -> StepReport:
    return step_report(objective, run, step)


def _gradient_lines(
    _job: Job,
    source: str | tuple[str, str],
    constants: dict[str, float],
    theta: tuple[float, float],
    data: tuple[str, ...],
    parameters: tuple[str, str],
    gradient: tuple[float, float],
) -> tuple[Line, ...]:
    """Write ∇f, or the texts that a person derived, out with numbers: SymPy takes its time."""
    from gdviz.engine.language.latex import candidate_latex
    from gdviz.engine.language.latex_derivatives import gradient_latex
    from gdviz.scene.step_text import derivation_lines

    if isinstance(source, str):
        formulas = gradient_latex(source, constants, theta, data, parameters)
        return derivation_lines(formulas, gradient, parameters)
    formulas = candidate_latex(source, constants, theta, data, parameters)
    return derivation_lines(formulas, gradient, parameters, exact=False)
