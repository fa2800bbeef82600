"""The same benchmarks in another checkout, such as that of an earlier commit, in turn with these.

It runs by a Python of its own, that of the checkout's ``.venv``. A benchmark that only one of the
two has is left out of the comparison, and named.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.benchmarks.harness import spread

HEADINGS = ("benchmark", "here (quartiles)", "there (quartiles)", "ratio")
_HERE = Path(__file__).parents[2]


class Comparison(NamedTuple):
    """What one benchmark took in both checkouts.

    Attributes
    ----------
    name, unit : str
        What was measured, and in what.
    here, there : tuple of float
        First quartile, median and third quartile, each the median of the rounds'.
    """

    name: str
    unit: str
    here: tuple[float, ...]
    there: tuple[float, ...]

    def row(self) -> tuple[str, ...]:
        """Return the cells of the table."""
        ratio = f"{self.here[1] / self.there[1]:.2f}"
        return self.name, spread(self.here, self.unit), spread(self.there, self.unit), ratio


def compare(letters: Iterable[str], checkout: Path, rounds: int) -> list[Comparison]:
    """Run benchmarks here and there in turn, and return what both have.

    Parameters
    ----------
    letters : iterable of str
        Which ones.
    checkout : Path
        Where the other ones are.
    rounds : int
        How often.

    Raises
    ------
    FileNotFoundError
        If the checkout has no Python, in one sentence.
    RuntimeError
        If a run ended without results, in one sentence.
    """
    python = checkout.resolve() / ".venv" / "bin" / "python"
    if not python.exists():
        raise FileNotFoundError(f"there is no {python}: make it there with python -m venv .venv")
    places = (_HERE, sys.executable), (checkout.resolve(), str(python))
    runs: tuple[list[dict], list[dict]] = ([], [])
    for _ in range(rounds):
        for (folder, executable), found in zip(places, runs, strict=True):
            found.append(_results(folder, executable, letters))
    here, there = ({name for run in found for name in run} for found in runs)
    for name in sorted(here ^ there):
        print(f"only {'here' if name in here else 'there'}: {name}")
    return [
        Comparison(name, result["unit"], *(_middle([run[name] for run in found]) for found in runs))
        for name, result in runs[0][0].items()
        if name in there
    ]


def _middle(results: Sequence[dict]) -> tuple[float, ...]:
    return tuple(map(median, zip(*(result["ours"] for result in results), strict=True)))


def _results(folder: Path, python: str, letters: Iterable[str]) -> dict[str, dict]:
    """Return the results of a run by their names; that their aims are missed is no failure."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "results.json"
        run = subprocess.run(
            [python, "-m", "tests.benchmarks", "--only", ",".join(letters), "--json", str(file)],
            cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)},
            stdout=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        if not file.exists():
            raise RuntimeError(f"the benchmarks in {folder} ended with {run.returncode}")
        return {result["name"]: result for result in json.loads(file.read_text())["results"]}
