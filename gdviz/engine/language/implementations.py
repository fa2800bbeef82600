"""What computes an operation, and where it has a value, where a line of the table does not do."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

#: The |w| from which on 1 − w² is computed otherwise.
_CANCELS = 0.75


def power_of_complex(m: Any) -> Callable[..., Any]:
    """Return u^v, by a module with `where` and `any`."""
    contains, where = m.any, m.where

    def power(u: Any, v: Any) -> Any:
        if not contains(u.real < 0):
            return u**v
        # A negative base on the polar branch would lose a tiny imaginary part to π.
        whole = (u.real < 0) & (v.imag == 0) & (v.real == v.real // 1)
        value = where(whole, -u, u) ** v
        return where(whole, (1 - 2 * (v.real % 2)) * value, value)

    return power


def sigmoid_of_array(t: Any) -> Any:
    """Return σ(t)."""
    # exp(−t) overflows to inf for t < −709, and 1/inf = 0 is σ(t) there to within 1e-308.
    # scipy.special.expit is the same function; importing it costs 0.13 s before the first frame.
    return 1.0 / (1.0 + np.exp(-t))


def sigmoid_of_complex(m: Any) -> Callable[..., Any]:
    """Return σ, by a module with `exp` and `where`."""
    exp, where = m.exp, m.where

    def sigmoid(t: Any) -> Any:
        positive = t.real >= 0
        power = exp(where(positive, -t, t))
        return where(positive, 1.0, power) / (1.0 + power)

    return sigmoid


def softplus_of_complex(m: Any) -> Callable[..., Any]:
    """Return log(1 + e^t), by a module with `exp`, `log` and `where`."""
    exp, log, where = m.exp, m.log, m.where

    def softplus(t: Any) -> Any:
        positive = t.real >= 0
        rest = log(1.0 + exp(where(positive, -t, t)))
        return where(positive, t + rest, rest)

    return softplus


def gate_of_arrays(u: Any, v: Any) -> Any:
    """Return u·v, which is 0 where one of them is."""
    return _product(u, v, lambda: (u == 0.0) | (v == 0.0))


def mask_of_arrays(u: Any, v: Any) -> Any:
    """Return u·v, which is 0 where u is."""
    return _product(u, v, lambda: u == 0.0)


def _product(u: Any, v: Any, is_zero: Callable[[], Any]) -> Any:
    product = u * v
    # 0·x is nan where x is not finite, and else what it ought to be.
    is_missing = np.isnan(product)
    if is_missing.any():
        product = np.where(is_missing & is_zero(), product.dtype.type(0), product)[()]
    return product


def where_known(u: Any, v: Any) -> Any:
    """Return u, and nan where v is."""
    if not isinstance(v, np.ndarray):
        return u if v == v else v
    is_unknown = np.isnan(v)
    return np.where(is_unknown, v, u) if is_unknown.any() else u


def slope_of_tanh(t: float, w: float) -> float:
    """Return 1 − w², where w = tanh(t)."""
    # 1 − w² cancels where w is nearly ±1, and would be zero from |t| ≈ 19 on.
    if abs(w) < _CANCELS:
        return 1.0 - w * w
    power = math.exp(-2.0 * abs(t))
    return 4.0 * power / ((1.0 + power) * (1.0 + power))


def slope_of_tanh_of_array(t: Any, w: Any) -> Any:
    """Return the same of arrays."""
    slope = np.asarray(1.0 - w * w)
    far = np.abs(w) >= _CANCELS
    if far.any():
        power = np.exp(-2.0 * np.abs(t[far]))
        slope[far] = 4.0 * power / ((1.0 + power) * (1.0 + power))
    return slope[()]


def is_positive(t: Any) -> Any:
    """Tell whether a complex number near the real axis lies on the positive side."""
    # On a kink all operations look to the side to which the imaginary part leads: kinks that cancel
    # do so, and others give the derivative of that side.
    return (t.real > 0) | ((t.real == 0) & (t.imag > 0))


# -- where an operation has a value, on each kind of number that it is asked of


class _Relation(NamedTuple):
    """What an argument must be: as text on floats, where a ball is not, and where bounds are."""

    on_floats: str
    is_broken: Callable[[Any], bool]
    holds: Callable[[Any], bool]


_RELATIONS = {
    "≠ 0": _Relation("{%d} != 0.0", lambda u: bool(u == 0), lambda u: not u.has_zero),
    "> 0": _Relation("{%d} > 0.0", lambda u: bool(u <= 0), lambda u: u.is_positive),
    "≥ 0": _Relation("{%d} >= 0.0", lambda u: bool(u < 0), lambda u: u.low >= 0.0),
    "≤ 1": _Relation(
        "-1.0 <= {%d} <= 1.0",
        lambda u: bool(abs(u) > 1),
        lambda u: u.low >= -1.0 and u.high <= 1.0,
    ),
}


class Domain(NamedTuple):
    """For which arguments there is a value.

    Attributes
    ----------
    relation : {"≠ 0", "> 0", "≥ 0", "≤ 1", ""}
        What the argument must be, or for "≤ 1" its size; empty where that depends on the other one.
    argument : int
        Which of them.
    on_floats : str
        On floats, the text of a condition: where it is false there is no value. Empty where the
        operation itself tells, which raises.
    is_left : callable
        Whether there is no value for arguments, which are Arb's balls: on the edge there may be.
    holds : callable
        Whether there is one for all arguments between their
        :class:`~gdviz.engine.language.enclosures.bounds.Bounds`.
    """

    relation: str
    argument: int
    on_floats: str
    is_left: Callable[..., bool]
    holds: Callable[..., bool]


def defined_where(relation: str, argument: int = 0) -> Domain:
    """Return the domain of what has a value where an argument is so.

    Parameters
    ----------
    relation : {"≠ 0", "> 0", "≥ 0", "≤ 1"}
        What it must be; for "≤ 1" its size.
    argument : int, default 0
        Which of them.
    """
    on_floats, is_broken, holds = _RELATIONS[relation]
    return Domain(
        relation,
        argument,
        on_floats % argument,
        lambda *balls: is_broken(balls[argument]),
        lambda *bounds: holds(bounds[argument]),
    )


def _is_no_power(u: Any, v: Any) -> bool:
    return bool(u == 0 and v < 0) or bool(u < 0 and not v.contains_integer())


def _is_power(u: Any, v: Any) -> bool:
    is_whole = v.low == v.high and v.low.is_integer()
    is_base = is_whole or u.low >= 0.0
    return is_base and (v.low >= 0.0 or not u.has_zero)


#: That of u^v: what u must be depends on v.
OF_POWER = Domain("", 0, "", _is_no_power, _is_power)
