"""What a page can turn of a scene: which methods run in it, with what, and why others do not."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Any

from gdviz.base.geometry import FARTHEST
from gdviz.engine.descent.estimates.draws import Draws
from gdviz.engine.descent.rules.shaping import CLIP, FADING, NOISE, own_options
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.grid_objective import GridObjective
from gdviz.experiment.validation import BOUNDS, SLIDERS
from gdviz.export.page.packing import Kind, Packed, packed
from gdviz.export.page.program import NO_PROGRAM, program_text
from gdviz.scene.scene import MARKED_STEPS, Run, Scene

#: What the page's scripts have: ``estimates.js``, ``rules.js`` and the schedules in it.
ESTIMATES_IN_PAGE = (
    *("analytic", "forward", "backward", "central", "richardson", "adaptive", "complex-step"),
    *("forward-mode", "mistaken", "yours"),
    *("spsa", "gaussian", "evolution", "random-coordinate", "forward-gradient"),
)
RULES_IN_PAGE = (
    *(
        "gd",
        "fixed-length",
        "clipped",
        "noisy",
        "line-search",
        "barzilai-borwein",
        "polyak",
        "momentum",
    ),
    *("heavy-ball", "nesterov", "nesterov-1983", "adagrad", "rmsprop", "adadelta", "rprop"),
    *("adam", "adamw", "adamax", "nadam", "radam", "lion", "newton"),
)
#: Numbers that a page carries of what a method draws.
MOST_DRAWN = 24_000
#: Rows of data that a page carries: more would take it too long to turn something.
MOST_ROWS = 2_000
#: Rows of data, times the steps of all methods: what a browser goes through in some tenths of a
#: second whenever something is turned.
MOST_WORK = 2_000_000
#: What has a slider.
_SLID = ("alpha", "epsilon")


def why_not_turned(scene: Scene) -> str:
    """Return why nothing of a scene can be turned in a page, in a sentence; empty where it can."""
    f, function = scene.objective, scene.experiment.function
    if function.code is not None:
        return (
            f"This page turns nothing: f is computed by {function.code.name}, which does not run "
            "in a browser. It shows what gdviz computed."
        )
    if isinstance(f, GridObjective):
        return (
            "This page turns nothing: f is interpolated between losses of a file, which are not "
            "in the page. It shows what gdviz computed."
        )
    if not isinstance(f, FormulaObjective):
        return (
            "This page turns nothing: f is a Python function, which does not run in a browser. "
            "It shows what gdviz computed."
        )
    if f.rows > MOST_ROWS:
        return (
            f"This page turns nothing: f is a sum over {f.rows:,} rows of data, and a page carries "
            f"{MOST_ROWS:,} at most. It shows what gdviz computed."
        )
    work = f.rows * scene.experiment.steps * len(scene.runs) if f.data is not None else 0
    if work > MOST_WORK:
        return (
            f"This page turns nothing: {len(scene.runs)} methods with {scene.experiment.steps:,} "
            f"steps over {f.rows:,} rows of data would take a browser too long. It shows what "
            "gdviz computed."
        )
    if scene.experiment.precision != "float64":
        return (
            f"This page turns nothing: the methods run in {scene.experiment.precision}, and a "
            "browser in float64. It shows what gdviz computed."
        )
    reasons = [why_run_is_not_turned(scene, run) for run in scene.runs]
    if reasons and all(reasons):
        return f"This page turns nothing: {reasons[0]}. It shows what gdviz computed."
    return ""


def why_run_is_not_turned(scene: Scene, run: Run) -> str:
    """Return why a method does not run in a page where others do; empty where it does."""
    settings = run.settings
    rule, estimate, is_over_data = settings.rule, settings.estimate, scene.objective.rows > 1
    if rule.name not in RULES_IN_PAGE:
        return f"{rule.title} runs in gdviz alone"
    if estimate.name not in ESTIMATES_IN_PAGE:
        return f"{estimate.title} draws, which happens in gdviz alone"
    if estimate.is_random and rule.takes_gradient:
        return f"{rule.title} draws as often as it asks, which happens in gdviz alone"
    if settings.steps * _drawn_a_step(settings) > MOST_DRAWN:
        return "it draws more numbers than a page carries"
    if is_over_data and estimate.name in ("complex-step", "yours"):
        return f"{estimate.title} over data runs in gdviz alone"
    return ""


#: What random estimates draw: a function of the seed and the step alone, and so the same whatever
#: is turned. By how it is kept.
_DRAWN: Mapping[str, tuple[Kind, Callable[[Draws, RunSettings], Iterator[Any]]]] = MappingProxyType(
    {
        "spsa": ("f32", lambda draws, _: draws.signs()),
        "gaussian": ("f64", lambda draws, _: draws.normals()),
        "evolution": ("f64", lambda draws, settings: draws.normals(2 * _pairs(settings))),
        "random-coordinate": ("f32", lambda draws, _: draws.axes()),
        "forward-gradient": ("f64", lambda draws, _: draws.normals()),
    }
)


def _pairs(settings: RunSettings) -> int:
    return int(settings.estimate_options.get("pairs", 1))


def _drawn_a_step(settings: RunSettings) -> int:
    of_estimate = 2 * _pairs(settings) if settings.estimate.is_random else 0
    return of_estimate + 2 * _has_noise(settings)


def _has_noise(settings: RunSettings) -> bool:
    return settings.rule.is_random or bool(settings.options.get(NOISE.name))


def _draws_of(settings: RunSettings) -> dict[str, Packed | None]:
    """Return what a method draws at each step, and the noise that is added to its gradients."""
    draws, steps = Draws(settings.seed, settings.sample), settings.steps
    drawn = noise = None
    if settings.estimate.is_random:
        kind, draw = _DRAWN[settings.estimate.name]
        drawn = packed(list(islice(draw(draws, settings), steps)), kind)
    if _has_noise(settings):
        noise = packed(list(islice(draws.noise(), steps)), "f64")
    return {"draws": drawn, "noise": noise}


def turning_contents(scene: Scene) -> dict[str, Any] | None:
    """Return what is turned from and between what; None where nothing is."""
    f, experiment = scene.objective, scene.experiment
    turned = [run for run in scene.runs if not why_run_is_not_turned(scene, run)]
    if why_not_turned(scene) or not isinstance(f, FormulaObjective) or not turned:
        return None
    of_all = experiment.schedule, experiment.schedule_options
    schedule = turned[0].settings.schedule
    columns: list[Packed] = []
    if f.data is not None:
        columns = [packed(f.data.arrays[name], "f64") for name in f.formula.data]
        columns = columns or [packed(next(iter(f.data.arrays.values())), "f64")]
    return {
        "columns": columns,
        "rows": f.rows,
        "mostWork": MOST_WORK,
        "markedSteps": MARKED_STEPS,
        "farthest": FARTHEST,
        "bounds": {name: BOUNDS[name] for name in _SLID},
        "sliders": {name: _slider(name, getattr(experiment, name)) for name in _SLID},
        "uses": {
            "alpha": any(_is_shared(run, "alpha") for run in turned),
            "epsilon": any(_is_shared(run, "epsilon") for run in turned),
        },
        "choice": {
            "alpha": experiment.alpha,
            "epsilon": experiment.epsilon,
            "steps": experiment.steps,
            "schedule": of_all[0],
            "scheduleOptions": schedule.option_values(of_all[1]),
            "isRepresentable": experiment.representable_step,
            "remark": experiment.function.remark,
        },
    }


def _slider(name: str, value: float) -> tuple[float, float]:
    """Return the ends of a slider: the window's, and the chosen value within them."""
    low, high = SLIDERS[name]
    return min(low, value), max(high, value)


def _is_shared(run: Run, field: str) -> bool:
    """Tell whether a method runs with the experiment's α or ε."""
    rule, estimate, method = run.settings.rule, run.settings.estimate, run.method
    if field == "alpha":
        return method.alpha is None and rule.uses_alpha
    return method.epsilon is None and estimate.uses_epsilon


def run_turning(scene: Scene, run: Run) -> dict[str, Any] | None:
    """Return what a method runs with in a page; None where it does not."""
    if why_run_is_not_turned(scene, run):
        return None
    settings, method = run.settings, run.method
    return {
        "estimate": settings.estimate.name,
        "rule": settings.rule.name,
        "options": own_options(settings.options),
        "pairs": _pairs(settings),
        "clip": settings.options.get(CLIP.name, 0.0),
        "deviation": settings.options.get(NOISE.name, 0.0),
        "fading": settings.options.get(FADING.name, 0.0),
        **_draws_of(settings),
        "bounds": list(settings.bounds),
        "alpha": method.alpha,
        "epsilon": method.epsilon,
        "isSmooth": scene.objective.is_smooth,
    }


def program_of(scene: Scene) -> str:
    """Return the text of the function that makes f's functions, which the page's scripts call."""
    f = scene.objective
    if turning_contents(scene) is None or not isinstance(f, FormulaObjective):
        return NO_PROGRAM
    candidate = scene.experiment.function.candidate()
    parts = None
    if candidate is not None and f.data is None:
        first, second = candidate.parts
        if isinstance(first, FormulaObjective) and isinstance(second, FormulaObjective):
            parts = first, second
    return program_text(f, parts)
