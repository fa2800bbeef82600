"""The Step lens: why the current step went where it did, on three pages."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gdviz.experiment.view import View
from gdviz.scene.absences import no_runs
from gdviz.scene.captions import coordinates
from gdviz.scene.moment import Moment
from gdviz.ui.lenses.lens import Lens, PageEntry
from gdviz.ui.lenses.method_choice import MethodChoice
from gdviz.ui.lenses.step.page import StepPage
from gdviz.ui.toolkit.widgets.fixed_height_label import FixedHeightLabel


class StepLens(Lens[StepPage]):
    """Arithmetic, best direction and Taylor models of a method's current step.

    Parameters
    ----------
    entries : mapping of str to PageEntry
        The pages by name.
    parent : QWidget, optional

    Attributes
    ----------
    view_changed : Signal(dict)
        Fields of the experiment's view and their new values.
    """

    view_changed = Signal(dict)

    def __init__(
        self, entries: Mapping[str, PageEntry[StepPage]], parent: QWidget | None = None
    ) -> None:
        super().__init__("Step", entries, parent)
        self._method = 1  # the row of the experiment; at first the forward difference
        self._seen = View()
        self._choice = MethodChoice("The method whose step is shown", self)
        self._choice.activated.connect(self._choose)
        self._where = FixedHeightLabel(muted=True, parent=self)
        for place, widget in enumerate((self._choice, self._where), start=1):
            self._column.insertWidget(place, widget)

    def tell(self, page: StepPage) -> None:
        """Tell a new page all that the others know."""
        page.show_method(self._method)
        page.show_view(self._seen)
        page.view_changed.connect(self.view_changed)
        super().tell(page)

    def choose_method(self, row: int) -> None:
        """Show another method's step, by its row in the experiment."""
        self._method = row
        self._refresh_if_open()
        for page in self.pages.values():
            page.show_method(row)

    @property
    def method(self) -> int:
        """The row of the method whose step is shown."""
        return self._method

    def show_view(self, view: View) -> None:
        """Hand on what an experiment has drawn on the map."""
        if view != self._seen:
            self._seen = view
            for page in self.pages.values():
                page.show_view(view)

    def _choose(self, _index: int) -> None:
        self.choose_method(self._choice.currentData())

    def refresh(self) -> None:
        """Show the methods to choose from, and the point."""
        moment = Moment.of(self.scene, self._method, self._step)
        self._choice.show_scene(self.scene, moment.run)
        at = coordinates(self.scene.experiment, moment.at)
        if moment.run is None:
            self._where.setText(f"{no_runs(self.scene)} This is the start: {at}")
            return
        late = moment.step < self._step
        ended = ", the last of its path" if late else ""
        self._where.setText(f"Step {moment.step}{ended}: {at}")
