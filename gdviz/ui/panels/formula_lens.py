"""The Formula lens: a formula of the person's own, and the gradient they derived for it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gdviz.experiment import Experiment
from gdviz.scene import Scene
from gdviz.ui.panels.check_page import CheckPage
from gdviz.ui.panels.formula_page import FormulaPage
from gdviz.ui.panels.lens import Lens
from gdviz.ui.theme import Theme
from gdviz.ui.widgets.segments import Segments

_PAGES = {
    "formula": ("Formula", "f(a, b), its constants and its derivatives"),
    "check": ("Check my gradient", "Is what you derived the gradient of f?"),
}


class FormulaLens(Lens):
    """The formula with its derivatives, and a check of a gradient derived by hand.

    Attributes
    ----------
    chosen : Signal(Experiment)
        The person wrote another formula, or another gradient.
    range_guessed : Signal(Experiment)
        The same on another range, which belongs to the change before.
    """

    title = "Formula"
    chosen = Signal(object)
    range_guessed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = "formula"
        self.formula, self.check = FormulaPage(self), CheckPage(self)
        self.pages: dict[str, Lens] = {"formula": self.formula, "check": self.check}
        for page in (self.formula, self.check):
            page.chosen.connect(self.chosen)
            page.hide()  # until the lens is built
        self.formula.range_guessed.connect(self.range_guessed)

    def build(self) -> None:
        """Make the widgets."""
        self._segments = Segments(_PAGES, self)
        self._segments.chosen.connect(self.choose_view)
        self._stack = QStackedWidget(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 10, 10)
        column.setSpacing(8)
        column.addWidget(self._segments)
        column.addWidget(self._stack, 1)
        for page in self.pages.values():
            self._stack.addWidget(page)
        self.choose_view(self._view)

    def choose_view(self, name: str) -> None:
        """Open a page: ``"formula"`` or ``"check"``."""
        self._view = name
        if self._is_built:
            self._segments.choose(name)
            self._stack.setCurrentWidget(self.pages[name])

    def begin_formula(self) -> None:
        """Let the person write another formula; the lens must be open."""
        self.choose_view("formula")
        self.formula.begin()

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what the person chose, before there is a scene of it."""
        for page in (self.formula, self.check):
            page.show_experiment(experiment)

    def set_theme(self, theme: Theme) -> None:
        """Hand a theme to the pages."""
        for page in self.pages.values():
            page.set_theme(theme)

    def stop(self) -> None:
        """Give up the work in the background."""
        for page in self.pages.values():
            page.stop()

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
