"""From one function to another: what of an experiment stays, and what begins anew.

Methods that have no meaning on the new function stay in the list, hidden until they have one again.
Whether the person, too, would have hidden such a method meanwhile nobody can know.
"""

from typing import Any

import msgspec

from gdviz.base.geometry import Range
from gdviz.engine.analysis.guess_range import guess_range
from gdviz.engine.analysis.guess_start import guess_start
from gdviz.engine.analysis.infer_model import fitted_model
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_ref import Code
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.grid_objective import GridObjective
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE, Surface
from gdviz.experiment.model import Experiment, ExperimentError, Method

#: The fields that are about a function of the person's own, as they are without one.
_NOTHING_OF_OWN: dict[str, Any] = {
    "formula": "", "grid": None, "code": None, "title": "", "constant_ranges": {}, "home": None,
    "claimed_gradient": None, "data": None, "model": "",
}  # fmt: skip
#: What the fields are set to that are about a place on the old function's map.
_NOWHERE: dict[str, Any] = {"more_starts": (), "range": None, "color_scale": "auto"}
#: What Reset sets back whatever the function is.
_RESET = (
    "epsilon", "eta", "steps", "range", "color_scale", "schedule", "schedule_options",
    "more_starts",
)  # fmt: skip


def on_surface(experiment: Experiment, surface: Surface) -> Experiment:
    """Return an experiment on a built-in surface: its start, α, constants and home range."""
    return _moved(
        experiment,
        **_NOTHING_OF_OWN,
        **_NOWHERE,
        surface=surface.name,
        constants={},
        start=surface.start,
        alpha=surface.alpha,
    )


def on_formula(experiment: Experiment, text: str, **changes: Any) -> Experiment:
    """Return an experiment on a formula, with the map, the start and the data it has.

    A claimed gradient that names what the formula does not is left behind.

    Parameters
    ----------
    experiment : Experiment
        The one to begin from.
    text : str
        The formula.
    **changes
        Other fields. Without `constants` those stay that the experiment has, and without `model`
        it is the one that the formula fits to the data: see
        :func:`~gdviz.engine.analysis.infer_model.fitted_model`.

    Raises
    ------
    ExperimentError
        If the formula, or one of the other fields, cannot be.
    """
    own = {
        "surface": "",
        "formula": text,
        "grid": None,
        "code": None,
        "title": experiment.title if experiment.formula else "",
        "constants": experiment.constant_values,
        "home": experiment.home or tuple(experiment.home_range),
        "data": experiment.data_set,
        "model": "",
        **changes,
    }
    ranges = {n: r for n, r in experiment.constant_ranges.items() if n in own["constants"]}
    own.setdefault("constant_ranges", ranges)
    candidate = own.pop("claimed_gradient", experiment.claimed_gradient)
    moved = _moved(experiment, **own, claimed_gradient=None)
    if moved.data is not None and "model" not in changes:
        own["model"] = _model_of(moved, experiment.model_text)
        moved = moved.replace(model=own["model"])
    if candidate is None:
        return moved
    try:
        return _moved(experiment, **own, claimed_gradient=candidate)
    except ExperimentError:
        return moved


def _model_of(experiment: Experiment, before: str) -> str:
    data, target = experiment.data_set, experiment.target
    labels = data is not None and set(data.columns[target]) == {-1.0, 1.0}
    return fitted_model(experiment.parsed_formula(), target, margins=labels, before=before)


def on_grid(experiment: Experiment, grid: LossGrid) -> Experiment:
    """Return an experiment on losses that were computed elsewhere, starting high up."""
    return _begun(experiment, GridObjective(grid), grid.range, grid=grid)


def on_code(experiment: Experiment, code: Code) -> Experiment:
    """Return an experiment on a Python file: another one, or another version of the same.

    Of the same file, start, range and everything else stay. Another one is evaluated on a coarse
    grid, to begin where there is something to see.

    Raises
    ------
    CodeError
        If it cannot be evaluated.
    """
    if experiment.code is not None and experiment.code.path == code.path:
        return _moved(experiment, code=code)
    return _begun(experiment, CodeObjective(code), DEFAULT_RANGE, code=code)


def on_data(experiment: Experiment, data: Data) -> Experiment:
    """Return an experiment fitting other data; where f takes none, with a line fitted to it.

    The line's map is guessed, and its start and α are of the size that the data asks for.

    Raises
    ------
    ExperimentError
        If a surface, or a formula over data, cannot take it.
    """
    if experiment.data_set is not None:
        return experiment.replace(data=data)
    names = data.names
    target = "y" if "y" in names else names[-1]
    feature = next((name for name in names if name != target), target)
    line = f"a*{feature} + b"
    fitted = on_formula(
        experiment,
        f"mean(({line} - {target})^2)",
        **_NOWHERE,
        data=data,
        model=line,
        constants={},
        title="",
        home=None,
    )
    objective = fitted.objective()
    home = guess_range(objective)
    return fitted.replace(home=home, **guess_start(objective, home)._asdict())


def with_candidate(experiment: Experiment, candidate: tuple[str, str] | None) -> Experiment:
    """Return an experiment with another gradient that the person derived, or with none.

    Without one, the methods that descend with it are hidden.

    Raises
    ------
    ExperimentError
        If it cannot be a gradient of the formula.
    """
    return _moved(experiment, claimed_gradient=candidate)


def reset(experiment: Experiment) -> Experiment:
    """Return an experiment with the start, α, ε, constants and range it began with."""
    first = Experiment()
    fresh = {name: getattr(first, name) for name in _RESET}
    surface = experiment.built_in
    if surface is not None:
        fresh |= {"start": surface.start, "alpha": surface.alpha, "constants": {}}
    elif experiment.grid is not None:
        fresh |= guess_start(GridObjective(experiment.grid), experiment.grid.range)._asdict()
    elif experiment.code is not None:  # which is not run for this
        del fresh["epsilon"]
    return experiment.replace(**fresh)


def _begun(
    experiment: Experiment, objective: Objective, extent: Range, **function: Any
) -> Experiment:
    """Return an experiment on a function that nobody has looked at yet."""
    own = {**_NOTHING_OF_OWN, **function}
    begin = guess_start(objective, extent)._asdict()
    return _moved(experiment, **own, **_NOWHERE, **begin, surface="", constants={})


def _moved(experiment: Experiment, **changes: Any) -> Experiment:
    """Return a copy on another function, with those methods shown that have a meaning there."""
    hidden = tuple(msgspec.structs.replace(method, shown=False) for method in experiment.methods)
    there = experiment.replace(**changes, methods=hidden)

    def is_shown(method: Method) -> bool:
        if not _has_meaning(method, there):
            return False
        return method.shown or not (_has_meaning(method, experiment) or _is_hidden_at_first(method))

    return there.replace(
        methods=tuple(
            msgspec.structs.replace(method, shown=is_shown(method)) for method in experiment.methods
        )
    )


def _is_hidden_at_first(method: Method) -> bool:
    """Tell whether the person has to ask for a method before it is ever shown."""
    return any(
        (method.estimate, method.rule) == (first.estimate, first.rule) and not first.shown
        for first in Experiment().methods
    )


def _has_meaning(method: Method, experiment: Experiment) -> bool:
    return experiment.offers(method.estimate) and not experiment.why_no_rule(method.rule)
