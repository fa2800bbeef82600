"""Update rules: from gradients to the next point."""

from collections.abc import Mapping
from types import MappingProxyType

from gdviz.engine.descent.hyperparameters import Option
from gdviz.engine.descent.rules import first_order, lbfgs, newton
from gdviz.engine.descent.rules.rule import Rule


def _momentum() -> Option:
    # Past 1 the velocity grows without a gradient.
    return Option("momentum", "μ", 0.9, 0.0, 0.9999, "Fraction of the velocity that a step keeps")


def _delta(default: float) -> Option:
    # The least is well above float32's smallest number, so that nothing is divided by zero.
    return Option(
        "delta", "δ", default, 1e-30, 1.0,
        "Added to the root to avoid division by zero; PyTorch's eps", logarithmic=True,
    )  # fmt: skip


#: The rules by name, in menu order. Another one is a row here and the function that makes its
#: update, or its whole method. Its calls are counted by the objective that the function is handed.
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            Rule(
                "gd",
                "Gradient descent",
                "θ ← θ − αĝ",
                formula="θ ← θ − αĝ",
                latex=r"\theta \leftarrow \theta - \alpha\,\hat{g}",
                update=first_order.gradient_descent,
                is_plain=True,
            ),
            Rule(
                "fixed-length",
                "Fixed length",
                "θ ← θ − α·ĝ/‖ĝ‖: every step is α long, so it overshoots near the minimum",
                formula="θ ← θ − α·ĝ/‖ĝ‖",
                latex=r"\theta \leftarrow \theta - \alpha\,\hat{g}/\|\hat{g}\|",
                update=first_order.fixed_length,
            ),
            Rule(
                "momentum",
                "Momentum",
                "v ← μv + ĝ, θ ← θ − αv: a heavy ball that keeps its velocity",
                (_momentum(),),
                definition=(
                    "PyTorch's SGD with momentum, and Optax's. Keras has α inside the velocity, "
                    "v ← μv − αĝ and θ ← θ + v: the same unless α changes"
                ),
                formula="v ← μv + ĝ, θ ← θ − αv",
                latex=(
                    r"v \leftarrow \mu v + \hat{g},\quad "
                    r"\theta \leftarrow \theta - \alpha v"
                ),
                update=first_order.momentum,
            ),
            Rule(
                "nesterov",
                "Nesterov",
                "v ← μv + ĝ, θ ← θ − α(ĝ + μv): momentum that looks ahead",
                (_momentum(),),
                definition=(
                    "PyTorch's SGD with nesterov=True, and Optax's. Keras has α inside the "
                    "velocity: the same unless α changes"
                ),
                formula="v ← μv + ĝ, θ ← θ − α(ĝ + μv)",
                latex=(
                    r"v \leftarrow \mu v + \hat{g},\quad "
                    r"\theta \leftarrow \theta - \alpha(\hat{g} + \mu v)"
                ),
                update=first_order.nesterov,
            ),
            Rule(
                "adagrad",
                "AdaGrad",
                "s ← s + ĝ², θ ← θ − αĝ/(√s + δ): each component has its own α, which shrinks",
                (_delta(1e-10),),
                definition=(
                    "PyTorch's, from s = 0. Keras and Optax begin at s = 0.1 and divide by √(s + "
                    "δ), δ = 1e-7"
                ),
                formula="s ← s + ĝ², θ ← θ − αĝ/(√s + δ)",
                latex=(
                    r"s \leftarrow s + \hat{g}^2,\quad "
                    r"\theta \leftarrow \theta - \alpha\,\hat{g}/(\sqrt{s} + \delta)"
                ),
                update=first_order.adagrad,
            ),
            Rule(
                "rmsprop",
                "RMSProp",
                "s ← ρs + (1 − ρ)ĝ², θ ← θ − αĝ/(√s + δ): AdaGrad that forgets",
                (
                    Option("decay", "ρ", 0.99, 0.0, 0.9999, "Fraction of s that a step keeps"),
                    _delta(1e-8),
                ),
                definition=(
                    "PyTorch's, with ρ = 0.99 and δ outside the root. Keras and Optax have ρ = 0.9 "
                    "and divide by √(s + δ), with δ = 1e-7 and 1e-8"
                ),
                formula="s ← ρs + (1 − ρ)ĝ², θ ← θ − αĝ/(√s + δ)",
                latex=(
                    r"s \leftarrow \rho s + (1 - \rho)\,\hat{g}^2,\quad "
                    r"\theta \leftarrow \theta - \alpha\,\hat{g}/(\sqrt{s} + \delta)"
                ),
                update=first_order.rmsprop,
            ),
            Rule(
                "adam",
                "Adam",
                "m ← β₁m + (1 − β₁)ĝ, s ← β₂s + (1 − β₂)ĝ², θ ← θ − α·m̂/(√ŝ + δ): RMSProp with "
                "momentum, its averages corrected for starting at zero",
                (
                    Option("beta1", "β₁", 0.9, 0.0, 0.9999, "Fraction of m that a step keeps"),
                    Option("beta2", "β₂", 0.999, 0.0, 0.999999, "Fraction of s that a step keeps"),
                    _delta(1e-8),
                ),
                definition=(
                    "PyTorch's and Optax's. Keras adds δ = 1e-7 to √s in place of √ŝ, which "
                    "matters in the first steps"
                ),
                formula="θ ← θ − α·m̂/(√ŝ + δ)",
                latex=r"\theta \leftarrow \theta - \alpha\,\hat{m}/(\sqrt{\hat{s}} + \delta)",
                update=first_order.adam,
            ),
            Rule(
                "newton",
                "Newton",
                "θ ← θ − α|H|⁻¹ĝ: Newton's method for α = 1, damped for smaller α; where the "
                "Hessian H is not positive definite, |λ| replaces its eigenvalues λ. A Hessian "
                "costs N² = 4 evaluations",
                (
                    Option("floor", "λ₀", 1e-8, 1e-30, 1e6, "The smallest |λ| to divide by",
                           logarithmic=True),
                ),
                formula="θ ← θ − α|H|⁻¹ĝ",
                latex=r"\theta \leftarrow \theta - \alpha\,|H|^{-1}\,\hat{g}",
                update=newton.newton,
                needs_hessian=True,
                remark=newton.remark,
            ),
            Rule(
                "best-direction",
                "Best direction",
                "θ ← θ + α·d with the direction d in which f is lowest at distance α, searched for "
                "all around: some 37 values of f where it is smooth, at most "
                f"{first_order.MOST_BESIDE}",
                formula="θ ← θ + α·d, d = argmin f(θ + αd)",
                latex=(
                    r"\theta \leftarrow \theta + \alpha\,d,\quad "
                    r"d = \mathrm{argmin}\,f(\theta + \alpha d)"
                ),
                update=first_order.best_direction,
                is_elementwise=False,
                values_beside=None,
                remark=first_order.unsearched,
            ),
            Rule(
                "l-bfgs",
                "L-BFGS",
                "SciPy's L-BFGS-B: a quasi-Newton direction and a line search, whose evaluations "
                "are counted as its own; α is not used",
                definition=(
                    "SciPy's minimize with L-BFGS-B. PyTorch's LBFGS does not search "
                    "along the line unless it is told to"
                ),
                formula="θ ← θ + the search's step",
                latex=r"\theta \leftarrow \theta + \mathrm{the\ search's\ step}",
                method=lbfgs.minimise,
                is_elementwise=False,
                values_beside=1,
            ),
        )
    }
)  # fmt: skip
