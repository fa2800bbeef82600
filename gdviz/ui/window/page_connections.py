"""What the pages of the lenses are connected to, each as soon as it is made."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gdviz.experiment.model import Experiment
from gdviz.ui.lenses.lens import Lens
from gdviz.ui.lenses.page import Page

if TYPE_CHECKING:
    from gdviz.ui.lenses.formula.library_row import LibraryRow
    from gdviz.ui.window.main_window import MainWindow


class PageConnections(QObject):
    """Connects the intents of pages, and what they lay on the map.

    Parameters
    ----------
    window : MainWindow
        Whose lenses they are of.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._store = window.store
        for lens in window.lenses:
            if isinstance(lens, Lens):
                lens.made.connect(self._connect)

    def _connect(self, name: str, page: Page) -> None:
        window, map_view = self._window, self._window.map_view
        match name:
            case "direction":
                page.changed.connect(window.change)
                page.on_map_changed.connect(map_view.show_circle)
            case "models":
                page.on_map_changed.connect(map_view.show_models)
            case "epsilon":
                page.epsilon_chosen.connect(self._choose_epsilon)
                page.picking_asked.connect(map_view.set_picking)
                page.point_changed.connect(map_view.show_pick)
                map_view.picked.connect(page.pick)
            case "alpha":
                page.alpha_chosen.connect(self._choose_alpha)
            case "data":
                page.surface_chosen.connect(window.choose_surface)
                page.open_asked.connect(window.opening.open_data)
                page.save_asked.connect(self._save_data)
                page.built_in_asked.connect(self._take_built_in_data)
            case "formula":
                page.chosen.connect(self._store.set_experiment)
                page.range_guessed.connect(self._take_guessed_range)
                self._connect_library(page.library)
            case "check":
                page.chosen.connect(self._store.set_experiment)
                page.on_map_changed.connect(map_view.show_error)

    def _connect_library(self, row: "LibraryRow") -> None:
        library = self._window.library
        row.show_titles(library.titles)
        library.titles_changed.connect(row.show_titles)
        library.said.connect(row.say)
        library.lost.connect(row.say_lost)
        library.refused.connect(row.say_refusal)
        row.save_asked.connect(library.save)
        row.rename_asked.connect(library.rename)
        row.delete_asked.connect(library.delete)
        row.restore_asked.connect(library.restore)
        row.export_asked.connect(library.export)
        row.export_all_asked.connect(library.export_all)
        row.import_asked.connect(library.take)

    # ---------------------------------------------------------------- intents

    def _choose_epsilon(self, epsilon: float) -> None:
        self._store.change(epsilon=epsilon)

    def _choose_alpha(self, alpha: float) -> None:
        self._store.change(alpha=alpha)

    def _save_data(self) -> None:
        self._window.documents.save_data(self._store.experiment.data_set)

    def _take_built_in_data(self) -> None:
        self._window.take_data(self._store.experiment.replace(data=None))

    def _take_guessed_range(self, experiment: Experiment) -> None:
        """Show the range that was guessed for what was typed: undone together with that."""
        if experiment != self._store.experiment:
            self._window.history.continue_step()
            self._store.set_experiment(experiment)
