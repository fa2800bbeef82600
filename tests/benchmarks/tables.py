"""Opening a CSV file of a million rows, against pandas, which has to be installed for that.

More than half of it is the JSON reader and the floats that it makes. Without these, NumPy's
``fromstring`` and ``loadtxt`` take three times as long; SciPy's ``mmread`` takes as long, and reads
``1-2`` as 1.
"""

import tempfile
import time
from pathlib import Path

import numpy as np

from gdviz.files import text_table
from gdviz.files.csv_data import load_data
from tests.benchmarks.harness import Result, in_turn

ROWS = 1_000_000
REPEATS = 7
#: As measurements are written, and so that they read back as they were.
FORMATS = ("%.6g", "%.17g")


def reading() -> list[Result]:
    """(o) Reading two columns of a million numbers, in processor time."""
    try:
        import pandas as pd
    except ImportError:
        print("(o) is against pandas, which is not installed: it is left out", flush=True)
        return []
    noise = np.random.default_rng(1)
    x = noise.normal(size=ROWS)
    table = np.column_stack([x, 2.0 * x + noise.normal(size=ROWS)])
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for form in FORMATS:
            path = Path(folder) / "rows.csv"
            np.savetxt(path, table, form, ",", header="x,y", comments="")

            def ours(path: Path = path) -> None:
                text_table.forget_table()
                data, notes = load_data(path)
                assert (data.rows, notes) == (ROWS, ())

            def theirs(path: Path = path) -> None:
                assert pd.read_csv(path).shape == (ROWS, 2)

            mine, peers = in_turn(ours, theirs, REPEATS, clock=time.process_time)
            results.append(
                Result(f"(o) CSV of 10⁶ rows, {form}", f"pandas {pd.__version__}", mine, peers,
                       "ms", 1.5, faster=False)
            )  # fmt: skip
    return results
