"""Between which bounds a node of the computation graph lies for all points of a range.

Interval arithmetic: that one operand depends on another is lost, so that the bounds may be wider
than they need be, and never narrower. The range may be the whole plane, where Arb's balls say
nothing.

References
----------
R. E. Moore, R. B. Kearfott and M. J. Cloud, *Introduction to Interval Analysis*, SIAM 2009.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from gdviz.engine.language.graph import Graph
from gdviz.engine.language.operations import OPERATIONS

_INF = math.inf
#: Far below where numbers overflow, so that rounding does not matter.
_LARGE = 1e300


class Bounds(NamedTuple):
    """The least and the greatest value, and whether zero is among the values."""

    low: float
    high: float
    has_zero: bool

    @property
    def is_positive(self) -> bool:
        """Whether all values are above zero."""
        return self.low >= 0.0 and not self.has_zero

    @property
    def is_negative(self) -> bool:
        """Whether all values are below zero."""
        return self.high <= 0.0 and not self.has_zero

    @property
    def has_one_sign(self) -> bool:
        """Whether there are no values of both signs."""
        return self.low >= 0.0 or self.high <= 0.0


def between(low: float, high: float, has_zero: bool = True) -> Bounds:
    """Return bounds; zero is among the values only if it is between them.

    Parameters
    ----------
    low, high : float
        The least and the greatest value.
    has_zero : bool, default True
        False if it is known that zero is not among them.
    """
    if math.isnan(low) or math.isnan(high):
        low, high = -_INF, _INF
    return Bounds(low, high, has_zero and low <= 0.0 <= high)


#: Nothing is known.
ANY = between(-_INF, _INF)


def bounds(graph: Graph, outputs: Iterable[int], names: Mapping[str, Bounds]) -> dict[int, Bounds]:
    """Return the bounds of all nodes that some need, where they have values.

    Of an operation that is not in the table below nothing is known.

    Parameters
    ----------
    graph : Graph
        The graph.
    outputs : iterable of int
        The nodes.
    names : mapping of str to Bounds
        Those of the names; of data over all rows.
    """
    done: dict[int, Bounds] = {}
    for index in graph.reachable(outputs, unfolded=True):
        operation, arguments = graph.unfolded(index)  # what is folded was rounded
        operands = [done[i] for i in arguments]
        if operation == "number":
            done[index] = between(graph[index].value, graph[index].value)
        elif operation == "name":
            done[index] = names[graph[index].name]
        elif operation == "mul" and arguments[0] == arguments[1]:
            done[index] = _power(operands[0], between(2.0, 2.0))
        else:
            done[index] = _TABLE[operation](*operands) if operation in _TABLE else ANY
    return done


def has_value(graph: Graph, index: int, known: Mapping[int, Bounds]) -> bool:
    """Tell whether an operation has a value for all arguments between their bounds.

    Parameters
    ----------
    graph : Graph
        The graph.
    index : int
        The operation's node.
    known : mapping of int to Bounds
        Those of its arguments.
    """
    operation, arguments, *_ = graph[index]
    domain = OPERATIONS[operation].domain
    return domain is None or domain.holds(*(known[i] for i in arguments))


def is_finite(graph: Graph, output: int, names: Mapping[str, Bounds]) -> bool:
    """Tell whether a node is finite for all values of the names, as far as bounds show it.

    Parameters
    ----------
    graph : Graph
        The graph.
    output : int
        The node.
    names : mapping of str to Bounds
        Those of the names.
    """
    known = bounds(graph, [output], names)
    return all(
        (not graph[i].arguments or has_value(graph, i, known))
        and max(-known[i].low, known[i].high) < _LARGE
        for i in graph.reachable([output])
    )


# -- operations


def _down(x: float) -> float:
    # Whole numbers are exact, and most of what is added and multiplied by hand.
    return x if x.is_integer() or math.isinf(x) else math.nextafter(x, -_INF)


def _up(x: float) -> float:
    return -_down(-x)


def _add(u: Bounds, v: Bounds) -> Bounds:
    same_sign = (u.low >= 0.0 and v.low >= 0.0) or (u.high <= 0.0 and v.high <= 0.0)
    has_zero = not same_sign or (u.has_zero and v.has_zero)
    return between(_down(u.low + v.low), _up(u.high + v.high), has_zero)


def _neg(u: Bounds) -> Bounds:
    return Bounds(-u.high, -u.low, u.has_zero)


def _mul(u: Bounds, v: Bounds) -> Bounds:
    ends = [x * y if x and y else 0.0 for x in u[:2] for y in v[:2]]  # 0·∞ is no product here
    return between(_down(min(ends)), _up(max(ends)), u.has_zero or v.has_zero)


def _inverse(u: Bounds) -> Bounds:
    if not u.has_one_sign:
        return Bounds(-_INF, _INF, False)
    if u.low < 0.0:
        return _neg(_inverse(_neg(u)))
    high = 1.0 / u.low if u.low else _INF
    return between(_down(1.0 / u.high) if u.high else _INF, _up(high), False)


def _power(u: Bounds, v: Bounds) -> Bounds:
    exponent = v.low
    if exponent != v.high:
        is_bounded = math.isfinite(v.low) and math.isfinite(v.high)
        if not is_bounded or (u.low < 0.0 and math.floor(v.high) >= v.low):  # a whole number in it
            return between(0.0, _INF, u.has_zero) if u.low >= 0.0 else ANY
        ends = [_power(u, between(end, end)) for end in v[:2]]  # it rises or falls with v
        low, high = min(end.low for end in ends), max(end.high for end in ends)
        return between(low, high, u.has_zero)
    if exponent < 0.0:
        return _inverse(_power(u, _neg(v)))
    if exponent.is_integer() and exponent % 2 == 0:
        u = _abs(u)
    elif not exponent.is_integer():
        u = between(max(u.low, 0.0), max(u.high, 0.0), u.has_zero)

    def power(x: float) -> float:
        return math.copysign(math.pow(abs(x), exponent), x)

    return _rising(power, -_INF, _INF)(u)._replace(has_zero=u.has_zero)


def _abs(u: Bounds) -> Bounds:
    least = max(u.low, -u.high, 0.0)
    return Bounds(least, max(-u.low, u.high), u.has_zero)


def _rising(
    function: Callable[[float], float], least: float, most: float, *, keeps_zero: bool = False
) -> Callable[[Bounds], Bounds]:
    """Return a rising function of bounds, which is between the least and the most it can be.

    It `keeps_zero` if it is zero where its argument is, and nowhere else.
    """

    def at(x: float, beyond: float, outwards: float) -> float:
        try:
            value = function(x)
        except OverflowError:
            return math.copysign(_INF, x)
        except ValueError:  # out of the domain
            return beyond
        is_exact = math.isinf(value) or (value.is_integer() and x in (-1.0, 0.0, 1.0))
        for _ in range(0 if is_exact else 4):  # as far off as libraries may be
            value = math.nextafter(value, outwards)
        return min(max(value, least), most)

    def rising(u: Bounds) -> Bounds:
        low, high = at(u.low, least, -_INF), at(u.high, most, _INF)
        return between(low, high, u.has_zero if keeps_zero else True)

    return rising


def _positive(function: Callable[[float], float], most: float = _INF) -> Callable[[Bounds], Bounds]:
    rising = _rising(function, 0.0, most)
    return lambda u: rising(u)._replace(has_zero=False)


def _sign(u: Bounds) -> Bounds:
    low = -1.0 if u.low < 0.0 else 0.0 if u.has_zero else 1.0
    high = 1.0 if u.high > 0.0 else 0.0 if u.has_zero else -1.0
    return between(low, high, u.has_zero)


def _step(u: Bounds) -> Bounds:
    return between(float(u.is_positive), float(u.high > 0.0))


def _heaviside(u: Bounds) -> Bounds:
    low = 1.0 if u.is_positive else 0.5 if u.low >= 0.0 else 0.0
    return between(low, 1.0 if u.high > 0.0 else 0.0 if u.is_negative else 0.5)


def _max(u: Bounds, v: Bounds) -> Bounds:
    # Where one is above zero the larger is.
    has_zero = not (u.is_positive or v.is_positive) and (u.has_zero or v.has_zero)
    return between(max(u.low, v.low), max(u.high, v.high), has_zero)


def _relu(u: Bounds) -> Bounds:
    return between(max(u.low, 0.0), max(u.high, 0.0), not u.is_positive)


def _sum(u: Bounds) -> Bounds:
    many = _mul(u, Bounds(1.0, _INF, False))
    return many if u.has_one_sign else ANY


def _half_turn(limit: float) -> float:
    return math.nextafter(limit, _INF)


def _between(low: float, high: float) -> Callable[..., Bounds]:
    return lambda *_: between(low, high)


_TABLE: Mapping[str, Callable[..., Bounds]] = {
    "add": _add,
    "sub": lambda u, v: _add(u, _neg(v)),
    "mul": _mul,
    "mask": _mul,
    "gate": _mul,
    "div": lambda u, v: _mul(u, _inverse(v)),
    "neg": _neg,
    "pow": _power,
    "exp": _positive(math.exp),
    "log": _rising(math.log, -_INF, _INF),
    "log10": _rising(math.log10, -_INF, _INF),
    "sqrt": _rising(math.sqrt, 0.0, _INF, keeps_zero=True),
    "abs": _abs,
    "sign": _sign,
    "sin": _between(-1.0, 1.0),
    "cos": _between(-1.0, 1.0),
    "tan": _between(-_INF, _INF),
    "asin": _rising(math.asin, -_half_turn(math.pi / 2), _half_turn(math.pi / 2), keeps_zero=True),
    "acos": _between(0.0, _half_turn(math.pi)),
    "atan": _rising(math.atan, -_half_turn(math.pi / 2), _half_turn(math.pi / 2), keeps_zero=True),
    "sinh": _rising(math.sinh, -_INF, _INF, keeps_zero=True),
    "cosh": lambda u: _rising(math.cosh, 1.0, _INF)(_abs(u)),
    "tanh": _rising(math.tanh, -1.0, 1.0, keeps_zero=True),
    "sigmoid": _positive(lambda t: 1.0 / (1.0 + math.exp(-t)), 1.0),
    "softplus": _positive(lambda t: max(t, 0.0) + math.log1p(math.exp(-abs(t)))),
    "relu": _relu,
    "step": _step,
    "heaviside": _heaviside,
    "max": _max,
    "min": lambda u, v: _neg(_max(_neg(u), _neg(v))),
    "sum": _sum,
}
