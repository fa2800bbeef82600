"""RunSettings: equal where they compute the same, α by step, and what a path may not leave."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import MARGIN, RunSettings
from gdviz.engine.descent.schedules import SCHEDULES

HOME = Range(-2.0, 2.0, -1.0, 3.0)
ADAM = RunSettings(
    ESTIMATES["forward"], RULES["adam"], alpha=0.1, epsilon=1e-3, steps=200, bounds=HOME
)  # fmt: skip


def test_a_default_that_was_chosen_is_no_difference() -> None:
    chosen = replace(ADAM, options={"beta1": 0.9})
    assert chosen == ADAM
    assert hash(chosen) == hash(ADAM)
    assert chosen.options == {option.name: option.default for option in RULES["adam"].options}


@pytest.mark.parametrize(
    "change",
    [
        {"estimate": ESTIMATES["central"]},
        {"rule": RULES["rmsprop"], "options": {}},
        {"alpha": 0.2},
        {"epsilon": 1e-4},
        {"steps": 201},
        {"bounds": HOME._replace(a_low=-3.0)},
        {"options": {"beta1": 0.8}},
        {"schedule": SCHEDULES["cosine"]},
        {"precision": "float32"},
        {"representable_step": True},
    ],
)
def test_every_field_is_a_difference(change: dict) -> None:
    assert replace(ADAM, **change) != ADAM


def test_so_are_the_options_of_a_schedule() -> None:
    one, other = (
        replace(ADAM, schedule=SCHEDULES["cosine"], schedule_options={"floor": floor})
        for floor in (0.1, 0.2)
    )
    assert one != other


def test_options_are_checked() -> None:
    with pytest.raises(ValueError, match="beta1 of the rule adam must be between 0 and"):
        replace(ADAM, options={"beta1": 2.0})
    with pytest.raises(ValueError, match="the schedule constant has no option 'floor'"):
        replace(ADAM, schedule_options={"floor": 0.5})


@pytest.mark.parametrize("first", [0, 1, 64, 150, 200])
@pytest.mark.parametrize("name", SCHEDULES)
def test_learning_rates_are_those_of_the_steps(name: str, first: int) -> None:
    settings = replace(ADAM, schedule=SCHEDULES[name])
    rates = list(settings.learning_rates(np.float32, bool, first))
    assert rates == [np.float32(settings.alpha_at(step)) for step in range(first, 200)]
    assert all(type(rate) is np.float32 for rate in rates)
    assert settings.alpha_at(0) == 0.1


def test_learning_rates_stop_when_they_are_no_longer_wanted() -> None:
    asked = itertools.count()
    rates = ADAM.learning_rates(float, lambda: next(asked) == 2)
    taken = list(itertools.islice(rates, 128))
    assert taken == [0.1] * 128
    with pytest.raises(Cancelled):
        next(rates)
    assert next(asked) == 3


def test_limits_hold_the_start_and_a_margin() -> None:
    assert MARGIN == 1.0
    assert ADAM.limits((0.0, 0.0)) == Range(-6.0, 6.0, -5.0, 7.0)
    assert ADAM.limits((8.0, -2.0)) == Range(-12.0, 18.0, -7.0, 8.0)


@pytest.mark.parametrize("field", ["seed", "sample"])
@pytest.mark.parametrize("value", [1.5, True, "x", None, np.float64(2.0)])
def test_what_draws_are_made_by_is_a_whole_number(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=f"^{field} must be a whole number, not "):
        replace(ADAM, **{field: value})


@pytest.mark.parametrize(("field", "most"), [("seed", 2**32 - 1), ("sample", 2**64 - 1)])
def test_what_draws_are_made_by_is_bounded(field: str, most: int) -> None:
    assert getattr(replace(ADAM, **{field: most}), field) == most
    for value in (-1, most + 1):
        with pytest.raises(ValueError, match=f"^{field} must be between 0 and "):
            replace(ADAM, **{field: value})
