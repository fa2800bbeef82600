"""The formula page of the Formula lens."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gdviz.experiment import Experiment
from gdviz.ui.panels.lens import Lens


class FormulaPage(Lens):
    """To be written."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None

    def show_experiment(self, experiment: Experiment) -> None:
        """Take what the person chose."""
        self._experiment = experiment
