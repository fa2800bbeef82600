"""Why OpenGL does not draw is said in plain words, whatever the bindings raise."""

import sys

import pytest

from gdviz.ui.map.relief import probe
from gdviz.ui.map.relief.failure import DRIVER_FAILS, NO_BINDINGS, OpenGLError, reason


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OpenGLError("no context can be made"), "no context can be made"),
        (ModuleNotFoundError("No module named 'OpenGL'"), NO_BINDINGS),
        (AttributeError("'NoneType' object has no attribute 'glGetError'"), DRIVER_FAILS),
        (RuntimeError("Shader compile failure (0): b'0:1(10): error'"), DRIVER_FAILS),
        (ValueError(), DRIVER_FAILS),
    ],
)
def test_no_name_of_an_exception_is_shown(error, said):
    assert reason(error) == said
    assert type(error).__name__ not in reason(error)


class NeverCancelled:
    """A job that nobody ends."""

    def cancelled(self):
        return False


@pytest.mark.parametrize("source", ["raise ImportError('no libGL')", "undefined_name", "1 / 0"])
def test_bindings_that_are_missing_or_broken_are_one_sentence(tmp_path, monkeypatch, capfd, source):
    (tmp_path / "OpenGL").mkdir()
    (tmp_path / "OpenGL" / "__init__.py").write_text(source + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.split(".")[0] == "OpenGL"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(SystemExit) as ended:
        probe.main()
    assert ended.value.code != 0
    sentence, _, detail = capfd.readouterr().out.partition("\n")
    assert sentence == NO_BINDINGS
    assert "Error: " in detail  # for the log


def test_another_process_says_it_in_words(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delenv("DISPLAY", raising=False)  # where there is one it draws, offscreen as well
    said = probe.why_not(NeverCancelled())
    assert said
    assert "Error" not in said
    assert ":" not in said
