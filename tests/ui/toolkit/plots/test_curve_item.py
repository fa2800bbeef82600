"""A jagged line is drawn by its segments: the same pixels as its path, with its gaps."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsScene

from gdviz.ui.toolkit.pens import pen
from gdviz.ui.toolkit.plots.curve_item import CurveItem, LinesItem
from gdviz.ui.toolkit.plots.outlines import Outlines

SIZE = 400, 120


def pixels(qtbot, x, y, width, *, as_path=False, like=False, is_graph=False):
    """Return how dark a line is, pixel by pixel, from 0 to 1."""
    scene, item = QGraphicsScene(), LinesItem(is_graph)
    item.set_lines([(x, y, pen("#000000", width))])
    if like:
        other, item = item, LinesItem()
        item.set_like(other, [pen("#000000", width)])
    if as_path:
        item._outlines.segments = lambda _rank: None
    scene.addItem(item)
    image = QImage(*SIZE, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter, extent = QPainter(image), QRectF(0, 0, *SIZE)
    scene.render(painter, extent, extent)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(SIZE[1], image.bytesPerLine())
    return 1.0 - rows[:, : SIZE[0]] / 255.0


@pytest.fixture
def jagged():
    x = np.linspace(5, 395, 80)
    return x, 60 + 25 * np.random.default_rng(2).normal(size=len(x)).clip(-2, 2)


@pytest.mark.parametrize("width", [2.0, 4.0])
@pytest.mark.parametrize("like", [False, True])
def test_segments_cover_what_the_path_covers(qapp, qtbot, jagged, width, like):
    segments = pixels(qtbot, *jagged, width, like=like)
    path = pixels(qtbot, *jagged, width, as_path=True)
    assert path.sum() > 3000
    assert segments.sum() == pytest.approx(path.sum(), rel=0.05)
    assert np.abs(segments - path).sum() < 0.08 * path.sum()  # but for the corners


def test_a_gap_stays_one(qapp, qtbot, jagged):
    x, y = jagged
    y = np.where((x > 150) & (x < 250), np.nan, y)
    drawn = pixels(qtbot, x, y, 2.0)
    assert drawn[:, 160:240].sum() == 0.0
    assert drawn[:, :140].sum() > 500
    assert drawn[:, 260:].sum() > 500


def test_a_smooth_line_has_no_segments(qapp):
    x = np.linspace(0, 300, 200)
    item = CurveItem()
    item.set_data(x, x / 3, pen("#000000", 2.0))
    assert item._outlines.segments(0) is None


def test_lines_are_thinned_each_as_if_it_were_alone(qapp, jagged):
    x = np.linspace(0, 300, 200)
    lines = [(x, x**2 / 900), jagged, (x[:0], x[:0]), (x[:1], x[:1]), (x, np.cos(x / 9))]
    drawn = Outlines(lines, (1.0, 1.0)).vertices
    for (all_x, all_y), (some_x, some_y) in zip(lines, drawn, strict=True):
        assert set(zip(some_x, some_y, strict=True)) <= set(zip(all_x, all_y, strict=True))
        assert some_x[:1].tolist() == all_x[:1].tolist()
        assert some_x[-1:].tolist() == all_x[-1:].tolist()
        if len(all_x):
            assert np.abs(np.interp(all_x, some_x, some_y) - all_y).max() < 0.4
    assert len(drawn[0][0]) < 30
    assert len(drawn[1][0]) > 75


def test_nothing_is_drawn_of_a_line_without_a_point(qapp):
    x = np.arange(200.0)
    outlines = Outlines([(x, x), (x, np.full(200, np.nan)), (x, x)], (1.0, 1.0))
    assert [len(x) > 1 for x, _ in outlines.vertices] == [True, False, True]
    assert outlines.path(1).isEmpty()


def test_a_box_is_that_of_the_path(qapp, jagged):
    for y in (jagged[1], np.where(jagged[0] > 200, np.nan, jagged[1]), np.full(80, np.nan)):
        item = CurveItem()
        item.set_data(jagged[0], y, pen("#000000", 2.0))
        assert item._outlines.box == item._outlines.path(0).controlPointRect()


@pytest.mark.parametrize(("count", "width"), [(80, 2.0), (205, 1.0)])
def test_a_graph_that_would_be_a_band_is_thin(qapp, qtbot, count, width):
    """Vertices 5 pixels apart are told apart by a line of 2 pixels, and those 1.9 apart not."""
    x = np.linspace(5, 395, count)
    y = 60 + 20 * (-1.0) ** np.arange(count)
    graph = pixels(qtbot, x, y, 2.0, is_graph=True)
    assert graph.sum() == pytest.approx(pixels(qtbot, x, y, width).sum(), rel=0.05)
    assert graph[:, 20:380].min(axis=1).max() < 0.7  # the ground is seen in every row
