"""Random libraries: each is read whole, or refused in a sentence and left as it is."""

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from gdviz.experiment.library import Library
from tests.fuzz.files import damaged, random_json
from tests.fuzz.formulas import random_formula
from tests.fuzz.promise import outcome

FILES = 100


def random_library(source: random.Random) -> bytes:
    """Return some formulas in a file, in two of three cases whole."""
    formulas = [
        {
            "title": f"T{i}",
            "formula": f"k*({random_formula(source, 2)})",
            "constants": {"k": 2.0},
            "constant_ranges": {"k": [0.0, 3.0]},
            "home": [-1.0, 1.0, -2.0, 2.0],
            "claimed_gradient": ["k*a", "b"],
        }
        for i in range(source.randint(0, 3))
    ]
    whole = {"format": "gdviz formulas", "version": 1, "formulas": formulas}
    content = random_json(source, whole) if source.random() < 0.6 else json.dumps(whole).encode()
    return damaged(source, content) if source.random() < 1 / 3 else content


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", range(8))
def test_random_libraries(tmp_path: Path, seed: int) -> None:
    source, counts, wrong = random.Random(f"library {seed}"), Counter[str](), []
    path = tmp_path / "theirs.json"
    for i in range(FILES):
        content = random_library(source)
        path.write_bytes(content)
        mine = Library(tmp_path / f"{i}.json")
        entries, what = outcome(Library(path).read, counts)
        titles, taken = outcome(lambda: mine.take(path), counts)  # noqa: B023
        if what or taken:
            wrong.append(f"{content[:300]!r}: {what or taken}")
        assert (entries is None) == (titles is None)
        assert path.read_bytes() == content
        if entries is not None:
            assert len(mine.read()) == len(entries)
    assert wrong == []
    assert counts["read"]
    assert counts["refused"]
