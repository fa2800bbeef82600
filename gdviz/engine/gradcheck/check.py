"""Check my gradient: is a claimed gradient the gradient, and if not, where and by how much.

Both are evaluated at thousands of points of the map, and where they are farthest apart, and at some
other points, as balls that hold their values for sure; then with the constants moved, because what
is right for x = 1 alone is not the gradient. Where the two are one node of the computation graph,
nothing need be evaluated. SymPy has no say in the verdict: it writes out what difference remains.

References
----------
M. Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018: the lattice.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.comparison import Comparison, compare
from gdviz.engine.gradcheck.difference_process import remainders
from gdviz.engine.gradcheck.evidence import EpsilonTest, TaylorTest, epsilon_test, taylor_test
from gdviz.engine.gradcheck.verdict import Verdict, judge
from gdviz.engine.objectives.formula_objective import FormulaObjective

#: Points beside the grid, and the most numbers (points × rows of data) that are computed at once.
_POINTS, _MOST_NUMBERS = 2_048, 1_000_000


@dataclass(frozen=True, eq=False, repr=False)
class GradientCheck:
    """A candidate gradient, judged.

    Attributes
    ----------
    candidate : CandidateGradient
        What was judged; its parts can be evaluated.
    verdicts : (Verdict, Verdict)
        Of ∂f/∂a and ∂f/∂b.
    a, b : ndarray, shape (n,)
        The grid's coordinates.
    errors : ndarray, shape (2, n, n)
        ``errors[i, k, j]`` is the component i's |claimed − true| at (a[j], b[k]); nan where they
        cannot be compared.
    taylor : (TaylorTest, TaylorTest)
        The Taylor remainder along a and along b.
    epsilon : (EpsilonTest, EpsilonTest)
        Central differences along a and along b against the candidate.
    """

    candidate: CandidateGradient
    verdicts: tuple[Verdict, Verdict]
    a: Array
    b: Array
    errors: Array
    taylor: tuple[TaylorTest, TaylorTest]
    epsilon: tuple[EpsilonTest, EpsilonTest]

    def __repr__(self) -> str:
        return f"<GradientCheck: {'; '.join(verdict.sentence for verdict in self.verdicts)}>"

    @property
    def right(self) -> bool | None:
        """Whether both components are right; None where one is undecided, and none is wrong."""
        found = {verdict.right for verdict in self.verdicts}
        return False if False in found else None if None in found else True

    @property
    def error(self) -> Array:
        """‖claimed − true‖₂ over the grid, shape (n, n)."""
        in_a, in_b = self.errors
        norm: Array = np.hypot(in_a, in_b)
        return norm


@np.errstate(all="ignore")  # what overflows or is undefined is counted
def check_gradient(
    objective: FormulaObjective,
    texts: tuple[str, str],
    extent: Range,
    *,
    at: tuple[float, float] | None = None,
    resolution: int = 65,
    seconds: float = 1.5,
) -> GradientCheck:
    """Check a claimed gradient.

    Parameters
    ----------
    objective : FormulaObjective
        The function.
    texts : (str, str)
        ∂f/∂a and ∂f/∂b as the person derived them.
    extent : Range
        The part of the plane where they are compared.
    at : (float, float), optional
        The point of the Taylor and the ε test. By default the worst place of a component that is
        wrong, and for one that is right a point where f is much curved.
    resolution : int, default 65
        Grid points along each axis; fewer over data of many rows.
    seconds : float, default 1.5
        The processor time that SymPy may take to write out what remains, once it is imported; 0
        leaves that to :func:`with_remainders`.

    Raises
    ------
    FormulaError
        If a component is no formula, in a sentence that names it.
    """
    candidate = CandidateGradient.parse(objective, texts)
    most = _MOST_NUMBERS // objective.rows
    resolution = max(2, min(resolution, int((most / 2) ** 0.5)))
    a = np.linspace(extent.a_low, extent.a_high, resolution)
    b = np.linspace(extent.b_low, extent.b_high, resolution)
    spread = _lattice(min(_POINTS, most // 2), 2 + len(candidate.constants_in_use))
    along_a = extent.a_low + (extent.a_high - extent.a_low) * spread[:, 0]
    along_b = extent.b_low + (extent.b_high - extent.b_low) * spread[:, 1]
    # The lattice first: its points lie on no line that means something to a formula.
    here = compare(
        candidate,
        np.concatenate([along_a, np.tile(a, resolution)]),
        np.concatenate([along_b, np.repeat(b, resolution)]),
    )
    moved = _moved(candidate, spread[:, 2:])
    judged = [judge(i, here, moved, along_a, along_b) for i in range(2)]
    points = [at or _telling_point(here, i, verdict) for i, verdict in enumerate(judged)]
    reach = 0.1 * min(extent.a_high - extent.a_low, extent.b_high - extent.b_low)
    check = GradientCheck(
        candidate,
        (judged[0], judged[1]),
        a,
        b,
        here.error[:, len(spread) :].reshape(2, resolution, resolution),
        (taylor_test(candidate, 0, points[0], reach), taylor_test(candidate, 1, points[1], reach)),
        (epsilon_test(candidate, 0, points[0]), epsilon_test(candidate, 1, points[1])),
    )
    return with_remainders(check, seconds) if seconds > 0.0 else check


# -- where to look


def _lattice(count: int, dimensions: int) -> Array:
    """Return points of the unit cube, shape (count, dimensions), evenly spread for every count."""
    root = 2.0  # of x^(d + 1) = x + 1: for d = 1 the golden ratio
    for _ in range(60):
        root = (1.0 + root) ** (1.0 / (dimensions + 1))
    steps = root ** -np.arange(1.0, dimensions + 1)
    points: Array = (0.5 + np.arange(1.0, count + 1)[:, None] * steps) % 1.0
    return points


def _moved(candidate: CandidateGradient, spread: Array) -> dict[str, Array]:
    """Return other values of the constants: 0.4 to 1.9 times theirs, of the same sign."""
    values = candidate.constants
    return {
        name: (values[name] or 1.0) * (0.4 + 1.5 * column)
        for name, column in zip(candidate.constants_in_use, spread.T, strict=True)
    }


def _telling_point(here: Comparison, component: int, verdict: Verdict) -> tuple[float, float]:
    """Return where to test: the worst place, or for what is right one of large curvature."""
    worst = verdict.worst
    if verdict.right is False and not verdict.only_for and worst and np.isfinite(worst.claimed):
        return worst.a, worst.b
    known = np.flatnonzero(here.comparable[component])[:64]
    if not len(known):
        return float(here.a[0]), float(here.b[0])
    curvatures = here.candidate.objective.hessians(here.a[known], here.b[known])
    size = np.nan_to_num(np.abs(curvatures[2 * component]), posinf=0.0)
    best = known[np.argmax(size)]
    return float(here.a[best]), float(here.b[best])


# -- what remains


def with_remainders(
    check: GradientCheck, seconds: float = 1.5, cancelled: Callable[[], bool] = bool
) -> GradientCheck:
    """Let SymPy write out the differences, and say of what is right that there is none.

    Parameters
    ----------
    check : GradientCheck
        One without.
    seconds : float, default 1.5
        The processor time that this may take, once SymPy is imported.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    wanted = [i for i, verdict in enumerate(check.verdicts) if verdict.how != "identical"]
    result = list(check.verdicts)
    found = remainders(check.candidate, wanted, seconds, cancelled)
    for i, remainder in zip(wanted, found, strict=True):
        verdict = result[i]
        zero = remainder.text == "0"
        if verdict.right and zero:
            sentence = f"{verdict.name} is right: its difference from the true one simplifies to 0"
            result[i] = replace(verdict, how="symbolic", sentence=sentence)
        elif verdict.right is False and not zero:
            result[i] = replace(verdict, remainder=remainder)
    return replace(check, verdicts=(result[0], result[1]))
