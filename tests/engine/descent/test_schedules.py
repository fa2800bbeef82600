"""Schedules: their closed forms, and the learning rate that a path takes from them."""

import itertools
import math

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.descent.run_method import run_method

EVERYWHERE = Range(-1e6, 1e6, -1e6, 1e6)
#: f = −a: the gradient is −1, so that a step is as long as its learning rate.
SLOPE = FormulaObjective.from_text("-a + 0*b")
N = 40

CLOSED = {
    "constant": lambda k: 1.0,
    "inverse": lambda k: 1 / (1 + 0.3 * k),
    "exponential": lambda k: 0.9**k,
    "cosine": lambda k: 0.1 + 0.9 * math.cos(math.pi * k / N / 2) ** 2,
}
CHOSEN = {"constant": {}, "inverse": {"decay": 0.3}, "exponential": {"gamma": 0.9},
          "cosine": {"floor": 0.1}}  # fmt: skip


def path_of(name, options=None, **changes):
    fields = {"start": (0.0, 0.0), "alpha": 0.7, "epsilon": 1.0, "steps": N, "bounds": EVERYWHERE}
    return run_method(
        SLOPE, "analytic", "gd", schedule=SCHEDULES[name],
        schedule_options=options, **(fields | changes),
    )  # fmt: skip


@pytest.mark.parametrize("name", list(SCHEDULES))
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_steps_follow_the_closed_form(name, precision):
    path = path_of(name, CHOSEN[name], precision=precision)
    lengths = np.diff(path.theta[:, 0])
    expected = [0.7 * CLOSED[name](k) for k in range(N)]
    np.testing.assert_allclose(lengths, expected, rtol=1e-12 if precision == "float64" else 1e-4)


@pytest.mark.parametrize("name", list(SCHEDULES))
def test_a_schedule_begins_at_one_and_never_rises_or_turns_negative(name):
    schedule = SCHEDULES[name]
    if schedule.factor is None:
        assert name == "constant"
        return
    for steps in (1, 7, 10_000):
        for option in schedule.options:
            for value in (option.low, option.default, option.high):
                factors = [
                    schedule.factor(k, steps, **schedule.option_values({option.name: value}))
                    for k in range(steps)
                ]
                assert factors[0] == 1.0
                assert all(x >= y >= 0.0 for x, y in itertools.pairwise(factors))


def test_the_constant_is_what_a_walk_takes_unless_told():
    given, default = path_of("constant"), run_method(
        SLOPE, "analytic", "gd", start=(0.0, 0.0), alpha=0.7, epsilon=1.0,
        steps=N, bounds=EVERYWHERE,
    )  # fmt: skip
    np.testing.assert_array_equal(given.theta, default.theta)


def test_the_cosine_ends_at_its_floor():
    factor = SCHEDULES["cosine"].factor
    assert factor(N, N, floor=0.25) == pytest.approx(0.25)
    assert factor(N // 2, N, floor=0.0) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("inverse", {"decay": -1.0}, "decay of the schedule inverse must be between"),
        ("inverse", {"decay": math.nan}, "not nan"),
        ("exponential", {"gamma": 1.5}, "between 0.01 and 1, not 1.5"),
        ("cosine", {"gamma": 0.5}, "the schedule cosine has no option 'gamma': its options are"),
        ("constant", {"decay": 0.5}, "the schedule constant has no option 'decay': it has none"),
    ],
)
def test_what_is_refused(name, options, words):
    with pytest.raises(ValueError, match=words):
        path_of(name, options)


def test_a_decaying_rate_settles_where_a_fixed_length_overshoots():
    bowl = FormulaObjective.from_text("a^2 + 3*b^2")
    ends = [
        run_method(
            bowl, "analytic", "fixed-length", start=(2.1, 1.3), alpha=0.5,
            epsilon=1.0, steps=400, bounds=EVERYWHERE, schedule=SCHEDULES[name],
        ).loss[-1]
        for name in ("constant", "cosine")
    ]  # fmt: skip
    assert ends[1] < 1e-3 < ends[0]


def test_the_table():
    assert all(schedule.name == name for name, schedule in SCHEDULES.items())
    assert next(iter(SCHEDULES)) == "constant"
