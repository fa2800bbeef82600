"""The descent loop: what a method does, on scalars and through the counting wrapper."""

import math
from collections.abc import Callable, Iterable
from typing import Any

from gdviz.engine.descent.estimates.estimate import Gradient, GradientFunction
from gdviz.engine.descent.path import Status, Trajectory
from gdviz.engine.descent.rules.rule import NoStepError, Step
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.objective import Objective

#: ‖ĝ‖₂ at or below which a path ends. Far below any step that could be seen, above round-off.
VANISHED = 1e-10
#: ‖ĝ‖₂² from which on it has not, however the square was rounded.
SAFE = 2 * VANISHED**2


def trajectory(
    objective: Objective,
    settings: RunSettings,
    start: tuple[float, float],
    cancelled: Callable[[], bool] = bool,
) -> Trajectory:
    """Run a method from a start, and count its calls.

    Parameters
    ----------
    objective : Objective
        What is minimised.
    settings : RunSettings
        What the method runs with.
    start : (float, float)
        The point at step 0.
    cancelled : callable, optional
        Asked now and then; when it returns True the run ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    method = settings.rule.method or descent_loop
    return method(CountedObjective(objective, settings.precision), settings, start, cancelled)


def descent_loop(
    f: CountedObjective,
    settings: RunSettings,
    start: tuple[float, float],
    cancelled: Callable[[], bool],
) -> Trajectory:
    """Descend by a rule that makes one update from one gradient.

    Parameters
    ----------
    f : CountedObjective
        What is minimised, and counts.
    settings, start, cancelled
        As of :func:`trajectory`.
    """
    rule, real = settings.rule, f.real
    path = Trajectory([real(start[0])], [real(start[1])])
    done = _run_fused(path, f, settings, start, cancelled) if settings.is_plain else 0
    if done == settings.steps:
        return path
    # Locals and little else: the window waits for this loop while the start is dragged.
    gradient, is_random = settings.gradient(f, done), settings.estimate.is_random
    if rule.takes_gradient and not is_random:
        # Where it draws, it does so anew at a point that was there before.
        gradient = _remembered(gradient)
    state, step = settings.update(f, gradient)
    least = VANISHED
    if is_random:
        step, least = _staying(step), -1.0
    all_a, all_b, all_g_a, all_g_b, tallies = path.a, path.b, path.g_a, path.g_b, path.tallies
    a_low, a_high, b_low, b_high = settings.limits(start)
    a, b, tally, safe, infinity = all_a[-1], all_b[-1], f.tally, SAFE, math.inf
    for alpha in settings.learning_rates(real, cancelled, done):
        try:
            g_a, g_b = gradient(a, b)
        except ZeroDivisionError:  # θ + ε was θ, and the representable step is zero
            g_a = g_b = math.nan
        all_g_a.append(g_a)
        all_g_b.append(g_b)
        # The square is cheaper than the norm; only where it may mislead is that taken.
        if not safe < g_a * g_a + g_b * g_b < infinity:
            norm = math.hypot(g_a, g_b)
            # A random estimate vanishes by chance: f is flat along this draw, and not the next.
            if not least < norm < infinity:
                tallies.append(tally[0])
                vanished = norm <= VANISHED
                path.status = Status.ESTIMATE_VANISHED if vanished else Status.NOT_A_NUMBER
                break
        try:
            a, b, state = step(state, a, b, g_a, g_b, alpha)
        except NoStepError as reason:
            path.status, path.message = Status.STOPPED, str(reason)
            tallies.append(tally[0])
            break
        tallies.append(tally[0])
        all_a.append(a)
        all_b.append(b)
        if not (a_low <= a <= a_high and b_low <= b <= b_high):
            path.status = Status.LEFT_MAP
            break
    path.state = state
    return path


def _remembered(gradient: GradientFunction) -> GradientFunction:
    """Return a gradient that is not computed again at the point where it was asked for last."""
    last: tuple[Any, Gradient] | None = None

    def remembered(a: Any, b: Any) -> Gradient:
        nonlocal last
        if last is None or last[0] != (a, b):
            try:
                last = (a, b), gradient(a, b)
            except ZeroDivisionError:  # as in the loop
                last = (a, b), (math.nan, math.nan)
        return last[1]

    return remembered


def _staying(step: Step) -> Step:
    """Return a step that leads nowhere where a rule divides by a gradient that is zero."""

    def stay(state: Any, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        try:
            moved = step(state, a, b, g_a, g_b, alpha)
        except ZeroDivisionError:
            return a, b, state
        is_stuck = g_a == 0.0 == g_b and math.isnan(moved[0] + moved[1])
        return (a, b, state) if is_stuck else moved

    return stay


def _run_fused(
    path: Trajectory,
    f: CountedObjective,
    settings: RunSettings,
    start: tuple[float, float],
    cancelled: Callable[[], bool],
) -> int:
    """Take as many steps as the objective's fused loop does; return how many."""
    fused = f.fused_descent_loop(
        settings.estimate.bind,
        settings.representable_step,
        tuple(sorted(settings.estimate_options.items())),
        settings.estimate.is_random,
    )
    if fused is None:
        return 0
    path.equal_cost = fused.cost
    steps: Iterable[Any] = settings.learning_rates(f.real, cancelled)
    if fused.drawn is not None:
        steps = zip(steps, fused.drawn(settings.draws()), strict=False)  # draws have no end
    points, gradients = (path.a, path.b), (path.g_a, path.g_b)
    epsilon, limits = f.real(settings.epsilon), settings.limits(start)
    least = -1.0 if settings.estimate.is_random else SAFE  # as in the plain loop
    fused.run(points, gradients, steps, epsilon, limits, (least, math.inf))
    done = len(path.g_a)
    f.tally[0] += done * path.equal_cost
    path.tallies[0] = f.tally[0]
    return done
