"""What is freed goes back, or is kept, whatever was freed before."""

import ctypes
import mmap
import os
import subprocess
import sys

import pytest

MAPPED = """
import ctypes
import sys

import numpy as np

from gdviz.base.memory import give_back_freed_memory

names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"


class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]


info = ctypes.CDLL(None).mallinfo2
info.restype = Info
if sys.argv[1] == "ours":
    give_back_freed_memory()
large = np.empty(20 << 20, np.uint8)
del large  # after which glibc's own threshold is 20 MB
before = info().hblkhd
array = np.empty(3 << 20, np.uint8)
print(info().hblkhd - before)
"""


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="no glibc 2.33"
)
@pytest.mark.parametrize(("whose", "mapped"), [("ours", True), ("glibc's", False)])
def test_a_large_array_goes_back_though_a_larger_one_was_freed_before(whose, mapped):
    done = subprocess.run(
        [sys.executable, "-c", MAPPED, whose], capture_output=True, text=True, check=True
    )
    assert (int(done.stdout) >= 3 << 20) == mapped


PIECES = """
import ctypes
import mmap
from pathlib import Path

from gdviz.base.memory import give_back_free_pieces

glibc = ctypes.CDLL(None)
glibc.malloc.restype = ctypes.c_void_p


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * mmap.PAGESIZE


pieces = [glibc.malloc(100_000) for _ in range(400)]  # below what is mapped by itself
for each in pieces:
    ctypes.memset(ctypes.c_void_p(each), 1, 100_000)
for each in pieces[::2]:  # between two that stay
    glibc.free(ctypes.c_void_p(each))
before = resident()
give_back_free_pieces()
print(before - resident())
"""


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="no glibc 2.33"
)
def test_what_is_free_between_what_is_kept_goes_back():
    done = subprocess.run(
        [sys.executable, "-c", PIECES], capture_output=True, text=True, check=True
    )
    assert 200 * 90_000 < int(done.stdout) < 200 * 110_000  # but for the pages that both share


KEPT = """
import resource
import sys

import numpy as np

from gdviz.base.memory import keep_freed_memory

if sys.argv[1] == "ours":
    keep_freed_memory()


def faults(repeats):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(repeats):
        array = np.ones(1 << 20, np.uint8)
        del array
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


faults(1)
print(faults(10))
"""


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallinfo2"), reason="no glibc 2.33"
)
@pytest.mark.parametrize(("whose", "kept"), [("ours", True), ("Dask's", False)])
def test_an_array_takes_what_the_last_one_freed_also_under_the_variable_that_dask_sets(whose, kept):
    done = subprocess.run(
        [sys.executable, "-c", KEPT, whose], capture_output=True, text=True, check=True,
        env={**os.environ, "MALLOC_TRIM_THRESHOLD_": "65536"},
    )  # fmt: skip
    pages = 10 * (1 << 20) // mmap.PAGESIZE
    assert (int(done.stdout) < pages / 10) == kept
