"""What is not there to be seen, and why; and what is there that is not to be relied on."""

from itertools import chain
from typing import Literal

from gdviz.base.format import pair
from gdviz.engine.descent.path import Status
from gdviz.experiment.experiment import Experiment
from gdviz.scene.map.shape import why_unequal
from gdviz.scene.relief.surface import has_surface
from gdviz.scene.scene import Scene

#: How a path ends that broke off where there is no number to go on with.
_BROKEN = frozenset({Status.NOT_A_NUMBER, Status.UNDEFINED})
#: Where something is read: what helps there is another thing.
Place = Literal["window", "terminal", "picture"]


def no_runs(scene: Scene, place: Place = "window") -> str:
    """Say why a scene has no path, and what helps; empty if it has one."""
    if scene.runs:
        return ""
    if scene.uncomputed:
        methods = f"{scene.uncomputed} method" + "s" * (scene.uncomputed != 1)
        return f"No path yet: {methods} still to be computed."
    helps = {
        "window": ": tick one on the left",
        "terminal": ": --method ESTIMATE[:RULE] shows one",
    }
    return f"No method is shown{helps.get(place, '')}."


def preview_sentence(some: int, rows: int, *, has_map: bool = False) -> str:
    """Say that paths are over some rows of the data, until those over all of them are there.

    Parameters
    ----------
    some, rows : int
        Over how many they are, and how many there are.
    has_map : bool, default False
        Whether the map is over these as well.
    """
    what = "Map and paths" if has_map else "Paths"
    return f"{what} over {some:,} of {rows:,} rows, chosen at random; all rows follow."


def missing_on_map(scene: Scene, place: Place = "window", relief: bool = False) -> tuple[str, ...]:
    """Say what a map does not show that one would look for on it, and what helps there.

    Parameters
    ----------
    scene : Scene
        Whose map.
    place : {"window", "terminal", "picture"}, default "window"
        Where it is read, which decides what helps; in a picture nothing does.
    relief : bool, default False
        Whether it is shown in three dimensions.
    """
    said = []
    if not scene.landscape.grid.has_values:
        helps = {
            "window": ": zoom out, or choose another range",
            "terminal": ": --range A0,A1,B0,B1 chooses another",
        }
        said.append(f"f has no value anywhere on this map{helps.get(place, '')}.")
    elif relief and not has_surface(scene.landscape):
        helps = {"window": ": the map (3) shows them", "terminal": ": without --3d they are seen"}
        said.append(
            "f has values at single points or along lines of this map only, which make no surface"
            f"{helps.get(place, '')}."
        )
    said += [*off_map(scene.experiment, place), why_unequal(scene.experiment)]
    said.append(no_runs(scene, place))
    return tuple(filter(None, said))


def off_map(experiment: Experiment, place: Place = "window") -> tuple[str, ...]:
    """Say that the start is off the map, if it is: see :func:`missing_on_map`."""
    start = experiment.start
    if experiment.map_range.contains(*start):
        return ()
    helps = {
        "window": ": a click sets another, a double click shows this one",
        "terminal": ": --start A,B sets another",
    }
    return (f"The start, {pair(start)}, is off this map{helps.get(place, '')}.",)


def remarks(scene: Scene) -> tuple[str, ...]:
    """Return what has to be known about f where paths end, once for all that it is said of.

    Of a path that broke off at what is no number this is how it ended: where, and by which draw.
    """
    of: dict[str, list[str]] = {}
    for run in chain(scene.runs, scene.others):
        if run.path.status in _BROKEN:
            of.setdefault(f": {run.path.sentence}", []).append(run.label)
        elif run.path.remark:
            of.setdefault(f" at the end: {run.path.remark}", []).append(run.label)
    found = [f"{', '.join(dict.fromkeys(labels))}{said}" for said, labels in of.items()]
    for label in dict.fromkeys(run.label for run in scene.samples):
        further = [run.path for run in scene.samples if run.label == label]
        broken = [path for path in further if path.status in _BROKEN]
        if broken:
            found.append(
                f"{label}: {len(broken)} of {len(further)} further paths broke off; of the first, "
                f"{broken[0].sentence}"
            )
    return tuple(found)
