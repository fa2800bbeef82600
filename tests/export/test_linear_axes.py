"""Ticks of linear axes in figures, spelled as in the window."""

from itertools import pairwise

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gdviz.base.geometry import Range
from gdviz.export.sheet import frame_map, frame_panel


def drawn(axes: Axes) -> tuple[list[str], list[str]]:
    """Return the labels within the limits, along x and y, and refuse an offset."""
    FigureCanvasAgg(axes.figure).draw()
    found = []
    for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        assert axis.get_offset_text().get_text() == ""
        ticks = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True)
        found.append([text.get_text() for at, text in ticks if limits[0] <= at <= limits[1]])
    return found[0], found[1]


def test_both_axes_of_a_map_are_spelled_alike() -> None:
    axes = Figure((5, 5)).add_subplot()
    frame_map(axes, Range(-1.0, 1.0, -4.0, 4.0), ("a", "b"))
    along_a, along_b = drawn(axes)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("a", "b")
    assert along_a == ["−1", "−0.5", "0", "0.5", "1"]
    assert along_b == ["−4", "−3", "−2", "−1", "0", "1", "2", "3", "4"]


def test_a_narrow_map_has_whole_numbers_that_differ_and_do_not_cover_each_other() -> None:
    axes = Figure((5, 5)).add_subplot()
    frame_map(axes, Range(2.5 - 1e-5, 2.5 + 1e-5, 2.5 - 1e-5, 2.5 + 1e-5), ("a", "b"))
    along_a, along_b = drawn(axes)
    assert along_a == ["2.49999", "2.499995", "2.5", "2.500005", "2.50001"]
    assert along_b[:3] == ["2.49999", "2.4999925", "2.499995"]
    boxes = [label.get_window_extent() for label in axes.xaxis.get_majorticklabels()]
    assert all(one.x1 < other.x0 for one, other in pairwise(boxes))


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.0, 8e6, ["0", "2·10⁶", "4·10⁶", "6·10⁶", "8·10⁶"]),
        (1000.0, 1000.0000002, ["1000", "1000.00000005", "1000.0000001",
                                 "1000.00000015", "1000.0000002"]),
        (-0.2, 0.2, ["−0.2", "−0.1", "0", "0.1", "0.2"]),
    ],
)  # fmt: skip
def test_a_panel_has_no_offset(low: float, high: float, labels: list[str]) -> None:
    axes = Figure((5, 2.2)).add_subplot()
    frame_panel(axes, "Loss f")
    margin = (high - low) * 1e-3
    axes.set_ylim(low - margin, high + margin)
    assert drawn(axes)[1] == labels


def test_a_logarithmic_axis_keeps_its_ticks() -> None:
    axes = Figure().add_subplot()
    axes.set_xscale("log")
    before = axes.xaxis.get_major_formatter(), axes.xaxis.get_major_locator()
    frame_panel(axes, "")
    assert (axes.xaxis.get_major_formatter(), axes.xaxis.get_major_locator()) == before
