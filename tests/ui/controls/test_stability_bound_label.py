"""The bound beside α: its number, when it turns red, why there is none, and that of the sweep."""

import math

import pytest

from gdviz.base.format import number
from gdviz.engine.analysis.stability_bound import StabilityBound
from gdviz.engine.objectives.code_ref import Code
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.black_box_functions import CodeFunction
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.scene.scene import build_scene
from gdviz.ui.controls.stability_bound_label import StabilityBoundLabel


def on(surface, **fields):
    return on_surface(Experiment(), SURFACES[surface]).replace(**fields)


def bound(ui):
    label = ui.window.descent_box.stability_bound
    ui.qtbot.waitUntil(lambda: not label._known.is_running())
    return label.text(), bool(label.property("error")), label.toolTip().replace("\n", " ")


@pytest.mark.slow
def test_the_bound_turns_red_exactly_past_it(ui):
    ui.show(on("quadratic", alpha=0.08))
    assert bound(ui)[:2] == ("α < 2/λₘₐₓ = 0.08", False)
    ui.change(alpha=math.nextafter(0.08, 1.0))
    assert bound(ui)[:2] == ("⚠ α > 2/λₘₐₓ = 0.08", True)
    ui.change(constants={"kappa": 20.0})
    assert bound(ui)[:2] == ("α < 2/λₘₐₓ = 0.1", False)
    ui.change(methods=(Method("analytic"), Method("analytic", alpha=0.11)))  # no slider's
    assert bound(ui)[:2] == ("⚠ own α > 2/λₘₐₓ = 0.1", True)


def test_the_bound_is_rosenbrocks(ui):
    ui.show(on("rosenbrock"))
    text, exceeded, tip = bound(ui)
    assert (text, exceeded) == ("α < 2/λₘₐₓ = 0.001997", False)
    assert "1001.6" in tip
    assert tip in ui.window.descent_box._sliders["alpha"].toolTip().replace("\n", " ")


def test_a_long_formula_is_derived_beside_the_frame_and_then_is_quick(ui):
    known = ui.window.descent_box.stability_bound._known
    waves = " + ".join(f"sin({k}*a)" for k in range(2, 12))  # which the minimum at 0 is flat in
    formula = FormulaFunction(f"a^2 + b^2/2 + (a*b)^4*({waves})")
    ui.window.store.set_experiment(Experiment(function=formula, start=(0.3, 0.3)))
    ui.frame()
    assert known.is_running()
    assert bound(ui)[0] == "α < 2/λₘₐₓ = 1"
    ui.change(start=(0.5, 0.25))
    assert not known.is_running()


@pytest.mark.parametrize(
    ("experiment", "why"),
    [
        (Experiment(), "has no minimum"),
        (Experiment(function=FormulaFunction("a*b")), "small steps from the start leave the map"),
        (on("ackley", start=(0.1, 0.1)), "a kink, or beside one"),
    ],
)
def test_where_there_is_no_bound_the_tooltip_says_why(ui, experiment, why):
    ui.show(experiment)
    text, exceeded, tip = bound(ui)
    assert (text, exceeded) == ("", False)
    assert why in tip


def test_the_tip_of_the_slider_says_it_word_for_word(ui):
    """As it is of code in a file that is called like markup."""
    box = ui.window.descent_box
    box.stability_bound._take(StabilityBound(None, "<b>x.py has no second derivatives"))
    assert box._sliders["alpha"].toolTip().endswith("\n\n<b>x.py has no second derivatives.")


VALLEY = FormulaFunction(
    "mean((a*x + b*x - y)^2)", data=Data({"x": (0.0, 1.0, 2.0), "y": (0.0, 1.0, 2.0)})
)


@pytest.mark.parametrize(
    ("experiment", "limit", "words"),
    [
        (on("three-hump-camel"), "0.1633", "At the minimum (1.748, −0.874), to which small steps"),
        (on("three-hump-camel", start=(0.5, 0.5)), "0.4531", "At the minimum (0, 0), to which"),
        (
            Experiment(function=VALLEY, start=(3.0, 1.0), alpha=0.1),
            "0.3",
            "At (1.5, −0.5) in a valley of minima, to which small steps from the start lead",
        ),
    ],
)  # fmt: skip
def test_the_sweep_has_the_same_number_and_says_the_same(ui, experiment, limit, words):
    window = ui.window
    ui.show(experiment)
    text, _, tip = bound(ui)
    assert text == f"α < 2/λₘₐₓ = {limit}"
    assert tip.startswith(words)
    try:
        window.right.setCurrentWidget(window.sweep_lens)
        window.sweep_lens.choose_view("alpha")
        page = window.sweep_lens.page("alpha")
        ui.qtbot.waitUntil(lambda: page._sentence.text() == tip, timeout=8_000)
        assert page._limit.label.format == f"2/λₘₐₓ = {limit}"
        assert number(10 ** page._limit.value(), 4) == limit
    finally:
        window.sweep_lens.choose_view("epsilon")
        window.right.setCurrentIndex(0)


def test_it_stays_the_same_while_alpha_is_turned(ui):
    ui.show(on("himmelblau", start=(2.9, 1.9), alpha=0.01))
    text, exceeded, tip = bound(ui)
    assert (text, exceeded) == ("α < 2/λₘₐₓ = 0.02431", False)
    for alpha in (0.02, 0.03, 0.5):  # to another minimum, and off the map
        ui.change(alpha=alpha)
        assert bound(ui) == (text.replace("α <", "⚠ α >"), True, tip) if alpha > 0.0243 else (
            text, False, tip)  # fmt: skip


def test_the_bound_of_code_is_left_to_the_sweep(qtbot):
    code = CodeFunction(Code("/net.py", "0" * 64, has_gradient=True, has_hessian=True))
    experiment = Experiment(function=code)
    label = StabilityBoundLabel()
    qtbot.addWidget(label)
    label.show_scene(
        build_scene(experiment, resolution=8, objective=FormulaObjective.from_text("a^2 + b^2"))
    )
    assert label.text() == ""
    assert label.toolTip().startswith("The bound on α of Python code is found by the sweep of α")
