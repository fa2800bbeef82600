"""Update rules beside the optimizers of four frameworks: the same 100 steps."""

import numpy as np
import pytest

from gdviz.engine.descent.path import Status
from gdviz.engine.descent.rules.update_rules import GROUPS, PRESETS, RULES
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.descent.rules.record_trajectories import RATE, RECORDED, SMALL, STEPS, SURFACES
from tests.engine.descent.run_method import run_method

#: What each recorded case is here: a rule or a preset, α, and options that are no defaults.
CASES = {
    "torch momentum": ("momentum", SMALL, {}),
    "torch momentum dampened": ("momentum", SMALL, {"dampening": 0.4}),
    "torch nesterov": ("nesterov", SMALL, {}),
    "torch adagrad": ("adagrad", RATE, {}),
    "torch adagrad start": ("adagrad", RATE, {"start": 0.1}),
    "torch rmsprop": ("rmsprop", RATE, {}),
    "torch adadelta": ("adadelta", 1.0, {}),
    "torch rprop": ("rprop", RATE, {}),
    "torch rprop bounds": ("rprop", RATE,
                           {"shrink": 0.4, "grow": 1.5, "least": 1e-3, "most": 1.0}),
    "torch adam": ("adam", RATE, {}),
    "torch adam amsgrad": ("adam", RATE, {"beta2": 0.9, "amsgrad": 1}),
    "torch adamw": ("adamw", RATE, {}),
    "torch adamax": ("adamax", RATE, {}),
    "torch nadam": ("nadam", RATE, {}),
    "torch radam": ("radam", 5 * SMALL, {}),
    "keras heavy-ball": ("heavy-ball", SMALL, {}),
    "keras adagrad": ("adagrad@keras", RATE, {}),
    "keras rmsprop": ("rmsprop@keras", RATE, {}),
    "keras adadelta": ("adadelta@keras", 1.0, {}),
    "keras adam": ("adam@keras", RATE, {}),
    "keras adam amsgrad": ("adam@keras", RATE, {"beta2": 0.9, "amsgrad": 1}),
    "keras adamw": ("adamw@keras", RATE, {}),
    "keras nadam": ("nadam@keras", RATE, {}),
    "keras lion": ("lion", RATE, {}),
    "optax clipped": ("clipped", RATE, {}),
    "optax momentum": ("momentum", SMALL, {}),
    "optax adagrad": ("adagrad@optax", RATE, {}),
    "optax rmsprop": ("rmsprop@optax", RATE, {}),
    "optax adadelta": ("adadelta", 1.0, {}),
    "optax adam": ("adam", RATE, {}),
    "optax adamw": ("adamw@optax", RATE, {}),
    "optax adamax": ("adamax", RATE, {}),
    "optax nadam": ("nadam@optax", RATE, {}),
    "optax lion": ("lion@optax", RATE, {}),
    "optax adam clipped": ("adam", RATE, {"clip": 5}),
    "optax momentum clipped": ("momentum", SMALL, {"clip": 5}),
    "tensorflow momentum": ("momentum", SMALL, {}),
    "tensorflow adagrad": ("adagrad@tensorflow", RATE, {}),
    "tensorflow rmsprop": ("rmsprop@tensorflow", RATE, {}),
}  # fmt: skip


@pytest.fixture(scope="module")
def recorded():
    with np.load(RECORDED) as file:
        return dict(file)


@pytest.mark.parametrize("case", CASES)
def test_a_rule_goes_where_the_optimizer_goes(case, recorded):
    name, alpha, options = CASES[case]
    rule, preset = PRESETS.get(name, (name, {}))
    for surface, (formula, start, _) in SURFACES.items():
        path = run_method(
            FormulaObjective.from_text(formula), "analytic", rule,
            start=start, alpha=alpha, steps=STEPS, options={**preset, **options},
        )  # fmt: skip
        expected = recorded[f"{case} on {surface}"]
        if path.status is Status.ESTIMATE_VANISHED:  # at that point they stay
            expected = expected[: len(path)]
        np.testing.assert_allclose(path.theta, expected, rtol=1e-8, atol=1e-10, err_msg=surface)
        assert np.hypot(*(expected[-1] - expected[0])) > 0.01


def test_all_that_was_recorded_is_compared_and_all_that_others_have_was_recorded(recorded):
    assert {case.partition(" on ")[0] for case in recorded} == set(CASES)
    compared = {PRESETS.get(name, (name,))[0] for name, *_ in CASES.values()}
    of_frameworks = [*GROUPS["With momentum"], *GROUPS["A rate for each component"]]
    assert {rule.name for rule in of_frameworks} - compared == {"nesterov-1983"}  # nobody has it
    presets = {name for name, *_ in CASES.values()} & set(PRESETS)
    assert presets == set(PRESETS)


def test_presets_are_options_of_their_rules():
    for name, (rule, options) in PRESETS.items():
        assert name.startswith(f"{rule}@")
        assert RULES[rule].option_values(options) != RULES[rule].option_values()


def test_tensorflows_first_rmsprop_takes_shorter_first_steps():
    """From s₀ = 1 on, the first step is αĝ/√(ρ + (1 − ρ)ĝ² + δ), by its documentation."""
    rule, options = PRESETS["rmsprop@tensorflow"]
    path = run_method(FormulaObjective.from_text("3*a - 0.5*b"), "analytic", rule,
                      start=(0.0, 0.0), alpha=0.1, steps=1, options=options)  # fmt: skip
    gradient = np.array([3.0, -0.5])
    np.testing.assert_allclose(path.theta[1], -0.1 * gradient / np.sqrt(0.9 + 0.1 * gradient**2))


def test_nadam_is_three_methods(recorded):
    """PyTorch's, Keras's and Optax's, each with its defaults, part by more than a step of α."""
    one, two, three = (
        recorded[f"{who} nadam on himmelblau"] for who in ("torch", "keras", "optax")
    )
    for a, b in ((one, two), (two, three), (one, three)):
        assert np.hypot(*(a - b).T).max() > RATE / 2
