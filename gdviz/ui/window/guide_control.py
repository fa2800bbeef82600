"""Guided experiments: each sets the window up, and says what to look at."""

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.guides import Guide
from gdviz.ui.files.opening import Opening
from gdviz.ui.lenses.step.lens import StepLens
from gdviz.ui.map.basins_control import BasinsControl
from gdviz.ui.map.timeline import Timeline
from gdviz.ui.store.history import History
from gdviz.ui.window.commands import Commands
from gdviz.ui.window.guide_banner import GuideBanner


class GuideControl(QObject):
    """Opens guided experiments; undo brings the last experiment back.

    Parameters
    ----------
    commands : Commands
        Who shows another experiment.
    opening : Opening
        Who runs a network that a guide needs.
    history : History
        What a guide is undone to.
    banner : GuideBanner
        Where the guide says what to look at.
    basins : BasinsControl
        What it lays on the map.
    step_lens : StepLens
        Whose method it chooses.
    timeline : Timeline
        Whose step it chooses.
    open_lens : callable
        Opens a lens by its title, and one of its views by its name.
    parent : QObject
    """

    def __init__(
        self,
        commands: Commands,
        opening: Opening,
        history: History,
        banner: GuideBanner,
        basins: BasinsControl,
        step_lens: StepLens,
        timeline: Timeline,
        open_lens: Callable[[str, str], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._commands, self._opening, self._history = commands, opening, history
        self._banner, self._basins, self._step_lens = banner, basins, step_lens
        self._timeline, self._open_lens = timeline, open_lens
        self._to_come: Guide | None = None
        opening.opened.connect(self._show_guide_of_network)
        opening.given_up.connect(self._forget)

    def open_from_menu(self, action: QAction) -> None:
        """Open the guide that is an action's data."""
        if isinstance(action.data(), Guide):
            self.open_guide(action.data())

    def open_guide(self, guide: Guide) -> None:
        """Set the window up for a guided experiment."""
        self._to_come = guide if guide.file is not None else None
        if guide.file is not None:  # its network is run first
            settings = SliceSettings(directions=guide.directions)
            self._opening.open_example(guide.file, guide.experiment, settings)
            return
        self._commands.begin(guide.experiment)
        self._show(guide)

    def _show_guide_of_network(self, experiment: Experiment) -> None:
        """Show the guide whose network has been opened, if one waits for that."""
        guide, self._to_come = self._to_come, None
        code = experiment.function.code
        if guide is not None and code is not None and Path(code.path) == guide.file:
            self._show(replace(guide, experiment=experiment))

    def _forget(self) -> None:
        self._to_come = None

    def _show(self, guide: Guide) -> None:
        self._banner.show_guide(guide, self._history.depth())
        self._basins.show_guide(guide)
        self._step_lens.choose_method(guide.method)
        self._open_lens(guide.lens, guide.view)
        self._timeline.await_step(guide.step, guide.experiment)
