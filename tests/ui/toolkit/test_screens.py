"""Windows on screens that have no room for all of them, and what a screen is told by."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from gdviz.ui.toolkit import screens
from gdviz.ui.toolkit.screens import ScreenWatch, fit_to_screen, screen_name


class Screen:
    """A screen as far as its name goes."""

    def __init__(self, name, width, height):
        self._name, self._size = name, QSize(width, height)

    def name(self):
        return self._name

    def size(self):
        return self._size


def test_a_screen_is_told_by_its_name_and_size_in_letters_of_a_key():
    assert screen_name(Screen("HDMI-1", 1024, 768)) == "HDMI-1-1024x768"
    assert screen_name(Screen(r"\\.\DISPLAY1", 1920, 1080)) == "-DISPLAY1-1920x1080"
    assert "/" not in screen_name(Screen("a/b", 1, 1))


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


def test_a_window_is_as_large_as_a_screen_at_most_and_as_chosen_where_there_is_room(
    window, monkeypatch
):
    monkeypatch.setattr(screens, "SMALLEST", QSize(300, 300))
    window.resize(700, 600)
    window.show()
    watch = ScreenWatch(window)
    frame = window.frameSize() - window.size()

    def moved_to(width, height):
        room = QSize(width, height)
        fake = SimpleNamespace(availableSize=lambda: room)
        monkeypatch.setattr(screens, "screen_of", lambda _window: fake)
        watch.fit()
        return window.frameSize().toTuple()

    assert moved_to(640, 480) == (640, 480)
    assert moved_to(1920, 1080) == (700 + frame.width(), 600 + frame.height())
    moved_to(640, 480)
    window.resize(500, 400)  # by the person
    assert moved_to(1920, 1080) == (500 + frame.width(), 400 + frame.height())


def test_a_window_that_fills_its_screen_is_left_to_the_system(window):
    window.show()
    watch = ScreenWatch(window)
    window.setWindowState(Qt.WindowState.WindowFullScreen)
    before = window.size()
    watch.fit()
    assert window.size() == before


def test_a_narrow_screen_has_two_places_at_first_and_no_window_beyond_it(window):
    window.setMinimumSize(screens.NARROWEST, 560)  # the offscreen screen has 800 pixels
    right = QAction("right")
    right.setCheckable(True)
    right.setChecked(True)
    fit_to_screen(window, right)
    assert not right.isChecked()
    room = window.screen().availableSize() - screens._FRAME
    assert window.minimumWidth() == room.width() < screens.NARROWEST
    assert window.minimumHeight() == 560


def test_what_was_chosen_on_a_narrow_screen_stays(window):
    right = QAction("right")
    right.setCheckable(True)
    right.setChecked(True)
    fit_to_screen(window, None)
    assert right.isChecked()
