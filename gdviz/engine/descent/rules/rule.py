"""What an update rule is; the rules themselves are in a table of their own.

Most make one update from one gradient, and :func:`gdviz.engine.descent.loop.descent_loop` makes a
descent of that. A rule that takes as many gradients for a step as it needs, such as one with a line
search, is a whole method.
"""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any

from gdviz.engine.descent.hyperparameters import Configurable
from gdviz.engine.descent.path import Path, Trajectory
from gdviz.engine.objectives.objective import Objective

#: ``(state, a, b, g_a, g_b, alpha) -> (a, b, state)``, pure.
Step = Callable[[Any, Any, Any, Any, Any, Any], tuple[Any, Any, Any]]
#: The state at the start, and the step.
Update = tuple[Any, Step]


class NoStepError(Exception):
    """Raised by a step that finds no next point: the path ends, and the message says why."""


@dataclass(frozen=True, slots=True)
class Rule(Configurable):
    """An update rule.

    Parameters
    ----------
    name, title, about, options, definition, presets, known_as
        As of every :class:`~gdviz.engine.descent.hyperparameters.Configurable`.
    formula, latex : str
        What a step does, in plain mathematics and in LaTeX.
    update : callable or None
        ``(objective, **options) -> (state, step)``, the state at the start and the update from one
        gradient. What it asks the counted objective for is counted with the gradient of the same
        point. None where the rule is a whole method. A step may raise :class:`NoStepError`.
    method : callable or None
        ``(objective, settings, start, cancelled) -> Trajectory``, a whole method: it is handed the
        counted objective and the :class:`~gdviz.engine.descent.run_settings.RunSettings`, and
        decides how long a step is, so that α plays no part. None where there is an `update`.
    takes_gradient : bool, default False
        Whether `update` is called with the gradient estimate as well, ``(objective, gradient,
        **options)``, for a search that asks for it at other points. What it asked for last is not
        computed again where the path goes on from there.
    is_random : bool, default False
        Whether `update` is called with :class:`~gdviz.engine.descent.estimates.draws.Draws` as
        well, after the objective.
    uses_gradient : bool, default True
        Whether the gradient estimate plays a part.
    uses_alpha : bool, default True
        Whether the learning rate plays a part.
    is_plain : bool, default False
        Whether the update is θ ← θ − αĝ, so that the objective may have a generated loop for it.
    is_elementwise : bool, default True
        Whether there is an update, and it can be made of arrays, element by element.
    values_beside : int or None, default 0
        Values of f that it asks for beside each gradient; None where f decides how many, and a
        step takes one gradient.
    needs_hessian : bool, default False
        Whether it asks for second derivatives.
    remark : callable
        ``(objective, path, options, state) -> str``: what the rule has to add to the path's
        sentence, from its state at the end as well.
    """

    _: KW_ONLY
    formula: str
    latex: str
    update: Callable[..., Update] | None = None
    method: Callable[..., Trajectory] | None = None
    takes_gradient: bool = False
    is_random: bool = False
    uses_gradient: bool = True
    uses_alpha: bool = True
    is_plain: bool = False
    is_elementwise: bool = True
    values_beside: int | None = 0
    needs_hessian: bool = False
    remark: Callable[[Objective, Path, Mapping[str, float], Any], str] = lambda *_: ""
