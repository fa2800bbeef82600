"""The Run lens: what each path cost, and how wrong it was."""

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QSplitter, QWidget

from gdviz.scene.captions import origin_sentence
from gdviz.ui.lenses.page import Page
from gdviz.ui.lenses.run.plots import EvaluationsPlot, GradientErrorPlot, LossPlot
from gdviz.ui.lenses.run.results import ResultsTable
from gdviz.ui.tasks.throttle import Throttle
from gdviz.ui.toolkit.build import column, label
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.sizes import Sizes

_PAUSE_MS = 50  #: between two tables: their numbers are read, and took a tenth of a drag's frame


class RunLens(Page):
    """Evaluations, gradient error and loss by step, and the results as a table.

    It is open from the start, so that nothing is won by making it later.
    """

    title = "Run"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots = (EvaluationsPlot(self), GradientErrorPlot(self), LossPlot(self))
        self.results = ResultsTable(self)
        self._reading = Throttle(self._show_results, _PAUSE_MS, self)
        self._source = label(kind="muted", parent=self)
        self._source.hide()
        self._splitter = QSplitter(Qt.Orientation.Vertical, self)
        self._splitter.setChildrenCollapsible(False)
        self._is_moved = False  # in this window
        self._splitter.splitterMoved.connect(self._keep_sizes)
        for plot in self.plots:
            self._splitter.addWidget(plot)
            plot.pointed_at.connect(self._point_at)
        self._splitter.addWidget(self.results)
        self._parts: dict[str, QWidget] = {plot.title: plot for plot in self.plots}
        self._parts["Results"] = self.results
        self._splitter.setSizes([190, 190, 190, 215])
        column(self._source, (self._splitter, 1), inside=self, margins=(4, 6, 6, 4))

    def refresh(self) -> None:
        """Draw the runs of the scene; the table is read, and follows a drag at a reader's pace."""
        for plot in self.plots:
            plot.show_scene(self.scene)
            plot.show_step(self._step)
        self._reading.ask()
        self._source.setText(origin_sentence(self.scene.experiment))
        self._source.setVisible(bool(self._source.text()))

    def _show_results(self) -> None:
        self.results.show_scene(self.scene)

    def show_step(self, step: int) -> None:
        """Mark the current step in every plot; the lines stay as they are."""
        self._step = step
        for plot in self.plots:
            plot.show_step(step)

    def set_sizes(self, sizes: Sizes) -> None:
        """Take how wide curves are."""
        for plot in self.plots:
            plot.set_sizes(sizes)

    def show_only(self, part: str) -> None:
        """Show one of the plots alone, by its title, or ``"Results"``; empty shows all again."""
        for name, widget in self._parts.items():
            widget.setVisible(part in ("", name))

    def hide_part(self, part: str) -> None:
        """Hide one of the plots, unless it is the last that is seen."""
        if sum(not widget.isHidden() for widget in self._parts.values()) > 1:
            self._parts[part].hide()

    @property
    def hides_any(self) -> bool:
        """Whether a part is hidden."""
        return any(widget.isHidden() for widget in self._parts.values())

    @property
    def parts(self) -> list[str]:
        """What can be shown alone."""
        return list(self._parts)

    def to_keep(self) -> dict[str, object]:
        """Return by key the choices to remember, and the sizes that were chosen in this window."""
        choices = {"run/choices": [plot.choice.currentIndex() for plot in self.plots]}
        return choices | ({"run/sizes": self._splitter.saveState()} if self._is_moved else {})

    def restore_from(self, settings: Settings) -> None:
        """Take sizes and choices from the last time."""
        if isinstance(sizes := settings.value("run/sizes"), QByteArray):
            self._splitter.restoreState(sizes)
        choices = settings.value("run/choices")
        for plot, index in zip(
            self.plots, choices if isinstance(choices, list) else [], strict=False
        ):
            if str(index).isdecimal() and int(index) < plot.choice.count():
                plot.choice.setCurrentIndex(int(index))

    def _keep_sizes(self) -> None:
        self._is_moved = True

    def _point_at(self, x: float | None) -> None:
        runs = self.scene.runs if self._scene is not None else ()
        last = max((len(run.path) - 1 for run in runs), default=0)
        step = None if x is None else min(max(0, round(x)), last)
        for plot in self.plots:
            plot.point_at(step, with_card=plot is self.sender())
