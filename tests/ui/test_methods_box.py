"""The list of methods: add, duplicate, remove, recolour, hide, own α and ε, prices."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QColorDialog

from gdviz.engine.surfaces import SURFACES
from gdviz.experiment import MAX_METHODS, Experiment, Method
from gdviz.palette import path_color


def rows(ui):
    return ui.window.methods_box._rows


def choose(row, text):
    """Trigger an entry of a row's menu, which says itself whether it can be."""
    (action,) = (a for a in row._title.menu().actions() if a.text() == text)
    assert action.isEnabled()
    action.trigger()


def add(ui, estimate):
    ui.window.methods_box._add_actions[estimate].trigger()
    ui.frame()


def colors(ui):
    return [path_color(method, i) for i, method in enumerate(ui.experiment.methods)]


def test_prices_are_those_that_were_counted(ui):
    for estimate in ("backward", "complex-step"):
        add(ui, estimate)
    prices = {row._title.text(): row._price.text() for row in rows(ui)}
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
    assert rows(ui)[4]._own.isVisible()
    ends = {run.label: tuple(run.path.theta[-1]) for run in ui.scene.runs}
    assert ends["forward"] != ends["forward (ε=0.01)"]


def test_a_duplicate_of_a_duplicate_stays_within_the_bounds(ui):
    ui.change(epsilon=1e-19, methods=(Method("forward"),))
    choose(rows(ui)[0], "Duplicate")
    assert ui.experiment.methods[1].epsilon == 1e-20


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
    assert "#123456" in ui.window.map_view._legend.text()
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
    assert rows(ui)[2]._title.text() == "Backward difference"
    assert rows(ui)[2]._price.text() == "3/step"
    checked = [name for name, a in rows(ui)[2]._estimates.items() if a.isChecked()]
    assert checked == ["backward"]


def test_choosing_the_estimate_it_has_leaves_it_ticked(ui):
    rows(ui)[0]._estimates["analytic"].trigger()
    assert ui.experiment == Experiment()
    assert rows(ui)[0]._estimates["analytic"].isChecked()


def test_own_values_are_taken_and_given_up(ui):
    row = rows(ui)[1]
    choose(row, "Own α and ε")
    ui.frame()
    assert ui.experiment.methods[1].alpha == 0.4
    ui.type(row._fields["epsilon"], "1e-9")
    ui.frame()
    assert ui.experiment.methods[1].epsilon == 1e-9
    assert ui.scene.runs[1].epsilon == 1e-9
    assert ui.experiment.epsilon == 1.0
    choose(row, "Own α and ε")
    ui.frame()
    assert (ui.experiment.methods[1].alpha, ui.experiment.methods[1].epsilon) == (None, None)
    assert not row._own.isVisible()


def test_refused_own_values_leave_no_sentence_behind(ui):
    row = rows(ui)[1]
    choose(row, "Own α and ε")
    ui.type(row._fields["alpha"], "abc")
    assert len(ui.sentences()) == 1
    choose(row, "Own α and ε")
    assert ui.sentences() == []


def test_what_has_no_epsilon_offers_none(ui):
    choose(rows(ui)[0], "Own α and ε")
    assert not rows(ui)[0]._fields["epsilon"].isEnabled()
    assert rows(ui)[0]._fields["alpha"].isEnabled()


def test_the_mistaken_shortcut_is_for_the_sigmoid_unit_alone(ui):
    (box,) = rows(ui)[3].findChildren(QCheckBox)
    assert box.isEnabled()
    ui.change(methods=(*ui.experiment.methods[:3], Method("mistaken")))
    assert len(ui.scene.runs) == 4
    ui.show(ui.experiment.on_surface(SURFACES["sphere"]))
    assert len(ui.scene.runs) == 3
    assert not box.isEnabled()
    assert not box.isChecked()
    assert "sigmoid-unit" in box.toolTip()
    assert "sigmoid-unit" in rows(ui)[3]._title.toolTip()
    for actions in (ui.window.methods_box._add_actions, rows(ui)[0]._estimates):
        assert not actions["mistaken"].isEnabled()
        assert "sigmoid-unit" in actions["mistaken"].toolTip()
        assert actions["forward"].isEnabled()
    ui.show(ui.experiment.on_surface(SURFACES["sigmoid-unit"]))
    assert box.isEnabled()
    assert ui.window.methods_box._add_actions["mistaken"].isEnabled()
    assert "sigmoid-unit" not in ui.window.methods_box._add_actions["mistaken"].toolTip()


def test_a_method_without_meaning_here_cannot_be_duplicated_into_an_error(ui):
    ui.show(ui.experiment.on_surface(SURFACES["sphere"]))
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
        for widget in (row._title, row._fields["epsilon"]):
            assert widget.visibleRegion().boundingRect() == widget.rect()


def test_titles_and_prices_are_not_cut_off(ui):
    for row in rows(ui):
        wanted = row._title.fontMetrics().horizontalAdvance(row._title.text())
        assert row._title.width() >= wanted, row._title.text()
        assert row._price.width() >= row._price.sizeHint().width()
