"""The Step lens's pages: they say what the engine says, on the map as well, and only while open."""

import math
import time

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QSlider

from gdviz.base.format import number, pair
from gdviz.engine.analysis import best_direction as directions
from gdviz.engine.analysis import taylor_models as step_models
from gdviz.engine.analysis.estimate_spread import draw
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.scene import step_cloud
from gdviz.ui.toolkit.plots.plot import Plot
from tests.ui.hands import button, said, says

EXACT = (Method("analytic"),)


def on(surface, **fields):
    return on_surface(Experiment(), SURFACES[surface]).replace(**fields)


@pytest.fixture
def page(ui):
    """Open a page of the Step lens; the Run lens and the first page are open afterwards."""
    window = ui.window

    def open_page(name):
        window.step_lens.choose_view(name)
        window.right.setCurrentWidget(window.step_lens)
        return window.step_lens.page(name)

    yield open_page
    window.right.setCurrentIndex(0)
    window.step_lens.choose_view("arithmetic")
    window.timeline.last()


@pytest.fixture
def overlays(ui):
    return ui.window.map_view._overlays


def rest(ui, models_page):
    """Wait until what is read on the page of models is what is drawn there."""
    ui.qtbot.waitUntil(lambda: not models_page._reading._rest.isActive())


def circle_on(overlays):
    return np.array(overlays._circle.line.getData())


def is_drawn(*items):
    return [item.isVisible() for item in items]


# -- the lens


def test_the_pages_are_chosen_and_built_one_by_one(open_window):
    ui = open_window()
    ui.frame()
    lens = ui.window.step_lens
    ui.window.right.setCurrentWidget(lens)
    assert list(lens.pages) == ["arithmetic"]
    for name in ("models", "direction"):
        button(lens, name.title()).click()
        assert list(lens.pages)[-1] == name
        assert lens.pages[name].isVisible()


def test_each_page_fits_its_column(ui, page):
    for name in ("direction", "models"):
        opened = page(name)
        assert opened.minimumSizeHint().height() <= opened.height()
        assert opened.minimumSizeHint().width() <= opened.width()


# -- draws


def cloud_items(overlays):
    haloed = *overlays._spread.items, *overlays._theory.items
    return (*haloed, overlays._dots, overlays._mean, overlays._exact)


def test_the_draws_of_a_step_lie_on_the_map_as_steps(ui, page, overlays, monkeypatch):
    """Drawn once a step: what is read on the page and what lies on the map are the same draws."""
    drawings = []

    def counted(*arguments):
        drawings.append(arguments[-2])
        return draw(*arguments)

    opened = page("arithmetic")
    methods = (Method("gaussian"), Method("analytic"))
    linear = Experiment(function=FormulaFunction("3*a - 2*b"), methods=methods, steps=4, alpha=0.1)
    ui.show(linear)
    ui.window.step_lens.choose_method(0)
    ui.window.timeline.first()
    monkeypatch.setattr(step_cloud, "draw", counted)
    ui.window.timeline.set_step(2)
    assert all(is_drawn(*cloud_items(overlays)))
    run = ui.scene.runs[0]
    at, g = run.path.theta[2], np.array([3.0, -2.0])
    found = draw(ui.scene.objective, run.settings, tuple(at.tolist()), 2, 1000)
    dots = np.array([(p.x(), p.y()) for p in overlays._dots._points])
    np.testing.assert_allclose(dots, at - 0.1 * found.estimates[: len(dots)])
    assert len(dots) == 200
    around = np.array(overlays._theory.line.getData()).T - (at - 0.1 * g)
    covariance = 0.01 * (g @ g * np.eye(2) + np.outer(g, g))
    np.testing.assert_allclose(np.sum(around @ np.linalg.inv(covariance) * around, axis=1), 1.0)
    assert says(opened, "On the map: 200 of them")
    ui.window.step_lens.set_theme(ui.window.step_lens.theme)  # shown again, and not drawn again
    assert drawings == [2]


def test_no_cloud_without_draws_or_a_step(ui, page, overlays):
    page("arithmetic")
    ui.show(on("himmelblau", methods=(Method("spsa"), Method("analytic")), steps=3))
    for row, step, drawn in ((0, 0, True), (1, 0, False), (0, 3, False), (0, 1, True)):
        ui.window.step_lens.choose_method(row)
        ui.window.timeline.set_step(step)
        assert set(is_drawn(*cloud_items(overlays))) == {drawn}
    page("models")
    assert not any(is_drawn(*cloud_items(overlays)))


# -- directions


def test_direction_says_what_the_engine_says_at_the_current_step(ui, page):
    opened = page("direction")
    ui.show(on("himmelblau", eta=0.7))
    for step, row in ((2, 0), (5, 1)):
        ui.window.timeline.set_step(step)
        ui.window.step_lens.choose_method(row)
        at = ui.scene.runs[row].path.theta[step]
        circle = directions.best_direction(ui.scene.objective, tuple(at), 0.7)
        text = "\n".join(said(opened))
        for point, loss in (
            (circle.best_point, circle.best_loss),
            (circle.steepest_point, circle.steepest_loss),
        ):
            assert pair(point) in text
            assert number(loss, 5) in text
        assert says(opened, f"{number(circle.angle_between, 4)}°")
        assert says(opened, f"{circle.evaluations} evaluations")
        ((x, y),) = opened.findChild(Plot).curves()
        assert sorted(y[:-1]) == sorted(circle.losses)
        assert (x[0], x[-1] - x[0]) == (pytest.approx(-180, abs=3), pytest.approx(360))
        # Seen from −∇f, the best direction stands at the angle between the two.
        assert abs(opened._best.value()) == pytest.approx(circle.angle_between)


def test_the_slider_moves_the_circle_and_the_angle_goes_to_zero(ui, page, overlays):
    opened = page("direction")
    ui.show(on("rosenbrock", methods=EXACT))
    ui.window.timeline.first()
    slider = opened.eta.findChild(QSlider)
    slider.setValue(slider.maximum() // 2)
    ui.frame()
    eta = ui.experiment.eta
    assert eta == opened.eta.value() != 1.0
    radius = np.hypot(*(circle_on(overlays).T - (-1.2, 1.0)).T)
    np.testing.assert_allclose(radius, eta)
    angles = []
    for eta in (0.5, 0.05, 0.005, 0.0005):
        ui.change(eta=eta)
        angles.append(opened.on_map().angle_between)
    assert angles == sorted(angles, reverse=True)
    assert angles[0] > 60 > 0.2 > angles[-1]
    ui.window.commands.undo()
    assert ui.experiment.eta != 0.0005


def test_a_refused_eta_is_said(ui, page):
    opened = page("direction")
    ui.type(opened.eta.field, "0")
    assert any("η" in said for said in ui.sentences())
    assert ui.experiment.eta == 1.0


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("experiment", "said"),
    [
        (on("monkey-saddle", start=(0.0, 0.0)), "∇f is zero"),
        (Experiment(function=FormulaFunction("abs(a) + b^2"), start=(0.0, 1.0)), "jumps"),
        (Experiment(function=FormulaFunction("log(a) + b^2"), start=(0.5, 1.0)), "not finite on"),
        (
            Experiment(function=FormulaFunction("log(a) + b^2"), start=(-3.0, 1.0)),
            "not finite anywhere",
        ),
        (on("sphere", eta=500.0), "leads out of the map, to"),
        (on("sphere"), "as low along −∇f"),
    ],
)
def test_odd_directions_are_said(ui, page, experiment, said):
    opened = page("direction")
    ui.show(experiment)
    ui.window.timeline.first()
    assert says(opened, said)


def test_without_a_gradient_the_best_direction_remains(ui, page, overlays):
    opened = page("direction")
    ui.show(on("monkey-saddle", start=(0.0, 0.0)))
    ui.window.timeline.first()
    assert says(opened, "none")
    assert is_drawn(overlays._best, overlays._steepest) == [True, False]
    assert len(overlays._ends._discs) == 1
    assert opened.findChild(Plot).plot.getAxis("bottom").labelText == "angle from +a"


def test_a_path_that_left_the_numbers_has_no_pictures(ui, page, overlays):
    formula = Experiment(
        function=FormulaFunction("a^3 + b^2"),
        start=(-50.0, 1.0),
        alpha=1e5,
        methods=EXACT,
        range=(-1e6, 1e6, -1e6, 1e6),
    )
    ui.show(formula)
    lens = ui.window.step_lens
    for name in ("direction", "models"):
        opened = page(name)
        if name == "models":
            rest(ui, opened)
        assert np.isfinite(lens.pages[name].moment.at).all() or says(opened, "left")


def test_no_method_leaves_the_start(ui, page):
    hidden = tuple(Method(name, shown=False) for name in ("analytic", "forward"))
    opened = page("direction")
    ui.show(on("himmelblau", methods=hidden))
    assert says(ui.window.step_lens, "No method is shown")
    assert opened.on_map().at == ui.experiment.start
    assert page("models").on_map().models.at == ui.experiment.start
    page("arithmetic")


# -- models


def test_models_say_what_the_engine_says_at_the_current_step(ui, page):
    opened = page("models")
    ui.show(on("himmelblau"))
    ui.window.step_lens.choose_method(2)
    ui.window.timeline.set_step(6)
    run = ui.scene.runs[2]
    models = step_models.step_models(ui.scene.objective, tuple(run.path.theta[6]))
    rest(ui, opened)
    text = "\n".join(said(opened))
    for value in (*models.eigenvalues, models.condition_number):
        assert number(value, 5) in text
    assert number(models.largest_rate, 4) in text
    assert pair(models.newton_step) in text
    changes = step_models.predicted_changes(ui.scene.objective, run.path)
    for (_, drawn), values in zip(
        opened._change.curves(), (changes.actual, changes.first, changes.second), strict=True
    ):
        np.testing.assert_array_equal(drawn, values)
        assert says(opened, number(values[6], 3))


def test_the_cut_goes_along_the_step_and_marks_it(ui, page):
    opened = page("models")
    ui.show(on("himmelblau", methods=EXACT))
    ui.window.timeline.set_step(3)
    path = ui.scene.runs[0].path
    step = path.theta[4] - path.theta[3]
    assert opened._cut._taken.value() == pytest.approx(np.hypot(*step))
    assert opened._cut._rate.toPlainText() == f"α = {number(ui.experiment.alpha)}"
    (x, f), (_, tangent), (_, parabola) = opened._cut.curves()
    assert 2.0 <= x[-1] / np.hypot(*step) <= 2.0**1.5
    changes = step_models.predicted_changes(ui.scene.objective, path)
    there = [np.interp(np.hypot(*step), x, y) - y[0] for y in (f, tangent, parabola)]
    expected = [changes.actual[3], changes.first[3], changes.second[3]]
    assert there == pytest.approx(expected, rel=1e-3)
    ui.window.timeline.last()
    assert says(opened, "−α∇f")


def test_a_logarithmic_axis_has_the_falls(ui, page):
    opened = page("models")
    ui.show(on("himmelblau", methods=EXACT))
    opened.scale.setCurrentIndex(1)
    opened.scale.activated.emit(1)
    rest(ui, opened)
    actual = np.diff(ui.scene.runs[0].path.loss)
    _, drawn = opened._change.curves()[0]
    np.testing.assert_allclose(10 ** drawn[actual < 0], -actual[actual < 0])
    opened.scale.setCurrentIndex(0)
    opened.scale.activated.emit(0)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("experiment", "said"),
    [
        (on("monkey-saddle", start=(0.0, 0.0)), "The Hessian is zero"),
        (on("monkey-saddle", start=(0.0, 0.0)), "∇f is zero"),
        (Experiment(function=FormulaFunction("abs(a) + b^2"), start=(0.0, 1.0)), "gradient jumps"),
        (Experiment(function=FormulaFunction("log(a) + b^2"), start=(-3.0, 1.0)), "f is undefined"),
        (on("saddle", start=(1.0, 1.0)), "to the model's saddle point"),
        (Experiment(function=FormulaFunction("a^2 + b"), start=(1.0, 1.0)), "singular"),
    ],
)
def test_odd_models_are_said(ui, page, overlays, experiment, said):
    opened = page("models")
    ui.show(experiment)
    ui.window.timeline.first()
    rest(ui, opened)
    assert says(opened, said)
    newton = opened.on_map().models.newton_step
    assert overlays._newton.isVisible() == (newton is not None)


def test_second_order_contours_of_a_quadratic_are_its_own(ui, page, overlays):
    opened = page("models")
    ui.show(on("quadratic", methods=EXACT))
    a, b = overlays._contours.line.getData()
    drawn = np.isfinite(a)
    on_lines = ui.scene.objective.values(a[drawn], b[drawn])
    levels = ui.scene.landscape.scale.levels()
    nearest = np.abs(on_lines[:, None] - levels).min(axis=1)
    assert nearest.max() < 0.02 * np.ptp(levels)
    opened.contours.setCurrentIndex(1)
    opened.contours.activated.emit(1)
    a, b = overlays._contours.line.getData()
    assert np.ptp(opened.on_map().models.first(a[:2], b[:2])) < 1e-9
    opened.contours.setCurrentIndex(2)


def test_newtons_arrow_leads_to_a_quadratics_minimum(ui, page, overlays):
    page("models")
    ui.show(on("quadratic", methods=EXACT))
    ui.window.timeline.set_step(2)
    tail, tip = overlays._newton._ends
    assert (tail.x(), tail.y()) == pytest.approx(tuple(ui.scene.runs[0].path.theta[2]))
    assert (tip.x(), tip.y()) == pytest.approx((0.0, 0.0), abs=1e-12)


# -- on the map


def test_toggles_take_drawings_from_the_map(ui, page, overlays):
    opened = page("models")
    ui.show(on("himmelblau"))
    for box, items in (
        (opened.newton, (overlays._newton,)),
        (opened.axes, [item for axis in overlays._axes for item in axis.items]),
    ):
        assert all(is_drawn(*items))
        box.click()
        assert not any(is_drawn(*items))
        box.click()
        assert all(is_drawn(*items))
    assert all(is_drawn(*overlays._contours.items))
    opened.contours.setCurrentIndex(0)
    opened.contours.activated.emit(0)
    assert not any(is_drawn(*overlays._contours.items))
    opened.contours.setCurrentIndex(2)


def test_drawings_go_with_their_page_unless_they_are_kept(ui, page, overlays):
    keep = ui.action("keep_overlays")
    circle, newton = overlays._circle.line, overlays._newton
    page("direction")
    assert is_drawn(circle, newton) == [True, False]
    page("models")
    assert is_drawn(circle, newton) == [False, True]
    keep.setChecked(True)
    page("direction")
    assert is_drawn(circle, newton) == [True, True]
    ui.window.right.setCurrentIndex(0)
    ui.change(start=(1.0, 1.0))
    ui.window.timeline.first()
    assert is_drawn(circle, newton) == [True, True]

    def center():
        return tuple(circle_on(overlays)[:, :-1].mean(axis=1))

    # Kept drawings follow a moment later than the paths.
    ui.qtbot.waitUntil(lambda: center() == pytest.approx((1.0, 1.0)))
    keep.setChecked(False)
    assert is_drawn(circle, newton) == [False, False]


def test_kept_drawings_follow_with_the_frames_and_end_with_the_last(ui, page):
    """A drag has them drawn twenty times a second at most, and where it ends in any case."""
    keep = ui.action("keep_overlays")
    keep.setChecked(True)
    for name in ("direction", "models"):
        page(name)
    ui.window.right.setCurrentIndex(0)
    ui.settle()
    lens, drawn, begin = ui.window.step_lens, [], time.monotonic()

    def note(circle):
        drawn.append(circle.at)
        assert circle.at == ui.scene.experiment.start  # with the frame, not between two

    lens.pages["direction"].on_map_changed.connect(note)
    ui.window.timeline.first()
    for k in range(20):
        assert ui.window.store.change(start=(0.1 * k, 1.0))
        ui.frame()
    took = time.monotonic() - begin
    ui.qtbot.waitUntil(lambda: drawn[-1] == ui.experiment.start)
    lens.pages["direction"].on_map_changed.disconnect(note)
    assert len(drawn) <= took / 0.05 + 3
    assert lens.pages["models"].on_map().models.at == ui.experiment.start
    keep.setChecked(False)


def test_a_models_contours_are_right_to_half_a_pixel(ui, page, overlays):
    ui.show(on_surface(Experiment(), SURFACES["himmelblau"]))
    opened = page("models")
    ui.window.timeline.first()
    a, b = overlays._contours.line.getData()
    a, b = a[np.isfinite(b)], b[np.isfinite(b)]
    assert len(a) > 100
    models = opened.on_map().models
    levels = ui.scene.landscape.scale.levels()[::2]
    off = np.abs(models.second(a, b)[:, None] - levels).min(axis=1)
    moved = np.array([a, b]) - np.array(models.at)[:, None]
    slope = models.gradient[:, None] + models.hessian @ moved
    view = ui.window.map_view.box
    pixel = max(view.viewPixelSize())
    np.testing.assert_array_less(off, 0.5 * pixel * np.hypot(*slope))


def test_closed_pages_compute_nothing(ui, page, monkeypatch):
    lens = ui.window.step_lens
    for name in ("direction", "models"):
        page(name)
    ui.window.right.setCurrentIndex(0)

    def fail(*_arguments):
        raise AssertionError("computed while closed")

    direction, models = lens.pages["direction"], lens.pages["models"]
    for latest in (direction._circle, models._models, models._changes):
        monkeypatch.setattr(latest, "_function", fail)
    ui.change(start=(0.5, 0.5))
    ui.window.timeline.first()
    page("arithmetic")
    ui.window.timeline.next()


def test_a_heavy_formula_is_searched_in_the_background(ui, page):
    opened = page("direction")
    heavy = "+".join(f"sin({k}*a)*cos({k}*b)" for k in range(1, 60))
    ui.show(Experiment(function=FormulaFunction(heavy), start=(0.3, 0.2), methods=EXACT, steps=3))
    ui.window.timeline.first()
    ui.qtbot.waitUntil(lambda: opened.on_map().at == (0.3, 0.2), timeout=5000)
    circle = directions.best_direction(ui.scene.objective, (0.3, 0.2), 1.0)
    assert says(opened, pair(circle.best_point))


def test_far_circles_stay_within_what_a_painter_counts(ui, page, overlays):
    page("direction")
    ui.show(on("sphere", eta=1e3, range=(0.0, 1e-3, 0.0, 1e-3)))
    tail, tip = overlays._best._ends
    assert math.hypot(tip.x() - tail.x(), tip.y() - tail.y()) <= 0.1
    assert not np.isfinite(circle_on(overlays)).any()
    ui.window.grab()


def test_a_step_without_a_gradient_is_told_by_its_rule_alone(ui, page):
    ui.show(Experiment(methods=(Method("forward", "nelder-mead"),)))
    page("arithmetic")
    ui.window.timeline.set_step(1)
    ui.settle()
    said = " ".join(label.text() for label in page("arithmetic").findChildren(QLabel))
    assert "triangle of values" in said
    assert "One value ahead" not in said


@pytest.mark.parametrize("name", ["direction", "models"])
def test_pages_that_draw_circles_and_axes_offer_equal_units(ui, page, name):
    box = page(name)._equal
    assert box.isVisible()
    assert not box.isChecked()
    box.click()
    ui.settle()
    assert ui.experiment.equal_units
    across, up = ui.window.map_view.box.viewPixelSize()
    assert across == pytest.approx(up, rel=0.01)
    ui.action("equal_units").trigger()  # the menu's entry and the box are one
    ui.settle()
    assert not box.isChecked()
