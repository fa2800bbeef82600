"""Rules that give each component a rate of its own by what its gradients were, and their rows.

As in :mod:`~gdviz.engine.descent.rules.adam`, which has those with averages of ĝ as well.
"""

from typing import Any

from gdviz.engine.descent.hyperparameters import Option
from gdviz.engine.descent.rules.components import (
    INSIDE,
    START,
    by_component,
    delta,
    fraction,
    larger,
    sign,
)
from gdviz.engine.descent.rules.rule import Rule, Update
from gdviz.engine.objectives.counting import CountedObjective


def _rooted(s: Any, delta: float, inside: float) -> Any:
    """Return √s + δ, or √(s + δ) with δ inside."""
    return (s + delta) ** 0.5 if inside else s**0.5 + delta


def adagrad(f: CountedObjective, delta: float, start: float, inside: float) -> Update:
    """AdaGrad: s ← s + ĝ², θ ← θ − αĝ/(√s + δ) by component, from s = s₀.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; its precision is that of the state.
    delta : float
        δ > 0, which keeps the quotient finite.
    start : float
        s₀ ≥ 0; 0.1 in Keras and Optax.
    inside : float
        Whether to divide by √(s + δ), as Keras and Optax do.

    References
    ----------
    J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods for online learning and
    stochastic optimization", Journal of Machine Learning Research 12 (2011) 2121–2159.
    """

    def recurrence(_k: int, s: Any, x: Any, g: Any, alpha: Any) -> Any:
        s = s + g * g
        return x - alpha * (g / _rooted(s, delta, inside)), s

    return by_component(recurrence, f.real(start))


def rmsprop(f: CountedObjective, decay: float, delta: float, start: float, inside: float) -> Update:
    """RMSProp: s ← ρs + (1 − ρ)ĝ², θ ← θ − αĝ/(√s + δ) by component, from s = s₀.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; its precision is that of the state.
    decay : float
        ρ, from 0 to below 1; 0.9 for Hinton.
    delta : float
        δ > 0, which keeps the quotient finite.
    start : float
        s₀ ≥ 0; 1 in TensorFlow's first version.
    inside : float
        Whether to divide by √(s + δ), as Keras, Optax and TensorFlow do.

    References
    ----------
    G. Hinton, "Neural networks for machine learning", lecture 6e, Coursera 2012.
    """

    def recurrence(_k: int, s: Any, x: Any, g: Any, alpha: Any) -> Any:
        s = decay * s + (1.0 - decay) * (g * g)
        return x - alpha * (g / _rooted(s, delta, inside)), s

    return by_component(recurrence, f.real(start))


def adadelta(f: CountedObjective, decay: float, delta: float) -> Update:
    """AdaDelta: s ← ρs + (1 − ρ)ĝ², d = ĝ·√(u + δ)/√(s + δ), u ← ρu + (1 − ρ)d², θ ← θ − αd.

    The paper has no α, which is α = 1.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; its precision is that of the state.
    decay : float
        ρ, from 0 to below 1.
    delta : float
        δ > 0, without which the first step would be 0.

    References
    ----------
    M. D. Zeiler, "ADADELTA: An adaptive learning rate method", arXiv:1212.5701 (2012), algorithm 1.
    """

    def recurrence(_k: int, state: Any, x: Any, g: Any, alpha: Any) -> Any:
        s, u = state
        s = decay * s + (1.0 - decay) * (g * g)
        d = (u + delta) ** 0.5 / (s + delta) ** 0.5 * g
        u = decay * u + (1.0 - decay) * (d * d)
        return x - alpha * d, (s, u)

    return by_component(recurrence, (f.real(0.0), f.real(0.0)))


def rprop(f: CountedObjective, shrink: float, grow: float, least: float, most: float) -> Update:
    """Rprop: θ ← θ − Δ·sign ĝ, where Δ grows while a component of ĝ keeps its sign.

    Δ ← η⁺Δ where the sign is that of the update before, Δ ← η⁻Δ where it is the other one: that
    component then stays where it is, and its next sign is compared with none. Δ is α at first, and
    kept between the least and the greatest.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; its precision is that of the state.
    shrink, grow : float
        η⁻ < 1 < η⁺.
    least, most : float
        The bounds of Δ.

    References
    ----------
    M. Riedmiller and H. Braun, "A direct adaptive method for faster backpropagation learning: the
    RPROP algorithm", ICNN 1993; without going back, Rprop⁻ of C. Igel and M. Hüsken, 2000, but for
    the pause.
    """
    max_of, sign_of = larger(f), sign(f)

    def recurrence(k: int, state: Any, x: Any, g: Any, alpha: Any) -> Any:
        length, before = state
        now = sign_of(g)
        same, turned = max_of(now * before, 0.0), max_of(-now * before, 0.0)  # 0 or 1 each
        length = alpha if k == 1 else length
        length = length * (1.0 + (grow - 1.0) * same + (shrink - 1.0) * turned)
        length = -max_of(-max_of(length, least), -most)
        now = now * (1.0 - turned)
        return x - now * length, (length, now)

    return by_component(recurrence, (f.real(0.0), f.real(0.0)))


RULES = (
    Rule(
        "adagrad",
        "AdaGrad",
        "s ← s + ĝ², θ ← θ − αĝ/(√s + δ): each component has its own α, which shrinks",
        (delta(1e-10), START, INSIDE),
        definition=(
            "PyTorch's, from s = 0. Keras and Optax begin at s = 0.1 and divide by √(s + δ), δ = "
            "10⁻⁷; TensorFlow's first version begins there and has no δ"
        ),
        presets={
            "keras": {"delta": 1e-7, "start": 0.1, "inside": 1},
            "optax": {"delta": 1e-7, "start": 0.1, "inside": 1},
            "tensorflow": {"delta": 1e-30, "start": 0.1},
        },
        known_as="Duchi, Hazan, Singer",
        formula="s ← s + ĝ², θ ← θ − αĝ/(√s + δ)",
        latex=(
            r"s \leftarrow s + \hat{g}^2,\quad "
            r"\theta \leftarrow \theta - \alpha\,\hat{g}/(\sqrt{s} + \delta)"
        ),
        update=adagrad,
    ),
    Rule(
        "rmsprop",
        "RMSProp",
        "s ← ρs + (1 − ρ)ĝ², θ ← θ − αĝ/(√s + δ): AdaGrad that forgets",
        (fraction("decay", "ρ", 0.99, "s"), delta(1e-8), START, INSIDE),
        definition=(
            "PyTorch's, with ρ = 0.99 and δ outside the root. Keras and Optax have ρ = 0.9 and "
            "divide by √(s + δ), with δ = 10⁻⁷ and 10⁻⁸; TensorFlow's first version does with δ = "
            "10⁻¹⁰, and begins at s = 1"
        ),
        presets={
            "keras": {"decay": 0.9, "delta": 1e-7, "inside": 1},
            "optax": {"decay": 0.9, "inside": 1},
            "tensorflow": {"decay": 0.9, "delta": 1e-10, "start": 1, "inside": 1},
        },
        known_as="Tieleman, Hinton",
        formula="s ← ρs + (1 − ρ)ĝ², θ ← θ − αĝ/(√s + δ)",
        latex=(
            r"s \leftarrow \rho s + (1 - \rho)\,\hat{g}^2,\quad "
            r"\theta \leftarrow \theta - \alpha\,\hat{g}/(\sqrt{s} + \delta)"
        ),
        update=rmsprop,
    ),
    Rule(
        "adadelta",
        "AdaDelta",
        "d = ĝ·√(u + δ)/√(s + δ) with averages s of ĝ² and u of d², θ ← θ − αd: steps in the units "
        "of θ, so that α = 1 is meant",
        (fraction("decay", "ρ", 0.9, "s and u"), delta(1e-6)),
        definition=(
            "PyTorch's and the paper's. Keras has ρ = 0.95 and δ = 10⁻⁷. Optax's is the same with "
            "a learning rate; without one it adds d, and climbs"
        ),
        presets={"keras": {"decay": 0.95, "delta": 1e-7}},
        known_as="Zeiler",
        formula="d = ĝ·√(u + δ)/√(s + δ), θ ← θ − αd",
        latex=(
            r"d = \hat{g}\,\sqrt{u + \delta}/\sqrt{s + \delta},\quad "
            r"\theta \leftarrow \theta - \alpha d"
        ),
        update=adadelta,
    ),
    Rule(
        "rprop",
        "Rprop",
        "θ ← θ − Δ·sign ĝ: the signs of ĝ alone, with a step Δ for each component that grows while "
        "its sign stays and shrinks when it turns; α is the first Δ",
        (
            Option("shrink", "η⁻", 0.5, 1e-3, 0.999, "Factor of Δ where the sign turns"),
            Option("grow", "η⁺", 1.2, 1.001, 100.0, "Factor of Δ where the sign stays"),
            Option("least", "Δ₋", 1e-6, 1e-30, 1.0, "The smallest Δ", logarithmic=True),
            Option("most", "Δ₊", 50.0, 1.0, 1e9, "The largest Δ", logarithmic=True),
        ),
        definition=(
            "PyTorch's: a component whose sign turned waits for a step. Optax's applies each step "
            "one gradient late; Keras has none. A schedule changes the first Δ alone"
        ),
        known_as="Riedmiller, Braun, resilient backpropagation",
        formula="θ ← θ − Δ·sign ĝ",
        latex=r"\theta \leftarrow \theta - \Delta\,\mathrm{sign}\,\hat{g}",
        update=rprop,
    ),
)  # fmt: skip
