"""Random files of each kind: whole ones of odd content, and damaged ones."""

import io
import json
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import h5py
import numpy as np

from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction, SurfaceFunction
from gdviz.experiment.json_file import to_json
from tests.fuzz.formulas import random_formula

#: What stands where a number, a name or a value is expected.
ODD_WORDS = (
    "", " ", "0", "-0", "1e999", "-1e-999", "nan", "inf", "null", "true", "[]", "{}", '""', "1_0",
    "9" * 400, "0x10", "١٢", "½", "−1", "a", "b", "x", "loss", "kind", "\\ud800", "\x00", "\x1b[1m",
    "[" * 70, '{"a":' * 70, "é", "\u202e", "1,2", "1;2", '"', "\t", "\r", "None", "1.5.2",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, -1e308, 5e-324, 10**30, "", "a", "x" * 2_000, "\x1b[1m", [],
    {}, [[]], [1, "2"], [[1, 2], [3]], {"": 1}, {"0": 1, "1": 2}, [None] * 3, [[[[1]]]],
    {"dtype": "f8", "bdata": "AAAA"}, list(range(300)), "formula", "surface", 2, 1,
)  # fmt: skip
NAMES = (
    "x", "y", "z", "a", "b", "loss", "train_loss", "acc", "xcoordinates", "ycoordinates", "data",
    "0", "alpha", "a/b", " ", "é", "name", "weights", "trajectory", "proj_xcoord", "proj_ycoord",
)  # fmt: skip


def damaged(source: random.Random, content: bytes) -> bytes:
    """Return a content with one to four places changed: bits, pieces lost, doubled or exchanged."""
    bad = bytearray(content)
    for _ in range(source.randint(1, 4)):
        start = source.randrange(len(bad) + 1)
        end = min(len(bad), start + source.choice((1, 1, 2, 8, 100)))
        match source.randrange(6):
            case 0 if start < len(bad):
                bad[start] ^= 1 << source.randrange(8)
            case 1:
                del bad[start:end]
            case 2:
                bad[start:end] = 2 * bad[start:end]
            case 3:
                bad[start:end] = source.choice(ODD_WORDS).encode()
            case 4:
                bad[start:end] = source.randbytes(end - start)
            case _ if source.random() < 0.2:
                del bad[start:]
    return bytes(bad)


def random_json(source: random.Random, whole: Any) -> bytes:
    """Return an object as JSON after some of its values, at any depth, were replaced or doubled."""
    whole = json.loads(json.dumps(whole))
    for _ in range(source.randint(0, 3)):
        node = whole
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = source.choice(keys)
            child = node[key]
            if isinstance(child, dict | list) and source.random() < 0.7:
                node = child
                continue
            match source.randrange(4):
                case 0:
                    del node[key]
                case 1 if isinstance(node, dict):
                    node[source.choice(NAMES)] = child
                case _:
                    node[key] = deepcopy(source.choice(ODD_VALUES))
            break
    return json.dumps(whole).encode()


def experiment_json(source: random.Random) -> bytes:
    """Return an experiment on a surface, a formula with data, or a grid."""
    columns = {"x": [0.0, 1.0, 2.0], "y": [1.0, 3.0, 5.0]}
    axis = [-1.0, 0.0, 1.0]
    function: Any = source.choice((
        {"kind": "surface", "name": source.choice(("himmelblau", "booth", "least-squares"))},
        {"kind": "formula", "text": "mean((k*a*x + b - y)^2)", "constants": {"k": 2.0},
         "constant_ranges": {"k": [0, 3]}, "data": {"columns": columns, "source": "d.csv"},
         "model": "k*a*x + b", "candidate_gradient": ["2*a", "b"], "title": "Mine"},
        {"kind": "formula", "text": random_formula(source, 3), "home": [-1, 1, -2, 2]},
        {"kind": "grid", "grid": {"a": axis, "b": axis, "values": [[1, 2, 3], [4, None, 6],
                                  [7, 8, 9]], "trajectory": [[0, 0], [1, 1]]}},
    ))  # fmt: skip
    fields = {
        "version": source.choice((1, 2, 2, 2, 2)), "function": function, "start": [0.5, 0.5],
        "more_starts": [[0, 1]], "alpha": 0.1, "schedule": "constant", "steps": 5,
        "methods": [{"estimate": "analytic", "options": {}}, {"estimate": "central", "rule": "adam",
                    "epsilon": 1e-3, "color": "#ff0000", "options": {"beta1": 0.8}}],
    }  # fmt: skip
    return random_json(source, fields)


def saved_experiment(source: random.Random) -> bytes:
    """Return an experiment as this program saves it."""
    formula = FormulaFunction(source.choice(("a^2 + k*b^2", "sin(a*b)/k")), constants={"k": 3.0})
    function = source.choice((formula, SurfaceFunction("booth")))
    methods = (Method("analytic"), Method("central", "momentum"))
    return to_json(Experiment(function=function, methods=methods)).encode()


def _losses(source: random.Random) -> tuple[list[float], list[float], list[list[float]]]:
    a = [float(i) for i in range(source.randint(1, 6))]
    b = [i / 2 - 1 for i in range(source.randint(1, 6))]
    return a, b, [[x * x + y + source.random() for x in a] for y in b]


def json_arrays(source: random.Random) -> bytes:
    """Return arrays under names, rows of named numbers, or a figure of Plotly."""
    a, b, values = _losses(source)
    x, y, z = (source.choice(NAMES) for _ in "xyz")
    whole: Any = source.choice((
        {x: a, y: b, z: values},
        {"grid": {x: a, y: b}, z: values},
        [{x: p, y: q, z: p * q} for p in a for q in b],
        {name: dict(enumerate(column)) for name, column in ((x, a), (y, b), (z, a))},
        {"data": [{"type": source.choice(("surface", "contour", "bar")), "x": a, "y": b,
                   "z": values, "x0": 0, "dx": 1}], "layout": {}},
    ))  # fmt: skip
    return random_json(source, whole)


def text_table(source: random.Random) -> bytes:
    """Return lines of cells: points of a grid, a matrix, or columns; some cells odd."""
    a, b, values = _losses(source)
    names = [source.choice(NAMES) for _ in range(source.randint(1, 4))]
    rows: list[list[Any]] = source.choice((
        [[x, y, *(x * y + i for i in range(len(names) - 2))] for x in a for y in b],
        [["", *a]] + [[y, *row] for y, row in zip(b, values, strict=True)],
        values,
        [[source.random() for _ in names] for _ in range(source.randint(0, 20))],
    ))  # fmt: skip
    if source.random() < 0.8:
        rows = [names, *rows]
    cells = [list(map(str, row)) for row in rows]
    for _ in range(source.choice((0, 0, 1, 2))):
        row = source.choice(cells) if cells else [""]
        if row:
            row[source.randrange(len(row))] = source.choice(ODD_WORDS)
    delimiter = source.choice((",", ",", ";", "\t", " "))
    end = source.choice(("\n", "\n", "\r\n", "\n\n"))
    return end.join(delimiter.join(row) for row in cells).encode()


def random_array(source: random.Random) -> Any:
    """Return an array of some type and shape, most of them numbers of one or two dimensions."""
    shape = tuple(source.randint(0, 6) for _ in range(source.choice((0, 1, 1, 2, 2, 2, 3, 4))))
    kind = source.choice(("f8", "f8", "f8", ">f8", "f4", "f2", "i8", "u1", "?", "c16", "S3"))
    numbers = np.random.default_rng(source.getrandbits(32)).normal(size=shape)
    array = np.asarray(numbers * source.choice((1.0, 1.0, 1e200, 1e-200)))
    if array.size and source.random() < 0.2:
        array.flat[0] = source.choice((np.nan, np.inf, -np.inf))
    with np.errstate(all="ignore"):
        return array.astype(kind)


def random_arrays(source: random.Random) -> dict[str, Any]:
    """Return arrays by name: those of a landscape, and others."""
    a, b, values = _losses(source)
    there = {"x": a, "y": b, "loss": values} if source.random() < 0.5 else {}
    others = {source.choice(NAMES): random_array(source) for _ in range(source.randint(0, 5))}
    return {name: np.asarray(array) for name, array in {**there, **others}.items()}


def npy(source: random.Random) -> bytes:
    """Return one array as NumPy saves it."""
    file = io.BytesIO()
    np.save(file, random_array(source), allow_pickle=False)
    return file.getvalue()


def npz(source: random.Random) -> bytes:
    """Return arrays as NumPy saves them."""
    file = io.BytesIO()
    arrays = {name.replace("/", "-"): array for name, array in random_arrays(source).items()}
    source.choice((np.savez, np.savez_compressed))(file, **arrays)
    return file.getvalue()


def hdf5(source: random.Random) -> bytes:
    """Return arrays as h5py saves them, some in groups, some compressed."""
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        for name, array in random_arrays(source).items():
            place = file.require_group("group") if source.random() < 0.2 else file
            if name.strip() and name not in place and "/" not in name:
                packed = array.size > 0 and array.ndim > 0 and source.random() < 0.3
                place.create_dataset(name, data=array, compression="gzip" if packed else None)
    return memory.getvalue()


#: What makes a whole file, by suffix; names that end alike are told apart by what stands before.
KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "experiment.json": experiment_json,
    "saved.json": saved_experiment,
    "arrays.json": json_arrays,
    "table.csv": text_table,
    "table.txt": text_table,
    "array.npy": npy,
    "arrays.npz": npz,
    "arrays.h5": hdf5,
}


def random_file(source: random.Random, kind: str) -> bytes:
    """Return a file of a kind, whole in two of three cases."""
    content = KINDS[kind](source)
    return damaged(source, content) if source.random() < 1 / 3 else content
