"""A process that samples: what it is given."""

import os
from pathlib import Path

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.sampling.process import SamplingProcess
from gdviz.sampling.subject import Subject

_TORCH = """
import torch

def loss(a, b):
    return float(torch.get_num_threads()) + 0 * a + 0 * b
"""
_JAX = """
from pathlib import Path
import jax.numpy as jnp

A = jnp.ones((300, 300))

def loss(a, b):
    (A * (a + b) @ A).block_until_ready()
    names = [path.read_text() for path in Path("/proc/self/task").glob("*/comm")]
    return float(sum("XLAEigen" in name for name in names))
"""


@pytest.mark.frameworks
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are not listed here")
@pytest.mark.parametrize("text", [_TORCH, _JAX], ids=["torch", "jax"])
@pytest.mark.parametrize("threads", [1, 3])
def test_libraries_compute_with_as_many_threads_as_they_are_given(
    tmp_path, monkeypatch, text, threads
):
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "NPROC"):  # what people set is left
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "model.py"
    path.write_text(text)
    subject = Subject(str(path), text.encode(), Range(0.0, 1.0, 0.0, 1.0), "", threads)
    process = SamplingProcess(subject, bool)
    try:
        # PyTorch takes no more than there are processors.
        wanted = threads if text is _JAX else min(threads, os.cpu_count() or 1)
        assert process.losses(np.array([[0.5, 0.25]])).values == (float(wanted),)
    finally:
        process.end()
