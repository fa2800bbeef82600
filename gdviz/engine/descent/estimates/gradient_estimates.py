"""Gradient estimates: the exact gradient, and what people put in its place.

An estimate makes a function of the point θ = (a, b), which returns both components at the same θ,
in the precision of the point. Each takes the same parameters:

f : CountedObjective
    The function to minimise; it counts what is asked of it.
epsilon : float, numpy.float32, or ndarray of shape (n,)
    The difference step ε, in units of θ.
representable : bool
    Divide a difference by the step that was really taken, (x + ε) − x.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.objective import Objective

Gradient = tuple[Any, Any]
#: A gradient estimate as a function of the point alone: ``(a, b) -> (ĝ_a, ĝ_b)``.
GradientFunction = Callable[[Any, Any], Gradient]


def analytic(f: CountedObjective, _epsilon: Any, _representable: bool) -> GradientFunction:
    """Return ∇f, differentiated from the formula: 1 gradient call."""
    return f.gradient


def forward(f: CountedObjective, epsilon: Any, representable: bool) -> GradientFunction:
    """Return (f(θ + εeᵢ) − f(θ))/ε: N + 1 value calls, error O(ε).

    Parameters
    ----------
    f : CountedObjective
        What is minimised; it counts the calls.
    epsilon : float
        The difference step ε > 0, in the objective's precision.
    representable : bool
        Divide by the step that was really taken, such as (x + ε) − x.
    """
    value = f.value

    def gradient(a: Any, b: Any) -> Gradient:
        a_up, b_up = a + epsilon, b + epsilon
        step_a, step_b = (a_up - a, b_up - b) if representable else (epsilon, epsilon)
        here = value(a, b)
        return (value(a_up, b) - here) / step_a, (value(a, b_up) - here) / step_b

    return gradient


def backward(f: CountedObjective, epsilon: Any, representable: bool) -> GradientFunction:
    """Return (f(θ) − f(θ − εeᵢ))/ε: N + 1 value calls, error O(ε).

    Parameters
    ----------
    f, epsilon, representable
        As in :func:`forward`.
    """
    value = f.value

    def gradient(a: Any, b: Any) -> Gradient:
        a_down, b_down = a - epsilon, b - epsilon
        step_a, step_b = (a - a_down, b - b_down) if representable else (epsilon, epsilon)
        here = value(a, b)
        return (here - value(a_down, b)) / step_a, (here - value(a, b_down)) / step_b

    return gradient


def central(f: CountedObjective, epsilon: Any, representable: bool) -> GradientFunction:
    """Return (f(θ + εeᵢ) − f(θ − εeᵢ))/2ε: 2N value calls, error O(ε²).

    Parameters
    ----------
    f, epsilon, representable
        As in :func:`forward`.
    """
    value, twice = f.value, epsilon + epsilon

    def gradient(a: Any, b: Any) -> Gradient:
        a_up, b_up, a_down, b_down = a + epsilon, b + epsilon, a - epsilon, b - epsilon
        span_a, span_b = (a_up - a_down, b_up - b_down) if representable else (twice, twice)
        return (
            (value(a_up, b) - value(a_down, b)) / span_a,
            (value(a, b_up) - value(a, b_down)) / span_b,
        )

    return gradient


def complex_step(f: CountedObjective, epsilon: Any, _representable: bool) -> GradientFunction:
    """Return Im f(θ + iεeᵢ)/ε: N value calls in complex arithmetic, error O(ε²), no cancellation.

    References
    ----------
    W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real functions",
    SIAM Review 40 (1998) 110–112.
    """
    shift = epsilon * 1j

    def gradient(a: Any, b: Any) -> Gradient:
        return (
            f.complex_value(a + shift, b + 0j).imag / epsilon,
            f.complex_value(a + 0j, b + shift).imag / epsilon,
        )

    return gradient


def mistaken(f: CountedObjective, epsilon: Any, _representable: bool) -> GradientFunction:
    """Return (b·σ(εx)/ε, σ(ax)) for f = b·σ(ax): 2 value calls, and wrong.

    Expanding σ(ax + εx) as σ(ax) + σ(εx) leaves b·σ(εx)/ε in place of the difference quotient
    in a; since σ(0) = ½ it grows like b/(2ε) as ε shrinks. The quotient in b is exactly σ(ax).
    Both are values of the objective: f(ε, b) = b·σ(εx) and f(a, 1) = σ(ax).
    """
    one = f.real(1.0)

    def gradient(a: Any, b: Any) -> Gradient:
        return f.value(epsilon, b) / epsilon, f.value(a, one)

    return gradient


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


@dataclass(frozen=True, slots=True)
class Estimate:
    """A way to get a gradient.

    Parameters
    ----------
    name : str
        As files and the command line write it.
    title : str
        As the window writes it.
    formula : str
        Component i in plain mathematics, for tooltips.
    about : str
        What it is and what it costs at N = 2, in a sentence.
    bind : callable
        ``(objective, epsilon, representable) -> gradient``, where ``gradient(a, b)`` is
        (ĝ_a, ĝ_b).
    uses_epsilon : bool
        Whether ε matters.
    differences : bool
        Whether it subtracts values of f, so that ε can be too small for the arithmetic.
    order : int or None
        The p of its error O(εᵖ), if that is the one-sided difference's (1) or the central one's
        (2); else None.
    only_on : str
        The one surface it is for; empty for all.
    note : str
        What is wrong with it as such; empty for most.
    """

    name: str
    title: str
    formula: str
    about: str
    bind: Callable[[CountedObjective, Any, bool], GradientFunction]
    uses_epsilon: bool = True
    differences: bool = False
    order: int | None = None
    only_on: str = ""
    note: str = ""


#: What a person derived, to be completed by :func:`yours`.
YOURS = Estimate(
    "yours",
    "Your gradient",
    "∂f/∂θᵢ, as you derived it",
    "The gradient that you derived by hand, right or wrong: N = 2 component evaluations.",
    _Candidate(),
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
                "∂f/∂θᵢ",
                "The exact gradient, from f's own derivatives: N = 2 component evaluations.",
                analytic,
                uses_epsilon=False,
            ),
            Estimate(
                "forward",
                "Forward difference",
                "(f(θ + εeᵢ) − f(θ))/ε",
                "One value ahead in each direction; f(θ) is shared: N + 1 = 3 evaluations, "
                "error O(ε).",
                forward,
                differences=True,
                order=1,
            ),
            Estimate(
                "backward",
                "Backward difference",
                "(f(θ) − f(θ − εeᵢ))/ε",
                "One value behind in each direction; f(θ) is shared: N + 1 = 3 evaluations, "
                "error O(ε).",
                backward,
                differences=True,
                order=1,
            ),
            Estimate(
                "central",
                "Central difference",
                "(f(θ + εeᵢ) − f(θ − εeᵢ))/2ε",
                "One value on each side in each direction: 2N = 4 evaluations, error O(ε²).",
                central,
                differences=True,
                order=2,
            ),
            Estimate(
                "complex-step",
                "Complex step",
                "Im f(θ + iεeᵢ)/ε",
                "The imaginary part one complex step away: N = 2 complex evaluations, error O(ε²) "
                "and no cancellation, so ε may be tiny.",
                complex_step,
                order=2,
            ),
            Estimate(
                "mistaken",
                "Mistaken shortcut",
                "b·σ(εx)/ε, σ(ax)",
                "Wrong on purpose: it takes σ(ax + εx) for σ(ax) + σ(εx). Since σ(0) = ½ its "
                "a-component grows like b/(2ε): a smaller ε makes it worse. 2 evaluations.",
                mistaken,
                only_on="sigmoid-unit",
                note="It rests on σ(ax + εx) = σ(ax) + σ(εx), which is false: at ax = 0 the left "
                "side is near ½ and the right side near 1. What remains, b·σ(εx)/ε, grows like "
                "b/(2ε) as ε → 0, since σ(0) = ½: a smaller ε makes it worse.",
            ),
            YOURS,
        )
    }
)
