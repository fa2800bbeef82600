"""What a function is first looked at with: a map, and where and how to begin on it.

A quadratic one is shown around its minimum, on axes of its own; others as :mod:`.guess_range` and
:mod:`.guess_start` find from their values.
"""

import math
import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from gdviz.base.geometry import FARTHEST, Range
from gdviz.base.types import Array
from gdviz.engine.analysis.start.guess_range import guess_range
from gdviz.engine.analysis.start.guess_start import FirstView, guess_start, one_digit, step_for
from gdviz.engine.analysis.start.minimum_of_fit import minimum_of_fit
from gdviz.engine.analysis.start.quadratic import ILL_CONDITIONED, Quadratic, quadratic
from gdviz.engine.objectives.data import MANY_ROWS
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.stationary_points import eigensystem

#: Points along each axis at which it is looked how steeply f rises.
_POINTS = 33
#: Where the minimum is at (0, 0), to rounding, the half-width of a usual map.
_NEAR_ZERO, _USUAL = 1e-9, 4.0
#: From where on a path would not arrive that has to go along a valley, too.
_ROUND = 4.0
#: The map of a quadratic reaches so many times further from the minimum than the axes lie.
_REACH = 1.5
#: The start's distance, in parts of the map's half width, and α in parts of the bound 2/λmax.
_FAR, _ALPHA = 0.6, 0.35
#: A fit's parameters have scales of their own if one curves so many times more, as a length; its
#: map is halved so often at most, while f rises so many times more than where it is quadratic.
_ALIKE, _HALVINGS, _STEEPER = 8.0, 8, 10.0
#: So is it while at the start f is by so much lower, as on a plateau or beyond a ridge. And where f
#: rises so many times more on another map, nothing is seen there of the minimum.
_LEVEL, _WILD = 0.1, 1e4
#: Simplexes, one after another.
_SIMPLEXES = 4


def first_view(
    objective: Objective, extent: Range | None = None, cancelled: Callable[[], bool] = bool
) -> FirstView:
    """Guess what a function is first looked at with.

    Parameters
    ----------
    objective : Objective
        The function.
    extent : Range, optional
        The map, if that is known.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.

    Notes
    -----
    Of a function over many rows of data it is guessed from some of them, unless it is quadratic.
    """
    known = quadratic(objective)
    if known is None and isinstance(objective, FormulaObjective) and objective.rows > MANY_ROWS:
        return _view_by_some_rows(objective, extent, cancelled)
    view = _view_around(known, objective, extent) if known else None
    if known and view and (objective.rows > 1 or known.condition > ILL_CONDITIONED):
        return view
    fitted = None if extent or known else _minimum_of_fit(objective)
    if extent is None and not known and (local := _view_of_fit(objective, fitted)):
        return local
    shown = extent or guess_range(objective, cancelled, [fitted.minimum] if fitted else [])
    if fitted and _rise(objective, fitted, shown) > _WILD:
        return _local_view(objective, fitted)
    if known and view and not shown.contains(*known.minimum):  # nobody looks for one so far away
        return view
    return guess_start(objective, shown)


def _view_by_some_rows(
    objective: FormulaObjective, extent: Range | None, cancelled: Callable[[], bool]
) -> FirstView:
    """Return the view on a function over some of its rows, with an α for all of them."""
    some = objective.over_some_rows(MANY_ROWS)
    view = first_view(some, extent, cancelled)
    # A sum over all rows is so many times larger.
    with np.errstate(all="ignore"):
        times = np.float64(objective.value(*view.start)) / some.value(*view.start)
    if not 0.0 < times < math.inf:
        return view
    return view._replace(alpha=one_digit(view.alpha / float(times)))


def _view_around(known: Quadratic, objective: Objective, extent: Range | None) -> FirstView | None:
    """Return the view on a quadratic function, unless its minimum is not on the map, or beyond."""
    shown = extent or _range_of(known, scale=_scale(objective))
    if not (shown.contains(*known.minimum) and max(map(abs, shown)) <= FARTHEST):
        return None
    return _view_of(known, shown)


def _minimum_of_fit(objective: Objective) -> Quadratic | None:
    """Return the minimum of a fit, and what a fit curves like there."""
    if objective.rows == 1 or objective.no_hessian:
        return None
    data = objective.data if isinstance(objective, FormulaObjective) else None
    found = minimum_of_fit(objective, data)
    return Quadratic(found, objective.hessian(*found)) if found else None


def _view_of_fit(objective: Objective, near: Quadratic | None) -> FirstView | None:
    """Return a view on a minimum of a fit whose parameters have scales of their own."""
    if objective.rows == 1 or objective.no_hessian:
        return None
    if near is None:
        return _view_at_kink(objective)
    aa, _, bb = near.hessian
    has_scales = abs(math.log2(bb / aa)) > 2 * math.log2(_ALIKE)
    return _local_view(objective, near) if has_scales else None


def _local_view(objective: Objective, near: Quadratic) -> FirstView:
    """Return a view on a minimum that is so small that f is about quadratic on it."""
    least = objective.value(*near.minimum)
    for part in range(_HALVINGS):
        shown = _range_of(near, _REACH / 2.0**part, _scale(objective))
        view = _view_of(near, shown)
        at_start = objective.value(*view.start) - least
        is_level = at_start < _LEVEL * float(_expected(near, *view.start))
        if _rise(objective, near, shown) <= _STEEPER and not is_level:
            break
    return view._replace(alpha=min(view.alpha, guess_start(objective, shown).alpha))


def _rise(objective: Objective, near: Quadratic, extent: Range) -> float:
    """Return how many times more f rises over most of a map than if it were quadratic."""
    a, b = np.linspace(*extent[:2], _POINTS)[None, :], np.linspace(*extent[2:], _POINTS)[:, None]
    rise = objective.values(a, b) - objective.value(*near.minimum)
    return float(np.sort(rise, axis=None)[-_POINTS] / _expected(near, a, b).max())


def _expected(near: Quadratic, a: ArrayLike, b: ArrayLike) -> Array:
    """Return by how much a quadratic function rises from its minimum."""
    (aa, ab, bb), (a_0, b_0) = near.hessian, near.minimum
    along_a, along_b = np.subtract(a, a_0), np.subtract(b, b_0)
    return aa * along_a**2 / 2 + ab * along_a * along_b + bb * along_b**2 / 2


def _view_at_kink(objective: Objective) -> FirstView | None:
    """Return a view on a minimum that has no Hessian, as that of absolute differences."""
    if objective.is_smooth:
        return None
    from scipy.optimize import minimize  # slow to import

    def value(x: Array) -> float:
        return objective.value(*x)

    point = np.array([0.5, 0.5])
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of infinities on the way: there is no view then
        for _ in range(_SIMPLEXES):  # a simplex may collapse in a valley
            result = minimize(value, point, method="Nelder-Mead")
            point = result.x
    a, b = point.tolist()
    halves = _REACH * abs(a), _REACH * abs(b)
    if not (result.success and min(halves) > _NEAR_ZERO and max(halves) < 1 / _NEAR_ZERO):
        return None
    shown = _around((a, b), halves)
    return guess_start(objective, shown)


def _scale(objective: Objective) -> float:
    """Return the square root of what a loss is about: 1, or in the units of data.

    Theirs is the loss without a model, such as the mean of y².
    """
    loss = abs(objective.value(0.0, 0.0)) if objective.rows > 1 else 1.0
    return math.sqrt(loss) if 0.0 < loss < math.inf else 1.0


def _range_of(known: Quadratic, beyond: float = _REACH, scale: float = 1.0) -> Range:
    """Return a range around a minimum, in the proportions of the ellipses around it.

    It reaches `beyond` both axes: a model's parameters are compared with zero. The minimum is there
    but for rounding if from it to (0, 0) f rises by no more than a tiny part of `scale`².
    """
    (aa, ab, bb), (a, b) = known.hessian, known.minimum
    determinant = aa * bb - ab**2
    unit_a, unit_b = math.sqrt(bb / determinant), math.sqrt(aa / determinant)
    reach = beyond * max(abs(a) / unit_a, abs(b) / unit_b)
    if not reach > _NEAR_ZERO * scale:
        reach = _USUAL / math.sqrt(unit_a * unit_b)
    return _around((a, b), (reach * unit_a, reach * unit_b))


def _around(point: tuple[float, float], halves: tuple[float, float]) -> Range:
    """Return a range about a point, of so much to either side, in round numbers."""
    sides = []
    for middle, half in zip(point, halves, strict=True):
        unit = 10.0 ** (math.floor(math.log10(half)) - 1)
        middle, half = round(middle / unit) * unit, math.ceil(half / unit) * unit
        sides += [float(f"{middle - half:.12g}"), float(f"{middle + half:.12g}")]
    return Range(*sides)


def _view_of(known: Quadratic, extent: Range) -> FirstView:
    """Return where to begin on a quadratic function so that gradient descent arrives.

    Across a narrow valley it does in a few steps; along it, it would need as many as the condition
    number. So the start is across from the minimum, unless the valley is about round.
    """
    a, b = known.minimum
    high, _, c, s = eigensystem(*known.hessian)
    half_a = min(a - extent.a_low, extent.a_high - a)
    half_b = min(b - extent.b_low, extent.b_high - b)
    if known.condition <= _ROUND:
        to_a, to_b = -_FAR * half_a, _FAR * half_b
    else:
        away = _FAR * min(half_a / abs(c) if c else math.inf, half_b / abs(s) if s else math.inf)
        to_a, to_b = -away * c, -away * s
    start = _to_digits(a + to_a, half_a), _to_digits(b + to_b, half_b)
    return FirstView(extent, start, one_digit(2 * _ALPHA / high), step_for(extent))


def _to_digits(value: float, scale: float) -> float:
    """Return a number as exact as a map of a scale asks for."""
    return round(value, max(0, 5 - math.floor(math.log10(scale))))
