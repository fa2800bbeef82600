"""Run the benchmarks and print them as one table."""

import argparse
import dataclasses
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import against
from tests.benchmarks.analyses import epsilon_sweep, scaling
from tests.benchmarks.animation import animation
from tests.benchmarks.basins import basins
from tests.benchmarks.engine import contour_lines, descent, grid
from tests.benchmarks.formula import keystroke
from tests.benchmarks.frame import drag_frame, scrub_frame, zoom
from tests.benchmarks.harness import Result
from tests.benchmarks.relief import relief
from tests.benchmarks.sampling import sampling
from tests.benchmarks.startup import first_frame
from tests.benchmarks.tables import reading

#: By letter; (f) comes with (a), whose processes it looks at.
BENCHMARKS: Mapping[str, Callable[[], list[Result]]] = {
    "a": drag_frame, "b": descent, "c": grid, "d": contour_lines, "e": first_frame,
    "g": scrub_frame, "h": epsilon_sweep, "i": scaling, "j": basins,
    "k": keystroke, "l": sampling, "m": relief, "n": animation, "o": reading,
    "p": zoom,
}  # fmt: skip
HEADINGS = ("benchmark", "gdviz (quartiles)", "peer", "peer (quartiles)", "ratio", "aim", "met")
PACKAGES = ("PySide6-Essentials", "pyqtgraph", "numpy", "scipy", "matplotlib")


def main() -> int:
    """Return 0 if all aims are met, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", default="abcdefghijklmnop", type=_letters,
        help="of a to p, for example a,b (f comes with a)",
    )  # fmt: skip
    parser.add_argument("--json", type=Path, help="write the results to a file as well")
    parser.add_argument(
        "--against", type=Path, metavar="PATH",
        help="compare with those of another checkout, run in turn with the Python of its .venv",
    )  # fmt: skip
    parser.add_argument("--rounds", type=int, default=3, help="of --against; by default 3")
    arguments = parser.parse_args()
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    machine = _machine()
    print(machine, flush=True)
    if arguments.against:
        try:
            found = against.compare(arguments.only, arguments.against, arguments.rounds)
        except (FileNotFoundError, RuntimeError) as error:
            parser.error(str(error))
        _print_table([against.HEADINGS, *(comparison.row() for comparison in found)])
        return 0
    results = [result for letter in arguments.only for result in BENCHMARKS[letter]()]
    _print_table([HEADINGS, *(result.row() for result in results)])
    if arguments.json:
        report = {"machine": machine, "results": [_as_object(result) for result in results]}
        arguments.json.write_text(json.dumps(report, indent=2) + "\n")
    return 0 if all(result.met for result in results) else 1


def _print_table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(map(str.ljust, row, widths)).rstrip())


def _letters(text: str) -> list[str]:
    """Return the benchmarks to run, each once, in order."""
    letters = {"a" if letter == "f" else letter for letter in text.replace(",", "")}
    if unknown := letters - set(BENCHMARKS):
        raise argparse.ArgumentTypeError(f"there is no benchmark {', '.join(sorted(unknown))}")
    return sorted(letters)


def _machine() -> str:
    """Say what is measured on."""
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.partition(":")[2].strip() for line in info.read_text().splitlines()
                 if line.startswith("model name")]  # fmt: skip
        processor = names[0] if names else processor
    qt = os.environ.get("QT_QPA_PLATFORM") or "its usual platform"
    packages = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    return (
        f"{processor}, {os.cpu_count()} cores, {platform.platform()}\n"
        f"Python {platform.python_version()}, {packages}; Qt on {qt}"
    )


def _as_object(result: Result) -> dict[str, object]:
    return {**dataclasses.asdict(result), "ratio": result.ratio, "met": result.met}


if __name__ == "__main__":
    sys.exit(main())
