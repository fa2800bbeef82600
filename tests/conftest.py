"""Keep tests off the screen and away from the person's settings."""

import gc
import json
import os
import signal
import sys
import tempfile
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, settings

# Before anything imports Qt or NumPy, which read these once. Caches stay where they are:
# matplotlib's font list takes seconds to build and is nobody's setting.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# The tests run side by side; BLAS's threads, which wait by spinning, took more time than the sums.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# What one process compiles the others read: the workers, and those that tests start.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
_settings = tempfile.TemporaryDirectory(prefix="gdviz-tests-")  # goes with the process
for _variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "APPDATA"):
    os.environ[_variable] = _settings.name
os.environ["GDVIZ_LOG"] = os.path.join(_settings.name, "gdviz.log")  # noqa: PTH118

# What takes long on a busy machine is no failure, and a run says what the one before it said.
# `.ci/run` makes the many examples; `--hypothesis-profile=search` makes some that nobody has seen.
settings.register_profile(
    "few", max_examples=20, deadline=None, database=None, derandomize=True, print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip
settings.register_profile("many", settings.get_profile("few"), max_examples=500)
settings.register_profile("search", settings.get_profile("many"), derandomize=False)
settings.load_profile("few")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """Return how many run side by side: one more than cores, for some wait for other processes."""
    given = os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS")
    return int(given) if given else (os.cpu_count() or 1) + 1


class _FromElsewhere(pytest.Dir):
    """A folder that each worker begins to read elsewhere: side by side all would compile it all."""

    def collect(self):
        """Return what is in it."""
        entries = [*super().collect()]
        worker = self.config.workerinput
        first = len(entries) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
        return entries[first:] + entries[:first]


def pytest_collect_directory(path, parent):
    """Let workers share the work, which on a clean checkout was an eighth of the run's."""
    if hasattr(parent.config, "workerinput"):
        return _FromElsewhere.from_parent(parent, path=path)
    return None


@pytest.hookimpl(tryfirst=True)  # before those that are not asked for are deselected
def pytest_collection_modifyitems(config, items):
    """Mark what `sampled(n, gate=m)` leaves out of the default run, and of the gate's."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.path)  # in all workers alike
    cases = defaultdict(list)
    for item in items:
        if marker := item.get_closest_marker("sampled"):
            gate = marker.kwargs.get("gate")
            cases[item.path, item.originalname, marker.args[0], gate].append(item)
    for (_, _, n, gate), of_one_test in cases.items():
        total = len(of_one_test)
        for i, item in enumerate(of_one_test):
            if not _is_sample(i, total, n):
                item.add_marker("slow")
                if not _is_sample(i, total, gate or total):
                    item.add_marker("exhaustive")


def _is_sample(i, total, n):
    """Tell whether case i is among n evenly spaced ones."""
    return i in {k * total // n for k in range(n)}


def pytest_collection_finish():
    """Spare the collector the thousands of tests, which live as long as the process."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def signals_are_heard():
    """Let signals end what is begun here also where the run ignores them, as under nohup."""
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    before = {n: signal.getsignal(n) for name in names if (n := getattr(signal, name, None))}
    for number in before:
        is_ctrl_c = number == signal.SIGINT
        signal.signal(number, signal.default_int_handler if is_ctrl_c else signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def hdf5_is_read_here(monkeypatch):
    """Read HDF5 files, which are known to be whole, without a process of their own."""
    from gdviz.files.landscape_formats import array_dump, dumped, reading

    def dump(path):
        try:
            description, numbers = array_dump.contents(str(path))
        except array_dump.Refused as refusal:
            raise reading.LandscapeError(str(refusal)) from None
        return b"\n".join([json.dumps(description).encode(), b"".join(numbers)])

    monkeypatch.setattr(dumped, "dump", dump)
