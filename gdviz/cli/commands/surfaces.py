"""``gdviz surfaces``: the built-in surfaces."""

from argparse import Namespace

from gdviz.base.format import number, pair
from gdviz.cli.arguments import Parser
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output, aligned
from gdviz.cli.terminal import write_out
from gdviz.engine.objectives.surfaces import SURFACES, Surface
from gdviz.export.tables.text import json_text

_HEADER = ("NAME", "RANGE OF A", "RANGE OF B", "CONSTANTS", "MINIMA", "FORMULA")


def _add_options(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON, with notes and all minima")


def _run(arguments: Namespace, _: Output) -> None:
    if "json" in arguments:
        write_out(json_text([_object(surface) for surface in SURFACES.values()]))
    else:
        write_out(aligned([_HEADER, *map(_row, SURFACES.values())]))


def _object(surface: Surface) -> dict[str, object]:
    return {
        "name": surface.name,
        "title": surface.title,
        "formula": surface.formula,
        "constants": surface.defaults,
        "range": surface.home,
        "start": surface.start,
        "minima": [{"a": p.a, "b": p.b, "value": p.value} for p in surface.minima],
        "note": surface.note,
    }


def _row(surface: Surface) -> tuple[str, ...]:
    """Return a surface's cells; the formula is last, for it may be long."""
    a_low, a_high, b_low, b_high = surface.home
    minima = "none" if surface.remark else "none listed"
    if surface.minima:
        lowest = surface.minima[0]
        count = f"{len(surface.minima)}, lowest " if len(surface.minima) > 1 else ""
        minima = f"{count}{number(lowest.value, 5)} at {pair((lowest.a, lowest.b))}"
    return (
        surface.name,
        f"{number(a_low)} to {number(a_high)}",
        f"{number(b_low)} to {number(b_high)}",
        ", ".join(f"{name}={value:g}" for name, value in surface.defaults.items()) or "-",
        minima,
        surface.formula,
    )


COMMAND = Command(
    name="surfaces",
    usage="[--json]",
    about="list the built-in surfaces",
    description="List the built-in surfaces.",
    work=_run,
    add_options=_add_options,
    on_experiment=False,
)
