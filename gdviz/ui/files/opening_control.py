"""Opening in the window: connects who opens files, who shows where f is from, and who tells."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gdviz.engine.objectives.code_ref import CodeError
from gdviz.experiment.experiment import Experiment
from gdviz.ui.controls.source_box import SourceBox
from gdviz.ui.files.open_task import Source
from gdviz.ui.files.opening import Opening
from gdviz.ui.files.output_dialog import OutputDialog
from gdviz.ui.map.strip import MapStrip
from gdviz.ui.tasks.failure_text import failure, in_the_window
from gdviz.ui.tasks.running_code import OpenCode


class OpeningControl(QObject):
    """Shows what files and code are under way, and what was said of them.

    Parameters
    ----------
    experiment : Experiment
        The first one.
    opening : Opening
        Who opens files.
    code : OpenCode
        What was opened.
    source : SourceBox
        Where it is shown what f is, where it is no formula.
    map_strip : MapStrip
        Where the progress is, and what is said.
    parent : QObject, optional

    Attributes
    ----------
    opened : Signal(Experiment)
        Another experiment is to be shown, as a step of its own.
    to_build_again : Signal()
        The scene of the same experiment can be built now: its code was not open before.
    """

    opened = Signal(object)
    to_build_again = Signal()

    def __init__(
        self,
        experiment: Experiment,
        opening: Opening,
        code: OpenCode,
        source: SourceBox,
        map_strip: MapStrip,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._experiment = experiment
        self._opening, self._code = opening, code
        self._source, self._map_strip = source, map_strip
        opening.opened.connect(self._take)
        opening.given_up.connect(self._show_source)
        opening.source_noted.connect(self._show_source)
        opening.code_refused.connect(source.show_failure)
        opening.code_refused.connect(map_strip.say)
        opening.said.connect(map_strip.say)
        opening.busy_changed.connect(self._show_busy)
        source.metric_chosen.connect(opening.choose_metric)
        source.transpose_asked.connect(opening.transpose)
        source.reload_asked.connect(opening.reload)
        source.slice_box.chosen.connect(opening.choose_slice)
        source.seed_box.chosen.connect(opening.choose_seed)
        source.output_asked.connect(self._show_output)
        self._output: OutputDialog | None = None

    def show_experiment(self, experiment: Experiment) -> None:
        """Follow another experiment."""
        self._experiment = experiment
        self._opening.show_experiment(experiment)
        self._show_source()

    def show_failure(self, error: Exception) -> None:
        """Say why a scene could not be built."""
        sentence = failure(error)
        self._map_strip.say(sentence)
        if isinstance(error, CodeError):
            self._source.show_failure(sentence)

    def cancel(self) -> None:
        """Give up the file that is being opened, and whatever code is doing."""
        self._code.interrupt()
        if self._opening.cancel():
            self._map_strip.say("Cancelled: the file was not opened")

    def _show_source(self) -> None:
        experiment = self._experiment
        found = self._opening.sources.of(experiment) or Source(Path())
        code = experiment.function.code
        opened = code is None or self._code.is_open(code)
        notes = tuple(map(in_the_window, found.notes))
        noisy = code is not None and self._code.is_noisy(code)
        self._source.show_experiment(experiment, found.metrics, found.metric, notes, opened, noisy)

    def _show_output(self) -> None:
        code = self._experiment.function.code
        if code is not None:
            self._output = self._output or OutputDialog(self._source.window())
            self._output.show_output(code.name, self._code.output(code))

    def _take(self, experiment: Experiment) -> None:
        if experiment == self._experiment:
            self._show_source()
            self.to_build_again.emit()
        else:
            self.opened.emit(experiment)

    def _show_busy(self, busy: bool) -> None:
        self._map_strip.set_busy(busy, "opening")
