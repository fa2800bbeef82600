"""Random estimates: definitions, calls, and mean and covariance against closed forms."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from gdviz.base.types import Array
from gdviz.engine.descent.batch import descend_from_each
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.estimates.draws import Draws
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.path import Status
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES

#: Along a direction a quadratic has its slope in the middle between two points, whatever ε is.
BOWL = FormulaObjective.from_text("2*a^2 + a*b + b^2 - 3*a + b")
AT = (0.7, -1.3)
G = np.array(BOWL.gradient(*AT))
SQUARE, OUTER = float(G @ G), np.outer(G, G)
LOGISTIC = FormulaObjective.of(SURFACES["logistic-regression"])


def drawn(
    name: str, count: int, objective: FormulaObjective = BOWL, seed: int = 1, **options: float
) -> tuple[Array, CountedObjective]:
    """Return so many estimates at a point, one a row, and what counted their calls."""
    counted = CountedObjective(objective, "float64")
    gradient = ESTIMATES[name].bind(counted, 0.5, False, Draws(seed), **options)
    return np.array([gradient(*AT) for _ in range(count)]), counted


# -- by hand


def test_spsa_is_its_definition() -> None:
    (estimates, _), signs = drawn("spsa", 5), Draws(1).signs()
    for estimate, delta in zip(estimates, signs, strict=False):
        assert estimate == pytest.approx((G @ delta) / np.array(delta), rel=1e-12)


def test_gaussian_and_forward_gradient_are_the_slope_along_u_times_u() -> None:
    normals = Draws(1).normals()
    for name in ("gaussian", "forward-gradient"):
        for estimate, u in zip(drawn(name, 5)[0], normals, strict=False):
            assert estimate == pytest.approx((G @ u) * np.array(u), rel=1e-12)
        normals = Draws(1).normals()


def test_evolution_is_the_mean_of_its_pairs() -> None:
    (estimates, _), normals = drawn("evolution", 3, pairs=4), Draws(1).normals(8)
    for estimate, numbers in zip(estimates, normals, strict=False):
        u = np.reshape(numbers, (4, 2))
        assert estimate == pytest.approx(((u @ G)[:, None] * u).mean(axis=0), rel=1e-12)
    assert drawn("evolution", 4, pairs=1)[0].tolist() == drawn("gaussian", 4)[0].tolist()


def test_random_coordinate_is_twice_one_component() -> None:
    (estimates, _), coordinates = drawn("random-coordinate", 12), Draws(1).coordinates()
    for estimate, i in zip(estimates, coordinates, strict=False):
        assert estimate[i] == pytest.approx(2.0 * G[i], rel=1e-12)
        assert estimate[1 - i] == 0.0


def test_a_mini_batch_of_all_rows_is_the_gradient() -> None:
    exact = LOGISTIC.gradient(*AT)
    estimates, counted = drawn("mini-batch", 2, LOGISTIC, rows=40)
    assert estimates[1] == pytest.approx(exact, rel=1e-14)
    assert counted.evaluations == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(a*x)", lambda x: 3.0 / 2.0 * x.sum()),
        ("mean(a*x)", lambda x: x.mean()),
        ("mean(a*x) + 5*a", lambda x: x.mean() + 5.0),  # what is beside the sums stays
        ("a*n", lambda _x: 3.0),
    ],
)
def test_a_mini_batch_scales_sums_alone(text: str, expected: Callable[[Array], float]) -> None:
    from gdviz.engine.objectives.data import Data

    column = (1.0, 10.0, 100.0)
    objective = FormulaObjective.from_text(text, data=Data({"x": column}))
    estimates, _ = drawn("mini-batch", 6, objective, rows=2)
    for estimate, rows in zip(estimates, Draws(1).subsets(2, 3), strict=False):
        assert estimate[0] == pytest.approx(expected(np.array(column)[rows]), rel=1e-14)
        assert estimate[1] == 0.0


@pytest.mark.parametrize(
    ("name", "options", "calls", "evaluations"),
    [
        ("spsa", {}, [2, 0, 0, 0, 0], 2),
        ("gaussian", {}, [2, 0, 0, 0, 0], 2),
        ("evolution", {"pairs": 7.0}, [14, 0, 0, 0, 0], 14),
        ("random-coordinate", {}, [2, 0, 0, 0, 0], 2),
        ("forward-gradient", {}, [0, 0, 0, 1, 0], 1),
        ("mini-batch", {"rows": 5.0}, [0, 0, 0, 0, 5], 2 * 5 / 40),
    ],
)
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_what_is_counted_along_a_path(
    name: str, options: dict[str, float], calls: list[int], evaluations: float, precision: str
) -> None:
    settings = RunSettings(
        ESTIMATES[name], RULES["gd"], alpha=1e-3, epsilon=1e-2, steps=9,
        estimate_options=options, precision=precision,
    )  # fmt: skip
    path = descend(LOGISTIC, settings, AT)
    taken = [path.values, path.gradients, path.hessians, path.tangents, path.row_gradients]
    assert [column.tolist() for column in taken] == [[n] * 9 + [0] for n in calls]
    assert path.evaluations == pytest.approx([evaluations] * 9 + [0])


# -- mean and covariance, against closed forms


def of_rows(size: int) -> Array:
    """n²·(1 − B/n)/B·S² of the rows' own gradients, where f is their sum."""
    one_row = [
        FormulaObjective.from_text(LOGISTIC.formula.text, data=_row(k)).gradient(*AT)
        for k in range(40)
    ]
    scatter = np.cov(np.array(one_row).T)
    return 40.0**2 * (1 - size / 40) / size * scatter / _sum_or_mean()


def _row(k: int):
    from gdviz.engine.objectives.data import Data

    return Data({name: (column[k],) for name, column in LOGISTIC.data.columns.items()})


def _sum_or_mean() -> float:
    """1 where the loss is a sum over the rows, n² where it is their mean."""
    return 1.0 if LOGISTIC.formula.text.startswith("sum") else 40.0**2


CLOSED: Sequence[tuple[str, dict[str, float], Callable[[], Array]]] = (
    ("spsa", {}, lambda: np.where(np.eye(2), SQUARE - np.diag(np.diag(OUTER)), OUTER)),
    ("gaussian", {}, lambda: SQUARE * np.eye(2) + OUTER),
    ("forward-gradient", {}, lambda: SQUARE * np.eye(2) + OUTER),
    ("evolution", {"pairs": 3.0}, lambda: (SQUARE * np.eye(2) + OUTER) / 3.0),
    ("random-coordinate", {}, lambda: 2.0 * np.diag(np.diag(OUTER)) - OUTER),
    ("mini-batch", {"rows": 4.0}, lambda: of_rows(4)),
)


def check_moments(name: str, options: dict[str, float], covariance: Array, count: int) -> None:
    """Compare mean and second moments with what theory says, within four standard errors."""
    objective = LOGISTIC if name == "mini-batch" else BOWL
    g = np.array(objective.gradient(*AT))
    estimates, _ = drawn(name, count, objective, **options)
    mean = estimates.mean(axis=0)
    error = estimates.std(axis=0, ddof=1) / np.sqrt(count)
    assert (np.abs(mean - g) <= 4 * error).all(), name
    off = estimates - g
    for i, j in itertools.product(range(2), repeat=2):
        products = off[:, i] * off[:, j]
        standard = products.std(ddof=1) / np.sqrt(count) + 1e-9
        assert abs(products.mean() - covariance[i, j]) <= 4 * standard, (name, i, j)
    lengths = (estimates**2).sum(axis=1)
    expected = g @ g + np.trace(covariance)
    assert abs(lengths.mean() - expected) <= 4 * lengths.std() / np.sqrt(count) + 1e-9


@pytest.mark.parametrize(("name", "options", "covariance"), CLOSED)
def test_mean_and_covariance(
    name: str, options: dict[str, float], covariance: Callable[[], Array]
) -> None:
    check_moments(name, options, covariance(), 3_000)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "options", "covariance"), CLOSED)
def test_mean_and_covariance_of_100_000_draws(
    name: str, options: dict[str, float], covariance: Callable[[], Array]
) -> None:
    check_moments(name, options, covariance(), 100_000)


def test_what_the_squares_of_the_lengths_are() -> None:
    """E‖ĝ‖²: (N + 2)‖∇f‖² along a normal direction, N‖∇f‖² along signs and on one axis."""
    expected = {"spsa": 2.0, "gaussian": 4.0, "forward-gradient": 4.0, "random-coordinate": 2.0}
    for name, options, covariance in CLOSED:
        if name in expected:
            assert SQUARE + np.trace(covariance()) == pytest.approx(expected[name] * SQUARE)
            assert not options


def test_a_mini_batch_is_no_larger_than_the_data() -> None:
    """With its default it takes all rows where there are fewer, and elsewhere nothing silently."""
    few = FormulaObjective.from_text(
        "mean((y - a*x - b)^2)", {}, Data({"x": (1.0, 2.0, 4.0), "y": (1.0, 0.0, 2.0)})
    )
    estimates, _ = drawn("mini-batch", 2, few)
    assert estimates[1] == pytest.approx(few.gradient(*AT))
    large = settings_of("mini-batch", estimate_options={"rows": 100})
    sentence = (
        "^a mini-batch of B = 100 rows cannot be drawn from data that has 40: B is 40 at most$"
    )
    with pytest.raises(ValueError, match=sentence):
        descend(LOGISTIC, large, AT)
    with pytest.raises(ValueError, match=sentence):
        descend_from_each(LOGISTIC, large, np.array([0.0]), np.array([0.0]))
    with pytest.raises(
        ValueError, match=r"^there is no data, of which a mini-batch takes some rows$"
    ):
        descend(BOWL, large, AT)


# -- along a path


def settings_of(name: str, rule: str = "gd", **fields: object) -> RunSettings:
    return RunSettings(ESTIMATES[name], RULES[rule], **({"alpha": 0.05, "epsilon": 1e-3} | fields))


def test_a_draw_along_which_f_is_flat_ends_no_path() -> None:
    """From (1, 1) on a² + b² half of the Δ are across the slope."""
    objective = FormulaObjective.from_text("a^2 + b^2")
    for rule in ("gd", "fixed-length", "momentum", "adam"):
        for precision in ("float64", "float32"):
            settings = settings_of("spsa", rule, steps=60, precision=precision, epsilon=0.25)
            path = descend(objective, settings, (1.0, 1.0))
            assert path.status is Status.STEP_LIMIT
            assert path.updates == 60
            still = ~path.gradient[:60].any(axis=1)
            assert still.any(), "the case is there"
            assert path.loss[-1] < 0.9 * path.loss[0]


def test_a_draw_outside_the_domain_is_said() -> None:
    objective = FormulaObjective.from_text("log(a) + b")
    path = descend(objective, settings_of("gaussian", epsilon=10.0, seed=3), (0.5, 0.0))
    assert path.status is Status.NOT_A_NUMBER
    assert path.sentence.startswith("the gradient is not a number at step 0: f has no value at (")
    assert path.sentence.endswith(", which was drawn")


def test_other_seeds_are_other_paths_and_the_same_is_the_same() -> None:
    for name in (name for name, row in ESTIMATES.items() if row.is_random):
        one, same, other = (
            descend(LOGISTIC, settings_of(name, seed=seed), AT).theta for seed in (4, 4, 5)
        )
        assert one.tobytes() == same.tobytes()
        assert (one[-1] != other[-1]).all()
