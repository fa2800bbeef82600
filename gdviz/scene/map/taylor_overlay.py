"""What lies on the map of the Taylor models at a point: contours, Newton's step, Hessian's axes."""

import math
from dataclasses import dataclass

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.grid import Grid, contours
from gdviz.engine.analysis.taylor_models import StepModels
from gdviz.scene.palette import FIRST_COLOR, SECOND_COLOR
from gdviz.scene.scene import Landscape

#: Of the grid under a model's contours. Within a cell one of a quadratic is off by an eighth of the
#: cell's square over its radius: a third of a pixel where that is 50, on a map of a thousand.
_RESOLUTION = 96
_AXIS = 0.22  #: of the map: the half-length of the longer axis of the Hessian
_SHORTEST = 0.12  #: of the longer one: the shorter axis at least


@dataclass(frozen=True, eq=False)
class TaylorOverlay:
    """What is drawn of the Taylor models at a point.

    Attributes
    ----------
    models : StepModels
        The models; of those that are missing nothing is drawn.
    order : {0, 1, 2}
        Of the model whose contours are drawn; 0 draws none.
    newton, axes : bool
        Whether Newton's step and the Hessian's axes are drawn.
    """

    models: StepModels
    order: int
    newton: bool
    axes: bool

    @property
    def color(self) -> str:
        """That of the contours."""
        return FIRST_COLOR if self.order == 1 else SECOND_COLOR

    @property
    def has_contours(self) -> bool:
        """Whether there are contours."""
        return self.order != 0 and not self.models.sentence

    @property
    def has_axes(self) -> bool:
        """Whether the Hessian's axes are drawn."""
        return self.axes and not self.models.sentence and bool(np.any(self.models.eigenvalues))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is drawn."""
        return not (self.has_contours or self.has_axes) and self.newton_end() is None

    def contours(self, landscape: Landscape) -> Array:
        """Return the model's contours, shape (n, 2), with rows of nan between lines.

        They are at every other level of the map's own: where the lines meet f's, it is right.
        """
        if not self.has_contours:
            return np.empty((0, 2))
        model = self.models.first if self.order == 1 else self.models.second
        extent = landscape.grid.range
        a = np.linspace(extent.a_low, extent.a_high, _RESOLUTION)
        b = np.linspace(extent.b_low, extent.b_high, _RESOLUTION)
        lines = contours(Grid(extent, a, b, model(a, b[:, None])), landscape.scale.levels()[::2])
        gaps = np.flatnonzero(~lines.connect) + 1
        return np.column_stack([np.insert(x, gaps, np.nan) for x in (lines.a, lines.b)])

    def newton_end(self) -> Array | None:
        """Return where Newton's step leads, shape (2,); None where none is drawn."""
        step = self.models.newton_step
        if step is None or not self.newton or self.models.sentence:
            return None
        return np.add(self.models.at, step)

    def arms(self, extent: Range) -> list[tuple[Array, bool]]:
        """Return the Hessian's axes: their ends, shape (2, 2), and whether f falls along them.

        The flatter the second model is along one, the longer it is.

        Parameters
        ----------
        extent : Range
            The map.
        """
        models = self.models
        if not self.has_axes:
            return []
        size = min(extent.a_high - extent.a_low, extent.b_high - extent.b_low)
        flattest = float(np.abs(models.eigenvalues).min())
        found = []
        for value, direction in zip(
            models.eigenvalues.tolist(), models.eigenvectors.T, strict=True
        ):
            share = math.sqrt(flattest / abs(value)) if value else 1.0
            arm = _AXIS * size * max(share, _SHORTEST) * direction
            found.append((np.array([models.at - arm, models.at + arm]), value < 0.0))
        return found
