"""LaTeX of formulas, in the form in which they were written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

from gdviz.engine.language.latex import candidate_latex, latex
from gdviz.engine.language.latex_derivatives import gradient_latex
from gdviz.engine.objectives.datasets import DATASETS
from gdviz.engine.objectives.surfaces import SURFACES

PARSER = MathTextParser("path")


def is_mathtext(text):
    """Tell whether matplotlib can typeset a text; it raises if not."""
    return PARSER.parse(f"${text}$").width > 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("b*sigmoid(a*x)", r"b \sigma{\left(a x \right)}"),
        ("(b*sigmoid(a*x) - t)^2/2", r"\frac{\left(b \sigma{\left(a x \right)} - t\right)^{2}}{2}"),
        ("a - (b - 1)", r"a - \left(b - 1\right)"),
        ("a + b + 1", "a + b + 1"),
        ("-20*a", "- 20 a"),
        ("a*2*b + sin(b)*3", r"2 a b + 3 \sin{\left(b \right)}"),
        ("2*3*a", r"2 \cdot 3 a"),
        ("1/a", r"\frac{1}{a}"),
        ("sqrt(a)", r"\sqrt{a}"),
        ("pi*a + e", r"\pi a + e"),
    ],
)
def test_a_formula_keeps_its_form(text, expected):
    assert latex(text, ("t", "x")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a^2 + 1e-6*b", r"a^{2} + 10^{-6} b"),
        ("1e20*a - 2.5e20", r"10^{20} a - 2.5 \cdot 10^{20}"),
        ("1.5e10*a", r"1.5 \cdot 10^{10} a"),
        ("100000*a + 1e6*b", r"100000 a + 10^{6} b"),
        ("123456789*a + 12345678912*b", "123456789 a + 12345678912 b"),
        ("0.1234567890123456*a + 0.0001", "0.1234567890123456 a + 0.0001"),
        ("a*1e-6 - 0.00002", r"10^{-6} a - 2 \cdot 10^{-5}"),
        ("-1e-6*a - (-1e-6)", "- 10^{-6} a + 10^{-6}"),
        # A power of a power of ten is not one of its exponent, nor of its ten.
        ("1e-6^a", r"{\left(10^{-6}\right)}^{a}"),
        ("1e7^2*a", r"\left(10^{7}\right)^{2} a"),
        ("(2e-7)^a", r"{\left(2 \cdot 10^{-7}\right)}^{a}"),
        ("a^1e6 + a^-2e-6", r"a^{10^{6}} + a^{-2 \cdot 10^{-6}}"),
        ("1e-6*2^a*3e7*b", r"10^{-6} \cdot 3 \cdot 10^{7} \cdot 2^{a} b"),
        ("a/1e6", r"\frac{a}{10^{6}}"),
    ],
)
def test_numbers_are_spelled_as_everywhere(text, expected):
    assert latex(text) == expected
    assert is_mathtext(expected)


def test_no_power_of_numbers_is_worked_out():
    # Exactly, (1/3)^1e15 has 477 million million digits.
    assert r"\frac{1}{3}" in latex("(1/3)^1e15 + a")


def columns(surface):
    return DATASETS[surface.data].names if surface.data else ()


@pytest.mark.sampled(6)
@pytest.mark.parametrize("surface", SURFACES.values(), ids=lambda s: s.name)
def test_every_surface_can_be_typeset(surface):
    data = columns(surface)
    assert is_mathtext(latex(surface.formula, tuple(sorted(surface.defaults)), data))
    assert not surface.model or is_mathtext(latex(surface.model, (), data))
    for pair in gradient_latex(surface.formula, surface.defaults, (-1.25, 2e-7), data):
        assert all(map(is_mathtext, pair))


ATOMS = st.sampled_from(["a", "b", "x", "2", "0.5", "1e-7", "pi", "e"])
FORMULAS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/^"), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})"),
        st.tuples(
            st.sampled_from(
                ["exp", "log", "log10", "sqrt", "abs", "sin", "atan", "sigmoid", "relu", "softplus"]
            ),
            inner,
        ).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(st.sampled_from(["max", "min"]), inner, inner).map(
            lambda t: f"{t[0]}({t[1]}, {t[2]})"
        ),
        inner.map(lambda t: f"-({t})"),
    ),
    max_leaves=8,
)


@given(FORMULAS)
def test_whatever_is_a_formula_has_latex(text):
    assert latex(text, ("x",))


def test_a_claim_keeps_its_form():
    ((symbols, numbers), (other, _)) = candidate_latex(
        ("b*x*(1 - a)", "(a + a)/2"), {"x": 3.0}, (0.5, -2.0)
    )
    assert symbols == r"b x \left(1 - a\right)"
    assert numbers == r"\left(-2\right) \cdot 3 \cdot \left(1 - 0.5\right)"
    assert other == r"\frac{a + a}{2}"
    ((_, numbers),) = candidate_latex(("a*x^2 + b/x",), {"x": 1e-6}, (2e7, -1e-7))
    assert numbers == (
        r"\left(2 \cdot 10^{7}\right) \cdot \left(10^{-6}\right)^{2} + "
        r"\frac{\left(-10^{-7}\right)}{10^{-6}}"
    )
    assert candidate_latex(("+".join(["a"] * 100), "1"), {}, (1.0, 2.0)) == ()
