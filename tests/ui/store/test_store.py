"""The store: cheap scenes at once, slow ones in the worker, and the window alive meanwhile."""

import math
import threading
import time

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from gdviz.base.cancel import Cancelled
from gdviz.engine.analysis.grid import COARSE, FINE, sample
from gdviz.engine.objectives.data import Data
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction, SurfaceFunction
from gdviz.scene.scene import build_scene
from gdviz.ui.store import store as store_module
from gdviz.ui.store.store import Store, is_cheap
from gdviz.ui.tasks.running_code import OpenCode

MAPS_ARE_FINE = True

LONG = " + ".join(f"sin({k}*a)*cos({k}*b)" for k in range(1, 30))
#: Takes a good second: NumPy's float32 scalars, many steps, a long formula.
SLOW = Experiment(
    function=FormulaFunction(LONG),
    alpha=1e-6,
    steps=10_000,
    precision="float32",
    start=(1.0, 1.0),
    methods=(Method("analytic"), Method("central")),
)


@pytest.fixture
def held(monkeypatch):
    """Hold what is slow in the worker until this event is set, or it is cancelled."""
    go = threading.Event()

    def build(experiment, previous=None, *, cancelled=bool, **options):
        while cancelled is not bool and experiment.steps == SLOW.steps and not go.wait(0.005):
            if cancelled():
                raise Cancelled
        return build_scene(experiment, previous, cancelled=cancelled, **options)

    monkeypatch.setattr(store_module, "build_scene", build)
    return go


@pytest.fixture
def store(qapp):
    store = Store(Experiment(), OpenCode())
    store.scenes = []
    store.scene_changed.connect(store.scenes.append)
    store.build_now()
    yield store
    store.stop()


def is_fine(store):
    return (
        bool(store.scenes)
        and store.scenes[-1].landscape.grid.resolution == FINE
        and store.scenes[-1].experiment is store.experiment
    )


def test_the_first_scene_is_there_at_once_and_becomes_fine(qtbot, store):
    assert len(store.scenes) == 1
    assert store.scene.landscape.grid.resolution == COARSE
    qtbot.waitUntil(lambda: is_fine(store))
    assert len(store.scenes) == 2


def test_many_changes_are_one_frame(qtbot, store):
    qtbot.waitUntil(lambda: is_fine(store))
    landscape = store.scene.landscape
    before = len(store.scenes)
    for k in range(20):
        assert store.change(start=(k / 10, 1.0))
    qtbot.waitUntil(lambda: store.scene.experiment is store.experiment)
    assert len(store.scenes) == before + 1
    assert store.scene.landscape is landscape


def test_a_refused_change_changes_nothing(qtbot, store):
    errors = []
    store.refused.connect(errors.append)
    before = store.experiment
    assert not store.change(alpha=-1.0)
    assert not store.change(start=(math.inf, 0.0))
    assert [error.field for error in errors] == ["alpha", "start"]
    assert store.experiment is before


def test_the_same_again_builds_nothing(qtbot, store):
    qtbot.waitUntil(lambda: is_fine(store))
    before = len(store.scenes)
    said = []
    store.experiment_changed.connect(said.append)
    assert store.change(alpha=store.experiment.alpha)
    qtbot.wait(20)
    assert said == []
    assert len(store.scenes) == before


@pytest.mark.parametrize(
    ("experiment", "cheap"),
    [
        (Experiment(), True),
        (
            Experiment(steps=200, methods=tuple(map(Method, ("analytic", "forward", "central")))),
            True,
        ),
        (SLOW, False),
        (Experiment(steps=10_000, precision="float32"), False),
        (Experiment(steps=10, methods=(Method("analytic", "best-direction"),)), False),
    ],
)
def test_what_fits_into_a_frame(experiment, cheap):
    assert is_cheap(experiment) is cheap


def test_other_starts_are_expensive_until_they_are_there():
    few = Experiment(more_starts=((1.0, 1.0),) * 2)
    many = Experiment(more_starts=((1.0, 1.0),) * 100, steps=1000)
    assert is_cheap(few)
    assert not is_cheap(many)
    scene = build_scene(many, resolution=COARSE)
    assert is_cheap(many.replace(start=(2.0, 2.0)), scene)
    assert is_cheap(many.replace(range=(-1.0, 1.0, -1.0, 1.0)), scene)
    # Beyond the home range paths may go further.
    assert not is_cheap(many.replace(range=(-9.0, 9.0, -9.0, 9.0)), scene)


def test_a_slow_experiment_leaves_the_window_alive(ui, held):
    """It is done once the window has counted to five."""
    ticks = []

    def tick():
        ticks.append(1)
        if len(ticks) == 5:
            held.set()

    timer = QTimer(interval=5)
    timer.timeout.connect(tick)
    timer.start()
    shown = ui.scene
    ui.window.store.set_experiment(SLOW)
    ui.qtbot.waitUntil(lambda: ui.scene is not shown)
    timer.stop()
    assert ui.scene.experiment is SLOW


def test_the_newest_slow_experiment_wins(ui, held):
    for k in range(4):
        ui.window.store.set_experiment(SLOW.replace(start=(1.0, k / 10)))
        ui.qtbot.waitUntil(ui.window.store.is_busy)
    held.set()
    wanted = ui.experiment
    ui.qtbot.waitUntil(lambda: ui.scene.experiment is wanted, timeout=20_000)
    ui.qtbot.waitUntil(lambda: not ui.window.store.is_busy(), timeout=20_000)
    assert ui.scene.experiment is wanted


def test_progress_and_cancel_appear_and_esc_gives_up(ui, held):
    before = ui.scene
    strip = ui.window.map_strip
    assert not strip.cancel_button.isVisible()
    ui.window.store.set_experiment(SLOW.replace(methods=6 * (Method("central"),)))
    ui.qtbot.waitUntil(strip.cancel_button.isVisible, timeout=5_000)
    assert strip.progress.isVisible()
    assert ui.scene is before
    assert ui.window.map_view._scene is before
    QTest.keyClick(ui.window, Qt.Key.Key_Escape)
    ui.qtbot.waitUntil(lambda: not ui.window.store.is_busy(), timeout=5_000)
    assert not strip.cancel_button.isVisible()
    assert not strip.progress.isVisible()
    assert ui.readout() == "Cancelled: the picture is from before the last change"
    assert ui.scene is before
    ui.action("undo").trigger()
    ui.settle()
    assert ui.experiment == Experiment()


def test_a_cancelled_fine_grid_is_said_and_comes_with_the_next_change(ui, monkeypatch):
    def endless(*arguments, cancelled=None, **options):
        if cancelled is None:  # a coarse map, at once
            return build_scene(*arguments, **options)
        while not cancelled():
            time.sleep(0.005)
        raise Cancelled

    strip = ui.window.map_strip
    with monkeypatch.context() as patched:
        patched.setattr(store_module, "build_scene", endless)
        ui.window.store.change(range=(-3.0, 3.0, -3.0, 3.0))
        ui.qtbot.waitUntil(strip.cancel_button.isVisible, timeout=5_000)
        QTest.keyClick(ui.window, Qt.Key.Key_Escape)
        ui.qtbot.waitUntil(lambda: not ui.window.store.is_busy(), timeout=5_000)
    assert ui.scene.experiment is ui.experiment
    assert ui.scene.landscape.grid.resolution == COARSE
    assert ui.readout() == "Cancelled: the map stays coarse until the next change"
    ui.change(start=(1.0, 1.0))  # which waits for the fine grid
    assert ui.scene.landscape.grid.range == (-3.0, 3.0, -3.0, 3.0)


def test_the_cancel_button_gives_up(ui, held):
    before = ui.scene
    strip = ui.window.map_strip
    ui.window.store.set_experiment(SLOW.replace(methods=6 * (Method("central"),)))
    ui.qtbot.waitUntil(strip.cancel_button.isVisible, timeout=5_000)
    QTest.mouseClick(strip.cancel_button, Qt.MouseButton.LeftButton)
    ui.qtbot.waitUntil(lambda: not ui.window.store.is_busy(), timeout=5_000)
    assert ui.scene is before


def test_something_cheap_overtakes_what_is_slow(ui, held):
    ui.window.store.set_experiment(SLOW.replace(methods=6 * (Method("central"),)))
    ui.qtbot.waitUntil(ui.window.store.is_busy)
    ui.window.store.set_experiment(Experiment(function=SurfaceFunction("sphere")))
    ui.frame()
    ui.settle()
    assert ui.scene.experiment.function.name == "sphere"


def test_an_exception_in_the_worker_is_a_sentence(ui, monkeypatch):
    def fail(*_arguments, **_options):
        raise RuntimeError("it is too dark")

    before = ui.scene
    monkeypatch.setattr(store_module, "build_scene", fail)
    ui.window.store.set_experiment(SLOW)
    ui.qtbot.waitUntil(lambda: "it is too dark" in ui.readout())
    assert "RuntimeError" not in ui.readout()
    assert ui.scene is before
    assert not ui.window.store.is_busy()


def test_a_slow_first_experiment_opens_a_window_at_once(open_window, held, told):
    ui = open_window(SLOW.replace(methods=6 * (Method("central"),)))
    assert ui.scene is None
    # Nothing that needs a picture may break on there being none.
    for name in ("export_table", "copy_picture", "export_picture", "home_range", "undo"):
        ui.action(name).trigger()
    ui.point_at(1.0, 1.0)
    ui.click(1.0, 1.5)
    assert ui.experiment.start == pytest.approx((1.0, 1.5), abs=0.05)
    ui.action("cancel").trigger()
    assert ui.readout() == "Cancelled: there is no picture until the next change"
    ui.qtbot.waitUntil(lambda: not ui.window.store.is_busy(), timeout=5_000)
    assert ui.window.isVisible()


#: Cheap, but for the further paths.
SAMPLED = Experiment(
    methods=(Method("analytic"), Method("gaussian"), Method("evolution")), steps=300, samples=100,
    alpha=1e-3, epsilon=1e-3,
)  # fmt: skip


def test_further_paths_that_take_long_come_once_nothing_changes(qtbot, store):
    """A drag shows each method's path at once, and no further ones of where the start was."""
    assert is_cheap(SAMPLED, store.scene, samples=False)
    assert not is_cheap(SAMPLED, store.scene)
    store.set_experiment(SAMPLED)
    for k in range(5):
        before = len(store.scenes)
        store.change(start=(1.0 + 0.1 * k, 2.0))
        qtbot.waitUntil(lambda: len(store.scenes) > before)  # noqa: B023 - waited for at once
        scene = store.scenes[-1]
        assert scene.experiment is store.experiment
        assert (len(scene.runs), len(scene.samples)) == (3, 0)
        assert store.is_busy()
    qtbot.waitUntil(lambda: len(store.scene.samples) == 200)
    assert store.scene.experiment is store.experiment
    assert {run.start for run in store.scene.samples} == {store.experiment.start}
    qtbot.waitUntil(lambda: not store.is_busy())
    count = len(store.scenes)
    store.change(alpha=2e-3)
    qtbot.waitUntil(lambda: len(store.scenes) > count)
    store.cancel()
    assert not store.is_busy()


def test_few_further_paths_are_there_at_once(qtbot, store):
    store.set_experiment(SAMPLED.replace(samples=2, steps=20))
    qtbot.waitUntil(lambda: store.scene.experiment is store.experiment)
    assert len(store.scene.samples) == 4


# ---------------------------------------------------------------- many rows of data


def on_rows(rows):
    x = np.linspace(-2.0, 2.0, rows)
    data = Data.of_arrays({"x": x, "y": np.sin(3 * x)}, "large.csv")
    function = FormulaFunction("mean((b*sigmoid(a*x) - y)^2)", data=data)
    return Experiment(function=function, alpha=0.1, steps=100, start=(1.0, 1.0))


@pytest.fixture
def previews(store):
    found = []
    store.preview_changed.connect(found.append)
    return found


@pytest.mark.parametrize("rows", [1_000, 20_000])
def test_paths_over_some_rows_come_before_those_over_all_of_them(qtbot, store, previews, rows):
    store.set_experiment(on_rows(rows))
    qtbot.waitUntil(lambda: is_settled(store))
    previews.clear()
    landscape, seen = store.scene.landscape, []
    store.preview_changed.connect(lambda preview: seen.append(store.scene))
    before = store.scene
    assert store.change(start=(2.0, 0.5))
    qtbot.waitUntil(lambda: is_settled(store))
    if rows == store_module.PREVIEW_ROWS:
        assert previews == []
        return
    [preview] = previews
    assert seen == [before]  # what lenses and exports have is never over some rows
    assert preview.objective.rows == store_module.PREVIEW_ROWS
    assert preview.experiment.start == preview.runs[0].start == (2.0, 0.5)
    assert preview.landscape is landscape
    assert store.scene.objective.rows == rows
    assert store.scene.objective == store.experiment.objective()
    for run, stand_in in zip(store.scene.runs, preview.runs, strict=True):
        assert run.path.theta[-1] == pytest.approx(stand_in.path.theta[-1], abs=0.2)
        assert (run.path.theta[1:] != stand_in.path.theta[1:]).any()
    fresh = build_scene(store.experiment, resolution=24)
    for run, expected in zip(store.scene.runs, fresh.runs, strict=True):
        np.testing.assert_array_equal(run.path.theta, expected.path.theta)


def test_a_new_map_over_some_rows_comes_before_that_over_all_of_them(qtbot, store, previews):
    seen = []
    store.preview_changed.connect(lambda preview: seen.append(store.scene))
    store.set_experiment(on_rows(20_000))
    qtbot.waitUntil(lambda: is_settled(store))
    [preview], before = previews, seen[0]
    assert before is None or before.experiment != store.experiment
    some, drawn = store_module.PREVIEW_ROWS, preview.landscape.grid
    assert preview.experiment == store.experiment
    assert preview.objective.rows == some
    extent = store.experiment.map_range
    stand_in = sample(store.scene.objective.over_some_rows(some), extent, drawn.resolution)
    np.testing.assert_array_equal(drawn.values, stand_in.values)
    shown = store.scene.landscape.grid
    whole = sample(store.scene.objective, extent, shown.resolution)
    np.testing.assert_array_equal(shown.values, whole.values)
    # Zoomed in, the map is another one as well.
    assert store.change(range=(-1.0, 1.0, -1.0, 1.0))
    qtbot.waitUntil(lambda: is_settled(store))
    assert [each.landscape.grid.range for each in previews] == [extent, (-1.0, 1.0, -1.0, 1.0)]


def test_paths_over_some_rows_go_when_those_over_all_are_given_up(
    qtbot, store, previews, monkeypatch
):
    store.set_experiment(on_rows(20_000))
    qtbot.waitUntil(lambda: is_settled(store))
    previews.clear()

    def build(experiment, previous=None, *, cancelled=bool, **options):
        while not cancelled():
            time.sleep(0.001)
        raise Cancelled

    monkeypatch.setattr(store_module, "build_scene", build)
    assert store.change(start=(2.0, 0.5))
    qtbot.waitUntil(lambda: len(previews) == 1)
    before = store.scene
    store.cancel()
    assert previews[1:] == [None]
    assert store.scene is before


def is_settled(store):
    return (
        store.scene is not None
        and store.scene.experiment is store.experiment
        and not store.is_busy()
    )
