"""A compiled formula where it returns no number: what looks closer there, and what calls that.

A number that is not there may be f's, which then has no gradient, or the chain rule's, as where e^a
overflows and f does not (:mod:`gdviz.engine.objectives.slopes.overflow`).
"""

import math
import operator
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

#: A function of a and b: numbers, or arrays that broadcast against each other.
Function = Callable[[Any, Any], Any]


def closer_gradient(f: Function, taken: Function, real: Callable[[Any], Any]) -> Function:
    """Return the gradient at a single point where it is no number, or f is none.

    Parameters
    ----------
    f : callable
        The function in the method's arithmetic.
    taken : callable
        Its gradient in float64, as a method takes it.
    real : callable
        Makes a number of the arithmetic.
    """

    def call(a: Any, b: Any) -> tuple[Any, Any]:
        here = f(a, b)
        if here != here:
            return here, here
        in_a, in_b = taken(float(a), float(b))
        # What is infinite in float32 has no gradient either, though float64 may have one.
        return (real(in_a), real(in_b)) if np.isfinite(here) else (here - here, here - here)

    return call


def of_numbers(function: Function, real: Callable[[Any], Any]) -> Function:
    """Return a function whose results are of an arithmetic where they are literals as well.

    Of a literal of Python's, what a rule keeps of earlier steps would be float64.

    Parameters
    ----------
    function : callable
        Returns several.
    real : callable
        Makes a number of the arithmetic.
    """

    def call(a: Any, b: Any) -> tuple[Any, ...]:
        return tuple([real(x) if type(x) is float else x for x in function(a, b)])

    return call


def known_gradient(function: Function, closer: Function) -> Function:
    """Return the gradient at single points.

    Parameters
    ----------
    function : callable
        Returns the gradient, and f if that may be nan where these are numbers.
    closer : callable
        Returns the gradient where one of them is nan.
    """

    def call(a: Any, b: Any) -> Any:
        in_a, in_b, *given = function(a, b)
        if in_a == in_a and in_b == in_b and (not given or given[0] == given[0]):  # is no nan
            return in_a, in_b
        return closer(a, b)

    return call


def known_gradients(
    function: Function, f: Function, closer: Callable[[Any, Any, Any, Any], Any]
) -> Function:
    """Return the gradient on arrays.

    Parameters
    ----------
    function : callable
        As in :func:`known_gradient`.
    f : callable
        The function.
    closer : callable
        Takes the coordinates and the components where these are no numbers and f is one, and
        returns them.
    """

    def call(a: Any, b: Any) -> Any:
        found = function(a, b)
        if np.isfinite(reduce(operator.add, found)).all():
            return found[:2]
        in_a, in_b, *given = np.broadcast_arrays(*found)
        (here,) = given or (np.broadcast_to(f(a, b), in_a.shape),)
        in_a, in_b = (np.where(np.isnan(here), here, part) for part in (in_a, in_b))
        missing = np.isfinite(here) & ~(np.isfinite(in_a) & np.isfinite(in_b))
        if missing.any():
            at_a, at_b = (np.broadcast_to(x, missing.shape)[missing] for x in (a, b))
            in_a[missing], in_b[missing] = closer(at_a, at_b, in_a[missing], in_b[missing])
        return in_a, in_b

    return call


def known_complex(function: Function, closer: Function) -> Function:
    """Return f at complex points.

    Parameters
    ----------
    function : callable
        The function, which may return nan by overflow.
    closer : callable
        Returns it there.
    """

    def call(a: Any, b: Any) -> Any:
        found = function(a, b)
        is_missing = np.isnan(found)
        if not np.any(is_missing):
            return found
        known: Any = np.where(is_missing, closer(a, b), found)
        return known[()]

    return call


def complex_from_real(values: Function, gradients: Function) -> Function:
    """Return f at points so near the real axis that nothing is left of the distance's square.

    Parameters
    ----------
    values, gradients : callable
        f and its gradient, which are known where a complex number in f has overflowed.
    """

    def call(a: Any, b: Any) -> Any:
        at, steps = (np.real(a), np.real(b)), (np.imag(a), np.imag(b))
        with np.errstate(all="ignore"):
            slopes = zip(gradients(*at), steps, strict=True)
            # Along an axis without a step the slope may be anything.
            along: Any = sum(np.where(step == 0.0, 0.0, slope * step) for slope, step in slopes)
            result: Any = values(*at) + 1j * along
        # nan alone has an imaginary part of 0.
        known: Any = np.where(np.isfinite(result), result, complex(math.nan, math.nan))
        return known if known.ndim else known.item()

    return call
