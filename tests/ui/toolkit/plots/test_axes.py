"""Axes whose names have room, whatever their length."""

import pytest

from gdviz.ui.toolkit.plots.axes import _AROUND
from gdviz.ui.toolkit.plots.plot import Plot

LONG = "the sum of all that was ever counted"


@pytest.mark.parametrize("height", [60, 110, 900])
def test_a_name_that_is_longer_than_its_axis_is_written_smaller(qtbot, height):
    plot = Plot(LONG, "step")
    qtbot.addWidget(plot)
    plot.plot.setFixedHeight(height)
    plot.show()
    plot.left.setLabel(LONG)
    axis, name = plot.left, plot.left.label
    length = name.boundingRect().width()
    assert name.scale() == pytest.approx(min(1.0, axis.size().height() / length))
    seen = name.mapRectToParent(name.boundingRect())
    assert seen.top() >= -0.01
    assert seen.bottom() <= axis.size().height() + 0.01
    assert seen.center().y() == pytest.approx(axis.size().height() / 2, abs=1.0)


def test_a_name_below_has_room_in_each_size_of_text(qtbot, qapp):
    """At half as large again it touched the labels of the ticks."""
    usual, plot = qapp.font(), Plot("f", "step")
    qtbot.addWidget(plot)
    plot.resize(400, 300)
    plot.show()
    axis = plot.bottom
    try:
        for times in (1.0, 1.5, 2.0):
            font = qapp.font()
            font.setPointSizeF(times * usual.pointSizeF())
            qapp.setFont(font)
            axis.fit_font()
            for _ in range(3):
                plot.grab()  # which measures the labels
                plot.plot.getPlotItem().layout.activate()
            below = axis.style["tickTextOffset"][1] + axis.textHeight
            assert axis.label.y() + _AROUND >= below
            qapp.setFont(usual)
    finally:
        qapp.setFont(usual)
