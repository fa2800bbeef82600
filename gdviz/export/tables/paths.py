"""The paths as a table, a row a step a method: CSV and JSON whose numbers round-trip.

Row k of a path is the point reached after k updates, the gradient taken *at* that point, and
what this gradient cost. Where none was taken, at the last point of most paths, those cells are
empty; so are those of the exact gradient where f is code that defines none. CSV writes ``nan`` for
a number that was asked for and is not one; JSON, which has no such thing, writes ``null`` for both.
"""

from collections.abc import Iterator

from gdviz.engine.descent.path import Path
from gdviz.engine.language.parser import PARAMETERS
from gdviz.engine.objectives.objective import Objective
from gdviz.export.tables.text import Cell, column_names, csv_text, json_text, unsigned
from gdviz.scene.captions import parameter_names
from gdviz.scene.scene import Run, Scene

#: The columns in their order, for parameters a and b; files and scripts rely on it.
COLUMNS = (
    "method",
    "step",
    "a",
    "b",
    "loss",
    "gradient_a",
    "gradient_b",
    "exact_gradient_a",
    "exact_gradient_b",
    "gradient_error",
    "relative_error",
    "angle_degrees",
    "evaluations",
    "evaluations_total",
    "status",
    "precision",
)

_NO_GRADIENT = (None,) * 9  # from gradient_a to evaluations_total
_UNKNOWN = (None,) * 5  # from exact_gradient_a to angle_degrees


def columns(scene: Scene) -> tuple[str, ...]:
    """Return the columns in the names of a scene's parameters."""
    others = tuple(name for name in COLUMNS if name.rpartition("_")[2] not in PARAMETERS)
    names = column_names(parameter_names(scene.experiment), others)
    own = dict(zip(PARAMETERS, names, strict=True))
    stems = ((name, *name.rpartition("_")) for name in COLUMNS)
    return tuple(
        own.get(name) or (f"{stem}_{own[last]}" if stem and last in own else name)
        for name, stem, _, last in stems
    )


def rows(scene: Scene) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of all paths, in the order of :data:`COLUMNS`.

    Parameters
    ----------
    scene : Scene
        What is drawn; the hidden methods are not in it.

    Yields
    ------
    tuple
        Text, Python numbers, and None for empty cells.
    """
    for run in scene.runs:
        yield from _path_rows(run, run.label, scene.objective)
    for run in scene.others:
        a, b = run.start
        yield from _path_rows(run, f"{run.label} from ({a:.6g}, {b:.6g})", scene.objective)


def _path_rows(run: Run, label: str, objective: Objective) -> Iterator[tuple[Cell, ...]]:
    path, known = run.path, not objective.no_gradient
    # As the window and figures have it: what a file of code computes in float32 is called so.
    precision = objective.arithmetic(run.settings.precision)
    taken = path.gradients_taken
    for step, (point, gradient) in enumerate(zip(_points(path), _gradients(path), strict=True)):
        if not known:
            gradient = (*gradient[:2], *_UNKNOWN, *gradient[7:])
        measured = gradient if step < taken else _NO_GRADIENT
        yield (label, step, *point, *measured, path.status.value, precision)


def _points(path: Path) -> Iterator[tuple[float, ...]]:
    return zip(*path.theta.T.tolist(), path.loss.tolist(), strict=True)


def _gradients(path: Path) -> Iterator[tuple[Cell, ...]]:
    # tolist() makes Python's numbers, which are formatted ten times faster than NumPy's.
    return zip(
        *path.gradient.T.tolist(),
        *path.exact_gradient.T.tolist(),
        path.error.tolist(),
        path.relative_error.tolist(),
        path.angle.tolist(),
        path.evaluations.tolist(),
        path.evaluations.cumsum().tolist(),
        strict=True,
    )


def to_csv(scene: Scene) -> str:
    """Return the table as CSV."""
    return csv_text(columns(scene), rows(scene))


def to_json(scene: Scene) -> str:
    """Return the table as JSON: a list of objects, each on a line of its own."""
    names = columns(scene)
    cells = (map(unsigned, row) for row in rows(scene))
    lines = (json_text(dict(zip(names, row, strict=True)), 0).rstrip() for row in cells)
    return "[\n" + ",\n".join(lines) + "\n]\n"
