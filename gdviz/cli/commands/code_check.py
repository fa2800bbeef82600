"""What ``gdviz check model.py`` says: whether the gradient that a file has is that of its loss."""

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
    if found.right is None:
        raise UsageError(found.sentence)
    return found


def comparison_json(found: GradientComparison, objective: CodeObjective) -> str:
    """Return it as JSON, with all points."""
    rows = zip(
        found.at.T, found.given.T, found.found.T, found.is_right, found.is_wrong, strict=True
    )
    return json_text(
        {
            "loss": found.loss,
            "gradient": found.gradient,
            "parameters": objective.parameters,
            "right": found.right,
            "sentence": found.sentence,
            "points": [
                {
                    "at": at.tolist(),
                    "claimed": given.tolist(),
                    "central_difference": difference.tolist(),
                    "right": True if is_right else False if is_wrong else None,
                }
                for at, given, difference, is_right, is_wrong in rows
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
