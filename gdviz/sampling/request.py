"""What a person asks to be sampled, from the first check to the last cell."""

import hashlib
import math
import os
import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

import msgspec

from gdviz.base.files import absolute, is_there, refusal, shown
from gdviz.base.format import format_bound
from gdviz.base.geometry import Range
from gdviz.engine.objectives.loss_grid import MAX_COORDINATE, MAX_POINTS
from gdviz.engine.objectives.network.batches import Batch
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.files.python_code import read_source
from gdviz.sampling.executors import Workers, on_dask, on_this_machine
from gdviz.sampling.landscape_file import (
    TO_COME,
    Axes,
    LandscapeFile,
    check_writable,
    create,
    reopen,
)
from gdviz.sampling.progress import Progress
from gdviz.sampling.sample import fill, open_subject
from gdviz.sampling.subject import Identity, Opened, Plane, SamplingError, Subject

#: Points along each axis, if nothing else is chosen.
GRID = 51
#: A new file; going on with one; and making a finer one of it.
Mode = Literal["new", "resume", "refine"]


@dataclass(frozen=True)
class Request:
    """What is to be sampled.

    Parameters
    ----------
    path : Path
        The person's file.
    output : Path
        The file that is filled.
    mode : {"new", "resume", "refine"}, default "new"
        Whether it is a new one, is gone on with, or gets a finer grid that has all of its cells.
    grid : (int, int), optional
        The points along a and along b.
    extent : Range, optional
        Where they are.
    slice : mapping of str to object, optional
        What was chosen of the plane through a network's parameters: fields of
        :class:`~gdviz.engine.objectives.network.settings.SliceSettings`.
    workers : int, default 0
        How many processes of this machine compute it; 0 is one for each of its cores.
    scheduler : str, default ""
        The address of a scheduler of Dask's, whose workers compute it instead.
    loss_seed : int, optional
        What generators are seeded with before each call of the loss, so that a stochastic one is a
        function; by default as in the file that is there, or they are not.

    What is not given is as in the file that is there, or by default.
    """

    path: Path
    output: Path
    mode: Mode = "new"
    grid: tuple[int, int] | None = None
    extent: Range | None = None
    slice: Mapping[str, Any] = field(default_factory=dict)
    workers: int = 0
    scheduler: str = ""
    loss_seed: int | None = None

    def __post_init__(self) -> None:
        if self.grid is not None and not all(2 <= n <= MAX_POINTS for n in self.grid):
            nx, ny = self.grid
            raise SamplingError(
                f"there can be 2 to {MAX_POINTS} points along an axis, not {nx} × {ny}",
                about="grid",
            )
        if self.extent is not None:
            self._check_extent(self.extent)

    @staticmethod
    def _check_extent(extent: Range) -> None:
        for low, high, name in ((*extent[:2], "a"), (*extent[2:], "b")):
            if not (abs(low) <= MAX_COORDINATE and abs(high) <= MAX_COORDINATE and low < high):
                raise SamplingError(
                    f"the range of {name} must go from a lower number to a higher one, of at most "
                    f"{format_bound(MAX_COORDINATE)}, not from {low:g} to {high:g}",
                    about="extent",
                )

    @property
    def given(self) -> dict[str, Any]:
        """What was chosen, by the names that it has in the file."""
        chosen = {"range": self.extent, "grid": self.grid}
        there = {name: list(value) for name, value in chosen.items() if value is not None}
        drawn = {} if self.loss_seed is None else {"loss_seed": self.loss_seed}
        return {**there, **drawn, **self.slice}


@dataclass(frozen=True)
class Sampled:
    """What has become of a request.

    Attributes
    ----------
    output : Path
        The file.
    cells, new : int
        How many cells it has, and how many of them were computed now.
    holes : mapping of str to int
        Why cells have no loss, and how many each.
    notes : tuple of str
        Sentences that the person should read.
    printed : str
        What the person's code printed when it was opened.
    """

    output: Path
    cells: int
    new: int
    holes: Mapping[str, int]
    notes: tuple[str, ...]
    printed: str


def sample(
    request: Request,
    tell: Callable[[Progress], object] = lambda _: None,
    cancelled: Callable[[], bool] = bool,
    begun: Callable[[LandscapeFile], object] = lambda _: None,
) -> Sampled:
    """Sample a person's loss: run their code, because they asked for it.

    Parameters
    ----------
    request : Request
        What is to be sampled.
    tell : callable, optional
        Takes how far it is.
    cancelled : callable, optional
        Tells whether it is no longer wanted; what was computed stays.
    begun : callable, optional
        Takes the file once there is one; it is filled while others look at it.

    Raises
    ------
    SamplingError, CodeError
        In one sentence. Nothing is written over; what was computed is in the file.
    Cancelled
        If `cancelled` said so.
    """
    check_writable()  # before anything is run, which may take its time
    source = read_source(absolute(request.path))
    digest = hashlib.sha256(source).hexdigest()
    settings: dict[str, Any] = {"file": request.path.name, "sha256": digest}
    if request.loss_seed is not None:
        settings["loss_seed"] = request.loss_seed
    token, count = uuid.uuid4().hex, request.workers or os.cpu_count() or 1
    threads = 0 if request.scheduler else max(1, (os.cpu_count() or 1) // count)
    with ExitStack() as stack:
        known = None
        if request.mode == "new":
            _check_free(request.output)
        else:
            known = stack.enter_context(reopen(request.output))
            _check_settings(request, known, settings)
        extent = request.extent if known is None else known.axes.extent
        loss_seed = request.loss_seed if known is None else known.settings.get("loss_seed")
        subject = Subject(
            str(absolute(request.path)), source, extent, token, threads, _slice(request, known),
            loss_seed=loss_seed, batch=_batch(known),
        )  # fmt: skip
        executor: AbstractContextManager[Workers] = (
            on_dask(request.scheduler, token, cancelled)
            if request.scheduler
            else on_this_machine(count, token)
        )
        workers = stack.enter_context(executor)
        opened, plane = open_subject(subject, workers, cancelled)
        if known is not None:
            _check_identity(request, known, opened)
        file = stack.enter_context(_file(request, known, opened, plane, settings))
        del plane  # it may be large, and is in the file
        begun(file)
        new = int((file.state == TO_COME).sum())
        subject = replace(subject, identity=opened.identity, batch=opened.batch)
        fill(file, subject, workers, opened.seconds, tell, cancelled)
        return Sampled(
            request.output, file.state.size, new, file.reasons(), opened.notes, opened.printed
        )


def _check_free(output: Path) -> None:
    """Refuse to write over what is there."""
    try:
        is_taken = is_there(output)
    except OSError as error:
        raise SamplingError(refusal(output, error, "written"), about="output") from None
    if is_taken:
        raise SamplingError(
            f"{shown(output)} is already there: --resume goes on with it, --refine makes its grid "
            "finer, and -o with another name leaves it",
            about="output",
        )


def _check_settings(request: Request, known: LandscapeFile, settings: dict[str, Any]) -> None:
    """Refuse to go on with a file that was begun otherwise."""
    output, option = request.output, f"--{request.mode}"
    if known.settings["sha256"] != settings["sha256"]:
        before, now = shown(known.settings["file"]), shown(settings["file"])
        raise SamplingError(
            f"{option}: {shown(output)} was computed with another version of {before}, whose "
            "losses would be mixed with these"
            if before == now
            else f"{option}: {shown(output)} has the losses of {before}, not of {now}: give "
            f"{before}, or -o with another name",
            about="output",
        )
    for name, value in request.given.items():
        before = known.settings.get(name, "none")
        if before != value and not (name == "grid" and request.mode == "refine"):
            raise SamplingError(
                f"{option}: {shown(output)} was begun with {_option(name)} {_said(before)}, not "
                f"{_said(value)}: leave it out, or begin another file"
            )


def _slice(request: Request, known: LandscapeFile | None) -> SliceSettings | None:
    """Return the plane that was chosen, now or when the file was begun."""
    if known is None:
        return SliceSettings(**request.slice) if request.slice else None
    names = [each.name for each in fields(SliceSettings)]
    if "directions" not in known.settings:
        return None
    return SliceSettings(**{name: known.settings[name] for name in names})


def _batch(known: LandscapeFile | None) -> Batch | None:
    """Return how many cells a call got when the file was begun, so that it is the same now."""
    before = None if known is None else known.settings.get("batch")
    return None if before is None else msgspec.convert(before, Batch)


def _option(name: str) -> str:
    return "--checkpoints" if name == "files" else f"--{name.replace('_', '-')}"


def _said(value: Any) -> str:
    """Return the value of an option as it is given."""
    if not isinstance(value, list):
        return str(value)
    return ("x" if all(isinstance(n, int) for n in value) else ",").join(map(_short, value))


def _short(number: float) -> str:
    return f"{number:g}" if float(f"{number:g}") == number else repr(number)


def _check_identity(request: Request, known: LandscapeFile, opened: Opened) -> None:
    """Refuse to go on with another function, although the person's file is the same."""
    before = msgspec.convert(known.settings["identity"], Identity)
    changed = "" if opened.identity.is_of_the_loss_of(before) else f"{opened.loss} at one point"
    if not opened.identity.is_of_the_plane_of(before):
        changed = "the parameters, or the directions,"
    if changed:
        raise SamplingError(
            f"--{request.mode}: {changed} of {request.path.name} is no longer as in "
            f"{shown(request.output)}, although the file is the same: what it loads has changed, "
            "or it is another one each time",
            about="output",
        )


def _file(
    request: Request,
    known: LandscapeFile | None,
    opened: Opened,
    plane: Plane,
    settings: dict[str, Any],
) -> LandscapeFile:
    """Return the file that is to be filled."""
    if known is not None and request.mode == "resume":
        return known
    if known is None:
        axes = Axes.over(request.extent or opened.extent, request.grid or (GRID, GRID))
    else:
        axes = _finer(known.axes, request.grid)
    before = {} if known is None else known.settings
    identity = msgspec.to_builtins(opened.identity)
    chosen = {"loss": opened.loss, "identity": identity, **settings}
    chosen |= {} if opened.slice is None else asdict(opened.slice)
    chosen["batch"] = asdict(opened.batch)
    chosen |= before
    chosen |= {"range": list(axes.extent), "grid": list(axes.shape)}
    return create(request.output, axes, plane, chosen, opened.versions, known)


def _finer(axes: Axes, grid: tuple[int, int] | None) -> Axes:
    """Return the axes of a finer grid: one with twice as many intervals, if none is chosen."""
    nx, ny = axes.shape
    wanted = grid or (2 * nx - 1, 2 * ny - 1)
    if max(wanted) > MAX_POINTS:
        raise SamplingError(
            f"--refine: there can be {MAX_POINTS} points along an axis, and twice as fine would be "
            f"{wanted[0]} × {wanted[1]}",
            about="grid",
        )
    try:
        return axes.finer(wanted)
    except ValueError:
        more = math.ceil((wanted[0] - 1) / (nx - 1)), math.ceil((wanted[1] - 1) / (ny - 1))
        fit = [max(2, k) * (n - 1) + 1 for k, n in zip(more, (nx, ny), strict=True)]
        raise SamplingError(
            f"--refine: a grid of {wanted[0]} × {wanted[1]} has no place for the cells of "
            f"{nx} × {ny}; --grid {fit[0]}x{fit[1]} has",
            about="grid",
        ) from None
