"""Where to begin: a range, a start, α and ε of the right size for a function.

Of most functions nothing is known but their values. A quadratic one, as least squares of a model
that is linear in its parameters, is known exactly: where its minimum is, and how it curves.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.analysis.guess_range import descended, guess_range
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.stationary_points import eigensystem, eigenvalues

#: Points along each axis that are looked at; fewer of a function that would take some seconds.
_POINTS, _FEWER, _MOST_SECONDS = 33, (17, 9), 5.0
#: What part of the points are lower than the start: high up, but on no peak.
_HEIGHT = 0.7
#: What part of the points have a curvature at which α does not diverge, and the longest step there.
_SAFE, _QUARTER = 0.75, 0.25
#: Of second derivatives: what one minus the square of their correlation is at least.
_SINGULAR = 1e-12
#: Where the minimum is at (0, 0), to rounding, the half-width of a usual map.
_NEAR_ZERO, _USUAL = 1e-9, 4.0
#: What an experiment can have for α.
_ALPHAS = (1e-12, 1e3)


#: A quadratic function whose curvatures differ by more is shown as it is, not as others are.
ILL_CONDITIONED = 100.0
#: From where on a path would not arrive that has to go along a valley, too.
_ROUND = 4.0
#: The map of a quadratic reaches so many times further from the minimum than the axes lie.
_REACH = 1.5
#: The start's distance, in parts of the map's half width, and α in parts of the bound 2/λmax.
_FAR, _ALPHA = 0.6, 0.35


#: A fit's parameters have scales of their own if one curves so many times more, as a length; its
#: map is halved so often at most, while f rises so many times more than where it is quadratic.
_SIMPLEXES = 4  # one after another
_ALIKE, _HALVINGS, _STEEPER = 8.0, 8, 10.0


class Quadratic(NamedTuple):
    """A function that is quadratic and has a minimum.

    Attributes
    ----------
    minimum : (float, float)
        Where it is least.
    hessian : (float, float, float)
        ∂²f/∂a², ∂²f/∂a∂b and ∂²f/∂b², the same everywhere.
    """

    minimum: tuple[float, float]
    hessian: tuple[float, float, float]

    @property
    def condition(self) -> float:
        """The condition number of the Hessian, λmax/λmin."""
        aa, ab, bb = self.hessian
        high = eigenvalues(aa, ab, bb)[0]
        return float(high**2 / (aa * bb - ab**2))


class FirstView(NamedTuple):
    """What a function is first looked at with.

    Attributes
    ----------
    range : Range
        The map.
    start, alpha, epsilon
        As in :class:`StartingValues`.
    """

    range: Range
    start: tuple[float, float]
    alpha: float
    epsilon: float


class StartingValues(NamedTuple):
    """What a descent can be begun with.

    Attributes
    ----------
    start : (float, float)
        A point where f is known, higher than most of the map.
    alpha : float
        A learning rate that is stable over most of the map.
    epsilon : float
        A difference step far below what the map is wide.
    """

    start: tuple[float, float]
    alpha: float
    epsilon: float


def quadratic(objective: Objective) -> Quadratic | None:
    """Return what is known of a function whose second derivatives hold neither parameter.

    Parameters
    ----------
    objective : Objective
        The function.

    Returns
    -------
    Quadratic or None
        None if it is not quadratic, or has no minimum or more than one.
    """
    if not isinstance(objective, FormulaObjective):
        return None
    formula = objective.formula
    if set(formula.parameters) & set(formula.graph.names(formula.nodes("hessian"))):
        return None
    aa, ab, bb = hessian = objective.hessian(0.0, 0.0)
    if not (0.0 < aa < math.inf and 0.0 < bb < math.inf):
        return None
    # In units in which both second derivatives are 1, so that no unit of the data spoils it.
    unit_a, unit_b = 1 / math.sqrt(aa), 1 / math.sqrt(bb)
    mixed = ab * unit_a * unit_b
    if not 1 - mixed**2 > _SINGULAR:
        return None
    a = b = 0.0
    for _ in range(3):  # once would do but for rounding
        in_a, in_b = objective.gradient(a, b)
        in_a, in_b = in_a * unit_a, in_b * unit_b
        a -= unit_a * (in_a - mixed * in_b) / (1 - mixed**2)
        b -= unit_b * (in_b - mixed * in_a) / (1 - mixed**2)
    return Quadratic((a, b), hessian) if math.isfinite(a) and math.isfinite(b) else None


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
    """
    known = quadratic(objective)
    if known and (objective.rows > 1 or known.condition > ILL_CONDITIONED):
        shown = extent or _range_of(known)
        if shown.contains(*known.minimum):
            return _view_of(known, shown)
    elif extent is None and (view := _local_view(objective)):
        return view
    shown = extent or guess_range(objective, cancelled)
    return FirstView(shown, *guess_start(objective, shown))


def _local_view(objective: Objective) -> FirstView | None:
    """Return a view on a minimum of a fit whose parameters have scales of their own."""
    if objective.rows == 1 or objective.no_hessian:
        return None
    found = descended(objective, (0.5, 0.5))
    if found is None:
        return _view_at_kink(objective)
    near = Quadratic(found, objective.hessian(*found))
    aa, ab, bb = near.hessian
    if not (aa * bb - ab**2 > 0.0 and abs(math.log2(bb / aa)) > 2 * math.log2(_ALIKE)):
        return None
    least = objective.value(*found)
    for part in range(_HALVINGS):
        shown = _range_of(near, _REACH / 2.0**part)
        a, b = np.linspace(*shown[:2], _POINTS), np.linspace(*shown[2:], _POINTS)
        along_a, along_b = a[None, :] - found[0], b[:, None] - found[1]
        expected = aa * along_a**2 / 2 + ab * along_a * along_b + bb * along_b**2 / 2
        rise = objective.values(a[None, :], b[:, None]) - least
        if np.sort(rise, axis=None)[-_POINTS] <= _STEEPER * expected.max():
            break
    view, elsewhere = _view_of(near, shown), guess_start(objective, shown)
    return view._replace(alpha=min(view.alpha, elsewhere.alpha))


def _view_at_kink(objective: Objective) -> FirstView | None:
    """Return a view on a minimum that has no Hessian, as that of absolute differences."""
    if objective.is_smooth:
        return None
    from scipy.optimize import minimize  # slow to import

    def value(x: Array) -> float:
        return objective.value(*x)

    point = np.array([0.5, 0.5])
    with np.errstate(all="ignore"):
        for _ in range(_SIMPLEXES):  # a simplex may collapse in a valley
            result = minimize(value, point, method="Nelder-Mead")
            point = result.x
    a, b = point.tolist()
    halves = _REACH * abs(a), _REACH * abs(b)
    if not (result.success and min(halves) > _NEAR_ZERO and max(halves) < 1 / _NEAR_ZERO):
        return None
    shown = _around((a, b), halves)
    return FirstView(shown, *guess_start(objective, shown))


def _range_of(known: Quadratic, beyond: float = _REACH) -> Range:
    """Return a range around a minimum, in the proportions of the ellipses around it.

    It reaches `beyond` both axes: a model's parameters are compared with zero.
    """
    (aa, ab, bb), (a, b) = known.hessian, known.minimum
    determinant = aa * bb - ab**2
    unit_a, unit_b = math.sqrt(bb / determinant), math.sqrt(aa / determinant)
    reach = beyond * max(abs(a) / unit_a, abs(b) / unit_b)
    if not reach > _NEAR_ZERO * max(1 / unit_a, 1 / unit_b):
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
    width = min(extent.a_high - extent.a_low, extent.b_high - extent.b_low)
    epsilon = 10.0 ** math.floor(math.log10(width / 500))
    return FirstView(extent, start, _one_digit(2 * _ALPHA / high), epsilon)


def _to_digits(value: float, scale: float) -> float:
    """Return a number as exact as a map of a scale asks for."""
    return round(value, max(0, 5 - math.floor(math.log10(scale))))


def guess_start(objective: Objective, extent: Range) -> StartingValues:
    """Guess a start, α and ε from a coarse grid of values.

    Parameters
    ----------
    objective : Objective
        The function; only its values are asked for.
    extent : Range
        The map.

    Notes
    -----
    α is a quarter of the bound 2/λ of gradient descent on a quadratic, with one significant digit;
    λ is a curvature that three quarters of the map stay below, from second differences. Nor does
    a step lead over more than a quarter of the map from three quarters of its points.
    """
    points = next(
        (n for n in (_POINTS, *_FEWER) if n**2 * objective.seconds_a_point <= _MOST_SECONDS),
        _FEWER[-1],
    )
    a = np.linspace(extent.a_low, extent.a_high, points)
    b = np.linspace(extent.b_low, extent.b_high, points)
    values = objective.values(a[None, :], b[:, None])
    width = min(extent.a_high - extent.a_low, extent.b_high - extent.b_low)
    epsilon = 10.0 ** math.floor(math.log10(width / 500))
    return StartingValues(_start(a, b, values), _alpha(a, b, values), epsilon)


def _start(a: Array, b: Array, values: Array) -> tuple[float, float]:
    inner = values[2:-2, 2:-2]
    known = np.isfinite(inner)
    if not known.any():
        return float(a[len(a) // 2]), float(b[len(b) // 2])
    wanted = np.quantile(inner[known], _HEIGHT)
    distance = np.where(known, np.abs(inner - wanted), np.inf)
    j, i = np.unravel_index(int(np.argmin(distance)), inner.shape)
    # Numbers that a person would have chosen: no finer than the points looked at.
    return _rounded(float(a[i + 2]), float(a[1] - a[0])), _rounded(
        float(b[j + 2]), float(b[1] - b[0])
    )


def _rounded(value: float, spacing: float) -> float:
    return round(value, max(0, 1 - math.floor(math.log10(spacing))))


def _alpha(a: Array, b: Array, values: Array) -> float:
    with np.errstate(all="ignore"):
        in_aa = np.diff(values, 2, axis=1)[1:-1] / (a[1] - a[0]) ** 2
        in_bb = np.diff(values, 2, axis=0)[:, 1:-1] / (b[1] - b[0]) ** 2
        mixed = values[2:, 2:] - values[2:, :-2] - values[:-2, 2:] + values[:-2, :-2]
        in_ab = mixed / (4 * (a[1] - a[0]) * (b[1] - b[0]))
        largest = np.abs(eigenvalues(in_aa, in_ab, in_bb)).max(axis=0)
        across_a = np.diff(values, axis=1)[1:] / (a[1] - a[0]) / (a[-1] - a[0])
        across_b = np.diff(values, axis=0)[:, 1:] / (b[1] - b[0]) / (b[-1] - b[0])
        slope = _most(np.maximum(np.abs(across_a), np.abs(across_b)))
    curvature = _most(largest)
    alpha = 0.5 / curvature if curvature > 0.0 else 0.1
    return _one_digit(min(alpha, _QUARTER / slope) if slope > 0.0 else alpha)


def _most(values: Array) -> float:
    """Return what most of the values that are known stay below."""
    known = values[np.isfinite(values)]
    return float(np.quantile(known, _SAFE)) if len(known) else 0.0


def _one_digit(alpha: float) -> float:
    """Return a learning rate that an experiment can have, no larger, with one digit."""
    alpha = min(max(alpha, _ALPHAS[0]), _ALPHAS[1])
    power = 10.0 ** math.floor(math.log10(alpha))
    return float(f"{math.floor(alpha / power) * power:.1g}")
