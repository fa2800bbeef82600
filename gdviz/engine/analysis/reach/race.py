"""The best α by a race: the same path with many α at once, until the first is at the loss.

A step of logistic regression changes f by the margins z = −y·(Xθ) alone, and a step along u by
−α·s·Xu: whatever N is, a path is one of as many numbers as the data has rows. So all α of a sweep,
and several paths of each, are arrays, and the draws are multiplied by X a block at once. The race
ends with the first α of which most paths have arrived: no other one is better, and none has to be
followed further.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from types import MappingProxyType
from typing import Any

import numpy as np

from gdviz.base.cancel import Cancelled
from gdviz.base.types import Array
from gdviz.engine.analysis.logistic.gradients import CENTRAL_STEP, SIGNS_STEP, VARIANTS
from gdviz.engine.analysis.logistic.problem import Problem
from gdviz.engine.analysis.reach.directions import drawn
from gdviz.engine.language.backends import NUMPY

#: Paths of each random way at each α; how many steps the middle one of them takes is its result.
SAMPLES = 5
#: α are so many to a factor of two, ...
_A_DOUBLING = 2
#: ... from this many times 2/L on, down to an N-th of 2/L, or a rows-th, and this much below.
_ABOVE, _BELOW = 16.0, 8.0
#: Steps between two looks at whether the race is still wanted.
_CANCEL_EVERY = 16

_sigmoid = NUMPY.functions["sigmoid"]


@dataclass(frozen=True, slots=True)
class Winner:
    """What the first path to arrive ran with.

    Attributes
    ----------
    alpha : float
        The best learning rate.
    sample : int
        Which of its paths is the middle one.
    steps : int
        How many it takes.
    """

    alpha: float
    sample: int
    steps: int


def rates(problem: Problem, variant: str) -> Array:
    """Return the α of the sweep, falling: √2 from one to the next.

    They begin well above 2/L, beyond which gradient descent need not be stable near a minimum; L =
    ‖X‖²/4 is the largest curvature that f has anywhere.

    Parameters
    ----------
    problem : Problem
        The problem.
    variant : str
        A key of :data:`~gdviz.engine.analysis.logistic.gradients.VARIANTS`: what is right on
        average alone has smaller ones as well.
    """
    smaller = min(problem.signed.shape) if VARIANTS[variant].is_random else 1
    count = _A_DOUBLING * math.log2(_ABOVE * _BELOW * smaller)
    curvature = float(np.linalg.norm(problem.signed, 2)) ** 2 / 4.0
    return (2.0 / curvature) * _ABOVE * 2.0 ** (-np.arange(math.ceil(count) + 1) / _A_DOUBLING)


def race(
    problem: Problem,
    variant: str,
    goal: float,
    most: int,
    seed: int,
    cancelled: Callable[[], bool] = bool,
) -> Winner | None:
    """Find the α with which gradient descent from θ = 0 is at a value of f after the fewest steps.

    Of several that arrive with the same step it is the one with the lowest f.

    Parameters
    ----------
    problem : Problem
        What is minimised.
    variant : str
        Whose gradients. One that is not random takes the exact ones here.
    goal : float
        The value of f.
    most : int
        The most steps.
    seed : int
        Of what is drawn.
    cancelled : callable, optional
        Asked now and then; when it returns True the race ends.

    Returns
    -------
    Winner or None
        None where no α arrives with that many steps.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    alphas = rates(problem, variant)
    samples = SAMPLES if VARIANTS[variant].is_random else 1
    alpha = alphas[:, np.newaxis, np.newaxis]
    margins = np.zeros((len(alphas), samples, len(problem.signed)))
    arrived = np.full(margins.shape[:2], most + 1)
    changes = _changes(problem, variant, samples, seed)
    with np.errstate(all="ignore"):  # of those that diverge
        for step in range(most + 1):
            if step % _CANCEL_EVERY == 0 and cancelled():
                raise Cancelled
            losses = np.logaddexp(0.0, margins).sum(axis=-1)
            arrived = np.where(losses <= goal, np.minimum(arrived, step), arrived)
            has_won = 2 * (arrived <= step).sum(axis=1) > samples
            if has_won.any():
                best = int(np.argmin(np.where(has_won, np.median(losses, axis=1), np.inf)))
                middle = int(np.argmax(arrived[best] == step))
                return Winner(float(alphas[best]), middle, step)
            if step < most:
                margins = margins - alpha * next(changes)(margins)
    return None


def _changes(
    problem: Problem, variant: str, samples: int, seed: int
) -> Iterator[Callable[[Array], Array]]:
    """Return for each step what makes Xĝ of margins of shape (rates, samples, rows)."""
    x = problem.signed
    rows, n = x.shape
    gram = x @ x.T
    if not VARIANTS[variant].is_random:
        return repeat(lambda z: _sigmoid(z) @ gram)
    blocks = [drawn(variant, n, rows, seed, sample) for sample in range(samples)]

    def steps() -> Iterator[Callable[[Array], Array]]:
        while True:
            block = [next(each) for each in blocks]
            if variant == "mini-batch":
                for some in np.stack(block, axis=1):
                    yield partial(_of_batches, some=some, gram=gram)
            elif variant == "random-coordinate":
                for along in np.stack([x.T[axes] for axes in block], axis=1):
                    yield partial(_on_axes, along=along, n=n)
            else:
                for along in np.stack([each @ x.T for each in block], axis=1):
                    yield partial(_ALONG[variant], along=along, n=n)

    return steps()


def _of_batches(z: Array, some: Any, gram: Array) -> Array:
    """Return Xĝ by the rows of each sample, of shape (samples, B)."""
    rows, size = len(gram), some.shape[1]
    slopes = _sigmoid(np.take_along_axis(z, np.broadcast_to(some, (len(z), *some.shape)), axis=2))
    changes: Array = np.einsum("asb,sbr->asr", slopes, gram[some]) * (rows / size)
    return changes


# Xĝ of ĝ = s·u along directions u, of which Xu is given, of shape (samples, rows).


def _by_tangents(z: Array, along: Array, n: int) -> Array:
    del n
    changes: Array = (_sigmoid(z) * along).sum(axis=-1, keepdims=True) * along
    return changes


def _by_differences(z: Array, along: Array, n: int) -> Array:
    return _slopes(z, along, SIGNS_STEP / math.sqrt(n)) * along


def _by_several(z: Array, along: Array, n: int) -> Array:
    """Return Xĝ of the mean of several, of shape (samples, k, rows)."""
    slopes = _slopes(z[:, :, np.newaxis], along, SIGNS_STEP / math.sqrt(n))
    changes: Array = (slopes * along).mean(axis=2)
    return changes


def _on_axes(z: Array, along: Array, n: int) -> Array:
    return n * _slopes(z, along, CENTRAL_STEP) * along


def _slopes(z: Array, along: Array, epsilon: float) -> Array:
    ahead, behind = (
        np.logaddexp(0.0, z + shift).sum(axis=-1, keepdims=True)
        for shift in (epsilon * along, -epsilon * along)
    )
    slopes: Array = (ahead - behind) / (2.0 * epsilon)
    return slopes


#: By the way along directions.
_ALONG: Mapping[str, Callable[..., Array]] = MappingProxyType(
    {
        "spsa": _by_differences,
        "gaussian": _by_differences,
        "evolution": _by_several,
        "forward-gradient": _by_tangents,
    }
)
