"""``gdviz basins``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from gdviz.cli import main as cli
from gdviz.cli.commands import progress
from gdviz.engine.analysis.basins import difference
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment import json_file as experiment_file
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.scene.basins import basins_of

if TYPE_CHECKING:
    from collections.abc import Sequence

HIMMELBLAU = ("--surface", "himmelblau", "--steps", "200", "--grid", "32")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def output(capfd: pytest.CaptureFixture[str], *argv: str) -> str:
    assert cli.main(["basins", *argv]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    return out


def test_the_ends_are_a_table_on_standard_output(capfd: pytest.CaptureFixture[str]) -> None:
    lines = output(capfd, *HIMMELBLAU).splitlines()
    assert lines[0].startswith("Himmelblau: f(a, b) = ")
    assert lines[2] == "Analytic · α = 0.01 · at most 200 steps · float64 · 32 × 32 starts"
    assert lines[4].split() == ["end", "(a,", "b)", "f", "starts", "arrived", "steps,", "median"]
    assert [line.split()[:3] for line in lines[5:]] == [
        ["minimum", "(3,", "2)"],
        ["minimum", "(3.5844,", "−1.8481)"],
        ["minimum", "(−3.7793,", "−3.2832)"],
        ["minimum", "(−2.8051,", "3.1313)"],
    ]


def test_the_sigmoid_unit_has_no_minimum(capfd: pytest.CaptureFixture[str]) -> None:
    text = output(capfd, "--grid", "16")
    assert "minimum" not in text
    assert "left the map" in text
    assert "nan" not in text


def test_the_method_is_the_first_that_is_shown_or_the_one_given(
    capfd: pytest.CaptureFixture[str],
) -> None:
    methods = (Method("analytic", shown=False), Method("forward", epsilon=0.25), Method("central"))
    experiment_file.save(Experiment(methods=methods), "mine.json")
    assert "\nForward difference · α = 0.4 · ε = 0.25 ·" in output(
        capfd, "mine.json", "--grid", "8"
    )
    text = output(capfd, "mine.json", "--grid", "8", "--method", "central:momentum",
                  "--rule-option", "momentum.momentum=0.5", "--schedule", "cosine")  # fmt: skip
    assert "\nCentral difference, Momentum, μ = 0.5 · α = 0.4 · schedule cosine · ε = 1 ·" in text


def test_options_and_schedule_are_passed_on(capfd: pytest.CaptureFixture[str]) -> None:
    plain = ("--method", "analytic:momentum", *HIMMELBLAU)
    tables = {
        output(capfd, *plain, *more).split("\n\n")[2]
        for more in ((), ("--rule-option", "momentum.momentum=0.2"), ("--schedule", "cosine"))
    }
    assert len(tables) == 3


def test_a_difference_says_how_many_starts(capfd: pytest.CaptureFixture[str]) -> None:
    text = output(capfd, *HIMMELBLAU, "--epsilon", "0.5", "--difference")
    assert text.count("\nend ") == 2
    assert text.splitlines()[-1].startswith(
        "Forward difference ends somewhere other than Analytic from "
    )
    same = output(capfd, *HIMMELBLAU, "--epsilon", "1e-7", "--difference")
    assert same.endswith(" from 0 % of the starts.\n")


def test_a_difference_is_of_the_first_two_that_can_be_compared(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """As in the window: the analytic one with the next, and else the first with the next."""
    methods = (Method("central"), Method("analytic"), Method("forward", shown=False),
               Method("backward"))  # fmt: skip
    chosen = Experiment(methods=methods)
    experiment_file.save(chosen, "mine.json")
    text = output(capfd, "mine.json", "--grid", "8", "--difference")
    assert text.splitlines()[-1].startswith(
        "Central difference ends somewhere other than Analytic from "
    )
    experiment_file.save(chosen.replace(methods=methods[2:] + methods[:1]), "mine.json")
    text = output(capfd, "mine.json", "--grid", "8", "--difference")
    assert text.splitlines()[-1].startswith(
        "Central difference ends somewhere other than Backward difference from "
    )


@pytest.mark.parametrize("rule", ["l-bfgs", "best-direction"])
def test_rules_that_search_have_fewer_starts(
    rule: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gdviz.scene.basins.FEWER", 12)
    argv = ("--formula", "a^2 + b^2", "--steps", "9")
    text = output(capfd, *argv, "--method", f"analytic:{rule}")
    assert "12 × 12 starts" in text
    assert "minimum (0, 0)" in " ".join(text.split())
    text = output(capfd, *argv, "--method", f"analytic:{rule}", "--grid", "8")
    assert "8 × 8 starts" in text


def test_arrays_are_those_of_the_engine(capfd: pytest.CaptureFixture[str]) -> None:
    assert output(capfd, *HIMMELBLAU, "--epsilon", "0.5", "--difference", "-o", "b.npz") == ""
    chosen = on_surface(Experiment(), SURFACES["himmelblau"]).replace(steps=200, epsilon=0.5)
    one, other = (basins_of(chosen, row, 32) for row in (0, 1))
    with np.load("b.npz", allow_pickle=False) as arrays:
        assert arrays["methods"].tolist()[1].startswith("Forward difference · α = 0.01 · ε = 0.5")
        assert set(arrays) == {
            "methods", "parameters", "a", "b",
            "label", "steps", "ends", "other_label", "other_steps", "other_ends",
            "different",
        }  # fmt: skip
        np.testing.assert_array_equal(arrays["a"], one.a)
        np.testing.assert_array_equal(arrays["label"], one.label)
        np.testing.assert_array_equal(arrays["other_steps"], other.steps)
        np.testing.assert_array_equal(arrays["different"], difference(one, other))
        assert arrays["ends"]["kind"].tolist() == ["minimum"] * 4
        assert arrays["ends"]["cells"].tolist() == [end.cells for end in one.outcomes]
    assert output(capfd, *HIMMELBLAU, "-o", "B.NPZ") == ""
    with np.load("B.NPZ", allow_pickle=False) as arrays:
        assert set(arrays) == {"methods", "parameters", "a", "b", "label", "steps", "ends"}


def test_arrays_keep_their_names_beside_the_persons(capfd: pytest.CaptureFixture[str]) -> None:
    own = "--formula", "x^2 + y^2", "--parameters", "y,x"
    assert output(capfd, *own, "--grid", "8", "-o", "b.npz") == ""
    with np.load("b.npz", allow_pickle=False) as arrays:
        assert arrays["parameters"].tolist() == ["y", "x"]
        assert {"a", "b"} <= {*arrays} & {*arrays["ends"].dtype.names}


@pytest.mark.slow
def test_pictures(capfd: pytest.CaptureFixture[str]) -> None:
    assert output(capfd, *HIMMELBLAU, "-o", "b.png", "--size", "4x3", "--dpi", "50") == ""
    with Image.open("b.png") as image:
        assert image.size == (200, 150)
    assert output(capfd, *HIMMELBLAU, "--difference", "-o", "b.svg") == ""
    assert Path("b.svg").read_text().startswith("<?xml")
    assert output(capfd, *HIMMELBLAU, "-o", "b.pdf") == ""
    assert Path("b.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--grid", "7"), "--grid: must be between 8 and 1024, not 7"),
        (("--grid", "1025"), "--grid: must be between 8 and 1024, not 1025"),
        (("--grid", "2.5"), "'2.5' is not a whole number"),
        (("-o", "b.csv"), "must end in .png, .svg, .pdf, .eps, .pgf or .npz, not 'b.csv'"),
        (("-o", "missing/b.npz"), "there is no folder missing"),
        (("--method", "analytic", "--difference"), "only one method is shown"),
        (("hidden.json", "--difference"), "no method is shown"),
        (("hidden.json",), "no method is shown"),
        (("--dpi", "0"), "--dpi: must be between"),
        (("missing.json",), "missing.json"),
    ],
)
def test_refusals_are_one_sentence(
    capfd: pytest.CaptureFixture[str], argv: Sequence[str], words: str
) -> None:
    experiment_file.save(Experiment(methods=(Method("analytic", shown=False),)), "hidden.json")
    before = set(Path().iterdir())
    assert cli.main(["basins", *argv]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("gdviz: ")
    assert err.count("\n") == 1
    assert words in err
    assert set(Path().iterdir()) == before


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_terminal_is_told_how_far_it_is(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    """Each look at the clock is a tenth of a second later, so that every third one is due."""
    now = 0.0

    def later() -> float:
        nonlocal now
        now += 0.1
        return now

    monkeypatch.setattr(progress.time, "monotonic", later)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    assert cli.main(["basins", *HIMMELBLAU, "--difference"]) == 0
    err = capfd.readouterr().err
    if not is_terminal:
        assert err == ""
        return
    assert err.endswith("\r\x1b[K")
    said = err.split("\r\x1b[K")[1:-1]
    shares = [int(line.removeprefix("gdviz: ").removesuffix(" %")) for line in said]
    assert 10 < len(said) <= now / 0.25
    assert shares == sorted(shares)
    assert shares[0] < 10
    assert shares[-1] > 90
    assert any(abs(each - 50) < 10 for each in shares)  # one of two methods


WELLS = """
import numpy as np

def parameters():
    return [np.array([[0.0, 0.0]])]

def loss(p):
    return (p[0][0, 0] ** 2 - 1) ** 2 + 3 * p[0][0, 1] ** 2

def gradient(p):
    x, y = p[0][0]
    return [np.array([[4 * x * (x**2 - 1), 6 * y]])]
"""


def test_a_network_with_two_minima() -> None:
    """L = (x² − 1)² + 3y², along the eigenvectors of its Hessian at 0, which are its axes."""
    Path("wells.py").write_text(WELLS)
    words = ("--directions", "hessian-lowest", "--range=-1.5,1.5,-1,1", "--alpha", "0.05")
    assert cli.main(["basins", "wells.py", *words, "--grid", "10", "-o", "ends.npz"]) == 0
    with np.load("ends.npz") as found:
        ends, label, a = found["ends"], found["label"], found["a"]
    assert ends["kind"].tolist() == ["minimum", "minimum"]
    assert np.abs(ends["a"]) == pytest.approx([1.0, 1.0])
    assert ends["loss"] == pytest.approx([0.0, 0.0], abs=1e-12)
    assert (ends["a"][label] * a > 0.0).all()


def test_minima_at_kinks_cannot_be_told_of_code(capfd: pytest.CaptureFixture[str]) -> None:
    """L = |x| + y², along the eigenvectors of the Hessian that it has beside the kink."""
    loss = "abs(p[0][0, 0] - 0.01) + p[0][0, 1] ** 2"
    text = WELLS.replace("(p[0][0, 0] ** 2 - 1) ** 2 + 3 * p[0][0, 1] ** 2", loss)
    text = text.replace("4 * x * (x**2 - 1), 6 * y", "np.sign(x - 0.01), 2 * y")
    Path("kink.py").write_text(text)
    words = ("--directions", "hessian", "--range=-1,1,-1,1", "--alpha", "0.05", "--grid", "8")
    assert cli.main(["basins", "kink.py", *words]) == 0
    out, err = capfd.readouterr()
    assert "on its way" in out
    assert "“on its way” are also paths that have come to a minimum at a kink" in err
    assert cli.main(["basins", *HIMMELBLAU, "--alpha", "1e-5"]) == 0  # a formula's kinks are known
    assert "kink" not in capfd.readouterr().err


def test_code_without_second_derivatives_has_none(
    capfd: pytest.CaptureFixture[str],
) -> None:
    file = Path("mine.py")
    file.write_text("def loss(a, b):\n    return a**2 + b**2\n")
    assert cli.main(["basins", str(file)]) == 2
    assert "mine.py has no second derivatives, so minima cannot be identified" in (
        capfd.readouterr().err
    )
