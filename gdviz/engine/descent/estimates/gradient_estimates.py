"""The table of gradient estimates: the exact gradient, and what people put in its place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from gdviz.engine.descent.estimates import differences, random_directions
from gdviz.engine.descent.estimates.adaptive import adaptive
from gdviz.engine.descent.estimates.estimate import Estimate, GradientFunction
from gdviz.engine.descent.hyperparameters import Option
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.data import MAX_ROWS
from gdviz.engine.objectives.objective import Objective


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Two functions that a person takes for ∂f/∂a and ∂f/∂b."""

    parts: tuple[Objective, Objective] | None = None

    def __call__(
        self, f: CountedObjective, _epsilon: Any, _representable: bool
    ) -> GradientFunction:
        if self.parts is None:
            raise ValueError("no gradient has been derived: see yours()")
        return f.gradient_of(self.parts)


def _whole(name: str, symbol: str, default: float, high: float, about: str) -> Option:
    return Option(name, symbol, default, 1, high, about, is_whole=True)


#: What a person derived, to be completed by :func:`yours`.
YOURS = Estimate(
    "yours",
    "Your gradient",
    "The gradient that you derived by hand, right or wrong: N = 2 component evaluations.",
    formula="∂f/∂θᵢ, as you derived it",
    bind=_Candidate(),
    uses_epsilon=False,
)


def yours(parts: tuple[Objective, Objective]) -> Estimate:
    """Return the estimate that takes two functions for ∂f/∂a and ∂f/∂b: 1 gradient call."""
    return replace(YOURS, bind=_Candidate(parts))


#: The estimates by name, in menu order. Another one is a row here and the function that binds it.
#: Its calls are counted by the objective that the function is handed.
ESTIMATES: Mapping[str, Estimate] = MappingProxyType(
    {
        estimate.name: estimate
        for estimate in (
            Estimate(
                "analytic",
                "Analytic",
                "The exact gradient, from f's own derivatives: N = 2 component evaluations.",
                known_as="backpropagation, reverse mode, automatic differentiation, jax.grad",
                formula="∂f/∂θᵢ",
                bind=differences.analytic,
                needs="gradient",
                uses_epsilon=False,
            ),
            Estimate(
                "forward",
                "Forward difference",
                "One value ahead in each direction; f(θ) is shared: N + 1 = 3 evaluations, "
                "error O(ε).",
                known_as="finite difference, approx_fprime, 2-point",
                formula="(f(θ + εeᵢ) − f(θ))/ε",
                bind=differences.forward,
                differences=True,
                order=1,
            ),
            Estimate(
                "backward",
                "Backward difference",
                "One value behind in each direction; f(θ) is shared: N + 1 = 3 evaluations, "
                "error O(ε).",
                known_as="finite difference",
                formula="(f(θ) − f(θ − εeᵢ))/ε",
                bind=differences.backward,
                differences=True,
                order=1,
            ),
            Estimate(
                "central",
                "Central difference",
                "One value on each side in each direction: 2N = 4 evaluations, error O(ε²).",
                known_as="finite difference, symmetric difference, 3-point",
                formula="(f(θ + εeᵢ) − f(θ − εeᵢ))/2ε",
                bind=differences.central,
                differences=True,
                order=2,
            ),
            Estimate(
                "richardson",
                "Richardson",
                "Central differences D with ε and ε/2, extrapolated: 4N = 8 evaluations, error "
                "O(ε⁴).",
                known_as="extrapolation, five-point stencil, finite difference, numdifftools",
                formula="(4D(ε/2) − D(ε))/3",
                bind=differences.richardson,
                differences=True,
                order=4,
            ),
            Estimate(
                "adaptive",
                "Adaptive central",
                "Central differences, with the ε that balances truncation and rounding at each "
                "point, for which the third derivative is estimated: 6N = 12 evaluations or more.",
                definition="The step search of Gill, Murray, Saunders and Wright (1983) and the ε "
                "of Moré and Wild (2012); of code, whose noise nobody knows, their ECnoise tells "
                "it, by 8 evaluations more",
                known_as="ECnoise, finite difference",
                formula="(f(θ + εᵢeᵢ) − f(θ − εᵢeᵢ))/2εᵢ, εᵢ = ∛(3·ε_f/|f‴|)",
                bind=adaptive,
                uses_epsilon=False,
                is_elementwise=False,
            ),
            Estimate(
                "complex-step",
                "Complex step",
                "The imaginary part one complex step away: N = 2 complex evaluations, error O(ε²) "
                "and no cancellation, so ε may be tiny.",
                known_as="Squire, Trapp, Lyness, Moler, cs",
                formula="Im f(θ + iεeᵢ)/ε",
                bind=differences.complex_step,
                needs="complex value",
                order=2,
            ),
            Estimate(
                "forward-mode",
                "Forward mode",
                "The exact gradient without a backward pass: a tangent is carried beside each "
                "value, in N = 2 passes, one for each component. 2 evaluations.",
                definition="Dual numbers, as jax.jvp and torch.func.jvp carry them",
                known_as="Griewank, Walther, JVP, dual numbers, automatic differentiation",
                formula="∇f·eᵢ",
                bind=differences.forward_mode,
                needs="tangent",
                uses_epsilon=False,
            ),
            Estimate(
                "forward-gradient",
                "Forward gradient",
                "The slope along one random direction, by one pass with tangents and none back: 1 "
                "evaluation whatever N is. Right on average; E‖ĝ‖² = (N + 2)‖∇f‖².",
                definition="Baydin et al. (2022): u standard normal",
                known_as="Pearlmutter, Syme, Wood, Torr, without backpropagation, JVP",
                formula="(∇f·u)uᵢ",
                bind=random_directions.forward_gradient,
                needs="tangent",
                uses_epsilon=False,
                is_random=True,
            ),
            Estimate(
                "spsa",
                "SPSA",
                "Two values along random signs Δ: 2 evaluations whatever N is. Right on average, "
                "up to O(ε²); E‖ĝ‖² = N‖∇f‖².",
                definition="Spall (1992), with ε that stays as it is",
                known_as="simultaneous perturbation, zeroth order",
                formula="(f(θ + εΔ) − f(θ − εΔ))/2εΔᵢ",
                bind=random_directions.spsa,
                differences=True,
                is_random=True,
            ),
            Estimate(
                "gaussian",
                "Gaussian",
                "Two values along a normal direction u: 2 evaluations whatever N is. Right on "
                "average, up to O(ε²); E‖ĝ‖² = (N + 2)‖∇f‖².",
                definition="Nesterov and Spokoiny (2017), from both sides; MeZO is gradient "
                "descent by it",
                known_as="MeZO, Malladi, Gaussian smoothing, random gradient-free, zeroth order",
                formula="(f(θ + εu) − f(θ − εu))/2ε·uᵢ",
                bind=random_directions.gaussian,
                differences=True,
                is_random=True,
            ),
            Estimate(
                "evolution",
                "Evolution strategy",
                "The mean of Gaussian smoothing over k directions, two values each: 2k "
                "evaluations, and a k-th of the variance.",
                (_whole("pairs", "k", 5, 100, "Pairs of values a step"),),
                definition="Salimans et al. (2017) with antithetic pairs, on the values themselves "
                "in place of their ranks",
                known_as="Ho, Chen, Sidor, Sutskever, OpenAI, zeroth order",
                formula="Σⱼ (f(θ + εuⱼ) − f(θ − εuⱼ))/2ε·uⱼᵢ/k",
                bind=random_directions.evolution,
                differences=True,
                is_random=True,
            ),
            Estimate(
                "random-coordinate",
                "Random coordinate",
                "A central difference along one axis, drawn at random, N times as long: 2 "
                "evaluations whatever N is. Right on average, up to O(ε²); E‖ĝ‖² = N‖∇f‖².",
                definition="Coordinate descent (Nesterov 2012) has no factor N: that is another α",
                known_as="zeroth order",
                formula="N(f(θ + εeᵢ) − f(θ − εeᵢ))/2ε for one i, else 0",
                bind=random_directions.random_coordinate,
                differences=True,
                is_random=True,
            ),
            Estimate(
                "mini-batch",
                "Mini-batch",
                "The gradient over B random rows of the n that the data has, its sums n/B times as "
                "large: B/n of a gradient. Right on average.",
                (
                    _whole(
                        "rows",
                        "B",
                        random_directions.USUAL_ROWS,
                        MAX_ROWS,
                        "Rows of the data a step, or all where it has fewer than the usual 8",
                    ),
                ),
                definition="B different rows, drawn anew at each step; frameworks go through all "
                "rows in a random order before one comes again",
                known_as="SGD, stochastic gradient, Robbins, Monro, Bottou, Curtis, Nocedal",
                formula="n/B·Σ ∂lⱼ/∂θᵢ over B rows",
                bind=random_directions.mini_batch,
                needs="batch gradient",
                uses_epsilon=False,
                is_random=True,
            ),
            Estimate(
                "mistaken",
                "Mistaken shortcut",
                "Wrong on purpose: it takes σ(ax + εx) for σ(ax) + σ(εx). Since σ(0) = ½ its "
                "a-component grows like b/(2ε): a smaller ε makes it worse. 2 evaluations.",
                formula="b·σ(εx)/ε, σ(ax)",
                bind=differences.mistaken,
                only_on="sigmoid-unit",
                note="It rests on σ(ax + εx) = σ(ax) + σ(εx), which is false: at ax = 0 the left "
                "side is near ½ and the right side near 1. What remains, b·σ(εx)/ε, grows like "
                "b/(2ε) as ε → 0, since σ(0) = ½: a smaller ε makes it worse.",
            ),
            YOURS,
        )
    }
)
