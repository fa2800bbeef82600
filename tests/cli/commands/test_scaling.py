"""``gdviz scaling --reach``: what a loss takes, and what is refused."""

import csv
import json
from pathlib import Path

import pytest

from gdviz.cli.main import main
from gdviz.engine.analysis.logistic.gradients import VARIANTS
from gdviz.engine.analysis.reach.reach import COMPARED, LEFT_OUT


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_what_it_takes_to_reach_a_loss(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["scaling", "--max", "4", "--reach", "0.47"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert "from θ = 0 to a loss of 0.47 a row" in lines[0]
    rows = [line.split() for line in lines[3 : 3 + 3 * len(COMPARED)]]
    assert [row[0] for row in rows] == [str(n) for n in (1, 2, 4) for _ in COMPARED]
    # The gradient's α and steps where N = 1, and two values each.
    assert rows[4][1:6] == ["SPSA", *rows[0][2:4], "2", "2"]
    assert lines[-3].startswith("Up to N = 64, the rows of the data, steps grow like Nᵖ with p: ")
    assert lines[-2].startswith("At N = 4 two values a step take ")


def test_it_is_said_which_ways_are_in_the_race_and_why_others_are_not(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert {"gaussian", "evolution", "random-coordinate", "spsa"} < {*COMPARED}
    assert main(["scaling", "--max", "1", "--reach", "0.47"]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == LEFT_OUT
    left = {*VARIANTS} - {*COMPARED}
    assert left == {"central", "richardson", "adaptive", "forward-reused"}


def test_its_files(capfd: pytest.CaptureFixture[str]) -> None:
    words = ["scaling", "--max", "2", "--reach", "0.465", "--rows", "64"]
    for name in ("r.csv", "r.json", "r.svg"):
        assert main([*words, "-o", name, "--dpi", "40"]) == 0
    assert capfd.readouterr() == ("", "")
    rows = list(csv.DictReader(Path("r.csv").read_text().splitlines()))
    assert [(row["n"], row["variant"]) for row in rows] == [
        (n, name) for n in "12" for name in COMPARED
    ]
    assert float(rows[0]["least"]) == pytest.approx(0.464515, rel=1e-5)
    made = json.loads(Path("r.json").read_text())
    assert (made["loss"], made["rows"], len(made["found"])) == (0.465, 64, 2 * len(COMPARED))
    assert made["slopes"]["analytic"]["evaluations"]["beyond"] is None
    assert Path("r.svg").read_text().startswith("<?xml")
    assert main([*words, "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["found"][0]["steps"] == made["found"][0]["steps"]


def test_what_is_never_reached_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["scaling", "--max", "1", "--reach", "0.46"]) == 0
    out = capfd.readouterr().out
    assert "With N = 1 the loss is never 0.46: the least at N = 1 is 0.465." in out
    assert out.count("not reached") == len(COMPARED)
    assert main(["scaling", "--max", "1", "--reach", "0.46", "-o", "r.svg"]) == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--reach", "0.7"], "--reach: must be between 0 and log 2 = 0.693, not 0.7"),
        (["--reach", "0"], "--reach: must be between 0 and log 2 = 0.693, not 0"),
        (["--reach", "low"], "--reach: 'low' is not a number"),
        (["--reach", "0.5", "-o", "x.txt"],
         "-o: the file's name must end in "
         ".csv, .json, .png, .svg, .pdf, .eps or .pgf, not 'x.txt'"),
        (["--reach", "0.5", "--json", "-o", "x.csv"],
         "-o writes a file and cannot be combined with --json"),
        (["--reach", "0.5", "--rows", "4"], "--rows: must be between 8 and 1024, not 4"),
        (["--rows", "64"],
         "--rows is of --reach: what one gradient costs is measured on 64 rows"),
    ],
)  # fmt: skip
def test_what_is_refused(
    capfd: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(["scaling", "--max", "1", *words]) == 2
    assert capfd.readouterr().err == f"gdviz: {sentence}\n"
