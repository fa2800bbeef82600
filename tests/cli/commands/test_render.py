"""What ``gdviz render`` and ``gdviz table`` say beside what they write."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from gdviz.cli import main as cli
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment import json_file
from gdviz.experiment.change_function import on_data, on_surface
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import save
from gdviz.experiment.view import View
from gdviz.files.csv_data import load_data

OFF = "The start, (30, 2), is off this map: --start A,B sets another."
EMPTY = "f has no value anywhere on this map: --range A0,A1,B0,B1 chooses another."
BELOW = "this f is interpolated and below the cells around, of which the lowest is 0.32"


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    axis = np.linspace(-2.0, 2.0, 6)
    np.savez("bowl.npz", x=axis, y=axis, loss=np.add.outer(axis**2, axis**2))


def said(capfd: pytest.CaptureFixture[str], *argv: str) -> str:
    assert cli.main(argv) == 0
    return capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--surface", "sphere", "--start", "30,2"), OFF),
        (("--formula", "log(-1 - a^2 - b^2)"), EMPTY),
        (("bowl.npz", "--alpha", "0.1", "--steps", "60"), BELOW),
    ],
)
@pytest.mark.usefixtures("nothing_is_drawn")
def test_a_picture_and_what_it_does_not_show(
    capfd: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    err = said(capfd, "render", *words, "-o", "a.png", "--dpi", "40")
    assert sentence in err


@pytest.mark.usefixtures("nothing_is_drawn")
def test_code_without_a_value_on_the_map_is_no_refusal(capfd: pytest.CaptureFixture[str]) -> None:
    Path("far.py").write_text(
        "def loss(a, b):\n"
        "    if a < 100:\n"
        "        raise ValueError('a is at least 100')\n"
        "    return (a - 120)**2 + b**2\n"
    )
    told = said(capfd, "render", "far.py", "-o", "a.png", "--dpi", "40")
    assert "far.py, line 3: ValueError: a is at least 100" in told
    assert EMPTY in told
    told = said(capfd, "render", "far.py", "--range", "110,130,-6,6", "-o", "a.png", "--dpi", "40")
    assert "ValueError" not in told
    assert EMPTY not in told


def texts(path: str) -> list[str]:
    """Return the texts in an SVG, which matplotlib writes beside their outlines."""
    return re.findall(r"<!-- (.*) -->", Path(path).read_text())


def test_it_is_in_the_picture_as_well(capfd: pytest.CaptureFixture[str]) -> None:
    said(capfd, "render", "--surface", "sphere", "--start", "30,2", "-o", "a.svg")
    said(capfd, "render", "--surface", "sphere", "--start", "2,2", "-o", "b.svg")
    assert texts("a.svg").count("The start, (30, 2), is off this map.") == 1
    assert not any("off this map" in text for text in texts("b.svg"))


def test_the_colour_bar_has_no_numbers_where_there_is_no_loss(
    capfd: pytest.CaptureFixture[str],
) -> None:
    said(capfd, "render", "--formula", "log(-1 - a^2 - b^2)", "--range=-6,6,-6,6", "-o", "a.svg")
    found = texts("a.svg")
    assert found[found.index("b") + 1 :][:2] == ["f has no value anywhere on this map.", "f(a, b)"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--surface", "sphere", "--start", "30,2"), OFF),
        (("bowl.npz", "--alpha", "0.1", "--steps", "60"), f"at the end: {BELOW}"),
    ],
)
def test_a_table(capfd: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str) -> None:
    assert sentence in said(capfd, "table", *words)


@pytest.mark.usefixtures("nothing_is_drawn")
def test_of_what_is_as_it_looks_nothing_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    assert said(capfd, "table", "--surface", "sphere") == ""
    assert said(capfd, "render", "--surface", "sphere", "-o", "a.png", "--dpi", "40") == ""


@pytest.mark.usefixtures("nothing_is_drawn")
def test_eps_keeps_a_ground_around_the_surface_alone(capfd: pytest.CaptureFixture[str]) -> None:
    words = ("render", "--surface", "sphere", "--transparent", "--dpi", "40", "-o")
    assert said(capfd, *words, "a.eps") == said(capfd, *words, "a.pdf", "--3d") == ""
    assert said(capfd, *words, "a.eps", "--3d") == (
        "gdviz: note: EPS has no transparency: the surface in 3-D stands on a light rectangle. "
        "PDF and SVG leave it out.\n"
    )


def test_basins_of_losses_below_the_cells_around(capfd: pytest.CaptureFixture[str]) -> None:
    assert f"minimum (0, 0): {BELOW}" in said(capfd, "basins", "bowl.npz", "--grid", "16")


def test_the_cloud_of_a_step(capfd: pytest.CaptureFixture[str]) -> None:
    of = ("render", "--surface", "himmelblau", "--alpha", "0.005", "--method", "gaussian")
    said(capfd, *of, "--method", "spsa", "--step", "3", "--cloud", "-o", "a.svg")
    draws = (f"200 steps −αĝ by other draws: {of}" for of in ("Gaussian", "SPSA"))
    for row in (*draws, "One standard deviation", "The same in theory"):
        assert texts("a.svg").count(row) == 1  # the last of both together
    said(capfd, *of, "--step", "3", "-o", "b.svg")
    assert not any("draws" in text for text in texts("b.svg"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--method", "spsa", "--cloud"), "--cloud is of one step, which --step K chooses"),
        (("--method", "central", "--step", "2", "--cloud"),
         "--cloud: no method that is shown draws its gradient at step 2, or what it draws is no "
         "number, or takes too long"),
    ],
)  # fmt: skip
def test_a_cloud_that_there_is_none_of(
    capfd: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    assert cli.main(("render", "--surface", "sphere", *words, "-o", "a.png")) == cli.REFUSED
    assert capfd.readouterr().err == f"gdviz: {sentence}\n"
    assert not Path("a.png").exists()


def test_what_an_experiments_file_hides_is_not_drawn_unless_it_is_asked_for() -> None:
    view = View(minima=False, others=False, legend=False)
    save(on_surface(Experiment(view=view, more_starts=((1.0, 1.0),)), SURFACES["sphere"]), "a.json")
    told = []
    for words in ((), ("--more-start", "-1,2")):
        assert cli.main(("render", "a.json", *words, "-o", "a.svg")) == 0
        told.append(" ".join(texts("a.svg")))
    assert ["1 other start" in each for each in told] == [False, True]
    assert not any("Known minimum" in each or "Start" in each for each in told)


def test_data_in_a_file_of_its_own_is_said_and_looked_for(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_file, "MAX_DATA", 4_000)
    x = np.linspace(-1.0, 1.0, 2_500)
    np.savetxt("rows.csv", np.column_stack([x, 2 * x + 1]), "%.6g", ",", header="x,y", comments="")
    save(on_data(Experiment(), load_data("rows.csv")[0]), "e.json")
    path = tmp_path / "rows.csv"
    assert f"note: the data is in the file {path} (" in said(
        capfd, "table", "e.json", "-o", "1.csv"
    )
    path.rename("moved.csv")
    assert cli.main(["table", "e.json", "-o", "2.csv"]) == 2
    assert (
        f"gdviz: the data is in the file {path}, which is not there; --data FILE says where it is"
    ) in capfd.readouterr().err
    said(capfd, "table", "e.json", "--data", "moved.csv", "-o", "2.csv")
    assert Path("2.csv").read_text() == Path("1.csv").read_text()
    Path("moved.csv").write_text("x,y\n1,2\n2,3\n3,5\n")
    assert cli.main(["table", "e.json", "--data", "moved.csv", "-o", "3.csv"]) == 2
    assert "what --data reads is other data" in capfd.readouterr().err
    assert not Path("3.csv").exists()
