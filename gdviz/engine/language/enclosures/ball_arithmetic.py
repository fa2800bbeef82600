"""The value of a node of the computation graph, enclosed in a ball: Arb's arithmetic.

A ball is a midpoint and a radius, and an operation on balls encloses all that it could give for
numbers in them. So two formulas whose balls have no number in common differ, and no way to write
one formula is taken for another. A number that stands in a formula is a ball too: the person may
have rounded it. Arb comes with python-flint, which takes 35 ms to import: import this module when
it is needed.

References
----------
F. Johansson, "Arb: efficient arbitrary-precision midpoint-radius interval arithmetic", IEEE
Transactions on Computers 66 (2017) 1281–1292.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from threading import Lock
from typing import Any

import numpy as np
from flint import arb, ctx

from gdviz.engine.language.graph import Graph
from gdviz.engine.language.operations import OPERATIONS, Operation

#: Half a unit in the last place of a float64, and its bits.
UNIT, FLOAT64 = 2.0**-53, 53
#: 120 digits: two formulas may cancel a hundred of them.
_BITS = 400
#: A number with more digits than this was rounded by whoever wrote it, or by arithmetic.
_DIGITS = 13
_ROUNDED_NUMBER = 64 * UNIT  # half a unit of the 15th digit
_IN_TURN = Lock()  # all threads share Arb's precision


class _UndefinedError(ArithmeticError):
    """There is no such real number."""


def enclose(graph: Graph, output: int, names: Mapping[str, Any], bits: int = _BITS) -> Any:
    """Evaluate a node at a point.

    Parameters
    ----------
    graph : Graph
        The graph.
    output : int
        The node: a single number, not one for each row of the data.
    names : mapping of str to float or ndarray, shape (rows,)
        What the names stand for, exactly.
    bits : int, default 400
        The precision. With 53, the radius is what rounding in float64 may make of the value.

    Returns
    -------
    arb or None
        None where it is undefined. Not finite where the ball of an argument reaches over the edge
        of an operation's domain, or where a number is out of all bounds.
    """
    with many_digits(bits):
        return enclosed(graph, output, names)


@contextmanager
def many_digits(bits: int = _BITS) -> Iterator[None]:
    """Compute with balls of so many bits; one thread at a time does.

    Parameters
    ----------
    bits : int, default 400
        The precision.
    """
    with _IN_TURN, ctx.workprec(bits):
        yield


def enclosed(
    graph: Graph, output: int, names: Mapping[str, Any], *, as_floats: bool = False
) -> Any:
    """Return the same as :func:`enclose` within :func:`many_digits`; names may stand for balls.

    Parameters
    ----------
    graph, output, names
        As for :func:`enclose`.
    as_floats : bool, default False
        Take the formula's numbers for the float64 that they are, and not for what was meant.
    """
    done: dict[int, Any] = {}
    for index in graph.reachable([output], unfolded=True):
        node = graph[index]
        operation, arguments = graph.unfolded(index)
        operands = [done[i] for i in arguments]
        try:
            match operation:
                case "number":
                    error = 0.0 if as_floats else _number_error(node.value)
                    done[index] = arb(node.value, error)
                case "name":
                    done[index] = _to_balls(names[node.name])
                case _:
                    function = _FUNCTIONS[operation]
                    if node.varies:
                        function = np.frompyfunc(function, len(operands), 1)
                    done[index] = function(*operands)
        except _UndefinedError:
            return None
    return done[output]


def radius(ball: Any) -> float:
    """Return a ball's radius: infinite where nothing is known."""
    return float(ball.rad()) if ball is not None and ball.is_finite() else math.inf


def ball_of(number: float) -> Any:
    """Return a number as a ball without a radius."""
    return arb(number)


_to_balls = np.frompyfunc(arb, 1, 1)


def _number_error(value: float) -> float:
    """Return how far a number of a formula may be from what the person meant."""
    if value.is_integer() or Decimal(repr(value)) == Decimal(value):  # such as 0.5
        return 0.0
    if float(f"{value:.{_DIGITS}g}") == value:
        return UNIT * abs(value)
    # What arithmetic on numbers leaves of zero, such as cos(pi/2), is all error.
    return abs(value) if abs(value) < 16 * UNIT else _ROUNDED_NUMBER * abs(value)


def _on_balls(row: Operation) -> Callable[..., Any]:
    """Return an operation on balls, restricted to its domain."""
    function = row.on_balls or row.function or getattr(arb, row.name)
    domain = row.domain
    if domain is None:
        return function
    is_left = domain.is_left

    def restricted(*balls: Any) -> Any:
        if is_left(*balls):
            raise _UndefinedError
        return function(*balls)

    return restricted


_FUNCTIONS = {row.name: _on_balls(row) for row in OPERATIONS.values()}
