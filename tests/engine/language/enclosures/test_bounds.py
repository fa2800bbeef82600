"""Bounds hold all values, and show of common formulas that they have one everywhere."""

from __future__ import annotations

import random

import numpy as np
import pytest
from flint import arb

from gdviz.engine.language.enclosures.ball_arithmetic import enclose
from gdviz.engine.language.enclosures.bounds import ANY, Bounds, between, bounds
from gdviz.engine.language.formula import Formula, FormulaError
from gdviz.engine.language.operations import OPERATIONS
from tests.fuzz.formulas import random_formula


def of(text: str, a: Bounds = ANY, b: Bounds = ANY) -> Bounds:
    formula = Formula.parse(text)
    return bounds(formula.graph, [formula.output], {"a": a, "b": b})[formula.output]


@pytest.mark.parametrize(
    ("text", "low", "high", "has_zero"),
    [
        ("a^2 + 1", 1.0, np.inf, False),
        ("a*a - 1", -1.0, np.inf, True),
        ("1 - sin(a)^2", 0.0, 1.0, True),
        ("1 + exp(-a)", 1.0, np.inf, False),
        ("exp(a)*cosh(b)", 0.0, np.inf, False),
        ("sqrt(a^2 + b^2)", 0.0, np.inf, True),
        ("3 - abs(a)", -np.inf, 3.0, True),
        ("sign(1 + a^2)", 1.0, 1.0, False),
        ("heaviside(a)/2 + step(b)", 0.0, 1.5, True),
        ("max(a, 2)", 2.0, np.inf, False),
        ("min(-1, b)", -np.inf, -1.0, False),
        ("relu(a)", 0.0, np.inf, True),
    ],
)
def test_bounds_over_the_whole_plane(text: str, low: float, high: float, has_zero: bool) -> None:
    found = of(text)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-14)
    assert found.has_zero == has_zero


def test_bounds_over_a_range() -> None:
    assert of("1/a", between(2.0, 4.0))[:2] == pytest.approx((0.25, 0.5))
    assert of("a*b", between(-2.0, 3.0), between(-1.0, 5.0))[:2] == pytest.approx((-10.0, 15.0))
    assert of("log(a)", between(-1.0, 1.0))[:2] == (-np.inf, 0.0)
    assert of("a^-1.5", between(4.0, 9.0))[:2] == pytest.approx((1 / 27, 1 / 8))


def test_every_operation_has_bounds() -> None:
    written = [row for row in OPERATIONS.values() if row.name not in ("sum", "div", "pow")]
    for row in written:
        if not row.is_internal and not row.symbol:
            of(f"{row.name}({', '.join('ab'[: row.arity])})")


@pytest.mark.parametrize("seed", range(4))
def test_no_value_is_out_of_bounds(seed: int) -> None:
    source, seen = random.Random(seed), 0
    for _ in range(150):
        try:
            formula = Formula.parse(random_formula(source, source.choice((2, 3))))
        except FormulaError:
            continue
        ends = sorted((source.uniform(-3, 3), source.choice((0.0, 1.0, source.uniform(-3, 3)))))
        extent = between(*ends)
        found = of(formula.text, extent, extent)
        for _ in range(10):
            names = {"a": source.uniform(*ends), "b": source.choice(ends)}
            ball = enclose(formula.graph, formula.output, names)
            if ball is not None and ball.is_finite():
                seen += 1
                assert ball >= found.low or ball.overlaps(arb(found.low))
                assert ball <= found.high or ball.overlaps(arb(found.high))
                assert ball != 0 or found.has_zero
    assert seen > 500
