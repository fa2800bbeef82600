"""What changes nothing is said; and what is said to change nothing does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from gdviz.cli import main as cli

LAB = "x,y\n1,2\n2,3.5\n3,7\n4,8\n5,9\n"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lab.csv").write_text(LAB)


def run(capfd: pytest.CaptureFixture[str], words: str) -> tuple[str, str]:
    assert cli.main(words.split()) == 0
    out, err = capfd.readouterr()
    return out, err


@pytest.mark.parametrize(
    ("words", "idle", "sentence"),
    [
        ("table", "--color-scale log", "gdviz table does not use it"),
        ("table", "--equal", "gdviz table does not use it"),
        ("basins --grid 8 --steps 5", "--equal", "gdviz basins does not use it"),
        ("table --method spsa --seed 1", "--samples 4", "gdviz table does not use it"),
        ("costs", "--alpha 0.2 --steps 3", "gdviz costs does not use them"),
        ("costs", "--range 0,1,0,1 --precision float32", "gdviz costs does not use them"),
        ("sweep", "--precision float32 --steps 9", "gdviz sweep does not use them"),
        ("sweep", "--epsilon 0.01", "gdviz sweep does not use it"),
        ("sweep --at 1,1", "--start 2,2", "the point is that of --at"),
        ("draws --method spsa", "--alpha 0.2 --steps 9", "gdviz draws does not use them"),
        ("draws --method spsa --at 1,1", "--start 2,2", "the point is that of --at"),
        ("direction --eta 0.1 --at 1,1", "--start 2,2", "the point is that of --at"),
        ("direction --eta 0.1", "--alpha 0.2 --color-scale log", "does not use them"),
        ("rates --steps 5", "--more-start 1,1", "gdviz rates does not use it"),
        ("rates --steps 5", "--alpha 0.2 --dpi 90", "what is written is no picture"),
        ("basins --grid 8 --steps 5", "--start 1,1", "gdviz basins does not use it"),
        ("check --formula a*b --gradient b a", "--alpha 2 --method central", "does not use them"),
        ("table --method analytic", "--epsilon 0.1", "no method that is shown uses ε"),
        ("table --method analytic", "--representable-step", "no method that is shown uses ε"),
        ("table", "--seed 3", "no method that is shown draws"),
        ("table --surface booth --method analytic:l-bfgs", "--alpha 0.2", "uses α"),
        ("table --formula a*b --start 1,2", "--gradient b b", "gdviz check and --method yours"),
        ("table --formula a^2+b^2", "--constant k=3", "the formula does not name it"),
        ("table --formula a^2+b^2", "--data lab.csv", "names none of its columns, x, y"),
        ("table --formula a^2+b^2", "lab.csv", "names none of its columns, x, y"),
    ],
)
def test_what_changes_nothing_is_said(
    capfd: pytest.CaptureFixture[str], words: str, idle: str, sentence: str
) -> None:
    out, err = run(capfd, words)
    with_it, told = run(capfd, f"{words} {idle}")
    assert with_it == out
    assert sentence not in err
    assert sentence in told


ANIMATE = "animate --size 2.5x2.5 --dpi 20 --steps 3 --frames 2"


def frames(capfd: pytest.CaptureFixture[str], words: str, suffix: str) -> tuple[bytes, str]:
    """Return what an animation is, and what was said."""
    path = Path(f"a.{suffix}")
    _, err = run(capfd, f"{ANIMATE} {words} -o {path}")
    return path.read_bytes(), err


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("words", "idle", "sentence"),
    [
        ("--over alpha --from 0.1 --to 0.2", "--alpha 0.3", "α goes from --from to --to"),
        ("--over epsilon --from 0.1 --to 0.2", "--epsilon 0.3", "ε goes from --from to --to"),
        ("--over start --from 0,1 --to 1,1", "--start 2,2", "the start goes from --from to --to"),
    ],
)
def test_what_changes_no_frame_is_said(
    capfd: pytest.CaptureFixture[str], words: str, idle: str, sentence: str
) -> None:
    without, err = frames(capfd, words, "gif")
    with_it, told = frames(capfd, f"{words} {idle}", "gif")
    assert with_it == without
    assert sentence not in err
    assert sentence in told


@pytest.mark.sampled(1)
@pytest.mark.parametrize("suffix", ["mp4", "webm"])
def test_how_often_a_video_is_seen_is_not_its_own(
    capfd: pytest.CaptureFixture[str], suffix: str
) -> None:
    pytest.importorskip("imageio_ffmpeg")
    assert "--loops changes nothing: how often" in frames(capfd, "--loops 3", suffix)[1]
    assert frames(capfd, "--pause 3", suffix)[1] == ""


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "words",
    [
        "--loops 3 --pause 2 --fps 9", "--over alpha --from 0.1 --alpha 0.3",
        "--over alpha --to 2 --alpha 0.3", "--over start --start 2,2 --to 1,1",
        "--over epsilon --from 0.1 --to 0.2 --alpha 0.3", "--steps 4 --from 1 --to 2",
        "--formula a^2+b^2 --over start --start 2,2 --from 1,0 --to 1,1",
    ],
)  # fmt: skip
def test_of_what_changes_frames_nothing_is_said(
    capfd: pytest.CaptureFixture[str], words: str
) -> None:
    assert " nothing: " not in frames(capfd, words.replace("--steps 4", ""), "gif")[1]


@pytest.mark.parametrize(
    "words",
    [
        "table --method spsa --seed 3", "table --method central --epsilon 0.1 --alpha 0.2",
        "table --formula k*a^2+b^2 --constant k=3 --gradient a b --method yours",
        "table --formula mean((a*x+b-y)^2) lab.csv", "sweep --start 1,1", "costs --method spsa",
        "rates --steps 5 --range=-3,3,-3,3", "basins --grid 8 --alpha 0.2 --steps 5",
    ],
)  # fmt: skip
def test_of_what_changes_something_nothing_is_said(
    capfd: pytest.CaptureFixture[str], words: str
) -> None:
    assert " nothing: " not in run(capfd, words)[1]


@pytest.mark.parametrize("words", ["", "--standardise", "--alpha 0.01 --start 1,1 --steps 3"])
def test_data_alone_are_fitted_whether_as_a_file_or_as_an_option(
    capfd: pytest.CaptureFixture[str], words: str
) -> None:
    of_file = run(capfd, f"table lab.csv {words}")
    assert run(capfd, f"table --data lab.csv {words}") == of_file
    assert of_file[0].count("\n") > 3


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("lab.csv --surface sphere", "lab.csv: Sphere is a surface without data: those with data"),
        ("--data lab.csv --surface sphere", "--data: Sphere is a surface without data"),
        ("lab.csv --data lab.csv", "--data cannot be combined with lab.csv, which is data"),
        ("--alpha 1 --alpha=2", "--alpha is given twice"),
        ("--constant x=1 --constant x=2", "--constant: x is given twice"),
    ],
)
def test_what_would_be_lost_is_refused(
    capfd: pytest.CaptureFixture[str], words: str, sentence: str
) -> None:
    assert cli.main(["table", *words.split()]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert sentence in err


def test_a_surface_fits_the_data_of_a_file(capfd: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capfd, "table lab.csv --surface linear-regression")
    assert out == run(capfd, "table --data lab.csv --surface linear-regression")[0]
    assert out != run(capfd, "table --surface linear-regression")[0]
    first = out.splitlines()[1].split(",")
    a, b, loss = map(float, first[2:5])
    rows = [tuple(map(float, line.split(","))) for line in LAB.split()[1:]]
    assert loss == pytest.approx(sum((a * x + b - y) ** 2 for x, y in rows) / 5)
