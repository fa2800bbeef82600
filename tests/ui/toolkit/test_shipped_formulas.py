"""What is shipped of formulas is what SymPy and matplotlib make of them."""

import json
import runpy
from pathlib import Path

import numpy as np

from gdviz.base.resources import assets
from gdviz.ui.toolkit.shipped_formulas import FILE, PIECES, key_of, shipped_latex, shipped_outline
from gdviz.ui.toolkit.widgets.math_label import laid_out, typeset


def test_the_file_is_of_today():
    """It is written by ``.ci/typeset_formulas.py``."""
    script = Path(__file__).parents[3] / ".ci" / "typeset_formulas.py"
    made = runpy.run_path(str(script))["typeset_formulas"]()
    shipped = json.loads((assets() / FILE).read_bytes())
    assert shipped["latex"] == made["latex"]
    assert shipped["outlines"].keys() == made["outlines"].keys()
    for latex in made["outlines"]:
        outline, written = laid_out(latex), shipped_outline(latex)
        # Another matplotlib may lay them out a little otherwise.
        np.testing.assert_allclose(written[0], outline.vertices, atol=2 / PIECES)
        assert written[1].tolist() == outline.codes.tolist()


def test_a_formula_is_found_with_its_names_alone():
    text, names = "(b*sigmoid(a*x) - t)^2/2", ("t", "x")
    found = shipped_latex(key_of(text, names, (), ("a", "b")))
    if found is None:  # then no surface has it any more
        key = next(iter(json.loads((assets() / FILE).read_bytes())["latex"]))
        raise AssertionError(f"take another formula, such as {key}")
    assert r"\sigma" in found
    assert shipped_latex(key_of(text, names, (), ("u", "v"))) is None
    assert shipped_latex(key_of(text, ("x",), (), ("a", "b"))) is None
    assert shipped_latex(key_of("a^2", (), (), ("a", "b"))) is None


def test_an_outline_is_that_of_the_label():
    latex = next(iter(json.loads((assets() / FILE).read_bytes())["outlines"]))
    assert typeset(latex).codes.tolist() == shipped_outline(latex)[1].tolist()
    assert shipped_outline("x + 1") is None
    assert typeset("x + 1") is not None
