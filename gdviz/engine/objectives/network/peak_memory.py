"""The most memory that a call holds at once, counted by what its arrays are allocated by."""

import os
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

#: What is measured: a call, of which the result is let go of.
Call = Callable[[], object]


class NotMeasured(Exception):  # noqa: N818 - it is no fault of anybody's
    """Why memory cannot be measured, in a sentence."""


@dataclass(frozen=True)
class Meter:
    """What measures.

    Parameters
    ----------
    said : str
        How, in words.
    peak : callable or None
        Returns the most bytes that a call holds at once, above those that were held before it;
        None where the library plans it before anything is called.
    """

    said: str
    peak: Callable[[Call], float] | None = None


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


TRACED = Meter("what Python and NumPy allocate, by tracemalloc", _traced)
OF_TORCH = Meter("what PyTorch's allocator hands out, by its profiler", _of_torch)
PLANNED = Meter("what XLA plans for it where jax.jit compiles it: temporaries and the result")
UNCOUNTED = Meter("what nothing counts")
