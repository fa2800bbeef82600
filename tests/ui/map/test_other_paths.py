"""Other starts: clicked, drawn at random, drawn on the map, removed, undone."""

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox

from gdviz.experiment.experiment import Method
from gdviz.experiment.function import FormulaFunction
from gdviz.experiment.random_starts import random_starts
from gdviz.experiment.validation import MAX_STARTS
from gdviz.ui.map import other_paths as map_others
from gdviz.ui.window.random_starts_dialog import RandomStartsDialog

SHIFT = Qt.KeyboardModifier.ShiftModifier
POINTS = ((-3.0, 2.0), (0.0, -2.0), (4.0, 1.0))


def shift_click(ui, a, b):
    ui.point_at(a, b)
    QTest.mouseClick(ui.viewport, Qt.MouseButton.LeftButton, SHIFT, ui.pixel(a, b))


def layer(ui):
    return ui.window.map_view._others


def visible_lines(ui):
    return [line for line in layer(ui)._lines if line.isVisible()]


# ---------------------------------------------------------------- how they come and go


def test_a_click_with_shift_adds_a_start_and_leaves_the_other(ui):
    before = ui.experiment.start
    for point in POINTS:
        shift_click(ui, *point)
    ui.settle()
    assert ui.experiment.start == before
    assert np.abs(np.subtract(ui.experiment.more_starts, POINTS)).max() < 0.03
    assert [run.start for run in ui.scene.others[::3]] == list(ui.experiment.more_starts)


def test_one_that_is_added_is_seen_where_they_were_hidden(ui):
    ui.action("show_others").trigger()
    assert not layer(ui)._group.isVisible()
    shift_click(ui, *POINTS[0])
    ui.settle()
    assert ui.experiment.view.others
    assert layer(ui)._group.isVisible()
    assert visible_lines(ui)
    ui.action("undo").trigger()
    assert not ui.experiment.view.others


def test_each_click_is_undone_by_itself(ui):
    for point in POINTS:
        shift_click(ui, *point)
    for left in (2, 1, 0):
        ui.action("undo").trigger()
        assert len(ui.experiment.more_starts) == left
    ui.action("redo").trigger()
    assert len(ui.experiment.more_starts) == 1
    ui.settle()


def test_too_many_are_refused_with_a_sentence(ui):
    ui.change(more_starts=POINTS[:1] * MAX_STARTS, methods=(Method("analytic"),), steps=1)
    shift_click(ui, -1.0, 1.0)
    assert len(ui.experiment.more_starts) == MAX_STARTS
    assert ui.readout() == "There can be at most 100 other starts"


def test_a_click_with_shift_still_picks_where_a_point_is_picked(ui):
    ui.window.right.setCurrentWidget(ui.window.sweep_lens)
    ui.window.map_view.set_picking(True)
    picked = []
    ui.window.map_view.picked.connect(lambda a, b: picked.append((a, b)))
    shift_click(ui, *POINTS[0])
    ui.window.map_view.set_picking(False)
    assert len(picked) == 1
    assert ui.experiment.more_starts == ()


def test_they_are_removed_all_at_once(ui):
    action = ui.action("remove_starts")
    assert not action.isEnabled()
    ui.change(more_starts=POINTS)
    assert action.isEnabled()
    action.trigger()
    ui.settle()
    assert ui.experiment.more_starts == ()
    assert not action.isEnabled()
    assert visible_lines(ui) == []
    assert len(layer(ui)._marks.data) == 0
    ui.action("undo").trigger()
    assert ui.experiment.more_starts == POINTS
    ui.settle()


# ---------------------------------------------------------------- drawn at random


def answer(numbers, button):
    """Fill the dialog that is about to open, and press a button of it."""

    def fill():
        dialog = QApplication.activeModalWidget()
        for field, text in zip((dialog._count, dialog._seed), numbers, strict=True):
            field.selectAll()
            field.insert(text)
            field.editingFinished.emit()  # as when the focus leaves it
        QTest.mouseClick(dialog._buttons.button(button), Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, fill)


def test_random_starts_are_those_of_count_seed_and_visible_map(ui):
    ui.change(range=(-2.0, 2.0, -1.0, 1.0), more_starts=POINTS)
    answer(("7", "3"), QDialogButtonBox.StandardButton.Ok)
    ui.action("draw_starts").trigger()
    ui.settle()
    assert ui.experiment.more_starts == random_starts(ui.experiment.map_range, 7, 3)
    assert len(ui.scene.others) == 7 * 3
    ui.action("undo").trigger()
    assert ui.experiment.more_starts == POINTS
    ui.settle()


def test_a_cancelled_draw_changes_nothing(ui):
    before = ui.experiment
    answer(("7", "3"), QDialogButtonBox.StandardButton.Cancel)
    ui.action("draw_starts").trigger()
    assert ui.experiment is before


def test_the_dialog_refuses_what_cannot_be_drawn(qtbot):
    dialog = RandomStartsDialog()
    qtbot.addWidget(dialog)
    assert dialog.choice() == (20, 0)
    draw = dialog._buttons.button(QDialogButtonBox.StandardButton.Ok)
    dialog.show()
    for field, text in ((dialog._count, "101"), (dialog._count, "1.5"), (dialog._seed, "-1")):
        field.selectAll()
        field.insert(text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.error()
        assert not draw.isEnabled()
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert draw.isEnabled()


# ---------------------------------------------------------------- on the map


def test_a_method_is_one_line_with_gaps(ui):
    ui.change(more_starts=POINTS)
    lines = visible_lines(ui)
    assert len(lines) == 3
    for line, run in zip(lines, ui.scene.runs, strict=True):
        a, b = line.getData()
        paths = [other.path.theta for other in ui.scene.others if other.index == run.index]
        pieces = np.split(np.column_stack([a, b]), np.flatnonzero(np.isnan(a)) + 1)
        assert pieces.pop().size == 0
        for piece, path in zip(pieces, paths, strict=True):
            assert np.array_equal(piece[:-1], path)
        assert line.pen().color().alpha() < 255
        assert line.pen().widthF() < ui.window.map_view._paths._lines.lines[0].pen.widthF()
    assert len(layer(ui)._marks.data) == 3 + 9
    assert "3 other starts" in ui.window.map_view.legend.text()


def test_the_paths_from_the_start_itself_lie_on_top(ui):
    ui.change(more_starts=POINTS)
    assert layer(ui)._group.zValue() < ui.window.map_view._paths._halos.zValue()


def test_a_drag_of_the_start_draws_none_of_them_again(ui, monkeypatch):
    ui.change(more_starts=POINTS)
    drawn = []
    monkeypatch.setattr(map_others, "drawable", lambda *_: drawn.append(1))
    for a in (1.0, 1.1, 1.2):
        ui.window.store.change(start=(a, 4.0))
        ui.frame()
    assert drawn == []


def test_another_colour_or_method_is_drawn(ui):
    ui.change(more_starts=POINTS)
    ui.change(methods=(Method("central", color="#123456"),))
    (line,) = visible_lines(ui)
    assert line.pen().color().name() == "#123456"
    ui.change(methods=(Method("central", color="#654321"),))
    assert line.pen().color().name() == "#654321"


def test_they_can_be_hidden(ui):
    ui.change(more_starts=POINTS)
    ui.action("show_others").trigger()
    assert not layer(ui)._group.isVisible()
    ui.action("show_others").trigger()
    assert layer(ui)._group.isVisible()


def test_without_a_shown_method_there_is_nothing_to_draw(ui):
    ui.change(more_starts=POINTS, methods=(Method("forward", shown=False),))
    assert visible_lines(ui) == []
    assert len(layer(ui)._marks.data) == 0
    assert "other start" not in ui.window.map_view.legend.text()


def test_hovering_is_for_the_paths_from_the_start_itself(ui):
    ui.change(more_starts=((-4.0, -3.0),))
    ui.point_at(-4.0, -3.0)
    assert not ui.window.map_view.hovered.card.isVisible()
    ui.point_at(*ui.scene.runs[0].path.theta[10])
    assert ui.window.map_view.hovered.card.isVisible()


def test_paths_to_infinity_are_drawn_without_a_word(ui):
    ui.change(
        function=FormulaFunction("exp(a*a) + b"), more_starts=((2.0, 2.0), (1.0, 1.0)), alpha=1e6,
        methods=(Method("analytic"),),
    )  # fmt: skip
    assert ui.window.map_view.plot.grab().width() > 300
    for coordinates in visible_lines(ui)[0].getData():
        assert np.abs(coordinates[np.isfinite(coordinates)]).max() < 1e4


def test_more_than_a_frame_holds_is_thinned_beside_it(ui, monkeypatch):
    monkeypatch.setattr(map_others, "_AT_ONCE", 100)
    ui.change(more_starts=POINTS, steps=400, alpha=0.01, methods=(Method("analytic"),))
    ui.qtbot.waitUntil(lambda: len(visible_lines(ui)) == 1)
    (line,) = visible_lines(ui)
    x, y = line.getData()
    paths = [run.path.theta for run in ui.scene.others]
    assert len(x) < sum(map(len, paths)) / 5
    ends = np.flatnonzero(np.isnan(x))
    assert [(x[i - 1], y[i - 1]) for i in ends] == [tuple(path[-1]) for path in paths]
    ui.change(more_starts=())
    assert not visible_lines(ui)


def test_samples_are_thin_and_their_mean_is_over_all_paths(ui):
    ui.change(methods=(Method("analytic"), Method("spsa")), samples=6, steps=5)
    paths = layer(ui)
    assert len(ui.scene.samples) == 6
    (mean,) = (line for line in paths._means if line.isVisible())
    ((_, points),) = ui.scene.means()
    assert mean.getData()[0] == pytest.approx(points[:, 0])
    paths.set_visible(False)
    assert not mean.isVisible()
    paths.set_visible(True)
    ui.change(samples=0)
    assert not any(line.isVisible() for line in paths._means)
