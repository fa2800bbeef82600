"""What windows remember, in one file that several programs write at once."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QByteArray, QSettings

from gdviz.base import files
from gdviz.base.files import locked
from gdviz.ui.toolkit.settings_file import Settings, settings_path

#: A program that writes keys of its own and adds to a list of all, back to back.
WRITER = """
import sys
from pathlib import Path
from gdviz.ui.toolkit.settings_file import Settings

settings, who, count = Settings(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
for i in range(count):
    settings.write({f"own/{who}{i}": i, "shared": who})
    settings.change(lambda known: {"list": [*known["list"], f"{who}{i}"]})
"""
COUNT = 25


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "gdviz.ini"


def test_three_programs_that_write_back_to_back_lose_nothing(path):
    Settings(path).write({"list": ["x", "y"]})  # one alone comes back as text
    command = [sys.executable, "-c", WRITER, str(path)]
    programs = [subprocess.Popen([*command, who, str(COUNT)]) for who in "ABC"]
    assert [program.wait(timeout=600) for program in programs] == [0, 0, 0]
    names = {f"{who}{i}" for who in "ABC" for i in range(COUNT)}
    kept = Settings(path)
    assert {name for name in names if kept.value(f"own/{name}") == name[1:]} == names
    assert sorted(kept.value("list")) == sorted([*names, "x", "y"])
    assert {entry.name for entry in path.parent.iterdir()} <= {"gdviz.ini", ".gdviz.ini.lock"}


def same_stamp(path, text):
    """Write a file of the same size within the same millisecond, as Qt sees it."""
    before = path.stat()
    assert len(text) == before.st_size
    path.write_bytes(text)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_what_another_program_writes_within_a_millisecond_is_kept(path):
    settings = Settings(path)
    settings.write({"own/a": 1})
    same_stamp(path, path.read_bytes().replace(b"a=1", b"b=2"))
    settings.write({"own/c": 3})
    kept = Settings(path)
    assert [kept.value(f"own/{name}") for name in "abc"] == [None, "2", "3"]


def test_a_list_is_changed_as_it_is_in_the_file(path):
    one, other = Settings(path), Settings(path)
    one.change(lambda known: {"list": [*known.get("list", ()), "one", "two"]})
    other.change(lambda known: {"list": [*known["list"], "three"]})
    assert other.value("list") == ["one", "two", "three"]
    one.read()
    assert one.value("list") == ["one", "two", "three"]
    before = path.stat()
    assert one.change(lambda known: {} if "list" in known else {"list": []}) == {}
    assert path.stat() == before


def test_values_come_back_and_none_removes(path):
    settings = Settings(path)
    values = {
        "text": '−a, \n"b"',
        "bytes": QByteArray(b"\x00\xff"),
        "list": ["x", "y"],
        "no": False,
    }
    settings.write(values)
    for each in (settings, Settings(path)):
        assert [each.value(key) for key in ("text", "bytes", "list")] == [*values.values()][:3]
        assert each.value("no") in (False, "false")
        assert each.value("other") is None
        assert each.value("other", 7) == 7
    settings.write({"text": None})
    assert settings.value("text", "none") == Settings(path).value("text", "none") == "none"


def test_the_file_is_qts(path):
    path.parent.mkdir()
    before = QSettings(str(path), QSettings.Format.IniFormat)
    before.setValue("files/recent", ["a", "b"])
    before.sync()
    del before
    settings = Settings(path)
    assert settings.value("files/recent") == ["a", "b"]
    settings.write({"view/theme": "dark"})
    again = QSettings(str(path), QSettings.Format.IniFormat)
    again.sync()
    assert again.value("view/theme") == "dark"
    assert again.value("files/recent") == ["a", "b"]
    assert settings_path().name == "gdviz.ini"


def test_what_cannot_be_written_now_is_known_and_written_the_next_time(path, monkeypatch):
    monkeypatch.setattr(files, "_PATIENCE", 0.0)
    settings = Settings(path)
    settings.write({"list": ["a"], "old": 1})
    with locked(path):  # as by a program that hangs
        settings.change(lambda known: {"list": [*known["list"], "b"]})
        settings.write({"theme": "dark", "old": None})
    assert settings.value("list") == ["a", "b"]
    assert settings.value("theme") == "dark"
    assert settings.value("old") is None
    assert Settings(path).value("theme") is None
    settings.write({"more": 1})
    kept = Settings(path)
    assert [kept.value(key) for key in ("list", "theme", "old")] == [["a", "b"], "dark", None]


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_file_that_cannot_be_read_stays_as_it_is(path, monkeypatch, is_folder):
    if is_folder:
        path.mkdir(parents=True)
    else:
        path.parent.mkdir()
        path.write_text("[own]\na=1\n")
        refused = PermissionError(13, "Permission denied")

        def refuse(*_paths):
            raise refused

        monkeypatch.setattr("gdviz.ui.toolkit.settings_file.copyfile", refuse)
    settings = Settings(path)
    settings.write({"own/b": 2})
    assert settings.value("own/b") == 2
    assert path.is_dir() if is_folder else path.read_text() == "[own]\na=1\n"


#: A program that looks for a person's settings, which are in a folder of its environment.
READER = """
from gdviz.ui.toolkit.settings_file import Settings, settings_path

settings = Settings(settings_path())
settings.write({"theme": "dark"})
print(settings.path, settings.value("theme"))
"""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_in_the_place_of_the_settings_is_not_waited_for(tmp_path):
    pipe = tmp_path / "gdviz" / "gdviz.ini"
    pipe.parent.mkdir()
    os.mkfifo(pipe)
    done = subprocess.run(
        [sys.executable, "-c", READER], capture_output=True, text=True, timeout=120,
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout.split() == [str(pipe), "dark"], done.stderr
    assert pipe.is_fifo()
