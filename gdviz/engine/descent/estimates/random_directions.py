"""Estimates along random directions, which cost as much whatever N is.

Each is unbiased as ε → 0, and what it saves it pays for in variance: of all these
E‖ĝ‖² is about N·‖∇f‖², of which ‖∇f‖² is the gradient. Where `u` or Δ is drawn, a step gets its own
(:mod:`gdviz.engine.descent.estimates.draws`). No difference is divided by the step that was really
taken along a direction, which has none: both components are rounded on their own.
"""

from typing import Any

from gdviz.engine.descent.estimates.draws import USUAL_DRAWS, Draws
from gdviz.engine.descent.estimates.estimate import Gradient, GradientFunction
from gdviz.engine.objectives.counting import CountedObjective

#: Rows of a mini-batch if nobody says how many; of data that has fewer, all.
USUAL_ROWS = 8


def spsa(
    f: CountedObjective, epsilon: Any, _representable: bool, draws: Draws = USUAL_DRAWS
) -> GradientFunction:
    """Return (f(θ + εΔ) − f(θ − εΔ))/2ε·Δ⁻¹ by component, Δ of random signs: 2 value calls.

    Simultaneous perturbation. As ε → 0 it is (∇f·Δ)Δ⁻¹: E ĝ = ∇f, with an error O(ε²), and
    E‖ĝ‖² = N‖∇f‖². With g = ∇f its covariance is ‖g‖² − gᵢ² on the diagonal and gᵢgⱼ beside it.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; it counts the calls.
    epsilon : float
        The difference step ε > 0, in the objective's precision.
    draws : Draws, optional
        The Δ.

    References
    ----------
    J. C. Spall, "Multivariate stochastic approximation using a simultaneous perturbation gradient
    approximation", IEEE Transactions on Automatic Control 37 (1992) 332–341.
    """
    value, twice, signs = f.value, epsilon + epsilon, draws.signs()

    def gradient(a: Any, b: Any) -> Gradient:
        d_a, d_b = next(signs)
        along_a, along_b = epsilon * d_a, epsilon * d_b
        slope = (value(a + along_a, b + along_b) - value(a - along_a, b - along_b)) / twice
        return slope / d_a, slope / d_b

    return gradient


def gaussian(
    f: CountedObjective, epsilon: Any, _representable: bool, draws: Draws = USUAL_DRAWS
) -> GradientFunction:
    """Return (f(θ + εu) − f(θ − εu))/2ε·u, u standard normal: 2 value calls.

    Its expected value is the gradient of a smoothed f, of E f(θ + εu), and ∇f as ε → 0, with an
    error O(ε²). Then it is (∇f·u)u: its covariance is ‖∇f‖²·I + ∇f∇fᵀ, and E‖ĝ‖² = (N + 2)‖∇f‖².
    Language models are tuned with it, u drawn twice from its seed in place of being kept
    (MeZO).

    Parameters
    ----------
    f, epsilon
        As in :func:`spsa`.
    draws : Draws, optional
        The u.

    References
    ----------
    Y. Nesterov and V. Spokoiny, "Random gradient-free minimization of convex functions",
    Foundations of Computational Mathematics 17 (2017) 527–566.
    S. Malladi et al., "Fine-tuning language models with just forward passes", NeurIPS 2023.
    """
    return evolution(f, epsilon, _representable, draws, pairs=1)


def evolution(
    f: CountedObjective,
    epsilon: Any,
    _representable: bool,
    draws: Draws = USUAL_DRAWS,
    pairs: float = 5,
) -> GradientFunction:
    """Return the mean of (f(θ + εuⱼ) − f(θ − εuⱼ))/2ε·uⱼ over k normal uⱼ: 2k value calls.

    An evolution strategy with antithetic pairs. Its expected value is that of :func:`gaussian`,
    and its covariance a k-th of it: E‖ĝ‖² = (1 + (N + 1)/k)‖∇f‖² as ε → 0. Salimans et al. put
    ranks in place of the values, which is another direction; here these are as they are.

    Parameters
    ----------
    f, epsilon
        As in :func:`spsa`, where ε is the strategy's σ.
    draws : Draws, optional
        The uⱼ.
    pairs : int, default 5
        How many pairs k; with 1 it is :func:`gaussian`.

    References
    ----------
    T. Salimans, J. Ho, X. Chen, S. Sidor and I. Sutskever, "Evolution strategies as a scalable
    alternative to reinforcement learning", arXiv:1703.03864, 2017.
    """
    count = int(pairs)
    value, over, normals = f.value, (epsilon + epsilon) * count, draws.normals(2 * count)

    def gradient(a: Any, b: Any) -> Gradient:
        drawn = next(normals)
        g_a = g_b = f.real(0.0)
        for u_a, u_b in zip(drawn[::2], drawn[1::2], strict=True):
            along_a, along_b = epsilon * u_a, epsilon * u_b
            change = value(a + along_a, b + along_b) - value(a - along_a, b - along_b)
            slope = change / over
            g_a, g_b = g_a + slope * u_a, g_b + slope * u_b
        return g_a, g_b

    return gradient


def random_coordinate(
    f: CountedObjective, epsilon: Any, representable: bool, draws: Draws = USUAL_DRAWS
) -> GradientFunction:
    """Return N·(f(θ + εeᵢ) − f(θ − εeᵢ))/2ε·eᵢ for one i drawn evenly: 2 value calls.

    As ε → 0, E ĝ = ∇f, with an error O(ε²), its covariance is N·diag(gᵢ²) − ggᵀ with g = ∇f, and
    E‖ĝ‖² = N‖∇f‖². Coordinate descent (Nesterov 2012) takes ∂f/∂θᵢ itself, without the N by which
    it is unbiased: that is another α.

    Parameters
    ----------
    f, epsilon
        As in :func:`spsa`.
    representable : bool
        Divide by the step that was really taken, (x + ε) − (x − ε).
    draws : Draws, optional
        The i.

    References
    ----------
    Y. Nesterov, "Efficiency of coordinate descent methods on huge-scale optimization
    problems", SIAM Journal on Optimization 22 (2012) 341–362.
    """
    value, axes, twice, n = f.value, draws.axes(), epsilon + epsilon, f.real(2.0)

    def gradient(a: Any, b: Any) -> Gradient:
        e_a, e_b = next(axes)  # no branch, so that a loop can be written of it
        along_a, along_b = epsilon * e_a, epsilon * e_b
        up_a, down_a, up_b, down_b = a + along_a, a - along_a, b + along_b, b - along_b
        span = (up_a - down_a) + (up_b - down_b) if representable else twice
        slope = n * ((value(up_a, up_b) - value(down_a, down_b)) / span)
        return slope * e_a, slope * e_b

    return gradient


def forward_gradient(
    f: CountedObjective, _epsilon: Any, _representable: bool, draws: Draws = USUAL_DRAWS
) -> GradientFunction:
    """Return (∇f·u)u, u standard normal, by one Jacobian–vector product.

    It takes one pass forward, in which a tangent is carried beside each value, and none back.
    E ĝ = ∇f exactly; the covariance is ‖∇f‖²·I + ∇f∇fᵀ, and E‖ĝ‖² = (N + 2)‖∇f‖²: it is what
    :func:`gaussian` is as ε → 0.

    Parameters
    ----------
    f : CountedObjective
        What is minimised; it counts the pass.
    draws : Draws, optional
        The u: of the same seed those of :func:`gaussian`.

    References
    ----------
    A. G. Baydin, B. A. Pearlmutter, D. Syme, F. Wood and P. Torr, "Gradients without
    backpropagation", arXiv:2202.08587, 2022.
    """
    tangent, normals = f.tangent, draws.normals()

    def gradient(a: Any, b: Any) -> Gradient:
        u_a, u_b = next(normals)
        slope = tangent(a, b, u_a, u_b)
        return slope * u_a, slope * u_b

    return gradient


def mini_batch(
    f: CountedObjective,
    _epsilon: Any,
    _representable: bool,
    draws: Draws = USUAL_DRAWS,
    rows: float = USUAL_ROWS,
) -> GradientFunction:
    """Return the gradient of f over B rows of its n, drawn without replacement: B/n of a gradient.

    Each sum over the rows is one over the B that were drawn, times n/B. Where f is linear in its
    sums, as a loss is, E ĝ = ∇f, and the covariance is n²·(1 − B/n)/B·S², where S² is that of the
    rows' own gradients (divided by n − 1). B = n is ∇f itself.

    Parameters
    ----------
    f : CountedObjective
        What is minimised, over data; it counts the rows.
    draws : Draws, optional
        Which rows.
    rows : int, default 8
        B: with its default all rows where there are fewer.

    Raises
    ------
    ValueError
        If the data has fewer rows than another B.

    References
    ----------
    L. Bottou, F. E. Curtis and J. Nocedal, "Optimization methods for large-scale machine learning",
    SIAM Review 60 (2018) 223–311, section 5.
    """
    of_batch = f.batch_gradient  # where there is none, this says so
    if rows != USUAL_ROWS and (why := why_no_batch(rows, f.rows)):
        raise ValueError(why)
    subsets = draws.subsets(min(int(rows), f.rows), f.rows)
    return lambda a, b: of_batch(a, b, next(subsets))


def why_no_batch(rows: float, of: int) -> str:
    """Say that a mini-batch is larger than the data, if it is.

    Parameters
    ----------
    rows : int
        B.
    of : int
        The rows that the data has.
    """
    if rows <= of:
        return ""
    return (
        f"a mini-batch of B = {rows:g} rows cannot be drawn from data that has {of}: B is {of} at "
        "most"
    )
