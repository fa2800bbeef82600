"""Brent's minimisation against known minima, and its counts beside golden section's."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from gdviz.engine.brent import Known, narrow


def narrowed(
    f: Callable[[float], float], low: float, middle: float, high: float, tolerance: float = 1e-9
) -> tuple[Known, list[float]]:
    taken: list[float] = []

    def value(x: float) -> float:
        taken.append(x)
        return f(x)

    bracket = (Known(x, f(x)) for x in (low, middle, high))
    return narrow(value, *bracket, tolerance, 60), taken


@pytest.mark.parametrize(
    ("f", "at", "most"),
    [
        (lambda x: (x - 0.3) ** 2, 0.3, 5),  # the first parabola is the function
        (lambda x: math.cosh(x - 0.3), 0.3, 12),
        (lambda x: abs(x - 0.3), 0.3, 60),  # parabolas do not fit
        (lambda x: (x - 0.3) ** 4, 0.3, 60),
        (lambda x: math.inf if x < 0.3 else x, 0.3, 60),
    ],
)
def test_minima_that_are_known(f: Callable[[float], float], at: float, most: int) -> None:
    found, taken = narrowed(f, -0.5, 0.4, 1.0, 3e-8)
    assert found.value == f(found.at) <= f(0.4)
    assert found.at == pytest.approx(at, abs=1e-7 if f(0.31) > 1e-4 else 1e-3)
    assert len(taken) <= most


def test_golden_section_would_take_three_times_as_many() -> None:
    found, taken = narrowed(lambda x: math.exp(x) - 2 * x, 0.0, 0.5, 1.0)
    assert found.at == pytest.approx(math.log(2), abs=1e-7)
    assert len(taken) < math.log(1e-9) / math.log((math.sqrt(5) - 1) / 2) / 3


def test_it_stays_in_the_bracket_and_within_its_values() -> None:
    found, taken = narrowed(lambda x: math.sin(9 * x), 0.1, 0.5, 0.7)
    assert all(0.1 < x < 0.7 for x in taken)
    assert found.at == pytest.approx(math.pi / 6)
    some: list[float] = []
    bracket = Known(0.0, 1.0), Known(0.5, 0.0), Known(1.0, 1.0)
    assert narrow(lambda x: some.append(x) or 1.0, *bracket, 1e-9, 3) == bracket[1]
    assert len(some) == 3
