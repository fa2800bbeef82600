"""What is said of code that was opened, and where it is asked."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from gdviz.cli import main as cli
from gdviz.engine.analysis.grid import affordable_resolution
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_ref import Code, Facts, Noise, Others
from gdviz.experiment.open_file import open_file
from gdviz.files.python_code_notes import code_notes
from gdviz.scene.scene import build_scene

#: Raises beyond its domain, and writes down where it was asked.
RAISES = """\
import numpy as np

def loss(a, b):
    with open("asked", "a") as file:
        print(np.min(np.real(a)), file=file)
    if np.any(a < 0):
        raise ValueError(f"oh no: a = {np.min(a)}")
    return a**2 + b**2
"""


@dataclass
class Runner:
    """What runs code, as far as notes ask."""

    facts: Facts
    seconds: float
    where: str = ""

    def hole(self, _at: tuple[float, float] | None = None) -> str:
        return self.where


def notes(seconds: float = 0.0, where: str = "", **facts: object) -> tuple[str, ...]:
    runner = Runner(Facts(**facts), seconds, where)  # type: ignore[arg-type]
    return code_notes(CodeObjective(Code("/m.py", "0" * 64), runner))  # type: ignore[arg-type]


def test_quick_code_that_is_a_function_of_its_points_has_none() -> None:
    assert notes(1e-6) == ()


@pytest.mark.parametrize(
    ("facts", "note"),
    [
        ({"seconds": 3e-4},
         "loss(a, b) of m.py is slow; a point takes 300 µs, a map of 96 × 96 points 2.8 s"),
        ({"seconds": 2e-6, "takes_arrays": False},
         "loss(a, b) of m.py takes numbers, not arrays, so it is called point by point; a point "
         "takes 2 µs, a map of 512 × 512 points 520 ms"),
        ({"seconds": 0.05, "takes_arrays": False, "others": Others(1.0, 2.0, 1.0375, 1.7222)},
         "loss(a, b) of m.py depends on the other points that it is given with one, so it is "
         "called point by point: at (1, 2) it is 1.0375 alone, and 1.7222 among others; a point "
         "takes 50 ms, a map of 12 × 12 points 7.2 s"),
        ({"seconds": 6e-5, "alone": 2.0},
         "a call of loss(a, b) of m.py takes 2 s, however many points it gets; so does each "
         "evaluation of a path, and a map of 96 × 96 points takes 2 s; it is made cheaper by what "
         "it does in each call and need not, such as reading its data, and by fewer rows"),
        ({"seconds": 1e-6, "alone": 0.1},
         "a call of loss(a, b) of m.py takes 100 ms, however many points it gets; so does each "
         "evaluation of a path, and a map of 512 × 512 points takes 260 ms"),
        ({"noise": Noise(1.0, 2.0, 0.07, 5.0)},
         "loss(a, b) of m.py gives different values at the same point: at (1, 2) their standard "
         "deviation is 0.07 (--loss-seed 0, which seeds what is random in each call, makes it "
         "one if draws are all that differs); central differences need ε of about 0.1, where noise "
         "makes up a tenth of them"),
        ({"noise": Noise(1.0, 2.0, 0.07, 0.0), "evaluation": "model.eval()"},
         "loss(a, b) of m.py gives different values at the same point: at (1, 2) their standard "
         "deviation is 0.07 (model.eval(), or --loss-seed 0, which seeds what is random in each "
         "call, makes it one if draws are all that differs)"),
        ({"is_single": True},
         "m.py computes in float32: f has about 7 digits"),
        ({"loss": "f(x, y)", "gradient": "df(x, y)"}, "f is f(x, y) of m.py, and ∇f its df(x, y)"),
        ({"where": "(−1, 2): m.py, line 3: ValueError: no"},
         "f is undefined where loss(a, b) of m.py raises, as at (−1, 2): m.py, line 3: "
         "ValueError: no"),
    ],
)  # fmt: skip
def test_each_has_its_sentence(facts: dict[str, object], note: str) -> None:
    assert notes(**facts) == (note,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "points"), [(0.0, 512), (3e-5, 512), (3e-4, 96), (3e-3, 48), (0.01, 24), (9.0, 12)]
)
def test_a_map_of_slow_code_is_coarser(seconds: float, points: int) -> None:
    runner = Runner(Facts(), seconds)
    assert affordable_resolution(CodeObjective(Code("/m.py", ""), runner)) == points  # type: ignore[arg-type]


def test_a_loss_that_raises_is_opened_with_holes(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(RAISES)
    opened = open_file(tmp_path / "m.py")
    note = opened.notes[-1]
    assert note.startswith("f is undefined where loss(a, b) of m.py raises, as at (−0.")
    assert "m.py, line 7: ValueError: oh no: a = -0." in note
    f = opened.objective
    found = f.values(np.array([-2.0, 3.0, -1.0]), 1.0)
    np.testing.assert_array_equal(found, [np.nan, 10.0, np.nan])
    assert f.why_undefined(-2.0, 1.0) == (
        "outside the domain of loss(a, b) (m.py, line 7: ValueError: oh no: a = -2.0)"
    )
    assert opened.runner is not None
    opened.runner.stop()


def test_no_point_is_asked_for_beyond_the_range(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.py").write_text(RAISES)
    table = ["-o", str(tmp_path / "t.csv"), "--start", "1,1", "--steps", "2", "--epsilon", "1e-3"]
    assert cli.main(["table", str(tmp_path / "m.py"), "--range", "0,4,0,4", *table]) == 0
    assert "f is undefined" not in capfd.readouterr().err
    asked = np.loadtxt(tmp_path / "asked")
    assert asked.min() == 0.0


def test_a_path_that_leaves_the_domain_says_what_is_raised(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(RAISES)
    opened = open_file(tmp_path / "m.py")
    experiment = opened.experiment.replace(start=(1.0, 1.0), alpha=0.9)
    scene = build_scene(experiment, objective=opened.objective, resolution=2)
    assert "outside the domain of loss(a, b) (m.py, line 7: ValueError: oh no" in (
        scene.runs[0].path.sentence
    )
    assert opened.runner is not None
    opened.runner.stop()
