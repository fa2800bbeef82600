"""The files that were opened last, of several windows that share their settings."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from gdviz.ui.files.recent_files import RecentMenu


@pytest.fixture
def menu(qtbot, tmp_path):
    settings = QSettings(str(tmp_path / "gdviz.ini"), QSettings.Format.IniFormat)
    menu = RecentMenu(settings)
    qtbot.addWidget(menu)
    return menu


def add_in_another_program(folder, name):
    code = textwrap.dedent("""
        import sys
        from pathlib import Path
        from PySide6.QtCore import QSettings
        from PySide6.QtWidgets import QApplication
        from gdviz.ui.files.recent_files import RecentMenu
        app = QApplication([])
        folder = Path(sys.argv[1])
        settings = QSettings(str(folder / "gdviz.ini"), QSettings.Format.IniFormat)
        RecentMenu(settings).add(folder / sys.argv[2])
    """)
    subprocess.run([sys.executable, "-c", code, str(folder), name], check=True, timeout=120)


def test_two_programs_keep_each_others_files(menu, tmp_path):
    menu.add(tmp_path / "a")
    add_in_another_program(tmp_path, "b")
    menu.add(tmp_path / "c")
    add_in_another_program(tmp_path, "d")
    kept = QSettings(str(tmp_path / "gdviz.ini"), QSettings.Format.IniFormat)
    kept.sync()
    assert [Path(path).name for path in RecentMenu(kept).paths()] == ["d", "c", "b", "a"]


def test_a_name_that_no_file_can_have_is_shown_as_missing(menu, tmp_path):
    menu.add(Path("y" * 5000))
    menu.add(tmp_path)
    menu.fill()
    there, missing, *_ = menu.actions()
    assert there.isEnabled()
    assert not missing.isEnabled()
    assert missing.text().endswith("(missing)")
