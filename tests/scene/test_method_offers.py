"""What can be added: every estimate, rule and preset once, with a sentence, and what is refused."""

import pytest

from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import PRESETS, RULES
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.validation import MAX_METHODS
from gdviz.scene.captions import method_title
from gdviz.scene.method_offers import method_offers


def offers(experiment=None):
    rows = method_offers(experiment or Experiment()).values()
    return {offer.key: offer for group in rows for offer in group}


def test_everything_is_offered_once_and_says_what_it_is():
    found = offers()
    count = sum(map(len, method_offers(Experiment()).values()))
    assert count == len(found)
    assert set(found) >= {*ESTIMATES, *RULES, *PRESETS} - {"gd"}
    for offer in found.values():
        assert offer.title
        assert offer.about
    assert found["adagrad@keras"].methods == (
        Method("analytic", "adagrad", {"delta": 1e-7, "start": 0.1, "inside": 1}),
    )
    assert found["adagrad@keras"].title == "AdaGrad as in Keras"
    assert "Keras and Optax begin at s = 0.1" in found["adagrad"].definition


def test_all_that_is_offered_can_be_added():
    experiment = Experiment()
    for offer in offers().values():
        if not offer.why_not:
            experiment.replace(methods=experiment.methods + offer.methods)


def test_what_frameworks_call_rmsprop_are_four_methods():
    offer = offers()["frameworks rmsprop"]
    assert offer.title == "What frameworks call RMSProp"
    assert [method_title(method) for method in offer.methods] == [
        "Analytic, RMSProp", "Analytic, RMSProp as in Keras", "Analytic, RMSProp as in Optax",
        "Analytic, RMSProp as in TensorFlow 1",
    ]  # fmt: skip
    # Keras and Optax agree in AdaGrad: one method for both.
    assert len(offers()["frameworks adagrad"].methods) == 3
    assert "Keras and Optax" in offers()["frameworks adagrad"].about
    labels = Experiment(methods=offer.methods).labels()
    assert labels[1] == "analytic:rmsprop@keras"


def test_the_four_differences_subtract_values_and_are_of_any_function():
    offer = offers()["four differences"]
    assert [method.estimate for method in offer.methods] == [
        "forward", "backward", "central", "richardson"
    ]  # fmt: skip
    assert all(ESTIMATES[method.estimate].differences for method in offer.methods)
    assert all(ESTIMATES[method.estimate].needs == "value" for method in offer.methods)


def test_only_what_there_is_room_for_is_offered():
    found = offers(Experiment(methods=(Method("analytic"),) * (MAX_METHODS - 2)))
    assert "forward" in found
    assert all(len(offer.methods) <= 2 for offer in found.values())


def test_what_a_function_does_not_have_says_why():
    assert "there is none yet" in offers()["yours"].why_not
    assert "Formula lens" in offers()["yours"].why_not


@pytest.mark.parametrize(
    ("options", "title"),
    [
        ({"amsgrad": 1}, "Analytic, Adam, AMSGrad"),
        ({"amsgrad": 0, "beta1": 0.5}, "Analytic, Adam, not AMSGrad, β₁ = 0.5"),
        ({"delta": 1e-7, "uncorrected": 1}, "Analytic, Adam as in Keras"),
    ],
)
def test_switches_and_presets_are_named(options, title):
    assert method_title(Method("analytic", "adam", options)) == title
