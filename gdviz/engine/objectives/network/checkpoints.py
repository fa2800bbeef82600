"""Checkpoints of a network, and directions, from files: shaped as its parameters."""

import re
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from gdviz.base.files import file_type, files_in, open_to_read, refusal, shown
from gdviz.base.format import number
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.engine.objectives.network.adapters import arrays_of
from gdviz.engine.objectives.network.trees import take_apart
from gdviz.engine.objectives.network.vectors import not_finite
from gdviz.engine.objectives.returned import Array

#: What a checkpoint calls the parameters where it holds more than them.
_WITHIN = ("state_dict", "model_state_dict", "model", "params")


def read_trajectory(
    folder: Path, names: Sequence[str], centre: Sequence[Array]
) -> list[list[Array]]:
    """Return the checkpoints of a folder, in the order of their names; numbers count as such.

    Parameters
    ----------
    folder : Path
        Where they are; other files in it are left.
    names : sequence of str
        Of the arrays of parameters.
    centre : sequence of ndarray
        These arrays.

    Raises
    ------
    CodeError
        If there is none, or one of them does not fit, is not finite, or cannot be read safely.
    """
    if file_type(folder) != "folder":
        raise CodeError(f"{shown(folder)} is no folder of checkpoints")
    files = sorted(
        (file for suffix in _READERS for file in files_in(folder, suffix)), key=_in_order
    )
    if not files:
        raise CodeError(f"{shown(folder)} holds no checkpoints: none ends in {_SUFFIXES}")
    return [shaped_as(read_checkpoint(f), names, centre, shown(f.name)) for f in files]


def read_checkpoint(file: Path) -> Any:
    """Return what a checkpoint holds, by name.

    Raises
    ------
    CodeError
        If it cannot be read, or only by running what is in it.
    """
    try:
        return _READERS[file.suffix](file)
    except ImportError as error:
        raise CodeError(
            f"{shown(file.name)} is read with {error.name}, which is not installed: "
            f"pip install {error.name}"
        ) from None
    except CodeError:
        raise
    except Exception as error:
        said = " ".join(str(error).split())[:120] or type(error).__name__
        raise CodeError(f"{shown(file.name)} is no checkpoint that can be read: {said}") from None


def _in_order(file: Path) -> list[tuple[bool, int, str]]:
    parts = re.split(r"(\d+)", file.name)
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def _npz(file: Path) -> dict[str, Array]:
    kind = _kind(file)
    if not kind:
        raise _damaged(file, "np.savez(…)")
    try:
        if kind == "zip":
            with np.load(file, allow_pickle=False) as arrays:
                return dict(arrays)
    except ValueError as error:
        if "pickle" not in str(error):
            raise
    raise CodeError(
        f"{shown(file.name)} holds pickled objects, which run code when they are loaded, so "
        "they are not: save arrays of numbers, np.savez(…)"
    )


def _safetensors(file: Path) -> Any:
    from safetensors.numpy import load_file

    return load_file(file)


def _torch(file: Path) -> Any:
    import pickle

    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as of a pickle's protocol: it is read or refused
            return torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # of whatever kind: bytes that are no pickle raise many
        if not _kind(file):
            raise _damaged(file, "torch.save(model.state_dict(), …)") from None
        if not isinstance(error, pickle.UnpicklingError):
            raise
        raise CodeError(
            f"{shown(file.name)} is a pickle that runs code when it is loaded, so it is not: save "
            "model.state_dict() instead, torch.save(model.state_dict(), …)"
        ) from None


def _kind(file: Path) -> Literal["zip", "pickle", ""]:
    """Tell what a file is by its bytes: an archive that has its end, a pickle, or neither."""
    with open_to_read(file) as stream:
        if zipfile.is_zipfile(stream):
            return "zip"
        stream.seek(0)
        return "pickle" if re.match(_PICKLE, stream.read(2)) else ""


def _damaged(file: Path, saving: str) -> CodeError:
    return CodeError(
        f"{shown(file.name)} is damaged, or no {file.suffix} file at all: save it again, {saving}"
    )


_READERS: Mapping[str, Callable[[Path], Any]] = MappingProxyType(
    {".npz": _npz, ".safetensors": _safetensors, ".pt": _torch, ".pth": _torch}
)
_SUFFIXES = " ".join(_READERS)
#: How a pickle begins that NumPy or PyTorch wrote: with its protocol.
_PICKLE = rb"\x80[\x02-\x05]"
#: What is done about a checkpoint that is not finite.
_DIVERGED = "leave it out, and those after it if the training diverged"


def shaped_as(
    point: Any,
    names: Sequence[str],
    centre: Sequence[Array],
    what: str,
    if_not_finite: str = _DIVERGED,
) -> list[Array]:
    """Return a checkpoint as arrays that are shaped as the parameters.

    They are found by their names where it has these, and else by their order.

    Parameters
    ----------
    point : object
        The checkpoint, nested as parameters may be.
    names : sequence of str
        Of the arrays of parameters.
    centre : sequence of ndarray
        These arrays.
    what : str
        What it is called, for the sentence.
    if_not_finite : str, optional
        The remedy for nan and infinities; by default a checkpoint's.

    Raises
    ------
    CodeError
        If it does not fit, or holds nan or infinities.
    """
    if isinstance(point, Mapping):
        within = [point[key] for key in _WITHIN if isinstance(point.get(key), Mapping)]
        point = within[0] if within and not set(names) & point.keys() else point
    tree = take_apart(dict(point) if isinstance(point, Mapping) else point)
    by_name = dict(zip(tree.names, tree.leaves, strict=True))
    # Numbers are the names of a list's arrays: the first of a longer one are of something else.
    may_be_more = isinstance(point, Mapping) or len(by_name) == len(centre)
    has_names = may_be_more and bool(names) and set(names) <= by_name.keys()
    leaves = [by_name[name] for name in names] if has_names else list(tree.leaves)
    found = []
    for leaf in leaves:
        library = arrays_of(leaf)
        found.append(np.asarray(leaf if library is None else library.plain(leaf)))
    if [array.shape for array in found] != [array.shape for array in centre]:
        shapes = ", ".join(str(array.shape) for array in found)
        wanted = ", ".join(str(array.shape) for array in centre)
        # Such as those that do not require a gradient, which are not displaced.
        advice = "" if len(found) <= len(centre) else ": name its arrays, or leave out the others"
        raise CodeError(f"{what} has the shapes {shapes}, but the parameters have {wanted}{advice}")
    plain = [array.astype(np.float64) for array in found]
    if (bad := not_finite(plain)) is not None:
        which = number(bad[1]) + (f" in {names[bad[0]]}" if len(names) == len(centre) > 1 else "")
        raise CodeError(f"{what} holds {which}: {if_not_finite}")
    return plain


#: How the two directions are called in the files of loss-landscape (Li et al. 2018), and here.
_AXES = ("xdirection", "ydirection")


def read_directions(file: Path, centre: Sequence[Array]) -> tuple[list[Array], list[Array]]:
    """Return the two directions of a file: groups ``xdirection`` and ``ydirection`` of arrays.

    Their members are ``"0"``, ``"1"`` … in HDF5; in ``.npz`` these are names such as
    ``xdirection/0``.

    Parameters
    ----------
    file : Path
        The file, ``.h5``, ``.hdf5`` or ``.npz``.
    centre : sequence of ndarray
        The arrays of parameters.

    Raises
    ------
    CodeError
        If it has none, or they do not fit, or are not finite.
    """
    try:
        arrays = _npz(file) if file.suffix == ".npz" else _hdf5(file, len(centre))
    except ImportError:
        raise CodeError("HDF5 files are read with h5py: pip install 'gdviz[hdf5]'") from None
    except OSError as error:
        raise CodeError(refusal(file, error)) from None
    except CodeError:
        raise
    except Exception as error:
        said = " ".join(str(error).split())[:120]
        raise CodeError(f"{shown(file.name)} holds no directions: {said}") from None
    found = []
    for axis in _AXES:
        names = [f"{axis}/{i}" for i in range(len(centre))]
        if not set(names) <= arrays.keys():
            raise CodeError(f"{shown(file.name)} holds no {axis} of {len(centre)} arrays")
        parts = [arrays[name] for name in names]
        what, remedy = f"{axis} of {shown(file.name)}", "a direction needs finite numbers"
        found.append(shaped_as(parts, (), centre, what, f"{remedy}, so write the file again"))
    return found[0], found[1]


def _hdf5(file: Path, count: int) -> dict[str, Array]:
    import h5py

    with h5py.File(file) as contents:
        names = [f"{axis}/{i}" for axis in _AXES for i in range(count)]
        return {name: contents[name][()] for name in names if name in contents}
