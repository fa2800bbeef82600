"""One step under the magnifier: the arithmetic of an estimate and its update, with numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gdviz.base.format import amount, latex_name, number
from gdviz.engine.descent.rules.shaping import CLIP, NOISE, is_shaped
from gdviz.engine.language.parser import PARAMETERS
from gdviz.engine.objectives.objective import Objective
from gdviz.scene.gradient_text import why_no_gradient
from gdviz.scene.scene import Run
from gdviz.scene.step_cloud import (
    StepCloud,
    cloud_caption,
    cloud_of,
    spread_at,
    spread_text,
)
from gdviz.scene.step_estimates import estimate_lines
from gdviz.scene.step_latex import (
    DIGITS,
    Line,
    estimate_of,
    line_of,
    partial_of,
    signed_tex,
    tex,
)


@dataclass(frozen=True)
class StepReport:
    """What a method did at one step.

    Attributes
    ----------
    estimate : tuple of Line
        ĝ, four lines at most: its formula, what was drawn, the numbers put in and the results.
    exact : tuple of Line
        ∇f by component; empty where it is not known.
    update : tuple of Line
        The new a and b; empty where there was no update.
    verdict : str
        Evaluations, error and angle, in a sentence.
    spread : str
        How estimates drawn at this point scatter, in a sentence; empty for those without draws.
    cloud : StepCloud or None
        The same draws as steps on the map; None where there are none, or not all are numbers.
    on_map : str
        What is drawn of them there, in a sentence.
    note : str
        What is wrong with the estimate as such; empty for most.
    """

    estimate: tuple[Line, ...]
    exact: tuple[Line, ...]
    update: tuple[Line, ...]
    verdict: str
    note: str = ""
    spread: str = ""
    cloud: StepCloud | None = None
    on_map: str = ""


def step_report(objective: Objective, run: Run, step: int) -> StepReport:
    """Work out a step of a run again, and write it down.

    Parameters
    ----------
    objective : Objective
        The function.
    run : Run
        The method and its path.
    step : int
        From 0; past the path's end it is the last point.
    """
    path = run.path
    step = min(step, len(path) - 1)
    at, gradient = path.theta[step].tolist(), path.exact_gradient[step].tolist()
    no_gradient = why_no_gradient(objective, at, gradient)
    exact = (
        ()
        if no_gradient
        else tuple(
            line_of(f"{partial_of(name)} = {tex(value)}")
            for name, value in zip(objective.parameters, gradient, strict=True)
        )
    )
    if step >= path.gradients_taken:
        sentence = (
            "No gradient was taken at the last point, from which no step leads on: "
            f"{path.sentence}."
        )
        return StepReport((), exact, (), sentence)
    settings, row = run.settings, run.settings.estimate
    update = _update(run, step, settings.alpha_at(step), objective.parameters)
    if not settings.rule.uses_gradient:
        values = int(path.values[step])
        return StepReport((), exact, update, f"{values} evaluations, and no gradient among them")
    with np.errstate(all="ignore"):
        estimate = estimate_lines(objective, run, step)
    verdict = _verdict(run, step, no_gradient)
    spread = spread_at(objective, run, step, of_code=True)
    if spread is None:
        return StepReport(estimate, exact, update, verdict, row.note)
    cloud = cloud_of(run, step, spread)
    on_map = cloud_caption(cloud, settings) if cloud else ""
    return StepReport(
        estimate, exact, update, verdict, row.note, spread_text(spread), cloud, on_map
    )


def derivation_lines(
    formulas: Sequence[tuple[str, str]],
    gradient: Sequence[float],
    parameters: tuple[str, str] = PARAMETERS,
    *,
    exact: bool = True,
) -> tuple[Line, ...]:
    """Return a gradient that has a formula written out: that, the numbers put in, the result.

    Parameters
    ----------
    formulas : sequence of (str, str)
        Symbols and numbers by component, from
        :func:`gdviz.engine.language.latex_derivatives.gradient_latex` or
        :func:`gdviz.engine.language.latex.candidate_latex`.
    gradient : sequence of float
        The results.
    parameters : (str, str), default ("a", "b")
        What the person calls the parameters.
    exact : bool, default True
        Whether it is ∂f/∂θᵢ for sure; else it is what a person says.
    """
    lines = []
    for name, (symbols, numbers), value in zip(parameters, formulas, gradient, strict=False):
        derivative = f"{partial_of(name)} = " if exact else ""
        words = f"∂f/∂{name}" if exact else "as you derived it"
        lines += [
            Line(f"{estimate_of(name)} = {derivative}{symbols}", f"ĝ_{name} = {words}"),
            Line(f"= {numbers} = {tex(value)}", f"= the numbers put in = {number(value, DIGITS)}"),
        ]
    return tuple(lines)


# -- update and verdict


def _update(run: Run, step: int, alpha: float, parameters: tuple[str, str]) -> tuple[Line, ...]:
    """Return a ← a − αĝ with numbers, or another rule's update and the step that came out."""
    path = run.path
    if step >= path.updates:
        return ()
    here, there = path.theta[step], path.theta[step + 1]
    names = tuple(map(latex_name, parameters))
    if run.settings.is_plain:
        return tuple(
            line_of(
                rf"{name} \leftarrow {name} - \alpha\,{estimate_of(parameters[i])} "
                rf"= {tex(here[i])} - "
                rf"{tex(alpha)} \cdot {signed_tex(path.gradient[step, i])} = {tex(there[i])}"
            )
            for i, name in enumerate(names)
        )
    return (
        *_shaping(run.settings.options),
        Line(run.settings.rule.latex, run.settings.rule.formula),
        *(
            line_of(
                rf"{name} \leftarrow {tex(here[i])} + {signed_tex(there[i] - here[i])} = "
                rf"{tex(there[i])}"
            )
            for i, name in enumerate(names)
        ),
    )


def _shaping(options: Mapping[str, float]) -> tuple[Line, ...]:
    """Return what is done to ĝ before the rule's step, as a line; nothing where nothing is."""
    if not is_shaped(options):
        return ()
    clip, noise = (options.get(option.name) for option in (CLIP, NOISE))
    latex = rf"\min(1, {tex(clip)}/\|\hat{{g}}\|)\,\hat{{g}}" if clip else r"\hat{g}"
    plain = f"min(1, {number(clip)}/‖ĝ‖)·ĝ" if clip else "ĝ"
    if noise:
        latex, plain = rf"{latex} + \sigma_k\,\xi", f"{plain} + σₖξ"
    return (Line(rf"\hat{{g}} \leftarrow {latex}", f"ĝ ← {plain}"),)


#: Kinds of calls: the path's field, and what one and several are called.
_CALLS = (
    ("values", "value", "values"),
    ("gradients", "gradient", "gradients"),
    ("hessians", "Hessian", "Hessians"),
    ("tangents", "pass with a tangent", "passes with a tangent"),
    ("row_gradients", "row's gradient", "rows' gradients"),
)


def _verdict(run: Run, step: int, no_gradient: str) -> str:
    path = run.path
    calls = [
        f"{count} {one if count == 1 else several}"
        for field, one, several in _CALLS
        if (count := int(getattr(path, field)[step]))
    ]
    spent = amount(path.evaluations[step])
    parts = [f"{spent} evaluation{'s' * (spent != '1')} ({', '.join(calls)})"]
    error = path.error[step]
    if no_gradient:
        to_compare = "" if no_gradient.endswith("compare with") else " to compare with"
        parts.append(f"{no_gradient}{to_compare}")
    else:
        parts.append("exact" if error == 0.0 else f"error {number(error, 3)}")
    if error and np.isfinite(path.angle[step]):
        parts.append(f"{number(path.angle[step], 3)}° off")
    return " · ".join(parts)
