"""Keep tests off the screen and away from the person's settings."""

import gc
import os
import tempfile

from hypothesis import HealthCheck, settings

# Before anything imports Qt or NumPy, which read these once. Caches stay where they are:
# matplotlib's font list takes seconds to build and is nobody's setting.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# The tests run side by side; BLAS's threads, which wait by spinning, took more time than the sums.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
_settings = tempfile.TemporaryDirectory(prefix="gdviz-tests-")  # goes with the process
for _variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "APPDATA"):
    os.environ[_variable] = _settings.name

# What takes long on a busy machine is no failure, and a run says what the one before it said;
# `--hypothesis-profile=search` makes examples that nobody has seen.
settings.register_profile(
    "same", deadline=None, database=None, derandomize=True, print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.register_profile("search", settings.get_profile("same"), derandomize=False)
settings.load_profile("same")


def pytest_collection_finish():
    """Spare the collector the thousands of tests, which live as long as the process."""
    gc.collect()
    gc.freeze()
