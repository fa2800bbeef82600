"""The Python that the documentation shows runs, and its commands are those that there are."""

import ast
import doctest
import json
import re
from pathlib import Path
from typing import Any

import pytest

import gdviz
from gdviz.cli.main import COMMANDS
from gdviz.engine.objectives import objective

ROOT = Path(__file__).parents[1]


def run_cell(source: str, names: dict[str, Any]) -> Any:
    """Run a cell as a notebook does, and return the value of its last line, if that has one."""
    *body, last = ast.parse(source).body
    if not isinstance(last, ast.Expr):
        body, last = [*body, last], None
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


@pytest.fixture
def shown(tmp_path, monkeypatch, capsys) -> tuple[str, list[Any]]:
    """Return what the tutorial prints, and what its cells show."""
    monkeypatch.chdir(tmp_path)
    notebook = json.loads((ROOT / "docs" / "tutorial.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in cells)
    names: dict[str, Any] = {"__name__": "__main__"}
    values = [run_cell("".join(cell["source"]), names) for cell in cells]
    return capsys.readouterr().out, [value for value in values if value is not None]


def test_the_tutorial_runs_and_shows_what_it_says(shown, tmp_path):
    printed, values = shown
    (at_start, path, scene, beside, check) = values
    assert at_start == (pytest.approx(24.2), pytest.approx((-215.6, -88.0)))
    assert path.loss[-1] < 0.01
    assert scene._repr_png_().startswith(b"\x89PNG")
    assert beside == []  # a PDF needs no other file
    assert [verdict.right for verdict in check.verdicts] == [False, True]
    assert "analytic   400 evaluations" in printed
    assert "forward    600 evaluations" in printed
    assert "central    800 evaluations" in printed
    assert "banana was given without a gradient, so only differences can be taken" in printed
    assert re.search(r"^analytic +1 exp,", printed, re.MULTILINE)
    assert len(re.findall(r"^minimum ", printed, re.MULTILINE)) == 4  # as Himmelblau's function has
    assert (tmp_path / "banana.pdf").read_bytes().startswith(b"%PDF")


def test_each_command_stands_in_the_docs_as_its_help_has_it():
    lines = {*(ROOT / "docs/command-line.md").read_text(encoding="utf-8").splitlines()}
    usages = {f"gdviz {name} {command.usage}" for name, command in COMMANDS.items()}
    assert usages <= lines


def test_the_readme_names_each_command():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [
        name for name in COMMANDS if f"gdviz {name}" not in text and f"`{name}`" not in text
    ] == []


def test_the_readme_s_python_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    run_cell(block, {})
    (figure,) = tmp_path.iterdir()
    assert figure.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("module", [gdviz, objective], ids=lambda module: module.__name__)
def test_the_examples_in_docstrings_are_right(module):
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed
