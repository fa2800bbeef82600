"""The Sweep lens: the engine's numbers at the start or a picked point, and α from end to end."""

from itertools import count
from threading import Event
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gdviz.base.format import number
from gdviz.engine.descent.path import Status
from gdviz.engine.objectives.surfaces import find_surface
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.experiment.guided.guides import guides
from gdviz.scene import alpha_sweep
from gdviz.scene.epsilon_sweep import sweep_experiment
from gdviz.scene.status_marks import STATUS_MARKS
from gdviz.ui.lenses.sweep import alpha
from gdviz.ui.lenses.sweep.status_strip import StatusRow, StatusStrip

SPHERE = Experiment(
    function=FormulaFunction("a^2 + b^2"),
    start=(1.0, 0.5),
    alpha=0.1,
    epsilon=1e-6,
    methods=(Method("analytic"), Method("forward", epsilon=1e-2), Method("central", alpha=0.02)),
)


@pytest.fixture
def lens(ui):
    """The lens, open, its ε view in front, and as it was afterwards."""
    window = ui.window
    window.right.setCurrentWidget(window.sweep_lens)
    window.sweep_lens.choose_view("epsilon")
    ui.frame()
    yield window.sweep_lens
    window.sweep_lens.choose_view("epsilon")
    page = window.sweep_lens.page("epsilon")
    page.cancel()
    page._where.setCurrentIndex(0)
    page._picked = None
    for box in (page._all, page._both):
        box.setChecked(False)
    window.right.setCurrentIndex(0)


def swept(ui, lens, experiment=None):
    """Show an experiment in the α view, and wait until it is swept."""
    lens.choose_view("alpha")
    if experiment is not None:
        ui.show(experiment)
    view = lens.page("alpha")
    ui.qtbot.waitUntil(
        lambda: (
            view._result is not None
            and bool(view._result.bound.sentence)
            and not view._task.is_running()
        ),
        timeout=8_000,
    )
    return view


# -- ε


def test_it_draws_the_engines_errors_and_takes_the_best(ui, lens):
    ui.show(Experiment(start=(0.7, 1.3)))
    view = lens.page("epsilon")
    ui.qtbot.waitUntil(lambda: view._sweep.at == (0.7, 1.3))
    expected = sweep_experiment(ui.experiment, ui.scene.objective, (0.7, 1.3))
    curve = next(
        c for c in view._sweep.curves if (c.estimate, c.precision) == ("forward", "float64")
    )
    np.testing.assert_array_equal(curve.error, expected.curves[0].error)
    view._estimate.setCurrentIndex(view._estimate.findData("forward"))
    ui.qtbot.mouseClick(view._take, Qt.MouseButton.LeftButton)
    # What is taken is what was marked, and written on the command line too.
    marked, _ = view._best.getData()
    assert np.log10(ui.experiment.epsilon) in marked
    assert ui.experiment.epsilon == view._sweep.epsilon[curve.best]
    assert number(ui.experiment.epsilon, 3) in view._plot.legend.text()
    view._plot._handle.setPos(-3.0)
    assert ui.experiment.epsilon == 1e-3


def test_while_the_start_moves_some_sweeps_are_left_out_but_never_the_last(ui, lens, monkeypatch):
    view, swept = lens.page("epsilon"), []
    ui.qtbot.waitUntil(lambda: not view._sweeping._rest.isActive())
    clock = (1e9 + 0.01 * k for k in count())  # a hundredth of a second whenever it is looked at
    now = SimpleNamespace(monotonic=lambda: next(clock))
    monkeypatch.setattr("gdviz.ui.tasks.throttle.time", now)
    draw = view._draw
    monkeypatch.setattr(view, "_draw", lambda: (swept.append(view._sweep.at), draw()))
    starts = [(0.1 * k, 1.0) for k in range(20)]
    view._sweeping._rest.blockSignals(True)  # it does not rest, however slow the machine is
    for start in starts:
        ui.window.store.change(start=start)
        ui.frame()
    view._sweeping._rest.blockSignals(False)
    view._sweeping._rest.start()
    ui.qtbot.waitUntil(lambda: view._sweep.at == starts[-1])
    assert swept[0] == starts[0]
    assert len(swept) < len(starts)


def test_curves_of_what_no_method_uses_are_off_until_asked_for(ui, lens):
    view = lens.page("epsilon")
    ui.show(Experiment())
    assert [curve.estimate for curve in view._sweep.curves] == ["forward", "central"]
    assert {curve.precision for curve in view._sweep.curves} == {"float64"}
    ui.qtbot.mouseClick(view._all, Qt.MouseButton.LeftButton)
    ui.qtbot.mouseClick(view._both, Qt.MouseButton.LeftButton)
    ui.qtbot.waitUntil(lambda: view._sweep is not None and len(view._sweep.curves) == 2 * 6)
    # The mistaken shortcut's error grows to 10¹⁶, and may leave the axis.
    assert max(curve.error.max() for curve in view._sweep.curves) > 1e15
    assert view._plot.top < 4
    ui.qtbot.mouseClick(view._all, Qt.MouseButton.LeftButton)
    ui.change(methods=(Method("analytic"),))
    ui.qtbot.waitUntil(lambda: view._sweep is None)
    assert "No ticked method is swept" in view._plot._sentence.text()
    assert not view._take.isEnabled()


def test_the_legend_has_a_line_a_curve_on_a_small_screen(ui, lens):
    view = lens.page("epsilon")
    ui.show(Experiment())
    for box in (view._all, view._both):
        ui.qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    legend = view._plot.legend
    line = legend.fontMetrics().lineSpacing()
    assert legend.heightForWidth(330) < (2 * 5 + 4) * line


def test_no_two_estimates_have_one_colour_even_where_rows_have_them_all(ui, lens):
    view = lens.page("epsilon")
    ui.show(SPHERE.replace(methods=tuple(Method("analytic") for _ in range(8))))
    ui.qtbot.mouseClick(view._all, Qt.MouseButton.LeftButton)
    ui.qtbot.waitUntil(lambda: view._sweep is not None)
    estimates = {curve.estimate for curve in view._sweep.curves}
    drawn = [curve.pen.color().name() for curve in view._plot._curves.lines]
    assert len(set(drawn)) == len(estimates) > 3


def test_a_kink_is_said(ui, lens):
    ui.show(Experiment(function=FormulaFunction("abs(a) + b^2"), start=(0.0, 1.0)))
    ui.qtbot.waitUntil(lens.page("epsilon")._sentence.isVisible)
    assert "jump" in lens.page("epsilon")._sentence.text()


def test_the_next_click_on_the_map_is_the_point(ui, lens):
    view, start = lens.page("epsilon"), ui.experiment.start
    cursor = ui.viewport.cursor().shape()
    ui.qtbot.mouseClick(view._pick, Qt.MouseButton.LeftButton)
    assert ui.viewport.cursor().shape() == Qt.CursorShape.CrossCursor
    ui.click(-1.0, 2.0)
    ui.frame()
    assert ui.experiment.start == start
    assert view._sweep.at == pytest.approx((-1.0, 2.0), abs=0.05)
    assert view._where.currentText().startswith("picked (")
    assert ui.window.map_view._pick.getData()[0] == pytest.approx([view._sweep.at[0]])
    assert ui.viewport.cursor().shape() == cursor
    # The one after that sets the start, and leaves the sweep where it is.
    ui.click(1.0, 1.0)
    ui.frame()
    assert ui.experiment.start == pytest.approx((1.0, 1.0), abs=0.05)
    assert view._sweep.at == pytest.approx((-1.0, 2.0), abs=0.05)


def test_escape_and_a_drag_pick_nothing(ui, lens):
    view = lens.page("epsilon")
    view._pick.setChecked(True)
    pixel = ui.pixel(-3.0, -2.0)
    for _ in ui.drag(pixel, [pixel + QPoint(20 * k, 0) for k in range(1, 4)]):
        ui.qtbot.wait(1)
    ui.settle()
    assert view._picked is None
    assert view._pick.isChecked()
    ui.window.map_view.plot.setFocus()
    QTest.keyClick(ui.window, Qt.Key.Key_Escape)
    assert not view._pick.isChecked()
    ui.click(0.0, 0.0)
    assert ui.experiment.start == pytest.approx((0.0, 0.0), abs=0.05)


def test_the_mark_goes_with_the_view_and_the_point_with_the_function(ui, lens):
    mark = ui.window.map_view._pick
    lens.page("epsilon").pick(1.0, 1.0)
    assert len(mark.data) == 1
    lens.choose_view("alpha")
    assert len(mark.data) == 0
    lens.choose_view("epsilon")
    assert len(mark.data) == 1
    lens.page("epsilon")._pick.setChecked(True)
    ui.window.right.setCurrentIndex(0)
    assert len(mark.data) == 0
    assert not lens.page("epsilon")._pick.isChecked()
    ui.window.right.setCurrentWidget(lens)
    ui.show(on_surface(Experiment(), find_surface("sphere")))
    assert len(mark.data) == 0
    ui.qtbot.waitUntil(lambda: lens.page("epsilon")._sweep.at == ui.experiment.start)


# -- α


def test_it_draws_where_each_method_gets_by_alpha(ui, lens):
    view = swept(ui, lens, SPHERE)
    expected = alpha_sweep.sweep_experiment(SPHERE)
    assert len(view._plot.curves()) == 3
    for (x, y), curve, row in zip(
        view._plot.curves(), expected.curves, view._strip._rows, strict=False
    ):
        np.testing.assert_allclose(x, np.log10(expected.alpha))
        within = y < np.log10(view._axis.high)
        np.testing.assert_allclose(y[within], np.log10(curve.loss)[within])
        assert row.statuses == curve.statuses
    assert view._limit.isVisible()
    assert view._limit.value() == pytest.approx(0.0)  # f'' = 2, so that α < 1
    assert "α < 2/λₘₐₓ = 1" in view._sentence.text()
    for status in {status for curve in expected.curves for status in curve.statuses}:
        assert STATUS_MARKS[status].glyph in view._plot.legend.text()


def test_the_learning_rates_of_now_are_marked_and_dragged(ui, lens):
    view = swept(ui, lens, SPHERE)
    result = view._result
    assert view._plot._handle.value() == pytest.approx(-1.0)
    assert view._shared.getData()[0] == pytest.approx([-1.0, -1.0])
    x, y = view._own.getData()
    assert x == pytest.approx([np.log10(0.02)])
    assert y == pytest.approx([np.log10(ui.scene.runs[2].path.loss[-1])])
    # The curve is no curve of that α.
    (line,) = [line for line in view._plot.legend.text().split("<br>") if "Central" in line]
    assert "</span> Central difference: lowest " in line
    assert line.endswith("; own ◆ 0.02")
    view._plot._handle.setPos(np.log10(0.3))
    ui.settle()
    assert ui.experiment.alpha == 0.3
    assert view._shared.getData()[0] == pytest.approx(np.log10([0.3, 0.3]))
    assert view._own.getData()[0] == pytest.approx([np.log10(0.02)])
    assert view._result is result  # nothing was swept again


def test_the_epsilon_page_says_what_it_leaves_out(ui, lens):
    ui.show(SPHERE.replace(methods=(Method("forward"), Method("spsa"))))
    view = lens.page("epsilon")
    assert view._left_out.text().startswith("Not swept: SPSA (")
    assert "Gaussian" not in view._left_out.text()
    view._all.click()
    assert "Gaussian" in view._left_out.text()
    # Its theory takes fifth derivatives, which are derived beside the window.
    ui.qtbot.waitUntil(lambda: "Richardson" in view._plot.legend.text())
    assert "extrapolated ⁵√(360·eps·|f|/|f⁽⁵⁾|)" not in view._plot.legend.text()  # f is quadratic
    view._all.click()
    ui.show(SPHERE)
    assert not view._left_out.isVisible()


def test_what_matters_is_swept_again_and_what_was_stale_dropped(ui, lens):
    view = swept(ui, lens, SPHERE)
    stale, seen = view._result, []
    view._task.reported.connect(lambda result: seen.append(result.curves[0].loss[0]))
    ui.change(start=(2.0, 1.0))
    ui.qtbot.waitUntil(lambda: view._result is not stale)
    swept(ui, lens)
    assert min(seen) > 4.9  # no part of the sweep before


def test_partial_results_are_drawn_and_cancelled(ui, lens, monkeypatch):
    lens.choose_view("alpha")
    view = lens.page("alpha")
    seen = []
    is_seen, sweep = Event(), alpha.sweep_experiment

    def waiting(*arguments, progress, **options):
        def report(part):
            progress(part)
            is_seen.wait(120.0)  # else all of it may be done before this thread has its turn

        return sweep(*arguments, progress=report, **options)

    def cancel(_):
        if not seen:
            seen.append((len(view._result.alpha), len(view._plot.curves()[0][0])))
            ui.qtbot.mouseClick(view._button, Qt.MouseButton.LeftButton)
            is_seen.set()

    monkeypatch.setattr(alpha, "sweep_experiment", waiting)

    view._task.reported.connect(cancel)
    ui.window.store.set_experiment(SPHERE)
    ui.qtbot.waitUntil(lambda: bool(seen))
    ((rates, drawn),) = seen
    assert 0 < rates < 60
    assert drawn == rates
    ui.qtbot.waitUntil(lambda: not view._task.is_running())
    assert "Cancelled" in view._sentence.text()
    assert view._button.text() == "Sweep again"
    assert not view._progress.isVisible()
    ui.window.store.cancel()


def test_a_rule_without_alpha_is_left_out_and_named(ui, lens):
    view = swept(ui, lens, SPHERE.replace(methods=(Method("analytic"),
                                                   Method("analytic", rule="l-bfgs"))))  # fmt: skip
    assert len(view._result.curves) == 1
    assert "α is not used by L-BFGS" in view._sentence.text()
    lens.choose_view("alpha")
    ui.show(SPHERE.replace(methods=(Method("analytic", rule="l-bfgs"),)))
    ui.qtbot.waitUntil(lambda: view._result is not None and not view._result.curves)
    assert view._sentence.text() == "α is not used by L-BFGS."
    ui.show(SPHERE.replace(methods=(Method("analytic", shown=False),)))
    ui.qtbot.waitUntil(lambda: view._sentence.text().startswith("No method is shown"))


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("formula", "is_log"),
    [("a^2 + b^2", True), ("a + b", False), ("0*a", True), ("log(a)", False), ("sqrt(a)", True)],
)
def test_odd_losses_have_an_axis(ui, lens, formula, is_log):
    view = swept(ui, lens, SPHERE.replace(function=FormulaFunction(formula)))
    assert view._axis.is_log is is_log
    (left, right), (low, high) = view._plot.box.viewRange()
    assert (left, right) == pytest.approx((-6, 1), abs=0.3)
    assert -400 < low < high < 400


def test_closed_it_computes_nothing(ui, lens):
    view = swept(ui, lens, SPHERE)
    ui.change(start=(0.2, 0.2))
    ui.window.right.setCurrentIndex(0)
    ui.change(start=(0.3, 0.3))
    assert view._swept is None
    assert not view._task._pause.isActive()
    ui.window.right.setCurrentWidget(lens)
    view = swept(ui, lens)
    assert view._swept.start == (0.3, 0.3)


def test_the_guide_opens_the_alpha_view(ui, lens):
    index = [guide.title for guide in guides()].index("Too large a rate")
    menu = next(m for m in ui.window.menuBar().actions() if "xperiments" in m.text()).menu()
    ui.window.guides.open_from_menu(menu.actions()[index])
    view = swept(ui, lens)
    assert view.isVisible()
    assert view._limit.value() == pytest.approx(np.log10(0.0019968), abs=1e-4)
    ui.window.banner.hide()


# -- the strip


def test_a_cell_says_what_it_stands_for(qtbot):
    strip = StatusStrip()
    qtbot.addWidget(strip)
    ended = (Status.STEP_LIMIT, Status.ESTIMATE_VANISHED, Status.DIVERGED)
    strip.show_rows(np.array([-2.0, -1.0, 0.0]), (StatusRow("Analytic", "#56B4E9", ended),))
    strip.set_span(10, 210, (-2.0, 0.0))
    strip.resize(220, strip.sizeHint().height())
    strip.show()
    strip.repaint()
    assert strip.text_at(15, 3) == "Analytic, α = 0.01: step limit"
    assert strip.text_at(110, 3) == "Analytic, α = 0.1: ĝ vanished"
    assert strip.text_at(210, 3) == "Analytic, α = 1: diverged"
    assert strip.text_at(5, 3) == ""
    assert strip.text_at(50, 30) == ""


def test_marks_are_told_apart_without_colours():
    shown = {mark.hatch for status, mark in STATUS_MARKS.items() if status is not Status.UNDEFINED}
    assert len(shown) == len(STATUS_MARKS) - 1
    assert set(STATUS_MARKS) == set(Status)
