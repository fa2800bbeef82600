"""Harmless code that does what code should not: it opens, or is refused in a sentence, and ends."""

import os
import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.open_file import Opened, open_file
from tests.fuzz.promise import children, outcome, used

#: What a file begins with, what it does before it returns, and what it returns.
HEADS = (
    "", "print('x' * 100_000)", "import sys; sys.stderr.write('no' * 1000)", "raise OSError('no')",
    "import os; os.write(1, b'{}' * 50)", "import os; os.write(2, bytes(range(256)))",
    "import sys; sys.exit(3)", "import os\nif os.fork() == 0:\n    os._exit(0)", "loss = 1", "def",
    "import sys; sys.stdout.close()", "import nowhere", "\x00", "import os; os.close(0)",
    "import threading; threading.Thread(target=print, args=('x',)).start()",
)  # fmt: skip
BODIES = (
    "pass", "print(a)", "raise ValueError('\\x1b[1m')", "import os; os.write(1, b'\\x00' * 9)",
    "1 / 0", "import sys; sys.exit(0)", "import os; os.fork()", "a += 1", "raise KeyboardInterrupt",
    "import sys; sys.setrecursionlimit(50)", "loss(a, b) if a is None else 0", "del a",
)  # fmt: skip
RESULTS = (
    "a**2 + b**2", "1", "None", "'1'", "[a, b]", "(a, b)", "float('nan')", "float('inf')", "1j",
    "a[:1]", "[[a]]", "True", "10**400", "object()", "b''", "{}", "a if a else b", "-1e308",
)  # fmt: skip
FILES = 12


def random_code(source: random.Random) -> str:
    """Return a file of code; half of them are well but for one place."""
    one = source.randrange(3) if source.random() < 0.5 else None
    head, body, result = (
        source.choice(of) if one in (None, place) else of[0]
        for place, of in enumerate((HEADS, BODIES, RESULTS))
    )
    gradient = source.choice(("", "", *RESULTS[:6]))
    text = f"{head}\ndef loss(a, b):\n    {body}\n    return {result}\n"
    return text + (f"def gradient(a, b):\n    return {gradient}\n" if gradient else "")


@pytest.mark.skipif(sys.platform != "linux", reason="it looks at processes in /proc")
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_random_code(tmp_path: Path, seed: int) -> None:
    source, counts, wrong = random.Random(f"code {seed}"), Counter[str](), []
    before = children()
    for i in range(FILES):
        text = random_code(source)
        path = tmp_path / f"{i}.py"
        path.write_text(text)
        opened, what = outcome(lambda: open_file(path, Experiment()), counts)  # noqa: B023
        if isinstance(opened, Opened):
            found, what = outcome(lambda: used(opened), counts)  # noqa: B023
            what = what or found or ""
            assert opened.runner is not None
            opened.runner.stop()
        if what:
            wrong.append(f"{text}: {what}")
    assert wrong == []
    assert children() <= before
    assert os.getpid() == int(Path("/proc/self").resolve().name)  # nobody came back twice
    assert min(counts["read"], counts["refused"]) > 0
