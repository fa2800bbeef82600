"""Whether the ``gradient`` that code defines is that of its ``loss``: else all would trust it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.base.format import number, pair
from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.objective import BlackBox

#: Where it is looked, as parts of the map's width and height: on no axis, and on no diagonal.
_PLACES = np.array([[0.13, 0.29, 0.41, 0.56, 0.67, 0.78, 0.87, 0.94],
                    [0.62, 0.17, 0.88, 0.34, 0.93, 0.08, 0.47, 0.71]])  # fmt: skip
#: How many of them have to speak against it: at a kink, or where f is noisy, one or two may.
_MANY = 3
#: The larger of two steps, as a part of the map; the other one is half of it.
_STEP = 1e-3
#: How far off it must be, as a part of the gradient; differences of such steps are much less so.
_FAR = 1e-3
#: How much of that the two differences may differ by, to be trusted; and how much of the gradient
#: rounding may make up where they are said to agree.
_TRUSTED = 0.05
#: How exact losses are taken to be that may be float32, and a sum of many terms.
_ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class GradientComparison:
    """What is given for ∇f, beside central differences of f, at points of the map.

    Attributes
    ----------
    at, given, found : ndarray, shape (2, n)
        The points, the gradient there, and the differences.
    is_right, is_wrong : ndarray of bool, shape (n,)
        Where they are as good as the same, and where not; where f is undefined, or rounding or
        the steps keep differences from telling, nothing is known.
    off : ndarray, shape (n,)
        How far apart they are, as a part of their length.
    loss, gradient, name : str
        How f and its gradient are called, and where they are from.
    """

    at: Array
    given: Array
    found: Array
    is_right: NDArray[np.bool_]
    is_wrong: NDArray[np.bool_]
    off: Array
    loss: str
    gradient: str
    name: str

    @property
    def right(self) -> bool | None:
        """Whether the gradient is that of f; None where too few points tell."""
        if np.count_nonzero(self.is_wrong) >= _MANY:
            return False
        return True if np.count_nonzero(self.is_right) >= _MANY else None

    @property
    def sentence(self) -> str:
        """What came out."""
        count, known = len(self.is_right), int(np.count_nonzero(self.is_right))
        if self.right is None:
            return (
                f"whether {self.gradient} of {self.name} is right cannot be told: only at {known} "
                f"of {count} points of the map do central differences of {self.loss} say so"
            )
        if self.right:
            most = number(float(self.off[self.is_right].max()), 2)
            return (
                f"{self.gradient} of {self.name} matches central differences of {self.loss} at "
                f"{known} of {count} points of the map, to {most} of its length at the most"
            )
        worst = int(np.argmax(np.where(self.is_wrong, self.off, 0.0)))
        at, given, found = (x[:, worst].tolist() for x in (self.at, self.given, self.found))
        return (
            f"{self.gradient} of {self.name} does not match {self.loss}: at {pair(at)} it "
            f"gives {pair(given)}, where central differences give {pair(found)}"
        )


def compare_gradient(
    objective: BlackBox, extent: Range, also: Sequence[tuple[float, float]] = ()
) -> GradientComparison:
    """Compare what is given for ∇f with central differences of f; it takes three calls.

    Parameters
    ----------
    objective : BlackBox
        The code, which has a gradient.
    extent : Range
        The map, over which a few points are compared.
    also : sequence of (float, float), default ()
        Further points.

    Raises
    ------
    CodeError
        If it cannot be called there.
    """
    sizes = np.array([extent.a_high - extent.a_low, extent.b_high - extent.b_low])
    points = np.array([extent.a_low, extent.b_low])[:, None] + sizes[:, None] * _PLACES
    points = np.hstack([points, np.reshape(also, (-1, 2)).T])
    steps = sizes[:, None] * [_STEP, _STEP / 2]
    shifts = np.zeros((2, 2, 2, 2))  # of a coordinate: along an axis, one of two steps, a sign
    for axis in (0, 1):
        shifts[axis, axis] = steps[axis][:, None] * [1.0, -1.0]
    losses = objective.values(*(points[:, None, None, None, :] + shifts[..., None]))
    given = np.array(objective.gradients(*points))
    with np.errstate(all="ignore"):
        slopes = (losses[:, :, 0] - losses[:, :, 1]) / (2 * steps[..., None])
        coarse, fine = slopes[:, 0], slopes[:, 1]
        off = np.hypot(*(given - fine))
        size = np.maximum(np.hypot(*given), np.hypot(*fine))
        noise = _ROUNDING * np.abs(losses).max(axis=(0, 1, 2)) / steps.min()
        # Comparisons with nan are false: where f is undefined nothing is said.
        is_right = (off <= _FAR * size + noise) & (noise <= _TRUSTED * size)
        is_wrong = (off > _FAR * size + noise) & (np.hypot(*(coarse - fine)) < _TRUSTED * off)
        apart = np.where(off > 0.0, off / size, 0.0)
    loss, gradient = objective.spelled
    return GradientComparison(
        points, given, fine, is_right, is_wrong, apart, loss, gradient, objective.name
    )


def gradient_notes(objective: BlackBox, extent: Range) -> tuple[str, ...]:
    """Say so where ``gradient`` is far from differences of ``loss``.

    Parameters
    ----------
    objective : BlackBox
        The code.
    extent : Range
        The map, over which a few points are compared.

    Returns
    -------
    tuple of str
        A note, or none. There is none where differences of two steps disagree.
    """
    if objective.no_gradient:
        return ()
    try:
        compared = compare_gradient(objective, extent)
    except CodeError:
        return ()  # whoever asks for a picture is told
    return (compared.sentence,) if compared.right is False else ()
