"""``gdviz sample``: what it says, and what it refuses before it runs anything."""

import os
import signal
from pathlib import Path

import h5py
import numpy as np
import pytest

from gdviz.cli import main as cli
from gdviz.cli.commands import progress, sample
from gdviz.cli.commands.sample import COMMAND
from gdviz.cli.network_options import chosen_of_slice
from gdviz.engine.objectives.network.settings import SliceSettings
from tests.engine.objectives.network.two_layers import BOWL

CODE = "print('loaded')\ndef loss(a, b):\n    return 1 / b if b else a.real // 0\n"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(CODE)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "gdviz sample needs a Python file with the loss"),
        (["data.csv", "-o", "out.h5"], "gdviz sample takes Python code (.py), not 'data.csv'"),
        (["model.py"], "-o is needed, with the file that is filled"),
        (["model.py", "-o", "out.npz"], "-o: the file's name must end in .h5, not 'out.npz'"),
        (["model.py", "-o", "no/out.h5"], "there is no folder no"),
        (["model.py", "-o", "out.h5", "--grid", "5x5x5"], "--grid: '5x5x5' is not of the form N"),
        (["model.py", "-o", "out.h5", "--grid", "11x"], "N or NxM: points along a and along b"),
        (["model.py", "-o", "out.h5", "--grid", "1e3"], "--grid: '1e3' is not of the form N or N"),
        (["model.py", "-o", "out.h5", "--grid", "1x5"], "there can be 2 to 512 points"),
        (["model.py", "-o", "out.h5", "--range", "1,0,0,1"], "the range of a must go"),
        (["model.py", "-o", "out.h5", "--workers", "0"], "--workers: must be between 1 and 256"),
        (["model.py", "-o", "out.h5", "--resume", "--refine"], "cannot be combined"),
        (["model.py", "-o", "out.h5", "--workers", "2", "--scheduler", "x"], "cannot be combined"),
        (["model.py", "-o", "out.h5", "--resume"], "there is no file out.h5 to go on with"),
        (
            ["model.py", "-o", "out.h5", "--directions", "no"],
            "--directions: 'no' is neither one of",
        ),
        (["none.py", "-o", "out.h5"], "none.py cannot be read: no such file"),
    ],
)
def test_what_is_refused(
    capfd: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert cli.main(["sample", *words]) == cli.REFUSED
    out, err = capfd.readouterr()
    assert out == ""
    assert sentence in err
    assert err.count("\n") == 1
    assert not list(Path().glob("*.h5"))


def test_the_options_choose_fields_of_a_plane_s_settings() -> None:
    """Only those that are given: what is so by default may be otherwise in a file gone on with."""
    words = ["model.py", "-o", "out.h5", "--seed", "4", "--biases", "--directions", "mine.npz"]
    chosen = chosen_of_slice(COMMAND.parser().read(words))
    files = str(Path("mine.npz").absolute())
    assert chosen == {"seed": 4, "biases": True, "directions": "file", "files": files}
    assert SliceSettings(**chosen).normalize == "filter"
    assert chosen_of_slice(COMMAND.parser().read(words[:3])) == {}


@pytest.mark.slow
def test_what_it_says(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr(progress, "_INTERVAL", 0.0)
    words = ["model.py", "-o", "out.h5", "--grid", "3", "--range", "0,2,0,2", "--workers", "1"]
    assert cli.main(["sample", *words]) == cli.OK
    out, err = capfd.readouterr()
    assert out == (
        "out.h5: 9 of 9 cells computed\n"
        "  3 without a loss: model.py, line 3: ZeroDivisionError: float floor division by zero\n"
    )
    assert "gdviz: 0 %" in err
    assert "gdviz: 100 %, about 0 s left" in err
    assert err.endswith("gdviz: the code printed:\n  loaded\n")
    assert cli.main(["sample", "model.py", "-o", "out.h5", "--resume"]) == cli.OK
    assert capfd.readouterr().out.startswith("out.h5: 0 of 9 cells computed, the others kept\n")


@pytest.mark.slow
def test_what_code_printed_that_is_refused_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    Path("model.py").write_text("print('loading')\nraise OSError('no data')\n")
    assert cli.main(["sample", "model.py", "-o", "out.h5"]) == cli.REFUSED
    assert capfd.readouterr().err == (
        "gdviz: the code printed:\n  loading\ngdviz: model.py, line 2: OSError: no data\n"
    )


@pytest.mark.slow
def test_a_network_and_its_plane(capfd: pytest.CaptureFixture[str]) -> None:
    Path("model.py").write_text(BOWL)
    words = ["model.py", "-o", "out.h5", "--grid", "3", "--workers", "1"]
    assert cli.main(["sample", *words, "--directions", "hessian", "--seed", "4"]) == cli.OK
    assert "note: the largest eigenvalues of the Hessian are 5 and 3" in (capfd.readouterr().err)
    assert cli.main(["sample", *words, "--resume", "--directions", "random"]) == cli.REFUSED
    assert capfd.readouterr().err == (
        "gdviz: --resume: out.h5 was begun with --directions hessian, not random: leave it out, or "
        "begin another file\n"
    )
    assert cli.main(["sample", *words, "--resume", "--seed", "4"]) == cli.OK
    capfd.readouterr()
    # The directions of one landscape span that of another one.
    words[2] = "other.h5"
    assert cli.main(["sample", *words, "--directions", "out.h5"]) == cli.OK
    with h5py.File("out.h5") as one, h5py.File("other.h5") as other:
        np.testing.assert_array_equal(one["train_loss"], other["train_loss"])


@pytest.mark.usefixtures("signals_are_heard")
@pytest.mark.parametrize(
    ("is_there", "said"),
    [(False, "; mine.py was still being opened, and nothing was written"), (True, "")],
)
def test_ctrl_c_while_the_code_is_being_opened(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, is_there: bool, said: str
) -> None:
    def interrupted(*_: object, **_options: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(sample, "sample", interrupted)
    if is_there:  # Ctrl-C came before it was looked
        Path("out.h5").write_bytes(b"")
    assert cli.main(["sample", "mine.py", "-o", "out.h5"]) == cli.INTERRUPTED
    assert capfd.readouterr().err == f"gdviz: interrupted{said}\n"
