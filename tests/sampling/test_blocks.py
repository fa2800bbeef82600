"""What computes blocks: the process of a thread, which ends when nobody asks."""

import math
import time
from weakref import ref

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.sampling import blocks
from gdviz.sampling.subject import Subject

_QUICK = "def loss(a, b):\n    return a + 10 * b\n"
#: At (1, 0) it takes long.
_SLOW = "import time\n\ndef loss(a, b):\n    time.sleep(0.5 * (a == 1.0))\n    return a + 10 * b\n"
_CELLS = np.array([[1.0, 0.0], [2.0, 3.0]])


@pytest.fixture
def subject(tmp_path, request):
    path = tmp_path / "model.py"
    path.write_text(request.param)
    subject = Subject(str(path), path.read_bytes(), Range(0.0, 1.0, 0.0, 1.0), path.parent.name, 0)
    yield subject
    blocks.end(subject.token)


def _process():
    return blocks._here.process


@pytest.mark.parametrize("subject", [_QUICK], indirect=True)
def test_a_process_that_nobody_asks_ends_and_the_next_block_has_another(subject, monkeypatch):
    blocks.losses(subject, _CELLS)
    process = _process()
    assert process.idle() < math.inf
    with monkeypatch.context() as patch:  # the next one is not to end before it is asked
        patch.setattr(blocks, "_IDLE", 0.0)
        blocks._end_if_idle(ref(process))
    assert process.is_ended
    assert blocks.losses(subject, _CELLS).values == (1.0, 32.0)
    assert _process() is not process


@pytest.mark.parametrize("subject", [_SLOW], indirect=True)
def test_a_process_that_computes_is_not_idle_however_long_it_takes(subject, monkeypatch):
    monkeypatch.setattr(blocks, "_IDLE", 0.05)
    found = blocks.losses(subject, _CELLS)
    while found.ending:  # it was idle before it was asked, where this machine is that busy
        found = blocks.losses(subject, _CELLS)
    assert found.values == (1.0, 32.0)
    process = _process()
    given_up = time.monotonic() + 60.0  # against a hang alone
    while not process.is_ended and time.monotonic() < given_up:
        time.sleep(0.01)
    assert process.is_ended
