"""What rules make of one gradient: the next θ from θ, ĝ and α.

Each function makes, from the counted objective and the rule's options, the state at the start and
a pure function ``step(state, a, b, g_a, g_b, alpha) -> (a, b, state)``. Both components are
updated from the same θ. The arithmetic is that of the point's precision, and works element by
element where the coordinates are arrays. Definitions are PyTorch's (``torch.optim``) with its
defaults, and it is said where other frameworks differ.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gdviz.engine.descent.path import Path
from gdviz.engine.descent.rules.circle_sampling import TOO_LONG
from gdviz.engine.descent.rules.circle_search import LARGEST, best_move
from gdviz.engine.descent.rules.rule import Update
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.objective import Objective

#: The most values that :func:`best_direction` asks for in a step.
MOST_BESIDE = LARGEST + 1


def gradient_descent(_f: CountedObjective) -> Update:
    """Gradient descent: θ ← θ − αĝ."""

    def step(state: None, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        return a - alpha * g_a, b - alpha * g_b, state

    return None, step


def fixed_length(f: CountedObjective) -> Update:
    """Direction alone: θ ← θ − α·ĝ/‖ĝ‖₂; every step is α long, however near the minimum is."""
    real, hypot = f.real, math.hypot if f.real is float else np.hypot

    def step(state: None, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        # Of two literals, which a linear formula's gradient is, NumPy's hypot is float64.
        length = real(hypot(g_a, g_b))
        return a - alpha * (g_a / length), b - alpha * (g_b / length), state

    return None, step


def best_direction(f: CountedObjective) -> Update:
    """Best direction of a step α long: θ ← θ + α·d with the d for which f is least.

    The search is :func:`gdviz.engine.descent.rules.circle_search.best_move`; −ĝ/‖ĝ‖₂ is tried as
    well, so that no step is worse than one of fixed length. How many values that takes is f's to
    say: some 37 where it is smooth on the circle. The state is the number of steps, and of those
    among them whose circle was not searched throughout which they were; :func:`unsearched` says it.
    """
    shorten = fixed_length(f)[1]

    def step(state: Any, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        taken, missed = state
        best = best_move(f.value, a, b, alpha)
        to_a, to_b, _ = shorten(None, a, b, g_a, g_b, alpha)
        along = f.value(to_a, to_b)
        # f may be finite at one of them only: a loss that is not is never the lower one.
        if not math.isnan(best.loss) and not (math.isfinite(along) and along < best.loss):
            to_a, to_b = best.a, best.b
        return to_a, to_b, (taken + 1, missed if best.is_searched else (*missed, taken))

    return (0, ()), step


def unsearched(_objective: Objective, path: Path, _options: Mapping[str, float], state: Any) -> str:
    """Say at how many steps in the best direction the circle was not searched throughout.

    Parameters
    ----------
    path : Path
        The path.
    state : (int, tuple of int)
        What the rule kept: how many steps it took, and which of them were not searched.
    """
    _, missed = state
    count = sum(step < path.updates for step in missed)
    if not count:
        return ""
    steps = "step" if path.updates == 1 else "steps"
    return f"at {count} of {path.updates} {steps} the circle was {TOO_LONG}"


def momentum(f: CountedObjective, momentum: float) -> Update:
    """Heavy ball: v ← μv + ĝ, θ ← θ − αv, from v = 0.

    With constant α this is θ ← θ − αĝ + μ(θ − θ′), where θ′ is the point before. Sutskever et al.
    and Keras put α into the velocity, v ← μv − αĝ and θ ← θ + v, which differs where α changes.

    References
    ----------
    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
    Computational Mathematics and Mathematical Physics 4 (1964) 1–17.
    """

    def step(velocity: Any, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        v_a, v_b = velocity
        v_a, v_b = momentum * v_a + g_a, momentum * v_b + g_b
        return a - alpha * v_a, b - alpha * v_b, (v_a, v_b)

    return (f.real(0.0), f.real(0.0)), step


def nesterov(f: CountedObjective, momentum: float) -> Update:
    """Nesterov's momentum as PyTorch writes it: v ← μv + ĝ, θ ← θ − α(ĝ + μv), from v = 0.

    θ is here the point that looks ahead, at which the gradient is taken. Nesterov's own
    iteration is of the point behind, θ + αμv, by α that does not change.

    References
    ----------
    I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization and
    momentum in deep learning", ICML 2013.
    """

    def step(velocity: Any, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        v_a, v_b = velocity
        v_a, v_b = momentum * v_a + g_a, momentum * v_b + g_b
        return a - alpha * (g_a + momentum * v_a), b - alpha * (g_b + momentum * v_b), (v_a, v_b)

    return (f.real(0.0), f.real(0.0)), step


def adagrad(f: CountedObjective, delta: float) -> Update:
    """AdaGrad: s ← s + ĝ², θ ← θ − αĝ/(√s + δ) by component, from s = 0.

    Keras and Optax begin with s = 0.1 and take √(s + δ), with δ = 1e-7.

    References
    ----------
    J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and
    stochastic optimization", Journal of Machine Learning Research 12 (2011) 2121–2159.
    """

    def step(squares: Any, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        s_a, s_b = squares
        s_a, s_b = s_a + g_a * g_a, s_b + g_b * g_b
        a = a - alpha * (g_a / (s_a**0.5 + delta))
        b = b - alpha * (g_b / (s_b**0.5 + delta))
        return a, b, (s_a, s_b)

    return (f.real(0.0), f.real(0.0)), step


def rmsprop(f: CountedObjective, decay: float, delta: float) -> Update:
    """RMSProp: s ← ρs + (1 − ρ)ĝ², θ ← θ − αĝ/(√s + δ) by component, from s = 0.

    Keras and Optax take √(s + δ), with ρ = 0.9 (as Hinton does) and δ = 1e-7 and 1e-8;
    TensorFlow's first version began with s = 1.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; its precision is that of the state.
    decay : float
        ρ, from 0 to 1.
    delta : float
        δ > 0, which keeps the quotient finite.

    References
    ----------
    G. Hinton, "Neural networks for machine learning", lecture 6e, Coursera 2012.
    """

    def step(squares: Any, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        s_a, s_b = squares
        s_a = decay * s_a + (1.0 - decay) * (g_a * g_a)
        s_b = decay * s_b + (1.0 - decay) * (g_b * g_b)
        a = a - alpha * (g_a / (s_a**0.5 + delta))
        b = b - alpha * (g_b / (s_b**0.5 + delta))
        return a, b, (s_a, s_b)

    return (f.real(0.0), f.real(0.0)), step


def adam(f: CountedObjective, beta1: float, beta2: float, delta: float) -> Update:
    """Adam: m ← β₁m + (1 − β₁)ĝ, s ← β₂s + (1 − β₂)ĝ², θ ← θ − α·m̂/(√ŝ + δ), from m = s = 0.

    m̂ = m/(1 − β₁ᵏ) and ŝ = s/(1 − β₂ᵏ) at the k-th update, k = 1, 2, …: without this the averages
    would begin near zero. Keras and the end of the paper's section 2 add δ to √s in place of
    √ŝ, with δ = 1e-7.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; its precision is that of the state.
    beta1, beta2 : float
        β₁ and β₂, from 0 to below 1.
    delta : float
        δ > 0, which keeps the quotient finite.

    References
    ----------
    D. P. Kingma and J. Ba, "Adam: A method for stochastic optimization", ICLR 2015, algorithm 1.
    """

    def step(state: Any, a: Any, b: Any, g_a: Any, g_b: Any, alpha: Any) -> Any:
        k, m_a, m_b, s_a, s_b = state
        k += 1
        m_a = beta1 * m_a + (1.0 - beta1) * g_a
        m_b = beta1 * m_b + (1.0 - beta1) * g_b
        s_a = beta2 * s_a + (1.0 - beta2) * (g_a * g_a)
        s_b = beta2 * s_b + (1.0 - beta2) * (g_b * g_b)
        first, second = 1.0 - beta1**k, 1.0 - beta2**k
        a = a - alpha * (m_a / first / ((s_a / second) ** 0.5 + delta))
        b = b - alpha * (m_b / first / ((s_b / second) ** 0.5 + delta))
        return a, b, (k, m_a, m_b, s_a, s_b)

    zero = f.real(0.0)
    return (0, zero, zero, zero, zero), step
