"""What binary files hold that are read in a process of their own: HDF5, netCDF, MATLAB."""

import importlib.util
import json
import math
import shlex
import subprocess
from pathlib import Path

import numpy as np

from gdviz.base.child_process import ChildProcess
from gdviz.base.files import absolute, read_file
from gdviz.files.landscape_formats import array_dump
from gdviz.files.landscape_formats.contents import Contents
from gdviz.files.landscape_formats.reading import LandscapeError, parsing

_SECONDS = 30.0
_READER = array_dump.__name__
_HDF5 = b"\x89HDF\r\n\x1a\n"
_OTHERS = (b"CDF\1", b"CDF\2", b"MATLAB 5.0")
_DAMAGED = "this is not an HDF5, netCDF or MATLAB file, or it is damaged"


def is_available(path: Path) -> bool:
    """Tell whether what reads a file is installed."""
    return not is_hdf5(path) or importlib.util.find_spec("h5py") is not None


def is_hdf5(path: Path) -> bool:
    """Tell whether a file is in HDF5: MATLAB puts a text before it."""
    head = read_file(path, 2048 + len(_HDF5))
    return any(head.startswith(_HDF5, offset) for offset in (0, 512, 1024, 2048))


def contents(path: Path) -> Contents:
    """Return the numbers in a file.

    Raises
    ------
    LandscapeError
        If it is damaged, or h5py is not installed.
    """
    head = read_file(path, 32)
    if head.startswith(b"CDF\5"):
        raise LandscapeError(
            "this is netCDF of 64-bit data (CDF-5), which is not read: convert it with "
            + shlex.join(["nccopy", "-k", "nc4", path.name, f"{path.stem}-nc4.nc"])
        )
    if not (is_hdf5(path) or head.startswith(_OTHERS) or array_dump.is_matlab_4(head)):
        raise LandscapeError(_DAMAGED)
    if not is_available(path):
        raise LandscapeError("HDF5 files need h5py: pip install 'gdviz[hdf5]'")
    with parsing("an HDF5, netCDF or MATLAB file"):
        line, _, numbers = dump(path).partition(b"\n")
        description = json.loads(line)
        arrays = {}
        offset = 0
        for name, shape in description["arrays"]:
            count = math.prod(shape)
            arrays[name] = np.frombuffer(numbers, "<f8", count, offset).reshape(shape)
            offset += 8 * count
        return Contents(
            arrays,
            {name: tuple(shape) for name, shape in description["large"].items()},
            dict(description["others"]),
            tuple(description["groups"]),
            {name: tuple(scales) for name, scales in description["scales"].items()},
            bool(description["first_is_b"]),
            bool(description["sorted_names"]),
        )


def dump(path: Path) -> bytes:
    """Return what :mod:`gdviz.files.landscape_formats.array_dump` prints in its own process.

    Raises
    ------
    LandscapeError
    """
    pipe, file = subprocess.PIPE, str(absolute(path))
    one_thread = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # less memory
    with ChildProcess(_READER, [file], environment=one_thread, stdout=pipe, stderr=pipe) as child:
        try:
            found, refusal = child.process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            raise LandscapeError("this file takes too long to be read") from None
    code = child.process.returncode
    if code == array_dump.REFUSED:
        raise LandscapeError(refusal.decode(errors="replace"))
    if code:
        raise LandscapeError(_DAMAGED)
    return found
