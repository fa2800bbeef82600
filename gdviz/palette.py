"""The colours of paths, one set for the window and for exported figures."""

from gdviz.experiment import Method

#: In the order in which the methods' rows take them: Okabe and Ito's colour-blind-safe set, and
#: darker shades of it for those who have more rows than it has colours.
PATH_COLORS = (
    *("#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#F0E442", "#0072B2"),
    *("#2B5A74", "#735000", "#004F3A", "#663D54", "#6B2F00"),
)


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
