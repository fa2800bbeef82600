"""The lenses: their pages are imported, made and connected when they are first opened."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gdviz.experiment.from_typed_text import Draft
from gdviz.ui.files.library_control import LibraryControl
from gdviz.ui.files.opening import Opening
from gdviz.ui.lenses.formula.lens import FormulaLens
from gdviz.ui.lenses.lens import Lens, PageEntry
from gdviz.ui.lenses.page import ExperimentPage, Page
from gdviz.ui.lenses.scale.lens import ScaleLens
from gdviz.ui.lenses.step.lens import StepLens
from gdviz.ui.lenses.step.page import StepPage
from gdviz.ui.map.map_view import MapView
from gdviz.ui.window.commands import Commands

if TYPE_CHECKING:  # the first frame waits for no page that nobody has opened
    from gdviz.ui.lenses.data.page import DataPage


# What the pages show, or ask, for their buttons' tooltips.
_ARITHMETIC = "The estimate ĝ with its numbers, and the update"
_DIRECTION = "The best direction of a step of length η, beside −∇f"
_MODELS = "What the Taylor models of first and second order predict for the step"
_EPSILON = "How wrong the estimates are, against the step ε"
_ALPHA = "How far the methods get, against the learning rate α"
_SCALE = "What a gradient costs with N parameters, on made data"
_NETWORK = "What a gradient costs on the network that is shown"
_FORMULA = "f(a, b), its constants and its derivatives"
_CHECK = "Is the gradient you derived right?"


class Lenses:
    """Makes lenses, whose pages are connected with what they change, and with the map.

    Parameters
    ----------
    commands : Commands
        What changes the experiment.
    map_view : MapView
        What pages draw on, and where points are picked.
    opening : Opening
        What opens data.
    library : LibraryControl
        The personal library.
    parent : QWidget
        Of the lenses.
    """

    def __init__(
        self,
        commands: Commands,
        map_view: MapView,
        opening: Opening,
        library: LibraryControl,
        parent: QWidget,
    ) -> None:
        self._commands, self._map_view = commands, map_view
        self._opening, self._library, self._parent = opening, library, parent
        self._draft = Draft()

    def step(self) -> StepLens:
        """Return the Step lens."""
        pages = {
            "arithmetic": PageEntry(self._arithmetic, "Arithmetic", _ARITHMETIC),
            "direction": PageEntry(self._direction, "Direction", _DIRECTION),
            "models": PageEntry(self._models, "Models", _MODELS),
        }
        return StepLens(pages, self._parent)

    def cost(self) -> Lens[Page]:
        """Return the Cost lens."""
        return Lens("Cost", {"cost": PageEntry(_cost)}, self._parent)

    def sweep(self) -> Lens[Page]:
        """Return the Sweep lens."""
        pages = {
            "epsilon": PageEntry(self._epsilon, "ε: gradient error", _EPSILON),
            "alpha": PageEntry(self._alpha, "α: final loss", _ALPHA),
        }
        return Lens("Sweep", pages, self._parent)

    def scale(self) -> Lens[Page]:
        """Return the Scale lens."""
        pages = {
            "scale": PageEntry(_scale, "Logistic regression", _SCALE),
            "network": PageEntry(_network, "Your network", _NETWORK),
        }
        return ScaleLens("Scale", pages, self._parent)

    def data(self) -> "Lens[DataPage]":
        """Return the Data lens."""
        return Lens("Data", {"data": PageEntry(self._data)}, self._parent)

    def formula(self) -> FormulaLens:
        """Return the Formula lens."""
        pages = {
            "formula": PageEntry(self._formula, "Formula", _FORMULA),
            "check": PageEntry(self._check, "Check my gradient", _CHECK),
        }
        return FormulaLens(pages, self._draft, self._parent)

    # ---------------------------------------------------------------- their pages

    def _arithmetic(self, parent: QWidget) -> StepPage:
        from gdviz.ui.lenses.step.arithmetic import ArithmeticPage

        page = ArithmeticPage(parent)
        page.on_map_changed.connect(self._map_view.show_cloud)
        return page

    def _direction(self, parent: QWidget) -> StepPage:
        from gdviz.ui.lenses.step.direction import DirectionPage

        page = DirectionPage(parent)
        page.changed.connect(self._commands.change)
        page.on_map_changed.connect(self._map_view.show_circle)
        return page

    def _models(self, parent: QWidget) -> StepPage:
        from gdviz.ui.lenses.step.taylor import TaylorPage

        page = TaylorPage(parent)
        page.changed.connect(self._commands.change)
        page.on_map_changed.connect(self._map_view.show_models)
        return page

    def _epsilon(self, parent: QWidget) -> Page:
        from gdviz.ui.lenses.sweep.epsilon import EpsilonPage

        page = EpsilonPage(parent)
        page.changed.connect(self._commands.change)
        page.picking_asked.connect(self._map_view.set_picking)
        page.point_changed.connect(self._map_view.show_pick)
        self._map_view.picked.connect(page.pick)
        return page

    def _alpha(self, parent: QWidget) -> Page:
        from gdviz.ui.lenses.sweep.alpha import AlphaPage

        page = AlphaPage(parent)
        page.changed.connect(self._commands.change)
        return page

    def _data(self, parent: QWidget) -> "DataPage":
        from gdviz.ui.lenses.data.page import DataPage

        page = DataPage(parent)
        page.surface_chosen.connect(self._commands.choose_surface)
        page.open_asked.connect(self._opening.open_data)
        page.save_asked.connect(self._commands.save_data)
        page.built_in_asked.connect(self._commands.take_built_in_data)
        page.standardised.connect(self._commands.replace)
        return page

    def _formula(self, parent: QWidget) -> ExperimentPage:
        from gdviz.ui.lenses.formula.page import FormulaPage

        page = FormulaPage(self._draft, parent)
        page.chosen.connect(self._commands.store.set_experiment)
        page.range_guessed.connect(self._commands.take_guessed_range)
        row, library = page.library, self._library
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
        return page

    def _check(self, parent: QWidget) -> ExperimentPage:
        from gdviz.ui.lenses.gradcheck.page import CheckPage

        page = CheckPage(self._draft, parent)
        page.chosen.connect(self._commands.store.set_experiment)
        page.on_map_changed.connect(self._map_view.show_error)
        return page


def _cost(parent: QWidget) -> Page:
    from gdviz.ui.lenses.cost.page import CostPage

    return CostPage(parent)


def _scale(parent: QWidget) -> Page:
    from gdviz.ui.lenses.scale.page import ScalePage

    return ScalePage(parent)


def _network(parent: QWidget) -> Page:
    from gdviz.ui.lenses.scale.network_page import NetworkPage

    return NetworkPage(parent)
