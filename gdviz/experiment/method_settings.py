"""What each method of an experiment runs with."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gdviz.base.geometry import Range
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.shaping import NOISE
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.experiment.experiment import Experiment, Method


def run_settings(
    experiment: Experiment, method: Method, bounds: Range | None = None
) -> RunSettings:
    """Return what a method runs with; α and ε are 0 where it has no use for them.

    Parameters
    ----------
    experiment : Experiment
        What the person chose.
    method : Method
        One of its methods.
    bounds : Range, optional
        Its :func:`path_bounds`, where they are known.
    """
    estimate, rule = experiment.estimate(method), RULES[method.rule]
    return RunSettings(
        estimate,
        rule,
        alpha=experiment.alpha_of(method) if rule.uses_alpha else 0.0,
        epsilon=experiment.epsilon_of(method) if estimate.uses_epsilon else 0.0,
        steps=experiment.steps,
        bounds=bounds or path_bounds(experiment),
        options=chosen_options(experiment, method),
        schedule=SCHEDULES[experiment.schedule],
        schedule_options=experiment.schedule_options,
        precision=experiment.precision,
        representable_step=experiment.representable_step,
        estimate_options=method.estimate_options,
        seed=experiment.seed if is_random(method) else 0,
    )


def is_random(method: Method) -> bool:
    """Tell whether a method's path depends on the seed."""
    rule = RULES[method.rule]
    return (
        ESTIMATES[method.estimate].is_random
        or rule.is_random
        or bool(method.options.get(NOISE.name))
    )


def uses_epsilon(method: Method) -> bool:
    """Tell whether a method's path depends on ε, be it its own."""
    return ESTIMATES[method.estimate].uses_epsilon and RULES[method.rule].uses_gradient


def uses_alpha(method: Method) -> bool:
    """Tell whether a method's path depends on α, be it its own."""
    return RULES[method.rule].uses_alpha


def chosen_options(experiment: Experiment, method: Method) -> Mapping[str, float]:
    """Return the options that are chosen for a method, with f* where a surface's is known."""
    function, options = experiment.function, method.options
    surface = function.surface
    if (
        method.rule != "polyak"
        or surface is None
        or not surface.minima
        or function.data is not None
        or function.constants != surface.defaults
    ):
        return options
    return {"minimum": surface.minima[0].value, **options}


def shown_settings(experiment: Experiment) -> dict[int, RunSettings]:
    """Return what each method that is shown runs with, by its row, in order."""
    bounds = path_bounds(experiment)
    return {
        row: run_settings(experiment, method, bounds)
        for row, method in enumerate(experiment.methods)
        if method.shown
    }


def sample_settings(experiment: Experiment) -> Iterator[tuple[int, RunSettings]]:
    """Yield what the further paths of methods that draw run with, each with its method's row."""
    if not experiment.samples:
        return
    for row, settings in shown_settings(experiment).items():
        if is_random(experiment.methods[row]):
            for sample in range(1, experiment.samples + 1):
                yield row, replace(settings, sample=sample)


def path_bounds(experiment: Experiment) -> Range:
    """Return the range that a path may not leave (by a margin).

    It holds the home range as well as the map, so that zooming in cuts no path short.
    """
    home, shown = experiment.function.home_range, experiment.map_range
    return Range(
        min(home.a_low, shown.a_low),
        max(home.a_high, shown.a_high),
        min(home.b_low, shown.b_low),
        max(home.b_high, shown.b_high),
    )
