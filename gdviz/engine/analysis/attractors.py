"""What many paths end at: minima, valleys of minima, other stationary points, and nothing.

A minimum is found from the formula: Newton's method in float64 from where a path rests, as long as
the Hessian is positive definite. It counts as what a path ends at if that rests in its
*neighbourhood*: the largest disc around it, up to :data:`NEAR` of the map, on which the Hessian is
positive definite (as sampled on rings). There f is convex, and no other minimum. This holds for
paths that stopped beside it, as a biased estimate makes them, and for those that ran out of
steps there: they are in its bowl, though not at its bottom, where :attr:`Outcome.arrived` tells how
many are. From there ∇f leads to the minimum, but a velocity or a long step may still lead out
again. A path that ran out of steps elsewhere is on its way, and belongs to no minimum yet.

Where f has a kink there is neither a Hessian nor a gradient that vanishes: a path jumps about such
a minimum, as near as α allows. That is found from the formula's kinks
(:mod:`gdviz.engine.objectives.nonsmooth_minima`), and is what the paths end at that rest within
:data:`NEAR` and from where f falls all the way to it. Where α is large it is what the paths end at,
too, whose last points lie around it, however far.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from gdviz.base.cancel import no_progress
from gdviz.engine.descent.batch import CODES, STATUSES, Endpoints, blocks
from gdviz.engine.descent.outcome_text import STATIONARY, STOPPED
from gdviz.engine.descent.path import Status
from gdviz.engine.objectives.nonsmooth_minima import are_in_valleys, is_around, kink_minima
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.stationary_points import eigenvalues, isolated_kinds, stationary_kind

#: The kinds of outcomes, in the order of their labels, and what each is called.
KINDS = MappingProxyType(
    {
        "minimum": "minimum",  # reached, or its neighbourhood
        "kink": "minimum at a kink",  # the same, or jumping around in it
        "kink-valley": "valley of minima at a kink",
        "valley": "valley of minima",
        "saddle": "saddle",
        "maximum": "maximum",
        "flat": "flat ground",  # or a minimum: the Hessian cannot tell
        "stalled": "stalled",  # where ∇f does not vanish
        "step-limit": "on its way",
        "left-map": "left the map",
        "diverged": "diverged",
        "not-a-number": "ĝ not finite",
        "undefined": "f not finite",
    }
)
#: How paths end that stopped, where the estimate vanished or as a rule that searches says; with
#: ‖∇f‖₂ up to which that is at a stationary point.
_STOPPED = {Status.ESTIMATE_VANISHED: STATIONARY, Status.STOPPED: STOPPED}
#: An outcome, and the paths that have it.
_Group = tuple["Outcome", NDArray[np.intp]]
#: Points a + ib of the map.
_Points = NDArray[np.complex128]
#: The kinds that are statuses of a path as well.
_AS_STATUS = ("step-limit", "left-map", "diverged", "not-a-number", "undefined")

#: Parts of the map's diagonal: the largest neighbourhood of a minimum,
NEAR = 1 / 20
#: below which Newton's last step is round-off, and what it reached the same number (in float64),
_EQUAL = 1e-9
#: and up to which points count as at the same place.
_PLACE = 1e-3
#: Newton's steps from where a path rests, at most.
ITERATIONS = 20
#: Other outcomes than minima have places of their own only if they are so few.
_MANY = 16
#: Places at which a singular Hessian is looked at closely, at most: each takes a millisecond. Of
#: more, one speaks for those within :data:`NEAR` of it.
_MOST_PLACES = 256
_RADII = np.linspace(0.0, 1.0, 17)[1:, None]
_ANGLES = np.linspace(0.0, 2 * np.pi, 24, endpoint=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What paths end at.

    Attributes
    ----------
    kind : str
        A key of :data:`KINDS`.
    a, b : float
        Where it is; nan where that is in many places.
    loss : float
        f there; nan likewise.
    cells : int
        Starts whose path ended so.
    arrived : int
        Of a minimum: those that stopped at it, within 1e-3 of the map's diagonal. The others
        stopped beside it, or ran out of steps in its neighbourhood. Of other kinds: `cells`.
    """

    kind: str
    a: float
    b: float
    loss: float
    cells: int
    arrived: int

    @property
    def name(self) -> str:
        """What it is called, such as ``minimum``."""
        return KINDS[self.kind]


def classify(
    objective: Objective,
    endpoints: Endpoints,
    diagonal: float,
    alpha: float = 0.0,
    progress: Callable[[float], None] = no_progress,
    cancelled: Callable[[], bool] = bool,
) -> tuple[NDArray[np.int64], tuple[Outcome, ...]]:
    """Tell what paths end at.

    Parameters
    ----------
    objective : Objective
        What was minimised; the formula's derivatives are taken of it, and not counted.
    endpoints : Endpoints
        Where paths ended, in any shape.
    diagonal : float
        The length of the map's diagonal, which distances are measured by.
    alpha : float, default 0
        The learning rate of gradient descent; 0 for other rules. A minimum with λmax > 2/α throws
        back what comes near: paths in its neighbourhood are on their way, unless they stopped.
    progress : callable, optional
        Told which part of the points at which paths rest Newton's method has been tried from.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Returns
    -------
    labels : ndarray of int
        Indices into the outcomes, in the shape of the endpoints.
    outcomes : tuple of Outcome
        Minima by rising loss, then the others in the order of :data:`KINDS`.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    shape = endpoints.shape
    endpoints = endpoints.ravel()
    with np.errstate(all="ignore"):
        free = np.ones(len(endpoints), bool)
        groups: list[_Group] = []
        for found in (
            _at_kinks(objective, endpoints, diagonal, cancelled),
            _at_minima(objective, endpoints, free, diagonal, alpha, progress, cancelled),
            _elsewhere(objective, endpoints, free, diagonal, cancelled),
        ):
            # Each looks which paths are free once those before it are done.
            for outcome, members in list(found):
                free[members] = False
                groups.append((outcome, members))
    order = sorted(groups, key=lambda group: _rank(group[0]))
    labels = np.empty(len(endpoints), np.int64)
    for label, (_, members) in enumerate(order):
        labels[members] = label
    return labels.reshape(shape), tuple(outcome for outcome, _ in order)


def _rank(outcome: Outcome) -> tuple[float, ...]:
    place = (math.inf if math.isnan(x) else x for x in (outcome.loss, outcome.a, outcome.b))
    return list(KINDS).index(outcome.kind), *place


def _has(endpoints: Endpoints, *statuses: Status) -> NDArray[np.bool_]:
    has = np.zeros(len(STATUSES), bool)
    has[[CODES[status] for status in statuses]] = True
    chosen: NDArray[np.bool_] = has[endpoints["status"]]
    return chosen


# -- minima


def _at_kinks(
    objective: Objective, endpoints: Endpoints, diagonal: float, cancelled: Callable[[], bool]
) -> Iterator[_Group]:
    """Yield each minimum at a kink, or valley, with the paths that rest or jump in its bowl."""
    if not objective.kinks(0.0, 0.0):
        return
    # Who meets the very tip of a cone finds no gradient there.
    at_tip = _has(endpoints, Status.NOT_A_NUMBER)
    resting = np.union1d(_resting(endpoints), np.flatnonzero(at_tip))
    rest = endpoints["at"][resting]
    low, high = endpoints["low"][resting], endpoints["high"][resting]
    points, which = _distinct(rest, _equal(objective) * diagonal)
    near = np.where(at_tip[resting], _PLACE, NEAR) * diagonal
    reach = np.zeros(len(points))
    np.maximum.at(reach, which, np.maximum(near, np.abs(high - low)))
    bottoms = np.empty_like(points)
    for block in blocks(len(points), objective, cancelled):
        bottoms[block] = kink_minima(objective, points[block], reach[block], diagonal)
    minima = bottoms[which]
    found = (np.abs(minima - rest) <= near) | is_around(low, high, minima)
    in_valley = np.zeros(len(points), bool)
    known = np.flatnonzero(np.isfinite(bottoms))
    for block in blocks(len(known), objective, cancelled):
        in_valley[known[block]] = are_in_valleys(objective, bottoms[known[block]], diagonal)
    for kind, chosen in (
        ("kink", found & ~in_valley[which]),
        ("kink-valley", found & in_valley[which]),
    ):
        yield from _groups_by_place(objective, kind, resting[chosen], minima[chosen], diagonal)


def _resting(endpoints: Endpoints) -> NDArray[np.intp]:
    """Return which paths stopped, or ran out of steps."""
    return np.flatnonzero(_has(endpoints, *_STOPPED, Status.STEP_LIMIT))


def _at_minima(
    objective: Objective,
    endpoints: Endpoints,
    free: NDArray[np.bool_],
    diagonal: float,
    alpha: float,
    progress: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> Iterator[_Group]:
    """Yield each minimum with the paths that rest in its neighbourhood."""
    resting = _resting(endpoints)
    resting = resting[free[resting]]
    rest = endpoints["at"][resting]
    # Most have come to the same few numbers.
    points, which = _distinct(rest, _equal(objective) * diagonal)
    bottoms = np.empty_like(points)
    for block in blocks(len(points), objective, cancelled):
        bottoms[block] = _bottoms(objective, points[block], diagonal)
        progress(min(1.0, block.stop / len(points)))
    found = np.flatnonzero(np.isfinite(bottoms))
    minima, of_found = _minima(objective, bottoms[found], diagonal)
    minimum_of = np.full(len(points), -1)
    minimum_of[found] = of_found
    stopped = _has(endpoints, *_STOPPED)[resting]
    for k, minimum in enumerate(minima):
        distance = abs(rest - minimum)
        here = distance <= _PLACE * diagonal
        radius = _neighbourhood(objective, minimum, NEAR * diagonal)
        inside = (minimum_of[which] == k) & (distance <= radius)
        steepest, _ = eigenvalues(*objective.hessian(minimum.real, minimum.imag))
        if alpha * steepest > 2.0:
            inside &= stopped
        if inside.any():
            a, b = minimum.real, minimum.imag
            arrived = int((inside & here & stopped).sum())
            loss, count = objective.value(a, b), int(inside.sum())
            yield Outcome("minimum", a, b, loss, count, arrived), resting[inside]


def _equal(objective: Objective) -> float:
    """Return below which part of the diagonal what Newton's method reached is the same number."""
    return _EQUAL * math.sqrt(objective.coarseness)


def _distinct(points: _Points, cell: float) -> tuple[_Points, NDArray[np.intp]]:
    """Return a point in each of the cells that points lie in, and which of them each point is."""
    _, first, which = np.unique(np.round(points / cell), return_index=True, return_inverse=True)
    return points[first], which


def _bottoms(objective: Objective, starts: _Points, diagonal: float) -> _Points:
    """Return where Newton's method leads; nan where it meets no minimum within reach.

    :mod:`gdviz.engine.objectives.stationary_points` has steps of its own, which go down across a
    valley alone: its Hessian is singular there, by which these steps divide. That follows one point
    on floats; these are thousands at once.
    """
    bottoms = np.full(len(starts), np.nan, np.complex128)
    index, points = np.arange(len(starts)), starts
    for _ in range(ITERATIONS):
        g_a, g_b = objective.gradients(points.real, points.imag)
        aa, ab, bb = objective.hessians(points.real, points.imag)
        determinant = aa * bb - ab * ab
        step = ((bb * g_a - ab * g_b) + 1j * (aa * g_b - ab * g_a)) / determinant
        points = points - step
        near = abs(points - starts[index]) <= NEAR * diagonal
        near &= (aa > 0) & (determinant > 0)
        done = near & (abs(step) <= _equal(objective) * diagonal)
        bottoms[index[done]] = points[done]
        kept = near & ~done
        index, points = index[kept], points[kept]
    return bottoms


def _minima(
    objective: Objective, bottoms: _Points, diagonal: float
) -> tuple[list[complex], NDArray[np.int64]]:
    """Return the distinct minima among points, and which each point is; −1 for none."""
    points, which = _distinct(bottoms, _equal(objective) * diagonal)
    minima: list[complex] = []
    label = np.full(len(points), -1)
    for k in np.flatnonzero(isolated_kinds(objective, points) == "minimum"):
        point = complex(points[k])
        for j in np.flatnonzero(abs(np.array(minima) - point) <= _PLACE * diagonal):
            if _is_convex_between(objective, minima[j], point):
                label[k] = j
                break
        else:
            label[k] = len(minima)
            minima.append(point)
    return minima, label[which]


def _is_convex_between(objective: Objective, one: complex, other: complex) -> bool:
    """Tell whether f curves upwards all the way: two minima have something between them."""
    way = other - one
    points = one + np.linspace(0.0, 1.0, 9) * way
    aa, ab, bb = objective.hessians(points.real, points.imag)
    bend = aa * way.real**2 + 2 * ab * way.real * way.imag + bb * way.imag**2
    return bool((bend > 0).all())


def _neighbourhood(objective: Objective, minimum: complex, most: float) -> float:
    """Return the radius of the disc on which the Hessian is positive definite, as sampled.

    At least what distinguishes places, so that what stopped at the minimum is within.
    """
    rings = minimum + most * _RADII * np.exp(1j * _ANGLES)
    _, lowest = eigenvalues(*objective.hessians(rings.real, rings.imag))
    positive = (lowest > 0).all(axis=1)
    radius = most * float(_RADII[np.argmin(positive) - 1, 0]) if not positive.all() else most
    return radius if positive[0] else most * _PLACE / NEAR


# -- the others


def _elsewhere(
    objective: Objective,
    endpoints: Endpoints,
    free: NDArray[np.bool_],
    diagonal: float,
    cancelled: Callable[[], bool],
) -> Iterator[_Group]:
    """Yield what the paths end at that are in no minimum's neighbourhood."""
    for kind in _AS_STATUS:
        members = np.flatnonzero(free & _has(endpoints, Status(kind)))
        if len(members):
            yield Outcome(kind, math.nan, math.nan, math.nan, len(members), len(members)), members
    stopped = np.flatnonzero(free & _has(endpoints, *_STOPPED))
    at = endpoints["at"][stopped]
    points, which = _distinct(at, _equal(objective) * diagonal)
    norms, kinds = np.empty(len(points)), np.empty(len(points), "U8")
    for block in blocks(len(points), objective, cancelled):
        some = points[block]
        norms[block] = np.hypot(*objective.gradients(some.real, some.imag))
        kinds[block] = isolated_kinds(objective, some)
    of_status = [_STOPPED[STATUSES[code]] for code in endpoints["status"][stopped].tolist()]
    flat = np.flatnonzero(kinds == "flat")
    kinds[flat] = _degenerate_kinds(objective, points[flat], diagonal)
    # Where f has no gradient, the operations' derivatives have vanished.
    kinds = np.where(norms[which] > np.array(of_status), "stalled", kinds[which])
    for kind in np.unique(kinds).tolist():
        those = kinds == kind
        yield from _groups_by_place(objective, kind, stopped[those], at[those], diagonal)


def _degenerate_kinds(objective: Objective, points: _Points, diagonal: float) -> NDArray[np.str_]:
    """Tell the kinds of points at rest, as a path's sentence does; of many, one speaks for some."""
    some, which = points, np.arange(len(points))
    if len(points) > _MOST_PLACES:
        some, which = _distinct(points, NEAR * diagonal)
    kinds = [stationary_kind(objective, point.real, point.imag) for point in some.tolist()]
    return np.array(kinds, "U8")[which]


def _groups_by_place(
    objective: Objective, kind: str, members: NDArray[np.intp], places: _Points, diagonal: float
) -> Iterator[_Group]:
    """Yield groups of paths that ended in one place; a single group where there are many places."""
    groups: list[NDArray[np.intp]] = []
    rest = np.arange(len(places))
    while len(rest) and len(groups) <= _MANY:
        same = np.abs(places[rest] - places[rest[0]]) <= _PLACE * diagonal
        groups.append(rest[same])
        rest = rest[~same]
    for group in [np.arange(len(places))] if len(groups) > _MANY else groups:
        yield _outcome(objective, kind, places[group], diagonal), members[group]


def _outcome(objective: Objective, kind: str, places: _Points, diagonal: float) -> Outcome:
    middle, count = complex(places.mean()), len(places)
    if np.abs(places - middle).max() > _PLACE * diagonal:
        return Outcome(kind, math.nan, math.nan, math.nan, count, count)
    loss = objective.value(middle.real, middle.imag)
    return Outcome(kind, middle.real, middle.imag, loss, count, count)
