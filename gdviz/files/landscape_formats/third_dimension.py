"""Losses of three dimensions whose coordinates are attached: layers of repeats, steps, and others.

They are told apart as the rows of a table are, see
:mod:`gdviz.files.landscape_formats.further_columns`.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from gdviz.base.types import Array
from gdviz.files.landscape_formats.further_columns import about_mean
from gdviz.files.landscape_formats.names import known_pair, tells_progress, tells_repeats

THREE = 3


def further_dimension(names: Sequence[str]) -> str:
    """Return which of three dimensions is none of the plane's, by their names."""
    told = [name for name in names if tells_repeats(name) or tells_progress(name)]
    pairs = [pair for pair in combinations(names, 2) if known_pair(*pair)]
    others = [name for pair in pairs for name in names if name not in pair]
    return [*told, *others, names[0]][0]


def layers(title: str, further: str, values: Array, labels: Array) -> dict[str, Array]:
    """Return the surfaces in an array of shape (k, l, m), that which is drawn unasked first.

    Parameters
    ----------
    title : str
        What the array is called.
    further : str
        What its first dimension is called.
    values : ndarray, shape (k, l, m)
        The losses.
    labels : ndarray, shape (k,)
        The coordinates along the first dimension.
    """
    titles = [f"{title} ({further} {label:.6g})" for label in labels]
    found = dict(zip(titles, values, strict=True))
    if tells_repeats(further):
        return {f"{title} (mean over {further})": _mean(values), **found}
    return {titles[-1]: values[-1], **found} if tells_progress(further) else found


def spread_note(title: str, further: str, values: Array) -> list[str]:
    """Return what is to be said of a surface if it is a mean over the first dimension.

    Parameters
    ----------
    title : str
        What the surface is called.
    further : str
        What the first dimension is called.
    values : ndarray, shape (k, l, m)
        The losses.
    """
    if not title.endswith(f"(mean over {further})"):
        return []
    with np.errstate(all="ignore"):
        known = ~np.isnan(values)
        squares = np.where(known, (values - _mean(values)) ** 2, 0).sum(axis=0)
        deviations = np.sqrt(squares / (known.sum(axis=0) - 1))
    return about_mean(deviations, f"{len(values)} values of {further}")


def _mean(values: Array) -> Array:
    known = ~np.isnan(values)
    with np.errstate(all="ignore"):
        return np.asarray(np.where(known, values, 0).sum(axis=0) / known.sum(axis=0))
