"""Formulas over data: values and derivatives by hand, refusals, and what a row is charged."""

import math
from typing import Any

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.epsilon_sweep import sweep_epsilon
from gdviz.engine.analysis.gradient_timing import seconds
from gdviz.engine.analysis.graph_values import graph_view
from gdviz.engine.analysis.operation_counts import costs, reusable
from gdviz.engine.analysis.separability import is_separable
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES, YOURS
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.language.formula import Formula, FormulaError
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.data import MAX_ROWS, Column, Data
from gdviz.engine.objectives.datasets import DATASETS
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.descent.run_method import run_method

THREE = Data({"x": (1.0, 2.0, 4.0), "y": (3.0, -1.0, 0.5)})
X, Y = (np.array(THREE.columns[name]) for name in "xy")
A, B = 0.7, -1.3


def on(text: str, data: Data = THREE, **constants: float) -> FormulaObjective:
    return FormulaObjective.from_text(text, constants, data)


def sigmoid(t: Any) -> Any:
    return 1 / (1 + np.exp(-t))


#: Formulas with f, ∇f and the Hessian (aa, ab, bb) worked out by hand.
BY_HAND: dict[str, tuple[float, tuple[float, float], tuple[float, float, float]]] = {
    "sum(a*x)": (7 * A, (7.0, 0.0), (0.0, 0.0, 0.0)),
    "mean((a*x + b - y)^2)": (
        float(np.mean((A * X + B - Y) ** 2)),
        (float(2 * np.mean((A * X + B - Y) * X)), float(2 * np.mean(A * X + B - Y))),
        (2 * 21 / 3, 2 * 7 / 3, 2.0),
    ),
    # A single number in a sum counts once a row.
    "sum(a*b + 0*x)": (3 * A * B, (3 * B, 3 * A), (0.0, 3.0, 0.0)),
    "sum(b + x)": (3 * B + 7, (0.0, 3.0), (0.0, 0.0, 0.0)),
    "n*a + mean(x)": (3 * A + 7 / 3, (3.0, 0.0), (0.0, 0.0, 0.0)),
    # A sum within a sum is a single number there.
    "sum((x - mean(x))^2)*a + b^2": (
        float(np.sum((X - X.mean()) ** 2)) * A + B * B,
        (float(np.sum((X - X.mean()) ** 2)), 2 * B),
        (0.0, 0.0, 2.0),
    ),
    "sum(a*sum(b*x)*y)": (A * B * 7 * 2.5, (B * 17.5, A * 17.5), (0.0, 17.5, 0.0)),
    "mean(exp(a*x))*b": (
        B * float(np.exp(A * X).mean()),
        (B * float((X * np.exp(A * X)).mean()), float(np.exp(A * X).mean())),
        (
            B * float((X * X * np.exp(A * X)).mean()),
            float((X * np.exp(A * X)).mean()),
            0.0,
        ),
    ),
}


@pytest.mark.parametrize("text", BY_HAND)
def test_value_gradient_and_hessian_by_hand(text: str) -> None:
    value, gradient, hessian = BY_HAND[text]
    objective = on(text)
    assert objective.value(A, B) == pytest.approx(value, rel=1e-14)
    assert objective.gradient(A, B) == pytest.approx(gradient, rel=1e-13)
    assert objective.hessian(A, B) == pytest.approx(hessian, rel=1e-13, abs=1e-13)


def test_logistic_regression_by_hand() -> None:
    """C9: ∇f = −Σ y·x·σ(−y·x·θ), and the Hessian Σ x xᵀ σ(1 − σ)."""
    columns = DATASETS["two-classes"].arrays
    features = np.column_stack([columns["x1"], columns["x2"]])
    labels = columns["y"]
    margin = labels * (features @ (A, B))
    objective = FormulaObjective.of(SURFACES["logistic-regression"])
    assert objective.value(A, B) == pytest.approx(np.logaddexp(0, -margin).sum(), rel=1e-14)
    exact = -(features * (labels * sigmoid(-margin))[:, None]).sum(axis=0)
    assert objective.gradient(A, B) == pytest.approx(tuple(exact), rel=1e-13)
    weights = sigmoid(margin) * sigmoid(-margin)
    hessian = (features * weights[:, None]).T @ features
    assert objective.hessian(A, B) == pytest.approx(
        (hessian[0, 0], hessian[0, 1], hessian[1, 1]), rel=1e-12
    )


def test_linear_regression_has_its_closed_form() -> None:
    columns = DATASETS["line"].arrays
    slope, intercept = np.polyfit(columns["x"], columns["y"], 1)
    (minimum,) = SURFACES["linear-regression"].minima
    assert (minimum.a, minimum.b) == pytest.approx((slope, intercept), rel=1e-12)


@pytest.mark.parametrize("text", BY_HAND)
def test_arrays_of_points_beside_rows(text: str) -> None:
    """The rows are an axis of their own: a grid of as many points as rows must not mix them up."""
    objective = on(text)
    a, b = np.linspace(-1, 1, 3), np.linspace(0, 2, 3)[:, None]
    values = objective.values(a, b)
    assert values.shape == (3, 3)
    expected = [[objective.value(float(u), float(v)) for u in a] for v in b[:, 0]]
    assert values == pytest.approx(np.array(expected), rel=1e-15)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("text", BY_HAND)
def test_what_a_method_sees(text: str, precision: Any) -> None:
    objective = on(text)
    counted = CountedObjective(objective, precision)
    a, b = counted.real(A), counted.real(B)
    tolerance = 1e-14 if precision == "float64" else 1e-5
    assert counted.value(a, b) == pytest.approx(objective.value(A, B), rel=tolerance)
    assert counted.gradient(a, b) == pytest.approx(
        objective.gradient(A, B), rel=tolerance, abs=tolerance
    )
    tiny = counted.complex_value(a + 1e-20j, b + 0j)
    assert tiny.imag / 1e-20 == pytest.approx(objective.gradient(A, B)[0], rel=tolerance, abs=1e-5)
    assert counted.calls == (2, 1, 0)
    if precision == "float64":
        assert type(counted.value(a, b)) is float


def test_all_estimates_descend_on_data() -> None:
    surface = SURFACES["logistic-regression"]
    for name, estimate in ESTIMATES.items():
        if not (estimate.only_on or estimate.is_random or name == YOURS.name):
            path = run_method(
                FormulaObjective.of(surface), estimate, RULES["gd"], start=surface.start, alpha=0.1,
                epsilon=1e-6, steps=400, bounds=surface.home,
            )  # fmt: skip
            assert path.theta[-1] == pytest.approx(
                (surface.minima[0].a, surface.minima[0].b), abs=1e-5
            ), name


def test_the_sweep_on_data_has_its_slopes() -> None:
    """Forward 1 and central 2 in ε, and the asymptotes that the derivatives say."""
    result = sweep_epsilon(FormulaObjective.of(SURFACES["logistic-regression"]), (0.4, -0.2))
    for estimate, order in (("forward", 1), ("central", 2)):
        (curve,) = [c for c in result.curves if (c.estimate, c.precision) == (estimate, "float64")]
        within = (result.epsilon > 1e-4) & (result.epsilon < 1e-2)
        slope = np.polyfit(np.log(result.epsilon[within]), np.log(curve.error[within]), 1)[0]
        assert slope == pytest.approx(order, abs=0.02)
        assert curve.truncation[within] == pytest.approx(curve.error[within], rel=0.05)
        small = (result.epsilon > 1e-13) & (result.epsilon < 1e-10)
        ratio = np.exp(np.mean(np.log(curve.error[small] / curve.round_off[small])))
        assert 0.1 < ratio < 3


# -- the ledger


def test_a_row_is_charged_once_each() -> None:
    """Σ log(1 + exp(−y(ax₁ + bx₂))) over 40 rows, by hand."""
    objective = FormulaObjective.of(SURFACES["logistic-regression"])
    value = costs(objective.formula, objective.rows)["value"].operations
    by_hand = {"add": 40 + 40 + 39, "mul": 120, "neg": 40, "exp": 40, "log": 40}
    assert {kind: count for kind, count in value.items() if count} == by_hand


def test_a_mean_divides_once() -> None:
    value = costs(Formula.parse("mean(a*x)", (), ("x",)), 5)["value"].operations
    assert {kind: count for kind, count in value.items() if count} == {"mul": 5, "add": 4, "div": 1}


def test_what_does_not_touch_the_shifted_parameter_is_kept() -> None:
    """With the margins' other half kept (C9), b·x₂ is not computed again when a shifts."""
    objective = FormulaObjective.of(SURFACES["logistic-regression"])
    by_variant = costs(objective.formula, objective.rows)
    plain, kept = (by_variant[name].operations for name in ("forward", "forward-reused"))
    # Shifting a keeps −y and b·x₂, shifting b keeps −y and a·x₁: 40 of each.
    assert plain["neg"] - kept["neg"] == 2 * 40
    assert plain["mul"] - kept["mul"] == 2 * 40
    share = reusable(objective.formula, objective.rows)
    assert share["a"] == share["b"] == pytest.approx(80 / 359)


def test_time_is_measured_on_data() -> None:
    objective = on("mean((a*x + b - y)^2)")
    measured = seconds(objective, A, B, 1e-6, shortest=1e-5, repeats=1)
    assert all(0 < taken < 0.01 for taken in measured.values())


# -- the graph


def test_the_graph_shows_a_row_and_the_gradient() -> None:
    objective = on("sum(log(x - a) + b*y)")
    view = graph_view(objective, 0.5, 2.0)
    assert view.gradient == objective.gradient(0.5, 2.0)
    assert (view.row, view.rows, view.failure) == (0, 3, "")
    shown = {node.sign: node.value for node in view.nodes if node.kind == "name"}
    assert shown == {"a": 0.5, "b": 2.0, "x": 1.0, "y": 3.0}
    assert {node.sign for node in view.nodes if node.varies} == {"x", "y", "−", "log", "×", "+"}


def test_the_graph_shows_the_row_that_fails() -> None:
    view = graph_view(on("sum(1/(x - 2*a) + b)"), 1.0, 0.0)
    assert view.row == 1
    assert view.failure == "1 ÷ 0 at column 6 divides by zero"


# -- refusals


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a*x", "the data column x at column 3 has a number for each row: put it inside sum"),
        ("sum(x) + log(y)", "the data column y at column 14"),
        ("sum(a)", "sum at column 1 runs over the rows of the data, but has no data column in it"),
        ("sum(sum(x))", "sum at column 1 runs over the rows"),
        ("mean(a, x)", "mean at column 1 takes one argument, not 2"),
        ("sum", "needs its arguments in parentheses"),
        ("mean(a*z)", "unknown name 'z' at column 8"),
        ("sum(x(a))", "'x' at column 5 is not a function"),
        ("sm(a*x)", "did you mean sum?"),
    ],
)
def test_formulas_that_are_refused(text: str, words: str) -> None:
    with pytest.raises(FormulaError, match=r"^[^\n]*$") as error:
        on(text)
    assert words in str(error.value)


def test_without_data_there_are_no_columns() -> None:
    with pytest.raises(FormulaError, match="no data is loaded"):
        FormulaObjective.from_text("sum(a*x)")
    with pytest.raises(FormulaError, match="no data is loaded"):
        FormulaObjective.from_text("sum(a)")
    assert FormulaObjective.from_text("a*n", {"n": 2.0}).value(3.0, 0.0) == 6.0


@pytest.mark.parametrize(("name", "what"), [("x", "a data column"), ("n", "the number of rows")])
def test_a_constant_cannot_hide_the_data(name: str, what: str) -> None:
    with pytest.raises(FormulaError, match=what):
        on("sum(x)", **{name: 1.0})


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({}, "at least one column"),
        ({"x": ()}, "1 to 1,000,000 rows, not 0"),
        ({"x": (1.0,) * (MAX_ROWS + 1)}, "not 1,000,001"),
        ({f"x{i}": (1.0,) for i in range(21)}, "at most 20 columns"),
        ({"x": (1.0,), "y": (1.0, 2.0)}, "the column y has 2 rows, and x has 1"),
        ({"x": (1.0, math.nan)}, "row 2 of the column x holds nan"),
        ({"x": (math.inf,)}, "holds ∞"),
        ({"x": (1e101,)}, "holds 10¹⁰¹"),
        ({"a": (1.0,)}, "cannot be called 'a'"),
        ({"n": (1.0,)}, "that is the number of rows"),
        ({"mean": (1.0,)}, "the name is taken"),
        ({"my x": (1.0,)}, "begins with a letter"),
    ],
)
def test_data_that_is_refused(columns: dict[str, tuple[float, ...]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Data(columns)


# -- odd data


def path_on(data: Data) -> Any:
    surface = SURFACES["logistic-regression"]
    return run_method(
        FormulaObjective.from_text(surface.formula, {}, data), "analytic", "gd",
        start=(0.5, 0.5), alpha=0.5, epsilon=1e-6, steps=2000, bounds=Range(-5, 5, -5, 5),
    )  # fmt: skip


def test_one_row() -> None:
    path = path_on(Data({"x1": (1.0,), "x2": (0.0,), "y": (1.0,)}))
    assert path.loss[-1] < path.loss[0]
    assert (path.theta[:, 1] == 0.5).all()


def test_constant_columns() -> None:
    """Ones in x₁, zeros in x₂: f depends on a alone, and is least at the log odds."""
    path = path_on(Data({"x1": (1.0,) * 4, "x2": (0.0,) * 4, "y": (1.0, 1.0, 1.0, -1.0)}))
    assert path.theta[-1, 0] == pytest.approx(math.log(3), abs=1e-9)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([(1, 0)], True),
        ([(0, 0)], False),
        ([(1, 0), (-1, 0)], False),  # level along the line, a minimum across
        ([(1, 0), (-1, 0), (0, 1)], True),  # two on the line, one in front
        ([(1, 0), (-1, 0.001), (0, -1)], False),
        ([(1, 1), (1, -1), (3, 0)], True),
        ([(1, 0), (-0.5, 0.9), (-0.5, -0.9)], False),
        ([(2, 1), (4, 2)], True),
        ([(0, 0), (1, 1)], True),
    ],
)
@pytest.mark.parametrize("turn", [0.0, 1.0, 2.5])
def test_separability(points: list[tuple[float, float]], expected: bool, turn: float) -> None:
    c, s = math.cos(turn), math.sin(turn)
    turned = np.array(points, float) @ np.array([[c, s], [-s, c]])
    labels = np.array([(-1.0) ** i for i in range(len(points))])
    assert is_separable(turned * labels[:, None], labels) == expected


def test_a_column_is_a_sequence_of_floats_like_a_tuple_of_them() -> None:
    numbers = np.array([1.0, 2.5, -0.0, 4.0])
    column = Column(numbers)
    numbers[0] = 7.0  # it was copied
    assert column == (1.0, 2.5, 0.0, 4.0)
    assert column == Column([1, 2.5, 0, 4])
    assert column != Column([1, 2.5, 0, 5])
    assert column != (1.0, 2.5)
    assert (column[1], type(column[1]), column[-1]) == (2.5, float, 4.0)
    assert column[1:3] == (2.5, 0.0)
    assert [type(number) for number in column] == [float] * 4
    with pytest.raises(ValueError, match="read-only"):
        column.array[0] = 1.0


def test_equal_data_is_equal_and_has_one_hash_in_whatever_order_and_way_it_is_given() -> None:
    one = Data({"x": (1.0, 2.0), "y": (3.0, 4.0)}, "d.csv")
    other = Data.of_arrays({"y": np.array([3.0, 4.0]), "x": np.array([1.0, 2.0])}, "d.csv")
    assert one == other
    assert hash(one) == hash(other)
    assert one != Data({"x": (1.0, 2.0), "y": (3.0, 4.5)}, "d.csv")
    assert one.columns["x"] is Data(one.columns).columns["x"]  # and nothing is copied again
