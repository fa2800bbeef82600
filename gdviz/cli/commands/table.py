"""``gdviz table``: the paths of an experiment, step by step."""

from argparse import Namespace
from pathlib import Path

from gdviz.cli.arguments import Parser, UsageError, experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.writing import check_folder, write, write_out
from gdviz.export.tables.paths import to_csv, to_json
from gdviz.scene.scene import Scene, build_scene

_FORMATS = {".csv": to_csv, ".json": to_json}


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "-o", "--output", metavar="FILE", help=".csv or .json (default: CSV on standard output)"
    )
    parser.add_experiment()


def _run(arguments: Namespace) -> None:
    if "output" not in arguments:
        write_out(to_csv(_paths(arguments)))
        return
    path = Path(arguments.output)
    to_text = _FORMATS.get(path.suffix.lower())
    if to_text is None:
        endings = " or ".join(_FORMATS)
        raise UsageError(f"-o: a table's name must end in {endings}, not {path.name!r}")
    check_folder(path)
    write(path, to_text(_paths(arguments)).encode())


def _paths(arguments: Namespace) -> Scene:
    # A table shows nothing of the map: the coarsest will do.
    return build_scene(experiment_from(arguments), resolution=2)


COMMAND = Command(
    name="table",
    usage="[FILE] [options] [-o FILE.csv|json]",
    about="write every step of every path",
    description="Write the paths as a table, with one row per step and method.",
    add_options=_add_options,
    run=_run,
)
