"""What windows remember, in one file that several programs write at once."""

import errno
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from PySide6.QtCore import QSettings

from gdviz.base.files import locked, write_file


class Settings:
    """Values by key in a file, of which each change is written at once.

    A change is read, merged and written under a lock, so that programs that change the file at once
    lose none of each other's. The file is in Qt's format, and Qt reads and writes a copy under a
    name that it has never seen: it keeps what it has read of a file for as long as the time, in
    milliseconds, and the size stay what they are, which they do when two programs write within one
    of them; and it takes time and size, without its lock, after it has read. Both lose changes.

    Parameters
    ----------
    path : Path
        The file; what is not there, or cannot be read, holds nothing. Where it cannot be written,
        what is changed is known to this object alone.

    Attributes
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._values: dict[str, object] = {}
        self._unsaved: dict[str, object] = {}
        self.read()

    @property
    def values(self) -> dict[str, object]:
        """All that is known, by key."""
        return self._values | self._unsaved

    def value(self, key: str, default: object = None) -> object:
        """Return what is kept under a key, as Qt reads it: numbers and booleans may be text."""
        value = self.values.get(key)
        return default if value is None else value

    def read(self) -> None:
        """Look at what other windows have written meanwhile."""
        with suppress(OSError), _copied(self.path) as copy:
            self._values = _values(copy)

    def write(self, values: Mapping[str, object]) -> None:
        """Keep values, all in one writing; None removes a key."""
        self.change(lambda _known: values)

    def change(
        self, changes: Callable[[Mapping[str, object]], Mapping[str, object]]
    ) -> Mapping[str, object]:
        """Keep values that depend on what is in the file, which others may have changed.

        Parameters
        ----------
        changes : callable
            Returns what to write, as for :meth:`write`, of all values by key; empty for nothing.

        Returns
        -------
        mapping of str to object
            What it has returned.
        """
        try:
            with locked(self.path), _copied(self.path) as copy:
                self._values = _values(copy)
                changed = changes(self.values)
                if changed or self._unsaved:
                    self._write(copy, self._unsaved | dict(changed))
        except OSError:
            changed = changes(self.values)
            self._unsaved |= changed
        return changed

    def _write(self, copy: QSettings, changed: Mapping[str, object]) -> None:
        for key, value in changed.items():
            if value is None:
                copy.remove(key)
            else:
                copy.setValue(key, value)
        copy.sync()
        if copy.status() == QSettings.Status.AccessError:
            raise OSError(errno.EIO, "It cannot be copied", str(self.path))
        write_file(self.path, Path(copy.fileName()).read_bytes())
        self._values, self._unsaved = _values(copy), {}


def settings_path() -> Path:
    """Return where this person's settings are."""
    # Of another file in the same folder: Qt reads the one that it is asked for, which waits for
    # ever where that is a pipe.
    beside = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gdviz", "path")
    return Path(beside.fileName()).with_name("gdviz.ini")


@contextmanager
def _copied(path: Path) -> Iterator[QSettings]:
    """Open a copy of a file of settings; an empty one where there is none."""
    with TemporaryDirectory(prefix="gdviz-") as folder:
        copy = Path(folder, "settings.ini")
        with suppress(FileNotFoundError):
            copyfile(path, copy)
        yield QSettings(str(copy), QSettings.Format.IniFormat)


def _values(settings: QSettings) -> dict[str, object]:
    # A damaged file may have a line without a key.
    return {key: settings.value(key) for key in settings.allKeys() if key}
