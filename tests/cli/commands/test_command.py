"""What all commands do: what a person's code prints comes on standard error, and not much of it."""

from pathlib import Path

import pytest

from gdviz.cli.main import REFUSED, main

LOSS = "def loss(a, b):\n    return a * a + b * b\n"


def ran(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    (folder / "model.py").write_text(text)
    code = main(["table", str(folder / "model.py"), "--steps", "1"])
    return code, *capsys.readouterr()


def test_what_code_prints_stays_out_of_the_results(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    quiet = ran(tmp_path, LOSS, capsys)
    assert quiet[2] == ""
    code, results, said = ran(tmp_path, "print('loading', flush=True)\n" + LOSS, capsys)
    assert (code, results) == quiet[:2]
    assert said == "gdviz: the code printed:\n  loading\n"
    *_, said = ran(tmp_path, "print('line\\n' * 1_000_000)\n" + LOSS, capsys)
    assert said.count("\n") == 22
    assert said.endswith("  line\n  … and 999,981 lines more\n")


def test_what_code_printed_that_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, results, said = ran(tmp_path, "print('so far')\n1 / 0\n", capsys)
    assert (code, results) == (REFUSED, "")
    assert said.startswith("gdviz: the code printed:\n  so far\ngdviz: model.py, line 2: ZeroDiv")
    fails_later = LOSS.replace("return", "print('so far')\n    return {}[a] *")
    code, _, said = ran(tmp_path, fails_later, capsys)
    assert "gdviz: the code printed:\n  so far\n" in said
