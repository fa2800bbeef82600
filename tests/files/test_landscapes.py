"""Loss landscapes: how files are told apart, which are refused, and text as rows or a matrix."""

import contextlib
import io
import pickle
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from scipy.io import netcdf_file

from gdviz.experiment.open_file import kind_of
from gdviz.files.file_kinds import Verdict
from gdviz.files.landscapes import (
    LandscapeError,
    RangeNeeded,
    decide,
    load_landscape,
    load_trajectory,
)
from tests.files.landscape_formats.written_files import (
    RANGE_7,
    X5,
    X7,
    Y4,
    Y5,
    assert_is_bowl,
    assert_refused_or_valid,
    bowl,
    csv_rows,
    damaged,
    npz,
    rows,
)


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
    assert decide(path) == Verdict("landscape")


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
    assert decide(path) == Verdict("landscape")
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


def test_a_refused_range_is_that_of_an_axis_by_its_name(tmp_path: Path) -> None:
    """Dimensions of netCDF may have names though they have no coordinates."""
    path = tmp_path / "s.nc"
    with netcdf_file(path, "w") as file:
        file.createDimension("wd", 4)
        file.createDimension("lr", 7)
        file.createVariable("loss", "d", ("wd", "lr"))[:] = rows(X7, Y4)
    found = load_landscape(path, extent=RANGE_7)
    assert_is_bowl(found.grid, X7, Y4)
    assert (found.grid.names, found.ambiguous) == (("lr", "wd"), False)
    with pytest.raises(
        LandscapeError, match=r"^the axis wd must run from a lower to a higher number"
    ):
        load_landscape(path, extent=(0, 1, 1, 0))


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
    assert (kind_of(tmp_path / "s.csv") == "landscape") is expected


def test_which_files_are_landscapes(tmp_path: Path) -> None:
    for name in ("s.h5", "s.HDF5", "s.npz", "s.npy", "s.pkl"):
        (tmp_path / name).write_bytes(b"")
        assert decide(tmp_path / name) == Verdict("landscape")
    assert decide(tmp_path / "missing.h5") is None
    assert decide(tmp_path) is None


# -- what is refused


@pytest.mark.parametrize("suffix", [".p", ".pkl", ".pickle", ".pt", ".pth"])
def test_pickles_are_not_opened(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"s{suffix}"
    path.write_bytes(pickle.dumps(_Mine()))
    with pytest.raises(LandscapeError, match=r"(would run|runs) code"):
        load_landscape(path)


class _Mine:
    """Unpickling it would end the tests."""

    def __reduce__(self) -> Any:
        return sys.exit, ("a pickle was opened",)


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(LandscapeError, match=r"missing.h5 cannot be read: no such file"):
        load_landscape(tmp_path / "missing.h5")
    with pytest.raises(LandscapeError, match="this is not a file"):
        load_landscape(tmp_path)
    with pytest.raises(LandscapeError, match="cannot be read: no such file"):
        load_trajectory(tmp_path / "missing.npz")


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


@pytest.mark.sampled(5)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("fixture", fixtures(), ids=lambda f: f.name)
def test_damaged_files(tmp_path: Path, fixture: Fixture, seed: int) -> None:
    path = tmp_path / fixture.name
    path.write_bytes(fixture.content)
    assert assert_refused_or_valid(path)
    for content in damaged(fixture.content, 100, seed):
        path.write_bytes(content)
        assert_refused_or_valid(path)
        decide(path)
        with contextlib.suppress(LandscapeError):
            load_trajectory(path)


@pytest.mark.parametrize("suffix", [".h5", ".npz", ".npy", ".csv", ".bin"])
def test_noise(tmp_path: Path, suffix: str) -> None:
    random = np.random.default_rng(9)
    path = tmp_path / f"noise{suffix}"
    for magic in (b"", b"PK\3\4", b"\x93NUMPY\1\0", b"\x89HDF\r\n\x1a\n"):
        path.write_bytes(magic + random.bytes(5000))
        assert not assert_refused_or_valid(path)
