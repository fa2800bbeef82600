"""The page of costs: what is computed for a gradient, what is reused, and what that adds up to."""

import math
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gdviz.base.format import number
from gdviz.engine.analysis.gradient_programs import VARIANTS, Options
from gdviz.engine.analysis.gradient_timing import seconds
from gdviz.engine.analysis.graph_values import GraphView, graph_view
from gdviz.engine.analysis.operation_counts import Cost, costs, reusable, spent, step_reaching
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.parser import PARAMETERS
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.experiment.experiment import Experiment
from gdviz.scene.captions import pretty
from gdviz.scene.compared_costs import compared
from gdviz.scene.scene import Run
from gdviz.ui.lenses.cost.graph_canvas import GraphCanvas
from gdviz.ui.lenses.cost.table import FEW, CostTable
from gdviz.ui.lenses.page import Page
from gdviz.ui.tasks.cached_result import CachedResult
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Newer, Task
from gdviz.ui.toolkit.build import column, combo, label, row
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.elided_label import ElidedLabel
from gdviz.ui.toolkit.widgets.number_field import NumberField

_SPANS = {
    "per step": "What one gradient costs",
    "up to the current step": "What the shown paths have cost so far",
    "to reach the loss": "What the shown paths cost until they reach the loss",
}
_PAUSE_MS = 300  #: without another formula, after which it is timed
_GRAPH_POINTS = 3  #: values that take as long as one of the graph and its derivatives
_NO_SHIFT = "no shift"


class CostPage(Page):
    """Three ledgers by variant, and the computation graph at the current point."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seconds: Mapping[str, float] = {}
        self._timed: tuple[Formula, int, tuple[str, ...], Options] | None = None
        self._untimed = ""  # why there are no times
        self._timing = Task(
            _times, self._take_times, self._fail,
            newer=Newer.REPLACES, pause_ms=_PAUSE_MS, parent=self,
        )  # fmt: skip
        self._graphs = CachedResult(_graph_at, self._refresh_if_open, self)
        self._build()

    def _build(self) -> None:
        tip = "Costs of one gradient, of the paths so far, or until a loss is reached"
        self._span = combo(
            "What the costs are of", tip, self._choose, list(_SPANS), _SPANS.values(), parent=self
        )
        self._level = NumberField("loss", 0.0, step=0.1, parent=self)
        self._level.setToolTip("The loss to reach")
        self._level.value_edited.connect(self._choose)
        self._level.hide()
        self._table = CostTable(self)
        self._about = label(kind="muted", parent=self)
        tip = "Which nodes a shifted value recomputes, and which it reuses"
        self._shift = combo("Shifted parameter", tip, self._choose, [_NO_SHIFT], parent=self)
        self._show_shifts(PARAMETERS)
        tip = "The graph's v nodes and e edges, and where it is evaluated"
        self._counts = ElidedLabel(self)
        self._counts.setProperty("muted", True)
        self._counts.setToolTip(as_tip(tip))
        self._failure = label(kind="error", parent=self)
        self._canvas = GraphCanvas(self)
        area = QScrollArea(self)
        area.setAccessibleName("The graph of f")
        area.setWidget(self._canvas)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        self._without = label(parent=self)
        self._without.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._full = QWidget(self)
        column(self._without, (self._full, 1), inside=self)
        costs, graph = (
            label(f"<b>{text}</b>", wraps=False, rich=True, parent=self)
            for text in ("Costs", "Graph")
        )
        column(
            row(costs, (self._span, 1), self._level), self._table, self._about,
            row(graph, (self._counts, 1), self._shift), self._failure, (area, 1),
            inside=self._full,
        )  # fmt: skip

    def _show_shifts(self, parameters: tuple[str, str]) -> None:
        """Offer to shift the parameters by their names."""
        texts = [_NO_SHIFT, *(f"shift {pretty(name)}" for name in parameters)]
        for i, (text, name) in enumerate(zip(texts, ("", *parameters), strict=True)):
            if i == self._shift.count():
                self._shift.addItem(text)
            self._shift.setItemText(i, text)
            self._shift.setItemData(i, name)

    def _choose(self, _choice: float = 0) -> None:
        self._refresh_if_open()

    # ---------------------------------------------------------------- the ledgers

    def refresh(self) -> None:
        """Show the scene at the step."""
        experiment, objective = self.scene.experiment, self.scene.objective
        is_formula = isinstance(objective, FormulaObjective)
        self._full.setVisible(is_formula)
        self._without.setVisible(not is_formula)
        if not isinstance(objective, FormulaObjective):
            self._without.setText(_why_no_costs(experiment))
            return
        names, options = compared(experiment, FEW)
        timed = objective.formula, objective.rows, names, options
        if timed != self._timed:
            self._timed = timed
            self._seconds, self._untimed = {}, ""
            self._timing.request(objective, experiment.start, experiment.epsilon, names, options)
        self._level.setVisible(self._span.currentIndex() == 2)
        self._table.show_costs(
            names,
            self._costs(objective, names, options),
            self._seconds if self._span.currentIndex() == 0 else {},
        )
        self._show_shifts(objective.parameters)
        in_a, in_b = (
            f"{name} reuses {100 * part:.0f}\N{NO-BREAK SPACE}%"
            for name, part in reusable(*timed[:2]).items()
        )
        self._about.setText(
            f"Of f's operations a shift of {in_a}, a shift of {in_b.replace(' reuses', '')}."
            + ("" if self._span.currentIndex() == 0 else " Rows without a shown path are empty.")
        )
        self._show_graph(objective)

    def _costs(
        self, objective: FormulaObjective, names: tuple[str, ...], options: Options
    ) -> dict[str, Cost | None]:
        if self._span.currentIndex() == 0:
            return dict(costs(objective.formula, objective.rows, names, options))
        result: dict[str, Cost | None] = {}
        for variant in map(VARIANTS.__getitem__, names):
            runs = [r for r in self.scene.runs if r.method.estimate == variant.estimate]
            if runs:
                result[variant.name] = self._spent(objective, variant.name, runs[0])
        return result

    def _spent(self, objective: FormulaObjective, variant: str, run: Run) -> Cost | None:
        steps: int | None = min(self._step, run.path.updates)
        if self._span.currentIndex() == 2:
            steps = step_reaching(run.path, self._level.value())
            if steps is None:
                return None
        return spent(
            objective.formula,
            variant,
            run.path,
            steps,
            beside=RULES[run.method.rule].values_beside,
            rows=objective.rows,
            options=tuple(run.settings.estimate_options.items()),
        )

    def _take_times(self, times: Mapping[str, float]) -> None:
        self._seconds = times
        self._refresh_if_open()

    def _fail(self, error: Exception) -> None:
        self._untimed = failure(error, "Timing")
        self._refresh_if_open()

    # ---------------------------------------------------------------- the graph

    def _show_graph(self, objective: FormulaObjective) -> None:
        runs = self.scene.runs
        a, b = self.scene.experiment.start
        if runs:
            theta = runs[0].path.theta[min(self._step, runs[0].path.updates)]
            a, b = float(theta[0]), float(theta[1])
        if not (math.isfinite(a) and math.isfinite(b)):
            self._draw_graph(a, b, graph_view(objective, a, b))
        elif (known := self._graphs.of(objective, a, b, points=_GRAPH_POINTS)) is not None:
            self._draw_graph(*known)

    def _draw_graph(self, a: float, b: float, graph: GraphView) -> None:
        where = f"({number(a, 4)}, {number(b, 4)}){_row(graph)}"
        self._counts.setText(f"v = {graph.v}, e = {graph.e}, at {where}")
        self._failure.setText(" ".join(filter(None, (graph.failure, self._untimed))))
        self._failure.setVisible(bool(self._failure.text()))
        self._canvas.show_graph(graph, self._shift.currentData())


def _why_no_costs(experiment: Experiment) -> str:
    code = experiment.function.code
    what = (
        f"{code.name} is code, of which only the results are visible here"
        if code is not None
        else "here f is a table of losses with an interpolant between them"
    )
    is_network = code is not None and code.slice is not None
    measured = " What a gradient costs on the network itself is measured in the Scale lens."
    return (
        "The cost of a gradient is counted in the operations of a formula, on its graph, but "
        f"{what}. Evaluations are still counted: see the Run lens, by method."
        + (measured if is_network else "")
    )


def _row(graph: GraphView) -> str:
    return f", row {graph.row + 1} of {graph.rows}" if graph.rows > 1 else ""


def _graph_at(
    _job: Job, objective: FormulaObjective, a: float, b: float
) -> tuple[float, float, GraphView]:
    return a, b, graph_view(objective, a, b)


def _times(
    job: Job,
    objective: FormulaObjective,
    start: tuple[float, float],
    epsilon: float,
    names: tuple[str, ...],
    options: Options,
) -> Mapping[str, float]:
    return seconds(
        objective, *start, epsilon, names=names, options=options, cancelled=job.cancelled
    )
