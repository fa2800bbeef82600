"""What is promised of whatever comes from outside: a value, or one sentence, in bounded time."""

import math
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gdviz.base.format import printable
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.experiment.json_file import from_json, to_json
from gdviz.experiment.library import LibraryError
from gdviz.experiment.open_file import Opened
from gdviz.experiment.validation import ExperimentError
from gdviz.files.csv_data import DataError
from gdviz.files.landscapes import LandscapeError

#: The errors that are sentences.
REFUSALS = (ExperimentError, DataError, LandscapeError, LibraryError, CodeError)
#: Processor seconds for one input. Of 22,000 the slowest took 0.07, and the first, which imports
#: what reads it, 0.34.
SECONDS = 2.0
_LONGEST = 700


def outcome(read: Callable[[], Any], counts: Counter[str]) -> tuple[Any, str]:
    """Call what reads an input; return its value, or None, and what is wrong, empty if nothing."""
    began = time.process_time()
    value, wrong = None, ""
    try:
        value = read()
        counts["read"] += 1
    except REFUSALS as error:
        counts["refused"] += 1
        text = str(error)
        if not text or len(text) > _LONGEST or printable(text) != text:
            wrong = f"says {text!r}"
    except Exception as error:  # everything else is a fault, whatever it is
        wrong = f"raises {error!r}"
    seconds = time.process_time() - began
    return value, wrong or (f"took {seconds:.1f} s" if seconds > SECONDS else "")


def children() -> set[str]:
    """Return the processes that this one has started and that still are there."""
    return {
        child
        for task in Path("/proc/self/task").iterdir()
        for child in (task / "children").read_text().split()
    }


def used(opened: Opened) -> str:
    """Return what is wrong with what a file made: it is evaluated, saved and read again."""
    experiment = opened.experiment
    objective = opened.objective
    if not isinstance(objective.value(*experiment.start), float):
        return "its value is no number"
    if not all(math.isfinite(end) for end in experiment.map_range):
        return "its map has no range"
    if from_json(to_json(experiment)) != experiment:
        return "is another one when it is saved and read again"
    return ""
