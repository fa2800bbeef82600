"""Guided experiments: each sets the window up, and says what to look at."""

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.guided.course import next_name, read_course
from gdviz.experiment.guided.guides import Guide, guides
from gdviz.experiment.validation import ExperimentError
from gdviz.ui.files.opening import Opening
from gdviz.ui.files.save_dialog import ask_path
from gdviz.ui.lenses.step.lens import StepLens
from gdviz.ui.map.timeline import Timeline
from gdviz.ui.store.file import File
from gdviz.ui.store.history import History
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.text import tell
from gdviz.ui.toolkit.widgets.message_label import as_sentence
from gdviz.ui.window.commands import Commands
from gdviz.ui.window.guide_banner import GuideBanner
from gdviz.ui.window.guide_dialog import GuideDialog

_FOLDER = "files/course"
_GUIDES = "gdviz guides (*.json)"


class GuideControl(QObject):
    """Opens guided experiments; undo brings the last experiment back.

    Parameters
    ----------
    commands : Commands
        Who shows another experiment.
    opening : Opening
        Who runs Python code that a guide needs: what comes with gdviz, or what may be run.
    history : History
        What a guide is undone to.
    banner : GuideBanner
        Where the guide says what to look at.
    step_lens : StepLens
        Whose method it chooses.
    timeline : Timeline
        Whose step it chooses.
    open_lens : callable
        Opens a lens by its title, and one of its views by its name.
    settings : Settings
        Where the folder of the last course is kept.
    window : QWidget
        The dialogs' parent.
    """

    def __init__(
        self,
        commands: Commands,
        opening: Opening,
        history: History,
        banner: GuideBanner,
        step_lens: StepLens,
        timeline: Timeline,
        open_lens: Callable[[str, str], None],
        settings: Settings,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._settings, self._window = settings, window
        self._course: tuple[Guide, ...] = ()
        self._place = 0
        # Another course and place, until its guide is there.
        self._asked_for: tuple[tuple[Guide, ...], int] = (), 0
        banner.next_asked.connect(self.next)
        banner.previous_asked.connect(self.previous)
        self._commands, self._opening, self._history = commands, opening, history
        self._banner, self._step_lens = banner, step_lens
        self._timeline, self._open_lens = timeline, open_lens
        self._to_come: Guide | None = None
        opening.opened.connect(self._show_guide_of_code)
        opening.given_up.connect(self._pass)
        self._go_on: tuple[QAction, ...] = ()

    def enable(self, actions: Mapping[Callable[..., object], QAction]) -> None:
        """Keep those of a window's actions enabled that lead to another guide of the course."""
        self._go_on = actions[self.previous], actions[self.next]
        self._show_place()

    def _show_place(self) -> None:
        for action, place in zip(self._go_on, (self._place - 1, self._place + 1), strict=False):
            action.setEnabled(0 <= place < len(self._course))

    def open_from_menu(self, action: QAction) -> None:
        """Open the shipped guide whose place in the course is an action's data."""
        if isinstance(place := action.data(), int):
            self._open(guides(), place)

    def open_course(self) -> None:
        """Ask for a folder of guides, and open the first."""
        folder = QFileDialog.getExistingDirectory(self._window, "Open course", str(self._folder()))
        if folder:
            self.show_course(Path(folder))

    def show_course(self, folder: Path) -> None:
        """Open the first guide of a folder; what is none is said."""
        try:
            course = read_course(folder)
        except ExperimentError as error:
            tell(self._window, as_sentence(str(error)))
            return
        self._settings.write({_FOLDER: str(folder)})
        self._open(course, 0)

    def next(self) -> None:
        """Open the next guide of the course."""
        self._go(1)

    def previous(self) -> None:
        """Open the guide before."""
        self._go(-1)

    def _go(self, way: int) -> None:
        if 0 <= (place := self._place + way) < len(self._course):
            # Of a guide anything may be tried: who goes on is not asked what becomes of that.
            self._open(self._course, place, of_file_only=self._banner.shows_guide())

    def save_guide(self) -> None:
        """Ask for a title and two sentences, and write the experiment as a guide."""
        experiment = self._commands.as_seen()
        dialog = GuideDialog(experiment, self._step_lens.method, self._window)
        dialog.deleteLater()  # once we are back in the event loop; the window would keep it
        if dialog.exec() != GuideDialog.DialogCode.Accepted:
            return
        guide = dialog.guide()
        suggestion = self._folder() / next_name(self._folder(), guide.title)
        path = ask_path(self._window, "Save as guide", suggestion, _GUIDES, ".json")
        if path is None:
            return
        self._settings.write({_FOLDER: str(path.parent)})
        self._commands.save_guide(guide, path)

    def _folder(self) -> Path:
        kept = self._settings.value(_FOLDER)
        return Path(kept) if isinstance(kept, str) and kept else Path.home()

    def _open(self, course: tuple[Guide, ...], place: int, *, of_file_only: bool = False) -> None:
        """Set the window up for a guide of a course, unless the person thinks better of it."""
        self._asked_for, guide = (course, place), course[place]  # two of them may be equal
        self._to_come = guide if guide.file is not None else None
        if guide.example and guide.file is not None:  # its network is run first
            settings = SliceSettings(directions=guide.directions)
            self._opening.open_example(guide.file, guide.experiment, settings)
        elif guide.file is not None:
            self._opening.open_experiment(guide.experiment, File(), f"“{guide.title}”")
        elif self._commands.begin(guide.experiment, of_file_only=of_file_only):
            self._show(guide)

    def _show_guide_of_code(self, experiment: Experiment) -> None:
        """Show the guide whose code has been opened, if one waits for that."""
        guide, self._to_come = self._to_come, None
        code = experiment.function.code
        if guide is not None and code is not None and Path(code.path) == guide.file:
            self._show(replace(guide, experiment=experiment))

    def _pass(self, stays: bool) -> None:
        """Forget the guide whose code was not run; who does not stay goes on from its place."""
        if self._to_come is not None and not stays:
            self._course, self._place = self._asked_for
            self._show_place()
        self._to_come = None

    def _show(self, guide: Guide) -> None:
        self._course, self._place = self._asked_for  # what the person stayed before is the next
        self._show_place()
        where = (self._place, len(self._course))
        self._banner.show_guide(guide, self._history.depth(), where)
        self._step_lens.choose_method(guide.method)
        self._open_lens(guide.lens, guide.view)
        self._timeline.await_step(guide.step, guide.experiment)
