"""The map, used with a mouse and keys."""

import math
import re
from itertools import pairwise

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsSceneWheelEvent

from gdviz.base.format import number, pair
from gdviz.base.geometry import Range
from gdviz.engine.analysis.color_scale import ColorScale
from gdviz.engine.analysis.grid import COARSE, FINE
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.ui.map.color_bar import ColorBar, color_table
from gdviz.ui.map.notice import MapNotice
from gdviz.ui.map.paths import point_html
from gdviz.ui.toolkit.plots.axes import ValueAxis
from gdviz.ui.toolkit.theme import LIGHT
from tests.ui.conftest import Paints

MAPS_ARE_FINE = True


def spans(ui):
    """Width and height of what the map shows."""
    (a_low, a_high), (b_low, b_high) = ui.window.map_view.box.viewRange()
    return a_high - a_low, b_high - b_low


def pixel_size(ui):
    return np.array(ui.window.map_view.box.viewPixelSize())


def bare_picture(ui):
    """The map without anything that is drawn over the surface."""
    view = ui.window.map_view
    drawn = [
        i for i in view.box.childGroup.childItems() if i.isVisible() and i is not view.ground.image
    ]
    for item in (*drawn, view.legend):
        item.hide()
    picture = view.plot.grab().toImage()
    for item in (*drawn, view.legend):
        item.show()
    return picture


def colour_at(ui, picture, a, b):
    at = ui.viewport.mapTo(ui.window.map_view.plot, ui.pixel(a, b))
    return np.array(picture.pixelColor(at).getRgb()[:3])


# ---------------------------------------------------------------- the start


@pytest.mark.parametrize("where", [(-3.0, 2.5), (4.5, -3.5)])
def test_a_click_sets_the_start_to_where_it_was(ui, where):
    ui.click(*where)
    ui.frame()
    assert np.abs(np.subtract(ui.experiment.start, where)).max() < 1.01 * pixel_size(ui).max()
    for run in ui.scene.runs:
        assert tuple(run.path.theta[0]) == ui.experiment.start


def test_a_click_gives_no_more_digits_than_a_pixel_has(ui):
    ui.click(-3.0, 2.5)
    for coordinate in ui.experiment.start:
        assert coordinate == round(coordinate, 3)


def test_a_click_on_a_path_counts_too(ui):
    a, b = ui.scene.runs[0].path.theta[10]
    ui.click(a, b)
    assert ui.experiment.start == pytest.approx((a, b), abs=0.03)


def test_other_buttons_and_the_axes_are_no_clicks(ui):
    before = ui.experiment
    ui.click(-3, 2.5, Qt.MouseButton.RightButton)
    ui.click(-3, 2.5, Qt.MouseButton.MiddleButton)
    QTest.mouseClick(ui.viewport, Qt.MouseButton.LeftButton, pos=QPoint(20, 200))
    assert ui.experiment is before


def test_dragging_the_marker_moves_paths_live(ui):
    view = ui.window.map_view
    landscape = ui.scene.landscape
    start = ui.pixel(*ui.experiment.start)
    way = [start + QPoint(-6 * k, 5 * k) for k in range(1, 16)]
    ends = []
    for pixel in ui.drag(start, way):
        ui.frame()
        assert ui.experiment.start == pytest.approx(ui.place(pixel), abs=1.5 * pixel_size(ui).max())
        ends.append(tuple(ui.scene.runs[0].path.theta[-1]))
        line = view._paths._lines.lines[0]
        assert line.x[0] == ui.experiment.start[0]  # it is drawn, too
    assert len(set(ends)) == len(ends)
    assert ui.scene.landscape is landscape
    assert view.box.viewRange() == [[-6, 6], [-4, 5]]  # nothing was panned


def test_arrow_keys_move_the_start_by_a_hundredth_of_the_map(ui):
    ui.viewport.parentWidget().setFocus()
    ui.change(start=(1.0, 1.0))
    QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_Right)
    ui.frame()
    assert ui.experiment.start == pytest.approx((1.12, 1.0), abs=2e-3)
    QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    ui.frame()
    assert ui.experiment.start == pytest.approx((1.12, 1.009), abs=2e-3)
    QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_Left)
    ui.frame()
    QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_Down)
    ui.frame()
    assert ui.experiment.start == pytest.approx((1.0, 0.919), abs=2e-3)


def test_the_cross_shows_that_the_keys_are_the_maps(ui):
    plot, cross = ui.window.map_view.plot, ui.window.map_view._start
    ui.window.activateWindow()
    for widget, width in ((plot, 2.5), (ui.window.surface_box._choice, 1.2)):
        widget.setFocus()
        ui.qtbot.waitUntil(widget.hasFocus)
        assert cross.pen.widthF() == width  # the current one may be that of a cursor on it


def test_arrow_keys_faster_than_frames_lose_no_step(ui):
    ui.change(start=(1.0, 1.0))
    for _ in range(5):
        QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_Right)
    assert ui.experiment.start == pytest.approx((1.6, 1.0), abs=5e-3)


# ---------------------------------------------------------------- zoom and pan


def test_the_wheel_zooms_coarse_at_once_and_fine_from_the_worker(ui):
    resolutions = []
    ui.window.store.scene_changed.connect(
        lambda scene: resolutions.append(scene.landscape.grid.resolution)
    )
    paths = [run.path for run in ui.scene.runs]
    before = spans(ui)
    place = (2.0, -1.0)
    pixel = ui.pixel(*place)
    ui.wheel(*place, 2)
    ui.qtbot.waitUntil(lambda: ui.experiment.range is not None)
    ui.settle()
    assert resolutions == [COARSE, FINE]
    assert spans(ui)[0] < 0.95 * before[0]
    assert spans(ui)[0] / spans(ui)[1] == pytest.approx(before[0] / before[1])
    assert ui.place(pixel) == pytest.approx(place, abs=0.03)  # what is under the cursor stays
    assert ui.experiment.range == pytest.approx(sum(map(tuple, map_range(ui)), ()))
    assert all(run.path is path for run, path in zip(ui.scene.runs, paths, strict=True))
    assert ui.scene.landscape.grid.range == ui.experiment.map_range


def map_range(ui):
    return ui.window.map_view.box.viewRange()


def test_a_drag_beside_the_marker_pans(ui):
    start = ui.pixel(-3, -2)
    (before,) = {spans(ui)}
    for _ in ui.drag(start, [start + QPoint(10 * k, 4 * k) for k in range(1, 8)]):
        pass
    ui.settle()
    assert ui.experiment.start == (1.5, 4.0)
    assert ui.place(start + QPoint(70, 28)) == pytest.approx((-3, -2), abs=0.03)
    assert spans(ui) == pytest.approx(before)
    assert ui.experiment.range[0] < -6


@pytest.mark.parametrize("how", ["key", "button"])
def test_home_returns(ui, how):
    ui.wheel(0, 0, 5)
    ui.qtbot.waitUntil(lambda: ui.experiment.range is not None)
    if how == "key":
        QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_Home)
    else:
        (button,) = (
            b for b in ui.window.map_strip.children() if getattr(b, "text", str)() == "Home"
        )
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    ui.settle()
    assert ui.experiment.range is None
    assert map_range(ui) == [[-6, 6], [-4, 5]]


def test_the_view_never_leaves_the_scene_behind(ui):
    """Zooming in where floats are too coarse to tell points apart is refused, and looks refused."""
    ui.change(range=(999_990.0, 1e6, -5.0, 5.0), start=(999_995.0, 0.0))
    for _ in range(30):
        ui.wheel(999_999.0, 0, 14)
        ui.qtbot.wait(17)
    ui.settle()
    drawn = ui.scene.landscape.grid.range
    assert sum(map(tuple, map_range(ui)), ()) == pytest.approx(tuple(drawn), rel=1e-12, abs=1e-9)


@pytest.mark.parametrize(
    "extent",
    [(1.5, 1.5 + 1e-6, 4.0, 4.0 + 1e-6), (-1e6, 1e6, -1e6, 1e6), (-1e6, 1e6, 0.0, 1e-3)],
)
def test_deep_and_far_zooms_do_not_break(ui, extent):
    ui.change(range=extent)
    ui.click((extent[0] + extent[1]) / 2, (extent[2] + extent[3]) / 2)
    ui.settle()
    assert ui.window.map_view.plot.grab().width() > 300
    assert ui.experiment.start == pytest.approx(
        ((extent[0] + extent[1]) / 2, (extent[2] + extent[3]) / 2),
        rel=1e-6, abs=float(1.01 * pixel_size(ui).max()),
    )  # fmt: skip
    ui.point_at(*ui.experiment.start)
    assert ui.readout().startswith("a ")
    ui.wheel(*ui.experiment.start, 3)
    ui.qtbot.wait(40)
    ui.settle()


# ---------------------------------------------------------------- what is drawn


def test_the_picture_has_each_loss_where_it_belongs(ui):
    # exp(a) + 3b tells a from b, and each from its negative.
    ui.show(Experiment(function=FormulaFunction("exp(a) + 3*b"), range=(-1.0, 3.0, -2.0, 2.0)))
    picture = bare_picture(ui)
    scale = ui.scene.landscape.scale
    seen = set()
    for a in (-0.8, 0.5, 1.7, 2.8):
        for b in (-1.7, 0.2, 1.8):
            expected = color_table("cividis")[int(scale.place(math.exp(a) + 3 * b) * 255)][:3]
            actual = colour_at(ui, picture, a, b)
            assert np.abs(actual.astype(int) - expected).max() <= 6, (a, b)
            seen.add(tuple(actual))
    assert len(seen) > 8


def hatched(ui, picture, a, b):
    """Tell whether there is nothing around a place but hatching on the theme's ground."""
    pixel_a, pixel_b = ui.window.map_view.box.viewPixelSize()
    around = {
        tuple(colour_at(ui, picture, a + i * pixel_a, b + j * pixel_b))
        for i in range(8)
        for j in range(8)
    }
    ground = QColor(LIGHT.panel).getRgb()[:3]
    return ground in around and len(around) > 1 and all(np.ptp(color) < 40 for color in around)


def test_holes_are_hatched(ui):
    ui.show(Experiment(function=FormulaFunction("log(a) + b"), start=(1.0, 1.0)))
    picture = bare_picture(ui)
    for b in (-4, 0, 4):
        assert hatched(ui, picture, -2.5, b)
    assert not hatched(ui, picture, 2.5, 1)


def test_infinite_losses_are_holes_as_in_pictures(ui):
    """exp(exp(a)) is beyond the largest float from a = 6.57 on."""
    formula = FormulaFunction("exp(exp(a)) + b")
    ui.show(Experiment(function=formula, start=(1.0, 0.5), range=(0.0, 8.0, -1.0, 1.0)))
    picture = bare_picture(ui)
    assert hatched(ui, picture, 7.3, 0.0)
    assert not hatched(ui, picture, 6.0, 0.0)


def test_a_surface_of_nothing_but_holes_is_drawn(ui):
    ui.show(Experiment(function=FormulaFunction("sqrt(-1 - a**2 - b**2)"), start=(1.0, 1.0)))
    assert hatched(ui, bare_picture(ui), 1, 1)


def test_known_minima_are_marked_and_can_be_hidden(ui):
    ui.show(on_surface(ui.experiment, SURFACES["himmelblau"]))
    view = ui.window.map_view
    assert len(view.ground.minima.data) == 4
    assert "known minimum" in view.legend.text()
    ui.action("show_minima").trigger()
    assert not view.ground.minima.isVisible()
    assert "known minimum" not in view.legend.text()
    ui.action("show_minima").trigger()
    assert view.ground.minima.isVisible()
    assert "known minimum" in view.legend.text()


def test_the_legend_names_other_starts_while_they_are_shown(ui):
    ui.change(more_starts=((1.0, 1.0), (2.0, 1.0)))
    ui.settle()
    legend = ui.window.map_view.legend
    for is_said in (True, False, True):
        assert ("2 other starts" in legend.text()) == is_said
        ui.action("show_others").trigger()


def test_contours_and_legend_can_be_hidden(ui):
    view = ui.window.map_view
    assert view.ground.contours.isVisible()
    assert view.legend.isVisible()
    ui.action("show_contours").trigger()
    ui.action("show_legend").trigger()
    assert not view.ground.contours.isVisible()
    assert not view.legend.isVisible()
    ui.change(methods=(Method("backward"),))
    assert not view.legend.isVisible()
    ui.action("show_legend").trigger()
    assert view.legend.isVisible()
    assert "Backward difference" in view.legend.text()


def under_the_legend(ui, points):
    """Count the points on the map that the legend hides."""
    view = ui.window.map_view
    rect = view.legend.geometry()
    pixels = (ui.viewport.mapTo(view.plot, ui.pixel(*point)) for point in points)
    return sum(rect.contains(pixel) for pixel in pixels)


def place_legend_anew(ui):
    for _ in range(2):
        ui.action("show_legend").trigger()


@pytest.mark.parametrize("corner", [(5.5, 4.7), (-5.5, 4.7), (5.5, -3.7), (-5.5, -3.7)])
def test_the_legend_steps_aside_for_the_start(ui, corner):
    ui.change(start=corner)
    beginnings = [point for run in ui.scene.runs for point in run.path.theta[:5]]
    assert under_the_legend(ui, beginnings) == 0
    assert ui.viewport.rect().contains(ui.window.map_view.legend.geometry())


@pytest.mark.parametrize(
    ("formula", "left", "low"), [("b", True, False), ("a", False, True), ("a + b", True, False)]
)
def test_the_legend_goes_where_it_hides_the_least(ui, formula, left, low):
    # From the top right down the right side, along the top, or through the middle.
    ui.show(Experiment(function=FormulaFunction(formula), start=(4.7, 4.7), range=(-5, 5, -5, 5)))
    place_legend_anew(ui)
    assert under_the_legend(ui, [p for run in ui.scene.runs for p in run.path.theta]) == 0
    legend = ui.window.map_view.legend
    assert (legend.x() < ui.viewport.width() / 3) == left
    assert (legend.y() > ui.viewport.height() / 2) == low


def test_the_legend_stays_while_the_start_does_not_come_under_it(ui):
    ui.change(start=(-5.8, 4.6))
    place_legend_anew(ui)
    legend = ui.window.map_view.legend
    places = []
    for a in np.linspace(-5.8, 5.8, 40):  # along the top and back
        ui.window.store.change(start=(a, 4.6))
        ui.frame()
        places.append(legend.pos().toTuple())
    for a in np.linspace(5.8, -5.8, 40):
        ui.window.store.change(start=(a, 4.6))
        ui.frame()
        places.append(legend.pos().toTuple())
    moves = sum(one != other for one, other in pairwise(places))
    assert 1 <= moves <= 2


def test_the_legend_is_home_again_in_a_window_of_another_size(open_window):
    ui = open_window()
    ui.change(start=(5.5, 4.7))
    view = ui.window.map_view
    home_x = view.box.sceneBoundingRect().right() - view.legend.width() - 8
    assert view.legend.x() < home_x - 20
    ui.change(start=(0.0, 0.0))
    assert view.legend.x() < home_x - 20
    ui.window.resize(1270, 790)
    ui.qtbot.waitUntil(lambda: abs(
        view.legend.x() - view.box.sceneBoundingRect().right() + view.legend.width() + 8) <= 1
    )  # fmt: skip


def test_the_start_is_drawn_where_it_is(ui):
    ui.change(start=(-2.0, 3.0))
    assert tuple(ui.window.map_view._start.pos()) == (-2.0, 3.0)


@pytest.mark.parametrize(
    ("formula", "alpha"),
    [("exp(a*a) + b", 1e6), ("-exp(a) - b^3", 1e6), ("a^40 - b", 1e3), ("-(a^9) + b", 1e6)],
)
def test_paths_to_infinity_are_drawn_without_a_word(ui, formula, alpha):
    ui.show(
        Experiment(
            function=FormulaFunction(formula),
            start=(2.0, 2.0),
            alpha=alpha,
            epsilon=1e-3,
            methods=(Method("analytic"), Method("forward")),
        )
    )
    assert max(np.abs(np.nan_to_num(run.path.theta[-1])).max() for run in ui.scene.runs) > 1e6
    assert ui.window.map_view.plot.grab().width() > 300
    for line in ui.window.map_view._paths._lines.lines:
        for coordinates in (line.x, line.y):
            assert np.isfinite(coordinates).all()
            assert np.abs(coordinates).max() < 1e4


def test_a_drag_draws_neither_ground_nor_axes_again(open_window, monkeypatch):
    drawn = []
    for kind in (pg.ImageItem, pg.PlotCurveItem, ValueAxis):

        def paint(item, *args, _paint=kind.paint):
            drawn.append(item)
            _paint(item, *args)

        monkeypatch.setattr(kind, "paint", paint)
    ui = open_window()  # whose items Qt will ask for this one
    ui.settle()
    view, start = ui.window.map_view, np.array(ui.experiment.start)
    plots = [view.plot, *(plot.plot for plot in ui.window.run_lens.plots)]
    ground = [view.ground.image, view.ground.contours]
    ground += [plot.getAxis(side) for plot in plots for side in ("left", "bottom")]
    ui.qtbot.waitUntil(lambda: set(ground[:2]) <= set(drawn))
    with Paints(ui.viewport) as painted:
        drawn.clear()
        for move in (0.01, 0.02):
            painted.regions.clear()
            ui.change(start=tuple(start + move))
            ui.qtbot.waitUntil(lambda: painted.touch(ui.viewport.rect()))
    assert not set(ground) & set(drawn)


# ---------------------------------------------------------------- readouts


def test_the_readout_gives_f_and_its_gradient_under_the_cursor(ui):
    ui.point_at(-2.0, 3.0)
    a, b = ui.place(ui.pixel(-2.0, 3.0))
    sigmoid = 1 / (1 + math.exp(-a))
    assert f"a {number(a, 4)}" in ui.readout()
    assert f"b {number(b, 4)}" in ui.readout()
    assert f"f {number(b * sigmoid, 4)}" in ui.readout()
    assert f"∇f {pair((b * sigmoid * (1 - sigmoid), sigmoid))}" in ui.readout()
    QTest.mouseMove(ui.viewport, QPoint(10, 10))  # over the axis
    assert ui.readout().startswith("Click sets the start")


def test_the_readout_follows_where_the_map_takes_another_place_under_the_cursor(ui, qtbot):
    ui.point_at(-1.0, 1.0)
    rests = QCursor.pos()

    def under_cursor():
        return ui.place(ui.viewport.mapFromGlobal(rests))

    for move in (
        lambda: ui.change(equal_units=True),
        lambda: ui.action("show_left").trigger(),
        lambda: ui.window.resize(ui.window.width() + 120, ui.window.height() - 40),
    ):
        before = under_cursor()
        move()
        qtbot.waitUntil(lambda before=before: under_cursor() != pytest.approx(before, rel=1e-3))
        a, b = under_cursor()
        assert ui.readout().startswith(f"a {number(a, 4)}  b {number(b, 4)}  f ")


def test_the_readout_survives_where_f_is_undefined(ui):
    ui.show(Experiment(function=FormulaFunction("log(a) + b"), start=(1.0, 1.0)))
    ui.point_at(-3.0, 1.0)
    assert "f none" in ui.readout() or "f nan" in ui.readout()


def test_at_a_kink_the_readout_and_the_card_say_what_the_derivative_is_on_either_side(ui):
    function = FormulaFunction("abs(a) + b^2")
    ui.show(Experiment(function=function, start=(0.0, 1.0), range=Range(-2, 2, -2, 2)))
    sides = "∇f none: ∂f/∂a is −1 on one side and 1 on the other"
    ui.window.map_strip.point_at((0.0, 0.5))
    assert sides in ui.readout()
    card = point_html(ui.scene, ui.scene.runs[0], 0)
    assert sides in re.sub("<[^>]*>", " ", card).replace("  ", " ").replace("  ", " ")


def test_readout_and_card_follow_a_changed_surface(ui):
    ui.point_at(-2.0, 3.0)
    before = ui.readout()
    ui.change(constants={"x": 3.0})
    assert ui.readout() != before


def test_what_was_said_stays_until_the_person_goes_on(ui):
    strip = ui.window.map_strip
    strip.say("Saved x.json")
    strip.show_scene(ui.scene)  # as when the fine grid arrives
    assert ui.readout() == "Saved x.json"
    ui.change(alpha=0.1)
    assert ui.readout() != "Saved x.json"
    strip.say("Saved x.json")
    ui.point_at(1.0, 1.0)
    assert ui.readout().startswith("a ")


def test_a_deep_zoom_takes_what_numbers_have_in_common_into_the_name(ui):
    ui.window.store.change(range=(0.99995, 1.00005, 0.3 - 2e-6, 0.3 + 2e-6))
    ui.frame()
    left = ui.window.map_view.plot.getAxis("left")
    assert left.labelText == "b − 0.3, in 10⁻⁶"
    assert left.tickStrings([0.3 - 1e-6, 0.3, 0.3 + 2e-6], 1.0, 1e-6) == ["−1", "0", "2"]
    bottom = ui.window.map_view.plot.getAxis("bottom")
    assert bottom.labelText == "a − 1, in 10⁻⁵"
    ui.window.commands.show_home_range()
    ui.frame()
    assert (bottom.labelText, left.labelText) == ("a", "b")
    assert left.tickStrings([-2.0, 0.0], 1.0, 2.0) == ["−2", "0"]


def test_the_wheel_does_not_move_a_map_that_can_zoom_no_further(ui):
    box = ui.window.map_view.box
    ui.window.store.change(range=(1.0, 1.0 + 3e-9, 2.0, 2.0 + 6e-9))
    ui.frame()
    before = box.viewRange()
    event = QGraphicsSceneWheelEvent(QEvent.Type.GraphicsSceneWheel)
    event.setDelta(120)
    box.wheelEvent(event)
    assert box.viewRange() == before
    event.setDelta(-48_000)  # four hundred notches are taken for four
    box.wheelEvent(event)
    (low, high), _ = box.viewRange()
    assert 3e-9 < high - low < 3e-7


def test_a_colour_bar_never_repeats_a_label(qtbot):
    bar = ColorBar("cividis")
    qtbot.addWidget(bar)
    narrow = bar.sizeHint().width()
    bar.set_scale(ColorScale("linear", 1e6, 1e6 + 1.0))
    labels = [label for _, label in bar._ticks]
    assert len(set(labels)) == len(labels) > 3
    assert "1000000.2" in labels
    assert bar.sizeHint().width() >= bar.fontMetrics().horizontalAdvance("1000000.2")
    bar.set_scale(ColorScale("linear", 0.0, 4e6))
    assert "10⁶" in [label for _, label in bar._ticks]
    assert bar.sizeHint().width() == narrow


# ---------------------------------------------------------------- equal units


@pytest.mark.parametrize("extent", [(-2.0, 2.0, -1.0, 3.0), (-4.0, 4.0, -1.0, 1.0)])
def test_with_equal_units_a_pixel_is_as_long_on_both_axes(ui, extent):
    ui.change(range=extent)
    ui.action("equal_units").trigger()
    ui.settle()
    assert ui.experiment.equal_units
    across, up = pixel_size(ui)
    assert across == pytest.approx(up, rel=0.01)
    shown = np.ravel(ui.window.map_view.box.viewRange())
    assert shown == pytest.approx(extent)  # the range is as it was
    ui.window.resize(1100, 640)  # and they stay so
    ui.qtbot.wait(20)
    across, up = pixel_size(ui)
    assert across == pytest.approx(up, rel=0.01)
    ui.window.resize(1280, 800)
    ui.action("undo").trigger()
    ui.settle()
    assert not ui.action("equal_units").isChecked()
    across, up = pixel_size(ui)
    assert abs(across / up - 1) > 0.05


def test_a_zoom_keeps_equal_units(ui):
    ui.change(equal_units=True)
    ui.wheel(1.0, 1.0, 3)
    ui.settle()
    across, up = pixel_size(ui)
    assert across == pytest.approx(up, rel=0.01)


def test_a_map_that_would_be_a_line_says_why_its_units_are_not_equal(ui):
    ui.change(range=(0.0, 100.0, 0.0, 1.0), equal_units=True)
    across, up = pixel_size(ui)
    assert across > 50 * up
    (notice,) = ui.window.map_place.findChildren(MapNotice)
    assert "100 times as wide as high" in notice.text()
