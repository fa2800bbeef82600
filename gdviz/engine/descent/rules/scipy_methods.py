"""SciPy's minimisers as update rules: any gradient estimate can be given to those that take one.

They ask for f as well as for the gradient. All of these calls are the method's own and are counted;
those of a search stand with the point that the search began at. The learning rate plays no part.
"""

import math
import warnings
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.base.format import number
from gdviz.engine.descent.estimates.estimate import Gradient
from gdviz.engine.descent.hyperparameters import Option
from gdviz.engine.descent.path import Status, Trajectory
from gdviz.engine.descent.rules.rule import Rule
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.counting import CountedObjective

#: ``(value, gradient, start, accept, settings) -> message``: minimises from a start with functions
#: of the point, and hands each point that it accepts to ``accept(intermediate_result)``, which
#: raises StopIteration where that has left the map.
Solver = Callable[[Any, Any, Any, Any, RunSettings], str]

#: The component of a gradient up to which a quasi-Newton method goes on: SciPy's default.
_GTOL = 1e-5
_SMALL_GRADIENT = f"no component of its gradient exceeds {number(_GTOL)}"
_NO_LOWER_POINT = "its line search found no lower point"
#: What SciPy says at the end, by a part of it. "Convergence" is not among the words: it is told
#: of functions without a minimum as well.
_MESSAGES = {
    "NORM OF PROJECTED GRADIENT": _SMALL_GRADIENT,
    "RELATIVE REDUCTION OF F": f"its last step lowered f by less than {number(2.2e-9)} of |f|",
    "ABNORMAL": _NO_LOWER_POINT,
    "precision loss": _NO_LOWER_POINT,
    "NaN result": "f is not a number at a point that it asked for",
    "EVALUATIONS EXCEEDS LIMIT": "it has used all the evaluations it may take",
    "function evaluations": "it has used all the evaluations it may take",
}


def minimise(
    solve: Solver,
    f: CountedObjective,
    settings: RunSettings,
    start: tuple[float, float],
    cancelled: Callable[[], bool],
) -> Trajectory:
    """Minimise with what SciPy has for it; nothing is computed twice at a point.

    The minimisers work in float64; with float32 settings they are handed float32 values and
    gradients.

    Parameters
    ----------
    solve : callable
        What minimises; see :data:`Solver`.
    f : CountedObjective
        What is minimised, and counts.
    settings : RunSettings
        What the method runs with.
    start : (float, float)
        The point at step 0.
    cancelled : callable
        Asked at each evaluation; when it returns True the run ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    asked = _Asked(f, settings, cancelled)
    a_low, a_high, b_low, b_high = settings.limits(start)
    path = Trajectory([start[0]], [start[1]], status=Status.STOPPED)

    def accept(intermediate_result: Any) -> None:
        a, b = intermediate_result.x.tolist()
        path.a.append(a)
        path.b.append(b)
        path.tallies.append(f.tally[0])
        if not (a_low <= a <= a_high and b_low <= b <= b_high):
            path.status = Status.LEFT_MAP
            raise StopIteration

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of infinities on the way, which the sentence reports
        message = solve(asked.value, asked.gradient, np.array(start), accept, settings)
    points = list(zip(path.a, path.b, strict=True))
    if path.status is Status.LEFT_MAP:
        points.pop()
    else:
        # A search that found no better point, or what was asked at the last one.
        path.tallies.append(f.tally[0])
        path.message = _plain(message)
        if len(points) > settings.steps:
            path.status = Status.STEP_LIMIT
        elif settings.rule.uses_gradient and not np.isfinite(asked.gradients[points[-1]]).all():
            path.status = Status.NOT_A_NUMBER
    nowhere = math.nan, math.nan  # where none was taken
    taken = (asked.gradients.get(point, nowhere) for point in points)
    path.g_a, path.g_b = map(list, zip(*taken, strict=True))
    return path


class _Asked:
    """f and its gradient as functions of the point, which is an array; neither is asked twice."""

    def __init__(
        self, f: CountedObjective, settings: RunSettings, cancelled: Callable[[], bool]
    ) -> None:
        self.values: dict[tuple[float, float], float] = {}
        self.gradients: dict[tuple[float, float], Gradient] = {}
        self._f, self._gradient, self._cancelled = f, settings.gradient(f), cancelled

    def value(self, theta: Any) -> float:
        """Return f."""
        if self._cancelled():
            raise Cancelled
        a, b = theta.tolist()
        if (a, b) not in self.values:
            self.values[a, b] = float(self._f.value(self._f.real(a), self._f.real(b)))
        return self.values[a, b]

    def gradient(self, theta: Any) -> Any:
        """Return the estimate."""
        a, b = theta.tolist()
        if (a, b) not in self.gradients:
            try:
                self.gradients[a, b] = self._gradient(self._f.real(a), self._f.real(b))
            except ZeroDivisionError:  # θ + ε was θ, and the representable step is zero
                self.gradients[a, b] = math.nan, math.nan
        return np.array(self.gradients[a, b], np.float64)


def _plain(message: str) -> str:
    """Return in plain words why SciPy ended; what is not known stays as it is."""
    plain = (words for begin, words in _MESSAGES.items() if begin in message)
    return next(plain, " ".join(message.split()).rstrip(".: "))


def _with_scipy(
    method: str,
    options: Callable[[int], dict[str, int]],
    success: str,
    value: Any,
    gradient: Any,
    start: Any,
    accept: Any,
    settings: RunSettings,
) -> str:
    """Minimise with a method of SciPy's ``minimize``, with its defaults but for the limits."""
    # Costs 0.3 s: not on the way to the first frame, and only where it is asked for.
    from scipy.optimize import minimize

    result: Any = minimize(  # type: ignore[call-overload]
        value,
        start,
        jac=gradient if settings.rule.uses_gradient else None,
        method=method,
        callback=accept,
        options=options(settings.steps),
    )
    message = result.message
    text: str = message.decode() if isinstance(message, bytes) else message
    return text.replace("Optimization terminated successfully.", success)


def _conjugate_gradient(
    value: Any, gradient: Any, start: Any, accept: Any, settings: RunSettings
) -> str:
    """Minimise with nonlinear conjugate gradients: d ← −ĝ + βd, θ ← θ + td.

    β is max(0, ĝ·(ĝ − ĝ′))/ĝ′·ĝ′ of Polak, Ribière and Polyak, or ĝ·ĝ/ĝ′·ĝ′ of Fletcher and
    Reeves, with ĝ′ at the point before; t meets the strong Wolfe conditions, with c₂ = 0.4 and 0.1.
    Where d does not lead down, or no t is found along it, it is −ĝ again.

    References
    ----------
    J. Nocedal and S. J. Wright, Numerical Optimization, 2nd ed., Springer 2006, section 5.2.
    """
    from scipy.optimize import line_search

    fletcher_reeves = bool(settings.options["fletcher_reeves"])
    theta, g = start, gradient(start)
    d, loss = -g, value(start)
    before = loss + math.hypot(*g) / 2.0  # so that the first trial is about 1/‖g‖, as in SciPy
    for _ in range(settings.steps):
        if np.abs(g).max() <= _GTOL:
            return _SMALL_GRADIENT
        c2 = 0.1 if fletcher_reeves else 0.4
        t, _, _, lower, *_ = line_search(value, gradient, theta, d, g, loss, before, c2=c2)
        if t is None and (d != -g).any():
            d = -g
            t, _, _, lower, *_ = line_search(value, gradient, theta, d, g, loss, None, c2=c2)
        if t is None:
            return _NO_LOWER_POINT
        theta, loss, before = theta + t * d, lower, loss
        try:
            accept(SimpleNamespace(x=theta))
        except StopIteration:
            break
        following = gradient(theta)
        change = following if fletcher_reeves else following - g
        beta = max(0.0, following @ change / (g @ g))
        g, d = following, beta * d - following
        d = d if g @ d < 0.0 else -g
    return ""


_lbfgs = partial(
    _with_scipy, "L-BFGS-B", lambda n: {"maxiter": n, "maxfun": 20 * n + 100}, ""
)  # memory 10, ftol 2.2e-9, gtol 1e-5
_bfgs = partial(_with_scipy, "BFGS", lambda n: {"maxiter": n}, _SMALL_GRADIENT)
_nelder_mead = partial(
    _with_scipy, "Nelder-Mead", lambda n: {"maxiter": n + 1, "maxfev": 20 * n + 100},
    f"its triangle, and what f differs by on it, are smaller than {number(1e-4)}",
)  # fmt: skip

RULES = (
    Rule(
        "conjugate-gradient",
        "Conjugate gradient",
        "d ← βd − ĝ, θ ← θ + td: each direction keeps a part of the one before, and t is SciPy's "
        "search for the strong Wolfe conditions; all that it asks for is counted; α is not used",
        (Option("fletcher_reeves", "Fletcher–Reeves", 0, 0, 1,
                "Whether β is Fletcher and Reeves's, and not Polak and Ribière's",
                is_switch=True),),
        definition=(
            "β is Polak and Ribière's where that is positive, as in SciPy's CG, whose line search "
            "is another; none of PyTorch, Keras and Optax has it"
        ),
        known_as="Fletcher, Reeves, Polak, Ribière, Hestenes, Stiefel, CG, SciPy",
        formula="d ← βd − ĝ, θ ← θ + td",
        latex=r"d \leftarrow \beta d - \hat{g},\quad \theta \leftarrow \theta + t d",
        method=partial(minimise, _conjugate_gradient),
        uses_alpha=False,
        is_elementwise=False,
        values_beside=None,
    ),
    Rule(
        "bfgs",
        "BFGS",
        "SciPy's BFGS: θ ← θ − tBĝ with an inverse Hessian B that is learned from gradients, and a "
        "line search, whose evaluations are counted as its own; α is not used",
        definition=(
            "SciPy's minimize with BFGS, where B is I at first. Optax and PyTorch have L-BFGS "
            "alone; Keras has neither"
        ),
        known_as="Broyden, Fletcher, Goldfarb, Shanno, quasi-Newton",
        formula="θ ← θ − tBĝ",
        latex=r"\theta \leftarrow \theta - t B \hat{g}",
        method=partial(minimise, _bfgs),
        uses_alpha=False,
        is_elementwise=False,
        values_beside=None,
    ),
    Rule(
        "l-bfgs",
        "L-BFGS",
        "SciPy's L-BFGS-B: a quasi-Newton direction and a line search, whose evaluations are "
        "counted as its own; α is not used",
        definition=(
            "SciPy's minimize with L-BFGS-B. PyTorch's LBFGS does not search along the line unless "
            "it is told to"
        ),
        known_as="Liu, Nocedal, Byrd, Lu, Zhu, LBFGS, quasi-Newton",
        formula="θ ← θ + the search's step",
        latex=r"\theta \leftarrow \theta + \mathrm{the\ search's\ step}",
        method=partial(minimise, _lbfgs),
        uses_alpha=False,
        is_elementwise=False,
        values_beside=1,
    ),
    Rule(
        "nelder-mead",
        "Nelder–Mead",
        "SciPy's Nelder–Mead: a triangle of values that reflects, stretches and shrinks, and no "
        "gradient at all; the path is its best corner; neither the estimate nor α is used",
        definition=(
            "SciPy's minimize with Nelder-Mead, whose first triangle is 5 % of the start wide; "
            "none of PyTorch, Keras and Optax has it"
        ),
        known_as="simplex, amoeba, fminsearch, zeroth order",
        formula="θ ← the triangle's best corner",
        latex=r"\theta \leftarrow \mathrm{the\ triangle's\ best\ corner}",
        method=partial(minimise, _nelder_mead),
        uses_gradient=False,
        uses_alpha=False,
        is_elementwise=False,
        values_beside=None,
    ),
)  # fmt: skip
