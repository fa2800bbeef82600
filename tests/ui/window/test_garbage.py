"""Garbage is collected by the GUI thread, and by it alone, as long as there is a window."""

import gc
import subprocess
import sys
import threading
import weakref

import pytest
import shiboken6
from PySide6.QtCore import QObject

from gdviz.ui.window.garbage import GarbageCollector


class Ring:
    """What only the collector can free."""

    def __init__(self):
        self.me = self


@pytest.fixture
def window(qapp, monkeypatch):
    """What stands for a window, the only one."""
    monkeypatch.setattr(GarbageCollector, "_windows", 0)
    was_enabled = gc.isenabled()
    gc.unfreeze()  # what the run of the tests has set aside
    window = QObject()
    yield window
    if shiboken6.isValid(window):
        shiboken6.delete(window)
    gc.enable() if was_enabled else gc.disable()
    gc.freeze()


def test_collected_in_the_gui_thread_and_nowhere_else(qtbot, window):
    GarbageCollector(window)
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)  # all that was there is set aside
    freed_in, kept = [], []

    def leave_garbage():
        for _ in range(50):
            ring = Ring()
            weakref.finalize(ring, lambda: freed_in.append(threading.get_ident()))
        kept.extend([] for _ in range(100_000))  # far beyond the youngest's threshold

    worker = threading.Thread(target=leave_garbage)
    worker.start()
    worker.join()
    assert freed_in == []
    qtbot.waitUntil(lambda: len(freed_in) == 50, timeout=5000)
    assert set(freed_in) == {threading.get_ident()}


def test_what_is_imported_is_set_aside_and_not_looked_through(window, monkeypatch):
    looked = []
    monkeypatch.setattr(gc, "collect", looked.append)
    collector = GarbageCollector(window)
    collector.collect_if_due()
    before = gc.get_freeze_count()
    assert before > 10_000  # Qt, NumPy, pytest and so on
    assert looked == []

    kept = [[] for _ in range(5_000)]
    for i in range(99):
        monkeypatch.setitem(sys.modules, f"few.{i}", None)
    collector.collect_if_due()
    assert gc.get_freeze_count() <= before
    assert looked == [0]

    monkeypatch.setitem(sys.modules, "many", None)
    collector.collect_if_due()
    assert gc.get_freeze_count() >= before + len(kept)
    assert looked == [0]


def test_what_another_program_has_set_aside_stays_its_own(window):
    gc.freeze()
    collector = GarbageCollector(window)
    before = gc.get_freeze_count()
    kept = [[] for _ in range(5_000)]
    collector.collect_if_due()
    assert gc.get_freeze_count() < before + len(kept)
    shiboken6.delete(window)
    assert gc.get_freeze_count() > 0


def test_python_collects_again_after_the_last_window(window):
    gc.enable()
    other = QObject()
    for each in (window, other):
        GarbageCollector(each)
    assert not gc.isenabled()
    shiboken6.delete(window)
    assert not gc.isenabled()
    shiboken6.delete(other)
    assert gc.isenabled()


def test_who_had_switched_it_off_finds_it_so(window):
    gc.disable()
    GarbageCollector(window)
    shiboken6.delete(window)
    assert not gc.isenabled()


EMBEDDED = """
import gc, tempfile
from pathlib import Path
from PySide6.QtWidgets import QApplication
import shiboken6
from gdviz.experiment.experiment import Experiment
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.window.main_window import MainWindow
from gdviz.ui.window.theme_choice import ThemeChoice

app = QApplication([])
with tempfile.TemporaryDirectory() as folder:
    settings = Settings(Path(folder, "settings.ini"))
    window = MainWindow(Experiment(), settings, ThemeChoice(app, settings))
    window.show()
    print(gc.isenabled())
    window.close()
    print(gc.isenabled())
    shiboken6.delete(window)
    print(gc.isenabled())
"""


def test_a_window_in_another_program_has_it(qapp):
    done = subprocess.run(
        [sys.executable, "-c", EMBEDDED], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["False", "False", "True"]
