"""Which methods' basins a command computes, and the options that lay them on a map."""

from argparse import Namespace
from collections.abc import Callable

from gdviz.cli.arguments import Parser, UsageError
from gdviz.experiment.experiment import Experiment
from gdviz.scene.basins import compared_rows, shown_rows, why_none


def add_basins(parser: Parser) -> None:
    """Add the options that lay basins on the map, or on the surface, as the window does."""
    parser.add_argument(
        "--basins", action="store_true",
        help="lay the basins of the first method that is shown on the map, in place of its colours",
    )  # fmt: skip
    parser.add_argument(
        "--difference", action="store_true",
        help="lay on the map from which starts the first analytic method that is shown (or, "
        "without one, the first method) and the next one end differently",
    )  # fmt: skip


def rows_on_map(arguments: Namespace, experiment: Experiment) -> tuple[int, ...]:
    """Return the rows of the methods whose basins the options lay on the map; none, one or two.

    Raises
    ------
    UsageError
        If there are none to lay there.
    """
    chosen = [name for name in _ROWS if name in arguments]
    if len(chosen) > 1:
        raise UsageError("--basins and --difference cannot be combined")
    return _ROWS[chosen[0]](experiment) if chosen else ()


def first_row(experiment: Experiment) -> tuple[int, ...]:
    """Return the row of the first method that is shown.

    Raises
    ------
    UsageError
        If none is shown, or it has no basins.
    """
    rows = _shown(experiment)[:1]
    if sentence := why_none(experiment, rows[0]):
        raise UsageError(sentence)
    return rows


def first_pair(experiment: Experiment) -> tuple[int, ...]:
    """Return the rows of the first two methods that can be compared.

    Raises
    ------
    UsageError
        If there are none.
    """
    rows = _shown(experiment)
    pairs = compared_rows(experiment)
    if pairs:
        return pairs[0]
    reasons = [reason for row in rows if (reason := why_none(experiment, row))]
    few = "only one method is shown" if len(rows) == 1 else "fewer than two methods have basins"
    raise UsageError("; ".join([f"--difference: there is nothing to compare: {few}", *reasons[:1]]))


def _shown(experiment: Experiment) -> tuple[int, ...]:
    if rows := shown_rows(experiment):
        return rows
    raise UsageError("there is nothing to run: no method is shown")


#: By an option's name, the rows that it lays on the map.
_ROWS: dict[str, Callable[[Experiment], tuple[int, ...]]] = {
    "basins": first_row,
    "difference": first_pair,
}
