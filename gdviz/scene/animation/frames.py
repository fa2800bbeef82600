"""What each frame of an animation shows: a plan, from which any frame follows by itself."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, get_args

import msgspec
import numpy as np

from gdviz.base.format import number, pair
from gdviz.base.types import Array
from gdviz.engine.analysis.best_direction import Circle, best_direction
from gdviz.experiment.camera import Camera
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.method_settings import shown_settings
from gdviz.experiment.validation import BOUNDS, ExperimentError
from gdviz.scene.animation.animation_error import AnimationError
from gdviz.scene.animation.basins_on_map import BasinsOnMap
from gdviz.scene.basins import MethodBasins
from gdviz.scene.map.gradient_error import ErrorDrawing
from gdviz.scene.map.taylor_overlay import TaylorOverlay
from gdviz.scene.scene import Point, Scene, build_scene
from gdviz.scene.step_cloud import StepCloud, clouds_at, drawing_runs

#: What changes from frame to frame.
Over = Literal["steps", "epsilon", "alpha", "eta", "start"]
#: All of it.
OVERS: tuple[Over, ...] = get_args(Over)

#: Where an animation goes if nobody says: a number, or a point.
End = float | Point

MOST_FRAMES = 1_000_000
#: That a camera goes around a surface: ten times.
MOST_DEGREES = 3600.0
#: Frames if nobody says how many: of steps at most, and of everything else.
_MOST_STEPS, _USUAL = 120, 60
#: From which multiple of the experiment's own value to which one a number is turned.
_FACTORS: Mapping[Over, tuple[float, float]] = MappingProxyType(
    {"epsilon": (0.01, 3.0), "alpha": (0.1, 3.0), "eta": (0.1, 3.0)}
)
#: What is turned, as it is written.
SIGNS: Mapping[Over, str] = MappingProxyType(
    {"steps": "step", "epsilon": "ε", "alpha": "α", "eta": "η", "start": "start"}
)


@dataclass(frozen=True, eq=False)
class Frame:
    """What one frame shows.

    Attributes
    ----------
    scene : Scene
        The scene.
    step : int or None
        Up to which its paths are drawn; None draws them whole.
    circle : Circle or None
        Steps of length η from a point, as from the start where that is what is turned.
    basins : tuple of MethodBasins
        What lies on the map: one method's basins, or those of two that are compared.
    clouds : tuple of (StepCloud or None)
        Where the step would lead by other draws, of each method that draws; None where it takes
        none.
    models : TaylorOverlay or None
        What lies on the map of the Taylor models at a point; animations have none.
    error : ErrorDrawing or None
        How wrong a candidate gradient is over the map; animations have none, and neither has what
        is drawn in three dimensions.
    """

    scene: Scene
    step: int | None = None
    circle: Circle | None = None
    basins: tuple[MethodBasins, ...] = ()
    clouds: tuple[StepCloud | None, ...] = ()
    models: TaylorOverlay | None = None
    error: ErrorDrawing | None = None


@dataclass(frozen=True, eq=False)
class Plan:
    """What an animation shows; made by :func:`plan_frames`.

    Attributes
    ----------
    scene : Scene
        The experiment's own, which the others take the landscape from.
    over : {"steps", "epsilon", "alpha", "eta", "start"}
        What changes.
    values : ndarray, shape (n,) or (n, 2)
        The step, the number or the point of each frame.
    orbit : float
        Degrees by which the camera goes around the surface from the first frame to the last.
    basins : BasinsOnMap
        What lies on the map.
    clouds : bool
        Whether each frame has the clouds of its step.
    """

    scene: Scene
    over: Over
    values: Array
    orbit: float = 0.0
    basins: BasinsOnMap = field(default_factory=BasinsOnMap)
    clouds: bool = False

    def __len__(self) -> int:
        return len(self.values)

    def experiment(self, k: int) -> Experiment:
        """Return the experiment of a frame."""
        own = self.scene.experiment
        if self.orbit:
            own = own.replace(camera=self._camera(k))
        if self.over == "steps":
            return own
        if self.over == "start":
            a, b = self.values[k].tolist()
            return own.replace(start=(a, b))
        return own.replace(**{self.over: float(self.values[k])})

    def frame(
        self, k: int, cancelled: Callable[[], bool] = bool, *, is_kept: bool = False
    ) -> Frame:
        """Return what a frame shows.

        Parameters
        ----------
        k : int
            From 0 on; negative ones count from the end.
        cancelled : callable, optional
            Asked now and then; when it returns True the work ends.
        is_kept : bool, default False
            Whether its basins are kept: it will be asked for again.

        Raises
        ------
        Cancelled
            If `cancelled` said so.
        """
        bare = self.bare(k, cancelled)
        return replace(bare, basins=self.basins.of(bare.scene, cancelled, is_kept=is_kept))

    def bare(self, k: int, cancelled: Callable[[], bool] = bool) -> Frame:
        """Return what a frame shows but for the basins, which take time.

        Parameters
        ----------
        k, cancelled
            As for :meth:`frame`.

        Raises
        ------
        Cancelled
            If `cancelled` said so.
        """
        own = self.scene
        if self.over == "steps":
            scene = replace(own, experiment=self.experiment(k)) if self.orbit else own
            step = int(self.values[k])
            return Frame(scene, step, clouds=clouds_at(scene, step) if self.clouds else ())
        scene = build_scene(
            self.experiment(k), own, objective=own.objective,
            resolution=own.landscape.grid.resolution, cancelled=cancelled,
        )  # fmt: skip
        if self.over != "eta":
            return Frame(scene)
        objective = own.objective.cancelled_by(cancelled)
        start, eta = scene.experiment.start, scene.experiment.eta
        return Frame(scene, circle=best_direction(objective, start, eta))

    def _camera(self, k: int) -> Camera:
        camera = self.scene.experiment.camera
        turned = camera.azimuth + self.orbit * (k % len(self)) / (len(self) - 1)
        return msgspec.structs.replace(camera, azimuth=(turned + 180.0) % 360.0 - 180.0)

    def are_alike(self, one: int, other: int) -> bool:
        """Tell whether two frames show the same: of few steps, many frames do."""
        return one == other or (
            not self.orbit and bool(np.all(self.values[one] == self.values[other]))
        )

    def some(self, most: int) -> list[int]:
        """Return the places of so many frames at most, evenly spaced, the first and last among."""
        return sorted({*np.linspace(0, len(self) - 1, most).round().astype(int).tolist()})


def plan_frames(
    scene: Scene,
    over: Over = "steps",
    first: End | None = None,
    last: End | None = None,
    frames: int | None = None,
    orbit: float = 0.0,
    basins: BasinsOnMap | None = None,
    clouds: bool = False,
) -> Plan:
    """Plan an animation.

    Parameters
    ----------
    scene : Scene
        What the experiment is.
    over : {"steps", "epsilon", "alpha", "eta", "start"}, default "steps"
        What changes from frame to frame: the step up to which the paths are drawn, ε, α or η (by
        the same factor from frame to frame), or the start, which moves along a line.
    first, last : float or (float, float), optional
        From where to where: steps, numbers, or points for ``"start"``. By default from the start
        of the paths to their end, from a part of the experiment's own number to a multiple of it,
        and from the experiment's own start; where that is to go has to be given.
    frames : int, optional
        How many; by default 60, and of the steps all, but 120 at most.
    orbit : float, default 0
        Degrees by which the camera goes around the surface meanwhile, for pictures in three
        dimensions.
    basins : BasinsOnMap, optional
        What lies on the map: one method's basins, or those of two that are compared. Where what
        they depend on is turned, they are computed for each frame.
    clouds : bool, default False
        Whether each frame of the steps has, on the map, where its step would have led by other
        draws of each random estimate.

    Raises
    ------
    AnimationError
        If nothing would move, or something is out of bounds.
    """
    if over not in OVERS:
        raise AnimationError("over", f"must be one of {', '.join(OVERS)}, not {over!r}")
    if why := _why_nothing(scene, over):
        raise AnimationError("over", why)
    low, high = _ends(scene, over, first, last)
    if low == high:
        raise AnimationError("to", f"nothing moves from {_shown(low)} to {_shown(high)}")
    frames = _usual_frames(over, low, high) if frames is None else frames
    if not 2 <= frames <= MOST_FRAMES:
        raise AnimationError("frames", f"must be between 2 and {MOST_FRAMES:,}, not {frames:,}")
    if not abs(orbit) <= MOST_DEGREES:
        message = f"must be between −{MOST_DEGREES:g} and {MOST_DEGREES:g} degrees"
        raise AnimationError("orbit", f"{message}, not {number(orbit)}")
    basins = basins or BasinsOnMap()
    if why := basins.why_none(scene.experiment):
        raise AnimationError("basins", why)
    if clouds and (why := _why_no_clouds(scene, over)):
        raise AnimationError("cloud", why)
    plan = Plan(scene, over, _between(over, low, high, frames), orbit, basins, clouds)
    if over in ("epsilon", "alpha"):
        _check_used(plan)
    return plan


def _usual_frames(over: Over, low: End, high: End) -> int:
    """Return how many frames there are if nobody says."""
    if over == "steps" and isinstance(low, float) and isinstance(high, float):
        return min(int(abs(high - low)) + 1, _MOST_STEPS)
    return _USUAL


def _check_used(plan: Plan) -> None:
    """Refuse to turn a number that no method takes."""
    ends = [shown_settings(plan.experiment(k)) for k in (0, -1)]
    if ends[0] == ends[1]:
        sign = SIGNS[plan.over]
        why = f"no method that is shown takes the experiment's {sign}, so nothing would move"
        raise AnimationError("over", why)


def frame_at(scene: Scene, step: int | None) -> Frame:
    """Return a scene with its paths drawn up to a step, or whole where that is None.

    Raises
    ------
    AnimationError
        If the longest path has no such step.
    """
    if step is not None:
        try:
            _checked(scene, "steps", float(step))
        except ValueError as error:
            raise AnimationError("step", str(error)) from None
    return Frame(scene, step)


def usual_ends(scene: Scene, over: Over) -> tuple[End, End]:
    """Return from where to where something is turned if nobody says.

    Parameters
    ----------
    scene : Scene
        What the experiment is.
    over : {"steps", "epsilon", "alpha", "eta", "start"}
        What changes. A start moves to the middle of the map, or away from there.
    """
    experiment = scene.experiment
    if over == "steps":
        return 0.0, float(longest_path(scene))
    if over == "start":
        window = experiment.map_range
        middle = (window.a_low + window.a_high) / 2, (window.b_low + window.b_high) / 2
        corner = window.a_low, window.b_low
        return experiment.start, middle if middle != experiment.start else corner
    own: float = getattr(experiment, over)
    low, high = BOUNDS[over]
    least, most = (min(max(factor * own, low), high) for factor in _FACTORS[over])
    return least, most


def longest_path(scene: Scene) -> int:
    """Return how many steps the longest path has that is seen of a scene."""
    return max((run.path.updates for run in (*scene.runs, *scene.thin_shown)), default=0)


def _why_nothing(scene: Scene, over: Over) -> str:
    """Say why there is nothing that could move; empty if there is."""
    if not scene.landscape.grid.has_values:
        return "f has no value anywhere on the map, so there is nothing to show"
    if over == "eta":
        return ""
    if not scene.runs:
        return "no method is shown, so there are no paths"
    if over == "steps" and not longest_path(scene):
        return f"no path makes a step: {scene.runs[0].path.sentence}"
    return ""


def _why_no_clouds(scene: Scene, over: Over) -> str:
    """Say why there are no clouds; empty if there are."""
    if over != "steps":
        return "there is one of each step, so it is the steps that have to change"
    return "" if drawing_runs(scene) else "no method that is shown draws its gradient"


def _ends(scene: Scene, over: Over, first: End | None, last: End | None) -> tuple[End, End]:
    """Return from where to where, checked."""
    if over == "start" and last is None:
        raise AnimationError("to", "a start that moves needs a point where it goes, as A,B")
    usual = usual_ends(scene, over)
    ends = []
    for name, given, by_default in zip(("from", "to"), (first, last), usual, strict=True):
        end = by_default if given is None else given
        if isinstance(end, tuple) != (over == "start"):
            form = "a point, as A,B" if over == "start" else "a number"
            raise AnimationError(name, f"must be {form}")
        try:
            ends.append(_checked(scene, over, end))
        except ExperimentError as error:
            raise AnimationError(name, error.message) from None
        except ValueError as error:
            raise AnimationError(name, str(error)) from None
    return ends[0], ends[1]


def _checked(scene: Scene, over: Over, end: End) -> End:
    """Return an end that is within bounds, or raise a ValueError."""
    if over != "steps":
        scene.experiment.replace(**{over: end})
        return end
    longest = longest_path(scene)
    assert not isinstance(end, tuple)
    if not (math.isfinite(end) and end == int(end) and 0 <= end <= longest):
        raise ValueError(f"must be a step from 0 to {longest}, where the longest path ends, "
                         f"not {number(end)}")  # fmt: skip
    return float(end)


def _between(over: Over, low: End, high: End, frames: int) -> Array:
    """Return the value of each frame, of no more digits than tell one from the next."""
    values: Array
    if over == "steps":
        return np.linspace(low, high, frames).round()
    digits = 2 + math.ceil(math.log10(frames))
    if over == "start":
        values = np.linspace(low, high, frames)
        span = float(np.ptp(values, axis=0).max())
        values = values.round(digits - math.floor(math.log10(span)))
    else:
        values = np.array([float(f"{x:.{digits}g}") for x in np.geomspace(low, high, frames)])
    values[0], values[-1] = low, high
    return values


def _shown(end: End | Sequence[float]) -> str:
    return pair(end) if isinstance(end, tuple) else number(float(end))  # type: ignore[arg-type]
