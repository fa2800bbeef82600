"""From one function to another: what of an experiment stays, and what begins anew.

Methods that have no meaning on the new function stay in the list, hidden until they have one again.
Whether the person, too, would have hidden such a method meanwhile cannot be known.
"""

import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

import msgspec

from gdviz.base.geometry import Range
from gdviz.engine.analysis.infer_model import fitted_model
from gdviz.engine.analysis.start.guess_start import guess_start, step_for
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.grid_objective import GridObjective
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.objective import BlackBox, Objective
from gdviz.engine.objectives.surfaces import SURFACES, Surface
from gdviz.experiment.black_box_functions import CallableFunction, CodeFunction
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.first_seen import first_epsilon, refitted, with_first_view
from gdviz.experiment.function import (
    FIELDS_OF,
    AnyFunction,
    FormulaFunction,
    GridFunction,
    SurfaceFunction,
)
from gdviz.experiment.labels import SIGNS, holds
from gdviz.experiment.validation import ExperimentError
from gdviz.files.python_gradient_check import gradient_notes

#: What the fields are set to that are about a place on the old function's map.
NO_PLACE: dict[str, Any] = {"more_starts": (), "range": None, "color_scale": "auto"}
#: What Reset sets back whatever the function is.
_RESET = (
    "epsilon", "eta", "steps", "range", "color_scale", "schedule", "schedule_options",
    "more_starts",
)  # fmt: skip


def on_surface(experiment: Experiment, surface: Surface) -> Experiment:
    """Return an experiment on a built-in surface: its start, α, constants and home range.

    And its ε, where that of the experiment is what the function before began with, too.
    """
    begun = with_function(
        experiment,
        SurfaceFunction(surface.name),
        **NO_PLACE,
        start=surface.start,
        alpha=surface.alpha,
    )
    is_a_formulas = isinstance(experiment.function, SurfaceFunction | FormulaFunction)
    if not is_a_formulas or experiment.epsilon != reset(experiment).epsilon:
        return begun  # it was chosen
    return begun.replace(epsilon=first_epsilon(begun))


def on_formula(experiment: Experiment, text: str, **changes: Any) -> Experiment:
    """Return an experiment on a formula, with the map, the start and the data it has.

    A candidate gradient that names what the formula does not is left behind.

    Parameters
    ----------
    experiment : Experiment
        The one to begin from.
    text : str
        The formula.
    **changes
        Other fields, of the formula or the experiment. Without `constants` those stay that the
        experiment has, and without `model` it is the one that the formula fits to the data: see
        :func:`~gdviz.engine.analysis.infer_model.fitted_model`.

    Raises
    ------
    ExperimentError
        If the formula, or one of the other fields, cannot be.
    """
    before = experiment.function
    kept: dict[str, Any] = {
        "constants": before.constants,
        "home": tuple(before.home_range),
        "data": before.data or before.data_set,
    }
    if isinstance(before, FormulaFunction):
        kept |= {"title": before.title, "constant_ranges": before.constant_ranges}
    own = {name: changes.pop(name) for name in FIELDS_OF["formula"] & changes.keys()}
    fields = kept | own
    if "constant_ranges" not in own:
        ranges = kept.get("constant_ranges", {})
        fields["constant_ranges"] = {n: r for n, r in ranges.items() if n in fields["constants"]}
    candidate = fields.pop("candidate_gradient", before.candidate_gradient)
    function = FormulaFunction(text, **fields)
    if function.data is not None and "model" not in own:
        function = function.replace(model=_model_of(function, before.model))
    if candidate is not None:  # for all of the function is checked again
        with suppress(ExperimentError):
            function = function.replace(candidate_gradient=candidate)
    return with_function(experiment, function, **changes)


def _model_of(function: FormulaFunction, before: str) -> str:
    data, target = function.data_set, function.target
    labels = data is not None and holds(data, target, SIGNS) and 1.0 in data.arrays[target]
    return fitted_model(function.formula_objective().formula, target, margins=labels, before=before)


def experiment_on(function: BlackBox | Callable[..., Any] | str, **fields: Any) -> Experiment:
    """Return an experiment on a function, with the methods shown that have a meaning there.

    Parameters
    ----------
    function : BlackBox, callable or str
        What :meth:`~gdviz.engine.objectives.objective.Objective.from_callable` makes, or what it
        takes; the name of a built-in surface; or a formula.
    **fields
        Fields of the experiment, such as `start`, `alpha`, `methods` and `range`, or of its
        function, such as the `constants` of a formula. A surface has a start and an α of its own.
        For other functions these are guessed where they are not given, from f on a coarse grid.
        ε is that of :func:`~gdviz.experiment.first_seen.first_epsilon`, or 1e-6 for a Python
        function.

    Raises
    ------
    ExperimentError
        If a field cannot be, in one sentence.

    Warns
    -----
    UserWarning
        If a gradient that came with the function is far from differences of its values.
    """
    first = Experiment()
    if isinstance(function, str) and function in SURFACES:
        return on_surface(first, SURFACES[function]).replace(**fields)
    home = fields.pop("range", None)
    if isinstance(function, str):
        own = {"constants": {}, "home": home, "data": None, **fields}
        experiment = on_formula(first, function, **own)
        return with_first_view(experiment, home, given=fields).replace(**fields)
    made = function if isinstance(function, BlackBox) else Objective.from_callable(function)
    callable_function = CallableFunction(made, home)
    for note in gradient_notes(callable_function.black_box(), callable_function.home_range):
        warnings.warn(note, stacklevel=2)
    experiment = with_function(first, callable_function)
    begin: dict[str, Any] = {"epsilon": 1e-6}
    if not {"start", "alpha"} <= fields.keys():
        begin |= guess_start(experiment.objective(), experiment.function.home_range).settings
    return experiment.replace(**{**begin, **fields})


def on_grid(experiment: Experiment, grid: LossGrid) -> Experiment:
    """Return an experiment on losses that were computed elsewhere, starting high up."""
    return _begun(experiment, GridFunction(grid), GridObjective(grid))


def on_code(
    experiment: Experiment,
    objective: CodeObjective,
    extent: Range | None = None,
    begin: Mapping[str, Any] | None = None,
) -> Experiment:
    """Return an experiment on a Python file: another one, or another version of the same.

    Of the same file, start, range and everything else stay. Another one is evaluated on a coarse
    grid, to begin where there is something to see, unless it is said where to begin.

    Parameters
    ----------
    experiment : Experiment
        The one to begin from.
    objective : CodeObjective
        The file's functions, with what runs them.
    extent : Range, optional
        The map that was asked for; it is evaluated nowhere else. By default the home range.
    begin : mapping, optional
        Fields of the experiment that were chosen already; those of a beginning that are missing
        are guessed.

    Raises
    ------
    CodeError
        If it cannot be evaluated.
    Cancelled
        If the objective's `cancelled` said so.
    """
    before, function = experiment.function.code, CodeFunction.of(objective)
    code = objective.code
    if before is not None and (before.path, before.slice) == (code.path, code.slice):
        return with_function(experiment, function)
    begun = _begun(experiment, function, objective, extent, begin or {})
    return begun if extent is None else begun.replace(range=tuple(extent))


def on_data(experiment: Experiment, data: Data) -> Experiment:
    """Return an experiment fitting other data; where f takes none, with a line fitted to it.

    A line that was fitted to other data so is fitted anew: what was written here is replaced. Its
    map is guessed, and its start and α are of the size that the data asks for.

    Raises
    ------
    ExperimentError
        If a surface, or a formula over data, cannot take it.
    """
    before = experiment.function
    if before.data_set is not None and not is_written_here(before):
        return with_data_of_its_own(experiment, data)
    text, line = _line(data)
    fitted = on_formula(
        experiment,
        text,
        **NO_PLACE,
        data=data,
        model=line,
        constants={},
        title="",
        home=None,
    )
    return with_first_view(fitted)


def with_data_of_its_own(experiment: Experiment, data: Data) -> Experiment:
    """Return an experiment whose function fits other data, on a map that shows where it does.

    Raises
    ------
    ExperimentError
        If the function takes no data, or not these.
    """
    methods = tuple(_within(data, method) for method in experiment.methods)
    fitted = experiment.replace(data=data, methods=methods)
    if fitted.function.data is None:
        return fitted
    return refitted(fitted.replace(range=None), "unfit") or fitted


def with_built_in_data(experiment: Experiment) -> Experiment:
    """Return an experiment on a surface that fits its own data again, where it began with it."""
    surface = experiment.function.surface
    if surface is None:
        return experiment.replace(data=None)
    return on_surface(experiment, surface).replace(constants=experiment.function.constants)


def _line(data: Data) -> tuple[str, str]:
    """Return the formula of a line that is fitted to data, and the line."""
    names = data.names
    target = "y" if "y" in names else names[-1]
    feature = next((name for name in names if name != target), target)
    line = f"a*{feature} + b"
    return f"mean(({line} - {target})^2)", line


def is_written_here(function: AnyFunction) -> bool:
    """Tell whether a formula is the line that its data got, and nobody has changed it."""
    return (
        isinstance(function, FormulaFunction)
        and function.data is not None
        and (function.text, function.model) == _line(function.data)
    )


def with_candidate(experiment: Experiment, candidate: tuple[str, str] | None) -> Experiment:
    """Return an experiment with another gradient that the person derived, or with none.

    Without one, the methods that descend with it are hidden.

    Raises
    ------
    ExperimentError
        If it cannot be a gradient of the formula.
    """
    function = experiment.function.replace(candidate_gradient=candidate)
    return with_function(experiment, function)


def reset(experiment: Experiment) -> Experiment:
    """Return an experiment with the start, α, ε, constants and range it began with."""
    first, function = Experiment(), experiment.function
    fresh = {name: getattr(first, name) for name in _RESET}
    if isinstance(function, SurfaceFunction):
        surface = function.surface
        fresh |= {"start": surface.start, "alpha": surface.alpha, "constants": {}}
        if function.data is not None:
            return with_first_view(experiment.replace(**fresh))
        fresh["epsilon"] = first_epsilon(experiment.replace(**fresh))
    elif isinstance(function, FormulaFunction):
        fresh["epsilon"] = first_epsilon(experiment.replace(range=None))
    elif isinstance(function, GridFunction | CallableFunction):
        fresh |= guess_start(function.objective(), function.home_range).settings
    elif isinstance(function, CodeFunction):  # which is not run for this
        del fresh["epsilon"]
    return experiment.replace(**fresh)


def _begun(
    experiment: Experiment,
    function: AnyFunction,
    objective: Objective,
    extent: Range | None = None,
    begin: Mapping[str, Any] = MappingProxyType({}),
) -> Experiment:
    """Return an experiment on a function that was not looked at yet."""
    seen = extent or function.home_range
    if not {"start", "alpha"} <= begin.keys():
        begin = guess_start(objective, seen).settings
    else:
        begin = {"epsilon": step_for(seen)} | {name: begin[name] for name in ("start", "alpha")}
    return with_function(experiment, function, **NO_PLACE, **begin)


def with_function(experiment: Experiment, function: AnyFunction, **changes: Any) -> Experiment:
    """Return an experiment on another function, with the methods shown that have a meaning there.

    Parameters
    ----------
    experiment : Experiment
        The one to begin from.
    function : SurfaceFunction, FormulaFunction, GridFunction or CodeFunction
        The other function.
    **changes
        Other fields of the experiment.
    """
    before = experiment.function

    def is_shown(method: Method) -> bool:
        if not _has_meaning(method, function):
            return False
        return method.shown or not (_has_meaning(method, before) or _is_hidden_at_first(method))

    methods = tuple(
        msgspec.structs.replace(_within(function.data_set, method), shown=is_shown(method))
        for method in experiment.methods
    )
    return experiment.replace(**changes, function=function, methods=methods)


def _within(data: Data | None, method: Method) -> Method:
    """Return a method of whose mini-batch there are rows enough: of less data it takes all."""
    rows = method.estimate_options.get("rows", 0)
    is_batch = ESTIMATES[method.estimate].needs == "batch gradient"
    if data is None or not is_batch or rows <= data.rows:
        return method
    chosen = {**method.estimate_options, "rows": data.rows}
    return msgspec.structs.replace(method, estimate_options=chosen)


def _is_hidden_at_first(method: Method) -> bool:
    """Tell whether the person has to ask for a method before it is ever shown."""
    return any(
        (method.estimate, method.rule) == (first.estimate, first.rule) and not first.shown
        for first in Experiment().methods
    )


def _has_meaning(method: Method, function: AnyFunction) -> bool:
    return not (function.why_not(method.estimate) or function.why_no_rule(method.rule))
