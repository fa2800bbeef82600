"""What an executor runs, in any thread of any process on any machine: the losses of some cells.

The first block that a thread gets starts a process that opens the file, and the others go to the
same one. It ends when it is told to, when its thread does, and when for a while nobody asks.
"""

import threading
from contextlib import suppress
from weakref import WeakSet, ref

from gdviz.base.cancel import Cancelled
from gdviz.base.format import number
from gdviz.engine.objectives.returned import Array
from gdviz.sampling.process import Ended, SamplingProcess
from gdviz.sampling.subject import Block, Opened, OpeningEnded, Plane, SamplingError, Subject

#: Seconds after which nobody is expected to ask again: who did may have been killed.
_IDLE = 60.0


class _Here(threading.local):
    """The process of this thread."""

    process: SamplingProcess | None = None


_here = _Here()
_processes: "WeakSet[SamplingProcess]" = WeakSet()
_over: set[str] = set()  #: the runs that have ended
_lock = threading.Lock()


def open_file(subject: Subject) -> tuple[Opened, Plane]:
    """Open a file, and find out what is sampled.

    Raises
    ------
    OpeningEnded
        If its process ends meanwhile.
    SamplingError
        If it is refused.
    Cancelled
        If the run is over.
    """
    try:
        process = _process(subject)
        return process.opened, process.plane()
    except Ended:
        raise OpeningEnded(_ending(subject)) from None


def warm_up(subject: Subject) -> None:
    """Open a file, so that what comes next need not wait for that; what it lacks is seen then."""
    with suppress(Ended, SamplingError, Cancelled):
        _process(subject)


def losses(subject: Subject, cells: Array) -> Block:
    """Return the losses at some cells, or how their process ended.

    Parameters
    ----------
    subject : Subject
        What is sampled.
    cells : ndarray, shape (n, 2)
        Their points (a, b).

    Raises
    ------
    SamplingError
        If the file cannot be opened, or is another function here.
    Cancelled
        If the run is over.
    """
    process = None
    try:
        process = _process(subject)
        _check_identity(subject, process.opened)
        return process.losses(cells)
    except Ended:
        _here.process = None
        return Block(ending=_ending(subject), is_theirs=process is not None)


def end(token: str) -> None:
    """End what was started for a run, in whichever thread, and start nothing more for it."""
    _over.add(token)
    with _lock:
        processes = [process for process in _processes if process.subject.token == token]
    for process in processes:
        process.end()


def _process(subject: Subject) -> SamplingProcess:
    if subject.token in _over:
        raise Cancelled
    process = _here.process
    if process is None or process.is_ended or process.subject.token != subject.token:
        _here.process = process = None  # it ends before another one begins
        _here.process = process = SamplingProcess(subject, lambda: subject.token in _over)
        with _lock:
            _processes.add(process)
        _look_later(ref(process), _IDLE)
    return process


def _look_later(process: "ref[SamplingProcess]", seconds: float) -> None:
    timer = threading.Timer(seconds, _end_if_idle, [process])
    timer.daemon = True
    timer.start()


def _end_if_idle(reference: "ref[SamplingProcess]") -> None:
    """End a process if nobody has asked for long, else look again when that may be so."""
    process = reference()
    if process is None or process.is_ended:
        return
    if (left := _IDLE - process.idle()) <= 0.0:
        process.end()
    else:
        _look_later(reference, left)


def _check_identity(subject: Subject, opened: Opened) -> None:
    """Refuse a function that is another one than that of the other processes."""
    wanted, found = subject.identity, opened.identity
    if wanted is None:
        return
    if not found.is_of_the_plane_of(wanted):
        raise SamplingError(
            f"{subject.name} has other parameters each time it is run, so the cells would lie on "
            "different planes: let it load them from a file, or set the seed of what is random"
        )
    if not found.is_of_the_loss_of(wanted):
        raise SamplingError(
            f"{opened.loss} of {subject.name} is another number each time the file is run, "
            f"{number(wanted.at[2])} and {number(found.at[2])} at the same parameters: let it set "
            "the seed of what is random when it is loaded, such as which data it takes"
        )


def _ending(subject: Subject) -> str:
    return f"{subject.name} ended the process it ran in"
