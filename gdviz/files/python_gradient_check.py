"""Whether the ``gradient`` that code defines is that of its ``loss``: else all would trust it."""

import numpy as np

from gdviz.base.format import pair
from gdviz.base.geometry import Range
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
#: How much of that the two differences may differ by, to be trusted.
_TRUSTED = 0.05
#: How exact losses are taken to be that may be float32, and a sum of many terms.
_ROUNDING = 1e-6


def gradient_notes(objective: BlackBox, extent: Range) -> tuple[str, ...]:
    """Say so where ``gradient`` is far from differences of ``loss``; it takes two calls.

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
    sizes = np.array([extent.a_high - extent.a_low, extent.b_high - extent.b_low])
    points = np.array([extent.a_low, extent.b_low])[:, None] + sizes[:, None] * _PLACES
    steps = sizes[:, None] * [_STEP, _STEP / 2]
    shifts = np.zeros((2, 2, 2, 2))  # of a coordinate: along an axis, one of two steps, a sign
    for axis in (0, 1):
        shifts[axis, axis] = steps[axis][:, None] * [1.0, -1.0]
    try:
        losses = objective.values(*(points[:, None, None, None, :] + shifts[..., None]))
        given = np.array(objective.gradients(*points))
    except CodeError:
        return ()  # whoever asks for a picture is told
    with np.errstate(all="ignore"):
        slopes = (losses[:, :, 0] - losses[:, :, 1]) / (2 * steps[..., None])
        coarse, fine = slopes[:, 0], slopes[:, 1]
        off = np.hypot(*(given - fine))
        size = np.maximum(np.hypot(*given), np.hypot(*fine))
        noise = _ROUNDING * np.abs(losses).max(axis=(0, 1, 2)) / steps.min()
        # Comparisons with nan are false: where f is undefined nothing is said.
        wrong = (off > _FAR * size + noise) & (np.hypot(*(coarse - fine)) < _TRUSTED * off)
        worst = int(np.argmax(np.where(wrong, off / size, 0.0)))
    at, is_given, is_found = (each[:, worst].tolist() for each in (points, given, fine))
    if np.count_nonzero(wrong) < _MANY:
        return ()
    loss, gradient = objective.spelled
    return (
        f"{gradient} of {objective.name} does not match {loss}: at {pair(at)} it "
        f"gives {pair(is_given)}, where central differences give {pair(is_found)}",
    )
