"""Basins on the map: what is drawn, what is computed and when, and what the person does with it."""

import itertools
import re
from html import unescape

import numpy as np
import pytest
from pyqtgraph import ImageItem
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtTest import QTest

from gdviz.engine.analysis.basins import difference
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction
from gdviz.experiment.guided.guides import guides
from gdviz.experiment.view import View
from gdviz.scene.basins import basins_of, refined_basins, share
from gdviz.ui.files.animation_dialog import AnimationDialog
from gdviz.ui.map.basins_overlay import legend_html
from gdviz.ui.tasks.basins_task import BasinsDrawing

HIMMELBLAU = on_surface(Experiment(), SURFACES["himmelblau"]).replace(steps=200, epsilon=0.5)


#: Starts along each axis, where the program has 256.
N = 64


@pytest.fixture(autouse=True)
def _fewer_starts(monkeypatch):
    monkeypatch.setattr("gdviz.scene.basins.RESOLUTION", N)


@pytest.fixture
def all_starts(monkeypatch):
    monkeypatch.setattr("gdviz.scene.basins.RESOLUTION", 256)


@pytest.fixture
def basins(ui):
    """The window on Himmelblau, its basins off, and off again afterwards."""
    ui.show(HIMMELBLAU)
    yield ui.window.basins
    ui.window.basins.choose(())
    ui.window.basins._last = ()


@pytest.fixture
def computed(monkeypatch):
    """The rows whose basins were computed, in order."""
    from gdviz.ui.tasks import basins_task

    rows = []

    def noted(experiment, row, *rest, **options):
        rows.append(row)
        return refined_basins(experiment, row, *rest, **options)

    monkeypatch.setattr(basins_task, "refined_basins", noted)
    return rows


def settle(ui):
    """Wait until the basins are the final ones."""
    job = ui.window.basins.task
    ui.qtbot.waitUntil(
        lambda: not job.is_running() and job.drawing is not None
        and all(each.stride == 1 for each in job.drawing.basins),
        timeout=20_000,
    )  # fmt: skip
    return job.drawing


def legend(ui):
    return ui.window.map_view.legend.text()


# ---------------------------------------------------------------- what is drawn


def test_nothing_is_computed_while_they_are_off(ui, basins, computed):
    ui.change(alpha=0.02)
    QTest.qWait(200)
    assert computed == []
    assert not ui.window.map_view._basins._image.isVisible()


def test_the_key_shows_the_basins_of_the_first_method_over_the_map(ui, basins):
    ui.action("show_basins").trigger()
    drawing = settle(ui)
    (drawn,) = drawing.basins
    expected = basins_of(HIMMELBLAU, 0, N)
    np.testing.assert_array_equal(drawn.label, expected.label)
    np.testing.assert_array_equal(drawn.steps, expected.steps)
    view = ui.window.map_view
    image = view._basins._image
    assert isinstance(image, ImageItem)
    assert image.isVisible()
    assert image.axisOrder == "row-major"
    np.testing.assert_array_equal(image.image, drawing.pixels)
    assert view.ground.image.zValue() < image.zValue() < view.ground.contours.zValue() < 10
    cell = 10.0 / (N - 1)
    rect = image.mapRectToView(image.boundingRect())
    assert rect.getCoords() == pytest.approx((-5 - cell / 2,) * 2 + (5 + cell / 2,) * 2)
    assert [text for _, text in view._basins._marks._marks] == ["1", "2", "3", "4"]
    assert "<b>Basins</b> of Analytic" in legend(ui)
    ui.action("show_basins").trigger()
    assert not image.isVisible()
    assert "Basins" not in legend(ui)


def test_a_start_is_in_the_colour_of_where_its_path_ends(ui, basins):
    ui.action("show_basins").trigger()
    drawing = settle(ui)
    a, b = -4.0, 3.0
    ui.change(start=(a, b))
    end = ui.scene.runs[0].path.theta[-1]
    j, i = round((b + 5) / 10 * (N - 1)), round((a + 5) / 10 * (N - 1))
    reached = drawing.basins[0].outcomes[drawing.basins[0].label[j, i]]
    assert (reached.a, reached.b) == pytest.approx(tuple(end), abs=1e-6)


def test_the_strip_says_what_becomes_of_the_start_under_the_cursor(ui, basins):
    assert "∇f" in point_at(ui, 4.0, 3.0)
    ui.action("show_basins").trigger()
    settle(ui)
    said = point_at(ui, 4.0, 3.0)
    assert said.startswith("from here: minimum (3, 2) in ")
    assert said.endswith(" steps")
    basins.choose((0, 1))
    one, other = settle(ui).basins
    j, i = np.argwhere(difference(one, other))[40]
    ends = [each.outcomes[each.label[j, i]] for each in (one, other)]
    said = point_at(ui, one.a[i], one.b[j])
    assert said.count("minimum") == 2
    assert " → " in said
    assert ends[0] != ends[1]


def point_at(ui, a, b):
    ui.point_at(a, b)
    return ui.readout()


def test_a_difference_is_the_engines(ui, basins):
    basins.choose((0, 1))
    drawing = settle(ui)
    expected = difference(*(basins_of(HIMMELBLAU, row, N) for row in (0, 1)))
    pixels = len(drawing.pixels) // N
    marked = (drawing.pixels[::pixels, ::pixels, :3] == [0xD6, 0x33, 0x6C]).all(axis=-1)
    np.testing.assert_array_equal(marked, expected)
    assert share_in(legend(ui)) == share(int(expected.sum()), expected.size)


def test_the_legend_is_text_and_no_markup(ui, all_starts, basins):
    """A share of "< 0.1 %" would be the beginning of a tag."""
    ui.change(epsilon=1.0)
    basins.choose((1,))
    drawing = settle(ui)
    assert "< 0.1 %" in [row.text for row in drawing.legend][-1]
    assert "on its way: &lt; 0.1 %" in legend_html(drawing, "")


# ---------------------------------------------------------------- when it is computed


def test_dragging_the_start_computes_nothing(ui, basins, computed):
    basins.choose((0,))
    drawing = settle(ui)
    computed.clear()
    for step in range(5):
        ui.change(start=(0.1 * step, 1.0))
    ui.change(more_starts=((2.0, 2.0),), color_scale="log")
    assert not basins.task.is_running()
    assert computed == []
    assert basins.task.drawing is drawing


def test_turning_epsilon_keeps_what_does_not_depend_on_it(ui, basins, computed):
    basins.choose((0, 1))
    before = settle(ui)
    computed.clear()
    for epsilon in (0.4, 0.3, 0.2):
        ui.window.store.change(epsilon=epsilon)
    assert basins.task.drawing is before  # until there is another
    ui.qtbot.waitUntil(lambda: basins.task.drawing is not before, timeout=20_000)
    after = settle(ui)
    assert set(computed) == {1}
    assert len(computed) <= 2  # the one that had begun, and the newest
    assert after.basins[0] is before.basins[0]
    expected = basins_of(HIMMELBLAU.replace(epsilon=0.2), 1, N)
    np.testing.assert_array_equal(after.basins[1].label, expected.label)


def share_in(text):
    """Return the share that the legend of a difference tells."""
    return unescape(re.search(r"Forward difference ends elsewhere: ([^<]+) of starts<", text)[1])


def coarse_share(epsilon):
    one, other = (
        next(refined_basins(HIMMELBLAU.replace(epsilon=epsilon), row, N)) for row in (0, 1)
    )
    assert one.stride == other.stride == 4
    different = difference(one, other)
    return share(int(different.sum()), different.size)


def test_a_difference_follows_epsilon_while_it_is_turned(ui, basins):
    """Pictures appear on the way, each that of an ε that was passed, and none is called old."""
    basins.choose((0, 1))
    settle(ui)
    down = [0.5 * 0.87**k for k in range(12)]
    to_and_fro = itertools.cycle([*down[1:], *down[-2::-1]])
    seen = []

    def turn():
        assert ui.window.store.change(epsilon=next(to_and_fro))

    def note():
        if basins.task.drawing.basins[0].stride == 4 and not basins.task.is_stale:
            seen.append(share_in(legend(ui)))

    basins.task.changed.connect(note)
    timer = QTimer(interval=20)
    timer.timeout.connect(turn)
    timer.start()
    ui.qtbot.waitUntil(lambda: len(seen) >= 5 and len(set(seen)) >= 3)
    timer.stop()
    basins.task.changed.disconnect(note)
    assert set(seen) <= {coarse_share(epsilon) for epsilon in down}
    last = settle(ui)
    assert tuple(each.basins for each in basins.task.of(ui.experiment)) == last.basins


def test_a_picture_that_is_behind_says_so(ui, basins, monkeypatch):
    basins.choose((0, 1))
    drawing = settle(ui)
    image = ui.window.map_view._basins._image
    monkeypatch.setattr(basins.task, "request", lambda *_arguments: None)  # it takes for ever
    ui.change(epsilon=0.1)
    ui.change(epsilon=0.2)
    assert basins.task.drawing is drawing
    ui.qtbot.waitUntil(lambda: basins.task.is_stale, timeout=2_000)
    assert image.isVisible()
    assert image.opacity() < 0.6
    assert legend(ui).endswith("<i>… still from before the last change</i>")
    assert "from here" not in point_at(ui, 4.0, 3.0)
    monkeypatch.undo()
    ui.change(epsilon=0.3)
    ui.qtbot.waitUntil(lambda: basins.task.drawing is not drawing, timeout=20_000)
    assert not basins.task.is_stale
    settle(ui)
    assert image.opacity() == 1.0
    assert "still from before" not in legend(ui)


def test_the_map_that_is_zoomed_is_the_grid(ui, basins):
    basins.choose((0,))
    before = settle(ui)
    ui.change(range=(0.0, 2.0, -1.0, 1.0))
    ui.qtbot.waitUntil(lambda: basins.task.drawing is not before, timeout=20_000)
    drawn = settle(ui).basins[0]
    assert drawn.range == (0.0, 2.0, -1.0, 1.0)
    assert drawn.a[0] == 0.0
    assert drawn.b[-1] == 1.0


def test_coarse_results_come_first(ui, basins):
    strides = []

    def note():
        if basins.task.drawing is not None:
            strides.append(basins.task.drawing.basins[0].stride)
            assert ("so far 1 start in" in legend(ui)) == (strides[-1] > 1)

    basins.task.changed.connect(note)
    basins.choose((0,))
    settle(ui)
    basins.task.changed.disconnect(note)
    assert strides == sorted(strides, reverse=True)
    assert strides[-1] == 1


def test_a_difference_is_coarse_at_once_and_then_finer(ui, basins):
    """The two methods take turns: neither is final before the other is coarse."""
    seen = []

    def note():
        if basins.task.drawing is not None:
            seen.append(tuple(each.stride for each in basins.task.drawing.basins))

    basins.task.changed.connect(note)
    basins.choose((0, 1))
    settle(ui)
    basins.task.changed.disconnect(note)
    assert all(one == other for one, other in seen)
    assert seen == sorted(seen, reverse=True)
    stages = basins.task._found.stages
    assert [list(each) for each in stages] == [[4, 2, 1]] * 2


@pytest.mark.slow
def test_the_bar_fills_with_the_work(ui, all_starts, basins):
    """What it shows is what was counted: a half is one of two methods, or half of each."""
    strip = ui.window.map_strip
    parts, values = [], []

    def note():
        parts.append(basins.task.part_done)
        if strip.progress.isVisible():
            values.append(strip.progress.value() / strip.progress.maximum())
            assert values[-1] <= parts[-1]
            assert values[-1] == pytest.approx(parts[-1], abs=0.02)  # it goes on meanwhile
            assert strip.progress.text() == f"{100 * values[-1]:.1f} %"

    ui.change(steps=800, alpha=1e-5)
    basins.task.progressed.connect(note)
    basins.choose((0, 1))
    drawing = settle(ui)
    basins.task.progressed.disconnect(note)
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    assert len(set(values)) > 5
    assert values[-1] > 0.9
    assert not strip.progress.isVisible()
    assert drawing.basins[0].stride == 1


def test_the_bar_goes_to_and_fro_where_nobody_counts(ui):
    strip = ui.window.map_strip
    strip.set_busy(True)
    assert strip.progress.maximum() == 0
    strip.set_busy(True, "basins", 0.25)
    assert strip.progress.value() == strip.progress.maximum() / 4
    strip.set_busy(False, "basins")
    assert strip.progress.maximum() == 0
    strip.set_busy(False)
    assert not strip.progress.isVisible()


def test_another_surface_takes_the_picture_away_at_once(ui, basins):
    basins.choose((0,))
    settle(ui)
    ui.window.store.set_experiment(Experiment(view=View(basins=(0,))))
    assert basins.task.drawing is None
    settle(ui)
    assert "left the map" in legend(ui)


def test_a_long_one_can_be_cancelled(ui, basins):
    ui.change(steps=10_000, alpha=1e-6)
    basins.choose((0,))
    ui.qtbot.waitUntil(lambda: "basins" in ui.window.map_strip._busy, timeout=20_000)
    assert ui.window.map_strip.cancel_button.isVisible()
    ui.action("cancel").trigger()
    assert ui.readout().startswith("Cancelled: the basins")
    ui.qtbot.waitUntil(lambda: not basins.task.is_running(), timeout=20_000)
    assert not ui.window.map_strip.cancel_button.isVisible()
    drawing = basins.task.drawing
    assert drawing is None or drawing.basins[0].stride > 1
    ui.change(start=(1.0, 1.0))
    assert not basins.task.is_running()  # until what it depends on changes
    ui.change(steps=50, alpha=0.01)
    settle(ui)


def test_what_was_on_its_way_for_another_choice_is_dropped(ui, basins):
    basins.choose((0,))
    basins.choose((0, 1))
    assert basins.task.rows == (0, 1)
    assert settle(ui).titles == ("Analytic", "Forward difference")
    shown = []
    basins.task.changed.connect(lambda: shown.append(basins.task.drawing))
    ui.window.store.change(epsilon=0.3)
    basins.choose(())
    ui.qtbot.waitUntil(lambda: not basins.task.is_running(), timeout=20_000)
    assert set(shown) <= {None}


# ---------------------------------------------------------------- the choice


def menu_of(ui):
    button = ui.window.map_strip.basins
    button._fill()
    return {action.text(): action for action in button.menu().actions() if action.text()}


def test_the_menu_has_methods_and_differences(ui, basins):
    actions = menu_of(ui)
    assert [text for text, action in actions.items() if not action.isSeparator()] == [
        "Off", "Analytic", "Forward difference", "Central difference",
        "Analytic against Forward difference", "Analytic against Central difference",
    ]  # fmt: skip
    assert actions["Off"].isChecked()
    button = ui.window.map_strip.basins
    width, readout = button.sizeHint().width(), ui.readout()
    assert "Click" in readout
    actions["Analytic against Forward difference"].trigger()
    assert basins.task.rows == (0, 1)
    assert button.isChecked()
    said = "Difference: Analytic against Forward difference"
    assert button.toolTip().startswith(f"{said}\n")
    assert ui.readout() == said
    ui.change(methods=(Method("analytic"), Method("central")))
    assert ui.readout() == "Difference: Analytic against Central difference"
    ui.change(methods=HIMMELBLAU.methods)
    assert ui.window.map_strip.basins.text() == "Difference ▾"
    assert ui.action("show_basins").isChecked()
    settle(ui)
    menu_of(ui)["Off"].trigger()
    assert basins.task.rows == ()
    assert (button.sizeHint().width(), ui.readout()) == (width, readout)
    assert not ui.action("show_basins").isChecked()
    ui.action("show_basins").trigger()
    assert basins.task.rows == (0, 1)  # what was shown last


def test_a_rule_that_searches_and_one_it_is_compared_with_have_fewer_starts(
    ui, basins, computed, monkeypatch
):
    monkeypatch.setattr("gdviz.scene.basins.FEWER", 16)
    ui.change(methods=(Method("analytic"), Method("forward", "l-bfgs")))
    basins.choose((0,))
    assert len(settle(ui).basins[0].a) == N
    basins.choose((0, 1))
    drawing = settle(ui)
    assert computed == [0, 0, 1]  # the first again, with the starts of the other
    assert [len(each.a) for each in drawing.basins] == [16, 16]
    ends = drawing.basins[1].outcomes
    assert [end.kind for end in ends][:4] == ["minimum"] * 4
    basins.choose((0,))
    assert len(settle(ui).basins[0].a) == N


def test_a_method_that_is_gone_takes_its_basins_along(ui, basins):
    basins.choose((2,))
    settle(ui)
    ui.change(methods=(Method("analytic"),))
    assert basins.task.rows == ()
    assert not ui.action("show_basins").isChecked()
    ui.action("show_basins").trigger()
    assert basins.task.rows == (0,)


def test_a_method_that_is_removed_leaves_the_others_theirs(ui, basins):
    basins.choose((2,))
    before = ui.experiment.methods
    ui.window.methods_box._remove(1)
    assert basins.task.rows == (1,)
    assert "Central difference" in ui.window.map_strip.basins.said()
    ui.action("undo").trigger()  # both at once
    assert basins.task.rows == (2,)
    assert ui.experiment.methods == before


def test_undo_and_redo_reach_which_lie_on_the_map(ui, basins, computed):
    basins.choose((0,))
    settle(ui)
    basins.choose((0, 1))  # soon, and a step of its own
    settle(ui)
    ui.action("show_basins").trigger()
    assert basins.task.rows == ()
    for rows in ((0, 1), (0,), ()):
        ui.action("undo").trigger()
        assert basins.task.rows == rows
        assert ui.action("show_basins").isChecked() == bool(rows)
    assert basins.task.drawing is None
    ui.action("redo").trigger()
    assert len(settle(ui).basins) == 1  # computed again
    assert computed[0] == computed[-1] == 0


def test_another_experiment_has_its_own(ui, basins):
    basins.choose((0,))
    ui.window.commands.begin(Experiment())
    assert basins.task.rows == ()
    ui.action("undo").trigger()
    assert basins.task.rows == (0,)


def test_where_no_method_is_shown_there_are_none(ui, basins):
    ui.change(methods=(Method("analytic", shown=False),))
    ui.action("show_basins").trigger()
    assert not ui.action("show_basins").isChecked()
    assert basins.task.rows == ()


def test_a_guide_lays_them_on_the_map_and_the_next_takes_them_off(ui, basins):
    menu = next(m for m in ui.window.menuBar().actions() if "xperiments" in m.text()).menu()
    by_title = {action.text(): action for action in menu.actions()}
    ui.window.guides.open_from_menu(by_title["Where you start is where you end"])
    assert basins.task.rows == (0,)
    settle(ui)
    ui.window.guides.open_from_menu(by_title[guides()[0].title])
    assert basins.task.rows == ()
    ui.window.banner.hide()


def test_an_exported_picture_has_the_basins_that_are_shown(ui, basins, monkeypatch):
    asked = []
    documents = ui.window.documents
    monkeypatch.setattr(documents, "export_picture", lambda *what: asked.append(what))
    monkeypatch.setattr(documents, "copy_picture", lambda *what: asked.append(what))
    ui.action("export_picture").trigger()
    assert asked[-1][0].basins == ()
    basins.choose((0, 1))
    drawing = settle(ui)
    for name in ("export_picture", "copy_picture"):
        ui.action(name).trigger()
        frame, *_ = asked[-1]
        assert (frame.circle, frame.clouds) == (None, ())
        assert [each.row for each in frame.basins] == [0, 1]
        assert tuple(each.basins for each in frame.basins) == drawing.basins
        assert frame.scene is ui.scene
    # Those of another ε still lie on the map, and belong to no picture of this one.
    ui.change(epsilon=0.25)
    if basins.task.drawing is drawing:
        assert basins.task.of(ui.experiment) == ()
    settle(ui)
    assert len(basins.task.of(ui.experiment)) == 2
    assert basins.task.of(HIMMELBLAU) == ()
    assert basins.task.of(ui.experiment.replace(methods=(Method("analytic"),))) == ()


def test_an_exported_animation_has_the_basins_that_are_shown(ui, basins):
    def plan():
        ui.action("export_animation").trigger()
        (dialog,) = ui.window.findChildren(AnimationDialog)
        found = dialog.choices.chosen().plan
        dialog.close()
        QCoreApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
        return found

    assert plan().frame(0).basins == ()
    basins.choose((0, 1))
    drawing = settle(ui)
    frame = plan().frame(3)
    assert [each.row for each in frame.basins] == [0, 1]
    assert tuple(each.basins for each in frame.basins) == drawing.basins


@pytest.mark.sampled(1)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_button_shows_that_it_is_down(ui, basins, theme):
    """Its ground is another colour, far from that of the buttons beside it."""
    ui.theming.choose(theme)
    button = ui.window.map_strip.basins

    def ground():
        return np.array(button.grab().toImage().pixelColor(3, button.height() // 2).getRgb()[:3])

    up = ground()
    basins.choose((0,))
    assert np.abs(ground() - up).max() > 60


@pytest.mark.parametrize("surface", ["himmelblau", "rastrigin", "six-hump-camel", "sigmoid-unit"])
def test_the_legend_has_five_lines_at_most(surface):
    chosen = on_surface(Experiment(), SURFACES[surface])
    drawn = (basins_of(chosen, 0, 64),)
    for is_stale in (False, True):
        html = legend_html(BasinsDrawing.of(("Analytic",), drawn), "", is_stale)
        lines = 1 + html.count("<tr>") + (not html.endswith("</table>"))
        assert 2 <= lines <= 5


@pytest.mark.slow
def test_both_themes_and_closing_while_it_runs(open_window):
    ui = open_window(HIMMELBLAU.replace(steps=10_000, alpha=1e-6))
    ui.settle()
    ui.window.basins.choose((0,))
    for theme in ("dark", "light"):
        ui.theming.choose(theme)
        ui.window.grab()
    ui.qtbot.waitUntil(ui.window.basins.task.is_running)


def test_a_minimum_at_a_kink_is_hatched_in_the_legend(ui, basins):
    ui.show(Experiment(function=FormulaFunction("abs(a) + abs(b)"), alpha=0.01, steps=100))
    basins.choose((0,))
    text = legend_html(settle(ui), "")
    assert "▧" in text
    assert "minimum at a kink" in text
