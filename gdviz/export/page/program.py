"""The formula as JavaScript, so that a page can run methods on it: the text of ``makeProgram``."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gdviz.engine.language.formula import DIRECTION, Formula
from gdviz.engine.language.javascript import (
    JAVASCRIPT,
    JAVASCRIPT_COMPLEX,
    JAVASCRIPT_FAR,
    ROW_COUNT,
    function_text,
    rows_function_text,
)
from gdviz.engine.language.operations import ROWS
from gdviz.engine.objectives.formula_objective import FormulaObjective

#: What a page without a formula has in its place.
NO_PROGRAM = "const makeProgram = null;\n"


class _Writer(NamedTuple):
    """Writes functions of a formula as text.

    Attributes
    ----------
    formula : Formula
        The formula.
    slots : mapping of str to str
        What stands for its names.
    """

    formula: Formula
    slots: Mapping[str, str]

    def function(self, name: str, outputs: Sequence[int], far: bool = False) -> str:
        """Return a function of the two parameters."""
        formula = self.formula
        given = name, formula.graph, outputs, formula.parameters, self.slots
        if formula.over_data:
            return rows_function_text(*given)
        return function_text(*given, JAVASCRIPT_FAR if far else JAVASCRIPT)


def program_text(
    objective: FormulaObjective, candidate: tuple[FormulaObjective, FormulaObjective] | None = None
) -> str:
    """Return the text of ``makeProgram(columns)``, which returns the functions of a formula.

    They are ``value`` and ``gradient`` as methods take them, ``gradientFar`` where exponentials
    may overflow, ``hessian``, ``tangent``, ``complexValue`` (null over data), and ``candidate``,
    the two functions that a person takes for the gradient, or null. After the gradient come f, and
    the values of the formula's creases, of which one is zero where an operation has a kink.

    Parameters
    ----------
    objective : FormulaObjective
        The formula, with its constants' values and its data.
    candidate : (FormulaObjective, FormulaObjective), optional
        What a person takes for ∂f/∂a and ∂f/∂b.
    """
    formula = _apart(objective.formula)
    slots = _slots(formula)
    writer, graph = _Writer(formula, slots), formula.graph
    gradient = [*formula.gradient_nodes, formula.output, *formula.crease_nodes]
    parts = [
        *_constants(objective, slots),
        writer.function("value", [formula.output]),
        writer.function("gradient", gradient),
        writer.function("gradientFar", gradient, far=True),
        writer.function("hessian", formula.hessian_nodes),
        _tangent(writer),
    ]
    if formula.over_data:
        parts.append("const complexValue = null;")
    else:
        complex_value = function_text(
            "complexValue", graph, [formula.output], formula.parameters, slots, JAVASCRIPT_COMPLEX
        )
        parts.append(complex_value)
    names = ["value", "gradient", "gradientFar", "hessian", "tangent", "complexValue"]
    if candidate is None:
        parts.append("const candidate = null;")
    else:
        for k, part in enumerate(candidate):
            parts.append(_candidate(f"candidate{k}", part))
        parts.append("const candidate = [candidate0, candidate1];")
    inner = "\n".join(parts)
    return (
        f"function makeProgram(columns) {{\nconst rowCount = columns.length ? columns[0].length : "
        f"1;\n{inner}\nreturn {{ {', '.join([*names, 'candidate'])} }};\n}}\n"
    )


def _apart(formula: Formula) -> Formula:
    """Return a formula with a graph of its own, in which nothing was derived before."""
    return Formula(formula.text, formula.constants, formula.tree, formula.parameters)


def _slots(formula: Formula, prefix: str = "p") -> dict[str, str]:
    """Return what stands for the names of a formula: nothing of what a person typed."""
    named = (*formula.parameters, *formula.constants)
    slots = {name: f"{prefix}{k}" for k, name in enumerate(named)}
    slots |= {name: f"columns[{k}]" for k, name in enumerate(formula.data)}
    if formula.over_data:
        slots[ROWS] = ROW_COUNT
    return slots


def _constants(objective: FormulaObjective, slots: Mapping[str, str]) -> list[str]:
    values = zip(objective.formula.constants, objective.constants, strict=True)
    return [f"const {slots[name]} = {value!r};" for name, value in values]


def _tangent(writer: _Writer) -> str:
    formula = writer.formula
    slots = {**writer.slots, DIRECTION[0]: "u0", DIRECTION[1]: "u1"}
    given = (
        "tangent",
        formula.graph,
        [formula.tangent_node, *formula.crease_nodes],
        (*formula.parameters, *DIRECTION),
        slots,
    )
    return rows_function_text(*given) if formula.over_data else function_text(*given)


def _candidate(name: str, objective: FormulaObjective) -> str:
    formula = _apart(objective.formula)
    slots = _slots(formula, f"{name}p")
    function = function_text(name, formula.graph, [formula.output], formula.parameters, slots)
    return "\n".join([*_constants(objective, slots), function])
