"""Adam and its kin: averages m of ĝ and s of ĝ², each component by itself, and their rows.

Each function makes, from the counted objective and the rule's options, the state at the start and
the step. Its recurrence is of one component x of θ: in float64 on floats or arrays, and in
float32. Definitions are PyTorch's (``torch.optim``) with its defaults, and it is said where other
frameworks differ.
"""

from dataclasses import replace
from typing import Any

from gdviz.engine.descent.hyperparameters import Option
from gdviz.engine.descent.rules.components import (
    WEIGHT_DECAY,
    Recurrence,
    by_component,
    delta,
    fraction,
    larger,
    sign,
)
from gdviz.engine.descent.rules.rule import Rule, Update
from gdviz.engine.objectives.counting import CountedObjective


def adam(
    f: CountedObjective,
    beta1: float,
    beta2: float,
    delta: float,
    amsgrad: float,
    uncorrected: float,
) -> Update:
    """Adam: m ← β₁m + (1 − β₁)ĝ, s ← β₂s + (1 − β₂)ĝ², θ ← θ − α·m̂/(√ŝ + δ), from m = s = 0.

    m̂ = m/(1 − β₁ᵏ) and ŝ = s/(1 − β₂ᵏ) at the k-th update, k = 1, 2, …: without this the averages
    would begin near zero.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; its precision is that of the state.
    beta1, beta2 : float
        β₁ and β₂, from 0 to below 1.
    delta : float
        δ > 0, which keeps the quotient finite.
    amsgrad : float
        Whether the greatest s so far stands for s. The correction is of that, as in PyTorch; Optax
        takes the greatest ŝ, and the paper has none.
    uncorrected : float
        Whether δ is added to √s in place of √ŝ, as in Keras and in the end of the paper's
        section 2.

    References
    ----------
    D. P. Kingma and J. Ba, "Adam: A method for stochastic optimization", ICLR 2015, algorithm 1;
    S. J. Reddi, S. Kale and S. Kumar, "On the convergence of Adam and beyond", ICLR 2018.
    """
    return by_component(*_adam(f, beta1, beta2, delta, amsgrad, uncorrected))


def adamw(f: CountedObjective, weight_decay: float, **of_adam: float) -> Update:
    """AdamW: θ ← θ − αλθ, and then Adam's step: the decay is no part of the averages.

    References
    ----------
    I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2.
    """
    step, initial = _adam(f, **of_adam)

    def recurrence(k: int, state: Any, x: Any, g: Any, alpha: Any) -> Any:
        return step(k, state, x * (1.0 - alpha * weight_decay), g, alpha)

    return by_component(recurrence, initial)


def _adam(
    f: CountedObjective,
    beta1: float,
    beta2: float,
    delta: float,
    amsgrad: float,
    uncorrected: float,
) -> tuple[Recurrence, Any]:
    max_of = larger(f)

    def recurrence(k: int, state: Any, x: Any, g: Any, alpha: Any) -> Any:
        m, s, top = state
        m = beta1 * m + (1.0 - beta1) * g
        s = beta2 * s + (1.0 - beta2) * (g * g)
        top = max_of(top, s) if amsgrad else s
        first, second = 1.0 - beta1**k, 1.0 - beta2**k
        root = (top**0.5 + delta) / second**0.5 if uncorrected else (top / second) ** 0.5 + delta
        return x - alpha * (m / first / root), (m, s, top)

    zero = f.real(0.0)
    return recurrence, (zero, zero, zero)


def adamax(f: CountedObjective, beta1: float, beta2: float, delta: float) -> Update:
    """AdaMax: m ← β₁m + (1 − β₁)ĝ, u ← max(β₂u, |ĝ| + δ), θ ← θ − α·m/((1 − β₁ᵏ)u).

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
    D. P. Kingma and J. Ba, "Adam: A method for stochastic optimization", ICLR 2015, algorithm 2.
    """
    max_of = larger(f)

    def recurrence(k: int, state: Any, x: Any, g: Any, alpha: Any) -> Any:
        m, u = state
        m = beta1 * m + (1.0 - beta1) * g
        u = max_of(beta2 * u, abs(g) + delta)
        return x - alpha * (m / (1.0 - beta1**k) / u), (m, u)

    return by_component(recurrence, (f.real(0.0), f.real(0.0)))


def nadam(
    f: CountedObjective, beta1: float, beta2: float, delta: float, momentum_decay: float
) -> Update:
    """NAdam: Adam whose momentum looks ahead, by μₖ = β₁(1 − ½·0.96^(kψ)).

    θ ← θ − α·(μₖ₊₁m/(1 − μ₁⋯μₖ₊₁) + (1 − μₖ)ĝ/(1 − μ₁⋯μₖ))/(√ŝ + δ), with m and ŝ as in
    :func:`adam`.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; its precision is that of the state.
    beta1, beta2 : float
        β₁ and β₂, from 0 to below 1.
    delta : float
        δ > 0, which keeps the quotient finite.
    momentum_decay : float
        ψ > 0: 0.004 in PyTorch and in the paper, 1 in Keras, and so great in Optax that μₖ = β₁.

    References
    ----------
    T. Dozat, "Incorporating Nesterov momentum into Adam", ICLR 2016 workshop.
    """

    def schedule(k: int) -> float:
        return float(beta1 * (1.0 - 0.5 * 0.96 ** (k * momentum_decay)))

    def recurrence(k: int, state: Any, x: Any, g: Any, alpha: Any) -> Any:
        m, s, product = state
        m = beta1 * m + (1.0 - beta1) * g
        s = beta2 * s + (1.0 - beta2) * (g * g)
        mu, next_mu = schedule(k), schedule(k + 1)
        product = product * mu
        ahead = next_mu * m / (1.0 - product * next_mu) + (1.0 - mu) * g / (1.0 - product)
        return x - alpha * (ahead / ((s / (1.0 - beta2**k)) ** 0.5 + delta)), (m, s, product)

    return by_component(recurrence, (f.real(0.0), f.real(0.0), f.real(1.0)))


def radam(f: CountedObjective, beta1: float, beta2: float, delta: float) -> Update:
    """RAdam: θ ← θ − α·r·m̂·√(1 − β₂ᵏ)/(√s + δ) once s rests on enough gradients; before, θ − α·m̂.

    Enough is ρₖ > 5, where ρₖ = ρ∞ − 2kβ₂ᵏ/(1 − β₂ᵏ) and ρ∞ = 2/(1 − β₂) − 1; then
    r² = (ρₖ − 4)(ρₖ − 2)ρ∞/((ρ∞ − 4)(ρ∞ − 2)ρₖ).

    Parameters
    ----------
    f : CountedObjective
        What is minimised; its precision is that of the state.
    beta1, beta2 : float
        β₁ and β₂, from 0 to below 1. With β₂ ≤ 2/3 it never is enough.
    delta : float
        δ > 0, which keeps the quotient finite.

    References
    ----------
    L. Liu et al., "On the variance of the adaptive learning rate and beyond", ICLR 2020,
    algorithm 2, in which ρₖ > 4 is enough.
    """
    longest = 2.0 / (1.0 - beta2) - 1.0

    def recurrence(k: int, state: Any, x: Any, g: Any, alpha: Any) -> Any:
        m, s = state
        m = beta1 * m + (1.0 - beta1) * g
        s = beta2 * s + (1.0 - beta2) * (g * g)
        step = m / (1.0 - beta1**k)
        second = 1.0 - beta2**k
        length = longest - 2.0 * k * beta2**k / second
        if length > 5.0:
            ratio = (length - 4.0) * (length - 2.0) * longest
            ratio /= (longest - 4.0) * (longest - 2.0) * length
            step = step * ((ratio * second) ** 0.5) / (s**0.5 + delta)
        return x - alpha * step, (m, s)

    return by_component(recurrence, (f.real(0.0), f.real(0.0)))


def lion(f: CountedObjective, beta1: float, beta2: float, weight_decay: float) -> Update:
    """Lion: θ ← θ − α(sign(β₁m + (1 − β₁)ĝ) + λθ), and then m ← β₂m + (1 − β₂)ĝ.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; its precision is that of the state.
    beta1, beta2 : float
        β₁ and β₂, from 0 to below 1.
    weight_decay : float
        λ ≥ 0.

    References
    ----------
    X. Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023, program 1.
    """
    sign_of = sign(f)

    def recurrence(_k: int, m: Any, x: Any, g: Any, alpha: Any) -> Any:
        way = sign_of(beta1 * m + (1.0 - beta1) * g)
        m = beta2 * m + (1.0 - beta2) * g
        return x - alpha * (way + weight_decay * x), m

    return by_component(recurrence, f.real(0.0))


_BETA1 = fraction("beta1", "β₁", 0.9, "m")
_BETA2 = fraction("beta2", "β₂", 0.999, "s", high=0.999999)
_AMSGRAD = Option(
    "amsgrad", "AMSGrad", 0, 0, 1, "Whether the greatest s so far stands for s",
    is_switch=True,
)  # fmt: skip
_UNCORRECTED = Option(
    "uncorrected", "√s + δ", 0, 0, 1,
    "Whether δ is added to √s before it is corrected, and not to √ŝ", is_switch=True,
)  # fmt: skip
_OF_ADAM = (_BETA1, _BETA2, delta(1e-8), _AMSGRAD, _UNCORRECTED)

RULES = (
    Rule(
        "adam",
        "Adam",
        "m ← β₁m + (1 − β₁)ĝ, s ← β₂s + (1 − β₂)ĝ², θ ← θ − α·m̂/(√ŝ + δ): RMSProp with momentum, "
        "its averages corrected for starting at zero",
        _OF_ADAM,
        definition=(
            "PyTorch's and Optax's. Keras adds δ = 10⁻⁷ to √s in place of √ŝ, which matters in the "
            "first steps. AMSGrad takes the greatest s so far; Optax the greatest ŝ"
        ),
        presets={"keras": {"delta": 1e-7, "uncorrected": 1}},
        known_as="Kingma, Ba, AMSGrad, Reddi, Kale, Kumar",
        formula="θ ← θ − α·m̂/(√ŝ + δ)",
        latex=r"\theta \leftarrow \theta - \alpha\,\hat{m}/(\sqrt{\hat{s}} + \delta)",
        update=adam,
    ),
    Rule(
        "adamw",
        "AdamW",
        "θ ← θ − α(m̂/(√ŝ + δ) + λθ): Adam, and a pull to zero that is no part of its averages",
        (*_OF_ADAM, replace(WEIGHT_DECAY, default=0.01)),
        definition=(
            "PyTorch's, with λ = 0.01. Keras has λ = 0.004, δ = 10⁻⁷ and adds it to √s in place of "
            "√ŝ; Optax has λ = 0.0001"
        ),
        presets={
            "keras": {"delta": 1e-7, "uncorrected": 1, "weight_decay": 0.004},
            "optax": {"weight_decay": 1e-4},
        },
        known_as="Loshchilov, Hutter, decoupled weight decay",
        formula="θ ← θ − α(m̂/(√ŝ + δ) + λθ)",
        latex=(
            r"\theta \leftarrow \theta - \alpha\,(\hat{m}/(\sqrt{\hat{s}} + \delta) "
            r"+ \lambda\theta)"
        ),
        update=adamw,
    ),
    Rule(
        "adamax",
        "AdaMax",
        "u ← max(β₂u, |ĝ| + δ), θ ← θ − α·m̂/u: Adam with the greatest |ĝ| of late in place of √ŝ",
        (_BETA1, fraction("beta2", "β₂", 0.999, "u", high=0.999999), delta(1e-8)),
        definition=(
            "PyTorch's and Optax's. Keras divides by max(β₂u, |ĝ|) + δ, with δ = 10⁻⁷: the same "
            "but for gradients of that size"
        ),
        known_as="Kingma, Ba",
        formula="u ← max(β₂u, |ĝ| + δ), θ ← θ − α·m̂/u",
        latex=(
            r"u \leftarrow \max(\beta_2 u, |\hat{g}| + \delta),\quad "
            r"\theta \leftarrow \theta - \alpha\,\hat{m}/u"
        ),
        update=adamax,
    ),
    Rule(
        "nadam",
        "NAdam",
        "θ ← θ − α(μₖ₊₁m/(1 − μ₁⋯μₖ₊₁) + (1 − μₖ)ĝ/(1 − μ₁⋯μₖ))/(√ŝ + δ), "
        "μₖ = β₁(1 − ½·0.96^(kψ)): Adam that looks ahead as Nesterov does",
        (
            _BETA1,
            _BETA2,
            delta(1e-8),
            Option("momentum_decay", "ψ", 0.004, 1e-6, 1e6, "How soon μ gets from ½β₁ to β₁",
                   logarithmic=True),
        ),
        definition=(
            "PyTorch's, with ψ = 0.004. Keras has ψ = 1 and δ = 10⁻⁷, so that μ is β₁ after some "
            "hundred steps; Optax has μ = β₁ from the start, as a great ψ: three different paths"
        ),
        presets={
            "keras": {"delta": 1e-7, "momentum_decay": 1},
            "optax": {"momentum_decay": 1e6},
        },
        known_as="Dozat, Nesterov",
        formula="θ ← θ − α(μₖ₊₁m/(1 − μ₁⋯μₖ₊₁) + (1 − μₖ)ĝ/(1 − μ₁⋯μₖ))/(√ŝ + δ)",
        latex=(
            r"\theta \leftarrow \theta - \alpha\left(\frac{\mu_{k+1} m}"
            r"{1 - \mu_1 \cdots \mu_{k+1}} + \frac{(1 - \mu_k)\,\hat{g}}"
            r"{1 - \mu_1 \cdots \mu_k}\right)/(\sqrt{\hat{s}} + \delta)"
        ),
        update=nadam,
    ),
    Rule(
        "radam",
        "RAdam",
        "θ ← θ − α·r·m̂/√ŝ, and θ − α·m̂ until s rests on enough gradients: Adam that warms up by "
        "itself",
        (_BETA1, _BETA2, delta(1e-8)),
        definition=(
            "PyTorch's, which adds δ to √s and takes m̂ alone in the first five steps. Optax adds δ "
            "to √ŝ; Keras has none"
        ),
        known_as="Liu, rectified Adam",
        formula="θ ← θ − α·r·m̂·√(1 − β₂ᵏ)/(√s + δ)",
        latex=(
            r"\theta \leftarrow \theta - \alpha\,r\,\hat{m}\,"
            r"\sqrt{1 - \beta_2^k}/(\sqrt{s} + \delta)"
        ),
        update=radam,
    ),
    Rule(
        "lion",
        "Lion",
        "θ ← θ − α(sign(β₁m + (1 − β₁)ĝ) + λθ), m ← β₂m + (1 − β₂)ĝ: every component steps by α, "
        "whatever its gradient's size",
        (_BETA1, fraction("beta2", "β₂", 0.99, "m", high=0.999999), WEIGHT_DECAY),
        definition=(
            "The paper's, with λ = 0 as in Keras. Optax has λ = 0.001; PyTorch has none"
        ),
        presets={"optax": {"weight_decay": 0.001}},
        known_as="Chen, EvoLved Sign Momentum, Google",
        formula="θ ← θ − α(sign(β₁m + (1 − β₁)ĝ) + λθ)",
        latex=(
            r"\theta \leftarrow \theta - \alpha\,(\mathrm{sign}(\beta_1 m "
            r"+ (1 - \beta_1)\,\hat{g}) + \lambda\theta)"
        ),
        update=lion,
    ),
)  # fmt: skip
