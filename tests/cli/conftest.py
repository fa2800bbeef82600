"""No command line opens a window here, where nobody would close it, and maps are coarse."""

import pytest

from gdviz.cli import main
from gdviz.export import sheet
from gdviz.scene import scene


@pytest.fixture(autouse=True)
def _no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where a command line that should be refused is accepted, instead of waiting for ever."""

    def opened() -> str:
        pytest.fail("this command line is accepted and opens the window")

    monkeypatch.setattr(main, "why_no_window", opened)


@pytest.fixture(autouse=True)
def _coarse_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a map have a few cells: how fine one is, is tested where maps are."""
    monkeypatch.setattr(scene, "FINE", 64)
    monkeypatch.setattr(scene, "COARSE", 16)


@pytest.fixture
def nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave pictures empty, where only what is said beside them is asked."""
    monkeypatch.setattr(sheet, "save_sheet", lambda _draw, path, _options: path.touch())
