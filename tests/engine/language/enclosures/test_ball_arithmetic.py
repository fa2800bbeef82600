"""Balls hold the number that they are of: against mpmath, and against what float64 computes."""

from __future__ import annotations

import math
import threading
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from gdviz.engine.language.enclosures.ball_arithmetic import FLOAT64, UNIT, enclose, radius
from gdviz.engine.language.graph import Graph, lower
from gdviz.engine.language.operations import FUNCTIONS, OPERATIONS
from gdviz.engine.language.parser import parse
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.language.mpmath_reference import MPMATH


def ball(text: str, bits: int = 400, **names: Any) -> Any:
    graph = Graph()
    return enclose(graph, lower(parse(text, tuple(names)), graph), names, bits)


def as_mpf(number: Any) -> Any:
    mantissa, exponent = number.mid().man_exp()
    return mp.ldexp(int(mantissa), int(exponent))


@pytest.mark.parametrize(
    "operation", [row.name for row in OPERATIONS.values() if not row.is_over_rows | row.is_internal]
)
@pytest.mark.parametrize("u", [0.7, 0.25, 1e-9, 12.5, -0.6, -3.0, 0.0])
def test_every_operation_against_mpmath(operation: str, u: float) -> None:
    graph, values = Graph(), (u, -1.75)[: OPERATIONS[operation].arity]
    node = graph.apply(operation, *map(graph.name, "uv"[: len(values)]))
    found = enclose(graph, node, dict(zip("uv", values, strict=False)))
    with mp.workdps(150):
        try:
            expected = MPMATH[operation](*map(mp.mpf, values))
        except (ZeroDivisionError, ValueError):
            expected = mp.nan
        if isinstance(expected, mp.mpf) and mp.isfinite(expected):
            assert abs(as_mpf(found) - expected) <= mp.mpf(radius(found)) + mp.mpf(10) ** -140
            assert radius(found) <= 1e-110 * (1.0 + abs(float(expected)))
        else:
            assert found is None


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("log(cos(0.001))*a", "-5.000000833333555555623e-7"),
        ("(1 - cos(1e-5))*a", "4.999999999958333333333e-11"),
        ("(sigmoid(10) - 1)*a", "-4.539786870243439450478e-5"),
        ("acos(cos(1e-3))*a", "0.001"),
        ("log(tanh(10*1.5))*a", "-1.871524593768034920983e-13"),
    ],
)
def test_what_is_folded_from_rounded_numbers_is_known_to_be_rounded(text: str, digits: str) -> None:
    """The ball of a result holds the true one, and with 53 bits how far a float is from it."""
    exact = mp.mpf(digits)
    with mp.workdps(50):
        assert abs(as_mpf(ball(text, a=1.0)) - mp.mpf(digits)) < 1e-15 * abs(exact)
    off = abs(FormulaObjective.from_text(text).value(1.0, 0.0) - float(digits))
    assert off <= 4 * radius(ball(text, FLOAT64, a=1.0)) < 1e-10


def test_float64_lies_in_the_ball_of_its_bits_and_the_ball_is_not_loose() -> None:
    """The value of every surface and its gradient, as the generated code computes them."""
    pick = np.random.default_rng(5)
    for surface in SURFACES.values():
        objective = FormulaObjective.of(surface)
        formula, columns = objective.formula, objective.data.arrays if objective.data else {}
        names = {**dict(zip(formula.constants, objective.constants, strict=True)), **columns}
        home = surface.home
        for a, b in pick.uniform(home[::2], home[1::2], (5, 2)).tolist():
            values = objective.value(a, b), *objective.gradient(a, b)
            for node, value in zip((formula.output, *formula.gradient_nodes), values, strict=True):
                given = {**names, "a": a, "b": b, "n": float(objective.rows)}
                found = enclose(formula.graph, node, given, FLOAT64)
                assert abs(float(found.mid()) - value) <= 2 * radius(found), surface.name
                assert radius(found) < 1e5 * UNIT * (1.0 + abs(value)), surface.name


@pytest.mark.parametrize(
    "text", ["log(a)", "log10(a)", "sqrt(a)", "asin(3*a)", "acos(3*a)", "a^0.5", "1/(a + 3)",
             "(a + 3)^-1", "log(a + 3)", "exp(sqrt(a)) - exp(sqrt(a))", "b*log(a)*a + b"],
)  # fmt: skip
def test_outside_an_operations_domain_there_is_no_ball(text: str) -> None:
    assert ball(text, a=-3.0, b=0.0) is None


@pytest.mark.parametrize("text", ["sqrt(z)", "log(z)", "1/z", "z^0.5", "asin(1 + z)"])
def test_on_both_sides_of_the_edge_of_a_domain_nothing_is_known(text: str) -> None:
    # 0.1·3 − 0.3 may be above or below zero, as its numbers were meant.
    found = ball(text.replace("z", "(0.1*a - 0.3*b)"), a=3.0, b=1.0)
    assert found is not None
    assert not found.is_finite()
    assert radius(found) == math.inf


def test_powers_of_negative_numbers() -> None:
    assert ball("a^k", a=-3.0, k=2.0) == 9
    assert ball("a^(k - 1)", a=-3.0, k=2.0) == -3
    assert ball("a^(k/4)", a=-3.0, k=2.0) is None
    assert not ball("a^(0.1*k)", a=-3.0, k=10.0).is_finite()  # which may be 1, and another


def test_what_is_written_differently_overlaps_and_what_differs_does_not() -> None:
    point = {"a": 0.3, "b": -1.7}
    expanded = ball("a^4 - 4*a^3*b + 6*a^2*b^2 - 4*a*b^3 + b^4", **point)
    assert expanded.overlaps(ball("(a - b)^4", **point))
    assert not expanded.overlaps(ball("(a - b)^4 + 1e-100*a", **point))
    # π with 15 digits may be meant as π; with 10 it is another number.
    assert ball("3.14159265358979*a", **point).overlaps(ball("pi*a", **point))
    assert not ball("3.141592654*a", **point).overlaps(ball("pi*a", **point))


def test_large_numbers_are_no_hindrance() -> None:
    assert ball("exp(a)/exp(a)", a=1e6).overlaps(ball("1 + 0*a", a=1e6))
    assert not ball("exp(exp(exp(exp(a))))", a=9.0).is_finite()
    assert ball("softplus(a)", a=1e30).overlaps(ball("a", a=1e30))


def test_over_rows_it_is_their_sum() -> None:
    graph = Graph()
    x = graph.name("x", varies=True)
    node = graph.sum(graph.apply("div", graph.number(1.0), x))
    assert enclose(graph, node, {"x": np.array([1.0, 2.0, -4.0])}) == 1.25
    assert enclose(graph, node, {"x": np.array([1.0, 0.0, -4.0])}) is None


def test_threads_do_not_share_their_precision() -> None:
    radii: dict[int, set[float]] = {FLOAT64: set(), 400: set()}

    def run(bits: int) -> None:
        for _ in range(300):
            radii[bits].add(radius(ball("exp(sin(a)*b)/(a + b)", bits, a=0.7, b=1.3)))

    threads = [threading.Thread(target=run, args=(bits,)) for bits in radii]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(found) == 1 for found in radii.values())
    assert max(radii[400]) < 1e-100 < 1e-17 < min(radii[FLOAT64])


def test_every_function_has_balls() -> None:
    for name, function in FUNCTIONS.items():
        text = f"{name}(a, b)" if function.arity == 2 else f"{name}(a)"
        assert ball(text, a=0.5, b=0.25).is_finite()
