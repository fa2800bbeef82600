"""Descent: the recurrence by hand, every status, what rows hold, and what is counted."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.base.cancel import Cancelled
from gdviz.base.format import number
from gdviz.base.geometry import Range
from gdviz.engine.descent import loop
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.outcome_text import SENTENCES
from gdviz.engine.descent.path import Path, Status
from gdviz.engine.descent.rules.rule import Rule
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import MARGIN
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.descent.run_method import run_method

HOME = Range(-6.0, 6.0, -4.0, 5.0)
EVERYWHERE = Range(-1e6, 1e6, -1e6, 1e6)
COST = {
    "analytic": 2, "forward": 3, "backward": 3, "central": 4, "complex-step": 2, "mistaken": 2,
    "richardson": 8, "forward-mode": 2, "forward-gradient": 1, "spsa": 2, "gaussian": 2,
    "evolution": 10, "random-coordinate": 2,
}  # fmt: skip


def path_of(
    text: str | FormulaObjective,
    estimate: str = "analytic",
    start: tuple[float, float] = (1.0, 1.0),
    alpha: float = 0.1,
    epsilon: float = 1e-3,
    steps: int = 50,
    bounds: Range = HOME,
    **options: Any,
) -> Path:
    objective = FormulaObjective.from_text(text) if isinstance(text, str) else text
    path = run_method(
        objective, estimate, "gd", start=start, alpha=alpha, epsilon=epsilon,
        steps=steps, bounds=bounds, **options,
    )  # fmt: skip
    check_rows(path)
    # A division by a step of zero cuts an estimate short: what was called by then is counted.
    if not options.get("representable_step") and estimate in COST:
        assert set(path.evaluations[: path.gradients_taken]) <= {COST[estimate]}
    return path


def check_rows(path: Path) -> None:
    """Hold a path to what its documentation promises of every row."""
    n, taken = len(path), path.gradients_taken
    assert path.theta.shape == path.gradient.shape == path.exact_gradient.shape == (n, 2)
    for column in (path.loss, path.error, path.relative_error, path.angle, path.values,
                   path.gradients, path.hessians, path.evaluations):  # fmt: skip
        assert column.shape == (n,)
    assert path.updates == n - 1
    assert taken in (n, n - 1)
    # A row without a gradient: nan, and nothing counted.
    assert np.isnan(path.gradient[taken:]).all()
    assert np.isnan(path.error[taken:]).all()
    assert np.isnan(path.relative_error[taken:]).all()
    assert np.isnan(path.angle[taken:]).all()
    assert not path.evaluations[taken:].any()
    np.testing.assert_array_equal(
        path.evaluations, path.values + 2 * path.gradients + 4 * path.hessians + path.tangents
    )
    with np.errstate(all="ignore"):
        expected = np.linalg.norm(path.gradient - path.exact_gradient, axis=1)
    finite = np.isfinite(expected)
    np.testing.assert_allclose(path.error[finite], expected[finite], rtol=1e-12, atol=1e-150)
    assert path.theta.dtype == path.loss.dtype == path.gradient.dtype == np.float64
    assert path.sentence
    assert path.sentence.isprintable()
    assert not path.sentence.endswith(".")
    assert "nan" not in path.sentence


UNIT = FormulaObjective.from_text("b*sigmoid(a*x)", {"x": 1.0})


# -- the recurrence


def z(a: float, b: float) -> float:
    return b / (1.0 + math.exp(-a))


def gradient_by_hand(name: str, a: float, b: float, h: float) -> tuple[float, float]:
    s = 1.0 / (1.0 + math.exp(-a))
    match name:
        case "analytic":
            return b * s * (1.0 - s), s
        case "forward":
            return (z(a + h, b) - z(a, b)) / h, (z(a, b + h) - z(a, b)) / h
        case "backward":
            return (z(a, b) - z(a - h, b)) / h, (z(a, b) - z(a, b - h)) / h
        case "central":
            return (
                (z(a + h, b) - z(a - h, b)) / (2 * h),
                (z(a, b + h) - z(a, b - h)) / (2 * h),
            )
        case "complex-step":
            # Im of b/(1 + e^(−a−ih)), written out in real numbers.
            u = math.exp(-a)
            re, im = 1.0 + u * math.cos(h), -u * math.sin(h)
            return -b * im / (re * re + im * im) / h, s
        case _:
            return b / (1.0 + math.exp(-h)) / h, s


@pytest.mark.parametrize(
    "name", ["analytic", "forward", "backward", "central", "complex-step", "mistaken"]
)
@pytest.mark.parametrize("epsilon", [1.0, 0.25])
def test_three_steps_by_hand(name: str, epsilon: float) -> None:
    a, b, alpha = -2.5, 3.5, 1.5
    path = path_of(UNIT, name, (a, b), alpha, epsilon, steps=3, bounds=EVERYWHERE)
    assert len(path) == 4
    for k in range(4):
        assert path.theta[k] == pytest.approx((a, b), rel=1e-12)
        assert path.loss[k] == pytest.approx(z(a, b), rel=1e-12)
        exact = gradient_by_hand("analytic", a, b, epsilon)
        assert path.exact_gradient[k] == pytest.approx(exact, rel=1e-12)
        if k == 3:
            break
        g = gradient_by_hand(name, a, b, epsilon)
        assert path.gradient[k] == pytest.approx(g, rel=1e-11)
        wrong = math.dist(g, exact)
        assert path.error[k] == pytest.approx(wrong, rel=1e-9, abs=1e-15)
        assert path.relative_error[k] == pytest.approx(
            wrong / math.hypot(*exact), rel=1e-9, abs=1e-11
        )
        between = math.degrees(abs(math.atan2(*g[::-1]) - math.atan2(*exact[::-1])))
        assert path.angle[k] == pytest.approx(between, abs=1e-9)
        a, b = a - alpha * g[0], b - alpha * g[1]


def test_both_components_are_taken_at_the_same_point() -> None:
    """C1: on f = ab from (1, 2) with α = ½ one after the other would give b = 2 − ½·0."""
    path = path_of("a*b", start=(1.0, 2.0), alpha=0.5, steps=1)
    assert path.theta[1].tolist() == [0.0, 1.5]


def step_rule(init, step) -> Rule:
    return Rule(
        "test", "Test", "for a test", formula="", latex="", update=lambda _f: (init(), step)
    )  # fmt: skip


def test_contraction_on_a_quadratic() -> None:
    """Component i shrinks by 1 − αλᵢ a step."""
    objective = FormulaObjective.from_text("(a^2 + kappa*b^2)/2", {"kappa": 25.0})
    alpha, steps = 0.07, 60
    path = path_of(objective, start=(5.0, 2.0), alpha=alpha, steps=steps)
    k = np.arange(steps + 1)
    np.testing.assert_allclose(path.theta[:, 0], 5.0 * (1 - alpha) ** k, rtol=1e-12)
    np.testing.assert_allclose(path.theta[:, 1], 2.0 * (1 - 25 * alpha) ** k, rtol=1e-11)
    assert path.status is Status.STEP_LIMIT
    assert path.updates == steps
    assert path.gradients_taken == steps


@pytest.mark.parametrize(("alpha", "falls"), [(0.0019, True), (0.0021, False)])
def test_the_bound_on_alpha(alpha: float, falls: bool) -> None:
    """D3: near Rosenbrock's minimum descent needs α < 2/1001.6 = 0.0019968."""
    rosenbrock = FormulaObjective.from_text("(1 - a)^2 + 100*(b - a^2)^2")
    path = path_of(rosenbrock, start=(1 + 1e-7, 1 - 1e-7), alpha=alpha, steps=80, bounds=HOME)
    assert (path.loss[-1] < path.loss[0]) == falls


# -- what is counted


@pytest.mark.parametrize("name", COST)
def test_evaluations_are_those_of_the_method(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Losses and exact gradients along the path go around the wrapper."""
    wrappers: list[CountedObjective] = []

    class Remembered(CountedObjective):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            wrappers.append(self)

    monkeypatch.setattr(loop, "CountedObjective", Remembered)
    path = path_of(UNIT, name, (-2.5, 3.5), 0.3, 0.1, steps=7, bounds=EVERYWHERE)
    (counted,) = wrappers
    assert counted.evaluations == path.evaluations.sum() == 7 * COST[name]
    assert counted.calls == (path.values.sum(), path.gradients.sum(), 0)
    assert path.tangents.sum() == 7 * {"forward-mode": 2, "forward-gradient": 1}.get(name, 0)


def test_the_analytic_method_has_no_error() -> None:
    path = path_of(UNIT, start=(-2.5, 3.5), steps=20)
    assert not path.error[: path.gradients_taken].any()
    assert not path.angle[: path.gradients_taken].any()


def test_the_angle_between_opposite_and_zero_vectors() -> None:
    """Forward with ε = 4 on a² at a = −1: (9 − 1)/4 = 2 against −2; at a = −2 it is 0."""
    path = path_of("a^2", "forward", (-1.0, 0.0), 0.5, 4.0, steps=1)
    assert path.gradient[0].tolist() == [2.0, 0.0]
    assert path.angle[0] == 180.0
    assert path.relative_error[0] == 2.0
    path = path_of("a^2", "forward", (-2.0, 0.0), 0.5, 4.0, steps=1)
    assert path.gradient[0].tolist() == [0.0, 0.0]
    assert math.isnan(path.angle[0])
    assert path.error[0] == 4.0


# -- how a path ends


@pytest.mark.parametrize(("steps", "said"), [(5, "5 steps"), (1, "1 step")])
def test_step_limit(steps: int, said: str) -> None:
    path = path_of("a^2 + b^2", steps=steps)
    assert path.status is Status.STEP_LIMIT
    assert path.updates == steps
    assert path.gradients_taken == steps
    norm = 2 * math.sqrt(2) * 0.8**steps
    assert path.sentence == f"reached the limit of {said} with ‖∇f‖ = {norm:.4g}"


@pytest.mark.parametrize("name", ["analytic", "complex-step"])
def test_converged_at_a_minimum(name: str) -> None:
    path = path_of("a^2 + 2*b^2 + 3", name, alpha=0.3, steps=500)
    assert path.status is Status.ESTIMATE_VANISHED
    assert path.updates < 100
    assert path.gradients_taken == len(path)
    assert path.sentence == f"converged at step {path.updates} to a minimum, f = 3"
    assert np.hypot(*path.gradient[-1]) <= 1e-10 < np.hypot(*path.gradient[-2])


def test_at_the_minimum_from_the_start() -> None:
    path = path_of("a^2 + b^2", start=(0.0, 0.0))
    assert len(path) == path.gradients_taken == 1
    assert path.sentence == "converged at step 0 to a minimum, f = 0"


def test_in_a_valley_of_minima() -> None:
    path = path_of("a^2 + 0*b", start=(0.0, 1.0))
    assert path.sentence == "converged at step 0 to a valley of minima, f = 0"


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [
        ("a^2 - b^2", (1.0, 0.0), "vanished at step 9 at a saddle point"),
        ("-a^2 - b^2", (0.0, 0.0), "vanished at step 0 at a maximum"),
        ("a^4 + b^6", (0.0, 0.0), "cannot tell a minimum from flat ground"),
        ("5", (1.0, 1.0), "cannot tell a minimum from flat ground"),
    ],
)
def test_the_gradient_vanishes_elsewhere(text: str, start: tuple[float, float], words: str) -> None:
    path = path_of(text, start=start, alpha=0.5 * (1 - 2.0**-4), steps=100)
    assert path.status is Status.ESTIMATE_VANISHED
    assert words in path.sentence
    assert "converged" not in path.sentence


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [
        ("abs(a) + abs(b)", (0.0, 0.0), "a minimum at a kink, (0, 0), f = 0: ∂f/∂a is −1 on one "
         "side and 1 on the other, and the gradient is taken as zero"),
        ("max(abs(a), abs(b))", (0.0, 0.0), "a minimum at a kink, (0, 0)"),
        ("(abs(a) + 1)*(b^2 + 1)", (0.0, 0.0), "a minimum at a kink, (0, 0), f = 1"),
        ("abs(a - b)", (2.0, 2.0), "a valley of minima at a kink, (2, 2)"),
        ("relu(a) + relu(b)", (0.0, 0.0), "a kink, (0, 0), f = 0: ∂f/∂a is 0 on one side and 1"),
        ("abs(a) - abs(b)", (0.0, 0.0), "a kink, (0, 0)"),
        ("-abs(a) - abs(b)", (0.0, 0.0), "a kink, (0, 0)"),
    ],
)  # fmt: skip
def test_a_kink_is_named_where_the_gradient_counts_as_zero(
    text: str, start: tuple[float, float], words: str
) -> None:
    path = path_of(text, start=start)
    assert path.status is Status.ESTIMATE_VANISHED
    assert path.sentence.startswith(f"stopped at step 0 at {words}")


def test_beside_a_kink_the_ending_is_that_of_smooth_ground() -> None:
    assert "flat ground" in path_of("relu(a) + relu(b)", start=(-1.0, -1.0)).sentence
    converged = path_of("a^2 + b^2 + abs(a - 5)", start=(0.5, 0.0), alpha=0.25, steps=200).sentence
    assert "converged" in converged


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("abs(a) + abs(b)", "(0, 0)"),
        ("3*abs(a - 1) + (b + 2)^2", "(1, −2)"),
        ("max(a, b) + a^2 + b^2", "(−0.25, −0.25)"),
        ("sqrt((a - 1)^2 + 4*(b + 2)^2)", "(1, −2)"),
        ("(a^2 + b^2)^0.25", "(0, 0)"),
        ("abs(a)^1.5 + b^2", "(0, 0)"),
        ("sqrt(abs(a)) + b^2", "(0, 0)"),
    ],
)
def test_jumping_about_a_minimum_at_a_kink_is_said(text: str, at: str) -> None:
    path = path_of(text, start=(1.3, 0.4), alpha=0.013, steps=1000)
    assert path.status is Status.STEP_LIMIT
    assert path.sentence.endswith(f", jumping around a minimum at a kink, {at}")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("rule", ["momentum", "nesterov", "adam", "rmsprop"])
def test_swinging_about_a_minimum_at_a_kink_is_said(rule: str) -> None:
    """A momentum swings slowly: an update is not always against the one before."""
    objective = FormulaObjective.from_text("abs(a) + abs(b)")
    for steps in range(190, 210):
        path = run_method(
            objective, "analytic", rule, start=(2.3, 1.1), alpha=0.1,
            epsilon=1e-3, steps=steps, bounds=HOME,
        )  # fmt: skip
        assert path.sentence.endswith(", jumping around a minimum at a kink, (0, 0)")


@pytest.mark.parametrize("name", ["forward", "central"])
def test_an_estimate_that_vanishes_near_a_kink_says_so(name: str) -> None:
    """|a| + |b|: its gradient vanishes nowhere, but the difference by ε = 1 has a zero."""
    path = path_of("abs(a) + abs(b)", name, start=(2.3, 1.1), alpha=0.4, epsilon=1.0, steps=200)
    assert path.status is Status.ESTIMATE_VANISHED
    assert path.sentence.endswith("but ∇f did not: ‖∇f‖ = 1.414, near a minimum at a kink, (0, 0)")


@pytest.mark.parametrize(
    ("text", "start", "sentence"),
    [
        ("sqrt((a - 1)^2 + 4*(b + 2)^2)", (1.0, -2.0),
         "the gradient is not a number at step 0: this is a minimum at a kink, (1, −2)"),
        ("abs(a)^1.5 + b^2", (0.0, 0.0),
         "the gradient vanished at step 0 at a minimum at a kink, (0, 0), f = 0"),
        ("abs(a)^2.5 + b^2", (0.0, 0.0), "the gradient vanished at step 0 where the Hessian "
         "cannot tell a minimum from flat ground, f = 0"),
    ],
)  # fmt: skip
def test_the_start_is_the_tip(text: str, start: tuple[float, float], sentence: str) -> None:
    assert path_of(text, start=start).sentence == sentence


@pytest.mark.parametrize(
    ("text", "alpha", "steps"),
    [
        ("abs(a) + abs(b)", 0.013, 20),  # on its way
        ("sqrt(a^2 + b^2)", 0.013, 20),
        ("sqrt(a^2 + b^2 + 1)", 3.0, 20),  # to and fro about a smooth minimum
        ("abs(a - b) + 0.01*(a + b)", 0.013, 60),  # down a valley, from side to side
        ("a^2 + 12*b^2 + 0*abs(a)", 0.0833, 12),  # to and fro across a smooth valley
        ("a^2 + b^2", 1.0, 10),  # to and fro for ever
    ],
)
def test_jumping_is_not_said_elsewhere(text: str, alpha: float, steps: int) -> None:
    path = path_of(text, start=(1.0, 0.9), alpha=alpha, steps=steps)
    assert path.sentence.startswith(f"reached the limit of {steps} steps with")
    assert "kink" not in path.sentence


def test_a_biased_difference_stops_beside_the_minimum() -> None:
    """Forward on a² + b² vanishes at −ε/2 in each coordinate: not converged."""
    path = path_of("a^2 + b^2", "forward", alpha=0.4, epsilon=0.1, steps=500)
    assert path.status is Status.ESTIMATE_VANISHED
    assert path.theta[-1] == pytest.approx((-0.05, -0.05), abs=1e-9)
    assert "but ∇f did not" in path.sentence or "both ends" in path.sentence
    assert "converged" not in path.sentence
    norm = 0.1 * math.sqrt(2)
    assert f"‖∇f‖ = {norm:.4g}" in path.sentence


def test_a_small_bias_is_no_convergence_either() -> None:
    path = path_of("a^2 + b^2", "forward", alpha=0.4, epsilon=1e-6, steps=500)
    assert path.status is Status.ESTIMATE_VANISHED
    assert "‖∇f‖ = 1.414·10⁻⁶" in path.sentence
    assert "converged" not in path.sentence


def test_an_exact_zero_of_a_large_step_is_not_called_too_small() -> None:
    """f(−½) = f(½): the difference is zero by symmetry, not by round-off."""
    for name, text, start, epsilon in (
        ("forward", "a^2 + b^2", (-0.5, -0.5), 1.0),
        ("backward", "a^2 + b^2", (0.5, 0.5), 1.0),
        ("central", "a^3 - a + b^2", (0.0, 0.0), 1.0),
    ):
        path = path_of(text, name, start, epsilon=epsilon)
        assert path.gradient[0].tolist() == [0.0, 0.0]
        assert path.status is Status.ESTIMATE_VANISHED
        assert "f is the same at both ends of the difference" in path.sentence
        assert "too small" not in path.sentence


@pytest.mark.parametrize("name", ["forward", "backward", "central"])
@pytest.mark.parametrize(("precision", "epsilon"), [("float32", 1e-8), ("float64", 1e-17)])
def test_a_zero_estimate_says_that_epsilon_is_too_small(
    name: str, precision: Any, epsilon: float
) -> None:
    path = path_of(UNIT, name, (0.7, 1.3), epsilon=epsilon, precision=precision)
    assert path.status is Status.ESTIMATE_VANISHED
    assert len(path) == 1
    assert f"ε = {number(epsilon, 3)} is too small for {precision}" in path.sentence


def test_epsilon_is_not_blamed_where_it_does_not_matter() -> None:
    """The analytic gradient of (a − 3.3)² vanishes in float32 beside the place in float64."""
    objective = FormulaObjective.from_text("(a - x)^2 + b^2", {"x": 3.3})
    path = path_of(objective, alpha=0.5, epsilon=1e-20, precision="float32")
    assert path.status is Status.ESTIMATE_VANISHED
    assert "ε" not in path.sentence
    path = path_of("sqrt((a - 1)^2 + b^2)", start=(1.0, 0.0), epsilon=1e-20)
    assert path.status is Status.NOT_A_NUMBER
    assert "ε" not in path.sentence


def test_an_estimate_that_vanishes_on_a_kink() -> None:
    path = path_of("sqrt(a^2 + b^2)", "central", start=(0.0, 0.0))
    assert path.status is Status.ESTIMATE_VANISHED
    assert "stopped at step 0 at a minimum at a kink, (0, 0), f = 0: ∂f/∂a is −1" in path.sentence
    assert "converged" not in path.sentence


@pytest.mark.parametrize(
    ("name", "start"),
    [("forward", (1.0, 0.0)), ("backward", (-1.0, 0.0)), ("central", (3.0, 0.0))],
)
def test_a_representable_step_of_zero_is_not_a_number(
    name: str, start: tuple[float, float]
) -> None:
    """Just at a power of two the spacing differs to either side: −1 − ε is −1, −1 + ε is not."""
    path = path_of("1e6*(a^2 - 1)", name, start, epsilon=1e-16, representable_step=True)
    assert path.status is Status.NOT_A_NUMBER
    assert "θ + ε = θ in float64, so ε = 10⁻¹⁶ is too small" in path.sentence


@pytest.mark.parametrize(
    ("text", "start", "word"),
    [
        ("sqrt(abs(a)) + b", (0.0, 0.0), "not a number"),  # 0·∞
        ("sqrt(a) + b", (0.0, 0.0), "infinite"),
        ("sqrt(a) + sqrt(abs(b))", (0.0, 0.0), "not a number"),  # (∞, nan)
    ],
)
def test_a_gradient_that_is_not_finite(text: str, start: tuple[float, float], word: str) -> None:
    path = path_of(text, start=start)
    assert path.status is Status.NOT_A_NUMBER
    assert len(path) == 1
    assert path.sentence.startswith(f"the gradient is {word} at step 0")


def test_left_the_map() -> None:
    """On f = −a the path goes right by α: from 0 it passes 6 + 12 at step 37."""
    path = path_of("-a", start=(0.0, 0.0), alpha=0.5)
    assert path.status is Status.LEFT_MAP
    assert path.theta[-1, 0] == 18.5 > HOME.a_high + MARGIN * 12 == path.theta[-2, 0]
    assert path.sentence == "left the map at step 13, followed to step 37, f = −18.5 and falling"
    assert path.gradients_taken == 37


def test_a_path_that_leaves_while_rising_is_not_called_falling() -> None:
    """Over (a − 12)² from −6 in strides of 10: down to 4 at a = 14, and out at 24 with 144."""
    stride = step_rule(lambda: None, lambda s, a, b, _g, _h, _alpha: (a + 10, b, s))
    path = run_method(
        FormulaObjective.from_text("(a - 12)^2"), ESTIMATES["analytic"], stride, start=(-6.0, 0.0),
        alpha=1.0, epsilon=1.0, steps=9, bounds=Range(-6.0, 6.0, -1.0, 1.0),
    )  # fmt: skip
    assert path.loss.tolist() == [324.0, 64.0, 4.0, 144.0]
    assert path.status is Status.LEFT_MAP
    assert path.sentence == "left the map at step 2, followed to step 3, f = 144"


def test_an_excursion_may_return() -> None:
    """a − 1 is multiplied by −0.6 a step: from −0.5 the path goes to 1.9, outside, and back."""
    bounds = Range(-1.0, 1.0, -1.0, 1.0)
    path = path_of("(a - 1)^2", start=(-0.5, 0.0), alpha=0.8, steps=12, bounds=bounds)
    assert path.status is Status.STEP_LIMIT
    assert path.theta[1, 0] == pytest.approx(1.9)
    assert path.theta[2, 0] == pytest.approx(0.46)


def test_a_start_outside_the_map_is_no_excursion() -> None:
    path = path_of("a^2 + b^2", start=(100.0, -50.0), alpha=0.1, steps=5)
    assert path.status is Status.STEP_LIMIT


def test_diverged() -> None:
    """α = 1.5 doubles a² + b²'s point each step, to the other side."""
    path = path_of("a^2 + b^2", alpha=1.5)
    assert path.status is Status.DIVERGED
    assert path.theta[:, 0].tolist() == [(-2.0) ** k for k in range(len(path))]
    assert path.theta[-1].tolist() == [16.0, 16.0]  # b = 16 > 5 + 9
    assert path.sentence == "diverged at step 4: f rose from 2 to 512"


def test_diverged_out_of_floating_point() -> None:
    path = path_of("a^4", start=(5.0, 0.0), alpha=1e100)
    assert path.status is Status.DIVERGED
    assert path.loss[-1] == math.inf
    assert path.sentence == "diverged at step 1: f rose from 625 to ∞"
    path = path_of("a^2", start=(5.0, 0.0), alpha=1e308)
    assert path.status is Status.DIVERGED
    assert path.sentence == "diverged at step 1: the step is infinite"


def test_falling_to_minus_infinity_is_not_rising() -> None:
    path = path_of("-exp(a)", start=(100.0, 0.0), bounds=Range(-200.0, 200.0, -1.0, 1.0))
    assert path.loss[-1] == -math.inf
    assert path.status is Status.LEFT_MAP
    assert path.sentence == "left the map at step 1, f = −∞ and falling"


@pytest.mark.parametrize("name", ["analytic", "complex-step"])
def test_walking_out_of_the_domain(name: str) -> None:
    """log(a) under a gradient that never asks for f: 1, ½, −½, and on into nowhere."""
    path = path_of("log(a)", name, (1.0, 1.0), alpha=0.5, epsilon=1e-20)
    assert path.status is Status.UNDEFINED
    assert path.theta[:, 0].tolist() == pytest.approx([1.0, 0.5, -0.5])
    assert path.sentence == "f is undefined at (−0.5, 1), reached at step 2"
    assert path.gradients_taken == 2
    assert math.isnan(path.loss[-1])


@pytest.mark.parametrize(
    "name", [name for name in ESTIMATES if name not in ("mistaken", "mini-batch", "yours")]
)
@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize(
    ("text", "start", "sentence"),
    [
        ("1/a", (0.0, 0.0), "f is infinite at (0, 0), reached at step 0"),
        ("log(a)", (-1.0, 0.0), "f is undefined at (−1, 0), reached at step 0"),
        ("exp(a^2)", (30.0, 0.0), "f is infinite at (30, 0), reached at step 0"),
        ("a*log(b)", (1.0, -1.0), "f is undefined at (1, −1), reached at step 0"),
    ],
)
def test_the_start_is_undefined(
    name: str, precision: Any, text: str, start: tuple[float, float], sentence: str
) -> None:
    path = path_of(text, name, start, precision=precision)
    assert path.status is Status.UNDEFINED
    assert len(path) == 1
    assert path.gradients_taken == 0
    assert path.sentence == sentence


def test_the_pole_of_a_reciprocal() -> None:
    """From −1 descent on 1/a, whose slope there is −1, steps with α = 1 onto the pole."""
    path = path_of("1/a", start=(-1.0, 0.0), alpha=1.0, steps=3)
    assert path.theta[1, 0] == 0.0
    assert path.status is Status.UNDEFINED
    assert path.sentence == "f is infinite at (0, 0), reached at step 1"


def test_every_status_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Status)


# -- cancelling


def test_cancelled() -> None:
    asked = itertools.count()
    with pytest.raises(Cancelled):
        path_of(UNIT, cancelled=lambda: next(asked) >= 2, steps=10_000, alpha=1e-6)
    assert next(asked) == 3
    with pytest.raises(Cancelled):
        path_of(UNIT, cancelled=lambda: True)


# -- float32


@pytest.mark.parametrize(
    "name", [name for name in ESTIMATES if name not in ("mistaken", "mini-batch", "yours")]
)
@pytest.mark.parametrize("surface", ["sigmoid-unit", "rosenbrock", "ackley", "peaks"])
def test_float32_is_float32(name: str, surface: str) -> None:
    row = SURFACES[surface]
    objective = FormulaObjective.of(row)
    options: dict[str, Any] = {"start": row.start, "alpha": row.alpha, "epsilon": 1e-2, "steps": 9,
                               "bounds": row.home}  # fmt: skip
    single = path_of(objective, name, precision="float32", **options)
    double = path_of(objective, name, **options)
    for array in (single.theta, single.gradient):
        np.testing.assert_array_equal(array, array.astype(np.float32))
    assert (double.theta[1:] != double.theta[1:].astype(np.float32)).any()
    # The update itself is rounded to float32 as well.
    alpha = np.float32(row.alpha)
    for k in range(single.gradients_taken - 1):
        g = single.gradient[k].astype(np.float32)
        point = single.theta[k].astype(np.float32)
        np.testing.assert_array_equal(single.theta[k + 1], point - alpha * g)
    # What the path is compared with is float64 at that same point.
    for k, (a, b) in enumerate(single.theta):
        assert single.loss[k] == pytest.approx(objective.value(a, b), rel=1e-14)
        assert single.exact_gradient[k] == pytest.approx(objective.gradient(a, b), rel=1e-13)
    assert single.error[0] > 0


# -- the sigmoid unit has no minimum

FLOATS: Callable[..., Any] = st.floats


@given(
    estimate=st.sampled_from(sorted(set(ESTIMATES) - {"mini-batch", "yours"})),
    start=st.tuples(*[st.one_of(FLOATS(-6, 6), FLOATS(-1e3, 1e3), FLOATS(-1e6, 1e6))] * 2),
    alpha=st.one_of(FLOATS(1e-3, 1e2), FLOATS(-12, 6).map(lambda t: 10**t)),
    epsilon=st.one_of(FLOATS(1e-3, 1e2), FLOATS(-20, 2).map(lambda t: 10**t)),
    x=st.one_of(FLOATS(-5, 5), FLOATS(-1e6, 1e6)),
    precision=st.sampled_from(["float64", "float32"]),
    representable=st.booleans(),
)
def test_nothing_ever_converges_on_the_sigmoid_unit(
    estimate: str,
    start: tuple[float, float],
    alpha: float,
    epsilon: float,
    x: float,
    precision: Any,
    representable: bool,
) -> None:
    """C5: ∂z/∂b = σ > 0 everywhere."""
    row = SURFACES["sigmoid-unit"]
    path = path_of(
        FormulaObjective.from_text(row.formula, {"x": x}), estimate, start, alpha, epsilon,
        steps=30, bounds=row.home, precision=precision, representable_step=representable,
    )  # fmt: skip
    assert "converged" not in path.sentence


def test_the_flat_side_of_the_sigmoid_unit() -> None:
    """Where σ underflows the gradient does vanish: that is flat ground, and no minimum."""
    path = path_of(UNIT, start=(-60.0, 3.0))
    assert path.status is Status.ESTIMATE_VANISHED
    assert path.sentence == (
        "the gradient vanished at step 0 where the Hessian cannot tell a minimum from flat "
        "ground, f = 2.62695·10⁻²⁶"
    )


@pytest.mark.parametrize("name", COST)
def test_the_sigmoid_unit_falls_out_of_the_map(name: str) -> None:
    path = path_of(UNIT, name, (1.0, -1.0), 1.0, 0.1, steps=100)
    assert path.status in (Status.LEFT_MAP, Status.DIVERGED)


# -- rules


def test_a_rule_keeps_its_own_state() -> None:
    """Any rule of the same form works: here α grows by one a step."""
    rule = step_rule(lambda: 0, lambda k, a, b, g, h, alpha: (a - (k + 1) * alpha * g,
                     b - (k + 1) * alpha * h, k + 1))  # fmt: skip
    path = run_method(
        FormulaObjective.from_text("a - 2*b"), ESTIMATES["analytic"], rule, start=(0.0, 0.0),
        alpha=0.1, epsilon=1.0, steps=3, bounds=HOME,
    )  # fmt: skip
    np.testing.assert_allclose(path.theta, np.outer([0.0, -0.1, -0.3, -0.6], [1.0, -2.0]))


def test_the_table_of_rules() -> None:
    assert all(rule.name == name for name, rule in RULES.items())
    assert next(iter(RULES)) == "gd"
