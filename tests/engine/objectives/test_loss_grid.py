"""Grids of losses: what is refused, which order the cells are in, and what comparing costs."""

import math
import timeit
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.objectives.loss_grid import MAX_POINTS, MAX_TRAJECTORY, LossGrid

A, B = (0.0, 1.0, 3.0), (-1.0, 1.0)
ROWS = ((1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
GRID = LossGrid(A, B, ROWS, "six.npz", ("α", "β"), ((0.5, 0.25), (1.0, 0.0)))


def noisy(n: int, m: int) -> LossGrid:
    values = np.random.default_rng(3).random((m, n))
    return LossGrid.from_arrays(np.linspace(-1, 1, n), np.linspace(-2, 2, m), values)


def test_rows_are_b_and_columns_are_a() -> None:
    assert GRID.array.tolist() == [list(row) for row in ROWS]
    assert GRID.range == Range(0.0, 3.0, -1.0, 1.0)
    assert (GRID.cells, GRID.holes) == (6, 0)
    assert GRID.lowest == (0.0, -1.0)
    with pytest.raises(ValueError, match="read-only"):
        GRID.array[0, 0] = 7.0


def test_what_is_not_finite_or_too_large_is_missing() -> None:
    values = np.ones((3, 4))
    values[0, 0], values[0, 1], values[2, 3], values[2, 2] = np.nan, np.inf, -np.inf, 1e101
    grid = LossGrid.from_arrays(range(4), range(3), values)
    assert grid.holes == 4
    assert grid.values[0] == (None, None, 1.0, 1.0)
    assert grid.known_cells.tolist() == [[False, False, True], [True, False, False]]
    assert grid.lowest == (2.0, 0.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"a": (0.0,)}, "the axis α must have 2 to 512 points, not 1"),
        ({"b": tuple(range(MAX_POINTS + 1))}, "not 513"),
        ({"a": (0.0, 0.0, 1.0)}, "the axis α must increase, but has 0 before 0"),
        ({"b": (1.0, -1.0)}, "the axis β must increase, but has 1 before −1"),
        ({"a": (0.0, math.nan, 1.0)}, "the axis α holds nan"),
        ({"b": (0.0, math.inf)}, "the axis β holds ∞"),
        ({"a": (0.0, 1.0, 2e6)}, "holds 2·10⁶: at most 10⁶"),
        ({"a": (0.0, 1e-13, 1.0)}, "two points of the axis α are too close, at 0"),
        ({"values": ROWS[:1]}, "1 rows of values for 2 values of β"),
        ({"values": (ROWS[0], (1.0, 2.0))}, "a row holds 2 values for 3 of α"),
        ({"values": (ROWS[0], (1.0, 2.0, math.nan))}, "must be None, and not nan"),
        ({"values": (ROWS[0], (1.0, 2.0, math.inf))}, "must not be larger than 10¹⁰⁰"),
        ({"values": (ROWS[0], (1.0, None, 2.0))}, "no four neighbouring points"),
        ({"names": ("a", "")}, "an axis needs a name"),
        ({"trajectory": ((0.0, math.nan),)}, "the trajectory goes through nan"),
        ({"trajectory": ((0.0, 1e7),)}, "the trajectory goes through 10⁷"),
        ({"trajectory": ((0.0, 0.0),) * (MAX_TRAJECTORY + 1)}, "has 10,001 points"),
    ],
)
def test_grids_that_are_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(GRID, **changes)


def test_text_from_outside_is_printable_once_it_is_a_value() -> None:
    grid = replace(GRID, names=("x\x1b[1m", "y" * 100), source="\u202ea\n.npz")
    assert grid.names == (r"x\x1b[1m", "y" * 59 + "…")
    assert grid.source == r"\u202ea\n.npz"
    assert replace(grid) == grid


def test_json_and_back() -> None:
    hash(GRID)
    assert GRID.array.shape == (2, 3)  # what is derived is not written
    grid = replace(GRID, values=((1.0, 2.0, None), ROWS[1]))
    for each in (GRID, grid):
        text = msgspec.json.encode(each)
        assert msgspec.json.decode(text, type=LossGrid) == each
    assert b"null" in text
    with pytest.raises(msgspec.ValidationError, match="must increase"):
        msgspec.json.decode(text.replace(b"[0.0,1.0,3.0]", b"[0,1,1]"), type=LossGrid)


def test_the_losses_of_a_line_count_once() -> None:
    line = LossGrid(A, B, ((1.0, 2.0, None), (1.0, 2.0, None)))
    assert line.is_line
    assert (line.cells, line.holes) == (3, 1)
    assert not GRID.is_line
    assert not replace(line, values=((1.0, 2.0, None), (1.0, 2.0, 3.0))).is_line


def test_equality_and_hash() -> None:
    same = LossGrid(A, B, ROWS, "six.npz", ("α", "β"), ((0.5, 0.25), (1.0, 0.0)))
    assert same == GRID
    assert hash(same) == hash(GRID)
    for changes in (
        {"source": "other"}, {"a": (0.0, 1.0, 2.0)}, {"values": (ROWS[0], (4.0, 5.0, 6.5))},
        {"trajectory": ()}, {"spread": True}, {"b_fastest": True},
    ):  # fmt: skip
        assert replace(GRID, **changes) != GRID
    assert GRID != "six.npz"


def test_comparing_a_grid_with_itself_costs_nothing() -> None:
    grid = noisy(MAX_POINTS, MAX_POINTS)
    assert hash(grid) == hash(grid)
    assert grid == grid
    # The best of five: a busy machine may keep us waiting in some of them.
    assert min(timeit.repeat(lambda: (grid == grid, hash(grid)), number=1000, repeat=5)) < 0.1


# -- the order of the cells


def test_transposing_a_square_grid_exchanges_the_indices() -> None:
    grid = noisy(5, 5)
    other = grid.transposed()
    assert (other.array == grid.array.T).all()
    assert (other.a, other.b) == (grid.a, grid.b)
    assert other.b_fastest


def test_transposing_reads_the_same_cells_in_the_other_order() -> None:
    """Six cells 1 … 6 over three of a and two of b: along a first, and along b first."""
    other = GRID.transposed()
    assert (other.a, other.b) == (A, B)
    assert other.values == ((1.0, 3.0, 5.0), (2.0, 4.0, 6.0))
    assert other.trajectory == GRID.trajectory


@pytest.mark.parametrize(
    ("turned", "values"),
    [  # undone by hand: as in the file 1 … 6 were 3 2 1 6 5 4, 4 5 6 1 2 3, and 6 5 4 3 2 1
        ((True, False), ((5.0, 1.0, 3.0), (4.0, 6.0, 2.0))),
        ((False, True), ((5.0, 1.0, 3.0), (4.0, 6.0, 2.0))),
        ((True, True), ((1.0, 3.0, 5.0), (2.0, 4.0, 6.0))),
    ],
)
def test_transposing_goes_by_the_order_in_the_file(
    turned: tuple[bool, bool], values: tuple[tuple[float, ...], ...]
) -> None:
    grid = replace(GRID, turned=turned)
    assert grid.transposed().values == values
    assert grid.transposed().transposed() == grid
    assert grid != GRID


def test_transposing_a_matrix_without_coordinates_turns_it() -> None:
    """Two rows and three columns are then three of b and two of a, between the same ends."""
    grid = LossGrid((0.0, 1.0, 2.0), B, ROWS, spread=True)
    other = grid.transposed()
    assert (other.a, other.b) == ((0.0, 2.0), (-1.0, 0.0, 1.0))
    assert other.values == ((1.0, 4.0), (2.0, 5.0), (3.0, 6.0))


@pytest.mark.parametrize("spread", [False, True])
@pytest.mark.parametrize("b_fastest", [False, True])
@pytest.mark.parametrize(("n", "m"), [(4, 4), (7, 4), (2, 9)])
def test_transposing_twice_is_the_grid(n: int, m: int, b_fastest: bool, spread: bool) -> None:
    grid = replace(noisy(n, m), b_fastest=b_fastest, spread=spread)
    assert grid.transposed() != grid
    assert grid.transposed().transposed() == grid


def test_holes_move_along() -> None:
    grid = replace(noisy(4, 3), values=((None, 1.0, 2.0, 3.0), *noisy(4, 3).values[1:]))
    assert grid.transposed().holes == 1
    assert grid.transposed().transposed() == grid
