"""The window: three places side by side, and the connections between what is in them."""

from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QIcon
from PySide6.QtWidgets import (
    QMainWindow,
    QMenu,
)

from gdviz.base.resources import assets
from gdviz.engine.objectives.surfaces import find_surface
from gdviz.experiment.change_function import on_surface, reset
from gdviz.experiment.guides import guides
from gdviz.experiment.model import MAX_STARTS, Experiment
from gdviz.experiment.random_starts import random_starts
from gdviz.ui.controls.descent_box import DescentBox
from gdviz.ui.controls.methods_box import MethodsBox
from gdviz.ui.controls.surface_box import SurfaceBox
from gdviz.ui.files.documents import Documents
from gdviz.ui.files.file_drop import FileDrop
from gdviz.ui.files.library_control import LibraryControl
from gdviz.ui.files.opening import Opening
from gdviz.ui.files.opening_control import OpeningControl
from gdviz.ui.lenses.formula.lens import FormulaLens
from gdviz.ui.lenses.lens import Lens, PageEntry
from gdviz.ui.lenses.run.lens import RunLens
from gdviz.ui.lenses.step.lens import StepLens
from gdviz.ui.map.basins_control import BasinsControl
from gdviz.ui.map.map_view import MapView
from gdviz.ui.map.strip import MapStrip
from gdviz.ui.map.timeline import Timeline
from gdviz.ui.store.file import File
from gdviz.ui.store.history import Entry, History
from gdviz.ui.store.store import Store, is_ground_of
from gdviz.ui.tasks.running_code import close_code
from gdviz.ui.toolkit.widgets.number_field import NumberField
from gdviz.ui.window.about import about_text, help_text, show_text
from gdviz.ui.window.actions import build_menus
from gdviz.ui.window.code_progress import CodeProgress
from gdviz.ui.window.guide_banner import GuideBanner
from gdviz.ui.window.layout import HEIGHT, WIDTH, Places
from gdviz.ui.window.page_connections import PageConnections
from gdviz.ui.window.random_starts_dialog import StartsDialog
from gdviz.ui.window.settings import restore_window, save_window
from gdviz.ui.window.stale_picture import StalePicture
from gdviz.ui.window.theme_choice import Theming

_SWEEPS = {
    "epsilon": PageEntry(
        "sweep.epsilon:EpsilonPage",
        "ε: gradient error",
        "How wrong the estimates are, against the step ε",
    ),
    "alpha": PageEntry(
        "sweep.alpha:RatePage",
        "α: final loss",
        "How far the methods get, against the learning rate α",
    ),
}


class MainWindow(QMainWindow):
    """Shows the store's scenes and hands the person's intents to it.

    Parameters
    ----------
    experiment : Experiment
        What to show first.
    settings : QSettings
        Where layout and last experiment are kept.
    theming : Theming
        Who knows whether it is light or dark.
    library : Path, optional
        The file of the person's own formulas; by default beside the settings.
    """

    def __init__(
        self,
        experiment: Experiment,
        settings: QSettings,
        theming: Theming,
        library: Path | None = None,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._theming = theming
        self.store = Store(experiment, self)
        self.documents = Documents(self)
        self.opening = Opening(experiment, self.documents, settings, self)
        self.history = History(experiment, self.documents.file, parent=self)
        library = library or Path(settings.fileName()).with_name("formulas.json")
        self.library = LibraryControl(library, self)
        self.setWindowIcon(QIcon(str(assets() / "icon.svg")))
        self.setMinimumSize(980, 560)

        self.surface_box = SurfaceBox(self)
        self.descent_box = DescentBox(experiment, self)
        self.methods_box = MethodsBox(self)
        self.map_view = MapView(self)
        self.map_strip = MapStrip(self)
        self.basins = BasinsControl(experiment, self.map_view, self.map_strip, self)
        self.sources = OpeningControl(
            experiment, self.opening, self.surface_box.source, self.map_strip, self
        )
        self.banner = GuideBanner(self)
        self.timeline = Timeline(self)
        self.run_lens = RunLens(self)
        self.step_lens = StepLens(self)
        self.cost_lens = Lens("Cost", {"cost": PageEntry("cost.page:CostPage")}, self)
        self.sweep_lens = Lens("Sweep", _SWEEPS, self)
        self.scale_lens = Lens("Scale", {"scale": PageEntry("scale.page:ScalePage")}, self)
        self.data_lens = Lens("Data", {"data": PageEntry("data.page:DataPage")}, self)
        self.formula_lens = FormulaLens(self)
        self.lenses = (
            self.run_lens, self.step_lens, self.cost_lens, self.sweep_lens, self.scale_lens,
            self.data_lens, self.formula_lens,
        )  # fmt: skip
        self.places = Places(
            (self.surface_box, self.descent_box, self.methods_box),
            (self.banner, self.map_view, self.timeline, self.map_strip),
            self.lenses,
            self,
        )
        self.left, self.middle = self.places.left, self.places.middle
        self.right = self.places.right
        self.setCentralWidget(self.places)
        self.resize(WIDTH, HEIGHT)
        self.actions_by_name = build_menus(self)
        for name in ("play", "home_range"):
            # Space and Home mean something else to the buttons and sliders at the left.
            action = self.actions_by_name[name]
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.middle.addAction(action)
        self._add_theme_menu()
        self._add_guides()
        file_menu = self.menuBar().findChild(QMenu, "File")
        file_menu.insertMenu(self.actions_by_name["save"], self.opening.recent)
        self._connect()
        # What is typed in the Formula lens is not out of date.
        views = [lens for lens in self.lenses if lens is not self.formula_lens]
        self.stale_picture = StalePicture(self.store, self.map_view, views, self)
        self.code_progress = CodeProgress(self.store, self.map_strip, self)
        restore_window(self, settings)
        self.store.experiment_changed.emit(experiment)
        self._show_theme()
        self._show_history()
        self.store.build_now()
        self._show_title()
        self.library.refresh()

    # ---------------------------------------------------------------- construction

    def _add_theme_menu(self) -> None:
        menu = self.menuBar().findChild(QMenu, "View")
        group = QActionGroup(self)
        for name, title in Theming.CHOICES.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(name == self._theming.choice)
            action.setData(name)
            group.addAction(action)
        group.triggered.connect(self._choose_theme)

    def _add_guides(self) -> None:
        menu = self.menuBar().findChild(QMenu, "Experiments")
        menu.setToolTipsVisible(True)
        for guide in guides():
            action = menu.addAction(guide.title)
            action.setToolTip(guide.look)
            action.setData(guide)
        menu.triggered.connect(self._open_guide)

    def _connect(self) -> None:
        """Connect intents to the store, and scenes to the views. Nothing else knows both."""
        store = self.store
        self.surface_box.surface_chosen.connect(self.choose_surface)
        self.surface_box.constant_changed.connect(self._turn_constant)
        self.descent_box.changed.connect(self.change)
        self.descent_box.reset_asked.connect(self.reset)
        self.methods_box.changed.connect(self._change_methods)
        self.map_view.start_chosen.connect(self._move_start)
        self.map_view.start_added.connect(self._add_start)
        self.map_view.range_chosen.connect(self._change_range)
        self.map_view.pointed_at.connect(self.map_strip.point_at)
        self.map_strip.home_asked.connect(self.home_range)
        self.map_strip.color_scale_chosen.connect(self._choose_color_scale)
        self.map_strip.cancel_asked.connect(self.cancel)
        for view in (
            self.sources, self.surface_box, self.descent_box, self.methods_box, self.formula_lens,
            self.library, self.map_view, self.basins,
        ):  # fmt: skip
            store.experiment_changed.connect(view.show_experiment)
        store.experiment_changed.connect(self._show_experiment)
        store.experiment_changed.connect(self.history.record)
        # The timeline hands a scene on together with the step that is current in it.
        for view in (self.timeline, self.map_strip, self.methods_box, self.descent_box):
            store.scene_changed.connect(view.show_scene)
        for view in (self.map_view, *self.lenses):
            self.timeline.scene_changed.connect(view.show_scene)
            self.timeline.step_changed.connect(view.show_step)
        self.surface_box.formula_chosen.connect(self.library.open)
        self.surface_box.new_asked.connect(self.new_formula)
        self.library.titles_changed.connect(self.surface_box.show_library)
        self.library.chosen.connect(self._replace_experiment)
        self.library.refused.connect(self.map_strip.say)
        store.refused.connect(self.descent_box.show_refusal)
        store.failed.connect(self.sources.show_failure)
        store.busy_changed.connect(self.map_strip.set_busy)
        self.basins.shown.connect(self.actions_by_name["show_basins"].setChecked)
        self.basins.failed.connect(self.sources.show_failure)
        self.history.changed.connect(self._show_history)
        self.sources.opened.connect(self._replace_experiment)
        self.sources.to_build_again.connect(store.build_again)
        self.opening.data_opened.connect(self.take_data)
        self.opening.data_refused.connect(self._refuse_data)
        self.documents.file_changed.connect(self.history.set_file)
        self.documents.file_changed.connect(self._show_title)
        self.documents.data_refused.connect(self._refuse_data)
        self.documents.said.connect(self.map_strip.say)
        self._page_connections = PageConnections(self)
        self._drop = FileDrop(self)
        self._drop.dropped.connect(self.opening.open_name)
        self._drop.refused.connect(self.map_strip.say)
        self._theming.changed.connect(self._show_theme)

    # ---------------------------------------------------------------- showing

    def _show_experiment(self, experiment: Experiment) -> None:
        self.actions_by_name["remove_starts"].setEnabled(bool(experiment.more_starts))
        if experiment.formula:
            self.banner.hide()  # guides are about surfaces
        self._show_title()

    def _show_title(self) -> None:
        file = self.documents.file
        self.setWindowTitle(f"{file.path.name if file.path else 'Untitled'}[*] — gdviz")
        modified = file.path is not None and self.store.experiment != file.saved
        if modified != self.isWindowModified():  # all widgets are told, even where it is the same
            self.setWindowModified(modified)

    def _show_theme(self) -> None:
        theme = self._theming.theme
        for view in (self.map_view, *self.lenses):
            view.set_theme(theme)

    def _show_history(self) -> None:
        self.actions_by_name["undo"].setEnabled(self.history.can_undo())
        self.actions_by_name["redo"].setEnabled(self.history.can_redo())

    # ---------------------------------------------------------------- intents

    def change(self, fields: dict) -> None:
        """Change fields of the experiment."""
        self.store.change(**fields)

    def _move_start(self, a: float, b: float) -> None:
        if not self.store.change(start=(a, b)):  # over the edge of the world
            self.map_view.show_experiment(self.store.experiment)

    def _add_start(self, a: float, b: float) -> None:
        starts = (*self.store.experiment.more_starts, (a, b))
        if len(starts) > MAX_STARTS:
            self.map_strip.say(f"There can be at most {MAX_STARTS} other starts")
            return
        self.history.begin_step()  # each click is undone by itself
        self.store.change(more_starts=starts)

    def _change_range(self, extent: tuple) -> None:
        if not self.store.change(range=extent):  # too deep for floats
            self.map_view.show_experiment(self.store.experiment)

    def _change_methods(self, methods: tuple) -> None:
        self.store.change(methods=methods)

    def _choose_color_scale(self, name: str) -> None:
        self.store.change(color_scale=name)

    def _turn_constant(self, name: str, value: float) -> None:
        self.store.change(constants={**self.store.experiment.constants, name: value})

    def _return_to(self, entry: Entry) -> None:
        self.store.set_experiment(entry.experiment)
        self.documents.set_file(entry.file)

    def _replace_experiment(self, experiment: Experiment) -> None:
        self.history.begin_step()  # else soon after a change of the same fields it would be one
        self.banner.hide()  # the guide's sentences are not about this one
        for field in self.left.findChildren(NumberField):
            field.set_value(field.value(), force=True)  # what was refused belongs to the last one
        self.store.set_experiment(experiment)

    def choose_surface(self, name: str) -> None:
        """Descend on a built-in surface."""
        if name != self.store.experiment.surface:
            self.store.set_experiment(on_surface(self.store.experiment, find_surface(name)))

    def take_data(self, experiment: Experiment) -> None:
        """Fit to other data."""
        self._open_lens(self.data_lens.title)
        self._replace_experiment(experiment)

    def _refuse_data(self, sentence: str) -> None:
        self._open_lens(self.data_lens.title)
        self.data_lens.page("data").show_refusal(sentence)

    def _open_lens(self, title: str, view: str = "") -> None:
        self.actions_by_name["show_right"].setChecked(True)
        self.places.open_lens(title, view)

    # ---------------------------------------------------------------- the menus' slots

    def _open_guide(self, action: QAction) -> None:
        """Set the window up for a guided experiment; undo brings the last one back."""
        guide = action.data()
        self._replace_experiment(guide.experiment)
        self.documents.set_file(File())
        self.banner.show_guide(guide)
        self.basins.show_guide(guide)
        self.step_lens.choose_method(guide.method)
        self._open_lens(guide.lens, guide.view)
        if guide.step is None:
            self.timeline.last()
        else:
            self.timeline.set_step(guide.step)

    def new(self) -> None:
        """Start again with the experiment of the first start."""
        self._replace_experiment(Experiment())
        self.documents.set_file(File())

    def open(self) -> None:
        """Open an experiment, data, a loss landscape, or Python code."""
        self.opening.open()

    def open_path(self, path: Path) -> None:
        """Open a file of any kind."""
        self.opening.open_path(path)

    def save(self) -> None:
        """Save the experiment."""
        self.documents.save(self.store.experiment)

    def save_as(self) -> None:
        """Save the experiment under another name."""
        self.documents.save_as(self.store.experiment)

    def export_picture(self) -> None:
        """Export the picture."""
        if self._has_scene():
            basins = self.basins.job.of(self.store.scene.experiment)
            self.documents.export_picture(self.store.scene, self._theming.is_dark, basins)

    def export_table(self) -> None:
        """Export the table."""
        if self._has_scene():
            self.documents.export_table(self.store.scene)

    def copy_picture(self) -> None:
        """Copy the picture."""
        if self._has_scene():
            basins = self.basins.job.of(self.store.scene.experiment)
            self.documents.copy_picture(self.store.scene, self._theming.is_dark, basins)

    def _has_scene(self) -> bool:
        """Return whether there is a picture; say so where a slow first one is still to come."""
        if self.store.scene is None:
            self.map_strip.say("There is no picture yet")
        return self.store.scene is not None

    def undo(self) -> None:
        """Go back to the experiment before."""
        if self.history.can_undo():
            self._return_to(self.history.undo())

    def redo(self) -> None:
        """Go forward again."""
        if self.history.can_redo():
            self._return_to(self.history.redo())

    def new_formula(self) -> None:
        """Let the person write a formula."""
        self._open_lens(self.formula_lens.title)
        self.formula_lens.begin_formula()

    def draw_starts(self) -> None:
        """Draw other starts at random over the visible map."""
        dialog = StartsDialog(self)
        if dialog.exec() == StartsDialog.DialogCode.Accepted:
            self.history.begin_step()
            extent = self.store.experiment.map_range
            self.store.change(more_starts=random_starts(extent, *dialog.choice()))
        dialog.deleteLater()  # else the window would keep it

    def remove_starts(self) -> None:
        """Remove the other starts."""
        self.history.begin_step()
        self.store.change(more_starts=())

    def home_range(self) -> None:
        """Show the surface's home range."""
        self.store.change(range=None)

    def reset(self) -> None:
        """Go back to the surface's own start, α, ε and constants."""
        self._replace_experiment(reset(self.store.experiment))

    def cancel(self) -> None:
        """Give up what goes on: picking a point, and what is being computed."""
        self.sweep_lens.cancel()
        self.sources.cancel()
        if self.basins.cancel():
            self.map_strip.say("Cancelled: the basins stay as they are until the next change")
        if self.store.is_busy():
            self.store.cancel()
            self.map_strip.say(f"Cancelled: {self._what_is_shown()}")

    def _what_is_shown(self) -> str:
        scene = self.store.scene
        if scene is None:
            return "there is no picture until the next change"
        if scene.experiment is self.store.experiment:
            return "the map stays coarse until the next change"
        if is_ground_of(scene, self.store.experiment):
            return "there are no paths until the next change"
        return "the picture is from before the last change"

    def show_full_screen(self, full: bool) -> None:
        """Take the whole screen, or give it back."""
        self.setWindowState(
            self.windowState() | Qt.WindowState.WindowFullScreen
            if full
            else self.windowState() & ~Qt.WindowState.WindowFullScreen
        )

    def show_help(self) -> None:
        """Say what mouse and keys do."""
        show_text(self, "Mouse and keys", help_text())

    def about(self) -> None:
        """Show versions and licence."""
        show_text(self, "About gdviz", about_text())

    def _choose_theme(self, action) -> None:
        self._theming.choose(action.data())

    def changeEvent(self, event: QEvent) -> None:
        """Look at the library again: another window may have changed it meanwhile."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.library.refresh_if_changed()

    # ---------------------------------------------------------------- the end

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs in the background, remember everything, let go."""
        close_code()  # before any is waited for: workers may be waiting for it
        self.opening.stop()
        self.store.stop()
        self.stale_picture.stop()
        self.code_progress.stop()
        self.basins.stop()
        self.documents.stop()
        self.surface_box.stop()
        for lens in self.lenses:
            lens.stop()
        self.timeline.pause()
        save_window(self, self._settings)
        super().closeEvent(event)
