"""What the person chose: an Experiment, frozen and validated.

A click, a slider, a file and the command line all make another Experiment; nothing else holds
intent. Everything that can be wrong with one is refused here, with the field's name.
"""

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from reprlib import repr as shortened
from typing import Any, Literal

import msgspec
import numpy as np

from gdviz.engine.claim import Claim
from gdviz.engine.data import Data
from gdviz.engine.datasets import DATASETS
from gdviz.engine.formula import Formula, FormulaError
from gdviz.engine.formula_objective import FormulaObjective
from gdviz.engine.gradients import ESTIMATES, YOURS, Estimate, yours
from gdviz.engine.objective import Precision
from gdviz.engine.rules import RULES
from gdviz.engine.schedules import SCHEDULES
from gdviz.engine.separability import is_separable
from gdviz.engine.surfaces import DEFAULT_SURFACE, SURFACES, Range, Surface, find_surface
from gdviz.engine.syntax import parse_row

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
#: The range of a formula of the person's own, until they choose one.
DEFAULT_RANGE = Range(-5.0, 5.0, -5.0, 5.0)

ColorScaleChoice = Literal["auto", "linear", "sqrt", "log"]


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


class Method(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the methods: a gradient estimate with an update rule.

    Parameters
    ----------
    estimate : str
        A key of :data:`gdviz.engine.gradients.ESTIMATES`.
    rule : str, default "gd"
        A key of :data:`gdviz.engine.rules.RULES`.
    options : mapping of str to float
        Values of the rule's options that differ from their defaults.
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
    surface : str, default "sigmoid-unit"
        A key of :data:`gdviz.engine.surfaces.SURFACES`; empty where there is a `formula`.
    formula : str, default ""
        A formula of the person's own, in place of a surface.
    title : str, default ""
        What the person calls it.
    constants : mapping of str to float
        Values of constants; for a surface those that differ from its defaults.
    constant_ranges : mapping of str to (float, float)
        From where to where a formula's constants are turned, as far as that was chosen.
    home : Range or None, default None
        The range (a_low, a_high, b_low, b_high) that the map of a formula returns to; a surface
        has its own.
    claimed_gradient : (str, str) or None, default None
        ∂f/∂a and ∂f/∂b as the person derived them.
    data : Data or None, default None
        The person's own data; None takes the surface's, if it has any.
    model : str, default ""
        What a formula of the person's own fits to the data, for each row; a surface has its own.
    start : (float, float)
        The point (a, b) at step 0.
    more_starts : tuple of (float, float)
        Points from which all methods start as well.
    alpha, epsilon : float
        The learning rate α and the finite-difference step ε of methods without their own.
    schedule : str, default "constant"
        How α changes along a path: a key of :data:`gdviz.engine.schedules.SCHEDULES`.
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
    range : Range or None, default None
        The map (a_low, a_high, b_low, b_high); None is the surface's home range.
    color_scale : {"auto", "linear", "sqrt", "log"}
        How losses become colours; "auto" takes what the surface suggests.
    methods : tuple of Method
        The rows, in order.

    Raises
    ------
    ExperimentError
        If a field is out of bounds, or does not fit the others.
    """

    version: int = VERSION
    surface: str = DEFAULT_SURFACE
    formula: str = ""
    title: str = ""
    constants: dict[str, float] = {}
    constant_ranges: dict[str, tuple[float, float]] = {}
    home: tuple[float, float, float, float] | None = None
    claimed_gradient: tuple[str, str] | None = None
    data: Data | None = None
    model: str = ""
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
    range: tuple[float, float, float, float] | None = None
    color_scale: ColorScaleChoice = "auto"
    methods: tuple[Method, ...] = DEFAULT_METHODS

    def __post_init__(self) -> None:
        if self.version != VERSION:
            raise ExperimentError("version", f"this gdviz reads version {VERSION}, "
                                  f"the experiment has version {self.version}")  # fmt: skip
        self._check_function()
        for name in ("alpha", "epsilon", "eta", "steps"):
            _check_number(name, getattr(self, name), name)
        for coordinate in self.start:
            _check_number("start", coordinate, "start")
        self._check_more_starts()
        self._check_schedule()
        if self.range is not None:
            _check_range("range", self.range)
        self._check_methods()

    def _check_function(self) -> None:
        if bool(self.surface) == bool(self.formula):
            raise ExperimentError("surface", "give either a surface or a formula")
        if len(self.constants) > MAX_CONSTANTS:
            raise ExperimentError(
                "constants",
                f"there can be at most {MAX_CONSTANTS} of them, not {len(self.constants)}",
            )
        if self.surface:
            try:
                known = [constant.name for constant in find_surface(self.surface).constants]
            except ValueError as error:
                raise ExperimentError("surface", str(error)) from None
            for name in self.constants:
                if name not in known:
                    has = f"its constants are {', '.join(known)}" if known else "it has none"
                    raise ExperimentError(
                        "constants", f"{self.surface} has no constant {shortened(name)}: {has}"
                    )
            self._check_surface_data()
        try:
            self.parsed_formula()
        except FormulaError as error:
            raise ExperimentError("formula", str(error)) from error
        self._check_model()
        self._check_own()
        for name, value in self.constants.items():  # now that names are known to be short words
            _check_number("constants", value, f"constants.{name}")

    def _check_surface_data(self) -> None:
        surface, data = SURFACES[self.surface], self.data
        if data is None:
            return
        if not surface.data:
            raise ExperimentError("data", f"{self.surface} is a surface without data")
        missing = [name for name in DATASETS[surface.data].names if name not in data.columns]
        if missing:
            raise ExperimentError(
                "data",
                f"{self.surface} needs the column {missing[0]}, and the data has "
                f"{', '.join(data.names)}",
            )
        if surface.labels:
            for row, label in enumerate(data.columns[surface.target], start=1):
                if label not in (-1.0, 1.0):
                    raise ExperimentError(
                        "data",
                        f"the column {surface.target} must hold the labels −1 and 1, and its row "
                        f"{row} holds {label:g}",
                    )

    def _check_own(self) -> None:
        """Check what goes with a formula of the person's own, and with a gradient."""
        if self.surface:
            for field in ("title", "home", "constant_ranges"):
                if getattr(self, field):
                    raise ExperimentError(field, f"{self.surface} has its own")
        if len(self.title) > MAX_TITLE or not self.title.isprintable():
            raise ExperimentError("title", f"must be one line of at most {MAX_TITLE} characters")
        if self.home is not None:
            _check_range("home", self.home)
        self._check_constant_ranges()
        try:
            self.claim()
        except FormulaError as error:
            raise ExperimentError("claimed_gradient", str(error)) from error

    def _check_constant_ranges(self) -> None:
        for name, (low, high) in self.constant_ranges.items():
            if name not in self.constants:
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

    def _check_model(self) -> None:
        if not self.model:
            return
        if self.surface:
            raise ExperimentError("model", f"{self.surface} has a model of its own")
        if self.data is None:
            raise ExperimentError("model", "there is no data that it could be fitted to")
        try:
            parse_row(self.model, self.constant_values, self.data.names)
        except FormulaError as error:
            raise ExperimentError("model", str(error)) from error

    def _check_more_starts(self) -> None:
        if len(self.more_starts) > MAX_STARTS:
            raise ExperimentError(
                "more_starts", f"there can be at most {MAX_STARTS}, not {len(self.more_starts)}"
            )
        for i, point in enumerate(self.more_starts):
            for coordinate in point:
                _check_number("start", coordinate, f"more_starts[{i}]")

    def _check_schedule(self) -> None:
        if self.schedule not in SCHEDULES:
            known = ", ".join(SCHEDULES)
            raise ExperimentError("schedule", f"{shortened(self.schedule)} is not one of {known}")
        try:
            SCHEDULES[self.schedule].settings(self.schedule_options)
        except ValueError as error:
            raise ExperimentError("schedule_options", str(error)) from None

    def _check_methods(self) -> None:
        if not 1 <= len(self.methods) <= MAX_METHODS:
            raise ExperimentError(
                "methods", f"there must be 1 to {MAX_METHODS} of them, not {len(self.methods)}"
            )
        for i, method in enumerate(self.methods):
            where = f"methods[{i}]"
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
                RULES[method.rule].settings(method.options)
            except ValueError as error:
                raise ExperimentError(f"{where}.options", str(error)) from None
            if method.shown and not self.offers(method.estimate):
                raise ExperimentError(f"{where}.estimate", self.why_not(method.estimate))
            if method.alpha is not None:
                _check_number("alpha", method.alpha, f"{where}.alpha")
            if method.epsilon is not None:
                _check_number("epsilon", method.epsilon, f"{where}.epsilon")
            if method.color and not re.fullmatch("#[0-9a-fA-F]{6}", method.color):
                raise ExperimentError(
                    f"{where}.color", f"{shortened(method.color)} is not of the form #rrggbb"
                )

    # -- what follows from the fields

    def offers(self, estimate: str) -> bool:
        """Tell whether an estimate makes sense here."""
        return not self.why_not(estimate)

    def why_not(self, estimate: str) -> str:
        """Say why an estimate is not offered here; empty if it is."""
        if estimate == YOURS.name and self.claimed_gradient is None:
            return f"{estimate} is a gradient that you derived by hand, and there is none yet"
        if ESTIMATES[estimate].only_on in ("", self.surface):
            return ""
        return (
            f"{estimate} takes σ(p + q) for σ(p) + σ(q), a slip that has a meaning on "
            f"{ESTIMATES[estimate].only_on} only"
        )

    @property
    def built_in(self) -> Surface | None:
        """The built-in surface, or None for a formula of the person's own."""
        return SURFACES[self.surface] if self.surface else None

    @property
    def text(self) -> str:
        """The formula, of the surface or the person's own."""
        surface = self.built_in
        return surface.formula if surface else self.formula

    @property
    def constant_values(self) -> dict[str, float]:
        """The values of all constants, the surface's defaults included."""
        surface = self.built_in
        defaults = {c.name: c.default for c in surface.constants} if surface else {}
        return {**defaults, **self.constants}

    @property
    def data_set(self) -> Data | None:
        """The data: the person's own, or the surface's, or none."""
        surface = self.built_in
        return self.data or (DATASETS.get(surface.data) if surface else None)

    @property
    def model_text(self) -> str:
        """What is fitted to the data, for each row; empty where that is not known."""
        surface = self.built_in
        return surface.model if surface else self.model

    @property
    def target(self) -> str:
        """The column that is fitted: the surface's, or y, or the last; empty without data."""
        surface, data = self.built_in, self.data_set
        if surface is not None:
            return surface.target if surface.data else ""
        if data is None:
            return ""
        return "y" if "y" in data.columns else data.names[-1]

    @property
    def remark(self) -> str:
        """What a status sentence has to add: that there is no minimum, and why."""
        surface, data = self.built_in, self.data_set
        if surface is None:
            return ""
        if surface.labels and data is not None and _is_separable(data, surface.target):
            return "the classes can be separated, so that f has no minimum"
        return surface.remark

    @property
    def home_range(self) -> Range:
        """The range that the map returns to."""
        surface = self.built_in
        if surface is not None:
            return surface.home
        return Range(*self.home) if self.home else DEFAULT_RANGE

    @property
    def map_range(self) -> Range:
        """The range that the map shows."""
        return Range(*self.range) if self.range else self.home_range

    def parsed_formula(self) -> Formula:
        """Return the formula, parsed (and kept: a second call costs nothing).

        Raises
        ------
        FormulaError
        """
        data = self.data_set
        constants = tuple(sorted(self.constant_values))
        return Formula.parse(self.text, constants, data.names if data else ())

    def objective(self) -> FormulaObjective:
        """Return the function to minimise."""
        return FormulaObjective.from_text(self.text, self.constant_values, self.data_set)

    def claim(self) -> Claim | None:
        """Return the gradient that the person derived, if there is one.

        Raises
        ------
        FormulaError
            With one sentence that names the component and the column.
        """
        if self.claimed_gradient is None:
            return None
        return Claim.parse(self.objective(), self.claimed_gradient)

    def estimate(self, method: Method) -> Estimate:
        """Return what a method takes its gradients from."""
        claim = self.claim() if method.estimate == YOURS.name else None
        return yours(claim.parts) if claim else ESTIMATES[method.estimate]

    def alpha_of(self, method: Method) -> float:
        """Return the learning rate a method runs with."""
        return self.alpha if method.alpha is None else method.alpha

    def alpha_at(self, method: Method, step: int) -> float:
        """Return the learning rate of a method's update from step to step + 1."""
        schedule = SCHEDULES[self.schedule]
        settings = schedule.settings(self.schedule_options)
        factor = schedule.factor(step, self.steps, **settings) if schedule.factor else 1.0
        return self.alpha_of(method) * factor

    def epsilon_of(self, method: Method) -> float:
        """Return the finite-difference step a method runs with."""
        return self.epsilon if method.epsilon is None else method.epsilon

    def labels(self) -> tuple[str, ...]:
        """Return a distinct short name for each method.

        The estimate, with the rule where it is not gradient descent, its own α and ε, and the
        rule's options that were chosen; rows that are still alike are numbered.
        """
        labels: list[str] = []
        for method in self.methods:
            rule = "" if method.rule == "gd" else f":{method.rule}"
            own = [
                f"{sign}={value:g}"
                for sign, value in (("α", method.alpha), ("ε", method.epsilon))
                if value is not None
            ]
            symbols = {option.name: option.symbol for option in RULES[method.rule].options}
            own += [f"{symbols[name]}={value:g}" for name, value in method.options.items()]
            label = f"{method.estimate}{rule}" + (f" ({', '.join(own)})" if own else "")
            alike = sum(other == label or other.startswith(f"{label} #") for other in labels)
            labels.append(f"{label} #{alike + 1}" if alike else label)
        return tuple(labels)

    def on_surface(self, surface: Surface) -> "Experiment":
        """Return this experiment on a built-in surface: its start, α, constants and home range.

        Methods that have no meaning there stay in the list, hidden.
        """
        return self._moved(
            surface=surface.name,
            **_of_own(),
            constants={},
            start=surface.start,
            more_starts=(),
            alpha=surface.alpha,
            range=None,
            color_scale="auto",
        )

    def with_formula(self, text: str, **changes: Any) -> "Experiment":
        """Return this experiment on a formula, with the map, the start and the data it has.

        Methods that have no meaning there stay in the list, hidden, and a claimed gradient that
        names what the formula does not is left behind.

        Parameters
        ----------
        text : str
            The formula.
        **changes
            Other fields. Without `constants` those stay that the experiment has.

        Raises
        ------
        ExperimentError
        """
        own = {
            "surface": "",
            "formula": text,
            "title": "" if self.surface else self.title,
            "constants": self.constant_values,
            "home": self.home or tuple(self.home_range),
            "data": self.data_set,
            "model": self.model_text,
            **changes,
        }
        ranges = {n: r for n, r in self.constant_ranges.items() if n in own["constants"]}
        own.setdefault("constant_ranges", ranges)
        claim = own.pop("claimed_gradient", self.claimed_gradient)
        moved = self._moved(**own, claimed_gradient=None)
        if claim is None:
            return moved
        try:
            return self._moved(**own, claimed_gradient=claim)
        except ExperimentError:
            return moved

    def _moved(self, **changes: Any) -> "Experiment":
        """Return a copy on another function, in which methods that it does not offer are hidden."""
        hidden = tuple(msgspec.structs.replace(method, shown=False) for method in self.methods)
        there = self.replace(**changes, methods=hidden)
        methods = tuple(
            method if there.offers(method.estimate) else without
            for method, without in zip(self.methods, hidden, strict=True)
        )
        return there.replace(methods=methods)

    def reset(self) -> "Experiment":
        """Return this experiment with the start, α, ε, constants and range it began with."""
        defaults = {field.name: field.default for field in msgspec.structs.fields(self)}
        fresh = {
            name: defaults[name]
            for name in (
                "epsilon", "eta", "steps", "range", "color_scale", "schedule", "more_starts",
            )
        }  # fmt: skip
        fresh["schedule_options"] = {}
        surface = self.built_in
        if surface is not None:
            fresh |= {"start": surface.start, "alpha": surface.alpha, "constants": {}}
        return self.replace(**fresh)

    def replace(self, **changes: Any) -> "Experiment":
        """Return a copy with some fields changed, validated like any other."""
        return msgspec.structs.replace(self, **changes)


def _of_own() -> dict[str, Any]:
    """Return the fields that are about a function of the person's own, as they are without one."""
    return {
        "formula": "", "title": "", "constant_ranges": {}, "home": None,
        "claimed_gradient": None, "data": None, "model": "",
    }  # fmt: skip


@lru_cache(maxsize=8)
def _is_separable(data: Data, target: str) -> bool:
    features = [column for name, column in data.arrays.items() if name != target]
    return is_separable(np.column_stack(features[:2]), data.arrays[target])


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
        # Narrower than this, neighbouring grid points would be the same float.
        if not high - low > 1e-9 * max(1.0, abs(low), abs(high)):
            raise ExperimentError(
                field, f"{name} must run from a lower to a higher number, not {low:g} to {high:g}"
            )
