"""Slices of one network: they have one process, in which its file is run once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.engine.analysis.stability_bound import stability_bound
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_process import CodeProcess, open_code
from gdviz.engine.objectives.code_ref import GRADIENT, HESSIAN, VALUE, CodeError
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.nonsmooth import jump
from gdviz.engine.objectives.stationary_points import stationary_kind
from tests.engine.objectives.network.two_layers import BOWL

#: It writes down that it is run, and draws what is another number each time.
NETWORK = """
with open("runs", "a") as log:
    log.write("run\\n")
""" + BOWL.replace("np.arange(1.0, 7.0)", "np.random.default_rng().standard_normal(6)")
A, B = np.array([0.3, -1.2, 2.0]), np.array([0.2, 0.7, -0.4])
HERE = np.array([0.5]), np.array([0.5])
OTHER = SliceSettings(seed=7)


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Callable[..., CodeProcess]]:
    processes: list[CodeProcess] = []

    def open_text(more: str = "", text: str = NETWORK) -> CodeProcess:
        path = tmp_path / "net.py"
        processes.append(open_code(path, (text + more).encode()))
        return processes[-1]

    yield open_text
    for process in processes:
        process.stop()


def runs(folder: Path) -> int:
    return (folder / "runs").read_text().count("run")


def found(process: CodeProcess) -> list[float]:
    return np.concatenate([process.call(k, A, B).ravel() for k in (VALUE, GRADIENT, HESSIAN)])


def test_another_slice_does_not_run_the_file_again_and_the_first_one_stays(network, tmp_path):
    first = network()
    before = found(first)
    other = first.on_slice(OTHER)
    assert (other.code.slice, first.code.slice) == (OTHER, SliceSettings())
    assert other.code.takes_complex == first.code.takes_complex
    there = found(other)
    assert not np.allclose(there, before)
    assert found(first).tolist() == before.tolist()
    assert found(other).tolist() == there.tolist()
    assert found(other.on_slice(SliceSettings())).tolist() == before.tolist()
    # The middle is the same: the parameters were drawn once.
    at = np.zeros(1), np.zeros(1)
    assert first.call(VALUE, *at) == other.call(VALUE, *at)
    assert runs(tmp_path) == 1


def test_a_slice_that_cannot_be_spanned_leaves_the_first_one(network, tmp_path):
    first = network()
    before = found(first)
    with pytest.raises(CodeError, match=r"^net\.py: PCA needs a trajectory of three checkpoints"):
        first.on_slice(SliceSettings("pca"))
    assert found(first).tolist() == before.tolist()
    assert runs(tmp_path) == 1


def test_what_the_file_raises_for_it_is_said_with_its_line(network, tmp_path):
    raises = """
def gradient(p, known=gradient):
    if os.path.exists("told"):
        raise ValueError("told to")
    return known(p)
"""
    first = network(raises, "import os\n" + NETWORK)
    before = first.call(VALUE, A, B).tolist()
    (tmp_path / "told").touch()
    with pytest.raises(CodeError, match=r"^net\.py, line \d+: ValueError: told to$"):
        first.on_slice(SliceSettings("gradient"))
    assert first.call(VALUE, A, B).tolist() == before
    assert runs(tmp_path) == 1


def test_one_that_is_let_go_of_leaves_the_others(network, tmp_path):
    first = network()
    other = first.on_slice(OTHER)
    there = found(other)
    first.stop()
    assert found(other).tolist() == there.tolist()
    assert runs(tmp_path) == 1
    other.stop()
    found(other)
    assert runs(tmp_path) == 2  # nobody had it any more


def test_what_was_interrupted_is_run_again_once(network, tmp_path):
    first = network()
    other = first.on_slice(OTHER)
    with pytest.raises(Cancelled):
        first.call(VALUE, A, B, lambda: first.interrupt() or False)
    found(other)
    found(first)
    assert runs(tmp_path) == 2


def test_of_a_loss_of_two_numbers_there_are_no_slices(network):
    first = network(text="def loss(a, b):\n    return a + b\n")
    with pytest.raises(CodeError, match=r"net\.py defines no network to slice"):
        first.on_slice(OTHER)
    assert first.call(VALUE, A, B).tolist() == (A + B).tolist()


def test_a_hessian_of_differences_counts_as_the_gradients_that_it_takes(network):
    first = network()
    counted = CountedObjective(CodeObjective(first.code, first), "float64")
    assert counted.hessian(0.5, 0.5) == pytest.approx(first.call(HESSIAN, *HERE)[:, 0])
    assert counted.calls == (0, 4, 0)
    assert counted.evaluations == 8.0


SINGLE = """
import numpy as np

K = np.array([[5.0, 3.0, 2.0], [1.0, 0.5, 4.0]], np.float32)
def parameters():
    return [np.array([[0.1, 0.2, -0.3], [0.4, -0.5, 0.6]], np.float32)]
def loss(p):
    return np.float32(1.0) + np.sum(K * np.sqrt(1 + p[0] ** 2))
def gradient(p):
    return [K * p[0] / np.sqrt(1 + p[0] ** 2)]
"""
KINKED = """
def loss(p):
    return np.float32(1.0) + np.sum(K * np.abs(p[0]))
def gradient(p):
    return [K * np.sign(p[0])]
"""


def test_what_float32_rounds_is_no_kink(network):
    """Σ K √(1 + θ²) has one minimum on each plane, and the values beside it are rounded."""
    process = network(text=SINGLE)
    f = CodeObjective(process.code, process)
    at = np.zeros(2)
    for _ in range(8):
        aa, ab, bb = f.hessian(*at)
        at -= np.linalg.solve([[aa, ab], [ab, bb]], f.gradient(*at))
    assert np.hypot(*f.gradient(*at)) < 1e-5
    assert stationary_kind(f, *at) == "minimum"
    assert jump(f, at) == ""
    assert f.coarseness == 2.0**29
    bound = stability_bound(f, (0.1, 0.2), Range(-2.0, 2.0, -2.0, 2.0))
    assert bound.alpha == pytest.approx(2.0 / np.linalg.eigvalsh([[aa, ab], [ab, bb]])[1], 1e-3)


def test_a_kink_in_float32_is_one(network, tmp_path):
    """Along the axes of a file, |θ| has one at a = −θ, where the first parameter is zero."""
    axes = np.eye(6).reshape(2, 3, 2, 3)[0, :2]
    np.savez(tmp_path / "axes.npz", **{"xdirection/0": axes[0], "ydirection/0": axes[1]})
    process = network(KINKED, SINGLE).on_slice(SliceSettings("file", files="axes.npz"))
    f = CodeObjective(process.code, process)
    where = -np.float32(0.1), 0.0
    assert jump(f, where).startswith("the gradient jumps at (−0.1, 0): ∂f/∂a is −5 on one side")
    assert jump(f, (0.3, 0.0)) == ""
