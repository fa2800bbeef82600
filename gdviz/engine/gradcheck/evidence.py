"""Two tests of a claimed derivative at one point, along one axis, that need f alone.

The Taylor remainder |f(θ + tδ) − f(θ) − t·g| falls like t² if g is the derivative along δ, and
like t if it is not; central differences converge to g, or to something else. Both end where
rounding begins, which is told from the rounding errors of f itself.

References
----------
P. E. Farrell, D. A. Ham, S. W. Funke and M. E. Rognes, "Automated derivation of the adjoint of
high-level transient finite element programs", SIAM J. Sci. Comput. 35 (2013) C369–C393, section 6.
"""

from dataclasses import dataclass

import numpy as np

from gdviz.base.format import number, pair
from gdviz.base.types import Array
from gdviz.engine.analysis.epsilon_sweep import steps
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.language.enclosures.ball_arithmetic import FLOAT64, UNIT, enclose, radius
from gdviz.engine.language.operations import BRANCHING
from gdviz.engine.objectives.nonsmooth import sides_along

#: Twelve step lengths a decade, over so many decades down from the reach.
_DECADES, _A_DECADE = 15, 12
#: A remainder counts from so many times the rounding error on; the slope is that of the lowest
#: decades, where the leading power of t is alone.
_CLEAR, _FITTED_DECADES = 100.0, 1.5
#: An error shows from so many times the true remainder on: over the fitted decades that grows.
_ABOVE = 30.0
#: Powers of t that differ by less are the same.
_ALIKE = 0.05
#: A power of t below this is that of no function with a derivative, right or wrong.
_NO_SLOPE = 0.25
#: Points, times the rows of data, at which the rounding of f is worked out; it varies slowly.
_MOST_ROUNDINGS, _FEWEST_ROUNDINGS = 20_000, 16


@dataclass(frozen=True, eq=False)
class TaylorTest:
    """The Taylor remainder along an axis.

    Attributes
    ----------
    at : (float, float)
        The point θ.
    t : ndarray, shape (n,)
        Step lengths along the axis, rising.
    claimed, true : ndarray, shape (n,)
        The remainder with the claimed and with the true derivative; nan beyond a kink or outside
        the domain.
    floor : ndarray, shape (n,)
        What rounding alone can make of it.
    slope, true_slope : float
        The power of t with which they fall, fitted where they are clear of the floor; nan where
        there is nothing to fit, as where f is linear and the candidate is right.
    error : float
        How far the claimed derivative is off at the point; 0 where 120 digits show no difference,
        and where one of the two has no value.
    least : float
        The least error that shows: above the true remainder and the floor for some t.
    sides : (float, float) or None
        The derivative just before and just after the point, if f has a kink there.
    """

    at: tuple[float, float]
    t: Array
    claimed: Array
    true: Array
    floor: Array
    slope: float
    true_slope: float
    error: float
    least: float
    sides: tuple[float, float] | None

    @property
    def finding(self) -> str:
        """What the test shows, in words after "the Taylor remainder"."""
        where = f"at {pair(self.at, 6)}"
        if self.sides is not None:
            before, after = map(number, self.sides)
            return (
                f"says nothing {where}: f has a kink there, its derivative is {before} on one side "
                f"and {after} on the other"
            )
        if np.isnan(self.claimed).all():
            if np.isnan(self.true).all():
                return f"says nothing {where}: f has no value there, or none just beyond"
            return f"says nothing {where}: the claimed derivative has no value there"
        if max(self.slope, self.true_slope) < _NO_SLOPE:
            return f"says nothing {where}: f jumps there"
        if self.is_blind:
            return (
                f"cannot see an error as small as {number(self.error, 2)} {where}, only from "
                f"{number(self.least, 2)} on"
            )
        if np.isnan(self.slope):
            return f"is lost in rounding {where}: f is straight there, or nearly so"
        falls = f"falls like t^{self.slope:.2f} {where}"
        if abs(self.slope - self.true_slope) < _ALIKE and abs(self.slope - 2.0) > _ALIKE:
            return f"{falls}, as it does with the true derivative"
        return f"{falls} (right: t^2, wrong: t^1)"

    @property
    def is_blind(self) -> bool:
        """Whether the candidate is off by less than the test can see."""
        return 0.0 < self.error < self.least


@dataclass(frozen=True, eq=False)
class EpsilonTest:
    """Central differences along an axis, for every ε.

    Attributes
    ----------
    at : (float, float)
        The point.
    epsilon : ndarray, shape (n,)
        The steps, rising: see :func:`gdviz.engine.analysis.epsilon_sweep.steps`.
    claimed, true : ndarray, shape (n,)
        Their distance from the claimed and from the true derivative: with a wrong candidate the
        first levels off at its error.
    """

    at: tuple[float, float]
    epsilon: Array
    claimed: Array
    true: Array

    @property
    def best(self) -> int | None:
        """The index of the ε whose difference is closest to the true one; None if there is none."""
        return None if np.isnan(self.true).all() else int(np.nanargmin(self.true))


def taylor_test(
    candidate: CandidateGradient, axis: int, at: tuple[float, float], reach: float
) -> TaylorTest:
    """Test a component by its Taylor remainder.

    Parameters
    ----------
    candidate : CandidateGradient
        The function and its claimed gradient.
    axis : int
        0 steps along a and tests ∂f/∂a, 1 along b.
    at : (float, float)
        The point.
    reach : float
        The longest step.
    """
    t = reach * np.logspace(-_DECADES, 0, _DECADES * _A_DECADE + 1)
    moved = np.unique(at[axis] + t)
    moved = moved[moved > at[axis]]
    taken = moved - at[axis]  # the step that the sum really is
    points = np.tile(np.array(at)[:, None], len(moved) + 1)
    points[axis, 1:] = moved
    slopes = candidate.parts[axis].value(*at), candidate.objective.gradient(*at)[axis]
    with np.errstate(all="ignore"):
        f, rounding = _values(candidate, *points)
        remainders = [np.abs(f[1:] - f[0] - taken * slope) for slope in slopes]
        floor = (
            rounding[1:] + rounding[0] + 4 * UNIT * taken * np.fmax(abs(slopes[0]), abs(slopes[1]))
        )
        least = np.fmax(_ABOVE * remainders[1], _CLEAR * floor) / taken
    fitted = [_slope(taken, remainder, floor) for remainder in remainders]
    return TaylorTest(
        at, taken, remainders[0], remainders[1], floor, fitted[0], fitted[1],
        error=_error(candidate, axis, at),
        least=float(np.nanmin(least, initial=np.inf)),
        sides=sides_along(candidate.objective, at, axis),
    )  # fmt: skip


def epsilon_test(candidate: CandidateGradient, axis: int, at: tuple[float, float]) -> EpsilonTest:
    """Compare a component with central differences.

    Parameters
    ----------
    candidate, axis, at
        As for :func:`taylor_test`.
    """
    epsilon = steps()
    shift = np.array([1.0 - axis, float(axis)])[:, None] * epsilon
    after = candidate.objective.values(at[0] + shift[0], at[1] + shift[1])
    before = candidate.objective.values(at[0] - shift[0], at[1] - shift[1])
    with np.errstate(all="ignore"):
        quotient = (after - before) / (2.0 * epsilon)
    claimed, true = candidate.parts[axis].value(*at), candidate.objective.gradient(*at)[axis]
    return EpsilonTest(at, epsilon, np.abs(quotient - claimed), np.abs(quotient - true))


def _error(candidate: CandidateGradient, axis: int, at: tuple[float, float]) -> float:
    names = candidate.names(*at, candidate.constants)
    balls = [enclose(candidate.graph, node, names) for node in candidate.pair(axis)]
    if any(ball is None or not ball.is_finite() for ball in balls) or balls[0].overlaps(balls[1]):
        return 0.0
    return float(abs(balls[0] - balls[1]).mid())


def _values(candidate: CandidateGradient, a: Array, b: Array) -> tuple[Array, Array]:
    """Return f with its rounding errors at points, the first of which is where the steps begin.

    nan where a function with a kink or a jump takes another branch than in the first step: where
    they begin may be on a kink.
    """
    f, n = candidate.nodes[0], len(a)
    first = slice(n > 1, 1 + (n > 1))
    same = candidate.same_sides([f], BRANCHING, (a[first], b[first]), (a, b), candidate.constants)
    same[0] = True
    value = np.where(same, candidate.objective.values(a, b), np.nan)
    few = min(n, max(_FEWEST_ROUNDINGS, _MOST_ROUNDINGS // candidate.objective.rows))
    at = np.linspace(0, n - 1, few).astype(int)
    points = zip(a[at].tolist(), b[at].tolist(), strict=True)
    names = (candidate.names(*point, candidate.constants) for point in points)
    error = [radius(enclose(candidate.graph, f, given, FLOAT64)) for given in names]
    return value, np.interp(np.arange(n), at, error)


def _slope(t: Array, remainder: Array, floor: Array) -> float:
    """Fit the power of t to the lowest part of a remainder that is clear of its floor."""
    with np.errstate(invalid="ignore"):
        clear = np.flatnonzero(remainder > _CLEAR * floor)
    if len(clear) == 0:
        return float("nan")
    lowest = t[clear[0]]
    used = clear[t[clear] <= lowest * 10.0**_FITTED_DECADES]
    if len(used) < _A_DECADE // 2:
        return float("nan")
    return float(np.polyfit(np.log(t[used]), np.log(remainder[used]), 1)[0])
