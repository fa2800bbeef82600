"""What is seen of an experiment: kept in its file, undone, and shown again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdviz.experiment import json_file
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.guided.guides import guides
from gdviz.experiment.view import View
from gdviz.ui.files import documents, leaving
from gdviz.ui.store.file import File


def hidden(ui):
    """Return whether contours, minima and legend are hidden on the map."""
    view = ui.window.map_view
    return (
        not view.ground.contours.isVisible(), not view.ground.minima.isVisible(),
        not (view.legend.isVisible() or view.legend._button.isVisible()),
    )  # fmt: skip


def test_undo_reaches_what_lies_on_the_map(ui):
    for name in ("show_contours", "show_minima", "show_legend"):
        ui.action(name).trigger()
    assert hidden(ui) == (True, True, True)
    assert ui.experiment.view == View(contours=False, minima=False, legend=False)
    ui.action("undo").trigger()
    assert hidden(ui) == (True, True, False)
    assert ui.action("show_legend").isChecked()
    ui.action("undo").trigger()
    ui.action("undo").trigger()
    assert hidden(ui) == (False, False, False)
    ui.action("redo").trigger()
    assert hidden(ui) == (True, False, False)
    assert ui.scene.experiment is ui.experiment


def test_undo_reaches_whether_the_steps_drawings_stay(ui):
    window = ui.window
    window.right.setCurrentWidget(window.step_lens)
    window.step_lens.choose_view("direction")
    ui.settle()
    ui.action("keep_overlays").trigger()
    window.right.setCurrentWidget(window.run_lens)
    page = window.step_lens.pages["direction"]
    assert ui.experiment.view == View(drawings=True)
    assert page.on_map() is not None
    ui.action("undo").trigger()
    assert not ui.action("keep_overlays").isChecked()
    assert not page._is_on_map
    ui.action("redo").trigger()
    assert ui.action("keep_overlays").isChecked()


def test_undo_reaches_what_the_step_lens_draws(ui):
    window = ui.window
    window.right.setCurrentWidget(window.step_lens)
    window.step_lens.choose_view("models")
    ui.settle()
    page = window.step_lens.pages["models"]

    def drawn():
        overlay = page.on_map()
        return overlay.order, overlay.newton, overlay.axes

    def ticked():
        return page.contours.currentIndex(), page.newton.isChecked(), page.axes.isChecked()

    page.axes.click()
    page.newton.click()
    page.contours.setCurrentIndex(1)
    page.contours.activated.emit(1)
    assert ui.experiment.view == View(model_contours=1, newton=False, hessian_axes=False)
    for seen in ((1, False, False), (2, False, False), (2, True, False), (2, True, True)):
        assert drawn() == ticked() == seen
        ui.action("undo").trigger()
    ui.action("redo").trigger()
    assert drawn() == ticked() == (2, True, False)


def test_a_picture_is_of_what_is_seen(ui, monkeypatch):
    """Also while another scene is computed: the map hides its parts at once."""
    seen = []
    monkeypatch.setattr(
        ui.window.documents,
        "copy_picture",
        lambda frame, *_: seen.append(frame.scene.experiment.view),
    )
    ui.action("show_contours").trigger()
    ui.action("copy_picture").trigger()
    monkeypatch.setattr(ui.window.store, "is_busy", lambda: True)
    monkeypatch.setattr(ui.window.store, "_build", lambda: None)
    ui.action("show_minima").trigger()
    assert ui.scene.experiment.view.minima
    ui.action("copy_picture").trigger()
    assert seen == [View(contours=False), View(contours=False, minima=False)]


def test_what_lies_on_the_map_needs_no_other_picture(ui, monkeypatch):
    built = []
    monkeypatch.setattr(ui.window.store, "_build", lambda: built.append(1))
    landscape = ui.scene.landscape
    ui.action("show_contours").trigger()
    assert ui.scene.experiment is ui.experiment
    assert ui.scene.landscape is landscape
    ui.qtbot.wait(1)
    assert not built


def test_a_file_keeps_step_lens_page_and_map(ui, tmp_path, monkeypatch):
    path = tmp_path / "mine.json"
    monkeypatch.setattr(documents, "ask_path", lambda *_: path)
    window = ui.window
    ui.action("show_minima").trigger()
    window.step_lens.choose_view("models")
    window.right.setCurrentWidget(window.step_lens)
    window.timeline.set_step(7)
    ui.save("save_as")
    saved = json_file.load(path)
    assert saved.view == View(minima=False, lens="Step", page="models", step=7)
    assert not window.isWindowModified()
    window.timeline.set_step(9)
    window.right.setCurrentWidget(window.run_lens)
    assert not window.isWindowModified()  # who looks elsewhere changes nothing

    ui.begin_again()
    window.step_lens.choose_view("arithmetic")
    window.timeline.last()
    with ui.qtbot.waitSignal(window.opening.experiment_opened):
        window.opening.open_path(path)
    ui.settle()
    assert window.timeline.step == 7
    assert window.right.currentWidget() is window.step_lens
    assert window.step_lens.view() == "models"
    assert not window.map_view.ground.minima.isVisible()
    window.step_lens.choose_view("arithmetic")
    window.timeline.last()


def test_a_step_is_taken_once_the_paths_are_there(ui):
    """The paths before were shorter than the step is."""
    ui.change(steps=3)
    opened = Experiment(steps=60, view=View(step=50))
    ui.window.commands.begin(opened)
    ui.window.view.go_to_place(opened)
    ui.settle()
    assert ui.window.timeline.step == 50
    ui.window.timeline.last()


@pytest.mark.parametrize("view", [View(lens="Nowhere"), View(lens="Step", page="nothing")])
def test_a_lens_that_there_is_none_of_changes_nothing(ui, view):
    ui.window.view.go_to_place(Experiment(view=view))
    assert ui.window.right.currentWidget() in (ui.window.run_lens, ui.window.step_lens)


# ---------------------------------------------------------------- changes that are not saved


@pytest.fixture
def asked(ui, tmp_path, monkeypatch):
    """A changed experiment of a file, and what is answered to the question."""
    path = tmp_path / "mine.json"
    json_file.save(ui.experiment, path)
    ui.window.documents.set_file(File(path, ui.experiment))
    ui.change(alpha=0.125)
    answers, questions = [], []

    def answer(_window, about):
        questions.append(about)
        return answers.pop()

    monkeypatch.setattr(leaving, "ask_to_save", answer)
    return path, answers, questions


@pytest.mark.parametrize(
    ("answer", "goes_on", "saved"),
    [("save", True, 0.125), ("discard", True, 0.4), ("cancel", False, 0.4)],
)
def test_new_asks_where_changes_are_not_saved(ui, asked, answer, goes_on, saved):
    path, answers, questions = asked
    answers.append(answer)
    ui.action("new").trigger()
    assert questions == [path]
    assert (ui.experiment == Experiment()) == goes_on
    assert json_file.load(path).alpha == saved


@pytest.mark.parametrize("answer", ["discard", "cancel"])
def test_opening_asks_as_well(ui, asked, tmp_path, answer):
    """Undo would bring the changes back, but only until the window is closed."""
    path, answers, questions = asked
    other = tmp_path / "other.json"
    json_file.save(Experiment(alpha=0.5), other)
    answers.append(answer)
    opening = ui.window.opening
    with ui.qtbot.waitSignal(opening.opened if answer == "discard" else opening.given_up):
        opening.open_path(other)
    ui.settle()
    assert questions == [path]
    goes_on = answer == "discard"
    assert ui.experiment.alpha == (0.5 if goes_on else 0.125)
    assert ui.window.documents.file.path == (other if goes_on else path)
    if not goes_on:
        assert ui.readout() == "Nothing was opened: the experiment stays"


def test_a_guide_asks_and_does_not_begin_where_the_person_thought_better_of_it(ui, asked):
    path, answers, questions = asked
    control = ui.window.guides
    before = control._course, control._place
    answers.append("cancel")
    control._open(guides(), 3)
    assert questions == [path]
    assert ui.experiment.alpha == 0.125
    assert not ui.window.banner.isVisible()
    assert (control._course, control._place) == before


def test_closing_asks_and_stays_where_the_person_thought_better_of_it(ui, asked):
    path, answers, questions = asked
    answers.append("cancel")
    assert not ui.window.close()
    assert ui.window.isVisible()
    assert questions == [path]
    ui.change(alpha=0.25)  # and goes on
    assert ui.experiment.alpha == 0.25


def test_an_end_from_outside_closes_whatever_is_asked(open_window, tmp_path, monkeypatch):
    window = open_window().window
    path = tmp_path / "mine.json"
    json_file.save(window.store.experiment, path)
    window.documents.set_file(File(path, window.store.experiment))
    assert window.store.change(alpha=0.125)

    def ended_meanwhile(*_):
        window.documents.asks = False
        window.close()
        return "cancel"  # as a dialog says that was closed

    monkeypatch.setattr(leaving, "ask_to_save", ended_meanwhile)
    assert window.close()
    assert not window.isVisible()


def test_nobody_is_asked_of_what_is_saved_or_has_no_file(ui, monkeypatch):
    monkeypatch.setattr(leaving, "ask_to_save", lambda *_: pytest.fail("asked"))
    ui.change(alpha=0.125)
    ui.action("new").trigger()
    assert ui.experiment == Experiment()
    ui.settle()
    assert ui.readout().startswith("Undo, Ctrl+Z, brings back the experiment that was here")
    ui.action("undo").trigger()
    assert ui.experiment.alpha == 0.125


def test_what_nobody_has_worked_on_is_left_without_a_word(ui):
    for leave in (ui.window.commands.new, lambda: ui.window.guides._open(guides(), 1)):
        ui.window.guides._open(guides(), 0)
        leave()
        ui.settle()
        assert "Undo" not in ui.readout()
    ui.window.banner.hide()


# ---------------------------------------------------------------- fit to paths


def test_a_double_click_shows_a_start_that_is_off_the_map(ui):
    ui.change(start=(40.0, 30.0))
    depth = ui.window.history.depth()
    at = ui.pixel(0.0, 0.0)
    QTest.mouseMove(ui.viewport, at)
    QTest.mouseClick(ui.viewport, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(ui.viewport, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(ui.viewport, Qt.MouseButton.LeftButton, pos=at)
    ui.settle()
    assert ui.experiment.start == (40.0, 30.0)  # though the first click moved it
    assert ui.experiment.map_range.contains(40.0, 30.0)
    for run in ui.scene.runs:
        assert all(ui.experiment.map_range.contains(*point) for point in run.path.theta)
    assert ui.window.history.depth() == depth + 1
    ui.action("undo").trigger()
    assert ui.experiment.range is None
    assert ui.experiment.start == (40.0, 30.0)


def test_paths_that_go_on_where_the_map_shows_them_are_shown_whole(ui):
    """Off the map they are followed for a while, and longer on the map that was fitted to them."""
    ui.change(start=(40.0, 1.554))
    followed = len(ui.scene.runs[0].path.theta)
    depth = ui.window.history.depth()
    ui.action("fit_to_paths").trigger()
    ui.qtbot.waitUntil(lambda: len(ui.scene.runs[0].path.theta) > followed)
    ui.settle()
    for run in ui.scene.runs:
        assert len(run.path.theta) == 41
        assert all(ui.experiment.map_range.contains(*point) for point in run.path.theta)
    assert ui.window.history.depth() == depth + 1
    ui.action("undo").trigger()
    ui.settle()
    assert ui.experiment.range is None


def test_which_path_is_too_far_away_to_be_fitted_is_said(ui):
    ui.change(alpha=1e6)
    ui.action("fit_to_paths").trigger()
    ui.settle()
    assert ui.readout().startswith(
        "Too far away to be shown: Analytic, Forward difference, Central"
    )
    assert ui.experiment.map_range.contains(*ui.experiment.start)


def test_a_double_click_waits_for_the_paths_of_the_start_that_it_gives_back(ui):
    ui.change(start=(40.0, 30.0))
    at = ui.pixel(0.0, 0.0)
    QTest.mouseClick(ui.viewport, Qt.MouseButton.LeftButton, pos=at)
    ui.settle()  # those of the first click are there
    assert ui.scene.experiment.start != (40.0, 30.0)
    QTest.mouseDClick(ui.viewport, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(ui.viewport, Qt.MouseButton.LeftButton, pos=at)
    ui.settle()
    assert ui.experiment.start == (40.0, 30.0)
    assert ui.experiment.map_range.contains(40.0, 30.0)
    assert not ui.experiment.map_range.contains(0.0, 0.0)


def test_paths_that_are_no_longer_asked_for_fit_nothing(ui):
    ui.window.store.change(start=(40.0, 30.0))
    ui.action("fit_to_paths").trigger()  # before they are there
    assert ui.experiment.range is None
    ui.window.store.change(start=(1.0, 1.0))
    ui.settle()
    assert ui.experiment.range is None


def test_home_says_how_an_off_map_start_is_brought_back(ui):
    ui.change(start=(40.0, 30.0), range=(30.0, 50.0, 20.0, 40.0))
    ui.action("home_range").trigger()
    assert ui.experiment.range is None
    assert "double click" in ui.readout()
    ui.action("fit_to_paths").trigger()
    ui.settle()
    assert ui.experiment.map_range.contains(40.0, 30.0)
