"""Text, paths and dots in other sizes, which stay, and which a presentation has its own of."""

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QComboBox, QMenu

from gdviz.experiment.view import View
from gdviz.ui.toolkit import screens
from gdviz.ui.toolkit.sizes import TEXT_SIZES, Sizes
from gdviz.ui.window import size_choice


@pytest.fixture
def wide_screen(monkeypatch):
    """Have room for any text: the offscreen platform's screen is 800 × 800."""
    monkeypatch.setattr(size_choice.SizeChoice, "_has_room", lambda _self: True)


def entry(ui, title, text):
    """Return an entry of a menu within the menu View."""
    (action,) = (a for a in ui.window.findChild(QMenu, "View").actions() if a.text() == title)
    (found,) = (a for a in action.menu().actions() if a.text() == text)
    return found


def test_text_grows_by_keys_in_all_that_is_written(open_window, wide_screen):
    ui = open_window()
    ui.settle()
    window, usual = ui.window, QApplication.font().pointSizeF()
    strip, axis = window.map_strip, window.map_view.plot.getAxis("left")
    alpha = window.descent_box._sliders["alpha"]
    heights = strip._readout.height(), window.step_lens._where.height(), alpha.field.width()
    width = axis.width()
    for _ in range(3):
        window.sizes.enlarge_text()
    assert QApplication.font().pointSizeF() == pytest.approx(1.5 * usual)
    now = strip._readout.height(), window.step_lens._where.height(), alpha.field.width()
    ratios = np.divide(now, heights)
    assert ((ratios > 1.3) & (ratios < 1.7)).all(), ratios
    assert axis.width() >= width
    assert axis.style["tickFont"].pointSizeF() == pytest.approx(1.5 * usual)
    ui.action("shrink_text").trigger()
    assert QApplication.font().pointSizeF() == pytest.approx(1.3 * usual)
    ui.action("reset_text").trigger()
    assert QApplication.font().pointSizeF() == pytest.approx(usual)
    assert (strip._readout.height(), window.step_lens._where.height()) == heights[:2]


def test_what_is_said_beside_a_point_goes_with_the_size_that_it_was_laid_out_in(
    open_window, wide_screen
):
    ui = open_window()
    ui.settle()
    ui.point_at(*ui.scene.runs[1].path.theta[12])
    card = ui.window.map_view.hovered.card
    assert card.isVisible()
    ui.window.sizes.enlarge_text()
    assert not card.isVisible()
    ui.point_at(*ui.scene.runs[1].path.theta[20])
    assert card.size() == card.sizeHint()
    ui.window.sizes.reset_text()


def test_places_have_room_for_what_is_written_in_them(open_window, wide_screen):
    ui = open_window()
    ui.settle()
    places, sizes = ui.window.places, ui.window.sizes
    for text in TEXT_SIZES[TEXT_SIZES.index(1.0) :]:
        assert sizes.sizes.text == text
        ui.settle()
        for box in ui.window.findChildren(QComboBox):  # Qt keeps the width of the smaller text
            assert box.minimumSizeHint().width() == box.sizeHint().width(), box.accessibleName()
        assert places.middle.minimumWidth() >= places.middle.layout().minimumSize().width()
        assert places.right.minimumWidth() >= places.right.minimumSizeHint().width()
        sizes.enlarge_text()
    sizes.reset_text()


def test_a_window_grows_with_its_text_as_far_as_the_screen_goes(open_window, monkeypatch):
    window = open_window().window
    room = QRect(0, 0, 1920, 1080)
    screen = SimpleNamespace(
        availableSize=room.size, availableGeometry=lambda: room, size=room.size
    )
    for module in (screens, size_choice):
        monkeypatch.setattr(module, "screen_of", lambda _window: screen)
    window.setGeometry(600, 50, 1000, 600)
    widths = []
    for _ in TEXT_SIZES:
        QApplication.processEvents()
        widths.append(window.width())
        left, middle, right = (window.places.widget(i).geometry() for i in range(3))
        assert left.right() < middle.left() < middle.right() < right.left()
        assert right.right() < window.width()
        assert room.contains(window.frameGeometry())
        window.sizes.enlarge_text()
    assert widths[0] == 1000 < widths[-1] <= 1920
    assert widths == sorted(widths)
    window.sizes.reset_text()
    assert window.minimumWidth() == screens.NARROWEST
    monkeypatch.undo()


def test_the_keys_are_those_of_every_program(ui):
    keys = {
        name: [key.toString() for key in ui.action(name).shortcuts()]
        for name in ("enlarge_text", "shrink_text", "reset_text")
    }
    assert keys == {
        "enlarge_text": ["Ctrl++", "Ctrl+="], "shrink_text": ["Ctrl+-"], "reset_text": ["Ctrl+0"],
    }  # fmt: skip


def test_text_for_which_the_screen_has_no_room_is_refused_with_a_remedy(open_window, monkeypatch):
    ui = open_window()
    monkeypatch.setattr(size_choice.SizeChoice, "_has_room", lambda _self: False)
    usual = QApplication.font().pointSizeF()
    ui.action("enlarge_text").trigger()
    assert QApplication.font().pointSizeF() == usual
    assert "F11" in ui.readout()
    ui.action("shrink_text").trigger()  # of which that is not true any more
    assert ui.readout().startswith("Click sets the start")


def test_paths_and_dots_have_the_sizes_that_are_chosen(open_window):
    ui = open_window()
    ui.settle()
    paths = ui.window.map_view._paths
    before = [line.pen.widthF() for line in paths._lines.lines]
    entry(ui, "&Path Width", "200%").trigger()
    entry(ui, "Step Dots", "150%").trigger()
    assert [line.pen.widthF() for line in paths._lines.lines] == pytest.approx(
        [2 * width for width in before]
    )
    for halo, line in zip(paths._halos.lines, paths._lines.lines, strict=True):
        assert halo.pen.widthF() > line.pen.widthF()
    assert paths._markers._radii[-1] == pytest.approx(1.5 * 5.5)
    curve = ui.window.run_lens.plots[0]._curves.lines[0]
    assert curve.pen.widthF() == 4.0
    assert entry(ui, "&Path Width", "200%").isChecked()
    assert not entry(ui, "&Path Width", "100%").isChecked()
    assert ui.experiment.view == View(path_width=2.0, step_dots=1.5)
    ui.action("undo").trigger()
    ui.action("undo").trigger()
    assert ui.experiment.view == View()
    assert [line.pen.widthF() for line in paths._lines.lines] == pytest.approx(before)
    assert paths._markers._radii[-1] == pytest.approx(5.5)
    assert entry(ui, "&Path Width", "100%").isChecked()
    assert entry(ui, "Step Dots", "100%").isChecked()
    ui.action("redo").trigger()
    assert entry(ui, "&Path Width", "200%").isChecked()


def test_a_presentation_has_strokes_half_as_large_again_as_the_experiment(open_window, wide_screen):
    ui = open_window()
    ui.window.store.change(view=View(path_width=2.0, step_dots=3.0))
    assert ui.window.sizes.sizes == Sizes(1.0, 2.0, 3.0)
    ui.action("present").trigger()
    assert ui.window.sizes.sizes == Sizes(1.5, 3.0, 4.5)
    ui.action("undo").trigger()
    assert ui.window.sizes.sizes == Sizes(1.5, 1.5, 1.5)
    ui.action("present").trigger()
    assert ui.window.sizes.sizes == Sizes()


def test_the_size_of_text_comes_back_at_the_next_start(open_window, wide_screen):
    ui = open_window()
    usual = QApplication.font().pointSizeF()
    ui.action("enlarge_text").trigger()
    ui.window.close()
    assert QApplication.font().pointSizeF() == usual  # it is the application's
    again = open_window()
    assert again.window.sizes.sizes == Sizes(text=1.15)
    assert QApplication.font().pointSizeF() == pytest.approx(1.15 * usual)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("garbage", ["large", "nan", "-1", "1e9", ["1.5"]], ids=str)
def test_garbage_in_the_settings_changes_no_size(open_window, settings, garbage):
    settings.write({"sizes/window/text": garbage})
    assert open_window().window.sizes.sizes == Sizes()
