"""How wrong a gradient is over the map, as the window lays it there."""

from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke

from gdviz.export.axes.layers import BASINS, MARKS
from gdviz.export.sheet import draw_grid
from gdviz.export.style import DARK, LIGHT
from gdviz.scene.map.gradient_error import COLORS, ErrorDrawing

_MARK, _HALO, _WORDS, _AWAY = 6.5, 2.2, 10.0, 5.0  #: points at scale 1


def draw_error(axes: Axes, drawing: ErrorDrawing, scale: float) -> list[Line2D]:
    """Draw an error under the contours, and mark where it is worst.

    Parameters
    ----------
    axes : Axes
        Where; its limits stay as they are.
    drawing : ErrorDrawing
        What.
    scale : float
        Of marks and words; 1 for a figure of eight by six inches.

    Returns
    -------
    list of Line2D
        What a legend has rows for, labelled.
    """
    if drawing.pixels is not None:
        count = len(drawing.pixels)
        draw_grid(
            axes, drawing.pixels, drawing.range, count, interpolation="nearest", zorder=BASINS
        )
    halo = [withStroke(linewidth=_HALO * scale, foreground=LIGHT)]
    for a, b, name in drawing.marks:
        axes.annotate(
            name, (a, b), (_AWAY * scale, _AWAY * scale), textcoords="offset points", color=DARK,
            fontsize=_WORDS * scale, path_effects=halo, zorder=MARKS, annotation_clip=True,
        )  # fmt: skip
    if not drawing.marks:
        return []
    worst = [[a for a, _, _ in drawing.marks], [b for _, b, _ in drawing.marks]]
    return axes.plot(
        *worst, "X", mfc=LIGHT, mec=DARK, markersize=_MARK * scale, zorder=MARKS,
        label="Gradient worst",
    )  # fmt: skip


def error_colors() -> ScalarMappable:
    """Return the colours of an error for a bar, by places on its scale."""
    return ScalarMappable(Normalize(0.0, 1.0), COLORS)
