"""Files of each kind whose names and texts are harmless markup and a character for terminals."""

import json
from pathlib import Path

import h5py
import numpy as np

#: As it stands in files, and as it is to be read.
MARK = "<b>x a&b <i>$x$</i> \x1b[1m"
SHOWN = r"<b>x a&b <i>$x$</i> \x1b[1m"
#: The same in names of files and of what HDF5 and zip archives hold, which have no slashes.
NAME = MARK.replace("/", "")
SHOWN_NAME = SHOWN.replace("/", "")
#: As much of it as titles, and the names of files with code, may hold.
TITLE = "<b>x</b> a&b $x$"
PLAIN_NAME = TITLE.replace("/", "")

_AXIS = np.linspace(-2.0, 2.0, 5)
_LOSSES = _AXIS**2 + _AXIS[:, None] ** 2
_CODE = "def loss(a, b):\n    return a**2 + b**2\n"
_RAISES = f"def loss(a, b):\n    raise TypeError({MARK!r})\n"


def _experiment(**function: object) -> str:
    return json.dumps({"version": 2, "function": function})


def _data(source: str) -> str:
    data = {"columns": {"x": [0.0, 1.0, 2.0], "y": [1.0, 3.0, 5.0]}, "source": source}
    return _experiment(kind="formula", text="mean((a*x+b-y)^2)", data=data)


def _grid(**fields: object) -> str:
    grid = {"a": _AXIS.tolist(), "b": _AXIS.tolist(), "values": _LOSSES.tolist(), **fields}
    return _experiment(kind="grid", grid=grid)


def write_good(folder: Path) -> dict[str, Path]:
    """Write files that open; return them by what is marked in them."""
    texts = {
        "grid.json": _grid(source=MARK, names=[MARK, f"{MARK}2"]),
        "data.json": _data(MARK),
        "title.json": _experiment(kind="formula", text="a^2 + b^2", title=TITLE),
        f"{NAME}.json": _experiment(kind="surface", name="himmelblau"),
        f"{NAME}.csv": "x,y\n0,1\n1,3\n2,5\n",
        f"{PLAIN_NAME}.py": _CODE,
        "columns.csv": "\n".join(
            [f"x,y,loss {MARK},acc {MARK}"]
            + [f"{x},{y},{x * x + y * y},{x}" for x in _AXIS for y in _AXIS]
        ),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    surfaces = {f"loss {NAME}": _LOSSES, f"acc {NAME}": _LOSSES}
    np.savez(folder / "arrays.npz", x=_AXIS, y=_AXIS, **surfaces)
    with h5py.File(folder / "sets.h5", "w") as file:
        file["xcoordinates"], file["ycoordinates"] = _AXIS, _AXIS
        for name, values in surfaces.items():
            file[name] = values
    return {name: folder / name for name in (*texts, "arrays.npz", "sets.h5")}


def write_refused(folder: Path) -> dict[str, Path]:
    """Write files that are refused, in a sentence with the mark in it; return them."""
    texts = {
        "field.json": json.dumps({"version": 2, MARK: 1}),
        "estimate.json": json.dumps({"version": 2, "methods": [{"estimate": MARK}]}),
        "surface.json": _experiment(kind="surface", name=MARK),
        "header.csv": f"{MARK},y\nq,1\n1,2\n2,3\n",
        "cell.csv": f"x,y\n0,{MARK}\n1,2\n2,3\n",
        "raises.py": _RAISES,
        f"no {NAME}.json": "{",
        f"no {NAME}.py": "loss = 1",
        f"path {NAME}.py": _CODE,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    np.savez(folder / "arrays.npz", **{NAME: 1j * _LOSSES, f"{NAME}2": 1j * _LOSSES})
    with h5py.File(folder / "sets.h5", "w") as file:
        file[NAME], file[f"{NAME}2"] = 1j * _LOSSES, 1j * _LOSSES
    return {name: folder / name for name in (*texts, "arrays.npz", "sets.h5")}
