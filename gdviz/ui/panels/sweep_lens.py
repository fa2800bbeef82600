"""The Sweep lens: where ε and α stop working, a view each."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gdviz.ui.panels.epsilon_view import EpsilonView
from gdviz.ui.panels.lens import Lens
from gdviz.ui.panels.rate_view import RateView
from gdviz.ui.theme import Theme
from gdviz.ui.widgets.segments import Segments

_CHOICES = {
    "epsilon": ("ε: gradient error", "How wrong the estimates are, against the step ε"),
    "alpha": ("α: final loss", "Where the methods get, against the learning rate α"),
}


class SweepLens(Lens):
    """The gradient's error against ε, or the final loss against α.

    Attributes
    ----------
    epsilon_chosen, alpha_chosen : Signal(float)
        The person dragged a line, or took the best ε.
    picking_asked : Signal(bool)
        The next click on the map is to be the sweep's point, or no longer is.
    point_changed : Signal(object)
        The picked point (a, b) that the sweep is made at; None where it is made elsewhere.
    """

    title = "Sweep"
    epsilon_chosen = Signal(float)
    alpha_chosen = Signal(float)
    picking_asked = Signal(bool)
    point_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = "epsilon"

    def build(self) -> None:
        """Make the widgets."""
        self._segments = Segments(_CHOICES, self)
        self._segments.chosen.connect(self.choose_view)
        self._stack = QStackedWidget(self)
        self.epsilon, self.rates = EpsilonView(self), RateView(self)
        self._views = {"epsilon": self.epsilon, "alpha": self.rates}
        for view in self._views.values():
            self._stack.addWidget(view)
        self.epsilon.epsilon_chosen.connect(self.epsilon_chosen)
        self.epsilon.picking_asked.connect(self.picking_asked)
        self.epsilon.point_changed.connect(self.point_changed)
        self.rates.alpha_chosen.connect(self.alpha_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 10)
        column.addWidget(self._segments)
        column.addWidget(self._stack, 1)
        self.choose_view(self._choice)

    def choose_view(self, name: str) -> None:
        """Show the view of ``"epsilon"`` or of ``"alpha"``."""
        self._choice = name
        if self._is_built:
            self._segments.choose(name)
            self._stack.setCurrentWidget(self._views[name])
            self._refresh_if_open()

    def pick(self, a: float, b: float) -> None:
        """Make the ε sweep at a point of the map."""
        self.epsilon.pick(a, b)

    def cancel(self) -> None:
        """Give up picking a point, and the sweep that runs."""
        if self._is_built:
            self.epsilon.stop_picking()
            self.rates.cancel()

    def stop(self) -> None:
        """Give up the work in the background."""
        if self._is_built:
            self.epsilon.stop()
            self.rates.stop()

    def recolor(self, theme: Theme) -> None:
        """Take the colours that do not come from the palette."""
        for view in self._views.values():
            view.recolor(theme)

    def refresh(self) -> None:
        """Show the scene at the step, in the view that is open."""
        self._views[self._choice].show_scene(self._scene, self._step)
