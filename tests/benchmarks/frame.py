"""A frame while the start or the step is dragged, against matplotlib, and the memory of both.

Each runs in a process of its own, :mod:`tests.benchmarks.frame_gdviz` and
:mod:`tests.benchmarks.frame_matplotlib`, which draws frames of the kind and the number that a line
of its input says, and answers with their milliseconds; the two are asked in turn. Matplotlib is
timed without the computation of the paths, ours with it.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import numpy as np

from gdviz.experiment.experiment import Experiment, Method
from tests.benchmarks.harness import Result, quartiles

SIZE = (1400, 900)
STEPS = 200
EXPERIMENT = Experiment(
    methods=tuple(Method(name) for name in ("analytic", "forward", "central", "mistaken")),
    steps=STEPS,
    alpha=0.02,
)
ROUNDS, OURS_A_ROUND, NOTCHES_A_ROUND, THEIRS_A_ROUND = 12, 12, 4, 2


def starts() -> Iterator[tuple[float, float]]:
    """Go round a circle, as a hand would drag the start."""
    return cycle((2.0 + np.cos(t), 2.0 + np.sin(t)) for t in np.arange(0.0, 2 * np.pi, 0.05))


def epsilons() -> Iterator[float]:
    """Turn the difference step down and up again, as a hand would turn its slider."""
    return cycle(10.0 ** (-1.0 + 0.9 * np.cos(t)) for t in np.arange(0.0, 2 * np.pi, 0.05))


def steps() -> Iterator[int]:
    """Go from the first step to the last and back, one at a time."""
    return cycle([*range(STEPS), *range(STEPS, 0, -1)])


#: Methods that draw, which do on this surface what those above do.
SEEDED = tuple(map(Method, ("spsa", "gaussian", "evolution", "random-coordinate")))
#: Rows of data, so many that paths over all of them take a good second.
ROWS = 100_000
#: What is done with what on the map besides, by its name for our process. The Step lens's drawings
#: are its circle and its models.
OVERLAID = {
    "drag basins": "the same, basins on",
    "drag drawings": "the same, drawings on",
    "turn difference": "turned ε, difference on",
    "drag seeded": "four seeded methods",
    "drag samples": "the same, 50 more paths each",
    "drag starts": "the same, 30 other starts",
    "drag rows": "data of 10⁵ rows, GUI thread",
}
#: Starts on a circle, from which the methods descend besides.
OTHER_STARTS = tuple(
    (0.5 * np.cos(t), 1.5 * np.sin(t)) for t in np.linspace(0.0, 2 * np.pi, 30, endpoint=False)
)


def drag_frame() -> list[Result]:
    """(a) A frame while the start is dragged, and (f) the peak memory of both."""
    with _process("gdviz") as ours, _process("matplotlib") as theirs:
        mine, peers = _in_turn((ours, "drag", OURS_A_ROUND), (theirs, "drag", THEIRS_A_ROUND))
        memory = [_answer(process, "memory") for process in (ours, theirs)]
        overlaid = [
            _in_turn((ours, what, OURS_A_ROUND), (theirs, "drag", THEIRS_A_ROUND))
            for what in OVERLAID
        ]
    return [
        Result("(a) dragged-start frame", "matplotlib redrawing", mine, peers, "ms", 6,
               faster=True, limit=16.7),
        *(
            Result(f"(a) {what}", "matplotlib redrawing", *both, "ms", 6, faster=True, limit=16.7)
            for what, both in zip(OVERLAID.values(), overlaid, strict=True)
        ),
        Result("(f) peak memory after it", "matplotlib", (memory[0],) * 3, (memory[1],) * 3,
               "MB", 2, faster=False),
    ]  # fmt: skip


def zoom() -> list[Result]:
    """(p) From a notch of the wheel to the fine map of the new range, and its longest frame.

    The peer draws its map once, and computes nothing.
    """
    with _process("gdviz") as ours, _process("matplotlib") as theirs:
        whole, longest = (
            _in_turn((ours, what, NOTCHES_A_ROUND), (theirs, "drag", THEIRS_A_ROUND))
            for what in ("zoom", "zoom frame")
        )
    return [
        Result("(p) wheel notch to the fine map", "matplotlib redrawing", *whole, "ms", 1,
               faster=True),
        Result("(p) its longest frame, GUI thread", "matplotlib redrawing", *longest, "ms", 6,
               faster=True, limit=16.7),
    ]  # fmt: skip


def scrub_frame() -> list[Result]:
    """(g) A frame while the timeline goes from step to step, by the lens that is open.

    The peer draws the plots of the Run lens in both cases.
    """
    results = []
    with _process("gdviz") as ours, _process("matplotlib") as theirs:
        # One lens after the other: a lens that was left still has its formulas typeset.
        for lens in ("Run", "Step"):
            mine, peers = _in_turn(
                (ours, f"scrub {lens}", OURS_A_ROUND), (theirs, "scrub", THEIRS_A_ROUND)
            )
            results.append(
                Result(f"(g) scrubbed-step frame, {lens}", "matplotlib redrawing", mine, peers,
                       "ms", 6, faster=True, limit=16.7)
            )  # fmt: skip
    return results


def _in_turn(*asked: tuple[subprocess.Popen, str, int]) -> list[tuple[float, float, float]]:
    """Let each process draw so many frames of a kind a round, and return their quartiles."""
    frames: list[list[float]] = [[] for _ in asked]
    for k in range(ROUNDS + 1):
        for (process, kind, count), drawn in zip(asked, frames, strict=True):
            times = _answer(process, f"{kind} {count}")
            drawn += times if k else []  # the first round warms up
    return [quartiles(drawn) for drawn in frames]


@contextmanager
def _process(name: str) -> Iterator[subprocess.Popen]:
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", f"tests.benchmarks.frame_{name}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "XDG_CONFIG_HOME": folder, "APPDATA": folder},
        )  # fmt: skip
        try:
            yield process
            process.stdin.close()
            if process.wait(60):
                raise RuntimeError(f"{name} ended with {process.returncode}")
        finally:
            process.kill()
            process.wait()


def _answer(process: subprocess.Popen, question: str):
    process.stdin.write(f"{question}\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError(f"{process.args[-1]} ended with {process.wait()}")
    return json.loads(answer)


# ---------------------------------------------------------------- in the processes


def answer_all(frames: Mapping[str, Callable[[], float]]) -> None:
    """Answer the lines of the input.

    Parameters
    ----------
    frames : mapping of str to callable
        By kind, what draws a frame and returns its milliseconds.
    """
    for line in sys.stdin:
        kind, _, count = line.strip().rpartition(" ")
        answer = [frames[kind]() for _ in range(int(count))] if kind else _peak_memory()
        print(json.dumps(answer), flush=True)


def _peak_memory() -> float:
    """Return the process's peak memory in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss counts in what the process that started this one had
        (line,) = (line for line in status.read_text().splitlines() if "VmHWM" in line)
        return int(line.split()[1]) / 1024
    import resource  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)
