"""The window as a whole: its first sight, menus, undo, what it remembers, what it leaves behind."""

import functools
import gc
import importlib
import itertools
import math
import os
import pkgutil
import sys
import weakref
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QMenu,
    QMenuBar,
    QMessageBox,
    QScrollArea,
    QSlider,
    QTabBar,
    QWidget,
)

import gdviz.ui
from gdviz.base.format import format_number
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction, SurfaceFunction
from gdviz.experiment.json_file import from_json
from gdviz.ui.store.untitled import last_experiment
from gdviz.ui.tasks.task import Task
from gdviz.ui.toolkit.screens import screen_name, screen_of
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.theme import DARK, LIGHT
from gdviz.ui.toolkit.widgets.slider_field import SliderField
from gdviz.ui.window.about import about_text
from gdviz.ui.window.garbage import GarbageCollector
from gdviz.ui.window.main_window import MainWindow
from gdviz.ui.window.theme_choice import ThemeChoice


def tooltip(widget):
    """Return the tooltip that Qt would show: a widget's own, or that of what it is a part of."""
    while widget is not None:
        if widget.toolTip():
            return widget.toolTip()
        widget = widget.parentWidget()
    return ""


def places(ui):
    return ui.window.left, ui.window.map_view, ui.window.right


# ---------------------------------------------------------------- first sight


def test_the_first_window_shows_an_example_whose_paths_visibly_part(ui):
    assert ui.experiment == Experiment()
    assert ui.experiment.function.text == "b*sigmoid(a*x)"
    ends = {run.method.estimate: ui.pixel(*run.path.theta[-1]) for run in ui.scene.runs}
    assert set(ends) == {"analytic", "forward", "central"}
    apart = ends["analytic"] - ends["forward"]
    assert np.hypot(apart.x(), apart.y()) > 100
    area = ui.viewport.rect()
    for end in ends.values():
        assert area.contains(end)


def test_the_lenses_get_a_part_of_a_wide_window(open_window):
    ui = open_window(size=(1280, 800))
    ui.settle()
    widths = [ui.window.right.width()]
    for width in (1440, 1920, 2560, 1280):
        ui.window.resize(width, 800)
        ui.qtbot.wait(20)
        widths.append(ui.window.right.width())
    assert np.abs(np.subtract(widths, [405, 445, 560, 560, 405])).max() <= 16
    ui.window.places.setSizes([270, 600, 380])
    ui.window.places.splitterMoved.emit(270, 1)
    chosen = ui.window.right.width()
    ui.window.resize(1500, 800)
    ui.qtbot.wait(20)
    assert abs(ui.window.right.width() - chosen) <= 2


@pytest.mark.sampled(1)
@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (980, 560)])
def test_all_three_places_are_there(open_window, size):
    ui = open_window(size=size)
    ui.settle()
    assert (ui.window.width(), ui.window.height()) == size
    for place in places(ui):
        assert place.isVisible()
        assert place.width() >= 230
        region = place.visibleRegion().boundingRect()
        assert region.width() == place.width()
    assert ui.window.map_view.width() >= 320
    for plot in ui.window.run_lens.plots:
        assert plot.height() >= 70
    # Nothing at the left is cut off at the bottom.
    for box in (ui.window.surface_box, ui.window.descent_box, ui.window.methods_box):
        assert box.mapTo(ui.window, box.rect().bottomLeft()).y() <= ui.window.height()
        assert box.height() >= box.minimumSizeHint().height()


def test_everything_that_can_be_touched_says_what_it_is(ui):
    touched = [
        widget
        for kind in (QAbstractButton, QComboBox, QLineEdit, QSlider)
        for widget in ui.window.findChildren(kind)
        # The window's frame and Qt's own parts, such as the corner of a table.
        if not isinstance(widget.parentWidget(), QTabBar | QMenuBar)
        and type(widget) is not QAbstractButton
    ]
    assert len(touched) > 30
    silent, nameless = [], []
    for widget in touched:
        what = f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        if not tooltip(widget):
            silent.append(what)
        if not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name):
            nameless.append(what)
    assert silent == []
    assert nameless == []


def test_menu_entries_have_tips_and_keys_of_their_own(ui):
    assert all(action.toolTip() != action.text() for action in ui.window.menus.values())
    keys = [action.shortcut().toString() for action in ui.window.menus.values()]
    keys = [key for key in keys if key]
    assert len(set(keys)) == len(keys) > 15
    for menu in ui.window.menuBar().findChildren(QMenu):
        letters = [
            a.text()[a.text().index("&") + 1].upper() for a in menu.actions() if "&" in a.text()
        ]
        assert len(set(letters)) == len(letters), menu.title()


def test_the_map_has_the_focus_in_a_window_that_was_just_opened(open_window):
    """The list of surfaces had it, and took keys of one letter for a search."""
    window = open_window().window
    assert window.focusWidget() is window.map_view.focusProxy()


def test_tab_leads_through_all_controls_from_top_to_bottom(ui):
    window = ui.window
    first = window.surface_box._choice
    first.setFocus()
    seen = []
    for _ in range(80):
        widget = window.focusWidget()
        if widget in seen:
            break
        seen.append(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    seen = [w for w in seen if not isinstance(w, QScrollArea)]
    at_left = [w for w in seen if window.left.isAncestorOf(w)]
    assert len(at_left) >= 20
    assert seen[: len(at_left)] == at_left  # the whole column first
    boxes = (window.surface_box, window.descent_box, window.methods_box)
    order = [next(i for i, box in enumerate(boxes) if box.isAncestorOf(w)) for w in at_left]
    assert order == sorted(order)
    heights = [w.mapTo(window, QPoint(0, w.height() // 2)).y() for w in at_left]
    ups = [
        at_left[i].accessibleName()
        for i in range(1, len(heights))
        if heights[i] < heights[i - 1] - 5
    ]
    assert ups == []
    assert window.map_view.plot in seen


def test_keys_of_the_view_menu_work_while_the_map_has_the_focus(ui):
    ui.viewport.parentWidget().setFocus()
    QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_C)
    assert not ui.window.map_view.ground.contours.isVisible()
    QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_F2)
    assert not ui.window.left.isVisible()
    QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_F3)
    assert not ui.window.right.isVisible()
    ui.qtbot.waitUntil(lambda: ui.window.map_view.width() > 1200)
    QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_F2)
    QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_F3)
    assert all(place.isVisible() for place in places(ui))


def test_where_three_places_have_no_room_one_at_the_side_gives_way(open_window, monkeypatch):
    """The lenses lay over the map, cut off, and the timeline beneath them."""
    ui = open_window(size=(1280, 700))
    left, right = ui.action("show_left"), ui.action("show_right")
    monkeypatch.setattr(ui.window.places, "_has_room", lambda: False)
    right.trigger()
    assert (left.isChecked(), right.isChecked()) == (True, False)
    right.trigger()
    assert (left.isChecked(), right.isChecked()) == (False, True)
    assert ui.window.left.isHidden()
    left.trigger()
    assert (left.isChecked(), right.isChecked()) == (True, False)


def test_a_side_has_room_where_the_least_widths_have(open_window):
    ui = open_window(size=(1280, 700))
    places = ui.window.places
    least = sum(
        place.minimumWidth() for place in (ui.window.left, ui.window.middle, ui.window.right)
    )
    room = max(screen_of(ui.window).availableSize().width(), 1280)
    assert places._has_room()
    places.right.setMinimumWidth(places.right.minimumWidth() + room - least)
    assert not places._has_room()  # for the handles


def test_about_and_help_speak(ui, monkeypatch):
    shown = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.text()))
    before = len(ui.window.children())
    ui.action("about").trigger()
    ui.action("show_keys").trigger()
    assert shown[0] == about_text()
    for name in ("gdviz", "Python", "PySide6", "pyqtgraph", "NumPy", "SciPy", "SymPy", "MIT"):
        assert name in shown[0]
    assert "Click on the map" in shown[1]
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(ui.window.children()) == before  # dialogs do not pile up


def test_themes_change_live(ui):
    for name, theme in (("dark", DARK), ("light", LIGHT), ("dark", DARK)):
        (action,) = (a for a in ui.window.menuBar().findChild(QMenu, "View").actions()
                     if a.data() == name)  # fmt: skip
        action.trigger()
        assert ui.theming.theme is theme
        picture = ui.window.grab().toImage()
        assert picture.pixelColor(2, 400).name() == theme.window
        for place in (ui.window.map_view.plot, *(p.plot for p in ui.window.run_lens.plots)):
            assert place.backgroundBrush().color().name() == theme.panel
        results = ui.window.run_lens.results
        assert results.item(1, 0).foreground().color().name() == theme.muted


# ---------------------------------------------------------------- what the views hear


@pytest.fixture
def heard(monkeypatch):
    """Which view was told or drew what; the outermost calls, where a subclass calls its base."""
    for module in pkgutil.walk_packages(gdviz.ui.__path__, "gdviz.ui."):
        importlib.import_module(module.name)
    calls, running = [], set()

    def listening(name, function):
        @functools.wraps(function)
        def listened(view, *arguments, **options):
            if (view, name) in running:
                return function(view, *arguments, **options)
            calls.append((name, view))
            running.add((view, name))
            try:
                return function(view, *arguments, **options)
            finally:
                running.remove((view, name))

        return listened

    kinds = {
        kind
        for name, module in sys.modules.items()
        if name.startswith("gdviz.ui")
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == name
    }
    for kind in kinds:
        for name in ("show_experiment", "show_scene", "show_step", "refresh"):
            if name in vars(kind):
                monkeypatch.setattr(kind, name, listening(name, vars(kind)[name]))
    return calls


@pytest.mark.slow
def test_each_view_hears_of_a_change_once(open_window, heard):
    ui = open_window()
    window, pictures = ui.window, []  # of each, what was heard until the last view had it

    def end_picture(_scene):
        pictures.append(Counter(heard))
        heard.clear()

    window.store.scene_changed.connect(end_picture)
    ui.settle()
    slider = window.descent_box.findChild(SliderField, "steps").slider
    changes = {  # and how many pictures each makes
        "a click on the map": (lambda k: ui.click(1.0, 0.5 * k - 1.5), 1),
        "more steps": (lambda k: slider.setValue(slider.maximum() * (k + 2) // 10), 1),
        "a zoom": (lambda _: ui.wheel(0.0, 0.0, 0.2), 2),  # a coarse one, and a fine one
    }
    for k, lens in enumerate(window.lenses):
        window.right.setCurrentWidget(lens)
        ui.change(alpha=0.01 * (k + 1))  # whatever a page does when it is first opened
        for change, count in changes.values():
            heard.clear()
            pictures.clear()
            change(k)
            ui.qtbot.waitUntil(lambda n=count: len(pictures) == n and ui.is_settled())
            for view in (
                window.surface_box, window.surface_box.source, window.descent_box,
                window.methods_box, window.map_view, window.map_strip.basins, window.library,
                window.formula_lens,
            ):  # fmt: skip
                assert sum(picture["show_experiment", view] for picture in pictures) == 1
            for picture in pictures:
                # What a page computes in the background may arrive meanwhile, and refresh it again.
                told = {n for (name, _), n in picture.items() if name != "refresh"}
                assert told == {1}
                for view in (window.map_view, window.timeline, window.map_strip, *window.lenses):
                    assert picture["show_scene", view] == 1
                    assert picture["show_step", view] == 0  # it came with the scene
                assert picture["refresh", lens] >= 1
    heard.clear()
    window.timeline.first()
    assert set(Counter(heard).values()) == {1}
    assert {("show_step", view) for view in (window.map_view, *window.lenses)} <= set(heard)
    window.store.scene_changed.disconnect(end_picture)


# ---------------------------------------------------------------- undo


def test_undo_and_redo_follow_what_was_done(ui):
    states = [ui.experiment]
    assert not ui.action("undo").isEnabled()
    assert not ui.action("redo").isEnabled()
    ui.type(ui.field("α"), "0.1")
    states.append(ui.experiment)
    ui.change(constants={"x": 2.0})
    states.append(ui.experiment)
    ui.show(on_surface(ui.experiment, SURFACES["himmelblau"]))
    states.append(ui.experiment)
    for state in reversed(states[:-1]):
        ui.action("undo").trigger()
        ui.settle()
        assert ui.experiment == state
        assert ui.field("α").value() == state.alpha
    assert not ui.action("undo").isEnabled()
    for state in states[1:]:
        ui.action("redo").trigger()
        assert ui.experiment == state
    assert not ui.action("redo").isEnabled()


def test_a_drag_is_one_step(ui, monkeypatch):
    # However long it takes, as on a busy machine.
    monkeypatch.setattr(
        ui.window.history, "_clock", functools.partial(next, itertools.count(0.0, 10.0))
    )
    start = ui.pixel(*ui.experiment.start)
    for _ in ui.drag(start, [start + QPoint(-5 * k, 5 * k) for k in range(1, 20)]):
        ui.frame()
    assert ui.experiment != Experiment()
    ui.action("undo").trigger()
    assert ui.experiment == Experiment()
    assert not ui.action("undo").isEnabled()


def test_a_new_change_ends_what_could_be_redone(ui):
    ui.change(alpha=0.1)
    ui.action("undo").trigger()
    ui.change(alpha=0.2)
    assert not ui.action("redo").isEnabled()


# ---------------------------------------------------------------- between runs


def close(ui):
    ui.window.documents.asks = False  # nobody is there
    ui.window.close()
    ui.qtbot.wait(1)


def test_layout_toggles_choices_theme_and_experiment_come_back(open_window, settings):
    # The offscreen platform's screen is 800 × 800, and no window comes back larger than that.
    ui = open_window(size=(980, 700))
    ui.settle()
    window = ui.window
    assert window.left.width() < 275
    window.places.setSizes([285, 379, 300])
    window.places.splitterMoved.emit(285, 1)  # by hand
    ui.qtbot.wait(20)
    widths = window.places.sizes()
    assert widths[0] > 275
    ui.action("show_left").trigger()
    window.run_lens.plots[1].choice.setCurrentIndex(2)
    window.run_lens._splitter.setSizes([100, 300, 100, 200])
    window.run_lens._splitter.splitterMoved.emit(100, 1)  # by hand
    theme = next(
        a for a in window.menuBar().findChild(QMenu, "View").actions() if a.data() == "dark"
    )
    theme.trigger()
    ui.show(
        Experiment(
            function=SurfaceFunction("rosenbrock"),
            start=(-1.0, 1.5),
            alpha=3e-7,
            methods=(Method("central", epsilon=1e-5, color="#123456"),),
        )
    )
    ui.action("show_contours").trigger()
    kept = ui.experiment
    sizes = window.run_lens._splitter.sizes()
    close(ui)

    again = Settings(settings.path)
    assert last_experiment(again).is_same_work(kept)
    ui = open_window(last_experiment(again), size=None)
    ui.settle()
    window = ui.window
    assert ui.experiment.is_same_work(kept)
    assert ui.theming.theme is DARK
    assert not window.left.isVisible()
    assert not ui.action("show_left").isChecked()
    assert not window.map_view.ground.contours.isVisible()
    assert window.map_view.ground.minima.isVisible()
    assert [plot.choice.currentIndex() for plot in window.run_lens.plots] == [0, 2, 0]
    assert window.run_lens.plots[1].axis_name() == "angle in °"
    assert np.abs(np.subtract(window.run_lens._splitter.sizes(), sizes)).max() <= 2
    ui.action("show_left").trigger()
    ui.qtbot.wait(20)
    assert np.abs(np.subtract(window.places.sizes(), widths)).max() <= 2


def test_of_two_windows_neither_undoes_what_the_other_one_changed(open_window, settings):
    one, other = open_window(), open_window()
    one.action("show_left").trigger()
    one.window.run_lens.plots[1].choice.setCurrentIndex(2)
    one.window.places.setSizes([330, 600, 350])
    one.window.places.splitterMoved.emit(330, 1)  # by hand
    other.action("show_right").trigger()
    other.window.run_lens._splitter.setSizes([100, 300, 100, 200])
    other.window.run_lens._splitter.splitterMoved.emit(100, 1)
    widths = one.window.places.saveState()
    for ui in (one, other):
        close(ui)
    again = Settings(settings.path)
    shown = [str(again.value(f"view/show_{name}")) for name in ("left", "right")]
    assert [text.lower() for text in shown] == ["false", "false"]
    assert [*map(int, again.value("run/choices"))] == [0, 2, 0]
    assert again.value("window/places") == widths
    assert isinstance(again.value("run/sizes"), QByteArray)


def test_size_and_full_screen_come_back(open_window):
    ui = open_window(size=(980, 600))  # the offscreen platform's screen is 800 × 800
    close(ui)
    ui = open_window(size=None)
    assert (ui.window.width(), ui.window.height()) == (980, 600)
    ui.action("show_full_screen").trigger()
    assert ui.window.isFullScreen()
    close(ui)
    ui = open_window(size=None)
    assert ui.window.isFullScreen()
    assert ui.action("show_full_screen").isChecked()
    ui.action("show_full_screen").trigger()
    assert not ui.window.isFullScreen()


GARBAGE = [
    "garbage", ["²", "7", "-1"], 7, b"\x00\xff\x01", [None], '{"version": 1, "steps": "x"}'
]  # fmt: skip


@pytest.mark.sampled(1)
@pytest.mark.parametrize("garbage", GARBAGE, ids=str)
def test_garbage_in_the_settings_stops_no_window(qapp, open_window, settings, garbage):
    ui = open_window()
    ui.window.places.splitterMoved.emit(285, 1)
    ui.window.run_lens.plots[0].choice.setCurrentIndex(1)
    close(ui)
    keys = [*settings._values]
    geometry = f"geometry/{screen_name(screen_of(ui.window))}"
    assert {geometry, "window/places", "experiment", "run/choices"} <= set(keys)
    settings.write(dict.fromkeys((*keys, "view/theme"), garbage))
    written = Settings(settings.path)
    theming = ThemeChoice(qapp, written)
    window = MainWindow(last_experiment(written), written, theming)
    window.show()
    assert window.store.experiment == Experiment()
    window.close()
    window.deleteLater()
    theming.deleteLater()


def test_a_broken_settings_file_stops_no_window(qapp, tmp_path):
    path = tmp_path / "broken.ini"
    path.write_bytes(b"\xff\xfe[[[\nwindow/geometry=@ByteArray(\\x\nview=@Rect(\n=\n")
    settings = Settings(path)
    theming = ThemeChoice(qapp, settings)
    window = MainWindow(last_experiment(settings), settings, theming)
    window.close()
    window.deleteLater()
    theming.deleteLater()


def test_the_experiment_is_kept_as_a_file_would_have_it(open_window, settings):
    ui = open_window()
    ui.change(alpha=1e-7)
    close(ui)
    assert from_json(settings.value("experiment")).is_same_work(ui.experiment)


# ---------------------------------------------------------------- what is left behind


def resident_mb():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads Linux's /proc")
def test_two_thousand_moves_leave_nothing_behind(open_window):
    ui = open_window(size=(900, 560))
    ui.settle()
    ui.qtbot.waitUntil(ui.window.surface_box._formula.is_typeset, timeout=20_000)

    def move(count):
        for k in range(count):
            angle = k / 100
            assert ui.window.store.change(start=(3 * math.cos(angle), 3 * math.sin(angle)))
            if k % 10 == 9:  # several moves, one frame, as a mouse has it
                QCoreApplication.processEvents()
        gc.collect()

    move(200)
    nones, objects, memory = sys.getrefcount(None), len(gc.get_objects()), resident_mb()
    move(2000)
    assert abs(sys.getrefcount(None) - nones) < 1000  # a move that left one would leave 2000
    # The history keeps a drag as one step, so nothing may grow with the moves.
    assert len(gc.get_objects()) - objects < 500
    assert resident_mb() - memory < 4


def test_closed_windows_are_gone(qapp, settings):
    theming = ThemeChoice(qapp, settings)
    gone = []
    for _ in range(2):
        window = MainWindow(Experiment(), settings, theming)
        window.show()
        qapp.processEvents()
        window.store.change(alpha=0.1)
        qapp.processEvents()
        gone += [weakref.ref(o) for o in (window, window.map_view, window.run_lens, window.store)]
        window.documents.asks = False  # nobody is there
        window.close()
        del window
    gc.collect()
    assert [reference() for reference in gone if reference() is not None] == []
    theming.deleteLater()


def test_closing_waits_for_nothing_and_leaves_nothing_running(open_window):
    ui = open_window(slow())
    ui.qtbot.waitUntil(ui.window.store.is_busy)
    window = ui.window
    for lens in window.lenses:  # with tasks and timers of their own
        window.right.setCurrentWidget(lens)
    window.timeline.toggle_playing()
    assert any(task.is_running() for task in window.findChildren(Task))
    assert any(timer.isActive() for timer in window.findChildren(QTimer))
    window.close()
    assert not window.store.is_busy()
    assert not any(task.is_running() for task in window.findChildren(Task))
    ticking = [timer for timer in window.findChildren(QTimer) if timer.isActive()]
    assert {type(timer.parent()) for timer in ticking} == {GarbageCollector}


def slow():
    """An experiment whose picture takes a while."""
    text = " + ".join(f"sin({k}*a)*cos({k}*b)" for k in range(1, 20))
    methods = tuple(Method("central", epsilon=10.0**-k) for k in range(4))
    return Experiment(
        function=FormulaFunction(text),
        alpha=1e-6,
        steps=10_000,
        precision="float32",
        methods=methods,
    )


def test_only_the_window_is_a_window(ui):
    """No stray top level: a widget that lost its parent would stand on the desktop."""
    from PySide6.QtWidgets import QApplication

    mine = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert mine == [ui.window]
    assert isinstance(ui.window, QWidget)


def test_space_and_home_belong_to_what_has_the_focus(ui):
    (box, *_) = ui.window.methods_box._rows[1].findChildren(QCheckBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert not box.isChecked()
    slider = ui.window.descent_box._sliders["alpha"].slider
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert ui.experiment.alpha == 1e-4
    assert not ui.window.timeline._clock.isActive()
    ui.window.map_view.plot.setFocus()
    QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_Space)
    assert ui.window.timeline._clock.isActive()
    QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_Space)
    assert not ui.window.timeline._clock.isActive()


def test_refused_text_does_not_outlive_what_it_was_refused_of(ui):
    field = ui.window.descent_box._sliders["alpha"].field
    field.setFocus()
    field.setText("abc")
    field.setModified(True)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.error()
    ui.action("reset").trigger()
    assert (field.text(), field.error()) == (format_number(ui.experiment.alpha), "")


def test_a_letter_typed_over_a_list_searches_it_and_is_no_shortcut(ui):
    choice, minima = ui.window.surface_box._choice, ui.action("show_minima")
    was = minima.isChecked()
    choice.setFocus()
    QTest.keyClick(choice, Qt.Key.Key_M)
    assert minima.isChecked() == was
    assert choice.currentText().startswith("M")
    ui.window.map_view.plot.setFocus()
    QTest.keyClick(ui.window.map_view.plot, Qt.Key.Key_M)
    assert minima.isChecked() != was
    minima.setChecked(was)


def test_the_readout_is_of_what_lies_under_the_cursor_when_the_map_moves(ui):
    ui.point_at(1.0, 1.0)
    assert ui.readout().startswith("a 1")
    at = ui.pixel(1.0, 1.0)
    ui.change(range=(2.0, 3.0, 2.0, 3.0))
    a, b = (float(word.replace("−", "-")) for word in ui.readout().split()[1:4:2])
    assert (a, b) == pytest.approx(ui.place(at), abs=0.01)
    assert 2.0 <= a <= 3.0
    ui.window.map_strip.say("Something else")
    ui.change(range=None)
    assert not ui.readout().startswith("a 2")
