"""Headers × structures: a grid of points is a landscape whatever its columns are called.

The function is asymmetric and the grid is not square, so that an exchange of the axes shows.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gdviz.files.landscape_formats.point_rows import find_points, known_pair
from gdviz.files.landscapes import decide, load_landscape
from gdviz.files.text_table import Table

A, B = np.linspace(-1, 1, 5), np.linspace(0, 3, 4)
Points = list[tuple[float, ...]]


def f(a: float, b: float) -> float:
    return 3 * a * a + b + 0.25 * a * b


#: Where a loss's name leaves no doubt.
SURE = [
    "weight,bias,loss", "theta0,theta1,J", "lr,wd,loss", "x1,x2,loss", "slope,intercept,mse",
    "w,b,cost", "x,y,loss", "a,b,z", "alpha,beta,train_loss", "w0,w1,loss", "w1,w2,error",
    "p,q,f", "u,v,value", "k,m,rmse", "learning_rate,weight_decay,val_loss", "Weight 1,Bias 1,MSE",
    "θ₀,θ₁,Loss", "θ1,θ2,J", "d1,d2,test_acc", "n,pi,loss", "sum,mean,cost", "m,c,sse",
    "dir 1,dir 2,Loss (train)", "first,second,energy", "sigma,mu,nll", "c0,c1,objective",
    "x,y,z", "i,j,accuracy", "depth,width,loss", "beta0,beta1,RSS", "w_1,w_2,Cost", "A,B,F",
]  # fmt: skip
#: Where it may be data as well: a landscape, and the other reading is offered.
ASKED = [
    "x1,x2,y", "temperature,pressure,yield", "x,y,height", "a,b,c", "p1,p2,residual", "u,v,w",
    "time,dose,response", "lat,lon,depth", "col1,col2,col3",
]  # fmt: skip


def points() -> Points:
    return [(a, b, f(a, b)) for a in A.tolist() for b in B.tolist()]


def shuffled(rows: Points) -> Points:
    order = np.random.default_rng(5).permutation(len(rows))
    return [rows[k] for k in order]


def written(header: str, rows: Points, delimiter: str = ",", comma: str = ".") -> str:
    lines = [header.replace(",", delimiter)]
    lines += [delimiter.join(repr(v).replace(".", comma) for v in row) for row in rows]
    return "\n".join(lines) + "\n"


def indexed(header: str, first: str) -> str:
    head, *lines = written(header, points()).splitlines()
    return "\n".join([f"{first},{head}", *(f"{k},{line}" for k, line in enumerate(lines))]) + "\n"


def beside(header: str, name: str, cells: list[str]) -> str:
    head, *lines = written(header, points()).splitlines()
    added = [f"{line},{cells[k % len(cells)]}" for k, line in enumerate(lines)]
    return "\n".join([f"{head},{name}", *added]) + "\n"


STRUCTURES: dict[str, Callable[[str], str]] = {
    "in order": lambda header: written(header, points()),
    "b first": lambda header: written(header, sorted(points(), key=lambda row: row[1])),
    "in any order": lambda header: written(header, shuffled(points())),
    "a hole": lambda header: written(header, points()).replace(repr(f(-0.5, 1.0)), "nan"),
    "an empty cell": lambda header: written(header, points()).replace(repr(f(-0.5, 1.0)), ""),
    "a missing row": lambda header: written(header, [p for p in points() if p[:2] != (-0.5, 1.0)]),
    "an index": lambda header: indexed(header, ""),
    "an unnamed index": lambda header: indexed(header, "Unnamed: 0"),
    "semicolons and decimal commas": lambda header: written(header, points(), ";", ","),
    "tabs": lambda header: written(header, points(), "\t"),
    "a column of text": lambda header: beside(header, "optimizer", ["sgd", "adam"]),
    "another metric": lambda header: beside(header, "seconds", ["1.5", "2.5", "0.5"]),
    "a row twice": lambda header: written(header, [*points(), points()[3]]),
}


@pytest.mark.parametrize("structure", STRUCTURES)
def test_headers(tmp_path: Path, structure: str) -> None:
    path = tmp_path / "s.csv"
    for header in [*SURE, *ASKED]:
        path.write_text(STRUCTURES[structure](header), encoding="utf-8")
        verdict = decide(path)
        assert verdict is not None
        assert verdict[:2] == ("landscape", "" if header in SURE else "data"), header
        assert (header.split(",")[0] in verdict.why) is (header in ASKED)
        grid = load_landscape(path).grid
        assert grid.names == tuple(header.split(",")[:2])
        assert (*grid.a, *grid.b) == pytest.approx((*A, *B))
        hole = "hole" in structure or "missing" in structure or "empty" in structure
        for j, b in enumerate(B.tolist()):
            for i, a in enumerate(A.tolist()):
                expected = None if hole and (a, b) == (-0.5, 1.0) else f(a, b)
                assert grid.values[j][i] == (expected and pytest.approx(expected)), header


def test_without_names(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(written("", shuffled(points())).lstrip())
    assert decide(path) == ("landscape", "", "")
    grid = load_landscape(path).grid
    assert grid.values[3][4] == pytest.approx(f(1, 3))


def test_names_in_the_other_order_are_the_same_axes(tmp_path: Path) -> None:
    """As xarray's to_dataframe writes a data set with the dimensions y and x."""
    path = tmp_path / "s.csv"
    rows: Points = [(b, a, f(a, b)) for b in B.tolist() for a in A.tolist()]
    for names in ("y,x", "b,a", "beta,alpha", "w1,w0", "bias,weight", "intercept,slope", "Y,X"):
        path.write_text(written(f"{names},loss", rows))
        grid = load_landscape(path).grid
        assert grid.names == tuple(names.split(","))[::-1]
        assert (len(grid.a), len(grid.b)) == (5, 4)
        assert grid.values[3][4] == pytest.approx(f(1, 3))
    assert known_pair("x 1", "x_2") == 1
    assert known_pair("beta", "alpha") == -1
    assert known_pair("x", "beta") == 0


@pytest.mark.parametrize("header", ["loss,a,b", "a,loss,b", "step,a,b,loss", "run,loss,a,acc,b"])
def test_the_coordinates_may_stand_anywhere(tmp_path: Path, header: str) -> None:
    path = tmp_path / "s.csv"
    other = iter(np.random.default_rng(1).random(1000).tolist())
    rows: Points = []
    for k, (a, b, loss) in enumerate(shuffled(points())):
        known = {"a": a, "b": b, "loss": loss, "step": float(k), "run": float(k)}
        rows.append(tuple(known.get(name) or next(other) if name == "acc" else known[name]
                          for name in header.split(",")))  # fmt: skip
    path.write_text(written(header, rows))
    assert decide(path) == ("landscape", "", "")
    found = load_landscape(path)
    assert (found.metric, found.grid.names) == ("loss", ("a", "b"))
    assert found.grid.values[3][4] == pytest.approx(f(1, 3))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (np.logspace(-12, 0, 13), np.logspace(-6, -1, 6)),
        (np.arange(-3.0, 4), np.arange(5.0)),
        (np.arange(-1, 1.05, 0.1), np.linspace(-1, 1, 7)),  # 0 is -2e-16
    ],
)
def test_axes(tmp_path: Path, a: np.ndarray, b: np.ndarray) -> None:
    path = tmp_path / "s.csv"
    path.write_text(
        written("lr,wd,loss", [(x, y, x + 2 * y) for y in b.tolist() for x in a.tolist()])
    )
    assert decide(path) == ("landscape", "", "")
    grid = load_landscape(path).grid
    assert (*grid.a, *grid.b) == pytest.approx((*a, *b), rel=1e-12, abs=1e-15)
    assert grid.values[2][5] == pytest.approx(a[5] + 2 * b[2])


def test_zero_printed_with_noise_is_one_number(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    rows = [(x + noise, y, x * x + y) for x in (-1.0, 0.0, 1.0) for y, noise in
            ((0.0, 0.0), (1.0, 2e-16), (2.0, -3e-17))]  # fmt: skip
    path.write_text(written("x,y,loss", rows))
    assert len(load_landscape(path).grid.a) == 3


@pytest.mark.parametrize(
    ("text", "kind", "other"),
    [
        # Not a grid, whatever the names say.
        ("x,y,loss\n0,1,2\n1,3,4\n2,5,3\n3,2,2\n4,4,4\n", "data", ""),
        ("height,weight,age\n170,65,30\n180,80,41\n165,60,25\n170,70,50\n", "data", ""),
        # A coordinate for each row, beside a class.
        ("x,group,y\n1,0,2\n2,1,3\n3,0,4\n4,1,5\n5,0,1\n6,1,2\n", "data", ""),
        # Two values each way, or two values in all: data in the first place.
        ("x1,x2,y\n0,0,1\n0,1,2\n1,0,3\n1,1,4\n", "data", "landscape"),
        ("x1,x2,label\n" + "".join(f"{a},{b},{(a > b) - (a <= b)}\n" for a in range(3)
                                   for b in range(4)), "data", "landscape"),
        # Several observations at each point.
        ("t,u,w\n0,0,1\n0,1,2\n1,0,3\n1,1,4\n2,0,1\n2,1,5\n0,0,2\n", "data", ""),
        ("1,2\n2,3\n3,1\n", "data", "landscape"),
        ("2,2\n1,3\n3,1\n", "data", ""),
        ("\n".join(f"{k * k % 17},{k},{k % 5}" for k in range(40)), "data", "landscape"),
        ("1,2,3\n4,5,6\n7,8,9\n", "landscape", ""),
        ("x,loss\n1,2\n2,3\n", "landscape", ""),
        ("epoch,loss\n1,2\n2,3\n", "data", ""),
    ],
)  # fmt: skip
def test_what_else_there_is(tmp_path: Path, text: str, kind: str, other: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text(text)
    verdict = decide(path)
    assert verdict is not None
    assert verdict[:2] == (kind, other)
    assert bool(verdict.why) is bool(other)


@pytest.mark.parametrize("order", [[0, 1, 2], [1, 0, 2]])
@pytest.mark.parametrize(("least", "width", "length"), [(0.75, 2, 8), (0.5, 3, 8)])
def test_the_longest_axis_that_so_many_points_can_have(
    least: float, width: int, length: int, order: list[int]
) -> None:
    places = [(a, b) for a in range(length) for b in range(width)]
    places.sort(key=lambda place: min(place) > 0)  # a row and a column of the grid first
    rows = np.array([(*place, f(*place)) for place in places])[:, order]
    for count, share in ((round(least * len(rows)), least), (round(least * len(rows)) - 1, None)):
        found = find_points(Table(("x", "y", "loss"), rows[:count], range(2, count + 2)))
        assert (found and found.share) == share
