"""Processes of ours: what they import, and what they return."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import gdviz
from gdviz.base import child_process
from gdviz.base.child_process import ChildProcess


def printed(module: str, *arguments: str) -> tuple[str, int]:
    with ChildProcess(module, arguments, stdout=subprocess.PIPE) as child:
        text, _ = child.process.communicate()
    return text.decode(), child.process.returncode


def test_the_package_is_the_one_that_runs_though_another_one_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gdviz").mkdir()
    (tmp_path / "gdviz" / "__init__.py").write_text("raise RuntimeError('the wrong one')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with ChildProcess("gdviz.base.format", stderr=subprocess.PIPE) as child:
        _, error = child.process.communicate()
    assert b"has no attribute 'main'" in error  # it was imported from here
    assert str(Path(gdviz.__file__).parent).encode() in error


def test_its_code_is_that_of_the_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "child.py").write_text(
        "import os, sys\ndef main():\n    print(sys.argv[1], flush=True)\n    exec(sys.argv[2])\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert printed("child", "é 1", "pass") == ("é 1\n", 0)
    assert printed("child", "2", "sys.exit(3)") == ("2\n", 3)
    if sys.platform != "win32":
        assert printed("child", "3", "os.kill(os.getpid(), 9)") == ("3\n", 128 + 9)


def test_no_launcher_of_a_virtual_environment_stands_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "venv/python.exe")
    monkeypatch.setattr(sys, "_base_executable", "base/python.exe", raising=False)
    with monkeypatch.context() as there:
        there.setattr(os, "name", "nt")
        python, variables = child_process._interpreter()
        assert python == "base/python.exe"
        assert variables == {"__PYVENV_LAUNCHER__": "venv/python.exe"}
        there.setattr(sys, "executable", "base/python.exe")
        assert child_process._interpreter() == ("base/python.exe", {})
    assert child_process._interpreter() == ("venv/python.exe", {})


@pytest.mark.parametrize(("said", "waits"), [(None, "PASSIVE"), ("ACTIVE", "ACTIVE")])
def test_threads_of_openmp_wait_asleep_unless_the_person_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | None, waits: str
) -> None:
    (tmp_path / "child.py").write_text(
        "import os\ndef main():\n    print(os.environ['OMP_WAIT_POLICY'], flush=True)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    if said is not None:
        monkeypatch.setenv("OMP_WAIT_POLICY", said)
    assert printed("child") == (f"{waits}\n", 0)
