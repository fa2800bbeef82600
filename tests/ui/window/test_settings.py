"""The window's size, by screen."""

import pytest
from PySide6.QtWidgets import QMainWindow

from gdviz.ui.window import settings as window_settings
from gdviz.ui.window.settings import geometry_values, restore_window


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
