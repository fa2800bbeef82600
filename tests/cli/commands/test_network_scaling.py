"""``gdviz scaling model.py``: what it says, and what it refuses."""

import json
import math
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from gdviz.cli import main as cli
from gdviz.cli.commands import network_scaling
from gdviz.cli.commands.network_scaling import costs_json, costs_text
from gdviz.engine.objectives.network.difference_costs import DifferenceCosts, Differences
from tests.engine.objectives.network.two_layers import BOWL

COSTS = DifferenceCosts(
    61_706, "float32", 0.012 / 2.9, 0.012, "PyTorch's autograd", "", 64, 0.042, 768,
    (
        Differences("forward", 61_707, 250.0, 1e-3, 0.013),
        Differences("central", 123_412, 500.0, 1e-2, 0.0002),
    ),
)  # fmt: skip
#: Without a gradient.
ALONE = DifferenceCosts(
    33, "float64", 2e-5, math.nan, "", "it defines no gradient(parameters)", 33, 0.0, 66,
    (
        Differences("forward", 34, 0.9e-3, math.nan, math.nan),
        Differences("central", 66, 1.0e-3, math.nan, math.nan),
    ),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(BOWL)


def test_the_words() -> None:
    """250 s are 20,833 times 12 ms; by operations it is half of the losses."""
    text = costs_text(COSTS)
    assert text.splitlines()[:4] == [
        "A network of N = 61,706 parameters in float32. One loss: 4.1 ms.",
        "One gradient by backpropagation, PyTorch's autograd: 12 ms, as long as 2.9 losses.",
        "By forward differences: 61,707 losses, about 4 min 10 s, 20,800 times longer, and 1.3 % "
        "wrong at the best ε = 0.001.",
        "By central differences: 123,412 losses, about 8 min 20 s, 41,700 times longer, and 0.02 % "
        "wrong at the best ε = 0.01.",
    ]
    assert "forward differences    20,800         30,900\n" in text
    assert "central differences    41,700         61,700\n" in text
    assert text.endswith(
        "Extrapolated from 64 of 61,706 coordinates, of which 768 losses were computed: the times "
        "of differences are known to ± 4.2 % (standard error).\n"
    )


def test_without_a_gradient_there_is_the_reason() -> None:
    assert costs_text(ALONE) == (
        "A network of N = 33 parameters in float64. One loss: 20 µs.\n"
        "There is no gradient to compare with: it defines no gradient(parameters).\n"
        "By forward differences: 34 losses, about 900 µs.\n"
        "By central differences: 66 losses, about 1 ms.\n"
        "\n"
        "Extrapolated from all of 33 coordinates, of which 66 losses were computed: the times of "
        "differences are known to ± 0 % (standard error).\n"
        "Of so short a loss or gradient much is what calling it takes, in Python and its library, "
        "not its operations: with larger data the ratios may be others.\n"
    )
    assert json.loads(costs_json(ALONE))["gradient_seconds"] is None


def test_a_time_that_is_not_known_well_is_said() -> None:
    said = "No more coordinates were drawn: there are at most so many, or a minute is over.\n"
    assert costs_text(replace(COSTS, spread=0.051)).endswith(f"± 5.1 % (standard error).\n{said}")
    assert said not in costs_text(COSTS)


def test_json_has_the_ratios() -> None:
    found = json.loads(costs_json(COSTS))
    assert (found["size"], found["coordinates"], found["spread"]) == (61_706, 64, 0.042)
    forward, central = found["differences"]
    assert forward["measured_ratio"] == 250.0 / 0.012
    assert (forward["theoretical_ratio"], central["theoretical_ratio"]) == (30_853.5, 61_706.0)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["data.csv"], "gdviz scaling takes Python code (.py), not 'data.csv'"),
        (["none.py"], "none.py cannot be read: no such file"),
        (["model.py", "--max", "4"], "--max is of the logistic regression"),
        (["model.py", "--reach", "0.5"], "--reach is of the logistic regression"),
        (["model.py", "-o", "out.csv"], "is written as .json only"),
        (["model.py", "-o", "out.json", "--json"], "-o writes a file and cannot be combined"),
        (["--seed", "1"], "--seed draws the coordinates of a network"),
        (["model.py", "--seed", "-1"], "--seed: must be between 0 and"),
        (["--reach", "0.5", "--json"], "--reach writes a table and cannot be combined with --json"),
    ],
)
def test_what_is_refused(
    capfd: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert cli.main(["scaling", *words]) == cli.REFUSED
    out, err = capfd.readouterr()
    assert out == ""
    assert sentence in err
    assert err.count("\n") == 1
    assert not list(Path().glob("out.*"))


@pytest.mark.slow
def test_a_bowl(capfd: pytest.CaptureFixture[str]) -> None:
    """Its 6 coordinates are all taken, at 10 steps to both sides."""
    assert cli.main(["scaling", "model.py", "--json"]) == cli.OK
    found = json.loads(capfd.readouterr().out)
    assert (found["size"], found["coordinates"], found["computed"]) == (6, 6, 120)
    assert found["gradient_by"] == "gradient(parameters)"
    forward, central = found["differences"]
    assert (forward["losses"], central["losses"]) == (7, 12)
    assert forward["error"] < 1e-6
    assert central["error"] < 1e-12
    assert cli.main(["scaling", "model.py", "-o", "out.json"]) == cli.OK
    assert json.loads(Path("out.json").read_text())["size"] == 6


@pytest.mark.slow
def test_what_code_printed_that_is_refused_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    Path("model.py").write_text("print('loading')\nraise OSError('no data')\n")
    assert cli.main(["scaling", "model.py"]) == cli.REFUSED
    assert capfd.readouterr().err == (
        "gdviz: the code printed:\n  loading\ngdviz: model.py, line 2: OSError: no data\n"
    )


def test_ctrl_c_is_one_line(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(network_scaling, "measure_costs", interrupted)
    assert cli.main(["scaling", "model.py"]) == cli.INTERRUPTED
    assert capfd.readouterr().err == "gdviz: interrupted\n"
