"""How far sampling is."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """How far it is.

    Attributes
    ----------
    done, total : int
        Cells, those of earlier runs among them.
    seconds_left : float
        About how long the others take; nan until something is known about it.
    """

    done: int
    total: int
    seconds_left: float = math.nan
