"""``gdviz page``: what it writes and says, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gdviz.cli import main as cli
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.json_file import load, save
from gdviz.experiment.view import View


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_page_opens_in_gdviz(capfd: pytest.CaptureFixture[str]) -> None:
    argv = ["page", "--surface", "sphere", "--alpha", "0.2", "--title", "T", "-o", "p.html"]
    assert cli.main(argv) == 0
    assert "note: p.html takes" in capfd.readouterr().err
    experiment = load("p.html")
    assert experiment.function.surface.name == "sphere"
    assert experiment.alpha == 0.2
    assert cli.main(["table", "p.html", "--steps", "2"]) == 0
    assert capfd.readouterr().out.startswith("method,step,a,b")


def _basins_in(name: str) -> Any:
    data = Path(name).read_text(encoding="utf-8").split('id="gdviz-data">', 1)[1]
    return json.loads(data.split("</script>", 1)[0])["basins"]


def test_basins_are_those_asked_for_or_of_the_file(capfd: pytest.CaptureFixture[str]) -> None:
    experiment = on_surface(Experiment(), SURFACES["himmelblau"]).replace(steps=10)
    save(experiment, "none.json")
    save(experiment.replace(view=View(basins=(1,))), "own.json")
    assert cli.main(["page", "none.json", "-o", "none.html"]) == 0
    assert _basins_in("none.html") is None
    assert cli.main(["page", "own.json", "-o", "own.html"]) == 0
    assert _basins_in("own.html")["about"][0].startswith("Forward difference · α = 0.01 · ε = 0.2")
    assert cli.main(["page", "own.json", "--basins", "-o", "first.html"]) == 0
    assert _basins_in("first.html")["about"][0].startswith("Analytic · α = 0.01 · at most 10")
    assert cli.main(["page", "none.json", "--difference", "-o", "two.html"]) == 0
    assert [each.split(" · ")[0] for each in _basins_in("two.html")["about"]] == [
        "Analytic",
        "against Forward difference",
        "shares in % of the starts",
    ]
    assert "basins on the map" not in capfd.readouterr().err


def test_why_a_file_has_no_basins_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    methods = (Method("analytic"), Method("yours", shown=False))
    experiment = on_surface(Experiment(), SURFACES["himmelblau"])
    save(experiment.replace(methods=methods, view=View(basins=(1,))), "own.json")
    assert cli.main(["page", "own.json", "-o", "own.html"]) == 0
    assert _basins_in("own.html") is None
    said = capfd.readouterr().err
    assert "note: the basins on the map of the experiment are not in the page: " in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("page -o p.html --basins --difference", "--basins and --difference cannot be combined"),
        ("page", "gdviz page needs -o FILE, with a name ending in .html"),
        ("page -o p.pdf", "-o: the file's name must end in .html or .htm, not 'p.pdf'"),
        (f"page -o p.html --title {'t' * 201}", "--title: must have 200 characters at most"),
        (f"page -o p.html --text {'t' * 20_001}", "--text: must have 20,000 characters at most"),
        ("page -o nowhere/p.html", "nowhere/p.html cannot be written"),
        ("table web.html", "this is a web page, but none that gdviz wrote (in web.html)"),
        ("table none.html", "the experiment is not in this page, which says why (in none.html)"),
    ],
)
def test_refusals(capfd: pytest.CaptureFixture[str], words: str, sentence: str) -> None:
    Path("web.html").write_text("<!DOCTYPE html><p>hello")
    Path("none.html").write_text(
        '<!doctype html><script type="application/json" id="gdviz-experiment">null</script>'
    )
    assert cli.main(words.split()) == 2
    out, err = capfd.readouterr()
    assert sentence in err
    assert not out
    assert not Path("p.html").exists()
    assert "Traceback" not in err
