"""The dialog that exports animations: its first frame, what it says before, and the file."""

import itertools
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from gdviz.experiment.experiment import Experiment, Method
from gdviz.export.animation import save
from gdviz.export.options import AS_USUAL
from gdviz.scene.scene import build_scene
from gdviz.ui.files.animation_dialog import AnimationDialog
from gdviz.ui.toolkit.theme import LIGHT
from tests.ui.hands import button, choice, field, said

LONG = 120_000
METHODS = (Method("analytic"), Method("forward"))


@pytest.fixture
def dialog(qtbot, tmp_path):
    scene = build_scene(Experiment(methods=METHODS, steps=6), resolution=24)
    made = AnimationDialog(scene, tmp_path / "paths", AS_USUAL, LIGHT, None)
    qtbot.addWidget(made)
    made.show()
    for name, side in (("width", 240), ("height", 180)):
        type_in(made, name, side)
    return made


def type_in(dialog, name, value):
    of = field(dialog, name)
    of.selectAll()
    QTest.keyClicks(of, str(value))
    QTest.keyClick(of, Qt.Key.Key_Return)


def choose(dialog, name, data):
    made = choice(dialog, name)
    made.setCurrentIndex(made.findData(data))
    made.activated.emit(made.currentIndex())


def is_said(dialog, text):
    return any(text in each for each in said(dialog))


def test_it_says_what_it_will_be_and_writes_it(qtbot, dialog, tmp_path):
    qtbot.waitUntil(lambda: is_said(dialog, "written in about"), timeout=LONG)
    assert is_said(dialog, "7 frames · 2.1 s · 240 × 180 pixels · about ")
    # The map of the first frame is where the preview has it.
    seen = dialog.preview.grab().toImage()
    assert seen.pixelColor(seen.width() // 2, seen.height() // 2).lightness() < 200
    dialog.export_to(tmp_path / "paths.gif")
    assert button(dialog, "Cancel").isVisible()
    assert not dialog.choices.isEnabled()
    qtbot.waitUntil(lambda: is_said(dialog, "Exported paths.gif, "), timeout=LONG)
    with Image.open(tmp_path / "paths.gif") as image:
        assert (image.n_frames, image.size) == (7, (240, 180))
    assert [path.name for path in tmp_path.iterdir()] == ["paths.gif"]
    assert button(dialog, "Export…").isVisible()


def test_a_line_is_drawn_on_the_map(qtbot, dialog):
    choose(dialog, "What moves", "start")
    qtbot.waitUntil(lambda: dialog.preview.place_of((0.0, 0.0)) is not None, timeout=LONG)
    first, last = (dialog.preview.place_of(point).toPoint() for point in ((-3.0, 2.0), (4.0, -1.0)))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(dialog.preview, left, none, first)
    QTest.mouseMove(dialog.preview, (first + last) / 2)
    QTest.mouseRelease(dialog.preview, left, none, last)
    ends = [field(dialog, name).value() for name in ("a from", "b from", "a to", "b to")]
    assert ends == pytest.approx([-3.0, 2.0, 4.0, -1.0], abs=0.06)  # a pixel
    assert dialog.choices.chosen().plan.values[-1] == pytest.approx(ends[2:])
    # Beside the map nothing is drawn.
    QTest.mousePress(dialog.preview, left, none, QPoint(1, 1))
    QTest.mouseRelease(dialog.preview, left, none, last)
    assert [field(dialog, name).value() for name in ("a from", "b from")] == ends[:2]


def test_in_three_dimensions_a_line_is_drawn_on_the_surface(qtbot, dialog):
    (relief,) = (box for box in dialog.findChildren(QCheckBox) if box.text() == "In 3-D")
    relief.click()
    assert not is_said(dialog, "Drag on the map")
    choose(dialog, "What moves", "start")
    assert is_said(dialog, "Drag on the map")
    qtbot.waitUntil(lambda: dialog.preview.place_of((-3.0, -2.0)) is not None, timeout=LONG)
    ends = (-3.0, -2.0), (-4.0, 3.0)
    first, last = (dialog.preview.place_of(point).toPoint() for point in ends)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(dialog.preview, left, none, first)
    QTest.mouseMove(dialog.preview, last)
    # Beside the surface there is no point: the last one counts.
    QTest.mouseRelease(dialog.preview, left, none, QPoint(1, 1))
    found = [field(dialog, name).value() for name in ("a from", "b from", "a to", "b to")]
    assert found == pytest.approx([-3.0, -2.0, -4.0, 3.0], abs=0.15)  # a pixel


def test_what_is_refused_is_said_and_nothing_can_be_exported(dialog, monkeypatch):
    export = button(dialog, "Export…")
    type_in(dialog, "frames", 1)
    assert is_said(dialog, "between 2 and")
    assert not export.isEnabled()
    type_in(dialog, "frames", 5)
    assert export.isEnabled()
    type_in(dialog, "step from", 6)
    assert is_said(dialog, "To: nothing moves from 6 to 6.")
    assert not export.isEnabled()
    type_in(dialog, "step from", 0)
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    choose(dialog, "Format", "mp4")
    assert is_said(
        dialog, 'Videos need ffmpeg, which is not installed: pip install "gdviz[video]".'
    )
    assert not export.isEnabled()
    choose(dialog, "Format", "webp")
    assert export.isEnabled()


def test_odd_sides_of_an_mp4_are_rounded_and_it_is_said(dialog):
    pytest.importorskip("imageio_ffmpeg")
    type_in(dialog, "width", 241)
    choose(dialog, "Format", "mp4")
    assert is_said(dialog, "The video has 242 × 180 pixels, not 241 × 180: MP4 (H.264) takes even")
    assert not field(dialog, "loops").isEnabled()


def test_clouds_are_offered_where_a_method_draws_and_steps_move(qtbot, dialog, tmp_path):
    assert not button(dialog, "Cloud").isEnabled()
    scene = build_scene(Experiment(methods=(Method("spsa"),), steps=3), resolution=24)
    drawing = AnimationDialog(scene, tmp_path / "paths", AS_USUAL, LIGHT, None)
    qtbot.addWidget(drawing)
    box = button(drawing, "Cloud")
    assert not drawing.choices.chosen().plan.clouds
    box.click()
    assert drawing.choices.chosen().plan.clouds
    choose(drawing, "What moves", "alpha")
    assert not box.isEnabled()
    assert not drawing.choices.chosen().plan.clouds
    choose(drawing, "What moves", "steps")
    assert drawing.choices.chosen().plan.clouds


def test_a_scene_without_paths_says_so(qtbot, tmp_path):
    hidden = (Method("analytic", shown=False),)
    scene = build_scene(Experiment(methods=hidden), resolution=24)
    made = AnimationDialog(scene, tmp_path / "paths", AS_USUAL, LIGHT, None)
    qtbot.addWidget(made)
    made.show()
    assert is_said(made, "No method is shown, so there are no paths.")
    assert not button(made, "Export…").isEnabled()


def test_cancelling_leaves_no_file(qtbot, dialog, tmp_path, monkeypatch):
    drawing, going_on, draw = threading.Event(), threading.Event(), save.FrameDrawer.draw
    drawn = itertools.count()

    def stopping(*arguments):
        if next(drawn) == 5:  # in the middle of the file
            drawing.set()
            going_on.wait(LONG / 1000)
        return draw(*arguments)

    dialog._look.stop()
    monkeypatch.setattr(save.FrameDrawer, "draw", stopping)
    dialog.export_to(tmp_path / "paths.gif")
    assert drawing.wait(LONG / 1000)
    assert list(tmp_path.glob(".gdviz.*"))
    button(dialog, "Cancel").click()
    going_on.set()
    qtbot.waitUntil(lambda: button(dialog, "Export…").isVisible(), timeout=LONG)
    assert is_said(dialog, "Cancelled; no file was written.")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_gone_is_said(qtbot, dialog, tmp_path):
    dialog.export_to(tmp_path / "gone" / "paths.gif")
    qtbot.waitUntil(lambda: is_said(dialog, "cannot be written: no such file"), timeout=LONG)
    assert not list(tmp_path.iterdir())


def test_a_window_that_is_closed_ends_what_is_encoded(open_window, tmp_path):
    pytest.importorskip("imageio_ffmpeg")
    ui = open_window()
    ui.window.menus[ui.window.commands.export_animation].trigger()
    dialog = ui.window.findChild(AnimationDialog)
    for name, side in (("width", 1600), ("height", 1200)):
        type_in(dialog, name, side)
    dialog.export_to(tmp_path / "paths.webm")
    ui.qtbot.waitUntil(lambda: any(tmp_path.glob(".gdviz.*")), timeout=LONG)
    ui.window.close()
    assert not [*tmp_path.glob(".gdviz.*"), *tmp_path.glob("paths*")]
    if sys.platform == "linux":
        mine = [path.read_bytes() for path in map(Path, _command_lines()) if path.exists()]
        assert not [line for line in mine if str(tmp_path).encode() in line]


def _command_lines():
    return [f"/proc/{each.name}/cmdline" for each in Path("/proc").iterdir() if each.name.isdigit()]


def test_the_first_frame_is_seen_as_it_is(qtbot, dialog):
    qtbot.waitUntil(lambda: is_said(dialog, "written in about"), timeout=LONG)
    chosen = dialog.choices.chosen()
    first = save.first_frame(chosen.plan, chosen.options)
    shown = dialog.preview.grab().toImage()
    left, top = (dialog.preview.width() - 240) // 2, (dialog.preview.height() - 180) // 2
    ours = np.array(
        [[shown.pixel(left + x, top + y) & 0xFFFFFF for x in range(20, 220, 25)]
         for y in range(40, 150, 25)]
    )  # fmt: skip
    # Qt's pixels have red in front, and blue at the end.
    data = first.pixels[40:150:25, 20:220:25]
    theirs = (data & 0xFF) << 16 | data & 0xFF00 | data >> 16 & 0xFF
    apart = [np.abs((ours >> shift & 0xFF) - (theirs >> shift & 0xFF)) for shift in (0, 8, 16)]
    assert np.median(apart) <= 3
