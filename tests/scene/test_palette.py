"""The colours of methods: those that are free, and those of estimates."""

from gdviz.experiment.experiment import Method
from gdviz.scene.palette import ESTIMATE_COLORS, PATH_COLORS, estimate_color, free_color


def test_the_next_method_gets_a_colour_that_none_has():
    assert free_color((Method("analytic"), Method("forward"))) == PATH_COLORS[2]
    assert free_color((Method("analytic", color=PATH_COLORS[2].lower()),)) == PATH_COLORS[0]
    assert free_color([Method("analytic")] * len(PATH_COLORS)) == ""


def test_an_estimate_has_the_colour_of_its_method():
    methods = Method("analytic"), Method("yours", color="#123456"), Method("yours")
    assert estimate_color(methods, "yours") == "#123456"
    assert estimate_color(methods[:1], "yours") == ESTIMATE_COLORS["yours"]
