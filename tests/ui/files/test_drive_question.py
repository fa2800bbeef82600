"""Questions about a path that the person waits for, and the drive that never answers."""

import threading
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gdviz.engine.objectives.code_ref import CodeError
from gdviz.ui.files import save_dialog
from gdviz.ui.files.drive_question import answered
from gdviz.ui.files.save_dialog import ask_path


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def answers():
    made = threading.Event()
    yield made
    made.set()


@pytest.fixture
def boxes(monkeypatch):
    """What dialogs say; a test chooses what becomes of them."""
    said, real = [], QMessageBox.exec

    def run(box):
        said.append(box.text())
        return boxes.act(partial(real, box))

    class boxes:  # noqa: N801
        texts = said

        @staticmethod
        def act(_run):
            """Press Cancel, or Escape."""
            return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(QMessageBox, "exec", run)
    return boxes


def test_who_does_not_want_to_wait_has_no_answer(window, answers, boxes):
    assert answered(window, partial(answers.wait, 600), "a.py") is None
    assert boxes.texts == ["Waiting for the drive of a.py …"]
    assert not answers.is_set()


def test_the_answer_closes_the_dialog_that_waits(window, answers, boxes):
    def answer_while_it_is_open(run):
        answers.set()
        return run()

    boxes.act = answer_while_it_is_open
    assert answered(window, partial(answers.wait, 600), "a.py") is True
    assert len(boxes.texts) == 1


def test_what_the_question_raises_is_raised(window):
    def refuse():
        raise CodeError("a.py cannot be read")

    with pytest.raises(CodeError, match=r"^a\.py cannot be read$"):
        answered(window, refuse, "a.py")


def test_nothing_is_saved_where_nobody_knows_what_would_be_replaced(
    window, answers, boxes, monkeypatch
):
    path = Path("gone") / "mine"
    monkeypatch.setattr(save_dialog, "file_type", lambda _path: answers.wait(600) and "absent")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    ask = partial(ask_path, window, "Save", path, "", ".json")
    assert ask() is None
    assert boxes.texts == ["Waiting for the drive of mine.json …"]
    answers.set()
    assert ask() == path.with_suffix(".json")
