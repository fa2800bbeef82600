"""The window: three places side by side, and the connections between what is in them."""

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QContextMenuEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QMainWindow, QWidget

from gdviz.base.resources import assets
from gdviz.engine.objectives.code_ref import CodeRunner
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.validation import ExperimentError
from gdviz.ui.controls.descent_box import DescentBox
from gdviz.ui.controls.methods_box import MethodsBox
from gdviz.ui.controls.presentation_bar import PresentationBar
from gdviz.ui.controls.surface_box import SurfaceBox
from gdviz.ui.files.documents import Documents
from gdviz.ui.files.file_drop import FileDrop
from gdviz.ui.files.library_control import LibraryControl
from gdviz.ui.files.opening import Opening
from gdviz.ui.files.opening_control import OpeningControl
from gdviz.ui.lenses.run.lens import RunLens
from gdviz.ui.map.basins_control import BasinsControl
from gdviz.ui.map.notice import MapNotice
from gdviz.ui.map.relief.place import MapPlace
from gdviz.ui.map.strip import MapStrip
from gdviz.ui.map.timeline import Timeline
from gdviz.ui.store.file import File
from gdviz.ui.store.history import History
from gdviz.ui.store.store import Store
from gdviz.ui.tasks.running_code import OpenCode
from gdviz.ui.tasks.task import Task
from gdviz.ui.toolkit.build import column
from gdviz.ui.toolkit.plots.one_paint import OnePaint
from gdviz.ui.toolkit.screens import SMALLEST, need_width
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.sizes import Sizes
from gdviz.ui.toolkit.text import as_title
from gdviz.ui.toolkit.widgets.number_field import NumberField, commit_typed
from gdviz.ui.window.about import Help
from gdviz.ui.window.code_progress import CodeProgress
from gdviz.ui.window.commands import Commands
from gdviz.ui.window.context_menu import ContextMenu
from gdviz.ui.window.garbage import GarbageCollector
from gdviz.ui.window.guide_banner import GuideBanner
from gdviz.ui.window.guide_control import GuideControl
from gdviz.ui.window.layout import HEIGHT, WIDTH, Places
from gdviz.ui.window.lenses import Lenses
from gdviz.ui.window.menus import Slot, build_menus
from gdviz.ui.window.presentation import Presentation
from gdviz.ui.window.settings import SavedState
from gdviz.ui.window.size_choice import SizeChoice
from gdviz.ui.window.stale_picture import StalePicture
from gdviz.ui.window.theme_choice import ThemeChoice
from gdviz.ui.window.view_control import ViewControl

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class MainWindow(QMainWindow):
    """Shows the store's scenes and hands the person's intents to it.

    Parameters
    ----------
    experiment : Experiment
        What to show first.
    settings : Settings
        Where layout and last experiment are kept.
    theming : ThemeChoice
        Who knows whether it is light or dark.
    library : Path, optional
        The file of the person's own formulas; by default beside the settings.
    runner : CodeRunner, optional
        What runs the code of `experiment`, if it is code.
    """

    def __init__(
        self,
        experiment: Experiment,
        settings: Settings,
        theming: ThemeChoice,
        library: Path | None = None,
        runner: CodeRunner | None = None,
    ) -> None:
        super().__init__()
        GarbageCollector(self)
        self._settings = settings
        self._theming = theming
        self.sizes = SizeChoice(settings, self)  # before there is text
        self.code = OpenCode()
        if runner is not None:
            self.code.keep(runner)
        self.store = Store(experiment, self.code, self)
        self.documents = Documents(self, settings, File(saved=experiment))
        self.opening = Opening(
            experiment, self.code, self.documents, settings, self.with_place, self
        )
        self.history = History(experiment, self.documents.file, parent=self)
        library = library or settings.path.with_name("formulas.json")
        self.library = LibraryControl(library, self)
        self.setWindowIcon(QIcon(str(assets() / "icon.svg")))
        self.setMinimumSize(SMALLEST)

        self.surface_box = SurfaceBox(self)
        self.descent_box = DescentBox(experiment, self)
        self.methods_box = MethodsBox(self)
        self.map_place = MapPlace(self)
        self.map_view = self.map_place.map_view
        self.map_strip = MapStrip(self)
        self.basins = BasinsControl(
            experiment, self.code.objective, self.map_view, self.map_strip, self
        )
        self.sources = OpeningControl(
            experiment, self.opening, self.code, self.surface_box.source, self.map_strip, self
        )
        self.commands = Commands(
            self.store, self.history, self.documents, self.opening, self.basins, theming,
            self.map_place, self.with_place, self,
        )  # fmt: skip
        self.banner = GuideBanner(self)
        self.timeline = Timeline(self)
        self.run_lens = RunLens(self)
        lenses = Lenses(self.commands, self.map_view, self.opening, self.library, self)
        self.step_lens, self.cost_lens, self.sweep_lens = (
            lenses.step(), lenses.cost(), lenses.sweep()
        )  # fmt: skip
        self.scale_lens, self.data_lens, self.formula_lens = (
            lenses.scale(), lenses.data(), lenses.formula()
        )  # fmt: skip
        self.lenses = (
            self.run_lens, self.step_lens, self.cost_lens, self.sweep_lens, self.scale_lens,
            self.data_lens, self.formula_lens,
        )  # fmt: skip
        self.places = Places(
            (self.surface_box, self.descent_box, self.methods_box),
            (self.banner, self.map_place, self.timeline, self.map_strip),
            self.lenses,
            self,
        )
        self.left, self.middle, self.right = self.places.left, self.places.middle, self.places.right
        self.view = ViewControl(
            self.map_place, self.timeline, self.places, self.lenses, self.sizes, self
        )
        self.guides = GuideControl(
            self.commands, self.opening, self.history, self.banner, self.step_lens,
            self.timeline, self.open_lens, settings, self,
        )  # fmt: skip
        bar = PresentationBar(
            experiment, [*self.run_lens.parts, *(lens.title for lens in self.lenses)], self
        )
        bar.hide()
        self.bar, whole = bar, QWidget(self)
        column((self.places, 1), bar, inside=whole, spacing=0)
        self.setCentralWidget(whole)
        self.presentation = Presentation(
            self, settings, self.places, bar, self.timeline, (self.banner, self.map_strip),
            self.lenses, self.sizes,
        )  # fmt: skip
        self.resize(WIDTH, HEIGHT)
        # Else the list of surfaces has the focus, which takes letters and digits for a search.
        self.map_view.setFocus()
        self.help = Help(self)
        self.menus = build_menus(self.menuBar(), self, theming)
        self.addActions(list(self.menus.values()))  # keys work where the menus are hidden, too
        for slot in (self.timeline.toggle_playing, self.commands.show_home_range):
            # Space and Home mean something else to the buttons and sliders at the left.
            action = self.menus[slot]
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.removeAction(action)
            self.middle.addAction(action)
        self.view.tick(self.menus)
        self.guides.enable(self.menus)
        self._context = ContextMenu(self, self)
        self._connect()
        # What is typed in the Formula lens is not out of date, nor what the Scale lens measures.
        views = [lens for lens in self.lenses if lens not in (self.formula_lens, self.scale_lens)]
        notice = MapNotice(self.map_place)
        self.store.scene_changed.connect(notice.show_scene)
        self.store.preview_changed.connect(notice.show_preview)
        self.stale_picture = StalePicture(self.store, self.map_place, views, self)
        self.code_progress = CodeProgress(self.store, self.code, self.map_strip, self)
        one_paint = OnePaint(self)  # the last that hears of a picture: all of it is shown by then
        self.store.scene_changed.connect(one_paint.wait)
        self.store.preview_changed.connect(one_paint.wait)
        self.timeline.step_changed.connect(one_paint.wait)
        self._state = self._restore()
        self.store.experiment_changed.emit(experiment)
        self._show_theme()
        self._show_sizes(self.sizes.sizes)
        self._show_history()
        self.store.build_now()
        self.view.go_to_place(experiment)
        self._show_title()
        self.library.refresh()

    def _connect(self) -> None:
        """Connect intents to the store, and scenes to the views. Nothing else knows both."""
        store, commands, timeline = self.store, self.commands, self.timeline
        for changed in (
            self.surface_box.changed, self.descent_box.changed, self.methods_box.changed,
            self.map_view.changed, self.map_place.changed, self.map_strip.changed,
            self.bar.changed,
        ):  # fmt: skip
            changed.connect(commands.change)
        for show_experiment in (
            self.map_strip.show_experiment,  # before anybody has something to say
            self.sources.show_experiment, self.surface_box.show_experiment,
            self.descent_box.show_experiment, self.methods_box.show_experiment,
            self.formula_lens.show_experiment, self.library.show_experiment,
            self.map_view.show_experiment, self.map_place.show_experiment,
            self.basins.show_experiment, self.bar.show_experiment, self.view.show_experiment,
            self._show_experiment, self.history.record,
        ):  # fmt: skip
            store.experiment_changed.connect(show_experiment)
        # The timeline hands a scene on together with the step that is current in it.
        for show_picture in (
            timeline.show_scene, self.map_strip.show_scene, self.methods_box.show_scene,
            self.descent_box.show_scene,
        ):  # fmt: skip
            store.scene_changed.connect(show_picture)
        store.preview_changed.connect(timeline.show_preview)
        timeline.preview_changed.connect(self.map_view.show_preview)
        for show_scene, show_step in (
            (self.map_view.show_scene, self.map_view.show_step),
            (self.map_place.show_scene, self.map_place.show_step),
            *((lens.show_scene, lens.show_step) for lens in self.lenses),
        ):
            timeline.scene_changed.connect(show_scene)
            timeline.step_changed.connect(show_step)
        self.surface_box.surface_chosen.connect(commands.choose_surface)
        self.descent_box.reset_asked.connect(commands.reset)
        self.map_view.start_added.connect(commands.add_start)
        self.map_view.fit_asked.connect(commands.fit_to_paths)
        self.view.changed.connect(commands.change_view)
        self.basins.changed.connect(commands.change_view)
        self.map_view.pointed_at.connect(self.map_strip.point_at)
        self.map_place.pointed_at.connect(self.map_strip.point_at)
        self.map_view.moved_under.connect(self.map_strip.move_under)
        self.map_strip.cancel_asked.connect(self.cancel)
        commands.about_to_replace.connect(self._forget_what_was_said)
        commands.said.connect(self.map_strip.say)
        self.documents.said.connect(self.map_strip.say)
        self.surface_box.formula_chosen.connect(self.library.open)
        self.surface_box.new_asked.connect(self.new_formula)
        self.library.titles_changed.connect(self.surface_box.show_library)
        self.library.chosen.connect(commands.replace_part)
        self.library.refused.connect(self.map_strip.say)
        store.refused.connect(self._show_refusal)
        store.failed.connect(self.sources.show_failure)
        store.busy_changed.connect(self.map_strip.set_busy)
        self.basins.shown.connect(self.menus[self.basins.set_shown].setChecked)
        self.basins.drawn.connect(self.map_place.show_basins)
        self.basins.failed.connect(self.sources.show_failure)
        self.history.changed.connect(self._show_history)
        self.sources.opened.connect(commands.replace_opened)
        self.opening.experiment_opened.connect(self.view.go_to_place)
        self.sources.to_build_again.connect(store.build_again)
        self.opening.data_opened.connect(self.take_data)
        self.opening.data_refused.connect(self._refuse_data)
        self.documents.file_changed.connect(self.history.set_file)
        self.documents.file_changed.connect(self._show_title)
        self.documents.data_refused.connect(self._refuse_data)
        untitled = self.documents.untitled
        untitled.asks_changed.connect(self.menus[untitled.set_asks].setChecked)
        self._drop = FileDrop(self)
        self._drop.dropped.connect(self.opening.open_name)
        self._drop.refused.connect(self.map_strip.say)
        self._theming.changed.connect(self._show_theme)
        self.sizes.changed.connect(self._show_sizes)
        self.sizes.said.connect(self.map_strip.say)
        self.bar.leave_asked.connect(self._stop_presenting)
        self.places.no_room.connect(self._hide_side)

    # ---------------------------------------------------------------- showing

    def _show_experiment(self, experiment: Experiment) -> None:
        self.menus[self.commands.remove_starts].setEnabled(bool(experiment.more_starts))
        self.menus[self.commands.set_equal_units].setChecked(experiment.equal_units)
        self.banner.show_experiment(experiment)
        self._show_title()

    def with_place(self, experiment: Experiment) -> Experiment:
        """Return an experiment with the lens and the step that are shown."""
        return self.view.with_place(experiment)

    def _show_title(self) -> None:
        file = self.documents.file
        name = file.path.name if file.path else "Untitled"
        self.setWindowTitle(f"{as_title(name)}[*] — gdviz")
        modified = self.documents.is_modified(self.store.experiment)
        if modified != self.isWindowModified():  # all widgets are told, even where it is the same
            self.setWindowModified(modified)

    def _show_theme(self) -> None:
        theme = self._theming.theme
        for view in (self.map_view, self.map_place, *self.lenses):
            view.set_theme(theme)

    def _show_sizes(self, sizes: Sizes) -> None:
        for view in (self.map_view, self.map_place, self.run_lens):
            view.set_sizes(sizes)
        self.places.set_text_size(sizes.text)
        need_width(self, self.places.minimumSizeHint().width())

    def _show_history(self) -> None:
        self.banner.show_depth(self.history.depth())
        self.menus[self.commands.undo].setEnabled(self.history.can_undo())
        self.menus[self.commands.redo].setEnabled(self.history.can_redo())

    def _show_refusal(self, error: ExperimentError) -> None:
        if not self.methods_box.show_refusal(error):
            self.descent_box.show_refusal(error)
        self.map_view.show_experiment(self.store.experiment)  # dragged too far, or zoomed too deep

    def _forget_what_was_said(self) -> None:
        """Take back what a guide said of the last experiment, and what it refused."""
        self.banner.hide()
        for field in self.left.findChildren(NumberField):
            field.set_value(field.value(), force=True)

    def open_lens(self, title: str, view: str = "") -> None:
        """Show the lenses, and one of them, in one of its views."""
        self.menus[self.places.show_right].setChecked(True)
        self.places.open_lens(title, view)

    def take_data(self, experiment: Experiment, notes: str) -> None:
        """Fit to other data, of which its reader had something to say."""
        self.show_data(experiment, notes)
        self.commands.replace_data(experiment)

    def show_data(self, experiment: Experiment, notes: str) -> None:
        """Open the lens that shows an experiment's data, with what its reader had to say."""
        self.open_lens(self.data_lens.title)
        self.data_lens.page("data").note(experiment.function.data, notes)

    def _refuse_data(self, sentence: str) -> None:
        self.open_lens(self.data_lens.title)
        self.data_lens.page("data").show_refusal(sentence)

    # ---------------------------------------------------------------- the menus' slots

    def new_formula(self) -> None:
        """Let the person write a formula."""
        self.open_lens(self.formula_lens.title)
        self.formula_lens.begin_formula()

    def cancel(self) -> None:
        """Give up what goes on: presenting, or what is being picked, computed or measured."""
        if self.presentation.is_on:
            self._stop_presenting()
            return
        self.sweep_lens.cancel()
        self.scale_lens.cancel()
        self.sources.cancel()
        if self.basins.cancel():
            self.map_strip.say("Cancelled: the basins stay as they are until the next change")
        if self.store.is_busy():
            self.store.cancel()
            self.map_strip.say(f"Cancelled: {self.store.what_is_shown()}")

    def show_full_screen(self, full: bool) -> None:
        """Take the whole screen, or give it back."""
        self.setWindowState(
            self.windowState() | Qt.WindowState.WindowFullScreen
            if full
            else self.windowState() & ~Qt.WindowState.WindowFullScreen
        )

    def present(self, on: bool) -> None:
        """Show the map, one panel and large controls alone, or all of the window again."""
        self.presentation.set_on(on)
        self.bar.show_experiment(self.store.experiment)
        self.menus[self.show_full_screen].setChecked(self.isFullScreen())
        self.map_view.setFocus()

    def _hide_side(self, shown: Slot) -> None:
        """Hide the side that a slot of the View menu shows."""
        self.menus[shown].setChecked(False)

    def _stop_presenting(self) -> None:
        self.menus[self.present].setChecked(False)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with what lies under a right click."""
        if self._context.open_at(event.globalPos()):
            event.accept()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and isinstance(self.focusWidget(), (QComboBox, QAbstractItemView))
            and event.text().isprintable()
            and not event.modifiers() & _COMMANDS
        ):
            event.accept()  # what is typed over a list searches it, and is no shortcut
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Look at the library again: another window may have changed it meanwhile."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.library.refresh_if_changed()

    # ---------------------------------------------------------------- from one run to the next

    def _restore(self) -> SavedState:
        """Lay the window out as it was left."""
        slots = {"show_left": self.places.show_left, "show_right": self.places.show_right}
        toggles = {name: self.menus[slot] for name, slot in slots.items()}
        state = SavedState(self._settings, self, toggles, (self.places, self.run_lens))
        self.menus[self.show_full_screen].setChecked(self.isFullScreen())
        return state

    def remember(self) -> None:
        """Keep layout and experiment for the next time."""
        commit_typed(self)
        self._state.write_geometry(self.presentation.geometry)
        self._remember_choices()

    def _remember_choices(self) -> None:
        self._state.write_changes()
        experiment, left = self.store.experiment, self.opening.left
        # Code that was not opened again may be opened the next time.
        kept = left if left is not None and experiment == Experiment() else experiment
        if not (self.opening.is_last_waiting and experiment == Experiment()):
            self.documents.leaving.keep(self.with_place(kept))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs in the background, remember everything, let go."""
        may_close = self.documents.leaving.may_close(self.commands.as_seen())
        if not may_close and self.documents.asks:  # else it was ended while it asked
            event.ignore()
            return
        # Where it presents its size comes back later than anybody waits for.
        self._state.write_geometry(self.presentation.geometry)
        self.presentation.set_on(False)
        self._remember_choices()  # before anything is waited for: a drive may hang
        self.documents.stop()
        self.code.close()  # before any is waited for: workers may be waiting for it
        for part in (self.map_place, self.opening, self.store, *self.lenses):
            part.stop()
        for timer in self.findChildren(QTimer):
            if not isinstance(timer.parent(), GarbageCollector):  # which outlives the window
                timer.stop()
        for task in self.findChildren(Task):
            task.stop()
        self.sizes.stop()
        super().closeEvent(event)
