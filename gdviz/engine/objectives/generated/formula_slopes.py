"""A formula's slope along a direction, and its gradient over some rows of the data, counted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.language.backends import MATH, NUMPY
from gdviz.engine.language.compiler import RAISED
from gdviz.engine.language.formula import Formula
from gdviz.engine.objectives.quantities import Arithmetic

#: ``(a, b) -> (∂f/∂a, ∂f/∂b)``.
Gradient = Callable[[Any, Any], tuple[Any, Any]]


def counted_tangent(
    formula: Formula,
    arguments: Sequence[Any],
    arithmetic: Arithmetic,
    gradient: Gradient,
    count: Callable[[int], None],
) -> Callable[[Any, Any, Any, Any], Any]:
    """Return ``(a, b, u_a, u_b) -> ∇f·u``, by one pass forward.

    Parameters
    ----------
    formula : Formula
        The formula.
    arguments : sequence
        What its functions take after a and b, in the arithmetic.
    arithmetic : Arithmetic
        The numbers that a method runs on.
    gradient : callable
        What a method takes for the gradient: of that it is the slope where an operation of the
        formula has a kink, and where floats raise.
    count : callable
        Told with each call that it was one.
    """
    backend = MATH if arithmetic.on_floats and not formula.over_data else NUMPY
    function, has_creases = formula.compiled_tangent(backend), bool(formula.crease_nodes)
    in_rows = bool(formula.over_data)

    def slope(a: Any, b: Any, u_a: Any, u_b: Any) -> Any:
        in_a, in_b = gradient(a, b)
        return in_a * u_a + in_b * u_b

    def call(a: Any, b: Any, u_a: Any, u_b: Any) -> Any:
        count(1)
        at = (np.asarray(a)[..., None], np.asarray(b)[..., None]) if in_rows else (a, b)
        try:
            found = function(*at, *arguments, u_a, u_b)
        except RAISED:
            return slope(a, b, u_a, u_b)
        along, *creases = found if has_creases else (found,)
        on_crease = False
        for crease in creases:
            on_crease = on_crease | (_without_rows(crease, in_rows) == 0.0)
        along = _plain(_without_rows(along, in_rows), arithmetic)
        if not np.any(on_crease):
            return along
        if arithmetic.arrays:
            return np.where(on_crease, slope(a, b, u_a, u_b), along)
        return slope(a, b, u_a, u_b)

    return call


def counted_batch_gradient(
    formula: Formula,
    columns: Mapping[str, Array],
    constants: Sequence[Any],
    arithmetic: Arithmetic,
    count: Callable[[int], None],
) -> Callable[[Any, Any, Any], tuple[Any, Any]]:
    """Return ``(a, b, rows) -> (∂f/∂a, ∂f/∂b)`` over some rows, sums made as large as over all.

    At kinks it is what the operations' derivatives are taken for. Rows of shape (n, B) are n
    batches, each at each of the points, which then have an axis for them.

    Parameters
    ----------
    formula : Formula
        A formula over data.
    columns : mapping of str to ndarray
        The data.
    constants : sequence
        The constants' values, in the arithmetic.
    arithmetic : Arithmetic
        The numbers that a method runs on.
    count : callable
        Told with each call how many rows were taken.
    """
    function, real = formula.compiled_batch(NUMPY), arithmetic.ieee
    whole = [real(columns[name]) for name in formula.data]
    n = len(next(iter(columns.values())))

    def call(a: Any, b: Any, rows: Any) -> tuple[Any, Any]:
        count(np.size(rows))
        some = [column[rows] for column in whole]
        in_a, in_b = function(
            np.asarray(a)[..., None], np.asarray(b)[..., None],
            *constants, *some, real(n), real(n / np.shape(rows)[-1]),
        )  # fmt: skip
        return tuple(_plain(_without_rows(part, in_rows=True), arithmetic) for part in (in_a, in_b))

    return call


def _without_rows(result: Any, in_rows: bool) -> Any:
    return result[..., 0] if in_rows and np.ndim(result) else result


def _plain(result: Any, arithmetic: Arithmetic) -> Any:
    """Return a number of the arithmetic where there is one; NumPy's are slow on Python's floats."""
    if not isinstance(result, np.ndarray | np.generic):
        return arithmetic.real(result)
    return result.item() if arithmetic.on_floats else result[()]  # type: ignore[index]
