"""The distance that a file beside the losses gives."""

from pathlib import Path

import numpy as np
import pytest

from gdviz.files.landscapes import RangeNeeded, load_landscape
from tests.files.landscape_formats.written_files import RANGE_7, X7, Y4, assert_is_bowl, rows


def test_npy_with_its_distance_beside_it(tmp_path: Path) -> None:
    x, y = np.linspace(-1.5, 1.5, 7), np.linspace(-1.5, 1.5, 4)
    np.save(tmp_path / "s.npy", np.asfortranarray(rows(x, y).T.astype(">f4")))
    (tmp_path / "s.toml").write_text('model = "mlp"\n[landscape]\ndistance = 3.0\n')
    found = load_landscape(tmp_path / "s.npy")
    assert_is_bowl(found.grid, x, y)
    assert not found.ambiguous


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"distance = [", "is not TOML"), (b"\xff", "is not TOML"), (b"a = 1", "gives no distance"),
        (b"distance = -1", "not a positive number"), (b"distance = true", "not a positive number"),
        (b"distance = 'far'", "not a positive number"), (b"#" * 200_000, "is larger than 100 kB"),
        (b"d = " + b"1" * 5000, "is not TOML"), (None, "is not a file"),
    ],
)  # fmt: skip
def test_a_distance_that_is_not_understood(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    name = "s_[-1.0,1.0,7]x[-0.5,1.0,4]"
    np.save(tmp_path / "s.npy", rows(X7, Y4).T)
    for beside in (tmp_path / "s.toml", tmp_path / f"{name}.toml"):
        if content is None:
            beside.mkdir()
        else:
            beside.write_bytes(content)
    with pytest.raises(RangeNeeded, match=rf"s\.toml beside it .*{words}.*, so the range has to"):
        load_landscape(tmp_path / "s.npy")
    assert words in load_landscape(tmp_path / "s.npy", extent=RANGE_7).notes[0]
    found = load_landscape((tmp_path / "s.npy").rename(tmp_path / f"{name}.npy"))
    assert_is_bowl(found.grid, X7, Y4)
    assert words in found.notes[0]
    assert found.notes[0].endswith("so it is ignored")
