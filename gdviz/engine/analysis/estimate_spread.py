"""A random estimate drawn many times at one point: bias, spread, and what theory says of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from gdviz.base.types import Array
from gdviz.engine.descent.estimates.draws import Draws
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.objective import Objective

#: Samples from here on are for looking at one step, and no path draws them.
_BESIDE_PATHS = 2**40
#: Gradients of single rows along a path, at most: a frame waits for them.
_CELLS = 50_000
#: Where the mean of the rows' gradients is off by more than this part of them, it is not ∇f.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Spread:
    """Draws of an estimate at one point.

    Attributes
    ----------
    estimates : ndarray, shape (n, 2)
        The draws.
    exact : ndarray, shape (2,)
        ∇f; nan where it is not known.
    theory : ndarray, shape (2, 2), or None
        The covariance in theory, as ε → 0; None where it is not known.
    """

    estimates: Array
    exact: Array
    theory: Array | None

    @property
    def mean(self) -> Array:
        """The mean of the draws."""
        mean: Array = self.estimates.mean(axis=0)
        return mean

    @property
    def covariance(self) -> Array:
        """The covariance of the draws."""
        covariance: Array = np.cov(self.estimates.T)
        return covariance

    @property
    def bias(self) -> float:
        """‖mean − ∇f‖, as far as so many draws tell: see :attr:`standard_error`."""
        return float(np.linalg.norm(self.mean - self.exact))

    @property
    def standard_error(self) -> float:
        """About how far the mean of so many draws is off by chance."""
        return self.deviation / float(np.sqrt(len(self.estimates)))

    @property
    def deviation(self) -> float:
        """The root of the summed variances of the components."""
        return float(np.sqrt(np.trace(self.covariance)))

    @property
    def mean_square(self) -> float:
        """E‖ĝ‖² as these draws have it, over ‖∇f‖²; nan where ∇f is not known."""
        mean = float(np.mean(np.sum(np.square(self.estimates), axis=1)))
        return _over(mean, self.exact)

    @property
    def mean_square_in_theory(self) -> float:
        """The same in theory: N + 2 along one normal direction, N along signs or on an axis."""
        return _over(float(self.exact @ self.exact) + self.deviation_in_theory**2, self.exact)

    @property
    def deviation_in_theory(self) -> float:
        """The same in theory; nan where it is not known."""
        return float("nan") if self.theory is None else float(np.sqrt(np.trace(self.theory)))


def _over(square: float, gradient: Array) -> float:
    norm = float(gradient @ gradient)
    return square / norm if norm > 0.0 else float("nan")


def draw(
    objective: Objective, settings: RunSettings, at: tuple[float, float], step: int, count: int
) -> Spread:
    """Draw a method's random estimate many times at one point.

    Parameters
    ----------
    objective : Objective
        The function.
    settings : RunSettings
        What the method runs with; its estimate is random.
    at : (float, float)
        The point.
    step : int
        The step for which these are the draws: another one has others.
    count : int
        How many; at least two.
    """
    f = CountedObjective(objective, settings.precision)
    draws = Draws(settings.seed, _BESIDE_PATHS + step)
    a, b = map(f.real, at)
    with np.errstate(all="ignore"):
        gradient = settings.estimate.bind(
            f, f.real(settings.epsilon), settings.representable_step, draws,
            **settings.estimate_options,
        )  # fmt: skip
        estimates = np.array([gradient(a, b) for _ in range(count)], np.float64)
        exact = np.array(objective.gradient(*at))
        theory = covariance(objective, settings, at)
    return Spread(estimates, exact, theory)


def covariance(
    objective: Objective, settings: RunSettings, at: tuple[float, float]
) -> Array | None:
    """Return the covariance of a random estimate as ε → 0, or None where that is not known.

    The formulas are in the docstrings of :mod:`gdviz.engine.descent.estimates.random_directions`.

    Parameters
    ----------
    objective : Objective
        The function.
    settings : RunSettings
        What the method runs with.
    at : (float, float)
        The point.
    """
    options, name = settings.estimate_options, settings.estimate.name
    if name == "mini-batch":
        return _of_batches(objective, settings, np.array([at]))[0]
    if objective.no_gradient or name not in _ALONG:
        return None
    return _ALONG[name](np.array(objective.gradient(*at))) / options.get("pairs", 1.0)


def deviation_in_theory(
    objective: Objective, settings: RunSettings, points: Array, gradients: Array
) -> Array | None:
    """Return the standard deviation of a random estimate as ε → 0 at points where ∇f is known.

    Parameters
    ----------
    objective : Objective
        The function.
    settings : RunSettings
        What the method runs with.
    points, gradients : ndarray, shape (n, 2)
        θ in their order along a path, and ∇f there.

    Returns
    -------
    ndarray, shape (n,), or None
        The root of the summed variances; None where it is not known. That of a mini-batch of much
        data is computed at some of the points, and drawn through between them.
    """
    name = settings.estimate.name
    if name == "mini-batch":
        return _deviation_of_batches(objective, settings, points)
    if name not in _ALONG:
        return None
    # The covariance of these is quadratic in ∇f, and its trace a multiple of ‖∇f‖².
    trace = float(np.trace(_ALONG[name](np.array([1.0, 0.0]))))
    pairs = settings.estimate_options.get("pairs", 1.0)
    deviations: Array = np.sqrt(trace / pairs) * np.hypot(*np.asarray(gradients).T)
    return deviations


def _deviation_of_batches(
    objective: Objective, settings: RunSettings, points: Array
) -> Array | None:
    if not len(points):
        return np.empty(0)
    count = min(len(points), max(2, _CELLS // objective.rows))
    some = np.unique(np.linspace(0, len(points) - 1, count).round().astype(int))
    found = _of_batches(objective, settings, points[some])
    traces = [np.trace(scatter) for scatter in found if scatter is not None]
    if len(traces) < len(found):
        return None
    deviations = np.sqrt(traces)
    along: Array = np.interp(np.arange(len(points)), some, deviations)
    return along


def _of_batches(objective: Objective, settings: RunSettings, points: Array) -> list[Array | None]:
    """Return the covariance of a mini-batch at points: that of B rows without replacement.

    None where the gradients of single rows, each as large as that of all, have another mean than
    ∇f: then f is not linear in its sums.
    """
    f = CountedObjective(objective, "float64", arrays=True)
    size = min(int(settings.estimate_options["rows"]), f.rows)
    if f.rows < 2:
        return [np.zeros((2, 2))] * len(points)
    with np.errstate(all="ignore"):
        # A batch of one row is n times the row's own gradient.
        alone = np.arange(f.rows)[:, None]
        a, b = points.T[..., None]
        shape = len(points), f.rows
        rows = np.array([np.broadcast_to(part, shape) for part in f.batch_gradient(a, b, alone)])
        exact = np.array(objective.gradients(*points.T))
        off = np.abs(rows.mean(axis=2) - exact)
        is_linear = off <= _ROUNDING * (np.abs(rows).mean(axis=2) + np.abs(exact))
        scale = (1.0 - size / f.rows) / size
        return [
            np.cov(rows[:, k]) * scale if is_linear[:, k].all() else None
            for k in range(len(points))
        ]


def _along_signs(g: Array) -> Array:
    both = np.outer(g, g)
    return np.where(np.eye(2, dtype=bool), g @ g - np.diag(np.diag(both)), both)


def _along_normals(g: Array) -> Array:
    return np.asarray(g @ g * np.eye(2) + np.outer(g, g))


def _on_an_axis(g: Array) -> Array:
    return np.asarray(2.0 * np.diag(g * g) - np.outer(g, g))


#: The covariance by ∇f; of several directions at once it is that over their number.
_ALONG: Mapping[str, Callable[[Array], Array]] = MappingProxyType(
    {
        "spsa": _along_signs,
        "gaussian": _along_normals,
        "evolution": _along_normals,
        "forward-gradient": _along_normals,
        "random-coordinate": _on_an_axis,
    }
)
