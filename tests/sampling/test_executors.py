"""What computes blocks: a real cluster of Dask's, of two worker processes on this machine."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gdviz import __version__
from gdviz.sampling import executors
from gdviz.sampling.executors import on_dask, why_unfit
from gdviz.sampling.landscape_file import TO_COME, reopen
from gdviz.sampling.request import Request, sample
from gdviz.sampling.subject import SamplingError
from tests.sampling.sampled import (
    EXTENT,
    GRID,
    assert_right,
    calls,
    note_that_cells_follow,
    write_code,
)

PYTHON = sys.version.partition(" ")[0]

#: Ends the worker of Dask's that has started its process, at one cell, once, and waits for its own
#: end. Between the two is the guard.
_KILLS_ITS_WORKER = """
import signal

def before(a, b):
    if (a, b) == (0.0, -0.5) and not (HERE / "killed").exists():
        (HERE / "killed").touch()
        guard = Path(f"/proc/{os.getppid()}/stat").read_text()
        os.kill(int(guard.rpartition(")")[2].split()[1]), signal.SIGKILL)
        signal.pause()
"""


# -- without Dask


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ({"python": PYTHON, "gdviz": __version__}, ""),
        ({"python": "3.9.1"}, f"runs Python 3.9.1, and here it is {PYTHON}: use the same on both"),
        ({"gdviz": "0.0.1"}, f"runs gdviz 0.0.1, and here it is {__version__}"),
        (ModuleNotFoundError("No module named 'gdviz'"), "has no gdviz, or lacks what it needs"),
        (OSError("gone"), "the worker tcp://other cannot compute: gone"),
    ],
)
def test_workers_that_cannot_compute_it(found, sentence):
    said = why_unfit({"tcp://one": {}, "tcp://other": found})
    assert (sentence in said) if sentence else not said


def test_without_dask_the_sentence_has_the_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SamplingError, match=r"pip install 'gdviz\[dask\]'"), on_dask("x", "run"):
        pass


def test_the_python_of_a_worker_is_said_as_people_know_it(monkeypatch):
    class Client:
        status = "closed"

        def get_versions(self):
            return {"workers": {"tcp://one": {"host": {"python": "3.9.1.final.0"}}}}

        def close(self, timeout):
            pass

    monkeypatch.setitem(sys.modules, "distributed", object())
    monkeypatch.setattr(executors, "_connected", lambda *_: Client())
    said = rf"^the worker tcp://one runs Python 3\.9\.1, and here it is {re.escape(PYTHON)}: "
    with pytest.raises(SamplingError, match=said), on_dask("tcp://scheduler", "run"):
        pass


# -- with it


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as cluster:
        yield cluster


def run(folder: Path, cluster, **options):
    request = Request(
        folder / "model.py", folder / "landscape.h5", grid=GRID, extent=EXTENT,
        scheduler=cluster.scheduler_address, **options,
    )  # fmt: skip
    return sample(request, begun=note_that_cells_follow)


@pytest.mark.frameworks
def test_a_cluster_computes_each_cell_once(tmp_path, cluster):
    write_code(tmp_path)
    done = run(tmp_path, cluster)
    assert (done.new, done.holes) == (28, {})
    assert_right(tmp_path / "landscape.h5")
    assert sum(calls(tmp_path).values()) == 28


@pytest.mark.frameworks
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_of_a_cluster_that_is_killed_in_the_middle(tmp_path, cluster):
    """Its processes end with it, its cells are given out again, and each is right."""
    write_code(tmp_path, _KILLS_ITS_WORKER)
    assert len(cluster.workers) == 2
    done = run(tmp_path, cluster)
    assert (tmp_path / "killed").exists()
    assert (done.cells, done.new, done.holes) == (28, 28, {})
    assert_right(tmp_path / "landscape.h5")
    found = calls(tmp_path)
    assert found[0.0, -0.5] == 2
    assert max(found.values()) == 2


@pytest.mark.frameworks
def test_where_no_scheduler_listens(tmp_path, monkeypatch):
    monkeypatch.setattr(executors, "_PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    write_code(tmp_path)
    request = Request(
        tmp_path / "model.py", tmp_path / "landscape.h5", scheduler=f"tcp://127.0.0.1:{free}"
    )
    with pytest.raises(SamplingError, match=f"no scheduler answers at tcp://127.0.0.1:{free}"):
        sample(request)
    assert not request.output.exists()


@pytest.mark.frameworks
@pytest.mark.parametrize("address", ["nonsense://x", "127.0.0.1", "no.such.host.invalid:8786"])
def test_what_is_no_address(tmp_path, monkeypatch, address):
    monkeypatch.setattr(executors, "_PATIENCE", 0.2)
    with (
        pytest.raises(SamplingError, match=f"no scheduler answers at {address}"),
        on_dask(address, "run"),
    ):
        pass


@pytest.mark.frameworks
def test_a_cluster_without_workers_and_one_that_lacks_the_package(tmp_path):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as cluster:
        address = cluster.scheduler_address
        with pytest.raises(SamplingError, match="has no workers"), on_dask(address, "run"):
            pass
        # The first gdviz that its Python finds is none.
        (tmp_path / "gdviz.py").write_text("raise ModuleNotFoundError('No module named gdviz')\n")
        worker = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-dashboard"],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            with distributed.Client(address, set_as_default=False) as client:
                client.wait_for_workers(1, timeout=60)
            with pytest.raises(SamplingError, match="has no gdviz, or"), on_dask(address, "run"):
                pass
        finally:
            worker.terminate()
            worker.wait()


@pytest.mark.frameworks
def test_a_scheduler_that_ends_in_the_middle(tmp_path):
    """One sentence, and what was computed is in the file."""
    distributed = pytest.importorskip("distributed")
    write_code(tmp_path)
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as cluster:

        def tell(progress):
            if progress.done:
                cluster.close()

        request = Request(
            tmp_path / "model.py", tmp_path / "landscape.h5", grid=GRID, extent=EXTENT,
            scheduler=cluster.scheduler_address,
        )  # fmt: skip
        with pytest.raises(SamplingError, match="--resume goes on"):
            sample(request, tell, begun=note_that_cells_follow)
    with reopen(tmp_path / "landscape.h5") as file:
        assert 0 < np.count_nonzero(file.state != TO_COME) < 28
