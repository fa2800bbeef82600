"""The process that reads an HDF5 file: what it refuses, and what happens when it dies."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from gdviz.files.landscape_formats import dumped
from gdviz.files.landscapes import LandscapeError, load_landscape
from tests.files.landscape_formats.written_files import (
    X5,
    X7,
    Y4,
    Y5,
    assert_is_bowl,
    assert_refused_or_valid,
    damaged,
    rows,
    surface_file,
)


@pytest.mark.parametrize("error", ["ImportError", "ValueError"])  # h5py 3.10 beside NumPy 2
def test_hdf5_with_an_h5py_that_does_not_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "h5py.py").write_text(f"raise {error}('for another NumPy')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "broken"))
    with pytest.raises(LandscapeError, match=r"cannot be loaded .*: pip install --upgrade h5py"):
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
    ("program", "seconds", "words"),
    [
        ("os.abort()", 60.0, "or it is damaged"),
        ("print('nonsense')", 60.0, "or it is damaged"),
        ("time.sleep(60)", 0.2, "takes too long to be read"),
    ],
)
def test_a_reader_that_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, seconds: float, words: str
) -> None:
    """The HDF5 library does: it runs in a process of its own."""
    (tmp_path / "reader_that_dies.py").write_text(f"import os, time\ndef main():\n    {program}\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(dumped, "_READER", "reader_that_dies")
    monkeypatch.setattr(dumped, "_SECONDS", seconds)
    with pytest.raises(LandscapeError, match=words):
        load_landscape(surface_file(tmp_path / "s.h5", X5, Y5))


def test_the_reader_is_not_taken_from_where_the_program_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "h5py.py").write_text("raise SystemExit('not this one')")
    path = surface_file(tmp_path / "s.h5", X5, Y5)
    monkeypatch.chdir(tmp_path)
    assert_is_bowl(load_landscape(path.name).grid, X5, Y5)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", range(6))
def test_damaged_hdf5(tmp_path: Path, seed: int) -> None:
    """Fewer of them: each starts a process."""
    path = surface_file(tmp_path / "s.h5", X7, Y4)
    results = set()
    for changed in damaged(path.read_bytes(), 5, seed):
        path.write_bytes(changed)
        results.add(assert_refused_or_valid(path))
    assert False in results
