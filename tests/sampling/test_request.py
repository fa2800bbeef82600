"""Sampling with real processes: each cell once and right, whatever ends meanwhile."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import h5py
import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.files.landscapes import load_landscape
from gdviz.sampling.landscape_file import NO_LOSS, TO_COME, Axes, reopen
from gdviz.sampling.request import Request, sample
from gdviz.sampling.subject import SamplingError
from tests.engine.objectives.network.two_layers import BOWL, slice_from
from tests.sampling.sampled import (
    EXTENT,
    GRID,
    assert_right,
    calls,
    note_that_cells_follow,
    quadratic,
    surface,
    write_code,
)

#: Seconds after which what should have happened has not.
LONG = 120.0
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals of other systems")

#: Ends its process at one cell, as a kill from outside does: the first time that it gets there.
_KILLED_ONCE = """
import signal

def before(a, b):
    if (a, b) == (0.0, -0.5) and not (HERE / "killed").exists():
        (HERE / "killed").touch()
        os.kill(os.getpid(), signal.SIGKILL)
"""
#: Ends its process at one cell every time.
_ENDS_ITS_PROCESS = """
def before(a, b):
    if (a, b) == (0.0, -0.5):
        os._exit(3)
"""
#: Ends its process while it opens the file, the first so many times once cells are asked for, or
#: from the beginning.
_KILLED_OPENING = """
import signal

before = lambda a, b: None
for number in range({times}):
    if {when} and not (HERE / f"killed {{number}}").exists():
        (HERE / f"killed {{number}}").touch()
        os.kill(os.getpid(), signal.SIGKILL)
"""
#: Waits at a cell, after some that are known by then, until somebody ends it.
_WAITS = """
import time

def before(a, b):
    if (a, b) == (2.0, 1.5):
        (HERE / "waits").write_text(str(os.getpid()))
        while not (HERE / "go on").exists():
            time.sleep(0.01)
"""


def request(folder: Path, **options: object) -> Request:
    given = {"grid": GRID, "extent": EXTENT, "workers": 2, **options}
    return Request(folder / "model.py", folder / "landscape.h5", **given)


def run(folder: Path, **options: object):
    return sample(request(folder, **options), begun=note_that_cells_follow)


def every_cell(grid=GRID) -> Counter:
    axes = Axes.over(EXTENT, grid)
    return Counter((a, b) for a in axes.a.tolist() for b in axes.b.tolist())


def test_a_worker_that_is_killed_in_the_middle(tmp_path):
    """The quadratic is right in every cell, and what was not lost is not computed again."""
    write_code(tmp_path, _KILLED_ONCE)
    told = []
    done = sample(request(tmp_path), told.append, begun=note_that_cells_follow)
    assert (tmp_path / "killed").exists()
    assert (done.cells, done.new, done.holes) == (28, 28, {})
    assert_right(tmp_path / "landscape.h5")
    assert [told[0].done, told[-1].done] == [0, 28]
    assert [progress.done for progress in told] == sorted(progress.done for progress in told)
    found = calls(tmp_path)
    assert found.keys() == every_cell().keys()
    assert found[0.0, -0.5] == 2
    assert max(found.values()) == 2  # of its block, and no cell of another one
    again = {cell for cell, count in found.items() if count == 2}
    assert len(again) < 7


@posix_only
@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_that_is_killed_while_it_opens_the_file(tmp_path, workers):
    write_code(tmp_path, _KILLED_OPENING.format(times=2, when=True))
    done = run(tmp_path, workers=workers)
    assert (done.cells, done.new, done.holes) == (28, 28, {})
    assert_right(tmp_path / "landscape.h5")
    assert calls(tmp_path) == every_cell()


@posix_only
def test_a_file_whose_opening_ends_its_process_each_time(tmp_path):
    write_code(tmp_path, _KILLED_OPENING.format(times=9, when=True))
    with pytest.raises(SamplingError) as refused:
        run(tmp_path, workers=1)
    assert str(refused.value) == "model.py ended the process it ran in, 3 times"
    assert len(list(tmp_path.glob("killed *"))) == 3
    assert not (tmp_path / "landscape.h5").exists()


@posix_only
@pytest.mark.slow
def test_no_cell_is_blamed_for_processes_that_are_killed_before_they_get_there(tmp_path):
    """A block of one cell ends its process once; those after it end while they open the file."""
    code = _KILLED_ONCE.replace("(0.0, -0.5)", "(2.0, 1.5)")
    code += _KILLED_OPENING.format(times=5, when="(HERE / 'killed').exists()").replace(
        "before = lambda a, b: None\n", ""
    )
    write_code(tmp_path, code)
    done = run(tmp_path, workers=1, grid=(2, 2))
    assert len(list(tmp_path.glob("killed *"))) == 5
    assert done.holes == {}


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2, 5])
def test_each_cell_is_computed_once(tmp_path, workers):
    write_code(tmp_path)
    run(tmp_path, workers=workers)
    assert calls(tmp_path) == every_cell()
    assert_right(tmp_path / "landscape.h5")


@pytest.mark.slow
def test_a_finer_grid_computes_the_cells_between(tmp_path):
    write_code(tmp_path)
    run(tmp_path)
    done = run(tmp_path, mode="refine", grid=None, extent=None)
    assert (done.cells, done.new) == (13 * 7, 13 * 7 - 28)
    assert_right(tmp_path / "landscape.h5", (13, 7))
    run(tmp_path, mode="refine", grid=(25, 7), extent=None)
    assert_right(tmp_path / "landscape.h5", (25, 7))
    assert max(calls(tmp_path).values()) == 1
    assert sum(calls(tmp_path).values()) == 25 * 7
    with pytest.raises(SamplingError, match=r"30 × 7 has no place .* 25 × 7; --grid 49x13 has"):
        run(tmp_path, mode="refine", grid=(30, 7), extent=None)


@posix_only
@pytest.mark.slow
def test_a_parent_that_is_killed(tmp_path):
    """Its processes end with it, the file is whole, and no cell that it has is computed again."""
    write_code(tmp_path, _WAITS)
    (tmp_path / "begun").touch()
    parent = subprocess.Popen(
        [sys.executable, "-m", "gdviz", "sample", "model.py", "-o", "landscape.h5", "--grid",
         "7x4", "--range", "-1,2,-0.5,1.5", "--workers", "1"], cwd=tmp_path
    )  # fmt: skip
    child = int(_awaited(tmp_path / "waits"))
    parent.kill()
    parent.wait(LONG)
    _await(lambda: not Path(f"/proc/{child}").exists() if Path("/proc").exists() else True)
    with reopen(tmp_path / "landscape.h5") as file:
        known = np.flatnonzero(file.state != TO_COME)
        assert 0 < len(known) < 28
        points = {tuple(point) for point in file.axes.points(known).tolist()}
        np.testing.assert_array_equal(file.losses().ravel()[known], quadratic(*np.array(
            file.axes.points(known)).T))  # fmt: skip
    before = calls(tmp_path)
    (tmp_path / "go on").touch()
    done = run(tmp_path, mode="resume", grid=None, extent=None)
    assert (done.cells, done.new) == (28, 28 - len(known))
    assert_right(tmp_path / "landscape.h5")
    after = calls(tmp_path) - before
    assert not points & after.keys()


@posix_only
@pytest.mark.slow
@pytest.mark.usefixtures("signals_are_heard")
def test_ctrl_c_is_one_line_and_leaves_a_whole_file(tmp_path):
    write_code(tmp_path, _WAITS)
    (tmp_path / "begun").touch()
    parent = subprocess.Popen(
        [sys.executable, "-m", "gdviz", "sample", "model.py", "-o", "landscape.h5", "--grid",
         "7x4", "--range", "-1,2,-0.5,1.5"], cwd=tmp_path, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    _awaited(tmp_path / "waits")
    parent.send_signal(signal.SIGINT)
    _, said = parent.communicate(timeout=LONG)
    with reopen(tmp_path / "landscape.h5") as file:
        done = np.count_nonzero(file.state)
    assert 0 < done < 28
    assert parent.returncode == 130
    assert said == f"gdviz: interrupted; the file has {done} of 28 cells, and --resume goes on\n"


@pytest.mark.slow
def test_cancelling_keeps_what_was_computed(tmp_path):
    write_code(tmp_path, _WAITS)
    cancelled = threading.Event()

    def begun(file):
        note_that_cells_follow(file)
        threading.Thread(target=lambda: (_awaited(tmp_path / "waits"), cancelled.set())).start()

    with pytest.raises(Cancelled):
        sample(request(tmp_path), cancelled=cancelled.is_set, begun=begun)
    with reopen(tmp_path / "landscape.h5") as file:
        assert np.count_nonzero(file.state) < 28


@pytest.mark.slow
def test_a_cell_that_ends_its_process_each_time_is_a_hole(tmp_path):
    write_code(tmp_path, _ENDS_ITS_PROCESS)
    done = run(tmp_path)
    assert done.holes == {"model.py ended the process it ran in": 1}
    x, y, losses = surface(tmp_path / "landscape.h5")
    wanted = quadratic(*np.meshgrid(x, y))
    wanted[0, 2] = np.nan
    np.testing.assert_array_equal(losses, wanted)
    assert calls(tmp_path)[0.0, -0.5] <= 3  # in its block, and twice by itself


@pytest.mark.slow
def test_a_process_that_ends_whatever_it_is_asked_for(tmp_path):
    write_code(tmp_path, "def before(a, b):\n    os._exit(3)\n")
    with pytest.raises(SamplingError, match=r"ended the process .* 12 times, .* --resume goes on"):
        run(tmp_path)
    with reopen(tmp_path / "landscape.h5") as file:
        assert np.isin(file.state, (TO_COME, NO_LOSS)).all()


@pytest.mark.slow
def test_holes_have_their_reasons(tmp_path):
    write_code(
        tmp_path,
        "def before(a, b):\n"
        "    if b > 1:\n        raise FloatingPointError('it has diverged')\n"
        "    if a == 2 and b > 0:\n        [][0]\n",
    )
    done = run(tmp_path)
    assert done.holes == {
        "model.py, line 11: FloatingPointError: it has diverged": 7,
        "model.py, line 13: IndexError: list index out of range": 2,
    }
    assert done.new == 28
    _, y, losses = surface(tmp_path / "landscape.h5")
    assert np.isnan(losses[y > 1]).all()
    assert np.isnan(losses).sum() == 9


@pytest.mark.slow
def test_losses_that_are_not_finite_have_their_reasons(tmp_path):
    (tmp_path / "model.py").write_text(
        "def loss(a, b):\n"
        "    return float('inf') if b > 1 else float('nan') if a == 2 and b > 0 else a + 2*b\n"
    )
    done = run(tmp_path)
    assert done.holes == {"loss(a, b) is inf": 7, "loss(a, b) is nan": 2}


# -- a network of N parameters


def losses_of_bowl(path: Path):
    """Return the closed form of L = ½ Σ kᵢ θᵢ² at each cell of the plane that the file has."""
    with h5py.File(path, "r") as file:
        names = ("center", "xdirection", "ydirection")
        center, first, second = (file[name]["0"][()].ravel() for name in names)
    x, y, _ = surface(path)
    curvature = np.array([5.0, 3.0, 2.0, 1.0, -0.5, -4.0])
    a, b = np.meshgrid(x, y)
    theta = center + a[..., None] * first + b[..., None] * second
    return 0.5 * np.sum(curvature * theta**2, axis=-1)


def test_a_network_whose_loss_is_known_in_closed_form(tmp_path):
    (tmp_path / "model.py").write_text(BOWL)
    done = run(tmp_path, slice={"seed": 3})
    path = tmp_path / "landscape.h5"
    np.testing.assert_array_equal(surface(path)[2], losses_of_bowl(path))
    assert done.notes[0] == "the network has N = 6 parameters"
    wanted = slice_from(BOWL, seed=3)
    with h5py.File(path, "r") as file:
        assert file.attrs["seed"] == 3
        np.testing.assert_array_equal(file["center"]["0"], np.arange(1.0, 7.0).reshape(2, 3))
        for name, direction in zip(("xdirection", "ydirection"), wanted.directions, strict=True):
            np.testing.assert_array_equal(file[name]["0"], direction["0"])


@pytest.mark.slow
def test_going_on_with_a_network(tmp_path):
    """It is the plane that the file was begun with, whatever that was."""
    (tmp_path / "model.py").write_text(BOWL)
    run(tmp_path, slice={"directions": "hessian"}, extent=None)
    path = tmp_path / "landscape.h5"
    assert "--directions hessian, not random" in refusal(
        tmp_path, mode="resume", extent=None, slice={"directions": "random"}
    )
    run(tmp_path, mode="refine", grid=None, extent=None)
    np.testing.assert_array_equal(surface(path)[2], losses_of_bowl(path))
    with h5py.File(path, "r") as file:  # the two largest eigenvalues are those of the axes 0 and 1
        first, second = (
            np.abs(file[name]["0"][()]).ravel() for name in ("xdirection", "ydirection")
        )
    np.testing.assert_allclose([first[0], second[1]], 1.0, rtol=1e-6)


@pytest.mark.slow
def test_the_trajectory_goes_with_the_file(tmp_path):
    (tmp_path / "model.py").write_text(
        BOWL + "\ndef trajectory():\n    return [[parameters()[0] * k] for k in (2.0, 1.0)]\n"
    )
    run(tmp_path, slice={"normalize": "none"})
    landscape = load_landscape(tmp_path / "landscape.h5")
    assert len(landscape.grid.trajectory) == 2
    np.testing.assert_allclose(landscape.grid.trajectory[1], (0.0, 0.0), atol=1e-12)


_PERCEPTRON = """
import torch
from torch import nn

torch.manual_seed(1)
X = torch.randn(20, 3)
model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))

def loss():
    return (model(X) ** 2).mean()
"""


@pytest.mark.frameworks
@pytest.mark.parametrize("by", ["", "torch.func.vmap", "jax.vmap, compiled by jax.jit"])
def test_a_file_that_is_gone_on_with_has_the_losses_of_one_that_was_not_stopped(tmp_path, by):
    """To the rounding of float32, and by as many cells in a call as it was begun with."""
    (tmp_path / "model.py").write_text(_PERCEPTRON)
    done = run(tmp_path)
    path = tmp_path / "landscape.h5"
    whole = surface(path)[2]
    with h5py.File(path, "r+") as file:
        settings = json.loads(file.attrs["settings"])
        assert (settings["batch"]["by"] != "") == ("in one call" in done.notes[-1])
        settings["batch"] = {"by": by, "cells": 8, "least": 2}
        file.attrs["settings"] = json.dumps(settings)
        lost = np.arange(28) % 3 == 0
        for name, value in (("computed", TO_COME), ("train_loss", -1.0)):
            cells = file[name][()].ravel()
            cells[lost] = value
            file[name][...] = cells.reshape(GRID)
    again = run(tmp_path, mode="resume")
    assert again.new == lost.sum()
    assert again.notes[-1].startswith("the losses of up to 8 cells") == bool(by)
    losses = surface(path)[2]
    np.testing.assert_allclose(losses, whole, rtol=64 * np.finfo(np.float32).eps)
    np.testing.assert_array_equal(losses.ravel()[~lost], whole.ravel()[~lost])


#: Each process has a number of its own, and computes no cell before there are two of them; then so
#: slowly that one of them is not done before the other is open.
_TWO_PROCESSES = """
import os, time
from pathlib import Path
import numpy as np

HERE, K = Path(__file__).parent, 1 + os.getpid() % 997
(HERE / f"process {os.getpid()}").touch()

def wait():
    while (HERE / "begun").exists() and len(list(HERE.glob("process *"))) < 2:
        time.sleep(0.01)
    time.sleep(0.001)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "def parameters():\n    return [np.ones((2, 2)) * K]\n"
            "def loss(p):\n    wait()\n    return float((p[0] ** 2).sum())\n",
            "model.py has other parameters each time it is run",
        ),
        (
            "def loss(a, b):\n    wait()\n    return float(a) + float(b) ** 2 + K\n",
            "loss(a, b) of model.py is another number each time the file is run",
        ),
    ],
)
def test_a_file_that_is_another_function_in_each_process(tmp_path, code, sentence):
    (tmp_path / "model.py").write_text(_TWO_PROCESSES + code)
    assert sentence in refusal(tmp_path, grid=(200, 200))


@pytest.mark.slow
def test_directions_of_a_loss_of_two_parameters(tmp_path):
    write_code(tmp_path)
    assert "model.py defines loss(a, b), of two parameters" in refusal(tmp_path, slice={"seed": 3})
    assert not (tmp_path / "landscape.h5").exists()


# -- what is refused, in one sentence and before anything is written


def refusal(folder: Path, **options: object) -> str:
    with pytest.raises(SamplingError) as refused:
        run(folder, **options)
    return str(refused.value)


REFUSED = {
    "nan": ("def loss(a, b):\n    return float('nan')\n",
            "loss(a, b) of model.py is nan at (0.6539, 0.5542), so nothing was sampled"),
    "raises": ("def loss(a, b):\n    return a.no_such_thing\n",
               "model.py, line 2: AttributeError: 'float' object has no attribute"),
    "vector": ("def loss(a, b):\n    return [a, b, 1.0]\n", "it must return a real number a point"),
    "none": ("def loss(a, b):\n    pass\n", "loss did not return real numbers"),
    "ends": ("import os\nos._exit(2)\n", "model.py ended the process it ran in"),
    "exits": ("import sys\nsys.exit(2)\n", "model.py, line 2: SystemExit: 2"),
    "no loss": ("x = 1\n", "model.py defines no function loss(a, b)"),
    "syntax": ("def loss(a, b)\n", "model.py, line 1: expected ':'"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_sampled_is_refused_at_once(tmp_path, case):
    code, sentence = REFUSED[case]
    (tmp_path / "model.py").write_text(code)
    assert sentence in refusal(tmp_path, workers=1)
    assert not (tmp_path / "landscape.h5").exists()


@pytest.mark.slow
def test_a_stochastic_loss_of_a_network_without_a_model_has_no_eval(tmp_path):
    (tmp_path / "model.py").write_text(
        "import numpy as np\ndraw = np.random.default_rng(0).standard_normal\n"
        "def parameters():\n    return [np.ones((2, 2))]\n"
        "def loss(p):\n    return float(np.sum(p[0] ** 2)) + draw()\n"
    )
    sentence = refusal(tmp_path, workers=1)
    assert "of model.py is another number each time" in sentence
    assert "in 8 calls; --loss-seed 0 makes it a function" in sentence
    assert "eval" not in sentence


@pytest.mark.slow
def test_a_stochastic_loss_is_said_with_its_spread(tmp_path):
    (tmp_path / "model.py").write_text(
        "import random\nrandom.seed(3)\ndef loss(a, b):\n    return a + b + random.gauss(0, 0.5)\n"
    )
    with pytest.raises(SamplingError) as refused:
        run(tmp_path, workers=1)
    sentence = str(refused.value)
    assert refused.value.is_stochastic
    assert "loss(a, b) of model.py is another number each time" in sentence
    assert "--loss-seed 0 makes it a function" in sentence
    spread = float(sentence.partition("deviation of ")[2].split()[0])
    assert 0.15 < spread < 1.1  # the standard deviation of 8 numbers with one of 0.5
    assert not (tmp_path / "landscape.h5").exists()


@pytest.mark.slow
def test_a_seed_makes_a_stochastic_loss_a_function(tmp_path):
    """Cell by cell: at each of them it draws the seed's first number, in whichever process."""
    (tmp_path / "model.py").write_text(
        "import random\nrandom.seed(3)\ndef loss(a, b):\n"
        "    return 1 + a**2 + 10*b**2 + 0.3*a + random.gauss(0, 0.5)\n"
    )
    run(tmp_path, loss_seed=7)
    path = tmp_path / "landscape.h5"
    x, y, losses = surface(path)
    drawn = random.Random(7).gauss(0, 0.5)
    np.testing.assert_array_equal(losses, quadratic(*np.meshgrid(x, y)) + drawn)
    assert "was begun with --loss-seed 7, not 8" in refusal(tmp_path, mode="resume", loss_seed=8)
    run(tmp_path, mode="refine", grid=None, extent=None)
    x, y, losses = surface(path)
    np.testing.assert_array_equal(losses, quadratic(*np.meshgrid(x, y)) + drawn)


@pytest.mark.slow
def test_what_no_seed_makes_a_function(tmp_path):
    (tmp_path / "model.py").write_text(
        "import time\ndef loss(a, b):\n    return a + b + 1e-3 * (time.monotonic_ns() % 997)\n"
    )
    assert "were seeded with 7 before each call, so it depends on something else" in refusal(
        tmp_path, loss_seed=7
    )


@pytest.mark.slow
def test_what_the_code_prints_is_kept_apart(tmp_path, capfd):
    write_code(tmp_path, "print('it is loaded')\ndef before(a, b):\n    print(a, b)\n")
    assert run(tmp_path, workers=1).printed == "it is loaded"
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_there_is_never_written_over(tmp_path):
    write_code(tmp_path)
    (tmp_path / "landscape.h5").write_bytes(b"mine")
    assert "landscape.h5 is already there: --resume goes on with it" in refusal(tmp_path)
    assert "cannot be read" in refusal(tmp_path, mode="resume")
    assert (tmp_path / "landscape.h5").read_bytes() == b"mine"


@pytest.mark.slow
def test_going_on_with_other_settings(tmp_path):
    write_code(tmp_path)
    run(tmp_path)
    before = (tmp_path / "landscape.h5").read_bytes()
    assert "was begun with --grid 7x4, not 9x4" in refusal(tmp_path, mode="resume", grid=(9, 4))
    extent = Range(-1.0, 2.0, -0.5, 1.0)
    assert "was begun with --range -1,2,-0.5,1.5, not -1,2,-0.5,1:" in refusal(
        tmp_path, mode="refine", grid=None, extent=extent
    )
    data = tmp_path / "data"
    write_code(tmp_path, "# another version\n")
    assert "with another version of model.py" in refusal(tmp_path, mode="resume")
    (tmp_path / "other.py").write_bytes((tmp_path / "model.py").read_bytes())
    other = Request(tmp_path / "other.py", tmp_path / "landscape.h5", "resume")
    with pytest.raises(SamplingError, match=(
        r"^--resume: \S*landscape\.h5 has the losses of model\.py, not of other\.py: give "
        r"model\.py, or -o with another name$")):  # fmt: skip
        sample(other)
    assert (tmp_path / "landscape.h5").read_bytes() == before
    # The file is the same, and what it loads is not.
    for path in (tmp_path / "landscape.h5", tmp_path / "begun"):
        path.unlink()
    data.write_text("1.5")
    code = "from pathlib import Path\nK = float((Path(__file__).parent / 'data').read_text())\n"
    (tmp_path / "model.py").write_text(f"{code}def loss(a, b):\n    return a + b * b + K\n")
    run(tmp_path)
    data.write_text("1.6")
    assert "what it loads has changed" in refusal(tmp_path, mode="resume")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"grid": (1, 4)}, "there can be 2 to 512 points along an axis, not 1 × 4"),
        ({"grid": (7, 513)}, "not 7 × 513"),
        ({"extent": Range(1.0, -1.0, 0.0, 1.0)}, "the range of a must go from a lower number"),
        ({"extent": Range(0.0, 1.0, 0.0, 1e7)}, "the range of b must go"),
        ({"extent": Range(0.0, float("nan"), 0.0, 1.0)}, "not from 0 to nan"),
    ],
)
def test_a_request_that_cannot_be_met(tmp_path, options, sentence):
    assert sentence in refusal(tmp_path, **options)


def _awaited(path: Path) -> str:
    """Wait for a file, and return what it holds."""
    _await(lambda: path.exists() and path.read_text() != "")
    return path.read_text()


def _await(happened) -> None:
    deadline = time.monotonic() + LONG
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_nothing_is_left_running_here(tmp_path):
    """The processes of a run end with it."""
    write_code(tmp_path, "(HERE / str(os.getpid())).touch()\n")
    run(tmp_path)
    processes = [int(path.name) for path in tmp_path.iterdir() if path.name.isdigit()]
    assert len(processes) in (1, 2)
    if hasattr(os, "killpg"):
        _await(lambda: not any(map(_is_there, processes)))


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
