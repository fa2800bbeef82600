"""What becomes of memory that was freed: it goes back to the system, or is kept for the next."""

import ctypes
import sys

#: glibc's names of the two thresholds (malloc.h).
_M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD = -3, -1
#: In bytes, of a process that gives back: more than a map's arrays, which are made sixty times a
#: second while something is dragged.
_MAPPED, _FREE = 2 << 20, 4 << 20
#: Of one that keeps: the most that glibc takes for the first, and more than the arrays of a pass.
_KEPT_EACH, _KEPT = 32 << 20, 256 << 20


def give_back_freed_memory() -> None:
    """Keep glibc from holding on to what this process frees; elsewhere, do nothing.

    Its thresholds rise to twice the largest array that was ever freed, up to 64 MB, for the heap of
    each thread: a window of 0.38 GB held another 0.14 GB that was free after a thousand events.
    Both stay where they are once they are set.

    References
    ----------
    mallopt(3) in the Linux manual: M_MMAP_THRESHOLD, M_TRIM_THRESHOLD.
    """
    _set_thresholds(_MAPPED, _FREE)


def give_back_free_pieces() -> None:
    """Have glibc give back the pages that lie free between what is kept; elsewhere, do nothing.

    By itself it gives back what is free at a heap's end. A window of 0.46 GB has 0.03 more after a
    thousand events. It takes 2 ms.

    References
    ----------
    malloc_trim(3) in the Linux manual.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:  # musl has none
        trim(0)


def keep_freed_memory() -> None:
    """Let glibc hold on to what this process frees; elsewhere, do nothing.

    Of a process that computes the same again and again: what one pass frees, the next one takes. If
    it went back to the system each time, a pass over some MB would take two to four times as long.
    So it does by chance of the heap's layout, and in whatever Dask starts, which sets
    ``MALLOC_TRIM_THRESHOLD_`` to 64 kB; this call overrules the variable.

    References
    ----------
    mallopt(3) in the Linux manual: M_MMAP_THRESHOLD, M_TRIM_THRESHOLD.
    """
    _set_thresholds(_KEPT_EACH, _KEPT)


def _set_thresholds(mapped: int, trimmed: int) -> None:
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:  # musl has none
        mallopt(_M_MMAP_THRESHOLD, mapped)
        mallopt(_M_TRIM_THRESHOLD, trimmed)
