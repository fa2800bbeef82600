"""A row in the table of operations is all that a new function takes."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gdviz.engine.language.operations import OPERATIONS

#: One that SymPy and Arb know by name, and one of two arguments that they do not know.
ROWS = r"""
    Operation(
        "cot", ("-1 - w^2",), about="cotangent", latex=r"\cot",
        on_floats=lambda t: 1.0 / math.tan(t), on_arrays=lambda t: 1.0 / np.tan(t),
        on_complex=lambda m: lambda t: m.cos(t) / m.sin(t),
    ),
    Operation(
        "hypot", ("u/w", "v/w"), is_commutative=True,
        on_complex=lambda m: lambda u, v: m.sqrt(u * u + v * v),
        on_balls=lambda u, v: (u * u + v * v).sqrt(),
    ),
"""
#: Puts the rows into the text of the table before anything has imported it, and runs commands.
PROGRAM = f"""
import contextlib, importlib.util, io, json, sys
from pathlib import Path

spec = importlib.util.find_spec("gdviz.engine.language.operations")
assert spec.name not in sys.modules
module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
text = Path(spec.origin).read_text(encoding="utf-8")
before, table, after = text.partition("_TABLE = (")
exec(compile(before + table + {ROWS!r} + after, spec.origin, "exec"), module.__dict__)

from gdviz.cli.main import main

def run(*arguments):
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")) as printed:
        code = main(list(arguments))
        printed.flush()
    return code, printed.buffer.getvalue().decode()
"""


def run(tmp_path: Path, script: str) -> Any:
    """Run a script with the two functions; return what it prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM + script],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Of every command, the exit code and what it printed."""
    return run(
        tmp_path_factory.mktemp("new"),
        """
quarter, there = "0.78539816339744830962,2", ["--start", "3,2"]
norm = ["--formula", "hypot(a, 2*b)"]
out = {
    "paths": run("table", *norm, *there, "--alpha", "0.5", "--epsilon", "1e-6", "--steps", "1",
                 "--method", "analytic", "--method", "central", "--method", "complex-step"),
    "float32": run("table", "--formula", "cot(a) + b", "--start", quarter, "--steps", "1",
                   "--precision", "float32", "--method", "analytic", "--method", "complex-step",
                   "--epsilon", "1e-6"),
    "costs": run("costs", "--formula", "b*cot(a)", "--json"),
    "epsilon": run("sweep", "--formula", "cot(a) + hypot(a, b)", "--at", "1,2"),
    "alpha": run("rates", "--formula", "hypot(a, b)^2/2", *there, "--steps", "1",
                 "--method", "analytic"),
    "right": run("check", "--formula", "cot(a) + hypot(a, b)", "--json", "--gradient",
                 "a/hypot(a, b) - 1/sin(a)^2", "b/sqrt(a^2 + b^2)"),
    "wrong": run("check", *norm, "--json", "--gradient", "a/hypot(a, 2*b)", "2*b/hypot(a, 2*b)"),
    "render": run("render", *norm, "--dpi", "40", "-o", "map.png"),
}
assert Path("map.png").read_bytes().startswith(b"\\x89PNG")
print(json.dumps(out))
""",
    )


def test_the_language_has_not_got_them_yet() -> None:
    assert not {"cot", "hypot"} & set(OPERATIONS)


def test_a_map_is_drawn(outputs: Any) -> None:
    assert outputs["render"][0] == 0


def test_paths(outputs: Any) -> None:
    """√(a² + 4b²) is 5 at (3, 2), and its gradient (3, 8)/5."""
    starts = [row for row in table(outputs["paths"][1]) if row["step"] == "0"]
    assert [row["method"] for row in starts] == ["analytic", "central", "complex-step"]
    for row in starts:
        assert float(row["loss"]) == 5.0
        assert float(row["gradient_a"]) == pytest.approx(0.6, rel=1e-9)
        assert float(row["gradient_b"]) == pytest.approx(1.6, rel=1e-9)


def test_paths_in_float32(outputs: Any) -> None:
    """cot is 1 at π/4, and its derivative −2."""
    for row in table(outputs["float32"][1])[::2]:
        assert float(row["loss"]) == pytest.approx(3.0, rel=1e-6)
        assert float(row["gradient_a"]) == pytest.approx(-2.0, rel=1e-6)


def test_costs(outputs: Any) -> None:
    """b·cot a: −b(1 + cot²) takes cot once, and the differences two and three times."""
    operations = json.loads(outputs["costs"][1])["operations"]
    variants = ("analytic", "forward-reused", "forward")
    assert [operations[name]["cot"] for name in variants] == [1, 2, 3]


def test_the_sweep_of_epsilon(outputs: Any) -> None:
    rows = [row for row in table(outputs["epsilon"][1]) if row["precision"] == "float64"]
    best = {
        name: min(float(row["gradient_error"]) for row in rows if row["estimate"] == name)
        for name in ("forward", "central", "complex-step")
    }
    assert best["complex-step"] < 1e-15 < best["central"] < 1e-9 < best["forward"] < 1e-6


def test_the_sweep_of_alpha(outputs: Any) -> None:
    """On (a² + b²)/2 one step leaves (1 − α)² of the loss."""
    rows = [row for row in table(outputs["alpha"][1]) if float(row["alpha"]) < 1.0]
    assert len(rows) > 20
    for row in rows:
        expected = 6.5 * (1.0 - float(row["alpha"])) ** 2
        assert float(row["final_loss"]) == pytest.approx(expected, rel=1e-9)


def test_right_and_wrong_gradients(outputs: Any) -> None:
    code, text = outputs["right"]
    assert (code, json.loads(text)["right"]) == (0, True)
    code, text = outputs["wrong"]
    in_a, in_b = json.loads(text)["components"]
    assert (code, in_a["right"], in_b["right"]) == (1, True, False)
    assert "0.5 times the true one" in in_b["sentence"]


def test_what_is_written(tmp_path: Path) -> None:
    """Typeset, as text, by SymPy's simplification, and in the list that completes a name."""
    written = run(
        tmp_path,
        """
from gdviz.engine.analysis.graph_values import graph_view
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.difference.symbolic_difference import difference_forms
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.latex import latex
from gdviz.engine.language.latex_derivatives import written_derivatives
from gdviz.engine.language.unparse import graph_text
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.experiment.known_names import known_names
from gdviz.experiment.experiment import Experiment

formula = Formula.parse("cot(a)^2 - hypot(a, b)")
candidate = CandidateGradient.parse(
    FormulaObjective.from_text("cot(a)"), ("-1/sin(a)^2", "0")
)
_, true, _, claimed, _ = candidate.nodes
try:
    Formula.parse("hypot(a)")
except ValueError as error:
    refused = str(error)
print(json.dumps([
    latex("cot(a)^2 - hypot(a, b)"),
    [line.latex for line in written_derivatives("cot(a)^2 - hypot(a, b)")[:2]],
    graph_text(formula.graph, formula.output, 100),
    list(difference_forms(candidate.graph, true, claimed))[-1],
    [node.sign for node in graph_view(FormulaObjective(formula), 1.0, 2.0).nodes],
    known_names(Experiment())["cot"],
    refused,
]))
""",
    )
    typeset, derivatives, text, difference, signs, known, refused = written
    assert typeset == (r"\cot^{2}{\left(a \right)} - \mathrm{hypot}{\left(a, b \right)}")
    assert derivatives == [
        r"2 \left(- \cot^{2}{\left(a \right)} - 1\right) \cot{\left(a \right)} - "
        r"\frac{a}{\mathrm{hypot}{\left(a, b \right)}}",
        r"- \frac{b}{\mathrm{hypot}{\left(a, b \right)}}",
    ]
    assert text == "cot(a)^2 - hypot(a, b)"
    assert difference == "0"
    assert signs == ["a", "cot", "2", "^", "b", "hypot", "−"]
    assert known == ["cotangent", True]
    assert refused == "hypot at column 1 takes two arguments, not 1"
