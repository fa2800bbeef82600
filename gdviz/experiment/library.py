"""The personal library: formulas that a person has given a name, in one file.

Several windows may have it open: whoever changes it reads the file again first. A file that
cannot be read is left as it is, whatever is asked for.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from reprlib import repr as shortened

import msgspec

from gdviz.base.files import is_there, locked, read_file, refusal, shown, write_file
from gdviz.base.format import printable
from gdviz.base.input_error import InputError
from gdviz.base.json_refusals import field_refusal
from gdviz.base.json_text import JsonError, parse
from gdviz.engine.analysis.start.guess_range import start_within
from gdviz.engine.language.formula import Formula, FormulaError
from gdviz.engine.language.parser import PARAMETERS
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import NO_PLACE, on_formula
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.validation import MAX_TITLE, ExperimentError

FORMAT = "gdviz formulas"
VERSION = 1
MAX_ENTRIES = 500
MAX_FILE_SIZE = 4_000_000  #: bytes; 500 of the longest formulas fit
_MAX_VALUES = 200_000  #: names and numbers in them


class LibraryError(InputError):
    """What could not be done with the library, in one sentence."""


class Entry(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    kw_only=True,
    omit_defaults=True,
    rename={"candidate_gradient": "claimed_gradient"},
):
    """A formula with a name.

    Parameters
    ----------
    title : str
        Its name; no two entries share one.
    formula : str
        The text.
    constants, constant_ranges, home, candidate_gradient, model, parameters
        As in :class:`~gdviz.experiment.function.FormulaFunction`.
    columns : tuple of str
        The data columns that it names; the data itself is not kept.
    """

    title: str
    formula: str
    constants: dict[str, float] = {}
    constant_ranges: dict[str, tuple[float, float]] = {}
    home: tuple[float, float, float, float] | None = None
    candidate_gradient: tuple[str, str] | None = None
    columns: tuple[str, ...] = ()
    model: str = ""
    parameters: tuple[str, str] = PARAMETERS

    def __post_init__(self) -> None:
        title = self.title
        if not title.strip() or title != title.strip() or len(title) > MAX_TITLE:
            raise LibraryError(f"a title has 1 to {MAX_TITLE} characters, not {shortened(title)}")
        if printable(title) != title:
            raise LibraryError(f"the title {shortened(title)} is not one line of text")
        try:
            Formula.parse(
                self.formula, tuple(sorted(self.constants)), self.columns, self.parameters
            )
            # Which checks everything; with data that is done when there is some.
            there = None if self.columns else self.on(Experiment()).function
        except (FormulaError, ExperimentError) as error:
            raise LibraryError(f"in {shortened(title)}, {error}") from None
        if there is not None and there.candidate_gradient != self.candidate_gradient:
            raise LibraryError(f"in {shortened(title)}, the claimed gradient is not a formula")

    @classmethod
    def of(cls, experiment: Experiment, title: str) -> "Entry":
        """Return the function of an experiment as an entry.

        Raises
        ------
        LibraryError
            If the title is none.
        """
        function = experiment.function
        data = function.formula_objective().data
        return cls(
            title=title.strip(),
            formula=function.text,
            constants=function.constants,
            constant_ranges=function.constant_ranges,
            home=function.home_range,
            candidate_gradient=function.candidate_gradient,
            columns=data.names if data else (),
            model=function.model if data else "",
            parameters=function.parameters,
        )

    def on(self, experiment: Experiment) -> Experiment:
        """Return an experiment with this function, its start moved into the range if need be.

        Raises
        ------
        ExperimentError
            If the formula needs data that the experiment does not have.
        """
        fields = msgspec.structs.asdict(self)
        text, columns = fields.pop("formula"), fields.pop("columns")
        data = experiment.function.data_set if columns else None
        if any(data is None or name not in data.columns for name in columns):
            raise ExperimentError(
                "data", f"{self.title} needs data with the columns {', '.join(columns)}"
            )
        moved = on_formula(experiment, text, **fields, **NO_PLACE, data=data)
        return moved.replace(start=start_within(moved.function.home_range, moved.start))


class _Head(msgspec.Struct):
    """What tells the file of a library, of whatever version."""

    format: str = ""
    version: int = 0


class _Whole(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The file of a library."""

    format: str = FORMAT
    version: int = VERSION
    formulas: tuple[Entry, ...]


class Library:
    """A file of entries.

    Parameters
    ----------
    path : path-like
        The file; it need not exist yet.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def read(self) -> tuple[Entry, ...]:
        """Return the entries; none where there is no file.

        Raises
        ------
        LibraryError
            If there is a file that cannot be read.
        """
        try:
            return load(self.path) if is_there(self.path) else ()
        except OSError as error:
            raise LibraryError(refusal(self.path, error)) from None

    def save(self, entry: Entry, replacing: str = "") -> Entry:
        """Keep an entry, in the place of one with the title `replacing`, if there is one.

        Returns
        -------
        Entry
            As it was kept: where another one has its title already, with a number after it.

        Raises
        ------
        LibraryError
            If a built-in surface is called that, among others.
        """
        if surface := _surface_titled(entry.title):
            raise LibraryError(f"{surface} is a built-in surface: choose another title")
        with self._changing() as entries:
            titles = [kept.title for kept in entries]
            index = titles.index(replacing) if replacing in titles else len(entries)
            del entries[index : index + 1]
            entry = _retitled(entry, entries)
            entries.insert(index, entry)
        return entry

    def rename(self, title: str, new: str) -> Entry:
        """Give an entry another title; return it as :meth:`save` does.

        Raises
        ------
        LibraryError
        """
        entry = self._find(self.read(), title)
        return self.save(msgspec.structs.replace(entry, title=new.strip()), replacing=title)

    def delete(self, title: str) -> tuple[Entry, int]:
        """Remove an entry; return it, and where it stood.

        Raises
        ------
        LibraryError
        """
        with self._changing() as entries:
            entry = self._find(entries, title)
            index = entries.index(entry)
            del entries[index]
        return entry, index

    def restore(self, entry: Entry, index: int) -> Entry:
        """Bring a deleted entry back; return it as :meth:`save` does.

        Raises
        ------
        LibraryError
        """
        with self._changing() as entries:
            entry = _retitled(entry, entries)
            entries.insert(index, entry)
        return entry

    def take(self, path: str | os.PathLike[str]) -> list[str]:
        """Add the entries of another file; return their titles here.

        What is here already, word for word, is not added again. What is called like another one
        here, or like a built-in surface, gets a number.

        Raises
        ------
        LibraryError
            If either file cannot be read; nothing is added then.
        """
        added: list[str] = []
        with self._changing() as entries:
            for entry in load(path):
                if entry not in entries:
                    entries.append(_retitled(entry, entries))
                    added.append(entries[-1].title)
        return added

    def hand_out(self, path: str | os.PathLike[str], titles: Sequence[str] = ()) -> int:
        """Write entries to another file, by default all; return how many.

        Raises
        ------
        LibraryError
        """
        entries = self.read()
        chosen = [self._find(entries, title) for title in titles] if titles else list(entries)
        _save(path, chosen)
        return len(chosen)

    @contextmanager
    def _changing(self) -> Iterator[list[Entry]]:
        """Hand out the entries as they are now, and write them as they are left, unless it fails.

        No other process changes the file from when it is read until it is written.
        """
        try:
            with locked(self.path):
                before = self.read()
                entries = list(before)
                yield entries
                if len(entries) > MAX_ENTRIES:
                    raise LibraryError(f"the library holds at most {MAX_ENTRIES} formulas")
                if tuple(entries) != before:
                    _save(self.path, entries)
        except OSError as error:
            raise LibraryError(refusal(self.path, error, "written")) from None

    @staticmethod
    def _find(entries: Iterable[Entry], title: str) -> Entry:
        for entry in entries:
            if entry.title == title:
                return entry
        raise LibraryError(f"there is no formula {shortened(title)} in the library any more")


def load(path: str | os.PathLike[str]) -> tuple[Entry, ...]:
    """Read a file of entries.

    Raises
    ------
    LibraryError
        With one sentence that names the file.
    """
    try:
        return from_json(read_file(path, MAX_FILE_SIZE + 1))
    except OSError as error:
        raise LibraryError(refusal(path, error)) from None
    except LibraryError as error:
        raise LibraryError(f"{shown(path)} cannot be read: {error}") from None


def from_json(text: bytes) -> tuple[Entry, ...]:
    """Read entries from JSON.

    Raises
    ------
    LibraryError
    """
    if len(text) > MAX_FILE_SIZE:
        raise LibraryError("it is too large to be a library of formulas")
    try:
        raw = parse(text, _MAX_VALUES)
        head = msgspec.convert(raw, _Head)
        if head.format != FORMAT:
            raise LibraryError("it is not a library of formulas")
        if head.version != VERSION:
            raise LibraryError(
                f"this gdviz reads version {VERSION} of the library, not {head.version}"
            )
        formulas = raw.get("formulas")
        if isinstance(formulas, list) and len(formulas) > MAX_ENTRIES:  # before they are parsed
            raise LibraryError(f"it holds {len(formulas):,} formulas: at most {MAX_ENTRIES} fit")
        entries = msgspec.convert(raw, _Whole).formulas
    except (msgspec.MsgspecError, JsonError) as error:
        cause = error.__cause__
        own = error if isinstance(error, JsonError) else cause
        said = str(own) if isinstance(own, LibraryError | JsonError) else field_refusal(error)
        raise LibraryError(f"it is not a library of formulas: {said}") from None
    if len({entry.title for entry in entries}) < len(entries):
        raise LibraryError("two formulas in it have the same title")
    return entries


def to_json(entries: Sequence[Entry]) -> bytes:
    """Return entries as JSON."""
    return (
        msgspec.json.format(msgspec.json.encode(_Whole(formulas=tuple(entries))), indent=2) + b"\n"
    )


def _save(path: str | os.PathLike[str], entries: Sequence[Entry]) -> None:
    try:
        write_file(path, to_json(entries))
    except OSError as error:
        raise LibraryError(refusal(path, error, "written")) from None


def _surface_titled(title: str) -> str:
    """Return the built-in surface's title that a title would be taken for; empty if none."""
    return _SURFACE_TITLES.get(title.strip().casefold(), "")


_SURFACE_TITLES = {surface.title.casefold(): surface.title for surface in SURFACES.values()}


def _retitled(entry: Entry, others: Sequence[Entry]) -> Entry:
    """Return an entry with a title that no other has: else it gets a number."""
    taken = {other.title for other in others}
    if entry.title not in taken and not _surface_titled(entry.title):
        return entry
    stem = re.sub(r" \d+$", "", entry.title)
    number = 2
    while (title := f"{stem[: MAX_TITLE - 1 - len(str(number))]} {number}") in taken:
        number += 1
    return msgspec.structs.replace(entry, title=title)
