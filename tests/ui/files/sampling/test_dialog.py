"""The dialog that samples: a map that grows, how long it takes, and what becomes of the file."""

import math
import threading
from dataclasses import replace

import h5py
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.sampling.landscape_file import Axes, create, reopen
from gdviz.sampling.request import Sampled
from gdviz.sampling.subject import Plane, SamplingError
from gdviz.ui.files.sampling import task as sample_task
from gdviz.ui.files.sampling.dialog import SampleDialog
from gdviz.ui.toolkit.theme import LIGHT
from tests.sampling.sampled import EXTENT, GRID, assert_right, quadratic
from tests.ui.hands import (
    address,
    button,
    choice,
    choose_grid,
    field,
    offered,
    said,
)

LONG = 60_000
CODE = """\
import time
from pathlib import Path

HERE = Path(__file__).parent

def loss(a, b):
    a, b = float(a), float(b)
    while (a, b) == (2.0, 1.5) and (HERE / "waits").exists():
        time.sleep(0.01)
    return 1 + a**2 + 10*b**2 + 0.3*a
"""


@pytest.fixture
def dialog(qtbot, tmp_path):
    (tmp_path / "model.py").write_text(CODE)
    made = SampleDialog(tmp_path / "model.py", 1, LIGHT, None)
    qtbot.addWidget(made)
    made.show()
    settle(qtbot, made)
    return made


def settle(qtbot, dialog):
    """Wait until it is known what stands where the landscape is to be."""
    qtbot.waitUntil(lambda: not dialog._look.is_running(), timeout=LONG)


def computed(folder):
    with reopen(folder / "model.h5") as file:
        return np.count_nonzero(file.state)


def choose(dialog, shape=(7, 4)):
    choose_grid(dialog, shape, (-1.0, 2.0, -0.5, 1.5))


def rest(qtbot, dialog):
    """Wait until nothing runs."""
    qtbot.waitUntil(lambda: "Cancel" not in offered(dialog), timeout=LONG)
    settle(qtbot, dialog)


def test_it_samples_shows_the_map_and_offers_to_open_it(qtbot, tmp_path, dialog):
    choose(dialog)
    seen = []
    dialog._task.reported.connect(seen.append)
    assert offered(dialog) == ["Sample", "Close"]
    button(dialog, "Sample").click()
    assert offered(dialog) == ["Cancel", "Close"]
    assert not dialog.choices.isEnabled()
    rest(qtbot, dialog)
    assert "28 cells." in said(dialog)
    assert_right(tmp_path / "model.h5")
    assert seen[-1].colors.shape == (4, 7)
    losses = quadratic(*np.meshgrid(np.linspace(-1, 2, 7), np.linspace(-0.5, 1.5, 4)))
    places = seen[-1].scale.place(losses)
    np.testing.assert_array_equal(seen[-1].colors, (places * 255).astype(int))
    rect = dialog.map._image.mapRectToParent(dialog.map._image.boundingRect())
    assert (rect.left(), rect.right()) == (-1.25, 2.25)  # half a cell around the points
    assert offered(dialog) == ["Refine", "Open", "Close"]  # nothing is left to go on with
    opened = []
    dialog.to_open.connect(opened.append)
    button(dialog, "Open").click()
    assert opened == [tmp_path / "model.h5"]


@pytest.mark.slow
def test_cancelling_keeps_what_was_computed_and_resume_goes_on(
    qtbot, tmp_path, dialog, monkeypatch
):
    monkeypatch.setattr(sample_task, "_PICTURE", math.inf)  # the window has heard of no cell
    (tmp_path / "waits").touch()
    choose(dialog)
    button(dialog, "Sample").click()
    qtbot.waitUntil(
        lambda: (tmp_path / "model.h5").exists() and computed(tmp_path) > 0, timeout=LONG
    )
    button(dialog, "Cancel").click()
    assert offered(dialog) == ["Cancel", "Close"]
    assert "Cancelling …" in said(dialog)
    qtbot.waitUntil(lambda: "Resume" in offered(dialog), timeout=LONG)
    assert 0 < (done := computed(tmp_path)) < 28
    assert f"Cancelled: {done} of 28 cells are in model.h5." in said(dialog)
    assert offered(dialog) == ["Resume", "Refine", "Open", "Close"]
    (tmp_path / "waits").unlink()
    button(dialog, "Resume").click()
    rest(qtbot, dialog)
    assert_right(tmp_path / "model.h5")


@pytest.mark.slow
def test_a_file_that_is_there_is_looked_at_and_its_grid_made_finer(
    qtbot, tmp_path, dialog, monkeypatch
):
    choose(dialog)
    button(dialog, "Sample").click()
    rest(qtbot, dialog)
    other = SampleDialog(tmp_path / "model.py", 1, LIGHT, None)
    qtbot.addWidget(other)
    other.show()
    settle(qtbot, other)
    assert "To model-2.h5" in said(other)
    asked = []
    answer = str(tmp_path / "model.h5"), ""
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *given: asked.append(given) or answer
    )
    button(other, "Choose…").click()
    assert asked[0][-1] == QFileDialog.Option.DontConfirmOverwrite  # nothing is written over
    qtbot.waitUntil(lambda: "Refine" in offered(other), timeout=LONG)
    assert offered(other) == ["Refine", "Open", "Close"]
    assert "model.h5 has 7 × 4 cells, 28 of them computed" in said(other)
    assert not choice(other, "Directions").isEnabled()
    assert [field(other, f"points along {x}").value() for x in "ab"] == [13, 7]
    field(other, "points along b").set_value(8, force=True)
    button(other, "Refine").click()
    rest(qtbot, other)
    assert (
        "Refine: a grid of 13 × 8 has no place for the cells of 7 × 4; a grid of 13 × 10 has."
        in said(other)
    )
    field(other, "points along b").set_value(7, force=True)
    button(other, "Refine").click()
    rest(qtbot, other)
    assert_right(tmp_path / "model.h5", (13, 7))


def test_what_is_no_landscape_of_ours_is_refused_beside_its_name(
    qtbot, tmp_path, dialog, monkeypatch
):
    (tmp_path / "other.h5").write_bytes(b"none")
    answer = str(tmp_path / "other.h5"), ""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)
    button(dialog, "Choose…").click()
    qtbot.waitUntil(lambda: dialog._wrong_place.isVisible(), timeout=LONG)
    assert dialog._wrong_place.text().endswith("other.h5 cannot be read: no HDF5 file.")
    assert offered(dialog) == ["Open", "Close"]


@pytest.mark.slow
def test_nothing_of_the_file_before_stays_beside_one_that_is_refused(
    qtbot, tmp_path, dialog, monkeypatch
):
    monkeypatch.setattr(sample_task, "_PICTURE", -1.0)  # of each block
    (tmp_path / "waits").touch()
    choose(dialog)
    button(dialog, "Sample").click()
    qtbot.waitUntil(lambda: dialog.map._bar.isVisible(), timeout=LONG)
    button(dialog, "Cancel").click()
    qtbot.waitUntil(lambda: "Resume" in offered(dialog), timeout=LONG)
    with h5py.File(tmp_path / "surf.h5", "w") as foreign:
        foreign["xcoordinates"] = [0.0, 1.0]
    answer = str(tmp_path / "surf.h5"), ""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)
    button(dialog, "Choose…").click()
    qtbot.waitUntil(lambda: dialog._wrong_place.isVisible(), timeout=LONG)
    assert dialog._wrong_place.text() == (
        f"{tmp_path / 'surf.h5'} was not made by gdviz sample, so it cannot be gone on with."
    )
    assert offered(dialog) == ["Open", "Close"]
    assert not any("Cancelled" in text for text in said(dialog))
    assert "The map appears once the first cells are computed." in said(dialog)
    assert dialog.map._image.image is None
    assert not dialog.map._bar.isVisible()
    assert dialog._bar.value() == 0
    button(dialog, "of my own").click()  # what is chosen is that of a new file again
    assert choice(dialog, "Directions").isEnabled()


def test_a_file_that_has_come_meanwhile_is_gone_on_with(qtbot, tmp_path, dialog):
    plane = Plane(["a, b"], [np.zeros(2)], ([np.array([1.0, 0.0])], [np.array([0.0, 1.0])]))
    create(tmp_path / "model.h5", Axes.over(EXTENT, GRID), plane, {}, {}).close()
    button(dialog, "Sample").click()
    qtbot.waitUntil(lambda: "Resume" in offered(dialog), timeout=LONG)
    assert "model.h5 has 7 × 4 cells, 0 of them computed" in said(dialog)
    assert "is already there: Resume goes on with it" in dialog._wrong_place.text()


@pytest.mark.slow
def test_what_is_refused_stands_in_the_dialog(qtbot, tmp_path, dialog):
    (tmp_path / "model.py").write_text("print('none')\ndef loss(a, b):\n    return float('nan')\n")
    button(dialog, "Sample").click()
    rest(qtbot, dialog)
    assert any("so nothing was sampled.\nIt printed:\nnone" in text for text in said(dialog))
    assert offered(dialog) == ["Sample", "Close"]


def beside(dialog, about):
    """Return what stands beside a field."""
    errors = dialog.choices._errors[about]
    return errors.text() if errors.isVisible() else ""


def test_a_range_that_runs_backwards_is_refused_beside_it(dialog):
    choose(dialog)
    field(dialog, "a from").set_value(3.0, force=True)
    button(dialog, "Sample").click()
    assert beside(dialog, "extent") == (
        "The range of a must go from a lower number to a higher one, of at most 1e6, not from 3 to "
        "2."
    )
    button(dialog, "of my own").click()
    assert beside(dialog, "extent") == ""
    assert offered(dialog) == ["Sample", "Close"]


def test_a_number_that_is_refused_is_so_beside_it_and_nothing_begins(qtbot, dialog):
    typed = field(dialog, "points along a")
    typed.setFocus()
    typed.selectAll()
    qtbot.keyClicks(typed, "1")
    qtbot.keyClick(typed, Qt.Key.Key_Tab)
    assert beside(dialog, "grid") == "points along a must be between 2 and 512; '1' is not."
    assert not button(dialog, "Sample").isEnabled()
    typed.set_value(9, force=True)
    assert beside(dialog, "grid") == ""
    assert button(dialog, "Sample").isEnabled()


def test_a_scheduler_needs_an_address(dialog):
    choice(dialog, "Who computes it").setCurrentText("A Dask scheduler")
    choice(dialog, "Who computes it").activated.emit(1)
    button(dialog, "Sample").click()
    assert beside(dialog, "scheduler") == (
        "The address of the scheduler is missing, such as tcp://127.0.0.1:8786."
    )
    address(dialog).setText("tcp://127.0.0.1:1")
    request = dialog.choices.request(dialog._path, dialog._output, "new")
    assert (request.scheduler, request.workers) == ("tcp://127.0.0.1:1", 0)


def test_a_scheduler_that_does_not_answer_is_said_beside_its_address(qtbot, dialog, monkeypatch):
    def refuse(_job, _request):
        raise SamplingError("--scheduler needs Dask, which is not there", about="scheduler")

    monkeypatch.setattr(dialog._task, "_function", refuse)
    choice(dialog, "Who computes it").setCurrentText("A Dask scheduler")
    choice(dialog, "Who computes it").activated.emit(1)
    address(dialog).setText("tcp://127.0.0.1:1")
    button(dialog, "Sample").click()
    assert "model.py waits for the scheduler's workers …" in said(dialog)
    qtbot.waitUntil(lambda: beside(dialog, "scheduler") != "", timeout=LONG)
    assert beside(dialog, "scheduler") == "A scheduler needs Dask, which is not there."


NOISE = """\
import random

def loss(a, b):
    return float(a) ** 2 + float(b) ** 2 + random.random()
"""


@pytest.mark.slow
def test_a_stochastic_loss_is_said_to_be_one_and_a_seed_makes_it_a_function(
    qtbot, tmp_path, dialog
):
    (tmp_path / "model.py").write_text(NOISE)
    choose(dialog)
    button(dialog, "Sample").click()
    rest(qtbot, dialog)
    assert "is another number each time" in beside(dialog, "loss_seed")
    assert "--loss-seed" not in beside(dialog, "loss_seed")
    button(dialog, "seeded with").click()
    assert beside(dialog, "loss_seed") == ""
    field(dialog, "the loss's seed").set_value(3, force=True)
    button(dialog, "Sample").click()
    rest(qtbot, dialog)
    assert "28 cells." in said(dialog)
    with reopen(tmp_path / "model.h5") as file:
        assert file.settings["loss_seed"] == 3


def test_a_name_that_nothing_has_yet(qtbot, tmp_path):
    (tmp_path / "model.h5").touch()
    dialog = SampleDialog(tmp_path / "model.py", 1, LIGHT, None)
    qtbot.addWidget(dialog)
    dialog.show()
    settle(qtbot, dialog)
    assert "To model-2.h5" in said(dialog)


def test_a_drive_that_does_not_answer_is_not_waited_for(qtbot, tmp_path, monkeypatch):
    """Nothing is offered that needs its answer, and a file elsewhere can be chosen."""
    answers, asked, known = threading.Event(), threading.Event(), sample_task.file_type

    def file_type(path):
        if "gone" in path.parts:
            asked.set()
            assert answers.wait(600)
        return known(path)

    monkeypatch.setattr(sample_task, "file_type", file_type)
    answer = str(tmp_path / "new.h5"), ""
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)
    try:
        dialog = SampleDialog(tmp_path / "gone" / "model.py", 1, LIGHT, None)
        qtbot.addWidget(dialog)
        dialog.show()
        assert asked.wait(600)
        assert offered(dialog) == ["Close"]
        button(dialog, "Choose…").click()
        qtbot.waitUntil(lambda: "Sample" in offered(dialog), timeout=LONG)
        assert "To new.h5" in said(dialog)
    finally:
        answers.set()


def test_the_plane_is_at_first_the_one_that_is_shown(qtbot, tmp_path):
    settings = SliceSettings("random", "layer", 7, biases=True)
    dialog = SampleDialog(tmp_path / "model.py", 1, LIGHT, None, settings, 5)
    qtbot.addWidget(dialog)

    def request():
        return dialog.choices.request(dialog._path, dialog._output, "new")

    assert SliceSettings(**request().slice) == settings
    assert request().loss_seed == 5
    field(dialog, "seed").set_value(8, force=True)
    assert SliceSettings(**request().slice) == replace(settings, seed=8)


def test_return_samples(dialog):
    assert button(dialog, "Sample").isDefault()
    assert not button(dialog, "Choose…").autoDefault()


def test_what_was_found_is_said_in_sentences(dialog):
    notes = ("the network has N = 33 parameters",)
    dialog._finish(Sampled(dialog._output, 9, 9, {"it raised": 2}, notes, ""))
    assert (
        "9 cells, 2 of them without a loss: it raised. The network has N = 33 parameters."
        in said(dialog)
    )
