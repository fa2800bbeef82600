"""Benchmarks of two checkouts are run in turn, and those compared that both have."""

import json
import sys

import pytest

from tests.benchmarks import against

STUB = """
import json, sys
from pathlib import Path
file = Path("runs.json")
runs = json.loads(file.read_text())
result = {"name": sys.argv[sys.argv.index("--only") + 1], "unit": "ms", "ours": runs.pop(0)}
file.write_text(json.dumps(runs))
results = [result, {**result, "name": Path.cwd().name}]
Path(sys.argv[sys.argv.index("--json") + 1]).write_text(json.dumps({"results": results}))
"""


def checkout(folder, *medians):
    """Make a checkout whose benchmarks take so many milliseconds, run by run."""
    (folder / "tests" / "benchmarks").mkdir(parents=True)
    for package in (folder / "tests", folder / "tests" / "benchmarks"):
        (package / "__init__.py").touch()
    (folder / "tests" / "benchmarks" / "__main__.py").write_text(STUB)
    (folder / "runs.json").write_text(json.dumps([[m - 1, m, m + 2] for m in medians]))
    return folder


def test_two_checkouts_are_compared(tmp_path, monkeypatch, capsys):
    here = checkout(tmp_path / "here", 10.0, 30.0, 20.0)
    there = checkout(tmp_path / "there", 50.0, 40.0, 30.0)
    (there / ".venv" / "bin").mkdir(parents=True)
    (there / ".venv" / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(against, "_HERE", here)
    (found,) = against.compare(["a"], there, rounds=3)
    assert found == ("a", "ms", (19.0, 20.0, 22.0), (39.0, 40.0, 42.0))
    assert found.row() == ("a", "20 ms (19–22)", "40 ms (39–42)", "0.50")
    assert capsys.readouterr().out == "only here: here\nonly there: there\n"


def test_a_checkout_without_python_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no .*python: make it there"):
        against.compare(["a"], tmp_path, rounds=1)


def test_a_run_without_results_is_told(tmp_path, monkeypatch):
    here = checkout(tmp_path / "here")  # it has none left
    (here / ".venv" / "bin").mkdir(parents=True)
    (here / ".venv" / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(against, "_HERE", here)
    with pytest.raises(RuntimeError, match="ended with 1"):
        against.compare(["a"], here, rounds=1)
