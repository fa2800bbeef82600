"""An experiment as JSON, and as a file."""

import codecs
import json
import os
import re
from pathlib import Path
from reprlib import repr as shortened
from typing import Any

import msgspec

from gdviz.base.files import read_file, reason, write_file
from gdviz.experiment.model import VERSION, Experiment, ExperimentError
from gdviz.files.file_kinds import KINDS, in_words

#: An experiment is a few hundred bytes, or some megabytes with a grid of losses in it; what is
#: larger than this is something else.
MAX_FILE_SIZE = 20_000_000


def to_json(experiment: Experiment) -> str:
    """Return an experiment as JSON, its version first, and long tables of numbers in one line."""
    fields = [
        f"  {_encoded(name)}: {_indented(name, _encoded(getattr(experiment, name)))}"
        for name in Experiment.__struct_fields__
    ]
    return "{\n" + ",\n".join(fields) + "\n}\n"


def _encoded(value: Any) -> str:
    return msgspec.json.encode(value, enc_hook=_plain_number).decode()


def _indented(name: str, text: str) -> str:
    if name in ("data", "grid"):  # thousands of numbers, which nobody reads by lines
        return text
    return msgspec.json.format(text, indent=2).replace("\n", "\n  ")


def _plain_number(value: Any) -> float:
    """Return a NumPy scalar as the number it is; msgspec knows Python's own only."""
    return float(value)


def from_json(text: bytes | str) -> Experiment:
    """Read an experiment from JSON.

    Raises
    ------
    ExperimentError
        If it is not JSON, not an experiment, of another version, or has a field that is unknown
        or wrong.
    """
    try:
        if isinstance(text, bytes):
            text = text.removeprefix(codecs.BOM_UTF8)  # which some editors write
        raw = msgspec.json.decode(text)
        json.loads(text, object_pairs_hook=_refuse_twice)
    except (msgspec.DecodeError, json.JSONDecodeError, UnicodeError, RecursionError) as error:
        raise ExperimentError("", f"this is not JSON: {_sentence(error)}") from None
    if not isinstance(raw, dict) or "version" not in raw:
        raise ExperimentError("", "this is JSON, but not a gdviz experiment: it has no version")
    version = raw["version"]
    if version != VERSION or isinstance(version, bool):
        newer = isinstance(version, int) and version > VERSION
        advice = "; a newer gdviz wrote it" if newer else ""
        raise ExperimentError(
            "version", f"this gdviz reads version {VERSION}, not {shortened(version)}{advice}"
        )
    if "surface" not in raw and any(raw.get(name) for name in ("formula", "grid", "code")):
        raw["surface"] = ""
    try:
        return msgspec.convert(raw, Experiment)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, ExperimentError):
            raise error.__cause__ from None
        raise ExperimentError("", _sentence(error)) from None
    except RecursionError:
        raise ExperimentError("", "this JSON is nested too deeply to be an experiment") from None


def _begins_like_json(text: bytes) -> bool:
    return text.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")


def _refuse_twice(pairs: list[tuple[str, Any]]) -> None:
    """Refuse an object that gives a field twice: nobody can know which one is meant."""
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        name = next(name for name in names if names.count(name) > 1)
        raise ExperimentError("", f"the field {shortened(name)} is given twice")


def _sentence(error: Exception) -> str:
    text = re.sub(r" - at `\$(\[\.{3}\])?`", "", str(error)).replace(" - at `$.", ", at `")
    # A field's name comes from the file, and may hold what a terminal takes for a command.
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return text if len(text) <= 300 else text[:297] + "…"


def load(path: str | os.PathLike[str]) -> Experiment:
    """Read an experiment file.

    Raises
    ------
    ExperimentError
        If it cannot be read, with the file's name.
    """
    path = Path(path)
    try:
        text = read_file(path, MAX_FILE_SIZE + 1)
        if not (_begins_like_json(text) or path.suffix.lower() in KINDS["experiment"].suffixes):
            raise ExperimentError(
                "", f"this is not a file that gdviz can open: it opens {in_words()}"
            )
        if len(text) > MAX_FILE_SIZE:
            raise ExperimentError("", "this is too large to be an experiment")
        return from_json(text)
    except OSError as error:
        raise ExperimentError("", f"{path} cannot be read: {reason(error)}") from None
    except ExperimentError as error:
        raise ExperimentError(error.field, f"{error.message} (in {path.name})") from error


def save(experiment: Experiment, path: str | os.PathLike[str]) -> None:
    """Write an experiment file.

    Raises
    ------
    OSError
        If it cannot be written; the file, if there was one, is then as it was.
    """
    write_file(path, to_json(experiment).encode())
