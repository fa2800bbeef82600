"""PGF: refused without LaTeX, and written by matplotlib where a program measures words."""

import os
import re
import stat
import sys

import pytest

from gdviz.cli.main import main
from gdviz.experiment.experiment import Experiment
from gdviz.export.figures.scene import save_figure
from gdviz.export.options import FigureOptions, FigureOptionsError, format_of
from gdviz.export.sheet import save_sheet
from gdviz.scene.scene import build_scene

SMALL = FigureOptions((4.0, 3.0), 60.0)
#: What LaTeX says to matplotlib: each box is 10 points wide. `\\input` anywhere in it ends it.
PROGRAM = """#!{python}
import re, sys
print("*pgf_backend_query_start")
print("*", end="", flush=True)
for line in sys.stdin:
    if re.search(r"\\\\input|{failing}", line):
        sys.exit(1)
    if "sbox0" in line:
        print("\\n10.0pt,7.0pt,2.0pt\\n\\n*", end="", flush=True)
    elif "includegraphics" in line:
        print("\\n*", end="", flush=True)
"""


@pytest.fixture
def tex(tmp_path, monkeypatch):
    """Install a program that answers as LaTeX does, and fails at a word; nothing else is found."""

    def install(name: str = "xelatex", failing: str = "(?!)") -> None:
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(PROGRAM.format(python=sys.executable, failing=failing))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)

    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return install


def test_without_latex_it_is_refused_with_the_remedy(tex, tmp_path, capfd):
    with pytest.raises(FigureOptionsError, match=r"xelatex nor lualatex.*\.pdf.* as well") as error:
        format_of("a.pgf")
    assert main(["render", "-o", str(tmp_path / "a.pgf")]) == 2
    assert capfd.readouterr().err == f"gdviz: -o: {error.value.message}\n"
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.skipif(os.name == "nt", reason="the program is a script")
def test_a_map_is_written_with_its_pixels_beside_it(tex, tmp_path):
    tex()
    scene = build_scene(Experiment(), resolution=16)
    beside = save_figure(scene, tmp_path / "my map.pgf", SMALL)
    assert beside == ["my-map-img0.png"]
    assert (tmp_path / beside[0]).read_bytes().startswith(b"\x89PNG")
    text = (tmp_path / "my map.pgf").read_text()
    assert text.count(r"\begin{pgfpicture}") == text.count(r"\end{pgfpicture}") == 1
    assert r"{my-map-img0.png}" in text
    assert "α = 0.4" in text  # the caption, in words
    assert str(tmp_path) not in text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "my map.pgf", *beside]


@pytest.mark.skipif(os.name == "nt", reason="the program is a script")
def test_lualatex_does_as_well_and_no_text_is_a_command(tex, tmp_path):
    tex("lualatex")

    def draw(sheet):
        axes = sheet.figure.add_subplot()
        axes.set_xticks([0, 1], [r"\input{x}", "100 %"])
        sheet.add_caption([r"\input{x} #1"])

    assert save_sheet(draw, tmp_path / "a.pgf", SMALL) == []
    text = (tmp_path / "a.pgf").read_text()
    assert not re.search(r"^[^%]*\\input", text, re.MULTILINE)
    assert text.count(r"\textbackslash{}input\{x\}") == 2


@pytest.mark.skipif(os.name == "nt", reason="the program is a script")
def test_latex_that_fails_leaves_no_file(tex, tmp_path):
    tex(failing="analytic")
    with pytest.raises(FigureOptionsError, match=r"xelatex does not set.*fontspec.*\.pdf"):
        save_sheet(lambda sheet: sheet.add_caption(["analytic"]), tmp_path / "a.pgf", SMALL)
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


@pytest.mark.skipif(os.name == "nt", reason="the program is a script")
def test_a_fault_of_a_drawing_is_none_of_latex(tex, tmp_path):
    tex()
    with pytest.raises(ValueError, match="shapes differ"):
        save_sheet(lambda sheet: _raise(), tmp_path / "a.pgf", SMALL)


def _raise():
    raise ValueError("shapes differ")
