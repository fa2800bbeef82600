"""The ε sweep: how wrong each difference estimate is at one point, for every step ε.

Truncation grows with ε and round-off as ε shrinks: on log–log axes a V. The estimates are those
of the descent, the same functions of the same precision, handed an array of steps in place of
one; so that hundreds of ε cost about as much as one.

What comes out is what the descent gets: differences in float32 bit for bit; in float64, and complex
steps, up to the last bits of f, for NumPy's exp, sin … on doubles are not those of ``math``, and
its products of complex arrays are fused where those of scalars are not.

References
----------
.. [1] J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed., Springer 2006, section 8.1.
.. [2] N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., SIAM 2002,
   chapters 1 and 3.
.. [3] J. R. R. A. Martins, P. Sturdza and J. J. Alonso, "The complex-step derivative
   approximation", ACM Transactions on Mathematical Software 29 (2003) 245–262.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_args

import numpy as np

from gdviz.base.types import Array, Precision
from gdviz.engine.descent.gradient_estimates import ESTIMATES, Estimate
from gdviz.engine.language.autodiff import adjoints, differentiate
from gdviz.engine.language.backends import NUMPY
from gdviz.engine.language.compiler import generate
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.parser import PARAMETERS
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.nonsmooth import jump, undefined
from gdviz.engine.objectives.objective import Objective

PRECISIONS: tuple[Precision, ...] = get_args(Precision)
#: The steps: 24 a decade, so that each power of ten is one of them.
SMALLEST, LARGEST, COUNT = 1e-16, 1e1, 17 * 24 + 1


@dataclass(frozen=True, eq=False)
class Curve:
    """The errors of one estimate in one precision.

    Attributes
    ----------
    estimate : str
        A key of :data:`gdviz.engine.descent.gradient_estimates.ESTIMATES`.
    precision : {"float64", "float32"}
        The arithmetic.
    error : ndarray, shape (n,)
        ‖ĝ − ∇f‖₂ by ε; ∇f is the formula's in float64, at the point as the precision holds it.
    truncation : ndarray, shape (n,)
        What the leading term of the Taylor series makes of it for large ε:
        ε/2·‖(f_aa, f_bb)‖ one-sided, ε²/6·‖(f_aaa, f_bbb)‖ central and complex. nan where
        that term vanishes, and for the mistaken shortcut, which converges to nothing.
    round_off : ndarray, shape (n,)
        About what rounding makes of it for small ε: √2·δ/ε in each component one-sided and
        δ/(√2·ε) central, where δ is the usual rounding error of a value; more where the sum
        θ + ε is rounded as well. Complex steps subtract nothing: u·‖∇f‖ for every ε. nan for
        the mistaken shortcut.
    """

    estimate: str
    precision: Precision
    error: Array
    truncation: Array
    round_off: Array

    @property
    def best(self) -> int | None:
        """The index of the smallest error; of equal ones that of the largest ε."""
        known = np.flatnonzero(np.isfinite(self.error))
        if not len(known):
            return None
        return int(known[::-1][np.argmin(self.error[known[::-1]])])


@dataclass(frozen=True, eq=False)
class Sweep:
    """The errors of all estimates at a point.

    Attributes
    ----------
    at : (float, float)
        The point (a, b).
    epsilon : ndarray, shape (n,)
        The steps, rising.
    curves : tuple of Curve
        By precision, and in each by estimate.
    sentence : str
        Why the errors mean nothing here; empty where they do.
    """

    at: tuple[float, float]
    epsilon: Array
    curves: tuple[Curve, ...]
    sentence: str

    @property
    def is_empty(self) -> bool:
        """Whether no error is a number, as where f or ∇f is undefined."""
        return not any(np.isfinite(curve.error).any() for curve in self.curves)


def steps(count: int = COUNT) -> Array:
    """Return so many steps from 1e-16 to 10, equally spaced on a logarithmic axis."""
    return np.geomspace(SMALLEST, LARGEST, count)


def estimates_on(surface: str) -> tuple[str, ...]:
    """Return the estimates that can be swept on a surface: the mistaken one only on its own."""
    return tuple(
        estimate.name
        for estimate in ESTIMATES.values()
        if estimate.uses_epsilon and estimate.only_on in ("", surface)
    )


def sweep_epsilon(
    objective: Objective,
    at: tuple[float, float],
    *,
    epsilon: Sequence[float] | Array | None = None,
    estimates: Iterable[str] | None = None,
    precisions: Iterable[Precision] = PRECISIONS,
    representable_step: bool = False,
) -> Sweep:
    """Sweep ε at a point.

    Parameters
    ----------
    objective : Objective
        The function.
    at : (float, float)
        The point (a, b).
    epsilon : array_like, shape (n,), optional
        The steps; by default :func:`steps`.
    estimates : iterable of str, optional
        Names of estimates that use ε; by default those that make sense on every surface, see
        :func:`estimates_on`, but the complex step where f takes real numbers only.
    precisions : iterable of {"float64", "float32"}, default both
        The arithmetics.
    representable_step : bool, default False
        Divide a difference by the step that was really taken, (x + ε) − x. Where that is zero
        the error is nan.

    Returns
    -------
    Sweep
        Where f or ∇f is undefined all errors are nan, and the sentence says so. At a kink they
        are those to the gradient that the formula has by convention.
    """
    missing = undefined(objective, *at)
    grid = steps() if epsilon is None else np.asarray(epsilon, np.float64)
    if estimates is None:
        unknown = "complex-step" if objective.no_complex_value else ""
        estimates = (name for name in estimates_on("") if name != unknown)
    estimates = tuple(estimates)
    curves = []
    with np.errstate(all="ignore"):
        for precision in precisions:
            counted = CountedObjective(objective, precision, arrays=True)
            here = counted.real(at[0]), counted.real(at[1])
            exact = (np.nan, np.nan) if missing else objective.gradient(*here)
            asymptotes = _asymptotes(objective, here, exact, precision, representable_step)
            for name in estimates:
                estimate = ESTIMATES[name].bind(counted, grid.astype(precision), representable_step)
                gradient = estimate(*here)
                parts = [
                    np.asarray(g, np.float64) - e for g, e in zip(gradient, exact, strict=True)
                ]
                error = np.broadcast_to(np.hypot(*parts), grid.shape)
                curves.append(Curve(name, precision, error, *asymptotes(ESTIMATES[name], grid)))
    return Sweep(at, grid, tuple(curves), missing or jump(objective, *at))


# -- the asymptotes


def _asymptotes(
    objective: Objective,
    here: tuple[Any, Any],
    exact: tuple[float, float],
    precision: Precision,
    representable: bool,
) -> Callable[[Estimate, Array], tuple[Array, Array]]:
    """Return a function from an estimate and the steps to its truncation and its round-off."""
    unit = float(np.finfo(precision).eps) / 2
    usual = unit / np.sqrt(3.0)  # the root mean square of errors spread evenly from −u to u
    point = np.array(here, np.float64)
    if not isinstance(objective, FormulaObjective):  # neither derivatives nor roundings are known
        return lambda _estimate, grid: (np.full(grid.shape, np.nan), np.full(grid.shape, np.nan))
    aa, bb, aaa, bbb, rounding = _derived(objective.formula)(*point, *objective.arguments())
    leading = {1: np.hypot(aa, bb) / 2, 2: np.hypot(aaa, bbb) / 6}
    # The sum a + ε is rounded as well, which shifts f by its slope; unless the difference is
    # divided by the shift that came out.
    shifts = 0.0 if representable else float(np.linalg.norm(point * exact))

    def asymptotes(estimate: Estimate, grid: Array) -> tuple[Array, Array]:
        order, nothing = estimate.order, np.full(grid.shape, np.nan)
        if order is None:
            return nothing, nothing
        truncation = leading[order] * grid**order if leading[order] > 0.0 else nothing
        if not estimate.differences:
            return truncation, np.full(grid.shape, unit * np.hypot(*exact))
        # Two values in each of two components; one shifted point over ε, or two over 2ε.
        values, shifted = 2.0 * rounding, shifts if order == 1 else np.sqrt(2.0) * shifts
        return truncation, usual * np.hypot(values, shifted) / (order * grid)

    return asymptotes


@lru_cache(maxsize=64)
def _derived(formula: Formula) -> Callable[..., list[float]]:
    """Return a function to f_aa, f_bb, f_aaa, f_bbb and the rounding error of f over u.

    Each operation rounds its result v by u·|v| at most, and its adjoint ∂f/∂v says what becomes
    of that: the errors, as good as independent, add up like √Σ(v·∂f/∂v)². Where values cancel on
    the way to f, that is far more than u·|f|. Over data each row rounds for itself.
    """
    graph = formula.graph
    curvatures, thirds = [], []
    for name, node in zip(PARAMETERS, formula.gradient_nodes, strict=True):
        (second,) = differentiate(graph, node, [name])
        curvatures.append(second)
        thirds += differentiate(graph, second, [name])
    slopes = adjoints(graph, formula.output)
    rounded = [node for node in slopes if graph[node].operation not in ("number", "name", "neg")]
    outputs = [*curvatures, *thirds, *rounded, *(slopes[node] for node in rounded)]
    function = generate(graph, outputs, (*PARAMETERS, *formula.arguments), NUMPY)

    def derived(*arguments: Any) -> list[float]:
        results = function(*arguments)
        pairs = zip(results[4 : 4 + len(rounded)], results[4 + len(rounded) :], strict=True)
        errors = [np.ravel(value * slope) for value, slope in pairs]
        norm = np.linalg.norm(np.concatenate(errors)) if errors else 0.0
        return [*(float(np.ravel(result)[0]) for result in results[:4]), float(norm)]

    return derived
