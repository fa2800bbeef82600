"""What is freed goes back, whatever was freed before."""

import ctypes
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
