"""``gdviz rules``: estimates, update rules and schedules, and whose definitions they are."""

from argparse import Namespace
from collections.abc import Iterable

from gdviz.cli.arguments import Parser
from gdviz.cli.commands.command import Command
from gdviz.cli.commands.output import Output
from gdviz.cli.terminal import write_out
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.hyperparameters import Configurable, Option
from gdviz.engine.descent.rules.shaping import SHAPING
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.export.tables.text import json_text

_KINDS: dict[str, Iterable[Configurable]] = {
    "estimates": ESTIMATES.values(),
    "rules": RULES.values(),
    "schedules": SCHEDULES.values(),
}


def _add_options(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON, with the options' bounds")


def _run(arguments: Namespace, _: Output) -> None:
    if "json" in arguments:
        write_out(json_text({kind: [_object(row) for row in of] for kind, of in _KINDS.items()}))
        return
    blocks = ["\n".join(_lines(row)) for of in _KINDS.values() for row in of]
    write_out("\n\n".join([*blocks, "\n".join(_of_most_rules())]) + "\n")


def _of_most_rules() -> list[str]:
    """Say once what most rules have among their options, and which have not."""
    without = [rule.name for rule in RULES.values() if not {*SHAPING} & {*rule.options}]
    return [
        f"options of all rules but {', '.join(without)}, such as adam.clip=1",
        *(f"    {_option(option)}" for option in SHAPING),
        "    Before step k, ĝ ← min(1, clip/‖ĝ‖)·ĝ + σₖξ with σₖ = noise/(1 + k)^(γ/2)",
    ]


def _option(option: Option) -> str:
    return f"{option.name} = {option.default:g}: {option.symbol}. {option.about}"


def _object(row: Configurable) -> dict[str, object]:
    options = [
        {"name": o.name, "symbol": o.symbol, "default": o.default, "low": o.low, "high": o.high,
         "about": o.about}
        for o in row.options
    ]  # fmt: skip
    return {
        "name": row.name, "title": row.title, "about": row.about, "definition": row.definition,
        "options": options, "presets": row.presets,
    }  # fmt: skip


def _lines(row: Configurable) -> list[str]:
    options = (_option(option) for option in row.options if option not in SHAPING)
    presets = (
        f"{row.name}@{framework}: " + ", ".join(f"{name} = {x:g}" for name, x in chosen.items())
        for framework, chosen in row.presets.items()
    )
    lines = (*row.explanation.splitlines(), *options, *presets)
    return [row.name, *(f"    {line}" for line in lines)]


COMMAND = Command(
    name="rules",
    usage="[--json]",
    about="list estimates, update rules and schedules, and whose definitions they are",
    description="List the gradient estimates, the update rules and the schedules of the learning "
    "rate with their options, and say whose definition each is and how other frameworks differ.",
    work=_run,
    add_options=_add_options,
    on_experiment=False,
)
