"""What is said of what a person's file raises."""

import sys
from pathlib import Path

import pytest

from gdviz.engine.objectives.code_process import open_code
from gdviz.engine.objectives.code_ref import CodeError

GOOD = "def loss(a, b):\n    return a + b\n"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("mine.py", "import scipy; scipy.linalg"),
        ("mine.py", "import scipy.linalg"),
        ("mine.py", "from scipy import linalg"),
        ("scipy.py", "import scipy.linalg"),
        ("scipy.py", "import scipy; scipy.linalg"),
    ],
)
def test_a_file_that_hides_a_library_is_named(tmp_path: Path, name: str, line: str) -> None:
    (tmp_path / "scipy.py").write_text("")
    (tmp_path / name).write_text(f"{line}\n{GOOD}")
    with pytest.raises(CodeError) as caught:
        open_code(tmp_path / name, (tmp_path / name).read_bytes())
    assert str(caught.value) == (
        f"{name}, line 1: scipy.py in its folder is imported in place of the library scipy, which "
        "has that name as well: give it another one"
    )


def test_of_other_modules_and_objects_that_is_not_said(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("")
    for line, words in (
        ("import helper; helper.name", "module 'helper' has no attribute 'name'"),
        ("import scipy; scipy.name", "odule 'scipy' has no attribute 'name'"),
        ("(1.5).name", "'float' object has no attribute 'name'"),
        ("import nothing_of_that_name", f"gdviz, {sys.executable}, has no module nothing_of_"),
    ):
        with pytest.raises(CodeError) as caught:
            open_code(tmp_path / "mine.py", f"{line}\n{GOOD}".encode())
        assert words in str(caught.value)
