"""The ε sweep of an experiment: what is swept, where its axis ends, and how its best ε is told."""

from collections.abc import Callable, Iterable

import numpy as np

from gdviz.base.format import number
from gdviz.base.types import Array, Precision
from gdviz.engine.analysis.epsilon_sweep import PRECISIONS, Curve, Sweep, sweep_epsilon
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.experiment import Experiment

#: The best ε in theory by an estimate's order; eps is the precision's machine epsilon.
OPTIMUM = {1: "2√(eps·|f|/|f″|)", 2: "∛(3·eps·|f|/|f‴|)", 4: "⁵√(360·eps·|f|/|f⁽⁵⁾|)"}
#: What estimates of an order are called together.
ORDERS = {1: "one-sided", 2: "central", 4: "extrapolated"}


def sweep_experiment(
    experiment: Experiment,
    objective: Objective,
    at: tuple[float, float],
    *,
    estimates: Iterable[str] | None = None,
    precisions: Iterable[Precision] = PRECISIONS,
    cancelled: Callable[[], bool] = bool,
) -> Sweep:
    """Sweep ε at a point of an experiment.

    Parameters
    ----------
    experiment : Experiment
        Its map says what is near the point.
    objective : Objective
        The experiment's: code that was opened has to be given.
    at : (float, float)
        The point (a, b).
    estimates : iterable of str, optional
        Names of estimates; by default all that are offered and use ε.
    precisions : iterable of {"float64", "float32"}, default both
        The arithmetics.
    cancelled : callable, optional
        As in :func:`gdviz.engine.analysis.epsilon_sweep.sweep_epsilon`.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    offered = experiment.function.estimates_with_epsilon
    return sweep_epsilon(
        objective.cancelled_by(cancelled),
        at,
        estimates=offered if estimates is None else estimates,
        precisions=precisions,
        representable_step=experiment.representable_step,
        extent=experiment.map_range,
        cancelled=cancelled,
    )


def used_estimates(experiment: Experiment) -> tuple[str, ...]:
    """Return the estimates that use ε, of the methods that are shown."""
    used = {method.estimate for method in experiment.methods if method.shown}
    return tuple(name for name in experiment.function.estimates_with_epsilon if name in used)


def left_out(experiment: Experiment, *, all_estimates: bool = False) -> str:
    """Say which estimates use ε and are not swept, and why; empty where there are none.

    Parameters
    ----------
    experiment : Experiment
        Whose methods that are shown it is about.
    all_estimates : bool, default False
        Whether it is about all that are offered there.
    """
    used = {method.estimate for method in experiment.methods if method.shown}
    titles: dict[str, list[str]] = {}
    for name, estimate in ESTIMATES.items():
        offered = all_estimates and not experiment.function.why_not(name)
        if estimate.why_not_swept and (name in used or offered):
            titles.setdefault(estimate.why_not_swept, []).append(estimate.title)
    said = [f"{', '.join(names)} ({why})" for why, names in titles.items()]
    return f"Not swept: {'; '.join(said)}." if said else ""


def drawn_errors(sweep: Sweep) -> Array:
    """Return the errors that an axis has room for: what converges to nothing may leave it."""
    curves = [c for c in sweep.curves if ESTIMATES[c.estimate].order] or sweep.curves
    return np.concatenate([c.error for c in curves]) if curves else np.empty(0)


def remark(sweep: Sweep) -> str:
    """Say why the errors mean nothing, or that they are against an estimate; else nothing."""
    if sweep.sentence or not sweep.uncertainty:
        return sweep.sentence
    return (
        "∇f is not known: the errors are against an extrapolated difference, an estimate that may "
        f"be off by {number(sweep.uncertainty, 2)}"
    )


def theory(sweep: Sweep) -> str:
    """Return the formulas of the best ε of the curves that have one: "one-sided …, central …"."""
    orders = {ESTIMATES[c.estimate].order for c in sweep.curves if np.isfinite(c.optimum)}
    return ", ".join(f"{name} {OPTIMUM[k]}" for k, name in ORDERS.items() if k in orders)


def short_title(estimate: str) -> str:
    """Return an estimate's name where there is little room: "Forward", "Mistaken"."""
    return ESTIMATES[estimate].title.removesuffix(" difference").removesuffix(" shortcut")


def best_cells(sweep: Sweep, curve: Curve) -> tuple[str, str, str]:
    """Return a curve's best ε, the error to expect there, and the best ε in theory, as text."""
    optimum = number(curve.optimum, 2) if np.isfinite(curve.optimum) else "–"
    if curve.best is None:
        return "none", "–", optimum
    error = curve.expected[curve.best]
    return number(sweep.epsilon[curve.best], 3), number(error, 2) if error else "exact", optimum


def best_sentence(sweep: Sweep, curve: Curve) -> str:
    """Tell a curve's best ε in a sentence, with the optimum's formula; empty where it has none."""
    if curve.best is None:
        return ""
    epsilon, error, optimum = best_cells(sweep, curve)
    in_theory = f"; in theory {OPTIMUM[ESTIMATES[curve.estimate].order or 1]} = {optimum}"
    return (
        f"{curve.estimate} in {curve.arithmetic}: best ε = {epsilon}, "
        f"{error if error == 'exact' else f'expected error {error}'}"
        f"{in_theory if np.isfinite(curve.optimum) else ''}"
    )
