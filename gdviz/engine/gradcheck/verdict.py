"""The verdict on one component of a claimed gradient, and the sentence that says it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Literal

import numpy as np

from gdviz.base.format import number, pair
from gdviz.base.types import Array
from gdviz.engine.gradcheck.candidate import COMPONENTS
from gdviz.engine.gradcheck.comparison import Comparison, Place, compare
from gdviz.engine.gradcheck.difference_process import Remainder

#: How a component was decided.
How = Literal["identical", "symbolic", "numeric", "undecided"]

#: Points at which balls are compared: the worst, by the size and by the share of the difference,
#: and others.
_WORST, _OTHERS = 8, 32
#: The part of the largest number that rounding may have made of a component.
_ROUNDING = 1e-12
#: A relative difference below this, everywhere, looks like a number that was rounded.
_ROUNDED = 1e-5


@dataclass(frozen=True, slots=True)
class Verdict:
    """One component of a claimed gradient.

    Attributes
    ----------
    name : str
        ∂f/∂a or ∂f/∂b.
    right : bool or None
        None where there is nothing to compare.
    how : {"identical", "symbolic", "numeric", "undecided"}
        Whether it is the program's own derivative node for node, or the difference simplifies
        to 0, or the numbers decided.
    points : int
        How many points were compared with the constants at their values.
    undefined, at_kinks : int
        How many points were left out because the true or the claimed one is no number there, or
        because it jumps there.
    worst : Place or None
        Where they differ most; of what is right, by rounding. None where nothing was compared.
    only_for : dict of str to float
        The constants to whose values the candidate is bound; empty where it is not.
    sentence : str
        The verdict.
    remainder : Remainder or None
        True minus claimed; None where it was not asked for, or is zero.
    """

    name: str
    right: bool | None
    how: How
    points: int
    undefined: int
    at_kinks: int
    worst: Place | None
    only_for: dict[str, float]
    sentence: str
    remainder: Remainder | None = None


def judge(
    component: int, here: Comparison, moved: Mapping[str, Array], a: Array, b: Array
) -> Verdict:
    """Judge a component: first with the constants as they are, then with others.

    Parameters
    ----------
    component : int
        0 for ∂f/∂a, 1 for ∂f/∂b.
    here : Comparison
        With the constants as they are; its first n points are a and b.
    moved : mapping of str to ndarray, shape (n,)
        Other values of the constants, by name.
    a, b : ndarray, shape (n,)
        Points on no line that means something to a formula.
    """
    candidate, name = here.candidate, COMPONENTS[component]
    comparable, finite = here.comparable[component], here.finite[component]
    points = int(comparable.sum())
    largest = _largest(here, component)
    verdict = Verdict(
        name,
        right=True,
        how="numeric",
        points=points,
        undefined=int((~finite).sum()),
        at_kinks=int((finite & ~comparable).sum()),
        worst=None if largest is None else here.place(component, largest),
        only_for={},
        sentence=f"{name} is right: it equals the true one at {points:,} points, as closely as "
        "float64 can tell",
    )
    if points and candidate.nodes[1 + component] == candidate.nodes[3 + component]:
        sentence = f"{name} is right: it is identical to the program's own derivative"
        return replace(verdict, how="identical", sentence=sentence)
    wrong, compared = here.proven(component, _candidates(here, component, len(a)))
    if wrong is not None:
        place = here.place(component, wrong)
        return replace(
            verdict,
            right=False,
            worst=place,
            sentence=f"{name} is wrong{_slip(here, component, place)}: {_at(place)}",
        )
    if compared == 0:
        why = (
            "rounding may have left nothing of its values in this range"
            if finite.any()
            else "no point in this range has both a true and a claimed value"
        )
        sentence = f"{name} cannot be checked: {why}"
        return replace(verdict, right=None, how="undecided", sentence=sentence)
    found = _elsewhere(component, here, moved, a, b)
    if found is None:
        return verdict
    names, place = found
    bound = {constant: candidate.constants[constant] for constant in names}
    return replace(
        verdict,
        right=False,
        worst=place,
        only_for=bound,
        sentence=f"{name} is right only for {_values(bound)}: "
        f"with {_values({n: place.constants[n] for n in names})}, {_at(place)}",
    )


def _elsewhere(
    component: int, here: Comparison, moved: Mapping[str, Array], a: Array, b: Array
) -> tuple[tuple[str, ...], Place] | None:
    """Return the constants to whose values a candidate is bound, and a place with others.

    It is one constant if moving it alone shows it, and else all of them.
    """

    def shown(names: tuple[str, ...]) -> Place | None:
        other = compare(here.candidate, a, b, {name: moved[name] for name in names})
        wrong, _ = other.proven(component, _candidates(other, component, len(a)))
        return None if wrong is None else other.place(component, wrong)

    every = tuple(moved)
    place = shown(every) if every else None
    if place is None:
        return None
    for name in every:
        if (alone := shown((name,))) is not None:
            return (name,), alone
    return every, place


def _candidates(comparison: Comparison, component: int, generic: int) -> list[int]:
    """Return the points to look at closely: the worst ones, and some of the first, generic ones.

    Of these last also some where the candidate alone is no number: over and above single points,
    that is a difference.
    """
    error = comparison.error[component]
    true, claimed = comparison.true[component], comparison.claimed[component]
    differs = np.flatnonzero(error > 0.0)
    share = error[differs] / (np.abs(true[differs]) + np.abs(claimed[differs]))
    worst = [differs[np.argsort(-x, kind="stable")[:_WORST]] for x in (error[differs], share)]
    known = np.flatnonzero(comparison.comparable[component, :generic])
    missing = np.flatnonzero(np.isfinite(true[:generic]) & ~np.isfinite(claimed[:generic]))
    # In turn, because over many rows only the first few are looked at.
    chosen = zip_longest(*worst, _spaced(missing), _spaced(known))
    return list(dict.fromkeys(int(i) for indices in chosen for i in indices if i is not None))


def _spaced(indices: Any) -> Any:
    return indices[:: max(1, len(indices) // _OTHERS)][:_OTHERS]


def _largest(comparison: Comparison, component: int) -> int | None:
    error = comparison.error[component]
    return None if np.isnan(error).all() else int(np.nanargmax(error))


# -- the sentence


def _at(place: Place) -> str:
    where = f"at {pair((place.a, place.b), 6)}"
    if not np.isfinite(place.claimed):
        return f"it is undefined {where}, where the true one is {number(place.true)}"
    share = f" ({number(100 * place.relative, 3)} %)" if np.isfinite(place.relative) else ""
    digits = 6 if place.relative > _ROUNDED else 16  # enough to see that they differ
    return (
        f"{where} it gives {number(place.claimed + 0.0, digits)} instead of "
        f"{number(place.true + 0.0, digits)}, "  # no −0
        f"off by {number(place.absolute, 3)}{share}"
    )


def _values(constants: dict[str, float]) -> str:
    return " and ".join(f"{name} = {number(value)}" for name, value in constants.items())


def _slip(comparison: Comparison, component: int, worst: Place) -> str:
    """Say what kind of slip it looks like, in words after "is wrong"; or nothing."""
    used = comparison.comparable.all(axis=0)
    claimed, true = comparison.claimed[component, used], comparison.true[component, used]
    other = comparison.true[1 - component, used]
    allowed = _ROUNDING * np.abs(true).max(initial=0.0)
    if len(true) <= _OTHERS or not np.isfinite(worst.claimed):
        return ""

    def fits(guess: Array) -> bool:
        return bool(np.all(np.abs(claimed - guess) <= allowed + 1e-9 * np.abs(guess)))

    if fits(other):
        return f" (it is {COMPONENTS[1 - component]})"
    largest = np.argmax(np.abs(true))
    factor = float(claimed[largest] / true[largest]) if true[largest] else 0.0
    if abs(factor - 1.0) < _ROUNDED:
        close = np.all(np.abs(claimed - true) <= allowed + _ROUNDED * np.abs(true))
        return " by very little, as if a number in it had been rounded" if close else ""
    if factor == 0.0 or not fits(factor * true):
        return ""
    return (
        " (its sign is reversed)"
        if abs(factor + 1.0) < 1e-9
        else f" ({number(factor)} times the true one)"
    )
