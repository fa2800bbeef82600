"""Run in a process of its own: print the numbers in the root of an HDF5 file.

The HDF5 library trusts its files: a flipped bit can end the process, or fill the memory. So the
window does not call it; a child with a bound on its memory and time does. It prints a line of
JSON (``groups``, ``large``, ``no_numbers``, and ``sets``: names with shapes) and then the numbers
of all sets, as little-endian float64. It imports nothing of gdviz: all
it needs is NumPy and h5py.
"""

import contextlib
import json
import math
import sys
from itertools import islice
from typing import Any

import numpy as np

#: Numbers in a data set, and in all of them.
MAX_NUMBERS = 512 * 512
MAX_TOTAL = 32 * MAX_NUMBERS
#: The program that writes one data set a value has as many as it has values.
MAX_MEMBERS = 40_000
_MAX_NAME = 1_000
_MAX_CHUNK = 1 << 26
#: What the program ends with where it refuses, and says why.
REFUSED = 3


class Refused(Exception):  # noqa: N818
    """A file that is refused, in one sentence."""


def limit() -> None:
    """Bound memory and time, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))


def is_small(item: Any) -> bool:
    """Tell whether reading a data set reads little; refuse one that lies elsewhere."""
    if item.is_virtual or item.id.get_create_plist().get_external_count():
        raise Refused("this refers to data in another file, which is not opened")
    chunk = math.prod(item.chunks or (0,)) * item.dtype.itemsize
    return bool(item.size <= MAX_NUMBERS and chunk <= _MAX_CHUNK)


def contents(path: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return what is in the root of a file: a description, and the numbers."""
    try:
        import h5py
    except (ImportError, ValueError, AttributeError) as error:  # built for another NumPy, say
        raise Refused(
            "HDF5 files need h5py, which is there but cannot be loaded beside this NumPy: "
            "pip install --upgrade h5py"
        ) from error

    groups: list[str] = []
    large: list[str] = []
    no_numbers: list[str] = []
    sets: list[tuple[str, tuple[int, ...]]] = []
    numbers: list[bytes] = []
    total = 0
    # Not locked: the program that fills the surface may be at work on it.
    with h5py.File(path, "r", locking=False) as file:
        for count, name in enumerate(islice(file, MAX_MEMBERS + 1)):
            if count == MAX_MEMBERS:
                raise Refused(f"this holds more than {MAX_MEMBERS:,} data sets")
            if len(name) > _MAX_NAME:
                raise Refused(f"this holds a name of more than {_MAX_NAME:,} characters")
            if not isinstance(file.get(name, getlink=True), h5py.HardLink):
                raise Refused("this holds a link to elsewhere, which is not followed")
            item = file[name]
            if isinstance(item, h5py.Group):
                groups.append(name)
                continue
            if not isinstance(item, h5py.Dataset) or item.shape is None:
                continue
            if item.dtype.kind not in "fiu" or item.dtype.subdtype is not None:
                no_numbers.append(name)
                continue
            if not is_small(item) or total + item.size > MAX_TOTAL:
                large.append(name)
                continue
            total += item.size
            with np.errstate(all="ignore"):
                numbers.append(np.asarray(item[()], "<f8").tobytes())
            sets.append((name, item.shape))
    description = {"groups": groups, "large": large, "no_numbers": no_numbers, "sets": sets}
    return description, numbers


def main() -> None:
    """Print the contents of the file that the first argument names."""
    limit()
    try:
        description, numbers = contents(sys.argv[1])
    except Refused as refusal:
        sys.stderr.write(str(refusal))
        raise SystemExit(REFUSED) from None
    sys.stdout.buffer.write(json.dumps(description).encode() + b"\n")
    sys.stdout.buffer.writelines(numbers)
