"""Newton's method, kept downhill: the Hessian with |λ| in place of its eigenvalues λ.

References
----------
J. Nocedal and S. J. Wright, Numerical Optimization, 2nd ed., Springer 2006, section 3.4, on
changing eigenvalues; Y. Dauphin et al., "Identifying and attacking the saddle point problem in
high-dimensional non-convex optimization", NIPS 2014, on |λ| among the ways to.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gdviz.base.format import number
from gdviz.engine.descent.hyperparameters import Option
from gdviz.engine.descent.path import Path
from gdviz.engine.descent.rules.rule import Rule, Update
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.stationary_points import eigenvalues


def newton(f: CountedObjective, floor: float) -> Update:
    """Newton: θ ← θ − α|H|⁻¹ĝ, where |H| is the Hessian with max(|λ|, floor) for its eigenvalues λ.

    Where the Hessian H is positive definite |H| is H: with α = 1 this is Newton's method, and a
    smaller α damps it. Elsewhere H⁻¹ĝ may lead uphill, or nowhere, and |H|⁻¹ĝ leads downhill: away
    from maxima and, in the directions that fall, from saddles. Each step asks for a Hessian, N² = 4
    evaluations, beside the gradient.
    """
    real, on_floats = f.real, f.real is float
    hypot: Callable[[Any, Any], Any] = math.hypot if on_floats else np.hypot
    larger: Callable[[Any, Any], Any] = max if on_floats else np.maximum
    hessian = f.hessian

    def step(state: None, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        aa, ab, bb = map(real, hessian(a, b))  # some may be literals of the formula
        # H = mI + S with S² = r²I, and so a function φ of H is a sum of I and S as well, with
        # φ(m + r) = mean + slope·r and φ(m − r) = mean − slope·r.
        m, s_aa = (aa + bb) / 2, (aa - bb) / 2
        r = hypot(s_aa, ab)
        high, low = 1 / larger(abs(m + r), floor), 1 / larger(abs(m - r), floor)
        mean, slope = (high + low) / 2, (high - low) / (2 * r + (r == 0))
        a_step = mean * g_a + slope * (s_aa * g_a + ab * g_b)
        b_step = mean * g_b + slope * (ab * g_a - s_aa * g_b)
        return a - alpha * a_step, b - alpha * b_step, state

    return None, step


def remark(objective: Objective, path: Path, options: Mapping[str, float], _state: None) -> str:
    """Say at how many steps of a path the Hessian was changed; empty for none.

    Parameters
    ----------
    objective : Objective
        What was minimised.
    path : Path
        The path.
    options : mapping of str to float
        The rule's options.
    """
    _, low = eigenvalues(*objective.hessians(*path.theta[: path.updates].T))
    changed = int((low < options["floor"]).sum())
    if not changed:
        return ""
    steps = "1 step" if changed == 1 else f"{changed} steps"
    floor = number(options["floor"])
    return (
        f"at {steps} the Hessian was not positive definite (it had a λ < {floor}), so |λ| "
        "replaced its eigenvalues λ"
    )


RULE = Rule(
    "newton",
    "Newton",
    "θ ← θ − α|H|⁻¹ĝ: Newton's method for α = 1, damped for smaller α; where the Hessian H is not "
    "positive definite, |λ| replaces its eigenvalues λ. A Hessian costs N² = 4 evaluations",
    (Option("floor", "λ₀", 1e-8, 1e-30, 1e6, "The smallest |λ| to divide by", logarithmic=True),),
    known_as="Raphson, second order",
    formula="θ ← θ − α|H|⁻¹ĝ",
    latex=r"\theta \leftarrow \theta - \alpha\,|H|^{-1}\,\hat{g}",
    update=newton,
    needs_hessian=True,
    remark=remark,
)
