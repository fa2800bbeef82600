"""What the check of a gradient lays on the map: how wrong it is where, and where it is worst."""

from dataclasses import dataclass

import numpy as np

from gdviz.base.geometry import Range
from gdviz.engine.analysis.color_scale import ColorScale

#: The colours of an error, which are not those of f.
COLORS = "inferno"


@dataclass(frozen=True, eq=False)
class ErrorDrawing:
    """How wrong a candidate gradient is over the map.

    Attributes
    ----------
    range : Range
        The map that it was checked on.
    pixels : ndarray of uint8, shape (n, n, 4), or None
        A colour for each point of the grid, rows along b; None draws the marks alone.
    marks : tuple of (float, float, str)
        The worst places (a, b), and what is written beside each.
    scale : ColorScale or None
        Which error a colour stands for; None where there are no pixels.
    about : str, default ""
        Of what the error is.
    """

    range: Range
    pixels: np.ndarray | None
    marks: tuple[tuple[float, float, str], ...]
    scale: ColorScale | None = None
    about: str = ""
