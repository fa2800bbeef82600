"""The sentence of a verdict, and what kind of slip a wrong component looks like."""

import math
from collections.abc import Iterator

import numpy as np

from gdviz.base.format import number, pair
from gdviz.base.types import Array
from gdviz.engine.gradcheck.comparison import Comparison, Place
from gdviz.engine.gradcheck.scope import Curves
from gdviz.engine.gradcheck.verdict import Verdict

#: The part of the largest number that rounding may have made of a component.
_ROUNDING = 1e-12
#: A relative difference below this, everywhere, looks like a number that was rounded.
_ROUNDED = 1e-5
_FEW = 32  #: points too few to tell what kind of slip it is
_DIGITS, _ALL_DIGITS = 6, 16  #: of the two values; more where they differ by little


def right(verdict: Verdict) -> str:
    """Say that a component is right, for which points, and how that is known."""
    because = {
        "identical": "it is identical to the program's own derivative",
        "symbolic": "its difference from the true one simplifies to 0",
    }.get(verdict.how)
    said = f"{verdict.name} is right{_for_which(verdict, is_proven=because is not None)}"
    if because is None:
        because = f"it equals the true one at {verdict.points:,} points"
        because += f" of {verdict.where}" if verdict.undefined_for else ""
        because += ", as closely as float64 can tell"
        because += (
            f"; what differs only in a place smaller than {verdict.unseen} may be missed"
            if verdict.unseen
            else ", and what SymPy leaves of the difference is 0 on every branch that occurs there"
        )
    return f"{said}: {because}{_on_kinks(verdict)}{_noted(verdict)}"


def _for_which(verdict: Verdict, *, is_proven: bool) -> str:
    """Return for which points a component is right, in words after "is right"."""
    scope, parts = verdict.scope, []
    where_f_has_a_value = (
        "wherever f has a value" + (f" ({scope.has_value})" if scope.has_value else "")
        if scope.has_value is not None
        else ""
    )
    if verdict.undefined_for:
        parts.append(
            f"where it is defined ({verdict.defined_for}), undefined for {verdict.undefined_for}"
        )
    elif not is_proven:
        parts.append(f"on {verdict.where}")
    elif not where_f_has_a_value:
        parts.append(f"for all {', '.join(verdict.parameters)}")
    parts += [where_f_has_a_value] if where_f_has_a_value else []
    excepted = [
        f"for {where}, where {what}" if where else f"where {what}"
        for where, what in _exceptions(verdict)
    ]
    parts += [f"except {', and '.join(excepted)}"] if excepted else []
    return f" {', '.join(parts)}"


def _exceptions(verdict: Verdict) -> Iterator[tuple[str, str]]:
    """Yield for which points something is lacking, and what."""
    scope = verdict.scope
    if (curves := scope.without_derivative) is not None:
        told = f"(by the one-sided ones at {_points(curves.points)}{_looked_at(verdict, curves)})"
        yield curves.where, f"f has no derivative {told}"
    for curves in scope.partly_without:
        told = f"{curves.without} of {_points(curves.points)}{_looked_at(verdict, curves)}"
        yield curves.where, f"f has no derivative at {told}"
    if (where := scope.at_edge) is not None:
        yield where, "the values of f end"
    if (where := scope.may_lack_derivative) is not None:
        yield where, f"f may have no derivative (not told on {verdict.where})"
    if (where := scope.without_claim) is not None:
        yield where, "it may jump or have no value"


def _on_kinks(verdict: Verdict) -> str:
    """Say that a component is right where f's one-sided derivatives are equal; or nothing."""
    if (curves := verdict.scope.cancelling) is None:
        return ""
    where = f"for {curves.where}, where" if curves.where else "where"
    at = f"{_points(curves.points)}{_looked_at(verdict, curves)}"
    return f"; {where} f's one-sided derivatives decide, it equals them at {at}"


def _points(count: int) -> str:
    return f"{count:,} point{'s' * (count != 1)}"


def _looked_at(verdict: Verdict, curves: Curves) -> str:
    """Return of which range points of curves are, where the sentence is of the plane."""
    return f" of {verdict.where}" if verdict.how != "numeric" and not curves.beyond else ""


def _noted(verdict: Verdict) -> str:
    return f"; {verdict.notes}" if verdict.notes else ""


def wrong(verdict: Verdict, place: Place, said: str = "") -> str:
    """Say that a component is wrong, where it is so most, and by how much.

    Parameters
    ----------
    verdict : Verdict
        The component's.
    place : Place
        Where.
    said : str, optional
        More of it, such as what :func:`slip` says.
    """
    return f"{verdict.name} is wrong{said}: {_at(place)}{_noted(verdict)}"


def bound(verdict: Verdict, holds_if: str, moved: tuple[str, ...], place: Place) -> str:
    """Say that a component is right for some values of constants only.

    Parameters
    ----------
    verdict : Verdict
        The component's.
    holds_if : str
        Such as "k > 0".
    moved : tuple of str
        The constants that had another value.
    place : Place
        Where it is wrong with that.
    """
    others = values({name: place.constants[name] + 0.0 for name in moved})  # no −0
    return (
        f"{verdict.name} is right only for {holds_if}: with {others}, {_at(place)}{_noted(verdict)}"
    )


def undecided(verdict: Verdict, has_values: bool) -> str:
    """Say that there was nothing to compare."""
    why = (
        "rounding may have left nothing of its values in this range"
        if has_values
        else "no point in this range has both a true and a claimed value"
    )
    return f"{verdict.name} cannot be checked: {why}{_noted(verdict)}"


def values(constants: dict[str, float]) -> str:
    """Return the values of constants: k = 2 and c = 1."""
    return " and ".join(f"{name} = {number(value)}" for name, value in constants.items())


def _at(place: Place) -> str:
    where = f"at {pair((place.a, place.b), 6)}"
    if not np.isfinite(place.claimed):
        return f"it is undefined {where}, where the true one is {number(place.true)}"
    share = f" ({number(100 * place.relative, 3)} %)" if np.isfinite(place.relative) else ""
    off = f"off by {number(place.absolute, 3)}{share}"
    if place.claimed == place.true:
        return f"{where} it is {off}, which float64 cannot tell from {number(place.true + 0.0)}"
    digits = _digits_that_differ(place)
    given, true = (number(value + 0.0, digits) for value in (place.claimed, place.true))  # no −0
    return f"{where} it gives {given} instead of {true}, {off}"


def _digits_that_differ(place: Place) -> int:
    """Return how many digits show two numbers apart; further ones would be rounding's."""
    share = place.absolute / max(abs(place.claimed), abs(place.true))
    shared = math.ceil(-math.log10(min(share, 1.0))) if share > 0.0 else _ALL_DIGITS
    return min(max(_DIGITS, shared + 2), _ALL_DIGITS)


def slip(comparison: Comparison, component: int) -> str:
    """Say what kind of slip it looks like, in words after "is wrong"; or nothing.

    Parameters
    ----------
    comparison : Comparison
        With the constants as they are.
    component : int
        0 for ∂f/∂a, 1 for ∂f/∂b.
    """
    used = comparison.comparable.all(axis=0)
    claimed, true = comparison.claimed[component, used], comparison.true[component, used]
    other = comparison.true[1 - component, used]
    allowed = _ROUNDING * np.abs(true).max(initial=0.0)
    if len(true) <= _FEW:
        return ""

    def fits(guess: Array) -> bool:
        return bool(np.all(np.abs(claimed - guess) <= allowed + 1e-9 * np.abs(guess)))

    if fits(other):
        return f" (it is {comparison.candidate.components[1 - component]})"
    largest = np.argmax(np.abs(true))
    factor = float(claimed[largest] / true[largest]) if true[largest] else 0.0
    if abs(factor - 1.0) < _ROUNDED:
        close = np.all(np.abs(claimed - true) <= allowed + _ROUNDED * np.abs(true))
        # A number acts everywhere; what differs in a small place alone has another cause.
        mostly = np.mean(claimed != true) > 0.5
        if close and mostly:
            return " by very little, as if a number in it had been rounded"
        return ""
    if factor == 0.0 or not fits(factor * true):
        return ""
    return (
        " (its sign is reversed)"
        if abs(factor + 1.0) < 1e-9
        else f" ({number(factor)} times the true one)"
    )
