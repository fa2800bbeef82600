"""A file that defines a network, on the command line: which slice, what is said and refused."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.cli import main as cli
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import from_json, to_json
from gdviz.experiment.open_file import Opened, open_file
from gdviz.scene.captions import what
from tests.engine.objectives.network.two_layers import BOWL, TWO_LAYERS, WITH_GRADIENT

#: L = ½ Σ kᵢ θᵢ² again, with a trajectory along the first two axes, from θ* on.
DESCENT = (
    BOWL
    + """
def trajectory():
    move = np.zeros((6, 2, 3))
    move[:, 0, 0], move[:, 0, 1] = np.arange(6) * 3.0, np.arange(6) ** 2 / 5.0
    return [[parameters()[0] - step] for step in move]
"""
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def _in_a_folder_with_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"net.py": WITH_GRADIENT, "bowl.py": DESCENT, "plain.py": TWO_LAYERS,
             "two.py": "def loss(a, b):\n    return a + b\n"}  # fmt: skip
    for name, text in files.items():
        Path(name).write_text(text)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str) -> tuple[int, str, str]:
        code = cli.main(words)
        out, err = capfd.readouterr()
        return code, out, err

    return command


@pytest.fixture
def opened() -> Callable[..., Opened]:
    runners = []

    def open_it(name: str, base: Experiment | None = None, **settings: str) -> Opened:
        found = open_file(name, base, settings=SliceSettings(**settings) if settings else None)
        runners.append(found.runner)
        return found

    yield open_it
    for runner in runners:
        runner.stop()


def test_the_options_choose_the_slice_and_what_it_is_is_said(run: Run):
    code, out, err = run("table", "bowl.py", "--directions", "hessian", "--steps", "2",
                         "--method", "analytic",
                         "--start", "1,1", "--alpha", "0.1")  # fmt: skip
    assert code == 0
    rows = [row.split(",") for row in out.splitlines()[1:]]
    # At (1, 1) the gradient of ½(5(1 + a)² + 3(2 + b)²) is (10, 9).
    assert [float(rows[0][i]) for i in (5, 6)] == pytest.approx([10.0, 9.0], rel=1e-6)
    assert "note: the network has N = 6 parameters" in err
    assert "note: the largest eigenvalues of the Hessian are 5 and 3, by" in err


def test_a_slice_is_descended_on_with_its_exact_gradient(opened):
    found = opened("bowl.py", directions="pca")
    f = found.objective
    h = 1e-5
    slope = (f.value(0.5 + h, 0.2) - f.value(0.5 - h, 0.2)) / (2 * h)
    assert f.gradient(0.5, 0.2)[0] == pytest.approx(slope, rel=1e-7)
    assert "second derivatives are central differences of its gradients" in found.notes
    # Along θ₁ and θ₂, turned, the eigenvalues are 5 and 3.
    in_aa, in_ab, in_bb = f.hessian(0.5, 0.2)
    values = np.linalg.eigvalsh([[in_aa, in_ab], [in_ab, in_bb]])
    assert values == pytest.approx([3.0, 5.0], rel=1e-8)
    experiment = found.experiment
    assert len(experiment.function.trajectory) == 6
    assert experiment.function.trajectory[0] == pytest.approx((0.0, 0.0), abs=1e-9)
    window = Range(*experiment.function.home)
    assert all(window.contains(*point) for point in experiment.function.trajectory)
    assert experiment.map_range == window
    assert what(experiment) == (
        "f = loss(p) of bowl.py, sliced along the principal components of its trajectory"
    )


def test_an_experiment_keeps_its_slice(opened):
    saved = opened("net.py", seed=7, normalize="layer").experiment
    again = from_json(to_json(saved))
    assert again == saved
    assert again.function.code.slice == SliceSettings(seed=7, normalize="layer")
    reopened = opened("net.py", again)
    assert reopened.experiment == saved
    other = opened("net.py", again, seed=8).experiment
    assert other.function.code.slice.seed == 8
    assert what(other) == (
        "f = loss(p) of net.py, sliced along random directions (normalised by filter, seed 8)"
    )
    raw = json.loads(to_json(saved))
    raw["function"]["code"]["slice"]["directions"] = "sideways"
    with pytest.raises(ValueError, match="sideways"):
        from_json(json.dumps(raw))


NOISY = "import random\ndef loss(a, b):\n    return a * a + b * b + random.random()\n"


COUNTING = (
    "calls = []\ndef loss(a, b):\n    calls.append(1)\n    return a * a + b * b + len(calls)\n"
)


def test_a_seed_does_not_make_a_function_of_what_counts_its_calls(run: Run):
    Path("counting.py").write_text(COUNTING)
    _, _, err = run("table", "counting.py", "--steps", "1", "--loss-seed", "7")
    assert "although what it draws by is seeded: something else differs between the calls" in err
    assert "one of many functions" not in err


def test_a_seed_makes_a_stochastic_loss_a_function(run: Run):
    Path("noisy.py").write_text(NOISY)
    words = ("table", "noisy.py", "--method", "central", "--steps", "1", "--start", "1,2",
             "--alpha", "0.1")  # fmt: skip
    _, _, err = run(*words)
    assert "(--loss-seed 0, which seeds what is random in each call, makes it one if draws" in err
    code, out, err = run(*words, "--loss-seed", "7")
    assert code == 0
    row = out.splitlines()[1].split(",")
    assert float(row[4]) == 5.0 + random.Random(7).random()
    assert [float(row[i]) for i in (5, 6)] == pytest.approx([2.0, 4.0])
    assert "draws by is seeded with 7 before each call: it is one of many functions" in err
    assert run("table", "--loss-seed", "7")[2] == "gdviz: --loss-seed needs a Python file\n"
    assert "--loss-seed needs a network" in run("scaling", "--loss-seed", "7")[2]


def test_an_experiment_keeps_the_seed_of_its_loss():
    Path("noisy.py").write_text(NOISY)
    found = open_file("noisy.py", loss_seed=7)
    try:
        saved = from_json(to_json(found.experiment))
        assert saved == found.experiment
        assert what(saved) == "f = loss(a, b) of noisy.py, seeded with 7 in each call"
        for given, kept in ((None, 7), (8, 8), (-1, None)):
            again = open_file("noisy.py", saved, loss_seed=given)
            again.runner.stop()
            assert again.experiment.function.code.loss_seed == kept
    finally:
        found.runner.stop()
    raw = json.loads(to_json(saved))
    raw["function"]["code"]["loss_seed"] = -3
    with pytest.raises(ValueError, match="the seed of the loss must be from 0"):
        from_json(json.dumps(raw))


def test_without_a_gradient_there_are_differences_and_the_reason(run: Run, opened):
    found = opened("plain.py")
    why = "plain.py has no gradient: it defines no gradient(parameters)"
    assert f"{why}; so there are differences only" in found.notes
    assert (
        found.experiment.function.why_not("analytic") == f"{why}, so only differences can be taken"
    )
    code, _, err = run("table", "plain.py", "--directions", "gradient")
    assert code == 2
    assert err.splitlines()[-1] == (
        "gdviz: plain.py: directions along the gradient need a gradient: it defines no "
        "gradient(parameters)"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["net.py", "--directions", "sideways"],
         "--directions: 'sideways' is neither one of random, pca, hessian, hessian-lowest, "
         "gradient, between nor a file that ends in .h5, .hdf5, .npz"),
        (["net.py", "--directions", "d.npz", "--checkpoints", "."],
         "--checkpoints cannot be combined with directions of a file"),
        (["--slice-seed", "3"], "--slice-seed needs a Python file that defines a network"),
        (["two.py", "--slice-seed", "3"], "two.py defines no network, so there are no slices"),
        (["net.py", "--slice-seed", "-1"],
         "--slice-seed: must be between 0 and 4294967295, not -1"),
        (["net.py", "--normalize", "much"],
         "--normalize: 'much' is not one of filter, layer, none"),
        (["net.py", "--directions", "pca"],
         "net.py: PCA needs a trajectory of three checkpoints at least, and there are 0: define "
         "trajectory(), or give a folder with --checkpoints"),
    ],
)  # fmt: skip
def test_what_does_not_go_is_refused_in_a_sentence(run: Run, words: list[str], sentence: str):
    code, out, err = run("table", *words, "-o", "t.csv")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1] == f"gdviz: {sentence}"
    assert not Path("t.csv").exists()
