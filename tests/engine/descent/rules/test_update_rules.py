"""Update rules: their recurrences by hand, closed forms on quadratics, counts, and endings."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gdviz.base.geometry import Range
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.path import Path, Status
from gdviz.engine.descent.rules.circle_search import FEWEST, LARGEST
from gdviz.engine.descent.rules.shaping import NOISE, SHAPING
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.stationary_points import stationary_kind
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.descent.rules.test_recorded_trajectories import CASES as RECORDED_CASES
from tests.engine.descent.run_method import run_method

EVERYWHERE = Range(-1e9, 1e9, -1e9, 1e9)
ELEMENTWISE = [name for name, rule in RULES.items() if rule.is_elementwise]
UNIT = FormulaObjective.from_text("b*sigmoid(a*x)", {"x": 1.0})
#: κ = 25 along the axes.
KAPPA = 25.0
BOWL = FormulaObjective.from_text("(a^2 + kappa*b^2)/2", {"kappa": KAPPA})


def path_of(
    objective: FormulaObjective | str, rule: str, estimate: str = "analytic", **changes: Any
) -> Path:
    if isinstance(objective, str):
        objective = FormulaObjective.from_text(objective)
    fields: dict[str, Any] = {"start": (1.0, 1.0), "alpha": 0.1, "epsilon": 1e-3, "steps": 50,
                              "bounds": EVERYWHERE}  # fmt: skip
    return run_method(objective, estimate, rule, **(fields | changes))


# -- the recurrences, each written out for three steps

ALPHA = 0.3
MU, TAU, RHO, DELTA, BETA1, BETA2 = 0.8, 0.25, 0.7, 1e-3, 0.6, 0.95
#: 0 for no: what is written out here is PyTorch's default.
NO = 0.0
CHOSEN: dict[str, dict[str, float]] = {
    "gd": {},
    "fixed-length": {},
    "momentum": {"momentum": MU, "dampening": TAU},
    "nesterov": {"momentum": MU},
    "adagrad": {"delta": DELTA, "start": 0.0, "inside": NO},
    "rmsprop": {"decay": RHO, "delta": DELTA, "start": 0.0, "inside": NO},
    "adam": {"beta1": BETA1, "beta2": BETA2, "delta": DELTA, "amsgrad": NO, "uncorrected": NO},
    "newton": {"floor": 1e-6},
}


def by_hand(rule: str, gradients: list[np.ndarray], hessians: list[np.ndarray]) -> np.ndarray:
    """Return the three steps Δθ that the definitions give for gradients and Hessians."""
    g1, g2, g3 = gradients
    match rule:
        case "gd":
            steps = [g1, g2, g3]
        case "fixed-length":
            steps = [g / math.sqrt(g @ g) for g in gradients]
        case "momentum":
            steps = [g1, (1 - TAU) * g2 + MU * g1, (1 - TAU) * (g3 + MU * g2) + MU**2 * g1]
        case "nesterov":
            v1, v2, v3 = g1, g2 + MU * g1, g3 + MU * g2 + MU**2 * g1
            steps = [g1 + MU * v1, g2 + MU * v2, g3 + MU * v3]
        case "adagrad":
            steps = [
                g1 / (np.abs(g1) + DELTA),
                g2 / (np.sqrt(g1**2 + g2**2) + DELTA),
                g3 / (np.sqrt(g1**2 + g2**2 + g3**2) + DELTA),
            ]
        case "rmsprop":
            s1 = (1 - RHO) * g1**2
            s2 = (1 - RHO) * (g2**2 + RHO * g1**2)
            s3 = (1 - RHO) * (g3**2 + RHO * g2**2 + RHO**2 * g1**2)
            steps = [g / (np.sqrt(s) + DELTA) for g, s in ((g1, s1), (g2, s2), (g3, s3))]
        case "adam":
            # The averages with their weights divided by the weights' sum.
            m1, s1 = g1, g1**2
            m2 = (g2 + BETA1 * g1) / (1 + BETA1)
            s2 = (g2**2 + BETA2 * g1**2) / (1 + BETA2)
            m3 = (g3 + BETA1 * g2 + BETA1**2 * g1) / (1 + BETA1 + BETA1**2)
            s3 = (g3**2 + BETA2 * g2**2 + BETA2**2 * g1**2) / (1 + BETA2 + BETA2**2)
            steps = [m / (np.sqrt(s) + DELTA) for m, s in ((m1, s1), (m2, s2), (m3, s3))]
        case "newton":
            steps = []
            for g, hessian in zip(gradients, hessians, strict=True):
                values, vectors = np.linalg.eigh(hessian)
                values = np.maximum(np.abs(values), CHOSEN["newton"]["floor"])
                steps.append(vectors @ ((vectors.T @ g) / values))
        case _:
            raise AssertionError(rule)
    return -ALPHA * np.array(steps)


@pytest.mark.parametrize("rule", CHOSEN)
@pytest.mark.parametrize("estimate", ["analytic", "forward", "central", "complex-step"])
@pytest.mark.parametrize("surface", ["himmelblau", "sigmoid-unit"])
def test_three_steps_by_hand(rule: str, estimate: str, surface: str) -> None:
    row = SURFACES[surface]
    objective = FormulaObjective.from_text(row.formula, row.defaults)
    # Himmelblau's gradients are in the hundreds: scaled, so that three steps stay on the map.
    alpha = ALPHA if surface == "sigmoid-unit" or rule in ("fixed-length", "adam") else ALPHA / 100
    path = path_of(objective, rule, estimate, start=row.start, alpha=alpha, steps=3,
                options=CHOSEN[rule])  # fmt: skip
    assert path.updates == 3
    hessians = [objective.hessian(*point) for point in path.theta[:3]]
    matrices = [np.array([[aa, ab], [ab, bb]]) for aa, ab, bb in hessians]
    expected = by_hand(rule, list(path.gradient[:3]), matrices) * (alpha / ALPHA)
    np.testing.assert_allclose(np.diff(path.theta, axis=0), expected, rtol=1e-9, atol=1e-12)


def test_every_elementwise_rule_has_its_recurrence_here_or_was_recorded() -> None:
    recorded = {name.partition("@")[0] for name, *_ in RECORDED_CASES.values()}
    # Those are below, and in test_step_lengths.py and test_first_order.py.
    alone = {"nesterov-1983", "barzilai-borwein", "polyak", "noisy"}
    assert set(CHOSEN) | recorded | alone == set(ELEMENTWISE)
    for name, chosen in CHOSEN.items():
        assert set(chosen) == {o.name for o in RULES[name].options} - {o.name for o in SHAPING}


# -- closed forms on quadratics


def test_gradient_descent_contracts_by_one_minus_alpha_lambda() -> None:
    path = path_of(BOWL, "gd", start=(5.0, 2.0), alpha=0.07, steps=60)
    k = np.arange(61)
    np.testing.assert_allclose(path.theta[:, 0], 5.0 * (1 - 0.07) ** k, rtol=1e-12)
    np.testing.assert_allclose(path.theta[:, 1], 2.0 * (1 - KAPPA * 0.07) ** k, rtol=1e-11)


@pytest.mark.parametrize(("part", "falls"), [(0.999, True), (1.001, False)])
def test_gradient_descent_diverges_exactly_past_two_over_lambda_max(
    part: float, falls: bool
) -> None:
    path = path_of(BOWL, "gd", start=(0.3, 0.2), alpha=part * 2 / KAPPA, steps=4000)
    assert (abs(path.theta[-1, 1]) < 0.2) == falls
    assert (path.loss[-1] < path.loss[0]) == falls
    at_the_bound = path_of(BOWL, "gd", start=(0.0, 0.25), alpha=2 / KAPPA, steps=100)
    np.testing.assert_allclose(np.abs(at_the_bound.theta[:, 1]), 0.25, rtol=1e-12)


def test_momentum_reaches_its_optimal_rate() -> None:
    """With √μ = ρ = (√κ − 1)/(√κ + 1) both ends of the spectrum have a double root ±ρ."""
    root = math.sqrt(KAPPA)
    rho = (root - 1) / (root + 1)
    alpha = (2 / (root + 1)) ** 2  # λ from 1 to κ
    path = path_of(BOWL, "momentum", start=(1.0, 1.0), alpha=alpha, steps=40,
                options={"momentum": rho**2})  # fmt: skip
    k = np.arange(len(path))
    # x₁ = (1 − αλ)x₀ fixes c in x_k = (1 + ck)(±ρ)ᵏ.
    for column, eigenvalue, sign in ((0, 1.0, 1.0), (1, KAPPA, -1.0)):
        c = (1 - alpha * eigenvalue) / (sign * rho) - 1
        np.testing.assert_allclose(
            path.theta[:, column], (1 + c * k) * (sign * rho) ** k, rtol=1e-6, atol=1e-12
        )
    # Gradient descent at its best is slower: (κ − 1)/(κ + 1).
    slow = path_of(BOWL, "gd", alpha=2 / (KAPPA + 1), steps=40)
    np.testing.assert_allclose(
        np.hypot(*slow.theta[-1]), math.sqrt(2) * ((KAPPA - 1) / (KAPPA + 1)) ** 40, rtol=1e-9
    )
    assert np.hypot(*path.theta[-1]) < 1e-3 * np.hypot(*slow.theta[-1])


def test_nesterov_is_the_iteration_of_the_point_that_looks_ahead() -> None:
    """Of φ = θ + αμv this is Nesterov's: a gradient step from the point that looks ahead."""
    alpha, mu = 0.02, 0.8
    path = path_of(BOWL, "nesterov", start=(3.0, -1.0), alpha=alpha, steps=20,
                options={"momentum": mu})  # fmt: skip
    ahead = behind = np.array([3.0, -1.0])
    for point in path.theta:
        np.testing.assert_allclose(point, ahead, rtol=1e-10, atol=1e-13)
        following = ahead - alpha * ahead * (1.0, KAPPA)
        ahead, behind = following + mu * (following - behind), following


def test_nesterov_of_1983_is_fista_and_keeps_its_bound() -> None:
    """Its points behind, φ, as the paper has them, and f(φₖ) − f* ≤ 2‖φ₀ − θ*‖²/(α(k + 1)²)."""
    alpha = 1 / KAPPA  # 1/L
    path = path_of(BOWL, "nesterov-1983", start=(3.0, -1.0), alpha=alpha, steps=60)
    ahead = behind = np.array([3.0, -1.0])
    t = 1.0
    for k, point in enumerate(path.theta):
        np.testing.assert_allclose(point, ahead, rtol=1e-9, atol=1e-12)
        if k:
            assert BOWL.value(*behind) <= 2 * 10.0 / (alpha * (k + 1) ** 2)
        following = ahead - alpha * ahead * (1.0, KAPPA)
        next_t = (1 + math.sqrt(1 + 4 * t**2)) / 2
        ahead = following + (t - 1) / next_t * (following - behind)
        behind, t = following, next_t


def test_a_velocity_keeps_the_rate_of_its_time_in_the_heavy_ball_alone() -> None:
    """With constant α momentum and the heavy ball are one; where α shrinks they part."""
    fields: dict[str, Any] = {"start": (3.0, -1.0), "alpha": 0.02, "steps": 30}
    one, other = (path_of(BOWL, rule, **fields) for rule in ("momentum", "heavy-ball"))
    np.testing.assert_allclose(one.theta, other.theta, rtol=1e-9, atol=1e-12)
    fields["schedule"] = SCHEDULES["exponential"]
    one, other = (path_of(BOWL, rule, **fields) for rule in ("momentum", "heavy-ball"))
    # Polyak's form: θ − αĝ + μ(θ − θ′).
    theta, alpha = other.theta, 0.02 * 0.98 ** np.arange(1, 30)
    expected = (
        theta[1:-1] - alpha[:, None] * other.gradient[1:-1] + 0.9 * np.diff(theta[:-1], axis=0)
    )
    np.testing.assert_allclose(theta[2:], expected, rtol=1e-9, atol=1e-12)
    assert np.abs(one.theta - other.theta).max() > 1e-2


@pytest.mark.parametrize("rule", ["adagrad", "rmsprop", "adam"])
def test_the_first_step_of_an_adaptive_rule_does_not_depend_on_the_scale(rule: str) -> None:
    chosen = {"decay": 0.0} if rule == "rmsprop" else {}
    for scale in (1e-3, 1.0, 1e6):
        objective = FormulaObjective.from_text("k*(a - 3*b)", {"k": scale})
        path = path_of(objective, rule, alpha=0.25, steps=1, options=chosen)
        np.testing.assert_allclose(path.theta[1] - path.theta[0], (-0.25, 0.25), rtol=1e-4)


def test_adagrad_slows_down_like_one_over_the_root() -> None:
    """On a slope s = kĝ², and the steps are α/√k."""
    path = path_of("a - 3*b", "adagrad", alpha=0.25, steps=50)
    steps = np.diff(path.theta, axis=0)
    k = np.arange(1, 51)
    np.testing.assert_allclose(steps, np.outer(0.25 / np.sqrt(k), (-1, 1)), rtol=1e-8)


def test_adam_on_a_slope_steps_by_alpha() -> None:
    """m̂ = ĝ and ŝ = ĝ² at every step: that is what the corrections are for."""
    path = path_of("a - 3*b", "adam", alpha=0.25, steps=50)
    np.testing.assert_allclose(np.diff(path.theta, axis=0), [(-0.25, 0.25)] * 50, rtol=1e-7)


# -- a fixed length


def test_a_fixed_length_is_the_length_of_every_step() -> None:
    path = path_of(UNIT, "fixed-length", "forward", start=(-2.0, 1.5), alpha=0.2, epsilon=0.1)
    np.testing.assert_allclose(np.hypot(*np.diff(path.theta, axis=0).T), 0.2, rtol=1e-12)


def test_a_fixed_length_oscillates_near_the_minimum_and_never_converges() -> None:
    """D1: once within α of the minimum it steps across, for ever."""
    path = path_of("a^2 + b^2", "fixed-length", start=(1.05, 0.0), alpha=0.1, steps=2000)
    assert path.status is Status.STEP_LIMIT
    np.testing.assert_allclose(np.abs(path.theta[20:, 0]), 0.05, rtol=1e-9)
    assert (np.sign(path.theta[20:-1, 0]) == -np.sign(path.theta[21:, 0])).all()
    row = SURFACES["himmelblau"]
    path = path_of(row.formula, "fixed-length", start=row.start, alpha=0.1, steps=2000)
    assert path.status is Status.STEP_LIMIT
    assert 1e-3 < np.hypot(*(path.theta[-500:] - path.theta[-500:].mean(0)).T).max() < 0.2
    assert np.hypot(*path.gradient[-2]) > 0.1


def test_a_fixed_length_survives_gradients_whose_square_overflows() -> None:
    for precision, size in (("float64", 1e200), ("float32", 1e25)):
        objective = FormulaObjective.from_text("k*(3*a + 4*b)", {"k": size})
        path = path_of(objective, "fixed-length", alpha=0.5, steps=1, precision=precision)
        np.testing.assert_allclose(path.theta[1], (0.7, 0.6), rtol=1e-6)


# -- Newton


@pytest.mark.parametrize("start", [(4.0, -3.0), (-1e3, 77.0)])
@pytest.mark.parametrize("text", ["(a^2 + 25*b^2)/2", "2*(a-1)^2 + a*b + (b+3)^2"])
def test_newton_reaches_the_minimum_of_a_quadratic_in_one_step(
    text: str, start: tuple[float, float]
) -> None:
    path = path_of(text, "newton", start=start, alpha=1.0)
    objective = FormulaObjective.from_text(text)
    hessian = objective.hessian(0.0, 0.0)
    matrix = np.array([[hessian[0], hessian[1]], [hessian[1], hessian[2]]])
    minimum = np.linalg.solve(matrix, -np.array(objective.gradient(0.0, 0.0)))
    np.testing.assert_allclose(path.theta[1], minimum, rtol=1e-9, atol=1e-9)
    assert path.status is Status.ESTIMATE_VANISHED
    assert path.updates <= 2
    assert "converged" in path.sentence
    assert "positive definite" not in path.sentence


def test_alpha_damps_newton() -> None:
    path = path_of(BOWL, "newton", start=(4.0, -3.0), alpha=0.25, steps=20)
    k = np.arange(21)[:, None]
    np.testing.assert_allclose(path.theta, (4.0, -3.0) * 0.75**k, rtol=1e-12)


def test_newton_converges_quadratically_on_rosenbrock() -> None:
    row = SURFACES["rosenbrock"]
    path = path_of(row.formula, "newton", start=(1.1, 1.2), alpha=1.0)
    distance = np.hypot(*(path.theta - 1.0).T)
    assert path.status is Status.ESTIMATE_VANISHED
    assert path.updates <= 7
    assert distance[-1] < 1e-12


def test_newton_is_charged_four_evaluations_a_hessian() -> None:
    for estimate, gradient in (("analytic", 2), ("forward", 3), ("central", 4)):
        path = path_of(SURFACES["himmelblau"].formula, "newton", estimate, start=(-3.6, 3.0),
                    alpha=0.5, steps=7)  # fmt: skip
        assert path.status is Status.STEP_LIMIT
        assert path.hessians.tolist() == [1] * 7 + [0]
        assert path.evaluations.tolist() == [gradient + 4] * 7 + [0]
    # At the last point of a path that converged there was a gradient, and no Hessian.
    path = path_of(BOWL, "newton", start=(4.0, -3.0), alpha=1.0)
    assert path.hessians.tolist() == [1, 0]
    assert path.gradients.tolist() == [1, 1]


def test_newton_leaves_a_saddle_downhill_and_says_so() -> None:
    """On a² − b² the step is (a, b) → (0, 2b): H⁻¹ĝ would have gone to the saddle itself."""
    path = path_of("a^2 - b^2", "newton", start=(1.0, 0.25), alpha=1.0, steps=4,
                bounds=Range(-9.0, 9.0, -9.0, 9.0))  # fmt: skip
    assert path.theta[:, 0].tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert path.theta[:, 1].tolist() == [0.25, 0.5, 1.0, 2.0, 4.0]
    assert path.sentence.endswith(
        "; at 4 steps the Hessian was not positive definite (it had a λ < 10⁻⁸), "
        "so |λ| replaced its eigenvalues λ"
    )
    assert "at 1 step the" in path_of("a^2 - b^2", "newton", alpha=1.0, steps=1).sentence


def test_newton_leaves_a_maximum_downhill() -> None:
    path = path_of("-a^2 - 3*b^2", "newton", start=(0.5, -0.25), alpha=1.0, steps=3)
    assert path.theta.tolist() == [[0.5, -0.25], [1.0, -0.5], [2.0, -1.0], [4.0, -2.0]]
    assert (np.diff(path.loss) < 0).all()
    assert "at 3 steps the Hessian was not" in path.sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a^3 - 3*a*b^2", "cannot tell a minimum from flat ground"),
        ("a^2 - b^2", "at a saddle point"),
        ("-a^2 - b^2", "at a maximum"),
    ],
)
def test_newton_at_a_stationary_point_stays(text: str, words: str) -> None:
    """The gradient vanishes, and so does the step, whatever the Hessian: at the monkey saddle 0."""
    path = path_of(text, "newton", start=(0.0, 0.0), alpha=1.0)
    assert path.status is Status.ESTIMATE_VANISHED
    assert len(path) == 1
    assert words in path.sentence
    assert "|λ|" not in path.sentence


def test_newton_beside_the_monkey_saddle_walks_down() -> None:
    row = SURFACES["monkey-saddle"]
    path = path_of(row.formula, "newton", start=(1e-3, 2e-3), alpha=1.0, steps=60, bounds=row.home)
    assert path.status is Status.LEFT_MAP
    assert (np.diff(path.loss) < 0).all()
    assert "|λ|" in path.sentence


def test_newton_on_a_plane_is_one_long_step() -> None:
    """H = 0: the step is ĝ/floor."""
    path = path_of("3*a + 4*b", "newton", start=(0.0, 0.0), alpha=1.0, options={"floor": 10.0},
                steps=2)  # fmt: skip
    np.testing.assert_allclose(path.theta, [(0, 0), (-0.3, -0.4), (-0.6, -0.8)], rtol=1e-12)
    path = path_of("3*a + 4*b", "newton", start=(0.0, 0.0), alpha=1.0, bounds=Range(-5, 5, -5, 5))
    assert path.status is Status.LEFT_MAP
    assert path.updates == 1


def test_a_hessian_that_is_not_finite_ends_the_path() -> None:
    # f = (b − 1)^1.5 + a²: ∂²f/∂b² is infinite at b = 1, where the gradient is finite.
    path = path_of("a^2 + (b-1)^1.5", "newton", start=(1.0, 1.0), alpha=1.0)
    assert path.status is Status.DIVERGED
    assert path.sentence.startswith("diverged at step 1: the step is not a number")


# -- precision


def settings_of(rule: str) -> RunSettings:
    return RunSettings(ESTIMATES["analytic"], RULES[rule], alpha=0.1)


def flat(state: Any) -> list[Any]:
    """Return the numbers of a state, however nested."""
    if isinstance(state, tuple):
        return [number for part in state for number in flat(part)]
    return [] if state is None else [state]


@pytest.mark.parametrize("rule", ELEMENTWISE)
@pytest.mark.parametrize("text", ["a - 3*b", "(a-1)^2 + a*b + 2*b^2", "b*sigmoid(a)"])
def test_the_state_stays_in_the_precision_of_the_method(rule: str, text: str) -> None:
    """Linear and quadratic formulas have literals for gradient and Hessian: no precision at all."""
    objective = FormulaObjective.from_text(text)
    for precision, kind in (("float64", float), ("float32", np.float32)):
        counted = CountedObjective(objective, precision)
        state, step = settings_of(rule).update(counted, counted.gradient)
        a, b, alpha = counted.real(0.7), counted.real(-1.3), counted.real(0.1)
        with np.errstate(all="ignore"):
            for _ in range(3):
                a, b, state = step(state, a, b, *counted.gradient(a, b), alpha)
        assert type(a) is type(b) is kind
        assert all(type(part) in (kind, int) for part in flat(state))


@pytest.mark.parametrize("rule", ELEMENTWISE)
def test_a_step_on_arrays_is_the_step_on_each_element(rule: str) -> None:
    objective = FormulaObjective.from_text(SURFACES["himmelblau"].formula)
    rng = np.random.default_rng(1)
    a, b = rng.uniform(-5, 5, (2, 200))
    many = CountedObjective(objective, "float64", arrays=True)
    state, step = settings_of(rule).update(many, many.gradient)
    x, y = a, b
    for _ in range(4):
        x, y, state = step(state, x, y, *many.gradient(x, y), 1e-3)
    single = CountedObjective(objective, "float64")
    for k in range(0, 200, 7):
        one, step = settings_of(rule).update(single, single.gradient)
        p, q = float(a[k]), float(b[k])
        for _ in range(4):
            p, q, one = step(one, p, q, *single.gradient(p, q), 1e-3)
        assert (x[k], y[k]) == pytest.approx((p, q), rel=1e-9)


@pytest.mark.parametrize("rule", ELEMENTWISE)
def test_float32_follows_float64_and_rounds(rule: str) -> None:
    double = path_of(BOWL, rule, start=(2.1, 1.3), alpha=0.02, steps=20)
    single = path_of(BOWL, rule, start=(2.1, 1.3), alpha=0.02, steps=20, precision="float32")
    np.testing.assert_array_equal(single.theta, single.theta.astype(np.float32))
    np.testing.assert_allclose(single.theta, double.theta, rtol=1e-3, atol=1e-3)
    assert (single.theta[1:] != double.theta[1:]).any()


# -- options


@pytest.mark.parametrize(
    ("rule", "options", "words"),
    [
        ("momentum", {"momentum": 1.0}, "momentum of the rule momentum must be between 0 and 0.99"),
        ("momentum", {"momentum": -0.1}, "not -0.1"),
        ("adam", {"beta2": math.nan}, "beta2 of the rule adam must be .*, not nan"),
        ("adagrad", {"delta": 0.0}, "delta of the rule adagrad"),
        ("newton", {"floor": math.inf}, "floor of the rule newton"),
        ("gd", {"momentum": 0.5}, "the rule gd has no option 'momentum': its options are clip, "),
        ("l-bfgs", {"memory": 5}, "the rule l-bfgs has no option 'memory'"),
        ("adam", {"beta": 0.5}, "its options are beta1, beta2, delta, amsgrad"),
        (
            "adam",
            {"amsgrad": 0.5},
            r"amsgrad of the rule adam must be 0 \(no\) or 1 \(yes\), not 0.5",
        ),
        ("adam", {"amsgrad": 2}, r"amsgrad of the rule adam must be 0 \(no\) or 1 \(yes\), not 2"),
        ("rprop", {"grow": 1.0}, "grow of the rule rprop must be between 1.001 and 100, not 1"),
    ],
)
def test_what_is_refused(rule: str, options: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        path_of(BOWL, rule, options=options)


def test_options_are_kept_to_their_bounds_both_included() -> None:
    for rule in RULES.values():
        assert rule.option_values() == {option.name: option.default for option in rule.options}
        for option in rule.options:
            assert option.low <= option.default <= option.high
            for bound in (option.low, option.high):
                assert rule.option_values({option.name: bound})[option.name] == bound
                path = path_of(UNIT, rule.name, options={option.name: bound}, steps=5)
                assert (
                    path.updates == 5
                    or rule.values_beside != 0
                    or rule.is_random
                    or option == NOISE
                )  # or f ends it
            assert option.about[0].isupper()
            assert not option.about.endswith(".")


# -- nothing raises or hangs

FLOATS: Any = st.floats
WILD = st.one_of(FLOATS(-6, 6), FLOATS(-1e6, 1e6))
FORMULAS = [
    *(name for name, row in SURFACES.items() if not row.data),
    "log(a) + b^2",
    "sqrt(a)*b",
    "a^4 + b^4",
    "1/a + 1/b",
    "exp(a^2 + b^2)",
    "a - b",
    "5",
    "abs(a)^1.5 + abs(b)",
    "a^2 - b^2 + max(a, b)",
]


@given(
    formula=st.sampled_from(FORMULAS),
    rule=st.sampled_from(list(RULES)),
    estimate=st.sampled_from(
        [name for name in ESTIMATES if name not in ("mistaken", "mini-batch", "yours")]
    ),
    start=st.tuples(WILD, WILD),
    alpha=FLOATS(-12, 6).map(lambda t: 10**t),
    epsilon=FLOATS(-20, 2).map(lambda t: 10**t),
    precision=st.sampled_from(["float64", "float32"]),
    schedule=st.sampled_from(list(SCHEDULES)),
    representable=st.booleans(),
)
@example("abs(a)^1.5 + abs(b)", "newton", "analytic", (0.0, 1.0), 1.0, 1.0, "float64", "constant",
         False)  # fmt: skip
@example("exp(a^2 + b^2)", "adam", "analytic", (18.0, 18.0), 1.0, 1.0, "float32", "cosine", False)
def test_no_descent_raises_or_hangs(
    formula: str,
    rule: str,
    estimate: str,
    start: tuple[float, float],
    alpha: float,
    epsilon: float,
    precision: Any,
    schedule: str,
    representable: bool,
) -> None:
    row = SURFACES.get(formula)
    objective = (
        FormulaObjective.from_text(row.formula, row.defaults)
        if row
        else FormulaObjective.from_text(formula)
    )
    path = path_of(objective, rule, estimate, start=start, alpha=alpha, epsilon=epsilon, steps=25,
                precision=precision, schedule=SCHEDULES[schedule], representable_step=representable,
                bounds=Range(-6.0, 6.0, -6.0, 6.0))  # fmt: skip
    assert 1 <= len(path) <= 26
    assert path.sentence
    assert path.sentence.isprintable()
    np.testing.assert_array_equal(
        path.evaluations,
        path.values + 2 * path.gradients + path.tangents + 4 * path.hessians,
    )
    if "converged" in path.sentence:
        assert stationary_kind(objective, *path.theta[-1].tolist()) in ("minimum", "valley")
        assert np.hypot(*path.exact_gradient[-1]) <= 1e-8


def test_the_table_of_rules() -> None:
    assert all(rule.name == name for name, rule in RULES.items())
    assert next(iter(RULES)) == "gd"


# -- the best direction


def test_the_best_direction_is_found_step_by_step() -> None:
    """On a² + 25b² each step reaches the least loss at its distance, by sampling the circle."""
    objective = FormulaObjective.from_text("a^2 + 25*b^2")
    path = run_method(
        objective, "analytic", "best-direction", start=(3.0, 1.0), alpha=0.5,
        epsilon=1e-6, steps=8, bounds=Range(-5, 5, -5, 5),
    )  # fmt: skip
    angles = np.linspace(0, 2 * np.pi, 20_000)
    for (a, b), reached in zip(path.theta[:-1], path.loss[1:], strict=True):
        around = objective.values(a + 0.5 * np.cos(angles), b + 0.5 * np.sin(angles))
        assert reached <= around.min() * (1 + 1e-12)
    # Each step is α long, and costs a gradient and the values of the search.
    assert np.hypot(*np.diff(path.theta, axis=0).T) == pytest.approx(0.5)
    np.testing.assert_array_equal(path.evaluations[:-1], 2 + path.values[:-1])
    assert (path.values[:-1] > FEWEST).all()
    assert path.values[:-1].max() <= 80


def test_a_step_in_the_best_direction_finds_a_narrow_valley() -> None:
    """The best of 48 directions and a golden section beside it is 55 % of the range above."""
    row = SURFACES["ackley"]
    objective, start, alpha = FormulaObjective.of(row), (0.1, 0.2), 6.7
    path = run_method(
        objective, "analytic", "best-direction", start=start, alpha=alpha,
        epsilon=1e-6, steps=1, bounds=Range(-20, 20, -20, 20),
    )  # fmt: skip
    angles = np.linspace(0, 2 * np.pi, 10_000)
    around = objective.values(start[0] + alpha * np.cos(angles), start[1] + alpha * np.sin(angles))
    assert path.loss[1] <= around.min()
    assert FEWEST < path.values[0] <= LARGEST + 1
    assert "circle" not in path.sentence


def searched(text: str, alpha: float, **changes: Any) -> Path:
    fields: dict[str, Any] = {"start": (0.3, 0.4), "steps": 3, "bounds": Range(-50, 50, -50, 50)}
    return run_method(
        FormulaObjective.from_text(text), "analytic", "best-direction",
        alpha=alpha, epsilon=1e-6, **(fields | changes),
    )  # fmt: skip


def test_circles_that_were_not_searched_throughout_are_said() -> None:
    said = "the circle was too long to be searched completely, given how finely f varies on it"
    assert f"; at 3 of 3 steps {said}: there" in searched("sin(1e6*a) + b", 1.0).sentence
    assert f"; at 1 of 1 step {said}: there" in searched("sin(1e6*a) + b", 1.0, steps=1).sentence
    # Waves on a disc of radius 5, and steps of 3 along −b: from b = −8.6 on none meets it.
    path = searched("sin(1e6*a)*relu(25 - a^2 - b^2) + 1000*b", 3.0, steps=5)
    assert f"; at 3 of 5 steps {said}: there" in path.sentence


def test_a_step_that_is_no_part_of_the_path_is_not_counted() -> None:
    """The path ends at its start, where f is undefined but ∇f is not, so that a step was taken."""
    path = searched("log(a) + sin(1e6*b)", 3.0, start=(-1.0, 0.0))
    assert path.updates == 0
    assert "circle" not in path.sentence


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    "formula",
    ["log(a) + b^2", "sqrt(a) + (b - 1)^2", "(a - 0.2)^2 + 10*b^2 - 0.001*log(b)",
     "-log(1 - a^2 - b^2) + 3*a", "a*log(a) + b*log(b)", "acos(a) + b^2"],
)  # fmt: skip
def test_no_best_direction_leads_out_of_the_domain(formula: str) -> None:
    """Where −ĝ does and others do not; the loss is no more than that of any sampled direction."""
    objective = FormulaObjective.from_text(formula)
    rng = np.random.default_rng(4)
    angles = np.linspace(0.0, 2 * np.pi, 10_000)
    led_out = 0
    for a, b, alpha in rng.uniform((0.05, 0.05, 0.03), (0.9, 0.9, 1.5), (60, 3)).tolist():
        if not math.isfinite(objective.value(a, b)):
            continue
        path = searched(formula, alpha, start=(a, b), steps=1)
        losses = objective.values(a + alpha * np.cos(angles), b + alpha * np.sin(angles))
        if not np.isfinite(losses).any():
            continue
        g_a, g_b = objective.gradient(a, b)
        length = math.hypot(g_a, g_b)
        led_out += not math.isfinite(
            objective.value(a - alpha * g_a / length, b - alpha * g_b / length)
        )
        assert path.loss[1] <= losses[np.isfinite(losses)].min() + 1e-9
    assert led_out > 0


@pytest.mark.parametrize("surface", ["rosenbrock", "himmelblau", "ackley", "peaks", "sigmoid-unit"])
@pytest.mark.parametrize("alpha", [0.01, 0.3, 2.0])
def test_the_best_direction_beats_a_fixed_length(surface: str, alpha: float) -> None:
    """D2: f(θ − ηδ*) ≤ f(θ − η∇f/‖∇f‖)."""
    row = SURFACES[surface]
    best, steepest = (
        run_method(
            FormulaObjective.of(row), ESTIMATES["analytic"], RULES[rule], start=row.start,
            alpha=alpha, epsilon=1e-6, steps=1, bounds=row.home,
        )
        for rule in ("best-direction", "fixed-length")
    )  # fmt: skip
    assert best.loss[1] <= steepest.loss[1]
