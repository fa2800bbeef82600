"""From options on the command line to an Experiment."""

from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterable, Sequence
from reprlib import repr as shortened
from typing import Any, get_args

import msgspec

from gdviz.base.types import Precision
from gdviz.cli.arguments import OneOf, Parser, UsageError, a_number, a_whole_number, numbers
from gdviz.cli.terminal import say
from gdviz.engine.descent.gradient_estimates import ESTIMATES
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.engine.descent.update_rules import RULES
from gdviz.engine.language.names import parameters_note
from gdviz.engine.objectives.code_ref import CodeRunner
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.surfaces import Surface, find_surface
from gdviz.experiment.change_function import on_formula, on_surface, with_first_view
from gdviz.experiment.experiment import ColorScaleChoice, Experiment, Method
from gdviz.experiment.open_file import Opened, decide, open_file, with_trajectory
from gdviz.experiment.raw_units import conditioning, standardised, standardised_data
from gdviz.experiment.validation import ExperimentError
from gdviz.files.file_kinds import Verdict


def _a_constant(text: str) -> tuple[str, float]:
    name, equals, value = text.partition("=")
    if not (name.strip() and equals):
        raise ArgumentTypeError(f"{shortened(text)} is not of the form NAME=VALUE")
    return name.strip(), a_number(value)


def _two_names(text: str) -> tuple[str, str]:
    first, comma, second = map(str.strip, text.partition(","))
    if not (first and comma and second):
        raise ArgumentTypeError(f"{shortened(text)} is not of the form X,Y")
    return first, second


def _a_data_file(text: str) -> Data:
    from gdviz.files.csv_data import DataError, load_data

    try:
        data, notes = load_data(text)
    except DataError as error:
        raise ArgumentTypeError(str(error)) from None
    _say(notes)
    return data


def _a_rule_option(text: str) -> tuple[str, str, float]:
    owner, equals, value = text.partition("=")
    rule, dot, name = owner.strip().partition(".")
    if not (rule and dot and name and equals):
        raise ArgumentTypeError(f"{shortened(text)} is not of the form RULE.NAME=VALUE")
    if rule not in RULES:
        raise ArgumentTypeError(f"{shortened(rule)} is not one of the rules {', '.join(RULES)}")
    return rule, name, a_number(value)


def _a_method(text: str) -> Method:
    estimate, colon, rule = text.partition(":")
    return Method(estimate, rule) if colon else Method(estimate)


#: The options that make an experiment. Each is stored under the name of the Experiment's field, or
#: of its function's.
_OPTIONS: Sequence[tuple[str, str, dict[str, Any]]] = (
    ("--surface", "surface", {"metavar": "NAME", "help": "a built-in surface (gdviz surfaces)"}),
    ("--formula", "formula", {"metavar": "TEXT", "help": "a formula in a and b: a^2 + k*b^2"}),
    (
        "--constant",
        "constants",
        {"metavar": "NAME=VALUE", "type": _a_constant, "action": "append",
         "help": "the value of a constant; may be repeated"},
    ),
    (
        "--gradient",
        "candidate_gradient",
        {"nargs": 2, "metavar": ("GA", "GB"),
         "help": "∂f/∂a and ∂f/∂b as you derived them, for the estimate yours"},
    ),
    (
        "--data",
        "data",
        {"metavar": "FILE.csv", "type": _a_data_file,
         "help": "data: columns that the formula uses inside sum(…) and mean(…)"},
    ),
    (
        "--model",
        "model",
        {"metavar": "TEXT",
         "help": "the model that a formula fits to each row of the data, such as b*sigmoid(a*x); "
         "by default what it subtracts y from, or the other way round"},
    ),
    (
        "--parameters",
        "parameters",
        {"metavar": "X,Y", "type": _two_names,
         "help": "what the formula is a function of (default: a and b, or the only two names)"},
    ),
    ("--start", "start", {"metavar": "A,B", "type": numbers("A,B"), "help": "where to start"}),
    ("--alpha", "alpha", {"metavar": "R", "type": a_number, "help": "learning rate α"}),
    ("--epsilon", "epsilon", {"metavar": "R", "type": a_number, "help": "difference step ε"}),
    ("--steps", "steps",
     {"metavar": "N", "type": a_whole_number, "help": "the maximum number of updates"}),
    (
        "--method",
        "methods",
        {"metavar": "ESTIMATE[:RULE]", "type": _a_method, "action": "append",
         "help": f"may be repeated; replaces the methods; estimates: {', '.join(ESTIMATES)}; "
         f"rules: {', '.join(RULES)}"},
    ),
    (
        "--rule-option",
        "rule_options",
        {"metavar": "RULE.NAME=VALUE", "type": _a_rule_option, "action": "append",
         "help": "an option for the methods with a rule, such as momentum.momentum=0.8; may be "
         "repeated: " + "; ".join(
             f"{rule.name}: {', '.join(option.name for option in rule.options)}"
             for rule in RULES.values() if rule.options)},
    ),
    (
        "--schedule",
        "schedule",
        {"metavar": "NAME", "type": OneOf(tuple(SCHEDULES)),
         "help": f"how α changes along a path: {', '.join(SCHEDULES)}"},
    ),
    (
        "--schedule-option",
        "schedule_options",
        {"metavar": "NAME=VALUE", "type": _a_constant, "action": "append",
         "help": "an option of the schedule; may be repeated: " + "; ".join(
             f"{schedule.name}: {', '.join(option.name for option in schedule.options)}"
             for schedule in SCHEDULES.values() if schedule.options)},
    ),
    (
        "--more-start",
        "more_starts",
        {"metavar": "A,B", "type": numbers("A,B"), "action": "append",
         "help": "another start for all methods; may be repeated"},
    ),
    (
        "--precision",
        "precision",
        {"metavar": "TYPE", "type": OneOf(get_args(Precision)), "help": "float64 or float32"},
    ),
    (
        "--representable-step",
        "representable_step",
        {"action": "store_true", "help": "divide differences by (x + ε) − x instead of ε"},
    ),
    (
        "--range",
        "range",
        {"metavar": "A0,A1,B0,B1", "type": numbers("A0,A1,B0,B1"), "help": "the map's range"},
    ),
    (
        "--color-scale",
        "color_scale",
        {"metavar": "KIND", "type": OneOf(get_args(ColorScaleChoice)),
         "help": "how f becomes colour: " + ", ".join(get_args(ColorScaleChoice))},
    ),
)  # fmt: skip
#: By an experiment's field, the option that sets it.
_OPTION_OF = {field: option for option, field, _ in _OPTIONS}


def add_experiment(parser: Parser) -> None:
    """Add the experiment file and the options that go on top of it."""
    parser.add_argument(
        "file", nargs="?", default=None, metavar="FILE",
        help="an experiment (.json), data (.csv .tsv), a loss landscape "
        "(.h5 .hdf5 .nc .mat .npz .npy .json .csv), or Python code with loss(a, b) (.py), which "
        "will be run",
    )  # fmt: skip
    parser.add_argument(
        "--as", dest="kind", metavar="KIND", type=OneOf(("landscape", "data")),
        help="what a table in text is read as, landscape or data, where it can be both",
    )  # fmt: skip
    group = parser.add_argument_group("the experiment, on top of the file's or the default one")
    for option, field, settings in _OPTIONS:
        group.add_argument(option, dest=field, **settings)
    group.add_argument(
        "--standardise", "--standardize", dest="standardise", action="store_true",
        help="give each column of the data but the target the mean 0 and the standard deviation 1",
    )  # fmt: skip
    group = parser.add_argument_group("a loss landscape")
    group.add_argument("--metric", metavar="NAME", help="which of the file's surfaces to read")
    group.add_argument("--transpose", action="store_true", help="read its cells in the other order")
    group.add_argument(
        "--trajectory", metavar="FILE",
        help="points that an optimizer went through on it (.csv .h5 .hdf5 .npz .npy)",
    )  # fmt: skip


def experiment_from(arguments: Namespace) -> tuple[Experiment, CodeRunner | None]:
    """Return the file's experiment, or the default one, with the options on top.

    Beside it stands what runs its code, if the file is code, which then has been run.

    Raises
    ------
    UsageError, ExperimentError
        If an option, or the file, is refused.
    """
    given = overrides(arguments)
    if {"surface", "formula"} <= given.keys():
        raise UsageError("--surface and --formula cannot be combined")
    if not given.get("formula", "a").strip():
        raise UsageError("--formula: it is empty")
    base, *_, runner = _base(arguments, given)
    arguments.runner = runner  # whoever runs a command says what the code printed
    try:
        if "surface" in given:
            base = on_surface(base, _surface(given.pop("surface")))
        base = _standardised(base, given) if vars(arguments).get("standardise") else base
        constants = {} if "formula" in given else base.function.constants
        given["constants"] = {**constants, **dict(given.get("constants", ()))}
        if "formula" in given:
            base = _for_a_formula(base, given)
        if "candidate_gradient" in given:
            in_a, in_b = given["candidate_gradient"]
            given["candidate_gradient"] = (in_a.strip(), in_b.strip())
        methods = given.get("methods", base.methods)
        given["methods"] = _with_options(methods, given.pop("rule_options", ()))
        if "more_starts" in given:
            given["more_starts"] = tuple(given["more_starts"])
        if "schedule" in given or "schedule_options" in given:
            given["schedule_options"] = dict(given.get("schedule_options", ()))
        made = base.replace(**given)
        _say(_about_data(made))
        return made, runner
    except ExperimentError as error:
        option = _OPTION_OF.get(error.field.partition("[")[0].partition(".")[0], error.field)
        raise UsageError(f"{option}: {error.message}") from error


#: The options that only a loss landscape takes.
LANDSCAPE_OPTIONS = frozenset({"metric", "transpose", "trajectory"})


def _base(arguments: Namespace, given: dict[str, Any]) -> Opened:
    """Return the file's experiment, or the default one; notes about it go to standard error."""
    landscape = {name: value for name, value in vars(arguments).items()
                 if name in LANDSCAPE_OPTIONS}  # fmt: skip
    verdict = verdict_on(arguments)
    if verdict is None or verdict.kind != "landscape":
        for name in landscape:
            raise UsageError(f"--{name} needs a loss landscape file")
    if verdict is None:
        return Opened(Experiment())
    if verdict.kind in ("landscape", "code"):
        for name in {"surface", "formula"} & given.keys():
            raise UsageError(f"--{name} cannot be combined with a file that has its own function")
    trajectory = landscape.pop("trajectory", None)
    if verdict.other:
        _say([f"{verdict.why}: read as {_TITLES[verdict.kind]} now, and as "
              f"{_TITLES[verdict.other]} with --as {verdict.other}"])  # fmt: skip
    try:
        # The range of the map is where a matrix without coordinates lies.
        opened = open_file(
            arguments.file, Experiment(), kind=verdict.kind, extent=given.get("range"), **landscape
        )
        _say(opened.notes)
        if trajectory is not None:
            opened = opened._replace(
                experiment=(added := with_trajectory(opened.experiment, trajectory)).experiment
            )
            _say(added.notes)
    except ExperimentError:
        raise
    except ValueError as error:  # each kind of file has its own
        raise UsageError(str(error)) from error
    return opened


_TITLES = {"landscape": "a loss landscape", "data": "data"}


def verdict_on(arguments: Namespace) -> Verdict | None:
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
    if wanted and verdict.kind not in _TITLES:
        raise UsageError(f"--as is for tables in text, which {arguments.file} is not")
    return Verdict(wanted) if wanted else verdict


def _about_data(experiment: Experiment) -> Iterable[str]:
    """Yield what became of the person's data, and what should."""
    if experiment.function.data_note:
        yield experiment.function.data_note
    if experiment.function.data is not None and (said := conditioning(experiment.objective())):
        yield f"{said}; --standardise makes the columns comparable"


def _say(notes: Iterable[str]) -> None:
    for note in notes:
        say(f"note: {note}")


def add_point(parser: Parser, meaning: str = "the point (default: the start)") -> None:
    """Add the option of a point other than the start; see :func:`at_point`."""
    parser.add_argument("--at", metavar="A,B", type=numbers("A,B"), help=meaning)


def at_point(experiment: Experiment, arguments: Namespace) -> Experiment:
    """Return the experiment with its start at the point that ``--at`` names, if it does.

    Raises
    ------
    UsageError
        If the point is refused.
    """
    if "at" not in arguments:
        return experiment
    try:
        return experiment.replace(start=arguments.at)
    except ExperimentError as error:
        raise UsageError(f"--at: {error.message}") from error


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
    _say([note])
    return base


def _surface(name: str) -> Surface:
    try:
        return find_surface(name)
    except ValueError as error:
        raise UsageError(f"--surface: {error}") from error


def _with_options(
    methods: Sequence[Method], options: Sequence[tuple[str, str, float]]
) -> tuple[Method, ...]:
    """Give options to the methods with their rules."""
    for rule, name, value in options:
        if not any(method.rule == rule for method in methods):
            raise UsageError(f"--rule-option: no method has the rule {rule}")
        methods = [
            msgspec.structs.replace(method, options={**method.options, name: value})
            if method.rule == rule
            else method
            for method in methods
        ]
    return tuple(methods)


def overrides(arguments: Namespace) -> dict[str, Any]:
    """Return what the options say, by the Experiment's fields; empty if there is none."""
    return {field: value for field, value in vars(arguments).items() if field in _OPTION_OF}


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
    if note := "" if "parameters" in fresh else parameters_note(function.text, function.parameters):
        say(f"note: {note}")
    if {"range", "start", "alpha"} <= given.keys():
        return experiment
    seen = with_first_view(experiment, given.get("range"))
    return seen if function.data_set else seen.replace(epsilon=base.epsilon)
