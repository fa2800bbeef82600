"""What has one value wherever it has any: u − u, u/(−u), u·(1/u), u²/u/u, what is made of these.

Such nodes stay in the graph, because they have no value where u has none. But they have no slope,
which the chain rule does not find beside an infinite derivative: 0·∞ in acos(u²/u/u). Each node is
brought to a form, a sum of products of powers with exact coefficients, and is constant where no
power is left. The form is no more than that: a product of sums is not multiplied out.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from gdviz.engine.language.graph import Graph
from gdviz.engine.language.operations import BRANCHING

#: Powers by what they are powers of, in any order, and a coefficient for each of their products.
_Monomial = frozenset[tuple[Any, Any]]
_Form = Mapping[_Monomial, Any]
_ONE: _Monomial = frozenset()
#: Products in a sum, and the largest whole power of a coefficient: beyond these a node is unknown.
_TERMS, _POWER = 16, 32
#: As large as a number may be.
_LARGEST = 10**300


@lru_cache(maxsize=4)  # of a formula that is typed, its gradient and its creases ask for them
def constants(graph: Graph, output: int) -> Mapping[int, int]:
    """Return the operations that have one value wherever they have any, and its node.

    0^v is 0, but for v = 0.

    Parameters
    ----------
    graph : Graph
        The graph.
    output : int
        The node whose operations are looked at, and those of what it needs.
    """
    forms: dict[int, _Form] = {}
    found: dict[int, int] = {}
    flat = set[int]()

    def form_of(index: int) -> _Form:
        is_number = graph[index].operation == "number"
        return _number(_exact(graph[index].value)) if is_number else forms[index]

    for index in graph.reachable([output]):
        node = graph[index]
        given = tuple(found.get(i, i) for i in node.arguments)
        is_flat = not flat.isdisjoint(node.arguments)
        if is_flat or node.operation in BRANCHING:
            flat.add(index)
        form = (
            _form(node.operation, [form_of(i) for i in node.arguments], is_flat) if given else None
        )
        if form is None and given != node.arguments:
            simpler = graph.apply(node.operation, *given)
            if graph[simpler].operation == "number":
                form = _number(_exact(graph[simpler].value))
        form = forms[index] = {frozenset({(index, 1)}): 1} if form is None else form
        value = _value(form)
        if given and value is not None and abs(value) < _LARGEST:
            found[index] = graph.number(float(value))
    return found


def _form(operation: str, arguments: Sequence[_Form], is_flat: bool) -> _Form | None:
    """Return the form of an operation; None where it is no sum, product or power.

    0^v is 1 where v is zero, which it may be far and wide if it `is_flat`.
    """
    first, last = arguments[0], arguments[-1]
    match operation:
        case "add":
            return _sum(first, last, 1)
        case "sub":
            return _sum(first, last, -1)
        case "neg":
            return _sum({}, first, -1)
        case "mul":
            return _product(first, last, 1)
        case "div" if last:
            return _product(first, last, -1)
        case "pow" if (exponent := _value(last)) is not None:
            return _power(first, exponent)
        case "pow" if not first and not is_flat:
            return {}
        case "max" | "min" if first == last:
            return first
        case "sqrt":
            return _power(first, Fraction(1, 2))
    return None


def _sum(one: _Form, other: _Form, sign: int) -> _Form | None:
    total = dict(one)
    for monomial, coefficient in other.items():
        total[monomial] = total.get(monomial, 0) + sign * coefficient
    total = {monomial: coefficient for monomial, coefficient in total.items() if coefficient}
    return total if len(total) <= _TERMS else None


def _product(one: _Form, other: _Form, exponent: int) -> _Form | None:
    """Return a product with a power of another, which is no zero if the exponent is negative."""
    power = _power(other, exponent)
    if power is None:
        return None
    if not (one and power):
        return {}
    (first, scale), (second, factor) = _factored(one), _factored(power)
    exponents = dict(first)
    for atom, exponent_of_atom in second:
        exponents[atom] = exponents.get(atom, 0) + exponent_of_atom
    return {frozenset((atom, e) for atom, e in exponents.items() if e): scale * factor}


def _power(form: _Form, exponent: Any) -> _Form | None:
    if exponent == 0:
        return {_ONE: 1}
    if not form:
        return {} if exponent > 0 else None
    monomial, coefficient = _factored(form)
    is_whole = exponent == int(exponent)
    if is_whole and abs(exponent) <= _POWER:
        scale = Fraction(coefficient) ** int(exponent)
    elif coefficient == 1 and not any(e % 2 == 0 for _, e in monomial) and len(monomial) <= 1:
        scale = Fraction(1)  # √(u²) is |u|, and √(u·v) is not √u·√v where both are negative
    else:
        return None
    return {frozenset((atom, e * exponent) for atom, e in monomial): _whole(scale)}


def _factored(form: _Form) -> tuple[_Monomial, Any]:
    """Return a form that is not zero as one product: a sum is taken as it is, up to a number."""
    if len(form) == 1:
        return next(iter(form.items()))
    coefficient = max(form.items(), key=lambda term: (abs(term[1]), hash(term[0])))[1]
    scaled = ((monomial, _whole(Fraction(c) / coefficient)) for monomial, c in form.items())
    return frozenset({(frozenset(scaled), 1)}), coefficient


def _value(form: _Form) -> Any:
    """Return the number that a form is, or None."""
    if not form:
        return 0
    return form[_ONE] if len(form) == 1 and _ONE in form else None


def _number(value: Any) -> _Form:
    return {_ONE: value} if value else {}


@lru_cache(maxsize=256)
def _exact(value: float) -> Any:
    return _whole(Fraction(value))


def _whole(value: Fraction) -> Any:
    """Return a whole number as an int, which is quicker, and equal to the fraction."""
    return value.numerator if value.denominator == 1 else value
