"""A Trajectory, what a method leaves behind, and a Path, what is made known of it."""

import math
from dataclasses import dataclass, field
from enum import Enum
from struct import pack_into
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array
from gdviz.engine.objectives.counting import FIRST_BITS, calls_in


class Status(Enum):
    """How a path ended."""

    STEP_LIMIT = "step-limit"
    # Of the estimate alone: at a kink, where f has no gradient, the formula's derivative may be 0.
    ESTIMATE_VANISHED = "estimate-vanished"
    LEFT_MAP = "left-map"
    DIVERGED = "diverged"
    NOT_A_NUMBER = "not-a-number"
    UNDEFINED = "undefined"
    STOPPED = "stopped"  # the rule ended it, for a reason of its own


@dataclass
class Trajectory:
    """What a method leaves behind.

    Attributes
    ----------
    a, b : list of float, n long
        Coordinates of the start and of the point after each update.
    g_a, g_b : list of float, n or n − 1 long
        Components of the estimate at each point where one was taken.
    tallies : list of int
        The objective's tally of calls: after the first gradients, each of which cost `equal_cost`
        (and which may be none), and then after each gradient and the update from it.
    equal_cost : int
        What each of the first gradients added to the tally.
    status : Status
        How it ended, as far as the method can know.
    message : str
        What the rule has to say of its end.
    state : object
        What the rule's update keeps from step to step, at the end; None where it made none.
    """

    a: list[float]
    b: list[float]
    g_a: list[float] = field(default_factory=list)
    g_b: list[float] = field(default_factory=list)
    tallies: list[int] = field(default_factory=lambda: [0])
    equal_cost: int = 0
    status: Status = Status.STEP_LIMIT
    message: str = ""
    state: Any = None

    # Packing writes a list into an array in half the time that np.fromiter takes.

    def numbers(self) -> Array:
        """Return a, b and the estimate's components, a row each; nan where none was taken."""
        missing = [math.nan] * (len(self.a) - len(self.g_a))
        rows = np.empty((4, len(self.a)))
        pack_into(
            f"{rows.size}d", rows.data, 0,
            *self.a, *self.b, *self.g_a, *missing, *self.g_b, *missing,
        )  # fmt: skip
        return rows

    def calls(self) -> NDArray[np.int64]:
        """Return the calls that the gradient at each point took; 0 where none was taken.

        Returns
        -------
        ndarray, shape (5, n)
            By kind, as :func:`~gdviz.engine.objectives.counting.calls_in` has them.
        """
        if self.tallies[-1] < 1 << FIRST_BITS:  # of few kinds, as those of most methods are
            return calls_in(self._costs(self.tallies, self.equal_cost))
        mask = (1 << FIRST_BITS) - 1
        above = [tally >> FIRST_BITS for tally in self.tallies]
        low = [tally & mask for tally in self.tallies]
        return calls_in(self._costs(low, self.equal_cost), self._costs(above, 0))

    def _costs(self, told: list[int], equal_cost: int) -> NDArray[np.int64]:
        """Return by how much tallies rose with the gradient at each point."""
        costs = np.zeros(len(self.a), np.int64)
        equal = len(self.g_a) + 1 - len(told)
        costs[:equal] = equal_cost
        if len(told) > 1:
            tallies = np.empty(len(told), np.int64)
            pack_into(f"{len(told)}q", tallies.data, 0, *told)
            np.subtract(tallies[1:], tallies[:-1], out=costs[equal : len(self.g_a)])
        return costs


@dataclass(frozen=True, eq=False, repr=False)
class Path:
    """Where a method went, what each gradient cost, and how wrong it was.

    With n points there were n − 1 updates. Row k of every array belongs to the point reached
    after k updates; where no gradient was taken at the last point its rows are nan and 0.

    Attributes
    ----------
    theta : ndarray, shape (n, 2)
        The points (a, b).
    loss : ndarray, shape (n,)
        f at the points, in float64.
    gradient : ndarray, shape (n, 2)
        The estimate ĝ.
    exact_gradient : ndarray, shape (n, 2)
        ∇f of the formula in float64, at every point.
    error, relative_error : ndarray, shape (n,)
        ‖ĝ − ∇f‖₂, and the same over ‖∇f‖₂.
    angle : ndarray, shape (n,)
        The angle between ĝ and ∇f in degrees; nan where one of them is zero.
    values, gradients, hessians : ndarray of int, shape (n,)
        Calls that the gradient at each point cost.
    tangents, row_gradients : ndarray of int, shape (n,)
        The same of products of the Jacobian with a vector, and of rows of the data whose gradient
        was taken.
    evaluations : ndarray of int or float, shape (n,)
        The same as evaluations: a value 1, a gradient N = 2, a Hessian N² = 4, a product 1, and a
        row of n a part of 2/n.
    status : Status
        How it ended.
    sentence : str
        The same, for a person.
    remark : str, default ""
        What has to be known about f at the last point, which the sentence says as well: see
        :meth:`~gdviz.engine.objectives.objective.Objective.remark_at`.
    """

    theta: Array
    loss: Array
    gradient: Array
    exact_gradient: Array
    error: Array
    relative_error: Array
    angle: Array
    values: NDArray[np.int64]
    gradients: NDArray[np.int64]
    hessians: NDArray[np.int64]
    tangents: NDArray[np.int64]
    row_gradients: NDArray[np.int64]
    evaluations: NDArray[Any]
    status: Status
    sentence: str
    remark: str = ""

    def __len__(self) -> int:
        return len(self.loss)

    def __repr__(self) -> str:
        return f"<Path: {self.sentence}>"

    @property
    def updates(self) -> int:
        """Updates that were made."""
        return len(self) - 1

    @property
    def gradients_taken(self) -> int:
        """Points at which a gradient was taken: all, or all but the last."""
        return len(self) if self.evaluations[-1] else len(self) - 1
