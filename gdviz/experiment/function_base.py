"""What can be asked of the function of an experiment, whatever kind of function it is.

The kinds are in :mod:`gdviz.experiment.function`.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Self

import msgspec

from gdviz.base.geometry import Range
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES, YOURS
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.language.formula import FormulaError
from gdviz.engine.language.lexer import canonical, spelled
from gdviz.engine.language.parser import PARAMETERS
from gdviz.engine.objectives.code_ref import Code, CodeRunner
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.objective import Objective
from gdviz.engine.objectives.quantities import Quantity
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE, SURFACES, ColorScale, Surface
from gdviz.experiment.validation import MAX_CONSTANTS, ExperimentError, check_number

#: Why an estimate is not offered where there is not what it needs.
_WITHOUT: Mapping[Quantity, str] = {
    "gradient": "{missing}, so only differences can be taken",
    "complex value": "{estimate} needs f at complex numbers, but {missing}",
    "tangent": "{estimate} carries a derivative through the operations of f, but {missing}",
    "batch gradient": "{estimate} takes some rows of the data, but {missing}",
}
#: What goes with a formula alone, in words.
_OF_FORMULAS: Mapping[str, str] = {
    "candidate_gradient": "a gradient of one's own is",
    "constants": "constants are",
    "constant_ranges": "ranges of constants are",
    "data": "data is",
    "model": "a model is",
    "parameters": "names of parameters are",
    "title": "a title is",
}


class Function(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every kind of function can be asked; what a kind does not have is empty."""

    @property
    def title(self) -> str:
        """What the person calls it; empty if it has no name."""
        return ""

    @property
    def surface(self) -> Surface | None:
        """The built-in surface, if it is one."""
        return None

    @property
    def text(self) -> str:
        """The formula, a surface's included; empty where there is none."""
        return ""

    @property
    def plain_text(self) -> str:
        """The formula without what stands before it, and in the language's words where it is LaTeX.

        It is for sentences and captions: what was typed stays in :attr:`text`.
        """
        return self.text

    @property
    def grid(self) -> LossGrid | None:
        """The losses that were computed elsewhere, if it is a grid of them."""
        return None

    @property
    def code(self) -> Code | None:
        """The Python file, if it is code."""
        return None

    @property
    def trajectory(self) -> Sequence[tuple[float, float]]:
        """Where an optimizer went, if that came with the function."""
        return ()

    @property
    def parameters(self) -> tuple[str, str]:
        """What the person calls the two parameters: every label and sentence has it from here."""
        return PARAMETERS

    @property
    def constants(self) -> dict[str, float]:
        """The values of all constants."""
        return {}

    @property
    def constant_ranges(self) -> dict[str, tuple[float, float]]:
        """From where to where constants are turned, as far as that is known."""
        return {}

    @property
    def data(self) -> Data | None:
        """The person's own data, if there is any."""
        return None

    @property
    def data_set(self) -> Data | None:
        """The data: the person's own, or the surface's, or none."""
        return None

    @property
    def target(self) -> str:
        """The column of the data that is fitted; empty without data."""
        return ""

    @property
    def model(self) -> str:
        """What is fitted to the data, for each row; empty where that is not known."""
        return ""

    @property
    def no_formula(self) -> str:
        """What is opened in place of a formula, in a sentence; empty where there is one."""
        return ""

    @property
    def candidate_gradient(self) -> tuple[str, str] | None:
        """∂f/∂a and ∂f/∂b as the person derived them, if they did."""
        return None

    @property
    def home_range(self) -> Range:
        """The range that the map returns to."""
        return DEFAULT_RANGE

    @property
    def color_scale(self) -> ColorScale | None:
        """How losses become colours unless the person chooses; None as they themselves ask for."""
        return None

    @property
    def remark(self) -> str:
        """What a status sentence has to add: that there is no minimum, and why."""
        return ""

    @property
    def data_note(self) -> str:
        """What became of the person's data; empty if nothing did."""
        return ""

    @property
    def identity(self) -> Hashable:
        """What makes it another function; turning its constants does not."""
        return self.text, self.parameters, self.grid, self.code, self.data_set

    def objective(self, _runner: CodeRunner | None = None) -> Objective:
        """Return the function to minimise; where it is code, with what runs it."""
        return self.formula_objective()

    def formula_objective(self) -> FormulaObjective:
        """Return the function to minimise, for what takes a formula apart.

        Raises
        ------
        ExperimentError
            If there is no formula.
        """
        raise ExperimentError("", f"this takes a formula apart, but {self.no_formula}")

    def candidate(self) -> CandidateGradient | None:
        """Return the candidate gradient beside the true one, if there is a candidate.

        Raises
        ------
        FormulaError
            With one sentence that names the component and the column.
        """
        if self.candidate_gradient is None:
            return None
        return CandidateGradient.parse(self.formula_objective(), self.candidate_gradient)

    @property
    def estimates_with_epsilon(self) -> tuple[str, ...]:
        """The names of the estimates that are offered here and whose error depends on ε alone."""
        return tuple(name for name, e in ESTIMATES.items() if e.is_swept and not self.why_not(name))

    def why_not(self, estimate: str) -> str:
        """Say why a gradient estimate is not offered here; empty if it is."""
        if estimate == YOURS.name and self.candidate_gradient is None:
            return f"{estimate} is a gradient that you derived by hand, but there is none yet"
        needs = ESTIMATES[estimate].needs
        # Values there are always.
        if needs != "value" and (missing := self.objective().missing(needs)):
            return _WITHOUT[needs].format(estimate=estimate, missing=missing)
        surface = ESTIMATES[estimate].only_on
        if surface and (self.surface is None or self.surface.name != surface):
            return (
                f"{ESTIMATES[estimate].title} takes σ(p + q) for σ(p) + σ(q), a slip that only "
                f"makes sense on {SURFACES[surface].title}"
            )
        return ""

    def why_no_rule(self, _rule: str) -> str:
        """Say why an update rule cannot be had here; empty if it can."""
        return ""

    def why_no_field(self, field: str) -> str:
        """Say why a field that other kinds of functions have makes no sense here."""
        return f"{_OF_FORMULAS.get(field, 'that is')} for a formula, but {self.no_formula}"

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed, validated like any other.

        A field that only other kinds of functions have is refused, unless what it is set to is
        nothing.

        Raises
        ------
        ExperimentError
        """
        for field in sorted(changes.keys() - set(self.__struct_fields__)):
            if changes.pop(field):
                raise ExperimentError(field, self.why_no_field(field))
        return msgspec.structs.replace(self, **changes)


class FormulaBase(Function, frozen=True, kw_only=True):
    """What surfaces and formulas have in common."""

    constants: dict[str, float] = {}
    data: Data | None = None
    candidate_gradient: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if len(self.constants) > MAX_CONSTANTS:
            raise ExperimentError(
                "constants",
                f"there can be at most {MAX_CONSTANTS} of them, not {len(self.constants)}",
            )
        constants = {spelled(name): value for name, value in self.constants.items()}
        if len({*map(canonical, constants)}) < len(self.constants):
            raise ExperimentError("constants", "two of them have the same name, spelt in two ways")
        msgspec.structs.force_setattr(self, "constants", constants)
        self._check_fields()
        parts = (("formula", self.formula_objective), ("candidate_gradient", self.candidate))
        for field, parse in parts:
            try:
                parse()
            except FormulaError as error:
                raise ExperimentError(field, str(error)) from error
        for name, value in self.constants.items():  # the names are known to be short words by now
            check_number("constants", value, f"constants.{name}")

    def _check_fields(self) -> None:
        """Refuse what only this kind of function has, and complete it."""

    def formula_objective(self) -> FormulaObjective:
        """Return the function to minimise; its formula is parsed once."""
        return FormulaObjective.from_text(self.text, self.constants, self.data_set, self.parameters)
