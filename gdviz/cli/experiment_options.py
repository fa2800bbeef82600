"""The options on the command line that make an experiment, and what reads their values."""

from argparse import ArgumentTypeError, Namespace
from collections.abc import Mapping, Sequence
from reprlib import repr as shortened
from typing import Any, NamedTuple, get_args

from gdviz.base.types import Precision
from gdviz.cli.arguments import OneOf, Parser, a_number, a_whole_number, numbers
from gdviz.cli.network_options import add_network
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import PRESETS, RULES
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.engine.objectives.data import Data
from gdviz.experiment.experiment import ColorScaleChoice, Method


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


class ReadData(NamedTuple):
    """Data of an option, and what the reader of its file had to say."""

    data: Data
    notes: tuple[str, ...]


def _a_data_file(text: str) -> ReadData:
    from gdviz.files.csv_data import DataError, load_data

    try:
        data, notes = load_data(text)
    except DataError as error:
        raise ArgumentTypeError(str(error)) from None
    return ReadData(data, tuple(notes))


def _an_option(
    text: str, word: str, kind: str, known: Mapping[str, object]
) -> tuple[str, str, float]:
    """Read OWNER.NAME=VALUE, where the owner is one of a table's.

    Parameters
    ----------
    text : str
        What was written.
    word, kind : str
        What the owner is called in the option's form and in sentences.
    known : mapping
        The owners there are, by name.
    """
    of, equals, value = text.partition("=")
    owner, dot, name = of.strip().partition(".")
    if not (owner and dot and name and equals):
        raise ArgumentTypeError(f"{shortened(text)} is not of the form {word}.NAME=VALUE")
    if owner not in known:
        raise ArgumentTypeError(f"{shortened(owner)} is not one of the {kind}s {', '.join(known)}")
    return owner, name, a_number(value)


def _a_rule_option(text: str) -> tuple[str, str, float]:
    return _an_option(text, "RULE", "rule", RULES)


def _an_estimate_option(text: str) -> tuple[str, str, float]:
    return _an_option(text, "ESTIMATE", "estimate", ESTIMATES)


def _a_method(text: str) -> Method:
    estimate, colon, rule = text.partition(":")
    if not colon:
        rule = PRESETS[text][0] if text in PRESETS else text
        takes_none = rule in RULES and not RULES[rule].uses_gradient
        if rule in RULES and not takes_none:
            raise ArgumentTypeError(
                f"{text} is an update rule, which comes after an estimate: analytic:{text}"
            )
        # The estimate plays no part then, and this one there is of every function.
        return Method("forward", text) if takes_none else Method(estimate)
    if "@" in rule and rule not in PRESETS:
        known = ", ".join(PRESETS)
        raise ArgumentTypeError(f"{shortened(rule)} is not one of the presets {known}")
    rule, options = PRESETS.get(rule, (rule, {}))
    return Method(estimate, rule, dict(options))


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
         f"rules: {', '.join(RULES)}; as other frameworks have them: {', '.join(PRESETS)}"},
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
        "--estimate-option",
        "estimate_options",
        {"metavar": "ESTIMATE.NAME=VALUE", "type": _an_estimate_option, "action": "append",
         "help": "an option for the methods with an estimate, such as evolution.pairs=10; may be "
         "repeated: " + "; ".join(
             f"{estimate.name}: {', '.join(option.name for option in estimate.options)}"
             for estimate in ESTIMATES.values() if estimate.options)},
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
    ("--seed", "seed",
     {"metavar": "S", "type": a_whole_number, "help": "what random estimates draw by"}),
    ("--samples", "samples",
     {"metavar": "N", "type": a_whole_number,
      "help": "how many further paths of each method that draws are drawn thinly"}),
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
        "--equal",
        "equal_units",
        {"action": "store_true", "help": "a unit of a as long as a unit of b on the map"},
    ),
    (
        "--color-scale",
        "color_scale",
        {"metavar": "KIND", "type": OneOf(get_args(ColorScaleChoice)),
         "help": "how f becomes colour: " + ", ".join(get_args(ColorScaleChoice))},
    ),
)  # fmt: skip
#: By an experiment's field, the option that sets it.
OPTION_OF = {field: option for option, field, _ in _OPTIONS}
#: By a field of a method, the option that sets it, where --method does not.
_OF_A_METHOD = {"options": "--rule-option", "estimate_options": "--estimate-option"}
#: The options that only a loss landscape takes.
LANDSCAPE_OPTIONS = frozenset({"metric", "transpose", "trajectory"})


def option_of(field: str) -> str:
    """Return the option that sets a field that was refused, or the field where there is none.

    Parameters
    ----------
    field : str
        As of an :class:`~gdviz.experiment.validation.ExperimentError`, such as
        ``"methods[2].estimate_options"``.
    """
    whole, _, of_one = field.partition("[")
    part = of_one.partition(".")[2].partition(".")[0]
    return _OF_A_METHOD.get(part) or OPTION_OF.get(whole.partition(".")[0], field)


def add_experiment(parser: Parser) -> None:
    """Add the experiment file and the options that go on top of it."""
    parser.add_argument(
        "file", nargs="?", default=None, metavar="FILE",
        help="an experiment (.json, or a page: .html), data (.csv .tsv), a loss landscape "
        "(.h5 .hdf5 .nc .mat .npz .npy .json .csv), or Python code with loss(a, b) or a "
        "network (.py), which will be run",
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
    add_network(parser)


def add_point(parser: Parser, meaning: str = "the point (default: the start)") -> None:
    """Add the option of a point that is the start instead of the experiment's."""
    parser.add_argument("--at", metavar="A,B", type=numbers("A,B"), help=meaning)


def overrides(arguments: Namespace) -> dict[str, Any]:
    """Return what the options say, by the Experiment's fields; empty if there is none."""
    return {
        field: value.data if isinstance(value, ReadData) else value
        for field, value in vars(arguments).items()
        if field in OPTION_OF
    }
