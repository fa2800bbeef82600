"""A person's own Python code: what it computes, and what is said when it does not."""

import gc
import shlex
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.engine.analysis.grid import sample
from gdviz.engine.objectives import code_process
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_process import CodeProcess, open_code
from gdviz.engine.objectives.code_ref import GRADIENT, VALUE, CodeError
from gdviz.engine.objectives.counting import CountedObjective
from tests.engine.descent.run_method import run_method

BOWL = """\
import numpy as np


def loss(a, b):
    return a**2 + 3 * b**2
"""
GRADED = (
    BOWL
    + """\


def gradient(a, b):
    return 2 * a, 6 * b
"""
)
HOME = Range(-5.0, 5.0, -5.0, 5.0)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., CodeObjective]]:
    processes: list[CodeProcess] = []

    def open_text(
        text: str, cancelled: Callable[[], bool] = bool, **limits: float
    ) -> CodeObjective:
        process = open_code(tmp_path / "model.py", text.encode(), cancelled=cancelled, **limits)
        processes.append(process)
        return CodeObjective(process.code, process)

    yield open_text
    for process in processes:
        process.stop()


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(CodeError) as caught:
        call()
    sentence = str(caught.value)
    assert sentence.isprintable()
    assert not sentence.endswith(".")
    return sentence


# -- what it computes


def test_values_on_arrays_and_numbers(opened: Callable[..., CodeObjective]) -> None:
    f = opened(BOWL)
    a, b = np.meshgrid(np.linspace(-1.0, 2.0, 4), np.linspace(0.0, 1.0, 3))
    np.testing.assert_array_equal(f.values(a, b), a**2 + 3 * b**2)
    np.testing.assert_array_equal(f.values(1.0, b[:, 0]), 1.0 + 3 * b[:, 0] ** 2)
    assert f.value(2.0, 1.0) == 7.0
    assert f.values(np.empty(0), np.empty(0)).shape == (0,)
    large = np.linspace(0.0, 1.0, 150_001)  # more than goes into one call
    np.testing.assert_array_equal(f.values(large, 0.0), large**2)


def test_a_gradient_that_is_there_and_one_that_is_not(opened: Callable[..., CodeObjective]) -> None:
    graded, bare = opened(GRADED), opened(BOWL)
    assert graded.gradient(2.0, 1.0) == (4.0, 6.0)
    assert graded.no_gradient == ""
    assert np.isnan(bare.gradient(2.0, 1.0)).all()
    assert bare.no_gradient == "model.py defines no gradient(a, b)"
    assert np.isnan(graded.hessian(2.0, 1.0)).all()


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_calls_are_counted_and_keep_their_precision(
    opened: Callable[..., CodeObjective], precision: str
) -> None:
    counted = CountedObjective(opened(GRADED), precision)  # type: ignore[arg-type]
    value = counted.value(counted.real(0.1), counted.real(0.0))
    assert type(value) is (float if precision == "float64" else np.float32)
    assert value == pytest.approx(0.01)
    assert counted.gradient(counted.real(2.0), counted.real(1.0)) == (4.0, 6.0)
    assert counted.calls == (1, 1, 0)
    on_arrays = CountedObjective(counted._objective, precision, arrays=True)  # type: ignore[arg-type]
    assert on_arrays.value(np.array([1.0, 2.0]), np.array([0.0, 1.0])).tolist() == [1.0, 7.0]


def test_descent_is_that_of_the_formula(opened: Callable[..., CodeObjective]) -> None:
    terms = {"start": (2.0, 1.0), "alpha": 0.1, "epsilon": 1e-6, "steps": 20, "bounds": HOME}
    f = opened(GRADED)
    path = run_method(f, "analytic", "gd", **terms)  # type: ignore[arg-type]
    np.testing.assert_allclose(path.theta[:, 0], 2.0 * 0.8 ** np.arange(21), rtol=1e-13)
    assert path.evaluations[:-1].tolist() == [2] * 20
    without = opened(BOWL)
    path = run_method(without, "forward", "gd", **terms)  # type: ignore[arg-type]
    assert path.evaluations[:-1].tolist() == [3] * 20
    assert np.isnan(path.error).all()
    np.testing.assert_allclose(path.theta[-1], (2.0 * 0.8**20, 0.0), atol=1e-5)


def test_a_grid(opened: Callable[..., CodeObjective]) -> None:
    grid = sample(opened(BOWL), HOME, 96)
    a, b = np.meshgrid(grid.a, grid.b)
    np.testing.assert_array_equal(grid.values, a**2 + 3 * b**2)


def test_it_runs_where_its_file_lies_and_prints_to_nowhere_of_ours(
    tmp_path: Path,
    opened: Callable[..., CodeObjective],
    capfd: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "helper_of_model.py").write_text("FACTOR = 2.0\n")
    np.savetxt(tmp_path / "shift.txt", [3.0])
    f = opened(
        "import numpy as np\nfrom helper_of_model import FACTOR\nprint('loading')\n"
        "SHIFT = np.loadtxt('shift.txt')\n"
        "def loss(a, b):\n    a[:] *= FACTOR\n    return a + b + SHIFT\n"
        "if __name__ == '__main__':\n    raise SystemExit('never')\n"
    )
    assert f.value(1.0, 1.0) == 6.0
    f.runner.stop()
    assert capfd.readouterr().out == ""


# -- what is said when it does not


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = 1\n", "model.py defines no function loss(a, b)"),
        ("loss = 3\n", "model.py defines no function loss(a, b)"),
        (BOWL + "gradient = 3\n", "gradient in model.py is not a function of (a, b)"),
        ("def loss(a, b)\n    return a\n", "model.py, line 1: expected ':'"),
        ("import nothing_of_that_name\n",
         f"model.py, line 1: the Python that runs gdviz, {sys.executable}, has no module "
         f"nothing_of_that_name: install it with {sys.executable} -m pip install nothing"),
        ("raise ModuleNotFoundError(name='sklearn.metrics')\n",
         f"model.py, line 1: the Python that runs gdviz, {sys.executable}, has no module "
         f"sklearn.metrics: install it with {sys.executable} -m pip install scikit-learn, or"),
        ("\n\ndef loss(a, b):\n    return nothing + a\n",
         "model.py, line 4: NameError: name 'nothing' is not defined"),
        ("raise SystemExit(3)\n", "model.py, line 1: SystemExit: 3"),
        ("import os\nos._exit(0)\n", "model.py ended the process it ran in"),
        ("def loss(a, b):\n    return [a, b, 1]\n",
         "model.py, line 1: loss got a point and returned [0.5"),
        (BOWL + "def gradient(a, b):\n    return 0.5\n",
         "model.py, line 6: gradient got a point and returned 0.5; it must return two real "
         "numbers a point"),
        ("def loss(a, b):\n    return 'low'\n",
         "model.py, line 1: loss did not return real numbers"),
        ("def loss(a, b):\n    return a + 1j\n",
         "model.py, line 1: loss did not return real numbers"),
        ("def loss(a, b):\n    return [a, 3, [1, 2]]\n",
         "model.py, line 1: loss did not return real numbers"),
        ("def loss(a, b):\n    return loss(a, b)\n", "model.py, line 2: RecursionError"),
        ("x = 1\n\0", "model.py, line 2: Python code cannot hold a null byte"),
        ("class Odd(Exception):\n    def __str__(self):\n        raise self\n\nraise Odd\n",
         "model.py, line 5: model.Odd"),
        ("x = 1\ndef loss(a):\n    return a\n",
         "model.py, line 2: loss got a point and returned shape (2,); it must return a real "
         "number a point"),
        (BOWL + "def gradient():\n    return 0\n", "model.py, line 6: TypeError: gradient() takes"),
        ("class Loss:\n    def __call__(self, a, b):\n        return 'low'\nloss = Loss()\n",
         "model.py, line 2: loss did not return real numbers"),
        ("class Loss:\n    def __call__(self, a):\n        return a\nloss = Loss()\n",
         "model.py, line 2: loss got a point and returned shape (2,)"),
        ("from math import comb as loss\n", "model.py: TypeError: "),
        ("def model(w, x, y):\n    return w\nloss = model\n",
         "model.py: loss(w, x, y) takes 3 parameters; add a line that gives the others, with your "
         "own numbers for the 1: loss = lambda w, f=loss: f(w, x=1, y=1)"),
        ("def plane(x, y):\n    return x\ndef bowl(x, y):\n    return x * x\n",
         "model.py defines no function loss(a, b); add one line, such as: loss = plane"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(
    opened: Callable[..., CodeObjective], text: str, sentence: str
) -> None:
    assert refusal(lambda: opened(text)).startswith(sentence)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["loss", "cost"])
def test_the_line_that_leaves_two_parameters_works(
    opened: Callable[..., CodeObjective], name: str
) -> None:
    text = f"def {name}(u, v, k):\n    return u + 10 * v + 100 * k\n"
    line = "loss = " + refusal(lambda: opened(text)).partition("loss = ")[2]
    assert opened(f"{text}{line}\n").value(1.0, 2.0) == 121.0


def test_a_failure_at_some_points_is_none_at_others(opened: Callable[..., CodeObjective]) -> None:
    f = opened("def loss(a, b):\n    if (a > 4).any():\n        raise KeyError('no')\n    return a")
    assert refusal(lambda: f.value(5.0, 0.0)) == "model.py, line 3: KeyError: 'no'"
    assert f.value(1.0, 0.0) == 1.0


#: Hangs for a > 4, and leaves a sign of it.
HANGING = """\
from pathlib import Path

def loss(a, b):
    while (a > 4).any():
        Path("hangs").touch()
    return a
"""


@pytest.fixture
def hangs(tmp_path: Path) -> Callable[[], bool]:
    """Tell whether the code does hang by now."""
    return (tmp_path / "hangs").exists


def test_a_hang_is_ended_and_its_line_named(opened: Callable[..., CodeObjective]) -> None:
    f = opened(HANGING, limit=0.5)
    sentence = refusal(lambda: f.value(5.0, 0.0))
    assert sentence.startswith("model.py, line ")
    assert sentence.partition(":")[0] in ("model.py, line 4", "model.py, line 5")
    assert sentence.endswith("still running after 0.5 s, so it was stopped")
    assert f.value(1.0, 0.0) == 1.0  # it is started again


def test_a_hang_of_the_file_itself(opened: Callable[..., CodeObjective]) -> None:
    sentence = refusal(lambda: opened("while True: pass\n", loading_limit=0.2))
    assert sentence == "model.py, line 1: still loading after 0.2 s, so it was stopped"


def test_loading_may_take_longer_than_a_call(opened: Callable[..., CodeObjective]) -> None:
    slow = "import time\ntime.sleep(0.7)\n"
    assert opened(slow + BOWL, limit=0.5).value(2.0, 1.0) == 7.0
    call = slow + "def loss(a, b):\n    time.sleep(60)\n    return a\n"
    sentence = refusal(lambda: opened(call, limit=0.5, loading_limit=0.9))  # a first call as well
    assert sentence == "model.py, line 4: still running after 0.9 s, so it was stopped"


#: Holds the interpreter's lock for ages, so that nothing in its process can end it.
STUBBORN = "import re\nre.match('(a+)+b', 'a' * 60)\n"


def test_what_cannot_even_be_told_to_stop_is_ended(
    opened: Callable[..., CodeObjective], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_process, "GRACE", 0.1)
    sentence = refusal(lambda: opened(STUBBORN + BOWL, limit=0.1, loading_limit=0.2))
    assert sentence == "model.py did not respond for 0.2 s, so it was stopped"


def test_a_call_can_be_interrupted(
    opened: Callable[..., CodeObjective], hangs: Callable[[], bool]
) -> None:
    f = opened(HANGING, limit=60.0)

    def interrupt() -> None:
        while not hangs():
            time.sleep(0.01)
        f.runner.interrupt()

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(Cancelled):
        f.value(5.0, 0.0)
    thread.join()
    assert f.value(1.0, 0.0) == 1.0


def test_a_path_that_is_unwanted_ends_with_the_call_that_runs(
    opened: Callable[..., CodeObjective],
) -> None:
    """Though it would ask only after 64 steps; and the process is kept."""
    f = opened(BOWL)
    process = f.runner
    terms = {"start": (2.0, 1.0), "alpha": 0.1, "epsilon": 1e-6, "steps": 40, "bounds": HOME}
    enough = process.calls + 2
    unwanted = f.cancelled_by(lambda: process.calls >= enough)
    assert unwanted == f
    with pytest.raises(Cancelled):
        run_method(unwanted, "forward", "gd", **terms)  # type: ignore[arg-type]
    assert process.calls == enough
    child = process._connection.child
    assert f.value(2.0, 1.0) == 7.0
    assert process._connection.child is child


def test_what_is_unwanted_is_not_waited_for_however_long_it_takes(
    opened: Callable[..., CodeObjective], hangs: Callable[[], bool], tmp_path: Path
) -> None:
    f = opened(HANGING, limit=60.0)
    with pytest.raises(Cancelled):
        f.cancelled_by(hangs).value(5.0, 0.0)
    loads = "from pathlib import Path\nPath('loads').touch()\nwhile True: pass\n"
    with pytest.raises(Cancelled):
        opened(loads, (tmp_path / "loads").exists, loading_limit=60.0)
    assert f.value(1.0, 0.0) == 1.0


# -- what is open


def test_opening_again_runs_again_what_is_imported(
    tmp_path: Path, opened: Callable[..., CodeObjective]
) -> None:
    """The file is the same, and what it computes is not."""
    text = "from sizes import SIZE\ndef loss(a, b):\n    return SIZE * a\n"
    (tmp_path / "sizes.py").write_text("SIZE = 2.0\n")
    before = opened(text)
    assert before.value(1.0, 0.0) == 2.0
    (tmp_path / "sizes.py").write_text("SIZE = 3.25\n")
    again = opened(text)
    assert again.code == before.code
    assert again != before
    assert again.value(1.0, 0.0) == 3.25
    (tmp_path / "sizes.py").write_text("SIZE = \n")
    assert "SyntaxError" in refusal(lambda: opened(text))
    assert before.value(1.0, 0.0) == 2.0  # what runs still does


def test_code_without_what_runs_it_is_not_run(opened: Callable[..., CodeObjective]) -> None:
    code = opened(BOWL).code
    assert refusal(lambda: CodeObjective(code).value(1.0, 1.0)) == (
        "model.py is Python code, which is run only when you open it yourself: "
        f"gdviz open {shlex.quote(code.path)}"
    )


def test_a_process_that_nobody_holds_ends(tmp_path: Path) -> None:
    process = open_code(tmp_path / "model.py", BOWL.encode())
    child = process._connection.child.process
    del process
    gc.collect()
    assert child.returncode == 0


def test_another_version_is_other_code(opened: Callable[..., CodeObjective]) -> None:
    """Undo goes back to the code that ran before the file was saved."""
    old, new = opened(BOWL), opened(BOWL.replace("3 *", "5 *"))
    assert old.code != new.code
    assert (old.value(0.0, 1.0), new.value(0.0, 1.0)) == (3.0, 5.0)


def test_two_threads_share_a_process(opened: Callable[..., CodeObjective]) -> None:
    process = opened(GRADED).runner
    found: list[bool] = []

    def ask(number: float) -> None:
        for _ in range(200):
            here = np.full(3, number)
            right = process.call(VALUE, here, here) == 4 * number**2
            right &= process.call(GRADIENT, here, here)[1] == 6 * number
            found.append(bool(right.all()))

    threads = [threading.Thread(target=ask, args=(number,)) for number in (1.0, 2.0, 3.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 600
