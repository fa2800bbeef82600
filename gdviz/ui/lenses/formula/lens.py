"""The Formula lens: a formula of the person's own, and the gradient they derived for it."""

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.from_typed_text import Draft
from gdviz.ui.lenses.lens import Lens, PageEntry
from gdviz.ui.lenses.page import ExperimentPage


class FormulaLens(Lens[ExperimentPage]):
    """The formula with its derivatives, and a check of a gradient derived by hand.

    Parameters
    ----------
    entries : mapping of str to PageEntry
        The pages by name.
    draft : Draft
        Is told of each experiment, also of those before there is a page.
    parent : QWidget, optional
    """

    def __init__(
        self,
        entries: Mapping[str, PageEntry[ExperimentPage]],
        draft: Draft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Formula", entries, parent)
        self._experiment = Experiment()
        self._with_candidate: Experiment | None = None  # the last with a gradient of the person's
        self._draft = draft

    def tell(self, page: ExperimentPage) -> None:
        """Tell a new page all that the others know."""
        # What was derived for one formula stays in its fields when another one comes.
        for experiment in filter(None, (self._with_candidate, self._experiment)):
            page.show_experiment(experiment)
        super().tell(page)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what the person chose, before there is a scene of it."""
        self._experiment = experiment
        if experiment.function.candidate_gradient is not None:
            self._with_candidate = experiment
        self._draft.remember(experiment)
        for name in filter(
            self.pages.get, self._entries
        ):  # what is written, then what is said of it
            self.pages[name].show_experiment(experiment)

    def begin_formula(self) -> None:
        """Let the person write another formula; the lens must be open."""
        self.choose_view("formula")
        self.page("formula").begin()
