"""``gdviz direction``: the best direction of a finite step, beside that of −∇f."""

import math
from argparse import Namespace

from gdviz.base.format import number, pair
from gdviz.cli.arguments import Parser, UsageError, a_number
from gdviz.cli.chosen_experiment import experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output, aligned
from gdviz.cli.experiment_options import add_point
from gdviz.cli.terminal import write_out
from gdviz.cli.without_effect import A_PATH, OF_METHODS, OF_THE_MAP, Unused
from gdviz.engine.analysis.best_direction import Circle, best_direction
from gdviz.experiment.experiment import Experiment
from gdviz.export.tables.text import json_text
from gdviz.scene.captions import parameter_names, what

#: The longest step: as far as a start may lie from the origin.
_LONGEST = 1e6


def _add_options(parser: Parser) -> None:
    add_point(parser)
    parser.add_argument(
        "--eta", metavar="R", type=a_number, required=True, help="the length η of the step"
    )
    parser.add_argument(
        "--json", action="store_true",
        help="as JSON: for each direction the angle in degrees, the point and the loss",
    )  # fmt: skip


def _run(arguments: Namespace, _: Output) -> None:
    eta: float = arguments.eta
    if not 0.0 < eta <= _LONGEST:
        raise UsageError(f"--eta: must be above 0 and at most {_LONGEST:g}, not {eta:g}")
    experiment, runner = experiment_from(arguments)
    circle = best_direction(experiment.objective(runner), experiment.start, eta)
    write_out(
        json_text(_object(experiment, circle)) if "json" in arguments else _text(experiment, circle)
    )


def _object(experiment: Experiment, circle: Circle) -> dict[str, object]:
    """Return the result as JSON has it."""
    directions = {
        name: {
            "angle": math.degrees(angle),
            "point": point,
            "loss": loss,
        }
        for name, (_, angle, point, loss) in _directions(circle).items()
    }
    return {
        "parameters": parameter_names(experiment),
        "precision": experiment.objective().arithmetic(experiment.precision),
        "at": circle.at,
        "eta": circle.eta,
        **directions,
        "angle_between": circle.angle_between,
        "evaluations": circle.evaluations,
        "sentence": circle.sentence,
    }


def _directions(circle: Circle) -> dict[str, tuple[str, float, tuple[float, float], float]]:
    """Return the two directions by name: title, angle in radians, point and loss."""
    return {
        "best": ("best", circle.best_angle, circle.best_point, circle.best_loss),
        "steepest": ("−∇f", circle.steepest_angle, circle.steepest_point, circle.steepest_loss),
    }


def _text(experiment: Experiment, circle: Circle) -> str:
    """Return the directions as a table, and what there is to say beside it."""
    rows = [("direction", "angle", "leads to", "f there")]
    rows += [
        (title, f"{number(math.degrees(angle))}°", pair(point, 6), number(loss, 10))
        if math.isfinite(loss)
        else (title, "none", "", "")
        for title, angle, point, loss in _directions(circle).values()
    ]
    lines = [
        what(experiment),
        f"A step of length η = {number(circle.eta)} from {pair(circle.at, 6)}:",
        "",
        aligned(rows, right=True),
    ]
    if math.isfinite(circle.angle_between):
        lines.append(f"The angle between them is {number(circle.angle_between, 4)}°.")
    lines.append(f"The search took {circle.evaluations} evaluations of f.")
    if circle.sentence:
        lines.append(f"Note: {circle.sentence}.")
    return "\n".join(lines) + "\n"


COMMAND = Command(
    name="direction",
    usage="[FILE] [options] --eta R [--at A,B] [--json]",
    about="the best direction of a step of finite length",
    description="Search all directions of a step of length η for the one that leads to the lowest "
    "f, and compare it with −∇f, which is best only for infinitely short steps. Angles are those "
    "of the step, in degrees from the axis of the first parameter.",
    work=_run,
    add_options=_add_options,
    unused=Unused(
        (*A_PATH, "methods", *OF_METHODS, "epsilon", "representable_step", "range", *OF_THE_MAP),
        is_at_a_point=True,
    ),
)
