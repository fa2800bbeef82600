"""The veil over a picture that is not of what is chosen, put there by code that hangs or raises."""

import pytest

from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_surface
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import FormulaFunction
from gdviz.ui.window.stale_picture import said_of

GOOD = "def loss(a, b):\n    return a**2 + b**2\n"
#: Answers where it is asked for a start, and hangs or raises where it is asked for a map.
HANGS = "def loss(a, b):\n    while a.size > 2000:\n        pass\n    return a**2 + b**2\n"
RAISES = (
    "def loss(a, b):\n    if (abs(a + 5 - 10 / 95) < 1e-9).any():  # the map's second column\n"
    "        raise KeyError('no map')\n    return a**2 + b**2\n"
)


@pytest.fixture
def file(ui, tmp_path):
    yield tmp_path / "mine.py"
    ui.window.code.close()


@pytest.fixture
def veil(ui):
    return ui.window.stale_picture.veil


def veiled(ui):
    """Return which of the map and the lenses are veiled."""
    veils = ui.window.stale_picture._veils
    return [not veil.isHidden() for veil in veils]


def open_file(ui, file, text):
    file.write_text(text)
    ui.window.opening.open_path(file)
    ui.qtbot.waitUntil(lambda: ui.experiment.function.code is not None, timeout=20_000)


def test_while_code_hangs_the_picture_before_is_veiled_and_the_window_answers(ui, file, veil):
    scene = ui.scene
    open_file(ui, file, HANGS)
    ui.qtbot.waitUntil(veil.isVisible, timeout=5_000)
    assert veil.sentence() == "This is still Sigmoid unit: mine.py is being computed."
    assert all(veiled(ui))
    assert veil.geometry() == ui.window.map_view.rect()
    assert ui.scene is scene
    ui.field("steps")  # may be used
    ui.window.open_lens("Cost")  # what is made meanwhile is under the veil as well
    lens = ui.window.cost_lens
    ui.qtbot.waitUntil(lambda: lens.childAt(lens.rect().center()) is not None)
    assert lens.children()[-1].sentence()
    ui.action("cancel").trigger()
    ui.qtbot.waitUntil(lambda: veil.sentence() == "This is still Sigmoid unit, not mine.py.")
    file.write_text(GOOD)  # the next good save
    ui.qtbot.waitUntil(ui.is_settled, timeout=20_000)
    assert ui.scene.experiment.function.code.name == "mine.py"
    assert not any(veiled(ui))


def test_a_failure_veils_the_picture_and_undo_brings_it_back(ui, file, veil):
    ui.show(on_surface(Experiment(), SURFACES["himmelblau"]))
    before, bound = ui.experiment, ui.window.descent_box.stability_bound
    assert bound.text()
    open_file(ui, file, RAISES)
    ui.qtbot.waitUntil(lambda: "no map" in ui.readout(), timeout=20_000)
    ui.qtbot.waitUntil(veil.isVisible)
    assert veil.sentence() == "This is still Himmelblau, not mine.py."
    assert bound.text() == ""  # which holds for what is not chosen
    ui.action("undo").trigger()
    ui.settle()
    assert ui.experiment == before
    ui.qtbot.waitUntil(lambda: bool(bound.text()))
    assert not any(veiled(ui))


def test_another_version_of_a_file_is_told_from_the_one_before(ui, file, veil):
    open_file(ui, file, GOOD)
    ui.qtbot.waitUntil(ui.is_settled, timeout=20_000)
    assert not veil.isVisible()
    file.write_text(RAISES)
    ui.qtbot.waitUntil(lambda: "no map" in ui.readout(), timeout=20_000)
    ui.qtbot.waitUntil(veil.isVisible)
    assert veil.sentence() == "This is still mine.py as it was before, not as it is now."


def test_a_formula_that_cannot_be_read_leaves_picture_and_controls_together(ui, veil):
    ui.window.new_formula()
    page = ui.window.formula_lens.page("formula")
    page.field.set_text("a^2 +* b")
    page._finish()
    assert page.remark.is_error()
    ui.qtbot.wait(700)
    assert ui.scene.experiment is ui.experiment
    assert not any(veiled(ui))


def test_what_is_said_of_another_start_or_formula():
    wave = Experiment(function=FormulaFunction("sin(a)*b"))
    assert said_of(wave, wave.replace(start=(1.0, 1.0)), False) == (
        "This is still the picture from before the last change."
    )
    assert said_of(wave, wave.replace(start=(1.0, 1.0)), True) == ""  # it soon is the right one
    long = Experiment(function=FormulaFunction("+".join(["a"] * 60)))
    assert said_of(wave, long, True).startswith("This is still f = sin(a)·b: f = a + a + a")
    assert len(said_of(wave, long, True)) < 120
