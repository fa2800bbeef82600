"""Data that people bring: which columns there are, what they are called, and what is left out."""

from pathlib import Path

import pytest

from gdviz.files.csv_data import DataError, load_data, writable_names

COUNTED = "the first column counts the rows, and is left out"


@pytest.mark.parametrize(
    ("text", "columns", "notes"),
    [
        ("x,y\n1,2\n3,4\n", {"x": (1, 3), "y": (2, 4)}, []),
        ("x;y\n1,5;2\n3,25;4\n", {"x": (1.5, 3.25), "y": (2, 4)}, ["decimal comma: 1,5"]),
        ("x\ty\n1,5\t2\n3\t4\n", {"x": (1.5, 3), "y": (2, 4)}, ["decimal comma"]),
        ('x,y\n"1,5",2\n"3,25",4\n', {"x": (1.5, 3.25), "y": (2, 4)}, ["decimal comma"]),
        ('x,y\n"1,500",2\n"3,250",4\n', {"x": (1500, 3250), "y": (2, 4)}, ["of thousands"]),
        ('x,y\n1,"1,23,456"\n3,"12,34,567"\n', {"x": (1, 3), "y": (123456, 1234567)},
         ["of thousands"]),
        ("x y\n1 2\n3 4\n", {"x": (1, 3), "y": (2, 4)}, []),
        ("# x y\n1 2\n3 4\n", {"x": (1, 3), "y": (2, 4)}, []),
        (",x,y\n0,1,2\n1,3,4\n", {"x": (1, 3), "y": (2, 4)}, [COUNTED]),
        (",x,y\n7,1,2\n3,3,4\n", {"x": (1, 3), "y": (2, 4)}, [COUNTED]),  # rows were taken out
        ("Unnamed: 0.1,Unnamed: 0,x,y\n0,0,1,2\n1,1,3,4\n", {"x": (1, 3), "y": (2, 4)}, [COUNTED]),
        ('"","x","y"\n"1",1,2\n"2",3,4\n', {"x": (1, 3), "y": (2, 4)}, [COUNTED]),  # R's write.csv
        ('"x" "y"\n"1" 1 2\n"2" 3 4\n', {"x": (1, 3), "y": (2, 4)}, [COUNTED]),  # R's write.table
        ('"x" "y"\n"Mazda" 1 2\n"Fiat" 3 4\n', {"x": (1, 3), "y": (2, 4)}, ["columns of text"]),
        ("index,y\n5,1\n7,2\n", {"index": (5, 7), "y": (1, 2)}, []),
        (",y\n5,1\n7,2\n", {"x": (5, 7), "y": (1, 2)}, []),  # a series of pandas
        ("11.5,2\n3,4\n7,8\n", {"x": (11.5, 3, 7), "y": (2, 4, 8)}, ["are called x, y"]),
        ("1,2,3\n4,5,7\n", {"x1": (1, 4), "x2": (2, 5), "y": (3, 7)}, ["are called x1, x2, y"]),
        (",0,1\n0,.9,.8\n1,.8,.6\n", {"x": (0.9, 0.8), "y": (0.8, 0.6)}, ["counted", "x, y"]),
        ("0,1\n.9,.8\n.8,.6\n", {"x": (0.9, 0.8), "y": (0.8, 0.6)}, ["first line counts", "x, y"]),
        ("name,x,y\nfoo,1,2\nbar,3,4\n", {"x": (1, 3), "y": (2, 4)}, ["are left out: name"]),
        ("5.1,3.5,setosa\n4.9,3,setosa\n", {"x": (5.1, 4.9), "y": (3.5, 3)}, ["column 3", "x, y"]),
        ("sep=;\nx;y\n1;2\n3;4\n", {"x": (1, 3), "y": (2, 4)}, []),
        ("My data\nx,y\n1,2\n3,4\n", {"x": (1, 3), "y": (2, 4)}, ["line 1 is left out"]),
        ("x,y\nkg,\n1,2\n3,4\n", {"x": (1, 3), "y": (2, 4)}, ["line 2 is left out"]),
        (",x,y\n0.0,1,2\n1.0,3,4\n", {"x": (1, 3), "y": (2, 4)}, [COUNTED]),
        ("x,y,\n1,2,\n3,4,\n", {"x": (1, 3), "y": (2, 4)}, []),
        ("x,y\n1,2,\n3,4,\n", {"x": (1, 3), "y": (2, 4)}, []),
        ("x,y\n1,2\n,3\n4,NA\n5,6\n", {"x": (1, 5), "y": (2, 6)}, ["2 of 4 rows are left out"]),
        ("x,y\n1,2\n5,nan\n", {"x": (1,), "y": (2,)}, ["1 of 2 rows is left out"]),
        ("day,temp\nMon,7\nTue,9\n", {"x": (1, 2), "temp": (7, 9)},
         ["are left out: day", "only one column of numbers: x is the number of the row"]),
        ("x\n7\n9\n", {"row": (1, 2), "x": (7, 9)}, ["row is the number of the row"]),
        ("x,y\n1,−2\n3,4\n", {"x": (1, 3), "y": (-2, 4)}, []),
        ("x,y\n1,True\n3,False\n", {"x": (1, 3), "y": (1, 0)}, []),
        ("x;y\n1.500,5;2\n3,25;4\n", {"x": (1500.5, 3.25), "y": (2, 4)}, ["1.500,5"]),
        ("x,y\r1,2\r3,4\r", {"x": (1, 3), "y": (2, 4)}, []),
        ("Weight 1 (kg),y\n1,2\n3,4\n", {"weight_1": (1, 3), "y": (2, 4)},
         ["Weight 1 (kg) → weight_1"]),
        ("a,b\n1,2\n3,4\n", {"col_a": (1, 3), "col_b": (2, 4)}, ["a → col_a, b → col_b"]),
    ],
)  # fmt: skip
def test_tables(
    tmp_path: Path, text: str, columns: dict[str, tuple[float, ...]], notes: list[str]
) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes(text.encode())
    data, said = load_data(path)
    assert data.columns == columns
    assert len(said) == len(notes)
    assert all(words in note for words, note in zip(notes, said, strict=True))


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (["x", "height", "Größe", "θ", "x_1"], ["x", "height", "Größe", "θ", "x_1"]),
        (["Weight 1 (kg)", "Height [cm]", "2nd"], ["weight_1", "height", "col_2nd"]),
        (["a", "b", "n", "pi", "sum", "e", "exp"],
         ["col_a", "col_b", "col_n", "col_pi", "col_sum", "col_e", "col_exp"]),
        (["x", "x", "x"], ["x", "x_2", "x_3"]),
        (["A B", "a_b", "(kg)", ""], ["a_b_2", "a_b", "col_3", "col_4"]),
        (["$loss$", "y-value", "temp °C", "x.1", "%"],
         ["loss", "y_value", "temp_c", "x_1", "col_5"]),
        (["l" * 80, "l" * 90], ["l" * 22, f"{'l' * 22}_2"]),
        (["a", "col_a"], ["col_a_2", "col_a"]),
    ],
)  # fmt: skip
def test_names_that_a_formula_can_hold(names: list[str], written: list[str]) -> None:
    assert writable_names(names) == written
    assert writable_names(written) == written


def test_a_comma_that_may_be_a_decimal_one(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("x\n1,5\n2,5\n")
    with pytest.raises(DataError, match="line 2 has 2 cells, but the first has 1"):
        load_data(tmp_path / "d.csv")


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read: no such file"):
        load_data(tmp_path / "d.csv")


@pytest.mark.parametrize(
    ("header", "is_said"),
    [("lr,wd,loss", True), ("wd,lr,final loss", True), ("trial,lr,wd,loss", True),
     ("w1,w2,mse", True), ("age,height,weight", False), ("x1,x2,y", False), ("lr,wd", False)],
)  # fmt: skip
def test_losses_at_points_of_no_grid_are_said_to_be_data(
    tmp_path: Path, header: str, is_said: bool
) -> None:
    """A random search; it was fitted without a word."""
    width = header.count(",") + 1
    path = tmp_path / "search.csv"
    rows = [[k, 0.37 * k**2 % 1, 0.61 * k**3 % 1, 0.5 + k % 3][-width:] for k in range(1, 13)]
    path.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows)]))
    _, notes = load_data(path)
    said = [note for note in notes if "lie on no grid" in note]
    assert bool(said) == is_said
    if header == "trial,lr,wd,loss":
        assert said == [
            "the columns lr and wd may be where loss was computed, but these points lie on no "
            "grid, of which a map could be drawn: the table is read as data"
        ]
