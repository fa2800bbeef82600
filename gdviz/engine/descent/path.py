"""A Path: where a method went, what each gradient cost, and how wrong it was."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from gdviz.base.types import Array


class Status(Enum):
    """How a path ended."""

    STEP_LIMIT = "step-limit"
    GRADIENT_VANISHED = "gradient-vanished"
    LEFT_MAP = "left-map"
    DIVERGED = "diverged"
    NOT_A_NUMBER = "not-a-number"
    UNDEFINED = "undefined"
    STOPPED = "stopped"  # the rule ended it, for a reason of its own


@dataclass(frozen=True, eq=False)
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
    evaluations : ndarray of int, shape (n,)
        The same as evaluations: a value 1, a gradient N = 2, a Hessian N² = 4.
    status : Status
        How it ended.
    sentence : str
        The same, for a person.
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
    evaluations: NDArray[np.int64]
    status: Status
    sentence: str

    def __len__(self) -> int:
        return len(self.loss)

    @property
    def updates(self) -> int:
        """Updates that were made."""
        return len(self) - 1

    @property
    def gradients_taken(self) -> int:
        """Points at which a gradient was taken: all, or all but the last."""
        return len(self) if self.evaluations[-1] else len(self) - 1
