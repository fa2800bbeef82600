"""Watching the file of code: what is saved is said, and no drive is waited for."""

import hashlib
import threading
from pathlib import Path

import pytest

from gdviz.engine.objectives.code_ref import Code
from gdviz.ui.tasks import file_watch
from gdviz.ui.tasks.file_watch import CodeWatch


def code_of(path, text):
    path.write_text(text)
    return Code(str(path), hashlib.sha256(text.encode()).hexdigest())


@pytest.fixture
def watch(qtbot):
    made = CodeWatch()
    yield made
    made.stop()


def test_a_drive_that_does_not_answer_is_not_waited_for(qtbot, watch, tmp_path, monkeypatch):
    """Another file is watched meanwhile; one that was saved before it was is known as well."""
    answers, asked = threading.Event(), threading.Event()
    known = file_watch.file_type

    def file_type(path):
        if Path(path).parent.name == "gone":
            asked.set()
            assert answers.wait(600)
        return known(path)

    monkeypatch.setattr(file_watch, "file_type", file_type)
    (tmp_path / "gone").mkdir()
    try:
        watch.watch(code_of(tmp_path / "gone" / "a.py", "old"))
        assert asked.wait(600)
        assert watch._watcher.directories() == []  # which would ask that drive
        here = code_of(tmp_path / "b.py", "old")
        (tmp_path / "b.py").write_text("new")
        with qtbot.waitSignal(watch.saved, timeout=20_000):
            watch.watch(here)
        assert watch._watcher.files() == [str(tmp_path / "b.py")]
    finally:
        answers.set()


def test_a_folder_that_is_gone_is_asked_for_twice_and_no_more(qtbot, watch, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(file_watch, "file_type", lambda path: asked.append(path) or "absent")
    watch.watch(Code(str(tmp_path / "gone" / "a.py"), "0"))
    qtbot.waitUntil(lambda: watch._is_watched and not watch._task.is_running())
    assert len(asked) == 2
