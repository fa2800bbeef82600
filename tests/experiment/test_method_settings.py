"""What methods run with: their own values, what plays no part, and the bounds of their paths."""

import pytest

from gdviz.base.geometry import Range
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.method_settings import path_bounds, run_settings

BASE = Experiment()


def test_everything_that_was_chosen_is_in_them() -> None:
    experiment = BASE.replace(
        alpha=0.3, epsilon=0.2, steps=7, schedule="cosine", schedule_options={"floor": 0.5},
        precision="float32", representable_step=True, range=(0.0, 1.0, 0.0, 1.0),
    )  # fmt: skip
    method = Method("central", "adam", {"beta1": 0.5})
    assert run_settings(experiment, method) == RunSettings(
        ESTIMATES["central"],
        RULES["adam"],
        alpha=0.3,
        epsilon=0.2,
        steps=7,
        bounds=experiment.function.home_range,
        options={"beta1": 0.5, "beta2": 0.999, "delta": 1e-8},
        schedule=SCHEDULES["cosine"],
        schedule_options={"floor": 0.5},
        precision="float32",
        representable_step=True,
    )


def test_a_methods_own_values_come_first() -> None:
    settings = run_settings(BASE, Method("forward", alpha=0.01, epsilon=1e-9))
    assert (settings.alpha, settings.epsilon) == (0.01, 1e-9)


@pytest.mark.parametrize(
    ("method", "change"),
    [
        (Method("analytic"), {"epsilon": 0.7}),
        (Method("forward", "l-bfgs"), {"alpha": 0.7}),
        (Method("forward"), {"start": (1.0, 1.0), "eta": 0.1, "more_starts": ((0.0, 0.0),)}),
        (Method("forward"), {"range": (-1.0, 1.0, -1.0, 1.0)}),  # within the home range
    ],
)
def test_what_plays_no_part(method: Method, change: dict) -> None:
    assert run_settings(BASE.replace(**change), method) == run_settings(BASE, method)


def test_a_gradient_that_is_the_same_text_is_the_same_estimate() -> None:
    texts = ("b*sigmoid(a*x)", "a")
    one, same, other = (
        run_settings(BASE.replace(candidate_gradient=pair), Method("yours"))
        for pair in (texts, texts, texts[::-1])
    )
    assert one == same
    assert hash(one) == hash(same)
    assert one != other


def test_paths_are_bounded_by_home_and_map_together() -> None:
    assert BASE.function.home_range == Range(-6.0, 6.0, -4.0, 5.0)
    assert path_bounds(BASE.replace(range=(0, 10, -9, 1))) == Range(-6, 10, -9, 5)
