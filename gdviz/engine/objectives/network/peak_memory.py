"""The most memory that a call holds at once, counted by what its arrays are allocated by."""

import ctypes
import gc
import os
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: What is measured: a call, of which the result is let go of.
Call = Callable[[], object]
_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
#: What resets the high-water mark of the resident set: proc(5).
_MARK = "5"
#: How often the resident set is measured, of which the middle counts.
_TIMES = 3


class NotMeasured(Exception):  # noqa: N818 - it is no fault of anybody's
    """Why memory cannot be measured, in a sentence."""


@dataclass(frozen=True)
class Meter:
    """What measures.

    Parameters
    ----------
    said : str
        How, in words.
    peak : callable
        Returns the most bytes that a call holds at once, above those that were held before it;
        raises :class:`NotMeasured` where that cannot be had.
    """

    said: str
    peak: Callable[[Call], float]


def _traced(call: Call) -> float:
    """Return what Python and NumPy allocate, who tell tracemalloc of it."""
    was_on = tracemalloc.is_tracing()
    if not was_on:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        call()
        return float(tracemalloc.get_traced_memory()[1] - before)
    finally:
        if not was_on:
            tracemalloc.stop()


def _of_torch(call: Call) -> float:
    """Return what PyTorch's allocator hands out and takes back, as its profiler records it."""
    profile = sys.modules["torch"].autograd.profiler.profile
    with _without_messages(), profile(profile_memory=True) as recorded:
        call()
    events = [e for e in recorded.kineto_results.events() if e.name() == "[memory]"]
    held = most = 0
    for event in sorted(events, key=lambda e: int(e.start_ns())):
        held += event.nbytes()
        most = max(most, held)
    return float(most)


@contextmanager
def _without_messages() -> Iterator[None]:
    """Keep what the profiler writes past Python's streams from where a person's output goes."""
    with suppress(Exception):  # their own stream, perhaps
        sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        with suppress(Exception):
            sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _resident(call: Call) -> float:
    """Return by how much the resident set of the process grows at most: Linux resets its mark."""
    found = []
    for _ in range(_TIMES):
        gc.collect()
        _give_back()
        try:
            _RESET.write_text(_MARK)
            before = _of_status("VmRSS")
            call()
            found.append(max(0.0, _of_status("VmHWM") - before))
        except OSError:
            raise NotMeasured(
                "this system does not let a process reset the high-water mark of its memory"
            ) from None
    return sorted(found)[_TIMES // 2]


def _give_back() -> None:
    """Return what is freed to the system, so that what is asked for next counts."""
    with suppress(OSError, AttributeError):
        trim: Any = ctypes.CDLL(None).malloc_trim
        trim(0)


def _of_status(name: str) -> float:
    for line in _STATUS.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return 1024.0 * int(line.split()[1])
    raise OSError(name)


TRACED = Meter("what Python and NumPy allocate, by tracemalloc", _traced)
OF_TORCH = Meter("what PyTorch's allocator hands out, by its profiler", _of_torch)
RESIDENT = Meter("what the resident set of the process grows by, by its high-water mark", _resident)
