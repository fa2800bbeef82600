"""The process of a person's code: when it ends, what it is told, and what of it reaches us."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gdviz.engine.objectives import code_process
from gdviz.engine.objectives.code_process import CodeProcess, open_code
from gdviz.engine.objectives.code_ref import VALUE, CodeError

HERE = np.array([2.0, 3.0])
#: Seconds after which a process that should have ended has not.
LONG = 60.0
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

#: Starts what would outlive it, and writes down which processes there are: itself, a process that
#: it starts, one that leaves its group, and one of whose parent nothing is left.
STARTS_OTHERS = """\
import os, subprocess, sys, threading, time
from pathlib import Path

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
ORPHAN = "import subprocess, sys; print(subprocess.Popen(sys.argv[1:], stdout=2).pid)"
others = [subprocess.Popen(SLEEP), subprocess.Popen(SLEEP, start_new_session=True)]
orphan = int(subprocess.check_output([sys.executable, "-c", ORPHAN, *SLEEP]))
threading.Thread(target=time.sleep, args=(600,)).start()
Path("processes").write_text(" ".join(map(str, [os.getpid(), orphan, *(p.pid for p in others)])))
"""
IDLES = STARTS_OTHERS + "def loss(a, b):\n    return a\n"
LOOPS = STARTS_OTHERS + "def loss(a, b):\n    while a[0] == 2:\n        pass\n    return a\n"
#: It holds the interpreter's lock for ages, so that no thread of its process can do anything.
HOLDS_THE_LOCK = (
    "import re\n" + STARTS_OTHERS
    + "def loss(a, b):\n    if a[0] == 2:\n        re.match('(a+)+b', 'a' * 60)\n    return a\n"
)  # fmt: skip
#: Opens the file, in a thread that ends, asks for a value, and ends as it is told.
PARENT = """\
import os, sys, threading
from pathlib import Path
import numpy as np
from gdviz.engine.objectives.code_process import open_code

opened = []
path = Path(sys.argv[1])
opening = threading.Thread(target=lambda: opened.append(open_code(path, path.read_bytes(), 600)))
opening.start()
opening.join()
print("is open", flush=True)
if sys.argv[2] == "asks":
    opened[0].call(0, np.array([2.0]), np.array([3.0]))
if sys.stdin.readline() == "crash":
    os.abort()
"""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., CodeProcess]]:
    processes: list[CodeProcess] = []

    def open_text(text: str, **limits: float) -> CodeProcess:
        path = tmp_path / "model.py"
        path.write_text(text)
        processes.append(CodeProcess(path, text.encode(), **limits))
        processes[-1].start()
        return processes[-1]

    yield open_text
    for process in processes:
        process.stop()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[[], list[int]]]:
    """Return descriptors of the processes that the code has written down, which all run."""
    descriptors: list[int] = []

    def them() -> list[int]:
        numbers = map(int, (tmp_path / "processes").read_text().split())
        descriptors.extend(map(os.pidfd_open, numbers))
        return descriptors

    yield them
    for descriptor in descriptors:
        os.close(descriptor)


def assert_ended(processes: list[int]) -> None:
    assert processes
    for process in processes:
        assert select.select([process], [], [], LONG)[0]  # readable from its end on


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(CodeError) as caught:
        call()
    sentence = str(caught.value)
    assert sentence.isprintable()
    return sentence


# -- its end


@pytest.mark.sampled(2)
@linux_only
@pytest.mark.parametrize(
    ("text", "ending"),
    [
        (IDLES, "killed"), (LOOPS, "killed"), (HOLDS_THE_LOCK, "killed"),
        (LOOPS, "terminated"), (IDLES, "crashed"), (IDLES, "at the end"),
    ],
    ids=["idle", "busy", "locked", "terminated", "crashed", "at the end"],
)  # fmt: skip
def test_it_ends_with_its_parent_and_takes_with_it_what_it_started(
    tmp_path: Path, running: Callable[[], list[int]], text: str, ending: str
) -> None:
    (tmp_path / "model.py").write_text(text)
    asks = "" if text == IDLES else "asks"
    command = [sys.executable, "-c", PARENT, str(tmp_path / "model.py"), asks]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdin is not None
        assert parent.stdout.readline() == b"is open\n"
        processes = running()
        assert len(processes) == 4
        match ending:
            case "killed":
                parent.kill()
            case "terminated":
                parent.terminate()
            case "crashed":
                parent.stdin.write(b"crash")
        parent.stdin.close()
    assert_ended(processes)


@pytest.mark.sampled(1)
@linux_only
@pytest.mark.parametrize(
    "end",
    [
        lambda process: process.stop(),
        lambda process: os.kill(process._connection.child.process.pid, signal.SIGTERM),  # its guard
        lambda process: refusal(lambda: process.call(VALUE, HERE, HERE)),
    ],
    ids=["stopped", "its guard is terminated", "its code has failed"],
)
def test_it_ends_with_what_it_started(
    opened: Callable[..., CodeProcess],
    running: Callable[[], list[int]],
    end: Callable[[CodeProcess], object],
) -> None:
    process = opened(STARTS_OTHERS + "def loss(a, b):\n    return a if a[0] < 2 else None.x\n")
    processes = running()
    end(process)
    assert_ended(processes)
    assert process.call(VALUE, HERE / 4, HERE)[0] == 0.5  # it is started anew


@linux_only
def test_what_it_started_is_given_time_to_leave_but_ends(
    tmp_path: Path, opened: Callable[..., CodeProcess], running: Callable[[], list[int]]
) -> None:
    """Python's own removes shared memory then; others may not care."""
    process = opened(
        "import os, signal, subprocess, sys\nfrom pathlib import Path\n"
        "from multiprocessing.shared_memory import SharedMemory\n"
        "shared = SharedMemory(create=True, size=100)\n"
        "deaf = 'import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); '\n"
        "deaf = subprocess.Popen([sys.executable, '-c', deaf + 'time.sleep(600)'], stdout=-1)\n"
        "deaf.stdout.readline()\n"
        "Path('processes').write_text(f'{os.getpid()} {deaf.pid}')\n"
        "Path('shared').write_text(shared.name)\n"
        "def loss(a, b):\n    return a\n"
    )
    shared = Path("/dev/shm", (tmp_path / "shared").read_text())
    assert shared.exists()
    processes = running()
    process.stop()
    assert_ended(processes)
    assert not shared.exists()


# -- other processes of the code


@pytest.mark.sampled(1)
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_pool_works(opened: Callable[..., CodeProcess], method: str) -> None:
    process = opened(
        "import multiprocessing, numpy as np\npool = None\n"
        "def square(x):\n    return x * x\n"
        "def loss(a, b):\n    global pool\n"
        f"    pool = pool or multiprocessing.get_context('{method}').Pool(2)\n"
        "    return np.array(pool.map(square, a))\n"
        "if __name__ == '__main__':\n    raise SystemExit('never')\n"
    )
    for _ in range(2):
        assert process.call(VALUE, HERE, HERE).tolist() == [4.0, 9.0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_copy_that_comes_back_is_refused_in_a_sentence(
    opened: Callable[..., CodeProcess],
) -> None:
    process = opened(
        "import os\ndef loss(a, b):\n    if a[0] == 2:\n        os.fork()\n    return a\n"
    )

    def ask() -> None:  # the copy may come after the answer, but not unheard
        for _ in range(1000):
            process.call(VALUE, HERE, HERE)

    assert refusal(ask) == (
        "model.py, line 2: a copy of the process, made by os.fork(), came back as well; it must "
        "end with os._exit(0)"
    )
    assert process.call(VALUE, HERE / 4, HERE).tolist() == [0.5, 0.75]


@pytest.mark.sampled(1)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.parametrize("ends", ["os._exit(0)", "raise SystemExit", "1 / 0"])
def test_a_copy_that_ends_is_none_of_ours(opened: Callable[..., CodeProcess], ends: str) -> None:
    process = opened(
        f"import os\ndef loss(a, b):\n    if not os.fork():\n        {ends}\n    os.wait()\n"
        "    return a\n"
    )
    for _ in range(3):
        assert process.call(VALUE, HERE, HERE).tolist() == [2.0, 3.0]


# -- replies


@pytest.mark.sampled(2)
@linux_only
@pytest.mark.parametrize(
    "reply",
    [
        b"a line of somebody's\n" * 3,
        b"gdv\n" + b"\xff" * 20,
        "frame(code._number, NUMBERS, b'123456')",  # no whole number
        "frame(code._number, NUMBERS, b'')",
        "frame(code._number, NUMBERS, b'12345678' * 9)",
        "frame(code._number + 1, NUMBERS, b'12345678' * 2)",  # to what nobody has asked yet
        "frame(code._number, REFUSED, b'no' * 10_000)",
        "frame(code._number, NUMBERS, b'')[:-3] + b'aa\\x7f'",  # terabytes
    ],
    ids=["text", "odd header", "short", "none", "long", "other", "long sentence", "huge"],
)  # fmt: skip
def test_what_was_not_asked_for_ends_it(
    opened: Callable[..., CodeProcess], reply: bytes | str
) -> None:
    made = repr(reply) if isinstance(reply, bytes) else reply
    process = opened(
        "import gc\n"
        "from gdviz.engine.objectives.code_frames import NUMBERS, REFUSED, frame\n"
        "from gdviz.engine.objectives.code_child.worker import _Code\n"
        "code, = [found for found in gc.get_objects() if type(found) is _Code]\n"
        f"def loss(a, b):\n    if a[0] == 2:\n        code._connection.sendall({made})\n"
        "    return a\n"
    )
    assert refusal(lambda: process.call(VALUE, HERE, HERE)) == (
        "model.py sent what nobody asked for, so it was stopped: it may write only to files and "
        "descriptors that it has opened itself"
    )
    assert process.call(VALUE, HERE / 4, HERE).tolist() == [0.5, 0.75]


def test_its_connection_is_where_nobody_expects_one(opened: Callable[..., CodeProcess]) -> None:
    """Neither what is written to the usual descriptors nor what closes them all does any harm."""
    process = opened(
        "import os, subprocess, sys\n"
        "def loss(a, b):\n"
        "    for descriptor in range(64):\n"
        "        try:\n            os.write(descriptor, b'x' * 100)\n"
        "        except OSError:\n            pass\n"
        "    os.closerange(0, 64)\n    return a\n"
    )
    assert process.call(VALUE, HERE, HERE).tolist() == [2.0, 3.0]


# -- what it prints


def test_what_it_prints_is_kept_up_to_a_limit(
    opened: Callable[..., CodeProcess], capfd: pytest.CaptureFixture[str]
) -> None:
    process = opened(
        "import os, subprocess, sys\nprint('loading')\n"
        "def loss(a, b):\n"
        "    if a[0] == 2:\n"
        "        print('to the error', file=sys.stderr)\n"
        "        subprocess.run([sys.executable, '-c', 'print(\"another process\")'])\n"
        "        os.write(1, b'a descriptor \\x1b[2J\\n')\n"
        "        print('é')\n"
        "        os.write(1, (b'.' * 99 + b'\\n') * 50_000)\n"
        "    return a\n"
    )
    process.call(VALUE, HERE, HERE)
    process.stop()
    lines = process.output.text().split("\n")
    assert lines[:3] == ["loading", "to the error", "another process"]
    assert lines[3].startswith("a descriptor ")
    assert lines[3].isprintable()
    assert lines[4] == "é"
    assert lines[5:300] == ["." * 99] * 295
    assert lines[300:] == ["… and 49,705 lines more"]
    assert capfd.readouterr() == ("", "")


def test_what_it_printed_before_it_failed_comes_with_the_failure(
    opened: Callable[..., CodeProcess],
) -> None:
    with pytest.raises(CodeError) as caught:
        opened("print('so far', end='')\n1 / 0\n")
    assert caught.value.output is not None
    assert caught.value.output.text() == "so far"


# -- what it imports


NAMESAKES = ("random", "json", "struct", "socket", "signal", "typing", "multiprocessing")


def write_namesakes(folder: Path) -> None:
    for name in NAMESAKES:
        (folder / f"{name}.py").write_text("raise RuntimeError('the wrong one')\n")
    (folder / "helper.py").write_text("import random, json\nFACTOR = 2.0\n")


@pytest.mark.parametrize("on_path", [False, True])
def test_no_namesake_of_a_standard_module_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_path: bool
) -> None:
    """Neither from the current folder nor from beside the file; what is not standard is."""
    here, beside = tmp_path / "here", tmp_path / "beside"
    for folder in (here, beside):
        folder.mkdir()
        write_namesakes(folder)
    (here / "not_beside.py").write_text("")
    monkeypatch.chdir(here)
    if on_path:
        monkeypatch.setenv("PYTHONPATH", str(here))
    process = open_code(
        beside / "model.py",
        b"import random, json, importlib.util, multiprocessing\nimport helper\n"
        b"on_path = importlib.util.find_spec('not_beside') is not None\n"
        b"def loss(a, b):\n    return helper.FACTOR * a + on_path\n",
    )
    assert process.call(VALUE, HERE, HERE).tolist() == [4.0 + on_path, 6.0 + on_path]
    process.stop()


def test_processes_of_a_pool_import_no_namesake_either(
    tmp_path: Path, opened: Callable[..., CodeProcess]
) -> None:
    write_namesakes(tmp_path)
    process = opened(
        "import multiprocessing, numpy as np\nfrom helper import FACTOR\npool = None\n"
        "def double(x):\n    return FACTOR * x\n"
        "def loss(a, b):\n    global pool\n"
        "    pool = pool or multiprocessing.get_context('spawn').Pool(1)\n"
        "    return np.array(pool.map(double, a))\n"
    )
    assert process.call(VALUE, HERE, HERE).tolist() == [4.0, 6.0]


def test_a_file_may_be_called_as_a_standard_module(tmp_path: Path) -> None:
    process = open_code(
        tmp_path / "random.py",
        b"import random\nHALF = random.uniform(0.5, 0.5)\ndef loss(a, b):\n    return HALF * a\n",
    )
    assert process.call(VALUE, HERE, HERE).tolist() == [1.0, 1.5]
    process.stop()


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("body", "takes"),
    [
        ("a**2 * np.exp(b)", True),
        ("np.log(a) + b", True),
        ("np.where(a > 0, a**2, -a) + np.maximum(b, 0.1)", True),
        ("np.abs(a) + b", False),  # drops what is imaginary
        ("np.asarray(a, float)**2 + b", False),
        ("np.hypot(a, b)", False),  # refuses complex numbers
        ("np.array([math.exp(x) + y for x, y in zip(a, b)])", False),
        ("a**2 + b if a.dtype.kind == 'f' else a.tolist()[7]", False),
        ("a + 0*b", True),
    ],
)
def test_complex_numbers_are_tried(
    opened: Callable[..., CodeProcess], body: str, takes: bool
) -> None:
    process = opened(f"import math\nimport numpy as np\ndef loss(a, b):\n    return {body}\n")
    process.try_complex()
    assert process.code.takes_complex is takes
    assert not process.code.has_gradient
    point = np.array([0.3]), np.array([0.7])
    if takes:
        shifted = process.call(0, point[0] + 1e-20j, point[1] + 0j)
        slope = (process.call(0, point[0] + 1e-6, point[1]) - process.call(0, *point)) / 1e-6
        assert shifted.imag / 1e-20 == pytest.approx(slope, rel=1e-4)
        single = process.call(0, *(x.astype(np.complex64) for x in point))
        assert single.dtype == np.complex64
    assert np.isfinite(process.call(0, *point)).all()


def test_code_that_hangs_on_complex_numbers_takes_real_ones(
    opened: Callable[..., CodeProcess],
) -> None:
    process = opened(
        "def loss(a, b):\n    while a.dtype.kind == 'c':\n        pass\n    return a + b\n",
        limit=0.5,
    )
    process.try_complex()
    assert not process.code.takes_complex
    assert process.call(0, np.array([1.0]), np.array([2.0])) == [3.0]


def test_a_reply_is_waited_for_as_long_again_after_each_sign_of_life(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    monkeypatch.setattr(code_process, "time", SimpleNamespace(monotonic=lambda: now))
    check = CodeProcess(Path("model.py"), b"")._until(30.0, bool)
    for later in (30.0, 60.0, 90.0):
        now = later
        check(is_alive=True)
    now = 120.0
    check()
    now = 120.1 + code_process.GRACE
    with pytest.raises(CodeError, match=r"model\.py did not respond for 30 s, so it was stopped"):
        check()
