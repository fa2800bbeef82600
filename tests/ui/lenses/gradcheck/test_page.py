"""Check my gradient: the fields, the verdicts, their evidence, and the path of what was claimed."""

import re
import threading
import time
from html import unescape

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gdviz.engine.gradcheck import check as gradient_check
from gdviz.engine.gradcheck.difference import difference_process as gradient_remainder
from gdviz.engine.gradcheck.difference.difference_process import Remainder
from gdviz.engine.objectives.loss_grid import LossGrid
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_formula, on_grid, on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction, SurfaceFunction
from gdviz.experiment.validation import MAX_METHODS
from gdviz.scene.captions import pretty
from gdviz.ui.lenses.formula_field import FormulaField
from gdviz.ui.lenses.gradcheck.plots import ErrorPlot, SweepPlot
from gdviz.ui.toolkit.plots.plot import Plot
from gdviz.ui.toolkit.widgets.math_label import MathLabel
from gdviz.ui.toolkit.widgets.verdict_mark import VerdictMark
from tests.ui.hands import button, choice, says
from tests.ui.hands import said as said_in

SLIP = "b*x*sigmoid(a*x)*(1 - a*sigmoid(a*x))", "sigmoid(a*x)"
RIGHT = "b*x*sigmoid(a*x)*(1 - sigmoid(a*x))", "sigmoid(a*x)"


@pytest.fixture
def page(ui):
    """The open page, with nothing claimed."""
    ui.window.open_lens("Formula", "check")
    found = ui.window.formula_lens.page("check")
    assert found.isVisible()
    yield found
    look_at(found, 0)
    ui.window.formula_lens.choose_view("formula")


@pytest.fixture(autouse=True)
def _sympy_is_not_waited_for(monkeypatch):
    """Let the other process answer at once; the engine's tests are about what it says."""

    def remainders(candidate, components, *_):
        texts = [part.formula.text for part in candidate.parts]
        return [
            Remainder("0" if texts[i] == RIGHT[i] else "b*x", "0" if texts[i] == RIGHT[i] else "bx")
            for i in components
        ]

    monkeypatch.setattr(gradient_check, "remainders", remainders)


def enter(ui, page, texts):
    """Write into both fields as a person does, and wait for the check."""
    for field, text in zip(fields(page), texts, strict=True):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text) if text else QTest.keyClick(field, Qt.Key.Key_Delete)
        field.completer.hide()
    finish(ui, page)


def finish(ui, page):
    ui.qtbot.waitUntil(lambda: not page.fields._pause.isActive())
    ui.frame()
    ui.qtbot.waitUntil(lambda: not page._task.is_running(), timeout=30_000)


def fields(page):
    return page.fields.findChildren(FormulaField)


def path_button(page):
    """Return the button of the path, whatever stands on it."""
    return next(x for x in page.findChildren(QPushButton) if "path" in x.text())


def marks(page):
    return [view.findChild(VerdictMark).accessibleName() for view in page.verdicts]


def said(page):
    """The words of the verdicts, without the link in them."""
    bodies = (re.sub("</?a[^>]*>", "", view._body.text()) for view in page.verdicts)
    return [
        (view._head.text(), unescape(body))
        for view, body in zip(page.verdicts, bodies, strict=True)
    ]


def remainder(page, row):
    """Return what a derivative lacks, typeset."""
    return page.verdicts[row].findChild(MathLabel)


def look_at(page, view):
    """Press on a piece of evidence: the error, the sweep, the Taylor remainder."""
    names = "Error on the map", "ε sweep", "Taylor remainder"
    button(page.evidence, names[view]).click()


# -- the verdicts


def test_the_slip_is_wrong_and_says_where_and_by_how_much(ui, page):
    enter(ui, page, SLIP)
    assert ui.experiment.function.candidate_gradient == SLIP
    assert marks(page) == ["wrong", "right"]
    head, body = said(page)[0]
    assert "∂f/∂a is wrong" in head
    assert body.startswith("At (6, 5) it gives −24.8642 instead of 0.0123325, off by 24.9")
    assert remainder(page, 0).isVisible()
    assert page.verdicts[0]._formula._latex == "bx"
    assert not remainder(page, 1).isVisible()


@pytest.mark.parametrize("how", ["key", "mouse"])
def test_the_worst_place_is_a_link_that_starts_there(ui, page, how):
    enter(ui, page, SLIP)
    before, body = ui.experiment, page.verdicts[0]._body
    assert "<a href='start'>(6, 5)</a>" in body.text()
    if how == "mouse":
        at = QPoint(body.fontMetrics().horizontalAdvance("At (6"), 8)
        QTest.mouseClick(body, Qt.MouseButton.LeftButton, pos=at)
    else:
        button(page, "Clear").setFocus()
        QTest.keyClick(button(page, "Clear"), Qt.Key.Key_Tab)
        assert ui.window.focusWidget() is body
        QTest.keyClick(body, Qt.Key.Key_Return)
    ui.settle()
    assert ui.experiment == before.replace(start=(6.0, 5.0))
    assert [run.path.theta[0].tolist() for run in ui.scene.runs] == [[6.0, 5.0]] * 3
    ui.window.commands.undo()
    assert ui.experiment == before


def test_only_a_place_that_is_wrong_here_is_a_link(ui, page):
    enter(ui, page, RIGHT)
    assert "<a" not in page.verdicts[0]._body.text()
    enter(ui, page, ("b*sigmoid(a*x)*(1 - sigmoid(a*x))", "sigmoid(a*x)"))  # for x = 1 alone
    assert "at (" in page.verdicts[0]._body.text().lower()
    assert "<a" not in page.verdicts[0]._body.text()


def test_the_gradient_is_right(ui, page):
    enter(ui, page, RIGHT)
    assert marks(page) == ["right", "right"]
    assert said(page)[0][1] == "Its difference from the true one simplifies to 0."
    assert says(page.evidence, "just rounding")
    assert not button(page.evidence, "on the map").isEnabled()


def test_what_holds_for_one_value_of_a_constant_is_wrong(ui, page):
    enter(ui, page, ("b*sigmoid(a*x)*(1 - sigmoid(a*x))", "sigmoid(a*x)"))
    assert marks(page) == ["wrong", "right"]
    assert "right only for x = 1" in said(page)[0][0]
    assert page.evidence.drawing().marks == ()  # here it is right everywhere


def test_where_nothing_can_be_compared_nothing_is_decided(ui, page):
    ui.show(Experiment(function=FormulaFunction("log(-1 - a^2) + b")))
    enter(ui, page, ("2*a/(1 + a^2)", "1"))
    assert marks(page)[0] == "undecided"
    assert "cannot be checked" in said(page)[0][0]
    for view in range(3):  # none of which has anything to draw
        look_at(page, view)


@pytest.mark.slow
def test_sympy_writes_out_what_remains(ui, page, monkeypatch):
    monkeypatch.setattr(gradient_check, "remainders", gradient_remainder.remainders)
    enter(ui, page, SLIP)
    assert remainder(page, 0).accessibleName() == "b·x·(a − 1)·σ(a·x)²"


def test_the_remainder_that_is_not_there_says_why(ui, page, monkeypatch):
    monkeypatch.setattr(
        gradient_check, "remainders", lambda *_: [Remainder(reason="SymPy ran out of time")]
    )
    enter(ui, page, SLIP)
    assert page.verdicts[0]._why_none.isVisible()
    assert "SymPy ran out of time" in page.verdicts[0]._why_none.text()


@pytest.mark.parametrize("how", ["Enter", "reopening"])
def test_what_ran_out_of_time_is_tried_again(ui, page, monkeypatch, how):
    answers = [Remainder(reason="SymPy ran out of time"), Remainder("b", "b"), None]
    monkeypatch.setattr(gradient_check, "remainders", lambda *_: [answers.pop(0)])
    enter(ui, page, SLIP)
    assert page.verdicts[0]._why_none.isVisible()
    for _ in range(2):  # the second time there is nothing to try again
        if how == "Enter":
            field = fields(page)[0]
            field.setFocus()
            QTest.keyClick(field, Qt.Key.Key_Return)
        else:
            ui.window.formula_lens.choose_view("formula")
            ui.window.formula_lens.choose_view("check")
        finish(ui, page)
        assert remainder(page, 0).accessibleName() == "b"
    assert answers == [None]


# -- the fields


def test_at_first_it_says_what_to_do(ui, page):
    assert not any(view.isVisible() for view in page.verdicts)
    assert says(page, "∂f/∂b = <b>sigmoid(a*x)</b>")
    assert not path_button(page).isEnabled()
    assert not button(page, "Clear").isEnabled()


def test_the_words_are_about_each_surface_that_is_chosen(ui, page):
    with_an_example = 0
    for name, surface in SURFACES.items():
        experiment = on_surface(Experiment(), surface)
        ui.window.store.set_experiment(experiment)
        words = unescape("\n".join(said_in(page)))
        assert "as you derived them" in words, name
        if "for example" in words:  # a derivative that is short enough
            assert f"For f = {pretty(experiment.function.text)}, for example" in words, name
            with_an_example += 1
    assert with_an_example > 15


def test_without_a_formula_there_is_nothing_to_write(ui, page):
    grid = LossGrid((0.0, 1.0, 2.0), (0.0, 1.0), ((1.0, 2.0, 3.0), (2.0, 1.0, 4.0)))
    experiment = on_grid(Experiment(), grid)
    ui.window.store.set_experiment(experiment)
    assert says(page, "here f is not one")
    assert not any(field.isEnabled() for field in fields(page))


def test_half_a_gradient_is_waited_for(ui, page):
    enter(ui, page, ("b", ""))
    assert ui.experiment.function.candidate_gradient is None
    assert "∂f/∂b is still missing." in said_in(page.fields)
    assert ui.sentences() == []


def test_what_is_refused_keeps_the_last_that_was_good(ui, page):
    enter(ui, page, SLIP)
    enter(ui, page, ("b*x*(1 - q)", SLIP[1]))
    (sentence,) = ui.sentences()
    assert sentence.startswith("∂f/∂a: unknown name 'q' at column 10")
    assert fields(page)[0].property("invalid")
    assert not fields(page)[1].property("invalid")
    assert ui.experiment.function.candidate_gradient == SLIP
    assert marks(page) == ["wrong, out of date", "right, out of date"]
    assert "Of the last valid text:" in said_in(page)
    assert page.evidence.findChild(ErrorPlot).plot.getPlotItem().opacity() < 0.5
    assert not ui.window.map_view._error._marks.isVisible()
    ui.change(start=(1.0, 1.0))  # which is no reason to take the text away
    assert page.fields.texts()[0] == "b*x*(1 - q)"
    enter(ui, page, RIGHT)
    assert ui.sentences() == []
    assert not fields(page)[0].property("invalid")
    assert marks(page) == ["right", "right"]
    assert not says(page, "Of the last valid text")
    assert page.evidence.findChild(ErrorPlot).plot.getPlotItem().opacity() == 1.0


def test_the_first_key_fades_the_verdict(ui, page):
    enter(ui, page, SLIP)
    QTest.keyClicks(fields(page)[1], "+")
    assert marks(page) == ["wrong, out of date", "right, out of date"]
    QTest.keyClick(fields(page)[1], Qt.Key.Key_Backspace)
    assert marks(page) == ["wrong", "right"]
    finish(ui, page)


def test_signs_and_plots_have_the_colours_of_the_theme(ui, page):
    enter(ui, page, SLIP)
    pictures = []
    for theme in ("light", "dark"):
        ui.theming.choose(theme)
        ui.frame()
        plots = page.findChildren(Plot)
        assert plots
        assert {plot.theme for plot in plots} == {ui.theming.theme}
        pictures.append(page.verdicts[0].findChild(VerdictMark).grab().toImage())
    ui.theming.choose("light")
    assert pictures[0] != pictures[1]
    for picture in pictures:  # a sign is there, and no empty ground
        assert len({picture.pixel(x, 8) for x in range(picture.width())}) > 2


def test_a_verdict_is_faded_while_f_cannot_be_read(ui, page):
    enter(ui, page, SLIP)
    lens = ui.window.formula_lens
    lens.choose_view("formula")
    field = lens.page("formula").field
    field.moveCursor(QTextCursor.MoveOperation.End)
    QTest.keyClicks(field, "*")
    lens.choose_view("check")
    assert marks(page) == ["wrong, out of date", "right, out of date"]
    assert "Of the last valid text of f:" in said_in(page)
    lens.choose_view("formula")
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    lens.choose_view("check")
    finish(ui, page)
    assert marks(page) == ["wrong", "right"]
    assert not says(page, "Of the last valid text")


def test_the_start_enters_the_verdict(ui, page):
    ui.show(Experiment(function=FormulaFunction("a^2 + b^2")))
    enter(ui, page, ("2*a + 5*relu(a - 10)", "2*b"))
    assert marks(page) == ["right", "right"]
    ui.change(start=(25.0, 0.0))
    finish(ui, page)
    assert marks(page) == ["wrong", "right"]
    assert "At (25, 0) it gives 125 instead of 50, off by 75" in said(page)[0][1]


def test_a_burst_of_typing_is_one_experiment(ui, page):
    seen = []
    ui.window.store.experiment_changed.connect(seen.append)
    enter(ui, page, RIGHT)
    ui.window.store.experiment_changed.disconnect(seen.append)
    assert len(seen) == 1


def test_clear_empties_both_and_hides_the_path(ui, page):
    enter(ui, page, SLIP)
    path_button(page).click()
    ui.frame()
    button(page, "Clear").click()
    ui.frame()
    assert ui.experiment.function.candidate_gradient is None
    assert page.fields.texts() == ("", "")
    assert not ui.experiment.methods[-1].shown
    assert not any(view.isVisible() for view in page.verdicts)
    assert not ui.window.map_view._error._marks.isVisible()
    ui.theming.choose("dark")
    ui.theming.choose("light")
    assert not ui.window.map_view._error._marks.isVisible()


def test_emptying_both_fields_takes_the_claim_back(ui, page):
    enter(ui, page, SLIP)
    enter(ui, page, ("", ""))
    assert ui.experiment.function.candidate_gradient is None


def test_undo_brings_the_fields_back(ui, page):
    enter(ui, page, SLIP)
    ui.window.history.begin_step()
    enter(ui, page, RIGHT)
    ui.window.commands.undo()
    ui.frame()
    assert page.fields.texts() == SLIP
    ui.window.commands.undo()
    ui.frame()
    assert page.fields.texts() == ("", "")


def test_a_claim_that_the_formula_leaves_behind_stays_in_the_fields(ui, page):
    enter(ui, page, SLIP)
    other = on_formula(ui.experiment, "a^2 + b^2", constants={})
    assert other.function.candidate_gradient is None
    ui.show(other)
    assert page.fields.texts() == SLIP
    assert "unknown name 'x'" in ui.sentences()[0]
    assert not any(view.isVisible() for view in page.verdicts)
    enter(ui, page, ("2*a", "2*b"))
    assert ui.experiment.function.candidate_gradient == ("2*a", "2*b")
    assert marks(page) == ["right", "right"]


def test_what_was_for_another_formula_is_checked_when_asked_for(ui, page):
    enter(ui, page, SLIP)
    ui.show(on_formula(ui.experiment, "a^2 + b^2", constants={}))
    ui.show(Experiment(function=FormulaFunction("a*b*x", constants={"x": 2.0})))
    assert page.fields.texts() == SLIP
    assert says(page.fields, "press Enter")
    QTest.keyClick(fields(page)[0], Qt.Key.Key_Return)
    finish(ui, page)
    assert ui.experiment.function.candidate_gradient == SLIP


def test_another_surface_begins_anew(ui, page):
    enter(ui, page, SLIP)
    ui.show(on_surface(ui.experiment, SURFACES["himmelblau"]))
    assert page.fields.texts() == ("", "")
    assert ui.sentences() == []


def test_what_was_typed_is_not_lost_with_the_page(ui, page):
    for field, text in zip(fields(page), RIGHT, strict=True):
        field.setFocus()
        QTest.keyClicks(field, text)
    ui.window.open_lens("Run")
    ui.frame()
    assert ui.experiment.function.candidate_gradient == RIGHT


# -- the work


def test_results_for_an_older_text_are_dropped(ui, page, monkeypatch):
    real, begun, go = gradient_check.check_gradient, threading.Event(), threading.Event()

    def slow(objective, texts, *arguments, **others):
        if texts == SLIP:
            begun.set()
            go.wait(60)
        return real(objective, texts, *arguments, **others)

    monkeypatch.setattr(gradient_check, "check_gradient", slow)
    ui.window.store.change(candidate_gradient=SLIP)
    ui.qtbot.waitUntil(begun.is_set)
    assert says(page, "Checking …")
    ui.window.store.change(candidate_gradient=RIGHT)
    shown = []
    page._task.changed.connect(lambda: shown.append(page._task.check))
    go.set()
    finish(ui, page)
    assert marks(page) == ["right", "right"]
    assert {check.right for check in shown if check is not None} == {True}
    assert not says(page, "Checking")


def test_the_verdict_does_not_wait_for_what_remains(ui, page, monkeypatch):
    go = threading.Event()

    def slow(_claim, components, _seconds, cancelled, *_):
        while not go.wait(0.01) and not cancelled():
            pass
        return [Remainder("b", "b") for _ in components]

    monkeypatch.setattr(gradient_check, "remainders", slow)
    ui.window.store.change(candidate_gradient=SLIP)
    ui.qtbot.waitUntil(lambda: page._task.check is not None)
    assert marks(page) == ["wrong", "right"]
    assert says(page, "Working out what remains …")
    go.set()
    finish(ui, page)
    assert remainder(page, 0).accessibleName() == "b"


def test_a_closed_page_computes_nothing(ui, page, monkeypatch):
    asked = []
    monkeypatch.setattr(gradient_check, "check_gradient", lambda *_a, **_k: asked.append(1))
    ui.window.open_lens("Run")
    ui.window.store.change(candidate_gradient=SLIP)
    ui.settle()
    ui.qtbot.wait(200)
    assert not asked
    assert not page._task.is_running()
    assert not ui.window.map_view._error._marks.isVisible()


def test_a_failure_is_said(ui, page, monkeypatch):
    def broken(*_arguments, **_others):
        raise RuntimeError("of all things")

    monkeypatch.setattr(gradient_check, "check_gradient", broken)
    ui.window.store.change(candidate_gradient=SLIP)
    finish(ui, page)
    assert "The check failed: of all things. See Help ▸ Open Log." in said_in(page)


def test_close_while_busy(open_window, monkeypatch):
    begun = threading.Event()

    def endless(_claim, _components, _seconds, cancelled, *_):
        begun.set()
        while not cancelled():
            time.sleep(0.005)
        return []

    monkeypatch.setattr(gradient_check, "remainders", endless)
    driver = open_window(Experiment(function=SurfaceFunction(candidate_gradient=SLIP)))
    driver.window.open_lens("Formula", "check")
    driver.qtbot.waitUntil(begun.is_set)
    driver.window.close()
    assert not driver.window.formula_lens.page("check")._task.is_running()


# -- the evidence


def test_the_error_lies_on_the_map_when_asked_for(ui, page):
    enter(ui, page, SLIP)
    overlay = ui.window.map_view._error
    assert overlay._marks.isVisible()
    assert not overlay.covers_map()
    button(page.evidence, "on the map").click()
    assert overlay.covers_map()
    drawing = page.evidence.drawing()
    assert drawing.range == ui.experiment.map_range
    ((a, b, word),) = drawing.marks
    assert (a, b, word) == (6.0, 5.0, "∂a")
    pixels = drawing.pixels.astype(int).sum(axis=2)
    along_a = np.abs(np.linspace(-6, 6, pixels.shape[1]) - 1.0)
    assert pixels[-1, along_a.argmin()] < pixels[-1, -1]  # there it is right, here worst
    exported = ui.window.commands._frame(ui.scene).error
    assert (exported.marks, exported.about) == (drawing.marks, "‖yours − ∇f‖")
    assert exported.scale.high == pytest.approx(np.nanmax(page.evidence._check.error))
    ui.window.open_lens("Run")
    assert not overlay.covers_map()
    assert not overlay._marks.isVisible()
    assert ui.window.commands._frame(ui.scene).error is None
    ui.window.open_lens("Formula")
    button(page.evidence, "on the map").click()


def test_the_sweep_levels_off_at_the_error(ui, page):
    enter(ui, page, SLIP)
    look_at(page, 1)
    (_, true), (_, yours) = page.evidence.findChild(SweepPlot).curves()
    assert np.nanmin(true) < -9
    assert np.nanmin(yours) == pytest.approx(np.log10(24.88), abs=0.05)
    assert says(page.evidence, "within 25 of yours")


def test_the_remainder_has_slope_1_with_a_wrong_one_and_2_with_a_right_one(ui, page):
    enter(ui, page, SLIP)
    look_at(page, 2)
    assert says(page.evidence, "yours has slope 1.00, the true one slope 2.00")
    enter(ui, page, RIGHT)
    assert says(page.evidence, "yours has slope 2.00, the true one slope 2.00")
    choice(page.evidence, "Component").activated.emit(1)  # f is straight along b
    assert says(page.evidence, "only rounding")


# -- the path


def test_its_path_is_drawn(ui, page):
    enter(ui, page, SLIP)
    path_button(page).click()
    ui.settle()
    assert ui.experiment.methods[-1] == Method("yours", color="#D55E00")
    assert ui.scene.runs[-1].label == "yours"
    assert path_button(page).text() == "Its path is drawn"
    assert not path_button(page).isEnabled()
    assert "Your gradient" in ui.window.map_view.legend.text()


def test_a_hidden_path_is_shown_again(ui, page):
    methods = Method("analytic"), Method("yours", shown=False, color="#123456")
    ui.show(Experiment(function=SurfaceFunction(candidate_gradient=SLIP), methods=methods))
    path_button(page).click()
    ui.frame()
    assert ui.experiment.methods == (methods[0], Method("yours", color="#123456"))


def test_there_may_be_too_many_methods(ui, page):
    methods = (Method("analytic"),) * MAX_METHODS
    ui.show(Experiment(function=SurfaceFunction(candidate_gradient=SLIP), methods=methods))
    assert not path_button(page).isEnabled()
    assert "remove one" in path_button(page).toolTip()


def test_the_menu_of_methods_offers_it_once_there_is_one(ui, page):
    box = ui.window.methods_box
    box._open_offers()
    box.offers.hide()
    assert "there is none yet" in box.offers.choice("yours").why_not
    enter(ui, page, SLIP)
    box.add_method("yours")
    ui.settle()
    assert ui.scene.runs[-1].method.estimate == "yours"


def test_the_step_lens_writes_it_out(ui, page):
    ui.show(
        Experiment(
            function=SurfaceFunction(candidate_gradient=SLIP),
            methods=(Method("analytic"), Method("yours")),
            alpha=0.1,
        )
    )
    ui.window.open_lens("Step", "arithmetic")
    ui.window.step_lens.choose_method(1)
    ui.window.timeline.first()
    arithmetic = ui.window.step_lens.page("arithmetic")
    lines = arithmetic._sections[0][1]
    ui.qtbot.waitUntil(lambda: r"\sigma" in lines[0]._latex, timeout=8_000)
    assert r"\partial" not in lines[0]._latex  # it is not ∂f/∂a
    assert lines[1]._latex.endswith("-0.74027")  # ĝ_a at the start, where ∂f/∂a is above 0


def test_the_guide_opens_the_page(ui):
    (action,) = (
        action
        for menu in ui.window.menuBar().actions()
        if menu.text().replace("&", "") == "Experiments"
        for action in menu.menu().actions()
        if action.text() == "A slip in the gradient"
    )
    action.trigger()
    found = ui.window.formula_lens.page("check")
    assert found.isVisible()
    finish(ui, found)
    assert marks(found) == ["wrong", "right"]
    ui.window.banner.hide()
