"""What the steps of a random way draw, many steps at once.

With thousands of parameters a step's draw is as long as the parameters are many. These are NumPy's
own distributions on a Philox generator by the seed and the sample: a block of steps in one call.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.random import Generator, Philox

from gdviz.base.types import Array
from gdviz.engine.analysis.logistic.gradients import BATCH, PAIRS

#: Steps that are drawn at once.
BLOCK = 64


def _signs(generator: Generator, n: int, _rows: int) -> Array:
    return 2.0 * generator.integers(0, 2, (BLOCK, n), np.int8) - 1.0


def _normals(generator: Generator, n: int, _rows: int) -> Array:
    return generator.standard_normal((BLOCK, n))


def _several_normals(generator: Generator, n: int, _rows: int) -> Array:
    return generator.standard_normal((BLOCK, PAIRS, n))


def _axes(generator: Generator, n: int, _rows: int) -> Any:
    return generator.integers(0, n, BLOCK)


def _batches(generator: Generator, _n: int, rows: int) -> Any:
    order = generator.random((BLOCK, rows)).argsort(axis=1)
    return np.sort(order[:, : min(BATCH, rows)], axis=1)


#: What is drawn by the way that draws it: ``(generator, n, rows) -> block``.
_DRAWN: Mapping[str, Callable[[Generator, int, int], Any]] = MappingProxyType(
    {
        "spsa": _signs,
        "gaussian": _normals,
        "evolution": _several_normals,
        "random-coordinate": _axes,
        "forward-gradient": _normals,
        "mini-batch": _batches,
    }
)


def drawn(variant: str, n: int, rows: int, seed: int, sample: int) -> Iterator[Any]:
    """Return what the steps of a path draw, a block of :data:`BLOCK` steps after the other.

    Parameters
    ----------
    variant : str
        A random way, such as ``"spsa"`` or ``"mini-batch"``.
    n, rows : int
        The parameters and the rows of the data.
    seed, sample : int
        Of the path.

    Yields
    ------
    ndarray, shape (64, n), (64, k, n), (64,) or (64, B)
        Directions, several of them, the numbers of axes, or those of rows.
    """
    generator = Generator(Philox(key=(seed, sample)))
    while True:
        yield _DRAWN[variant](generator, n, rows)


@dataclass(frozen=True, eq=False)
class Given:
    """A :class:`~gdviz.engine.analysis.logistic.gradients.Drawing` of one step, already drawn.

    Parameters
    ----------
    draw : ndarray or int
        A row of what :func:`drawn` yields.
    """

    draw: Any

    def signs(self, _count: int) -> Iterator[Any]:
        """Return the draw."""
        return iter((self.draw,))

    def normals(self, _count: int) -> Iterator[Any]:
        """Return the draw."""
        return iter((self.draw,))

    def coordinates(self, _among: int) -> Iterator[Any]:
        """Return the draw."""
        return iter((self.draw,))

    def subsets(self, _size: int, _rows: int) -> Iterator[Any]:
        """Return the draw."""
        return iter((self.draw,))
