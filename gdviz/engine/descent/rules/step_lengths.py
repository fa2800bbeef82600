"""Steps along −ĝ whose length follows from f or from gradients, and their rows in the table."""

import math
from typing import Any

from gdviz.engine.descent.estimates.estimate import GradientFunction
from gdviz.engine.descent.hyperparameters import Option
from gdviz.engine.descent.rules.components import chosen, larger
from gdviz.engine.descent.rules.rule import NoStepError, Rule, Update
from gdviz.engine.objectives.counting import CountedObjective

#: Steps that a line search tries before it gives up: α·2⁻⁵⁰ is round-off of most θ.
MOST_TRIALS = 50


def line_search(
    f: CountedObjective,
    gradient: GradientFunction,
    decrease: float,
    wolfe: float,
    curvature: float,
) -> Update:
    """Gradient descent with a line search: θ ← θ − tĝ, t from α on halved until f falls enough.

    Enough is Armijo's condition, f(θ − tĝ) ≤ f(θ) − c₁t‖ĝ‖². With `wolfe` a step that meets it is
    doubled, or bisected with the last that did not, until f falls less steeply as well:
    ĝ(θ − tĝ)·ĝ(θ) ≤ c₂‖ĝ‖². The state is f(θ), which is not asked for again.

    Parameters
    ----------
    f : CountedObjective
        What is minimised, and counts: f at each trial.
    gradient : callable
        The estimate; with `wolfe` it is asked for at each trial that meets Armijo's condition, and
        remembered at the last one.
    decrease : float
        c₁, from 0 to 1.
    wolfe : float
        Whether there is a second condition.
    curvature : float
        c₂, from c₁ to 1.

    References
    ----------
    J. Nocedal and S. J. Wright, Numerical Optimization, 2nd ed., Springer 2006, section 3.1; the
    bisection is algorithm 2.6 of A. S. Lewis and M. L. Overton, "Nonsmooth optimization via
    quasi-Newton methods", Mathematical Programming 141 (2013) 135–163.
    """
    value = f.value

    def step(loss: Any, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        loss = value(a, b) if loss is None else loss
        square = g_a * g_a + g_b * g_b
        low, high, t = 0.0, math.inf, alpha
        for _ in range(MOST_TRIALS):
            to_a, to_b = a - t * g_a, b - t * g_b
            there = value(to_a, to_b)
            if not there <= loss - decrease * t * square:  # nor is nan
                high = t
            elif not wolfe:
                return to_a, to_b, there
            else:
                h_a, h_b = gradient(to_a, to_b)
                if not h_a * g_a + h_b * g_b > curvature * square:
                    return to_a, to_b, there
                low = t
            t = (low + high) / 2.0 if high < math.inf else 2.0 * t
        if high == math.inf:
            raise NoStepError("f falls on along its line search, as far as that looks")
        raise NoStepError("its line search found no step that meets its conditions")

    return None, step


def barzilai_borwein(f: CountedObjective, short: float) -> Update:
    """Barzilai–Borwein: θ ← θ − tĝ, t = s·s/s·y of the step s = Δθ before and its y = Δĝ.

    1/t is a Rayleigh quotient of the mean Hessian along that step. The first step has t = α, and so
    has one after which s·y ≤ 0, where f is not convex along s.

    Parameters
    ----------
    f : CountedObjective
        What is minimised.
    short : float
        Whether t = s·y/y·y, the shorter one of the two.

    References
    ----------
    J. Barzilai and J. M. Borwein, "Two-point step size gradient methods", IMA Journal of Numerical
    Analysis 8 (1988) 141–148.
    """
    choose, real = chosen(f), f.real

    def step(before: Any, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        t = alpha
        if before is not None:
            x, y, h_a, h_b = before
            s_a, s_b, y_a, y_b = a - x, b - y, g_a - h_a, g_b - h_b
            along = s_a * y_a + s_b * y_b
            top, bottom = (
                (along, y_a * y_a + y_b * y_b) if short else (s_a * s_a + s_b * s_b, along)
            )
            t = choose(along > 0.0, top / (bottom + (bottom == 0.0)), alpha)
        return a - t * g_a, b - t * g_b, (a, b, real(g_a), real(g_b))

    return None, step


def polyak(f: CountedObjective, minimum: float) -> Update:
    """Polyak's step: θ ← θ − (f(θ) − f*)/‖ĝ‖²·ĝ, to where the tangent plane is f*.

    On a convex f no step leads further from its minimum. Where f ≤ f* there is none.

    References
    ----------
    B. T. Polyak, "Minimization of unsmooth functionals", USSR Computational Mathematics and
    Mathematical Physics 9 (1969) 14–29.
    """
    max_of, value, real = larger(f), f.value, f.real

    def step(state: None, a: Any, b: Any, g_a: Any, g_b: Any, _alpha: Any) -> Any:
        square = real(g_a * g_a + g_b * g_b)
        t = max_of(value(a, b) - real(minimum), 0.0) / (square + (square == 0.0))
        return a - t * g_a, b - t * g_b, state

    return None, step


RULES = (
    Rule(
        "line-search",
        "Line search",
        "θ ← θ − tĝ: from α on t is halved until f falls by at least c₁t‖ĝ‖², and with Wolfe's "
        "condition doubled or bisected until ĝ(θ − tĝ)·ĝ ≤ c₂‖ĝ‖² as well; all that it asks for "
        "is counted",
        (
            Option("decrease", "c₁", 1e-4, 1e-8, 0.5, "Part of the tangent's fall that is enough",
                   logarithmic=True),
            Option("wolfe", "Wolfe", 0, 0, 1,
                   "Whether Wolfe's condition is asked for as well as Armijo's", is_switch=True),
            Option("curvature", "c₂", 0.9, 0.5, 0.9999, "Part of the slope that may be left"),
        ),
        definition=(
            "Armijo's of 1966, and the weak Wolfe conditions by bisection. Optax has "
            "scale_by_backtracking_linesearch, from the step before on; PyTorch (but in its LBFGS) "
            "and Keras have none"
        ),
        known_as="backtracking, scale_by_backtracking_linesearch",
        formula="θ ← θ − tĝ, f(θ − tĝ) ≤ f(θ) − c₁t‖ĝ‖²",
        latex=(
            r"\theta \leftarrow \theta - t\,\hat{g},\quad "
            r"f(\theta - t\hat{g}) \leq f(\theta) - c_1 t\,\|\hat{g}\|^2"
        ),
        update=line_search,
        takes_gradient=True,
        is_elementwise=False,
        values_beside=None,
    ),
    Rule(
        "barzilai-borwein",
        "Barzilai–Borwein",
        "θ ← θ − tĝ, t = s·s/s·y of the step s before and what it changed in ĝ, y: what curvature "
        "it saw sets its length; α is the first t, and where s·y ≤ 0",
        (Option("short", "short", 0, 0, 1, "Whether t is s·y/y·y, the paper's shorter one",
                is_switch=True),),
        definition="The paper's, of 1988; none of PyTorch, Keras and Optax has it",
        known_as="BB, spectral step",
        formula="θ ← θ − tĝ, t = s·s/s·y",
        latex=(
            r"\theta \leftarrow \theta - t\,\hat{g},\quad t = s^{\!\top} s / s^{\!\top} y"
        ),
        update=barzilai_borwein,
    ),
    Rule(
        "polyak",
        "Polyak's step",
        "θ ← θ − (f − f*)/‖ĝ‖²·ĝ: as far as the tangent plane is above f*, the value of the "
        "minimum; a value beside each gradient; α is not used",
        (Option("minimum", "f*", 0.0, -1e12, 1e12,
                "The value at the minimum: a surface's known one unless another is given"),),
        definition=(
            "Polyak's of 1969. Optax's polyak_sgd is the same with scaling = 1, but for a longest "
            "step of 1; PyTorch and Keras have none"
        ),
        known_as="polyak_sgd",
        formula="θ ← θ − (f − f*)/‖ĝ‖²·ĝ",
        latex=(
            r"\theta \leftarrow \theta - \frac{f - f^*}{\|\hat{g}\|^2}\,\hat{g}"
        ),
        update=polyak,
        uses_alpha=False,
        values_beside=1,
    ),
)  # fmt: skip
