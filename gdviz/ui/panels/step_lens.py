"""The Step lens: why the current step went where it did, on three pages."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gdviz.scene import Scene
from gdviz.ui.panels.arithmetic_page import ArithmeticPage
from gdviz.ui.panels.direction_page import DirectionPage
from gdviz.ui.panels.lens import Lens
from gdviz.ui.panels.method_choice import MethodChoice
from gdviz.ui.panels.models_page import ModelsPage
from gdviz.ui.panels.step_page import Moment, StepPage
from gdviz.ui.theme import Theme
from gdviz.ui.widgets.segments import Segments
from gdviz.ui.widgets.steady_label import SteadyLabel
from gdviz.words import number

_PAGES = {
    "arithmetic": ("Arithmetic", "The estimate ĝ with its numbers, and the update"),
    "direction": ("Direction", "The best direction of a step of length η, beside −∇f"),
    "models": ("Models", "What the Taylor models of first and second order say of the step"),
}


class StepLens(Lens):
    """Arithmetic, best direction and Taylor models of a method's current step.

    Attributes
    ----------
    changed : Signal(dict)
        Fields of the experiment and their new values.
    """

    title = "Step"
    changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._method = 1  # the row of the experiment; at first the forward difference
        self._view = "arithmetic"
        self.arithmetic, self.direction = ArithmeticPage(self), DirectionPage(self)
        self.models = ModelsPage(self)
        self.pages: dict[str, StepPage] = {
            "arithmetic": self.arithmetic, "direction": self.direction, "models": self.models,
        }  # fmt: skip
        self.direction.changed.connect(self.changed)
        for page in self.pages.values():
            page.hide()  # until the lens is built

    def build(self) -> None:
        """Make the widgets."""
        self._choice = MethodChoice("The method whose step is shown", self)
        self._choice.activated.connect(self._choose)
        self._segments = Segments(_PAGES, self)
        self._segments.chosen.connect(self.choose_view)
        self._where = SteadyLabel(muted=True, parent=self)
        self._stack = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 10, 10)
        column.setSpacing(8)
        for widget in (self._segments, self._choice, self._where):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)
        for page in self.pages.values():
            self._stack.addWidget(page)
        self.choose_view(self._view)

    def set_theme(self, theme: Theme) -> None:
        """Hand a theme to the pages."""
        for page in self.pages.values():
            page.set_theme(theme)

    def stop(self) -> None:
        """Give up the work in the background."""
        for page in self.pages.values():
            page.stop()

    # ---------------------------------------------------------------- what the pages are about

    def choose_view(self, name: str) -> None:
        """Open a page: ``"arithmetic"``, ``"direction"`` or ``"models"``."""
        self._view = name
        if self._is_built:
            self._segments.choose(name)
            self._stack.setCurrentWidget(self.pages[name])

    def choose_method(self, row: int) -> None:
        """Show another method's step, by its row in the experiment."""
        self._method = row
        self._refresh_if_open()
        for page in self.pages.values():
            page.show_method(row)

    def show_scene(self, scene: Scene) -> None:
        """Take a scene."""
        super().show_scene(scene)
        for page in self.pages.values():
            page.show_scene(scene)

    def show_step(self, step: int) -> None:
        """Take another current step."""
        super().show_step(step)
        for page in self.pages.values():
            page.show_step(step)

    def set_kept(self, kept: bool) -> None:
        """Say whether what pages lay on the map stays there when they are closed."""
        for page in self.pages.values():
            page.set_kept(kept)

    def _choose(self, _index: int) -> None:
        self.choose_method(self._choice.currentData())

    # ---------------------------------------------------------------- the method and the point

    def refresh(self) -> None:
        """Show the methods to choose from, and the point."""
        moment = Moment.of(self._scene, self._method, self._step)
        self._choice.show_scene(self._scene, moment.run)
        at = ", ".join(f"{name} = {number(x)}" for name, x in zip("ab", moment.at, strict=True))
        if moment.run is None:
            self._where.setText(f"No method is shown, so this is the start: {at}")
            return
        late = moment.step < self._step
        ended = ", the last of its path" if late else ""
        self._where.setText(f"Step {moment.step}{ended}: {at}")
