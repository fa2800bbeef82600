"""Help ▸ Open Log: the system opens it, or it is said where it is."""

import threading

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox

from gdviz.ui.window import about


@pytest.fixture
def said(monkeypatch):
    """What the dialogs say."""
    texts = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: texts.append(box.text()))
    return texts


@pytest.mark.parametrize("opens", [True, False])
def test_the_log_is_opened_or_its_place_is_said(ui, tmp_path, monkeypatch, said, opens):
    path = tmp_path / "a&b.log"
    path.write_text("it is too dark")
    opened = []
    monkeypatch.setenv("GDVIZ_LOG", str(path))
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or opens
    )
    ui.window.help.show_log()
    ui.qtbot.waitUntil(lambda: not ui.window.help._look.is_running())
    assert opened == [str(path)]
    assert said == ([] if opens else [f"The log is {path}."])


def test_where_nothing_went_wrong_there_is_nothing_to_open(ui, tmp_path, monkeypatch, said):
    monkeypatch.setenv("GDVIZ_LOG", str(tmp_path / "none.log"))
    monkeypatch.setattr(QDesktopServices, "openUrl", None)
    ui.window.help.show_log()
    ui.qtbot.waitUntil(lambda: bool(said))
    assert said == [f"Nothing has gone wrong. If it does, {tmp_path / 'none.log'} tells."]


def test_a_drive_that_does_not_answer_is_given_up(ui, tmp_path, monkeypatch, said):
    answers = threading.Event()
    monkeypatch.setenv("GDVIZ_LOG", str(tmp_path / "gdviz.log"))
    monkeypatch.setattr(about, "file_type", lambda _: answers.wait(600) and "file")
    monkeypatch.setattr(QDesktopServices, "openUrl", None)
    look = ui.window.help._look
    look._patience.setInterval(1)
    try:
        ui.window.help.show_log()
        ui.qtbot.waitUntil(lambda: bool(said))
    finally:
        answers.set()
    place = tmp_path / "gdviz.log"
    assert said == [f"The log is {place}, and its drive does not answer."]
    assert not look.is_running()
