"""The Formula lens: a formula of the person's own, and the gradient they derived for it."""

from PySide6.QtWidgets import QWidget

from gdviz.experiment.from_typed_text import Draft
from gdviz.experiment.model import Experiment
from gdviz.ui.lenses.lens import Lens, PageEntry
from gdviz.ui.lenses.page import Page

_PAGES = {
    "formula": PageEntry(
        "formula.page:FormulaPage", "Formula", "f(a, b), its constants and its derivatives"
    ),
    "check": PageEntry(
        "gradcheck.page:CheckPage", "Check my gradient", "Is the gradient you derived right?"
    ),
}


class FormulaLens(Lens):
    """The formula with its derivatives, and a check of a gradient derived by hand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Formula", _PAGES, parent)
        self._experiment = Experiment()
        self._with_candidate: Experiment | None = (
            None  # the last one with a gradient of the person's
        )
        self.draft = Draft()  # it has seen constants that came and went before there was a page

    def tell(self, page: Page) -> None:
        """Tell a new page all that the others know."""
        if page is self.pages.get("formula"):
            page.draft = self.draft
        # What was derived for one formula stays in its fields when another one comes.
        for experiment in filter(None, (self._with_candidate, self._experiment)):
            page.show_experiment(experiment)
        super().tell(page)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what the person chose, before there is a scene of it."""
        self._experiment = experiment
        if experiment.claimed_gradient is not None:
            self._with_candidate = experiment
        self.draft.remember(experiment)
        for page in self.pages.values():
            page.show_experiment(experiment)

    def begin_formula(self) -> None:
        """Let the person write another formula; the lens must be open."""
        self.choose_view("formula")
        self.page("formula").begin()
