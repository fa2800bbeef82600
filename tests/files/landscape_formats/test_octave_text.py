"""Octave's text format, as Octave 7.3 wrote it."""

from pathlib import Path

import numpy as np
import pytest

from gdviz.files.file_kinds import Verdict
from gdviz.files.landscape_formats.octave_text import contents
from gdviz.files.landscapes import LandscapeError, decide, load_landscape

HEAD = "# Created by Octave 7.3.0, Sun Nov 29 23:20:47 2026 UTC <me@home>\n"
X = "# name: x\n# type: matrix\n# rows: 1\n# columns: 3\n -1 0.5 2\n\n\n"
Y = "# name: y\n# type: double_range\n# base, limit, increment\n0 2 2\n\n\n"
Z = "# name: z\n# type: matrix\n# rows: 2\n# columns: 3\n 1 2 3\n 4 5.5 NaN\n\n\n"
STRUCTURE = "# name: s\n# type: scalar struct\n# ndims: 2\n 1 1\n# length: 3\n"
OTHERS = (
    "# name: c\n# type: scalar\n3\n\n\n"
    "# name: q\n# type: string\n# elements: 1\n# length: 4\ntext\n\n\n"
    "# name: w\n# type: complex matrix\n# rows: 1\n# columns: 2\n (1,2) (3,0)\n\n\n"
    "# name: i\n# type: int32 matrix\n# ndims: 2\n 2 2\n 1\n 3\n 2\n 4\n\n\n"
)


@pytest.mark.parametrize("name", ["s", "s.txt", "s.mat"])  # as `save` leaves them
@pytest.mark.parametrize("text", [X + Y + Z, OTHERS + X + Y + Z, STRUCTURE + X + Y + Z + OTHERS])
def test_a_surface(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(HEAD + text)
    assert decide(tmp_path / name) == Verdict("landscape")
    found = load_landscape(tmp_path / name)
    assert (found.grid.a, found.grid.b) == ((-1.0, 0.5, 2.0), (0.0, 2.0))
    assert found.grid.values == ((1.0, 2.0, 3.0), (4.0, 5.5, None))
    assert found.grid.names == ("x", "y")
    assert found.metric == ("s/z" if text.startswith(STRUCTURE) else "z")


def test_what_is_no_matrix(tmp_path: Path) -> None:
    (tmp_path / "s").write_text(HEAD + STRUCTURE + X + Y + Z + OTHERS)
    found = contents(tmp_path / "s")
    assert list(found.arrays) == ["s/x", "s/y", "s/z", "i"]
    assert found.arrays["i"].tolist() == [[1, 2], [3, 4]]  # column by column
    assert found.others == {"c": "a single value", "q": "string", "w": "complex matrix"}


@pytest.mark.parametrize(
    "text",
    [
        "# name: x\n# type: matrix\n# rows: 2\n# columns: 3\n 1 2\n",
        "# name: x\n# type: matrix\n# rows: 2\n 1 2\n",
        "# name: x\n# type: matrix\n# rows: -2\n# columns: x\n 1 2\n",
        "# name: x\n# type: matrix\n# ndims: 2\n",
        "# name: x\n# type: matrix\n# rows: 1\n# columns: 1\n text\n",
        "# name: x\n# type: range\n# base, limit, increment\n0 inf 1\n",
        "# name: x\n# type: range\n# base, limit, increment\n0 1\n",
        "# name: s\n# type: scalar struct\n# length: many\n" + X,
        "",
    ],
)
def test_what_is_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / "s.txt").write_text(HEAD + text)
    with pytest.raises(LandscapeError, match=r"damaged|holds no surface"):
        load_landscape(tmp_path / "s.txt")


def test_a_range_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "s").write_text(f"{HEAD}# name: x\n# type: range\n# base, limit\n0 1e12 1\n")
    assert contents(tmp_path / "s").arrays["x"].size < 1e6
    assert np.array_equal(contents(tmp_path / "s").arrays["x"][:3], [0, 1, 2])
