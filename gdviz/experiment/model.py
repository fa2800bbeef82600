"""What the person chose: an Experiment, frozen and validated.

A click, a slider, a file and the command line all make another Experiment; nothing else holds
intent. Everything that can be wrong with one is refused here, with the field's name.
"""

from functools import lru_cache
from typing import Any, Literal

import msgspec
import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.types import Precision
from gdviz.engine.analysis.separability import is_separable
from gdviz.engine.descent.gradient_estimates import ESTIMATES, YOURS, Estimate, yours
from gdviz.engine.descent.update_rules import RULES
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.language.formula import Formula
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_ref import Code
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.datasets import DATASETS
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.grid_objective import GridObjective
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE, DEFAULT_SURFACE, SURFACES, Surface
from gdviz.experiment.validation import (
    BOUNDS,
    MAX_CONSTANTS,
    MAX_METHODS,
    MAX_STARTS,
    MAX_STEPS,
    MAX_TITLE,
    VERSION,
    ExperimentError,
    check,
)

__all__ = [
    "BOUNDS",
    "DEFAULT_METHODS",
    "MAX_CONSTANTS",
    "MAX_METHODS",
    "MAX_STARTS",
    "MAX_STEPS",
    "MAX_TITLE",
    "VERSION",
    "ColorScaleChoice",
    "Experiment",
    "ExperimentError",
    "Method",
    "holding",
]

ColorScaleChoice = Literal["auto", "linear", "sqrt", "log"]


class Method(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the methods: a gradient estimate with an update rule.

    Parameters
    ----------
    estimate : str
        A key of :data:`gdviz.engine.descent.gradient_estimates.ESTIMATES`.
    rule : str, default "gd"
        A key of :data:`gdviz.engine.descent.update_rules.RULES`.
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
        A key of :data:`gdviz.engine.objectives.surfaces.SURFACES`; empty where there is another
        function.
    formula : str, default ""
        A formula of the person's own, in place of a surface.
    grid : LossGrid or None, default None
        Losses that were computed elsewhere, in place of a surface.
    code : Code or None, default None
        A Python file of the person's own, in place of a surface.
    title : str, default ""
        What the person calls it.
    constants : mapping of str to float
        Values of constants; for a surface those that differ from its defaults.
    constant_ranges : mapping of str to (float, float)
        From where to where a formula's constants are turned, as far as that was chosen. One that
        does not hold the constant's value is widened to it: a value is no mistake.
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
    grid: LossGrid | None = None
    code: Code | None = None
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
        check(self)
        ranges = {n: holding(ends, self.constants[n]) for n, ends in self.constant_ranges.items()}
        if ranges != self.constant_ranges:
            msgspec.structs.force_setattr(self, "constant_ranges", ranges)

    # -- what follows from the fields

    def offers(self, estimate: str) -> bool:
        """Tell whether an estimate makes sense here."""
        return not self.why_not(estimate)

    def why_not(self, estimate: str) -> str:
        """Say why an estimate is not offered here; empty if it is."""
        if estimate == YOURS.name and self.claimed_gradient is None:
            return f"{estimate} is a gradient that you derived by hand, but there is none yet"
        if self.code is not None and estimate in ("analytic", "complex-step"):
            return self._why_not_of_code(self.code, estimate)
        if ESTIMATES[estimate].only_on in ("", self.surface):
            return ""
        return (
            f"{estimate} takes σ(p + q) for σ(p) + σ(q), a slip that only makes sense on "
            f"{ESTIMATES[estimate].only_on}"
        )

    @staticmethod
    def _why_not_of_code(code: Code, estimate: str) -> str:
        if estimate == "complex-step":
            return f"{estimate} needs f at complex numbers, but {code.name} only takes real ones"
        if code.has_gradient:
            return ""
        return f"{code.name} defines no gradient(a, b), so only differences can be taken"

    def why_no_rule(self, rule: str) -> str:
        """Say why an update rule cannot be had here; empty if it can."""
        if self.code is None or not RULES[rule].needs_hessian:
            return ""
        return f"{rule} needs second derivatives, but {self.code.name} has none"

    @property
    def built_in(self) -> Surface | None:
        """The built-in surface, or None for a formula of the person's own."""
        return SURFACES[self.surface] if self.surface else None

    @property
    def text(self) -> str:
        """The formula, of the surface or the person's own; empty where there is none."""
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
            return "the classes can be separated, so f has no minimum"
        return surface.remark

    @property
    def home_range(self) -> Range:
        """The range that the map returns to."""
        surface = self.built_in
        if surface is not None:
            return surface.home
        if self.grid is not None:
            return self.grid.range
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

    def objective(self) -> Objective:
        """Return the function to minimise."""
        if self.grid is not None:
            return GridObjective(self.grid)
        return CodeObjective(self.code) if self.code is not None else self.formula_objective()

    def formula_objective(self) -> FormulaObjective:
        """Return the function to minimise, for what takes a formula apart.

        Raises
        ------
        ExperimentError
            If there is no formula.
        """
        if not self.text:
            raise ExperimentError("formula", "this needs a formula, but there is none")
        return FormulaObjective.from_text(self.text, self.constant_values, self.data_set)

    def candidate(self) -> CandidateGradient | None:
        """Return the gradient that the person derived, if there is one.

        Raises
        ------
        FormulaError
            With one sentence that names the component and the column.
        """
        if self.claimed_gradient is None:
            return None
        return CandidateGradient.parse(self.formula_objective(), self.claimed_gradient)

    def estimate(self, method: Method) -> Estimate:
        """Return what a method takes its gradients from."""
        candidate = self.candidate() if method.estimate == YOURS.name else None
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

    def replace(self, **changes: Any) -> "Experiment":
        """Return a copy with some fields changed, validated like any other."""
        return msgspec.structs.replace(self, **changes)


def holding(ends: tuple[float, float], value: float) -> tuple[float, float]:
    """Return a constant's range, widened to a value that lies outside."""
    return min(ends[0], value), max(ends[1], value)


@lru_cache(maxsize=8)
def _is_separable(data: Data, target: str) -> bool:
    features = [column for name, column in data.arrays.items() if name != target]
    return is_separable(np.column_stack(features[:2]), data.arrays[target])
