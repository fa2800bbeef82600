"""The words of basins: what a method runs with, as far as it uses it."""

import pytest

from gdviz.experiment.experiment import Experiment, Method
from gdviz.scene.basins import heading


@pytest.mark.parametrize(
    ("rule", "has_alpha"), [("gd", True), ("rprop", True), ("bfgs", False), ("polyak", False)]
)
def test_a_heading_names_the_learning_rate_where_it_plays_a_part(rule, has_alpha):
    experiment = Experiment(methods=(Method("analytic", rule),), schedule="inverse")
    text = heading(experiment, 0, 16)
    assert ("α = 0.4" in text) == ("schedule inverse" in text) == has_alpha
