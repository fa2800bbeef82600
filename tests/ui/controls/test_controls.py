"""The left place: surface, constants, descent; and the nonsense that people type."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QPushButton

from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.engine.language import formula as formula_module
from gdviz.engine.objectives.code_ref import Code
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.black_box_functions import CodeFunction
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction, SurfaceFunction

NONSENSE = ["abc", "", "1e999", "nan", "-", "1,500", "inf", "1_0", "--3", "0x10", "9" * 5000, "🙂"]


def choose(combo, text):
    """Choose an entry as a click in the list does."""
    index = combo.findText(text)
    assert index >= 0, text
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def combo_named(ui, name):
    (found,) = (c for c in ui.window.findChildren(QComboBox) if c.accessibleName() == name)
    return found


def button(parent, text):
    (found,) = (b for b in parent.findChildren(QPushButton) if b.text() == text)
    return found


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("α", "3e-7", "alpha", 3e-7),
        ("ε", "1e-9", "epsilon", 1e-9),
        ("steps", "123", "steps", 123),
        ("a", "-0.123456789", "start", (-0.123456789, 4.0)),
        ("b", "−2.5", "start", (1.5, -2.5)),
        ("x", "2.25", "function", SurfaceFunction(constants={"x": 2.25})),
    ],
)
def test_what_is_typed_is_exactly_what_is_meant(ui, name, text, field, value):
    ui.type(ui.field(name), text)
    ui.settle()
    assert getattr(ui.experiment, field) == value
    assert getattr(ui.scene.experiment, field) == value
    assert ui.sentences() == []


def test_a_slider_moves_the_experiment_live(ui):
    slider = ui.window.descent_box._sliders["alpha"].slider
    seen = []
    for position in range(slider.value(), slider.value() + 40, 10):
        slider.setValue(position)
        ui.frame()
        seen.append(ui.scene.runs[0].settings.alpha)
    assert seen == sorted(set(seen))


def test_nonsense_in_any_field_is_a_sentence_and_changes_nothing(open_window):
    ui = open_window(Experiment(methods=(Method("forward", alpha=0.1, epsilon=0.5),)))
    ui.settle()
    scene, experiment = ui.scene, ui.experiment
    fields = ui.fields()
    # x, α, ε, steps, a, b, and the method's own α and ε, its clip and its noise
    assert len(fields) == 10
    for field in fields:
        for text in NONSENSE:
            ui.type(field, text)
            said = ui.sentences()
            assert len(said) == 1, (field.accessibleName(), text, said)
            assert said[0] == field.error()
            assert said[0].startswith(field.accessibleName())
            assert len(said[0]) < 120
            assert field.property("invalid")
            assert ui.experiment is experiment
        ui.qtbot.wait(1)
        assert ui.scene is scene
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert ui.sentences() == [], field.accessibleName()


def test_out_of_range_is_said_with_the_range(ui):
    ui.type(ui.field("steps"), "10001")
    assert "between 1 and 10000" in ui.sentences()[0]
    ui.type(ui.field("steps"), "0")
    assert "between 1 and 10000" in ui.sentences()[0]
    ui.type(ui.field("steps"), "1.5")
    assert "whole number" in ui.sentences()[0]
    assert ui.experiment == Experiment()


def test_two_wrong_fields_are_both_said_until_something_is_changed(ui):
    ui.type(ui.field("α"), "abc")
    ui.type(ui.field("ε"), "xyz")
    (said,) = ui.sentences()
    assert "abc" in said
    assert "xyz" in said
    QTest.keyClick(ui.field("ε"), Qt.Key.Key_Escape)
    (said,) = ui.sentences()
    assert "abc" in said
    assert "xyz" not in said
    ui.type(ui.field("ε"), "0.5")  # the fields show the experiment again
    assert ui.sentences() == []
    assert ui.field("α").text() == "0.4"
    assert (ui.experiment.alpha, ui.experiment.epsilon) == (0.4, 0.5)


def test_two_wrong_constants_are_both_said(ui):
    ui.show(on_surface(ui.experiment, SURFACES["sigmoid-fit"]))
    ui.type(ui.field("x"), "abc")
    ui.type(ui.field("t"), "xyz")
    (said,) = ui.sentences()
    assert "abc" in said
    assert "xyz" in said


def test_what_a_wrong_field_said_is_over_when_the_surface_is_another(ui):
    ui.type(ui.field("x"), "abc")
    ui.show(on_surface(ui.experiment, SURFACES["sigmoid-fit"]))
    assert ui.sentences() == []


def test_ctrl_z_after_typing_undoes_the_experiment_and_not_nothing(ui):
    ui.type(ui.field("α"), "0.1")
    assert ui.experiment.alpha == 0.1
    QTest.keyClick(ui.field("α"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert ui.experiment == Experiment()
    assert ui.field("α").text() == "0.4"


def test_ctrl_z_while_typing_is_for_the_text(ui):
    field = ui.field("α")
    ui.change(epsilon=0.1)
    field.setFocus()
    QTest.keyClicks(field, "77")
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "0.4"
    assert ui.experiment.epsilon == 0.1


# ---------------------------------------------------------------- choices


@pytest.mark.slow
def test_every_surface_can_be_chosen(ui):
    combo = combo_named(ui, "Surface")
    assert combo.findText("New formula…") == combo.count() - 1 > len(SURFACES) >= 21
    for surface in reversed(SURFACES.values()):
        choose(combo, surface.title)
        ui.frame()
        assert ui.experiment.function.name == surface.name
        assert ui.scene.landscape.grid.range == surface.home
        assert ui.experiment.start == surface.start
        assert combo.currentText() == surface.title
        names = [c.name for c in surface.constants]
        assert list(ui.window.surface_box._sliders) == names
        assert surface.formula in ui.window.surface_box._formula.accessibleName()
        function = ui.experiment.function
        assert [name for name in ESTIMATES if function.why_not(name)] == [
            *(() if surface.data else ("mini-batch",)),
            *(() if surface.name == "sigmoid-unit" else ("mistaken",)), "yours",
        ]  # fmt: skip
    ui.settle()


def test_turning_a_constant_parses_no_formula_again(ui, monkeypatch):
    ui.change(constants={"x": 1.5})
    parsed = []
    monkeypatch.setattr(
        formula_module, "parse", lambda *arguments: parsed.append(arguments), raising=False
    )
    before = formula_module.Formula.parse("b*sigmoid(a*x)", ("x",))
    slider = ui.window.surface_box._sliders["x"].slider
    grid = ui.scene.landscape.grid
    for position in (100, 400, 900):
        slider.setValue(position)
        ui.frame()
        assert ui.scene.landscape.grid is not grid
        assert ui.experiment.function.formula_objective().formula is before
    assert parsed == []


def test_precision_and_representable_step(ui):
    choose(combo_named(ui, "Precision"), "float32")
    ui.settle()
    assert ui.experiment.precision == "float32"
    assert ui.scene.runs[0].path.error[0] > 0
    (box,) = ui.window.descent_box.findChildren(QCheckBox)
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    ui.settle()
    assert ui.experiment.representable_step
    ui.action("undo").trigger()
    assert not box.isChecked()
    ui.action("undo").trigger()
    assert combo_named(ui, "Precision").currentText() == "float64"


def test_the_precision_of_code_that_computes_in_float32_is_said(ui):
    code = Code("/m.py", "0" * 64, is_single=True)
    methods = (Method("forward"),)
    ui.window.descent_box.show_experiment(Experiment(function=CodeFunction(code), methods=methods))
    combo = combo_named(ui, "Precision")
    assert [combo.itemText(i) for i in range(combo.count())] == ["f in float32", "float32"]
    assert "m.py computes in float32" in combo.toolTip()
    shorter = Experiment(function=CodeFunction(replace(code, short="bfloat16")), methods=methods)
    ui.window.descent_box.show_experiment(shorter)
    assert [combo.itemText(i) for i in range(combo.count())] == ["f in bfloat16"] * 2
    assert "m.py computes in bfloat16: f has about 3 digits" in combo.toolTip()
    ui.window.descent_box.show_experiment(Experiment())
    assert combo.currentText() == "float64"


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=lambda schedule: schedule.name)
def test_a_schedule_is_chosen_and_its_option_turned(ui, schedule):
    choice = ui.window.descent_box._schedule
    assert choice._button.text() == "α: constant ▾"
    assert not any(field.isVisible() for field in choice.fields)
    height = ui.window.descent_box.height()
    choice._actions[schedule.name].trigger()
    ui.settle()
    assert ui.experiment.schedule == schedule.name
    assert schedule.about in choice._button.toolTip()
    assert choice._actions[schedule.name].isChecked()
    for option in schedule.options:
        field = ui.field(option.symbol)
        assert field.toolTip() == option.about
        end = ui.scene.runs[0].path.theta[-1]
        ui.type(field, "0.5")
        ui.settle()
        assert ui.experiment.schedule_options == {option.name: 0.5}
        assert not np.array_equal(ui.scene.runs[0].path.theta[-1], end)
        ui.type(field, "-1")
        (said,) = ui.sentences()
        assert said.startswith(option.symbol)
    assert sum(field.isVisible() for field in choice.fields) == len(schedule.options)
    choice._actions["constant"].trigger()
    assert (ui.experiment.schedule, ui.experiment.schedule_options) == ("constant", {})
    assert ui.sentences() == []
    ui.qtbot.waitUntil(lambda: ui.window.descent_box.height() == height)


def test_a_schedule_moves_nothing_under_it(ui):
    box = ui.window.descent_box
    before = [field.y() for field in box._start]
    box._schedule._actions["exponential"].trigger()
    ui.qtbot.wait(20)
    assert [field.y() for field in box._start] == before


def test_reset_goes_back_to_the_surfaces_own(ui):
    ui.change(start=(0.0, 0.0), alpha=0.01, epsilon=0.1, steps=3, constants={"x": 2.0})
    QTest.mouseClick(button(ui.window.descent_box, "Reset"), Qt.MouseButton.LeftButton)
    ui.settle()
    assert ui.experiment == Experiment()
    assert [f.text() for f in ui.fields()] == ["1", "0.4", "1", "40", "1.5", "4"]


def test_reset_also_forgets_refused_text(ui):
    ui.change(alpha=0.01)
    ui.type(ui.field("α"), "abc")
    QTest.mouseClick(button(ui.window.descent_box, "Reset"), Qt.MouseButton.LeftButton)
    assert ui.sentences() == []
    assert ui.field("α").text() == "0.4"


def test_color_scale_is_a_choice(ui):
    ui.show(on_surface(ui.experiment, SURFACES["himmelblau"]))
    for kind in ("linear", "sqrt", "log"):
        choose(combo_named(ui, "Colour scale"), f"colour: {kind}")
        ui.settle()
        assert ui.scene.landscape.scale.kind == kind


# ---------------------------------------------------------------- a formula of one's own


def test_a_formula_of_ones_own_has_its_constants_as_sliders(ui):
    text = "k*a^2 + sin(b)/m"
    ui.show(Experiment(function=FormulaFunction(text, constants={"k": 2.0, "m": 300.0})))
    box = ui.window.surface_box
    assert combo_named(ui, "Surface").currentText() == "Formula of your own"
    assert text in box._formula.accessibleName()
    ui.qtbot.waitUntil(box._formula.is_typeset, timeout=10_000)
    ui.type(ui.field("m"), "-7")
    ui.settle()
    assert ui.experiment.function.constants == {"k": 2.0, "m": -7.0}
    choose(combo_named(ui, "Surface"), "Sphere")
    ui.settle()
    assert ui.experiment.function.name == "sphere"
    # What it would bring back is gone (but for undo): an entry without effect would only mislead.
    assert combo_named(ui, "Surface").findText("Formula of your own") < 0


def test_a_surfaces_slider_reaches_as_far_as_what_is_typed_beside_it(ui):
    slider = ui.window.surface_box._sliders["x"]
    ui.type(ui.field("x"), "15")  # it runs from −5 to 5
    assert ui.experiment.function.constants == {"x": 15.0}
    assert slider.slider.value() == slider.slider.maximum()
    ui.type(ui.field("x"), "5")
    assert slider.slider.value() == slider.slider.maximum() / 2
    ui.settle()


def test_a_long_formula_is_shown_short_and_told_in_full(ui):
    text = " + ".join(f"sin({k}*a)*cos({k}*b)" for k in range(1, 40))
    ui.show(Experiment(function=FormulaFunction(text)))
    label = ui.window.surface_box._formula
    assert label.is_elided()
    assert label.width() < 300
    assert text in label.accessibleName()


# ---------------------------------------------------------------- the seed


def test_the_seed_is_there_where_something_is_drawn(ui):
    box = ui.window.descent_box
    assert not box._drawing.isVisible()
    ui.change(methods=(Method("spsa"), Method("mini-batch", shown=False)))
    assert box._drawing.isVisible()
    ui.type(ui.field("seed"), "41")
    ui.settle()
    assert ui.experiment.seed == 41
    ends = [run.path.theta[-1].tolist() for run in ui.scene.runs]
    ui.window.history.begin_step()
    QTest.mouseClick(button(box, "New seed"), Qt.MouseButton.LeftButton)
    ui.settle()
    assert ui.experiment.seed != 41
    assert [run.path.theta[-1].tolist() for run in ui.scene.runs] != ends
    ui.action("undo").trigger()
    ui.settle()
    assert ui.experiment.seed == 41
    assert [run.path.theta[-1].tolist() for run in ui.scene.runs] == ends


@pytest.mark.parametrize("text", ["1.5", "-1", "5000000000", "one"])
def test_a_seed_that_is_none_is_refused_beside_its_field(ui, text):
    ui.change(methods=(Method("spsa"),))
    ui.type(ui.field("seed"), text)
    assert ui.experiment.seed == 0
    (sentence,) = ui.sentences()
    assert "seed" in sentence


def test_the_options_of_an_estimate_are_fields(ui):
    ui.change(methods=(Method("evolution", estimate_options={"pairs": 3}),))
    ui.type(ui.field("k"), "7")
    ui.settle()
    assert ui.experiment.methods[0].estimate_options == {"pairs": 7}
    assert ui.scene.runs[0].path.values[0] == 14
    ui.type(ui.field("k"), "0")
    assert ui.experiment.methods[0].estimate_options == {"pairs": 7}
    assert len(ui.sentences()) == 1
