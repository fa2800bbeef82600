"""What menus and views ask for: another experiment, which can be undone, and files of it.

Dialogs and pictures are imported when they are asked for: the first frame waits for neither.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gdviz.engine.objectives.surfaces import find_surface
from gdviz.experiment.change_function import on_surface, reset, with_built_in_data
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.guided.guides import Guide
from gdviz.experiment.random_starts import random_starts
from gdviz.experiment.validation import MAX_STARTS
from gdviz.export.options import FigureOptions, Theme
from gdviz.scene.map.fit_range import lost_sentence, range_of_paths
from gdviz.scene.scene import Point, Scene
from gdviz.ui.files.documents import Documents
from gdviz.ui.files.opening import Opening
from gdviz.ui.map.basins_control import BasinsControl
from gdviz.ui.map.relief.place import MapPlace
from gdviz.ui.store.file import File
from gdviz.ui.store.history import Entry, History
from gdviz.ui.store.store import Store
from gdviz.ui.toolkit.beside_window import BesideWindow
from gdviz.ui.toolkit.widgets.number_field import commit_typed
from gdviz.ui.window.theme_choice import ThemeChoice

if TYPE_CHECKING:
    from gdviz.scene.animation.frames import Frame

#: How often a map is fitted to paths that are followed further on it, until it has them whole.
_MOST_FITS = 4

_OFF_HOME = (
    "The start is not in the home range: F, or a double click on the map, shows it with its paths"
)


class Commands(QObject):
    """Changes the store's experiment, and writes files of it and of its scene.

    Parameters
    ----------
    store : Store
        Who holds both.
    history : History
        What can be undone.
    documents : Documents
        Who writes files, and knows the experiment's.
    opening : Opening
        Who opens files.
    basins : BasinsControl
        Which basins lie on the map, and belong in a picture.
    theming : ThemeChoice
        Whether a picture is dark.
    map_place : MapPlace
        Whether a picture is in three dimensions.
    with_place : callable
        Returns an experiment with the lens and the step that are shown, to be saved.
    window : QWidget
        The dialogs' parent.

    Attributes
    ----------
    about_to_replace : Signal()
        Another experiment is to be shown as a whole: what was said of this one is over.
    said : Signal(str)
        Why nothing came of a command.
    """

    about_to_replace = Signal()
    said = Signal(str)

    def __init__(
        self,
        store: Store,
        history: History,
        documents: Documents,
        opening: Opening,
        basins: BasinsControl,
        theming: ThemeChoice,
        map_place: MapPlace,
        with_place: Callable[[Experiment], Experiment],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.store, self._history, self._documents = store, history, documents
        self._opening, self._basins = opening, basins
        self._theming, self._map_place, self._window = theming, map_place, window
        self._with_place = with_place
        self._to_fit: Experiment | None = None  # to whose paths the map is to be fitted
        self._fits = 0  # since the person asked for it
        theming.changed.connect(self._show_theme)
        store.experiment_changed.connect(self._await_no_others)
        store.scene_changed.connect(self._fit_to_awaited)

    def _show_theme(self) -> None:
        for dialog in self._window.findChildren(BesideWindow):
            dialog.set_theme(self._theming.theme)

    # ---------------------------------------------------------------- a part of the experiment

    def change(self, fields: dict[str, Any]) -> None:
        """Change fields of the experiment."""
        self.store.change(**fields)

    def add_start(self, a: float, b: float) -> None:
        """Let all methods start at a point as well."""
        starts = (*self.store.experiment.more_starts, (a, b))
        if len(starts) > MAX_STARTS:
            self.said.emit(f"There can be at most {MAX_STARTS} other starts")
            return
        self._set_starts(starts)

    def draw_starts(self) -> None:
        """Draw other starts at random over the visible map."""
        from gdviz.ui.window.random_starts_dialog import RandomStartsDialog

        dialog = RandomStartsDialog(self._window)
        if dialog.exec() == RandomStartsDialog.DialogCode.Accepted:
            self._set_starts(random_starts(self.store.experiment.map_range, *dialog.choice()))
        dialog.deleteLater()  # else the window would keep it

    def _set_starts(self, starts: Sequence[Point]) -> None:
        """Take other starts, which are to be seen then; each time it is undone by itself."""
        self._history.begin_step()
        view = msgspec.structs.replace(self.store.experiment.view, others=True)
        self.store.change(more_starts=tuple(starts), view=view)

    def remove_starts(self) -> None:
        """Remove the other starts."""
        self._history.begin_step()
        self.store.change(more_starts=())

    def show_home_range(self) -> None:
        """Show the surface's home range, and say so where the start is not in it."""
        self.store.change(range=None)
        if not self.store.experiment.map_range.contains(*self.store.experiment.start):
            self.said.emit(_OFF_HOME)

    def fit_to_paths(self) -> None:
        """Show the start and all paths, wherever they are, as soon as they are computed."""
        self._to_fit, self._fits = self.store.experiment, 0
        if self.store.scene is not None:
            self._fit_to_awaited(self.store.scene)

    def _fit_to_awaited(self, scene: Scene) -> None:
        """Fit the map if paths are awaited for that, and these are the ones.

        A path that leaves the map is not followed to its end: on the map that shows it, it is
        longer, which is undone together.
        """
        if self._to_fit is None or scene.experiment != self._to_fit:
            return
        self._to_fit = None
        fitted, shown = range_of_paths(scene), scene.experiment.map_range
        low, high = (fitted.a_low, fitted.b_low), (fitted.a_high, fitted.b_high)
        if self._fits == 0 or not (shown.contains(*low) and shown.contains(*high)):
            if self._fits == 0:
                self._history.begin_step()
            else:
                self._history.continue_step()
            self.store.change(range=tuple(fitted))
            self._fits += 1
            if self._fits < _MOST_FITS:
                self._to_fit = self.store.experiment
        if lost := lost_sentence(scene):
            self.said.emit(lost)

    def _await_no_others(self, experiment: Experiment) -> None:
        if experiment != self._to_fit:
            self._to_fit = None

    def change_view(self, fields: dict[str, Any]) -> None:
        """Change what lies on the map: each time it is undone by itself."""
        self._history.begin_step()
        self.store.change(**fields)

    def set_equal_units(self, equal: bool) -> None:
        """Draw a unit of a as long as a unit of b, or let the map fill its place."""
        if equal != self.store.experiment.equal_units:
            self._history.begin_step()
            self.store.change(equal_units=equal)

    def take_guessed_range(self, experiment: Experiment) -> None:
        """Show the range that was guessed for what was typed: undone together with that."""
        if experiment != self.store.experiment:
            self._history.continue_step()
            self.store.set_experiment(experiment)

    # ---------------------------------------------------------------- the whole experiment

    def replace(self, experiment: Experiment) -> None:
        """Show another experiment."""
        self._history.begin_step()  # else soon after a change of the same fields it would be one
        self.about_to_replace.emit()
        self.store.set_experiment(experiment)

    def replace_opened(self, experiment: Experiment) -> None:
        """Show what was opened, which undo takes back unless the last one only stood in for it."""
        self.replace(experiment)
        self._history.end_standing_in()

    def replace_data(self, experiment: Experiment) -> None:
        """Show an experiment in which data was opened: as a part, and as what was opened."""
        self.replace_part(experiment)
        self._history.end_standing_in()

    def replace_part(self, experiment: Experiment) -> None:
        """Show an experiment in which something else was opened, which is no change of it."""
        before = self.as_seen()
        self.replace(experiment)
        self._documents.begin_with(experiment, before)

    def begin(self, experiment: Experiment, *, of_file_only: bool = False) -> bool:
        """Show another experiment, which belongs to no file; ask, where changes are not saved.

        Parameters
        ----------
        experiment : Experiment
            The other.
        of_file_only : bool, default False
            Whether what is in no file is left without a question.

        Returns
        -------
        bool
            Whether the person went on.
        """
        before = self.as_seen()
        if not self._documents.leaving.may_leave(before, of_file_only=of_file_only):
            return False
        self.replace(experiment)
        self._documents.leave(before, File(saved=experiment))
        return True

    def new(self) -> None:
        """Start again with the experiment of the first start."""
        self.begin(Experiment())

    def reset(self) -> None:
        """Go back to the surface's own start, α, ε and constants."""
        self.replace(reset(self.store.experiment))

    def choose_surface(self, name: str) -> None:
        """Descend on a built-in surface."""
        experiment, surface = self.store.experiment, find_surface(name)
        if surface is not experiment.function.surface:
            self.store.set_experiment(on_surface(experiment, surface))
            self._documents.begin_with(self.store.experiment, experiment)

    def take_built_in_data(self) -> None:
        """Fit to the data that the surface comes with."""
        self.replace_part(with_built_in_data(self.store.experiment))

    def undo(self) -> None:
        """Go back to the experiment before."""
        if self._history.can_undo():
            self._return_to(self._history.undo())

    def redo(self) -> None:
        """Go forward again."""
        if self._history.can_redo():
            self._return_to(self._history.redo())

    def _return_to(self, entry: Entry) -> None:
        self.store.set_experiment(entry.experiment)
        self._documents.set_file(entry.file)

    # ---------------------------------------------------------------- files

    def sample_network(self) -> None:
        """Ask for Python code, and sample its loss beside the window."""
        from gdviz.ui.files.sampling.dialog import SampleDialog

        if (path := self._opening.ask_code()) is not None:
            code = self.store.experiment.function.code
            code = code if code is not None and Path(code.path) == path else None
            settings, seed = (None, None) if code is None else (code.slice, code.loss_seed)
            workers, theme = os.cpu_count() or 1, self._theming.theme
            dialog = SampleDialog(path, workers, theme, self._window, settings, seed)
            dialog.to_open.connect(self._opening.open_path)
            dialog.finished.connect(dialog.deleteLater)  # else the window would keep it
            dialog.show()

    def as_seen(self) -> Experiment:
        """Return the experiment with what is typed, and the lens and the step that are shown."""
        commit_typed(self._window)
        return self._with_place(self.store.experiment)

    def save(self) -> None:
        """Save the experiment."""
        self._documents.save(self.as_seen())

    def save_as(self) -> None:
        """Save the experiment under another name."""
        self._documents.save_as(self.as_seen())

    def save_guide(self, guide: Guide, path: Path) -> None:
        """Write a guide to a file."""
        self._documents.save_guide(guide, path)

    def save_data(self) -> None:
        """Write what is fitted to a file."""
        data = self.store.experiment.function.data_set
        if data is not None:
            self._documents.save_data(data)

    def export_picture(self) -> None:
        """Write the picture to a file."""
        if scene := self._scene():
            step = self._with_place(scene.experiment).view.step
            self._documents.export_picture(self._frame(scene, step), self._look())

    def export_animation(self) -> None:
        """Write pictures that move to a file, beside the window."""
        from gdviz.ui.files.animation_dialog import AnimationDialog

        if scene := self._scene():
            suggestion, theme = self._documents.suggestion(scene), self._theming.theme
            basins = self._basins.task.on_map(scene)
            dialog = AnimationDialog(scene, suggestion, self._look(), theme, self._window, basins)
            dialog.finished.connect(dialog.deleteLater)  # else the window would keep it
            dialog.show()

    def copy_picture(self) -> None:
        """Put the picture on the clipboard."""
        if scene := self._scene():
            self._documents.copy_picture(self._frame(scene), self._look())

    def export_table(self) -> None:
        """Write the steps to a file."""
        if scene := self._scene():
            self._documents.export_table(scene)

    def export_page(self) -> None:
        """Write a web page to a file."""
        if scene := self._scene():
            basins = self._basins.task.of(scene.experiment)
            seen = replace(scene, experiment=self._with_place(scene.experiment))
            self._documents.export_page(seen, basins)

    def _look(self) -> FigureOptions:
        """Return what a picture looks like that is like the window."""
        theme: Theme = "dark" if self._theming.is_dark else "light"
        return FigureOptions(theme=theme, relief=self._map_place.shows_relief)

    def _frame(self, scene: Scene, step: int | None = None) -> "Frame":
        """Return a scene up to a step, with what lies on the map."""
        from gdviz.scene.animation.frames import Frame

        frame = Frame(scene, step, basins=self._basins.task.of(scene.experiment))
        if self._map_place.shows_relief:  # on which lenses lay nothing
            return frame
        seen = self._map_place.map_view
        clouds = (seen.cloud,) if seen.cloud else ()
        return replace(
            frame, circle=seen.circle, clouds=clouds, models=seen.models, error=seen.error
        )

    def _scene(self) -> Scene | None:
        """Return the scene as it is seen; say so where a slow first one is still to come."""
        commit_typed(self._window)
        self.store.build_due()
        scene, view = self.store.scene, self.store.experiment.view
        if scene is None:
            self.said.emit("There is no picture yet")
        elif scene.experiment.view != view:  # while another is computed the map hides parts at once
            return replace(scene, experiment=scene.experiment.replace(view=view))
        return scene
