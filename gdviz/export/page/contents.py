"""What a page holds of a scene: its numbers and words, and what it has to leave out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gdviz.base.format import capitalized
from gdviz.base.types import Array
from gdviz.base.version import __version__
from gdviz.engine.analysis.grid import Contours, Grid, contours
from gdviz.export.axes.basins import Drawn
from gdviz.export.axes.panels import LOG_SPAN, PANELS
from gdviz.export.page.basins import basins_contents
from gdviz.export.page.options import PageOptions
from gdviz.export.page.packing import LATTICE, numbers, packed, packed_lines
from gdviz.export.page.relief import relief_contents
from gdviz.export.page.turning import (
    run_turning,
    turning_contents,
    why_not_turned,
    why_run_is_not_turned,
)
from gdviz.export.style import color_table
from gdviz.scene.absences import missing_on_map, remarks
from gdviz.scene.captions import (
    axis_names,
    caption,
    method_title,
    origin_sentence,
    point_name,
    pretty,
    scene_name,
    subject,
)
from gdviz.scene.clipping import clip_polyline
from gdviz.scene.map.shape import map_ratio
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Landscape, Run, Scene

#: Points along each axis of the map's colours, which a browser interpolates.
COLORS = 256
#: Vertices of contour lines; points of all paths, with nine numbers each; and those of thin paths,
#: with two: by these a page stays below its largest size.
MOST_VERTICES, MOST_POINTS, MOST_THIN = 60_000, 9_000, 24_000
_NO_LINES = Contours(np.empty(0), np.empty(0), np.empty(0, bool))


@dataclass(frozen=True)
class Contents:
    """What a page holds.

    Attributes
    ----------
    data : dict
        Everything that is drawn and said, as JSON has it.
    left_out : tuple of str
        Sentences that say what it does not hold; the page says them as well.
    """

    data: dict[str, Any]
    left_out: tuple[str, ...]


def contents(scene: Scene, options: PageOptions, basins: Drawn = ()) -> Contents:
    """Return what a page holds of a scene: nothing of what the experiment's view hides.

    Parameters
    ----------
    scene : Scene
        What is shown.
    options : PageOptions
        The lecturer's words.
    basins : sequence of MethodBasins, default ()
        What lies on the map: none, one method's basins, or two methods' to compare.
    """
    experiment = scene.experiment
    view = experiment.view
    every = _every([run.path.updates for run in scene.runs], MOST_POINTS)
    ground, of_ground = _ground(scene.landscape, view.contours)
    thin, of_thin = _thin(scene)
    left_out = [*of_ground, *of_thin]
    if every > 1:
        left_out.append(
            f"The paths are long: of their steps the page holds each {_ordinal(every)}, and the "
            "last."
        )
    _, settings = caption(experiment, 10_000).split("\n", 1)
    said = [scene.landscape.scale.note, origin_sentence(experiment), *_legend(scene)]
    beside = tuple(f": {run.path.sentence}" for run in scene.runs)  # the methods have their own
    of_paths = [*missing_on_map(scene, "picture")]
    of_paths += [each for each in remarks(scene) if not each.endswith(beside)]
    title, about = options.title or scene_name(experiment), subject(experiment)
    data = {
        "version": __version__,
        "title": title,
        "text": options.text,
        "subject": about if about != title else "",
        "settings": settings,
        "notes": [capitalized(sentence) for sentence in said if sentence],
        "notesOfPaths": [capitalized(sentence) for sentence in of_paths],
        "leftOut": left_out,
        "axes": axis_names(experiment),
        "parameters": [pretty(name) for name in experiment.function.parameters],
        "panels": [title for title, _ in PANELS],
        "logSpan": LOG_SPAN,
        "map": {**ground, "ratio": map_ratio(experiment)},
        "valueName": f"f{point_name(experiment)}",
        "basins": basins_contents(experiment, basins),
        "relief": relief_contents(scene.landscape, experiment.camera, view.contours),
        "opensAt": {"relief": view.relief, "step": view.step},
        "start": experiment.start,
        "moreStarts": experiment.more_starts if view.others else [],
        "minima": [(point.a, point.b) for point in scene.minima if view.minima],
        "trajectory": numbers(experiment.function.trajectory if view.trajectory else []),
        "runs": [_run(scene, run, every) for run in scene.runs],
        "thin": thin,
        "hasOtherDraws": bool(scene.samples) and view.others,
        "most": {"points": MOST_POINTS, "thin": MOST_THIN},
        "turning": turning_contents(scene),
        "whyNotTurned": why_not_turned(scene),
    }
    return Contents(data, tuple(left_out))


def _legend(scene: Scene) -> list[str]:
    """Return what the marks on the map mean that no row of the methods has."""
    view, trajectory = scene.experiment.view, scene.experiment.function.trajectory
    marks = [
        ("stars are known minima", scene.minima, view.minima),
        ("thin lines start elsewhere", scene.others, view.others),
        ("thin lines are of other draws", scene.samples, view.others),
        ("the dashed line is the file's trajectory", trajectory, view.trajectory),
    ]
    found = [text for text, drawn, is_shown in marks if drawn and is_shown]
    return [f"On the map {', '.join(found)}"] if found else []


def _ordinal(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ends.get(number % 10, 'th')}"


def _every(updates: Sequence[int], most: int) -> int:
    """Return of how many steps one is kept, so that all paths have so many points at most."""
    every = 1
    while sum(count // every + 2 for count in updates) > most and every < max(updates, default=0):
        every += 1
    return every


def kept_steps(updates: int, every: int) -> Array:
    """Return the steps of a path that a page holds: each so manieth, and the last."""
    return np.unique(np.append(np.arange(0, updates + 1, every), updates))


def _ground(landscape: Landscape, has_contours: bool) -> tuple[dict[str, Any], list[str]]:
    """Return the map's ground: places on the colour scale, and contour lines if it has them."""
    grid, scale = landscape.grid, landscape.scale
    kept = np.rint(np.linspace(0, grid.resolution - 1, min(COLORS, grid.resolution))).astype(int)
    values = grid.values[np.ix_(kept, kept)]
    with np.errstate(all="ignore"):
        places = np.rint(scale.place(values) * (LATTICE - 1))
    holes = ~np.isfinite(values)
    lines, coarser = _lines(landscape) if has_contours else (_NO_LINES, False)
    ground = {
        "range": list(grid.range),
        "size": len(kept),
        "places": packed(np.where(holes, LATTICE, np.nan_to_num(places)), "u16"),
        "hasHoles": bool(holes.any()),
        "colors": packed(color_table()[:, :3], "u8"),
        "scale": {
            "kind": scale.kind,
            "low": scale.low,
            "high": scale.high,
            "below": scale.least is not None,
            "above": scale.greatest is not None,
            "ticks": scale.ticks(),
        },
        "contours": packed_lines(lines.a, lines.b, lines.connect, grid.range),
    }
    said = "The contour lines are those of a coarser grid: there are too many for a page."
    return ground, [said] if coarser else []


def _lines(landscape: Landscape) -> tuple[Contours, bool]:
    """Return contour lines that a page has room for, and whether they are of a coarser grid."""
    lines, grid, step = landscape.contours, landscape.grid, 1
    while len(lines.a) > MOST_VERTICES and grid.resolution // step > 2:
        step *= 2
        kept = np.unique(np.append(np.arange(0, grid.resolution, step), grid.resolution - 1))
        coarse = Grid(grid.range, grid.a[kept], grid.b[kept], grid.values[np.ix_(kept, kept)])
        lines = contours(coarse, landscape.scale.levels())
    return lines, step > 1


def _run(scene: Scene, run: Run, every: int) -> dict[str, Any]:
    """Return a method and its path."""
    path, method = run.path, run.method
    steps = kept_steps(path.updates, every).astype(int)
    title, why = method_title(method), why_run_is_not_turned(scene, run)
    alike = [method_title(other.method) for other in scene.runs].count(title) > 1
    return {
        "row": run.index,
        "title": f"{title} ({run.label})" if alike else title,
        "color": path_color(method, run.index),
        "steps": packed(steps, "u32"),
        "theta": packed(path.theta[steps], "f64"),
        "loss": packed(path.loss[steps], "f64"),
        "gradient": packed(path.gradient[steps], "f64"),
        "exact": packed(path.exact_gradient[steps], "f64"),
        "evaluations": packed(path.evaluations.cumsum()[steps], "f64"),
        "taken": path.gradients_taken,
        "isMarked": run.is_marked,
        "hasGradient": not scene.objective.no_gradient,
        "sentence": capitalized(path.sentence),
        "turning": run_turning(scene, run),
        "oldBecause": why and f"It turns nothing: {why}.",
    }


def _thin(scene: Scene) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the paths from other starts and by other draws, as far as they lie near the map."""
    rank = {run.index: k for k, run in enumerate(scene.runs)}
    window = scene.landscape.grid.range
    thin = scene.thin_shown
    every = _every([run.path.updates for run in thin], MOST_THIN)
    most = MOST_THIN // 2  # of a point or two each there is room for so many
    found = []
    for run in thin[:most]:
        points = run.path.theta[kept_steps(run.path.updates, every).astype(int)]
        line = clip_polyline(points, window) if len(points) > 1 else points
        end = points[-1] if window.contains(*points[-1]) else (np.nan, np.nan)
        found.append({"run": rank[run.index], "points": packed(line, "f32"), "end": numbers(end)})
    said = []
    if every > 1:
        said.append(f"Of the thin paths the page holds each {_ordinal(every)} step.")
    if len(thin) > most:
        said.append(f"Of {len(thin):,} thin paths the page holds the first {most:,}.")
    return found, said
