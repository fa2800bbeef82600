"""The Run lens: three plots that agree with the paths, their choices, crosshair, and the table."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gdviz.base.format import number
from gdviz.engine.analysis.estimate_spread import covariance
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction, SurfaceFunction
from gdviz.scene.captions import method_title
from tests.ui.conftest import HANG, Paints


def choose(plot, index):
    plot.choice.setCurrentIndex(index)
    plot.choice.activated.emit(index)


def drawn(plot, count):
    """Return the values of the first lines as they are drawn."""
    return [y for _, y in plot.curves()[:count]]


def pixel(plot, step):
    box = plot.box
    (_, _), (low, high) = box.viewRange()
    return plot.plot.mapFromScene(box.mapViewToScene(QPointF(step, (low + high) / 2)))


def point_at(plot, step):
    QTest.mouseMove(plot.plot.viewport(), QPoint(3, 3))
    QTest.mouseMove(plot.plot.viewport(), pixel(plot, step))


@pytest.fixture
def plots(ui):
    return ui.window.run_lens.plots


# ---------------------------------------------------------------- what is drawn


def test_evaluations_are_those_counted(ui, plots):
    paths = [run.path for run in ui.scene.runs]
    for values, path in zip(drawn(plots[0], 3), paths, strict=True):
        assert values.tolist() == np.cumsum(path.evaluations[:-1]).tolist()
    assert [values[-1] for values in drawn(plots[0], 3)] == [80, 120, 160]
    choose(plots[0], 1)
    assert [set(values) for values in drawn(plots[0], 3)] == [{2}, {3}, {4}]


@pytest.mark.parametrize(("index", "field"), list(enumerate(["error", "relative_error", "angle"])))
def test_gradient_error_in_its_three_kinds(ui, plots, index, field):
    choose(plots[1], index)
    assert not drawn(plots[1], 1)[0][np.isfinite(drawn(plots[1], 1)[0])].size  # exactly 0
    for values, run in zip(drawn(plots[1], 3)[1:], ui.scene.runs[1:], strict=True):
        assert 10**values == pytest.approx(getattr(run.path, field)[:-1])
    assert plots[1].note.text() == "exactly 0: Analytic"


def test_loss_linear_and_logarithmic(ui, plots):
    for values, run in zip(drawn(plots[2], 3), ui.scene.runs, strict=True):
        assert values.tolist() == run.path.loss.tolist()
    ui.show(on_surface(ui.experiment, SURFACES["rosenbrock"]))
    choose(plots[2], 1)
    for values, run in zip(drawn(plots[2], 3), ui.scene.runs, strict=True):
        assert 10**values == pytest.approx(run.path.loss)


def test_everything_drawn_is_in_view(ui, plots):
    for k in range(3):
        for plot in plots:
            choose(plot, min(k, plot.choice.count() - 1))
            (left, right), (low, high) = plot.box.viewRange()
            for values in drawn(plot, 3):
                finite = values[np.isfinite(values)]
                assert left <= 0 <= len(values) - 1 <= right
                assert (finite >= low).all()
                assert (finite <= high).all()


def test_hidden_methods_leave_no_line_behind(ui, plots):
    ui.change(methods=(Method("central"),))
    for plot in plots:
        assert len(plot.curves()) == 1
    assert ui.window.run_lens.results.rowCount() == 2


def test_colours_are_those_of_the_map(ui, plots):
    ui.change(methods=(Method("central", color="#123456"), Method("forward")))
    for plot in plots:
        assert plot._curves.lines[0].pen.color().name() == "#123456"
        assert plot._curves.lines[1].pen.color().name() == "#e69f00"


# ---------------------------------------------------------------- nothing to draw


def test_without_methods_the_plots_say_so(ui, plots):
    ui.change(methods=(Method("central", shown=False),))
    for plot in plots:
        assert plot._sentence.isVisible()
        assert "No method is shown" in plot._sentence.text()
    assert ui.window.run_lens.results.rowCount() == 0
    ui.change(methods=(Method("central"),))
    assert not any(plot._sentence.isVisible() for plot in plots)


def test_no_positive_value_says_so(ui, plots):
    ui.change(methods=(Method("analytic"),))
    assert plots[1]._sentence.isVisible()
    assert plots[1].note.text() == "exactly 0: Analytic"
    ui.change(start=(1.0, -2.0))
    assert (ui.scene.runs[0].path.loss < 0).all()
    choose(plots[2], 1)
    assert plots[2]._sentence.isVisible()
    assert "positive" in plots[2]._sentence.text()
    choose(plots[2], 0)
    assert not plots[2]._sentence.isVisible()


def test_a_note_that_is_too_long_ends_early_and_covers_nothing(ui, plots):
    note = plots[1].note
    assert not note.is_elided()
    methods = (Method("analytic"), Method("analytic", alpha=0.1), Method("forward"))
    ui.change(methods=(*methods, Method("analytic", rule="l-bfgs")))
    assert note.text() == "exactly 0: Analytic; Analytic, α = 0.1; Analytic, L-BFGS"
    assert note.is_elided()
    assert note._shown().startswith("exactly 0: A")
    assert note._shown().endswith("…")
    assert note.fontMetrics().horizontalAdvance(note._shown()) <= note.width()
    assert note.geometry().right() < plots[1].choice.geometry().left()


def test_a_diverging_loss_is_drawn_without_a_word(ui, plots):
    ui.show(
        Experiment(
            function=FormulaFunction("exp(a*a) + b"),
            start=(2.0, 2.0),
            alpha=1e6,
            methods=(Method("analytic"), Method("forward")),
        )
    )
    for plot in plots:
        for index in range(plot.choice.count()):
            choose(plot, index)
            assert np.isfinite(plot.box.viewRange()).all()
            assert not plot.plot.grab().isNull()


def test_a_path_of_one_point_is_drawn(ui, plots):
    sphere = on_surface(ui.experiment, SURFACES["sphere"])
    ui.show(sphere.replace(start=(0.0, 0.0)))
    assert len(ui.scene.runs[0].path) == 1
    for plot in plots:
        for index in range(plot.choice.count()):
            choose(plot, index)
            point_at(plot, 0)


# ---------------------------------------------------------------- crosshair


def test_the_crosshair_stands_in_all_plots_with_values_under_the_cursor(ui, plots):
    for plot, value in zip(
        plots,
        (
            lambda path: np.cumsum(path.evaluations)[7],
            lambda path: path.error[7],
            lambda path: path.loss[7],
        ),
        strict=True,
    ):
        point_at(plot, 7)
        for other in plots:
            assert other._cross.isVisible()
            assert other._cross.value() == 7
            assert other._card.isVisible() == (other is plot)
        assert "step 7" in plot._card.text()
        for run in ui.scene.runs:
            expected = f"{method_title(run.method)}: {number(value(run.path), 4)}"
            assert expected in plot._card.text()
    QApplication.sendEvent(plots[2].plot.viewport(), leave())
    assert not any(plot._cross.isVisible() or plot._card.isVisible() for plot in plots)


def leave():
    return QEvent(QEvent.Type.Leave)


def test_the_crosshair_says_which_paths_have_ended(ui, plots):
    sphere = on_surface(ui.experiment, SURFACES["sphere"])
    methods = Method("analytic"), Method("central", alpha=1e-3)
    ui.show(sphere.replace(steps=400, alpha=0.3, methods=methods))
    ended = len(ui.scene.runs[0].path)
    assert ended < len(ui.scene.runs[1].path)
    point_at(plots[2], ended + 20)
    assert "Analytic: ended" in plots[2]._card.text()
    assert plots[2]._card.text().count("ended") == 1


def test_the_crosshair_never_leaves_the_paths(ui, plots):
    ui.change(steps=200)
    (_, right), _ = plots[2].box.viewRange()
    point_at(plots[2], right)
    assert right > 98.6  # so that it would round to a step that there is not
    assert plots[2]._cross.value() == max(len(run.path) for run in ui.scene.runs) - 1
    assert plots[2]._card.text().count("ended") < len(ui.scene.runs)


def test_the_card_of_twelve_methods_is_not_cut_off(ui, plots):
    ui.change(methods=12 * (Method("forward"),))
    point_at(plots[0], 20)
    card = plots[0]._card
    assert card.visibleRegion().boundingRect() == card.rect()
    assert card.height() > plots[0].plot.height()


def test_cards_stay_inside_the_window(ui, plots):
    for step in (0, 20, 40):
        point_at(plots[0], step)
        card = plots[0]._card
        assert ui.window.rect().contains(card.geometry())


# ---------------------------------------------------------------- the table


def test_the_table_says_what_the_paths_say(ui):
    table = ui.window.run_lens.results
    for experiment in (
        ui.experiment,
        on_surface(ui.experiment, SURFACES["himmelblau"]),
        ui.experiment.replace(start=(-4.0, -3.0), alpha=5.0),
    ):
        ui.show(experiment)
        assert table.rowCount() == 2 * len(ui.scene.runs)
        for index, run in enumerate(ui.scene.runs):
            path = run.path
            texts = [table.item(2 * index, column).text() for column in range(4)]
            assert method_title(run.method) in (texts[0], table.item(2 * index, 0).toolTip())
            assert texts[1] == f"{int(path.evaluations.sum()):,}"
            for text, value in zip(
                texts[2:], (path.loss[-1], np.hypot(*path.exact_gradient[-1])), strict=True
            ):
                assert text in {number(float(value), digits) for digits in (2, 3, 4)}
            sentence = table.item(2 * index + 1, 0).text()
            assert sentence.lower() == path.sentence.lower()
            assert table.item(2 * index + 1, 0).toolTip().replace("\n", " ") == sentence


def test_the_table_tells_methods_apart_that_differ_in_their_own_values_alone(ui):
    methods = (Method("forward"), Method("forward", epsilon=1e-15), Method("analytic", rule="adam"))
    ui.show(ui.experiment.replace(methods=methods))
    table = ui.window.run_lens.results
    assert [table.item(row, 0).text() for row in (0, 2, 4)] == [
        *("Forward difference", "Forward difference", "Analytic, Adam")
    ]
    assert table.item(2, 0).toolTip() == "Forward difference, ε = 10⁻¹⁵"
    assert table.item(3, 0).text().startswith("ε = 10⁻¹⁵. Reached the limit")
    assert table.item(1, 0).text().startswith("Reached the limit")


def test_a_drag_paints_of_the_table_what_it_changes_and_nothing_below_it(ui):
    lens, table = ui.window.run_lens, ui.window.run_lens.results
    view = table.viewport()
    with Paints(view) as cells, Paints(lens) as ground:
        ui.change(start=(2.1, 2.9))
        ui.qtbot.waitUntil(lambda: cells.touch(table.visualItemRect(table.item(0, 2))))
    assert not any(cells.touch(table.visualItemRect(table.item(0, column))) for column in (0, 1))
    assert not ground.touch(QRect(view.mapTo(lens, QPoint(0, 0)), view.size()))
    ui.show(ui.experiment.replace(methods=(Method("central"),)))
    assert table.item(0, 0).toolTip() == "Central difference"


def test_the_table_follows_a_drag_once_it_rests(ui, monkeypatch):
    lens, cell = ui.window.run_lens, ui.window.run_lens.results.item(0, 2)
    reading = lens._reading
    monkeypatch.setattr(reading, "_pause", np.inf)  # as if no time went by
    rest, usual = reading._rest, reading._rest.interval()
    rest.setInterval(HANG)  # else a slow machine's frame is longer than the pause
    before = cell.text()
    ui.window.store.change(start=(2.1, 2.9))
    ui.frame()
    loss = ui.scene.runs[0].path.loss
    assert drawn(lens.plots[2], 1)[0].tolist() == loss.tolist()
    assert cell.text() == before
    rest.setInterval(usual)  # of one that waits as well
    ui.settle()
    assert cell.text() == number(float(loss[-1]), 4) != before


def test_the_table_has_the_ground_of_its_theme(ui):
    table = ui.window.run_lens.results
    for choice in ("dark", "light"):
        ui.theming.choose(choice)
        below = table.viewport().height() - 2  # under all rows
        color = table.viewport().grab().toImage().pixelColor(3, below)
        assert color.name() == ui.theming.theme.panel


def test_z_never_converges_and_the_table_says_why(ui):
    table = ui.window.run_lens.results
    assert "has no minimum" in table.item(1, 0).text()
    assert "onverged" not in table.item(1, 0).text()


def test_nothing_can_be_dragged_or_zoomed_by_accident(ui, plots):
    from tests.ui.conftest import wheel

    before = plots[0].box.viewRange()
    wheel(plots[0].plot.viewport(), pixel(plots[0], 10), 3)
    wheel(plots[0].plot.viewport(), QPoint(20, 40), 3)  # over the axis
    assert plots[0].box.viewRange() == before


def test_a_name_that_is_too_long_loses_what_it_can_do_without(ui):
    ui.show(Experiment(methods=(Method("forward"), Method("analytic", "nelder-mead"))))
    table = ui.window.run_lens.results
    names = [table.item(row, 0).text() for row in (0, 2)]
    assert names[1] == "Nelder–Mead"
    usual, long = table.columnWidth(1), table.fontMetrics().horizontalAdvance("Forward difference")
    for spare, name in ((30, "Forward difference"), (10, "Forward")):  # beside the icon
        table.setColumnWidth(1, usual + table.columnWidth(0) - long - spare)
        ui.qtbot.waitUntil(lambda width=long + spare: table.columnWidth(0) == width)
        assert table.item(0, 0).text() == name
        table.setColumnWidth(1, usual)


def test_a_name_is_whole_from_the_first_where_there_is_room(open_window):
    ui = open_window(size=(1700, 980))
    ui.settle()
    table = ui.window.run_lens.results
    assert table.columnWidth(0) > 200
    assert table.item(2, 0).text() == "Forward difference"


# ---------------------------------------------------------------- estimates that draw


def test_the_error_of_draws_has_their_deviation_in_theory_beside_it(ui, plots):
    methods = Method("spsa"), Method("gaussian"), Method("central")
    ui.show(Experiment(methods=methods, epsilon=1e-4, alpha=0.01))
    choose(plots[1], 0)
    lines = plots[1].curves()
    assert len(lines) == 5  # three runs, and two that draw
    for line, run, times in zip(lines[3:], ui.scene.runs, (1.0, 3.0), strict=False):
        exact = run.path.exact_gradient[: run.path.gradients_taken]
        np.testing.assert_allclose(10 ** line[1], np.sqrt(times) * np.hypot(*exact.T))
    choose(plots[1], 1)
    assert 10 ** plots[1].curves()[4][1] == pytest.approx(np.sqrt(3.0))
    choose(plots[1], 2)  # the angle's is not known
    assert len(plots[1].curves()) == 3
    choose(plots[1], 0)
    assert "1,000 draws here: bias " in plots[1].about(ui.scene.runs[0], 3)
    assert plots[1].about(ui.scene.runs[2], 3) == ""


def test_a_mini_batch_has_it_too(ui, plots):
    function = SurfaceFunction("logistic-regression")
    ui.show(Experiment(function=function, methods=(Method("mini-batch"),), alpha=0.01))
    choose(plots[1], 0)
    (run,) = ui.scene.runs
    _, theory = plots[1].curves()
    settings, objective = run.settings, ui.scene.objective
    for step in (0, 7, 20):
        expected = np.trace(covariance(objective, settings, tuple(run.path.theta[step])))
        assert 10 ** (2 * theory[1][step]) == pytest.approx(expected)
