"""Keep tests off the screen and away from the person's settings."""

import os
import tempfile

# Before anything imports Qt, which reads these once. Caches stay where they are: matplotlib's
# font list takes seconds to build and is nobody's setting.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
_settings = tempfile.TemporaryDirectory(prefix="gdviz-tests-")  # goes with the process
for _variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "APPDATA"):
    os.environ[_variable] = _settings.name
