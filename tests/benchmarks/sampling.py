"""Sampling by processes against a bare loop, one process and Dask's workers; start-up left out."""

import importlib.util
import os
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
from gdviz.sampling.executors import Workers, on_dask, on_this_machine
from gdviz.sampling.landscape_file import Axes, create
from gdviz.sampling.sample import fill, open_subject
from gdviz.sampling.subject import Subject
from tests.benchmarks.harness import Result, in_turn

EXTENT = Range(-1.0, 1.0, -1.0, 1.0)
#: A loss of some milliseconds, of one thread, whose processor time does not depend on the cell.
CODE = """\
import numpy as np

X = np.random.default_rng(0).standard_normal({size})

def loss(a, b):
    return float(np.mean(np.tanh(float(a) * X + float(b)) ** 2))
"""
#: Numbers of X: about 3 ms, and more than 10 ms.
SHORT, LONG = 200_000, 1_000_000


def sampling() -> list[Result]:
    """(l) A landscape by one process and by two, and by two of Dask's."""
    results = []
    with tempfile.TemporaryDirectory() as folder:
        code = CODE.format(size=SHORT)
        axes = Axes.over(EXTENT, (31, 31))
        with _sampler(folder, code, axes, 1) as one, _sampler(folder, code, axes, 2) as two:
            cells = f"{axes.shape[0]} × {axes.shape[1]} cells"
            mine, peers = in_turn(one, lambda: _bare(code, axes), 5)
            results.append(Result(f"(l) sampling by 1, {cells}", "a bare loop", mine, peers, "ms",
                                  1.05, faster=False))  # fmt: skip
            mine, peers = in_turn(two, one, 5)
            results.append(Result(f"(l) sampling by 2, {cells}", "by 1", mine, peers, "ms", 1.8,
                                  faster=True))  # fmt: skip
        if importlib.util.find_spec("distributed") is not None:
            results.append(_by_dask(folder))
    return results


def _by_dask(folder: str) -> Result:
    import distributed

    code, axes = CODE.format(size=LONG), Axes.over(EXTENT, (21, 21))
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
    folder: str, code: str, axes: Axes, workers: int, scheduler: str = ""
) -> Iterator[Callable[[], None]]:
    """Hand out what samples a loss once more, by processes that have opened it."""
    path, token = Path(folder) / "model.py", uuid.uuid4().hex
    path.write_text(code)
    threads = 0 if scheduler else max(1, (os.cpu_count() or 1) // workers)
    subject = Subject(str(path), code.encode(), EXTENT, token, threads)
    numbers = count()

    with ExitStack() as stack:
        running: Workers = stack.enter_context(
            on_dask(scheduler, token) if scheduler else on_this_machine(workers, token)
        )
        opened, plane = open_subject(subject, running)
        known = replace(subject, identity=opened.identity)

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
