"""Kinds of files that are refused by name, with the command that makes one of them that opens."""

import pickle
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.experiment.open_file import kind_of
from gdviz.files.landscape_formats.converted import refusal
from gdviz.files.landscape_formats.reading import RangeNeeded
from gdviz.files.landscapes import LandscapeError, is_readable, load_landscape
from tests.files.landscape_formats.written_files import X7, Y4, assert_is_bowl, rows

LOSSES = {"x": X7, "y": Y4, "loss": rows(X7, Y4)}


@pytest.mark.parametrize(
    ("suffix", "words"),
    [
        (".pt", r"runs code .* if you trust it, with python -c .*torch\.load\('s\.pt'"),
        (".pth", r"torch\.load\('s\.pth'"), (".ckpt", r"torch\.load"),
        (".p", r"pickle\.load\(open\('s\.p'"), (".pkl", r"pickle\.load"), (".joblib", "joblib"),
        (".rds", r"Rscript -e '.*readRDS\(\"s\.rds\"\)"), (".zarr", r"zarr\.open\('s\.zarr'"),
        (".vtp", r"pyvista\.read\('s\.vtp'\)"), (".xlsx", r"pandas\.read_excel\('s\.xlsx'"),
        (".gz", r"compressed files are not read: unpack it with gunzip -k s\.gz"),
        (".zip", "unzip"),
        (".parquet", r"pandas\.read_parquet\('s\.parquet'"),
    ],
)  # fmt: skip
def test_a_kind_that_is_refused(tmp_path: Path, suffix: str, words: str) -> None:
    path = tmp_path / f"s{suffix}"
    if suffix == ".zarr":
        path.mkdir()
    else:
        path.write_bytes(b"PK\3\4")
    assert kind_of(path) == "landscape"
    assert not is_readable(path)
    with pytest.raises(LandscapeError, match=words) as caught:
        load_landscape(path)
    assert len(str(caught.value)) < 700


def run_advice(path: Path) -> None:
    """Run the command that the refusal of a file advises, as it stands."""
    with pytest.raises(LandscapeError) as caught:
        load_landscape(path)
    command = re.search(r'python -c "(.*)"', str(caught.value))
    assert command is not None
    subprocess.run([sys.executable, "-c", command[1]], cwd=path.parent, check=True)


MESH = np.meshgrid(X7, Y4)


@pytest.mark.parametrize(
    "content",
    [
        LOSSES,
        np.column_stack([a.ravel() for a in (*MESH, LOSSES["loss"])]),
        (X7, Y4, LOSSES["loss"]),  # of unequal shapes
        (*MESH, LOSSES["loss"]),
        {0: X7, 1: Y4, "loss": LOSSES["loss"]},
        [
            {"x": x, "y": y, "loss": loss, "seed": 3}
            for x, y, loss in zip(*(a.ravel() for a in (*MESH, LOSSES["loss"])), strict=True)
        ],
    ],
)
def test_the_command_of_a_refusal_works(tmp_path: Path, content: object) -> None:
    (tmp_path / "s.pkl").write_bytes(pickle.dumps(content))
    run_advice(tmp_path / "s.pkl")
    assert_is_bowl(load_landscape(tmp_path / "s.npz").grid, X7, Y4)


def test_losses_by_their_point_become_a_table(tmp_path: Path) -> None:
    by_point = {
        (x, y): loss
        for y, row in zip(Y4, LOSSES["loss"], strict=True)
        for x, loss in zip(X7, row, strict=True)
    }
    (tmp_path / "s.pkl").write_bytes(pickle.dumps(by_point))
    run_advice(tmp_path / "s.pkl")
    assert_is_bowl(load_landscape(tmp_path / "s.csv").grid, X7, Y4)


def _pickled(tmp_path: Path, content: object) -> LossGrid:
    """Return the grid that what the advice makes of a pickle is read as."""
    (tmp_path / "s.pkl").write_bytes(pickle.dumps(content))
    run_advice(tmp_path / "s.pkl")
    return load_landscape(tmp_path / "s.csv").grid


@pytest.mark.frameworks
@pytest.mark.parametrize("dims", [("y", "x"), ("x", "y")])
def test_what_xarray_holds_keeps_its_coordinates(tmp_path: Path, dims: tuple[str, str]) -> None:
    xarray = import_module("xarray")
    loss = LOSSES["loss"] if dims[0] == "y" else LOSSES["loss"].T
    array = xarray.DataArray(loss, {"x": X7, "y": Y4, "seed": 3}, dims)
    for content in (
        array,  # without a name
        array.rename("loss"),
        array.to_dataset(name="loss"),
        xarray.Dataset({"loss": array, "acc": 2 * array}),
    ):
        grid = _pickled(tmp_path, content)
        assert_is_bowl(grid, X7, Y4)
        assert grid.names == ("x", "y")


@pytest.mark.frameworks
def test_what_xarray_has_no_coordinates_for_has_none(tmp_path: Path) -> None:
    xarray = import_module("xarray")
    (tmp_path / "s.pkl").write_bytes(pickle.dumps(xarray.DataArray(LOSSES["loss"])))
    run_advice(tmp_path / "s.pkl")
    with pytest.raises(RangeNeeded, match="no coordinates"):
        load_landscape(tmp_path / "s.npz")


@pytest.mark.frameworks
def test_what_pandas_holds_keeps_its_axes(tmp_path: Path) -> None:
    pandas = import_module("pandas")
    points = zip(*(a.ravel() for a in (*MESH, LOSSES["loss"])), strict=True)
    frame = pandas.DataFrame(points, columns=["x", "y", "loss"])
    for content in (
        frame,
        frame.set_index(["x", "y"]),
        frame.set_index(["x", "y"])["loss"],
        frame.pivot(index="x", columns="y", values="loss"),
        frame.pivot(index="y", columns="x", values="loss"),
    ):
        grid = _pickled(tmp_path, content)
        assert_is_bowl(grid, X7, Y4)
        assert grid.names == ("x", "y")


def test_a_pickled_table_becomes_a_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tables.py").write_text(
        "class Table:\n    def to_csv(self, path):\n        open(path, 'w').write('a,b,loss')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import tables  # type: ignore[import-not-found]

    (tmp_path / "s.pkl").write_bytes(pickle.dumps(tables.Table()))
    run_advice(tmp_path / "s.pkl")
    assert (tmp_path / "s.csv").read_text() == "a,b,loss"


@pytest.mark.frameworks
def test_the_command_for_torch_takes_whatever_holds_numbers(tmp_path: Path) -> None:
    import torch

    x, y = torch.tensor(X7), torch.tensor(Y4)
    loss = torch.tensor(LOSSES["loss"], requires_grad=True)
    for content in (
        {"x": x, "y": y, "loss": loss},
        LOSSES,  # arrays of NumPy, which torch.load refuses unless it is told
        (x, y, loss),
        [x.float(), y.bfloat16().double(), loss],
        {"x": X7.tolist(), "y": y, "loss": list(loss)},
    ):
        torch.save(content, tmp_path / "s.pt")
        run_advice(tmp_path / "s.pt")
        assert_is_bowl(load_landscape(tmp_path / "s.npz").grid, X7, Y4)


def test_a_name_that_a_shell_reads_stands_in_no_command(tmp_path: Path) -> None:
    for name in ("$(echo x).pt", "`x`.p", 'a"b.rds', "it's.xlsx", "a;b.zarr", "a\\b.vtp"):
        message = refusal(tmp_path / name)
        assert f"FILE{Path(name).suffix}" in message
        assert Path(name).stem not in message
    assert "'my surface (2).pt'" in refusal(tmp_path / "my surface (2).pt")


def test_the_other_commands_are_python(tmp_path: Path) -> None:
    for suffix in (".pt", ".joblib", ".zarr", ".vtp", ".xlsx", ".feather"):
        (tmp_path / f"s{suffix}").write_bytes(b"")
        with pytest.raises(LandscapeError) as caught:
            load_landscape(tmp_path / f"s{suffix}")
        command = re.search(r'python -c "(.*)"', str(caught.value))
        assert command is not None
        compile(command[1], suffix, "exec")
