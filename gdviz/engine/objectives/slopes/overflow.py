"""∇f where something within f is larger than the largest number, and f itself is not.

At a = 0.001 and b = 1, b/e^(b/a) + a is 0.001: e^1000 is infinite in float64, and what is divided
by it zero. There the chain rule multiplies 0 by ∞. But f does not change with what is infinite by
overflow, which stays so nearby: its slope is taken for zero, and what is left is ∇f to rounding.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.language.autodiff import local_derivative
from gdviz.engine.language.backends import NUMPY
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.graph import Graph


def past_overflow(
    formula: Formula,
    arguments: Sequence[Any],
    values: Callable[[Any, Any], Any],
    at: tuple[Any, Any],
    gradient: tuple[Any, Any],
) -> tuple[Any, Any]:
    """Return a gradient that is known also where something within f has overflowed.

    Parameters
    ----------
    formula : Formula
        The formula.
    arguments : sequence
        What its functions take after a and b.
    values : callable
        Returns f at points.
    at : (float or ndarray, float or ndarray)
        The points.
    gradient : (float or ndarray, float or ndarray)
        The gradient there; where it is nan and f is finite one looks closer.
    """
    in_a, in_b = gradient
    is_missing = np.isnan(in_a) | np.isnan(in_b)
    if not is_missing.any():
        return gradient
    a, b = (np.broadcast_to(x, is_missing.shape)[is_missing] for x in at)
    is_finite = np.isfinite(values(a, b))
    if not is_finite.any():
        return gradient
    points = [np.asarray(x[is_finite], np.float64) for x in (a, b)]
    shape = points[0].shape
    if formula.over_data:
        points = [x[:, None] for x in points]
    own = (*formula.parameters, *formula.arguments)
    names = dict(zip(own, (*points, *arguments), strict=True))
    found = gradient_past_overflow(formula.graph, formula.output, formula.parameters, names)
    where, result = np.flatnonzero(is_missing)[is_finite], []
    for given, part in zip(gradient, found, strict=True):
        flat = np.array(given, np.float64).ravel()
        part = np.broadcast_to(part, points[0].shape).reshape(shape)
        flat[where] = np.where(np.isnan(flat[where]), part, flat[where])
        result.append(flat.reshape(np.shape(given))[()])
    return result[0], result[1]


def gradient_past_overflow(
    graph: Graph, output: int, parameters: Sequence[str], names: Mapping[str, Any]
) -> list[Array]:
    """Return ∇f, carried forward beside each value.

    Parameters
    ----------
    graph : Graph
        The graph; local derivatives are added to it.
    output : int
        The node of f.
    parameters : sequence of str
        With respect to what.
    names : mapping of str to ndarray
        What the names stand for; arrays that broadcast against each other, of which the rows of
        the data are the last axis.

    Returns
    -------
    list of ndarray
        By parameter; nan where something infinite that is no overflow, as 1/0, remains.
    """
    values: dict[int, Any] = {}
    slopes: dict[int, list[Any]] = {}
    #: Where a node has overflowed, and by parameter where it does not move.
    beyond: dict[int, Any] = {}
    still: dict[int, list[Any]] = {}
    with np.errstate(all="ignore"):
        for index in graph.reachable([output]):
            operation, arguments, _, name, _ = graph[index]
            value = _value(graph, index, names, values)
            if not arguments:
                beyond[index] = np.False_
                slopes[index] = [np.float64(name == each) for each in parameters]
                still[index] = [np.bool_(name != each) for each in parameters]
                continue
            beyond[index] = _has_overflowed(
                operation, value, [(values[i], beyond[i]) for i in arguments]
            )
            still[index] = [
                np.logical_and.reduce(
                    np.broadcast_arrays(*(still[i][k] | beyond[i] for i in arguments))
                )
                | beyond[index]
                for k in range(len(parameters))
            ]
            partials = [
                _value(graph, local_derivative(graph, index, k), names, values)
                for k in range(len(arguments))
            ]
            slopes[index] = []
            for k in range(len(parameters)):
                terms = [
                    np.where(still[i][k] | beyond[i], 0.0, partial * slopes[i][k])
                    for partial, i in zip(partials, arguments, strict=True)
                ]
                total = sum(terms)
                if operation == "sum":
                    total = np.broadcast_to(total, np.shape(values[arguments[0]]))
                    total = total.sum(axis=-1, keepdims=True)
                slopes[index].append(np.where(beyond[index], 0.0, total))
            if operation == "sum":
                still[index] = [np.all(each, axis=-1, keepdims=True) for each in still[index]]
    return slopes[output]


def _value(graph: Graph, output: int, names: Mapping[str, Any], values: dict[int, Any]) -> Any:
    """Return the value of a node, and keep those of all that it needs; look at no other."""
    waiting = [output]
    while waiting:
        index = waiting[-1]
        operation, arguments, value, name, _ = graph[index]
        if index in values:
            waiting.pop()
        elif operation == "number":
            values[index] = np.float64(value)
        elif operation == "name":
            values[index] = names[name]
        elif missing := [i for i in arguments if i not in values]:
            waiting += missing
        else:
            values[index] = NUMPY.evaluate(operation, [values[i] for i in arguments])
    return values[output]


def _has_overflowed(operation: str, value: Any, arguments: list[tuple[Any, Any]]) -> Any:
    """Tell where a value is infinite because it is large, or something in it is."""
    known = [np.isfinite(each) | is_beyond for each, is_beyond in arguments]
    result = np.isinf(value)
    if operation != "sum":
        result = result & np.logical_and.reduce(np.broadcast_arrays(*known))
    first, last = arguments[0][0], arguments[-1][0]
    match operation:
        case "div":
            return result & (last != 0.0)
        case "pow":
            return result & (first != 0.0)
        case "log" | "log10":
            return result & arguments[0][1]
        case "sum":
            return result & np.all(known[0], axis=-1, keepdims=True)
    return result
