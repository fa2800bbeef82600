"""From options on the command line to an Experiment."""

from argparse import Namespace
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import msgspec

from gdviz.base.files import shown
from gdviz.base.format import brief
from gdviz.cli.arguments import UsageError
from gdviz.cli.experiment_options import (
    LANDSCAPE_OPTIONS,
    OPTION_OF,
    ReadData,
    option_of,
    overrides,
)
from gdviz.cli.network_options import LOSS_SEED, NETWORK_OPTIONS, slice_settings
from gdviz.cli.terminal import say_notes
from gdviz.cli.without_effect import without_effect
from gdviz.engine.language.lexer import FormulaError
from gdviz.engine.language.names import parameters_note
from gdviz.engine.objectives.code_ref import CodeRunner
from gdviz.engine.objectives.data import Data, DataFile
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.surfaces import Surface, find_surface
from gdviz.experiment.change_function import (
    on_data,
    on_formula,
    on_surface,
    with_data_of_its_own,
)
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.first_seen import with_first_view
from gdviz.experiment.open_file import Opened, decide, open_file, with_trajectory
from gdviz.experiment.raw_units import conditioning, faintness, standardised, standardised_data
from gdviz.experiment.referenced_data import DataNeeded, Find, ask_first, read_data, where
from gdviz.experiment.validation import ExperimentError
from gdviz.files.file_kinds import Verdict


def experiment_from(
    arguments: Namespace, *, asks_first: bool = False
) -> tuple[Experiment, CodeRunner | None]:
    """Return the file's experiment, or the default one, with the options on top.

    Where a command has the option ``--at``, its start is there. Beside it stands what runs its
    code, if the file is code, which then has been run.

    Parameters
    ----------
    arguments : Namespace
        The options.
    asks_first : bool, default False
        Whether data in a file of its own is not read, as somebody is to be asked.

    Raises
    ------
    UsageError, ExperimentError
        If an option, or the file, is refused; DataNeeded among them, which asks.
    """
    given = overrides(arguments)
    chosen, verdict = frozenset(given), _verdict_on(arguments)
    _check_together(arguments, given, verdict)
    find = ask_first if asks_first else partial(_find, given)
    base, notes, *_, runner = _base(arguments, given, verdict, find)
    # Whoever runs a command says what the code printed, and a window what was said of the data.
    own = vars(arguments).get("data")
    of_option = own.notes if isinstance(own, ReadData) else ()
    say_notes(of_option)
    arguments.runner, arguments.notes = runner, (*notes, *of_option)
    try:
        if "surface" in given:
            base = _for_a_surface(base, given, verdict)
        elif "data" in given and "formula" not in given and verdict is None:
            base = on_data(base, given.pop("data"))  # as the same file as FILE
        base = _standardised(base, given) if vars(arguments).get("standardise") else base
        constants = {} if "formula" in given else base.function.constants
        given["constants"] = {**constants, **dict(given.get("constants", ()))}
        if "formula" in given:
            base = _for_a_formula(base, given)
        if "candidate_gradient" in given:
            in_a, in_b = given["candidate_gradient"]
            given["candidate_gradient"] = (in_a.strip(), in_b.strip())
        made = base.replace(**_about_paths(base, given))
        say_notes([*_about_data(made), *without_effect(arguments, chosen, made)])
    except ExperimentError as error:
        option = option_of(error.field)
        if option == "--data" and "data" not in chosen and verdict is not None:
            option = shown(arguments.file)
        raise UsageError(f"{option}: {error.message}{_remedy(error)}") from error
    try:
        return (made.replace(start=arguments.at) if "at" in arguments else made), runner
    except ExperimentError as error:
        raise UsageError(f"--at: {error.message}") from error


def _remedy(error: ExperimentError) -> str:
    """Return how names get a meaning here; in the window they become constants by themselves."""
    cause: BaseException | None = error.__cause__
    while isinstance(cause, FormulaError) and not cause.unknown:
        cause = cause.__cause__  # that of a gradient has the component's name before it
    if isinstance(cause, FormulaError) and cause.pair:
        return f", as --parameters {','.join(cause.pair)} does"
    unknown = cause.unknown if isinstance(cause, FormulaError) else ""
    return f"; --constant {unknown}=1 makes it a constant" if unknown else ""


def _check_together(arguments: Namespace, given: dict[str, Any], verdict: Verdict | None) -> None:
    """Refuse functions, or data, of which only one could be taken."""
    if {"surface", "formula"} <= given.keys():
        raise UsageError("--surface and --formula cannot be combined")
    if not given.get("formula", "a").strip():
        raise UsageError("--formula: it is empty")
    for field in ("constants", "schedule_options"):
        names = [name for name, _ in given.get(field, ())]
        if twice := [name for name in names if names.count(name) > 1]:
            raise UsageError(f"{OPTION_OF[field]}: {brief(twice[0])} is given twice")
    if verdict is not None and verdict.kind == "data" and "data" in given:
        raise UsageError(f"--data cannot be combined with {shown(arguments.file)}, which is data")


def _about_paths(base: Experiment, given: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that are given, with the methods and schedules as the experiment has them.

    Raises
    ------
    UsageError
        If an option is that of a rule or an estimate which no method has.
    """
    methods = given.get("methods", base.methods)
    methods = _with_options(methods, given.pop("rule_options", ()), "rule")
    given["methods"] = _with_options(methods, given.pop("estimate_options", ()), "estimate")
    if "more_starts" in given:
        given["more_starts"] = tuple(given["more_starts"])
    if given.keys() & {"more_starts", "samples"}:  # who asks for them wants to see them
        given["view"] = msgspec.structs.replace(base.view, others=True)
    if "schedule" in given or "schedule_options" in given:
        given["schedule_options"] = dict(given.get("schedule_options", ()))
    return given


def _base(
    arguments: Namespace, given: dict[str, Any], verdict: Verdict | None, find: Find
) -> Opened:
    """Return the file's experiment, or the default one; notes about it go to standard error."""
    landscape = {name: value for name, value in vars(arguments).items()
                 if name in LANDSCAPE_OPTIONS}  # fmt: skip
    if verdict is None or verdict.kind != "landscape":
        for name in landscape:
            raise UsageError(f"--{name} needs a loss landscape file")
    network = _slice(arguments, verdict)
    if verdict is None:
        return Opened(Experiment())
    if verdict.kind in ("landscape", "code"):
        for name in {"surface", "formula"} & given.keys():
            raise UsageError(f"--{name} cannot be combined with a file that has its own function")
    trajectory = landscape.pop("trajectory", None)
    if verdict.other:
        now, other = _TITLES[verdict.kind], _TITLES[verdict.other]
        say_notes([f"{verdict.why}: read as {now} now, and as {other} with --as {verdict.other}"])
    try:
        # The range of the map is where a matrix without coordinates lies.
        opened = open_file(
            arguments.file, Experiment(), kind=verdict.kind, extent=given.get("range"),
            settings=network, loss_seed=vars(arguments).get("loss_seed"), begin=given,
            find=find, **landscape,
        )  # fmt: skip
        say_notes(opened.notes)
        if trajectory is not None:
            added = with_trajectory(opened.experiment, trajectory)
            say_notes(added.notes)
            opened = opened._replace(experiment=added.experiment)
    except ExperimentError:
        raise
    except ValueError as error:  # each kind of file has its own
        raise UsageError(str(error)) from error
    return opened


def _find(given: dict[str, Any], file: DataFile) -> Data:
    """Return the data of an experiment: what an option reads, if that is it, or the file's."""
    data: Data | None = given.get("data")
    if data is not None and data.file is not None and data.file.is_same(file):
        del given["data"]  # which is not other data
        return data.standardised(file.standardised)
    say_notes([where(file)])
    try:
        return read_data(file)
    except DataNeeded as error:
        remedy = "what --data reads is other data" if data else "--data FILE says where it is now"
        raise UsageError(f"{error.message}; {remedy}") from error


def _slice(arguments: Namespace, verdict: Verdict | None) -> SliceSettings | None:
    """Return the slice of a network that the options choose, if they do.

    Raises
    ------
    UsageError
        If there is no file that could define one.
    """
    settings = slice_settings(arguments)
    if settings is not None and (verdict is None or verdict.kind != "code"):
        option = next(NETWORK_OPTIONS[name] for name in NETWORK_OPTIONS if name in arguments)
        raise UsageError(f"{option} needs a Python file that defines a network")
    if "loss_seed" in arguments and (verdict is None or verdict.kind != "code"):
        raise UsageError(f"{LOSS_SEED} needs a Python file")
    return settings


_TITLES = {"landscape": "a loss landscape", "data": "data"}


def _verdict_on(arguments: Namespace) -> Verdict | None:
    """Tell what the file is, or is to be read as; None if there is none.

    Raises
    ------
    UsageError
        If ``--as`` is given for a file that is no table.
    """
    wanted = vars(arguments).get("kind")
    if arguments.file is None:
        if wanted:
            raise UsageError("--as needs a file")
        return None
    verdict = decide(arguments.file)
    if wanted and not (verdict.kind in _TITLES and _is_text(arguments.file)):
        raise UsageError(f"--as is for tables in text, which {arguments.file} is not")
    return Verdict(wanted) if wanted else verdict


def _is_text(path: str) -> bool:
    from gdviz.files.landscapes import is_text  # not on the way to a window

    try:
        return is_text(path)
    except OSError:
        return True  # whatever reads it says why it cannot


def _about_data(experiment: Experiment) -> Iterable[str]:
    """Yield what became of the person's data, and what should."""
    if experiment.function.data_note:
        yield experiment.function.data_note
    if experiment.function.data is None:
        return
    objective = experiment.objective()
    if said := conditioning(objective):
        yield f"{said}; --standardise makes the columns comparable"
    if said := faintness(objective):
        yield said


def _standardised(base: Experiment, given: dict[str, Any]) -> Experiment:
    """Return the experiment with standardised data, be it the file's or that of an option."""
    function = base.function
    try:
        if (data := given.get("data")) is None:
            base, note = standardised(base)
        else:
            target = function.target if "formula" not in given and function.target else ""
            target = target or ("y" if "y" in data.columns else data.names[-1])
            given["data"], note = standardised_data(data, target, "", function.parameters)
    except ExperimentError as error:
        raise UsageError(f"--standardise: {error.message}") from error
    say_notes([note])
    return base


def _for_a_surface(base: Experiment, given: dict[str, Any], verdict: Verdict | None) -> Experiment:
    """Return the experiment on a built-in surface, fitting the data that is given, or the file's.

    Raises
    ------
    ExperimentError
        If it takes no data, or not these.
    """
    of_file = base.function.data if verdict is not None and verdict.kind == "data" else None
    made = on_surface(base, _surface(given.pop("surface")))
    data = given.pop("data", of_file)
    return made if data is None else with_data_of_its_own(made, data)


def _surface(name: str) -> Surface:
    try:
        return find_surface(name)
    except ValueError as error:
        raise UsageError(f"--surface: {error}") from error


def _with_options(
    methods: Sequence[Method], options: Sequence[tuple[str, str, float]], of: str
) -> tuple[Method, ...]:
    """Give options to the methods with their rules, or with their estimates.

    Parameters
    ----------
    methods : sequence of Method
        The methods.
    options : sequence of (str, str, float)
        Whose option it is, its name and its value.
    of : {"rule", "estimate"}
        What has the options.
    """
    field = {"rule": "options", "estimate": "estimate_options"}[of]
    for owner, name, value in options:
        if not any(getattr(method, of) == owner for method in methods):
            raise UsageError(f"--{of}-option: no method has the {of} {owner}")
        methods = [
            msgspec.structs.replace(method, **{field: {**getattr(method, field), name: value}})
            if getattr(method, of) == owner
            else method
            for method in methods
        ]
    return tuple(methods)


def _for_a_formula(base: Experiment, given: dict[str, Any]) -> Experiment:
    """Return the experiment on a formula, with what the window would show it with at first."""
    fresh: dict[str, Any] = {
        "title": "", "home": None, "candidate_gradient": None, "data": base.function.data,
        "range": None, "color_scale": "auto",
    }  # fmt: skip
    own = ("constants", "data", "model", "parameters")
    fresh |= {name: given.pop(name) for name in own if name in given}
    experiment = on_formula(base, given.pop("formula"), **fresh)
    experiment.replace(range=given.get("range"))  # is checked before a start is found in it
    function = experiment.function
    if "parameters" not in fresh:
        note = parameters_note(function.text, function.parameters, function.constants)
        say_notes(filter(None, [note]))
    return with_first_view(experiment, given.get("range"), given)
