"""Each way of taking a gradient as a program: it gives the numbers of the estimate."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from gdviz.engine.analysis.gradient_programs import (
    USUAL,
    VARIANTS,
    gradient_programs,
    variants_of,
)
from gdviz.engine.descent.estimates.adaptive import best_steps
from gdviz.engine.descent.estimates.draws import Draws
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.language.backends import NUMPY
from gdviz.engine.language.formula import DIRECTION, Formula
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES

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


#: Some that are as long as all others together would be.
FEW = [TEXTS[0], TEXTS[4], TEXTS[6], SIGMOIDS[1]]


def drawn_for(variant: str, counted: CountedObjective) -> dict[str, float]:
    """Return what the estimate draws, or chooses, by the names of its program."""
    if variant == "adaptive":
        steps = best_steps(counted, POINT["a"], POINT["b"])
        return {f"#step_{name}": step for name, step in zip("ab", steps, strict=True)}
    draws = Draws()
    numbers = next(draws.signs() if variant == "spsa" else draws.normals(10))
    names = [f"{name}_{pair}" if pair else name for pair in range(5) for name in DIRECTION]
    return dict(zip(names, numbers, strict=False))


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        (text, name)
        for name in VARIANTS
        if name not in ("value", "random-coordinate", "mini-batch")
        for text in ([*TEXTS, *SIGMOIDS] if name in USUAL else FEW)
    ],
)
def test_a_program_gives_the_estimates_numbers(text: str, variant: str) -> None:
    objective = FormulaObjective(formula_of(text), (POINT["t"], POINT["x"]))
    counted_objective = CountedObjective(objective, "float64")
    expected = ESTIMATES[VARIANTS[variant].estimate].bind(counted_objective, EPSILON, False)(
        POINT["a"], POINT["b"]
    )
    program = gradient_programs(objective.formula, (variant,))[variant]
    drawn = drawn_for(variant, counted_objective)
    *_, in_a, in_b = program.compile()(*program.arguments(POINT, EPSILON, drawn))
    if variant in ("forward-mode", "forward-gradient", "adaptive"):  # spans, ones and zeros folded
        assert (in_a, in_b) == pytest.approx(expected, rel=1e-13)
    else:
        assert (in_a, in_b) == expected  # the same operations in the same order


def test_the_program_of_a_random_coordinate_is_that_of_the_first() -> None:
    objective = FormulaObjective(formula_of(TEXTS[0]), (POINT["t"], POINT["x"]))
    f = CountedObjective(objective, "float64")
    first = list(itertools.islice(Draws().coordinates(), 20)).index(0)
    gradient = ESTIMATES["random-coordinate"].bind(f, EPSILON, False, Draws(first=first))
    name = "random-coordinate"
    program = gradient_programs(objective.formula, (name,))[name]
    assert program.compile()(*program.arguments(POINT, EPSILON)) == gradient(0.7, 1.3)


def test_the_program_of_a_mini_batch_is_over_its_rows() -> None:
    objective = FormulaObjective.of(SURFACES["logistic-regression"])
    f, name = CountedObjective(objective, "float64"), "mini-batch"
    rows, n = next(Draws().subsets(8, 40)), 40
    program = gradient_programs(objective.formula, (name,))[name]
    columns = {key: column[rows] for key, column in objective.data.arrays.items()}
    point = {"a": 0.7, "b": 1.3, "n": n, **columns}
    found = program.compile(NUMPY)(*program.arguments(point, 0.0, {"#scale": n / 8}))
    expected = ESTIMATES[name].bind(f, 0.0, False)(0.7, 1.3)
    assert [part.item() for part in found] == pytest.approx(expected, rel=1e-14)


def test_the_variants_that_are_compared() -> None:
    assert USUAL == (
        "value", "analytic", "forward", "forward-reused", "central", "central-reused"
    )  # fmt: skip
    assert variants_of(["analytic", "mistaken", "forward"], 6) == USUAL
    assert variants_of(["spsa"], 6) == (*USUAL[:5], "spsa")
    assert variants_of(["spsa", "gaussian", "evolution", "forward-mode", "mini-batch"], 6) == (
        "value", "analytic", "forward-mode", "spsa", "gaussian", "evolution", "mini-batch"
    )  # fmt: skip
    taken = {row.estimate for row in VARIANTS.values()} - {""}
    assert set(ESTIMATES) - taken == {"backward", "complex-step", "mistaken", "yours"}


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
