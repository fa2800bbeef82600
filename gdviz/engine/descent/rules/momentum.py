"""Rules that keep a velocity, and their rows in the table.

As in :mod:`~gdviz.engine.descent.rules.adam`, each function makes the state at the start and the
step from the counted objective and the rule's options.
"""

from typing import Any

from gdviz.engine.descent.hyperparameters import Option
from gdviz.engine.descent.rules.components import by_component, fraction
from gdviz.engine.descent.rules.rule import Rule, Update
from gdviz.engine.objectives.counting import CountedObjective


def momentum(f: CountedObjective, momentum: float, dampening: float) -> Update:
    """Momentum: v ← μv + (1 − τ)ĝ, θ ← θ − αv; v is ĝ after the first update, whatever τ is.

    With constant α and τ = 0 this is :func:`heavy_ball`.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; its precision is that of the state.
    momentum : float
        μ, from 0 to below 1.
    dampening : float
        τ, from 0 to 1.

    References
    ----------
    I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization and
    momentum in deep learning", ICML 2013, who have α in the velocity; τ is PyTorch's.
    """
    kept = 1.0 - dampening

    def recurrence(k: int, v: Any, x: Any, g: Any, alpha: Any) -> Any:
        v = momentum * v + (kept * g if k > 1 else g)
        return x - alpha * v, v

    return by_component(recurrence, f.real(0.0))


def heavy_ball(f: CountedObjective, momentum: float) -> Update:
    """Polyak's heavy ball: θ ← θ − αĝ + μ(θ − θ′), where θ′ is the point before; at first θ.

    As a velocity, v ← μv − αĝ and θ ← θ + v: what a step keeps was taken with the α of its time.

    References
    ----------
    B. T. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR
    Computational Mathematics and Mathematical Physics 4 (1964) 1–17.
    """

    def recurrence(_k: int, v: Any, x: Any, g: Any, alpha: Any) -> Any:
        v = momentum * v - alpha * g
        return x + v, v

    return by_component(recurrence, f.real(0.0))


def nesterov(f: CountedObjective, momentum: float) -> Update:
    """Nesterov's momentum as PyTorch writes it: v ← μv + ĝ, θ ← θ − α(ĝ + μv), from v = 0.

    θ is here the point that looks ahead, at which the gradient is taken. Nesterov's own
    iteration is of the point behind, θ + αμv, by α that does not change.

    References
    ----------
    I. Sutskever, J. Martens, G. Dahl and G. Hinton, "On the importance of initialization and
    momentum in deep learning", ICML 2013.
    """

    def recurrence(_k: int, v: Any, x: Any, g: Any, alpha: Any) -> Any:
        v = momentum * v + g
        return x - alpha * (g + momentum * v), v

    return by_component(recurrence, f.real(0.0))


def nesterov_1983(f: CountedObjective) -> Update:
    """Nesterov, 1983: φ′ = θ − αĝ, θ ← φ′ + (t − 1)/t′·(φ′ − φ) with t′ = (1 + √(1 + 4t²))/2.

    θ is the point at which the gradient is taken, φ the one behind it, and t = 1 at first. On a
    convex f, whose gradient is Lipschitz with L ≤ 1/α, f(φₖ) − f* ≤ 2‖φ₀ − θ*‖²/(α(k + 1)²).

    References
    ----------
    Y. Nesterov, "A method for solving the convex programming problem with convergence rate
    O(1/k²)", Soviet Mathematics Doklady 27 (1983) 372–376; the bound is of A. Beck and M.
    Teboulle, SIAM Journal on Imaging Sciences 2 (2009) 183–202, theorem 4.4.
    """

    def recurrence(_k: int, state: Any, x: Any, g: Any, alpha: Any) -> Any:
        t, kept = state  # φ − θ, which is 0 at first whatever θ is
        next_t = (1.0 + (1.0 + 4.0 * t * t) ** 0.5) / 2.0
        ahead = (t - 1.0) / next_t * (-alpha * g - kept)
        return x - alpha * g + ahead, (next_t, -ahead)

    return by_component(recurrence, (f.real(1.0), f.real(0.0)))


_MOMENTUM = fraction("momentum", "μ", 0.9, "the velocity")

RULES = (
    Rule(
        "momentum",
        "Momentum",
        "v ← μv + (1 − τ)ĝ, θ ← θ − αv: a heavy ball that keeps its velocity",
        (_MOMENTUM, Option("dampening", "τ", 0.0, 0.0, 1.0, "Fraction of ĝ that v leaves out")),
        definition=(
            "PyTorch's SGD with momentum, and Optax's; τ is PyTorch's dampening, which spares the "
            "first step. Keras has α inside the velocity, as heavy-ball has: the same unless α "
            "changes"
        ),
        known_as="Polyak, Sutskever, dampening",
        formula="v ← μv + (1 − τ)ĝ, θ ← θ − αv",
        latex=(
            r"v \leftarrow \mu v + (1 - \tau)\,\hat{g},\quad "
            r"\theta \leftarrow \theta - \alpha v"
        ),
        update=momentum,
    ),
    Rule(
        "heavy-ball",
        "Heavy ball",
        "θ ← θ − αĝ + μ(θ − θ′): a gradient step, and a part of the step before once more",
        (_MOMENTUM,),
        definition=(
            "Polyak's of 1964, and Keras's SGD with momentum, which writes v ← μv − αĝ and θ ← θ + "
            "v. PyTorch's and Optax's momentum has α outside the velocity: the same unless α "
            "changes"
        ),
        known_as="SGD",
        formula="θ ← θ − αĝ + μ(θ − θ′)",
        latex=(
            r"\theta \leftarrow \theta - \alpha\,\hat{g} + \mu\,(\theta - \theta')"
        ),
        update=heavy_ball,
    ),
    Rule(
        "nesterov",
        "Nesterov",
        "v ← μv + ĝ, θ ← θ − α(ĝ + μv): momentum that looks ahead",
        (_MOMENTUM,),
        definition=(
            "PyTorch's SGD with nesterov=True, and Optax's. Keras has α inside the velocity: the "
            "same unless α changes"
        ),
        known_as="NAG, accelerated gradient, Sutskever",
        formula="v ← μv + ĝ, θ ← θ − α(ĝ + μv)",
        latex=(
            r"v \leftarrow \mu v + \hat{g},\quad "
            r"\theta \leftarrow \theta - \alpha(\hat{g} + \mu v)"
        ),
        update=nesterov,
    ),
    Rule(
        "nesterov-1983",
        "Nesterov 1983",
        "φ′ = θ − αĝ, θ ← φ′ + (t − 1)/t′·(φ′ − φ) with t′ = (1 + √(1 + 4t²))/2: looks further "
        "ahead at every step, and on a convex f needs no μ for its rate 1/k²",
        definition=(
            "Nesterov's own, as in FISTA; the path is of θ, where gradients are taken. None of "
            "PyTorch, Keras and Optax has it: their nesterov keeps μ constant"
        ),
        known_as="FISTA, Beck, Teboulle, accelerated gradient",
        formula="φ′ = θ − αĝ, θ ← φ′ + (t − 1)/t′·(φ′ − φ)",
        latex=(
            r"\varphi' = \theta - \alpha\,\hat{g},\quad "
            r"\theta \leftarrow \varphi' + \frac{t - 1}{t'}\,(\varphi' - \varphi)"
        ),
        update=nesterov_1983,
    ),
)  # fmt: skip
