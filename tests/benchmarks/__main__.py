"""Run the benchmarks and print them as one table."""

import argparse
import dataclasses
import json
import os
import platform
import sys
from pathlib import Path

from tests.benchmarks.engine import contour_lines, descent, grid
from tests.benchmarks.frame import drag_frame
from tests.benchmarks.startup import first_frame

BENCHMARKS = {"a": drag_frame, "b": descent, "c": grid, "d": contour_lines, "e": first_frame}
HEADINGS = ("benchmark", "gdviz (quartiles)", "peer", "peer (quartiles)", "ratio", "aim", "met")


def main() -> int:
    """Return 0 if all aims are met, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default=",".join(BENCHMARKS), help="for example a,b")
    parser.add_argument("--json", type=Path, help="write the results to a file as well")
    arguments = parser.parse_args()
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"Qt on {os.environ.get('QT_QPA_PLATFORM', 'a display')}")  # fmt: skip
    results = [result for name in arguments.only.split(",") for result in BENCHMARKS[name]()]
    rows = [HEADINGS, *(result.row() for result in results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(map(str.ljust, row, widths)).rstrip())
    if arguments.json:
        arguments.json.write_text(json.dumps([dataclasses.asdict(r) for r in results], indent=2))
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
