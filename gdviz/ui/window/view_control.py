"""What is seen of an experiment: shown as it says, changed by the View menu, kept with it."""

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.view import View
from gdviz.ui.lenses.page import Page
from gdviz.ui.lenses.step.lens import StepLens
from gdviz.ui.map.relief.place import MapPlace
from gdviz.ui.map.timeline import Timeline
from gdviz.ui.window.layout import Places
from gdviz.ui.window.size_choice import SizeChoice

#: The parts of the map that can be hidden.
PARTS = ("contours", "minima", "others", "trajectory", "legend")


class ViewControl(QObject):
    """Takes what lies on the map from the experiment, and the place in it from the window.

    Parameters
    ----------
    map_place : MapPlace
        The map, or three dimensions.
    timeline : Timeline
        The current step.
    places : Places
        Which lens is open.
    lenses : sequence of Page
        Those that there are.
    sizes : SizeChoice
        How wide paths are, and how large their dots.
    parent : QObject

    Attributes
    ----------
    changed : Signal(dict)
        Fields of the experiment and their new values.
    shown : Signal(View)
        This is shown.
    """

    changed = Signal(dict)
    shown = Signal(object)

    def __init__(
        self,
        map_place: MapPlace,
        timeline: Timeline,
        places: Places,
        lenses: Sequence[Page],
        sizes: SizeChoice,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._map_place, self._timeline = map_place, timeline
        self._places = places
        self._lenses = {lens.title: lens for lens in lenses}
        self._step_lens = next(lens for lens in lenses if isinstance(lens, StepLens))
        self._step_lens.view_changed.connect(self._take)
        self._sizes = sizes
        self._view = View()
        self._actions: dict[str, QAction] = {}

    def tick(self, actions: Mapping[Callable[..., object], QAction]) -> None:
        """Keep those of a window's actions ticked that run this one's slots, as it is shown."""
        slots = (
            self.show_contours, self.show_minima, self.show_others, self.show_trajectory,
            self.show_legend, self.keep_drawings, self.show_relief,
        )  # fmt: skip
        self._actions = dict(
            zip((*PARTS, "drawings", "relief"), (actions[slot] for slot in slots), strict=True)
        )

    # ---------------------------------------------------------------- the View menu's slots

    def show_contours(self, visible: bool) -> None:
        """Show or hide contour lines."""
        self._change(contours=visible)

    def show_minima(self, visible: bool) -> None:
        """Show or hide known minima."""
        self._change(minima=visible)

    def show_others(self, visible: bool) -> None:
        """Show or hide the paths from the other starts."""
        self._change(others=visible)

    def show_trajectory(self, visible: bool) -> None:
        """Show or hide the trajectory that came with a loss landscape."""
        self._change(trajectory=visible)

    def show_legend(self, visible: bool) -> None:
        """Show or hide the legend."""
        self._change(legend=visible)

    def keep_drawings(self, kept: bool) -> None:
        """Keep the Step lens's drawings on the map when the lens is closed, or do not."""
        self._change(drawings=kept)

    def choose_path_width(self, action: QAction) -> None:
        """Take the width of paths that is an action's data."""
        self._change(path_width=action.data())

    def choose_step_dots(self, action: QAction) -> None:
        """Take the size of dots that is an action's data."""
        self._change(step_dots=action.data())

    def show_relief(self, visible: bool) -> None:
        """Show the surface in three dimensions, or the map."""
        self._change(relief=visible)

    def _take(self, fields: dict[str, object]) -> None:
        self._change(**fields)

    def _change(self, **fields: object) -> None:
        view = replace(self._view, **fields)
        if view != self._view:
            self.changed.emit({"view": view})

    # ---------------------------------------------------------------- an experiment's view

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what an experiment has on the map."""
        before, self._view = self._view, experiment.view
        for part in PARTS:
            if (visible := getattr(self._view, part)) != getattr(before, part):
                self._map_place.set_visible(part, visible)
        self._step_lens.show_view(self._view)
        self._sizes.show_view(self._view)
        if self._view.relief != before.relief:
            self._map_place.set_relief_shown(self._view.relief)
        for part, action in self._actions.items():
            action.setChecked(getattr(self._view, part))
        self.shown.emit(self._view)

    def go_to_place(self, experiment: Experiment) -> None:
        """Open the lens and take the step that an experiment was left with."""
        view = experiment.view
        if view.lens in self._lenses:
            lens = self._lenses[view.lens]
            self._places.open_lens(view.lens, view.page if view.page in lens.views() else "")
        self._timeline.await_step(view.step, experiment)

    def with_place(self, experiment: Experiment) -> Experiment:
        """Return an experiment with the lens and the step that are shown."""
        lens = self._places.right.currentWidget()
        title = lens.title if isinstance(lens, Page) else ""
        page = self._lenses[title].view() if title else ""
        view = replace(
            experiment.view, lens=title, page=page,
            step=None if self._timeline.is_at_end else self._timeline.step,
        )  # fmt: skip
        return experiment.replace(view=view)
