"""The functions of an experiment that are known by what they return alone: a person's code."""

import re
from collections.abc import Hashable
from typing import Self

from gdviz.base.format import printable
from gdviz.base.geometry import Range
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_ref import Code, CodeRunner
from gdviz.engine.objectives.loss_grid import check_trajectory
from gdviz.engine.objectives.objective import BlackBox, Objective
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE
from gdviz.experiment.function_base import Function
from gdviz.experiment.validation import MAX_TITLE, ExperimentError, check_range


class BlackBoxFunction(Function, frozen=True):
    """What is known by what it returns alone, its values and perhaps its gradient."""

    def black_box(self) -> BlackBox:
        """Return the function to minimise."""
        raise NotImplementedError

    def objective(self, _runner: CodeRunner | None = None) -> Objective:
        """Return the function to minimise."""
        return self.black_box()

    def why_no_rule(self, rule: str) -> str:
        """Say why an update rule cannot be had here; empty if it can."""
        if not RULES[rule].needs_hessian:
            return ""
        f = self.black_box()
        return f"{rule} needs second derivatives, but {f.name} has none" if f.no_hessian else ""


class CodeFunction(BlackBoxFunction, frozen=True, tag="code"):
    """A Python file of the person's own.

    Parameters
    ----------
    code : Code
        Which file, and what it held when it was opened.
    home : (float, float, float, float) or None, default None
        The range (a_low, a_high, b_low, b_high) that the map returns to, of a network's slice.
    trajectory : tuple of (float, float), default ()
        Where checkpoints of a network lie in the slice, or are projected to.

    Raises
    ------
    ExperimentError
    """

    code: Code
    home: tuple[float, float, float, float] | None = None
    trajectory: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        if self.home is not None:
            check_range("home", self.home)
        try:
            check_trajectory(self.trajectory)
        except ValueError as error:
            raise ExperimentError("trajectory", str(error)) from None
        if printable(self.code.path) != self.code.path or len(self.code.path) >= 4096:
            raise ExperimentError(
                "code",
                "the path must be printable, and shorter than 4,096 characters: rename the file",
            )
        if printable(self.code.loss, MAX_TITLE) != self.code.loss:
            raise ExperimentError("code", "the loss must be printable, and not long")
        if not re.fullmatch("[0-9a-f]{64}", self.code.digest):
            raise ExperimentError("code", "the digest must be 64 hexadecimal digits")
        if self.code.slice is not None and self.code.slice.seed < 0:
            raise ExperimentError("code", "the seed of the directions must not be negative")
        if self.code.loss_seed is not None and not 0 <= self.code.loss_seed < 2**32:
            raise ExperimentError("code", "the seed of the loss must be from 0 to 4,294,967,295")

    @classmethod
    def of(cls, objective: CodeObjective) -> Self:
        """Return a file that was opened."""
        if objective.runner is None:
            return cls(objective.code)
        facts = objective.runner.facts
        return cls(objective.code, facts.home, facts.trajectory)

    @property
    def home_range(self) -> Range:
        """The map that shows a slice, or the usual one."""
        return Range(*self.home) if self.home else DEFAULT_RANGE

    @property
    def parameters(self) -> tuple[str, str]:
        """What the function calls its arguments."""
        return self.code.parameters

    @property
    def no_formula(self) -> str:
        """That the file is code."""
        return f"{self.code.name} is Python code, of which only the results are visible"

    def why_no_field(self, field: str) -> str:
        """Say what a file has in place of a field."""
        name = self.code.name
        match field:
            case "candidate_gradient":
                return (
                    f"{name} is Python code: define its gradient there, as gradient"
                    f"({', '.join(self.parameters)}), and opening it compares it with differences"
                )
            case "parameters":
                return f"{name} is Python code: the names are those of its function's arguments"
            case "constants" | "constant_ranges" | "data" | "model":
                return f"{name} is Python code: its numbers and its data are in the file"
        return super().why_no_field(field)

    def black_box(self) -> BlackBox:
        """Return the file's functions, which cannot be evaluated without what runs them."""
        return CodeObjective(self.code)

    def objective(self, runner: CodeRunner | None = None) -> Objective:
        """Return the file's functions."""
        return CodeObjective(self.code, runner)


class CallableFunction(BlackBoxFunction, frozen=True, tag="callable"):
    """A function of the program that runs, which no file can hold.

    Parameters
    ----------
    made : BlackBox
        The function: see :meth:`gdviz.engine.objectives.objective.Objective.from_callable`.
    home : (float, float, float, float) or None, default None
        The range (a_low, a_high, b_low, b_high) that the map returns to.

    Raises
    ------
    ExperimentError
    """

    made: BlackBox
    home: tuple[float, float, float, float] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.made, BlackBox):
            raise ExperimentError("made", "must be made by Objective.from_callable")
        if self.home is not None:
            check_range("home", self.home)

    @property
    def home_range(self) -> Range:
        """The range that was chosen for it."""
        return Range(*self.home) if self.home else DEFAULT_RANGE

    @property
    def parameters(self) -> tuple[str, str]:
        """What the function calls its arguments."""
        return self.made.parameters

    @property
    def no_formula(self) -> str:
        """That it is a function of Python's."""
        return f"{self.made.name} is a Python function, of which only the results are visible"

    @property
    def identity(self) -> Hashable:
        """The function itself."""
        return self.made

    def black_box(self) -> BlackBox:
        """Return the function to minimise."""
        return self.made
