"""What a table of numbers in a text file is taken for: points, a line, a matrix, or data."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.experiment.open_file import kind_of
from gdviz.files.landscapes import (
    LandscapeError,
    RangeNeeded,
    decide,
    load_landscape,
    load_trajectory,
)

X, Y = np.linspace(-1, 1, 7), np.linspace(-2, 2, 5)
LOSSES = 1 + X**2 + 3 * Y[:, None] ** 2
LINE = "the loss does not depend on b"


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def lines(*rows: object) -> str:
    return "\n".join(",".join(map(str, row)) for row in rows) + "\n"  # type: ignore[call-overload]


# -- losses along a line


@pytest.mark.parametrize("header", ["", "x,loss\n", "alpha,train_loss\n", "# x,loss\n", "a,Loss\n"])
@pytest.mark.parametrize("step", [1, -1])
def test_a_line(tmp_path: Path, header: str, step: int) -> None:
    path = written(tmp_path / "s.csv", header + lines(*zip(X[::step], LOSSES[0, ::step])))  # noqa: B905
    verdict = decide(path)
    assert verdict is not None
    assert verdict[:2] == (("landscape", "") if header else ("data", "landscape"))
    found = load_landscape(path)
    assert found.grid.a == pytest.approx(tuple(X))
    assert found.grid.is_line
    assert found.grid.array[0] == pytest.approx(LOSSES[0])
    assert LINE in found.notes[0]
    assert ("to fit these numbers" if header else "the names x,loss above them") in found.notes[1]
    assert not found.ambiguous


def test_a_line_with_several_values_in_any_order_and_a_hole(tmp_path: Path) -> None:
    rows = [[x, 1 + x * x, 90.0, 5.0] for x in X.tolist()]
    rows[2][1] = np.nan
    np.random.default_rng(4).shuffle(rows)
    path = written(tmp_path / "s.csv", lines(["x", "train_loss", "train_acc", "test_loss"], *rows))
    found = load_landscape(path)
    assert kind_of(path) == "landscape"
    assert (found.metric, found.metrics) == ("train_loss", ("train_loss", "train_acc", "test_loss"))
    assert found.grid.values[0][2] is None
    assert found.grid.values[0][:2] == pytest.approx((2.0, 1 + X[1] ** 2))
    assert found.grid.holes == 1
    assert found.grid.names == ("x", "b")
    assert load_landscape(path, metric="test_loss").grid.values[0] == (5.0,) * 7


@pytest.mark.parametrize(
    "header", ["x,y", "x,value", "x,z", "epoch,loss", "step,loss", "x,loss,y", "x,acc", "t,loss"]
)
def test_names_of_data_stay_data(tmp_path: Path, header: str) -> None:
    rows = [[k] * header.count(",") + [k * k] for k in range(6)]
    assert kind_of(written(tmp_path / "s.csv", lines(header.split(","), *rows))) == "data"


def test_a_place_that_is_there_twice(tmp_path: Path) -> None:
    text = lines(["x", "loss"], [0, 1], [2, 3], [1, 2], [2, 4])
    path = written(tmp_path / "s.csv", text)
    assert kind_of(path) == "data"
    with pytest.raises(LandscapeError, match="line 5 is for the point 2, and so is line 3"):
        load_landscape(path)


@pytest.mark.parametrize("rows", [[[0, 1], [1, 2]], [[0, 1], [2, 2], [1, 3]], [[0, 1], [0, 2]] * 2])
def test_two_columns_that_are_no_line(tmp_path: Path, rows: list[list[int]]) -> None:
    path = written(tmp_path / "s.csv", lines(*rows))
    with pytest.raises(RangeNeeded, match="this matrix has no coordinates"):
        load_landscape(path)
    assert load_landscape(path, extent=(0, 1, 0, 1)).grid.array.shape == (len(rows), 2)


def test_two_columns_written_as_two_rows_are_a_matrix(tmp_path: Path) -> None:
    path = written(tmp_path / "s.csv", lines(X, LOSSES[0]))
    with pytest.raises(RangeNeeded):
        load_landscape(path)
    assert load_landscape(path, extent=(0, 1, 0, 1)).grid.array.shape == (2, 7)


# -- a matrix with its coordinates


def table(corner: str, x: object, y: object, delimiter: str = ",") -> str:
    head = delimiter.join([corner, *map(repr, map(float, x))])  # type: ignore[call-overload]
    losses = 1 + np.square(x) + 3 * np.square(y)[:, None]  # type: ignore[call-overload]
    rows = np.column_stack([y, losses]).tolist()  # type: ignore[call-overload]
    return "\n".join([head, *(delimiter.join(map(repr, row)) for row in rows)]) + "\n"


def assert_is_bowl(grid: LossGrid) -> None:
    assert grid.a == pytest.approx(tuple(X))
    assert grid.b == pytest.approx(tuple(Y))
    assert grid.array == pytest.approx(LOSSES)


@pytest.mark.parametrize("corner", ["", "nan", "NaN", "b\\a", '"y"', "loss"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("along", [1, -1])
def test_a_matrix_with_its_coordinates(
    tmp_path: Path, corner: str, delimiter: str, along: int
) -> None:
    path = written(tmp_path / "s.csv", table(corner, X[::along], Y[::-1], delimiter))
    assert kind_of(path) == "landscape"
    found = load_landscape(path)
    assert_is_bowl(found.grid)
    assert found.ambiguous == (corner not in ("b\\a", '"y"'))
    # It has coordinates, and keeps them.
    assert_is_bowl(load_landscape(path, extent=(0, 9, 0, 9)).grid)


def test_a_first_line_without_the_corner(tmp_path: Path) -> None:
    """As R writes tables, and as blanks leave it."""
    path = written(tmp_path / "s.txt", table("", X, Y, " "))
    assert_is_bowl(load_landscape(path).grid)
    path = written(tmp_path / "s.csv", table("", X, Y)[1:])
    assert_is_bowl(load_landscape(path).grid)
    path = written(path, lines(*LOSSES.tolist()).partition(",")[2])
    with pytest.raises(LandscapeError, match="line 2 has 7 cells, but the first has 6"):
        load_landscape(path, extent=(0, 1, 0, 1))


UNEVEN = [-1.0, -0.5, 0.25, 2.0]


def test_uneven_coordinates_need_a_word(tmp_path: Path) -> None:
    path = written(tmp_path / "s.csv", table("y", UNEVEN, Y))
    assert load_landscape(path).grid.a == tuple(UNEVEN)
    path = written(tmp_path / "s.csv", table("", UNEVEN, Y))
    assert load_landscape(path).grid.a == tuple(UNEVEN)
    assert load_landscape(path).ambiguous
    for corner in ("nan",):
        path = written(tmp_path / "s.csv", table(corner, UNEVEN, Y))
        assert kind_of(path) == "landscape"
        with pytest.raises(LandscapeError, match=r"write a word into the first cell, such as b\\a"):
            load_landscape(path)
        # With the range they are losses, and so is the first row.
        assert load_landscape(path, extent=(0, 1, 0, 1)).grid.array.shape == (6, 5)


@pytest.mark.parametrize("corner", ["0", "7", "5.0"])
def test_a_number_in_the_corner_leaves_it_open(tmp_path: Path, corner: str) -> None:
    path = written(tmp_path / "s.csv", table(corner, X, Y))
    with pytest.raises(LandscapeError, match=r"may be coordinates or losses: .* --range A0,A1,B0"):
        load_landscape(path)
    assert load_landscape(path, extent=(0, 1, 0, 1)).grid.array.shape == (6, 8)
    named = path.rename(tmp_path / "s_[0,1,8]x[0,1,6].csv")
    assert load_landscape(named).grid.array.shape == (6, 8)


@pytest.mark.parametrize(
    "losses",
    [
        np.add.outer(np.arange(5.0), np.arange(6.0)),  # a plane: even, and so is the corner
        LOSSES[:3, :4],  # a quarter of a bowl, monotone along both axes
        LOSSES,
        np.random.default_rng(2).random((6, 6)),
        np.where(np.eye(5) == 1, np.nan, LOSSES[:, :5]),
    ],
)
def test_losses_are_not_taken_for_coordinates(tmp_path: Path, losses: np.ndarray) -> None:
    np.savetxt(tmp_path / "s.csv", losses, delimiter=",")
    with pytest.raises(RangeNeeded):
        load_landscape(tmp_path / "s.csv")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("w,0,2,2\n0,1,1,1\n1,1,1,1\n", "but there is one twice, or missing"),
        ("w,0,1,2\n0,1,1,1\n0,1,1,1\n", "but there is one twice, or missing"),
        ("w,0,1,2\n0,1,1,1\nnan,1,1,1\n", "but there is one twice, or missing"),
        ("w,0,1,2\n0,1,1,1\n", "needs 2 points each way, but this has 1 × 3"),
        ("w,0,1,2\n", "needs 2 points each way, but this has 0 × 3"),
        ("w,0,1,2\n0,1,1\n1,1,1\n", "line 2 has 3 cells, but the first has 4"),
        ("w,0,1,inf\n0,1,1,1\n1,1,1,1\n", "line 1, column 1 holds w, which is not a number"),
    ],
)
def test_matrices_with_a_word_that_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(LandscapeError, match=words):
        load_landscape(written(tmp_path / "s.csv", text), extent=(0, 1, 0, 1))


#: f(a, b) = a + 10 b, of three a and two b, by rows of a and by rows of b.
BY_A = "{},-2.0,2.0\n-1.0,-21,19\n0.0,-20,20\n1.0,-19,21\n"
BY_B = "{},-1.0,0.0,1.0\n-2.0,-21,-20,-19\n2.0,19,20,21\n"


@pytest.mark.parametrize(
    ("text", "corner", "names", "note"),
    [
        # The word before the backslash names the rows, and so does one alone, as of pandas's pivot.
        (BY_A, "a\\b", ("a", "b"), ""),
        (BY_B, "b\\a", ("a", "b"), ""),
        (BY_A, "x\\y", ("x", "y"), ""),
        (BY_B, "y \\ x", ("x", "y"), ""),
        (BY_A, "alpha\\beta", ("alpha", "beta"), ""),
        (BY_A, "w1/w2", ("w1", "w2"), ""),
        (BY_A, "weight\\bias", ("weight", "bias"), ""),
        (BY_A, "a", ("a", "b"), ""),
        (BY_B, "b", ("a", "b"), ""),
        (BY_B, "y", ("x", "y"), ""),
        (BY_A, "alpha", ("alpha", "beta"), ""),
        (BY_B, "beta", ("alpha", "beta"), ""),
        # Unknown words are said.
        (BY_B, "\\a", ("a", "b"), "does not say which axis comes first"),
        (BY_A, "foo\\bar", ("foo", "bar"), "rows by foo, columns by bar"),
        (BY_A, "momentum", ("momentum", "b"), "rows by momentum"),
        (BY_A, "theta1", ("theta1", "b"), "rows by theta1"),  # of theta0, theta1 or theta1, theta2
        (BY_B, "loss", ("a", "b"), "does not say which axis comes first"),
    ],
)
def test_the_first_cell_names_the_rows(
    tmp_path: Path, text: str, corner: str, names: tuple[str, str], note: str
) -> None:
    path = written(tmp_path / "s.csv", text.format(corner))
    found = load_landscape(path)
    assert kind_of(path) == "landscape"
    assert found.grid.names == names
    assert (found.grid.a, found.grid.b) == ((-1.0, 0.0, 1.0), (-2.0, 2.0))
    assert found.grid.values == ((-21, -20, -19), (19, 20, 21))
    assert found.ambiguous is bool(note)
    assert note in " ".join(found.notes)
    if found.ambiguous:
        other = load_landscape(path, transpose=True).grid
        assert (other.a, other.b) == (found.grid.b, found.grid.a)
        assert other.values == ((-21, 19), (-20, 20), (-19, 21))
        assert found.grid.transposed() == other
        assert other.transposed() == found.grid
    else:
        with pytest.raises(LandscapeError, match="so it is not transposed"):
            load_landscape(path, transpose=True)


PIVOTS = {
    "of one column": BY_A.format("a"),
    "whose index was reset": ",a,-2.0,2.0\n0,-1.0,-21,19\n1,0.0,-20,20\n2,1.0,-19,21\n",
    "of a list": ",loss,loss\nb,-2.0,2.0\na,,\n-1.0,-21,19\n0.0,-20,20\n1.0,-19,21\n",
    "of a list, reset": "a,loss,loss\n,-2.0,2.0\n-1.0,-21,19\n0.0,-20,20\n1.0,-19,21\n",
    "in any order": "a,2.0,-2.0\n0.0,20,-20\n-1.0,19,-21\n1.0,21,-19\n",
    "with merged cells": "a,b,loss\n-1,-2,-21\n,2,19\n0,-2,-20\n,2,20\n1,-2,-19\n,2,21\n",
    "of two columns": ",acc,acc,loss,loss\nb,-2.0,2.0,-2.0,2.0\na,,,,\n-1.0,9,8,-21,19\n"
    "0.0,7,6,-20,20\n1.0,5,4,-19,21\n",
    "as printed": "b     -2.0   2.0\na               \n-1.0 -21.0  19.0\n 0.0 -20.0  20.0\n"
    " 1.0 -19.0  21.0\n",
    "in rows": "a,b,loss\n"
    + "".join(f"{a},{b},{a + 10 * b}\n" for a in (-1, 0, 1) for b in (-2, 2)),
}


@pytest.mark.parametrize("pivot", PIVOTS)
def test_tables_of_pandas(tmp_path: Path, pivot: str) -> None:
    """As pandas 3.0 writes them."""
    path = written(tmp_path / "s.csv", PIVOTS[pivot])
    assert kind_of(path) == "landscape"
    found = load_landscape(path)
    assert found.grid.names == ("a", "b")
    assert found.grid.values == ((-21, -20, -19), (19, 20, 21))
    assert not found.ambiguous
    if pivot == "of two columns":
        assert (found.metric, found.metrics) == ("loss", ("acc", "loss"))
        assert load_landscape(path, metric="acc").grid.values == ((9, 7, 5), (8, 6, 4))


@pytest.mark.parametrize(
    "text",
    [
        "{0},0,1,2\n0,1.5,2,3\n1,4,5,6\n2,7,8,9\n",  # pandas
        '"","V1","V2","V3"\n"1",1.5,2,3\n"2",4,5,6\n"3",7,8,9\n',  # R
    ],
)
def test_numbers_of_rows_and_columns_are_no_coordinates(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "s.csv", text.format(""))
    assert kind_of(path) == "landscape"
    with pytest.raises(RangeNeeded, match="no coordinates"):
        load_landscape(path)
    grid = load_landscape(path, extent=(-1, 1, 0, 2)).grid
    assert (grid.a, grid.values[0]) == ((-1, 0, 1), (1.5, 2, 3))


# -- trajectories


@pytest.mark.parametrize(
    "text",
    [
        "0.9,0.8\n0.5,0.25\n", "x,y\n0.9,0.8\n0.5,0.25\n", "y,x\n0.8,0.9\n0.25,0.5\n",
        ",0,1\n0,0.9,0.8\n1,0.5,0.25\n", "step,loss,x,y\n0,3,0.9,0.8\n1,2,0.5,0.25\n",
        "0;0,9;0,8\n10;0,5;0,25\n", "lr,epoch,wd\n0.9,0,0.8\n0.5,1,0.25\n", "0.9 0.8\n0.5 0.25\n",
        "t,first,second\n0,0.9,0.8\n1,0.5,0.25\n", "p,q,name\n0.9,0.8,start\n0.5,0.25,end\n",
    ],
)  # fmt: skip
def test_trajectories(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "t.csv", text)
    assert load_trajectory(path, ("lr", "wd"))[0] == ((0.9, 0.8), (0.5, 0.25))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("u,q,r\n0.9,1,2\n0.5,2,3\n", "this has the columns u, q, r"),
        ("1,2,3,4\n1,2,3,4\n", "has 4 columns"),
        ("x,y\n1,\n2,3\n", "goes through nan"),
        ("", "this file is empty"),
        ("x\\y,1,2\n1,3,4\n", "this has 3 columns"),
    ],
)
def test_what_is_no_trajectory(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(LandscapeError, match=words):
        load_trajectory(written(tmp_path / "t.csv", text))


# -- points


POINTS = [[0, 0, 1], [1, 0, 2], [0, 1, 3], [1, 1, 4]]


@pytest.mark.parametrize("header", [[], ["x", "y", "loss"], ["a", "b", "loss"]])
def test_a_point_that_is_there_twice(tmp_path: Path, header: list[str]) -> None:
    rows = [header, *POINTS] if header else POINTS
    path = written(tmp_path / "s.csv", lines(*rows, [0, 1, 5]))
    number = len(rows) + 1
    sentence = f"line {number} is for the point 0, 1, and so is line {number - 2}"
    with pytest.raises(LandscapeError, match=sentence):
        load_landscape(path)
    assert kind_of(path) == "landscape"  # refused, rather than fitted
    found = load_landscape(written(path, lines(*rows, [0, 1, 3])))
    assert found.notes == ("1 repeated row is left out",)
    assert found.grid.values == ((1, 2), (3, 4))


def test_a_matrix_of_small_numbers_is_not_points(tmp_path: Path) -> None:
    small = np.random.default_rng(3).integers(0, 3, (40, 6))
    np.savetxt(tmp_path / "s.csv", small, delimiter=",")
    with pytest.raises(RangeNeeded):
        load_landscape(tmp_path / "s.csv")


# -- damage


def damaged(text: str, count: int, seed: int) -> Iterator[str]:
    """Texts with pieces cut out, doubled, and replaced by what tables are made of."""
    random = np.random.default_rng(seed)
    letters = '0123456789.,;\t\n -+enaif"#x\\'
    for _ in range(count):
        at, to = sorted(random.integers(len(text) + 1, size=2).tolist())
        to = min(to, at + 12)
        piece = "".join(random.choice(list(letters), size=random.integers(5)))
        middle = [piece, "", text[at:to] * 2][int(random.integers(3))]
        yield text[:at] + middle + text[to:]


@pytest.mark.sampled(8)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "text",
    [
        lines(*zip(X, LOSSES[0], strict=True)),
        "x,loss\n" + lines(*zip(X, LOSSES[0], strict=True)),
        "x,train_loss,test_acc\n" + lines(*zip(X, LOSSES[0], X, strict=True)),
        table("", X, Y), table("b\\a", X, Y), table("0", X, Y), table("", X, Y, " "),
        lines(*POINTS, [0, 1, 5]),
    ],
    ids=["line", "named line", "metrics", "empty", "word", "number", "blanks", "twice"],
)  # fmt: skip
def test_damage(tmp_path: Path, text: str, seed: int) -> None:
    path = tmp_path / "s.csv"
    refusals = []
    for changed in damaged(text, 100, seed):
        path.write_text(changed)
        decide(path)
        try:
            grid = load_landscape(path).grid
        except LandscapeError as error:
            refusals.append(str(error))
        else:
            assert grid.array.shape == (len(grid.b), len(grid.a))
    assert refusals
    assert all(sentence.isprintable() and len(sentence) < 300 for sentence in refusals)


@pytest.mark.parametrize(
    ("names", "first"),
    [
        ("run,u,v,quality", 0),
        ("lfd,u,v,quality", 1),  # it counts the rows, whatever it is called
        ("u,v,trial,quality", 7),
        ("u,v,iterations,quality", 3),
    ],
)
def test_a_column_that_numbers_the_rows_is_not_the_loss_where_there_is_another(
    tmp_path: Path, names: str, first: int
) -> None:
    columns = names.split(",")
    points = [(x, y) for y in Y.tolist() for x in X.tolist()]
    rows = [
        {"u": x, "v": y, "quality": 1 + x**2 + 3 * y**2}.get(name, first + k)
        for k, (x, y) in enumerate(points)
        for name in columns
    ]
    table = np.reshape(rows, (-1, len(columns))).tolist()
    found = load_landscape(written(tmp_path / "s.csv", lines(columns, *table)))
    assert found.metric == "quality"
    assert found.grid.array == pytest.approx(LOSSES)
    alone = [[row[columns.index("u")], row[columns.index("v")], k] for k, row in enumerate(table)]
    found = load_landscape(written(tmp_path / "t.csv", lines("uvn", *alone)))
    assert (found.metric, found.grid.array[0, 3]) == ("n", 3)  # there is no other
