"""Courses: guides of one's own, saved from the window and gone through."""

import pytest
from PySide6.QtWidgets import QDialog, QDialogButtonBox

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.guided.course import guide_of, read_course, save_guide
from gdviz.experiment.guided.guides import guides
from gdviz.experiment.view import View
from gdviz.ui.window import guide_control
from gdviz.ui.window.guide_dialog import GuideDialog


@pytest.fixture
def writing(monkeypatch, tmp_path):
    """What is typed into the dialog, and where its guide is saved: under the suggested name."""
    typed = []

    def execute(dialog):
        title, look = typed.pop()
        dialog.title.setText(title)
        dialog.look.setPlainText(look)
        assert dialog._buttons.button(QDialogButtonBox.StandardButton.Save).isEnabled()
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(GuideDialog, "exec", execute)
    monkeypatch.setattr(guide_control, "ask_path", lambda *asked: tmp_path / asked[2].name)
    return typed


def save_as_guide(ui):
    with ui.qtbot.waitSignal(ui.window.documents.said):
        ui.action("save_as_guide").trigger()


def test_a_course_is_made_in_the_window_and_gone_through(ui, writing, tmp_path):
    window = ui.window
    ui.change(alpha=0.25)
    window.right.setCurrentWidget(window.step_lens)
    window.timeline.set_step(5)
    writing.append(("First <b>step</b>", "Look here. And there."))
    save_as_guide(ui)
    assert ui.readout() == "Saved 01-first-b-step-b.json"
    window.timeline.last()
    window.right.setCurrentWidget(window.run_lens)
    ui.action("show_contours").trigger()
    ui.change(alpha=0.5)
    writing.append(("Second", "Look again."))
    save_as_guide(ui)
    assert [guide.title for guide in read_course(tmp_path)] == ["First <b>step</b>", "Second"]

    ui.begin_again()
    window.guides.show_course(tmp_path)
    ui.settle()
    banner = window.banner
    assert banner.isVisible()
    assert "&lt;b&gt;step" in banner._text.text()  # words of others are no markup
    assert banner._where.text() == "1/2"
    assert (banner._before.isEnabled(), banner._after.isEnabled()) == (False, True)
    assert ui.experiment.alpha == 0.25
    assert window.timeline.step == 5
    assert window.right.currentWidget() is window.step_lens
    banner._after.click()
    ui.settle()
    assert banner._where.text() == "2/2"
    assert ui.experiment.alpha == 0.5
    assert ui.experiment.view == View(contours=False)
    assert not window.map_view.ground.contours.isVisible()
    ui.action("next_guide").trigger()  # there is none
    assert banner._where.text() == "2/2"
    ui.action("previous_guide").trigger()
    ui.settle()
    assert banner._where.text() == "1/2"
    ui.action("undo").trigger()
    assert ui.experiment.alpha == 0.5
    window.right.setCurrentWidget(window.run_lens)


@pytest.fixture
def course_of_code(ui, writing, tmp_path):
    """A course of one guide, about a file beside it."""
    (tmp_path / "net.py").write_text("def loss(a, b):\n    return a**2 + b**2\n")
    with ui.qtbot.waitSignal(ui.window.opening.opened):
        ui.window.opening.open_path(tmp_path / "net.py")
    ui.settle()
    ui.change(alpha=0.25)
    ui.window.guides._settings.write({"files/course": str(tmp_path)})
    writing.append(("A net", "Look."))
    save_as_guide(ui)
    assert ui.readout() == "Saved 01-a-net.json: keep it together with net.py"
    return tmp_path


@pytest.mark.sampled(1)
@pytest.mark.parametrize("may_run", [True, False])
def test_a_guide_about_code_asks_before_it_runs_it(
    course_of_code, open_window, monkeypatch, may_run
):
    asked = []

    def ask(code, changed, _window):
        asked.append((code.path, changed))
        return may_run

    monkeypatch.setattr("gdviz.ui.files.opening.may_run", ask)
    ui = open_window()
    opening = ui.window.opening
    with ui.qtbot.waitSignal(opening.opened if may_run else opening.given_up):
        ui.window.guides.show_course(course_of_code)
    ui.settle()
    assert asked == [(str(course_of_code / "net.py"), False)]
    assert ui.window.banner.isVisible() == may_run
    assert (ui.experiment.function.code is not None) == may_run
    if may_run:
        assert ui.experiment.alpha == 0.25
        assert len(ui.scene.runs[0].path.theta) > 1
        ui.window.guides.show_course(course_of_code)  # it runs already
        assert len(asked) == 1
    else:
        assert ui.readout() == "“A net” was not opened: net.py was not run"


def test_a_guide_whose_code_is_not_run_is_passed(course_of_code, open_window, monkeypatch):
    """The course is the one that was asked for, and goes on behind that guide."""
    monkeypatch.setattr("gdviz.ui.files.opening.may_run", lambda *_: False)
    for k, alpha in enumerate((0.5, 0.75), 2):
        guide = guide_of(Experiment(alpha=alpha), "T", "Look.")
        save_guide(guide, course_of_code / f"{k:02d}.json")
    ui = open_window()
    following, previous = ui.window.menus[ui.window.guides.next], ui.action("previous_guide")
    assert not following.isEnabled()
    ui.window.guides.show_course(course_of_code)
    assert (previous.isEnabled(), following.isEnabled()) == (False, True)
    following.trigger()
    ui.settle()
    assert (ui.window.banner._where.text(), ui.experiment.alpha) == ("2/3", 0.5)
    previous.trigger()
    following.trigger()
    following.trigger()
    ui.settle()
    assert (ui.window.banner._where.text(), ui.experiment.alpha) == ("3/3", 0.75)
    assert (previous.isEnabled(), following.isEnabled()) == (True, False)


def test_who_stays_before_a_guide_about_code_has_it_still_to_come(
    course_of_code, open_window, monkeypatch
):
    monkeypatch.setattr("gdviz.ui.files.opening.may_run", lambda *_: True)
    ui = open_window()
    control = ui.window.guides
    before = control._course, control._place
    monkeypatch.setattr(ui.window.documents.leaving, "may_leave", lambda *_, **__: False)
    with ui.qtbot.waitSignal(ui.window.opening.given_up):
        control.show_course(course_of_code)
    assert (control._course, control._place) == before
    ui.window.code.close()


def test_an_experiment_that_was_saved_as_a_guide_is_saved(ui, writing, tmp_path):
    ui.change(alpha=0.25)
    assert ui.window.isWindowModified()
    ui.window.guides._settings.write({"files/course": str(tmp_path)})
    writing.append(("A title", "Look."))
    save_as_guide(ui)
    assert not ui.window.isWindowModified()
    ui.change(steps=7)
    assert ui.window.isWindowModified()


def test_a_guide_that_comes_twice_is_passed_twice(ui, tmp_path):
    first, again = (guide_of(Experiment(alpha=alpha), "T", "Look.") for alpha in (0.25, 0.5))
    for k, guide in enumerate((first, first, again), 1):
        save_guide(guide, tmp_path / f"{k:02d}.json")
    ui.window.guides.show_course(tmp_path)
    seen = []
    for _ in range(2):
        ui.window.banner._after.click()
        ui.settle()
        seen.append((ui.window.banner._where.text(), ui.experiment.alpha))
    assert seen == [("2/3", 0.25), ("3/3", 0.5)]


def test_a_guide_that_was_not_opened_is_still_the_next(ui, tmp_path, monkeypatch):
    for k, alpha in enumerate((0.25, 0.5, 0.75), 1):
        save_guide(guide_of(Experiment(alpha=alpha), "T", "Look."), tmp_path / f"{k:02d}.json")
    ui.window.guides.show_course(tmp_path)
    with monkeypatch.context() as changes_stay:
        changes_stay.setattr(ui.window.commands, "begin", lambda *_, **__: False)
        ui.window.banner._after.click()
    ui.settle()
    assert ui.window.banner._where.text() == "1/3"
    ui.window.banner._after.click()
    ui.settle()
    assert (ui.window.banner._where.text(), ui.experiment.alpha) == ("2/3", 0.5)


def test_the_shipped_guides_are_a_course_as_well(ui):
    first, second = guides()[:2]
    menu = next(a.menu() for a in ui.window.menuBar().actions() if "xperiments" in a.text())
    ui.window.guides.open_from_menu(menu.actions()[0])
    assert ui.window.banner._where.text() == f"1/{len(guides())}"
    ui.window.banner._after.click()
    ui.settle()
    assert ui.experiment == second.experiment != first.experiment
    ui.window.banner.hide()


def test_a_folder_that_is_no_course_is_said_and_changes_nothing(ui, monkeypatch, tmp_path):
    said = []
    monkeypatch.setattr(guide_control, "tell", lambda _window, text: said.append(text))
    (tmp_path / "a.json").write_text("{}")
    ui.window.guides.show_course(tmp_path)
    assert "a.json is no guide" in said[0]
    assert ui.experiment == Experiment()
    assert not ui.window.banner.isVisible()


def test_the_dialog_wants_both_and_says_what_is_too_long(qtbot):
    dialog = GuideDialog(Experiment(), 0)
    qtbot.addWidget(dialog)
    save = dialog._buttons.button(QDialogButtonBox.StandardButton.Save)
    assert not save.isEnabled()
    assert dialog._error.text() == ""
    dialog.title.setText("t")
    assert not save.isEnabled()
    dialog.look.setPlainText("l" * 401)
    assert not save.isEnabled()
    assert "at most 400 characters" in dialog._error.text()
    dialog.look.setPlainText("Look.")
    assert save.isEnabled()
    assert dialog.guide().title == "t"
