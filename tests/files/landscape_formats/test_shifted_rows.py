"""What random_plane of loss-landscapes 3.0.6 returns, walked as it walks its plane."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdviz.files.landscape_formats.shifted_rows import are_shifted
from gdviz.files.landscapes import RangeNeeded, load_landscape
from tests.files.landscape_formats.written_files import bowl, npz


def random_plane(steps: int, half: float = 1.0) -> Any:
    """Its two loops over a bowl: a step along the second direction before each value."""
    step = 2 * half / steps
    a, b = -half, -half
    rows = []
    for i in range(steps):
        row: list[float] = []
        for _ in range(steps):
            b += step if i % 2 == 0 else -step
            row.insert(len(row) if i % 2 == 0 else 0, bowl(a, b))
        rows.append(row)
        a += step
    return np.array(rows)


@pytest.mark.parametrize("steps", [8, 9, 20])
@pytest.mark.parametrize("suffix", ["npy", "npz", "csv"])
def test_every_second_row_is_offered(tmp_path: Path, steps: int, suffix: str) -> None:
    path = tmp_path / f"s.{suffix}"
    plane = random_plane(steps)
    if suffix == "npy":
        np.save(path, plane)
    elif suffix == "npz":
        npz(path, loss=plane)
    else:
        np.savetxt(path, plane, delimiter=",")
    extent = (-1.0, 1.0, -1.0, 1.0)
    found = load_landscape(path, extent=extent)
    assert any("alternate rows are one cell off" in note for note in found.notes)
    near = {8: "0.75", 9: "0.778", 20: "0.9"}[steps]
    place = (
        "of a random plane with the half width w = ‖θ‖/(2·distance) the rows lie from −w to "
        f"{near}·w, and the cells of every second one from −{near}·w to w"
    )
    assert any(note.endswith(f"; {place}") for note in found.notes)
    with pytest.raises(RangeNeeded) as needed:  # from which alone the range follows
        load_landscape(path)
    along = "b" if suffix == "csv" else "a"
    assert needed.value.hint.endswith(f"{place}; the rows are along {along}")
    assert str(needed.value).endswith(f"; {needed.value.hint}")
    choice = found.metrics[1]
    assert choice.endswith("every second row")
    half = load_landscape(path, metric=choice, extent=extent)
    rows = half.grid.array.T if suffix != "csv" else half.grid.array
    assert rows == pytest.approx(plane[::2])
    assert half.metric == choice
    axis = half.grid.a if suffix != "csv" else half.grid.b
    assert axis == pytest.approx(np.linspace(-1, 1, steps)[::2])
    assert load_landscape(path, metric=found.metric, extent=extent).grid == found.grid


@pytest.mark.parametrize("steps", [8, 9, 20])
def test_in_the_range_that_is_said_every_second_row_has_its_values(
    tmp_path: Path, steps: int
) -> None:
    path, near = tmp_path / "s.npy", 1.0 - 2.0 / steps
    np.save(path, random_plane(steps))
    grid = load_landscape(path, metric="every second row", extent=(-1.0, near, -near, 1.0)).grid
    a, b = np.meshgrid(grid.a, grid.b)
    assert grid.array == pytest.approx(bowl(a, b))


def test_a_regular_matrix_gets_no_hint(tmp_path: Path) -> None:
    x = np.linspace(-1, 1, 20)
    np.save(tmp_path / "s.npy", bowl(x[:, None], x))
    with pytest.raises(RangeNeeded) as needed:
        load_landscape(tmp_path / "s.npy")
    assert needed.value.hint == ""
    assert str(needed.value) == needed.value.sentence


def test_what_is_regular_is_not_taken_for_it() -> None:
    x = np.linspace(-1, 1, 21)
    for surface in (
        bowl(x[:, None], x), np.sin(5 * x[:, None] + 3 * x), np.exp(3 * x) * np.ones((21, 1)),
        np.random.default_rng(1).normal(size=(21, 21)), np.ones((21, 21)),
    ):  # fmt: skip
        assert not are_shifted(surface)
        assert not are_shifted(surface.T)
    assert are_shifted(random_plane(21))
    assert are_shifted(random_plane(21) + np.random.default_rng(1).normal(size=(21, 21)) / 10)
    assert not are_shifted(random_plane(21).T)
