"""Random draws that are a function of the seed and the step, and of nothing else.

Philox-4×64 [1]_ is a counter-based generator: four words are a function of its key and its counter.
Here the key is the seed and the number of the sample, and the counter is the step. A generator with
a state would give a step what was left by those before it: a path that goes on from its middle, or
that is computed for many starts at once, or after another method, would have other draws. So the
same seed gives the same path to the last bit, in the window, from a file and on the command line.

What is drawn is made of the words alone, which NumPy promises to stay the same in all releases and
on all machines; what its distributions make of them may change [2]_. All methods of a seed have the
same draws: two rows of one estimate differ by what was chosen, and not by luck, and a row's path
stays when another is added, moved or removed.

References
----------
.. [1] J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as easy as
   1, 2, 3", SC '11, 2011.
.. [2] NumPy Enhancement Proposal 19, "Random number generator policy".
.. [3] M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied
   Statistics 37 (1988) 477–484, by which words become normal.
.. [4] J. Bentley and R. W. Floyd, "A sample of brilliance", Communications of the ACM 30 (1987)
   754–757.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.engine.objectives.data import MANY_ROWS

#: Steps that are drawn at once; what a step gets does not depend on it.
_BLOCK = 64
#: Numbers of a block of which many are kept, for the paths that have the same draws. A gradient of
#: thousands of parameters draws millions of them: of larger blocks a few are kept.
_SMALL = 1024
#: How many of many rows are drawn by Floyd's algorithm, at most, and the number that their words
#: have beside those of other draws.
_MOST_BY_FLOYD, _OF_MANY = 1_000, 16
#: Words for one value of the counter.
_WORDS = 4
#: The seeds there are, and the samples of each.
LARGEST_SEED, LARGEST_SAMPLE = 2**32 - 1, 2**64 - 1


@dataclass(frozen=True, slots=True)
class Draws:
    """The draws of a path.

    Each method returns an iterator of what the steps get, the first one's first.

    Parameters
    ----------
    seed : int, default 0
        From 0 to :data:`LARGEST_SEED`.
    sample : int, default 0
        Which of the paths with this seed.
    first : int, default 0
        The step that comes first.
    """

    seed: int = 0
    sample: int = 0
    first: int = 0

    def signs(self, count: int = 2) -> Iterator[tuple[float, ...]]:
        """Return so many signs a step, −1.0 or 1.0 with equal probability."""
        return self._steps(_signs, _together(count), count)

    def normals(self, count: int = 2) -> Iterator[tuple[float, ...]]:
        """Return so many standard normal numbers a step; more of them begin with the same."""
        return self._steps(_normals, _together(count), count)

    def noise(self) -> Iterator[tuple[float, ...]]:
        """Return two standard normal numbers a step, others than those of :meth:`normals`."""
        return self._steps(_normals, _BLOCK, 2, 4)

    def coordinates(self, among: int = 2) -> Iterator[int]:
        """Return a number from 0 to below `among` a step, each with equal probability."""
        return self._steps(_coordinates, _BLOCK, 1, among)

    def axes(self) -> Iterator[tuple[float, float]]:
        """Return the unit vector of one of two coordinates a step, that of :meth:`coordinates`."""
        return self._steps(_axes, _BLOCK, 1)

    def subsets(self, size: int, rows: int) -> Iterator[NDArray[np.intp]]:
        """Return which of `rows` rows a step gets, each `size` of them equally likely, in order."""
        if rows > MANY_ROWS:
            return self._steps(_subsets_of_many, _together(size), size, rows)
        return self._steps(_subsets, _BLOCK, size, rows)

    def _steps(
        self, drawn: Callable[..., Any], block: int, count: int, *arguments: int
    ) -> Iterator[Any]:
        kept = _of_many if _BLOCK * count <= _SMALL else _of_few
        begin = self.first - self.first % block
        skipped = self.first - begin
        while True:
            key = self.seed, self.sample
            yield from kept(drawn, key, range(begin, begin + block), count, *arguments)[skipped:]
            begin, skipped = begin + block, 0


#: Those of seed 0.
USUAL_DRAWS = Draws()


def _together(count: int) -> int:
    """Return how many steps with so many numbers are drawn at once."""
    return max(1, min(_BLOCK, _SMALL // count))


@lru_cache(maxsize=512)
def _of_many(drawn: Callable[..., Any], *arguments: Any) -> Any:
    return drawn(*arguments)


@lru_cache(maxsize=4)
def _of_few(drawn: Callable[..., Any], *arguments: Any) -> Any:
    return drawn(*arguments)


def _words(stream: int, key: tuple[int, int], steps: range, count: int) -> NDArray[np.uint64]:
    """Return so many random words for each step of a block.

    Parameters
    ----------
    stream : int
        Which kind of draw they are for.
    key : (int, int)
        The seed and the sample.
    steps : range
        The block.
    count : int
        Words a step.

    Returns
    -------
    ndarray, shape (len(steps), count)
    """
    from numpy.random import Philox  # slow to import, and most never need it

    lanes = [
        Philox(key=key, counter=(steps.start, lane, stream, 0)).random_raw(len(steps) * _WORDS)
        for lane in range(-(-count // _WORDS))
    ]
    return np.hstack([lane.reshape(len(steps), _WORDS) for lane in lanes])[:, :count]


def _signs(key: tuple[int, int], steps: range, count: int) -> list[tuple[float, ...]]:
    words = _words(0, key, steps, count)
    return [tuple(step) for step in np.where(words >> np.uint64(63), 1.0, -1.0).tolist()]


def _normals(
    key: tuple[int, int], steps: range, count: int, stream: int = 1
) -> list[tuple[float, ...]]:
    from statistics import NormalDist  # scipy.special.ndtri takes longer to import

    # The middles of 2⁵³ equal parts of (0, 1): neither end is among them.
    uniform = ((_words(stream, key, steps, count) >> np.uint64(11)) + 0.5) * 2.0**-53
    normal = NormalDist().inv_cdf
    return [tuple(map(normal, step)) for step in uniform.tolist()]


def _coordinates(key: tuple[int, int], steps: range, count: int, among: int) -> list[int]:
    words = _words(2, key, steps, count)
    # The upper part of a product of whole numbers: of two, the word's first bit.
    return [(word * among) >> 64 for word in words[:, 0].tolist()]


def _axes(key: tuple[int, int], steps: range, count: int) -> list[tuple[float, float]]:
    return [((1.0, 0.0), (0.0, 1.0))[i] for i in _coordinates(key, steps, count, 2)]


def _subsets(key: tuple[int, int], steps: range, size: int, rows: int) -> list[NDArray[np.intp]]:
    # The rows with the smallest words; of two equal ones the first, at whatever odds.
    order = _words(3, key, steps, rows).argsort(axis=1, kind="stable")
    return list(np.sort(order[:, :size], axis=1))


def _subsets_of_many(
    key: tuple[int, int], steps: range, size: int, rows: int
) -> list[NDArray[np.intp]]:
    """Return the same of so many rows that a word for each, at each step, would take seconds.

    By R. W. Floyd's algorithm [4]_ a subset takes as many words as it has rows. That is no loop for
    thousands of them, which are again those with the smallest words.
    """
    from numpy.random import Philox

    found = []
    for step in steps:
        words = Philox(key=key, counter=(0, step, _OF_MANY, 0))
        if size > _MOST_BY_FLOYD:
            chosen = words.random_raw(rows).argpartition(size - 1)[:size]
            found.append(np.sort(chosen))
            continue
        taken: set[int] = set()
        for last, word in enumerate(words.random_raw(size).tolist(), rows - size):
            row = (word * (last + 1)) >> 64
            taken.add(last if row in taken else row)
        found.append(np.array(sorted(taken), np.intp))
    return found
