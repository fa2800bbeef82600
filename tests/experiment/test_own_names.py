"""A function's parameters can have any names, and everything calls them by these."""

import json
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from gdviz.engine.analysis.graph_values import graph_view
from gdviz.engine.analysis.operation_counts import costs, reusable
from gdviz.engine.gradcheck.check import check_gradient
from gdviz.engine.language.latex import latex
from gdviz.engine.language.latex_derivatives import written_derivatives
from gdviz.engine.objectives.code_objective import CodeObjective
from gdviz.engine.objectives.code_ref import Code
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.objective import Objective
from gdviz.experiment.black_box_functions import CodeFunction
from gdviz.experiment.change_function import experiment_on, on_formula
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.from_typed_text import Draft
from gdviz.experiment.function import FormulaFunction
from gdviz.experiment.json_file import from_json, to_json
from gdviz.experiment.validation import ExperimentError
from gdviz.export.tables.paths import COLUMNS, columns, to_csv
from gdviz.scene.captions import axis_names, coordinates, what
from gdviz.scene.scene import build_scene
from gdviz.scene.step_text import step_report

PAIRS = [
    ("x", "y"), ("θ₁", "θ₂"), ("w", "b"), ("A", "B"), ("w1", "w2"), ("theta_1", "theta_2"),
    ("u", "v"), ("x₁", "x₂"), ("lr", "wd"), ("μ", "ν"), ("b", "a"), ("重", "偏"),
]  # fmt: skip
#: With one kink, one constant, every kind of operation; p and q stand for the parameters.
TEMPLATE = "(1 - p)^2 + k*(q - p^2)^2 + abs(p)/3 + p*sigmoid(q)"


def written(template: str, names: tuple[str, str]) -> str:
    return template.replace("p", names[0]).replace("q", names[1])


def function(names: tuple[str, str], template: str = "", **fields: Any) -> FormulaFunction:
    text = written(template or TEMPLATE, names)
    return FormulaFunction(text, constants={"k": 5.0}, parameters=names, **fields)


@pytest.mark.parametrize("names", PAIRS)
def test_it_is_the_same_function_whatever_its_parameters_are_called(names: tuple[str, str]) -> None:
    plain, own = function(("a", "b")), function(names)
    a, b = np.random.default_rng(0).uniform(-2, 2, (2, 50))
    f, g = plain.formula_objective(), own.formula_objective()
    assert np.array_equal(f.values(a, b), g.values(a, b))
    assert np.array_equal(f.gradients(a, b), g.gradients(a, b))
    assert np.array_equal(f.hessians(a, b), g.hessians(a, b))
    assert [cost.operations for cost in costs(f.formula).values()] == [
        cost.operations for cost in costs(g.formula).values()
    ]
    assert tuple(reusable(g.formula)) == names
    assert graph_view(g, 0.3, 0.7).gradient == pytest.approx(f.gradient(0.3, 0.7))
    assert own.identity != plain.identity
    paths = [build_scene(Experiment(function=each, alpha=0.01)).runs for each in (plain, own)]
    for one, other in zip(*paths, strict=True):
        assert np.array_equal(one.path.theta, other.path.theta)


@pytest.mark.parametrize("names", PAIRS)
def test_what_is_said_and_written_is_in_the_persons_names(names: tuple[str, str]) -> None:
    experiment = Experiment(function=function(names), alpha=0.01, steps=2)
    first, second = names
    assert axis_names(experiment) == names
    assert what(experiment).startswith(f"f({first}, {second}) = ")
    assert coordinates(experiment, (1.0, -2.0)) == f"{first} = 1, {second} = −2"
    scene = build_scene(experiment, resolution=3)
    header = to_csv(scene).partition("\n")[0].split(",")
    assert header[2:4] == [first, second]
    assert header[5:9] == [
        f"gradient_{first}", f"gradient_{second}",
        f"exact_gradient_{first}", f"exact_gradient_{second}",
    ]  # fmt: skip
    report = step_report(scene.objective, scene.runs[1], 0)
    plain = first.replace("₁", "_1").replace("w1", "w_1").replace("theta", "θ")  # as typeset
    assert report.estimate[0].plain.startswith(f"ĝ_{plain} = (f({plain} + ε, ")
    assert report.exact[0].plain.startswith(f"∂f/∂{plain} = ")


def test_the_tables_columns_are_told_apart() -> None:
    scene = build_scene(experiment_on("loss^2 + z^2"), resolution=2)
    assert len(set(columns(scene))) == len(COLUMNS)
    assert columns(scene)[2:5] == ("parameter_loss", "z", "loss")


def test_derivatives_are_typeset_in_them() -> None:
    line = written_derivatives("θ₁^2*theta_2", parameters=("θ₁", "theta_2"))[0]
    assert (line.latex, line.text) == (r"2 \theta_{2} θ_{1}", "2*theta_2*θ₁")
    assert latex("w1*weight^2", (), (), ("w1", "weight")) == r"w_{1} \mathrm{weight}^{2}"


def test_a_gradient_is_claimed_and_checked_in_them() -> None:
    own = function(("x", "y"), "q^3 + k*p*q", candidate_gradient=("k*y", "3*y^2 + k"))
    check = check_gradient(own.formula_objective(), own.candidate_gradient, own.home_range)
    assert [verdict.right for verdict in check.verdicts] == [True, False]
    assert [verdict.name for verdict in check.verdicts] == ["∂f/∂x", "∂f/∂y"]
    assert check.verdicts[1].remainder is not None
    assert check.verdicts[1].remainder.text in ("k*(x - 1)", "k*x - k", "-k + k*x")
    with pytest.raises(ExperimentError, match="∂f/∂y: unknown name 'b'"):
        own.replace(candidate_gradient=("k*y", "b"))


# -- as a file


def test_files_keep_them_and_older_files_stay_what_they_were() -> None:
    own = Experiment(function=function(("x", "y")))
    assert from_json(to_json(own)) == own
    assert '"parameters"' in to_json(own)
    plain = Experiment(function=function(("a", "b")))
    assert '"parameters"' not in to_json(plain), "which an older gdviz would refuse"
    # x and y are constants where a file says so.
    old = {
        "version": 2,
        "function": {"kind": "formula", "text": "x^2 + y^2", "constants": {"x": 1, "y": 2}},
    }
    read = from_json(json.dumps(old))
    assert read.function.parameters == ("a", "b")
    assert read.function.objective().value(7.0, 8.0) == 5.0


@pytest.mark.parametrize(
    ("parameters", "field", "part"),
    [
        (["x", "x"], "parameters", "the name is taken"),
        (["x", "sin"], "parameters", "the name is taken"),
        (["x", "1"], "parameters", "a name has letters"),
        (["x", "y" * 31], "parameters", "at most 30 characters"),
        (["x", "k"], "formula", "a constant cannot be called 'k': the name is taken"),
        (["p", "q"], "formula", "unknown name 'x'"),
        (["x"], "", "must be a list of 2"),
        (["x", "α"], "formula", "unknown name 'y'"),
    ],
)
def test_names_that_cannot_be_are_refused(parameters: list[str], field: str, part: str) -> None:
    text = {"kind": "formula", "text": "x^2 + k*y^2", "constants": {"k": 1.0}}
    raw = json.dumps({"version": 2, "function": {**text, "parameters": parameters}})
    with pytest.raises(ExperimentError, match=part) as refusal:
        from_json(raw)
    assert refusal.value.field == field


def test_a_range_is_refused_in_them() -> None:
    with pytest.raises(ExperimentError, match="y must run from a lower"):
        Experiment(function=function(("x", "y")), range=(0.0, 1.0, 2.0, 1.0))


# -- as text that is typed


def typed(*texts: str, base: Experiment | None = None) -> Experiment:
    """Return what comes of texts that are typed one after the other."""
    draft, experiment = Draft(), base or Experiment(function=FormulaFunction("a"))
    for text in texts:
        experiment = draft.experiment(text, experiment)
    return experiment


@pytest.mark.parametrize(
    ("texts", "parameters", "constants"),
    [
        (["x^2 + y^2"], ("x", "y"), []),
        (["100*(y - x^2)^2 + (1 - x)^2"], ("x", "y"), []),  # in alphabetical order
        (["(θ₂ - 1)^2 + θ₁^2"], ("θ₁", "θ₂"), []),
        (["x", "x^2", "x^2 + y", "x^2 + y^2"], ("x", "y"), []),
        (["x^2 + y^2", "x^2 + k*y^2"], ("x", "y"), ["k"]),  # they stay what they were
        (["x^2 + y^2", "x^2 + a*y^2"], ("a", "b"), ["x", "y"]),
        (["x^2 + k*y^2"], ("x", "y"), ["k"]),  # the pair that people use for two unknowns
        (["k", "k*θ₁", "k*θ₁ + c*θ₂"], ("θ₁", "θ₂"), ["c", "k"]),
        (["x*y + u*v"], ("a", "b"), ["u", "v", "x", "y"]),  # of two such pairs nobody knows
        (["r*s + z"], ("a", "b"), ["r", "s", "z"]),
        (["r*s", "r*s + z"], ("r", "s"), ["z"]),
        (["k*a^2"], ("a", "b"), ["k"]),
        (["w + b"], ("w", "b"), []),
        (["k*a + c*b"], ("a", "b"), ["c", "k"]),
    ],
)
def test_two_names_alone_are_the_parameters(
    texts: list[str], parameters: tuple[str, str], constants: list[str]
) -> None:
    made = typed(*texts).function
    assert (made.parameters, sorted(made.constants)) == (parameters, constants)


def test_constants_called_a_and_b_stay_constants_beside_others() -> None:
    rosenbrock = FormulaFunction("(a - x)^2 + b*(y - x^2)^2", constants={"a": 1.0, "b": 100.0})
    assert rosenbrock.parameters == ("x", "y")
    edited = typed("(a - x)^2 + b*(y - x^2)^2 + 1", base=Experiment(function=rosenbrock)).function
    assert edited.parameters == ("x", "y")
    assert edited.objective().value(1.0, 1.0) == 1.0


def test_columns_of_the_data_are_no_parameters() -> None:
    data = Data(columns={"x": (1.0, 2.0), "y": (2.0, 4.0)}, source="")
    base = Experiment(function=FormulaFunction("mean((a*x - y)^2)", data=data))
    for text, own in (
        ("mean((w*x + b - y)^2)", ("w", "b")),
        ("mean((θ₀ + θ₁*x - y)^2)", ("θ₀", "θ₁")),
        ("mean((a*x + b - y)^2)", ("a", "b")),
    ):
        made = on_formula(base, text, constants={}).function
        assert made.parameters == own
        assert made.model, "which is found in their names too"


# -- two names that nobody can tell apart


@pytest.mark.parametrize(
    ("letter", "name"),
    [("α", "alpha"), ("ε", "epsilon"), ("ϵ", "epsilon"), ("η", "eta"), ("κ", "kappa"), ("Α", "A")],
)
def test_no_constant_is_called_like_a_slider_or_looks_like_another(letter: str, name: str) -> None:
    made = typed(f"{letter}*a + b + {name}").function
    assert list(made.constants) == [name]
    old = FormulaFunction(
        f"{letter}*a + b", constants={letter: 3.0}, constant_ranges={letter: (0.0, 4.0)}
    )
    assert (old.constants, old.constant_ranges) == ({name: 3.0}, {name: (0.0, 4.0)})
    assert old.text == f"{letter}*a + b", "as it was typed"
    assert old.objective().value(1.0, 1.0) == 4.0
    assert msgspec.structs.replace(old) == old
    with pytest.raises(ExperimentError, match="two of them have the same name"):
        FormulaFunction("a", constants={letter: 1.0, name: 1.0})


@pytest.mark.parametrize(
    ("called", "names"),
    [
        ("loss(x, y)", ("x", "y")),
        ("cost(w_1, été)", ("w_1", "été")),
        ("loss(self, p)", ("self", "p")),
        ("loss(theta)", ("a", "b")),
        ("loss(a, b)", ("a", "b")),
        ("loss(" + 40 * "x" + ", y)", ("a", "b")),
        ("a_function_with_a_long_name(x, …", ("a", "b")),
    ],
)
def test_codes_parameters_are_the_names_of_its_arguments(
    called: str, names: tuple[str, str]
) -> None:
    code = Code("/m.py", "0" * 64, loss=called)
    experiment = Experiment(function=CodeFunction(code), methods=(Method("forward"),))
    assert experiment.function.parameters == names
    assert experiment.objective().parameters == names
    assert CodeObjective(code).no_gradient == f"m.py defines no gradient({', '.join(names)})"
    of_slice = replace(code, slice=SliceSettings())
    assert CodeFunction(of_slice).parameters == ("a", "b")


def test_so_are_those_of_a_function_of_the_program() -> None:
    def bowl(x: float, y: float, scale: float = 1.0) -> float:
        return scale * (x**2 + y**2)

    function = experiment_on(bowl, start=(1.0, 2.0), alpha=0.1, methods=(Method("forward"),))
    assert function.function.parameters == ("x", "y")
    assert what(function) == "f = bowl(x, y), a Python function"
    unnamed = Objective.from_callable(lambda *point: point[0] ** 2 + point[1] ** 2)
    assert unnamed.parameters == ("a", "b")
