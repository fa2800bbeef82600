"""Derivatives written out: right, readable, and soon, whatever the formula is."""

import time

import pytest
import sympy

from gdviz.base.cancel import Cancelled
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.latex_derivatives import written_derivatives
from gdviz.engine.objectives.datasets import DATASETS
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES


def written(text, *constants):
    return [derivative.latex for derivative in written_derivatives(text, constants)]


def test_the_sigmoid_unit_is_written_as_people_write_it():
    lines = written_derivatives("b*sigmoid(a*x)", ("x",))
    assert lines[0].text == "b*x*(1 - sigmoid(a*x))*sigmoid(a*x)"
    assert lines[1].latex == r"\sigma{\left(a x \right)}"
    assert lines[4].latex == "0"


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("a^2 + b^2", ["2 a", "2 b", "2", "0", "2"]),
        ("(b - a^2)^2/2", ["2 a^{3} - 2 a b", "b - a^{2}", "6 a^{2} - 2 b", "- 2 a", "1"]),
        ("1.05*a*b", ["1.05 b", "1.05 a", "0", "1.05", "0"]),
        ("a/3 + pi*b", [r"\frac{1}{3}", r"\pi", "0", "0", "0"]),
        ("sin(2*a)", [r"2 \cos{\left(2 a \right)}", "0", r"- 4 \sin{\left(2 a \right)}", "0", "0"]),
    ],
)
def test_polynomials_and_functions(text, latex):
    assert written(text) == latex


@pytest.mark.parametrize("name", [name for name in SURFACES if not SURFACES[name].data])
def test_they_are_the_derivatives(name):
    surface = SURFACES[name]
    objective = FormulaObjective.of(surface)
    at = 0.37, -0.81
    values = surface.defaults
    wanted = (*objective.gradients(*at), *objective.hessians(*at))
    lines = written_derivatives(surface.formula, tuple(sorted(values)))
    functions = {"sigmoid": lambda t: 1 / (1 + sympy.exp(-t))}
    for line, derivative in zip(lines, wanted, strict=True):
        if line.text:
            expression = sympy.sympify(line.text, functions)
            got = expression.subs({"a": at[0], "b": at[1], **values})
            assert float(got) == pytest.approx(float(derivative), rel=1e-4, abs=1e-9)


def test_over_data_they_are_sums_over_the_rows():
    surface = SURFACES["linear-regression"]
    lines = written_derivatives(surface.formula, (), DATASETS[surface.data].names)
    assert r"\sum_{i}" in lines[0].latex
    assert "x_{i}" in lines[0].latex
    assert lines[4].latex == "2"


def test_over_data_they_are_written_on_a_line_as_they_would_be_typed():
    lines = written_derivatives("mean(weight*(a*x1 - y)^2)/b", (), ("x1", "y", "weight"))
    assert lines[0].text == "sum(2*weight*x1*(a*x1 - y))/(b*n)"
    for line in lines:
        Formula.parse(line.text.replace("**", "^"), (), ("x1", "y", "weight"))


@pytest.mark.parametrize(
    "text",
    [
        "(((((2*a)^99)^99)^99)^99)^99", "2^(100 + a - a)*b", "k^(100*a/a*100*a/a*100)*b",
        "((((2*a)^64)^64)^64)^64", "1e300*a*1e300*b", "*".join(["(a + b)"] * 100),
        "sigmoid(" * 40 + "a" + ")" * 40, "+".join(f"sin({i}*a)*b" for i in range(70)),
        "a^b^a^b^a^b^a", "(a + b + sin(a*b))^60*(a - b)^60", "(2/3)^(99^9*a)",
        "exp(exp(exp(exp(exp(exp(a*b))))))", "0^a + log(a - a)", "*".join(["(a+b+k+1)"] * 12),
    ],
)  # fmt: skip
def test_whatever_the_formula_is_it_does_not_take_long(text):
    begin = time.process_time()  # whatever else the machine is busy with
    lines = written_derivatives(text, ("k",))
    assert time.process_time() - begin < 3
    assert all(len(line.latex) < 1000 and "infty" not in line.latex for line in lines)


def test_it_can_be_given_up():
    with pytest.raises(Cancelled):
        written_derivatives("a^2*b + cos(a)", (), (), lambda: True)


def test_what_is_written_is_finite_text():
    for surface in SURFACES.values():
        data = DATASETS.get(surface.data)
        names = tuple(sorted(surface.defaults))
        for line in written_derivatives(surface.formula, names, data.names if data else ()):
            assert "zoo" not in line.text
            assert "nan" not in line.text
