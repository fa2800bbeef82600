"""Sampling by processes against a bare loop, one process, Dask's workers and a peer.

Start-up is left out. Of the network of ``docs/examples/digits.py`` where PyTorch and scikit-learn
are installed; the peer is loss-landscapes, ``pip install --no-deps loss-landscapes==3.0.6``.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import ModuleType

import numpy as np

from gdviz.base.geometry import Range
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.network.slices import slice_of
from gdviz.sampling.executors import Workers, on_dask, on_this_machine
from gdviz.sampling.landscape_file import Axes, create
from gdviz.sampling.sample import fill, open_subject
from gdviz.sampling.subject import Subject
from tests.benchmarks.harness import Result, in_turn

EXTENT = Range(-1.0, 1.0, -1.0, 1.0)
#: A loss of some milliseconds, of one thread, whose processor time does not depend on the cell.
CODE = """\
import numpy as np

X = np.random.default_rng(0).standard_normal(200_000)

def loss(a, b):
    return sum(float(np.mean(np.tanh(float(a) * X + float(b)) ** 2)) for _ in range({passes}))
"""
#: Passes over X: about 3 ms, and more than 10 ms.
SHORT, LONG = 5, 20
DIGITS = Path(__file__).parents[2] / "docs" / "examples" / "digits.py"
#: Samples as the command does, and prints the most memory in kB that this process had.
PARENT = """\
import sys
from gdviz.cli.main import main

assert main(["sample", "memory.py", "-o", f"{sys.argv[1]}.h5", "--grid", sys.argv[1]]) == 0
print([line.split()[1] for line in open("/proc/self/status") if "VmHWM" in line][0])
"""


def sampling() -> list[Result]:
    """(l) A landscape by one process and by two, and by two of Dask's."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        code = CODE.format(passes=SHORT)
        axes = Axes.over(EXTENT, (31, 31))
        with _sampler(folder, code, axes, 1) as one, _sampler(folder, code, axes, 2) as two:
            cells = f"{axes.shape[0]} × {axes.shape[1]} cells"
            mine, peers = in_turn(one, lambda: _bare(code, axes), 5)
            results.append(Result(f"(l) sampling by 1, {cells}", "a bare loop", mine, peers, "ms",
                                  1.05, faster=False))  # fmt: skip
            mine, peers = in_turn(two, one, 5)
            results.append(Result(f"(l) sampling by 2, {cells}", "by 1", mine, peers, "ms", 1.8,
                                  faster=True))  # fmt: skip
        if _are_there("distributed"):
            results.append(_by_dask(folder))
        if _are_there("torch", "sklearn"):
            results += _of_digits(folder)
        if Path("/proc/self/status").exists():
            results.append(_memory(folder))
    return results


def _are_there(*modules: str) -> bool:
    return all(importlib.util.find_spec(module) is not None for module in modules)


def _of_digits(folder: str) -> list[Result]:
    """Return what a small convolutional network takes, with one thread of PyTorch a process."""
    import torch

    torch.set_num_threads(1)
    code, results = DIGITS.read_text(), []
    axes, coarse = Axes.over(EXTENT, (51, 51)), Axes.over(EXTENT, (9, 9))
    bare = _BareNetwork(code)
    with (
        _sampler(folder, code, axes, 1, threads=1) as one,
        _sampler(folder, code, axes, 2, threads=1) as two,
        _sampler(folder, code, coarse, 2, threads=1) as picture,
    ):
        if _are_there("loss_landscapes"):
            mine, peers = in_turn(two, bare.peer(51), 7)
            results.append(Result("(l) digits by 2, 51 × 51 cells", "loss-landscapes 3.0.6", mine,
                                  peers, "ms", 1.7, faster=True))  # fmt: skip
        mine, peers = in_turn(two, one, 3)
        results.append(Result("(l) digits by 2, 51 × 51 cells", "by 1", mine, peers, "ms", 1.8,
                              faster=True))  # fmt: skip
        mine, peers = in_turn(one, lambda: bare.losses(axes), 3)
        results.append(Result("(l) digits by 1, 51 × 51 cells", "a bare loop", mine, peers, "ms",
                              1.05, faster=False))  # fmt: skip
        mine, peers = in_turn(picture, lambda: bare.losses(coarse), 9)
        results.append(Result("(l) first picture of digits, 9 × 9", "81 losses", mine, peers, "ms",
                              1.5, faster=False))  # fmt: skip
    return results


class _BareNetwork:
    """The network in this process, as one would write it by hand, and by the peer."""

    def __init__(self, code: str) -> None:
        self._module = ModuleType("digits")
        exec(code, self._module.__dict__)
        found = slice_of(self._module, DIGITS, SliceSettings())
        assert found is not None
        import torch

        self._parameters = list(self._module.model.parameters())
        self._plane = [
            [torch.from_numpy(part.copy()) for part in parts.values()]
            for parts in (found.centre, *found.directions)
        ]

    def losses(self, axes: Axes) -> None:
        """Compute the loss at each cell."""
        import torch

        losses = np.empty(axes.shape[::-1])
        with torch.no_grad():
            for j, b in enumerate(axes.b.tolist()):
                for i, a in enumerate(axes.a.tolist()):
                    for p, c, d, e in zip(self._parameters, *self._plane, strict=True):
                        p.data = c + a * d + b * e
                    losses[j, i] = self._module.loss()

    def peer(self, steps: int) -> Callable[[], object]:
        """Return what computes as many by loss-landscapes."""
        import loss_landscapes
        import loss_landscapes.metrics
        import torch

        module = self._module
        metric = loss_landscapes.metrics.Loss(
            torch.nn.functional.cross_entropy, module.X[:512], module.Y[:512]
        )
        return lambda: loss_landscapes.random_plane(
            module.model, metric, 1, steps, normalization="filter", deepcopy_model=True
        )


def _memory(folder: str) -> Result:
    """Return the most memory of who hands out the cells, of a fine grid and of a coarse one."""
    (Path(folder) / "memory.py").write_text("def loss(a, b):\n    return a + b\n")
    peaks = []
    for points in ("255", "51"):
        done = subprocess.run(
            [sys.executable, "-c", PARENT, points], cwd=folder, capture_output=True, text=True,
            check=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )  # fmt: skip
        peaks.append((int(done.stdout.split()[-1]) / 1024,) * 3)
    return Result("(l) peak memory, 255 × 255 cells", "51 × 51", *peaks, "MB", 1.05, faster=False)


def _by_dask(folder: str) -> Result:
    import distributed

    code, axes = CODE.format(passes=LONG), Axes.over(EXTENT, (21, 21))
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as cluster,
        _sampler(folder, code, axes, 2, cluster.scheduler_address) as by_dask,
        _sampler(folder, code, axes, 2) as by_processes,
    ):
        mine, peers = in_turn(by_dask, by_processes, 5)
    return Result("(l) sampling by 2 of Dask's, > 10 ms a cell", "by 2", mine, peers, "ms", 1.15,
                  faster=False)  # fmt: skip


@contextmanager
def _sampler(
    folder: str, code: str, axes: Axes, workers: int, scheduler: str = "", threads: int = 0
) -> Iterator[Callable[[], None]]:
    """Hand out what samples a loss once more, by processes that have opened it."""
    path, token = Path(folder) / "model.py", uuid.uuid4().hex
    path.write_text(code)
    threads = threads or (0 if scheduler else max(1, (os.cpu_count() or 1) // workers))
    subject = Subject(str(path), code.encode(), EXTENT, token, threads)
    numbers = count()

    with ExitStack() as stack:
        running: Workers = stack.enter_context(
            on_dask(scheduler, token) if scheduler else on_this_machine(workers, token)
        )
        opened, plane = open_subject(subject, running)
        known = replace(subject, identity=opened.identity, batch=opened.batch)

        def run() -> None:
            output = Path(folder) / f"{token} {next(numbers)}.h5"
            with create(output, axes, plane, {}, {}) as file:
                fill(file, known, running, opened.seconds)
                assert (file.state == 1).all()

        yield run


def _bare(code: str, axes: Axes) -> None:
    module = ModuleType("model")
    exec(code, module.__dict__)
    losses = np.empty(axes.shape[::-1])
    for j, b in enumerate(axes.b.tolist()):
        for i, a in enumerate(axes.a.tolist()):
            losses[j, i] = module.loss(a, b)
