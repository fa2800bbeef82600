"""``gdviz check``: is a gradient that a person derived the gradient."""

from argparse import Namespace
from typing import TYPE_CHECKING

from gdviz.base.format import number
from gdviz.cli.arguments import Parser, UsageError
from gdviz.cli.chosen_experiment import experiment_from
from gdviz.cli.commands.code_check import (
    compared_with_differences,
    comparison_json,
    comparison_text,
)
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output, Sheet, aligned
from gdviz.cli.experiment_options import add_point
from gdviz.cli.terminal import write_out
from gdviz.cli.without_effect import A_PATH, OF_METHODS, OF_THE_MAP, Unused
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.experiment.experiment import Experiment
from gdviz.export.options import FORMATS
from gdviz.export.tables.text import json_text

if TYPE_CHECKING:
    from gdviz.engine.gradcheck.check import GradientCheck
    from gdviz.engine.gradcheck.comparison import Place
    from gdviz.engine.gradcheck.evidence import EpsilonTest, TaylorTest
    from gdviz.engine.gradcheck.verdict import Verdict

#: The exit code for a gradient that is wrong.
WRONG = 1


def _add_options(parser: Parser) -> None:
    add_point(
        parser,
        "a point at which the gradient must be right as well, and that of the Taylor test "
        "(default: where the component is most wrong)",
    )
    parser.add_argument(
        "--json", action="store_true",
        help="as JSON: for each component the verdict, the worst place, and what remains",
    )  # fmt: skip


def _run(arguments: Namespace, output: Output) -> int:
    experiment, runner = experiment_from(arguments)
    objective = experiment.objective(runner)
    if isinstance(objective, CodeObjective):
        return _check_code(experiment, objective, arguments, output)
    check = _checked(experiment, arguments)
    if check.right is None:
        raise UsageError(next(v.sentence for v in check.verdicts if v.right is None))

    def draw(sheet: Sheet) -> None:
        from gdviz.export.figures.gradcheck import draw_check

        draw_check(sheet, check, experiment)

    output.write(draw=draw)
    as_json = "json" in arguments
    write_out(json_text(_object(experiment, check)) if as_json else _text(experiment, check))
    return 0 if check.right else WRONG


def _check_code(
    experiment: Experiment, objective: CodeObjective, arguments: Namespace, output: Output
) -> int:
    if output.path is not None:
        raise UsageError("-o draws the evidence on the gradient of a formula, and this is code")
    at = experiment.start if "at" in arguments else None
    found = compared_with_differences(experiment, objective, at)
    as_said = comparison_json if "json" in arguments else comparison_text
    write_out(as_said(found, objective))
    return 0 if found.is_right else WRONG


def _checked(experiment: Experiment, arguments: Namespace) -> "GradientCheck":
    from gdviz.engine.gradcheck.check import check_gradient  # imports Arb

    claimed = experiment.function.candidate_gradient
    if why := experiment.function.no_formula:
        raise UsageError(
            f"{why}: what is checked here is the gradient of a formula, so write the loss as "
            "--formula F in place of the file"
        )
    if claimed is None:
        from gdviz.engine.gradcheck.candidate import components

        in_a, in_b = components(experiment.function.parameters)
        raise UsageError(f"--gradient GA GB is required: {in_a} and {in_b} as you derived them")
    return check_gradient(
        experiment.function.formula_objective(),
        claimed,
        experiment.map_range,
        at=experiment.start if "at" in arguments else None,
        points=(experiment.start,),
        typeset="json" in arguments,
    )


def _parts(check: "GradientCheck") -> list[tuple[str, "Verdict", "TaylorTest", "EpsilonTest"]]:
    """Return of each component its text, its verdict and its tests."""
    texts = [part.formula.text for part in check.candidate.parts]
    return list(zip(texts, check.verdicts, check.taylor, check.epsilon, strict=True))


# -- as JSON


def _object(experiment: Experiment, check: "GradientCheck") -> dict[str, object]:
    """Return the check as JSON has it."""
    return {
        "formula": experiment.function.text,
        "parameters": experiment.function.parameters,
        "constants": check.candidate.constants,
        "right": check.right,
        "components": [
            {
                "name": verdict.name,
                "claimed": text,
                "right": verdict.right,
                "how": verdict.how,
                "sentence": verdict.sentence,
                "only_for": verdict.only_for,
                "only_if": verdict.only_if or None,
                "defined_for": verdict.defined_for or None,
                "undefined_for": verdict.undefined_for or None,
                "kinks": [
                    {"where": on.where, "points": on.points, "without_derivative": on.without}
                    for on in verdict.scope.curves
                ],
                "where": verdict.where,
                "notes": verdict.notes or None,
                "unseen": verdict.unseen or None,
                "points": verdict.points,
                "undefined": verdict.undefined,
                "at_kinks": verdict.at_kinks,
                "worst": _place(verdict.worst),
                "difference": verdict.remainder.text or None if verdict.remainder else None,
                "latex": verdict.remainder.latex or None if verdict.remainder else None,
                "taylor": {
                    "at": taylor.at,
                    "slope": taylor.slope,
                    "true_slope": taylor.true_slope,
                    "finding": taylor.finding,
                    "error": taylor.error,
                    "least_error": taylor.least,
                    "sides": taylor.sides,
                },
                "central_difference": _best(epsilon),
            }
            for text, verdict, taylor, epsilon in _parts(check)
        ],
    }


def _place(place: "Place | None") -> dict[str, object] | None:
    if place is None:
        return None
    return {
        "at": (place.a, place.b),
        "constants": place.constants,
        "claimed": place.claimed,
        "true": place.true,
        "absolute": place.absolute,
        "relative": place.relative,
        "level": place.level,
    }


def _best(test: "EpsilonTest") -> dict[str, float] | None:
    """Return the central difference with the best ε, by its distances."""
    if test.best is None:
        return None
    found = {"epsilon": test.epsilon, "to_claimed": test.claimed, "to_true": test.true}
    return {name: float(values[test.best]) for name, values in found.items()}


# -- as text


def _text(experiment: Experiment, check: "GradientCheck") -> str:
    """Return the verdicts, and beside each its evidence."""
    constants = ", ".join(
        f"{name} = {number(value)}" for name, value in check.candidate.constants.items()
    )
    lines = [f"f = {experiment.function.plain_text}" + (f", {constants}" if constants else "")]
    for text, verdict, taylor, _ in _parts(check):
        rows = [
            (f"  {name}", value)
            for name, value in (
                ("claimed", text),
                ("true − claimed", _difference(verdict)),
                ("compared at", _counts(verdict)),
                ("Taylor remainder", taylor.finding),
            )
            if value
        ]
        lines += ["", f"{verdict.sentence}.", aligned(rows).rstrip("\n")]
    return "\n".join(lines) + "\n"


def _difference(verdict: "Verdict") -> str:
    remainder = verdict.remainder
    return remainder.text or f"({remainder.reason})" if remainder else ""


def _counts(verdict: "Verdict") -> str:
    left_out = [
        f"{count:,} {where}"
        for count, where in (
            (verdict.undefined, "without a value"),
            (verdict.at_kinks, "at a kink or a jump"),
        )
        if count
    ]
    text = f"{verdict.points:,} points" + (f", not at {' and '.join(left_out)}" if left_out else "")
    told = sum(curves.points - curves.without for curves in verdict.scope.curves)
    points = "1 point" if told == 1 else f"{told:,} points"
    beside = f"; by f's one-sided derivatives at {points} of kinks that cancel"
    return text + (beside if told else "")


COMMAND = Command(
    name="check",
    usage="[FILE] [options] [--gradient GA GB] [--at A,B] [--json] [-o FILE.png|svg|pdf|eps|pgf]",
    about="whether a gradient that you derived, or your code's, is right",
    description="Compare a gradient that you derived with the true one: over the range and at the "
    "start, with the constants as they are and with other values of either sign, as closely as the "
    "arithmetic allows. For each component, say whether it is right, for all a and b, wherever f "
    "has a value and a derivative, or on which range; if not, where it is worst, by how much, and "
    "what difference remains. The Taylor remainder |f(θ + t) − f(θ) − t·g| is the evidence: it "
    "falls like t² if g is right, and like t if it is wrong. Of a Python file it is its own "
    "gradient, or that of the library it is written with, that is compared with central "
    "differences of its loss, extrapolated from many steps, at eight points over the map, as "
    "closely as the noise of the loss allows; on a network, of the slice. "
    "The exit code is 0 if both are right, "
    "also if one has no value where f has a gradient, which is said; 1 if one is wrong, or right "
    "only for some values of the constants; 2 if the input is refused, or nothing could be "
    "compared.",
    work=_run,
    add_options=_add_options,
    output="draw the evidence as well: .png, .svg, .pdf, .eps or .pgf",
    endings=FORMATS,
    unused=Unused(
        (*A_PATH, "methods", *OF_METHODS, "representable_step", *OF_THE_MAP), has_own_methods=True
    ),
)
