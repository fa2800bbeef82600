"""What HDF5 files hold, as loss-landscape, a fork of it and landscapeviz write them."""

import contextlib
import sys
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from gdviz.files.file_kinds import Verdict
from gdviz.files.landscape_formats import dumped
from gdviz.files.landscape_formats.contents import Contents
from gdviz.files.landscapes import (
    LandscapeError,
    RangeNeeded,
    decide,
    is_readable,
    load_landscape,
    load_trajectory,
)
from tests.files.landscape_formats.written_files import (
    RANGE_5,
    RANGE_7,
    X5,
    X7,
    Y4,
    Y5,
    assert_is_bowl,
    assert_is_part_of_bowl,
    assert_refused_or_valid,
    bowl,
    npz,
    odd_arrays,
    rows,
    surface_file,
)

pytestmark = pytest.mark.usefixtures("hdf5_is_read_here")

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
        "the file does not say which axis comes first: if it looks wrong, --transpose exchanges "
        "them",
        "what is drawn is train_loss; --metric chooses another: train_acc",
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
    assert found.notes[0] == "there is only one dimension: the loss does not depend on b"
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
        assert decide(path) == Verdict("landscape")
        found = load_landscape(path)
        assert found.grid.a == pytest.approx(tuple(X7))
        assert found.grid.array[0, :3] == pytest.approx(losses[:3])
        assert found.grid.is_line
        assert found.grid.holes == 1
        assert found.notes[1] == "1 of 7 points is missing"
        with pytest.raises(RangeNeeded, match="--range"):
            load_landscape(path.rename(tmp_path / f"s.{suffix}"))


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
    with pytest.raises(LandscapeError, match="this is not an HDF5, netCDF or MATLAB file"):
        load_landscape(tmp_path / "text.h5")


def test_hdf5_without_h5py(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = surface_file(tmp_path / "s.h5", X5, Y5)
    assert is_readable(path)
    monkeypatch.setitem(sys.modules, "h5py", None)
    assert not is_readable(path)
    with pytest.raises(LandscapeError, match=r"need h5py: pip install 'gdviz\[hdf5\]' \(in s.h5\)"):
        load_landscape(path)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "names",
    [("xcoordinates", "ycoordinates", "train_loss", "train_acc", "min_eig"),
     ("xcoordinates", "train_loss", "proj_xcoord", "proj_ycoord"),
     ("space", "loss", "original_loss", "accuracy"), ("X", "Y", "Z_mse", "acc"),
     ("loss_0_0", "loss_0_1", "loss_1_0", "loss_1_1", "acc_900_900", "loss_0_2"),
     ("proj_xcoord", "proj_ycoord", "other")],
)  # fmt: skip
def test_hdf5_of_odd_shapes(
    tmp_path: Path, names: tuple[str, ...], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s.h5").write_bytes(b"")
    for arrays in odd_arrays(names, seed):
        found = Contents(arrays)
        monkeypatch.setattr(dumped, "contents", lambda _, found=found: found)
        assert_refused_or_valid(tmp_path / "s.h5")
        for call in (
            lambda path: load_landscape(path, metric="train_acc"),
            lambda path: load_landscape(path, transpose=True, extent=RANGE_5),
            load_trajectory,
        ):
            with contextlib.suppress(LandscapeError):
                call(tmp_path / "s.h5")
