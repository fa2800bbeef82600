"""Kinds of files that are refused by name, with the command that makes one of them that opens."""

import pickle
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gdviz.experiment.open_file import kind_of
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
    assert len(str(caught.value)) < 300


def test_the_command_of_a_refusal_works(tmp_path: Path) -> None:
    for content in (LOSSES, np.column_stack([a.ravel() for a in (*np.meshgrid(X7, Y4),
                                                                 LOSSES["loss"])])):  # fmt: skip
        (tmp_path / "s.pkl").write_bytes(pickle.dumps(content))
        with pytest.raises(LandscapeError) as caught:
            load_landscape(tmp_path / "s.pkl")
        command = re.search(r'python -c "(.*)"', str(caught.value))
        assert command is not None
        subprocess.run([sys.executable, "-c", command[1]], cwd=tmp_path, check=True)
        assert_is_bowl(load_landscape(tmp_path / "s.npz").grid, X7, Y4)


def test_the_other_commands_are_python(tmp_path: Path) -> None:
    for suffix in (".pt", ".joblib", ".zarr", ".vtp", ".xlsx", ".feather"):
        (tmp_path / f"s{suffix}").write_bytes(b"")
        with pytest.raises(LandscapeError) as caught:
            load_landscape(tmp_path / f"s{suffix}")
        command = re.search(r'python -c "(.*)"', str(caught.value))
        assert command is not None
        compile(command[1], suffix, "exec")
