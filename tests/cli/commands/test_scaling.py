"""``gdviz scaling --reach``: what a loss takes, and what is refused."""

import pytest

from gdviz.cli.main import main


def test_what_it_takes_to_reach_a_loss(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["scaling", "--max", "4", "--reach", "0.47"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert lines[0].endswith("from θ = 0 to a loss of 0.47 a row.")
    rows = [line.split() for line in lines[3:15]]
    assert [row[0] for row in rows] == [str(n) for n in (1, 2, 4) for _ in range(4)]
    assert rows[2][1:] == ["SPSA", *rows[0][2:4], "2", "2"]  # the gradient's steps where N = 1
    assert lines[-2].startswith("Steps grow, up to the 64 rows, like: analytic N^")
    assert lines[-1].startswith("At N = 4 two values a step take ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--reach", "0.7"], "--reach: must be between 0 and log 2 = 0.693, not 0.7"),
        (["--reach", "0"], "--reach: must be between 0 and log 2 = 0.693, not 0"),
        (["--reach", "low"], "--reach: 'low' is not a number"),
        (["--reach", "0.5", "-o", "x.csv"],
         "--reach writes a table and cannot be combined with -o"),
    ],
)  # fmt: skip
def test_what_is_refused(
    capfd: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(["scaling", "--max", "1", *words]) == 2
    assert capfd.readouterr().err == f"gdviz: {sentence}\n"
