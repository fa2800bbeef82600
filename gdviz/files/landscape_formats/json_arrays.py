"""Arrays in JSON: lists under names, rows of named numbers, and Plotly's figures."""

import base64
import re
from pathlib import Path
from typing import Any

import numpy as np

from gdviz.base.files import read_file
from gdviz.base.format import listed
from gdviz.base.json_text import JsonError, parse
from gdviz.base.types import Array
from gdviz.files.landscape_formats.array_dump import MAX_NUMBERS
from gdviz.files.landscape_formats.contents import Contents
from gdviz.files.landscape_formats.reading import LandscapeError, whole

_MAX_VALUES = 4_000_000  #: of all arrays, with their lists and names
_MAX_ARRAYS = 1_000
_HEAD = 4_096
_MAX_DEPTH = 4
#: What an experiment of this program begins with, and what numbers in lists, rows or tables do.
_EXPERIMENT = re.compile(rb'"(version|function|methods|steps|start|surface|formula)"\s*:')
_FIGURE = re.compile(rb'\s*\{\s*"data"\s*:\s*\[\s*\{')
_ARRAYS = re.compile(rb'\[\s*-?[\d.]|\[\s*\{\s*"|"bdata"|"0"\s*:')
_LINES = re.compile(rb"\s*\{[^\n]*\}[ \r]*\n\s*\{")
_TRACES = ("surface", "heatmap", "contour")


def looks_like_arrays(path: Path) -> bool:
    """Tell by its beginning whether a JSON file holds arrays, rather than an experiment."""
    head = read_file(path, _HEAD)
    if _FIGURE.match(head) or _LINES.match(head):  # figures name surfaces and starts, too
        return True
    return not _EXPERIMENT.search(head) and bool(_ARRAYS.search(head))


def json_contents(path: Path) -> Contents:
    """Return the arrays in a JSON file.

    Raises
    ------
    LandscapeError
    OSError
    """
    content = whole(path)
    if _LINES.match(content):  # a log: a row of JSON in each line
        content = b"[" + b",".join(line for line in content.splitlines() if line.strip()) + b"]"
    try:
        raw = parse(content, _MAX_VALUES)
    except JsonError as error:
        raise LandscapeError(str(error)) from None
    is_table = isinstance(raw, dict) and "schema" in raw  # pandas' orient="table"
    traces = raw.get("data") if isinstance(raw, dict) and not is_table else None
    if isinstance(traces, list) and any(isinstance(trace, dict) for trace in traces):
        return _of_plotly([trace for trace in traces if isinstance(trace, dict)])
    arrays: dict[str, Array] = {}
    others: dict[str, str] = {}
    _collect(raw, "", arrays, others, 0)
    return Contents(arrays, others=others)


def _collect(
    raw: Any, name: str, arrays: dict[str, Array], others: dict[str, str], depth: int
) -> None:
    """Collect arrays by name.

    Parameters
    ----------
    raw : object
        What JSON holds here.
    name : str
        What it is called.
    arrays, others : dict
        What has been found so far.
    depth : int
        How deep it lies.
    """
    if isinstance(raw, dict) and raw and all(map(_is_numbered_row, raw.items())):
        raw = list(raw.values())  # pandas' orient="index"
    if isinstance(raw, list) and raw and all(isinstance(row, dict) for row in raw):
        if len(raw) * len(raw[0]) > _MAX_VALUES:  # rows that are not all as long as the first
            raise LandscapeError("the rows of a table in it do not have the same columns")
        raw = {key: [row.get(key) for row in raw] for key in raw[0]}  # pandas' orient="records"
    array = _array(raw)
    if array is not None:
        arrays[name] = array
        if len(arrays) > _MAX_ARRAYS:
            raise LandscapeError(f"this has more than {_MAX_ARRAYS:,} arrays: too many to look at")
    elif isinstance(raw, dict) and depth < _MAX_DEPTH:
        inside = "" if depth < 1 else f"{name}/"
        for key, value in raw.items():
            _collect(value, f"{inside}{key}", arrays, others, depth + 1)
    elif isinstance(raw, list):
        others[name] = "text or lists of unequal lengths"


def _is_numbered_row(item: tuple[str, Any]) -> bool:
    return item[0].isdecimal() and isinstance(item[1], dict)


def _array(raw: Any) -> Array | None:
    """Return an array, or None if this is none: nested lists, Plotly's bytes, pandas' columns."""
    if isinstance(raw, dict) and {"bdata", "dtype"} <= raw.keys():
        return _of_bytes(raw)
    if isinstance(raw, dict) and raw and all(key.isdecimal() for key in raw):
        raw = list(raw.values())
    if not isinstance(raw, list):
        return None
    try:
        array = np.array(raw, dtype=object)
        if array.size == 0 or array.size > MAX_NUMBERS or array.ndim > 3:
            return None
        if not all(value is None or type(value) in (int, float) for value in array.flat):
            return None
        return array.astype(np.float64)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None


def _of_bytes(raw: dict[str, Any]) -> Array:
    """Return what Plotly writes as the base64 of an array's bytes."""
    try:
        kind = re.fullmatch(r"[fiu][1248]", str(raw["dtype"]))
        numbers = np.frombuffer(base64.b64decode(raw["bdata"], validate=True), f"<{kind[0]}")  # type: ignore[index]
        sides = [
            int(side) for side in str(raw.get("shape", len(numbers))).strip("()[] ").split(",")
        ]
        return numbers.reshape(sides).astype(np.float64)
    except (ValueError, TypeError):
        raise LandscapeError("this has an array of bytes (bdata) that cannot be read") from None


def _number(trace: dict[str, Any], name: str, default: float) -> float:
    try:
        return float(trace.get(name, default))
    except (ValueError, TypeError, OverflowError):
        raise LandscapeError(f"this figure's {name} is not a number") from None


def _of_plotly(traces: list[dict[str, Any]]) -> Contents:
    """Return a figure's first surface: the rows of z belong to y, as it is drawn."""
    for trace in traces:
        z = _array(trace.get("z"))
        if trace.get("type") in _TRACES and z is not None and z.ndim == 2:
            arrays = {"z": z.T if trace.get("transpose") else z}
            for name, count in (("x", z.shape[1]), ("y", z.shape[0])):
                given = _array(trace.get(name))
                if given is None:
                    start, step = _number(trace, f"{name}0", 0.0), _number(trace, f"d{name}", 1.0)
                    given = start + step * np.arange(count, dtype=np.float64)
                arrays[name] = given
            return Contents(arrays, scales={"z": ("y", "x")})
    kinds = sorted({str(trace.get("type", "scatter")) for trace in traces})
    raise LandscapeError(f"this figure has no surface, heatmap or contour: it has {listed(kinds)}")
