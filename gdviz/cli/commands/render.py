"""``gdviz render``: a picture of an experiment."""

from argparse import Namespace
from dataclasses import replace

from gdviz.cli.arguments import Parser, UsageError, a_whole_number
from gdviz.cli.basins_options import add_basins, rows_on_map
from gdviz.cli.chosen_experiment import experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output, Sheet
from gdviz.cli.commands.progress import Progress
from gdviz.cli.relief_options import add_relief, seen_from
from gdviz.cli.terminal import say_notes
from gdviz.export.options import FORMATS, format_of, ground_note
from gdviz.scene.absences import missing_on_map, remarks
from gdviz.scene.animation.animation_error import AnimationError
from gdviz.scene.animation.basins_on_map import BasinsOnMap
from gdviz.scene.animation.frames import frame_at
from gdviz.scene.scene import Scene, build_scene
from gdviz.scene.step_cloud import StepCloud, clouds_at


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "--panels", action="store_true", help="draw evaluations, gradient error and loss as well"
    )
    parser.add_argument(
        "--step", metavar="K", type=a_whole_number,
        help="draw the paths up to a step only, as gdviz animate does in its frame of that step",
    )  # fmt: skip
    parser.add_argument(
        "--cloud", action="store_true",
        help="with --step, draw where the step would have led by other draws of each random "
        "estimate, with their mean and standard deviation, and theory's",
    )  # fmt: skip
    add_basins(parser)
    add_relief(parser)


def _run(arguments: Namespace, output: Output) -> None:
    if output.path is None:
        endings = ", ".join(f".{name}" for name in FORMATS)
        raise UsageError(f"gdviz render needs -o FILE, with a name ending in {endings}")
    experiment, runner = experiment_from(arguments)
    experiment = seen_from(arguments, experiment)
    scene = build_scene(experiment, objective=experiment.objective(runner))
    try:
        frame = frame_at(scene, vars(arguments).get("step"))
    except AnimationError as error:
        raise UsageError(f"--{error.field}: {error.message}") from error

    if "cloud" in arguments:
        frame = replace(frame, clouds=_clouds(scene, frame.step))
    with Progress() as progress:
        laid = BasinsOnMap(rows_on_map(arguments, experiment))
        frame = replace(frame, basins=laid.of(scene, progress=progress.tell))

    def draw(sheet: Sheet) -> None:
        from gdviz.export.figures.scene import draw_scene

        draw_scene(sheet, frame, output.options.panels, output.options.relief)

    output.write(draw=draw)
    missing = missing_on_map(scene, "terminal", output.options.relief)
    ground = ground_note(output.options, format_of(output.path))
    said = (ground, *missing, *remarks(scene), *laid.remarks(scene.objective))
    say_notes(tuple(filter(None, said)))


def _clouds(scene: Scene, step: int | None) -> tuple[StepCloud | None, ...]:
    """Return the draws of each random estimate at a step."""
    if step is None:
        raise UsageError("--cloud is of one step, which --step K chooses")
    clouds = clouds_at(scene, step)
    if not any(clouds):
        raise UsageError(
            f"--cloud: no method that is shown draws its gradient at step {step}, or what it draws "
            "is no number, or takes too long"
        )
    return clouds


COMMAND = Command(
    name="render",
    usage="[FILE] [options] -o FILE.png|svg|pdf|eps|pgf [--dpi N] [--size WxH] [--font-size P] "
    "[--transparent] [--panels] "
    "[--basins | --difference] [--step K [--cloud]] [--3d [--view AZ,EL]]",
    about="draw a picture",
    description="Draw a picture of an experiment; no display is needed.",
    work=_run,
    add_options=_add_options,
    output="the picture: .png, .svg, .pdf, .eps or .pgf (required)",
    endings=FORMATS,
)
