"""Steps along −ĝ, and their rows in the table.

Each function makes, from the counted objective and the rule's options, the state at the start and
a pure function ``step(state, a, b, g_a, g_b, alpha) -> (a, b, state)``. Both components are
updated from the same θ. The arithmetic is that of the point's precision, and works element by
element where the coordinates are arrays. Definitions are PyTorch's (``torch.optim``) with its
defaults, and it is said where other frameworks differ.
"""

import math
from typing import Any

import numpy as np

from gdviz.engine.descent.estimates.draws import USUAL_DRAWS, Draws
from gdviz.engine.descent.hyperparameters import Option
from gdviz.engine.descent.rules.rule import Rule, Update
from gdviz.engine.descent.rules.shaping import CLIP, FADING, NOISE, shaped
from gdviz.engine.objectives.counting import CountedObjective


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


def clipped(f: CountedObjective, threshold: float) -> Update:
    """Clipped gradient: θ ← θ − α·min(1, c/‖ĝ‖₂)·ĝ; no step is longer than αc."""
    return shaped(f, gradient_descent(f), USUAL_DRAWS, {CLIP.name: threshold})


def noisy(f: CountedObjective, draws: Draws, deviation: float, fading: float) -> Update:
    """Gradient descent with noise: θ ← θ − α(ĝ + σₖξ), ξ ~ N(0, I), σₖ = σ/(1 + k)^(γ/2).

    The steps are k = 0, 1, …; in the paper of :func:`~gdviz.engine.descent.rules.shaping.shaped`
    γ = 0.55, and σ² is 0.01, 0.3 or 1.

    Parameters
    ----------
    f : CountedObjective
        What is minimised.
    draws : Draws
        Where ξ is from: the same for every start.
    deviation : float
        σ ≥ 0, the standard deviation of the noise in each component at the first step.
    fading : float
        γ ≥ 0; with 0 it stays.
    """
    return shaped(f, gradient_descent(f), draws, {NOISE.name: deviation, FADING.name: fading})


RULES = (
    Rule(
        "gd",
        "Gradient descent",
        "θ ← θ − αĝ",
        formula="θ ← θ − αĝ",
        latex=r"\theta \leftarrow \theta - \alpha\,\hat{g}",
        update=gradient_descent,
        is_plain=True,
    ),
    Rule(
        "fixed-length",
        "Fixed length",
        "θ ← θ − α·ĝ/‖ĝ‖: every step is α long, so it overshoots near the minimum",
        known_as="normalized gradient",
        formula="θ ← θ − α·ĝ/‖ĝ‖",
        latex=r"\theta \leftarrow \theta - \alpha\,\hat{g}/\|\hat{g}\|",
        update=fixed_length,
    ),
    Rule(
        "clipped",
        "Clipped gradient",
        "θ ← θ − α·min(1, c/‖ĝ‖)·ĝ: gradient descent, but no step is longer than αc",
        (Option("threshold", "c", 1.0, 1e-12, 1e12, "The largest ‖ĝ‖ that is left as it is",
                logarithmic=True),),
        definition=(
            "Optax's clip_by_global_norm, and Keras's global_clipnorm; PyTorch's clip_grad_norm_ "
            "adds 10⁻⁶ to ‖ĝ‖"
        ),
        known_as="Pascanu, Mikolov, Bengio, gradient clipping, clip_grad_norm_",
        formula="θ ← θ − α·min(1, c/‖ĝ‖)·ĝ",
        latex=(
            r"\theta \leftarrow \theta - \alpha\,\min(1,\, c/\|\hat{g}\|)\,\hat{g}"
        ),
        update=clipped,
    ),
    Rule(
        "noisy",
        "Gradient noise",
        "θ ← θ − α(ĝ + σₖξ), ξ ~ N(0, I), σₖ = σ/(1 + k)^(γ/2): noise that fades, by the seed, and "
        "leads away from saddles and out of shallow minima",
        (
            Option("deviation", "σ", 1.0, 0.0, 1e6, "Standard deviation of the noise at first"),
            Option("fading", "γ", 0.55, 0.0, 10.0, "How fast its variance fades, as (1 + k)^−γ"),
        ),
        definition=(
            "Neelakantan et al.'s of 2015, and Optax's add_noise with η = σ², but for the draws; "
            "PyTorch and Keras have none"
        ),
        known_as="Langevin",
        formula="θ ← θ − α(ĝ + σₖξ)",
        latex=r"\theta \leftarrow \theta - \alpha\,(\hat{g} + \sigma_k\,\xi)",
        update=noisy,
        is_random=True,
    ),
)  # fmt: skip
