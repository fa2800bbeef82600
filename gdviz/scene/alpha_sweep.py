"""The α sweep of an experiment: which of its methods are swept, with what, and on which axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from gdviz.base.types import Array
from gdviz.engine.analysis.alpha_sweep import RateMethod, RateSweep, sweep_rates
from gdviz.engine.descent.path import Status
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.engine.descent.update_rules import RULES
from gdviz.experiment.model import Experiment
from gdviz.scene.scene import walking_range

#: What such a path ends with may be any number, and would stretch the axis.
_LOST = frozenset({Status.DIVERGED, Status.NOT_A_NUMBER, Status.UNDEFINED})
#: What is negative by less than this part of the largest loss is a zero, rounded.
_ROUNDED = 1e-9


def swept_rows(experiment: Experiment) -> tuple[int, ...]:
    """Return the rows of the methods that are shown and have a learning rate, in order."""
    return tuple(row for row in _shown_rows(experiment) if _has_rate(experiment, row))


def left_out(experiment: Experiment) -> str:
    """Say which rules of shown methods have no learning rate; empty where all have one."""
    rules = [
        RULES[experiment.methods[row].rule].title
        for row in _shown_rows(experiment)
        if not _has_rate(experiment, row)
    ]
    return f"α is not used by {', '.join(dict.fromkeys(rules))}" if rules else ""


def _shown_rows(experiment: Experiment) -> list[int]:
    return [row for row, method in enumerate(experiment.methods) if method.shown]


def _has_rate(experiment: Experiment, row: int) -> bool:
    # A search along the direction decides how far to go.
    return not RULES[experiment.methods[row].rule].searches


def essence(experiment: Experiment) -> Experiment:
    """Return the experiment with everything that its α sweep does not depend on set aside.

    Two experiments with equal essences have equal sweeps.
    """
    return experiment.replace(
        alpha=1.0,
        eta=1.0,
        more_starts=(),
        range=walking_range(experiment),
        color_scale="auto",
        methods=tuple(
            msgspec.structs.replace(method, alpha=None, color="") for method in experiment.methods
        ),
    )


def sweep_experiment(
    experiment: Experiment,
    alpha: Sequence[float] | Array | None = None,
    progress: Callable[[RateSweep], None] | None = None,
    cancelled: Callable[[], bool] = bool,
) -> RateSweep:
    """Run the experiment's methods with each learning rate.

    Parameters
    ----------
    experiment : Experiment
        What to run; its own learning rates play no part.
    alpha, progress, cancelled
        As in :func:`gdviz.engine.analysis.alpha_sweep.sweep_rates`.

    Returns
    -------
    RateSweep
        A curve for each of :func:`swept_rows`, named as the experiment names its methods.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    return sweep_rates(
        experiment.objective(),
        [_rate_method(experiment, row) for row in swept_rows(experiment)],
        start=experiment.start,
        steps=experiment.steps,
        bounds=walking_range(experiment),
        alpha=alpha,
        precision=experiment.precision,
        representable_step=experiment.representable_step,
        progress=progress,
        cancelled=cancelled,
    )


def _rate_method(experiment: Experiment, row: int) -> RateMethod:
    method = experiment.methods[row]
    return RateMethod(
        experiment.labels()[row],
        experiment.estimate(method),
        RULES[method.rule],
        experiment.epsilon_of(method),
        {
            "options": method.options,
            "schedule": SCHEDULES[experiment.schedule],
            "schedule_options": experiment.schedule_options,
        },
    )


@dataclass(frozen=True, slots=True)
class LossAxis:
    """The axis of the last points' losses.

    Attributes
    ----------
    is_log : bool
        Whether it is logarithmic: it is unless some loss is negative.
    low, high : float
        Its ends, between which every path that did not diverge finds room.
    """

    is_log: bool
    low: float
    high: float

    def place(self, loss: Array) -> Array:
        """Return losses as they are drawn: those beyond the axis on its edge, nan nowhere."""
        return np.clip(loss, self.low, self.high)


def loss_axis(sweep: RateSweep) -> LossAxis:
    """Return the axis on which a sweep's losses are drawn."""
    losses = np.array(
        [
            loss
            for curve in sweep.curves
            for loss, status in zip(curve.loss.tolist(), curve.statuses, strict=True)
            if status not in _LOST and np.isfinite(loss)
        ]
    )
    if not losses.size:
        return LossAxis(True, 0.1, 10.0)
    low, high = float(losses.min()), float(losses.max())
    if low < -_ROUNDED * max(high, -low):
        pad = 0.08 * (high - low) or 1.0
        return LossAxis(False, low - pad, high + pad)
    positive = losses[losses > 0.0]
    if not positive.size:
        return LossAxis(True, 0.1, 10.0)
    # A zero has no place on the axis: it lies on the lower edge, apart from what is positive.
    room = 2.0 if low > 0.0 else 30.0
    return LossAxis(True, float(positive.min()) / room, high * 2.0)
