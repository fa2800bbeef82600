"""Functions that are quadratic, as least squares of a model that is linear in its parameters.

Where the minimum of one is, and how it curves, is known exactly.
"""

import math
from typing import NamedTuple

from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.stationary_points import eigenvalues, is_definite

#: One whose curvatures differ by more is shown as it is, not as other functions are.
ILL_CONDITIONED = 100.0


class Quadratic(NamedTuple):
    """A function that is quadratic and has a minimum.

    Attributes
    ----------
    minimum : (float, float)
        Where it is least.
    hessian : (float, float, float)
        ∂²f/∂a², ∂²f/∂a∂b and ∂²f/∂b², the same everywhere.
    """

    minimum: tuple[float, float]
    hessian: tuple[float, float, float]

    @property
    def condition(self) -> float:
        """The condition number of the Hessian, λmax/λmin."""
        aa, ab, bb = self.hessian
        high = eigenvalues(aa, ab, bb)[0]
        return float(high**2 / (aa * bb - ab**2))


def quadratic(objective: Objective) -> Quadratic | None:
    """Return what is known of a function whose second derivatives hold neither parameter.

    Parameters
    ----------
    objective : Objective
        The function.

    Returns
    -------
    Quadratic or None
        None if it is not quadratic, or has no minimum or more than one.
    """
    if not isinstance(objective, FormulaObjective) or not objective.is_quadratic:
        return None
    aa, ab, bb = hessian = objective.hessian(0.0, 0.0)
    if not is_definite(aa, ab, bb):
        return None
    unit_a, unit_b = 1 / math.sqrt(aa), 1 / math.sqrt(bb)
    mixed = ab * unit_a * unit_b
    a = b = 0.0
    for _ in range(3):  # once would do but for rounding
        in_a, in_b = objective.gradient(a, b)
        in_a, in_b = in_a * unit_a, in_b * unit_b
        a -= unit_a * (in_a - mixed * in_b) / (1 - mixed**2)
        b -= unit_b * (in_b - mixed * in_a) / (1 - mixed**2)
    return Quadratic((a, b), hessian) if math.isfinite(a) and math.isfinite(b) else None
