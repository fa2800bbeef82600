"""Random files through the public door: each is read, or refused in a sentence."""

import random
from collections import Counter
from pathlib import Path

import pytest

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.open_file import open_file
from tests.fuzz.files import KINDS, random_file
from tests.fuzz.promise import outcome, used

#: Files a seed. HDF5 is read by a process of its own, for half a second.
FILES = {**dict.fromkeys(KINDS, 300), "arrays.h5": 4}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("seed", range(14))
@pytest.mark.parametrize("kind", KINDS)
def test_random_files(tmp_path: Path, kind: str, seed: int) -> None:
    source, counts, wrong = random.Random(f"{kind} {seed}"), Counter[str](), []
    path = tmp_path / kind
    base = Experiment()
    for _ in range(FILES[kind]):
        content = random_file(source, kind)
        path.write_bytes(content)
        options = {"extent": (-1.0, 1.0, -1.0, 1.0)} if source.random() < 0.5 else {}
        opened, what = outcome(lambda: open_file(path, base, **options), counts)  # noqa: B023
        if opened is not None:
            found, what = outcome(lambda: used(opened), counts)  # noqa: B023
            what = what or found
        if what:
            wrong.append(f"{content[:300]!r}: {what}")
    assert wrong == []
    if FILES[kind] > 4:  # so few may all be refused
        assert min(counts["read"], counts["refused"]) > 0
