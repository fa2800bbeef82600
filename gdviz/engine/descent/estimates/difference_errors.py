"""What theory says of a difference estimate's error: truncation, round-off, and the ε between.

References
----------
.. [1] J. Nocedal and S. J. Wright, *Numerical Optimization*, 2nd ed., Springer 2006, section 8.1.
.. [2] N. J. Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., SIAM 2002,
   chapters 1 and 3.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from gdviz.base.types import Array, Precision
from gdviz.engine.descent.estimates.estimate import Estimate
from gdviz.engine.language.autodiff import adjoints, differentiate
from gdviz.engine.language.backends import NUMPY
from gdviz.engine.language.compiler import generate
from gdviz.engine.language.formula import Formula
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective


@dataclass(frozen=True, eq=False)
class ErrorModel:
    """What theory says of an estimate's error.

    Attributes
    ----------
    truncation : ndarray, shape (n,)
        What the leading term of the Taylor series makes of it for large ε:
        ε/2·‖(f_aa, f_bb)‖ one-sided, ε²/6·‖(f_aaa, f_bbb)‖ central and complex, and
        ε⁴/480·‖(f_aaaaa, f_bbbbb)‖ of two central ones extrapolated. nan where that term
        vanishes, and for the mistaken shortcut, which converges to nothing.
    round_off : ndarray, shape (n,)
        About what rounding makes of it for small ε: √2·δ/ε in each component one-sided and
        δ/(√2·ε) central, where δ is the usual rounding error of a value, and √65/3 ≈ 2.7 times
        that extrapolated; more where the sum θ + ε is rounded as well. Complex steps subtract
        nothing: u·‖∇f‖ for every ε. nan for the mistaken shortcut.
    optimum : float
        The ε that balances the leading term and a rounding error of eps·|f| in each value:
        2·√(eps·|f|/|f″|) one-sided, ∛(3·eps·|f|/|f‴|) central, ⁵√(360·eps·|f|/|f⁽⁵⁾|) extrapolated,
        where |f″|, |f‴| and |f⁽⁵⁾| are the root mean squares of both parameters' derivatives. nan
        where there is none.
    """

    truncation: Array
    round_off: Array
    optimum: float = np.nan


#: What round-off is multiplied by, in 1/ε, by the order: values are ε apart, 2ε, and for
#: (4D(ε/2) − D(ε))/3 it is the root of (4/3)² + (1/6)².
_OVER = {1: 1.0, 2: 0.5, 4: np.sqrt(65.0) / 6.0}


def error_model(
    objective: Objective,
    here: tuple[Any, Any],
    exact: tuple[float, float],
    precision: Precision,
    representable: bool,
    *,
    extrapolated: bool = False,
) -> Callable[[Estimate, Array], ErrorModel]:
    """Return a function from an estimate and the steps to what theory says of its error.

    Parameters
    ----------
    objective : Objective
        The function. Of what is no formula nothing is known.
    here : (float, float)
        The point, as the precision holds it.
    exact : (float, float)
        ∇f there.
    precision : {"float64", "float32"}
        The arithmetic.
    representable : bool
        Whether differences are divided by the step that was really taken.
    extrapolated : bool, default False
        Whether it is asked for an extrapolated difference as well.
    """
    eps = float(np.finfo(precision).eps)
    unit = eps / 2
    usual = unit / np.sqrt(3.0)  # the root mean square of errors spread evenly from −u to u
    point = np.array(here, np.float64)
    if not isinstance(objective, FormulaObjective):  # neither derivatives nor roundings are known
        return lambda _estimate, grid: ErrorModel(*np.full((2, *grid.shape), np.nan))
    aa, bb, aaa, bbb, rounding = _derived(objective.formula)(*point, *objective.arguments())
    leading = {1: np.hypot(aa, bb) / 2, 2: np.hypot(aaa, bbb) / 6}
    if extrapolated:  # its derivatives take long to derive, of a long formula
        fifths = _fifths(objective.formula)(*point, *objective.arguments())
        leading[4] = np.hypot(*(np.ravel(fifth)[0] for fifth in fifths)) / 480
    # The sum a + ε is rounded as well, which shifts f by its slope; unless the difference is
    # divided by the shift that came out.
    shifts = 0.0 if representable else float(np.linalg.norm(point * exact))

    size = eps * abs(objective.value(*point))
    optima = {1: 2.0 * np.sqrt(size / (np.sqrt(2.0) * leading[1])),
              2: np.cbrt(size / (np.sqrt(2.0) * leading[2]))}  # fmt: skip
    if extrapolated:
        optima[4] = (0.75 * np.sqrt(2.0) * size / leading[4]) ** 0.2

    def model(estimate: Estimate, grid: Array) -> ErrorModel:
        order, nothing = estimate.order, np.full(grid.shape, np.nan)
        if order not in leading:
            return ErrorModel(nothing, nothing)
        truncation = leading[order] * grid**order if leading[order] > 0.0 else nothing
        if not estimate.differences:
            return ErrorModel(truncation, np.full(grid.shape, unit * np.hypot(*exact)))
        # Two values in each of two components; one shifted point over ε, or two over 2ε.
        values, shifted = 2.0 * rounding, shifts if order == 1 else np.sqrt(2.0) * shifts
        round_off = usual * np.hypot(values, shifted) * _OVER[order] / grid
        optimum = float(optima[order])
        return ErrorModel(truncation, round_off, optimum if 0.0 < optimum < np.inf else np.nan)

    return model


@lru_cache(maxsize=64)
def _fifths(formula: Formula) -> Callable[..., list[float]]:
    """Return a function to f_aaaaa and f_bbbbb."""
    graph, outputs = formula.graph, []
    for name, derivative in zip(formula.parameters, formula.gradient_nodes, strict=True):
        node = derivative
        for _ in range(4):
            (node,) = differentiate(graph, node, [name])
        outputs.append(node)
    return generate(graph, outputs, (*formula.parameters, *formula.arguments), NUMPY)


@lru_cache(maxsize=64)
def _derived(formula: Formula) -> Callable[..., list[float]]:
    """Return a function to f_aa, f_bb, f_aaa, f_bbb and the rounding error of f over u.

    Each operation rounds its result v by u·|v| at most, and its adjoint ∂f/∂v says what becomes
    of that: the errors, as good as independent, add up like √Σ(v·∂f/∂v)². Where values cancel on
    the way to f, that is far more than u·|f|. Over data each row rounds for itself.
    """
    graph = formula.graph
    curvatures, thirds = [], []
    for name, node in zip(formula.parameters, formula.gradient_nodes, strict=True):
        (second,) = differentiate(graph, node, [name])
        curvatures.append(second)
        thirds += differentiate(graph, second, [name])
    slopes = adjoints(graph, formula.output)
    rounded = [node for node in slopes if graph[node].operation not in ("number", "name", "neg")]
    outputs = [*curvatures, *thirds, *rounded, *(slopes[node] for node in rounded)]
    function = generate(graph, outputs, (*formula.parameters, *formula.arguments), NUMPY)

    def derived(*arguments: Any) -> list[float]:
        results = function(*arguments)
        pairs = zip(results[4 : 4 + len(rounded)], results[4 + len(rounded) :], strict=True)
        errors = [np.ravel(value * slope) for value, slope in pairs]
        norm = np.linalg.norm(np.concatenate(errors)) if errors else 0.0
        return [*(float(np.ravel(result)[0]) for result in results[:4]), float(norm)]

    return derived
