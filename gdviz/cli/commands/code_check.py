"""What ``gdviz check model.py`` says: whether the gradient that a file has is that of its loss."""

import numpy as np

from gdviz.cli.arguments import UsageError
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.experiment.experiment import Experiment
from gdviz.export.tables.text import json_text
from gdviz.files.python_gradient_check import GradientComparison, compare_gradient


def compared_with_differences(
    experiment: Experiment, objective: CodeObjective, at: tuple[float, float] | None
) -> GradientComparison:
    """Return the gradient of a file beside central differences of its loss, over the map.

    Parameters
    ----------
    experiment : Experiment
        On the code.
    objective : CodeObjective
        What runs it.
    at : (float, float) or None
        A point that is looked at as well.

    Raises
    ------
    UsageError
        If there is no gradient, or too little tells whether it is right.
    """
    if why := objective.no_gradient:
        raise UsageError(f"there is nothing to check: {why}")
    found = compare_gradient(objective, experiment.map_range, () if at is None else (at,))
    if found.is_right is None:
        raise UsageError(found.sentence)
    return found


def comparison_json(found: GradientComparison, objective: CodeObjective) -> str:
    """Return it as JSON, with all points."""
    right, wrong = np.all(found.right, axis=0), np.any(found.wrong, axis=0)
    rows = zip(
        *(x.T.tolist() for x in (found.at, found.given, found.found, found.tolerance)),
        right.tolist(), wrong.tolist(), strict=True,
    )  # fmt: skip
    return json_text(
        {
            "loss": found.loss,
            "gradient": found.gradient,
            "parameters": objective.parameters,
            "right": found.is_right,
            "components": found.components,
            "sentence": found.sentence,
            "points": [
                {
                    "at": at,
                    "claimed": given,
                    "central_difference": difference,
                    "may_be_off": tolerance,
                    "right": True if is_right else False if is_wrong else None,
                }
                for at, given, difference, tolerance, is_right, is_wrong in rows
            ],
        }
    )


def comparison_text(found: GradientComparison, objective: CodeObjective) -> str:
    """Return it in a sentence, and of a slice what it does not see."""
    lines = [f"{found.sentence}."]
    if objective.code.slice is not None:
        lines.append(
            "That is along the two directions of the slice; gdviz scaling "
            f"{objective.name} compares single parameters."
        )
    return "\n".join(lines) + "\n"
