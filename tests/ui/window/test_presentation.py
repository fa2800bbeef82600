"""Presenting: the map, one panel and large controls, and afterwards the window as it was."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gdviz.ui.window import size_choice


def is_seen(widget):
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


@pytest.fixture
def wide_screen(monkeypatch):
    """Have room for large text: the offscreen platform's screen is 800 × 800."""
    monkeypatch.setattr(size_choice.SizeChoice, "_has_room", lambda _self: True)


@pytest.fixture
def presenting(open_window):
    ui = open_window(size=(1280, 720))
    ui.settle()
    ui.action("present").trigger()
    return ui


def test_nothing_is_seen_but_map_panel_and_controls(presenting):
    window = presenting.window
    assert window.isFullScreen()
    for part in (window.map_view, window.timeline, window.bar, window.run_lens.plots[2]):
        assert is_seen(part)
    for part in (
        window.menuBar(), window.left, window.map_strip, window.right.tabBar(),
        *window.run_lens.plots[:2], window.run_lens.results,
    ):  # fmt: skip
        assert not is_seen(part)
    middle, right = window.places.sizes()[1:]
    assert 0.35 < right / (middle + right) < 0.45


def test_escape_puts_the_window_together_again(open_window, wide_screen):
    ui = open_window(size=(1280, 800))
    ui.settle()
    window = ui.window
    window.right.setCurrentWidget(window.cost_lens)
    font, sizes = QApplication.font().pointSizeF(), window.places.sizes()
    ui.action("present").trigger()
    assert QApplication.font().pointSizeF() == pytest.approx(1.5 * font)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not ui.action("present").isChecked()
    assert not window.isFullScreen()
    assert QApplication.font().pointSizeF() == font
    assert window.right.currentWidget() is window.cost_lens
    for part in (window.menuBar(), window.left, window.map_strip, window.right.tabBar()):
        assert is_seen(part)
    assert not window.bar.isVisible()
    assert window.places.sizes() == pytest.approx(sizes, abs=2)
    window.right.setCurrentWidget(window.run_lens)
    assert all(is_seen(plot) for plot in window.run_lens.plots)


def test_keys_work_while_the_menus_are_hidden(presenting):
    window = presenting.window
    window.map_view.setFocus()
    QTest.keyClick(window, Qt.Key.Key_C)
    assert not presenting.action("show_contours").isChecked()
    QTest.keyClick(window, Qt.Key.Key_C)
    window.timeline.first()
    QTest.keyClick(window, Qt.Key.Key_Period)
    assert window.timeline.step == 1
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert not window.isFullScreen()


def test_the_panel_is_chosen_and_kept(presenting):
    window, bar = presenting.window, presenting.window.bar
    assert bar.panel.currentData() == "Loss"
    for name, seen in (
        ("Evaluations", window.run_lens.plots[0]), ("Results", window.run_lens.results),
        ("Step", window.step_lens), ("Cost", window.cost_lens),
    ):  # fmt: skip
        bar.panel.setCurrentIndex(bar.panel.findData(name))
        bar.panel.activated.emit(bar.panel.currentIndex())
        presenting.qtbot.waitUntil(lambda seen=seen: is_seen(seen))  # once it is laid out
    bar.panel.setCurrentIndex(0)
    bar.panel.activated.emit(0)
    assert not is_seen(window.right)
    presenting.action("present").trigger()
    presenting.action("present").trigger()
    assert bar.panel.currentData() == ""
    assert not is_seen(window.right)


def test_controls_change_the_experiment(presenting):
    bar = presenting.window.bar
    assert [button.isChecked() for button in bar._methods] == [True, True, True, False]
    bar._methods[1].click()
    assert [m.shown for m in presenting.experiment.methods] == [True, False, True, False]
    presenting.settle()
    presenting.type(bar._sliders[0].field, "0.1")
    QTest.keyClick(bar._sliders[0].field, Qt.Key.Key_Return)
    assert presenting.experiment.alpha == 0.1
    presenting.change(epsilon=1e-3)
    assert bar._sliders[1].value() == 1e-3


def test_a_window_that_is_closed_while_it_presents_comes_back_whole(
    open_window, settings, monkeypatch
):
    ui = open_window(size=(980, 700))
    ui.settle()
    before = ui.window.saveGeometry()
    ui.action("present").trigger()
    # A window manager gives the size back later.
    monkeypatch.setattr(ui.window, "setWindowState", lambda _state: None)
    ui.window.close()
    kept = {key: value for key, value in settings.values.items() if key.startswith("geometry/")}
    assert list(kept.values()) == [before]
    again = open_window(size=None)
    assert not again.window.isFullScreen()
    assert again.window.size() == QSize(980, 700)
    assert is_seen(again.window.left)
    assert is_seen(again.window.menuBar())


def test_methods_stand_in_as_many_rows_as_their_titles_need(presenting):
    bar = presenting.window.bar

    def places():
        boxes = bar._methods
        presenting.qtbot.waitUntil(lambda: all(b.width() >= b.sizeHint().width() for b in boxes))
        return [bar._grid.getItemPosition(bar._grid.indexOf(box))[:2] for box in boxes]

    widest = max(box.sizeHint().width() for box in bar._methods)
    gap, margins = bar._grid.spacing(), 2 * 16
    bar.setFixedWidth(4 * widest + 3 * gap + margins)
    assert places() == [(0, 0), (0, 1), (0, 2), (0, 3)]
    bar.setFixedWidth(4 * widest + 3 * gap + margins - 1)
    assert places() == [(0, 0), (0, 1), (1, 0), (1, 1)]  # no row of three, and one of one
    bar.setFixedWidth(widest + margins)
    assert places() == [(0, 0), (1, 0), (2, 0), (3, 0)]


@pytest.mark.parametrize(("width", "text"), [(1000, 1.5), (660, 1.0), (400, 0.8)])
def test_text_is_no_larger_than_the_screen_has_room_for(open_window, monkeypatch, width, text):
    """As 1024 pixels are 655 where fonts, and all with them, are half as large again."""
    screen = SimpleNamespace(availableSize=lambda: QSize(width, 700))
    ui = open_window(size=(980, 700))
    ui.settle()
    monkeypatch.setattr(size_choice, "screen_of", lambda _window: screen)
    window = ui.window
    ui.action("present").trigger()
    assert window.sizes.sizes.text == text
    assert window.minimumSizeHint().width() <= width or text == 0.8
    window.sizes.enlarge_text()
    assert (window.sizes.sizes.text == text) == (width < 1000)
    ui.action("present").trigger()
    assert window.sizes.sizes.text == 1.0
    assert window.places.middle.minimumWidth() >= 300
