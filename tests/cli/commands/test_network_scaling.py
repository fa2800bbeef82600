"""``gdviz scaling model.py``: what it says, and what it refuses."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from gdviz.cli import main as cli
from gdviz.cli.commands import network_scaling
from gdviz.cli.commands.network_scaling import costs_json, costs_text
from gdviz.scene.network_costs import remarks, sentences
from tests.engine.objectives.network.two_layers import BOWL
from tests.scene.sampled_costs import ALONE, COSTS


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(BOWL)


def test_the_words_are_followed_by_the_table() -> None:
    lines = costs_text(COSTS).splitlines()
    assert lines[: len(sentences(COSTS))] == sentences(COSTS)
    assert lines[-len(remarks(COSTS)) :] == remarks(COSTS)
    rows = [" ".join(line.split()) for line in lines[len(sentences(COSTS)) + 1 :]]
    assert rows[0] == "losses time × ∇f in theory error in theory"
    assert rows[5] == "SPSA 2 9 ms 0.75 1.00 250 250"


def test_json_has_the_ratios() -> None:
    found = json.loads(costs_json(COSTS))
    assert (found["size"], found["coordinates"], found["spread"]) == (61_706, 64, 0.042)
    forward, central = found["differences"]
    assert forward["measured_ratio"] == 250.0 / 0.012
    assert (forward["theoretical_ratio"], central["theoretical_ratio"]) == (30_853.5, 61_706.0)
    spsa, evolution, tangent = found["estimates"]
    assert (spsa["name"], spsa["losses"], spsa["measured_ratio"]) == ("spsa", 2, 0.009 / 0.012)
    assert (evolution["theoretical_ratio"], tangent["epsilon"]) == (5.0, None)
    assert found["memory"]["gradient"] == 2.37e6
    assert json.loads(costs_json(ALONE))["gradient_seconds"] is None
    assert json.loads(costs_json(ALONE))["estimates"][0]["measured_ratio"] is None


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


def test_a_loss_that_ignores_its_parameters_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    """As of another network of the same kind: all differences are 0, and cost nothing to trust."""
    Path("model.py").write_text(
        "import numpy as np\nW = np.ones((2, 2))\n\n\ndef parameters():\n    return W.copy()\n\n\n"
        "def loss(p):\n    return np.sum(W**2)\n"
    )
    assert cli.main(["scaling", "model.py"]) == cli.REFUSED
    assert capfd.readouterr().err.startswith(
        "gdviz: model.py: loss(p) is 4 at θ* and wherever the parameters are displaced to: "
    )


@pytest.mark.slow
def test_what_code_printed_that_is_refused_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    Path("model.py").write_text("print('loading')\nraise OSError('no data')\n")
    assert cli.main(["scaling", "model.py"]) == cli.REFUSED
    assert capfd.readouterr().err == (
        "gdviz: the code printed:\n  loading\ngdviz: model.py, line 2: OSError: no data\n"
    )


@pytest.mark.usefixtures("signals_are_heard")
@pytest.mark.parametrize(
    ("is_open", "said"),
    [(False, "; model.py was still being opened, and nothing was written"), (True, "")],
)
def test_ctrl_c_is_one_line(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, is_open: bool, said: str
) -> None:
    def interrupted(
        _path: Path, _seed: int, progress: Callable[[float], object], **_options: object
    ) -> None:
        if is_open:
            progress(0.0)
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(network_scaling, "measure_costs", interrupted)
    assert cli.main(["scaling", "model.py"]) == cli.INTERRUPTED
    assert capfd.readouterr().err == f"gdviz: interrupted{said}\n"
