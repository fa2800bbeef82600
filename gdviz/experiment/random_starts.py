"""Other starts than the person's own: points drawn at random."""

import numpy as np

from gdviz.base.geometry import Range


def random_starts(extent: Range, count: int, seed: int) -> tuple[tuple[float, float], ...]:
    """Return points that are drawn uniformly over a range.

    Parameters
    ----------
    extent : Range
        Where.
    count : int
        How many.
    seed : int
        Of NumPy's default generator, at least 0: the same one draws the same points.
    """
    random = np.random.default_rng(seed)
    points = random.uniform(
        (extent.a_low, extent.b_low), (extent.a_high, extent.b_high), (count, 2)
    )
    return tuple((a, b) for a, b in points.tolist())
