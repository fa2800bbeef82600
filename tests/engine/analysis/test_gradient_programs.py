"""Each way of taking a gradient as a program: it gives the numbers of the estimate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from gdviz.engine.analysis.gradient_programs import VARIANTS, gradient_programs
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.language.backends import NUMPY
from gdviz.engine.language.formula import Formula
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES

if TYPE_CHECKING:
    pass


TEXTS = [
    "a*exp(b) - log(a + 2)/b",
    "(1 - a)^2 + 100*(b - a^2)^2",
    "a^4 - b^3 + a^5 + 2^a",
    "sin(a*b)*cos(a*b) + tan(a) - atan(b)",
    "tanh(a)*sinh(b) + cosh(a - b)",
    "softplus(a) + sqrt(a^2 + b^2)",
    "relu(a) + max(a, b, a*b) - abs(b)",
    "log10(a + b)*-b",
    "x*a/(b + x) + x^2",
    *(SURFACES[name].formula for name in ("peaks", "ackley", "goldstein-price", "flower")),
]


SIGMOIDS = [
    SURFACES[name].formula
    for name in ("sigmoid-unit", "nested-sigmoid", "three-units", "sigmoid-fit", "nested-fit")
]


POINT = {"a": 0.7, "b": 1.3, "x": 0.9, "t": 0.8}


EPSILON = 1e-3


def formula_of(text: str) -> Formula:
    return Formula.parse(text, ("t", "x"))


@pytest.mark.parametrize("variant", [name for name in VARIANTS if name != "value"])
@pytest.mark.parametrize("text", [*TEXTS, *SIGMOIDS])
def test_a_program_gives_the_estimates_numbers(text: str, variant: str) -> None:
    objective = FormulaObjective(formula_of(text), (POINT["t"], POINT["x"]))
    counted_objective = CountedObjective(objective, "float64")
    expected = ESTIMATES[VARIANTS[variant].estimate].bind(counted_objective, EPSILON, False)(
        POINT["a"], POINT["b"]
    )
    program = gradient_programs(objective.formula)[variant]
    *_, in_a, in_b = program.compile()(*program.arguments(POINT, EPSILON))
    assert (in_a, in_b) == expected  # the same operations in the same order


def test_a_program_runs_on_arrays() -> None:
    program = gradient_programs(formula_of("a*exp(b*x)"))["forward-reused"]
    a = np.linspace(0.5, 2.0, 5)
    value, in_a, in_b = program.compile(NUMPY)(*program.arguments({**POINT, "a": a}, 1e-6))
    np.testing.assert_allclose(value, a * np.exp(1.17))
    np.testing.assert_allclose(in_a, np.exp(1.17), rtol=1e-8)
    np.testing.assert_allclose(in_b, 0.9 * value, rtol=1e-5)


def test_constants_may_be_called_anything() -> None:
    formula = Formula.parse("ε*a + step_*b", ("step_", "ε"))
    program = gradient_programs(formula)["central"]
    point = {"a": 1.0, "b": 2.0, "ε": 3.0, "step_": 4.0}
    assert program.compile()(*program.arguments(point, 0.5)) == (3.0, 4.0)
