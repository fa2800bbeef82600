"""Data that stays in its own file: told, asked for, read again, and known again."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdviz.experiment import json_file
from gdviz.experiment.change_function import on_data
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import from_json, load, save, to_json
from gdviz.experiment.raw_units import standardised
from gdviz.experiment.referenced_data import DataNeeded, known_or_asked, read_data, where
from gdviz.experiment.validation import ExperimentError
from gdviz.files.csv_data import load_data

ROWS = 2_500


@pytest.fixture(autouse=True)
def _little_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_file, "MAX_DATA", 4_000)


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    x = np.random.default_rng(5).normal(3.0, 2.0, ROWS)
    path = tmp_path / "data" / "rows.csv"
    path.parent.mkdir()
    np.savetxt(path, np.column_stack([x, 2 * x + 1]), "%.6g", ",", header="x,y", comments="")
    return path


def about(path: Path) -> Experiment:
    return on_data(Experiment(), load_data(path)[0])


def told(path: Path) -> Any:
    return json.loads(path.read_text())["function"]["data"]


def test_a_file_of_many_rows_is_known_again(rows: Path, tmp_path: Path) -> None:
    file = about(rows).function.data.file  # type: ignore[union-attr]
    assert file is not None
    content = rows.read_bytes()
    assert (file.path, file.size) == (str(rows), len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    few = tmp_path / "few.csv"
    few.write_text("x,y\n1,2\n2,3\n3,5\n")
    assert load_data(few)[0].file is None


def test_data_is_told_from_the_experiments_folder_and_read_again(
    rows: Path, tmp_path: Path
) -> None:
    experiment, path = about(rows), tmp_path / "e.json"
    save(experiment, path)
    assert set(told(path)) == {"source", "file"}
    assert told(path)["file"]["path"] == "data/rows.csv"
    assert load(path, read_data) == experiment
    # Both go elsewhere.
    (tmp_path / "there").mkdir()
    shutil.move(tmp_path / "data", tmp_path / "there" / "data")
    shutil.move(path, tmp_path / "there" / "e.json")
    assert load(tmp_path / "there" / "e.json", read_data) == experiment


def test_the_file_is_told_before_anything_is_looked_at(
    rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "e.json"
    save(about(rows), path)
    looked: list[Any] = []
    for name in ("file_type", "file_size", "read_file"):
        monkeypatch.setattr(
            f"gdviz.experiment.referenced_data.{name}", lambda *given: looked.append(given)
        )
    with pytest.raises(DataNeeded) as needed:
        load(path)
    assert needed.value.is_asked
    assert looked == []
    assert needed.value.file.path == str(rows)
    assert needed.value.message == where(needed.value.file)
    assert str(rows) in needed.value.message


def test_a_file_that_is_missing_or_another_one_is_said(rows: Path, tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    save(about(rows), path)
    content = rows.read_bytes()
    rows.write_bytes(content.replace(b"1", b"2", 1))  # of the same size
    with pytest.raises(DataNeeded, match=r"rows\.csv is not the data any more"):
        load(path, read_data)
    rows.write_bytes(content + b"1,2\n")
    with pytest.raises(DataNeeded, match=r"rows\.csv is not the data any more"):
        load(path, read_data)
    rows.unlink()
    with pytest.raises(DataNeeded, match=r"rows\.csv, which is not there") as needed:
        load(path, read_data)
    assert not needed.value.is_asked
    elsewhere = tmp_path / "moved.csv"
    elsewhere.write_bytes(content)
    found = read_data(needed.value.file, elsewhere)
    assert found.file is not None
    assert found.file.path == str(elsewhere)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_is_not_waited_for(rows: Path, tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    save(about(rows), path)
    rows.unlink()
    os.mkfifo(rows)
    with pytest.raises(DataNeeded, match="not there"):
        load(path, read_data)


def test_standardised_data_are_standardised_again(rows: Path, tmp_path: Path) -> None:
    experiment, _ = standardised(about(rows))
    path = tmp_path / "e.json"
    save(experiment, path)
    assert told(path)["file"]["standardised"] == ["x"]
    again = load(path, read_data)
    assert again == experiment
    x = again.function.data.arrays["x"]  # type: ignore[union-attr]
    assert (x.mean(), x.std()) == pytest.approx((0.0, 1.0), abs=1e-12)
    assert again.function.data.source == "rows.csv, standardised"  # type: ignore[union-attr]


def test_data_that_is_there_already_is_not_read_again(rows: Path, tmp_path: Path) -> None:
    experiment, path = about(rows), tmp_path / "e.json"
    save(experiment, path)
    rows.unlink()
    find = known_or_asked(experiment.function.data)
    assert load(path, find).function.data.columns["x"] is experiment.function.data.columns["x"]  # type: ignore[union-attr]
    with pytest.raises(DataNeeded):
        load(path, known_or_asked(None))


def test_what_a_file_holds_tells_no_path(rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who shares few data shares nothing of where they were."""
    experiment = about(rows)
    monkeypatch.setattr(json_file, "MAX_DATA", 380_000)
    assert "file" not in json.loads(to_json(experiment, str))["function"]["data"]
    assert from_json(to_json(experiment)) == experiment
    monkeypatch.setattr(json_file, "MAX_DATA", 4_000)
    with pytest.raises(ExperimentError, match="more than the 4,000 numbers"):
        to_json(experiment)  # as in a page


@pytest.mark.parametrize(
    "change",
    [
        {"path": ""}, {"path": 3}, {"path": "x" * 5_000}, {"path": "a\0b"}, {"size": -1},
        {"size": 10**30}, {"size": True}, {"sha256": None}, {"standardised": "x"},
        {"standardised": ["z"]}, {"path": "/dev/zero"}, {"path": "."}, {"path": "nul"},
    ],
)  # fmt: skip
def test_nonsense_is_refused(rows: Path, tmp_path: Path, change: dict[str, Any]) -> None:
    path = tmp_path / "e.json"
    save(about(rows), path)
    fields = json.loads(path.read_text())
    fields["function"]["data"]["file"] |= change
    path.write_text(json.dumps(fields))
    with pytest.raises(ExperimentError) as refused:
        load(path, read_data)
    assert refused.value.field.startswith("data") or "data" in refused.value.message
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("data", [{"file": 3}, {"file": {}}, {"source": 3, "file": None}, [], 3])
def test_data_that_is_none_is_refused(data: Any) -> None:
    fields = json.loads(to_json(Experiment()))
    fields["function"] = {"kind": "formula", "text": "mean((a*x + b - y)^2)", "data": data}
    with pytest.raises(ExperimentError):
        from_json(json.dumps(fields), read_data)
