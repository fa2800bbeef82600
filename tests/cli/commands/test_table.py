"""``gdviz table``: what is said beside it of random estimates, and what is refused of them."""

from pathlib import Path

import pytest

from gdviz.cli.main import main


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_draw_at_which_f_is_no_number_is_said_as_the_window_says_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    words = ["--formula", "log(a) + b", "--start", "0.5,0", "--epsilon", "10", "--seed", "3",
             "--method", "gaussian"]  # fmt: skip
    assert main(["table", *words, "-o", "t.csv"]) == 0
    said = [line for line in capfd.readouterr().err.splitlines() if "gaussian" in line]
    assert len(said) == 1
    assert said[0].startswith(
        "gdviz: note: gaussian: the gradient is not a number at step 0: f has no value at ("
    )
    assert said[0].endswith(", which was drawn")
    assert "not-a-number" in Path("t.csv").read_text()


LOGISTIC = ["--surface", "logistic-regression", "--method", "mini-batch"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--method", "evolution", "--estimate-option", "evolution.pairs=0"],
         "--estimate-option: pairs of the estimate evolution must be between 1 and 100, not 0"),
        (["--method", "evolution", "--estimate-option", "evolution.pairs=2.5"],
         "--estimate-option: pairs of the estimate evolution must be a whole number, not 2.5"),
        (["--method", "spsa", "--estimate-option", "spsa.pairs=2"],
         "--estimate-option: the estimate spsa has no option 'pairs': it has none"),
        ([*LOGISTIC, "--estimate-option", "mini-batch.rows=41"],
         "--estimate-option: a mini-batch of B = 41 rows cannot be drawn from data that has 40: "
         "B is 40 at most"),
        (["--method", "analytic:adam", "--rule-option", "adam.beta1=2"],
         "--rule-option: beta1 of the rule adam must be between 0 and 0.9999, not 2"),
        (["--method", "mini-batch"],
         "--method: mini-batch takes some rows of the data, but there is no data"),
        (["--method", "spsa", "--seed", "1.5"], "--seed: '1.5' is not a whole number"),
        (["--method", "spsa", "--seed", "-1"], "--seed: must be between 0 and 4294967295, not -1"),
    ],
)  # fmt: skip
def test_the_option_that_is_refused_is_named(
    capfd: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(["table", *words]) == 2
    out, err = capfd.readouterr()
    assert (out, err.splitlines()[-1]) == ("", f"gdviz: {sentence}")
