"""Check my gradient: is a claimed gradient the gradient, and if not, where and by how much.

Both are evaluated at thousands of points of the map and at those that the person names, and where
they are farthest apart, and at some other points, as balls that hold their values for sure; on each
branch of kinks and jumps; then with the constants moved, because what is right for x = 1 alone is
not the gradient. Where the two are one node of the computation graph, nothing need be evaluated.
What difference remains is written out, and where that is not 0 it says where to look again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.comparison import Comparison, compare
from gdviz.engine.gradcheck.difference.difference_process import Remainder, remainders
from gdviz.engine.gradcheck.evidence import EpsilonTest, TaylorTest, epsilon_test, taylor_test
from gdviz.engine.gradcheck.judging import judge, right_as, wrong_among
from gdviz.engine.gradcheck.kinks import Kinks
from gdviz.engine.gradcheck.samples import Samples
from gdviz.engine.gradcheck.verdict import How, Verdict
from gdviz.engine.gradcheck.worst import suspects
from gdviz.engine.objectives.formula_objective import FormulaObjective

#: A power of t below this is rather that of a wrong derivative.
_WRONG_SLOPE = 1.5


@dataclass(frozen=True, eq=False, repr=False)
class GradientCheck:
    """A candidate gradient, judged.

    Attributes
    ----------
    samples : Samples
        Where it was looked.
    here : Comparison
        At all points of these, with the constants as they are.
    kinks : Kinks
        The curves where operations have kinks.
    verdicts : (Verdict, Verdict)
        Of ∂f/∂a and ∂f/∂b.
    taylor : (TaylorTest, TaylorTest)
        The Taylor remainder along a and along b.
    epsilon : (EpsilonTest, EpsilonTest)
        Central differences along a and along b against the candidate.
    """

    samples: Samples
    here: Comparison
    kinks: Kinks
    verdicts: tuple[Verdict, Verdict]
    taylor: tuple[TaylorTest, TaylorTest]
    epsilon: tuple[EpsilonTest, EpsilonTest]

    def __repr__(self) -> str:
        return f"<GradientCheck: {'; '.join(verdict.sentence for verdict in self.verdicts)}>"

    @property
    def candidate(self) -> CandidateGradient:
        """What was judged; its parts can be evaluated."""
        return self.here.candidate

    @property
    def a(self) -> Array:
        """The grid's coordinates along a, shape (n,)."""
        return self.samples.axes[0]

    @property
    def b(self) -> Array:
        """The grid's coordinates along b, shape (n,)."""
        return self.samples.axes[1]

    @cached_property
    def errors(self) -> Array:
        """|claimed − true| over the grid, shape (2, n, n); nan where they cannot be compared.

        On a kink of an operation f's one-sided derivatives are the true one, if they are equal.
        ``errors[i, k, j]`` is the component i's at (a[j], b[k]).
        """
        n, on_grid = self.samples.resolution, self.samples.grid_at
        error = self.here.error[:, on_grid]
        objective = self.candidate.objective
        for i in range(2):
            on = np.flatnonzero(self.here.on_kinks(i)[on_grid])
            at = np.arange(on_grid.start, on_grid.stop)[on]
            true = objective.gradients(self.here.a[at], self.here.b[at])[i] if len(at) else at
            error[i, on] = np.abs(self.here.claimed[i, at] - true)
        return error.reshape(2, n, n)

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
    points: tuple[tuple[float, float], ...] = (),
    resolution: int = 65,
    seconds: float = 1.5,
    typeset: bool = True,
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
        wrong, and for one that is right a point where f is much curved. It is one of the `points`.
    points : tuple of (float, float), optional
        Points that the verdict must hold at as well, in the range or not.
    resolution : int, default 65
        Grid points along each axis; fewer over data of many rows.
    seconds : float, default 1.5
        The processor time that SymPy may take to write out what remains, once it is imported; 0
        leaves that to :func:`with_remainders`.
    typeset : bool, default True
        Whether what remains is wanted as LaTeX as well, which takes most of a second.

    Raises
    ------
    FormulaError
        If a component is no formula, in a sentence that names it.
    """
    candidate = CandidateGradient.parse(objective, texts)
    constants = {name: candidate.constants[name] for name in candidate.constants_in_use}
    samples = Samples.of(
        extent, ((at,) if at else ()) + points, resolution,
        rows=objective.rows, constants=constants,
    )  # fmt: skip
    here = compare(candidate, *samples.points, extent)
    kinks = Kinks(candidate, samples, here.size)
    judged = [judge(i, here, samples, kinks) for i in range(2)]
    taylor = [
        _first_telling(taylor_test(candidate, i, place, samples.reach) for place in places)
        for i, verdict in enumerate(judged)
        for places in [[at] if at else _telling_points(here, i, verdict)]
    ]
    check = GradientCheck(
        samples,
        here,
        kinks,
        (judged[0], judged[1]),
        (taylor[0], taylor[1]),
        (epsilon_test(candidate, 0, taylor[0].at), epsilon_test(candidate, 1, taylor[1].at)),
    )
    return with_remainders(check, seconds, typeset=typeset) if seconds > 0.0 else check


def _telling_points(
    here: Comparison, component: int, verdict: Verdict
) -> list[tuple[float, float]]:
    """Return where to test: the worst places, or for what is right one of large curvature."""
    worst = verdict.worst
    if verdict.right is False and not verdict.only_for and worst and np.isfinite(worst.claimed):
        sampled = int(np.nanargmax(here.error[component]))
        return [(worst.a, worst.b), (float(here.a[sampled]), float(here.b[sampled]))]
    known = np.flatnonzero(here.comparable[component])[:64]
    if not len(known):
        return [(float(here.a[0]), float(here.b[0]))]
    curvatures = here.candidate.objective.hessians(here.a[known], here.b[known])
    size = np.nan_to_num(np.abs(curvatures[2 * component]), posinf=0.0)
    best = known[np.argmax(size)]
    return [(float(here.a[best]), float(here.b[best]))]


def _first_telling(tests: Iterable[TaylorTest]) -> TaylorTest:
    """Return the first test in which the true derivative looks like one, or else the first."""
    made = []
    for test in tests:
        made.append(test)
        if not test.true_slope < _WRONG_SLOPE:  # nan: there is only rounding
            return test
    return made[0]


# -- what remains


def with_remainders(
    check: GradientCheck,
    seconds: float = 1.5,
    cancelled: Callable[[], bool] = bool,
    *,
    typeset: bool = True,
) -> GradientCheck:
    """Write out the differences, by SymPy if need be, and say of what is right that there is none.

    Parameters
    ----------
    check : GradientCheck
        One without.
    seconds : float, default 1.5
        The processor time that this may take, once SymPy is imported.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.
    typeset : bool, default True
        Whether the differences are wanted as LaTeX as well.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    wanted = [i for i, verdict in enumerate(check.verdicts) if verdict.how != "identical"]
    wrong = [i for i in wanted if check.verdicts[i].right is False]
    texts = remainders(check.candidate, wanted, seconds, cancelled, wrong, typeset)
    found = dict(zip(wanted, texts, strict=True))
    verdicts, taylor, epsilon = list(check.verdicts), list(check.taylor), list(check.epsilon)
    for i, remainder in found.items():
        verdicts[i] = _with_remainder(check, i, remainder)
        worst = verdicts[i].worst
        is_news = check.verdicts[i].right and verdicts[i].right is False
        if is_news and worst is not None and taylor[i].at not in check.samples.named:
            at = worst.a, worst.b
            taylor[i] = taylor_test(check.candidate, i, at, check.samples.reach)
            epsilon[i] = epsilon_test(check.candidate, i, at)
    return replace(
        check,
        verdicts=(verdicts[0], verdicts[1]),
        taylor=(taylor[0], taylor[1]),
        epsilon=(epsilon[0], epsilon[1]),
    )


def _with_remainder(check: GradientCheck, component: int, remainder: Remainder) -> Verdict:
    """Return the verdict on a component, now that it is known what remains.

    What is not 0 may still be so everywhere, where SymPy knows no better. So it is climbed from
    many places, and visited on all its branches, to points where the component may be wrong.
    """
    verdict, candidate, samples = check.verdicts[component], check.candidate, check.samples

    def as_right(how: How) -> Verdict:
        known = replace(verdict, unseen="")
        return right_as(component, check.here, samples, check.kinks, known, how)

    if remainder.text == "0":
        return as_right("symbolic") if verdict.right else verdict
    if verdict.right and remainder.text:
        points, settled = suspects(candidate, candidate.node(remainder.text), samples)
        if (wrong := wrong_among(component, check.here, points, samples)) is not None:
            return replace(wrong, remainder=remainder)
        if settled:
            verdict = as_right("numeric")
    elif verdict.right is not False:
        return verdict
    return replace(verdict, remainder=remainder)
