"""The window's size, by screen, and on screens that have no room for all of it."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from gdviz.ui.window import settings as window_settings
from gdviz.ui.window.settings import (
    ScreenWatch,
    fit_to_screen,
    geometry_values,
    restore_window,
    screen_name,
)


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


def resized(window, size, settings, screen, monkeypatch):
    """Let a window be left with a size on a screen."""
    monkeypatch.setattr(window_settings, "screen_name", lambda _screen: screen)
    window.resize(*size)
    settings.write(geometry_values(window))


def test_each_screen_keeps_the_size_that_was_chosen_on_it(window, settings, monkeypatch):
    resized(window, (700, 500), settings, "laptop", monkeypatch)
    resized(window, (600, 400), settings, "projector", monkeypatch)
    for name, size in (("laptop", (700, 500)), ("projector", (600, 400))):
        monkeypatch.setattr(window_settings, "screen_name", lambda _screen, name=name: name)
        restore_window(settings, window, {})
        assert window.size().toTuple() == size
    # A screen that nobody has used leaves the window as it is.
    monkeypatch.setattr(window_settings, "screen_name", lambda _screen: "another")
    window.resize(640, 480)
    restore_window(settings, window, {})
    assert window.size().toTuple() == (640, 480)


def test_a_window_is_as_large_as_a_screen_at_most_and_as_chosen_where_there_is_room(
    window, monkeypatch
):
    monkeypatch.setattr(window_settings, "SMALLEST", QSize(300, 300))
    window.resize(700, 600)
    window.show()
    watch = ScreenWatch(window)
    frame = window.frameSize() - window.size()

    def moved_to(width, height):
        room = QSize(width, height)
        fake = SimpleNamespace(availableSize=lambda: room)
        monkeypatch.setattr(window_settings, "screen_of", lambda _window: fake)
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
    window.setMinimumSize(window_settings.NARROWEST, 560)  # the offscreen screen has 800 pixels
    right = QAction("right")
    right.setCheckable(True)
    right.setChecked(True)
    fit_to_screen(window, right)
    assert not right.isChecked()
    room = window.screen().availableSize() - window_settings._FRAME
    assert window.minimumWidth() == room.width() < window_settings.NARROWEST
    assert window.minimumHeight() == 560


def test_what_was_chosen_on_a_narrow_screen_stays(window):
    right = QAction("right")
    right.setCheckable(True)
    right.setChecked(True)
    fit_to_screen(window, None)
    assert right.isChecked()
