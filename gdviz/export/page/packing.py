"""Numbers for a page: arrays in base64, which are a third larger than their bytes, and JSON."""

import base64
import json
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.base.geometry import Range
from gdviz.base.types import Array

Kind = Literal["f64", "f32", "u32", "u16", "u8"]
#: What JavaScript's typed arrays hold, as NumPy says it: of either byte order the lower first.
_TYPES: dict[Kind, str] = {"f64": "<f8", "f32": "<f4", "u32": "<u4", "u16": "<u2", "u8": "u1"}
Packed = dict[str, str]
#: Lines of the map lie on a lattice of so many points along each axis.
LATTICE = 65_535


def packed(values: ArrayLike, kind: Kind) -> Packed:
    """Return an array as a page holds it, flattened row by row.

    Parameters
    ----------
    values : array_like
        The numbers.
    kind : {"f64", "f32", "u32", "u16", "u8"}
        As what they are kept.
    """
    data = np.ascontiguousarray(values, _TYPES[kind]).tobytes()
    return {"type": kind, "data": base64.b64encode(data).decode()}


def packed_lines(a: Array, b: Array, connect: NDArray[np.bool_], extent: Range) -> dict[str, Any]:
    """Return lines of the map on the lattice: their points, and how many each line has.

    Parameters
    ----------
    a, b : ndarray, shape (n,)
        Vertices of all lines one after the other.
    connect : ndarray of bool, shape (n,)
        Whether a vertex is joined to the next one.
    extent : Range
        The map.
    """
    a_low, a_high, b_low, b_high = extent
    at = np.column_stack([(a - a_low) / (a_high - a_low), (b - b_low) / (b_high - b_low)])
    ends = np.flatnonzero(~connect)
    if len(a) and (not len(ends) or ends[-1] != len(a) - 1):
        ends = np.append(ends, len(a) - 1)
    counts = np.diff(np.concatenate([[-1], ends]))
    points = np.rint(np.clip(at, 0.0, 1.0) * LATTICE)
    return {"points": packed(points, "u16"), "counts": packed(counts, "u32")}


def numbers(values: ArrayLike) -> list[float | None]:
    """Return a few numbers as JSON has them: null where one is not finite."""
    return [x if np.isfinite(x) else None for x in np.asarray(values, float).ravel().tolist()]


def json_in_script(value: Any) -> str:
    """Return JSON that may stand within a script element, whatever the texts in it are.

    No tag or comment begins in it, and no line ends where JavaScript once saw one.
    """
    return escaped(json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def escaped(text: str) -> str:
    """Return JSON's text with escapes for what would end a script element, or begin another."""
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text
