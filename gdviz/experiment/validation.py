"""What is refused of an Experiment: each field by itself, and as it fits the others."""

import math
import re
from collections.abc import Mapping
from reprlib import repr as shortened
from typing import TYPE_CHECKING

from gdviz.engine.descent.gradient_estimates import ESTIMATES
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.engine.descent.update_rules import RULES
from gdviz.engine.language.formula import FormulaError
from gdviz.engine.language.parser import parse_row
from gdviz.engine.objectives.code_ref import Code
from gdviz.engine.objectives.datasets import DATASETS
from gdviz.engine.objectives.surfaces import SURFACES, find_surface

if TYPE_CHECKING:
    from gdviz.experiment.model import Experiment, Method

VERSION = 1
MAX_METHODS = 12
MAX_CONSTANTS = 20
MAX_STEPS = 10_000
MAX_STARTS = 100
MAX_TITLE = 60

#: Bounds of the numeric fields, both ends allowed.
BOUNDS: Mapping[str, tuple[float, float]] = {
    "alpha": (1e-12, 1e6),
    "epsilon": (1e-20, 1e2),
    "eta": (1e-6, 1e3),
    "steps": (1, MAX_STEPS),
    "start": (-1e6, 1e6),
    "range": (-1e6, 1e6),
    "constants": (-1e6, 1e6),
}


class ExperimentError(ValueError):
    """A field that is refused, in one sentence.

    Parameters
    ----------
    field : str
        The field's name, for example ``"alpha"`` or ``"methods[2].epsilon"``; empty where the
        experiment as a whole is refused.
    message : str
        The sentence.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field
        self.message = message


def check(experiment: "Experiment") -> None:
    """Refuse what is out of bounds, or does not fit the rest.

    Raises
    ------
    ExperimentError
    """
    if experiment.version != VERSION:
        raise ExperimentError("version", f"this gdviz reads version {VERSION}, "
                              f"but the experiment has version {experiment.version}")  # fmt: skip
    _check_function(experiment)
    for name in ("alpha", "epsilon", "eta", "steps"):
        _check_number(name, getattr(experiment, name), name)
    for coordinate in experiment.start:
        _check_number("start", coordinate, "start")
    _check_more_starts(experiment)
    _check_schedule(experiment)
    if experiment.range is not None:
        _check_range("range", experiment.range)
    _check_methods(experiment)


def _check_function(experiment: "Experiment") -> None:
    if (
        sum(map(bool, (experiment.surface, experiment.formula, experiment.grid, experiment.code)))
        != 1
    ):
        raise ExperimentError("surface", "give one function: a surface, a formula, a grid or code")
    if len(experiment.constants) > MAX_CONSTANTS:
        raise ExperimentError(
            "constants",
            f"there can be at most {MAX_CONSTANTS} of them, not {len(experiment.constants)}",
        )
    if experiment.surface:
        _check_surface(experiment)
    if experiment.code is not None:
        _check_code(experiment.code)
    if experiment.text:
        try:
            experiment.parsed_formula()
        except FormulaError as error:
            raise ExperimentError("formula", str(error)) from error
    else:
        for field in ("constants", "data", "model", "claimed_gradient"):
            if getattr(experiment, field):
                raise ExperimentError(field, "this needs a formula, but there is none")
    _check_model(experiment)
    _check_own(experiment)
    for name, value in experiment.constants.items():  # now that names are known to be short words
        _check_number("constants", value, f"constants.{name}")


def _check_surface(experiment: "Experiment") -> None:
    try:
        known = [constant.name for constant in find_surface(experiment.surface).constants]
    except ValueError as error:
        raise ExperimentError("surface", str(error)) from None
    for name in experiment.constants:
        if name not in known:
            has = f"its constants are {', '.join(known)}" if known else "it has none"
            raise ExperimentError(
                "constants", f"{experiment.surface} has no constant {shortened(name)}: {has}"
            )
    _check_surface_data(experiment)


def _check_surface_data(experiment: "Experiment") -> None:
    surface, data = SURFACES[experiment.surface], experiment.data
    if data is None:
        return
    if not surface.data:
        raise ExperimentError("data", f"{experiment.surface} is a surface without data")
    missing = [name for name in DATASETS[surface.data].names if name not in data.columns]
    if missing:
        raise ExperimentError(
            "data",
            f"{experiment.surface} needs the column {missing[0]}, but the data has "
            f"{', '.join(data.names)}",
        )
    if surface.labels:
        for row, label in enumerate(data.columns[surface.target], start=1):
            if label not in (-1.0, 1.0):
                raise ExperimentError(
                    "data",
                    f"the column {surface.target} must hold the labels −1 and 1, but its row "
                    f"{row} holds {label:g}",
                )


def _check_code(code: Code) -> None:
    if not (code.path.isprintable() and len(code.path) < 4096):
        raise ExperimentError("code", "the path must be one line of printable characters")
    if not re.fullmatch("[0-9a-f]{64}", code.digest):
        raise ExperimentError("code", "the digest must be 64 hexadecimal digits")


def _check_own(experiment: "Experiment") -> None:
    """Check what goes with a formula of the person's own, and with a gradient."""
    if experiment.surface:
        for field in ("title", "home", "constant_ranges"):
            if getattr(experiment, field):
                raise ExperimentError(field, f"{experiment.surface} has its own")
    if len(experiment.title) > MAX_TITLE or not experiment.title.isprintable():
        raise ExperimentError("title", f"must be one line of at most {MAX_TITLE} characters")
    if experiment.home is not None:
        _check_range("home", experiment.home)
    _check_constant_ranges(experiment)
    try:
        experiment.candidate()
    except FormulaError as error:
        raise ExperimentError("claimed_gradient", str(error)) from error


def _check_constant_ranges(experiment: "Experiment") -> None:
    for name, (low, high) in experiment.constant_ranges.items():
        if name not in experiment.constants:
            raise ExperimentError(
                "constant_ranges", f"the formula has no constant {shortened(name)}"
            )
        field = f"constant_ranges.{name}"
        for end in (low, high):
            _check_number("constants", end, field)
        if not low < high:
            raise ExperimentError(
                field, f"must run from a lower to a higher number, not {low:g} to {high:g}"
            )


def _check_model(experiment: "Experiment") -> None:
    if not experiment.model:
        return
    if experiment.surface:
        raise ExperimentError("model", f"{experiment.surface} has a model of its own")
    if experiment.data is None:
        raise ExperimentError("model", "there is no data to fit it to")
    try:
        parse_row(experiment.model, experiment.constant_values, experiment.data.names)
    except FormulaError as error:
        raise ExperimentError("model", str(error)) from error


def _check_more_starts(experiment: "Experiment") -> None:
    if len(experiment.more_starts) > MAX_STARTS:
        raise ExperimentError(
            "more_starts", f"there can be at most {MAX_STARTS}, not {len(experiment.more_starts)}"
        )
    for i, point in enumerate(experiment.more_starts):
        for coordinate in point:
            _check_number("start", coordinate, f"more_starts[{i}]")


def _check_schedule(experiment: "Experiment") -> None:
    if experiment.schedule not in SCHEDULES:
        known = ", ".join(SCHEDULES)
        raise ExperimentError("schedule", f"{shortened(experiment.schedule)} is not one of {known}")
    try:
        SCHEDULES[experiment.schedule].option_values(experiment.schedule_options)
    except ValueError as error:
        raise ExperimentError("schedule_options", str(error)) from None


def _check_methods(experiment: "Experiment") -> None:
    if not 1 <= len(experiment.methods) <= MAX_METHODS:
        raise ExperimentError(
            "methods", f"there must be 1 to {MAX_METHODS} of them, not {len(experiment.methods)}"
        )
    for i, method in enumerate(experiment.methods):
        _check_method(experiment, method, f"methods[{i}]")


def _check_method(experiment: "Experiment", method: "Method", where: str) -> None:
    if method.estimate not in ESTIMATES:
        known = ", ".join(ESTIMATES)
        raise ExperimentError(
            f"{where}.estimate", f"{shortened(method.estimate)} is not one of {known}"
        )
    if method.rule not in RULES:
        raise ExperimentError(
            f"{where}.rule", f"{shortened(method.rule)} is not one of {', '.join(RULES)}"
        )
    try:
        RULES[method.rule].option_values(method.options)
    except ValueError as error:
        raise ExperimentError(f"{where}.options", str(error)) from None
    if method.shown and not experiment.offers(method.estimate):
        raise ExperimentError(f"{where}.estimate", experiment.why_not(method.estimate))
    if method.shown and (why := experiment.why_no_rule(method.rule)):
        raise ExperimentError(f"{where}.rule", why)
    if method.alpha is not None:
        _check_number("alpha", method.alpha, f"{where}.alpha")
    if method.epsilon is not None:
        _check_number("epsilon", method.epsilon, f"{where}.epsilon")
    if method.color and not re.fullmatch("#[0-9a-fA-F]{6}", method.color):
        raise ExperimentError(
            f"{where}.color", f"{shortened(method.color)} is not of the form #rrggbb"
        )


def _check_number(bound: str, value: float, field: str) -> None:
    low, high = BOUNDS[bound]
    if not low <= value <= high:  # nan is refused as well
        # A file may hold an integer that is too long to be formatted.
        shown = "a number of that size" if 1e300 < abs(value) < math.inf else f"{value:.10g}"
        raise ExperimentError(field, f"must be between {low:g} and {high:g}, not {shown}")


def _check_range(field: str, range_: tuple[float, float, float, float]) -> None:
    for end in range_:
        _check_number("range", end, field)
    for name, low, high in (("a", *range_[:2]), ("b", *range_[2:])):
        if not high > low:
            raise ExperimentError(
                field, f"{name} must run from a lower to a higher number, not {low:g} to {high:g}"
            )
        # Narrower than this, neighbouring grid points would be the same float.
        least = 1e-9 * max(1.0, abs(low), abs(high))
        if not high - low > least:
            raise ExperimentError(
                field, f"{name} must span more than {least:g} there, not {high - low:g}"
            )
