"""The files that were opened last, of several windows that share their settings."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

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


def test_a_name_that_no_file_can_have_is_shown_as_missing(menu, tmp_path):
    menu.add(Path("y" * 5000))
    menu.add(tmp_path)
    menu.fill()
    there, missing, *_ = menu.actions()
    assert there.isEnabled()
    assert not missing.isEnabled()
    assert missing.text().endswith("(missing)")
