"""Random formulas from the table of operations."""

import random
from collections.abc import Sequence

from gdviz.engine.language.operations import FUNCTIONS, OPERATIONS

SYMBOLS = [row for row in OPERATIONS.values() if row.symbol and not row.is_internal]
#: Some occur more than once: what is easy to get wrong.
NUMBERS = ("0", "1", "2", "3", "0.5", "1.5", "-1", "-2", "10", "pi", "1e-3", "100")


def random_formula(source: random.Random, depth: int, names: Sequence[str] = "ab") -> str:
    """Return a formula.

    Parameters
    ----------
    source : random.Random
        Where chance comes from.
    depth : int
        How deep operations are nested at most.
    names : sequence of str, default "ab"
        The names that may stand in it.
    """
    if depth == 0 or source.random() < 0.12:
        return source.choice(NUMBERS) if source.random() < 0.25 else source.choice(names)
    row = source.choice(SYMBOLS if source.random() < 0.55 else [*FUNCTIONS.values()])
    parts = [random_formula(source, depth - 1, names) for _ in range(row.arity)]
    if row.arity == 1 and row.symbol:
        return f"({row.symbol}{parts[0]})"
    if row.symbol:
        return f"({parts[0]} {row.symbol} {parts[1]})"
    return f"{row.name}({', '.join(parts)})"
