"""NumPy's files: under which names they hold a surface, and what is refused."""

import contextlib
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdviz.files.landscapes import (
    Landscape,
    LandscapeError,
    RangeNeeded,
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
    assert_refused_or_valid,
    bowl,
    csv_rows,
    npz,
    odd_arrays,
    rows,
)


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


def test_a_trajectory_as_npy(tmp_path: Path) -> None:
    np.save(tmp_path / "t.npy", [[0.5, 1.0], [0.0, 0.0]])
    assert load_trajectory(tmp_path / "t.npy") == (((0.5, 1.0), (0.0, 0.0)), ())
    np.save(tmp_path / "t.npy", np.ones(5))
    with pytest.raises(LandscapeError, match="holds no trajectory"):
        load_trajectory(tmp_path / "t.npy")
    np.save(tmp_path / "t.npy", [[0.5, np.nan]])
    with pytest.raises(LandscapeError, match=r"goes through nan \(in t.npy\)"):
        load_trajectory(tmp_path / "t.npy")
    np.save(tmp_path / "t.npy", np.ones((10_001, 2)))
    with pytest.raises(LandscapeError, match="at most 10,000 are allowed"):
        load_trajectory(tmp_path / "t.npy")
    with pytest.raises(LandscapeError, match="two columns, such as x,y, but this has 3 columns"):
        load_trajectory(csv_rows(tmp_path / "t.csv", X5, Y5))


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
        (header("(3, 3), 'x': " + "[" * 4000), "cut short"),
        (header("(3, 3), 'x': " + "[" * 5000), "damaged"),
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


@pytest.mark.parametrize(
    "text",
    [
        "'descr': 5, 'fortran_order': False, 'shape': (3, 3)",
        "'descr': None, 'fortran_order': False, 'shape': (3, 3)",
        "'descr': '', 'fortran_order': False, 'shape': (3, 3)",
        "'descr': {'names': ['a'], 'formats': ['<f8']}, 'fortran_order': False, 'shape': (9,)",
        "'descr': [('x', '<f8'), ('y', '<f8')], 'fortran_order': False, 'shape': (9,)",
        "'descr': '<M8[ns]', 'fortran_order': False, 'shape': (3, 3)",
        "'descr': '<f8', 'fortran_order': 1, 'shape': (3, 3)",
        "'descr': '<f8', 'fortran_order': False, 'shape': 5",
        "'descr': '<f8', 'fortran_order': False, 'shape': None",
        "'descr': '<f8', 'shape': (3, 3)",
        "",
        "'descr': ",
    ],
)
def test_headers_of_another_kind(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are told by patterns, and never evaluated, of which there may be a thousand."""
    monkeypatch.setattr("ast.literal_eval", None)
    content = f"{{{text}, }}\n".encode()
    content = b"\x93NUMPY\1\0" + len(content).to_bytes(2, "little") + content + bytes(72)
    (tmp_path / "s.npy").write_bytes(content)
    with pytest.raises(LandscapeError, match=r"not real numbers|damaged"):
        load_landscape(tmp_path / "s.npy", extent=RANGE_5)
    with zipfile.ZipFile(tmp_path / "s.npz", "w") as archive:
        archive.writestr("loss.npy", content)
    with pytest.raises(LandscapeError):
        load_landscape(tmp_path / "s.npz", extent=RANGE_5)


def test_headers_of_other_writers(tmp_path: Path) -> None:
    """Keys in another order, by columns, big-endian, version 3."""
    values = rows(X7, Y4)
    text = b"{'shape': (4, 7), 'fortran_order': True, 'descr': '>f4'}"
    content = b"\x93NUMPY\3\0" + len(text).to_bytes(4, "little") + text
    (tmp_path / "s.npy").write_bytes(content + values.T.astype(">f4").tobytes())
    grid = load_landscape(tmp_path / "s.npy", extent=(-0.5, 1.0, -1.0, 1.0)).grid
    assert grid.array == pytest.approx(values.T, rel=1e-6)


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


def test_npz_that_is_too_large(tmp_path: Path) -> None:
    with (tmp_path / "s.npz").open("wb") as file:
        file.truncate(10**10)
    with pytest.raises(LandscapeError, match="larger than 32 MB"):
        load_landscape(tmp_path / "s.npz")


def test_a_flipped_bit_among_the_numbers_is_noticed(tmp_path: Path) -> None:
    """By the zip file's checksum; ``.npy`` and text have none."""
    content = bytearray(npz(tmp_path / "s.npz", loss_surface=rows(X5, Y5), x=X5, y=Y5).read_bytes())
    at = content.index(rows(X5, Y5).tobytes())
    content[at + 96] ^= 1
    (tmp_path / "s.npz").write_bytes(content)
    with pytest.raises(LandscapeError, match="it is damaged"):
        load_landscape(tmp_path / "s.npz")


@pytest.mark.sampled(5)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "names",
    [("loss_surface", "alpha_grid", "beta_grid"), ("X", "Y", "Z"), ("a", "b", "c", "d"),
     ("losses", "alphas", "betas", "path_x", "path_y", "trajectory"), ("loss", "x")],
)  # fmt: skip
def test_npz_of_odd_shapes(tmp_path: Path, names: tuple[str, ...], seed: int) -> None:
    results = set()
    for arrays in odd_arrays(names, seed):
        path = npz(tmp_path / "s.npz", **arrays)
        results.add(assert_refused_or_valid(path))
        with contextlib.suppress(LandscapeError):
            load_landscape(path, transpose=True)
        with contextlib.suppress(LandscapeError):
            load_trajectory(path)
    assert results == {True, False}


@pytest.mark.parametrize(
    ("points", "place"),
    [(7, "6/7 of its coordinates"), (6, "5/6 of the way from the first of its coordinates")],
)
def test_where_landscaper_has_taken_losses_is_said(tmp_path, points, place):
    """As its 1.3.1 samples: steps of 2d/n, from −d on, or around 0 where n is odd."""
    half = 0.5
    stored = np.linspace(-half, half, points)
    taken = (np.arange(points) - points // 2) * 2 * half / points
    part = (points - 1) / points
    told = stored * part if points % 2 else -half + (stored + half) * part
    np.testing.assert_allclose(taken, told, atol=1e-15)
    x, y = taken[:, None], taken
    np.savez(tmp_path / "plane.npz", loss=1 + x**2 + 10 * y**2 + 0.3 * x,
             coordinates=np.stack([stored, stored]))  # fmt: skip
    [note] = [n for n in load_landscape(tmp_path / "plane.npz").notes if "landscaper" in n]
    assert f"the cells lie at {place}, and the largest losses are altered" in note


def test_other_files_of_losses_and_coordinates_have_no_such_note(tmp_path):
    side = np.linspace(0.0, 1.0, 6)
    np.savez(tmp_path / "plane.npz", loss=np.outer(side, side + 1.0),
             coordinates=np.stack([side, side]))  # fmt: skip
    assert not any("landscaper" in note for note in load_landscape(tmp_path / "plane.npz").notes)
