"""The list of methods: add, duplicate, remove, recolour, hide, own α and ε, prices."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QColorDialog

from gdviz.engine.descent.rules.shaping import FADING
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import SurfaceFunction
from gdviz.experiment.validation import MAX_METHODS
from gdviz.scene.palette import path_color


def rows(ui):
    return ui.window.methods_box._rows


def choose(row, text):
    """Trigger an entry of a row's menu, which says itself whether it can be."""
    (action,) = (a for a in row.title.menu().actions() if a.text() == text)
    assert action.isEnabled()
    action.trigger()


def add(ui, estimate):
    ui.window.methods_box.add_method(estimate)
    ui.frame()


def why_not(ui, key):
    """Say why something is not offered to be added."""
    box = ui.window.methods_box
    box._open_offers()
    box.offers.hide()
    return box.offers.choice(key).why_not


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mezo", {"gaussian"}),
        ("Spall", {"spsa"}),
        ("salimans", {"evolution"}),
        ("nesterov spokoiny", {"gaussian"}),
        ("baydin", {"forward-gradient"}),
        ("gill", {"adaptive"}),
        ("more wild", {"adaptive"}),
        ("Moré Wild", {"adaptive"}),
        ("zeroth order", {"spsa", "gaussian", "evolution", "random-coordinate", "nelder-mead",
                          "zeroth order"}),
        ("hinton", {"rmsprop", *(f"rmsprop@{who}" for who in ("keras", "optax", "tensorflow"))}),
        ("armijo", {"line-search"}),
        ("ribiere", {"conjugate-gradient"}),
        ("loshchilov", {"adamw", "adamw@keras", "adamw@optax"}),
        ("global_clipnorm", {"clipped"}),
    ],
)  # fmt: skip
def test_methods_are_found_by_the_names_of_people_and_programs(ui, typed, found):
    box = ui.window.methods_box
    box._open_offers()
    box.offers._search.setText(typed)
    assert {*box.offers.offered()} == found
    box.offers.hide()


def colors(ui):
    return [path_color(method, i) for i, method in enumerate(ui.experiment.methods)]


def test_prices_are_those_that_were_counted(ui):
    for estimate in ("backward", "complex-step"):
        add(ui, estimate)
    prices = {row.title.text(): row._price.text() for row in rows(ui)}
    assert prices == {
        "Analytic": "2/step", "Forward difference": "3/step", "Central difference": "4/step",
        "Mistaken shortcut": "", "Backward difference": "3/step", "Complex step": "2/step",
    }  # fmt: skip


def test_hidden_methods_are_not_computed(ui):
    (box,) = rows(ui)[1].findChildren(QCheckBox)
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center())
    ui.frame()
    assert [run.method.estimate for run in ui.scene.runs] == ["analytic", "central"]
    assert rows(ui)[1]._price.text() == ""
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center())
    ui.frame()
    assert len(ui.scene.runs) == 3


def test_a_duplicate_has_an_epsilon_of_its_own_and_another_colour(ui):
    choose(rows(ui)[1], "Duplicate")
    ui.frame()
    assert len(ui.experiment.methods) == 5
    one, other = ui.experiment.methods[1], ui.experiment.methods[4]
    assert (one.estimate, other.estimate) == ("forward", "forward")
    assert one.epsilon is None
    assert other.epsilon == pytest.approx(0.01)
    assert len(set(colors(ui))) == 5
    assert len({run.label for run in ui.scene.runs}) == 4
    assert rows(ui)[4].own.isVisible()
    ends = {run.label: tuple(run.path.theta[-1]) for run in ui.scene.runs}
    assert ends["forward"] != ends["forward (ε=0.01)"]


def test_a_duplicate_of_a_duplicate_stays_within_the_bounds(ui):
    ui.change(epsilon=1e-39, methods=(Method("forward"),))
    choose(rows(ui)[0], "Duplicate")
    assert ui.experiment.methods[1].epsilon == 1e-40


def test_removing_a_method_recolours_no_other(ui):
    before = colors(ui)
    choose(rows(ui)[1], "Remove")
    ui.frame()
    assert colors(ui) == [before[0], before[2], before[3]]
    assert [m.estimate for m in ui.experiment.methods] == ["analytic", "central", "mistaken"]
    add(ui, "backward")
    assert len(set(colors(ui))) == 4


def test_the_last_method_stays(ui):
    ui.change(methods=(Method("central"),))
    assert not rows(ui)[0]._remove_action.isEnabled()


def test_a_colour_is_chosen_and_given_back(ui, monkeypatch):
    asked = []

    def answer(initial, *_):
        asked.append(initial.name())
        return QColor("#123456")

    monkeypatch.setattr(QColorDialog, "getColor", answer)
    before = colors(ui)
    QTest.mouseClick(rows(ui)[1]._color, Qt.MouseButton.LeftButton)
    ui.frame()
    assert asked == [before[1].lower()]
    assert ui.experiment.methods[1].color == "#123456"
    assert "#123456" in ui.window.map_view.legend.text()
    choose(rows(ui)[1], "Palette colour")
    assert colors(ui) == before


def test_a_cancelled_colour_dialog_changes_nothing(ui, monkeypatch):
    monkeypatch.setattr(QColorDialog, "getColor", lambda *_: QColor())
    QTest.mouseClick(rows(ui)[1]._color, Qt.MouseButton.LeftButton)
    assert ui.experiment == Experiment()


def test_another_estimate_in_place(ui):
    rows(ui)[2]._estimates["backward"].trigger()
    ui.frame()
    assert [run.method.estimate for run in ui.scene.runs] == ["analytic", "forward", "backward"]
    assert rows(ui)[2].title.text() == "Backward difference"
    assert rows(ui)[2]._price.text() == "3/step"
    checked = [name for name, a in rows(ui)[2]._estimates.items() if a.isChecked()]
    assert checked == ["backward"]


def test_choosing_the_estimate_it_has_leaves_it_ticked(ui):
    rows(ui)[0]._estimates["analytic"].trigger()
    assert ui.experiment == Experiment()
    assert rows(ui)[0]._estimates["analytic"].isChecked()


def test_own_values_are_taken_and_given_up(ui):
    row = rows(ui)[1]
    choose(row, "Own values")
    ui.frame()
    assert ui.experiment.methods[1].alpha == 0.4
    ui.type(row.own.fields["epsilon"], "1e-9")
    ui.frame()
    assert ui.experiment.methods[1].epsilon == 1e-9
    assert ui.scene.runs[1].settings.epsilon == 1e-9
    assert ui.experiment.epsilon == 1.0
    choose(row, "Own values")
    ui.frame()
    assert (ui.experiment.methods[1].alpha, ui.experiment.methods[1].epsilon) == (None, None)
    assert not row.own.isVisible()


def test_refused_own_values_leave_no_sentence_behind(ui):
    row = rows(ui)[1]
    choose(row, "Own values")
    ui.type(row.own.fields["alpha"], "abc")
    assert len(ui.sentences()) == 1
    choose(row, "Own values")
    assert ui.sentences() == []


def test_what_has_no_epsilon_offers_none(ui):
    choose(rows(ui)[0], "Own values")
    assert list(rows(ui)[0].own.fields) == ["alpha", "clip", "noise"]
    assert ui.experiment.methods[0].epsilon is None
    rows(ui)[0]._estimates["forward"].trigger()
    assert list(rows(ui)[0].own.fields) == ["alpha", "epsilon", "clip", "noise"]


@pytest.mark.sampled(9)
@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rules_options_are_fields(ui, rule):
    row = rows(ui)[1]
    row._rules[rule.name].trigger()
    choose(row, "Own values")
    ui.settle()
    # How noise fades is asked where there is some.
    fields = [option for option in rule.options if not option.is_switch and option != FADING]
    common = ["alpha", "epsilon"] if rule.uses_gradient else []
    assert list(row.own.fields) == [*common, *(o.name for o in fields)]
    assert list(row.own.switches) == [o.name for o in rule.options if o.is_switch]
    assert rule.title in row.title.text() or rule.name == "gd"
    for option in fields:
        field = row.own.fields[option.name]
        assert field.isVisible()
        assert field.toolTip().replace("\n", " ") == option.about
        assert field.value() == option.default
        ui.type(field, repr(option.high))
        assert ui.experiment.methods[1].options[option.name] == option.high
        ui.type(field, repr(2 * option.high))
        (said,) = ui.sentences()
        assert said.startswith(option.symbol)
        QTest.keyClick(field, Qt.Key.Key_Escape)
    ui.settle()
    assert [run.index for run in ui.scene.runs] == [0, 1, 2]


def test_a_field_stays_while_its_value_brings_another(ui):
    row = rows(ui)[1]
    choose(row, "Own values")
    noise = row.own.fields["noise"]
    ui.type(noise, "0.1")
    assert list(row.own.fields) == ["alpha", "epsilon", "clip", "noise", "noise_fading"]
    assert row.own.fields["noise"] is noise
    ui.type(noise, "0")
    assert list(row.own.fields) == ["alpha", "epsilon", "clip", "noise"]


def test_options_move_the_path_and_are_given_up(ui):
    row = rows(ui)[0]
    row._rules["momentum"].trigger()
    choose(row, "Own values")
    ui.settle()
    ends = [tuple(ui.scene.runs[0].path.theta[-1])]
    ui.window.history.begin_step()
    ui.type(row.own.fields["momentum"], "0.5")
    ui.settle()
    ends.append(tuple(ui.scene.runs[0].path.theta[-1]))
    assert ends[0] != ends[1]
    assert "μ = 0.5" in ui.window.map_view.legend.text()
    ui.action("undo").trigger()
    assert row.own.fields["momentum"].text() == "0.9"
    ui.action("redo").trigger()
    choose(row, "Own values")
    assert ui.experiment.methods[0] == Method("analytic", "momentum")
    assert not row.own.isVisible()


def test_another_rule_keeps_the_options_that_it_has_too(ui):
    row = rows(ui)[0]
    ui.change(methods=(Method("analytic", "momentum", {"momentum": 0.5}),))
    assert row.own.isVisible()
    row._rules["nesterov"].trigger()
    assert ui.experiment.methods[0].options == {"momentum": 0.5}
    row._rules["adam"].trigger()
    assert ui.experiment.methods[0].options == {}
    ui.settle()


def test_refused_options_do_not_outlive_their_field(ui):
    row = rows(ui)[0]
    ui.change(methods=(Method("analytic", "momentum", {"momentum": 0.5}),))
    ui.type(row.own.fields["momentum"], "abc")
    assert len(ui.sentences()) == 1
    row._rules["rmsprop"].trigger()
    assert ui.sentences() == []
    ui.settle()


def test_tab_goes_through_the_options_in_order(ui):
    row = rows(ui)[0]
    row._rules["adam"].trigger()
    choose(row, "Own values")
    ui.settle()
    row.title.setFocus()
    for name in ("alpha", "beta1", "beta2", "delta"):
        QTest.keyClick(ui.window.focusWidget(), Qt.Key.Key_Tab)
        assert ui.window.focusWidget() is row.own.fields[name]


@pytest.mark.sampled(5)
@pytest.mark.parametrize("surface", SURFACES)
def test_nothing_scrolls_where_one_row_of_the_first_is_open(ui, surface):
    ui.show(on_surface(ui.experiment, SURFACES[surface]).replace(schedule="inverse"))
    rows(ui)[1]._rules["adam"].trigger()
    choose(rows(ui)[1], "Own values")
    ui.settle()
    ui.qtbot.wait(20)
    assert ui.window.height() == 800
    assert ui.window.methods_box._scroll.verticalScrollBar().maximum() == 0


def test_the_mistaken_shortcut_is_for_the_sigmoid_unit_alone(ui):
    (box,) = rows(ui)[3].findChildren(QCheckBox)
    assert box.isEnabled()
    ui.change(methods=(*ui.experiment.methods[:3], Method("mistaken")))
    assert len(ui.scene.runs) == 4
    ui.show(on_surface(ui.experiment, SURFACES["sphere"]))
    assert len(ui.scene.runs) == 3
    assert not box.isEnabled()
    assert not box.isChecked()
    assert "Sigmoid unit" in box.toolTip()
    assert "Sigmoid unit" in rows(ui)[3].title.toolTip()
    actions = rows(ui)[0]._estimates
    assert not actions["mistaken"].isEnabled()
    assert "Sigmoid unit" in actions["mistaken"].toolTip()
    assert actions["forward"].isEnabled()
    assert "Sigmoid unit" in why_not(ui, "mistaken")
    assert not why_not(ui, "forward")
    ui.show(on_surface(ui.experiment, SURFACES["sigmoid-unit"]))
    assert box.isEnabled()
    assert not why_not(ui, "mistaken")


def test_a_method_without_meaning_here_cannot_be_duplicated_into_an_error(ui):
    ui.show(on_surface(ui.experiment, SURFACES["sphere"]))
    assert not rows(ui)[3]._duplicate_action.isEnabled()
    assert rows(ui)[0]._duplicate_action.isEnabled()


def test_there_are_at_most_twelve(ui):
    while len(ui.experiment.methods) < MAX_METHODS:
        add(ui, "forward")
    assert len(set(colors(ui))) == MAX_METHODS
    box = ui.window.methods_box
    assert not box._add.isEnabled()
    assert not rows(ui)[1]._duplicate_action.isEnabled()
    ui.settle()


def test_twelve_methods_with_values_of_their_own_can_all_be_reached(ui):
    ui.change(methods=tuple(Method("forward", epsilon=10.0**-k) for k in range(MAX_METHODS)))
    ui.qtbot.wait(20)
    assert ui.window.height() == 800  # the list scrolls, and the window does not grow
    scroll = ui.window.methods_box._scroll
    assert scroll.height() > 150
    assert scroll.verticalScrollBar().maximum() > 0
    for row in rows(ui):
        scroll.ensureWidgetVisible(row)
        for widget in (row.title, row.own.fields["epsilon"]):
            assert widget.visibleRegion().boundingRect() == widget.rect()


def test_titles_and_prices_are_not_cut_off(ui):
    for row in rows(ui):
        wanted = row.title.fontMetrics().horizontalAdvance(row.title.text())
        assert row.title.width() >= wanted, row.title.text()
        assert row._price.width() >= row._price.sizeHint().width()


def test_a_title_that_is_too_long_ends_in_an_ellipsis(ui):
    ui.change(methods=(Method("mistaken", "best-direction"), Method("analytic", "fixed-length")))
    long, short = (row.title for row in rows(ui))
    assert long.text() == "Mistaken shortcut, Best direction"  # and so it is read out
    assert long.fontMetrics().horizontalAdvance(long.text()) > long.width()
    assert "Best direction" in long.toolTip()
    assert long.grab().width() == long.width()
    assert short.fontMetrics().horizontalAdvance(short.text()) <= short.width()


def test_the_list_is_as_tall_as_what_is_in_it_where_there_is_room(open_window):
    ui = open_window(size=(1280, 1000))
    ui.show(
        Experiment(
            methods=tuple(
                Method("forward", rule, alpha=0.1) for rule in ("gd", "adam", "rmsprop", "newton")
            )
        )
    )
    ui.qtbot.waitUntil(
        lambda: ui.window.methods_box._scroll.verticalScrollBar().maximum() == 0, timeout=2000
    )


def test_a_method_may_be_added_for_its_update_rule(ui):
    box = ui.window.methods_box
    box.add_method("momentum")
    added = ui.experiment.methods[-1]
    assert (added.estimate, added.rule, added.shown) == ("analytic", "momentum", True)
    ui.settle()


def test_what_is_searched_for_is_added(ui):
    box = ui.window.methods_box
    QTest.mouseClick(box._add, Qt.MouseButton.LeftButton)
    assert box.offers.isVisible()
    QTest.keyClicks(box.offers._search, "rmsprop call")
    assert box.offers.offered() == ["frameworks rmsprop"]
    QTest.keyClick(box.offers._search, Qt.Key.Key_Return)
    ui.frame()
    assert [row.title.text() for row in rows(ui)[-4:]] == [
        "Analytic, RMSProp", "Analytic, RMSProp as in Keras", "Analytic, RMSProp as in Optax",
        "Analytic, RMSProp as in TensorFlow 1",
    ]  # fmt: skip
    assert len(set(colors(ui))) == len(rows(ui))


def test_a_switch_is_a_box_and_presets_are_in_the_menu(ui):
    add(ui, "adam")
    row = rows(ui)[-1]
    choose(row, "Own values")
    ui.frame()
    assert set(row.own.switches) == {"amsgrad", "uncorrected"}
    row.own.switches["amsgrad"].click()
    ui.frame()
    assert ui.experiment.methods[-1].options == {"amsgrad": 1.0}
    row.title.menu().aboutToShow.emit()
    entries = {action.text(): action for action in row._presets.actions()}
    assert set(entries) == {"PyTorch", "Keras"}
    entries["Keras"].trigger()
    ui.frame()
    assert ui.experiment.methods[-1].options == RULES["adam"].presets["keras"]
    assert row.own.switches["uncorrected"].isChecked()
    assert not row.own.switches["amsgrad"].isChecked()
    ui.settle()


def test_polyaks_known_minimum_is_shown(ui):
    ui.show(on_surface(ui.experiment, SURFACES["six-hump-camel"]))
    add(ui, "polyak")
    row = rows(ui)[-1]
    choose(row, "Own values")
    ui.frame()
    assert row.own.fields["minimum"].value() == pytest.approx(-1.0316, abs=1e-3)
    assert ui.scene.runs[-1].settings.options["minimum"] == pytest.approx(-1.0316, abs=1e-4)
    ui.settle()


def test_the_name_of_an_estimate_and_a_rule_has_room(ui):
    ui.change(methods=(Method("analytic", rule="momentum"),))
    title = rows(ui)[0].title
    assert title.text() == "Analytic, Momentum"
    room = title.width() - 8  # the theme's room at both sides
    assert title.fontMetrics().horizontalAdvance(f"{title.text()} ▾") <= room


LOGISTIC = Experiment(
    function=SurfaceFunction("logistic-regression"),
    methods=(Method("analytic"), Method("mini-batch", estimate_options={"rows": 9}, alpha=0.01)),
    alpha=0.01,
)


def test_a_batch_larger_than_the_data_is_refused_at_its_field_until_it_is_mended(ui):
    ui.show(LOGISTIC)
    row = rows(ui)[1]
    field = row.own.fields["rows"]
    sentence = "A mini-batch of B = 41 rows cannot be drawn from data that has 40: B is 40 at most."
    for mended in ("40", "9"):  # another value, and what it was
        ui.type(field, "41")
        assert ui.sentences() == [sentence]
        assert row._errors.text() == sentence
        assert row._errors.isVisible()
        assert field.property("invalid")
        ui.type(field, mended)
        assert ui.sentences() == []
        assert not field.property("invalid")
        assert ui.experiment.methods[1].estimate_options == {"rows": float(mended)}
    ui.type(field, "41")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), ui.sentences()) == ("9", [])


def test_what_is_refused_is_over_with_another_experiment(ui):
    ui.show(LOGISTIC)
    field = rows(ui)[1].own.fields["rows"]
    ui.type(field, "41")
    ui.change(start=(0.5, 0.25))
    assert (field.text(), ui.sentences()) == ("9", [])


def test_a_change_of_a_method_that_no_field_is_for_is_refused_below_it(ui):
    ui.show(LOGISTIC)
    row, before = rows(ui)[1], ui.experiment
    row.changed.emit(1, Method("spsa", "none"))
    assert ui.experiment is before
    (said,) = ui.sentences()
    assert said.startswith("'none' is not one of gd, ")
    assert row._errors.text() == said
    ui.change(alpha=0.02)
    assert ui.sentences() == []
