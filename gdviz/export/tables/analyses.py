"""The analyses as tables: CSV and JSON whose numbers round-trip."""

from dataclasses import astuple, fields

from gdviz.engine.analysis.alpha_sweep import RateSweep
from gdviz.engine.analysis.epsilon_sweep import Sweep
from gdviz.engine.analysis.logistic.gradients import VARIANTS
from gdviz.engine.analysis.reach import reach as reaching
from gdviz.engine.analysis.scaling import QUANTITIES, Measurement, ScalingResult
from gdviz.export.tables.text import csv_text, json_text

#: The columns in their order; files and scripts rely on it.
SWEEP_COLUMNS = ("estimate", "precision", "epsilon", "gradient_error", "expected_error")
RATES_COLUMNS = ("method", "alpha", "final_loss", "status")
SCALING_COLUMNS = tuple(field.name for field in fields(Measurement))
REACH_COLUMNS = tuple(field.name for field in fields(reaching.Reached))


def sweep_csv(sweep: Sweep) -> str:
    """Return a sweep as CSV, a row an ε of each curve; what is no number is ``nan``."""
    return csv_text(
        SWEEP_COLUMNS,
        (
            (curve.estimate, curve.arithmetic, *numbers)
            for curve in sweep.curves
            for numbers in zip(
                sweep.epsilon.tolist(), curve.error.tolist(), curve.expected.tolist(), strict=True
            )
        ),
    )


def rates_csv(sweep: RateSweep) -> str:
    """Return an α sweep as CSV, a row an α of each method."""
    return csv_text(
        RATES_COLUMNS,
        (
            (curve.label, alpha, loss, status.value)
            for curve in sweep.curves
            for alpha, loss, status in zip(
                sweep.alpha.tolist(), curve.loss.tolist(), curve.statuses, strict=True
            )
        ),
    )


def scaling_csv(result: ScalingResult) -> str:
    """Return measurements as CSV, a row a gradient."""
    return csv_text(SCALING_COLUMNS, map(astuple, result.measurements))


def scaling_json(result: ScalingResult) -> str:
    """Return measurements as JSON: an object with ``rows``, ``measurements`` and ``slopes``.

    A slope is ``null`` where there are fewer than two N.
    """
    slopes = {
        name: {quantity: result.slope(name, quantity) for quantity in QUANTITIES}
        for name in VARIANTS
    }
    return json_text({"rows": result.rows, "measurements": result.measurements, "slopes": slopes})


def reach_csv(result: reaching.ReachResult) -> str:
    """Return what it takes to reach a loss as CSV, a row a way at each N; else ``nan``."""
    return csv_text(REACH_COLUMNS, map(astuple, result.found))


def reach_json(result: reaching.ReachResult) -> str:
    """Return the same as JSON: an object with ``loss``, ``rows``, ``seed``, ``found``, ``slopes``.

    A slope is an object with what is fitted ``up_to_the_rows`` and ``beyond``; a number is ``null``
    where there is none.
    """
    slopes = {
        name: {
            quantity: {
                "up_to_the_rows": result.slope(name, quantity),
                "beyond": result.slope(name, quantity, beyond=True),
            }
            for quantity in reaching.QUANTITIES
        }
        for name in reaching.COMPARED
    }
    return json_text(
        {
            "loss": result.loss,
            "rows": result.rows,
            "seed": result.seed,
            "found": result.found,
            "slopes": slopes,
        }
    )
