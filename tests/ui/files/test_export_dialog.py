"""The dialog of pictures: what it offers, its preview, and what it keeps for the next time."""

import shutil

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QLabel

from gdviz.experiment.experiment import Experiment
from gdviz.export.figures.scene import figure_bytes
from gdviz.export.options import MAP_SIZE, SLIDE_SIZE, FigureOptions
from gdviz.scene.animation.frames import Frame
from gdviz.scene.scene import build_scene
from gdviz.ui.files.export_dialog import ExportDialog
from tests.ui.hands import button, choice, choose, errors, field, said, type_into

PANELS, RELIEF = "Evaluations, gradient error and loss", "The surface as it is seen in 3-D"


@pytest.fixture
def make(qtbot):
    def made(**options):
        dialog = ExportDialog(FigureOptions(), **options)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return made


def preview(dialog):
    return next(x for x in dialog.findChildren(QLabel) if x.accessibleName() == "Preview")


def test_paths_are_whole_or_up_to_the_current_step(make):
    dialog = make(step=7)
    assert choice(dialog, "Paths").isVisible()
    assert dialog.step() is None
    choose(choice(dialog, "Paths"), "step")
    assert choice(dialog, "Paths").currentText() == "up to step 7"
    assert dialog.step() == 7
    assert not choice(make(), "Paths").isVisible()  # at the last step both are one


def test_a_slide_is_16_to_9(make):
    dialog = make()
    button(dialog, PANELS).click()
    choose(choice(dialog, "Shape"), "16:9")
    options = dialog.options()
    assert options.inches == SLIDE_SIZE
    assert options.pixels == (2000, 1125)
    assert options.panels
    assert choice(dialog, "Shape").currentText() == "16:9"
    button(dialog, PANELS).click()
    assert dialog.options().inches == SLIDE_SIZE  # which was chosen


def test_a_size_of_ones_own_is_called_so(make):
    dialog = make()
    assert choice(dialog, "Shape").currentText() == "4:3"
    type_into(field(dialog, "width"), "5")
    assert choice(dialog, "Shape").currentText() == "own size"


def test_words_and_ground_are_chosen(make):
    dialog = make()
    assert dialog.options().font_size is None
    assert not field(dialog, "font size").isEnabled()
    button(dialog, "Words of").click()
    field(dialog, "font size").set_value(14.0, force=True)
    button(dialog, "Transparent").click()
    assert dialog.options() == FigureOptions(MAP_SIZE, font_size=14.0, transparent=True)


def test_all_formats_are_offered(make):
    dialog = make()
    box = choice(dialog, "Format")
    assert [box.itemText(i) for i in range(box.count())] == [
        "PNG", "SVG", "PDF", "EPS", "PGF",
    ]  # fmt: skip


@pytest.mark.parametrize(("installed", "is_possible"), [("", False), ("lualatex", True)])
def test_pgf_without_latex_is_refused_before_a_file_is_asked_for(
    make, monkeypatch, installed, is_possible
):
    monkeypatch.setattr(shutil, "which", lambda name: name == installed)
    dialog = make()
    choose(choice(dialog, "Format"), "pgf")
    save = button(dialog, "&Save")
    assert save.isEnabled() == is_possible
    assert [text.startswith("LaTeX has to measure") for text in errors(dialog)] == (
        [] if is_possible else [True]
    )
    choose(choice(dialog, "Format"), "pdf")
    assert save.isEnabled()
    assert errors(dialog) == []


def test_the_preview_is_the_picture_that_is_chosen(make, qtbot):
    scene = build_scene(Experiment(), resolution=16)
    asked = []

    def draw(options, step, cloud):
        asked.append((options, step, cloud))
        return figure_bytes(Frame(scene, step), "png", options)

    dialog = make(step=3, draw=draw)
    qtbot.waitUntil(lambda: not preview(dialog).pixmap().isNull())
    picture = preview(dialog).pixmap()
    assert (picture.width(), picture.height()) == (420, 315)
    choose(choice(dialog, "Paths"), "step")
    button(dialog, "Dark").click()
    qtbot.waitUntil(lambda: asked[-1][1] == 3 and asked[-1][0].theme == "dark")
    assert max(options.pixels[0] for options, _, _ in asked) <= 840  # none is drawn in full


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("is_dark", "greys"), [(False, (255, 233)), (True, (21, 36))])
def test_no_ground_is_seen_as_squares_on_which_words_are_read(make, qtbot, is_dark, greys):
    scene = build_scene(Experiment(), resolution=16)
    dialog = make(draw=lambda options, *_: figure_bytes(scene, "png", options))
    button(dialog, "Transparent").click()
    if is_dark:
        button(dialog, "Dark").click()

    def corner():
        image = preview(dialog).pixmap().toImage()
        return image.isNull() or tuple(image.pixelColor(x, 1).red() for x in (1, 9))

    qtbot.waitUntil(lambda: corner() == greys)


def test_what_cannot_be_drawn_is_said_in_the_previews_place(make, qtbot):
    def draw(_options, _step, _cloud):
        raise OSError("no room")

    dialog = make(draw=draw)
    qtbot.waitUntil(lambda: "no room" in preview(dialog).text())


def test_choices_come_back(make, settings):
    dialog = make(settings=settings)
    choose(choice(dialog, "Format"), "eps")
    choose(choice(dialog, "Shape"), "16:9")
    field(dialog, "dpi").set_value(75.0, force=True)
    for box in (button(dialog, PANELS), button(dialog, "Words of"), button(dialog, "Transparent")):
        box.click()
    field(dialog, "font size").set_value(11.0, force=True)
    chosen = dialog.options()
    dialog.accept()
    again = make(settings=settings)
    assert again.options() == chosen
    assert again.suffix() == ".eps"
    assert again.result() != QDialog.DialogCode.Accepted


def test_another_theme_than_the_windows_comes_back(make, settings):
    dialog = make(settings=settings)
    button(dialog, "Dark").click()
    dialog.accept()
    again = make(settings=settings)
    assert again.options().theme == "dark"
    again.accept()
    in_dark = ExportDialog(FigureOptions(theme="dark"), again, settings=settings)
    assert in_dark.options().theme == "light"


def test_tab_leads_through_the_dialog_as_it_is_seen(make):
    dialog = make(step=7, of_step=("the circle of steps",))
    stops, widget = [], dialog.nextInFocusChain()
    while widget is not dialog:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            stops.append(widget.mapTo(dialog, QPoint(0, widget.height() // 2)))
        widget = widget.nextInFocusChain()
    rows = [(round(at.y() / 12), at.x()) for at in stops]
    assert len(rows) == 15
    assert rows == sorted(rows)


@pytest.mark.parametrize("garbage", ["x", "nan", "1e999", "-1", ["1"], True], ids=str)
def test_garbage_in_the_settings_is_as_at_first(make, settings, garbage):
    names = ("width", "height", "dpi", "points", "format", "panels", "own font")
    settings.write({f"export/{name}": garbage for name in names})
    options = make(settings=settings).options()
    assert options.dpi >= 20
    assert options.inches[0] >= 2.5


def test_a_dialog_that_was_given_up_keeps_nothing(make, settings):
    dialog = make(settings=settings)
    button(dialog, PANELS).click()
    dialog.reject()
    assert not make(settings=settings).options().panels


def test_up_to_the_current_step_comes_back_for_another_step(make, settings):
    dialog = make(step=7, settings=settings)
    choose(choice(dialog, "Paths"), "step")
    dialog.accept()
    at_last = make(settings=settings)  # where both are one, which chooses nothing
    assert at_last.step() is None
    at_last.accept()
    again = make(step=9, settings=settings)
    assert again.step() == 9
    choose(choice(again, "Paths"), "whole")
    again.accept()
    assert make(step=9, settings=settings).step() is None


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("png", "1,200 × 900 pixels"), ("svg", "576 × 432 points of 1/72 inch"),
        ("pdf", "576 × 432 points of 1/72 inch"), ("eps", "576 × 432 points of 1/72 inch"),
        ("pgf", "8 × 6 inches"),
    ],
)  # fmt: skip
def test_the_size_is_in_the_formats_unit(make, monkeypatch, name, size):
    monkeypatch.setattr(shutil, "which", lambda found: found)
    dialog = make()
    choose(choice(dialog, "Format"), name)
    assert size in said(dialog)


def test_where_eps_keeps_a_ground_is_said(make):
    dialog = make()
    choose(choice(dialog, "Format"), "eps")
    button(dialog, "Transparent").click()

    def is_said():
        note = "EPS has no transparency: the surface in 3-D stands on"
        return any(text.startswith(note) for text in said(dialog))

    assert not is_said()
    button(dialog, RELIEF).click()
    assert is_said()
    choose(choice(dialog, "Format"), "pdf")
    assert not is_said()
