"""Experiments whose data stays in its own file: what the window asks, and where it looks."""

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from gdviz.experiment import json_file
from gdviz.experiment.change_function import on_data
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import save
from gdviz.files.csv_data import load_data
from gdviz.ui.store.file import File
from gdviz.ui.store.untitled import last_experiment, waiting_experiment
from gdviz.ui.toolkit.settings_file import Settings

ROWS = 2_500


@pytest.fixture
def press(monkeypatch):
    """The buttons that are pressed, one after the other, and what the dialogs said."""

    class Press:
        """Which, and what was said."""

    press = Press()
    press.buttons, press.said = [], []

    def ask(box):
        press.said.append((box.text(), [button.text() for button in box.buttons()]))
        return 0

    def clicked(box):
        wanted = press.buttons[len(press.said) - 1]
        return next(button for button in box.buttons() if button.text() == wanted)

    monkeypatch.setattr(QMessageBox, "exec", ask)
    monkeypatch.setattr(QMessageBox, "clickedButton", clicked)
    return press


@pytest.fixture
def rows(tmp_path, monkeypatch):
    monkeypatch.setattr(json_file, "MAX_DATA", 4_000)
    x = np.random.default_rng(5).normal(3.0, 2.0, ROWS)
    path = tmp_path / "rows.csv"
    np.savetxt(path, np.column_stack([x, 2 * x + 1]), "%.6g", ",", header="x,y", comments="")
    experiment = on_data(Experiment(), load_data(path)[0])
    save(experiment, tmp_path / "e.json")
    return path


def open_path(ui, path):
    ui.window.opening.open_path(path)
    settled(ui)


def begin(ui):
    """Show what the program does as it starts."""
    ui.window.documents.set_file(File())
    ui.show(Experiment())


def settled(ui):
    opening = ui.window.opening
    ui.qtbot.waitUntil(lambda: not opening._task.is_running() and ui.is_settled(), timeout=60_000)


def test_the_file_is_said_and_read_if_the_person_says_so(ui, rows, press):
    before, press.buttons = ui.experiment, ["Don't Open", "Open"]
    open_path(ui, rows.parent / "e.json")
    [(text, buttons)] = press.said
    assert text.startswith(f"The data is in the file {rows} (")
    assert sorted(buttons) == ["Don't Open", "Look for It…", "Open"]
    assert ui.experiment is before
    open_path(ui, rows.parent / "e.json")
    assert ui.experiment.function.data.rows == ROWS
    assert ui.window.documents.file.path == rows.parent / "e.json"
    assert not ui.window.documents.is_modified(ui.experiment)
    assert ui.window.documents.file.is_ours()  # and nothing is read for that
    press.said.clear()
    open_path(ui, rows.parent / "e.json")  # the data is there
    assert press.said == []


def test_a_missing_file_is_looked_for(ui, rows, press, monkeypatch):
    moved = rows.rename(rows.with_name("moved.csv"))
    other = rows.with_name("other.csv")
    other.write_text("x,y\n1,2\n2,3\n3,5\n")
    names = iter([str(other), str(moved)])
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (next(names), ""))
    press.buttons = ["Open", "Look for It…", "Look for It…"]
    open_path(ui, rows.parent / "e.json")
    ui.qtbot.waitUntil(lambda: len(press.said) == 3, timeout=60_000)
    settled(ui)
    assert press.said[1][0] == f"The data is in the file {rows}, which is not there."
    assert "Open" not in press.said[1][1]
    assert press.said[2][0].startswith(f"{other} is not the data any more")
    assert ui.experiment.function.data.rows == ROWS
    assert ui.experiment.function.data.file.path == str(moved)


def test_it_is_there_at_the_next_start(ui, rows, press):
    press.buttons = ["Open"]
    open_path(ui, rows.parent / "e.json")
    shown = ui.experiment
    window, settings = ui.window, ui.window._settings
    window.remember()
    again = Settings(settings.path)
    text = waiting_experiment(again)
    assert str(rows) in text
    assert last_experiment(again) == Experiment()  # until the data is read
    begin(ui)
    window.history._past = []
    window.history.stand_in()
    window.opening.open_last(text)
    settled(ui)
    assert ui.experiment.function == shown.function
    assert not window.history.can_undo()
    assert len(press.said) == 1  # what the person opened is not asked again
    assert not window.opening.is_last_waiting


def test_who_cannot_read_it_now_may_at_the_next_start(ui, rows, press):
    press.buttons = ["Open", "Don't Open"]
    open_path(ui, rows.parent / "e.json")
    window, settings = ui.window, ui.window._settings
    window.remember()
    text = settings.value("experiment")
    rows.unlink()
    begin(ui)
    window.opening.open_last(text)
    ui.qtbot.waitUntil(lambda: len(press.said) == 2, timeout=60_000)
    settled(ui)
    assert press.said[1][0] == f"The data is in the file {rows}, which is not there."
    window.remember()
    assert settings.value("experiment") == text
    ui.show(Experiment(steps=7))  # who goes on with something else keeps that
    window.remember()
    assert settings.value("experiment") != text
