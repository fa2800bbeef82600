"""Measured times of each way of taking a gradient."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gdviz.engine.analysis.gradient_programs import USUAL
from gdviz.engine.analysis.gradient_timing import seconds
from gdviz.engine.language.formula import Formula
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES

if TYPE_CHECKING:
    pass


def formula_of(text: str) -> Formula:
    return Formula.parse(text, ("t", "x"))


def test_measured_times() -> None:
    objective = FormulaObjective(formula_of(SURFACES["sigmoid-unit"].formula), (0.8, 1.0))
    measured = seconds(objective, 0.7, 1.3, 1e-6, shortest=1e-4, repeats=2)
    assert list(measured) == list(USUAL)
    assert all(0 < value < 1e-2 for value in measured.values())
    assert measured["value"] < measured["central"]


def test_a_time_is_nan_where_floats_raise() -> None:
    measured = seconds(FormulaObjective.from_text("log(a) + b"), -1.0, 1.0, 1e-6, shortest=1e-6)
    assert all(math.isnan(measured[name]) for name in USUAL)
    # The value of √a at 0 is defined, its derivative is not.
    measured = seconds(FormulaObjective.from_text("sqrt(a) + b"), 0.0, 1.0, 1e-6, shortest=1e-6)
    assert not math.isnan(measured["forward"])
    assert math.isnan(measured["analytic"])
    assert math.isnan(measured["central"])


def test_a_measurement_can_be_cancelled() -> None:
    measured = seconds(
        FormulaObjective.from_text("a"), 1.0, 1.0, 1.0, shortest=1e-6, cancelled=lambda: True
    )
    assert list(measured) == list(USUAL)
