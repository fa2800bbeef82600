"""The window: three places side by side, and the connections between what is in them."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QIcon
from PySide6.QtWidgets import (
    QMainWindow,
    QMenu,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gdviz.engine.data import Data
from gdviz.engine.surfaces import find_surface
from gdviz.experiment import MAX_STARTS, Experiment, ExperimentError
from gdviz.experiment_file import to_json
from gdviz.guides import guides
from gdviz.resources import assets
from gdviz.starts import random_starts
from gdviz.ui.about import about_text, help_text, show_text
from gdviz.ui.actions import build_menus
from gdviz.ui.basins_control import BasinsControl
from gdviz.ui.controls.descent_box import DescentBox
from gdviz.ui.controls.methods_box import MethodsBox
from gdviz.ui.controls.surface_box import SurfaceBox
from gdviz.ui.documents import Documents, File
from gdviz.ui.file_drop import FileDrop
from gdviz.ui.guide_banner import GuideBanner
from gdviz.ui.history import Entry, History
from gdviz.ui.map_strip import MapStrip
from gdviz.ui.map_view import MapView
from gdviz.ui.panels.cost_lens import CostLens
from gdviz.ui.panels.data_lens import DataLens
from gdviz.ui.panels.formula_lens import FormulaLens
from gdviz.ui.panels.run_lens import RunLens
from gdviz.ui.panels.scale_lens import ScaleLens
from gdviz.ui.panels.step_lens import StepLens
from gdviz.ui.panels.sweep_lens import SweepLens
from gdviz.ui.starts_dialog import StartsDialog
from gdviz.ui.store import Store
from gdviz.ui.theming import Theming
from gdviz.ui.timeline import Timeline

_LEFT_WIDTH = 270
_RIGHT_WIDTH = 405


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
    """

    def __init__(self, experiment: Experiment, settings: QSettings, theming: Theming) -> None:
        super().__init__()
        self._settings = settings
        self._theming = theming
        self.store = Store(experiment, self)
        self.documents = Documents(self)
        self.history = History(experiment, self.documents.file, parent=self)
        self.setWindowIcon(QIcon(str(assets() / "icon.svg")))
        self.setMinimumSize(980, 560)

        self.surface_box = SurfaceBox(self)
        self.descent_box = DescentBox(experiment, self)
        self.methods_box = MethodsBox(self)
        self.map_view = MapView(self)
        self.map_strip = MapStrip(self)
        self.basins = BasinsControl(experiment, self.map_view, self.map_strip, self)
        self.banner = GuideBanner(self)
        self.timeline = Timeline(self)
        self.run_lens = RunLens(self)
        self.step_lens = StepLens(self)
        self.sweep_lens = SweepLens(self)
        self.cost_lens = CostLens(self)
        self.scale_lens = ScaleLens(self)
        self.data_lens = DataLens(self)
        self.formula_lens = FormulaLens(self)
        self.lenses = (
            self.run_lens, self.step_lens, self.cost_lens, self.sweep_lens, self.scale_lens,
            self.data_lens, self.formula_lens,
        )  # fmt: skip
        self._lay_out()
        self.actions_by_name = build_menus(self)
        for name in ("play", "home_range"):
            # Space and Home mean something else to the buttons and sliders at the left.
            action = self.actions_by_name[name]
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.middle.addAction(action)
        self._add_theme_menu()
        self._add_guides()
        self._connect()
        self._restore()
        self._show_experiment(experiment)
        self._show_theme()
        self._show_history()
        self.store.build_now()
        self._show_title()

    # ---------------------------------------------------------------- construction

    def _lay_out(self) -> None:
        self.left = QWidget(self)
        column = QVBoxLayout(self.left)
        column.setContentsMargins(10, 4, 4, 10)
        column.setSpacing(6)
        for box in (self.surface_box, self.descent_box, self.methods_box):
            column.addWidget(box)
        column.addStretch(1)
        self.middle = QWidget(self)
        for place in (self.middle, *self.lenses):
            place.setProperty("place", True)
            place.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self.middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.map_view, 1)
        column.addWidget(self.timeline)
        column.addWidget(self.map_strip)
        self.right = QTabWidget(self)
        self.right.setTabBarAutoHide(True)
        self.right.setDocumentMode(True)
        for lens in self.lenses:
            self.right.addTab(lens, lens.title)
        self.places = QSplitter(Qt.Orientation.Horizontal, self)
        self.places.setHandleWidth(8)
        for place in (self.left, self.middle, self.right):
            self.places.addWidget(place)
        self.places.setChildrenCollapsible(False)
        for index, stretch in enumerate((0, 1, 0)):
            self.places.setStretchFactor(index, stretch)
        self.left.setMinimumWidth(_LEFT_WIDTH - 6)
        self.middle.setMinimumWidth(380)
        self.right.setMinimumWidth(300)
        self.setCentralWidget(self.places)
        self.resize(1440, 900)
        self.places.setSizes([_LEFT_WIDTH, 1440 - _LEFT_WIDTH - _RIGHT_WIDTH, _RIGHT_WIDTH])

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
        self.surface_box.surface_chosen.connect(self._choose_surface)
        self.surface_box.constant_changed.connect(self._turn_constant)
        self.descent_box.changed.connect(self._change)
        self.descent_box.reset_asked.connect(self.reset)
        self.methods_box.changed.connect(self._change_methods)
        self.map_view.start_chosen.connect(self._move_start)
        self.map_view.start_added.connect(self._add_start)
        self.map_view.range_chosen.connect(self._change_range)
        self.map_view.pointed_at.connect(self.map_strip.point_at)
        self.map_strip.home_asked.connect(self.home_range)
        self.map_strip.color_scale_chosen.connect(self._choose_color_scale)
        self.map_strip.cancel_asked.connect(self.cancel)
        store.experiment_changed.connect(self._show_experiment)
        store.experiment_changed.connect(self.history.record)
        store.scene_changed.connect(self.map_view.show_scene)
        store.scene_changed.connect(self.map_strip.show_scene)
        store.scene_changed.connect(self.methods_box.show_scene)
        store.scene_changed.connect(self.descent_box.show_scene)
        for lens in self.lenses:
            store.scene_changed.connect(lens.show_scene)
            self.timeline.step_changed.connect(lens.show_step)
        self.timeline.step_changed.connect(self.map_view.show_step)
        self.step_lens.changed.connect(self._change)
        self.step_lens.direction.on_map_changed.connect(self.map_view.show_circle)
        self.step_lens.models.on_map_changed.connect(self.map_view.show_models)
        self.sweep_lens.epsilon_chosen.connect(self._choose_epsilon)
        self.sweep_lens.alpha_chosen.connect(self._choose_alpha)
        self.sweep_lens.picking_asked.connect(self.map_view.set_picking)
        self.sweep_lens.point_changed.connect(self.map_view.show_pick)
        self.map_view.picked.connect(self.sweep_lens.pick)
        self.data_lens.surface_chosen.connect(self._choose_surface)
        self.data_lens.open_asked.connect(self.documents.open_data)
        self.data_lens.save_asked.connect(self._save_data)
        self.data_lens.built_in_asked.connect(self._take_built_in_data)
        self.formula_lens.chosen.connect(store.set_experiment)
        store.scene_changed.connect(self.timeline.show_scene)
        store.refused.connect(self.descent_box.show_refusal)
        store.failed.connect(self._report)
        store.busy_changed.connect(self.map_strip.set_busy)
        self.basins.shown.connect(self.actions_by_name["show_basins"].setChecked)
        self.basins.failed.connect(self._report)
        self.history.changed.connect(self._show_history)
        self.documents.opened.connect(self._replace_experiment)
        self.documents.file_changed.connect(self.history.set_file)
        self.documents.file_changed.connect(self._show_title)
        self.documents.data_opened.connect(self._take_data)
        self.documents.data_refused.connect(self._refuse_data)
        self.documents.said.connect(self.map_strip.say)
        self._drop = FileDrop(self)
        self._drop.dropped.connect(self._open_dropped)
        self._theming.changed.connect(self._show_theme)

    # ---------------------------------------------------------------- showing

    def _show_experiment(self, experiment: Experiment) -> None:
        self.surface_box.show_experiment(experiment)
        self.descent_box.show_experiment(experiment)
        self.methods_box.show_experiment(experiment)
        self.formula_lens.show_experiment(experiment)
        self.map_view.show_experiment(experiment)
        self.basins.show_experiment(experiment)
        self.actions_by_name["remove_starts"].setEnabled(bool(experiment.more_starts))
        self._show_title()

    def _show_title(self) -> None:
        file = self.documents.file
        self.setWindowTitle(f"{file.path.name if file.path else 'Untitled'}[*] — gdviz")
        self.setWindowModified(file.path is not None and self.store.experiment != file.saved)

    def _show_theme(self) -> None:
        theme = self._theming.theme
        for view in (self.map_view, *self.lenses):
            view.set_theme(theme)

    def _show_history(self) -> None:
        self.actions_by_name["undo"].setEnabled(self.history.can_undo())
        self.actions_by_name["redo"].setEnabled(self.history.can_redo())

    def _report(self, error: Exception) -> None:
        self.map_strip.say(f"The computation failed: {error}")

    # ---------------------------------------------------------------- intents

    def _change(self, fields: dict) -> None:
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

    def _choose_epsilon(self, epsilon: float) -> None:
        self.store.change(epsilon=epsilon)

    def _choose_alpha(self, alpha: float) -> None:
        self.store.change(alpha=alpha)

    def _turn_constant(self, name: str, value: float) -> None:
        self.store.change(constants={**self.store.experiment.constants, name: value})

    def _return_to(self, entry: Entry) -> None:
        self.store.set_experiment(entry.experiment)
        self.documents.set_file(entry.file)

    def _replace_experiment(self, experiment: Experiment) -> None:
        self.history.begin_step()  # else soon after a change of the same fields it would be one
        self.store.set_experiment(experiment)

    def _choose_surface(self, name: str) -> None:
        if name != self.store.experiment.surface:
            self.store.set_experiment(self.store.experiment.on_surface(find_surface(name)))

    def _take_data(self, data: Data | None) -> None:
        """Fit to other data; None is the surface's own."""
        try:
            experiment = self.store.experiment.replace(data=data)
        except ExperimentError as error:
            self._refuse_data(f"the data in {data.source} was not taken: {error.message}")
            return
        self._open_lens(self.data_lens.title)
        self._replace_experiment(experiment)

    def _take_built_in_data(self) -> None:
        self._take_data(None)

    def _refuse_data(self, sentence: str) -> None:
        self._open_lens(self.data_lens.title)
        self.data_lens.show_refusal(sentence)

    def _save_data(self) -> None:
        self.documents.save_data(self.store.experiment.data_set)

    def _open_dropped(self, path: str) -> None:
        self.open_path(Path(path))

    def _open_lens(self, title: str, view: str = "") -> None:
        self.actions_by_name["show_right"].setChecked(True)
        for lens in self.lenses:
            if lens.title == title:
                if view:
                    lens.choose_view(view)
                self.right.setCurrentWidget(lens)

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
        """Open an experiment, or data."""
        self.documents.open()

    def open_path(self, path: Path) -> None:
        """Open the file of an experiment, or of data."""
        self.documents.open_path(path)

    def save(self) -> None:
        """Save the experiment."""
        self.documents.save(self.store.experiment)

    def save_as(self) -> None:
        """Save the experiment under another name."""
        self.documents.save_as(self.store.experiment)

    def export_picture(self) -> None:
        """Export the picture."""
        if self._has_scene():
            self.documents.export_picture(self.store.scene, self._theming.is_dark)

    def export_table(self) -> None:
        """Export the table."""
        if self._has_scene():
            self.documents.export_table(self.store.scene)

    def copy_picture(self) -> None:
        """Copy the picture."""
        if self._has_scene():
            self.documents.copy_picture(self.store.scene, self._theming.is_dark)

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
        self._replace_experiment(self.store.experiment.reset())

    def cancel(self) -> None:
        """Give up what goes on: picking a point, and what is being computed."""
        self.sweep_lens.cancel()
        if self.basins.cancel():
            self.map_strip.say("Cancelled: the basins are as they were until the next change")
        if self.store.is_busy():
            self.store.cancel()
            self.map_strip.say(f"Cancelled: {self._what_is_shown()}")

    def _what_is_shown(self) -> str:
        scene = self.store.scene
        if scene is None:
            return "there is no picture until the next change"
        if scene.experiment is self.store.experiment:
            return "the map stays coarse until the next change"
        return "the picture is the one before the last change"

    def first_step(self) -> None:
        """Go to the start."""
        self.timeline.first()

    def previous_step(self) -> None:
        """Go one step back."""
        self.timeline.previous()

    def play(self) -> None:
        """Play the steps, or pause."""
        self.timeline.toggle_playing()

    def next_step(self) -> None:
        """Go one step on."""
        self.timeline.next()

    def last_step(self) -> None:
        """Go to the last step."""
        self.timeline.last()

    def show_contours(self, visible: bool) -> None:
        """Show or hide contour lines."""
        self.map_view.set_contours_visible(visible)

    def show_minima(self, visible: bool) -> None:
        """Show or hide the known minima."""
        self.map_view.set_minima_visible(visible)

    def show_others(self, visible: bool) -> None:
        """Show or hide the paths from the other starts."""
        self.map_view.set_others_visible(visible)

    def show_basins(self, visible: bool) -> None:
        """Show or hide the basins."""
        self.basins.set_shown(visible)

    def show_legend(self, visible: bool) -> None:
        """Show or hide the legend."""
        self.map_view.set_legend_visible(visible)

    def keep_overlays(self, kept: bool) -> None:
        """Leave what the Step lens draws on the map there when it is closed, or do not."""
        self.step_lens.set_kept(kept)

    def show_left(self, visible: bool) -> None:
        """Show or hide the left place."""
        self.left.setVisible(visible)

    def show_right(self, visible: bool) -> None:
        """Show or hide the right place."""
        self.right.setVisible(visible)

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

    # ---------------------------------------------------------------- between runs

    _TOGGLES = (
        "show_contours", "show_minima", "show_others", "show_legend", "show_left", "show_right",
    )  # fmt: skip

    def _restore(self) -> None:
        settings = self._settings
        # A file that anybody may have edited: what is not understood is left out.
        if isinstance(geometry := settings.value("window/geometry"), QByteArray):
            self.restoreGeometry(geometry)
            self.actions_by_name["show_full_screen"].setChecked(self.isFullScreen())
        if isinstance(sizes := settings.value("window/places"), QByteArray):
            self.places.restoreState(sizes)
        for name in self._TOGGLES:
            hidden = settings.value(f"view/{name}") in (False, "false")
            self.actions_by_name[name].setChecked(not hidden)
        self.run_lens.restore_from(settings)

    def _save(self) -> None:
        settings = self._settings
        settings.setValue("window/geometry", self.saveGeometry())
        settings.setValue("window/places", self.places.saveState())
        for name in self._TOGGLES:
            settings.setValue(f"view/{name}", self.actions_by_name[name].isChecked())
        self.run_lens.save_to(settings)
        settings.setValue("experiment", to_json(self.store.experiment))
        settings.sync()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs in the background, remember everything, let go."""
        self.store.stop()
        self.basins.stop()
        self.documents.stop()
        self.surface_box.stop()
        for lens in self.lenses:
            lens.stop()
        self.timeline.pause()
        self._save()
        super().closeEvent(event)
