"""``gdviz draws``: bias and spread of random estimates beside theory, and what is refused."""

import csv
from pathlib import Path

import numpy as np
import pytest

from gdviz.cli.main import main
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES

HIMMELBLAU = ["--surface", "himmelblau", "--at", "1,2", "--epsilon", "1e-4"]


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def drawn(*words: str) -> dict[str, dict[str, float]]:
    assert main(["draws", *HIMMELBLAU, *words, "-o", "d.csv"]) == 0
    rows = csv.DictReader(Path("d.csv").read_text().splitlines())
    return {row.pop("estimate"): {k: float(v) for k, v in row.items()} for row in rows}


def test_draws_are_unbiased_and_as_long_as_theory_says() -> None:
    methods = {"spsa": 2, "gaussian": 4, "forward-gradient": 4, "random-coordinate": 2}
    found = drawn(*(word for name in methods for word in ("--method", name)), "--draws", "20000")
    gradient = np.hypot(*FormulaObjective.of(SURFACES["himmelblau"]).gradient(1.0, 2.0))
    assert list(found) == list(methods)
    for name, times in methods.items():
        row = found[name]
        assert row["draws"] == 20_000
        assert row["bias"] < 4 * row["standard_error"]
        assert row["mean_square_in_theory"] == pytest.approx(times)
        assert row["mean_square"] == pytest.approx(times, rel=0.05)
        assert row["standard_deviation_in_theory"] == pytest.approx(gradient * np.sqrt(times - 1))
        assert row["standard_deviation"] == pytest.approx(gradient * np.sqrt(times - 1), rel=0.03)


def test_a_table_and_the_seed(capfd: pytest.CaptureFixture[str]) -> None:
    words = ["draws", *HIMMELBLAU, "--method", "gaussian", "--draws", "50"]
    assert main(words) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[0] == "50 draws each at (1, 2), seed 0; theory is as ε → 0."
    assert lines[3].split()[0] == "Gaussian"
    assert main([*words, "--seed", "1"]) == 0
    assert capfd.readouterr().out.splitlines()[3] != lines[3]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--method", "central"],
         "no method that is shown draws its gradients: choose one that does, such as "
         "--method spsa"),
        (["--method", "spsa", "--draws", "1"], "--draws: must be between 2 and 1000000, not 1"),
        (["--method", "spsa", "--draws", "many"], "--draws: 'many' is not a whole number"),
        (["--method", "spsa", "--formula", "log(a)", "--at", "0,1", "--draws", "9"],
         "of 9 draws of SPSA at (0, 1) not all are numbers"),
    ],
)  # fmt: skip
def test_what_is_refused(
    capfd: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(["draws", *words]) == 2
    out, err = capfd.readouterr()
    assert (out, err.splitlines()[-1]) == ("", f"gdviz: {sentence}")
