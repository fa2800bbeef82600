"""Run in a process of its own: print the numbers in an HDF5, MATLAB or netCDF file.

The libraries that read these trust their files: a flipped bit can end the process, or fill the
memory. So the window does not call them; a child with a bound on its memory and time does. It
prints a line of JSON, with the fields of :class:`gdviz.files.landscape_formats.contents.Contents`
(of `arrays` their names and shapes only), and then the numbers of all arrays, as little-endian
float64. It imports nothing of gdviz: all it needs is NumPy, h5py and SciPy.
"""

import contextlib
import json
import math
import os
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

#: Bytes of a file that is read at once.
MAX_FILE_SIZE = 32_000_000
#: Numbers in an array (512 × 512 points in three columns), and in all of them.
MAX_NUMBERS = 3 * 512 * 512
MAX_TOTAL = 8 << 20
#: The program that writes one data set a value has as many as it has values.
MAX_MEMBERS = 40_000
_MAX_NAME = 1_000
_MAX_CHUNK = 1 << 26
_MAX_DEPTH = 3
_MAX_COLUMNS = 20  # of a table
_MOST_AXES = 2
#: What the program ends with where it refuses, and says why.
REFUSED = 3
#: What netCDF has in a cell that was never written, or is masked, unless a file says otherwise.
_NEVER_WRITTEN = 9.969209968386869e36
#: What netCDF calls a dimension without coordinates.
_NO_SCALE = b"This is a netCDF dimension but not a netCDF variable"
_WORDS = {"O": "text or references", "S": "text", "U": "text", "c": "complex numbers",
          "b": "true and false", "V": "records"}  # fmt: skip
#: What a name holds that is no coordinates for certain.
SINGLE = "a single value"


class Refused(Exception):  # noqa: N818
    """A file that is refused, in one sentence."""


def limit() -> None:
    """Bound memory and time, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        resource.setrlimit(resource.RLIMIT_AS, (1 << 31, 1 << 31))


class Dump:
    """What has been found in a file."""

    def __init__(self) -> None:
        self.arrays: list[tuple[str, tuple[int, ...]]] = []
        self.numbers: list[bytes] = []
        self.large: dict[str, tuple[int, ...]] = {}
        self.others: dict[str, str] = {}
        self.groups: list[str] = []
        self.scales: dict[str, list[str]] = {}
        self.first_is_b = False
        self.sorted_names = False
        self.members = 0
        self._total = 0

    def has_room_for(self, name: str, shape: tuple[int, ...]) -> bool:
        """Tell whether an array is small enough; if not, that it is there is noted."""
        count = math.prod(shape)
        if count > MAX_NUMBERS or self._total + count > MAX_TOTAL:
            self.large[name] = shape
            return False
        self._total += count
        return True

    def add(self, name: str, array: Any) -> None:
        """Keep an array of real numbers."""
        with np.errstate(all="ignore"):
            self.numbers.append(np.ascontiguousarray(array, "<f8").tobytes())
        self.arrays.append((name, np.shape(array)))

    def description(self) -> dict[str, Any]:
        """Return all but the numbers."""
        names = ("arrays", "large", "others", "groups", "scales", "first_is_b", "sorted_names")
        return {name: getattr(self, name) for name in names}


# -- HDF5: also netCDF 4, MATLAB 7.3, and what R and Octave write


def is_small(item: Any) -> bool:
    """Tell whether reading a data set reads little; refuse one that lies elsewhere."""
    if item.is_virtual or item.id.get_create_plist().get_external_count():
        raise Refused("this refers to data in another file, which is not opened")
    chunk = math.prod(item.chunks or (0,)) * item.dtype.itemsize
    return bool(item.size <= MAX_NUMBERS and chunk <= _MAX_CHUNK)


def hdf5(path: str, found: Dump) -> None:
    """Find what is in the root of an HDF5 file, or where nothing is there, in its groups."""
    try:
        import h5py
    except (ImportError, ValueError) as error:  # it is there, but for another NumPy, say
        raise Refused(
            "HDF5 files need h5py, which is there but cannot be loaded beside this NumPy: "
            "pip install --upgrade h5py"
        ) from error

    # Not locked: the program that fills the surface may be at work on it.
    with h5py.File(path, "r", locking=False) as file:
        _visit(file, "", found)


def _visit(group: Any, prefix: str, found: Dump) -> None:
    """Keep what is in a group, and where that is nothing, what is in the groups in it."""
    import h5py

    inner = []
    has_arrays = False
    for name, item in _members(group, found):
        if isinstance(item, h5py.Group):
            inner.append((prefix + name, item))
        elif isinstance(item, h5py.Dataset) and item.shape is not None:
            has_arrays = True
            _take(item, prefix + name, found)
    if has_arrays:
        settings = h5py.h5g.open(group.id, b".").get_create_plist()  # a file's own are others
        found.sorted_names |= not settings.get_link_creation_order()
    # Vectors may be the coordinates of what is in the groups.
    sides = [sum(side > 1 for side in shape) for _, shape in found.arrays]
    is_enough = any(n > 1 for n in sides) or sides.count(1) > _MOST_AXES
    for name, item in inner:
        if is_enough or prefix.count("/") >= _MAX_DEPTH or name.endswith(("#", "direction")):
            found.groups.append(name)
        elif _attribute(item, "OCTAVE_NEW_FORMAT") is not None:
            _take_octave(item, name, found)
        else:
            _visit(item, f"{name}/", found)


def _members(group: Any, found: Dump) -> Iterator[tuple[str, Any]]:
    """Yield what is in a group, if these are not too many, and no link leads elsewhere."""
    import h5py

    for name in group:
        found.members += 1
        if found.members > MAX_MEMBERS:
            raise Refused(f"this holds more than {MAX_MEMBERS:,} data sets")
        if len(name) > _MAX_NAME:
            raise Refused(f"this holds a name of more than {_MAX_NAME:,} characters")
        if not isinstance(group.get(name, getlink=True), h5py.HardLink):
            raise Refused("this holds a link to elsewhere, which is not followed")
        yield name, group[name]


def _take(item: Any, name: str, found: Dump) -> None:
    """Keep a data set, turned round if its writer stores columns first, and its axes' names."""
    matlab = _attribute(item, "MATLAB_class")
    by_columns = matlab is not None or _attribute(item, "rhdf5-NA.OK") is not None
    found.first_is_b |= matlab is not None
    columns = item.dtype.names or ()
    if columns and item.ndim == 1 and is_small(item) and len(columns) <= _MAX_COLUMNS:
        for column in columns:  # of a table
            if item.dtype[column].kind in "fiu" and found.has_room_for(column, item.shape):
                found.add(f"{name}/{column}", item[column])
        return
    if item.dtype.kind not in "fiu" or item.dtype.subdtype is not None or matlab == b"char":
        kind = "U" if matlab == b"char" else item.dtype.kind
        words = _WORDS.get(kind, str(item.dtype)[:40])
        found.others[name] = words if item.shape or matlab is not None else SINGLE
        return
    if bytes(_attribute(item, "NAME") or b"").startswith(_NO_SCALE):
        return
    if not is_small(item):
        found.large[name] = item.shape
    elif found.has_room_for(name, item.shape):
        array = _unpacked(item[()], lambda key: _attribute(item, key))
        found.add(name, array.T if by_columns else array)
        with contextlib.suppress(Exception):  # the references of a damaged file lead anywhere
            scales = [dim[0].name.strip("/") if len(dim) else "" for dim in item.dims]
            if any(scales):
                found.scales[name] = scales[::-1] if by_columns else scales


def _take_octave(group: Any, name: str, found: Dump) -> None:
    """Keep a variable of Octave: a group with a type and a value, which are stored by columns."""
    value = group.get("value")
    fields = getattr(value, "dtype", np.dtype("V1")).names or ()
    if {"base", "limit", "increment"} <= set(fields):  # a range, such as -1:0.5:1
        base, end, step = (float(value[()][field]) for field in ("base", "limit", "increment"))
        count = range_count(base, end, step)
        if count > 0 and found.has_room_for(name, (count,)):
            found.add(name, base + step * np.arange(count))
    elif value is not None and hasattr(value, "shape") and value.shape is not None:
        if value.dtype.kind in "fiu" and is_small(value):
            if found.has_room_for(name, value.shape):
                found.add(name, np.transpose(value[()]))
        else:
            found.others[name] = _WORDS.get(value.dtype.kind, "something else")
    elif value is not None and not hasattr(value, "shape"):  # a structure
        for field, member in _members(value, found):
            if hasattr(member, "keys"):
                _take_octave(member, f"{name}/{field}", found)
    else:
        found.groups.append(name)
    found.first_is_b = True


def range_count(base: float, end: float, step: float) -> int:
    """Return how many numbers one of Octave's ranges has, such as -1:0.5:1.

    Parameters
    ----------
    base, end, step : float
        The numbers as they stand there, the step between them.
    """
    return max(0, math.floor((end - base) / step * (1 + 1e-15) + 1e-10) + 1) if step else 0


def _attribute(item: Any, name: str) -> Any:
    with contextlib.suppress(Exception):  # of a damaged file, or of a kind that h5py does not know
        value = item.attrs.get(name)
        return value[0] if isinstance(value, np.ndarray) and value.size == 1 else value
    return None


def _unpacked(array: Any, attribute: Any) -> Any:
    """Return numbers as netCDF means them: missing ones as nan, and packed ones unpacked."""
    numbers = np.asarray(array, "<f8")
    fills = [attribute(name) for name in ("_FillValue", "missing_value")]
    for fill in (_NEVER_WRITTEN, *(fill for fill in fills if fill is not None)):
        numbers = np.where(numbers == np.float64(fill), np.nan, numbers)
    factor, offset = (attribute(name) for name in ("scale_factor", "add_offset"))
    if factor is not None or offset is not None:
        factor, offset = 1 if factor is None else factor, 0 if offset is None else offset
        numbers = numbers * np.float64(factor) + np.float64(offset)
    return numbers


# -- MATLAB before 7.3, and netCDF 3


def matlab(path: str, found: Dump) -> None:
    """Find the matrices of a MATLAB file, or those in its structures, if there are no others.

    Their sizes are read first, and then the small ones.
    """
    from scipy.io import loadmat, whosmat

    found.first_is_b = True  # as in surf(x, y, Z)
    wanted, structures = [], []
    for name, shape, kind in whosmat(path):
        if kind == "struct" and math.prod(shape) == 1:
            structures.append(name)
        elif kind not in ("double", "single") and not kind.startswith(("int", "uint")):
            found.others[name] = {"char": "text", "logical": "true and false"}.get(kind, kind)
        elif found.has_room_for(name, tuple(map(int, shape))):
            wanted.append(name)
    loaded = loadmat(path, variable_names=wanted) if wanted else {}
    for name in wanted:
        if loaded[name].dtype.kind in "fiu":
            found.add(name, loaded[name])
        else:
            found.others[name] = _WORDS.get(loaded[name].dtype.kind, "something else")
    if structures and not any(math.prod(shape) > 1 for _, shape in found.arrays):
        _take_structures(loadmat(path, variable_names=structures), structures, found)
    else:
        found.groups += structures


def _take_structures(loaded: Any, names: list[str], found: Dump) -> None:
    for name in names:
        fields = loaded[name].ravel()[0]
        for field in fields.dtype.names or ():
            array = fields[field]
            if array.dtype.kind not in "fiu":
                found.others[f"{name}/{field}"] = _WORDS.get(array.dtype.kind, "something else")
            elif found.has_room_for(f"{name}/{field}", array.shape):
                found.add(f"{name}/{field}", array)


def netcdf3(path: str, found: Dump) -> None:
    """Find the variables of a netCDF file that is no HDF5 file."""
    from scipy.io import netcdf_file

    with netcdf_file(path, "r", mmap=False) as file:
        for name, variable in file.variables.items():
            if variable.data.dtype.kind not in "fiu":
                found.others[name] = "text"
            elif found.has_room_for(name, variable.shape):
                found.add(name, _unpacked(variable.data, vars(variable).get))
                found.scales[name] = list(variable.dimensions)


def is_matlab_4(head: bytes) -> bool:
    """Tell by its first bytes whether a file is of MATLAB 4: a type of numbers, and a size."""
    words = [int.from_bytes(head[at : at + 4], "little") for at in (0, 4, 8)]
    kind, rows, columns = words
    is_numbers = kind in range(0, 60, 10) and len(head) > 8
    return is_numbers and 0 < rows * columns <= MAX_NUMBERS


def contents(path: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return what is in a file: a description, and the numbers."""
    found = Dump()
    with open(path, "rb") as file:  # noqa: PTH123
        head = file.read(12)
    if head.startswith((b"CDF", b"MATLAB 5")) or is_matlab_4(head):
        if os.path.getsize(path) > MAX_FILE_SIZE:  # noqa: PTH202
            raise Refused(f"this is larger than {MAX_FILE_SIZE // 1_000_000} MB")
        (netcdf3 if head.startswith(b"CDF") else matlab)(path, found)
    else:
        hdf5(path, found)
    return found.description(), found.numbers


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
