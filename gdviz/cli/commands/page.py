"""``gdviz page``: an experiment as a web page that needs no network."""

from argparse import Namespace

from gdviz.base.format import byte_size
from gdviz.cli.arguments import Parser, UsageError
from gdviz.cli.basins_options import add_basins, rows_on_map
from gdviz.cli.chosen_experiment import experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output
from gdviz.cli.commands.progress import Progress
from gdviz.cli.terminal import say_notes
from gdviz.experiment.experiment import Experiment
from gdviz.export.page.options import PageError, PageOptions
from gdviz.scene.absences import missing_on_map, remarks
from gdviz.scene.animation.basins_on_map import BasinsOnMap
from gdviz.scene.scene import build_scene


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "--title", metavar="TEXT", help="the page's title (default: what f is called)"
    )
    parser.add_argument(
        "--text", metavar="TEXT", help="words of yours above the map; they keep their lines"
    )
    add_basins(parser)


def _run(arguments: Namespace, output: Output) -> None:
    if output.path is None:
        raise UsageError("gdviz page needs -o FILE, with a name ending in .html")
    given = {name: vars(arguments)[name] for name in ("title", "text") if name in arguments}
    try:
        options = PageOptions(**given)
    except PageError as error:
        raise UsageError(f"--{error.field}: {error.message}") from error
    experiment, runner = experiment_from(arguments)
    scene = build_scene(experiment, objective=experiment.objective(runner))
    laid, why = _basins(arguments, experiment)
    with Progress() as progress:
        basins = laid.of(scene, progress=progress.tell)
    from gdviz.export.page.page import page_of  # imports matplotlib, for its colours

    try:
        page = page_of(scene, options, basins)
    except PageError as error:
        raise UsageError(error.message) from error
    output.write(files={"html": lambda: page.content, "htm": lambda: page.content})
    about = *missing_on_map(scene, "terminal"), *remarks(scene), *laid.remarks(scene.objective)
    say_notes(
        [*about, *why, *page.left_out, f"{output.path.name} takes {byte_size(len(page.content))}"]
    )


def _basins(arguments: Namespace, experiment: Experiment) -> tuple[BasinsOnMap, list[str]]:
    """Return the basins that are asked for, or else those of the file, or why there are none."""
    asked = BasinsOnMap(rows_on_map(arguments, experiment))
    rows = [row for row in experiment.view.basins if row < len(experiment.methods)]
    of_file = BasinsOnMap(rows)
    why = of_file.why_none(experiment)
    if asked.rows or not why:
        return (asked if asked.rows else of_file), []
    return asked, [f"the basins on the map of the experiment are not in the page: {why}"]


COMMAND = Command(
    name="page",
    usage="[FILE] [options] [--title TEXT] [--text TEXT] [--basins | --difference] -o FILE.html",
    about="write a web page that opens without a network",
    description="Write an experiment as one HTML file, which opens from disk in any browser: the "
    "map with the paths, a timeline, the panels, and the experiment itself, which gdviz opens from "
    "the page.",
    work=_run,
    add_options=_add_options,
    output="the page: .html (required)",
    endings=("html", "htm"),
)
