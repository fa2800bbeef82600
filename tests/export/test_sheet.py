"""The sheet of a figure: its parts are laid out, and drawn, once."""

from __future__ import annotations

import pytest
from matplotlib.artist import Artist

from gdviz.experiment.experiment import Experiment
from gdviz.export import sheet
from gdviz.export.figures.scene import draw_scene
from gdviz.export.options import FigureOptions
from gdviz.scene.scene import build_scene

OPTIONS = FigureOptions(dpi=60)


class _Counted(Artist):
    """Notes how often it is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def draw(self, _renderer: object) -> None:
        self.times += 1


def test_what_is_in_a_png_is_drawn_once_and_lies_where_savefig_lays_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = build_scene(Experiment(), resolution=16)

    def made() -> tuple[bytes, int]:
        counted = _Counted()

        def draw(it: sheet.Sheet) -> None:
            draw_scene(it, scene, panels=True)
            it.figure.add_artist(counted)

        return sheet.file_bytes(draw, "png", OPTIONS), counted.times

    picture, times = made()
    assert times == 1
    monkeypatch.setattr(sheet, "_lay_out", lambda _figure: None)
    assert made() == (picture, 2)
