"""Update rules: from gradients to the next point.

A rule is a walk: it takes the counted objective, an estimate and the terms, and leaves points,
gradients and counts behind. Most make one update from one gradient, by a pure function
(:mod:`gdviz.engine.descent.first_order`) that :func:`gdviz.engine.descent.loop.step_by_step` walks
with.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from gdviz.engine.descent import first_order as updates
from gdviz.engine.descent import lbfgs, newton
from gdviz.engine.descent.gradient_estimates import Estimate
from gdviz.engine.descent.hyperparameters import Option, settle
from gdviz.engine.descent.loop import Bind, Terms, Walk, step_by_step
from gdviz.engine.descent.path import Path
from gdviz.engine.objectives.objective import CountedObjective, Objective


@dataclass(frozen=True, slots=True)
class Rule:
    """An update rule.

    Parameters
    ----------
    name : str
        As files and the command line write it.
    title : str
        As the window writes it.
    about : str
        What it does, in a sentence.
    walk : callable
        ``(objective, estimate, terms) -> Walk``.
    bind : callable or None, default None
        What makes the update from one gradient, ``(objective, **settings) -> (state, step)``;
        None where the walk is the rule's own.
    options : tuple of Option
        What `bind` takes by name.
    searches : bool, default False
        Whether a step is a search, which takes as many gradients as it needs.
    values_beside : int or None, default 0
        Values of f that it asks for beside each gradient; None where f decides how many, and a
        step takes one gradient.
    needs_hessian : bool, default False
        Whether it asks for second derivatives.
    remark : callable
        ``(objective, path, settings, state) -> str``: what the rule has to add to the path's
        sentence, from its state at the end as well.
    """

    name: str
    title: str
    about: str
    walk: Callable[[CountedObjective, Estimate, Terms], Walk]
    bind: Bind | None = None
    options: tuple[Option, ...] = ()
    searches: bool = False
    values_beside: int | None = 0
    needs_hessian: bool = False
    remark: Callable[[Objective, Path, Mapping[str, float], Any], str] = lambda *_: ""

    def settings(self, chosen: Mapping[str, float] | None = None) -> dict[str, float]:
        """Return a value for each option: the chosen one, else its default.

        Raises
        ------
        ValueError
            If a name is unknown or a value out of bounds, in one sentence.
        """
        return settle(f"the rule {self.name}", self.options, chosen)


def _momentum() -> Option:
    # Past 1 the velocity grows without a gradient.
    return Option("momentum", "μ", 0.9, 0.0, 0.9999, "Fraction of the velocity that a step keeps")


def _delta(default: float) -> Option:
    # The least is well above float32's smallest number, so that nothing is divided by zero.
    return Option(
        "delta", "δ", default, 1e-30, 1.0,
        "Added to the root to avoid division by zero; PyTorch's eps", logarithmic=True,
    )  # fmt: skip


def _stepping(
    name: str, title: str, about: str, bind: Bind, *options: Option, plain: bool = False
) -> Rule:
    return Rule(name, title, about, step_by_step(bind, plain=plain), bind, options)


#: The rules by name, in menu order.
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            _stepping("gd", "Gradient descent", "θ ← θ − αĝ", updates.gradient_descent, plain=True),
            _stepping(
                "fixed-length",
                "Fixed length",
                "θ ← θ − α·ĝ/‖ĝ‖: every step is α long, so it overshoots near the minimum",
                updates.fixed_length,
            ),
            _stepping(
                "momentum",
                "Momentum",
                "v ← μv + ĝ, θ ← θ − αv: a heavy ball that keeps its velocity",
                updates.momentum,
                _momentum(),
            ),
            _stepping(
                "nesterov",
                "Nesterov",
                "v ← μv + ĝ, θ ← θ − α(ĝ + μv): momentum that looks ahead",
                updates.nesterov,
                _momentum(),
            ),
            _stepping(
                "adagrad",
                "AdaGrad",
                "s ← s + ĝ², θ ← θ − αĝ/(√s + δ): each component has its own α, which shrinks",
                updates.adagrad,
                _delta(1e-10),
            ),
            _stepping(
                "rmsprop",
                "RMSProp",
                "s ← ρs + (1 − ρ)ĝ², θ ← θ − αĝ/(√s + δ): AdaGrad that forgets",
                updates.rmsprop,
                Option("decay", "ρ", 0.99, 0.0, 0.9999, "Fraction of s that a step keeps"),
                _delta(1e-8),
            ),
            _stepping(
                "adam",
                "Adam",
                "m ← β₁m + (1 − β₁)ĝ, s ← β₂s + (1 − β₂)ĝ², θ ← θ − α·m̂/(√ŝ + δ): RMSProp with "
                "momentum, its averages corrected for starting at zero",
                updates.adam,
                Option("beta1", "β₁", 0.9, 0.0, 0.9999, "Fraction of m that a step keeps"),
                Option("beta2", "β₂", 0.999, 0.0, 0.999999, "Fraction of s that a step keeps"),
                _delta(1e-8),
            ),
            Rule(
                "newton",
                "Newton",
                "θ ← θ − α|H|⁻¹ĝ: Newton's method for α = 1, damped for smaller α; where the "
                "Hessian H is not positive definite, |λ| replaces its eigenvalues λ. A Hessian "
                "costs N² = 4 evaluations",
                step_by_step(newton.newton),
                newton.newton,
                (
                    Option("floor", "λ₀", 1e-8, 1e-30, 1e6, "The smallest |λ| to divide by",
                           logarithmic=True),
                ),
                needs_hessian=True,
                remark=newton.remark,
            ),
            Rule(
                "best-direction",
                "Best direction",
                "θ ← θ + α·d with the direction d in which f is lowest at distance α, searched for "
                "all around: some 45 values of f where it is smooth, at most "
                f"{updates.MOST_BESIDE}",
                step_by_step(updates.best_direction),
                values_beside=None,
                remark=updates.unsearched,
            ),
            Rule(
                "l-bfgs",
                "L-BFGS",
                "SciPy's L-BFGS-B: a quasi-Newton direction and a line search, whose evaluations "
                "are counted as its own; α is not used",
                lbfgs.walk,
                searches=True,
                values_beside=1,
            ),
        )
    }
)  # fmt: skip
