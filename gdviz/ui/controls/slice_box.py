"""Which slice of a network is shown: what spans it, and what random directions depend on."""

from dataclasses import replace
from typing import get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gdviz.engine.objectives.network.settings import Directions, Normalization, SliceSettings
from gdviz.ui.toolkit.build import button, column, combo, row

_DIRECTIONS: dict[Directions, str] = {
    "random": "Random directions",
    "pca": "Trajectory (PCA)",
    "hessian": "Hessian, largest",
    "hessian-lowest": "Hessian, lowest",
    "gradient": "Gradient and Adam",
    "between": "Checkpoints",
    "file": "From a file",
}
_TIPS: dict[Directions, str] = {
    "random": "Gaussian, with the size of the parameters",
    "pca": "The principal components of the checkpoints that trajectory() returns",
    "hessian": "Eigenvectors of the two largest eigenvalues at the middle",
    "hessian-lowest": "Eigenvectors of the two lowest eigenvalues, most negative first",
    "gradient": "The gradient at the middle, and what Adam's first step has orthogonal to it",
    "between": "The plane through the middle and two checkpoints, or through three",
    "file": "Directions that were saved; gdviz --directions FILE chooses it",
}
_SIZES: dict[Normalization, str] = {"filter": "By filter", "layer": "By layer", "none": "As drawn"}


class SliceBox(QWidget):
    """Choices of the plane through a network's parameters.

    Attributes
    ----------
    chosen : Signal(object)
        The :class:`~gdviz.engine.objectives.network.settings.SliceSettings` that the person wants.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = SliceSettings()
        tip = "What spans the slice θ* + a·d₁ + b·d₂ of the network"
        self._directions = combo(
            "Directions of the slice", tip, self._choose, _DIRECTIONS, _TIPS.values(), parent=self
        )
        tip = "How random directions get the size of the parameters (Li et al. 2018)"
        self._sizes = combo("Size of random directions", tip, self._choose, _SIZES, parent=self)
        tip = "Other random directions: the next seed"
        self._next = button("Next seed", tip, self._turn, self)
        sizes = row((self._sizes, 1), (self._next, 1), spacing=6)
        column(self._directions, sizes, inside=self, spacing=5)

    def show_settings(self, settings: SliceSettings) -> None:
        """Show which slice is shown."""
        self._settings = settings
        self._directions.setCurrentIndex(get_args(Directions).index(settings.directions))
        self._sizes.setCurrentIndex(get_args(Normalization).index(settings.normalize))
        is_random = settings.directions == "random"
        self._sizes.setVisible(is_random)
        self._next.setVisible(is_random)

    def _choose(self, _index: int) -> None:
        directions, normalize = self._directions.currentData(), self._sizes.currentData()
        wanted = replace(self._settings, directions=directions, normalize=normalize)
        before = self._settings
        self.show_settings(before)  # as it is, until it is another one
        if wanted != before and directions != "file":
            self.chosen.emit(wanted)

    def _turn(self) -> None:
        self.chosen.emit(replace(self._settings, seed=self._settings.seed + 1))
