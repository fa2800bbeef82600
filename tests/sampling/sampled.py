"""A loss that is known in closed form, in a file, and what has become of it, as h5py reads it."""

from collections import Counter
from pathlib import Path

import h5py
import numpy as np

from gdviz.base.geometry import Range
from gdviz.engine.objectives.returned import Array
from gdviz.sampling.landscape_file import LandscapeFile

#: Neither symmetric nor the same along both axes.
EXTENT = Range(-1.0, 2.0, -0.5, 1.5)
GRID = (7, 4)

#: It writes down each cell that it is asked for; what is put in may define ``before(a, b)``.
_CODE = """\
import os
from pathlib import Path

HERE = Path(__file__).parent

def before(a, b):
    pass

{}

def loss(a, b):
    a, b = float(a), float(b)
    if (HERE / "begun").exists():
        log = os.open(HERE / "calls", os.O_APPEND | os.O_CREAT | os.O_WRONLY)
        os.write(log, f"{{a!r}},{{b!r}}\\n".encode())
        os.close(log)
        before(a, b)
    return 1 + a**2 + 10*b**2 + 0.3*a
"""


def quadratic(a: Array, b: Array) -> Array:
    return 1 + a**2 + 10 * b**2 + 0.3 * a


def write_code(folder: Path, before: str = "") -> Path:
    """Write the file, with ``before(a, b)`` as given; it is called for cells alone."""
    path = folder / "model.py"
    path.write_text(_CODE.format(before), encoding="utf-8")
    return path


def note_that_cells_follow(file: LandscapeFile) -> None:
    """Tell the loss that what comes are no longer the points at which it is tried."""
    (file.path.parent / "begun").touch()


def calls(folder: Path) -> Counter[tuple[float, float]]:
    """Return how often each cell was asked for, and not the points at which the loss is tried."""
    log = folder / "calls"
    lines = log.read_text().split() if log.exists() else []
    points = (tuple(map(float, line.split(","))) for line in lines)
    return Counter((a, b) for a, b in points if (8 * a).is_integer())


def surface(path: Path) -> tuple[Array, Array, Array]:
    """Return x, y and the losses, shape (ny, nx), in the order of loss-landscape."""
    with h5py.File(path, "r") as file:
        x, y = file["xcoordinates"][()], file["ycoordinates"][()]
        losses = file["train_loss"][()]
    assert losses.shape == (len(x), len(y))
    return x, y, losses.ravel().reshape(len(y), len(x))


def assert_right(path: Path, grid: tuple[int, int] = GRID) -> None:
    """Compare each cell with the closed form."""
    x, y, losses = surface(path)
    assert (len(x), len(y)) == grid
    np.testing.assert_array_equal(losses, quadratic(*np.meshgrid(x, y)))
