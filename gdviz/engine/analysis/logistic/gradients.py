"""Ways to the gradient of logistic regression with N parameters.

The gradient takes one pass forward and one back, whatever N is; differences take a value for each
parameter, and so a cost of N², unless they keep the margins xᵢ·θ, which one shifted parameter
changes by ε·xᵢⱼ. So do tangents that are carried forward for each parameter. Two values along
random signs, a normal direction or an axis, one tangent along a random direction, and a gradient
over some of the rows cost the same part of a gradient whatever N is; they are right on average
alone, and all but the last are off by about √N times the gradient.

References
----------
.. [1] A. Griewank and A. Walther, *Evaluating Derivatives*, 2nd ed., SIAM 2008, chapters 3 and 4.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.analysis.logistic.problem import Counted
from gdviz.engine.descent.estimates.adaptive import best_step
from gdviz.engine.descent.estimates.draws import USUAL_DRAWS

#: Steps near the best here, of the order of √u forward and ∛u central, in float64.
FORWARD_STEP, CENTRAL_STEP = 1.5e-8, 1.5e-5
#: That of two central differences that are extrapolated, of the order of the fifth root of u.
RICHARDSON_STEP = 1e-3
#: The difference step along random signs and normal directions, where it is divided by √N: they are
#: longer by that than one axis.
SIGNS_STEP = 1.5e-5
#: Rows of a mini-batch, and pairs of values of an evolution strategy.
BATCH, PAIRS = 8, 5


class Drawing(Protocol):
    """What a random way draws by, such as :class:`~gdviz.engine.descent.estimates.draws.Draws`."""

    def signs(self, count: int, /) -> Iterator[Any]:
        """Return so many random signs a step."""

    def normals(self, count: int, /) -> Iterator[Any]:
        """Return so many standard normal numbers a step."""

    def coordinates(self, among: int, /) -> Iterator[Any]:
        """Return a number from 0 to below `among` a step."""

    def subsets(self, size: int, rows: int, /) -> Iterator[Any]:
        """Return which of the rows a step gets."""


def analytic(f: Counted, theta: Array) -> Array:
    """Return ∇f in one vectorised pass forward and one back."""
    return f.gradient(theta)


def forward(f: Counted, theta: Array, epsilon: float = FORWARD_STEP) -> Array:
    """Return (f(θ + εeⱼ) − f(θ))/ε: N + 1 values.

    Parameters
    ----------
    f : Counted
        The problem, which counts.
    theta : ndarray, shape (n,)
        θ, the n parameters.
    epsilon : float
        The difference step ε > 0.
    """
    here, result = f.value(theta), np.empty_like(theta)
    point = theta.copy()
    for j in range(len(theta)):
        point[j] = theta[j] + epsilon
        result[j] = (f.value(point) - here) / epsilon
        point[j] = theta[j]
    return result


def central(f: Counted, theta: Array, epsilon: float = CENTRAL_STEP) -> Array:
    """Return (f(θ + εeⱼ) − f(θ − εeⱼ))/2ε: 2N values.

    Parameters
    ----------
    f, theta, epsilon
        As in :func:`forward`.
    """
    result, point = np.empty_like(theta), theta.copy()
    for j in range(len(theta)):
        point[j] = theta[j] + epsilon
        above = f.value(point)
        point[j] = theta[j] - epsilon
        result[j] = (above - f.value(point)) / (2.0 * epsilon)
        point[j] = theta[j]
    return result


def richardson(f: Counted, theta: Array, epsilon: float = RICHARDSON_STEP) -> Array:
    """Return (4·D(ε/2) − D(ε))/3 of central differences D: 4N values.

    Parameters
    ----------
    f, theta, epsilon
        As in :func:`forward`.
    """
    far, near = central(f, theta, epsilon), central(f, theta, epsilon / 2.0)
    return (4.0 * near - far) / 3.0


def adaptive(f: Counted, theta: Array) -> Array:
    """Return central differences, each with an ε of its own: 6N values or more.

    It is that of :func:`gdviz.engine.descent.estimates.adaptive.best_step`, chosen by a third
    difference.
    """
    result, point, eps = np.empty_like(theta), theta.copy(), float(np.finfo(np.float64).eps)
    for j in range(len(theta)):

        def value(x: float, j: int = j) -> float:
            point[j] = x
            return f.value(point)

        x = float(theta[j])
        epsilon = best_step(value, x, eps)
        up, down = x + epsilon, x - epsilon
        result[j] = (value(up) - value(down)) / (up - down)
        point[j] = theta[j]
    return result


def forward_reused(f: Counted, theta: Array, epsilon: float = FORWARD_STEP) -> Array:
    """Return what :func:`forward` does, from kept margins: N + 1 values, N of them cheap.

    Parameters
    ----------
    f, theta, epsilon
        As in :func:`forward`.
    """
    here, margins = f.value_and_margins(theta)
    shifted = (f.shifted_value(margins, j, epsilon) for j in range(len(theta)))
    return (np.fromiter(shifted, np.float64, len(theta)) - here) / epsilon


def forward_mode(f: Counted, theta: Array) -> Array:
    """Return ∇f by a tangent along each axis: N passes forward, each with tangents."""
    result, axis = np.empty_like(theta), np.zeros_like(theta)
    for j in range(len(theta)):
        axis[j] = 1.0
        result[j] = f.tangent(theta, axis)
        axis[j] = 0.0
    return result


def forward_gradient(f: Counted, theta: Array, draws: Drawing = USUAL_DRAWS) -> Array:
    """Return (∇f·u)u, u standard normal: one pass forward with tangents.

    Parameters
    ----------
    f : Counted
        The problem, which counts.
    theta : ndarray, shape (n,)
        θ, the n parameters.
    draws : Drawing, optional
        The u.
    """
    u = np.array(next(draws.normals(len(theta))))
    return f.tangent(theta, u) * u


def spsa(f: Counted, theta: Array, draws: Drawing = USUAL_DRAWS) -> Array:
    """Return (f(θ + εΔ) − f(θ − εΔ))/2ε·Δ⁻¹, Δ of random signs: two values.

    Parameters
    ----------
    f, theta
        As in :func:`forward_gradient`.
    draws : Drawing, optional
        The Δ.
    """
    signs = np.array(next(draws.signs(len(theta))))
    gradient: Array = _slope(f, theta, signs) / signs
    return gradient


def gaussian(f: Counted, theta: Array, draws: Drawing = USUAL_DRAWS) -> Array:
    """Return (f(θ + εu) − f(θ − εu))/2ε·u, u standard normal: two values.

    Parameters
    ----------
    f, theta
        As in :func:`forward_gradient`.
    draws : Drawing, optional
        The u.
    """
    u = np.array(next(draws.normals(len(theta))))
    return _slope(f, theta, u) * u


def evolution(f: Counted, theta: Array, draws: Drawing = USUAL_DRAWS) -> Array:
    """Return the mean of what :func:`gaussian` does along :data:`PAIRS` directions.

    Parameters
    ----------
    f, theta
        As in :func:`forward_gradient`.
    draws : Drawing, optional
        The directions, one after the other.
    """
    directions = np.reshape(next(draws.normals(PAIRS * len(theta))), (PAIRS, len(theta)))
    total: Array = sum((_slope(f, theta, u) * u for u in directions), np.zeros_like(theta))
    return total / PAIRS


def random_coordinate(f: Counted, theta: Array, draws: Drawing = USUAL_DRAWS) -> Array:
    """Return N·(f(θ + εeⱼ) − f(θ − εeⱼ))/2ε·eⱼ for one j drawn evenly: two values.

    Parameters
    ----------
    f, theta
        As in :func:`forward_gradient`.
    draws : Drawing, optional
        The j.
    """
    axis = np.zeros_like(theta)
    axis[next(draws.coordinates(len(theta)))] = 1.0
    return len(theta) * _slope(f, theta, axis, CENTRAL_STEP) * axis


def _slope(f: Counted, theta: Array, along: Array, epsilon: float | None = None) -> float:
    """Return a central difference along a direction; ε is that of one that is about √N long."""
    if epsilon is None:
        epsilon = SIGNS_STEP / math.sqrt(len(theta))
    ahead, behind = f.value(theta + epsilon * along), f.value(theta - epsilon * along)
    return (ahead - behind) / (2.0 * epsilon)


def mini_batch(f: Counted, theta: Array, draws: Drawing = USUAL_DRAWS) -> Array:
    """Return the gradient over :data:`BATCH` rows, or all where there are fewer.

    Parameters
    ----------
    f, theta
        As in :func:`forward_gradient`.
    draws : Drawing, optional
        Which rows.
    """
    return f.batch_gradient(theta, next(draws.subsets(min(BATCH, f.rows), f.rows)))


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to the gradient: its name in files, its title, what it does, and the function.

    That of a random one takes draws as well.
    """

    name: str
    title: str
    about: str
    function: Callable[..., Array]
    is_random: bool = False


#: The ways by name, in the order of legends.
VARIANTS: Mapping[str, Variant] = MappingProxyType(
    {
        variant.name: variant
        for variant in (
            Variant(
                "analytic", "Analytic",
                "All of ∇f in one pass forward and one back, whatever N is.", analytic,
            ),
            Variant(
                "forward", "Forward difference",
                "N + 1 values, each from scratch.", forward,
            ),
            Variant(
                "central", "Central difference",
                "2N values, each from scratch.", central,
            ),
            Variant(
                "richardson", "Richardson",
                "4N values: central differences with ε and ε/2, extrapolated.", richardson,
            ),
            Variant(
                "adaptive", "Adaptive central",
                "6N values or more: each parameter has an ε of its own, chosen by a third "
                "difference.", adaptive,
            ),
            Variant(
                "forward-reused", "Forward, margins kept",
                "N + 1 values; a shift of θⱼ adds ε·xᵢⱼ to margins that are kept.", forward_reused,
            ),
            Variant(
                "forward-mode", "Forward mode",
                "N passes forward, each with a tangent beside every value.", forward_mode,
            ),
            Variant(
                "forward-gradient", "Forward gradient",
                "One pass forward with tangents along a random direction: right on average.",
                forward_gradient, is_random=True,
            ),
            Variant(
                "spsa", "SPSA",
                "Two values along random signs: right on average.", spsa, is_random=True,
            ),
            Variant(
                "gaussian", "Gaussian",
                "Two values along a normal direction: right on average.", gaussian,
                is_random=True,
            ),
            Variant(
                "evolution", "Evolution strategy",
                f"Two values along each of {PAIRS} normal directions: right on average.",
                evolution, is_random=True,
            ),
            Variant(
                "random-coordinate", "Random coordinate",
                "Two values along an axis drawn at random: right on average.",
                random_coordinate, is_random=True,
            ),
            Variant(
                "mini-batch", "Mini-batch",
                f"The gradient over {BATCH} rows: right on average.", mini_batch,
                is_random=True,
            ),
        )
    }
)  # fmt: skip
