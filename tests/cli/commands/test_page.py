"""``gdviz page``: what it writes and says, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from gdviz.cli import main as cli
from gdviz.experiment.json_file import load


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


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
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
