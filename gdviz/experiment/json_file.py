"""An experiment as JSON, and as a file.

The fields are those of :class:`~gdviz.experiment.experiment.Experiment`; the function has in
addition a `kind`, which tells what its other fields are: ``surface``, ``formula``, ``grid`` or
``code``. In version 1, which is still read, the function's fields stood among the experiment's,
and `surface`, `formula`, `grid` and `code` were four of them, one of which was set. Data of many
numbers stays in its own file: `data` then has a `file` in the place of its `columns`, see
:mod:`gdviz.experiment.referenced_data`.
"""

import codecs
import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec

from gdviz.base.files import absolute, read_file, refusal, shown, write_file
from gdviz.base.format import brief
from gdviz.base.json_refusals import field_refusal, syntax_refusal
from gdviz.base.json_text import JsonError, parse
from gdviz.base.types import Precision
from gdviz.engine.language.parser import PARAMETERS
from gdviz.engine.objectives.data import Column
from gdviz.engine.objectives.network.settings import Directions, FilterAxis, Normalization
from gdviz.engine.objectives.surfaces import DEFAULT_SURFACE
from gdviz.experiment.camera import Camera
from gdviz.experiment.experiment import VERSION, ColorScaleChoice, Experiment
from gdviz.experiment.function import FIELDS_OF
from gdviz.experiment.page_file import experiment_in, is_page
from gdviz.experiment.referenced_data import DataNeeded, Find, ask_first, take_data, told_from
from gdviz.experiment.validation import ExperimentError
from gdviz.experiment.view import View
from gdviz.files.file_kinds import KINDS, in_words

#: An experiment is a few hundred bytes, or some megabytes with a grid of losses in it; what is
#: larger than this is something else.
MAX_FILE_SIZE = 20_000_000
#: Values, names and lists: the finest grid of losses has 262,144 values.
MAX_VALUES = 400_000
#: Numbers of data, which leaves room for the rest: 100,000 rows of three columns.
MAX_DATA = 380_000


def to_json(experiment: Experiment, told: Callable[[str], str] | None = None) -> str:
    """Return an experiment as JSON, its version first, and long tables of numbers in one line.

    Parameters
    ----------
    experiment : Experiment
        The experiment.
    told : callable, optional
        Returns the path of a data file as it is to be told: data of more than :data:`MAX_DATA`
        numbers is then told by the file that it was read from. Without, it is refused.

    Raises
    ------
    ExperimentError
        If its function, or its data, is none that a file can hold.
    """
    data = experiment.function.data
    is_large = data is not None and data.rows * len(data.names) > MAX_DATA
    if data is not None and is_large and (data.file is None or told is None):
        raise ExperimentError(
            "data",
            f"its {data.rows:,} rows of {len(data.names)} columns are more than the {MAX_DATA:,} "
            "numbers that an experiment file can hold: keep the data in its own file, and open "
            "that again",
        )
    fields = msgspec.to_builtins(experiment, enc_hook=_without_numbers if is_large else _plain)
    if data is not None:
        _tell_file(fields["function"]["data"], told if is_large else None)
    # What older versions do not know is left out where it is as it always was.
    if experiment.function.parameters == PARAMETERS:
        fields["function"].pop("parameters", None)
    for name in ("seed", "samples", "equal_units"):
        if not fields[name]:
            fields.pop(name)
    if experiment.camera == Camera():
        fields.pop("camera")
    usual = msgspec.to_builtins(View())
    fields["view"] = {name: x for name, x in fields["view"].items() if x != usual[name]}
    if not fields["view"]:
        fields.pop("view")
    for method in fields["methods"]:
        if not method["estimate_options"]:
            method.pop("estimate_options")
    return _indented(fields, "") + "\n"


def _tell_file(data: dict[str, Any], told: Callable[[str], str] | None) -> None:
    """Leave in JSON of data the file in the place of the numbers, or nothing of it."""
    file = data.pop("file", None)  # absent from data that JSON held
    if told is not None:
        del data["columns"]
        data["file"] = {name: value for name, value in file.items() if value}
        data["file"]["path"] = told(file["path"])


def _indented(fields: dict[str, Any], indent: str) -> str:
    """Return an object with a field in each line, or in several; tables are left in one."""
    lines = []
    for name, value in fields.items():
        if name == "function":
            text = _indented(value, indent + "  ")
        else:
            text = msgspec.json.encode(value).decode()
            if name not in ("data", "grid"):  # thousands of numbers, which nobody reads by lines
                text = msgspec.json.format(text, indent=2).replace("\n", f"\n{indent}  ")
        lines.append(f"{indent}  {msgspec.json.encode(name).decode()}: {text}")
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def _plain(value: Any) -> float | list[float]:
    """Return a NumPy scalar as the number it is, a column as a list; msgspec knows Python's own."""
    if isinstance(value, Column):
        numbers: list[float] = value.array.tolist()
        return numbers
    if callable(value):
        raise ExperimentError("function", "a function of a running program cannot be saved")
    return float(value)


def _without_numbers(value: Any) -> float | list[float]:
    return [] if isinstance(value, Column) else _plain(value)


def from_json(
    text: bytes | str, find: Find = ask_first, folder: str | os.PathLike[str] = ""
) -> Experiment:
    """Read an experiment from JSON.

    Parameters
    ----------
    text : bytes or str
        The JSON.
    find : callable, optional
        Returns the data in a file that the experiment tells; by default that raises DataNeeded.
    folder : path-like, optional
        From where that file's path is told.

    Raises
    ------
    ExperimentError
        If it is not JSON, too much of it, not an experiment, of another version, or has a field
        that is unknown or wrong.
    """
    if len(text) > MAX_FILE_SIZE:
        raise ExperimentError("", "this is too large to be an experiment")
    try:
        parse(text, MAX_VALUES)
        if isinstance(text, bytes):
            text = text.removeprefix(codecs.BOM_UTF8)  # which some editors write
        raw = msgspec.json.decode(text)  # is stricter: no nan, and no halves of UTF-16 pairs
    except JsonError as error:
        raise ExperimentError("", str(error)) from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise ExperimentError("", syntax_refusal(error)) from None
    if not isinstance(raw, dict) or "version" not in raw or _is_library(raw):
        raise ExperimentError("", _A_LIBRARY if _is_library(raw) else _ELSE)
    version = raw["version"]
    if version not in (1, VERSION) or isinstance(version, bool):
        newer = isinstance(version, int) and version > VERSION
        advice = "; a newer gdviz wrote it" if newer else ""
        found = brief(msgspec.json.encode(version).decode())
        raise ExperimentError(
            "version", f"this gdviz reads versions 1 to {VERSION}, not {found}{advice}"
        )
    raw, others = _from_version_1(raw) if version == 1 else (raw, {})
    take_data(raw, Path(folder), find)
    try:
        return msgspec.convert(raw, Experiment).replace(**others)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, ExperimentError):
            raise error.__cause__ from None
        raise ExperimentError("", field_refusal(error, _WORDS)) from None


_ELSE = "this is JSON, but not a gdviz experiment: it has no version"
_A_LIBRARY = (
    "this is a library of formulas, not an experiment: Library ▸ Import… in the Formula lens adds "
    "what it holds to yours"
)


def _is_library(raw: object) -> bool:
    if not isinstance(raw, dict) or "format" not in raw:
        return False
    from gdviz.experiment.library import FORMAT  # not on the way to a window

    return bool(raw["format"] == FORMAT)


#: By field, the words that it may hold.
_WORDS: dict[str, tuple[str, ...]] = {
    "kind": tuple(kind for kind in FIELDS_OF if kind != "callable"),
    "color_scale": get_args(ColorScaleChoice),
    "precision": get_args(Precision),
    "directions": get_args(Directions),
    "normalize": get_args(Normalization),
    "filters": get_args(FilterAxis),
}

#: What version 1 told of the function: its kind, with what is now that kind's first field; and
#: the other fields, with what they are called now.
_KINDS_1 = {"surface": "name", "formula": "text", "grid": "grid", "code": "code"}
_FIELDS_1 = {
    name: name for name in ("title", "constants", "constant_ranges", "home", "data", "model")
} | {"claimed_gradient": "candidate_gradient"}


def _from_version_1(raw: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields of version 1 as they are now, and those that its function does not have."""
    if "function" in raw:
        raise ExperimentError("", "there is no field function in version 1")
    told = {kind: raw[kind] for kind in _KINDS_1 if raw.get(kind)}
    if not told and "surface" not in raw:
        told = {"surface": DEFAULT_SURFACE}
    if len(told) != 1:
        raise ExperimentError("surface", "give one function: a surface, a formula, a grid or code")
    [(kind, value)] = told.items()
    given = {new: raw[old] for old, new in _FIELDS_1.items() if old in raw}
    function = {"kind": kind, _KINDS_1[kind]: value}
    for name in FIELDS_OF[kind] & given.keys():
        function[name] = given.pop(name)
    rest = {name: raw[name] for name in raw.keys() - _KINDS_1.keys() - _FIELDS_1.keys()}
    return {**rest, "version": VERSION, "function": function}, given


def _begins_like_json(text: bytes) -> bool:
    return text.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")


def load(path: str | os.PathLike[str], find: Find = ask_first) -> Experiment:
    """Read an experiment file, or the experiment in a page.

    Parameters
    ----------
    path : path-like
        The file.
    find : callable, optional
        Returns the data in a file of its own, which the experiment tells: such as
        :func:`~gdviz.experiment.referenced_data.read_data`. By default that is not looked at, and
        DataNeeded is raised, which tells it.

    Raises
    ------
    ExperimentError
        If it cannot be read, with the file's name.
    """
    path = Path(path)
    try:
        text = read_file(path, MAX_FILE_SIZE + 1)
        if is_page(text):
            return from_json(experiment_in(text))
        if not (_begins_like_json(text) or path.suffix.lower() in KINDS["experiment"].suffixes):
            raise ExperimentError(
                "", f"this is not a file that gdviz can open: it opens {in_words()}"
            )
        return from_json(text, find, path.parent)
    except OSError as error:
        raise ExperimentError("", refusal(path, error)) from None
    except DataNeeded:
        raise  # whoever asks for the data tells the file as well
    except ExperimentError as error:
        raise ExperimentError(error.field, f"{error.message} (in {shown(path.name)})") from error


def save(
    experiment: Experiment, path: str | os.PathLike[str], cancelled: Callable[[], bool] = bool
) -> None:
    """Write an experiment file.

    Parameters
    ----------
    experiment : Experiment
        What it holds.
    path : path-like
        The file.
    cancelled : callable, optional
        Whether the file, if there was one, stays as it was; asked until it is replaced.

    Raises
    ------
    OSError
        If it cannot be written; the file, if there was one, is then as it was.
    ExperimentError
        If a file cannot hold it: see :func:`to_json`.
    Cancelled
        If `cancelled` says so.
    """
    text = to_json(experiment, told_from(Path(path).parent))
    write_file(path, text.encode(), cancelled)


def from_folder(experiment: Experiment, folder: str | os.PathLike[str]) -> Experiment:
    """Return an experiment whose code is told from a folder, so that both can go elsewhere.

    Where there is no way from the folder to the code, as to another drive of Windows, the path
    stays whole.
    """
    code = experiment.function.code
    if code is None:
        return experiment
    path = told_from(folder)(code.path)
    return experiment.replace(code=dataclasses.replace(code, path=path))


def found_from(experiment: Experiment, folder: str | os.PathLike[str]) -> Experiment:
    """Return an experiment whose code has its whole path, also if it was told from a folder."""
    code = experiment.function.code
    if code is None:
        return experiment
    path = os.path.normpath(absolute(Path(folder, code.path)))
    return experiment.replace(code=dataclasses.replace(code, path=path))
