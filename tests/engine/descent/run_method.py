"""A descent in one call, for tests: a method, a start, and what else there is to set, by name."""

from collections.abc import Callable
from typing import Any

from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.estimates.estimate import Estimate
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.path import Path
from gdviz.engine.descent.rules.rule import Rule
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.objective import Objective


def run_method(
    objective: Objective,
    estimate: Estimate | str,
    rule: Rule | str,
    *,
    start: tuple[float, float],
    cancelled: Callable[[], bool] = bool,
    **settings: Any,
) -> Path:
    """Run a method from a start; `settings` are further fields of the RunSettings."""
    estimate = ESTIMATES[estimate] if isinstance(estimate, str) else estimate
    rule = RULES[rule] if isinstance(rule, str) else rule
    return descend(objective, RunSettings(estimate, rule, **settings), start, cancelled=cancelled)
