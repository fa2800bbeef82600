"""Where a function has no gradient, in sentences: by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.nonsmooth import jump, kink, sides_along, undefined


def of(text: str) -> FormulaObjective:
    return FormulaObjective.from_text(text)


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("log(a) + b", (-1.0, 2.0), "f is undefined at (−1, 2)"),
        ("1/a + b", (0.0, 2.0), "f is infinite at (0, 2)"),
        ("sqrt(a) + b", (0.0, 2.0), "∇f is infinite at (0, 2), where f = 2"),
        ("a*sqrt(a) + 0*b", (0.0, 2.0), "∇f is undefined at (0, 2), where f = 0"),
        ("log(a) + b", (1.0, 2.0), ""),
    ],
)
def test_undefined(text: str, at: tuple[float, float], expected: str) -> None:
    assert undefined(of(text), at) == expected


def test_a_jump_of_f() -> None:
    said = jump(of("3*step(a - 1) + b"), (1.0, 2.0))
    assert said == "f jumps at (1, 2) from 2 to 5: it has no gradient there"
    assert jump(of("3*step(a - 1) + b"), (1.001, 2.0)) == ""


@pytest.mark.parametrize(
    ("text", "at", "name"),
    [("abs(a)*2 + b", (0.0, 2.0), "a"), ("a^2 + max(b, 3)", (1.0, 3.0), "b")],
)
def test_a_jump_of_the_gradient_is_a_kink(text: str, at: tuple[float, float], name: str) -> None:
    sides = {"a": "∂f/∂a is −2 on one side and 2 on the other",
             "b": "∂f/∂b is 0 on one side and 1 on the other"}[name]  # fmt: skip
    assert kink(of(text), at) == sides
    assert f"the gradient jumps at ({at[0]:g}, {at[1]:g}): {sides}" in jump(of(text), at)
    assert kink(of(text), (at[0] + 0.1, at[1] + 0.1)) == ""


def test_a_jump_is_no_kink_and_what_is_smooth_has_neither() -> None:
    assert kink(of("step(a) + b"), (0.0, 1.0)) == ""
    for at in ((0.0, 0.0), (1e9, -1e9)):
        assert jump(of("a^2 + sin(b)"), at) == kink(of("a^2 + sin(b)"), at) == ""


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("sqrt(abs(a)) + b", (-math.inf, math.inf)),
        ("abs(a) + b", (-1.0, 1.0)),
        ("sqrt(relu(a)) + b", (0.0, math.inf)),
        ("relu(a) + a^2 + b", (0.0, 1.0)),
    ],
)
def test_a_slope_without_bounds_is_infinite(text: str, sides: tuple[float, float]) -> None:
    """Written down: 1/(2·√|a|) has no bound on the side of a where the root is."""
    found = sides_along(of(text), (0.0, 1.0), 0)
    assert found == pytest.approx(sides, abs=1e-8)


class Drawing(FormulaObjective):
    """A loss that is another number in each call, as that of a mini-batch is."""

    draws = np.random.default_rng(0)

    @property
    def is_smooth(self) -> bool:
        return False  # nobody knows of code

    def values(self, a: Any, b: Any) -> Any:
        found = super().values(a, b)
        return found + 1e-3 * self.draws.standard_normal(np.shape(found))


@pytest.mark.parametrize("at", [(-1.0, -1.0), (0.3, 2.0), (5.0, -4.0)])
def test_what_is_drawn_is_no_jump(at: tuple[float, float]) -> None:
    assert jump(Drawing.from_text("(a - 1)^2 + b^2"), at) == ""
