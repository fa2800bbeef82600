"""Basins in an Axes: their pixels, the numbers at their ends, their legend, and their shades."""

from collections.abc import Sequence

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from gdviz.engine.analysis.basins import Basins
from gdviz.experiment.experiment import Experiment
from gdviz.export.axes.ground import FlatGround, Ground
from gdviz.export.sheet import Sheet, draw_grid
from gdviz.export.style import DARK, LIGHT
from gdviz.scene.basins import MethodBasins, heading
from gdviz.scene.basins_picture import (
    SHADES,
    LegendRow,
    Pixels,
    basins_legend,
    basins_picture,
    difference_legend,
    difference_picture,
    outcome_looks,
    step_span,
)
from gdviz.scene.captions import method_title

#: One method, whose basins are drawn, or two that are compared.
Drawn = Sequence[MethodBasins]


def pixels_of(drawn: Drawn) -> Pixels:
    """Return the basins of a method, or where two end somewhere else, as RGBA, lowest b first."""
    first, *others = (each.basins for each in drawn)
    return difference_picture(first, *others) if others else basins_picture(first)


def draw_pixels(axes: Axes, drawn: Drawn, zorder: float) -> None:
    """Draw the basins of a method, or where two end somewhere else.

    Parameters
    ----------
    axes : Axes
        Where; its limits stay as they are.
    drawn : sequence of MethodBasins
        One, or two.
    zorder : float
        How high.
    """
    first, pixels = drawn[0].basins, pixels_of(drawn)
    draw_grid(axes, pixels, first.range, len(first.a), interpolation="nearest", zorder=zorder)


def draw_marks(
    axes: Axes,
    basins: Basins,
    scale: float,
    zorder: float,
    away: float = 0.0,
    ground: Ground | None = None,
) -> None:
    """Write the numbers of the ends that the legend has by name.

    Parameters
    ----------
    axes : Axes
        Where.
    basins : Basins
        Whose ends.
    scale : float
        Of lines; 1 for a figure of eight by six inches.
    zorder : float
        How high.
    away : float, default 0
        Points on each axis from an end to its number: a path may have its own mark there.
    ground : Ground, optional
        Where the ends are in the axes; by default where the map has them.
    """
    ground = ground or FlatGround(basins.range)
    for look, outcome in zip(outcome_looks(basins), basins.outcomes, strict=True):
        for place in ground.points(np.array([[outcome.a, outcome.b]])) if look.mark else ():
            axes.annotate(
                look.mark, place, (away, away), textcoords="offset points",
                color=LIGHT, ha="center", va="center", weight="bold", zorder=zorder,
                path_effects=[withStroke(linewidth=2.4 * scale, foreground=DARK)],
                annotation_clip=True, clip_on=True,
            )  # fmt: skip


def legend_rows(experiment: Experiment, drawn: Drawn, brief: bool = False) -> list[LegendRow]:
    """Return what a legend of basins says, or in brief what it says beside the paths.

    Parameters
    ----------
    experiment : Experiment
        Whose methods they are of.
    drawn : sequence of MethodBasins
        One method's basins, or two to compare.
    brief : bool, default False
        Name fewer ends, for a legend that names the paths as well.
    """
    first, *others = drawn
    if not others:
        return basins_legend(first.basins, most=4 if brief else 8)
    one, other = (method_title(experiment.methods[each.row]) for each in drawn)
    return difference_legend(first.basins, others[0].basins, (one, other), most=0 if brief else 3)


def basins_handles(experiment: Experiment, drawn: Drawn, brief: bool = False) -> list[Artist]:
    """Return what a legend needs, or in brief what it needs beside the paths.

    Parameters
    ----------
    experiment, drawn, brief
        As of :func:`legend_rows`.
    """
    return [_handle(row) for row in legend_rows(experiment, drawn, brief)]


def _handle(row: LegendRow) -> Artist:
    look = row.look
    label = f"{look.mark} {row.text}" if look.mark else row.text
    if not look.color:
        return Patch(facecolor="none", edgecolor="none", label=label)
    return Patch(facecolor=look.color, edgecolor=LIGHT, hatch=look.hatch * 3, lw=0, label=label)


def add_shades(sheet: Sheet, axes: Axes, drawn: Drawn) -> Axes | None:
    """Put a bar beside the axes that says how dark how many steps are, if that is drawn.

    Parameters
    ----------
    sheet : Sheet
        The figure.
    axes : Axes
        What the bar stands beside.
    drawn : sequence of MethodBasins
        One method's basins, or two to compare.

    Returns
    -------
    Axes or None
        The bar's own.
    """
    span = step_span(drawn[0].basins) if len(drawn) == 1 else None
    if span is None:
        return None
    colors = LinearSegmentedColormap.from_list("steps", SHADES)
    bar = sheet.figure.colorbar(
        ScalarMappable(Normalize(*span), colors), ax=axes, pad=0.015, aspect=30, extend="both",
        label="steps until the end",
    )  # fmt: skip
    bar.outline.set_visible(False)
    return bar.ax


def basins_caption(experiment: Experiment, drawn: Drawn) -> list[str]:
    """Return paragraphs for a caption: each method with all that it runs with."""
    first, *others = (heading(experiment, each.row, len(each.basins.a)) for each in drawn)
    paragraphs = [first, *(f"against {each}" for each in others), "shares in % of the starts"]
    stride = drawn[0].basins.stride
    if stride > 1:
        paragraphs.append(f"so far 1 start in {stride**2}")
    return paragraphs
