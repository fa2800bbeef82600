"""Files as the programs write them, of L = 1 + x² + 10y² + 0.3x, and damage done to them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from gdviz.engine.objectives.interpolation.bicubic import Interpolant
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.files.landscapes import LandscapeError, load_landscape

X5, Y5 = np.linspace(-1, 1, 5), np.linspace(-2, 2, 5)


X7, Y4 = np.linspace(-1, 1, 7), np.linspace(-0.5, 1, 4)


RANGE_5, RANGE_7 = (-1.0, 1.0, -2.0, 2.0), (-1.0, 1.0, -0.5, 1.0)


def bowl(x: Any, y: Any) -> Any:
    return 1 + x**2 + 10 * y**2 + 0.3 * x


def rows(x: Any, y: Any) -> Any:
    """The losses as a picture has them: L(x[i], y[j]) at [j, i]."""
    return bowl(x, np.asarray(y)[:, None])


def surface_file(path: Path, x: Any, y: Any = None, **changes: Any) -> Path:
    """Write what loss-landscape's ``plot_surface.py`` writes.

    The array has shape (nx, ny), and its flat cells are those of np.meshgrid(x, y).
    """
    with h5py.File(path, "w") as file:
        file["dir_file"] = "resnet56/model_300.t7_weights.h5"
        file["xcoordinates"] = x
        if y is None:
            shape, coordinates = (len(x),), [x, 0 * x]
        else:
            file["ycoordinates"] = y
            shape, coordinates = (len(x), len(y)), [c.ravel() for c in np.meshgrid(x, y)]
        losses, accuracies = -np.ones(shape), -np.ones(shape)
        losses.ravel()[:] = bowl(*coordinates)
        accuracies.ravel()[:] = 100 - losses.ravel()
        for name, values in ({"train_loss": losses, "train_acc": accuracies} | changes).items():
            if values is not None:
                file[name] = values
    return path


def npz(path: Path, **arrays: Any) -> Path:
    np.savez(path, **arrays)
    return path


def csv_rows(path: Path, x: Any, y: Any, header: str = "") -> Path:
    """Rows x,y,value, x fastest."""
    lines = [header] if header else []
    lines += [f"{a},{b},{float(bowl(a, b))!r}" for b in y.tolist() for a in x.tolist()]
    path.write_text("\n".join(lines) + "\n")
    return path


def assert_is_bowl(grid: LossGrid, x: Any, y: Any) -> None:
    assert_is_part_of_bowl(grid, x, y)
    assert Interpolant(grid).gradient(0.9, 0.9) == pytest.approx((2.1, 18.0), rel=1e-5)


def assert_is_part_of_bowl(grid: LossGrid, x: Any, y: Any) -> None:
    assert grid.a == pytest.approx(tuple(x))
    assert grid.b == pytest.approx(tuple(y))
    expected = rows(x, y)
    known = ~np.isnan(grid.array)
    assert grid.array[known] == pytest.approx(expected[known], rel=1e-6)


def damaged(content: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Truncations, flipped bits, flipped bytes, and pieces that are missing or there twice."""
    random = np.random.default_rng(seed)
    for k in range(count):
        changed = bytearray(content)
        at = int(random.integers(len(content)))
        match k % 5:
            case 0:
                del changed[at:]
            case 1:
                changed[at] ^= 1 << int(random.integers(8))
            case 2:
                for place in random.integers(len(content), size=8):
                    changed[place] = int(random.integers(256))
            case 3:
                # Where headers are.
                changed[int(random.integers(min(len(content), 128)))] ^= 0xFF
            case _:
                changed[at:at] = changed[at // 2 : at]
        yield bytes(changed)


def assert_refused_or_valid(path: Path) -> bool:
    try:
        found = load_landscape(path, extent=RANGE_7)
    except LandscapeError as error:
        sentence = str(error)
        assert "\n" not in sentence
        assert sentence.isprintable()
        assert len(sentence) < 300
        return False
    assert isinstance(found.grid, LossGrid)
    Interpolant(found.grid).value(0.1, 0.1)
    return True


#: Shapes that go together, do not, and are empty or of too few or too many dimensions.
SHAPES = [(), (0,), (1,), (2,), (4,), (7,), (28,), (4, 7), (7, 4), (4, 4), (1, 7), (7, 1), (0, 4),
          (2, 2), (2, 4, 7), (1, 1, 1)]  # fmt: skip


def odd_arrays(names: tuple[str, ...], seed: int, count: int = 100) -> Iterator[dict[str, Any]]:
    """Arrays under names that mean something, of shapes and numbers that do not."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        arrays = {}
        for name in names:
            if random.random() < 0.7:
                array = random.normal(size=SHAPES[random.integers(len(SHAPES))])
                if random.random() < 0.4:
                    array = np.sort(array, axis=None).reshape(array.shape)
                if array.size and random.random() < 0.2:
                    array.flat[random.integers(array.size)] = random.choice(
                        [np.nan, np.inf, -1e300]
                    )
                arrays[name] = array
        yield arrays
