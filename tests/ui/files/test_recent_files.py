"""The files that were opened last, of several windows that share their settings."""

import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from gdviz.ui.files import recent_files
from gdviz.ui.files.recent_files import RecentMenu
from gdviz.ui.toolkit.settings_file import Settings


@pytest.fixture
def menu(qtbot, tmp_path):
    menu = RecentMenu(Settings(tmp_path / "gdviz.ini"))
    qtbot.addWidget(menu)
    return menu


def add_in_another_program(folder, name):
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        from PySide6.QtWidgets import QApplication
        from gdviz.ui.files.recent_files import RecentMenu
        from gdviz.ui.toolkit.settings_file import Settings
        app = QApplication([])
        folder = Path(sys.argv[1])
        RecentMenu(Settings(folder / "gdviz.ini")).add(folder / sys.argv[2])
    """)
    subprocess.run([sys.executable, "-c", code, str(folder), name], check=True, timeout=120)


def test_two_programs_keep_each_others_files(menu, tmp_path):
    menu.add(tmp_path / "a")
    add_in_another_program(tmp_path, "b")
    menu.add(tmp_path / "c")
    add_in_another_program(tmp_path, "d")
    kept = RecentMenu(Settings(tmp_path / "gdviz.ini")).paths()
    assert [Path(path).name for path in kept] == ["d", "c", "b", "a"]


def test_a_name_that_no_file_can_have_is_shown_as_missing(menu, tmp_path, qtbot):
    menu.add(Path("y" * 5000))
    menu.add(tmp_path)
    menu.fill()
    there, missing, *_ = menu.actions()
    qtbot.waitUntil(lambda: not missing.isEnabled())
    assert there.isEnabled()
    assert missing.text().endswith("(missing)")


def test_the_menu_waits_for_no_drive(menu, tmp_path, qtbot, monkeypatch):
    """The newest file is on a drive that is gone, and of the others it is known all the same."""
    answers, asked = threading.Event(), []

    def file_type(path):
        asked.append(path)
        if Path(path).name == "gone":
            answers.wait()
        return "absent"

    monkeypatch.setattr(recent_files, "file_type", file_type)
    for name in ("gone", "deleted"):
        menu.add(tmp_path / name)
    try:
        menu.fill()
        deleted, gone, *_ = menu.actions()
        qtbot.waitUntil(lambda: not deleted.isEnabled())
        assert gone.isEnabled()
        menu.fill()  # again, before the drive has answered: it is not asked twice
        assert asked == [str(tmp_path / "deleted"), str(tmp_path / "gone")]
    finally:
        answers.set()
    qtbot.waitUntil(lambda: [action.isEnabled() for action in menu.actions()[:2]] == [False, False])
