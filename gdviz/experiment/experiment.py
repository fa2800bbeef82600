"""What the person chose: an Experiment, frozen and validated.

A click, a slider, a file and the command line all make another Experiment; nothing else holds
intent. Everything that can be wrong with one is refused here, with the field's name.
"""

import re
from reprlib import repr as shortened
from typing import Any, Literal

import msgspec

from gdviz.base.geometry import Range
from gdviz.base.types import Precision
from gdviz.engine.descent.estimates.estimate import Estimate
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES, YOURS, yours
from gdviz.engine.descent.estimates.random_directions import why_no_batch
from gdviz.engine.descent.rules.update_rules import RULES, framework_of
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.engine.objectives.code_ref import CodeRunner
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.camera import Camera
from gdviz.experiment.function import FUNCTION_FIELDS, AnyFunction, SurfaceFunction
from gdviz.experiment.validation import (
    MAX_METHODS,
    MAX_STARTS,
    ExperimentError,
    check_number,
    check_range,
)
from gdviz.experiment.view import View

VERSION = 2

#: Fields that say how an experiment is looked at: in all others it is another one.
LOOKS = frozenset({"range", "color_scale", "equal_units", "camera", "view"})

ColorScaleChoice = Literal["auto", "linear", "sqrt", "log"]


class Method(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the methods: a gradient estimate with an update rule.

    Parameters
    ----------
    estimate : str
        A key of :data:`gdviz.engine.descent.estimates.gradient_estimates.ESTIMATES`.
    rule : str, default "gd"
        A key of :data:`gdviz.engine.descent.rules.update_rules.RULES`.
    options, estimate_options : mapping of str to float
        Values of the rule's options, and of the estimate's, that differ from their defaults.
    alpha, epsilon : float or None, default None
        Its own learning rate and step; None takes the experiment's.
    shown : bool, default True
        Whether it is computed and drawn.
    color : str, default ""
        ``#rrggbb``; empty takes the palette's.
    """

    estimate: str
    rule: str = "gd"
    options: dict[str, float] = {}
    estimate_options: dict[str, float] = {}
    alpha: float | None = None
    epsilon: float | None = None
    shown: bool = True
    color: str = ""


DEFAULT_METHODS = (
    Method("analytic"),
    Method("forward"),
    Method("central"),
    Method("mistaken", shown=False),
)


class Experiment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything the person chose.

    Parameters
    ----------
    version : int
        The file format's version.
    function : SurfaceFunction, FormulaFunction, GridFunction or CodeFunction
        What is minimised: see :mod:`gdviz.experiment.function`.
    start : (float, float)
        The point (a, b) at step 0.
    more_starts : tuple of (float, float)
        Points from which all methods start as well.
    alpha, epsilon : float
        The learning rate α and the finite-difference step ε of methods without their own.
    schedule : str, default "constant"
        How α changes along a path: a key of :data:`gdviz.engine.descent.schedules.SCHEDULES`.
    schedule_options : mapping of str to float
        Values of the schedule's options that differ from their defaults.
    eta : float
        The length η of the finite step whose best direction is searched.
    steps : int
        The most updates.
    precision : {"float64", "float32"}
        The arithmetic of the methods.
    representable_step : bool, default False
        Divide differences by (x + ε) − x, the step that was really taken, in place of ε.
    seed : int, default 0
        What random estimates draw by: the same one gives the same paths.
    samples : int, default 0
        Further paths of each method that draws, with draws of their own.
    range : Range or None, default None
        The map (a_low, a_high, b_low, b_high); None is the surface's home range.
    color_scale : {"auto", "linear", "sqrt", "log"}
        How losses become colours; "auto" takes what the surface suggests, and elsewhere the scale
        on which most colours are seen.
    equal_units : bool, default False
        Draw a unit of a as long as a unit of b on the map.
    camera : Camera
        Where the surface in three dimensions is looked at from.
    view : View
        What lies on the map, which lens is open, and which step is current.
    methods : tuple of Method
        The rows, in order.

    Raises
    ------
    ExperimentError
        If a field is out of bounds, or does not fit the others.
    """

    version: int = VERSION
    function: AnyFunction = SurfaceFunction()
    # With these the forward difference's path visibly parts from the analytic one.
    start: tuple[float, float] = (1.5, 4.0)
    more_starts: tuple[tuple[float, float], ...] = ()
    alpha: float = 0.4
    schedule: str = "constant"
    schedule_options: dict[str, float] = {}
    epsilon: float = 1.0
    eta: float = 1.0
    steps: int = 40
    precision: Precision = "float64"
    representable_step: bool = False
    seed: int = 0
    samples: int = 0
    range: tuple[float, float, float, float] | None = None
    color_scale: ColorScaleChoice = "auto"
    equal_units: bool = False
    camera: Camera = Camera()
    view: View = View()
    methods: tuple[Method, ...] = DEFAULT_METHODS

    def __post_init__(self) -> None:
        if self.version != VERSION:
            raise ExperimentError(
                "version",
                f"this gdviz writes version {VERSION}, but the experiment has version "
                f"{self.version}",
            )
        for name in ("alpha", "epsilon", "eta", "steps", "seed", "samples"):
            check_number(name, getattr(self, name), name)
        for coordinate in self.start:
            check_number("start", coordinate, "start")
        self._check_more_starts()
        self._check_schedule()
        if self.range is not None:
            check_range("range", self.range, self.function.parameters)
        if not 1 <= len(self.methods) <= MAX_METHODS:
            raise ExperimentError(
                "methods", f"there must be 1 to {MAX_METHODS} of them, not {len(self.methods)}"
            )
        for i, method in enumerate(self.methods):
            _check_method(method, self.function, f"methods[{i}]")

    def _check_more_starts(self) -> None:
        if len(self.more_starts) > MAX_STARTS:
            raise ExperimentError(
                "more_starts", f"there can be at most {MAX_STARTS}, not {len(self.more_starts)}"
            )
        for i, point in enumerate(self.more_starts):
            for coordinate in point:
                check_number("start", coordinate, f"more_starts[{i}]")

    def _check_schedule(self) -> None:
        if self.schedule not in SCHEDULES:
            known = ", ".join(SCHEDULES)
            raise ExperimentError("schedule", f"{shortened(self.schedule)} is not one of {known}")
        try:
            SCHEDULES[self.schedule].option_values(self.schedule_options)
        except ValueError as error:
            raise ExperimentError("schedule_options", str(error)) from None

    @property
    def map_range(self) -> Range:
        """The range that the map shows."""
        return Range(*self.range) if self.range else self.function.home_range

    def is_same_work(self, other: "Experiment | None") -> bool:
        """Tell whether another one differs in nothing but the place that somebody is at in it."""
        if other is None or not changed_fields(self, other) <= {"view"}:
            return False
        return self.view == msgspec.structs.replace(
            other.view.without_place(),
            **{name: getattr(self.view, name) for name in ("lens", "page", "step")},
        )

    def is_same_but_for_looks(self, other: "Experiment") -> bool:
        """Tell whether another one has the same paths, however they are looked at."""
        return changed_fields(self, other) <= LOOKS

    def objective(self, runner: CodeRunner | None = None) -> Objective:
        """Return the function to minimise; code that was opened, with what runs it."""
        return self.function.objective(runner)

    def estimate(self, method: Method) -> Estimate:
        """Return what a method takes its gradients from."""
        candidate = self.function.candidate() if method.estimate == YOURS.name else None
        return yours(candidate.parts) if candidate else ESTIMATES[method.estimate]

    def alpha_of(self, method: Method) -> float:
        """Return the learning rate a method runs with."""
        return self.alpha if method.alpha is None else method.alpha

    def epsilon_of(self, method: Method) -> float:
        """Return the finite-difference step a method runs with."""
        return self.epsilon if method.epsilon is None else method.epsilon

    def labels(self) -> tuple[str, ...]:
        """Return a distinct short name for each method.

        The estimate, with the rule where it is not gradient descent, its own α and ε, and the
        rule's options that were chosen, or whose preset they are; rows that are still alike are
        numbered. A rule that takes no gradient stands alone.
        """
        labels: list[str] = []
        for method in self.methods:
            estimate, rule = method.estimate, "" if method.rule == "gd" else f":{method.rule}"
            takes_gradient = RULES[method.rule].uses_gradient
            if not takes_gradient:
                estimate, rule = "", method.rule
            own = [
                f"{sign}={value:g}"
                for sign, value in (("α", method.alpha), ("ε", method.epsilon))
                if value is not None and takes_gradient
            ]
            symbols = {option.name: option.symbol for option in ESTIMATES[method.estimate].options}
            of_estimate = method.estimate_options if takes_gradient else {}
            own += [f"{symbols[name]}={value:g}" for name, value in of_estimate.items()]
            if framework := framework_of(method.rule, method.options):
                rule += f"@{framework}"
            else:
                symbols = {option.name: option.symbol for option in RULES[method.rule].options}
                own += [f"{symbols[name]}={value:g}" for name, value in method.options.items()]
            label = f"{estimate}{rule}" + (f" ({', '.join(own)})" if own else "")
            alike = sum(other == label or other.startswith(f"{label} #") for other in labels)
            labels.append(f"{label} #{alike + 1}" if alike else label)
        return tuple(labels)

    def replace(self, **changes: Any) -> "Experiment":
        """Return a copy with some fields changed, its function's among them, validated like any.

        Raises
        ------
        ExperimentError
            If a field is refused, or the function has no such field.
        """
        of_function = {name: changes.pop(name) for name in FUNCTION_FIELDS & changes.keys()}
        if of_function:
            function = changes.get("function", self.function)
            changes["function"] = function.replace(**of_function)
        return msgspec.structs.replace(self, **changes)


def changed_fields(one: msgspec.Struct, other: msgspec.Struct) -> frozenset[str]:
    """Return the names of the fields in which two values of one type differ."""
    names = one.__struct_fields__
    return frozenset(name for name in names if getattr(one, name) != getattr(other, name))


def _why_no_batch(method: Method, function: AnyFunction) -> str:
    """Say that a mini-batch is larger than the data, if it is."""
    rows, data = method.estimate_options.get("rows", 0), function.data_set
    if ESTIMATES[method.estimate].needs != "batch gradient" or data is None:
        return ""
    return why_no_batch(rows, data.rows)


def _check_options(method: Method, where: str) -> None:
    for field, row in (
        ("options", RULES[method.rule]),
        ("estimate_options", ESTIMATES[method.estimate]),
    ):
        try:
            row.option_values(getattr(method, field))
        except ValueError as error:
            raise ExperimentError(f"{where}.{field}", str(error)) from None


def _check_method(method: Method, function: AnyFunction, where: str) -> None:
    if method.estimate not in ESTIMATES:
        known = ", ".join(ESTIMATES)
        raise ExperimentError(
            f"{where}.estimate", f"{shortened(method.estimate)} is not one of {known}"
        )
    if method.rule not in RULES:
        raise ExperimentError(
            f"{where}.rule", f"{shortened(method.rule)} is not one of {', '.join(RULES)}"
        )
    _check_options(method, where)
    if method.shown and (why := function.why_not(method.estimate)):
        raise ExperimentError(f"{where}.estimate", why)
    if method.shown and (why := _why_no_batch(method, function)):
        raise ExperimentError(f"{where}.estimate_options.rows", why)
    if method.shown and (why := function.why_no_rule(method.rule)):
        raise ExperimentError(f"{where}.rule", why)
    if method.alpha is not None:
        check_number("alpha", method.alpha, f"{where}.alpha")
    if method.epsilon is not None:
        check_number("epsilon", method.epsilon, f"{where}.epsilon")
    if method.color and not re.fullmatch("#[0-9a-fA-F]{6}", method.color):
        raise ExperimentError(
            f"{where}.color", f"{shortened(method.color)} is not of the form #rrggbb"
        )
