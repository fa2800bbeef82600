"""For which points a verdict holds that is no matter of samples: where f has a value, and no kink.

Two formulas that are one node, or whose difference simplifies to 0, are equal wherever f has the
derivative. So what may be without a value, or has a kink, is read from the graph, except where
bounds on its argument show that it is not. On a curve of kinks f may have a derivative all the
same: see :mod:`gdviz.engine.gradcheck.kinks`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gdviz.base.geometry import Range
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.domain import Condition, conditions, in_words, simplified, unsaid
from gdviz.engine.gradcheck.kinks import OnKink
from gdviz.engine.language.enclosures.bounds import ANY, Bounds, between, bounds
from gdviz.engine.language.graph import Graph
from gdviz.engine.language.operations import JUMPING, ROWS

_LONGEST = 90  #: characters of conditions; more are not written out


@dataclass(frozen=True, slots=True)
class Curves:
    """Curves of kinks that are alike.

    Attributes
    ----------
    where : str
        Such as "a = 0 or b = 1"; empty without words for it.
    points, without : int
        At how many points of them it is told whether f has a derivative, and where it has none.
    beyond : bool
        Whether some of the points are beyond the range.
    """

    where: str
    points: int
    without: int
    beyond: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """Where there is something to be right about, in words for a sentence.

    Attributes
    ----------
    has_value : str or None
        Where f has a value, such as "a > 0"; empty without words for it, and None for everywhere.
    without_derivative, cancelling : Curves or None
        Where f has no derivative although it has a value, such as "a = 0", and where it has one, as
        kinks cancel. None for nowhere.
    partly_without : tuple of Curves
        Curves on which f has no derivative at some points, and one at others.
    at_edge : str or None
        Where none of this is told, but f has no value on one side, such as "a^2 = 2"; likewise.
    may_lack_derivative : str or None
        Where not even that is told, such as "a = 0"; likewise.
    without_claim : str or None
        Where the claimed one may have no value or jump although f has a derivative; likewise.
    """

    has_value: str | None = None
    without_derivative: Curves | None = None
    partly_without: tuple[Curves, ...] = ()
    cancelling: Curves | None = None
    at_edge: str | None = None
    may_lack_derivative: str | None = None
    without_claim: str | None = None

    @property
    def curves(self) -> tuple[Curves, ...]:
        """All curves of kinks of which it is told whether f has a derivative there."""
        none, every = self.without_derivative, self.cancelling
        return tuple(each for each in (none, *self.partly_without, every) if each is not None)


class Lacks(NamedTuple):
    """What f needs to have a value, what further its derivative needs, and the claimed one."""

    of_value: list[Condition]
    of_true: list[Condition]
    of_claim: list[Condition]


def lacks(
    candidate: CandidateGradient,
    component: int,
    extent: Range | None,
    lacking: Iterable[Condition] = (),
) -> Lacks:
    """Return what may be lacked by a component.

    Parameters
    ----------
    candidate : CandidateGradient
        The function and its claimed gradient.
    component : int
        0 for ∂f/∂a, 1 for ∂f/∂b.
    extent : Range, optional
        What is looked at; None for the whole plane.
    lacking : iterable of Condition, default ()
        What the claimed one is known to lack, which is left out.
    """
    graph, f = candidate.graph, candidate.nodes[0]
    true, claimed = candidate.pair(component)
    known = known_bounds(candidate, extent)
    of_value = unsaid(graph, conditions(graph, [f], known), (), known)
    of_true = unsaid(
        graph,
        [
            *conditions(graph, [true], known),
            *_smooth(graph, [true], known),
            *_unbroken(candidate, component, known),
        ],
        [*of_value, *_implied(graph, of_value)],
        known,
    )
    of_claim = unsaid(
        graph,
        [*conditions(graph, [claimed], known), *_smooth(graph, [claimed], known)],
        [*of_value, *_implied(graph, of_value), *of_true, *lacking],
        known,
    )
    return Lacks(of_value, of_true, of_claim)


def scope(candidate: CandidateGradient, found: Lacks, on_kinks: Iterable[OnKink]) -> Scope:
    """Return the scope of a component that is right.

    Parameters
    ----------
    candidate : CandidateGradient
        The function and its claimed gradient.
    found : Lacks
        What may be lacked.
    on_kinks : iterable of OnKink
        What is so on the curves where it is.
    """
    graph, looked_at = candidate.graph, {each.condition: each for each in on_kinks}
    none, some, every = [], [], []
    untold, unclear = [], []
    for condition in found.of_true:
        on = looked_at.get(condition)
        if on is None or not on.told:
            untold.append(condition)
        elif on.without == on.told:
            none.append(on)
        elif on.without:
            some.append(on)
        elif not (on.unclear or on.lacking):
            every.append(on)
        if on is not None and on.unclear:
            unclear.append(condition)
    for condition in found.of_claim:
        on = looked_at.get(condition)
        if on is None or on.without or on.unclear or not on.told:
            unclear.append(condition)
        elif not on.lacking:
            every.append(on)
    ends = [
        simplified(graph, Condition("≠ 0", each.node), {})
        for each in (*found.of_value, *_implied(graph, found.of_value))
        if each.relation in ("≥ 0", "≤ 0") and not each.is_rough
    ]
    edge = [each for each in untold if simplified(graph, each, {}) in ends]
    untold = [each for each in untold if each not in edge]
    return Scope(
        _words(graph, found.of_value, holds=True) if found.of_value else None,
        without_derivative=_alike(graph, none),
        partly_without=tuple(curve for on in some if (curve := _alike(graph, [on]))),
        cancelling=_alike(graph, every),
        at_edge=_words(graph, edge, holds=False) if edge else None,
        may_lack_derivative=_words(graph, untold, holds=False) if untold else None,
        without_claim=_words(graph, unclear, holds=False) if unclear else None,
    )


def _alike(graph: Graph, curves: list[OnKink]) -> Curves | None:
    if not curves:
        return None
    return Curves(
        # It was looked at all of the curve, whatever the exponent is there.
        _words(graph, [on.condition._replace(otherwise=None) for on in curves], holds=False),
        sum(on.told for on in curves),
        sum(on.without for on in curves),
        any(on.beyond for on in curves),
    )


def known_bounds(
    candidate: CandidateGradient, extent: Range | None, *, any_constants: bool = False
) -> dict[int, Bounds]:
    """Return the bounds of f, of its gradient, and of the claimed one.

    Parameters
    ----------
    candidate, extent
        As for :func:`lacks`.
    any_constants : bool, default False
        With any values of the constants, in place of those that they have.
    """
    whole = (ANY, ANY)
    along = whole if extent is None else (between(*extent[:2]), between(*extent[2:]))
    names = dict(zip(candidate.objective.parameters, along, strict=True))
    constants = candidate.constants.items()
    names |= {name: ANY if any_constants else between(value, value) for name, value in constants}
    if (data := candidate.objective.data) is not None:
        names[ROWS] = between(data.rows, data.rows)
        for name, column in data.arrays.items():
            low, high = float(np.min(column)), float(np.max(column))
            names[name] = between(low, high, bool(np.any(column == 0.0)))
    return bounds(candidate.graph, candidate.nodes, names)


def _smooth(graph: Graph, nodes: Iterable[int], known: dict[int, Bounds]) -> Iterable[Condition]:
    """Yield that what jumps at a zero has none, where it may have one."""
    for index in graph.reachable(nodes):
        if graph[index].operation in JUMPING:
            asked = Condition("≠ 0", graph.zero_of(index))
            zero = known.get(asked.node, ANY)
            if zero.has_zero:
                yield simplified(graph, asked, known)


def _unbroken(
    candidate: CandidateGradient, component: int, known: dict[int, Bounds]
) -> Iterable[Condition]:
    """Yield the same of what jumps in f along an axis, of which its derivative tells nothing."""
    graph, f = candidate.graph, candidate.nodes[0]
    depends = graph.dependencies([f])
    along = candidate.objective.parameters[component]
    jumps = [i for i in graph.reachable([f]) if graph[i].operation in JUMPING]
    return _smooth(graph, [i for i in jumps if along in depends[i]], known)


def _implied(graph: Graph, of_value: Iterable[Condition]) -> Iterable[Condition]:
    """Yield what the derivatives of arcsin and arccos need, which is said already: 1 − u² ≥ 0."""
    for relation, node, *_ in of_value:
        if relation == "≤ 1":
            square = graph.apply("pow", node, graph.number(2.0))
            yield Condition("≥ 0", graph.apply("sub", graph.number(1.0), square))


def _words(graph: Graph, found: list[Condition], *, holds: bool) -> str:
    """Return conditions in words; nothing where there are too many, or none that are exact."""
    if holds and any(each.is_rough for each in found):
        return ""
    text = in_words(graph, found, holds=holds)
    return text if len(text) <= _LONGEST and "…" not in text else ""
