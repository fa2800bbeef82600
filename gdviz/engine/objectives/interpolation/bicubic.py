"""A smooth function through a grid of losses: bicubic interpolation within its cells' range.

Between the points of a grid nobody knows the loss. This is one function that passes through all
of them: on each cell a polynomial Σ c_pq tᵖuᵠ with p, q ≤ 3, where t and u run from 0 to 1 across
the cell. Its sixteen coefficients follow from f, ∂f/∂a, ∂f/∂b and ∂²f/∂a∂b at the four corners.
Neighbouring cells share their corners, so that the function and its gradient are continuous; its
second derivatives jump from cell to cell. Value, gradient and Hessian are those of the interpolant
itself, exactly: no difference quotient is taken of it.

The derivatives (:mod:`~gdviz.engine.objectives.interpolation.limited_derivatives`) are differences
of second order where the cells resolve f: there quadratics are met exactly, and of a smooth
function the value errs by O(h³) and the gradient by O(h²), h the spacing; on an evenly spaced axis
without holes this is Keys' cubic convolution, its ends included. Elsewhere they are limited, so
that f is never below the least, or above the greatest of its cell's corners, and is monotone
between any two neighbours.

A cell that lacks a corner is a hole, and nan, as is everything outside the grid. Beside a hole
the differences are one-sided, and of first order where a single neighbour is left.

References
----------
W. H. Press, S. A. Teukolsky, W. T. Vetterling and B. P. Flannery, *Numerical Recipes*, 3rd ed.,
Cambridge 2007, section 3.6 (bicubic interpolation).

R. G. Keys, "Cubic convolution interpolation for digital image processing", IEEE Transactions on
Acoustics, Speech, and Signal Processing 29 (1981) 1153–1160.
"""

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.base.types import Array
from gdviz.engine.objectives.interpolation.limited_derivatives import derivatives, resolves
from gdviz.engine.objectives.loss_grid import LossGrid

#: Arrays of either precision, real or complex.
Numbers = NDArray[Any]

#: From (f₀, f₁, f₀′, f₁′) at the ends of [0, 1] to the coefficients of 1, t, t², t³.
_HERMITE = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [-3, 3, -2, -1], [2, -2, 1, 1]], np.float64)
#: Cells that are kept as tuples for the descent loop: some 600 bytes each.
_MAX_OPENED = 20_000


@dataclass(frozen=True)
class Functions:
    """The interpolant for one kind of number.

    NumPy's kinds run under ``np.errstate(all="ignore")``.

    Attributes
    ----------
    value : callable
        ``(a, b) -> f``.
    gradient : callable
        ``(a, b) -> (∂f/∂a, ∂f/∂b)``.
    hessian : callable
        ``(a, b) -> (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²)``; at a border between cells, of the one above.
    complex_value : callable
        ``(a, b) -> f`` at complex coordinates: the polynomial of the cell in which their real
        parts lie, so that the imaginary part is what the complex step wants.
    """

    value: Callable[[Any, Any], Any]
    gradient: Callable[[Any, Any], tuple[Any, Any]]
    hessian: Callable[[Any, Any], tuple[Any, Any, Any]]
    complex_value: Callable[[Any, Any], Any]


class Interpolant:
    """The function through a grid of losses.

    Use :func:`interpolant`, which keeps the most recent ones.

    Parameters
    ----------
    grid : LossGrid
        The grid.
    """

    def __init__(self, grid: LossGrid) -> None:
        self.grid = grid
        floats = self.floats
        # Attributes rather than methods: a descent calls the function itself.
        self.value: Callable[[float, float], float] = floats.value
        self.gradient: Callable[[float, float], tuple[float, float]] = floats.gradient
        self.hessian: Callable[[float, float], tuple[float, float, float]] = floats.hessian
        self.complex_value: Callable[[complex, complex], complex] = floats.complex_value

    @cached_property
    def resolved(self) -> NDArray[np.bool_]:
        """At which points the cells show what f does between them, shape (len(b), len(a))."""
        return resolves(self.grid.array, *self.grid.axes)

    @cached_property
    def coefficients(self) -> Array:
        """The polynomials' coefficients, shape (len(b) − 1, len(a) − 1, 4, 4).

        ``[j, i, p, q]`` belongs to tᵖuᵠ, with t = (a − a[i])/(a[i + 1] − a[i]) and u likewise in
        b; nan in holes.
        """
        f, (a, b) = self.grid.array, self.grid.axes
        in_a, in_b, in_ab = derivatives(f, a, b, self.resolved)
        width, height = np.diff(a), np.diff(b)[:, None]
        corners = np.empty((*self.grid.known_cells.shape, 4, 4))
        for p, i in enumerate((slice(None, -1), slice(1, None))):
            for q, j in enumerate((slice(None, -1), slice(1, None))):
                corners[..., p, q] = f[j, i]
                corners[..., p + 2, q] = in_a[j, i] * width
                corners[..., p, q + 2] = in_b[j, i] * height
                corners[..., p + 2, q + 2] = in_ab[j, i] * width * height
        coefficients: Array = _HERMITE @ corners @ _HERMITE.T
        coefficients[~self.grid.known_cells] = np.nan
        return coefficients

    def functions(self, precision: Literal["float64", "float32"], *, arrays: bool) -> Functions:
        """Return the functions of one kind of number.

        Parameters
        ----------
        precision : {"float64", "float32"}
            The arithmetic.
        arrays : bool
            Whether coordinates may be arrays, which broadcast. If not, they are Python floats
            (and complex numbers) in float64, and NumPy's scalars in float32.
        """
        if arrays:
            return self.arrays if precision == "float64" else self.single_arrays
        return self.floats if precision == "float64" else self.singles

    @cached_property
    def floats(self) -> Functions:
        """On Python floats and complex numbers."""
        return _on_scalars(_Pieces(self, np.float64))

    @cached_property
    def singles(self) -> Functions:
        """On NumPy's float32 and complex64 scalars."""
        return _on_scalars(_Pieces(self, np.float32))

    @cached_property
    def arrays(self) -> Functions:
        """On arrays in float64 and complex128."""
        return _on_arrays(_Pieces(self, np.float64))

    @cached_property
    def single_arrays(self) -> Functions:
        """On arrays in float32 and complex64."""
        return _on_arrays(_Pieces(self, np.float32))

    def values(self, a: ArrayLike, b: ArrayLike) -> Array:
        """Return f in float64 on arrays that are broadcast against each other."""
        with np.errstate(all="ignore"):
            values: Array = self.arrays.value(a, b)
        return values

    def gradients(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
        """Return (∂f/∂a, ∂f/∂b) in float64 on arrays, broadcast likewise."""
        with np.errstate(all="ignore"):
            return self.arrays.gradient(a, b)

    def hessians(self, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array, Array]:
        """Return (∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²) in float64 on arrays, broadcast likewise."""
        with np.errstate(all="ignore"):
            return self.arrays.hessian(a, b)


@lru_cache(maxsize=4)
def interpolant(grid: LossGrid) -> Interpolant:
    """Return the interpolant of a grid, computed once."""
    return Interpolant(grid)


class _Pieces:
    """The cells' polynomials in one precision, and which of them belongs to a point."""

    def __init__(self, whole: Interpolant, real: type[np.floating[Any]]) -> None:
        self.real = real
        self.complex = np.complex64 if real is np.float32 else np.complex128
        self.known = whole.grid.known_cells
        a, b = whole.grid.axes
        # In float32 the knots are rounded as the coordinates are: a corner is then still inside.
        self.a, self.b = a.astype(real), b.astype(real)
        self.widths, self.heights = _gaps(a, real), _gaps(b, real)
        with np.errstate(over="ignore"):  # beyond float32 is inf, as in any float32 arithmetic
            table = whole.coefficients.reshape(-1, 4, 4).astype(real)
        #: One polynomial a row, and a last one for the outside.
        self.table = np.concatenate([table, np.full((1, 4, 4), np.nan, real)])

    def beside(self, j: Any, i: Any, on_a: Any, on_b: Any) -> tuple[Any, Any]:
        """Return (j, i) of a cell that is known, if the point lies on the border to one.

        A point on a border belongs to the cell above and to the right; where that is a hole, to
        the other side, so that every point that is known has its value.

        Parameters
        ----------
        j, i : ndarray of int
            Cells that hold the points.
        on_a, on_b : ndarray of bool
            Whether a, or b, is that of the cell's lower left corner.
        """
        found = self.known[j, i]
        to_j, to_i = j, i
        for down, over in ((0, 1), (1, 0), (1, 1)):
            here = ~found & (on_a | (over == 0)) & (on_b | (down == 0))
            here &= (i >= over) & (j >= down)
            here &= self.known[np.where(here, j - down, 0), np.where(here, i - over, 0)]
            to_j, to_i = np.where(here, j - down, to_j), np.where(here, i - over, to_i)
            found = found | here
        return to_j, to_i

    def locate(self, a: Numbers, b: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Return the rows of the table, and i and j, for arrays that broadcast."""
        i = np.clip(np.searchsorted(self.a, a, "right") - 1, 0, len(self.a) - 2)
        j = np.clip(np.searchsorted(self.b, b, "right") - 1, 0, len(self.b) - 2)
        if not self.known.all():
            on_a, on_b = a == self.a[i], b == self.b[j]
            j, i = np.broadcast_arrays(j, i)
            j, i = self.beside(j, i, on_a, on_b)
        inside = (a >= self.a[0]) & (a <= self.a[-1]) & (b >= self.b[0]) & (b <= self.b[-1])
        return np.where(inside, j * (len(self.a) - 1) + i, len(self.table) - 1), i, j


def _gaps(knots: Array, real: type[np.floating[Any]]) -> Numbers:
    gaps: Numbers = np.diff(knots.astype(real))
    # Knots that a lower precision cannot tell apart leave a cell that nothing divides by.
    return np.where(gaps > 0, gaps, np.diff(knots).astype(real))


def _on_arrays(pieces: _Pieces) -> Functions:
    by_coefficient = np.ascontiguousarray(pieces.table.reshape(-1, 16).T)

    def find(a: Numbers, b: Numbers) -> tuple[Numbers, ...]:
        row, i, j = pieces.locate(a.real, b.real)
        ends = pieces.a[i], pieces.widths[i], pieces.b[j], pieces.heights[j]
        return (*ends, *np.take(by_coefficient, row, 1))

    def taking(kind: Any, function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        return lambda a, b: function(np.asarray(a, kind), np.asarray(b, kind))

    on, real = _functions(find), pieces.real
    return Functions(
        taking(real, on.value),
        taking(real, on.gradient),
        taking(real, on.hessian),
        taking(pieces.complex, on.complex_value),
    )


def _on_scalars(pieces: _Pieces) -> Functions:
    # NumPy's float32 scalars stand in the cells of a float32 run, and Python's floats otherwise.
    number = np.float32 if pieces.real is np.float32 else float
    a_knots, b_knots = pieces.a.tolist(), pieces.b.tolist()
    a_low, a_high, b_low, b_high = a_knots[0], a_knots[-1], b_knots[0], b_knots[-1]
    a_last, b_last, stride = len(a_knots) - 1, len(b_knots) - 1, len(a_knots)
    outside = tuple(map(number, (math.nan,) * 20))
    cells: dict[int, tuple[Any, ...]] = {}

    def find(a: Any, b: Any) -> tuple[Any, ...]:
        a, b = float(a.real), float(b.real)
        if not (a_low <= a <= a_high and b_low <= b <= b_high):
            return outside
        i, j = bisect_right(a_knots, a, 1, a_last), bisect_right(b_knots, b, 1, b_last)
        cell = cells.get(j * stride + i)
        return open_cell(j - 1, i - 1, a, b) if cell is None else cell

    def open_cell(j: int, i: int, a: float, b: float) -> tuple[Any, ...]:
        key = (j + 1) * stride + i + 1
        if not pieces.known[j, i]:
            on_a, on_b = np.array(a == a_knots[i]), np.array(b == b_knots[j])
            key = 0  # another point of the hole may have another neighbour, or none
            j, i = map(int, pieces.beside(np.array(j), np.array(i), on_a, on_b))
        ends = a_knots[i], pieces.widths[i], b_knots[j], pieces.heights[j]
        coefficients = pieces.table[j * (stride - 1) + i].ravel().tolist()
        cell = tuple(map(number, (*ends, *coefficients)))
        if len(cells) >= _MAX_OPENED:
            cells.clear()
        if key:
            cells[key] = cell
        return cell

    return _functions(find)


def _functions(find: Callable[[Any, Any], tuple[Any, ...]]) -> Functions:
    """Return the interpolant's functions, for scalars and arrays alike.

    Parameters
    ----------
    find : callable
        ``(a, b) -> cell``: a cell's corner and size along a, along b, and its coefficients, for
        the real parts of coordinates.
    """

    def value(a: Any, b: Any) -> Any:
        (a0, width, b0, height, c00, c01, c02, c03, c10, c11, c12, c13,
         c20, c21, c22, c23, c30, c31, c32, c33) = find(a, b)  # fmt: skip
        t, u = (a - a0) / width, (b - b0) / height
        p3 = ((c33 * t + c23) * t + c13) * t + c03
        p2 = ((c32 * t + c22) * t + c12) * t + c02
        p1 = ((c31 * t + c21) * t + c11) * t + c01
        return ((p3 * u + p2) * u + p1) * u + (((c30 * t + c20) * t + c10) * t + c00)

    def gradient(a: Any, b: Any) -> tuple[Any, Any]:
        (a0, width, b0, height, _, c01, c02, c03, c10, c11, c12, c13,
         c20, c21, c22, c23, c30, c31, c32, c33) = find(a, b)  # fmt: skip
        t, u = (a - a0) / width, (b - b0) / height
        p3 = ((c33 * t + c23) * t + c13) * t + c03
        p2 = ((c32 * t + c22) * t + c12) * t + c02
        p1 = ((c31 * t + c21) * t + c11) * t + c01
        d3 = (3.0 * c33 * t + 2.0 * c23) * t + c13
        d2 = (3.0 * c32 * t + 2.0 * c22) * t + c12
        d1 = (3.0 * c31 * t + 2.0 * c21) * t + c11
        d0 = (3.0 * c30 * t + 2.0 * c20) * t + c10
        in_a = (((d3 * u + d2) * u + d1) * u + d0) / width
        return in_a, ((3.0 * p3 * u + 2.0 * p2) * u + p1) / height

    def hessian(a: Any, b: Any) -> tuple[Any, Any, Any]:
        (a0, width, b0, height, _, _, c02, c03, _, c11, c12, c13,
         c20, c21, c22, c23, c30, c31, c32, c33) = find(a, b)  # fmt: skip
        t, u = (a - a0) / width, (b - b0) / height
        p3 = ((c33 * t + c23) * t + c13) * t + c03
        p2 = ((c32 * t + c22) * t + c12) * t + c02
        d3 = (3.0 * c33 * t + 2.0 * c23) * t + c13
        d2 = (3.0 * c32 * t + 2.0 * c22) * t + c12
        d1 = (3.0 * c31 * t + 2.0 * c21) * t + c11
        e3, e2 = 6.0 * c33 * t + 2.0 * c23, 6.0 * c32 * t + 2.0 * c22
        e1, e0 = 6.0 * c31 * t + 2.0 * c21, 6.0 * c30 * t + 2.0 * c20
        in_aa = (((e3 * u + e2) * u + e1) * u + e0) / width / width
        in_ab = ((3.0 * d3 * u + 2.0 * d2) * u + d1) / width / height
        return in_aa, in_ab, (6.0 * p3 * u + 2.0 * p2) / height / height

    return Functions(value, gradient, hessian, value)
