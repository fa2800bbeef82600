"""Paths on top of each other: the lower ones are wider, and leave a rim to be seen."""

_MOST = 3  #: rims; of more paths the lowest are as wide as each other


def rims(rank: int, count: int) -> int:
    """Return how many rims wider than the topmost a path is drawn, on each side of it.

    Parameters
    ----------
    rank : int
        Which of the paths it is, from the lowest, 0, up.
    count : int
        How many paths are drawn.
    """
    return min(count - 1 - rank, _MOST)
