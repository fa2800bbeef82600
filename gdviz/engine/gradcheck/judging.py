"""From the points at which a component was compared to the verdict on it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.gradcheck import verdict_text
from gdviz.engine.gradcheck.branches import compare_branches
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.comparison import Comparison, compare
from gdviz.engine.gradcheck.domain import Condition, in_words, undefined_at, unsaid
from gdviz.engine.gradcheck.kinks import Kinks, OnKink
from gdviz.engine.gradcheck.named_points import named_points_notes
from gdviz.engine.gradcheck.samples import Samples
from gdviz.engine.gradcheck.scope import known_bounds, lacks, scope
from gdviz.engine.gradcheck.verdict import How, Verdict
from gdviz.engine.gradcheck.worst import worst_place

#: Points at which balls are compared: the worst, by the size and by the share of the difference,
#: and others.
_WORST, _OTHERS = 8, 32


def judge(component: int, here: Comparison, samples: Samples, kinks: Kinks) -> Verdict:
    """Judge a component: first with the constants as they are, then with others.

    Parameters
    ----------
    component : int
        0 for ∂f/∂a, 1 for ∂f/∂b.
    here : Comparison
        At the samples' points, with the constants as they are.
    samples : Samples
        Where it was looked.
    kinks : Kinks
        The curves of kinks.
    """
    candidate = here.candidate
    nodes = candidate.pair(component)
    verdict = _counted(component, here, samples)
    if verdict.points and nodes[0] == nodes[1]:
        return right_as(component, here, samples, kinks, verdict, "identical")
    proof = here.proven(component, _to_look_at(here, component, samples))
    if proof.wrong is not None:
        return wrong_at(component, here, proof.wrong, samples)
    if not proof.compared:
        if proof.missing:
            return wrong_at(component, here, proof.missing[0], samples)
        sentence = verdict_text.undecided(verdict, bool(here.finite[component].any()))
        return replace(verdict, right=None, how="undecided", sentence=sentence)
    branches = compare_branches(candidate, nodes, here.a, here.b, samples.extent)
    if (wrong := wrong_among(component, here, branches.points, samples)) is not None:
        return wrong
    places = [here.names_at(i) for i in proof.missing]
    for bound in _bounds(samples):
        other = compare(candidate, *samples.lattice, samples.extent, bound.moved)
        proof = other.proven(component, _to_look_at(other, component, samples))
        places += [other.names_at(i) for i in proof.missing]
        if proof.wrong is not None:
            place = other.place(component, proof.wrong)
            return replace(
                verdict,
                right=False,
                worst=place,
                only_for={constant: candidate.constants[constant] for constant in bound.moved},
                only_if=bound.holds_if,
                sentence=verdict_text.bound(verdict, bound.holds_if, tuple(bound.moved), place),
            )
    known = known_bounds(candidate, samples.hull, any_constants=True)
    lacking = undefined_at(candidate.graph, nodes[1], places, known)
    verdict = replace(verdict, lacking=tuple(lacking), unseen=samples.spacing)
    return right_as(component, here, samples, kinks, verdict, "numeric")


def right_as(
    component: int,
    here: Comparison,
    samples: Samples,
    kinks: Kinks,
    verdict: Verdict,
    how: How,
) -> Verdict:
    """Return a verdict as one that is right, and how that is known, in its sentence as well.

    Or as one that is wrong on a curve of kinks.

    Parameters
    ----------
    component, here, samples, kinks
        As for :func:`judge`.
    verdict : Verdict
        What is known of the component.
    how : {"identical", "symbolic", "numeric"}
        How it is known to be right: by numbers on the range, and else for the whole plane.
    """
    candidate, lacking = here.candidate, list(verdict.lacking)
    graph = candidate.graph
    if how == "symbolic":
        lacking += _lacking_far_away(component, here, samples)
        lacking = unsaid(graph, lacking, (), known_bounds(candidate, None, any_constants=True))
    covered = samples.hull if how == "numeric" else None
    found = lacks(candidate, component, covered, lacking)
    on_kinks = [
        kinks.on(component, condition, anywhere=covered is None)
        for condition in (*found.of_true, *found.of_claim)
        if condition.relation == "≠ 0"
    ]
    if wrong := next((on for on in on_kinks if on.wrong), None):
        return _wrong_on(wrong, verdict, candidate)
    if places := [names for on in on_kinks for names in on.lacking]:
        known = known_bounds(candidate, covered, any_constants=True)
        lacking += undefined_at(graph, candidate.pair(component)[1], places, known)
        lacking = unsaid(graph, lacking, (), known)
        of_claim = [each for each in found.of_claim if each not in lacking]
        found = found._replace(of_claim=of_claim)
    verdict = replace(
        verdict,
        how=how,
        lacking=tuple(lacking),
        undefined_for=in_words(graph, lacking, holds=False),
        defined_for=in_words(graph, lacking, holds=True),
        scope=scope(candidate, found, on_kinks),
    )
    return replace(verdict, sentence=verdict_text.right(verdict))


def _wrong_on(on: OnKink, verdict: Verdict, candidate: CandidateGradient) -> Verdict:
    """Return the verdict on a component that is wrong on a curve of kinks."""
    is_all = len(on.wrong) == on.told - on.without
    where = in_words(candidate.graph, [on.condition], holds=False) if is_all else ""
    said = f" for {where}" if where else " at some points"
    said += " (by the one-sided derivatives of f)"
    sentence = verdict_text.wrong(verdict, on.wrong[0], said)
    return replace(verdict, right=False, worst=on.wrong[0], sentence=sentence)


def _lacking_far_away(component: int, here: Comparison, samples: Samples) -> list[Condition]:
    """Return what the claimed one lacks beyond the range, where the true one has a value."""
    candidate = here.candidate
    beyond = compare(candidate, *samples.far, samples.extent)
    is_missing = np.isfinite(beyond.true[component]) & ~np.isfinite(beyond.claimed[component])
    proof = beyond.proven(component, _spaced(np.flatnonzero(is_missing)))
    known = known_bounds(candidate, None)
    places = map(beyond.names_at, proof.missing)
    return undefined_at(candidate.graph, candidate.pair(component)[1], places, known)


def wrong_among(
    component: int, here: Comparison, points: Array, samples: Samples
) -> Verdict | None:
    """Return the verdict if one of further points shows that a component is wrong.

    Parameters
    ----------
    component, here, samples
        As for :func:`judge`.
    points : ndarray, shape (m, 2)
        The points.
    """
    if not len(points):
        return None
    before = len(here.a)
    here = here.joined(compare(here.candidate, points[:, 0], points[:, 1], samples.extent))
    defined = np.flatnonzero(here.comparable[component])
    wrong = here.proven(component, defined[defined >= before]).wrong
    return None if wrong is None else wrong_at(component, here, wrong, samples)


def wrong_at(component: int, here: Comparison, wrong: int, samples: Samples) -> Verdict:
    """Return the verdict on a component that is wrong.

    Parameters
    ----------
    component, here, samples
        As for :func:`judge`.
    wrong : int
        The index of a point that proves it.
    """
    verdict = _counted(component, here, samples)
    place, said = here.place(component, wrong), ""
    if np.isfinite(place.claimed):
        inside = [i for i in _to_look_at(here, component, samples) if i not in samples.named_at]
        is_beyond = not samples.extent.contains(place.a, place.b)
        if is_beyond and here.proven(component, inside).wrong is None:
            said = f", though not on {samples.where(verdict.parameters, ())}"
        else:
            place = worst_place(component, here, wrong, samples)
            said = verdict_text.slip(here, component)
    sentence = verdict_text.wrong(verdict, place, said)
    return replace(verdict, right=False, worst=place, sentence=sentence)


def _counted(component: int, here: Comparison, samples: Samples) -> Verdict:
    """Return a verdict with the points that were compared, without a sentence."""
    comparable, finite = here.comparable[component], here.finite[component]
    error = here.error[component]
    return Verdict(
        here.candidate.components[component],
        right=True,
        how="numeric",
        where=samples.where(
            here.candidate.objective.parameters,
            [i for i in samples.named_at if i < len(comparable) and comparable[i]],
        ),
        parameters=here.candidate.objective.parameters,
        points=int(comparable.sum()),
        undefined=int((~finite).sum()),
        at_kinks=int((finite & ~comparable).sum()),
        worst=None if np.isnan(error).all() else here.place(component, int(np.nanargmax(error))),
        notes=named_points_notes(component, here, samples),
    )


@dataclass(frozen=True)
class _Bound:
    """Other values of constants, and what a candidate is bound to that is wrong with them."""

    moved: dict[str, Array]
    holds_if: str


def _bounds(samples: Samples) -> Iterator[_Bound]:
    """Yield other values of the constants: each alone, and all, of their sign, of the other, and 0.

    So a candidate is bound to as few constants, and as loosely, as shows that it is bound.
    """
    values, near = samples.constants, samples.moved
    groups = [(name,) for name in near] + ([tuple(near)] if len(near) > 1 else [])
    for names in groups:
        yield _Bound(
            {n: near[n] for n in names}, verdict_text.values({n: values[n] for n in names})
        )
    for names in groups:
        signs = (f"{n} {'<' if values[n] < 0 else '>' if values[n] else '≥'} 0" for n in names)
        yield _Bound({n: -near[n] for n in names}, " and ".join(signs))
    for name in near:
        if values[name]:
            yield _Bound({name: 0.0 * near[name]}, f"{name} ≠ 0")


def _to_look_at(comparison: Comparison, component: int, samples: Samples) -> list[int]:
    """Return the points to look at closely: the named, the worst, and some of the generic ones.

    Also some where the candidate alone is no number.
    """
    error = comparison.error[component]
    true, claimed = comparison.true[component], comparison.claimed[component]
    differs = np.flatnonzero(error > 0.0)
    share = error[differs] / (np.abs(true[differs]) + np.abs(claimed[differs]))
    worst = [differs[np.argsort(-x, kind="stable")[:_WORST]] for x in (error[differs], share)]
    generic = len(samples.spread)
    known = np.flatnonzero(comparison.comparable[component, :generic])
    jumps = comparison.jumps[component]
    missing = np.flatnonzero(np.isfinite(true) & ~np.isfinite(claimed) & ~jumps)
    on_lines = missing[missing >= generic][:_WORST]  # such as a = 0
    named = [
        i for i in samples.named_at if i < len(error) and np.isfinite(true[i]) and not jumps[i]
    ]
    # In turn, because over many rows only the first few are looked at.
    chosen = zip_longest(
        named, *worst, _spaced(missing[missing < generic]), on_lines, _spaced(known)
    )
    return list(dict.fromkeys(int(i) for indices in chosen for i in indices if i is not None))


def _spaced(indices: Any) -> Any:
    return indices[:: max(1, len(indices) // _OTHERS)][:_OTHERS]
