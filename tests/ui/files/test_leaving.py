"""What becomes of an experiment that is in no file: what counts as changed, what is asked, kept."""

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QMessageBox, QWidget

from gdviz.engine.objectives.data import Data, DataFile
from gdviz.experiment import json_file
from gdviz.experiment.change_function import on_formula
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import FormulaFunction
from gdviz.experiment.guided.guides import guides
from gdviz.ui.files import leaving
from gdviz.ui.files.save_dialog import ask_about_untitled
from gdviz.ui.store import untitled
from gdviz.ui.store.file import File
from gdviz.ui.store.untitled import Untitled, last_experiment
from gdviz.ui.toolkit.settings_file import Settings

CHANGED = Experiment(alpha=0.125)
OTHER = Experiment(alpha=0.25)


@pytest.fixture
def asked(monkeypatch):
    """The answers to come, and the questions that were asked."""
    answers, questions = [], []

    def answer(_window, place):
        questions.append(place)
        return answers.pop(0)

    monkeypatch.setattr(leaving, "ask_about_untitled", answer)
    return answers, questions


@pytest.fixture
def asking(ui, asked):
    """A window whose person wants to be asked."""
    ui.window.documents.untitled.set_asks(True)
    return ui


def reopened(settings):
    """Return the settings as another launch reads them."""
    return Settings(settings.path)


# ---------------------------------------------------------------- what counts as changed


def drag_the_start(ui):
    ui.click(-3, 2)


@pytest.mark.parametrize(
    "change",
    [
        drag_the_start,
        lambda ui: ui.change(alpha=0.125),
        lambda ui: ui.change(methods=ui.experiment.methods[:2]),
        lambda ui: ui.type(ui.field("ε"), "0.5"),
        lambda ui: ui.show(on_formula(ui.experiment, "a^2 + 3*b^2")),
    ],
)
def test_a_change_is_marked_and_undo_takes_the_mark_back(ui, change):
    assert not ui.window.isWindowModified()
    change(ui)
    ui.settle()
    assert ui.window.isWindowModified()
    ui.action("undo").trigger()
    assert not ui.window.isWindowModified()


def look_around(ui):
    ui.wheel(0, 0, 3)
    for name in ("show_contours", "show_legend", "basins", "equal_units", "fit_to_paths"):
        ui.action(name).trigger()
    ui.settle()
    ui.window.right.setCurrentWidget(ui.window.step_lens)
    ui.window.timeline.set_step(3)
    ui.change(color_scale="log", camera=ui.experiment.camera)


def test_opening_and_looking_is_no_change(ui, asking, asked, tmp_path):
    """Nobody is asked who has tried out what there is."""
    window = ui.window
    look_around(ui)
    assert ui.experiment != Experiment()
    window.commands.choose_surface("rosenbrock")
    look_around(ui)
    window.commands.choose_surface("beale")
    window.guides._open(guides(), 2)
    (tmp_path / "heights.csv").write_text("x,y\n1,2\n2,3\n3,5\n")
    with ui.qtbot.waitSignal(window.opening.data_opened):
        window.opening.open_path(tmp_path / "heights.csv")
    assert ui.experiment.function.data is not None
    ui.action("new").trigger()
    assert ui.experiment == Experiment()
    assert not window.isWindowModified()
    assert asked[1] == []


def test_a_surface_that_is_opened_in_a_changed_experiment_leaves_it_changed(ui):
    ui.change(alpha=0.125)
    ui.window.commands.choose_surface("rosenbrock")
    assert ui.window.isWindowModified()
    ui.action("undo").trigger()
    ui.action("undo").trigger()
    assert not ui.window.isWindowModified()
    ui.window.commands.choose_surface("rosenbrock")
    assert not ui.window.isWindowModified()
    ui.change(steps=7)
    assert ui.window.isWindowModified()


def test_code_that_is_opened_in_a_changed_experiment_is_not_asked_about_and_leaves_it_changed(
    ui, asking, asked, tmp_path
):
    """It is put into the experiment, as a surface is."""
    (tmp_path / "bowl.py").write_text("def loss(a, b):\n    return a**2 + b**2\n")
    for methods, is_changed in (((), False), (ui.experiment.methods[:2], True)):
        ui.action("undo").trigger()
        if methods:
            ui.change(methods=methods)
        with ui.qtbot.waitSignal(ui.window.opening.experiment_opened):
            ui.window.opening.open_path(tmp_path / "bowl.py")
        ui.settle()
        assert ui.window.isWindowModified() == is_changed
    assert asked[1] == []
    ui.window.code.close()


# ---------------------------------------------------------------- New, files and guides


@pytest.mark.parametrize(("answer", "goes_on"), [("discard", True), ("cancel", False)])
def test_new_asks_and_undo_brings_back_what_was_discarded(ui, asking, asked, answer, goes_on):
    ui.change(alpha=0.125)
    asked[0].append((answer, False))
    ui.action("new").trigger()
    assert asked[1] == ["replaced"]
    assert (ui.experiment == Experiment()) == goes_on
    if goes_on:
        assert not ui.window.isWindowModified()
        ui.action("undo").trigger()
    assert ui.experiment == CHANGED
    assert ui.window.isWindowModified()


@pytest.mark.parametrize("name", ["mine.json", ""])
def test_what_is_to_be_saved_first_is_and_without_a_name_the_experiment_stays(
    ui, asking, asked, tmp_path, monkeypatch, name
):
    path = tmp_path / name if name else None
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path) if path else "", ""))
    ui.change(alpha=0.125)
    asked[0].append(("save", False))
    ui.action("new").trigger()
    ui.settle()
    assert (ui.experiment == Experiment()) == bool(path)
    if path:
        assert json_file.load(path).alpha == 0.125


def test_a_file_that_is_opened_asks_as_new_does(ui, asking, asked, tmp_path):
    path = tmp_path / "other.json"
    json_file.save(OTHER, path)
    ui.change(alpha=0.125)
    asked[0].append(("cancel", False))
    with ui.qtbot.waitSignal(ui.window.opening.given_up):
        ui.window.opening.open_path(path)
    assert asked[1] == ["replaced"]
    assert ui.experiment == CHANGED


def test_in_a_course_nobody_is_asked_who_goes_on_and_from_elsewhere_everybody(ui, asking, asked):
    """Of a guide anything may be tried, and undo brings it back."""
    control = ui.window.guides
    control._open(guides(), 0)
    ui.change(steps=7)
    control.next()
    assert asked[1] == []
    assert ui.experiment.is_same_but_for_looks(guides()[1].experiment)
    assert not ui.window.isWindowModified()
    ui.settle()
    assert ui.readout().startswith("Undo, Ctrl+Z, brings back the experiment that was here")
    ui.change(steps=7)
    ui.window.banner.hide()
    asked[0].append(("cancel", False))
    control.next()
    assert asked[1] == ["replaced"]
    assert ui.experiment.steps == 7


def test_who_does_not_want_to_be_asked_is_not_and_can_be_again(ui, asking, asked, settings):
    window = ui.window
    action = window.menus[window.documents.untitled.set_asks]
    assert action.isChecked()
    ui.change(alpha=0.125)
    asked[0].append(("cancel", True))
    ui.action("new").trigger()
    assert action.isChecked()  # who cancels has decided nothing
    asked[0].append(("discard", True))
    ui.action("new").trigger()
    assert not action.isChecked()
    again = reopened(ui.settings)
    assert not Untitled(again, window).asks
    ui.change(alpha=0.125)
    ui.action("new").trigger()
    assert len(asked[1]) == 2
    assert ui.experiment == Experiment()
    action.trigger()
    assert Untitled(reopened(ui.settings), window).asks
    ui.change(alpha=0.125)
    asked[0].append(("discard", False))
    ui.action("new").trigger()
    assert len(asked[1]) == 3


# ---------------------------------------------------------------- closing, and the next launch


def next_launch(open_window, settings):
    """Open a window as the next launch does."""
    ui = open_window(last_experiment(settings))
    ui.window.documents.go_on_with(ui.experiment)
    return ui


@pytest.mark.parametrize(
    ("answer", "closes", "kept", "is_work"),
    [("keep", True, 0.125, True), ("cancel", False, 0.4, False)],
)
def test_closing_asks_and_keeps_for_the_next_launch(
    open_window, settings, asked, answer, closes, kept, is_work
):
    ui = open_window()
    ui.change(alpha=0.125)
    asked[0].append((answer, False))
    assert ui.window.close() == closes
    assert ui.window.isVisible() != closes
    assert asked[1] == ["kept"]
    ui = next_launch(open_window, settings)
    assert ui.experiment.alpha == kept
    assert ui.window.isWindowModified() == is_work
    assert ui.window.close()  # who has changed nothing since is not asked again
    assert len(asked[1]) == 1
    assert last_experiment(reopened(settings)).alpha == kept


@pytest.mark.parametrize("way", ["close", "remember"])
def test_a_number_that_is_typed_counts_without_enter(open_window, settings, asked, way):
    """As where Ctrl+Q leaves the focus in the field."""
    ui = open_window()
    field = ui.field("α")
    field.setFocus()
    field.selectAll()
    field.insert("0.3")
    asked[0].append(("keep", False))
    getattr(ui.window, way)()
    assert asked[1] == (["kept"] if way == "close" else [])
    assert last_experiment(reopened(settings)).alpha == 0.3


def test_what_was_kept_is_asked_about_where_something_else_takes_its_place(
    open_window, settings, asked
):
    ui = open_window()
    ui.change(alpha=0.125)
    asked[0].extend([("keep", False), ("cancel", False), ("discard", False)])
    ui.window.close()
    ui = next_launch(open_window, settings)
    ui.action("new").trigger()
    assert ui.experiment.alpha == 0.125
    ui.action("new").trigger()
    assert ui.experiment == Experiment()
    assert asked[1] == ["kept", "replaced", "replaced"]
    assert ui.window.close()
    ui = next_launch(open_window, settings)
    assert ui.experiment.is_same_work(Experiment())
    assert not ui.window.isWindowModified()


def test_what_was_only_looked_at_comes_back_and_is_nobodys_work(open_window, settings, asked):
    ui = open_window()
    ui.window.commands.choose_surface("rosenbrock")
    assert ui.window.close()
    ui = next_launch(open_window, settings)
    assert ui.experiment.function.name == "rosenbrock"
    ui.action("new").trigger()
    assert ui.experiment == Experiment()
    assert asked[1] == []


def test_another_launch_does_not_write_over_what_waits(open_window, settings, asked):
    """As ``gdviz other.json`` after an experiment was kept."""
    asked[0].append(("keep", False))
    ui = open_window()
    ui.change(alpha=0.125)
    ui.window.close()
    ui = open_window(OTHER)  # as from the command line
    assert ui.window.close()
    assert last_experiment(reopened(settings)).alpha == 0.125
    for answer in ("cancel", "discard"):
        ui = open_window(OTHER)
        ui.change(steps=7)
        asked[0].append((answer, False))
        assert ui.window.close() == (answer == "discard")
        assert last_experiment(reopened(settings)).alpha == 0.125
    assert asked[1] == ["kept", "taken", "taken"]


def test_what_would_be_lost_is_asked_about_in_any_case(open_window, asked, monkeypatch):
    ui = open_window()
    ui.window.documents.untitled.set_asks(False)
    ui.change(alpha=0.125)
    monkeypatch.setattr(untitled, "_as_text", lambda _experiment: ("", "why"))
    asked[0].append(("cancel", False))
    assert not ui.window.close()
    assert asked[1] == ["too large"]


def test_who_does_not_want_to_be_asked_finds_it_at_the_next_launch(open_window, settings):
    ui = open_window()
    ui.window.documents.untitled.set_asks(False)
    ui.change(alpha=0.125)
    assert ui.window.close()
    assert last_experiment(reopened(settings)).alpha == 0.125


def test_an_end_from_outside_keeps_it_and_asks_nobody(open_window, settings):
    ui = open_window()
    ui.change(alpha=0.125)
    ui.window.documents.asks = False
    assert ui.window.close()
    ui = next_launch(open_window, settings)
    assert ui.experiment.alpha == 0.125
    assert ui.window.isWindowModified()


def on_many_numbers(alpha, file):
    """An experiment about more data than an experiment file holds."""
    numbers = np.linspace(-1.0, 1.0, 200_000)
    data = Data.of_arrays({"x": numbers, "y": 2.0 * numbers})
    function = FormulaFunction("mean((a*x + b - y)^2)", data=dataclasses.replace(data, file=file))
    return Experiment(function=function, alpha=alpha)


@pytest.mark.parametrize("is_free", [True, False])
def test_what_is_lost_by_an_end_from_outside_is_said_at_the_next_launch(settings, is_free):
    if not is_free:
        Untitled(settings, None).write(CHANGED, True)
    refused = on_many_numbers(0.5, None)
    Untitled(settings, None).write(refused, False)
    assert Untitled(reopened(settings), None).news() == ""  # nothing was done
    Untitled(settings, None).write(refused, True)
    news = Untitled(reopened(settings), None).news()
    assert news.startswith(
        "An untitled experiment could not be kept: its 200,000 rows of 2 columns"
    )
    assert Untitled(reopened(settings), None).news() == ""  # it was said
    assert last_experiment(reopened(settings)) == (Experiment() if is_free else CHANGED)


def test_many_numbers_are_kept_by_the_file_that_they_are_in(settings):
    file = DataFile("/data/many.csv", "0" * 64, 5_000_000)
    Untitled(settings, None).write(on_many_numbers(0.5, file), True)
    text = untitled.waiting_experiment(reopened(settings))
    assert "/data/many.csv" in text
    assert Untitled(reopened(settings), None).news() == ""


def rescued(settings):
    """Return the experiments that were written to files of their own."""
    paths = sorted(settings.path.parent.glob("untitled *.json"))
    return [json_file.load(path) for path in paths]


@pytest.mark.parametrize("is_file", [False, True])
def test_an_end_from_outside_loses_neither_what_waits_nor_what_is_shown(
    open_window, settings, asked, tmp_path, is_file
):
    """As a session that ends while ``gdviz f.json``, or another window, has changes."""
    other = open_window(OTHER)
    if is_file:
        json_file.save(OTHER, tmp_path / "f.json")
        other.window.documents.set_file(File(tmp_path / "f.json", OTHER))
    ui = open_window()
    ui.change(alpha=0.125)
    asked[0].append(("keep", False))
    ui.window.close()
    other.change(steps=7)
    other.window.documents.asks = False
    other.window.remember()  # first the session's manager asks for it
    other.change(steps=8)
    assert other.window.close()
    assert last_experiment(reopened(settings)).alpha == 0.125
    assert [(each.alpha, each.steps) for each in rescued(settings)] == [(0.25, 8)]
    if is_file:
        assert json_file.load(tmp_path / "f.json").steps == OTHER.steps
    ui = next_launch(open_window, reopened(settings))
    ui.settle()
    assert ui.experiment.alpha == 0.125
    assert ui.window.isWindowModified()
    (path,) = settings.path.parent.glob("untitled *.json")
    assert ui.window.opening.recent.paths()[0] == str(path)
    assert ui.readout() == f"Another untitled experiment is in File ▸ Open Recent: {path.name}"
    assert Untitled(reopened(settings), ui.window).news() == ""  # it was said


def test_each_window_that_ends_so_has_a_file_of_its_own(open_window, settings):
    windows = [open_window(Experiment(alpha=alpha)) for alpha in (0.125, 0.25, 0.5)]
    for ui in windows:
        ui.change(steps=7)
        ui.window.documents.asks = False
    for ui in windows:
        assert ui.window.close()
    assert last_experiment(reopened(settings)).alpha == 0.125
    assert sorted(each.alpha for each in rescued(settings)) == [0.25, 0.5]


def test_what_cannot_be_rescued_leaves_what_waits(open_window, settings, monkeypatch, caplog):
    windows = [open_window(Experiment(alpha=alpha)) for alpha in (0.125, 0.25)]

    def refuse(path, _data):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(untitled, "write_file", refuse)
    for ui in windows:
        ui.change(steps=7)
        ui.window.documents.asks = False
        assert ui.window.close()
    assert last_experiment(reopened(settings)).alpha == 0.125
    assert "No space left on device" in caplog.text


def test_discarded_changes_to_a_file_do_not_come_back(open_window, settings, tmp_path, monkeypatch):
    ui = open_window(OTHER)
    json_file.save(OTHER, tmp_path / "mine.json")
    ui.window.documents.set_file(File(tmp_path / "mine.json", OTHER))
    ui.change(steps=7)
    monkeypatch.setattr(leaving, "ask_to_save", lambda *_: "discard")
    assert ui.window.close()
    assert last_experiment(reopened(settings)).is_same_work(OTHER)


def test_who_discards_and_then_waits_for_an_export_after_all_loses_nothing(
    open_window, settings, asked, monkeypatch
):
    ui = open_window(OTHER)
    ui.change(steps=7)
    monkeypatch.setattr(untitled, "_as_text", lambda _experiment: ("", "why"))
    asked[0].append(("discard", False))
    monkeypatch.setattr(ui.window.documents.leaving, "_await_exports", lambda: False)
    assert not ui.window.close()
    monkeypatch.undo()
    ui.window.remember()  # as where the session ends now
    assert last_experiment(reopened(settings)).steps == 7


# ---------------------------------------------------------------- the dialog itself


def press(deed):
    """Do something with the dialog that comes, as a person does."""

    def act():
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            deed(box)
        else:
            QTimer.singleShot(5, act)

    QTimer.singleShot(0, act)


def button(box, text):
    (found,) = (b for b in box.buttons() if b.text().replace("&", "") == text)
    return found


@pytest.mark.parametrize(
    ("place", "text", "answer"),
    [
        ("kept", "Save…", "save"),
        ("kept", "Keep for Next Launch", "keep"),
        ("kept", "Cancel", "cancel"),
        ("taken", "Discard", "discard"),
        ("too large", "Discard", "discard"),
        ("replaced", "Discard", "discard"),
    ],
)
def test_each_button_answers(qtbot, place, text, answer):
    window = QWidget()
    qtbot.addWidget(window)
    press(lambda box: QTest.mouseClick(button(box, text), Qt.MouseButton.LeftButton))
    assert ask_about_untitled(window, place) == (answer, False)


@pytest.mark.parametrize(
    ("place", "key", "answer"),
    [
        ("kept", Qt.Key.Key_Escape, "cancel"),
        ("replaced", Qt.Key.Key_Return, "save"),
        ("replaced", Qt.Key.Key_Escape, "cancel"),
    ],
)
def test_enter_saves_and_escape_stays(qtbot, place, key, answer):
    window = QWidget()
    qtbot.addWidget(window)
    press(lambda box: QTest.keyClick(box, key))
    assert ask_about_untitled(window, place)[0] == answer


@pytest.mark.parametrize(("place", "offers"), [("kept", True), ("taken", False)])
def test_not_to_be_asked_is_offered_where_nothing_is_lost_by_it(qtbot, place, offers):
    window = QWidget()
    qtbot.addWidget(window)
    seen = []

    def deed(box):
        ticks = box.findChildren(QCheckBox)
        seen.append(len(ticks) == 1 and ticks[0].isVisible())
        for tick in ticks:
            tick.click()
        button(box, "Cancel").click()

    press(deed)
    assert ask_about_untitled(window, place) == ("cancel", offers)
    assert seen == [offers]
