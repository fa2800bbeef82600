"""``gdviz rates`` as it is typed."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from gdviz.cli import main as cli
from gdviz.engine.descent.path import Status
from gdviz.experiment import json_file as experiment_file
from gdviz.experiment.experiment import Experiment, Method

if TYPE_CHECKING:
    from collections.abc import Sequence

QUADRATIC = ("--formula", "(a^2 + 25*b^2)/2", "--start", "5,2", "--steps", "400")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(capfd: pytest.CaptureFixture[str], *argv: str) -> tuple[str, str]:
    assert cli.main(("rates", *argv)) == 0
    out, err = capfd.readouterr()
    return out, err


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_table_on_standard_output_and_the_bound_beside_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    out, err = run(capfd, *QUADRATIC, "--method", "analytic")
    assert out.startswith("method,alpha,final_loss,status\nanalytic,")
    rows = table(out)
    assert len(rows) == 60
    for row in rows:
        assert (row["status"] == Status.DIVERGED.value) == (float(row["alpha"]) > 2 / 25)
        assert (float(row["final_loss"]) > 62.5) == (float(row["alpha"]) > 2 / 25)
    assert err == (
        "gdviz: at the minimum (0, 0), to which small steps from the start lead, the Hessian's "
        "largest eigenvalue is 25: gradient descent converges there only with α < 2/λmax = 0.08\n"
    )


def test_in_a_valley_of_minima_the_bound_is_that_across_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """x is 0, 1, 2, so that the Hessian's eigenvalues are 0 and 20/3."""
    Path("collinear.csv").write_text("x,y\n0,0\n1,1\n2,2\n")
    _, err = run(
        capfd, "--data", "collinear.csv", "--formula", "mean((a*x + b*x - y)^2)", "--start", "3,1"
    )
    assert err.startswith("gdviz: at (1.5, −0.5) in a valley of minima, to which small steps")
    assert err.endswith("α < 2/λmax = 0.3\n")


def test_methods_by_their_names_and_those_without_alpha_named(
    capfd: pytest.CaptureFixture[str],
) -> None:
    experiment_file.save(
        Experiment(
            methods=(
                Method("analytic", alpha=0.1),
                Method("forward", shown=False),
                Method("central"),
                Method("analytic", rule="l-bfgs"),
            )
        ),
        "mine.json",
    )
    out, err = run(capfd, "mine.json", "--steps", "5")
    assert list(dict.fromkeys(row["method"] for row in table(out))) == [
        "analytic (α=0.1)", "central"
    ]  # fmt: skip
    assert err.splitlines()[1] == "gdviz: α is not used by L-BFGS"


def test_the_experiments_own_rates_play_no_part(capfd: pytest.CaptureFixture[str]) -> None:
    one, _ = run(capfd, *QUADRATIC, "--alpha", "0.1")
    other, _ = run(capfd, *QUADRATIC, "--alpha", "0.001")
    assert one == other


def test_an_alpha_of_a_methods_own_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    experiment_file.save(Experiment(methods=(Method("central", alpha=0.02),)), "mine.json")
    _, err = run(capfd, "mine.json", "--steps", "5")
    said = "every method is run with every α: Central difference has its own, 0.02"
    assert err.splitlines()[1] == f"gdviz: {said}"


@pytest.mark.slow
def test_files(capfd: pytest.CaptureFixture[str]) -> None:
    text, _ = run(capfd, *QUADRATIC)
    assert run(capfd, *QUADRATIC, "-o", "r.csv")[0] == ""
    assert Path("r.csv").read_text() == text
    run(capfd, *QUADRATIC, "-o", "r.png", "--size", "4x3", "--dpi", "50")
    with Image.open("r.png") as image:
        assert image.size == (200, 150)
    for name, start in (("r.svg", b"<?xml"), ("r.pdf", b"%PDF")):
        run(capfd, *QUADRATIC, "-o", name)
        assert Path(name).read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("-o", "r.json"), "must end in .csv, .png, .svg, .pdf, .eps or .pgf, not 'r.json'"),
        (("--size", "1x1", "-o", "r.png"), "--size: a side must be"),
        (("missing.json",), "missing.json"),
        (("--at", "1,1"), "gdviz rates has no option --at"),
        (
            ("--method", "analytic:l-bfgs"),
            "there is nothing to sweep: α is not used by L-BFGS",
        ),
    ],
)
def test_refusals_are_one_sentence(
    capfd: pytest.CaptureFixture[str], argv: Sequence[str], words: str
) -> None:
    assert cli.main(("rates", *argv)) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err
    assert not list(Path().iterdir())


def test_no_method_shown_is_nothing_to_sweep(capfd: pytest.CaptureFixture[str]) -> None:
    experiment_file.save(Experiment(methods=(Method("analytic", shown=False),)), "mine.json")
    assert cli.main(("rates", "mine.json")) == 2
    assert "no method is shown" in capfd.readouterr().err


def test_a_schedule_and_an_option_are_swept_with(capfd: pytest.CaptureFixture[str]) -> None:
    plain = ["--surface", "quadratic", "--method", "analytic:momentum"]
    made = [
        run(capfd, *plain, *more)[0]
        for more in ([], ["--schedule", "cosine"], ["--rule-option", "momentum.momentum=0"])
    ]
    assert len(set(made)) == 3


def test_losses_below_the_cells_around_are_said(capfd: pytest.CaptureFixture[str]) -> None:
    """Of a² + b² on −2, −1.2, …, 2 the cells around (0, 0) have 0.4² + 0.4²."""
    axis = np.linspace(-2.0, 2.0, 6)
    np.savez("bowl.npz", x=axis, y=axis, loss=np.add.outer(axis**2, axis**2))
    out, err = run(capfd, "bowl.npz", "--method", "analytic", "--steps", "60")
    below = [float(row["alpha"]) for row in table(out) if float(row["final_loss"]) < 0.31]
    least = min(table(out), key=lambda row: float(row["final_loss"] or "nan"))
    assert f"at the end of analytic with {len(below)} α: this f is interpolated and below" in err
    assert f"the lowest is 0.32 (analytic with α = {float(least['alpha']):.3g})" in err
