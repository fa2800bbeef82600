"""``gdviz sample``: the loss of somebody's code on a grid, into a file, on many processes."""

import re
from argparse import ArgumentTypeError, Namespace
from contextlib import suppress
from pathlib import Path

from gdviz.base.files import is_there
from gdviz.base.geometry import Range
from gdviz.cli.arguments import Parser, UsageError, a_whole_number_between, numbers
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output
from gdviz.cli.commands.progress import Progress
from gdviz.cli.network_options import add_network, chosen_of_slice
from gdviz.cli.terminal import say_notes, say_printed, still_opened, write_out
from gdviz.sampling.landscape_file import LandscapeFile, reopen
from gdviz.sampling.progress import Progress as Cells
from gdviz.sampling.request import GRID, Mode, Request, Sampled, sample
from gdviz.sampling.subject import SamplingError

_MOST_WORKERS = 256
#: Options that a request takes as they are.
_GIVEN = ("grid", "workers", "scheduler", "loss_seed")


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "file", nargs="?", default=None, metavar="FILE",
        help="Python code with a network or loss(a, b) (.py), which will be run in each process",
    )  # fmt: skip
    parser.add_argument(
        "--grid", metavar="N|NxM", type=_grid,
        help=f"points along a and along b, both ends included (default {GRID})",
    )  # fmt: skip
    parser.add_argument(
        "--range", metavar="A0,A1,B0,B1", type=numbers("A0,A1,B0,B1"),
        help="where they are",
    )  # fmt: skip
    parser.add_argument(
        "--resume", action="store_true",
        help="go on with the file that is there: what it has is not computed again",
    )  # fmt: skip
    parser.add_argument(
        "--refine", action="store_true",
        help="make the grid of the file that is there finer, twice as fine or as --grid says, and "
        "keep its cells",
    )  # fmt: skip
    parser.add_argument(
        "--workers", metavar="N", type=a_whole_number_between(1, _MOST_WORKERS),
        help="processes that compute it (default: one for each core)",
    )  # fmt: skip
    parser.add_argument(
        "--scheduler", metavar="ADDRESS",
        help="of a scheduler of Dask's, such as tcp://127.0.0.1:8786, whose workers compute it "
        "instead",
    )  # fmt: skip
    add_network(parser, seed="--seed")


def _grid(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"\s*(\d{1,9})\s*(?:[xX×]\s*(\d{1,9})\s*)?", text)
    if match is None:
        raise ArgumentTypeError(
            f"{text[:40]!r} is not of the form N or NxM: points along a and along b, such as 33 or "
            "33x17"
        )
    return int(match[1]), int(match[2] or match[1])


def _run(arguments: Namespace, output: Output) -> None:
    request = _request(arguments, output)
    begun: list[LandscapeFile] = []
    try:
        with Progress() as progress:

            def tell(cells: Cells) -> None:
                progress.tell(cells.done / cells.total, cells.seconds_left)

            done = sample(request, tell, begun=begun.append)
    except SamplingError as error:
        say_printed(error.printed)
        raise UsageError(str(error)) from error
    except KeyboardInterrupt:
        said = _how_it_was_left(request, begun)
        raise KeyboardInterrupt(*filter(None, [said])) from None
    say_printed(done.printed)
    say_notes(done.notes)
    write_out(f"{_summary(done)}\n")


def _how_it_was_left(request: Request, begun: list[LandscapeFile]) -> str:
    """Return what is said of the output after Ctrl-C, in the middle of anything: as it is now."""
    if not begun and request.mode == "new":
        with suppress(OSError):  # it may be another's
            return "" if is_there(request.output) else still_opened(request.path)
        return ""
    try:
        with reopen(begun[0].path if begun else request.output) as file:
            return file.how_to_go_on
    except SamplingError as error:
        return str(error)


def _request(arguments: Namespace, output: Output) -> Request:
    """Return what the arguments ask for."""
    given = vars(arguments)
    if given["file"] is None:
        raise UsageError("gdviz sample needs a Python file with the loss: gdviz sample model.py …")
    path = Path(str(given["file"]))
    if path.suffix.lower() != ".py":
        raise UsageError(f"gdviz sample takes Python code (.py), not {str(path)!r}")
    if output.path is None:
        raise UsageError("-o is needed, with the file that is filled: -o landscape.h5")
    for one, other in (("resume", "refine"), ("workers", "scheduler")):
        if one in given and other in given:
            raise UsageError(f"--{one} and --{other} cannot be combined")
    mode: Mode = "resume" if "resume" in given else "refine" if "refine" in given else "new"
    options = {name: given[name] for name in _GIVEN if name in given}
    extent = given.get("range")
    try:
        return Request(
            path, output.path, mode, extent=Range(*extent) if extent else None,
            slice=chosen_of_slice(arguments), **options,
        )  # fmt: skip
    except SamplingError as error:
        raise UsageError(str(error)) from error


def _summary(done: Sampled) -> str:
    """Return what was done, and which cells have no loss."""
    kept = done.cells - done.new
    many = f"{done.new:,} of {done.cells:,} cells computed" + (", the others kept" if kept else "")
    lines = [f"{done.output}: {many}"]
    lines += [f"  {n:,} without a loss: {reason}" for reason, n in done.holes.items()]
    return "\n".join(lines)


COMMAND = Command(
    name="sample",
    usage="FILE.py -o FILE.h5 [--directions NAME|FILE] [--normalize HOW] [--seed N] "
    "[--grid N|NxM] [--range A0,A1,B0,B1] [--resume | --refine] "
    "[--workers N | --scheduler ADDRESS]",
    about="the loss of your own network on a grid, computed by many processes",
    description="Compute the loss of a Python file at each point of a grid, coarse to fine: of "
    "loss(a, b), or of a network on a plane through its parameters, as gdviz opens both. And "
    "write it to a file that gdviz and loss-landscape's programs open: while it grows, and however "
    "this ends. A process that is killed costs the cells it was about to compute, which are given "
    "out again; after Ctrl-C, or the end of the machine, --resume goes on. A cell whose loss "
    "raises, or is not finite, stays empty, and the file has the reason.",
    work=_run,
    add_options=_add_options,
    output="the landscape (.h5), which must not be there unless --resume or --refine says so",
    endings=("h5",),
    on_experiment=False,
)
