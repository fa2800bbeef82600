"""The kinds of files that are opened, and how their names end."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

Kind = Literal["experiment", "data", "landscape", "code"]


#: As what a table in text can be opened where the person says so; a trajectory goes with a surface.
As = Literal["data", "landscape", "trajectory"]


class Verdict(NamedTuple):
    """What a file is opened as.

    Attributes
    ----------
    kind : str
        What its structure makes it.
    other : str
        What it may be as well; empty where it leaves no doubt.
    why : str
        In a sentence, what leaves the doubt.
    """

    kind: Kind
    other: Kind | Literal[""] = ""
    why: str = ""


class FileKind(NamedTuple):
    """What files of a kind are called, and the suffixes that are offered for it."""

    title: str
    suffixes: tuple[str, ...]


#: The kinds by name.
KINDS: Mapping[Kind, FileKind] = MappingProxyType(
    {
        "experiment": FileKind("experiments", (".json", ".html", ".htm")),
        "data": FileKind("CSV data", (".csv", ".tsv")),
        "landscape": FileKind(
            "loss landscapes", (".h5", ".hdf5", ".nc", ".mat", ".npz", ".npy", ".json", ".csv")
        ),
        "code": FileKind("Python code", (".py",)),
    }
)


def in_words() -> str:
    """Return what can be opened, as a sentence may hold it."""
    *first, last = (f"{kind.title} ({' '.join(kind.suffixes)})" for kind in KINDS.values())
    return f"{', '.join(first)} and {last}"


def as_filters() -> str:
    """Return what can be opened, as Qt's dialogs for files take it."""
    every = tuple(dict.fromkeys(suffix for kind in KINDS.values() for suffix in kind.suffixes))
    offered = (FileKind("all supported files", every), *KINDS.values())
    filters = [
        f"{title[0].upper()}{title[1:]} ({' '.join(f'*{suffix}' for suffix in suffixes)})"
        for title, suffixes in offered
    ]
    return ";;".join([*filters, "All files (*)"])
