"""Basins as a figure: which end each start reaches, or where two methods end somewhere else."""

from dataclasses import dataclass

import msgspec
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke

from gdviz.basins import heading
from gdviz.basins_picture import (
    SHADES,
    LegendRow,
    Pixels,
    basins_legend,
    basins_picture,
    difference_legend,
    difference_picture,
    end_looks,
    step_span,
)
from gdviz.engine.basins import Basins
from gdviz.experiment import Experiment
from gdviz.export.map_axes import draw_contours
from gdviz.export.options import FigureOptions, Format
from gdviz.export.sheet import Sheet, file_bytes
from gdviz.export.style import DARK, LIGHT
from gdviz.scene import build_scene
from gdviz.words import method_title, subject, wrapped


@dataclass(frozen=True, eq=False)
class MethodBasins:
    """A method of an experiment, and its basins.

    Parameters
    ----------
    row : int
        Its row in the experiment's methods.
    basins : Basins
        Which end each start reaches.
    """

    row: int
    basins: Basins


def basins_bytes(
    experiment: Experiment,
    of: MethodBasins,
    other: MethodBasins | None,
    format: Format,  # noqa: A002 - matplotlib's and Pillow's word
    options: FigureOptions,
) -> bytes:
    """Draw basins in memory, in any thread.

    Parameters
    ----------
    experiment : Experiment
        What they are of.
    of : MethodBasins
        What is drawn.
    other : MethodBasins or None
        Of another method from the same starts; then drawn is where it ends somewhere else.
    format : {"png", "svg", "pdf"}
        The format.
    options : FigureOptions
        How.

    Returns
    -------
    bytes
        What a file of that format holds.
    """
    return file_bytes(lambda sheet: _draw(sheet, experiment, of, other), format, options)


def _draw(
    sheet: Sheet, experiment: Experiment, of: MethodBasins, other: MethodBasins | None
) -> None:
    axes = sheet.figure.add_subplot()
    if other is None:
        pixels, rows = basins_picture(of.basins), basins_legend(of.basins)
    else:
        titles = _title(experiment, of), _title(experiment, other)
        pixels = difference_picture(of.basins, other.basins)
        rows = difference_legend(of.basins, other.basins, titles)
    _draw_map(axes, experiment, pixels, of.basins, sheet.scale)
    if other is None:
        _draw_marks(axes, of.basins, sheet.scale)
        _add_shades(sheet, axes, of.basins)
    sheet.add_legend([_handle(row) for row in rows])
    sheet.add_caption("\n".join(_caption(sheet, experiment, of, other)))


def _draw_map(
    axes: Axes, experiment: Experiment, pixels: Pixels, basins: Basins, scale: float
) -> None:
    a_low, a_high, b_low, b_high = window = basins.range
    # Starts are the centres of squares, so the image reaches half a square further.
    half_a, half_b = (np.array([a_high - a_low, b_high - b_low]) / (len(basins.a) - 1)) / 2
    axes.imshow(
        pixels,
        origin="lower",
        extent=(a_low - half_a, a_high + half_a, b_low - half_b, b_high + half_b),
        aspect="auto",
        interpolation="nearest",
        zorder=1,
    )
    # Nothing shown: of the scene only the ground is wanted.
    hidden = tuple(msgspec.structs.replace(method, shown=False) for method in experiment.methods)
    scene = build_scene(experiment.replace(methods=hidden))
    draw_contours(axes, scene.landscape, scale)
    axes.set(xlim=window[:2], ylim=window[2:], xlabel="a", ylabel="b")


def _draw_marks(axes: Axes, basins: Basins, scale: float) -> None:
    """Write where the ends are that the legend has by name."""
    for look, end in zip(end_looks(basins), basins.ends, strict=True):
        if look.mark and basins.range.contains(end.a, end.b):
            axes.text(
                end.a, end.b, look.mark, color=LIGHT, ha="center", va="center", weight="bold",
                path_effects=[withStroke(linewidth=2.4 * scale, foreground=DARK)], zorder=5,
                clip_on=True,
            )  # fmt: skip


def _add_shades(sheet: Sheet, axes: Axes, basins: Basins) -> None:
    span = step_span(basins)
    if span is None:
        return
    colors = LinearSegmentedColormap.from_list("steps", SHADES)
    bar = sheet.figure.colorbar(
        ScalarMappable(Normalize(*span), colors), ax=axes, pad=0.015, aspect=30, extend="both",
        label="steps until the end",
    )  # fmt: skip
    bar.outline.set_visible(False)


def _handle(row: LegendRow) -> Artist:
    look = row.look
    label = f"{look.mark} {row.text}" if look.mark else row.text
    if not look.color:
        return Patch(facecolor="none", edgecolor="none", label=label)
    return Patch(facecolor=look.color, edgecolor=LIGHT, hatch=look.hatch * 3, lw=0, label=label)


def _title(experiment: Experiment, of: MethodBasins) -> str:
    return method_title(experiment.methods[of.row])


def _caption(
    sheet: Sheet, experiment: Experiment, of: MethodBasins, other: MethodBasins | None
) -> list[str]:
    starts = len(of.basins.a)
    paragraphs = [subject(experiment), heading(experiment, of.row, starts)]
    if other is not None:
        paragraphs.append(f"against {heading(experiment, other.row, starts)}")
    return [line for text in paragraphs for line in wrapped(text, sheet.characters)]
