"""The library's file is read and written beside the window, one thing after the other."""

import threading

import pytest

from gdviz.experiment.change_function import on_formula
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.library import Entry, Library


@pytest.fixture
def threads(monkeypatch):
    """The threads that read a library."""
    threads, read = [], Library.read

    def noted(self):
        threads.append(threading.current_thread())
        return read(self)

    monkeypatch.setattr(Library, "read", noted)
    return threads


def kept(ui):
    return [entry.title for entry in Library(ui.window.library._library.path).read()]


def test_the_windows_thread_reads_no_library(open_window, settings, threads, tmp_path):
    Library(tmp_path / "formulas.json").save(Entry.of(Experiment(), "Mine"))
    del threads[:]
    ui = open_window()
    library = ui.window.library
    ui.settle()
    assert library.titles == ("Mine",)
    for act in (library.refresh, lambda: library.open("Mine"), lambda: library.save("Other")):
        act()
        assert library.is_busy()
        ui.settle()
    assert library.titles == ("Mine", "Other")
    assert threads
    assert threading.main_thread() not in threads


def test_what_was_asked_for_is_done_where_the_window_closes_at_once(open_window):
    ui = open_window()
    ui.window.library.refresh()
    for title in ("One", "Two"):
        ui.window.library.save(title)
    ui.window.close()
    assert kept(ui) == ["One", "Two"]


def test_what_came_meanwhile_does_not_get_the_title(open_window):
    ui = open_window()
    ui.settle()
    other = on_formula(Experiment(), "a^2 + 3*b^2")
    ui.window.library.save("Unit")
    ui.window.store.set_experiment(other)
    ui.settle()
    assert kept(ui) == ["Unit"]
    assert ui.experiment.function == other.function


def test_a_formula_gets_its_title_also_where_its_range_is_guessed_meanwhile(open_window):
    ui = open_window(on_formula(Experiment(), "a^2 + 3*b^2"))
    ui.settle()
    ui.window.library.save("Bowl")
    assert ui.window.store.change(home=(-2.0, 2.0, -3.0, 3.0), range=None)
    ui.settle()
    assert ui.experiment.function.title == "Bowl"
    assert ui.experiment.function.home == (-2.0, 2.0, -3.0, 3.0)
