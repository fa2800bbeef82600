"""What ``gdviz scaling model.py`` says: what a gradient costs on a person's own network."""

from dataclasses import asdict
from pathlib import Path

from gdviz.cli.arguments import UsageError
from gdviz.cli.commands.output import aligned
from gdviz.cli.commands.progress import Progress
from gdviz.cli.terminal import say_printed, still_opened
from gdviz.engine.objectives.network.network_costs import NetworkCosts
from gdviz.export.tables.text import json_text
from gdviz.sampling.cost_process import measure_costs
from gdviz.sampling.subject import SamplingError
from gdviz.scene.network_costs import HEADINGS, remarks, sentences, table


def measured(file: str, seed: int, loss_seed: int | None = None) -> NetworkCosts:
    """Run a person's file in a process of its own, and return what was measured.

    Parameters
    ----------
    file : str
        The file.
    seed : int
        What coordinates and directions are drawn by.
    loss_seed : int, optional
        What generators are seeded with before each call of its loss.

    Raises
    ------
    UsageError
        In one sentence, if it cannot be.
    """
    path = Path(file)
    if path.suffix.lower() != ".py":
        raise UsageError(f"gdviz scaling takes Python code (.py), not {file!r}")
    is_open = False
    try:
        with Progress() as progress:

            def tell(done: float) -> None:
                nonlocal is_open
                is_open = True
                progress.tell(done)

            found = measure_costs(path, seed, tell, loss_seed=loss_seed)
    except SamplingError as error:
        say_printed(error.printed)
        raise UsageError(str(error)) from error
    except KeyboardInterrupt:
        raise KeyboardInterrupt(*([] if is_open else [still_opened(path)])) from None
    say_printed(found.printed)
    return found.costs


def costs_json(costs: NetworkCosts) -> str:
    """Return it as JSON, with the ratios to the gradient as measured and in theory."""
    of = costs.differences
    differences = [
        asdict(row) | {"measured_ratio": of.ratio(row), "theoretical_ratio": of.theory(row)}
        for row in of.differences
    ]
    estimates = [
        asdict(row) | {"measured_ratio": costs.ratio(row), "theoretical_ratio": row.operations}
        for row in costs.estimates
    ]
    return json_text(
        asdict(of)
        | {"differences": differences, "estimates": estimates, "memory": asdict(costs.memory)}
    )


def costs_text(costs: NetworkCosts) -> str:
    """Return it in words, and the measured ratios beside those of theory."""
    rows = aligned([("", *HEADINGS), *table(costs)], right=True)
    return "\n".join([*sentences(costs), "", rows, *remarks(costs)]) + "\n"
