"""No command line opens a window here, where nobody would close it."""

import pytest

from gdviz.cli import main


@pytest.fixture(autouse=True)
def _no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where a command line that should be refused is accepted, instead of waiting for ever."""

    def opened() -> str:
        pytest.fail("this command line is accepted and opens the window")

    monkeypatch.setattr(main, "why_no_window", opened)
