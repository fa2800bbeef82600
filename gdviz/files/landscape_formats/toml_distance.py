"""The distance that a ``.toml`` beside a matrix may say: its axes run from −½ to ½ of it."""

import tomllib
from pathlib import Path

from gdviz.base.files import file_type, read_file, reason
from gdviz.base.geometry import Extent
from gdviz.files.landscape_formats.reading import LandscapeError

_MAX_SIZE = 100_000


def range_beside(path: Path) -> Extent | None:
    """Return the range that a file of the same name tells, or None if there is none.

    Raises
    ------
    LandscapeError
        If it is there and tells none; in the words that follow the file's name.
    """
    beside = path.with_suffix(".toml")
    if file_type(beside) == "absent":
        return None
    half = _distance(beside) / 2
    return -half, half, -half, half


def _distance(path: Path) -> float:
    if file_type(path) != "file":  # a pipe would be waited for
        raise LandscapeError("is not a file")
    try:
        content = read_file(path, _MAX_SIZE + 1)
    except OSError as error:
        raise LandscapeError(f"cannot be read ({reason(error)})") from None
    if len(content) > _MAX_SIZE:
        raise LandscapeError(f"is larger than {_MAX_SIZE // 1000} kB")
    try:
        found = tomllib.loads(content.decode())
    except (ValueError, RecursionError):
        raise LandscapeError("is not TOML") from None
    tables = [found, *(table for table in found.values() if isinstance(table, dict))]
    distances = [table["distance"] for table in tables if "distance" in table]
    if not distances:
        raise LandscapeError("gives no distance")
    distance = distances[0]
    if not (type(distance) in (int, float) and 0 < distance < 1e6):  # True is an int as well
        raise LandscapeError("gives a distance that is not a positive number, or too large")
    return float(distance)
