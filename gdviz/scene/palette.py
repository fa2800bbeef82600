"""The colours of paths, one set for the window and for exported figures."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from types import MappingProxyType

from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.experiment.experiment import Method

#: In the order in which the methods' rows take them: Okabe and Ito's colour-blind-safe set, and
#: darker shades of it for those who have more rows than it has colours.
PATH_COLORS = (
    *("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#F0E442", "#0072B2"),
    *("#2B5A74", "#735000", "#004F3A", "#663D54", "#6B2F00"),
)

#: The colours of estimates where a curve is one's own and no method's: those that the methods of
#: the first start have, and others of the set.
ESTIMATE_COLORS: Mapping[str, str] = MappingProxyType(
    dict(zip(ESTIMATES, cycle(PATH_COLORS)))
    | {
        "analytic": "#56B4E9",
        "forward": "#E69F00",
        "backward": "#D55E00",
        "central": "#009E73",
        "complex-step": "#0072B2",
        "mistaken": "#CC79A7",
        "forward-reused": "#CC79A7",
        "yours": "#D55E00",
    }
)

#: The colours of ways to the gradient against N: each once among those that give ∇f, and once among
#: those that are right on average, which are drawn in dashes.
SCALING_COLORS: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            ("analytic", "forward", "central", "richardson", "adaptive", "forward-reused",
             "forward-mode"),
            ("#56B4E9", "#E69F00", "#009E73", "#D55E00", "#F0E442", "#CC79A7", "#0072B2"),
            strict=True,
        )
    )
    | dict(
        zip(
            ("mini-batch", "evolution", "gaussian", "random-coordinate", "spsa",
             "forward-gradient"),
            ("#56B4E9", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#0072B2"),
            strict=True,
        )
    )
)  # fmt: skip

#: What the Step lens draws beside paths, on the map and in its plots: the best direction, and the
#: Taylor models of first and second order. Told apart by shape and dashes as well.
BEST_COLOR, FIRST_COLOR, SECOND_COLOR = "#E0457B", "#9B6DE3", "#E0457B"
#: And the draws of an estimate.
CLOUD_COLOR = "#E0457B"


def path_color(method: Method, index: int) -> str:
    """Return a path's colour: the method's own, or its row's in the palette.

    Parameters
    ----------
    method : Method
        The row.
    index : int
        Its place among the experiment's methods, hidden ones included, so that hiding one row
        recolours no other.

    Returns
    -------
    str
        ``#rrggbb``.
    """
    return method.color or PATH_COLORS[index % len(PATH_COLORS)]


def free_color(methods: Sequence[Method]) -> str:
    """Return the first colour of the palette that no method has; empty where all are taken."""
    used = {path_color(method, index).upper() for index, method in enumerate(methods)}
    return next((color for color in PATH_COLORS if color.upper() not in used), "")


def estimate_color(methods: Sequence[Method], estimate: str) -> str:
    """Return the colour of the first method with an estimate, or the estimate's own."""
    for index, method in enumerate(methods):
        if method.estimate == estimate:
            return path_color(method, index)
    return ESTIMATE_COLORS[estimate]
