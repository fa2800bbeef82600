"""The function that an experiment minimises: a surface, a formula, a grid of losses, or code.

Each kind has its own fields and checks; what they have in common is in
:mod:`gdviz.experiment.function_base`.
"""

from collections.abc import Sequence
from functools import lru_cache
from reprlib import repr as shortened
from typing import get_args

import msgspec
import numpy as np

from gdviz.base.format import number, printable
from gdviz.base.geometry import Range
from gdviz.engine.analysis.separability import is_separable
from gdviz.engine.language.formula import FormulaError
from gdviz.engine.language.lexer import read_head, spelled
from gdviz.engine.language.names import check_names, parameters_in
from gdviz.engine.language.parser import PARAMETERS, parse_row
from gdviz.engine.language.unparse import tree_text
from gdviz.engine.objectives.code_ref import CodeRunner
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.datasets import DATASETS
from gdviz.engine.objectives.grid_objective import GridObjective
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.surfaces import (
    DEFAULT_RANGE,
    DEFAULT_SURFACE,
    SURFACES,
    ColorScale,
    Surface,
    find_surface,
)
from gdviz.experiment.black_box_functions import CallableFunction, CodeFunction
from gdviz.experiment.function_base import FormulaBase, Function
from gdviz.experiment.labels import OTHERS, TOLD, for_formula, holds, turned, turned_note
from gdviz.experiment.validation import (
    MAX_TITLE,
    ExperimentError,
    check_interval,
    check_number,
    check_range,
)


class SurfaceFunction(FormulaBase, frozen=True, tag="surface"):
    """A built-in surface.

    Parameters
    ----------
    name : str, default "sigmoid-unit"
        A key of :data:`gdviz.engine.objectives.surfaces.SURFACES`.
    constants : mapping of str to float
        Values of its constants; those that are not given have the surface's defaults.
    data : Data or None, default None
        The person's own data; None takes the surface's, if it has any.
    candidate_gradient : (str, str) or None, default None
        ∂f/∂a and ∂f/∂b as the person derived them.

    Raises
    ------
    ExperimentError
    """

    name: str = DEFAULT_SURFACE

    def _check_fields(self) -> None:
        try:
            known = [constant.name for constant in find_surface(self.name).constants]
        except ValueError as error:
            raise ExperimentError("surface", str(error)) from None
        for name in self.constants:
            if name not in known:
                has = f"its constants are {', '.join(known)}" if known else "it has none"
                raise ExperimentError(
                    "constants", f"{self.surface.title} has no constant {shortened(name)}: {has}"
                )
        if self.data is not None:
            self._check_data(self.data)
        constants = {**self.surface.defaults, **self.constants}
        msgspec.structs.force_setattr(self, "constants", constants)

    def _check_data(self, data: Data) -> None:
        surface = self.surface
        if not surface.data:
            fitting = ", ".join(name for name, each in SURFACES.items() if each.data)
            raise ExperimentError(
                "data", f"{surface.title} is a surface without data: those with data are {fitting}"
            )
        missing = [name for name in DATASETS[surface.data].names if name not in data.columns]
        if missing:
            raise ExperimentError(
                "data",
                f"{surface.title} needs the column {missing[0]}, but the data has "
                f"{', '.join(data.names)}; call it {missing[0]} in the file, or type the formula "
                "with the names that there are",
            )
        if not surface.labels:
            return
        labels = turned(data, surface.target, surface.labels).arrays[surface.target]
        is_other = ~np.isin(labels, surface.labels)
        if is_other.any():
            row = int(is_other.argmax())
            raise ExperimentError(
                "data",
                f"the column {surface.target} must hold the labels {TOLD[surface.labels]}, "
                f"but its row {row + 1} holds {number(labels[row])}",
            )

    @property
    def surface(self) -> Surface:
        """The row of the table of surfaces."""
        return SURFACES[self.name]

    @property
    def text(self) -> str:
        """The surface's formula."""
        return self.surface.formula

    @property
    def constant_ranges(self) -> dict[str, tuple[float, float]]:
        """The ranges that suit the surface."""
        return {constant.name: (constant.low, constant.high) for constant in self.surface.constants}

    @property
    def data_set(self) -> Data | None:
        """The person's own data with the labels that it takes, or the surface's, or none."""
        if self.data is None or self.surface.labels is None:
            return self.data or DATASETS.get(self.surface.data)
        return turned(self.data, self.target, self.surface.labels)

    @property
    def target(self) -> str:
        """The column that is fitted; empty without data."""
        return self.surface.target if self.surface.data else ""

    @property
    def model(self) -> str:
        """What is fitted to the data, for each row."""
        return self.surface.model

    @property
    def home_range(self) -> Range:
        """The surface's home range."""
        return self.surface.home

    @property
    def color_scale(self) -> ColorScale:
        """The scale that suits the surface."""
        return self.surface.color_scale

    @property
    def remark(self) -> str:
        """That there is no minimum, and why; empty if there is one."""
        surface, data = self.surface, self.data_set
        if surface.labels and data is not None and _is_separable(data, surface):
            return "the classes can be separated, so f has no minimum"
        return surface.remark

    @property
    def data_note(self) -> str:
        """That labels became others; empty if they did not."""
        labels = self.surface.labels
        if labels is None or self.data is None or not holds(self.data, self.target, OTHERS[labels]):
            return ""
        return turned_note(self.target, labels)

    def why_no_field(self, field: str) -> str:
        """Say that the surface has its own."""
        what = "a model of its own" if field == "model" else "its own"
        return f"{self.surface.title} has {what}"


class FormulaFunction(FormulaBase, frozen=True, tag="formula"):
    """A formula of the person's own.

    Parameters
    ----------
    text : str
        The formula.
    constants : mapping of str to float
        The values of its constants.
    data : Data or None, default None
        The data, whose columns it may name.
    candidate_gradient : (str, str) or None, default None
        ∂f/∂a and ∂f/∂b as the person derived them.
    title : str, default ""
        What the person calls it.
    constant_ranges : mapping of str to (float, float)
        From where to where its constants are turned, as far as that was chosen. One that does not
        hold the constant's value is widened to it: a value is no mistake.
    home : (float, float, float, float) or None, default None
        The range (a_low, a_high, b_low, b_high) that the map returns to.
    model : str, default ""
        What it fits to the data, for each row.
    parameters : (str, str), default ("a", "b")
        What it is a function of; by default it is what
        :func:`~gdviz.engine.language.names.parameters_in` finds in the text.

    Raises
    ------
    ExperimentError
    """

    text: str
    title: str = ""
    constant_ranges: dict[str, tuple[float, float]] = {}  # noqa: RUF012 - a Struct copies it
    home: tuple[float, float, float, float] | None = None
    model: str = ""
    parameters: tuple[str, str] = PARAMETERS

    def _check_fields(self) -> None:
        own = self.parameters
        if own == PARAMETERS:
            own = parameters_in(self.text, self.constants, self.data.names if self.data else ())
        own = spelled(own[0]), spelled(own[1])
        try:
            check_names(own)
        except FormulaError as error:
            raise ExperimentError("parameters", str(error)) from error
        ranges = {spelled(name): ends for name, ends in self.constant_ranges.items()}
        msgspec.structs.force_setattr(self, "parameters", own)
        msgspec.structs.force_setattr(self, "constant_ranges", ranges)
        if len(self.title) > MAX_TITLE or printable(self.title) != self.title:
            raise ExperimentError("title", f"must be one line of at most {MAX_TITLE} characters")
        if self.home is not None:
            check_range("home", self.home, own)
        if self.model and self.data is None:
            raise ExperimentError("model", "there is no data to fit it to")
        if self.model and self.data is not None:
            try:
                parse_row(self.model, self.constants, self.data.names, own)
            except FormulaError as error:
                raise ExperimentError("model", str(error)) from error
        self._check_constant_ranges()
        ranges = {n: holding(ends, self.constants[n]) for n, ends in self.constant_ranges.items()}
        msgspec.structs.force_setattr(self, "constant_ranges", ranges)

    def _check_constant_ranges(self) -> None:
        for name, (low, high) in self.constant_ranges.items():
            if name not in self.constants:
                raise ExperimentError(
                    "constant_ranges", f"the formula has no constant {shortened(name)}"
                )
            field = f"constant_ranges.{name}"
            for end in (low, high):
                check_number("constants", end, field)
            check_interval(field, low, high)

    @property
    def data_set(self) -> Data | None:
        """The data, with the labels that the formula takes."""
        return None if self.data is None else self._labelled(self.data)[0]

    @property
    def data_note(self) -> str:
        """What became of labels; empty if nothing did."""
        return "" if self.data is None else self._labelled(self.data)[1]

    def _labelled(self, data: Data) -> tuple[Data, str]:
        return for_formula(data, self.target, self.text, (*self.constants,), self.parameters)

    @property
    def plain_text(self) -> str:
        """The formula as sentences have it."""
        is_latex = any(sign in self.text for sign in "\\{$")
        if is_latex:
            return tree_text(self.formula_objective().formula.tree)
        return self.text[read_head(self.text).length :].strip()

    @property
    def target(self) -> str:
        """The column that is fitted: y, or else the last; empty without data."""
        if self.data is None:
            return ""
        return "y" if "y" in self.data.columns else self.data.names[-1]

    @property
    def home_range(self) -> Range:
        """The range that the person chose for it."""
        return Range(*self.home) if self.home else DEFAULT_RANGE


class GridFunction(Function, frozen=True, tag="grid"):
    """Losses that were computed elsewhere, on a grid.

    Parameters
    ----------
    grid : LossGrid
        The losses.
    """

    grid: LossGrid

    @property
    def trajectory(self) -> Sequence[tuple[float, float]]:
        """Where an optimizer went on the landscape."""
        return self.grid.trajectory

    @property
    def no_formula(self) -> str:
        """That there are losses alone."""
        source = self.grid.source or "what is opened"
        return f"{source} is a table of losses, between which f is interpolated"

    @property
    def home_range(self) -> Range:
        """The whole grid."""
        return self.grid.range

    def objective(self, _runner: CodeRunner | None = None) -> Objective:
        """Return the interpolant."""
        return GridObjective(self.grid)


AnyFunction = SurfaceFunction | FormulaFunction | GridFunction | CodeFunction | CallableFunction
#: By kind, the names of a function's fields.
FIELDS_OF = {
    kind.__struct_config__.tag: frozenset(kind.__struct_fields__) for kind in get_args(AnyFunction)
}
#: The names of all of them.
FUNCTION_FIELDS = frozenset().union(*FIELDS_OF.values())


def holding(ends: tuple[float, float], value: float) -> tuple[float, float]:
    """Return a constant's range, widened to a value that lies outside."""
    return min(ends[0], value), max(ends[1], value)


@lru_cache(maxsize=8)
def _is_separable(data: Data, surface: Surface) -> bool:
    low, high = surface.labels or (-1.0, 1.0)
    names = [name for name in DATASETS[surface.data].names if name != surface.target]
    features = [data.arrays[name] for name in names]
    if len(features) == 1:  # a threshold is a line through the origin beside a column of ones
        features.append(np.ones(data.rows))
    labels = (2 * data.arrays[surface.target] - low - high) / (high - low)
    return is_separable(np.column_stack(features), labels)
