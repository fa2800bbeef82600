"""Basins as a figure: which end each start reaches, or where two methods end somewhere else."""

import msgspec

from gdviz.experiment.experiment import Experiment
from gdviz.export.axes.basins import (
    Drawn,
    add_shades,
    basins_caption,
    basins_handles,
    draw_marks,
    draw_pixels,
)
from gdviz.export.axes.map import draw_contours, share_units
from gdviz.export.sheet import Sheet, frame_map
from gdviz.scene.basins import MethodBasins
from gdviz.scene.captions import axis_names, subject
from gdviz.scene.scene import build_scene


def draw_basins(
    sheet: Sheet, experiment: Experiment, of: MethodBasins, other: MethodBasins | None = None
) -> None:
    """Draw basins.

    Parameters
    ----------
    sheet : Sheet
        An empty one: see :func:`gdviz.export.sheet.file_bytes`.
    experiment : Experiment
        What they are of.
    of : MethodBasins
        What is drawn.
    other : MethodBasins, optional
        Of another method from the same starts; then drawn is where it ends somewhere else.
    """
    axes = sheet.figure.add_subplot()
    drawn: Drawn = (of,) if other is None else (of, other)
    window = of.basins.range
    frame_map(axes, window, axis_names(experiment))
    draw_pixels(axes, drawn, zorder=1)
    # Nothing shown: of the scene only the ground is wanted.
    hidden = tuple(msgspec.structs.replace(method, shown=False) for method in experiment.methods)
    scene = build_scene(experiment.replace(methods=hidden))
    if experiment.view.contours:
        draw_contours(axes, scene.landscape, sheet.scale)
    axes.set(xlim=window[:2], ylim=window[2:])
    share_units(axes, experiment)
    if other is None:
        draw_marks(axes, of.basins, sheet.scale, zorder=5)
    add_shades(sheet, axes, drawn)
    sheet.add_legend(basins_handles(experiment, drawn))
    sheet.add_caption([subject(experiment), *basins_caption(experiment, drawn)])
