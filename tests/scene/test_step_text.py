"""The arithmetic of a step, against the path it came from and against hand-worked numbers."""

import math
import re

import pytest
from matplotlib.mathtext import MathTextParser

from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction, SurfaceFunction
from gdviz.scene.scene import build_scene
from gdviz.scene.step_text import derivation_lines, step_report

ESTIMATES = ("analytic", "forward", "backward", "central", "complex-step", "mistaken", "yours")


def reports(step, **fields):
    methods = tuple(Method(estimate) for estimate in ESTIMATES)
    candidate = ("b*x*sigmoid(a*x)*(1 - a*sigmoid(a*x))", "sigmoid(a*x)")
    experiment = Experiment(
        methods=methods, function=SurfaceFunction(candidate_gradient=candidate), **fields
    )
    scene = build_scene(experiment, resolution=2)
    return {
        run.method.estimate: (run, step_report(scene.objective, run, step)) for run in scene.runs
    }


def last_number(line):
    """Return the result at the end of a plain line."""
    text = line.plain.rpartition("=")[2].strip().replace("−", "-")
    digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    match = re.fullmatch(r"(-?[\d.]+)?(?:·)?(?:10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?", text)
    mantissa = float(match[1]) if match[1] else 1.0
    return mantissa * 10.0 ** int(match[2].translate(digits)) if match[2] else mantissa


@pytest.mark.parametrize("estimate", ESTIMATES)
def test_the_results_are_the_paths_numbers(estimate):
    run, report = reports(2, epsilon=0.5, start=(0.3, 1.3), steps=5)[estimate]
    results = [last_number(report.estimate[i]) for i in (1, 3)]
    assert results == pytest.approx(run.path.gradient[2], rel=1e-4)
    assert [last_number(line) for line in report.exact] == pytest.approx(
        run.path.exact_gradient[2], rel=1e-4
    )
    assert [last_number(line) for line in report.update] == pytest.approx(
        run.path.theta[3], rel=1e-4
    )


def test_the_numbers_put_in_by_hand():
    # f(a, b) = b/(1 + exp(−a)) at (0, 2), ε = 1: f = 1, f(1, 2) = 2/(1 + 1/e), f(0, 3) = 1.5.
    _, report = reports(0, epsilon=1.0, start=(0.0, 2.0), steps=1)["forward"]
    ahead = 2 / (1 + math.exp(-1))
    assert report.estimate[0].plain == "ĝ_a = (f(a + ε, b) − f(a, b))/ε"
    assert report.estimate[1].plain == f"= ({ahead:.5g} − 1)/1 = {ahead - 1:.5g}"
    assert report.estimate[3].plain == "= (1.5 − 1)/1 = 0.5"
    assert report.verdict.startswith("3 evaluations (3 values) · error ")


def test_a_small_difference_shows_the_digits_that_differ():
    _, report = reports(0, epsilon=1e-9, start=(0.0, 2.0), steps=1)["forward"]
    ahead, behind = re.match(r"= \(([\d.]+) − ([\d.]+)\)", report.estimate[1].plain).groups()
    assert ahead != behind
    assert float(ahead) - float(behind) == pytest.approx(0.5e-9, rel=1e-2)


@pytest.mark.parametrize(
    # At 1.5 the next float32 is 2⁻²³ = 1.1920929e-7 away: 1.5 + 1e-7 is rounded to it.
    ("representable", "divisor"),
    [(False, "10^{-7}"), (True, r"1.1921 \cdot 10^{-7}")],
)
def test_the_divisor_is_the_one_that_was_used(representable, divisor):
    _, report = reports(
        0, epsilon=1e-7, start=(1.5, 4.0), precision="float32", representable_step=representable,
        steps=1,
    )["forward"]  # fmt: skip
    assert f"{{{divisor}}}" in report.estimate[1].latex


def test_counts_and_exactness_in_the_verdict():
    written = {name: report.verdict for name, (_, report) in reports(1, epsilon=0.5).items()}
    assert written["analytic"] == "2 evaluations (1 gradient) · exact"
    assert written["central"].startswith("4 evaluations (4 values) · error ")
    assert written["complex-step"].startswith("2 evaluations (2 values)")
    assert "° off" in written["forward"]


def test_at_a_kink_there_is_no_gradient_to_compare_with():
    function = FormulaFunction("abs(a) + b^2")
    methods = (Method("central"), Method("analytic"))
    experiment = Experiment(function=function, methods=methods, start=(0.0, 1.0), steps=2)
    scene = build_scene(experiment, resolution=2)
    for run in scene.runs:
        report = step_report(scene.objective, run, 0)
        assert not report.exact
        assert "∂f/∂a is −1 on one side and 1 on the other" in report.verdict
        assert report.verdict.endswith("so there is no single gradient to compare with")


def test_the_mistaken_shortcut_says_what_is_wrong():
    _, report = reports(1)["mistaken"]
    assert "σ(ax + εx) = σ(ax) + σ(εx), which is false" in report.note
    assert "ε → 0" in report.note
    assert not any(other.note for name, (_, other) in reports(1).items() if name != "mistaken")


def test_after_the_last_gradient_there_is_none():
    run, report = reports(40)["forward"]
    assert not report.estimate
    assert not report.update
    assert run.path.sentence in report.verdict
    assert reports(10_000)["forward"][1] == report  # past the end is the end


def test_float32_is_worked_out_in_float32():
    run, report = reports(0, precision="float32", epsilon=1e-3, steps=1)["forward"]
    assert last_number(report.estimate[1]) == pytest.approx(run.path.gradient[0, 0], rel=1e-4)


def test_a_derivation_ends_with_the_gradient():
    lines = derivation_lines((("x", "1"), ("y", "2")), (0.25, -3.0))
    assert lines[0].latex.endswith("= x")
    assert lines[1].latex == "= 1 = 0.25"
    assert lines[3].plain.endswith("= −3")
    assert derivation_lines((), (1.0, 2.0)) == ()


def test_what_a_person_says_is_not_called_the_derivative():
    lines = derivation_lines((("x", "1"), ("y", "2")), (0.25, -3.0), exact=False)
    assert lines[0].latex == r"\hat{g}_a = x"
    assert lines[0].plain == "ĝ_a = as you derived it"
    assert lines[3].latex == "= 2 = -3"


@pytest.mark.sampled(10)
@pytest.mark.parametrize("rule", [name for name in RULES if name != "gd"])
def test_the_update_of_every_rule(rule):
    experiment = Experiment(methods=(Method("analytic", rule),), alpha=0.1, steps=5)
    (run,) = build_scene(experiment, resolution=2).runs
    law, *lines = step_report(experiment.objective(), run, 1).update
    assert [last_number(line) for line in lines] == pytest.approx(run.path.theta[2], rel=1e-4)
    parser = MathTextParser("path")
    for line in (law, *lines):
        parser.parse(f"${line.latex}$")


@pytest.mark.parametrize("schedule", ["inverse", "exponential", "cosine"])
def test_the_update_has_the_learning_rate_of_its_step(schedule):
    experiment = Experiment(
        methods=(Method("analytic"),), schedule=schedule, alpha=0.5, steps=5, start=(0.3, 1.3)
    )
    (run,) = build_scene(experiment, resolution=2).runs
    for step in range(5):
        line, _ = step_report(experiment.objective(), run, step).update
        theta, gradient = run.path.theta, run.path.gradient
        alpha = (theta[step, 0] - theta[step + 1, 0]) / gradient[step, 0]
        assert run.settings.alpha_at(step) == pytest.approx(alpha)
        assert last_number(line) == pytest.approx(theta[step + 1, 0], rel=1e-4)
        shown = re.search(r" − ([\d.]+)·", line.plain).group(1)
        assert float(shown) == pytest.approx(alpha, rel=1e-4)


# -- what is drawn


@pytest.mark.parametrize(
    ("estimate", "first", "result"),
    [
        ("spsa", r"Δ = \(−?1, −?1\)", r"ĝ_a = .*/.* = (−?[\d.]+)"),
        ("gaussian", r"u = \(−?[\d.]+, −?[\d.]+\)", r"ĝ_a = .*·.* = (−?[\d.]+)"),
        ("forward-gradient", r"u = \(−?[\d.]+, −?[\d.]+\)", r"ĝ_a = .*·.* = (−?[\d.]+)"),
        ("evolution", r"u = \(.*\), the first of k = 5", r"ĝ_a = mean of s·u_a = (−?[\d.]+)"),
    ],
)
def test_what_was_drawn_is_written_with_the_slope_and_the_product(estimate, first, result):
    experiment = Experiment(methods=(Method(estimate),), seed=5, steps=4, epsilon=0.5)
    scene = build_scene(experiment, resolution=2)
    (run,) = scene.runs
    for step in range(4):
        report = step_report(scene.objective, run, step)
        drawn, slope, in_a, _in_b = (line.plain for line in report.estimate)
        assert re.fullmatch(first, drawn), drawn
        assert slope.startswith("s = ")
        found = float(re.fullmatch(result, in_a)[1].replace("−", "-"))
        assert found == pytest.approx(run.path.gradient[step, 0], rel=1e-3)
        assert re.fullmatch(
            r"1,000 draws here: bias .* ± .*, standard deviation .* \(.* in theory\)\.",
            report.spread,
        )


def test_a_coordinate_that_was_not_drawn_is_zero():
    experiment = Experiment(methods=(Method("random-coordinate"),), steps=6, epsilon=0.5)
    scene = build_scene(experiment, resolution=2)
    (run,) = scene.runs
    for step in range(6):
        *_, last = step_report(scene.objective, run, step).estimate
        zero = "ab"[int(run.path.gradient[step, 0] != 0.0)]
        assert last.plain == f"ĝ_{zero} = 0, for it was not drawn"


def test_an_adaptive_epsilon_is_written_with_its_value():
    experiment = Experiment(methods=(Method("adaptive"),), steps=2)
    scene = build_scene(experiment, resolution=2)
    report = step_report(scene.objective, scene.runs[0], 0)
    assert report.estimate[0].plain == "ĝ_a = (f(a + ε_a, b) − f(a − ε_a, b))/2ε_a"
    assert re.search(r"/2·\d\.\d*·10⁻⁵ = 0\.596", report.estimate[1].plain), report.estimate[
        1
    ].plain
    assert not report.spread


def updated(rule, **options):
    experiment = Experiment(methods=(Method("analytic", rule, options),), steps=3)
    scene = build_scene(experiment, resolution=2)
    return scene.runs[0], [
        line.plain for line in step_report(scene.objective, scene.runs[0], 0).update
    ]


@pytest.mark.parametrize("rule", ["gd", "adam"])
def test_what_is_done_to_the_gradient_before_the_step_is_written(rule):
    run, lines = updated(rule, clip=0.5, noise=0.1)
    assert lines[0] == "ĝ ← min(1, 0.5/‖ĝ‖)·ĝ + σₖξ"
    assert lines[1] == RULES[rule].formula
    # No a − αĝ with the ĝ that was not taken, but the step that came out.
    (a, b), (new_a, new_b) = run.path.theta[:2].tolist()
    for line, old, new in zip(lines[2:], (a, b), (new_a, new_b), strict=True):
        assert line.partition(" ← ")[2].startswith(f"{old:g} + ")
        assert float(line.rpartition(" = ")[2].replace("−", "-")) == pytest.approx(new, rel=1e-4)
    assert updated(rule, clip=2.0)[1][0] == "ĝ ← min(1, 2/‖ĝ‖)·ĝ"
    assert updated(rule, noise=2.0)[1][0] == "ĝ ← ĝ + σₖξ"
    assert updated("adam")[1][0] == RULES["adam"].formula
