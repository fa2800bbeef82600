"""``gdviz sweep`` and ``gdviz scaling``."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from gdviz.cli import main as cli
from gdviz.engine.analysis.logistic.gradients import VARIANTS
from gdviz.engine.objectives.surfaces import find_surface
from gdviz.experiment import json_file as experiment_file
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment
from gdviz.scene.epsilon_sweep import best_sentence, sweep_experiment

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def output(capfd: pytest.CaptureFixture[str], *argv: str) -> str:
    assert cli.main(argv) == 0
    out, err = capfd.readouterr()
    assert all(": best ε = " in line for line in err.splitlines())
    assert bool(err) == (argv[0] == "sweep")
    return out


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# -- sweep


def test_a_sweep_is_a_table_on_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    text = output(capfd, "sweep", "--start", "0.7,1.3")
    assert text.startswith(
        "estimate,precision,epsilon,gradient_error,expected_error\nforward,float64,"
    )
    rows = table(text)
    assert {(row["estimate"], row["precision"]) for row in rows} == {
        (estimate, precision)
        for estimate in ("forward", "backward", "central", "richardson", "complex-step", "mistaken")
        for precision in ("float64", "float32")
    }
    assert float(rows[0]["epsilon"]) == 1e-16
    assert float(rows[-1]["epsilon"]) == 10.0
    # Claim C4.
    lost = [row for row in rows if row["precision"] == "float32" and row["estimate"] == "forward"
            and float(row["epsilon"]) <= 1e-8]  # fmt: skip
    assert len({row["gradient_error"] for row in lost}) == 1


def test_the_point_is_the_start_or_another(capfd: pytest.CaptureFixture[str]) -> None:
    started = output(capfd, "sweep", "--start", "0.7,1.3")
    assert output(capfd, "sweep", "--at", "0.7,1.3") == started
    assert output(capfd, "sweep", "--at", "-0.7,1.3") != started
    experiment_file.save(Experiment(start=(0.7, 1.3)), "mine.json")
    assert output(capfd, "sweep", "mine.json") == started


def test_other_surfaces_have_no_mistaken_shortcut(capfd: pytest.CaptureFixture[str]) -> None:
    text = output(capfd, "sweep", "--surface", "sphere")
    assert "mistaken" not in text


def test_what_is_left_out_is_said_beside_the_table(capfd: pytest.CaptureFixture[str]) -> None:
    words = ("--method", "spsa", "--method", "central", "--surface", "sphere")
    assert cli.main(("sweep", *words)) == 0
    out, err = capfd.readouterr()
    assert "spsa" not in out
    assert (
        "Not swept: SPSA (the spread of its draws hides what ε does; its slope is a central "
        "difference, whose best ε is its own)." in err.splitlines()[0]
    )


def test_what_is_asked_for_is_swept(capfd: pytest.CaptureFixture[str]) -> None:
    words = ("--method", "central:adam", "--method", "analytic", "--method", "central:gd")
    rows = table(output(capfd, "sweep", *words))
    assert {row["estimate"] for row in rows} == {"central"}
    output(capfd, "sweep", *words, "-o", "s.svg")
    text = Path("s.svg").read_text()
    assert "Central" in text
    assert "Forward" not in text


@pytest.mark.parametrize(
    ("method", "why"),
    [("analytic", "no estimate of --method uses ε."), ("spsa", "Not swept: SPSA (the spread of")],
)
def test_where_nothing_of_it_can_be_swept_that_is_said(
    capfd: pytest.CaptureFixture[str], method: str, why: str
) -> None:
    assert cli.main(("sweep", "--surface", "sphere", "--method", method)) == 2
    err = capfd.readouterr().err
    assert f"there is nothing to sweep: {why}" in err
    assert "These can be swept: forward, backward, central, richardson, complex-step" in err


def test_a_sweeps_files(capfd: pytest.CaptureFixture[str]) -> None:
    text = output(capfd, "sweep")
    for name in ("s.csv", "s.CSV"):
        assert output(capfd, "sweep", "-o", name) == ""
        assert Path(name).read_text() == text
    assert output(capfd, "sweep", "-o", "s.png", "--size", "4x3", "--dpi", "50") == ""
    with Image.open("s.png") as image:
        assert image.size == (200, 150)
    assert output(capfd, "sweep", "-o", "s.svg", "--epsilon", "0.25") == ""
    assert Path("s.svg").read_text().startswith("<?xml")


def test_the_best_steps_are_those_of_the_window(capfd: pytest.CaptureFixture[str]) -> None:
    experiment = on_surface(Experiment(), find_surface("himmelblau"))
    result = sweep_experiment(experiment, experiment.objective(), experiment.start)
    assert cli.main(["sweep", "--surface", "himmelblau"]) == 0
    out, err = capfd.readouterr()
    assert err.splitlines() == [f"gdviz: {best_sentence(result, c)}" for c in result.curves]
    forward, _, central, complex_step, *_ = result.curves
    assert "forward in float64: best ε = 3.48·10⁻⁸, expected error 1.1·10⁻⁶; in theory 2√(" in err
    assert "∛" not in err  # at (0, 0) the third derivatives vanish
    for curve in (forward, central, complex_step):
        (row,) = [
            row for row in table(out)
            if (row["estimate"], row["precision"]) == (curve.estimate, "float64")
            and float(row["epsilon"]) == result.epsilon[curve.best]
        ]  # fmt: skip
        assert float(row["expected_error"]) == curve.expected[curve.best]


def test_without_error_there_is_none_to_expect(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sweep", "--formula", "3"]) == 0
    told = capfd.readouterr().err.splitlines()
    assert "gdviz: forward in float64: best ε = 10⁻¹⁶, exact" in told
    assert not any("error" in sentence for sentence in told)


# -- scaling


def test_scaling_is_a_table_to_read(capfd: pytest.CaptureFixture[str]) -> None:
    lines = output(capfd, "scaling", "--max", "9").splitlines()
    assert lines[0] == "Logistic regression with N parameters on 64 rows of data."
    assert lines[2].split()[:3] == ["N", "gradient", "evaluations"]
    end = 3 + 4 * len(VARIANTS)
    assert [line.split()[0] for line in lines[3:end]] == [n for n in "1248" for _ in VARIANTS]
    central = next(line for line in lines[end:] if line.startswith("Central"))
    assert central.split()[2:5] == ["1.00", "1.00", "2.00"]
    assert "slope" not in output(capfd, "scaling", "--max", "1")


@pytest.mark.slow
def test_scalings_files(capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("s.csv", "s.json", "s.png", "s.pdf"):
        assert output(capfd, "scaling", "--max", "2", "-o", name, "--dpi", "40") == ""
    rows = table(Path("s.csv").read_text())
    assert [(row["n"], row["variant"]) for row in rows] == [
        (n, name) for n in "12" for name in VARIANTS
    ]  # fmt: skip
    assert json.loads(Path("s.json").read_text())["slopes"]["central"]["passes"] == pytest.approx(1)
    with Image.open("s.png") as image:
        assert image.format == "PNG"
    assert Path("s.pdf").read_bytes().startswith(b"%PDF")


# -- what is refused


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("sweep", "--at", "1"), "--at: '1' is not of the form A,B"),
        (("sweep", "--at", "1,"), "--at: '1,' is not of the form A,B: 2 numbers with commas"),
        (("sweep", "--range", "0,1,2"), "A0,A1,B0,B1: 4 numbers with commas between, such as"),
        (("sweep", "--at", "nan,1"), "--at: "),
        (("sweep", "--at", "1e37,1"), "--at: must be between"),
        (("sweep", "--at"), "--at needs a value"),
        (
            ("sweep", "-o", "s.json"),
            "must end in .csv, .png, .svg, .pdf, .eps or .pgf, not 's.json'",
        ),
        (("sweep", "-o", "missing/s.csv"), "there is no folder missing"),
        (("sweep", "--size", "1x1", "-o", "s.png"), "--size: a side must be"),
        (("sweep", "--dpi", "0"), "--dpi: must be between"),
        (("sweep", "missing.json"), "missing.json"),
        (("sweep", "--formula", "a+"), "--formula"),
        (("sweep", "--formula", "log(a)", "--at", "-1,1"), "f is undefined at (−1, 1)"),
        (("sweep", "--formula", "sqrt(a^2+b^2)", "--at", "0,0"), "the gradient jumps at (0, 0)"),
        (("sweep", "--formula", "relu(a)", "--at", "0,1"), "∂f/∂a is 0 on one side and 1"),
        (("scaling", "--max", "0"), "--max: must be between 1 and 4096, not 0"),
        (("scaling", "--max", "4097"), "--max: must be between 1 and 4096, not 4097"),
        (("scaling", "--max", "2.5"), "'2.5' is not a whole number"),
        (("scaling", "-o", "s.txt"), ".csv, .json, .png, .svg, .pdf, .eps or .pgf, not 's.txt'"),
        (("scaling", "--surface", "sphere"), "gdviz scaling has no option --surface"),
        (("scaling", "mine.py", "b.py"), "unexpected argument 'b.py'"),
    ],
)
def test_refusals_are_one_sentence(
    capfd: pytest.CaptureFixture[str], argv: Sequence[str], words: str
) -> None:
    assert cli.main(argv) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("gdviz: ")
    assert err.count("\n") == 1
    assert words in err
    assert not list(Path().iterdir())


ASKED = """import numpy as np

def loss(a, b):
    with open("asked.txt", "a") as file:
        for x, y in np.broadcast(a, b):
            file.write(f"{float(x)} {float(y)}\\n")
    return (a - 1)**2 + 3*b*b + a**3
"""


def asked() -> list[tuple[float, ...]]:
    lines = Path("asked.txt").read_text().splitlines()
    return [tuple(map(float, line.split())) for line in lines]


def test_code_is_asked_nowhere_beyond_the_range(capfd: pytest.CaptureFixture[str]) -> None:
    Path("m.py").write_text(ASKED)
    words = ("sweep", "m.py", "--start", "1,1", "--range", "0.5,2,0.25,3")
    assert cli.main(words) == 0
    out, _ = capfd.readouterr()
    for a, b in asked():
        assert 0.5 <= a <= 2.0
        assert 0.25 <= b <= 3.0
    errors = {
        float(row["epsilon"]): float(row["gradient_error"])
        for row in table(out)
        if (row["estimate"], row["precision"]) == ("central", "float64")
    }
    # ∂f/∂a = 3 at (1, 1), and the central difference has ε² of a³ more, as far as it is inside.
    assert errors[0.1] == pytest.approx(0.01, rel=1e-6)
    assert errors[1.0] != errors[1.0]


def test_a_point_off_the_range_is_not_swept(capfd: pytest.CaptureFixture[str]) -> None:
    Path("m.py").write_text("def loss(a, b):\n    return a*a + b*b\n")
    assert cli.main(("sweep", "m.py", "--at", "1,7", "--range", "0,2,0,3")) == 2
    assert "(1, 7) is off the range" in capfd.readouterr().err
