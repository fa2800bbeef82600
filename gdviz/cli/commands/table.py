"""``gdviz table``: the paths of an experiment, step by step."""

from argparse import Namespace
from functools import partial

from gdviz.cli.chosen_experiment import experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output
from gdviz.cli.terminal import say_notes
from gdviz.cli.without_effect import OF_THE_MAP, Unused
from gdviz.export.tables.paths import to_csv, to_json
from gdviz.scene.absences import no_runs, off_map, remarks
from gdviz.scene.scene import build_scene


def _run(arguments: Namespace, output: Output) -> None:
    # A table shows nothing of the map, and no further paths: the coarsest will do.
    experiment, runner = experiment_from(arguments)
    objective = experiment.objective(runner)
    scene = build_scene(experiment, objective=objective, resolution=2, samples=False)
    csv = partial(to_csv, scene)
    output.write(csv, {"csv": csv, "json": partial(to_json, scene)})
    absent = *off_map(experiment, "terminal"), no_runs(scene, "terminal")
    say_notes(filter(None, [*absent, *remarks(scene)]))


COMMAND = Command(
    name="table",
    usage="[FILE] [options] [-o FILE.csv|json]",
    about="write every step of every path",
    description="Write the paths as a table, with one row per step and method.",
    work=_run,
    output=".csv or .json (default: CSV on standard output)",
    endings=("csv", "json"),
    unused=Unused(("samples", *OF_THE_MAP)),
)
