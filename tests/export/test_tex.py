"""LaTeX: which program is taken, and plain text for it."""

import shutil

import pytest

from gdviz.export.tex import as_tex, tex_program


@pytest.mark.parametrize(
    ("installed", "taken"),
    [
        ({"xelatex", "lualatex", "pdflatex"}, "xelatex"),
        ({"lualatex", "pdflatex"}, "lualatex"),
        ({"pdflatex"}, ""),  # which has no Greek letters in text
        (set(), ""),
    ],
)
def test_a_program_with_greek_letters_is_taken(monkeypatch, installed, taken):
    monkeypatch.setattr(shutil, "which", lambda name: name if name in installed else None)
    assert tex_program() == taken


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("α = 0.1, ‖ĝ‖ × 10⁻³", "α = 0.1,{} ‖ĝ‖ × 10⁻³"),
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("50 % of #1 & $x_1$", r"50 \% of \#1 \& \$x\_1\$"),
        ("a^2 ~ b", r"a\textasciicircum{}2 \textasciitilde{} b"),
        ("--\"<<''``", "-{}-{}\\textquotedbl{}<{}<{}'{}'{}`{}`{}"),  # no ligature
        ("a\tb\x7fc", "a b c"),
    ],
)
def test_text_is_no_command(text, tex):
    assert as_tex(text) == tex
