"""``gdviz costs``: its JSON, its table, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gdviz.cli import main as cli
from gdviz.experiment import json_file as experiment_file
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import FormulaFunction
from tests.engine.objectives.network.two_layers import BOWL

VARIANTS = ["analytic", "forward", "forward-reused", "central", "central-reused"]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def costs(capfd: pytest.CaptureFixture[str], *argv: str) -> str:
    assert cli.main(["costs", *argv]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    return out


def rows(text: str) -> dict[str, list[str]]:
    """Return the table's rows by their first cell."""
    cells = [line.split() for line in text.splitlines()[3:]]
    return {row[0]: row[1:] for row in cells if row and row[-1][-1].isdigit()}


def test_json(capfd: pytest.CaptureFixture[str]) -> None:
    made = json.loads(costs(capfd, "--json"))
    assert list(made) == ["evaluations", "passes", "operations"]
    assert all(list(ledger) == VARIANTS for ledger in made.values())
    for ledger, totals in {
        "evaluations": [2, 3, 3, 4, 4],
        "passes": [2, 3, 3, 4, 4],
        "operations": [10, 24, 19, 33, 28],
    }.items():
        for variant, total in zip(VARIANTS, totals, strict=True):
            kinds = made[ledger][variant]
            assert kinds.pop("total") == total == sum(kinds.values())
    assert made["evaluations"]["analytic"] == {"components": 2, "values": 0}
    assert made["passes"]["analytic"] == {"forward": 1, "backward": 1, "tangent": 0}
    assert made["operations"]["analytic"] == {
        "add": 1, "sub": 1, "mul": 5, "div": 1, "neg": 1, "exp": 1, "log": 0, "pow": 0
    }  # fmt: skip


def test_c8_in_json(capfd: pytest.CaptureFixture[str]) -> None:
    operations = json.loads(costs(capfd, "--json"))["operations"]
    exps = [operations[name]["exp"] for name in ("analytic", "forward-reused", "forward")]
    assert exps == [1, 2, 3]


def test_to_read(capfd: pytest.CaptureFixture[str]) -> None:
    text = costs(capfd)
    assert text.startswith("f = b*sigmoid(a*x)\n\none step  ")
    assert text.splitlines()[2].split()[2:] == ["value", *VARIANTS]
    table = rows(text)
    assert table["evaluations"] == ["1", "2", "3", "3", "4", "4"]
    assert table["operations"] == ["6", "10", "24", "19", "33", "28"]
    assert table["exp"] == ["1", "1", "3", "2", "4", "3"]
    assert "log" not in table  # nowhere any
    assert "0 % when a shifts and 83.3 % when b shifts" in text
    assert "v = 6 nodes, e = 5 edges" in text
    assert not any(line.endswith(" ") for line in text.splitlines())
    header, *lines = text.splitlines()[2:5]
    assert {len(line) for line in lines} == {len(header)}


def test_of_a_file_and_of_a_formula(capfd: pytest.CaptureFixture[str]) -> None:
    experiment_file.save(
        Experiment(function=FormulaFunction("exp(k*a)", constants={"k": 1.0})), "e.json"
    )
    assert rows(costs(capfd, "e.json"))["exp"] == ["1", "1", "3", "2", "4", "3"]
    made = json.loads(costs(capfd, "--formula", "exp(k*a)", "--constant", "k=2", "--json"))
    assert made == json.loads(costs(capfd, "e.json", "--json"))
    text = costs(capfd, "--formula", "abs(a) + sin(b)")
    assert rows(text)["compare"] == ["1", "2", "3", "2", "4", "3"]  # the derivative is a sign


def test_an_undefined_operation_is_named_and_counted(capfd: pytest.CaptureFixture[str]) -> None:
    argv = ("--formula", "log(a) + b", "--start", "-1,2")
    text = costs(capfd, *argv)
    assert rows(text)["log"] == ["1", "1", "3", "2", "4", "3"]
    assert "At the start (−1, 2): log(−1) at column 1 is undefined." in text
    made = json.loads(costs(capfd, *argv, "--json", "--time"))
    assert made["operations"]["analytic"]["log"] == 1
    assert made["seconds"] == dict.fromkeys(VARIANTS)


def test_time(capfd: pytest.CaptureFixture[str]) -> None:
    assert "time in µs" in costs(capfd, "--time")
    made = json.loads(costs(capfd, "--time", "--json"))
    assert list(made["seconds"]) == VARIANTS
    assert all(0 < value < 1e-2 for value in made["seconds"].values())


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("costs --jsn", "no option --jsn; did you mean --json?"),
        ("costs --formula a+c", "--formula"),
        ("costs nowhere.json", "cannot be read"),
        ("costs -o c.csv", "must end in .png, .svg, .pdf, .eps or .pgf"),
        ("costs --time=2", "--time"),
    ],
)
def test_refusals(argv: str, words: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(argv.split()) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert words in err


# -- the picture


@pytest.mark.sampled(1)
@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_ledgers_as_a_picture(
    ending: str, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / f"ledgers.{ending}"
    assert costs(capfd, "-o", str(target)) == ""
    magic = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[ending]
    assert target.read_bytes().startswith(magic)


def test_a_picture_goes_without_json(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "ledgers.png"
    assert cli.main(["costs", "--json", "-o", str(target)]) == 2
    assert "--json" in capfd.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("def loss(x, y):\n    return x**2 + y**2\n",
         "so write the loss as --formula F in place of the file"),
        (BOWL, "and gdviz scaling mine.py measures what a gradient of the network costs"),
    ],
)  # fmt: skip
def test_of_what_is_no_formula_it_says_what_is_opened_and_what_to_do(
    text: str, remedy: str, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(text)
    assert cli.main(["costs", str(file)]) == 2
    said = capfd.readouterr().err
    assert "gdviz: mine.py is Python code, of which only the results are visible: " in said
    assert remedy in said
