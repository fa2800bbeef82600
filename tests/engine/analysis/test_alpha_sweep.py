"""The α sweep: the paths' own losses and statuses, progress and cancelling."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.engine.analysis.alpha_sweep import RateSweep, rates, sweep_rates
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.path import Status
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES

HOME = Range(-6.0, 6.0, -3.0, 3.0)
QUADRATIC = FormulaObjective.from_text("(a^2 + 25*b^2)/2")


def methods(*estimates: str, **changes: Any) -> dict[str, RunSettings]:
    fields: dict[str, Any] = {"alpha": 1.0, "epsilon": 1e-3, "steps": 400, "bounds": HOME}
    fields |= changes
    return {name: RunSettings(ESTIMATES[name], RULES["gd"], **fields) for name in estimates}


def swept(
    objective: FormulaObjective = QUADRATIC,
    start: tuple[float, float] = (5.0, 2.0),
    alpha: Any = None,
    **changes: Any,
) -> RateSweep:
    return sweep_rates(objective, methods("analytic", **changes), start, alpha=alpha)


def test_the_rates() -> None:
    grid = rates()
    assert len(grid) == 60
    assert (grid[0], grid[-1]) == (1e-6, 10.0)
    np.testing.assert_allclose(np.diff(np.log(grid)), math.log(1e7) / 59)


def test_a_quadratic_diverges_exactly_past_the_bound() -> None:
    result = swept()
    (curve,) = result.curves
    diverged = np.array([status is Status.DIVERGED for status in curve.statuses])
    np.testing.assert_array_equal(diverged, result.alpha > 2 / 25)
    assert (curve.loss[diverged] > 62.5).all()
    assert (curve.loss[~diverged] < 62.5).all()
    # Just below the bound, just above it.
    beside = swept(alpha=[0.0798, 0.0802], steps=10_000)
    assert beside.curves[0].statuses == (Status.ESTIMATE_VANISHED, Status.DIVERGED)


def test_too_small_a_rate_does_not_arrive() -> None:
    result = swept()
    (curve,) = result.curves
    small = result.alpha < 1e-3
    assert {curve.statuses[i] for i in np.flatnonzero(small)} == {Status.STEP_LIMIT}
    assert (curve.loss[small] > 1.0).all()
    assert (np.diff(curve.loss[small]) < 0.0).all()
    # The best rate is the one that treats both eigenvalues alike, 2/(λmin + λmax).
    best = result.alpha[np.nanargmin(curve.loss)]
    assert best == pytest.approx(2 / 26, rel=0.35)


def test_losses_and_statuses_are_those_of_the_paths() -> None:
    surface = SURFACES["himmelblau"]
    objective = FormulaObjective.of(surface)
    run = methods(
        "analytic", "forward", steps=30, bounds=surface.home, precision="float32",
        representable_step=True,
    )  # fmt: skip
    result = sweep_rates(objective, run, surface.start, alpha=[1e-4, 1e-2, 1.0])
    assert [curve.label for curve in result.curves] == ["analytic", "forward"]
    for settings, curve in zip(run.values(), result.curves, strict=True):
        for alpha, loss, status in zip(result.alpha, curve.loss, curve.statuses, strict=True):
            path = descend(objective, replace(settings, alpha=alpha), surface.start)
            assert (path.status, path.loss[-1]) == (status, loss)


def test_a_start_where_nothing_is_defined() -> None:
    result = swept(FormulaObjective.from_text("log(a)"), start=(-1.0, 0.0), alpha=[0.1, 1.0])
    assert result.curves[0].statuses == (Status.UNDEFINED, Status.UNDEFINED)
    assert np.isnan(result.curves[0].loss).all()


def test_results_come_a_rate_at_a_time_and_outlive_cancelling() -> None:
    seen: list[RateSweep] = []
    both, start = methods("analytic", "forward"), (5.0, 2.0)
    result = sweep_rates(QUADRATIC, both, start, alpha=[0.01, 0.02, 0.03], progress=seen.append)
    assert [len(partial.alpha) for partial in seen] == [1, 2, 3]
    assert all(len(c.loss) == len(p.alpha) == len(c.statuses) for p in seen for c in p.curves)
    np.testing.assert_array_equal(seen[-1].curves[1].loss, result.curves[1].loss)

    seen.clear()
    with pytest.raises(Cancelled):
        sweep_rates(QUADRATIC, both, start, progress=seen.append, cancelled=lambda: len(seen) == 2)
    assert len(seen[-1].alpha) == 2


def test_no_rates_at_all() -> None:
    result = swept(alpha=[])
    assert result.curves[0].statuses == ()
