"""The exact gradient, and differences of values in its place.

Each makes a function of the point θ = (a, b), which returns both components at the same θ, in the
precision of the point. They take the same parameters:

f : CountedObjective
    The function to minimise; it counts what is asked of it.
epsilon : float, numpy.float32, or ndarray of shape (n,)
    The difference step ε, in units of θ.
representable : bool
    Divide a difference by the step that was really taken, (x + ε) − x.
"""

from typing import Any

from gdviz.engine.descent.estimates.estimate import Gradient, GradientFunction
from gdviz.engine.objectives.counting import CountedObjective


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


def richardson(f: CountedObjective, epsilon: Any, representable: bool) -> GradientFunction:
    """Return (4·D(ε/2) − D(ε))/3 of central differences D: 4N value calls, error O(ε⁴).

    The two have errors that differ by a factor of four, but for −ε⁴/480 of the fifth derivative.

    Parameters
    ----------
    f, epsilon, representable
        As in :func:`forward`.

    References
    ----------
    L. F. Richardson, "The approximate arithmetical solution by finite differences of physical
    problems", Philosophical Transactions of the Royal Society A 210 (1911) 307–357.
    """
    whole = central(f, epsilon, representable)
    half = central(f, epsilon * f.real(0.5), representable)
    four, three = f.real(4.0), f.real(3.0)

    def gradient(a: Any, b: Any) -> Gradient:
        (far_a, far_b), (near_a, near_b) = whole(a, b), half(a, b)
        return (four * near_a - far_a) / three, (four * near_b - far_b) / three

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


def forward_mode(f: CountedObjective, _epsilon: Any, _representable: bool) -> GradientFunction:
    """Return ∇f by N Jacobian–vector products, along each axis: exact, in N passes with a tangent.

    Dual numbers carry ∂/∂θᵢ forward beside each value, once for each parameter, where the analytic
    gradient goes back once for all of them.

    References
    ----------
    A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd ed., SIAM 2008, section 3.1.
    """
    tangent, one, zero = f.tangent, f.real(1.0), f.real(0.0)
    return lambda a, b: (tangent(a, b, one, zero), tangent(a, b, zero, one))
