"""What the ends of many paths are: minima, other stationary points, plateaus, and none.

A minimum is found from the formula: Newton's method in float64 from where a path rests, as long as
the Hessian is positive definite. It counts as one path's end if that rests in its
*neighbourhood*: the largest disc around it, up to :data:`NEAR` of the map, on which the Hessian is
positive definite (as sampled on rings). There f is convex, and no other minimum. This holds for
paths that stopped beside it, as a biased estimate makes them, and for those that ran out of
steps there: they are in its bowl, though not at its bottom, where :attr:`End.arrived` tells how
many are. From there ∇f leads to the minimum, but a velocity or a long step may still lead out
again. A path that ran out of steps elsewhere is on its way, and belongs to no minimum yet.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from gdviz.engine.endings import STATIONARY, stationary_kind
from gdviz.engine.many_walks import CODES, Arrivals, blocks, nobody
from gdviz.engine.newton import lowest_eigenvalue
from gdviz.engine.objective import Objective
from gdviz.engine.path import Status

#: The kinds of ends, in the order of their labels: what each is, after "cells whose path …".
KINDS = MappingProxyType(
    {
        "minimum": "reached a minimum, or its neighbourhood",
        "saddle": "stopped at a saddle point",
        "maximum": "stopped at a maximum",
        "flat": "stopped where the Hessian does not tell a minimum from flat ground",
        "stalled": "stopped where the estimate vanishes and ∇f does not",
        "step-limit": "was on its way when the steps ran out",
        "left-map": "left the map",
        "diverged": "diverged",
        "not-a-number": "met a gradient that is not finite",
        "undefined": "met a point where f is not finite",
    }
)
#: An end, and the paths that it is the end of.
_Group = tuple["End", NDArray[np.intp]]
#: Points a + ib of the map.
_Points = NDArray[np.complex128]
#: The kinds that are statuses of a path as well.
_AS_STATUS = ("step-limit", "left-map", "diverged", "not-a-number", "undefined")

#: Parts of the map's diagonal: the largest neighbourhood of a minimum,
NEAR = 1 / 20
#: below which Newton's last step is round-off, and what it reached the same number,
_EQUAL = 1e-9
#: and up to which points count as at the same place.
_PLACE = 1e-3
#: Newton's steps from where a path rests, at most.
ITERATIONS = 20
#: Other ends than minima have places of their own only if they are so few.
_MANY = 16
_RADII = np.linspace(0.0, 1.0, 17)[1:, None]
_ANGLES = np.linspace(0.0, 2 * np.pi, 24, endpoint=False)


@dataclass(frozen=True, slots=True)
class End:
    """An end that paths share.

    Attributes
    ----------
    kind : str
        A key of :data:`KINDS`.
    a, b : float
        Where it is; nan for ends in many places.
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


def sort_out(
    objective: Objective,
    arrivals: Arrivals,
    diagonal: float,
    cancelled: Callable[[], bool] = bool,
    progress: Callable[[float], None] = nobody,
    rate: float = 0.0,
) -> tuple[NDArray[np.int64], tuple[End, ...]]:
    """Find the ends that paths share.

    Parameters
    ----------
    objective : Objective
        What was minimised; the formula's derivatives are taken of it, charged to nobody.
    arrivals : Arrivals
        Where paths ended, in arrays of any shape.
    diagonal : float
        The length of the map's diagonal, which distances are measured by.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.
    progress : callable, optional
        Told which part of the points at which paths rest Newton's method has been tried from.
    rate : float, default 0
        The learning rate of gradient descent; 0 for other rules. A minimum with λmax > 2/α throws
        back what comes near: paths in its neighbourhood are on their way, unless they stopped.

    Returns
    -------
    labels : ndarray of int
        Indices into the ends, in the shape of the arrivals.
    ends : tuple of End
        Minima by rising loss, then the others in the order of :data:`KINDS`.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    shape = arrivals.status.shape
    arrivals = arrivals.flattened()
    with np.errstate(all="ignore"):
        groups = list(_at_minima(objective, arrivals, diagonal, cancelled, progress, rate))
        free = np.ones(len(arrivals.a), bool)
        for _, members in groups:
            free[members] = False
        groups += _elsewhere(objective, arrivals, free, diagonal, cancelled)
    order = sorted(groups, key=lambda group: _rank(group[0]))
    labels = np.empty(len(arrivals.a), np.int64)
    for label, (_, members) in enumerate(order):
        labels[members] = label
    return labels.reshape(shape), tuple(end for end, _ in order)


def _rank(end: End) -> tuple[float, ...]:
    place = (math.inf if math.isnan(x) else x for x in (end.loss, end.a, end.b))
    return list(KINDS).index(end.kind), *place


def _has(arrivals: Arrivals, *statuses: Status) -> NDArray[np.bool_]:
    return np.isin(arrivals.status, [CODES[status] for status in statuses])


# -- minima


def _at_minima(
    objective: Objective,
    arrivals: Arrivals,
    diagonal: float,
    cancelled: Callable[[], bool],
    progress: Callable[[float], None],
    rate: float,
) -> Iterator[_Group]:
    """Yield each minimum with the paths that rest in its neighbourhood."""
    resting = np.flatnonzero(_has(arrivals, Status.GRADIENT_VANISHED, Status.STEP_LIMIT))
    rest = arrivals.a[resting] + 1j * arrivals.b[resting]
    # Most have come to the same few numbers.
    points, which = _distinct(rest, diagonal)
    bottoms = np.empty_like(points)
    for block in blocks(len(points), objective, cancelled):
        bottoms[block] = _bottoms(objective, points[block], diagonal)
        progress(min(1.0, block.stop / len(points)))
    found = np.flatnonzero(np.isfinite(bottoms))
    minima, of_found = _minima(objective, bottoms[found], diagonal)
    minimum_of = np.full(len(points), -1)
    minimum_of[found] = of_found
    vanished = _has(arrivals, Status.GRADIENT_VANISHED)[resting]
    for k, minimum in enumerate(minima):
        distance = abs(rest - minimum)
        here = distance <= _PLACE * diagonal
        radius = _neighbourhood(objective, minimum, NEAR * diagonal)
        inside = (minimum_of[which] == k) & (distance <= radius)
        aa, ab, bb = objective.hessian(minimum.real, minimum.imag)
        if rate * -lowest_eigenvalue(-aa, -ab, -bb) > 2.0:
            inside &= vanished
        if inside.any():
            a, b = minimum.real, minimum.imag
            arrived = int((inside & here & vanished).sum())
            end = End("minimum", a, b, objective.value(a, b), int(inside.sum()), arrived)
            yield end, resting[inside]


def _distinct(points: _Points, diagonal: float) -> tuple[_Points, NDArray[np.intp]]:
    """Return points that differ by more than round-off, and which of them each point is."""
    _, first, which = np.unique(
        np.round(points / (_EQUAL * diagonal)), return_index=True, return_inverse=True
    )
    return points[first], which


def _bottoms(objective: Objective, starts: _Points, diagonal: float) -> _Points:
    """Return where Newton's method leads; nan where it meets no minimum within reach."""
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
        done = near & (abs(step) <= _EQUAL * diagonal)
        bottoms[index[done]] = points[done]
        kept = near & ~done
        index, points = index[kept], points[kept]
    return bottoms


def _minima(
    objective: Objective, bottoms: _Points, diagonal: float
) -> tuple[list[complex], NDArray[np.int64]]:
    """Return the distinct minima among points, and which each point is; −1 for none."""
    points, which = _distinct(bottoms, diagonal)
    minima: list[complex] = []
    label = np.full(len(points), -1)
    hessians = zip(*objective.hessians(points.real, points.imag), strict=True)
    for k, (point, hessian) in enumerate(zip(points.tolist(), hessians, strict=True)):
        if stationary_kind(hessian) != "minimum":
            continue
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
    positive = (lowest_eigenvalue(*objective.hessians(rings.real, rings.imag)) > 0).all(axis=1)
    radius = most * float(_RADII[np.argmin(positive) - 1, 0]) if not positive.all() else most
    return radius if positive[0] else most * _PLACE / NEAR


# -- the others


def _elsewhere(
    objective: Objective,
    arrivals: Arrivals,
    free: NDArray[np.bool_],
    diagonal: float,
    cancelled: Callable[[], bool],
) -> Iterator[_Group]:
    """Yield the ends of the paths that are in no minimum's neighbourhood."""
    for kind in _AS_STATUS:
        members = np.flatnonzero(free & _has(arrivals, Status(kind)))
        if len(members):
            yield End(kind, math.nan, math.nan, math.nan, len(members), len(members)), members
    stopped = np.flatnonzero(free & _has(arrivals, Status.GRADIENT_VANISHED))
    a, b = arrivals.a[stopped], arrivals.b[stopped]
    points, which = _distinct(a + 1j * b, diagonal)
    kinds = np.array(
        [
            kind
            for block in blocks(len(points), objective, cancelled)
            for kind in _kinds(objective, points[block])
        ],
        dtype=str,
    )[which]
    for kind in np.unique(kinds).tolist():
        of_kind = stopped[kinds == kind]
        for members in _places(arrivals, of_kind, diagonal):
            yield _end(objective, kind, arrivals, members, diagonal), members


def _kinds(objective: Objective, points: _Points) -> Iterator[str]:
    """Tell what the points are at which an estimate vanished."""
    norms = np.hypot(*objective.gradients(points.real, points.imag))
    hessians = zip(*objective.hessians(points.real, points.imag), strict=True)
    for norm, hessian in zip(norms.tolist(), hessians, strict=True):
        kind = stationary_kind(hessian) if norm <= STATIONARY else "stalled"
        # A minimum to which Newton's method did not lead is too shallow to be told from flat.
        yield "flat" if kind == "minimum" else kind


def _places(
    arrivals: Arrivals, members: NDArray[np.intp], diagonal: float
) -> list[NDArray[np.intp]]:
    """Split paths by where they stopped; not at all where that is in many places."""
    places: list[NDArray[np.intp]] = []
    rest = members
    while len(rest) and len(places) <= _MANY:
        a, b = arrivals.a[rest], arrivals.b[rest]
        same = np.hypot(a - a[0], b - b[0]) <= _PLACE * diagonal
        places.append(rest[same])
        rest = rest[~same]
    return [members] if len(places) > _MANY else places


def _end(
    objective: Objective,
    kind: str,
    arrivals: Arrivals,
    members: NDArray[np.intp],
    diagonal: float,
) -> End:
    a, b = arrivals.a[members], arrivals.b[members]
    middle = float(a.mean()), float(b.mean())
    if np.hypot(a - middle[0], b - middle[1]).max() > _PLACE * diagonal:
        return End(kind, math.nan, math.nan, math.nan, len(members), len(members))
    return End(kind, *middle, objective.value(*middle), len(members), len(members))
