"""What f is where it is no formula: losses from a file, or a person's own code."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_ref import Code
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.experiment.experiment import Experiment
from gdviz.scene.captions import losses, slice_axes
from gdviz.ui.controls.seed_box import SeedBox
from gdviz.ui.controls.slice_box import SliceBox
from gdviz.ui.toolkit.build import button, column, combo, row
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.elided_label import ElidedLabel
from gdviz.ui.toolkit.widgets.message_label import MessageLabel, as_sentence
from gdviz.ui.toolkit.widgets.scrolled_text import ScrolledText


class SourceBox(QWidget):
    """Names the file, says what is made of it, and what is to be known about it.

    Attributes
    ----------
    slice_box : SliceBox
        Which slice of a network is shown.
    seed_box : SeedBox
        What a stochastic loss is seeded with.
    metric_chosen : Signal(str)
        The person wants another of the file's surfaces.
    transpose_asked : Signal()
        The person wants the axes the other way round.
    reload_asked : Signal()
        The person wants the code to be opened, or opened again.
    output_asked : Signal()
        The person wants to read what the code printed.
    """

    metric_chosen = Signal(str)
    transpose_asked = Signal()
    reload_asked = Signal()
    output_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple = ()
        self._name = ElidedLabel(self)
        self._about = MessageLabel(self)
        self._notes = MessageLabel(self)
        self._failure = MessageLabel(self)
        self._failure.setAccessibleName("What is wrong with the code")
        tip = "Which of the file's surfaces to show; the file is read again"
        self._metric = combo("Which surface of the file", tip, self._choose_metric, parent=self)
        tip = "Read the file's cells in the other order: it does not say which axis comes first"
        self._transpose = button("Transpose", tip, self.transpose_asked, self)
        self._reload = button("Reload", _RELOAD, self.reload_asked, self)
        self.slice_box = SliceBox(self)
        self.seed_box = SeedBox(self)
        self._output = button("Output…", "What the code has printed", self.output_asked, self)
        texts = QWidget(self)
        column(self._about, self._notes, inside=texts, spacing=5)
        column(
            self._name, ScrolledText(texts, self), self.slice_box, self.seed_box,
            row((self._metric, 1), self._transpose, self._reload, self._output, spacing=6),
            self._failure,
            inside=self, spacing=5,
        )  # fmt: skip
        self.show_failure("")

    def show_experiment(
        self,
        experiment: Experiment,
        metrics: Sequence[str] = (),
        metric: str = "",
        notes: Sequence[str] = (),
        is_open: bool = True,
        is_noisy: bool = False,
    ) -> None:
        """Show what an experiment is about; hidden where that is a formula.

        Parameters
        ----------
        experiment : Experiment
            What the person chose.
        metrics, metric
            The surfaces in the file of a grid, and which one it is; none where that is not known.
        notes : sequence of str
            What was found when the file was opened.
        is_open : bool
            Whether the code has been opened, so that it can be run.
        is_noisy : bool
            Whether it was found to return other values at the same point.
        """
        self.show_failure("")
        grid, code = experiment.function.grid, experiment.function.code
        shown = (grid, code, metrics, metric, notes, is_open, is_noisy)
        if shown == self._shown:
            return  # as in each frame of a drag
        self._shown = shown
        self.setVisible(grid is not None or code is not None)
        if grid is not None:
            self._show_grid(grid, metrics, notes)
        elif code is not None:
            self._show_code(code, is_open, notes)
            self.seed_box.show_seed(code.loss_seed)
        is_stochastic = code is not None and (is_noisy or code.loss_seed is not None)
        self.seed_box.setVisible(is_stochastic and is_open)

    def show_failure(self, sentence: str) -> None:
        """Say what is wrong with the code, or nothing."""
        if sentence == self._failure.text() and bool(sentence) != self._failure.isHidden():
            return
        self._failure.say(sentence, error=True)
        self._failure.setVisible(bool(sentence))

    def texts(self) -> list[str]:
        """Return what it says."""
        labels = (self._name, self._about, self._notes, self._failure)
        return [label.text() for label in labels if not label.isHidden()]

    def _show_grid(self, grid: LossGrid, metrics: Sequence[str], notes: Sequence[str]) -> None:
        self._show_texts(
            grid.source or "Losses of a grid",
            f"f is the bicubic interpolant of {losses(grid)}, with its own exact derivatives.",
            notes or _notes_of(grid),
        )
        self.slice_box.hide()
        self._metric.clear()
        self._metric.addItems(list(metrics))
        self._show_metric()
        self._metric.setVisible(len(metrics) > 1)
        self._transpose.setVisible(grid.ambiguous)
        self._reload.hide()
        self._output.hide()

    def _show_code(self, code: Code, is_open: bool, notes: Sequence[str]) -> None:
        what = f"its {code.loss}"
        if code.slice is not None:
            what = (
                f"a slice of {what}, along {slice_axes(code.slice)}, computed by the network itself"
            )
        if code.has_gradient:
            about = f"f is {what}, ∇f its gradient."
        else:
            few = "Differences and complex steps" if code.takes_complex else "Differences"
            about = f"{few} only: {CodeObjective(code).no_gradient}."
        self._show_texts(code.name, about, notes if is_open else (_CLOSED,))
        self._name.setToolTip(as_tip(code.path))
        self._metric.hide()
        self._transpose.hide()
        if code.slice is not None:
            self.slice_box.show_settings(code.slice)
        self.slice_box.setVisible(code.slice is not None and is_open)
        self._reload.setText("Reload" if is_open else "Open…")
        self._reload.setToolTip(_RELOAD if is_open else "Run the file, after asking you")
        self._reload.show()
        self._output.setVisible(is_open)

    def _show_texts(self, name: str, about: str, notes: Sequence[str]) -> None:
        self._name.setText(name)
        self._name.setToolTip("")
        self._about.say(about)
        self._notes.say(" ".join(map(as_sentence, notes)))
        self._notes.setVisible(bool(notes))

    def _choose_metric(self, _index: int) -> None:
        chosen = self._metric.currentText()
        self._show_metric()  # as it is, until it is another one
        self.metric_chosen.emit(chosen)

    def _show_metric(self) -> None:
        metric: str = self._shown[3]
        self._metric.setCurrentIndex(max(0, self._metric.findText(metric)))


_RELOAD = "Run the file again. This happens automatically when it is saved."
_CLOSED = "it is not open, so it is not run"


def _notes_of(grid: LossGrid) -> list[str]:
    """Return what can be seen of a grid that came with an experiment."""
    if not grid.holes:
        return []
    cells = "points" if grid.is_line else "cells"
    are = "is" if grid.holes == 1 else "are"
    return [f"{grid.holes:,} of {grid.cells:,} {cells} {are} missing"]
