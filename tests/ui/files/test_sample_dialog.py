"""The dialog that samples: a map that grows, how long it takes, and what becomes of the file."""

from dataclasses import replace

import numpy as np
import pytest

from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.sampling.landscape_file import reopen
from gdviz.sampling.request import Sampled
from gdviz.ui.files.sample_dialog import SampleDialog
from gdviz.ui.toolkit.theme import LIGHT
from tests.sampling.sampled import assert_right, quadratic

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
    return made


def computed(folder):
    with reopen(folder / "model.h5") as file:
        return np.count_nonzero(file.state)


def choose(dialog, shape=(7, 4)):
    dialog._nx.set_value(shape[0], force=True)
    dialog._ny.set_value(shape[1], force=True)
    dialog._has_range.click()
    for field, value in zip(dialog._range, (-1.0, 2.0, -0.5, 1.5), strict=True):
        field.set_value(value, force=True)


def test_it_samples_shows_the_map_and_offers_to_open_it(qtbot, tmp_path, dialog):
    choose(dialog)
    seen = []
    dialog._task.reported.connect(seen.append)
    dialog._start.click()
    assert dialog._cancel.isVisible()
    assert not dialog._choices.isEnabled()
    qtbot.waitUntil(lambda: not dialog._task.is_running(), timeout=LONG)
    assert dialog._error.text() == ""
    assert dialog._said.text() == "28 cells."
    assert_right(tmp_path / "model.h5")
    np.testing.assert_array_equal(
        seen[-1].losses,
        quadratic(*np.meshgrid(np.linspace(-1, 2, 7), np.linspace(-0.5, 1.5, 4))),
    )
    rect = dialog.map._image.mapRectToParent(dialog.map._image.boundingRect())
    assert (rect.left(), rect.right()) == (-1.25, 2.25)  # half a cell around the points
    opened = []
    dialog.to_open.connect(opened.append)
    dialog._open.click()
    assert opened == [tmp_path / "model.h5"]


@pytest.mark.slow
def test_cancelling_keeps_what_was_computed_and_resume_goes_on(qtbot, tmp_path, dialog):
    (tmp_path / "waits").touch()
    choose(dialog)
    dialog._start.click()
    qtbot.waitUntil(lambda: dialog._is_there() and computed(tmp_path) > 0, timeout=LONG)
    dialog._cancel.click()
    qtbot.waitUntil(lambda: not dialog._task.is_running(), timeout=LONG)
    assert 0 < computed(tmp_path) < 28
    assert dialog._start.text() == "Resume"
    assert dialog._start.isVisible()
    assert not dialog._cancel.isVisible()
    assert dialog._open.isVisible()
    (tmp_path / "waits").unlink()
    dialog._start.click()
    qtbot.waitUntil(lambda: dialog._is_complete, timeout=LONG)
    assert_right(tmp_path / "model.h5")


@pytest.mark.slow
def test_what_is_refused_stands_in_the_dialog(qtbot, tmp_path, dialog):
    (tmp_path / "model.py").write_text("def loss(a, b):\n    return float('nan')\n")
    dialog._start.click()
    qtbot.waitUntil(lambda: not dialog._task.is_running(), timeout=LONG)
    assert "so nothing was sampled" in dialog._error.text()
    assert dialog._start.isVisible()
    choose(dialog)
    dialog._range[0].set_value(3.0, force=True)
    dialog._start.click()
    assert "the range of a must go from a lower number" in dialog._error.text()


def test_a_name_that_nothing_has_yet(qtbot, tmp_path):
    (tmp_path / "model.h5").touch()
    dialog = SampleDialog(tmp_path / "model.py", 1, LIGHT, None)
    qtbot.addWidget(dialog)
    assert dialog._place.text() == "To model-2.h5"


def test_the_plane_is_at_first_the_one_that_is_shown(qtbot, tmp_path):
    settings = SliceSettings("pca", "layer", 7, biases=True, files="checkpoints")
    dialog = SampleDialog(tmp_path / "model.py", 1, LIGHT, None, settings)
    qtbot.addWidget(dialog)
    assert SliceSettings(**dialog.request().slice) == settings
    dialog._seed.set_value(8, force=True)
    assert SliceSettings(**dialog.request().slice) == replace(settings, seed=8)


def test_return_samples(dialog):
    assert dialog._start.isDefault()
    assert not dialog._choose.autoDefault()


def test_what_was_found_is_said_in_sentences(dialog):
    notes = ("the network has N = 33 parameters",)
    dialog._finish(Sampled(dialog._output, 9, 9, {"it raised": 2}, notes, ""))
    assert dialog._said.text() == (
        "9 cells, 2 of them without a loss: it raised. The network has N = 33 parameters."
    )
