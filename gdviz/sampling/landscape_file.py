"""The file that is filled: loss-landscape's layout, whole at any moment, however this ends.

All that HDF5 has to know is written before the first loss is, and so is the room for every one.
Losses are then written in their places, in a file that nobody has to close: whoever opens it
meanwhile, or after this program was killed, or when the disk is full, finds what was computed.

Datasets ``xcoordinates`` (nx,), ``ycoordinates`` (ny,) and ``train_loss`` (nx, ny) are those of
loss-landscape: cells by their number ``j * nx + i``, −1 where none was computed yet. Beside them
are ``computed`` (nx, ny), in the same order: 0 to come, 1 a loss, 2 none, for the reason that
``holes/reason`` gives the number of in ``holes/reasons``; ``trajectory`` (k, 2), where checkpoints
lie; ``center``, ``xdirection`` and ``ydirection`` with children "0", "1" … shaped as the
parameters, whose names are in the attribute ``names`` of ``center``; the empty groups ``axis0:x``
and ``axis1:y`` of a loss that calls its two numbers x and y; and the attributes
``settings``, ``versions`` (JSON) and ``seed``.

References
----------
H. Li, Z. Xu, G. Taylor, C. Studer and T. Goldstein, "Visualizing the loss landscape of neural
nets", Advances in Neural Information Processing Systems 31 (2018); the files are written by
``plot_surface.py`` of github.com/tomgoldstein/loss-landscape.
"""

import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from gdviz.base.files import file_type, refusal, shown, write_file
from gdviz.base.geometry import Range
from gdviz.base.types import Array
from gdviz.sampling.cells import Indices
from gdviz.sampling.subject import Plane, SamplingError

#: What a cell is, in ``computed``.
TO_COME, COMPUTED, NO_LOSS = 0, 1, 2
#: What there is of each cell: the type and what stands there until it is computed.
_CELLS: Mapping[str, tuple[Any, float]] = {
    "train_loss": (np.float64, -1.0),
    "computed": (np.uint8, TO_COME),
    "holes/reason": (np.uint8, 0),
}
#: Reasons that are kept, and the bytes of one; whatever has another reason has the last of them.
_REASONS, _REASON_BYTES = 64, 300
_OTHER = "another reason: there were too many to keep them all"


@dataclass(frozen=True)
class Axes:
    """The points of a grid.

    Parameters
    ----------
    a, b : ndarray, shapes (nx,) and (ny,)
        Along each axis.
    """

    a: Array
    b: Array

    @classmethod
    def over(cls, extent: Range, shape: tuple[int, int]) -> "Axes":
        """Return evenly spaced ones, (nx, ny) of them."""
        a_low, a_high, b_low, b_high = extent
        return cls(np.linspace(a_low, a_high, shape[0]), np.linspace(b_low, b_high, shape[1]))

    @property
    def shape(self) -> tuple[int, int]:
        """Their numbers, (nx, ny)."""
        return len(self.a), len(self.b)

    @property
    def extent(self) -> Range:
        """From the first to the last."""
        return Range(*map(float, (self.a[0], self.a[-1], self.b[0], self.b[-1])))

    def finer(self, shape: tuple[int, int]) -> "Axes":
        """Return axes of more points, all of these among them.

        Raises
        ------
        ValueError
            If so many points have no place for these.
        """
        return Axes(_finer(self.a, shape[0]), _finer(self.b, shape[1]))

    def points(self, cells: Indices) -> Array:
        """Return the points of cells, shape (n, 2)."""
        j, i = np.divmod(cells, len(self.a))
        return np.stack([self.a[i], self.b[j]], axis=1)


def _finer(axis: Array, points: int) -> Array:
    times, rest = divmod(points - 1, len(axis) - 1)
    if rest or times < 1:
        raise ValueError("these points are not all among so many")
    finer = np.linspace(axis[0], axis[-1], points)
    finer[::times] = axis  # to the last bit
    return finer


class LandscapeFile:
    """A file that is being filled: see :func:`create` and :func:`reopen`.

    Parameters
    ----------
    path : Path
        Where it is.

    Attributes
    ----------
    axes : Axes
        Its grid.
    plane : Plane
        Where that lies in the space of the parameters.
    settings : dict
        What it was begun with.
    state : ndarray of uint8, shape (nx * ny,)
        What each cell is: TO_COME, COMPUTED or NO_LOSS.
    kept_reasons : list of str
        Why cells have no loss.

    Raises
    ------
    SamplingError
        If it cannot be read, another program has made it, or another process fills it.
    """

    def __init__(self, path: Path) -> None:
        h5py = _h5py()
        self.path = path
        try:
            with h5py.File(path, "r", locking=False) as file:
                if "computed" not in file or "settings" not in file.attrs:
                    raise SamplingError(
                        f"{shown(path)} was not made by gdviz sample, so it cannot be gone on with",
                        about="output",
                    )
                self.axes = Axes(file["xcoordinates"][()], file["ycoordinates"][()])
                self.settings: dict[str, Any] = json.loads(file.attrs["settings"])
                self.plane = Plane(
                    list(json.loads(file["center"].attrs["names"])),
                    _children(file["center"]),
                    (_children(file["xdirection"]), _children(file["ydirection"])),
                    file["trajectory"][()].tolist() if "trajectory" in file else (),
                )
                self.state: NDArray[np.uint8] = file["computed"][()].ravel()
                self.kept_reasons = [
                    text.decode(errors="replace") for text in file["holes/reasons"][()] if text
                ]
                names = (*_CELLS, "holes/reasons")
                self._places = {name: file[name].id.get_offset() for name in names}
            self._file = _opened(path)
        except OSError as error:
            # HDF5's own errors have no number of the system's, and words for its programmers.
            known = error.errno is not None
            why = refusal(path, error) if known else f"{shown(path)} cannot be read: no HDF5 file"
            raise SamplingError(why, about="output") from None
        except SamplingError:  # a ValueError, which says what it is
            raise
        except (KeyError, ValueError, TypeError) as error:
            raise SamplingError(f"{shown(path)} is damaged: {error}", about="output") from None

    def write(self, cells: Indices, values: Sequence[float], reasons: Mapping[int, str]) -> None:
        """Put losses in their places.

        Parameters
        ----------
        cells : ndarray of int, shape (n,)
            Whose they are.
        values : sequence of float, n of them
            The losses.
        reasons : mapping of int to str
            By a cell's place among them, why it has no finite one.

        Raises
        ------
        SamplingError
            If that fails; the file is whole, with all that was written before.
        """
        states = np.full(len(cells), COMPUTED, np.uint8)
        places = list(reasons)
        states[places] = NO_LOSS
        try:
            self._put_cells("train_loss", cells, values)
            if places:
                numbers = [self._number(reasons[place]) for place in places]
                self._put_cells("holes/reason", cells[places], numbers)
            self._put_cells("computed", cells, states)  # last: all else of them is there
            self.state[cells] = states
        except OSError as error:
            raise SamplingError(
                f"{refusal(self.path, error, 'written')}; {self.how_to_go_on}", about="output"
            ) from None

    @property
    def how_to_go_on(self) -> str:
        """What is said where it is left before it is full."""
        done, cells = np.count_nonzero(self.state), self.state.size
        return f"the file has {done:,} of {cells:,} cells, and --resume goes on"

    def cells(self, name: str) -> NDArray[Any]:
        """Return one of the arrays that have a number for each cell, shape (ny, nx)."""
        type_ = np.dtype(_CELLS[name][0])
        self._file.seek(self._places[name])
        body = self._file.read(self.state.size * type_.itemsize)
        return np.frombuffer(body, type_).reshape(self.axes.shape[::-1])

    def losses(self) -> Array:
        """Return the losses that are there, shape (ny, nx); nan where there is none."""
        losses = self.cells("train_loss")
        return np.where(self.state.reshape(losses.shape) == COMPUTED, losses, np.nan)

    def reasons(self) -> dict[str, int]:
        """Return why cells have no loss, and how many each."""
        numbers = self.cells("holes/reason").ravel()[self.state == NO_LOSS]
        counts = np.bincount(numbers, minlength=len(self.kept_reasons))
        return {text: int(n) for text, n in zip(self.kept_reasons, counts, strict=True) if n}

    def close(self) -> None:
        """Flush it to the disk, and let go of it."""
        if not self._file.closed:
            os.fsync(self._file.fileno())
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _put_cells(self, name: str, cells: Indices, values: Any) -> None:
        """Put numbers of cells in their places: at once, with what is between them as it was."""
        type_ = np.dtype(_CELLS[name][0])
        first, last = int(cells.min()), int(cells.max())
        self._file.seek(self._places[name] + first * type_.itemsize)
        # As bytes: NumPy would close a descriptor of its own, and with that let go of the lock.
        body = self._file.read((last - first + 1) * type_.itemsize)
        if len(body) != (last - first + 1) * type_.itemsize:
            raise OSError(None, "another program has cut it short")
        span = np.frombuffer(bytearray(body), type_)
        span[cells - first] = values
        self._put(name, first * type_.itemsize, span.tobytes())

    def _put(self, name: str, at: int, body: bytes) -> None:
        self._file.seek(self._places[name] + at)
        if self._file.write(body) != len(body):
            raise OSError(None, "the disk is full")

    def _number(self, reason: str) -> int:
        """Return the number of a reason, which is kept if it is new and there is room."""
        text = reason.encode()[:_REASON_BYTES].decode(errors="ignore")
        if text not in self.kept_reasons:
            if len(self.kept_reasons) >= _REASONS - 1:
                text = _OTHER
            if text not in self.kept_reasons:
                number = len(self.kept_reasons)
                self._put("holes/reasons", number * _REASON_BYTES, text.encode())
                self.kept_reasons.append(text)
        return self.kept_reasons.index(text)


def create(
    path: Path,
    axes: Axes,
    plane: Plane,
    settings: Mapping[str, Any],
    versions: Mapping[str, str],
    known: LandscapeFile | None = None,
) -> LandscapeFile:
    """Make a file in which no loss is computed, or those of a coarser one are.

    Parameters
    ----------
    path : Path
        Where. What is there is replaced, at once and as a whole.
    axes : Axes
        Its grid.
    plane : Plane
        Where that lies in the space of the parameters.
    settings : mapping
        What it is begun with: what JSON can hold.
    versions : mapping of str to str
        What computes it.
    known : LandscapeFile, optional
        One whose axes these are finer ones of.

    Returns
    -------
    LandscapeFile
        The new one, to be filled.

    Raises
    ------
    SamplingError
        If it cannot be written; what was there is there still.
    """
    h5py = _h5py()
    arrays = {name: np.full(axes.shape, fill, type_) for name, (type_, fill) in _CELLS.items()}
    reasons = np.zeros(_REASONS, f"S{_REASON_BYTES}")
    if known is not None:
        kept = _kept(axes, known.axes)
        for name, array in arrays.items():
            array.reshape(axes.shape[::-1])[kept] = known.cells(name)
        reasons[: len(known.kept_reasons)] = [text.encode() for text in known.kept_reasons]
    out = io.BytesIO()
    with h5py.File(out, "w", libver="v110") as file:
        file["dir_file"] = np.bytes_(os.fsencode(path.name))
        file["xcoordinates"], file["ycoordinates"] = axes.a, axes.b
        for name, array in {**arrays, "holes/reasons": reasons}.items():
            file[name] = array
        parts = (plane.center, *plane.directions)
        for name, children in zip(("center", "xdirection", "ydirection"), parts, strict=True):
            group = file.create_group(name)
            for k, child in enumerate(children):
                group[str(k)] = child
        if len(plane.trajectory):
            file["trajectory"] = np.array(plane.trajectory)
        for k, name in enumerate(plane.axes):
            file.create_group(f"axis{k}:{name}")
        file["center"].attrs["names"] = json.dumps(list(plane.names))
        file.attrs["settings"] = json.dumps(dict(settings))
        file.attrs["versions"] = json.dumps(dict(versions))
        file.attrs["seed"] = settings.get("seed", -1)
    try:
        write_file(path, out.getvalue())
    except OSError as error:
        raise SamplingError(refusal(path, error, "written"), about="output") from None
    return LandscapeFile(path)


def _kept(finer: Axes, coarser: Axes) -> tuple[NDArray[np.intp], ...]:
    """Return where in a finer grid, shape (ny, nx), the cells of a coarser one are."""
    steps = [(n - 1) // (m - 1) for n, m in zip(finer.shape, coarser.shape, strict=True)]
    i, j = (np.arange(0, n, step) for n, step in zip(finer.shape, steps, strict=True))
    return np.ix_(j, i)


def reopen(path: Path) -> LandscapeFile:
    """Open a file to go on with it.

    Raises
    ------
    SamplingError
        If there is none, or none that can be gone on with.
    """
    if file_type(path) != "file":
        raise SamplingError(
            f"there is no file {shown(path)} to go on with: leave out --resume", about="output"
        )
    return LandscapeFile(path)


def _opened(path: Path) -> IO[bytes]:
    """Open a file to be filled, and keep other processes from filling it as well.

    The lock is none that HDF5 asks for: whoever reads the file may do so.
    """
    file = path.open("r+b", buffering=0)
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise SamplingError(
                f"{shown(path)} is being filled by another program", about="output"
            ) from None
        except OSError:  # a file system without locks
            pass
    return file


def _children(group: Any) -> list[Array]:
    return [group[str(k)][()] for k in range(len(group))]


def check_writable() -> None:
    """Refuse to begin where nothing writes HDF5.

    Raises
    ------
    SamplingError
    """
    _h5py()


def _h5py() -> Any:
    try:
        import h5py
    except ImportError:
        raise SamplingError(
            "the landscape is written with h5py, which is not installed: pip install 'gdviz[hdf5]'"
        ) from None
    return h5py
