"""Writing files: whole or not at all, with the mode and the kind of file that was there."""

import ast
import os
import stat
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from gdviz.base import files
from gdviz.base.cancel import Cancelled
from gdviz.base.files import (
    absolute,
    file_type,
    is_there,
    locked,
    open_to_read,
    read_file,
    reason,
    refusal,
    shown,
    stamp,
    write_file,
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_written_and_written_over(tmp_path: Path) -> None:
    path = tmp_path / "out.bin"
    write_file(path, b"one")
    write_file(str(path), b"three")
    assert path.read_bytes() == b"three"
    assert names(tmp_path) == ["out.bin"]


@pytest.mark.parametrize("stage", ["fsync", "chmod", "replace"])
def test_a_failure_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    path = tmp_path / "out.bin"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if stage == "fsync" else Path, stage, fail)
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


def test_who_gives_up_before_the_end_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"before")
    with pytest.raises(Cancelled):
        write_file(path, b"after", lambda: True)
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]
    assert path.read_bytes() == b"before"


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


@posix
@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_read_only_file_is_not_replaced(tmp_path: Path, kind: str) -> None:
    """A rename asks the folder alone, and whoever may do everything is asked nothing."""
    target = path = tmp_path / "kept"
    path.write_bytes(b"old")
    path.chmod(0o444)
    if kind == "link":
        path = tmp_path / "link"
        path.symlink_to(target)
    with pytest.raises(PermissionError) as caught:
        write_file(path, b"new")
    assert reason(caught.value) == "the file is read-only"
    assert target.read_bytes() == b"old"


def test_what_a_killed_process_left_is_removed_once_it_is_old(tmp_path: Path) -> None:
    old, young = tmp_path / ".gdviz.1.part", tmp_path / ".gdviz.2.part"
    others = tmp_path / "mine.part", tmp_path / ".gdviz.notes"
    for path in (old, young, *others):
        path.write_bytes(b"half")
        if path is not young:
            os.utime(path, (time.time() - 61,) * 2)
    write_file(tmp_path / "new", b"")
    assert sorted(names(tmp_path)) == [".gdviz.2.part", ".gdviz.notes", "mine.part", "new"]


@posix
def test_a_pipe_without_a_reader_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    monkeypatch.setattr("gdviz.base.files._PATIENCE", 0.0)
    with pytest.raises(OSError, match="Nobody reads from this pipe"):
        write_file(path, b"new")


def test_the_bytes_are_on_the_disk_before_the_name_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    flush, rename = os.fsync, Path.replace

    def fsync(handle: int) -> None:
        flush(handle)
        done.append(f"{os.fstat(handle).st_size} bytes flushed")

    def replace(path: Path, target: Path) -> Path:
        done.append("renamed")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    write_file(tmp_path / "out", b"three")
    assert done == ["5 bytes flushed", "renamed"]


@posix
def test_what_stands_at_a_path_is_asked_without_an_exception(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    found = {
        name: file_type(tmp_path / name)
        for name in ("file", ".", "pipe", "none", "loop", "file/below", "y" * 5000, "nul\0")
    }
    assert list(found.values()) == ["file", "folder", "special", *["absent"] * 5]
    assert file_type(os.devnull) == "special"


@posix
def test_what_cannot_be_a_path_or_may_not_be_looked_at_is_an_oserror(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    asked = {"read": partial(read_file, most=1), "open": open_to_read,
             "write": partial(write_file, data=b""), "there": is_there}  # fmt: skip
    answers = {
        "nul\0": "no file can be called that",
        "half\ud800": "no file can be called that",
        "y" * 5000: "file name too long",
        "loop": "too many levels of symbolic links",
    }
    for name, words in answers.items():
        for what, ask in asked.items():
            if (name, what) == ("loop", "there"):
                continue  # the link itself is there
            with pytest.raises(OSError) as caught:  # noqa: PT011 - which one is asserted below
                ask(tmp_path / name)
            assert reason(caught.value) == words, what
        assert stamp(tmp_path / name) is None
    assert is_there(tmp_path / "loop")
    assert not is_there(tmp_path / "none")
    assert not is_there(tmp_path / "file" / "below")
    assert (tmp_path / "loop").is_symlink()
    monkeypatch.setattr(os, "lstat", _refuse)
    with pytest.raises(PermissionError):
        is_there(tmp_path)


def test_a_path_in_a_sentence_is_printable_and_not_too_long() -> None:
    error = FileNotFoundError(2, "No such file or directory")
    assert refusal(Path("a b.json"), error) == (
        "a b.json cannot be read: no such file or directory"
    )
    assert shown("\x1b[1m.json") == r"\x1b[1m.json"
    long = shown("/folder/" + "y" * 5000 + "/name.json")
    assert len(long) == 241
    assert (long[:8], long[-10:]) == ("/folder/", "/name.json")


def test_a_path_from_a_folder_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise FileNotFoundError(2, "No such file or directory")

    assert absolute("name").is_absolute()
    monkeypatch.setattr(os, "getcwd", gone)
    assert absolute("name") == Path("name")


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_paths_are_asked_in_one_place() -> None:
    """What asks for itself meets answers, such as a name too long, that nobody has thought of."""
    asks = {"absolute", "exists", "glob", "is_dir", "is_file", "iterdir", "lexists", "lstat",
            "resolve", "rglob", "samefile", "scandir", "stat", "walk"}  # fmt: skip
    package = Path(files.__file__).parents[1]
    # And what is shipped.
    ours = ("base/files.py", "base/resources.py", "experiment/guided/guides.py")
    for path in package.rglob("*.py"):
        if path.relative_to(package).as_posix() in ours:
            continue
        source = path.read_text(encoding="utf-8")
        if not any(f".{name}(" in source for name in (*asks, "open")):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                is_open = node.func.attr == "open" and [ast.unparse(a) for a in node.args] == [
                    "'rb'"
                ]
                assert not (node.func.attr in asks or is_open) or ast.unparse(node.func) == (
                    "ast.walk"
                ), f"{path}:{node.lineno}"


def test_a_folder_that_may_not_be_entered_raises_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the tests may be allowed everything: the system's answer is made here."""
    monkeypatch.setattr(os, "stat", _refuse)
    assert file_type(tmp_path) == "absent"


def test_a_lock_keeps_others_out_until_it_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gdviz.base.files._PATIENCE", 0.0)
    path = tmp_path / "folder" / "shared.json"
    with locked(path), pytest.raises(OSError, match="Another program is changing it"), locked(path):
        pass
    with locked(path):
        pass
