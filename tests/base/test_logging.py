"""The log: where it is, what is in it, and that nothing comes of one that cannot be written."""

import logging
import subprocess
import sys

import pytest

from gdviz.base.logging import LEVELS, log_path, start_log

logger = logging.getLogger("gdviz.somewhere")


@pytest.fixture
def log(tmp_path, monkeypatch):
    """A log of the test's own, and none afterwards."""
    path = tmp_path / "folder" / "gdviz.log"
    monkeypatch.setenv("GDVIZ_LOG", str(path))
    yield path
    monkeypatch.undo()
    start_log()


def fail():
    try:
        raise RuntimeError("it is too dark")
    except RuntimeError:
        logger.exception("looking failed")


def test_the_place_is_the_systems_where_nothing_else_is_said(monkeypatch):
    monkeypatch.delenv("GDVIZ_LOG")
    assert log_path().name == "gdviz.log"
    assert "gdviz" in log_path().parent.parts[-1] or "gdviz" in log_path().parent.parts[-2]


def test_a_file_is_made_with_the_first_line_and_has_the_traceback(log):
    start_log()
    logger.info("nothing yet")
    assert not log.exists()
    fail()
    text = log.read_text(encoding="utf-8")
    assert "ERROR gdviz.somewhere: looking failed" in text
    assert 'raise RuntimeError("it is too dark")' in text
    assert "nothing yet" not in text


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_below_the_level_is_left_out(log, level):
    start_log(level)
    for each in LEVELS:
        logger.log(getattr(logging, each.upper()), "told as %s", each)
    told = [each for each in LEVELS if f"told as {each}" in log.read_text(encoding="utf-8")]
    assert told == list(LEVELS[LEVELS.index(level):])  # fmt: skip


def test_a_line_is_written_once_however_often_the_log_is_started(log):
    start_log()
    start_log()
    logger.error("once")
    assert log.read_text(encoding="utf-8").count("once") == 1


def test_old_lines_go_and_the_folder_stays_small(log):
    start_log()
    for _ in range(300):
        logger.error("x" * 10_000)
    files = sorted(path.name for path in log.parent.iterdir())
    assert files == ["gdviz.log", "gdviz.log.1", "gdviz.log.2"]
    assert sum(path.stat().st_size for path in log.parent.iterdir()) <= 1_500_000


def test_a_place_that_cannot_be_written_harms_nobody(tmp_path, monkeypatch, capfd):
    file = tmp_path / "file"
    file.write_text("no folder")
    monkeypatch.setenv("GDVIZ_LOG", str(file / "gdviz.log"))
    start_log()
    fail()
    assert capfd.readouterr().err == ""
    monkeypatch.undo()
    start_log()


def test_a_full_disk_harms_nobody(monkeypatch, capfd):
    monkeypatch.setenv("GDVIZ_LOG", "/dev/full" if sys.platform == "linux" else "nul")
    start_log()
    fail()
    assert capfd.readouterr().err == ""
    monkeypatch.undo()
    start_log()


def test_without_a_log_nothing_is_printed():
    """As in a program that has a window of ours in it."""
    code = "import gdviz.base.logging, logging; logging.getLogger('gdviz.x').error('dark')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_what_libraries_warn_of_goes_to_the_log_and_not_to_the_person(log, tmp_path):
    program = (
        "import warnings\n"
        "from gdviz.base.logging import start_log\n"
        "start_log()\n"
        "warnings.warn('invalid value encountered', RuntimeWarning)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("", "")
    assert "WARNING py.warnings: " in log.read_text(encoding="utf-8")
    assert "RuntimeWarning: invalid value encountered" in log.read_text(encoding="utf-8")
