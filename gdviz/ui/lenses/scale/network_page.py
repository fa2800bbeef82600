"""The page of a person's own network: what its gradient costs by each way to it, measured."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_ref import Code
from gdviz.engine.objectives.network.network_costs import NetworkCosts
from gdviz.sampling.cost_process import Measured, measure_costs
from gdviz.scene.network_costs import remarks, sentences, table
from gdviz.scene.scene import Scene
from gdviz.ui.lenses.page import Page
from gdviz.ui.lenses.scale.network_table import NetworkTable
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Newer, Task
from gdviz.ui.toolkit.build import button, column, label, row, thin_bar

_ABOUT = (
    "What a gradient costs on this network, at its parameters θ*: measured, and extrapolated for "
    "differences of all N of them. The file is run once more, in a process of its own."
)
_NONE = (
    "The function that is shown is no network. Open a Python file with parameters() or model, and "
    "its loss, to measure what a gradient of it costs."
)
_TIP = "Measure losses, gradients, differences and memory; from a second to a minute or so"
_STEPS = 1000  #: of the bar
_MOST = 100  #: times the room of the gap below, which is there for when nothing was measured


class NetworkPage(Page):
    """Sentences and a table about one network, measured in a worker when the person asks for it.

    What was measured is shown as long as the same network is, on whichever slice; of one that was
    run again it may no longer be true.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._of: CodeObjective | None = None
        self._is_running = False
        self._task = Task(
            _measure, self._finish, self._fail, newer=Newer.REPLACES, patience_ms=0, parent=self
        )
        self._task.progressed.connect(self._show_progress)
        self._build()

    def _build(self) -> None:
        self._about = label(_NONE, kind="muted", parent=self)
        self._run = button("Measure", _TIP, self._toggle, self)
        self._progress = thin_bar(_STEPS, self)
        self._progress.setAccessibleName("How much is measured")
        self._error = label(kind="error", parent=self)
        self._words = label(parent=self)
        self._table = NetworkTable(self)
        self._remarks = label(kind="muted", parent=self)
        found = QWidget(self)
        column(self._words, self._table, self._remarks, None, inside=found, spacing=8)
        self._area = QScrollArea(self)
        self._area.setAccessibleName("What was measured")
        self._area.setWidget(found)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        begin = row((self._progress, 1), self._run)
        column(self._about, begin, self._error, (self._area, _MOST), None, inside=self)
        self._forget()

    # ---------------------------------------------------------------- which network

    def show_scene(self, scene: Scene, step: int) -> None:
        """Take a scene; of another network nothing is known, whether the page is open or not."""
        self._show_network(scene)
        super().show_scene(scene, step)

    def _show_network(self, scene: Scene) -> None:
        objective = scene.objective
        shown = objective if isinstance(objective, CodeObjective) else None
        if shown is not None and (shown.code.slice is None or shown.runner is None):
            shown = None
        before, self._of = self._of, shown
        if shown is None or before is None or not _is_same(before, shown):
            self._task.cancel()
            self._forget()

    def _forget(self) -> None:
        """Show that nothing is known."""
        self._about.setText(_NONE if self._of is None else _ABOUT)
        self._error.hide()
        self._area.hide()
        self._show_state()

    # ---------------------------------------------------------------- measuring

    def cancel(self) -> None:
        """Give up what runs."""
        self._task.cancel()
        self._show_state()

    def _toggle(self) -> None:
        if self._is_running:
            self.cancel()
        elif self._of is not None:
            self._error.hide()
            self._area.hide()
            self._progress.setValue(0)
            self._task.request(self._of.code)
            self._show_state(is_running=True)

    def _finish(self, found: Measured) -> None:
        self._show_costs(found.costs)
        self._show_state()

    def _fail(self, error: Exception) -> None:
        self._error.setText(failure(error, "The measurement"))
        self._error.show()
        self._show_state()

    def _show_state(self, is_running: bool = False) -> None:
        self._is_running = is_running
        self._run.setVisible(self._of is not None)
        self._run.setText("Cancel" if is_running else "Measure")
        self._progress.setVisible(is_running)

    def _show_progress(self, part: float) -> None:
        self._progress.setValue(int(part * _STEPS))

    def _show_costs(self, costs: NetworkCosts) -> None:
        self._words.setText("\n".join(sentences(costs)))
        self._table.show_rows(table(costs))
        self._remarks.setText("\n".join(remarks(costs)))
        self._area.show()


def _is_same(one: CodeObjective, other: CodeObjective) -> bool:
    """Tell whether two slices are of one network; run again it may be another."""
    if one.code == other.code:
        return one.runner is other.runner
    return replace(one.code, slice=other.code.slice) == other.code


def _measure(job: Job, code: Code) -> Measured:
    return measure_costs(
        Path(code.path), progress=job.progress, cancelled=job.cancelled, loss_seed=code.loss_seed,
        digest=code.digest,
    )  # fmt: skip
