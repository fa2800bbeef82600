"""Arrays in JSON, among them Plotly's figures, and that experiments are not taken for them."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import save
from gdviz.experiment.open_file import kind_of, open_file
from gdviz.files.landscapes import LandscapeError, load_landscape
from tests.files.landscape_formats.written_files import X7, Y4, assert_is_bowl, bowl

X, Y = np.meshgrid(X7, Y4)
Z = bowl(X, Y)
TEMPLATE = {"template": {"data": {"surface": [{"colorbar": {}}], "contour": [{"start": 1}]}}}
ROWS = [{"x": x, "y": y, "loss": bowl(x, y)} for y in Y4.tolist() for x in X7.tolist()]


def packed(array: Any) -> dict[str, Any]:
    """As Plotly writes an array from version 6 on."""
    array = np.asarray(array, "<f8")
    raw = {"dtype": "f8", "bdata": base64.b64encode(array.tobytes()).decode()}
    return raw if array.ndim == 1 else {**raw, "shape": ", ".join(map(str, array.shape))}


def figure(**trace: Any) -> dict[str, Any]:
    return {"data": [{"type": "scatter"}, trace], "layout": TEMPLATE}


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ({"alphas": X7.tolist(), "betas": Y4.tolist(), "losses": Z.T.tolist()},
         ("alphas", "betas")),
        ({"landscape": {"x": X7.tolist(), "y": Y4.tolist(), "z": Z.tolist()}, "note": "hi"},
         ("x", "y")),
        ({"X": X.tolist(), "Y": Y.tolist(), "Z": Z.tolist()}, ("X", "Y")),
        (ROWS, ("x", "y")),
        ({key: {str(k): row[key] for k, row in enumerate(ROWS)} for key in ROWS[0]}, ("x", "y")),
        ({str(k): row for k, row in enumerate(ROWS)}, ("x", "y")),
        ({"schema": {"fields": []}, "data": [{"index": k, **row} for k, row in enumerate(ROWS)]},
         ("x", "y")),
        (figure(type="surface", x=packed(X7), y=packed(Y4), z=packed(Z)), ("x", "y")),
        (figure(type="surface", x=packed(X), y=packed(Y), z=packed(Z)), ("x", "y")),
        (figure(type="heatmap", x=X7.tolist(), y=Y4.tolist(), z=Z.tolist()), ("x", "y")),
        (figure(type="contour", x=packed(X7), y=packed(Y4), z=packed(Z.T), transpose=True),
         ("x", "y")),
        (figure(type="contour", x0=-1, dx=1 / 3, y0=-0.5, dy=0.5, z=packed(Z)), ("x", "y")),
    ],
)  # fmt: skip
def test_arrays_in_json(tmp_path: Path, content: Any, names: tuple[str, str]) -> None:
    path = tmp_path / "s.json"
    path.write_text(json.dumps(content))
    assert kind_of(path) == "landscape"
    found = load_landscape(path)
    assert_is_bowl(found.grid, X7, Y4)
    assert (found.grid.names, found.ambiguous) == (names, False)


@pytest.mark.parametrize("name", ["s.json", "s.jsonl", "s.ndjson"])
def test_a_row_of_json_in_each_line(tmp_path: Path, name: str) -> None:
    """As logs are written."""
    path = tmp_path / name
    path.write_text("\n".join(map(json.dumps, ROWS)) + "\n")
    assert kind_of(path) == "landscape"
    assert_is_bowl(load_landscape(path).grid, X7, Y4)


def test_a_figure_of_a_square_says_which_axis_is_which(tmp_path: Path) -> None:
    x = np.linspace(-1, 1, 5)
    z = bowl(x, x[:, None])
    (tmp_path / "s.json").write_text(json.dumps(figure(type="surface", x=x.tolist(), y=x.tolist(),
                                                       z=z.tolist())))  # fmt: skip
    found = load_landscape(tmp_path / "s.json")
    assert_is_bowl(found.grid, x, x)
    assert not found.ambiguous


def test_missing_values(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(
        '{"x": [0, 1, 2], "y": [0, 1], "z": [[1, 2, NaN], [3, null, Infinity]]}'.replace(
            "[3, null", "[3, 4"
        )
    )
    grid = load_landscape(tmp_path / "s.json").grid
    assert grid.values == ((1.0, 2.0, None), (3.0, 4.0, None))


def test_experiments_are_experiments(tmp_path: Path) -> None:
    save(Experiment(), tmp_path / "e.json")
    assert kind_of(tmp_path / "e.json") == "experiment"
    for text in ("", "{}", "[]", '{"a": "text"}', '{"start": [1, 2]}', "nonsense"):
        (tmp_path / "e.json").write_text(text)
        assert kind_of(tmp_path / "e.json") == "experiment"
    (tmp_path / "s.json").write_text(json.dumps(ROWS))
    assert open_file(tmp_path / "s.json").metric == "loss"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"x": [1, 2], "y": ', "this is not JSON"),
        ("[" * 100_000, "nested more than 64 levels deep"),
        ("[" + "0," * 4_000_001 + "0]", "more than 4,000,000 values"),
        ('[{"x": 1, "x": 2}]', "the field 'x' is given twice"),
        (
            json.dumps(figure(type="heatmap", x0=[1], z=[[1, 2], [3, 4]])),
            "figure's x0 is not a number",
        ),
        (
            json.dumps(figure(type="heatmap", dy="wide", z=[[1, 2], [3, 4]])),
            "figure's dy is not a number",
        ),
        (json.dumps({f"n{i}": [1, 2] for i in range(1_001)}), "more than 1,000 arrays"),
        (
            json.dumps([dict.fromkeys(map(str, range(3_000)), 1)] + 2_000 * [{}]),
            "the rows of a table in it do not have the same columns",
        ),
        ('{"x": [1, 2, 3]}', "no surface of losses: it holds x"),
        ('{"x": [1, "a"], "z": [[1, 2], [3]]}', "no surface of losses|are text"),
        ('{"data": [{"type": "bar", "y": [1, 2]}]}', "no surface, heatmap or contour: it has bar"),
        ('{"data": [{"type": "b\\u007fr"}, {"type": "pie"}]}', r"it has b\\x7fr, pie"),
        ('{"z": {"dtype": "f8", "bdata": "AAA", "shape": "2, 2"}}', "cannot be read"),
        ('{"z": {"dtype": "O", "bdata": "AAAA"}}', "cannot be read"),
        ('{"z": {"dtype": "f8", "bdata": "", "shape": "-1, 0"}}', "cannot be read"),
    ],
)
def test_json_that_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "s.json").write_text(text)
    with pytest.raises(LandscapeError, match=words):
        load_landscape(tmp_path / "s.json")
