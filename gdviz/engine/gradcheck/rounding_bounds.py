"""What rounding may have made of a value: running error analysis on the computation graph.

Beside each node's value runs a bound on its error, to first order: an operation rounds its result
by some units in the last place, and hands on the errors of its arguments times its local
derivatives, which are the lines of :data:`gdviz.engine.language.operations.DERIVATIVES`. So two
ways to write the same number can be told from two different numbers, wherever terms cancel.

References
----------
N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., SIAM 2002, section 3.3.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.language.autodiff import local_derivative
from gdviz.engine.language.backends import NUMPY
from gdviz.engine.language.compiler import generate
from gdviz.engine.language.graph import Graph, Node
from gdviz.engine.language.operations import DERIVATIVES

#: Half a unit in the last place: what an exactly rounded operation changes of its result.
UNIT = 2.0**-53
#: By operation, how many of these its result may be off; the functions of a C library are
#: within two or three, and small powers are repeated products.
_ROUNDINGS: Mapping[str, float] = {
    **dict.fromkeys(("neg", "abs", "relu", "max", "min", "sign", "step", "heaviside"), 0.0),
    **dict.fromkeys(("add", "sub", "mul", "div", "sqrt"), 1.0),
    "pow": 8.0,
    "sum": 32.0,  # of the sum of the sizes: NumPy adds pairwise, in blocks
}
_OTHER_ROUNDINGS = 4.0
#: Continuous with a kink: they hand errors on as they are, whichever branch they take.
_KINKED = frozenset({"abs", "relu", "max", "min"})
#: With a jump where their argument is 0: there the error is as good as infinite.
_JUMPING = frozenset({"sign", "step", "heaviside"})
#: A number with more digits than this was rounded by whoever wrote it, or by arithmetic.
_DIGITS = 13
_ROUNDED_NUMBER = 64 * UNIT  # half a unit of the 15th digit
_EXACT = np.array(0.0)
#: Multiples of 2⁻¹⁰ below 2¹⁶ are short: sums and products of two of them are exact.
_SHORT_UNIT, _SHORT_LIMIT = 2.0**-10, 2.0**16
_LARGEST = float(np.finfo(np.float64).max)


class Bounded(NamedTuple):
    """Values, each with a bound on the error that rounding has left in it.

    The bound is infinite where the value cannot be told: within round-off of a jump, or of the
    edge of a domain.
    """

    value: Array
    error: Array


def bounded(
    graph: Graph, outputs: Sequence[int], names: Mapping[str, Any], unit: float = UNIT
) -> list[Bounded]:
    """Evaluate nodes in float64, each with its bound.

    Parameters
    ----------
    graph : Graph
        The graph.
    outputs : sequence of int
        The nodes.
    names : mapping of str to array_like
        What the names stand for, exactly; they broadcast. The rows of the data are the last axis.
    unit : float, default 2⁻⁵³
        The relative error of an operation; 0 leaves what the numbers of the formula, which may
        be rounded, make of it.

    Returns
    -------
    list of Bounded
        In the order of `outputs`.
    """
    order = graph.reachable(outputs)
    last_user = {i: index for index in order for i in graph[index].arguments}
    kept = set(outputs)
    done: dict[int, Bounded] = {}
    with np.errstate(all="ignore"):
        for index in order:
            node = graph[index]
            match node.operation:
                case "number":
                    done[index] = _number(node.value)
                case "name":
                    done[index] = Bounded(np.asarray(names[node.name], np.float64), _EXACT)
                case _:
                    done[index] = _applied(node, [done[i] for i in node.arguments], unit)
            for i in set(node.arguments) - kept:
                if last_user[i] == index:
                    del done[i]  # arrays over many points and rows are large
    return [done[output] for output in outputs]


def _number(value: float) -> Bounded:
    return Bounded(np.array(value), np.array(_number_error(value)))


def _number_error(value: float) -> float:
    """Return how far a number of a formula may be from what the person meant."""
    if value.is_integer() or Decimal(repr(value)) == Decimal(value):  # such as 0.5
        return 0.0
    if float(f"{value:.{_DIGITS}g}") == value:
        return UNIT * abs(value)
    # What arithmetic on numbers leaves of zero, such as cos(pi/2), is all error.
    return abs(value) if abs(value) < 16 * UNIT else _ROUNDED_NUMBER * abs(value)


def _applied(node: Node, arguments: list[Bounded], unit: float) -> Bounded:
    operation = node.operation
    values = [argument.value for argument in arguments]
    value = np.asarray(NUMPY.evaluate(operation, values), np.float64)
    if operation == "sum":
        size = NUMPY.evaluate("sum", [np.abs(values[0])])
        errors = np.broadcast_to(arguments[0].error, values[0].shape)
        error = NUMPY.evaluate("sum", [errors]) + _ROUNDINGS["sum"] * unit * size
        return Bounded(value, error)
    if operation in _JUMPING:
        error = np.where(np.abs(values[0]) <= arguments[0].error, np.inf, 0.0)
        return Bounded(value, error)
    # The smallest normal number stands for what underflow takes away.
    rounding = _ROUNDINGS.get(operation, _OTHER_ROUNDINGS)
    error = rounding * (unit * np.abs(value) + np.finfo(np.float64).tiny)
    error = np.where(_is_exact(operation, arguments, value), 0.0, error)
    for argument, partial in zip(arguments, _partials(operation), strict=True):
        if np.any(argument.error):  # what is exact needs no derivative, which may be nan
            slope = 1.0 if operation in _KINKED else np.abs(partial(*values))
            error = error + np.where(argument.error == 0.0, 0.0, slope * argument.error)
    if operation == "div":
        # A divisor that has overflowed is at least the largest number, whatever its error.
        dividend, (divisor, _) = arguments
        least = (np.abs(dividend.value) + dividend.error) / _LARGEST
        error = np.where(np.isinf(divisor) & np.isfinite(dividend.value), least, error)
    return Bounded(value, np.where(np.isnan(error), np.inf, error))


def _is_exact(operation: str, arguments: list[Bounded], value: Array) -> Any:
    """Tell where arithmetic on short, exact numbers rounds nothing.

    With an exponent k − 1 that might be off, powers of negative numbers could not be told.
    """
    if operation not in ("add", "sub", "mul", "div"):
        return False
    (u, u_error), (v, v_error) = arguments
    exact = (u_error == 0.0) & (v_error == 0.0) & _is_short(u) & _is_short(v)
    if operation == "div":
        exact &= _is_short(value) & (value * v == u)
    return exact


def _is_short(values: Array) -> Any:
    units = values / _SHORT_UNIT
    return (units == np.rint(units)) & (np.abs(values) < _SHORT_LIMIT)


@cache
def _partials(operation: str) -> tuple[Callable[..., Any], ...]:
    """Return the local derivatives of an operation as functions of its arguments."""
    graph = Graph()
    names = ("u", "v")[: len(DERIVATIVES[operation])]
    node = graph.apply(operation, *map(graph.name, names))
    arguments = graph[node].arguments
    slopes = [local_derivative(graph, node, arguments.index(graph.name(name))) for name in names]
    return tuple(generate(graph, [slope], names, NUMPY) for slope in slopes)
