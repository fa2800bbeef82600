"""Data that an experiment file does not hold, but tells the file of: read again, and compared.

A path in a file that somebody shares may name any file. It is told before anything is looked at,
and what is there is read as a table of numbers, and only if it is the very file of then.
"""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

import msgspec

from gdviz.base.files import absolute, file_size, file_type, read_file, refusal, shown
from gdviz.base.format import byte_size
from gdviz.base.json_refusals import field_refusal
from gdviz.engine.objectives.data import Data, DataFile
from gdviz.experiment.validation import ExperimentError

#: Bytes of a data file, and characters of its path.
MAX_SIZE, _LONGEST = 100_000_000, 4_096
#: Returns the data in a file whose whole path is given.
Find = Callable[[DataFile], Data]


class DataNeeded(ExperimentError):  # noqa: N818 - nothing may be wrong
    """Data that is in a file of its own: nobody said that it may be read, or it is not there.

    Parameters
    ----------
    file : DataFile
        The file, with its whole path.
    message : str
        What is the matter, in a sentence.
    is_asked : bool, default False
        Whether it was not looked for, as nobody said that it may be.
    """

    def __init__(self, file: DataFile, message: str, *, is_asked: bool = False) -> None:
        super().__init__("data", message)
        self.file, self.is_asked = file, is_asked


def where(file: DataFile) -> str:
    """Say in which file the data is, and how large that was."""
    return f"the data is in the file {shown(file.path)} ({byte_size(file.size)})"


def ask_first(file: DataFile) -> Data:
    """Look for nothing: raise DataNeeded, which tells the file."""
    raise DataNeeded(file, where(file), is_asked=True)


def known_or_asked(known: Data | None) -> Find:
    """Return what finds data that is there already, if that is what was read from the file."""

    def find(file: DataFile) -> Data:
        of = None if known is None else known.file
        if known is None or of is None or not of.is_same(file):
            return ask_first(file)
        return known if of.standardised == file.standardised else read_data(file, of.path)

    return find


def read_data(file: DataFile, path: str | os.PathLike[str] | None = None) -> Data:
    """Read data again.

    Parameters
    ----------
    file : DataFile
        The file, with its whole path.
    path : path-like, optional
        Where it is now.

    Raises
    ------
    DataNeeded
        If it is not there, or something else is.
    """
    import hashlib  # neither is on the way to a window

    from gdviz.files.csv_data import data_in

    path = absolute(file.path if path is None else path)
    if file_type(path) != "file":
        raise DataNeeded(file, f"the data is in the file {shown(path)}, which is not there")
    other = f"{shown(path)} is not the data any more, as it was when the experiment was saved"
    try:
        content = read_file(path, file.size + 1) if file_size(path) == file.size else b""
    except OSError as error:
        raise DataNeeded(file, refusal(path, error)) from None
    if len(content) != file.size or hashlib.sha256(content).hexdigest() != file.sha256:
        raise DataNeeded(file, other)
    try:
        data, _ = data_in(content, path)
        return data.standardised(file.standardised)
    except (ValueError, KeyError) as error:  # what is told of its columns was altered
        raise ExperimentError("data", f"{shown(path)} is not such data: {error}") from None


def take_data(raw: dict[str, Any], folder: Path, find: Find) -> None:
    """Put data in the place of the file that an experiment's JSON tells, if it does.

    Parameters
    ----------
    raw : dict
        The experiment's fields, which are changed.
    folder : Path
        From where the file's path is told.
    find : callable
        What returns the data.

    Raises
    ------
    ExperimentError
        If what is told is no file, or its data is not found.
    """
    function = raw.get("function")
    told = function.get("data") if isinstance(function, dict) else None
    if not isinstance(told, dict) or (given := told.pop("file", None)) is None:
        return
    if "columns" in told:
        return  # which are the data
    try:
        file = msgspec.convert(given, DataFile)
        source = msgspec.convert(told.get("source", ""), str)
    except msgspec.ValidationError as error:
        raise ExperimentError("data", field_refusal(error)) from None
    if not 0 < file.size <= MAX_SIZE or not 0 < len(file.path) <= _LONGEST:
        raise ExperimentError("data", "there is no such file as the experiment tells of its data")
    path = os.path.normpath(absolute(folder / file.path))
    found = find(dataclasses.replace(file, path=path))
    assert isinstance(function, dict)
    function["data"] = dataclasses.replace(found, source=source)


def told_from(folder: str | os.PathLike[str]) -> Callable[[str], str]:
    """Return what tells a path from a folder, so that both can go elsewhere.

    Where there is no way from the folder, as to another drive of Windows, a path stays whole.
    """

    def told(path: str) -> str:
        try:
            return PurePath(os.path.relpath(path, absolute(folder))).as_posix()
        except ValueError:
            return path

    return told
