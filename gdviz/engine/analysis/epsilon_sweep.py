"""The ε sweep: how wrong each difference estimate is at one point, for every step ε.

Truncation grows with ε and round-off as ε shrinks: on log–log axes a V. The estimates are those
of the descent, the same functions of the same precision, handed an array of steps in place of
one; so that hundreds of ε cost about as much as one.

What comes out is what the descent gets: differences in float32 bit for bit; in float64, and complex
steps, up to the last bits of f, for NumPy's exp, sin … on doubles are not those of ``math``, and
its products of complex arrays are fused where those of scalars are not.

The errors at one point are noisy below the best ε, and the smallest of many noisy numbers is luck:
whoever takes it gets several times as much. Nor is a point such as Himmelblau's (0, 0), where the
third derivatives vanish, like those beside it. So the best ε is where the root mean square of the
errors is least, over half a decade of ε and over nine points: the point itself and eight around
it, within :data:`NEAR` of the map's sides, or of the distance at which f turns if that is shorter.
It is no longer than the map's shorter side. A complex step subtracts nothing, so that the bottom
is flat: there it is the smallest ε that does as well.

References
----------
.. [1] J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed., Springer 2006, section 8.1.
.. [2] N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., SIAM 2002,
   chapters 1 and 3.
.. [3] J. R. R. A. Martins, P. Sturdza and J. J. Alonso, "The complex-step derivative
   approximation", ACM Transactions on Mathematical Software 29 (2003) 245–262.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.base.types import Array, Precision
from gdviz.engine.descent.estimates.difference_errors import error_model
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.estimates.reference_gradient import reference_gradient
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.nonsmooth import jump, undefined, without_value
from gdviz.engine.objectives.objective import Objective

PRECISIONS: tuple[Precision, ...] = get_args(Precision)
#: The steps, unless the function's scale asks for others: 24 a decade, or 8 where nobody knows how
#: long a value takes, so that each power of ten is one of them.
SMALLEST, LARGEST, A_DECADE, A_FEW = 1e-16, 1e1, 24, 8
COUNT = 17 * A_DECADE + 1
#: The decades in which a sweep ends whatever that scale is.
_FIRST, _LAST = -40, 2
#: How near the points are at which an ε is judged, in parts of the map's sides.
NEAR = 0.01
#: Where they are, in units of that: spread evenly, by Roberts' sequence, around the point itself.
_AROUND = (2.0 * np.outer(range(9), [0.7548776662466927, 0.5698402909980532]) + 1.0) % 2.0 - 1.0
#: The map's sides where none is given.
_SIDE = 10.0
#: Decades of ε over which the errors are averaged, and what counts as equal on a flat bottom.
_WINDOW, _EQUAL = 0.5, 1.5
#: Where it is looked whether f turns, down from the map's sides, and from which part of all that f
#: does along the axis on it does. Below that part of f itself it is rounding.
_LOOKED, _TURNED, _NOISE = np.logspace(0, -24, 49), 0.01, 1e-13


@dataclass(frozen=True, eq=False)
class Curve:
    """The errors of one estimate in one precision.

    Attributes
    ----------
    estimate : str
        A key of :data:`gdviz.engine.descent.estimates.gradient_estimates.ESTIMATES`.
    precision : {"float64", "float32"}
        The arithmetic of the estimate.
    arithmetic : str
        The same, with what f is computed in where that is another.
    error : ndarray, shape (n,)
        ‖ĝ − ∇f‖₂ by ε; ∇f is the formula's in float64, at the point as the precision holds it.
    truncation, round_off : ndarray, shape (n,)
        What theory makes of it for large and for small ε, and ...
    optimum : float
        ... the ε between: see :class:`gdviz.engine.descent.estimates.difference_errors.ErrorModel`.
    expected : ndarray, shape (n,)
        The error that one must expect near the point: the root mean square over nine points and
        half a decade of ε; nan where one of them has none. It is at least what rounding makes of
        ∇f itself, and what is uncertain in what the errors are against.
    best : int or None
        The index of the best ε, at which `expected` is least; None where there is none: at a
        kink, and for the mistaken shortcut, which converges to nothing.
    """

    estimate: str
    precision: Precision
    arithmetic: str
    error: Array
    truncation: Array
    round_off: Array
    optimum: float
    expected: Array
    best: int | None


@dataclass(frozen=True, eq=False)
class Sweep:
    """The errors of all estimates at a point.

    Attributes
    ----------
    at : (float, float)
        The point (a, b).
    epsilon : ndarray, shape (n,)
        The steps, rising.
    curves : tuple of Curve
        By precision, and in each by estimate.
    sentence : str
        Why the errors mean nothing here; empty where they do.
    uncertainty : float
        0 where the errors are against ∇f. Where that is not known they are against an
        extrapolated difference, which may be off by about so much.
    """

    at: tuple[float, float]
    epsilon: Array
    curves: tuple[Curve, ...]
    sentence: str
    uncertainty: float = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether no error is a number, as where f or ∇f is undefined."""
        return not any(np.isfinite(curve.error).any() for curve in self.curves)


def steps(count: int = COUNT, low: float = SMALLEST, high: float = LARGEST) -> Array:
    """Return steps that are equally spaced on a logarithmic axis, in three digits.

    Parameters
    ----------
    count : int, default 409
        How many; by default 24 a decade.
    low, high : float, default 1e-16 and 10
        Their ends.
    """
    return _rounded_steps(count, low, high).copy()


@lru_cache(maxsize=8)
def _rounded_steps(count: int, low: float, high: float) -> Array:
    return np.array([float(f"{step:.2e}") for step in np.geomspace(low, high, count)])


def estimates_on(surface: str) -> tuple[str, ...]:
    """Return the estimates that can be swept on a surface: the mistaken one only on its own.

    See :attr:`~gdviz.engine.descent.estimates.estimate.Estimate.is_swept`.
    """
    return tuple(
        estimate.name
        for estimate in ESTIMATES.values()
        if estimate.is_swept and estimate.only_on in ("", surface)
    )


def sweep_epsilon(
    objective: Objective,
    at: tuple[float, float],
    *,
    epsilon: Sequence[float] | Array | None = None,
    estimates: Iterable[str] | None = None,
    precisions: Iterable[Precision] = PRECISIONS,
    representable_step: bool = False,
    extent: Range | None = None,
    cancelled: Callable[[], bool] = bool,
) -> Sweep:
    """Sweep ε at a point.

    Parameters
    ----------
    objective : Objective
        The function.
    at : (float, float)
        The point (a, b).
    epsilon : array_like, shape (n,), optional
        The steps, rising; by default :func:`steps` from 1e-16 to 10, or on to smaller or larger
        ones where f turns within far less than 1, or far more.
    estimates : iterable of str, optional
        Names of estimates that use ε; by default those that make sense on every surface, see
        :func:`estimates_on`, but the complex step where f takes real numbers only.
    precisions : iterable of {"float64", "float32"}, default both
        The arithmetics.
    representable_step : bool, default False
        Divide a difference by the step that was really taken, (x + ε) − x. Where that is zero
        the error is nan.
    extent : Range, optional
        The map, whose sides say what is near the point and how long an ε may be; by default they
        are 10 long.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Returns
    -------
    Sweep
        Where f or ∇f is undefined, as at a kink, all errors are nan, and the sentence says so.
        Where ∇f is not known they are those to an extrapolated difference.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    a_low, a_high, b_low, b_high = extent or (0.0, _SIDE, 0.0, _SIDE)
    sides = a_high - a_low, b_high - b_low
    reach = _reach(objective, at, 0, sides[0]), _reach(objective, at, 1, sides[1])
    is_slow = math.isinf(objective.effort("value"))
    a_decade = A_FEW if is_slow else A_DECADE
    grid = _suited(reach, a_decade) if epsilon is None else np.asarray(epsilon, np.float64)
    if estimates is None:
        unknown = "complex-step" if objective.no_complex_value else ""
        estimates = (name for name in estimates_on("") if name != unknown)
    estimates = tuple(estimates)
    points = np.array(at) + NEAR * np.array(reach) * _AROUND
    here = reference_gradient(objective, at, reach)
    missing = (without_value if objective.no_gradient else undefined)(objective, at)
    missing = missing or jump(objective, at)
    sentence = missing or here.kink
    # What takes its time is asked for a point at a time.
    at_once = 1 if objective.rows > 1 or is_slow else len(points)
    curves = []
    with np.errstate(all="ignore"):
        for precision in precisions:
            counted = CountedObjective(objective, precision, arrays=True)
            places = [(counted.real(a), counted.real(b)) for a, b in points]
            exact = [reference_gradient(objective, place, reach).gradient for place in places]
            exact[0] = (np.nan, np.nan) if missing else exact[0]
            model = error_model(
                objective, places[0], exact[0], precision, representable_step,
                extrapolated="richardson" in estimates,
            )  # fmt: skip
            # Less cannot be told from nothing: ∇f itself is a number of this precision.
            usual = float(np.finfo(precision).eps) / np.sqrt(12.0)
            floor = np.fmax(usual * np.hypot(*exact[0]), here.uncertainty)
            for name in estimates:
                bind = ESTIMATES[name].bind
                gradient = bind(counted, grid.astype(precision), representable_step)
                errors = _errors(gradient, places, exact, len(grid), at_once, cancelled)
                expected = np.maximum(_running(errors, grid), floor)
                said = model(ESTIMATES[name], grid)
                best = None
                if not sentence and ESTIMATES[name].order is not None:
                    within = np.where(grid <= min(sides), expected, np.inf)
                    best = _best(within, is_flat=not ESTIMATES[name].differences)
                curves.append(
                    Curve(
                        name, precision, objective.arithmetic(precision), errors[0],
                        said.truncation, said.round_off, said.optimum, expected, best,
                    )
                )  # fmt: skip
    return Sweep(at, grid, tuple(curves), sentence, here.uncertainty)


def _errors(
    gradient: Callable[[Array, Array], tuple[Array, Array]],
    places: Sequence[tuple[float, float]],
    exact: Sequence[tuple[float, float]],
    count: int,
    at_once: int,
    cancelled: Callable[[], bool],
) -> Array:
    """Return ‖ĝ − ∇f‖₂ by point and each of `count` ε, asked for at so many points at once."""
    errors = np.empty((len(places), count))
    for first in range(0, len(places), at_once):
        if cancelled():
            raise Cancelled
        some = slice(first, first + at_once)
        a, b = (np.array(column)[:, None] for column in zip(*places[some], strict=True))
        of_a, of_b = (np.array(column)[:, None] for column in zip(*exact[some], strict=True))
        in_a, in_b = gradient(a, b)
        off_a, off_b = np.asarray(in_a, np.float64) - of_a, np.asarray(in_b, np.float64) - of_b
        errors[some] = np.hypot(off_a, off_b)
    return errors


def _reach(objective: Objective, at: tuple[float, float], axis: int, side: float) -> float:
    """Return how far along an axis f is about quadratic; the map's side where that is farther.

    That is where its third difference is no longer a small part of all that f does on the map.
    """
    distances = side * _LOOKED
    offsets = np.outer(np.arange(4) / 3.0, distances)
    moved = at[axis] + np.array([offsets, -offsets])
    f = objective.values(*((moved, at[1]) if axis == 0 else (at[0], moved)))
    with np.errstate(all="ignore"):
        f0, f1, f2, f3 = f.swapaxes(0, 1)
        thirds = np.fmax.reduce(np.abs(f3 - 3.0 * f2 + 3.0 * f1 - f0))
        changes = np.abs(f - f[0, 0, -1])
        most = np.fmax.reduce(changes[np.isfinite(changes)], initial=0.0)
        noise = _NOISE * np.abs(f[0, 0, -1])
    turns = np.flatnonzero(thirds > max(_TURNED * most, noise))
    # Where the nearest points are as far apart as others, f jumps or is noisy: no scale to tell.
    if not len(turns) or turns[-1] == len(distances) - 1:
        return side
    return float(distances[turns[-1]])


def _suited(reach: tuple[float, float], a_decade: int) -> Array:
    """Return so many steps a decade that hold the best ones, as far as f's scale tells."""
    low = max(_FIRST, min(-16, math.floor(math.log10(min(reach))) - 14))
    high = min(_LAST, max(1, math.ceil(math.log10(max(reach))) - 3))
    return steps((high - low) * a_decade + 1, 10.0**low, 10.0**high)


def _running(errors: Array, grid: Array) -> Array:
    """Return the root mean square of errors of shape (points, n), over half a decade around each ε.

    Points at which there is no error at all do not count.
    """
    known = errors[np.isfinite(errors).any(axis=1)]
    if not len(known):
        return np.full(grid.shape, np.nan)
    width = 1.01 * 10.0 ** (_WINDOW / 2)  # the steps are rounded
    first, last = np.searchsorted(grid, grid / width), np.searchsorted(grid, grid * width)
    squares = np.append(np.mean(np.square(known), axis=0), 0.0)
    sums = np.add.reduceat(squares, np.column_stack([first, last]).ravel())[::2]
    running: Array = np.sqrt(sums / (last - first))
    return running


def _best(expected: Array, *, is_flat: bool) -> int | None:
    """Return the index of the least; on a flat bottom the first that is about as good."""
    known = np.isfinite(expected)
    if not known.any():
        return None
    least = np.min(expected[known])
    return int(np.flatnonzero(known & (expected <= (_EQUAL if is_flat else 1.0) * least))[0])
