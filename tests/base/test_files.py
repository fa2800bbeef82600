"""Writing files: whole or not at all, with the mode and the kind of file that was there."""

import os
import stat
import sys
import threading
import time
from pathlib import Path

import pytest

from gdviz.base.files import read_file, reason, write_file

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_written_and_written_over(tmp_path: Path) -> None:
    path = tmp_path / "out.bin"
    write_file(path, b"one")
    write_file(str(path), b"three")
    assert path.read_bytes() == b"three"
    assert names(tmp_path) == ["out.bin"]


@pytest.mark.parametrize("stage", ["fdopen", "chmod", "replace"])
def test_a_failure_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    path = tmp_path / "out.bin"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if stage == "fdopen" else Path, stage, fail)
    with pytest.raises(OSError, match="No space") as caught:
        write_file(path, b"new")
    assert reason(caught.value) == "no space left on device"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["out.bin"]


def test_an_interrupt_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.bin"
    path.write_bytes(b"old")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["out.bin"]


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path, words in (
        (tmp_path, "is a directory"),
        (tmp_path / "missing" / "out.bin", "no such file or directory"),
        (tmp_path / "file" / "out.bin", "not a directory"),
    ):
        with pytest.raises(OSError) as caught:  # noqa: PT011 - which one is asserted below
            write_file(path, b"new")
        assert reason(caught.value) == words
    assert names(tmp_path) == ["file"]


def test_reason_without_a_system_error() -> None:
    assert reason(OSError("Something Odd")) == "something odd"


@posix
def test_a_new_file_has_the_mode_of_any_other(tmp_path: Path) -> None:
    (tmp_path / "ordinary").write_bytes(b"")
    write_file(tmp_path / "ours", b"")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1


@posix
def test_an_old_file_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "private"
    path.write_bytes(b"old")
    path.chmod(0o600)
    write_file(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_file(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert names(target.parent) == ["target"]


@posix
def test_a_long_name(tmp_path: Path) -> None:
    """The temporary name is not built on it, and so never too long."""
    path = tmp_path / ("y" * 250)
    write_file(path, b"new")
    assert path.read_bytes() == b"new"


@posix
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """As `/dev/stdout` and `/dev/null` are: renaming a file over them would be their end."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(path.read_bytes()), daemon=True)
    reader.start()
    write_file(path, b"new")
    reader.join(10)
    assert received == [b"new"]
    assert stat.S_ISFIFO(path.stat().st_mode)


@posix
def test_a_pipe_is_read_and_waited_for_only_where_somebody_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    monkeypatch.setattr("gdviz.base.files._PATIENCE", 0.3)
    with pytest.raises(OSError, match="nobody writes to this pipe"):
        read_file(path, 100)

    def write() -> None:
        with path.open("wb", buffering=0) as pipe:
            time.sleep(0.5)  # longer than nobody is waited for: somebody is there
            pipe.write(b"one")
            time.sleep(0.1)
            pipe.write(b" and two")

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    assert read_file(path, 7) == b"one and"
    writer.join(10)


@posix
def test_what_a_shell_hands_over_is_read() -> None:
    ours, theirs = os.pipe()
    os.write(theirs, b"a,b")
    os.close(theirs)
    assert read_file(f"/dev/fd/{ours}", 100) == b"a,b"
    os.close(ours)


def test_a_failure_names_the_file_that_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "no" / "where.txt"
    with pytest.raises(FileNotFoundError) as caught:
        write_file(path, b"")
    assert caught.value.filename == str(path)
