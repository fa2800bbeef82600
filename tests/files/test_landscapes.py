"""Loss landscapes as their programs write them, and what happens to files that are damaged.

The fixtures are written as each format's own writer lays them out, of L = 1 + x² + 10y² + 0.3x.
"""

import contextlib
import io
import pickle
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from gdviz.engine.objectives.bicubic import Interpolant
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.files.landscape_formats import hdf5, hdf5_dump
from gdviz.files.landscapes import (
    Landscape,
    LandscapeError,
    RangeNeeded,
    is_readable,
    load_landscape,
    load_trajectory,
    looks_like_landscape,
)

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


# -- loss-landscape


@pytest.mark.parametrize(("x", "y"), [(X5, Y5), (X7, Y4)])
def test_loss_landscape(tmp_path: Path, x: Any, y: Any) -> None:
    found = load_landscape(surface_file(tmp_path / "s.h5", x, y))
    assert_is_bowl(found.grid, x, y)
    assert found.metric == "train_loss"
    assert found.metrics == ("train_acc", "train_loss")
    assert found.grid.source == "s.h5"
    assert found.ambiguous
    assert found.notes == (
        "the file does not say which axis comes first: transpose if it looks wrong",
    )


@pytest.mark.parametrize(("x", "y"), [(X5, Y5), (X7, Y4)])
def test_a_fork_that_fills_by_both_indices_is_transposed(tmp_path: Path, x: Any, y: Any) -> None:
    path = surface_file(tmp_path / "s.h5", x, y, train_loss=rows(x, y).T)  # [i, j], i = x
    as_it_is = load_landscape(path)
    assert not np.allclose(as_it_is.grid.array, rows(x, y))
    assert_is_bowl(load_landscape(path, transpose=True).grid, x, y)
    assert_is_bowl(as_it_is.grid.transposed(), x, y)


def test_a_surface_that_is_still_being_computed(tmp_path: Path) -> None:
    losses = rows(X5, Y5)
    losses.ravel()[3] = -1.0
    losses.ravel()[7] = np.inf
    found = load_landscape(surface_file(tmp_path / "s.h5", X5, Y5, train_loss=losses))
    assert found.grid.holes == 2
    assert found.grid.values[0][3] is None
    assert found.notes[:2] == (
        "1 of 25 cells is missing",
        "1 of 25 cells is infinite, or too large to be drawn",
    )


def test_nothing_computed_yet(tmp_path: Path) -> None:
    path = surface_file(tmp_path / "s.h5", X5, Y5, train_loss=-np.ones((5, 5)))
    with pytest.raises(LandscapeError, match=r"no value of train_loss .* yet \(in s.h5\)"):
        load_landscape(path)


def test_other_metrics(tmp_path: Path) -> None:
    least, most = rows(X5, Y5), rows(X5, Y5)
    least.ravel()[[0, 2]] = 1.0, -1.0
    most.ravel()[[0, 2]] = 1.0, -1.0
    path = surface_file(
        tmp_path / "s.h5", X5, Y5, min_eig=least, max_eig=most, train_loss=None, test_loss=most
    )
    assert load_landscape(path).metric == "test_loss"
    min_eig = load_landscape(path, metric="min_eig").grid
    assert (min_eig.values[0][0], min_eig.values[0][2]) == (None, -1.0)
    max_eig = load_landscape(path, metric="max_eig").grid
    assert (max_eig.values[0][0], max_eig.values[0][2]) == (1.0, None)
    assert load_landscape(path, metric="train_acc").metric == "train_acc"
    with pytest.raises(LandscapeError, match="this has no train_loss: it has max_eig, min_eig"):
        load_landscape(path, metric="train_loss")


def test_one_dimension(tmp_path: Path) -> None:
    found = load_landscape(surface_file(tmp_path / "line.h5", X7))
    assert found.grid.a == pytest.approx(tuple(X7))
    assert found.grid.b == (-1.0, 1.0)
    assert found.grid.array == pytest.approx(np.array([bowl(X7, 0)] * 2))
    assert found.notes == ("there is only one dimension: the loss does not depend on b",)
    assert not found.ambiguous
    with pytest.raises(LandscapeError, match="nothing to transpose"):
        load_landscape(tmp_path / "line.h5", transpose=True)
    partial = np.where(X7 > 0.5, -1.0, bowl(X7, 0))
    surface_file(tmp_path / "line.h5", X7, train_loss=partial)
    found = load_landscape(tmp_path / "line.h5")
    assert found.notes[1] == "2 of 7 points are missing"
    assert (found.grid.holes, found.grid.cells) == (2, 7)


def test_an_axis_that_runs_backwards(tmp_path: Path) -> None:
    one = load_landscape(surface_file(tmp_path / "s.h5", X7[::-1], Y4))
    assert_is_bowl(one.grid, X7, Y4)
    both = load_landscape(surface_file(tmp_path / "s.h5", X7[::-1], Y4[::-1]))
    assert_is_bowl(both.grid, X7, Y4)
    by_indices = rows(X7, Y4)[::-1, ::-1].T
    both = load_landscape(
        surface_file(tmp_path / "s.h5", X7[::-1], Y4[::-1], train_loss=by_indices), transpose=True
    )
    assert_is_bowl(both.grid, X7, Y4)


BACKWARDS = [(1, 1), (-1, 1), (1, -1), (-1, -1)]


@pytest.mark.parametrize(("along_x", "along_y"), BACKWARDS)
@pytest.mark.parametrize(("x", "y"), [(X5, Y5), (X7, Y4)])
def test_transposing_what_runs_backwards(
    tmp_path: Path, x: Any, y: Any, along_x: int, along_y: int
) -> None:
    """A fork fills [i, j] along axes as they stand in its file, with holes and a trajectory."""
    by_indices = rows(x, y).T[::along_x, ::along_y].copy()
    by_indices[1, 0] = -1.0
    path = surface_file(
        tmp_path / "s.h5", x[::along_x], y[::along_y], train_loss=by_indices,
        proj_xcoord=[0.5, 0.0], proj_ycoord=[0.25, 0.0],
    )  # fmt: skip
    found = load_landscape(path, transpose=True)
    assert_is_part_of_bowl(found.grid, x, y)
    hole = range(len(y))[::along_y][0], range(len(x))[::along_x][1]
    assert np.argwhere(np.isnan(found.grid.array)).tolist() == [list(hole)]
    assert found.grid.trajectory == ((0.5, 0.25), (0.0, 0.0))
    assert found.ambiguous
    as_it_is = load_landscape(path)
    assert as_it_is.ambiguous
    assert as_it_is.grid.trajectory == found.grid.trajectory
    assert as_it_is.grid.holes == 1
    assert as_it_is.grid.transposed() == found.grid  # as the window does, without the file
    assert found.grid.transposed() == as_it_is.grid


@pytest.mark.parametrize(("along_x", "along_y"), BACKWARDS)
@pytest.mark.parametrize(("x", "y"), [(X5, Y5), (X7, Y4)])
def test_the_ends_of_axes_that_run_backwards(
    tmp_path: Path, x: Any, y: Any, along_x: int, along_y: int
) -> None:
    ends = {"alpha_grid": x[[0, -1]][::along_x], "beta_grid": y[[0, -1]][::along_y]}
    by_indices = rows(x, y).T[::along_x, ::along_y]
    found = load_landscape(npz(tmp_path / "s.npz", loss_surface=by_indices, **ends))
    assert_is_bowl(found.grid, x, y)
    other = load_landscape(npz(tmp_path / "s.npz", loss_surface=by_indices.T, **ends))
    assert_is_bowl(other.grid.transposed(), x, y)
    assert_is_bowl(load_landscape(tmp_path / "s.npz", transpose=True).grid, x, y)


def test_cells_that_make_a_surface_in_one_order_only(tmp_path: Path) -> None:
    """The first six of 7 × 4: a row along x, but two along y."""
    losses = -np.ones((7, 4))
    losses.ravel()[:6] = rows(X7, Y4).T.ravel()[:6]
    path = surface_file(tmp_path / "s.h5", X7, Y4, train_loss=losses)
    with pytest.raises(LandscapeError, match="no four neighbouring points"):
        load_landscape(path)
    grid = load_landscape(path, transpose=True).grid
    assert grid.array[:2, :2] == pytest.approx(rows(X7, Y4)[:2, :2])
    assert grid.holes == 22


def test_directions_are_not_a_surface(tmp_path: Path) -> None:
    path = tmp_path / "directions.h5"
    with h5py.File(path, "w") as file:
        for name in ("xdirection", "ydirection"):
            for index, shape in enumerate([(3, 4), (4,)]):
                file[f"{name}/{index}"] = np.ones(shape)
        file["explained_variance_ratio_"] = np.array([0.7, 0.2])
    with pytest.raises(LandscapeError, match="these are directions in weight space"):
        load_landscape(path)


def test_a_trajectory(tmp_path: Path) -> None:
    path = tmp_path / "model_proj_cos.h5"
    with h5py.File(path, "w") as file:
        file["proj_xcoord"], file["proj_ycoord"] = [0.5, 0.25, 0.0], [-1.0, -0.5, 0.0]
    trajectory, notes = load_trajectory(path)
    assert trajectory == ((0.5, -1.0), (0.25, -0.5), (0.0, 0.0))
    assert "divided by the length of the directions" in notes[0]
    with pytest.raises(LandscapeError, match="this is a trajectory, not a surface"):
        load_landscape(path)
    with pytest.raises(LandscapeError, match="holds no trajectory"):
        load_trajectory(surface_file(tmp_path / "s.h5", X5, Y5))


def test_a_trajectory_with_the_surface(tmp_path: Path) -> None:
    path = surface_file(tmp_path / "s.h5", X5, Y5, proj_xcoord=[0.5, 0.0], proj_ycoord=[1.0, 0.0])
    found = load_landscape(path)
    assert found.grid.trajectory == ((0.5, 1.0), (0.0, 0.0))
    assert "divided by the length" in found.notes[0]


# -- other HDF5


def test_landscapeviz(tmp_path: Path) -> None:
    """One axis for both, the first index y's; the accuracy comes first in the alphabet."""
    path = tmp_path / "meshfile.hdf5"
    with h5py.File(path, "w") as file:
        file["space"] = X5
        for name, values in (
            ("categorical_crossentropy", rows(X5, X5)), ("accuracy", 1 / rows(X5, X5)),
        ):  # fmt: skip
            file[f"original_{name}"] = values[2, 2]
            file[name] = values.astype(np.float32)
    found = load_landscape(path)
    assert_is_bowl(found.grid, X5, X5)
    assert found.metric == "categorical_crossentropy"
    assert found.metrics == ("accuracy", "categorical_crossentropy")
    assert not found.ambiguous
    with pytest.raises(LandscapeError, match="the file says which axis is which"):
        load_landscape(path, transpose=True)


def test_earlier_landscapeviz(tmp_path: Path) -> None:
    path = tmp_path / "meshfile.hdf5"
    with h5py.File(path, "w") as file:
        file["X"], file["Y"] = np.meshgrid(X5, Y5)
        file["Z_mse"], file["acc"] = rows(X5, Y5), 1 / rows(X5, Y5)
    found = load_landscape(path)
    assert_is_bowl(found.grid, X5, Y5)
    assert (found.metric, found.metrics) == ("Z_mse", ("Z_mse", "acc"))


def test_a_data_set_for_each_value(tmp_path: Path) -> None:
    path = tmp_path / "scalars.h5"
    with h5py.File(path, "w") as file:
        for i, x in enumerate(X7):
            for j, y in enumerate(Y4):
                if (i, j) != (0, 3):
                    file[f"loss_{i}_{j}"], file[f"acc_{i}_{j}"] = bowl(x, y), 1.0
    with pytest.raises(RangeNeeded, match=r"--range A0,A1,B0,B1 .*\(in scalars.h5\)"):
        load_landscape(path)
    found = load_landscape(path, extent=RANGE_7)
    assert_is_bowl(found.grid, X7, Y4)
    assert found.grid.values[3][0] is None
    assert (found.metric, sorted(found.metrics)) == ("loss", ["acc", "loss"])
    renamed = path.rename(tmp_path / "x_[-1.0,1.0,7]x[-0.5,1.0,4].h5")
    assert_is_bowl(load_landscape(renamed).grid, X7, Y4)
    with h5py.File(renamed, "a") as file:  # the last ones are still to come
        for name in [name for name in file if name[-1] == "3" or name.split("_")[1] == "6"]:
            del file[name]
    grid = load_landscape(renamed).grid
    assert_is_part_of_bowl(grid, X7, Y4)
    assert grid.holes == 7 + 4 - 1


@pytest.mark.parametrize(("x", "y", "extent"), [(X5, Y5, RANGE_5), (X7, Y4, RANGE_7)])
def test_a_surface_without_its_coordinates(tmp_path: Path, x: Any, y: Any, extent: Any) -> None:
    low, high, lower, higher = extent
    named = f"s_[{low},{high},{len(x)}]x[{lower},{higher},{len(y)}].h5"
    path = surface_file(tmp_path / named, x, y)
    with h5py.File(path, "a") as file:
        del file["xcoordinates"], file["ycoordinates"]
    found = load_landscape(path)
    assert_is_bowl(found.grid, x, y)
    assert (found.metric, found.metrics) == ("train_loss", ("train_acc", "train_loss"))
    assert found.ambiguous
    assert load_landscape(path, metric="train_acc").grid.array.max() < 100
    with h5py.File(path, "a") as file:
        del file["train_loss"]
        file["train_loss"] = rows(x, y)  # [j, i], the same cells
    assert_is_bowl(load_landscape(path).grid, x, y)
    path = surface_file(tmp_path / "s.h5", x, y)
    with h5py.File(path, "a") as file:
        del file["xcoordinates"], file["ycoordinates"]
    with pytest.raises(RangeNeeded, match=r"--range A0,A1,B0,B1 .*\(in s.h5\)"):
        load_landscape(path)
    assert_is_bowl(load_landscape(path, extent=extent).grid, x, y)
    with h5py.File(path, "a") as file:
        del file["train_loss"]
        file["train_loss"] = rows(x, y).T  # as a fork does, [i, j]
    assert_is_bowl(load_landscape(path, extent=extent, transpose=True).grid, x, y)


def test_a_line_without_its_coordinates(tmp_path: Path) -> None:
    losses = np.where(X7 == 0, np.nan, bowl(X7, 0))
    name = "s_[-1.0,1.0,7]"
    np.save(tmp_path / f"{name}.npy", losses)
    npz(tmp_path / f"{name}.npz", loss=losses)
    np.savetxt(tmp_path / f"{name}.csv", losses)
    with h5py.File(tmp_path / f"{name}.h5", "w") as file:
        file["train_loss"] = losses
    for suffix in ("npy", "npz", "csv", "h5"):
        path = tmp_path / f"{name}.{suffix}"
        assert looks_like_landscape(path)
        found = load_landscape(path)
        assert found.grid.a == pytest.approx(tuple(X7))
        assert found.grid.array[0, :3] == pytest.approx(losses[:3])
        assert found.grid.is_line
        assert found.grid.holes == 1
        assert found.notes[1] == "1 of 7 points is missing"
        with pytest.raises(RangeNeeded, match="--range"):
            load_landscape(path.rename(tmp_path / f"s.{suffix}"))


@pytest.mark.parametrize("suffix", ["npy", "npz", "csv", "h5"])
def test_a_range_in_the_name_that_is_another_grids(tmp_path: Path, suffix: str) -> None:
    """Part of a grid, saved under the whole one's name, does not reach as far."""
    path = tmp_path / f"s_[-1.0,1.0,7]x[-0.5,1.0,4].{suffix}"
    part = rows(X7, Y4)[:, :5]
    match suffix:
        case "npy":
            np.save(path, part)
        case "npz":
            npz(path, loss=part)
        case "csv":
            np.savetxt(path, part, delimiter=",")
        case _:
            with h5py.File(path, "w") as file:
                file["train_loss"] = part
    with pytest.raises(
        RangeNeeded, match="name gives the range for 7 × 4 points, not for 4 × 5, so"
    ):
        load_landscape(path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"xcoordinates": list("abcde")}, "the coordinates xcoordinates are not real numbers"),
        ({"ycoordinates": list("abcde")}, "the coordinates ycoordinates are not real numbers"),
        ({"ycoordinates": X5 * 1j}, "the coordinates ycoordinates are not real numbers"),
        ({"xcoordinates": None}, "this has ycoordinates but no xcoordinates"),
        ({"train_loss": np.ones((5, 4)), "train_acc": np.ones(3)},
         "has coordinates for 5 × 5 points, but not as many values: train_acc has 3, "
         r"train_loss has 5 × 4 \(in s.h5\)"),
    ],
)  # fmt: skip
def test_coordinates_and_values_that_do_not_go_together(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    path = surface_file(tmp_path / "s.h5", X5, Y5)
    with h5py.File(path, "a") as file:
        for name, values in changes.items():
            del file[name]
            if values is not None:
                file[name] = values
    with pytest.raises(LandscapeError, match=words):
        load_landscape(path, extent=RANGE_5)


def test_an_hdf5_file_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["weights"], file["more/inside"] = np.ones(3), 1.0
    with pytest.raises(LandscapeError, match="it holds weights, more"):
        load_landscape(path)
    (tmp_path / "text.h5").write_text("hello")
    with pytest.raises(LandscapeError, match="this is not an HDF5 file"):
        load_landscape(tmp_path / "text.h5")


def test_hdf5_without_h5py(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = surface_file(tmp_path / "s.h5", X5, Y5)
    assert is_readable(path)
    monkeypatch.setitem(sys.modules, "h5py", None)
    assert not is_readable(path)
    with pytest.raises(LandscapeError, match=r"need h5py: pip install 'gdviz\[hdf5\]' \(in s.h5\)"):
        load_landscape(path)


def test_hdf5_with_an_h5py_that_does_not_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "h5py.py").write_text("raise ImportError('for another NumPy')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "broken"))
    with pytest.raises(LandscapeError, match=r"cannot be loaded: pip install 'gdviz\[hdf5\]'"):
        load_landscape(surface_file(tmp_path / "s.h5", X5, Y5))


def test_hdf5_that_leads_elsewhere(tmp_path: Path) -> None:
    secret = surface_file(tmp_path / "secret.h5", X5, Y5)
    (tmp_path / "raw").write_bytes(rows(X5, Y5).tobytes())

    def linked(file: h5py.File) -> None:
        file["train_loss"] = h5py.ExternalLink(str(secret), "train_loss")

    def external(file: h5py.File) -> None:
        file.create_dataset(
            "train_loss", (5, 5), "f8", external=[(str(tmp_path / "raw"), 0, h5py.h5f.UNLIMITED)]
        )

    def virtual(file: h5py.File) -> None:
        layout = h5py.VirtualLayout((5, 5), "f8")
        layout[:] = h5py.VirtualSource(str(secret), "train_loss", (5, 5))
        file.create_virtual_dataset("train_loss", layout)

    for write, words in (
        (linked, "a link to elsewhere"), (external, "in another file"),
        (virtual, "in another file"),
    ):  # fmt: skip
        path = surface_file(tmp_path / "s.h5", X5, Y5, train_loss=None)
        with h5py.File(path, "a") as file:
            write(file)
        with pytest.raises(LandscapeError, match=words):
            load_landscape(path)


def test_hdf5_that_unpacks_to_gigabytes(tmp_path: Path) -> None:
    path = surface_file(tmp_path / "s.h5", X5, Y5, train_loss=None, train_acc=None)
    with h5py.File(path, "a") as file:
        file.create_dataset("train_loss", (40_000, 40_000), "f8", compression="gzip", fillvalue=1)
    with pytest.raises(
        LandscapeError, match=r"5 × 5 points, but not as many values: train_loss is too"
    ):
        load_landscape(path)
    with h5py.File(path, "w") as file:
        file.create_dataset("xcoordinates", (10**9,), "f8", chunks=(1 << 20,))
    with pytest.raises(LandscapeError, match="more than 512 points along an axis"):
        load_landscape(path)
    surface_file(path, np.linspace(0, 1, 600), np.linspace(0, 1, 4))
    with pytest.raises(LandscapeError, match="has 600 × 4 points: at most 512 each way"):
        load_landscape(path)


def test_a_program_at_work_on_the_file_does_not_lock_it(tmp_path: Path) -> None:
    path = surface_file(tmp_path / "s.h5", X5, Y5)
    with h5py.File(path, "r+") as file:
        file.flush()
        assert_is_bowl(load_landscape(path).grid, X5, Y5)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import os; os.abort()", "or it is damaged"),
        ("print('nonsense')", "or it is damaged"),
        ("import time; time.sleep(60)", "takes too long to be read"),
    ],
)
def test_a_reader_that_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, words: str
) -> None:
    """The HDF5 library does: it runs in a process of its own."""
    child = tmp_path / "child.py"
    child.write_text(program)
    monkeypatch.setattr(hdf5_dump, "__file__", str(child))
    monkeypatch.setattr(hdf5, "_SECONDS", 1.0)
    with pytest.raises(LandscapeError, match=words):
        load_landscape(surface_file(tmp_path / "s.h5", X5, Y5))


def test_the_reader_is_not_taken_from_where_the_program_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "h5py.py").write_text("raise SystemExit('not this one')")
    path = surface_file(tmp_path / "s.h5", X5, Y5)
    monkeypatch.chdir(tmp_path)
    assert_is_bowl(load_landscape(path.name).grid, X5, Y5)


# -- NumPy's files


@pytest.mark.parametrize(("x", "y"), [(X5, Y5), (X7, Y4)])
@pytest.mark.parametrize(
    "names",
    [("loss_surface", "alpha_grid", "beta_grid"), ("Z", "x", "y"), ("losses", "alphas", "betas"),
     ("loss_surface", "x_coordinates", "y_coordinates")],
)  # fmt: skip
def test_npz(tmp_path: Path, x: Any, y: Any, names: tuple[str, str, str]) -> None:
    z, a, b = names
    found = load_landscape(npz(tmp_path / "s.npz", **{z: rows(x, y).T, a: x, b: y}))
    assert_is_bowl(found.grid, x, y)
    assert found.metric == z
    assert found.ambiguous == (len(x) == len(y))


@pytest.mark.parametrize(("x", "y", "extent"), [(X5, Y5, RANGE_5), (X7, Y4, RANGE_7)])
def test_npz_with_the_ends_of_its_axes(tmp_path: Path, x: Any, y: Any, extent: Any) -> None:
    ends = {"alpha_grid": np.array(extent[:2]), "beta_grid": np.array(extent[2:])}
    found = load_landscape(npz(tmp_path / "s.npz", loss_surface=rows(x, y).T, **ends))
    assert_is_bowl(found.grid, x, y)
    assert found.ambiguous
    other = npz(tmp_path / "s.npz", loss_surface=rows(x, y), **ends)
    assert_is_bowl(load_landscape(other, transpose=True).grid, x, y)
    assert_is_bowl(load_landscape(other).grid.transposed(), x, y)


@pytest.mark.parametrize("indexing", ["xy", "ij"])
def test_npz_with_meshgrids_says_its_order(tmp_path: Path, indexing: Any) -> None:
    x, y = np.meshgrid(X5, Y5, indexing=indexing)
    found = load_landscape(npz(tmp_path / "s.npz", X=x, Y=y, Z=bowl(x, y)))
    assert_is_bowl(found.grid, X5, Y5)
    assert not found.ambiguous


def test_npz_with_a_trajectory_and_objects(tmp_path: Path) -> None:
    path = npz(
        tmp_path / "s.npz", alphas=X5, betas=Y5, loss_surface=rows(X5, Y5).T, path_x=[0.5, 0.0],
        path_y=[1.0, 0.0], analysis={"curvature": 1.0}, acc_surface=rows(X5, Y5),
        title="a name", steps=np.int64(51),
    )  # fmt: skip
    found = load_landscape(path)
    assert found.metrics == ("loss_surface", "acc_surface")
    assert found.grid.trajectory == ((0.5, 1.0), (0.0, 0.0)) == load_trajectory(path)[0]
    assert load_landscape(path, metric="acc_surface").metric == "acc_surface"
    points = np.array([[0.5, 1.0], [0.2, 0.1], [0.0, 0.0]])
    path = npz(tmp_path / "t.npz", a=X5, b=Y5, z=rows(X5, Y5).T, trajectory=points)
    assert load_landscape(path).grid.trajectory == ((0.5, 1.0), (0.2, 0.1), (0.0, 0.0))


def test_npz_without_axes_needs_a_range(tmp_path: Path) -> None:
    path = npz(tmp_path / "s.npz", loss_surface=rows(X7, Y4).T)
    with pytest.raises(RangeNeeded, match="no coordinates for its values"):
        load_landscape(path)
    assert_is_bowl(load_landscape(path, extent=RANGE_7).grid, X7, Y4)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x": list("abcde")}, "the coordinates x are text, not real numbers"),
        ({"y": Y5 * 1j}, "the coordinates y are complex numbers, not real numbers"),
        ({"x": X7}, "the values are 5 × 5, but the coordinates are those of 7 × 5 points"),
        ({"x": np.ones((5, 4)), "y": np.ones((5, 4))}, "are 5 × 4 and 5 × 4, and the values 5 × 5"),
        ({"loss": np.ones(4), "y": "no axis"}, "has 4 for 5"),
    ],
)
def test_npz_whose_coordinates_do_not_fit(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    arrays = {"x": X5, "y": Y5, "loss": rows(X5, Y5)} | changes
    with pytest.raises(LandscapeError, match=words):
        load_landscape(npz(tmp_path / "s.npz", **arrays))


def test_npz_of_a_line(tmp_path: Path) -> None:
    found = load_landscape(npz(tmp_path / "s.npz", alphas=X7, losses=bowl(X7, 0)))
    assert found.grid.array == pytest.approx(np.array([bowl(X7, 0)] * 2))


def test_npy(tmp_path: Path) -> None:
    path = tmp_path / "s.npy"
    np.save(path, rows(X7, Y4).T)
    with pytest.raises(RangeNeeded):
        load_landscape(path)
    found = load_landscape(path, extent=RANGE_7)
    assert_is_bowl(found.grid, X7, Y4)
    assert found.ambiguous
    np.save(path, rows(X7, Y4))
    assert_is_bowl(load_landscape(path, extent=RANGE_7, transpose=True).grid, X7, Y4)


def test_npy_with_its_distance_beside_it(tmp_path: Path) -> None:
    x, y = np.linspace(-1.5, 1.5, 7), np.linspace(-1.5, 1.5, 4)
    np.save(tmp_path / "s.npy", np.asfortranarray(rows(x, y).T.astype(">f4")))
    (tmp_path / "s.toml").write_text('model = "mlp"\n[landscape]\ndistance = 3.0\n')
    found = load_landscape(tmp_path / "s.npy")
    assert_is_bowl(found.grid, x, y)
    assert not found.ambiguous


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"distance = [", "is not TOML"), (b"\xff", "is not TOML"), (b"a = 1", "gives no distance"),
        (b"distance = -1", "not a positive number"), (b"distance = true", "not a positive number"),
        (b"distance = 'far'", "not a positive number"), (b"#" * 200_000, "is larger than 100 kB"),
        (b"d = " + b"1" * 5000, "is not TOML"), (None, "is not a file"),
    ],
)  # fmt: skip
def test_a_distance_that_is_not_understood(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    name = "s_[-1.0,1.0,7]x[-0.5,1.0,4]"
    np.save(tmp_path / "s.npy", rows(X7, Y4).T)
    for beside in (tmp_path / "s.toml", tmp_path / f"{name}.toml"):
        if content is None:
            beside.mkdir()
        else:
            beside.write_bytes(content)
    with pytest.raises(RangeNeeded, match=rf"s\.toml beside it .*{words}.*, so the range has to"):
        load_landscape(tmp_path / "s.npy")
    assert words in load_landscape(tmp_path / "s.npy", extent=RANGE_7).notes[0]
    found = load_landscape((tmp_path / "s.npy").rename(tmp_path / f"{name}.npy"))
    assert_is_bowl(found.grid, X7, Y4)
    assert words in found.notes[0]
    assert found.notes[0].endswith("so it is ignored")


def test_a_trajectory_as_npy(tmp_path: Path) -> None:
    np.save(tmp_path / "t.npy", [[0.5, 1.0], [0.0, 0.0]])
    assert load_trajectory(tmp_path / "t.npy") == (((0.5, 1.0), (0.0, 0.0)), ())
    np.save(tmp_path / "t.npy", np.ones(5))
    with pytest.raises(LandscapeError, match="no points with two coordinates"):
        load_trajectory(tmp_path / "t.npy")
    np.save(tmp_path / "t.npy", [[0.5, np.nan]])
    with pytest.raises(LandscapeError, match=r"goes through nan \(in t.npy\)"):
        load_trajectory(tmp_path / "t.npy")
    np.save(tmp_path / "t.npy", np.ones((10_001, 2)))
    with pytest.raises(LandscapeError, match="at most 10,000 are allowed"):
        load_trajectory(tmp_path / "t.npy")
    with pytest.raises(LandscapeError, match=r"read from \.h5"):
        load_trajectory(csv_rows(tmp_path / "t.csv", X5, Y5))


# -- text


@pytest.mark.parametrize("header", ["", "x,y,loss", "# x,y,loss", "alpha;beta;loss"])
@pytest.mark.parametrize(("x", "y"), [(X5, Y5), (X7, Y4)])
def test_csv_rows(tmp_path: Path, x: Any, y: Any, header: str) -> None:
    path = csv_rows(tmp_path / "s.csv", x, y, header)
    if ";" in header:
        path.write_text(path.read_text().replace(",", ";"))
    found = load_landscape(path)
    assert_is_bowl(found.grid, x, y)
    assert not found.ambiguous
    assert found.metric == ("loss" if header else "value")
    assert found.grid.names == (("alpha", "beta") if "alpha" in header else
                                ("x", "y") if header else ("a", "b"))  # fmt: skip
    assert looks_like_landscape(path)


def test_csv_rows_with_inf_and_holes(tmp_path: Path) -> None:
    path = csv_rows(tmp_path / "s.csv", X5, Y5, "x,y,loss")
    lines = path.read_text().splitlines()
    lines[1] = lines[1].rsplit(",", 1)[0] + ",inf"
    lines[2] = lines[2].rsplit(",", 1)[0] + ",nan"
    lines[3] = lines[3].rsplit(",", 1)[0] + ","
    del lines[25]
    path.write_text("\r\n".join(lines))
    found = load_landscape(path)
    assert_is_bowl(found.grid, X5, Y5)
    assert found.grid.holes == 4
    assert found.notes == (
        "3 of 25 cells are missing",
        "1 of 25 cells is infinite, or too large to be drawn",
    )


def test_csv_rows_in_any_order_and_with_several_values(tmp_path: Path) -> None:
    path = csv_rows(tmp_path / "s.csv", X7, Y4)
    lines = [f"{line},{k}" for k, line in enumerate(path.read_text().splitlines())]
    np.random.default_rng(1).shuffle(lines)
    path.write_text("x,y,train_loss,rank\n" + "\n".join(lines))
    found = load_landscape(path)
    assert_is_bowl(found.grid, X7, Y4)
    assert found.metrics == ("train_loss", "rank")
    assert load_landscape(path, metric="rank").grid.values[0][:3] == (0.0, 1.0, 2.0)


def test_coordinates_that_were_printed_with_fewer_digits(tmp_path: Path) -> None:
    lines = [
        f"{x!r},{y!r},{bowl(x, y)!r}" if k % 2 else f"{x:.12g},{y:.12g},{bowl(x, y)!r}"
        for k, (x, y) in enumerate((x, y) for y in Y4.tolist() for x in X7.tolist())
    ]
    (tmp_path / "s.csv").write_text("\n".join(lines))
    assert_is_bowl(load_landscape(tmp_path / "s.csv").grid, X7, Y4)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", " "])
def test_csv_matrix(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "s.csv"
    np.savetxt(path, rows(X7, Y4), delimiter=delimiter)
    with pytest.raises(RangeNeeded, match="--range A0,A1,B0,B1"):
        load_landscape(path)
    found = load_landscape(path, extent=RANGE_7)
    assert_is_bowl(found.grid, X7, Y4)
    assert found.ambiguous
    assert looks_like_landscape(path)
    np.savetxt(path, rows(X7, Y4).T, delimiter=delimiter)
    assert_is_bowl(load_landscape(path, extent=RANGE_7, transpose=True).grid, X7, Y4)
    named = path.rename(tmp_path / "s_[-1.0,1.0,7]x[-0.5,1.0,4].csv")
    assert_is_bowl(load_landscape(named).grid, X7, Y4)


@pytest.mark.parametrize("suffix", ["npy", "npz", "csv"])
def test_a_name_tells_the_points_along_each_axis(tmp_path: Path, suffix: str) -> None:
    """[i, j], [j, i], and loss-landscape's cells of [j, i] in the shape of [i, j]."""
    path = tmp_path / f"s_[-1.0,1.0,7]x[-0.5,1.0,4].{suffix}"
    losses = rows(X7, Y4)
    for array, transpose in ((losses.T, False), (losses, False), (losses.reshape(7, 4), True)):
        if suffix == "npy":
            np.save(path, array)
        elif suffix == "npz":
            npz(path, loss=array)
        else:
            np.savetxt(path, array, delimiter=",")
        found = load_landscape(path, transpose=transpose)
        assert_is_bowl(found.grid, X7, Y4)
        assert found.grid.transposed().transposed() == found.grid
        assert found.ambiguous


@pytest.mark.parametrize("extent", [(1, 1, 0, 1), (0, 1, 1, 0), (0, np.nan, 0, 1), (0, 1e9, 0, 1)])
def test_ranges_that_are_refused(tmp_path: Path, extent: Any) -> None:
    np.savetxt(tmp_path / "s.csv", rows(X5, Y5), delimiter=",")
    with pytest.raises(LandscapeError, match="must run from a lower to a higher number"):
        load_landscape(tmp_path / "s.csv", extent=extent)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "this file is empty"),
        ("x,y,loss\n", "names in its first line, but no rows"),
        ("1,2\n3\n", "line 2 has 1 cells, but the first has 2"),
        ("1,2\n3,four\n", "line 2, column 2 holds four, which is not a number"),
        ("1,2,x3\n4,5,6\n", "line 1, column 3 holds x3, which is not a number"),
        ("x,y,loss\n0,left,1\n", "line 2, column y holds left, which is not a number"),
        ("x,y\n1,2\n3,4\n", "the columns x, y are not those of a surface"),
        ("x,y,loss\n" + "0,0,1\n" * 4, "are not those of a surface"),
        ("nan,nan\nnan,nan\n", "no four neighbouring points"),
        ("\xff\n", "not those of a surface|no rows below"),
    ],
)
def test_text_that_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "s.csv").write_text(text)
    with pytest.raises(LandscapeError, match=words):
        load_landscape(tmp_path / "s.csv", extent=RANGE_5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1\n" * 600_000, "more lines than a grid can have points"),
        ("1," * 600_000, "lines of more than 25,600 characters"),
        ("1,1,1\n" * 600, "do not form a grid"),
        (("1 " * 30 + "\n") * 600, "600 × 30 points"),
        ((" 1" * 600 + "\n") * 3, "3 rows and 600 columns"),
        ("x,y,loss\n0,0,1\n0,1,1\n1e9,0,1\n1e9,1,1\n", "at most 1e\\+06 is allowed"),
        ("x,y,loss\n-1e308,0,1\n-1e308,1,1\n1e308,0,1\n1e308,1,1\n", "are not those of a surface"),
    ],
)
def test_text_that_is_too_large(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "s.csv").write_text(text)
    with pytest.raises(LandscapeError, match=words):
        load_landscape(tmp_path / "s.csv", extent=RANGE_5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x,y\n1,2\n2,3\n3,5\n", False),
        ("x1,x2,y\n0,0,1\n0,1,1\n1,0,-1\n1,1,1\n", False),  # a grid, but of data
        ("x,y,label\n0,0,1\n0,1,1\n1,0,-1\n1,1,1\n", False),
        ("x,y,loss\n0,0,1\n0,1,1\n1,0,-1\n1,1,1\n", True),
        ("x,y,loss\n0,0,1\n0,1,1\n1,0,-1\n", False),  # a crossing is missing
        ("a,b,z\n0,0,1\n0,1,inf\n1,0,-1\n1,1,1\n", True),
        ("1,2,3\n4,5,6\n", True),
        ("1,2\n3\n", False),
        ("1\n2\n", False),
        ("", False),
        ("\0\0\0", False),
    ],
)
def test_which_text_is_a_landscape(tmp_path: Path, text: str, expected: bool) -> None:
    (tmp_path / "s.csv").write_text(text)
    assert looks_like_landscape(tmp_path / "s.csv") is expected


def test_which_files_are_landscapes(tmp_path: Path) -> None:
    for name in ("s.h5", "s.HDF5", "s.npz", "s.npy", "s.pkl"):
        (tmp_path / name).write_bytes(b"")
        assert looks_like_landscape(tmp_path / name)
    assert not looks_like_landscape(tmp_path / "missing.h5")
    assert not looks_like_landscape(tmp_path)


# -- what is refused


@pytest.mark.parametrize("suffix", [".p", ".pkl", ".pickle", ".pt", ".pth"])
def test_pickles_are_not_opened(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"s{suffix}"
    path.write_bytes(pickle.dumps(_Mine()))
    with pytest.raises(LandscapeError, match="opening one would run code"):
        load_landscape(path)


class _Mine:
    """Unpickling it would end the tests."""

    def __reduce__(self) -> Any:
        return sys.exit, ("a pickle was opened",)


def test_objects_in_numpys_files_are_not_opened(tmp_path: Path) -> None:
    objects = np.array([[_Mine()] * 3] * 3, dtype=object)
    np.save(tmp_path / "s.npy", objects, allow_pickle=True)
    with pytest.raises(LandscapeError, match="would run code"):
        load_landscape(tmp_path / "s.npy", extent=RANGE_5)
    np.savez(tmp_path / "s.npz", loss_surface=objects)
    with pytest.raises(LandscapeError, match="would run code"):
        load_landscape(tmp_path / "s.npz", extent=RANGE_5)


def header(shape: str, dtype: str = "<f8", version: bytes = b"\1\0") -> bytes:
    text = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return (
        b"\x93NUMPY" + version + len(text).to_bytes(2 if version == b"\1\0" else 4, "little") + text
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (header("(100000, 100000)"), "has 100,000 × 100,000 points: at most 512"),
        (header("(10, 10, 10000)"), "10 × 10 × 10,000 points"),
        (header("(100, 100, 100)"), "holds 1,000,000 numbers"),
        (header(f"({'9' * 300}, 5)"), "has countless × 5 points: at most 512"),
        (header("(-5, 5)"), "damaged"),
        (header("(" + "1," * 60 + ")"), "dimensions|damaged|cut short"),
        (header("(3, 3)"), "cut short"),
        (header("(3, 3)", "<c16") + bytes(144), "this holds complex numbers"),
        (header("(3, 3)", "<U9") + bytes(400), "this holds text, not real numbers"),
        (header("(3, 3)", "|O"), "would run code"),
        (header("(3, 3)", "<f999"), "damaged"),
        (header("(3, 3), 'x': " + "[" * 4000), "damaged"),
        (header("(3, 3)", version=b"\2\0")[:8] + b"\xff\xff\xff\xff", "damaged"),
        (header("(3, 3)", version=b"\7\0"), "damaged"),
        (header("()") + bytes(8), "0 dimensions"),
        (header("(2, 3, 4)") + bytes(192), "3 dimensions"),
        (header("(0, 5)"), "needs 2 points each way"),
        (b"", "damaged"),
        (b"\x93NUMPY", "damaged"),
    ],
)
def test_npy_that_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "s.npy").write_bytes(content)
    with pytest.raises(LandscapeError, match=words):
        load_landscape(tmp_path / "s.npy", extent=RANGE_5)
    with zipfile.ZipFile(tmp_path / "s.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("loss_surface.npy", content)
    with pytest.raises(LandscapeError):
        load_landscape(tmp_path / "s.npz", extent=RANGE_5)


def test_zip_bombs(tmp_path: Path) -> None:
    path = tmp_path / "s.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("loss_surface.npy", header("(5000, 5000)") + bytes(50_000_000))
    with pytest.raises(LandscapeError, match="5,000 × 5,000 points"):
        load_landscape(path, extent=RANGE_5)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:  # longer than its header says
        archive.writestr("loss_surface.npy", header("(5, 5)") + bytes(50_000_000))
    assert isinstance(load_landscape(path, extent=RANGE_5), Landscape)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("loss_surface.npy", header("(5, 5)") + bytes(50_000_000))
    with pytest.raises(LandscapeError, match="compressed in a way"):
        load_landscape(path, extent=RANGE_5)
    with zipfile.ZipFile(path, "w") as archive:
        for k in range(5000):
            archive.writestr(f"{k}.npy", b"")
    with pytest.raises(LandscapeError, match="too many entries"):
        load_landscape(path)


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(LandscapeError, match=r"missing.h5 cannot be read: no such file"):
        load_landscape(tmp_path / "missing.h5")
    with pytest.raises(LandscapeError, match="this is not a file"):
        load_landscape(tmp_path)
    with pytest.raises(LandscapeError, match="cannot be read: no such file"):
        load_trajectory(tmp_path / "missing.npz")


def test_npz_that_is_too_large(tmp_path: Path) -> None:
    with (tmp_path / "s.npz").open("wb") as file:
        file.truncate(10**10)
    with pytest.raises(LandscapeError, match="larger than 32 MB"):
        load_landscape(tmp_path / "s.npz")


def test_names_cannot_command_a_terminal(tmp_path: Path) -> None:
    path = npz(tmp_path / "s.npz", **{"\x1b[2J" + "x" * 100: np.ones(3)})
    with pytest.raises(LandscapeError) as caught:
        load_landscape(path)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


# -- damage


@dataclass
class Fixture:
    name: str
    content: bytes


def fixtures() -> list[Fixture]:
    def saved(save: Callable[..., None], *args: Any, **kwargs: Any) -> bytes:
        stream = io.BytesIO()
        save(stream, *args, **kwargs)
        return stream.getvalue()

    grid = rows(X7, Y4)
    axes = {"loss_surface": grid.T, "alpha_grid": X7, "beta_grid": Y4}
    lines = "x,y,loss\n" + "".join(f"{x},{y},{bowl(x, y)}\n" for y in Y4 for x in X7)
    return [
        Fixture("s.npz", saved(np.savez, **axes)),
        Fixture("packed.npz", saved(np.savez_compressed, **axes)),
        Fixture("s.npy", saved(np.save, grid)),
        Fixture("matrix.csv", saved(np.savetxt, grid, delimiter=",")),
        Fixture("rows.csv", lines.encode()),
    ]


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
    before = time.perf_counter()
    try:
        found = load_landscape(path, extent=RANGE_7)
    except LandscapeError as error:
        sentence = str(error)
        assert "\n" not in sentence
        assert sentence.isprintable()
        assert len(sentence) < 300
        return False
    finally:
        assert time.perf_counter() - before < 15
    assert isinstance(found.grid, LossGrid)
    Interpolant(found.grid).value(0.1, 0.1)
    return True


@pytest.mark.parametrize("fixture", fixtures(), ids=lambda f: f.name)
def test_damaged_files(tmp_path: Path, fixture: Fixture) -> None:
    path = tmp_path / fixture.name
    path.write_bytes(fixture.content)
    assert assert_refused_or_valid(path)
    for content in damaged(fixture.content, 400, seed=5):
        path.write_bytes(content)
        assert_refused_or_valid(path)
        looks_like_landscape(path)
        with contextlib.suppress(LandscapeError):
            load_trajectory(path)


def test_a_flipped_bit_among_the_numbers_is_noticed(tmp_path: Path) -> None:
    """By the zip file's checksum; ``.npy`` and text have none."""
    content = bytearray(npz(tmp_path / "s.npz", loss_surface=rows(X5, Y5), x=X5, y=Y5).read_bytes())
    at = content.index(rows(X5, Y5).tobytes())
    content[at + 96] ^= 1
    (tmp_path / "s.npz").write_bytes(content)
    with pytest.raises(LandscapeError, match="it is damaged"):
        load_landscape(tmp_path / "s.npz")


def test_damaged_hdf5(tmp_path: Path) -> None:
    """Fewer of them: each starts a process."""
    path = surface_file(tmp_path / "s.h5", X7, Y4)
    content = path.read_bytes()
    results = []
    for changed in damaged(content, 30, seed=7):
        path.write_bytes(changed)
        results.append(assert_refused_or_valid(path))
    assert len(set(results)) == 2


#: Shapes that go together, do not, and are empty or of too few or too many dimensions.
SHAPES = [(), (0,), (1,), (2,), (4,), (7,), (28,), (4, 7), (7, 4), (4, 4), (1, 7), (7, 1), (0, 4),
          (2, 2), (2, 4, 7), (1, 1, 1)]  # fmt: skip


def odd_arrays(names: tuple[str, ...], count: int) -> Iterator[dict[str, Any]]:
    """Arrays under names that mean something, of shapes and numbers that do not."""
    random = np.random.default_rng(21)
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


@pytest.mark.parametrize(
    "names",
    [("loss_surface", "alpha_grid", "beta_grid"), ("X", "Y", "Z"), ("a", "b", "c", "d"),
     ("losses", "alphas", "betas", "path_x", "path_y", "trajectory"), ("loss", "x")],
)  # fmt: skip
def test_npz_of_odd_shapes(tmp_path: Path, names: tuple[str, ...]) -> None:
    results = set()
    for arrays in odd_arrays(names, 300):
        path = npz(tmp_path / "s.npz", **arrays)
        results.add(assert_refused_or_valid(path))
        with contextlib.suppress(LandscapeError):
            load_landscape(path, transpose=True)
        with contextlib.suppress(LandscapeError):
            load_trajectory(path)
    assert results == {True, False}


@pytest.mark.parametrize(
    "names",
    [("xcoordinates", "ycoordinates", "train_loss", "train_acc", "min_eig"),
     ("xcoordinates", "train_loss", "proj_xcoord", "proj_ycoord"),
     ("space", "loss", "original_loss", "accuracy"), ("X", "Y", "Z_mse", "acc"),
     ("loss_0_0", "loss_0_1", "loss_1_0", "loss_1_1", "acc_900_900", "loss_0_2"),
     ("proj_xcoord", "proj_ycoord", "other")],
)  # fmt: skip
def test_hdf5_of_odd_shapes(
    tmp_path: Path, names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s.h5").write_bytes(b"")
    for arrays in odd_arrays(names, 300):
        found = hdf5.Contents(arrays, (), ())
        monkeypatch.setattr(hdf5, "contents", lambda _, found=found: found)
        assert_refused_or_valid(tmp_path / "s.h5")
        for call in (
            lambda path: load_landscape(path, metric="train_acc"),
            lambda path: load_landscape(path, transpose=True, extent=RANGE_5),
            load_trajectory,
        ):
            with contextlib.suppress(LandscapeError):
                call(tmp_path / "s.h5")


@pytest.mark.parametrize("suffix", [".h5", ".npz", ".npy", ".csv", ".bin"])
def test_noise(tmp_path: Path, suffix: str) -> None:
    random = np.random.default_rng(9)
    path = tmp_path / f"noise{suffix}"
    for magic in (b"", b"PK\3\4", b"\x93NUMPY\1\0", b"\x89HDF\r\n\x1a\n"):
        path.write_bytes(magic + random.bytes(5000))
        assert not assert_refused_or_valid(path)


# -- imports


def test_h5py_is_not_imported_here() -> None:
    """The window's process never has the HDF5 library in it."""
    code = "import gdviz.files.landscapes, sys; assert 'h5py' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
