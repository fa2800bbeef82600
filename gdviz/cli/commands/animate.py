"""``gdviz animate``: an experiment that moves."""

from argparse import Namespace
from collections.abc import Iterable

from gdviz.base.files import refusal
from gdviz.base.format import amount, byte_size, duration
from gdviz.cli.arguments import (
    OneOf,
    Parser,
    UsageError,
    a_number,
    a_whole_number,
    numbers,
)
from gdviz.cli.basins_options import add_basins, rows_on_map
from gdviz.cli.chosen_experiment import experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output
from gdviz.cli.commands.progress import Progress
from gdviz.cli.relief_options import add_relief, seen_from
from gdviz.cli.terminal import say_notes
from gdviz.export.animation.formats import ANIMATION_FORMATS, fitted
from gdviz.export.options import FigureOptions
from gdviz.scene.absences import Place, missing_on_map, remarks
from gdviz.scene.animation.animation_error import AnimationError
from gdviz.scene.animation.basins_on_map import BasinsOnMap
from gdviz.scene.animation.frames import OVERS, End, Over, Plan, plan_frames
from gdviz.scene.animation.motion import Motion
from gdviz.scene.scene import build_scene

#: Frames from which on it is told before what they will take.
_MANY = 1000


def _an_end(text: str) -> End:
    if "," not in text:
        return a_number(text)
    a, b = numbers("A,B")(text)
    return a, b


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "--over", metavar="WHAT", type=OneOf(OVERS),
        help="what changes from frame to frame: steps (the paths grow; the default), epsilon, "
        "alpha, eta (the circle of steps of that length around the start), or start (it moves "
        "along a line)",
    )  # fmt: skip
    parser.add_argument(
        "--from", dest="first", metavar="VALUE", type=_an_end,
        help="where it begins: a step, a number, or a point A,B for start",
    )  # fmt: skip
    parser.add_argument(
        "--to", dest="last", metavar="VALUE", type=_an_end,
        help="where it ends; ε, α and η change by the same factor from frame to frame",
    )  # fmt: skip
    parser.add_argument(
        "--frames", metavar="N", type=a_whole_number,
        help="how many frames (default 60; of steps all, but 120 at most)",
    )  # fmt: skip
    parser.add_argument(
        "--fps", metavar="N", type=a_number, help=f"frames a second (default {Motion().fps:g})"
    )
    parser.add_argument(
        "--pause", metavar="SECONDS", type=a_number,
        help=f"how much longer the last frame is seen (default {Motion().pause:g})",
    )  # fmt: skip
    parser.add_argument(
        "--loops", metavar="N", type=a_whole_number,
        help="how often it is seen; 0 is for ever (the default). Videos leave that to the player",
    )  # fmt: skip
    parser.add_argument(
        "--panels", action="store_true", help="draw evaluations, gradient error and loss as well"
    )
    parser.add_argument(
        "--cloud", action="store_true",
        help="draw where each step would have led by other draws of each random estimate, with "
        "their mean and standard deviation, and theory's",
    )  # fmt: skip
    add_basins(parser)
    add_relief(parser)
    parser.add_argument(
        "--orbit", metavar="DEG", type=a_number,
        help="degrees by which the view of --3d goes around the surface meanwhile (default 0)",
    )  # fmt: skip


def _run(arguments: Namespace, output: Output) -> None:
    # They import matplotlib and Pillow, which takes its time.
    from gdviz.export.animation.estimate import estimated
    from gdviz.export.animation.save import save_animation

    if output.path is None:
        endings = ", ".join(f".{name}" for name in ANIMATION_FORMATS)
        raise UsageError(f"gdviz animate needs -o FILE, with a name ending in {endings}")
    given = vars(arguments)
    try:
        motion = Motion(
            **{name: given[name] for name in ("fps", "pause", "loops") if name in given}
        )
        options, note = fitted(output.options, output.path)
        plan = _plan(arguments)
        say_notes([note] if note else [])
        if len(plan) >= _MANY:
            cost = estimated(plan, output.path, options, motion)
            say_notes([f"{amount(len(plan))} frames will take about {duration(cost.seconds)} and "
                       f"{byte_size(cost.bytes)}"])  # fmt: skip
        with Progress() as progress:
            save_animation(plan, output.path, options, motion, progress.tell_steady)
        say_notes(_about(plan, options.relief))
    except AnimationError as error:
        option = {"size": "--size", "format": "-o"}.get(error.field, f"--{error.field}")
        raise UsageError(f"{option}: {error.message}") from error
    except OSError as error:
        raise UsageError(refusal(output.path, error, "written")) from error


def _about(plan: Plan, relief: bool) -> Iterable[str]:
    """Return what there is to say of what is seen at the beginning and at the end."""
    scenes = [plan.bare(k).scene for k in (0, -1)]
    # It is --from and --to that have a start on the map, where it moves.
    place: Place = "picture" if plan.over == "start" else "terminal"
    return dict.fromkeys(
        note
        for scene in scenes
        for note in (
            *missing_on_map(scene, place, relief),
            *remarks(scene),
            *plan.basins.remarks(scene.objective),
        )
    )


def _plan(arguments: Namespace) -> Plan:
    given = vars(arguments)
    if "orbit" in given and "relief" not in given:
        raise UsageError("--orbit needs --3d")
    experiment, runner = experiment_from(arguments)
    experiment = seen_from(arguments, experiment)
    scene = build_scene(experiment, objective=experiment.objective(runner))
    over: Over = given.get("over", "steps")
    ends, frames = (given.get("first"), given.get("last")), given.get("frames")
    laid = BasinsOnMap(rows_on_map(arguments, experiment))
    return plan_frames(scene, over, *ends, frames, given.get("orbit", 0.0), laid, "cloud" in given)


COMMAND = Command(
    name="animate",
    usage="[FILE] [options] [--over steps|epsilon|alpha|eta|start] [--from VALUE] [--to VALUE] "
    "[--frames N] [--fps N] [--pause SECONDS] [--loops N] [--panels] [--cloud] "
    "[--basins | --difference] [--size WxH] [--dpi N] "
    "[--3d [--view AZ,EL] [--orbit DEG]] -o FILE.gif|mp4|webm|webp|apng",
    about="draw a picture that moves",
    description="Draw an experiment as an animation: paths that grow with the step, or the whole "
    "picture while ε, α or η is turned or the start moves along a line. Each frame is what gdviz "
    "render draws; no display is needed. Videos (.mp4 and .webm) are encoded by ffmpeg, which "
    'pip install "gdviz[video]" brings.',
    work=_run,
    add_options=_add_options,
    output="the animation: .gif, .mp4, .webm, .webp or .apng (required)",
    endings=tuple(ANIMATION_FORMATS),
    usual=FigureOptions(dpi=100.0),
)
