"""File ▸ Sample a Network…, from the menu to the landscape in the window, and the window's end."""

import os
import sys

import pytest

from gdviz.ui.files.sampling.dialog import SampleDialog
from tests.sampling.sampled import GRID, assert_right, write_code
from tests.ui.hands import button, choose_grid, offered

#: Waits at a cell until it is ended.
WAITS = """
import time

def before(a, b):
    if (a, b) == (1.0, 1.0):
        (HERE / "waits").write_text(str(os.getpid()))
        time.sleep(600)
"""


def sample(ui, monkeypatch, path):
    """Choose the entry of the menu and the file, and begin."""
    window = ui.window
    monkeypatch.setattr(window.opening, "ask_code", lambda: path)
    window.menus[window.commands.sample_network].trigger()
    dialog = window.findChild(SampleDialog)
    ui.qtbot.waitUntil(lambda: "Sample" in offered(dialog))
    choose_grid(dialog, GRID)
    button(dialog, "of my own").click()
    button(dialog, "Sample").click()
    return dialog


@pytest.mark.slow
def test_what_was_sampled_is_descended_on(open_window, tmp_path, monkeypatch):
    ui = open_window()
    dialog = sample(ui, monkeypatch, write_code(tmp_path))
    ui.qtbot.waitUntil(lambda: "Open" in offered(dialog))
    assert_right(tmp_path / "model.h5")
    button(dialog, "Open").click()
    ui.qtbot.waitUntil(lambda: ui.window.store.experiment.function.grid is not None)
    grid = ui.window.store.experiment.function.grid
    assert (grid.source, len(grid.a), len(grid.b)) == ("model.h5", *GRID)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="asks for a process as other systems do")
def test_a_window_that_is_closed_ends_what_it_samples(open_window, tmp_path, monkeypatch):
    ui = open_window()
    (tmp_path / "begun").touch()
    sample(ui, monkeypatch, write_code(tmp_path, WAITS))
    waits = tmp_path / "waits"
    ui.qtbot.waitUntil(lambda: waits.exists() and waits.read_text() != "")
    process = int(waits.read_text())
    os.kill(process, 0)
    ui.window.close()
    ui.qtbot.waitUntil(lambda: is_gone(process))


def is_gone(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False
