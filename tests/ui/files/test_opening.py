"""Files of every kind through every door: what opens, what is asked, and what is refused."""

import json
import os
import pickle
import sys
import threading
from functools import partial
from pathlib import Path

import h5py
import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
)

from gdviz.base.files import read_file
from gdviz.engine.objectives.code_process import open_code
from gdviz.experiment import json_file
from gdviz.experiment.change_function import on_formula
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import SurfaceFunction
from gdviz.experiment.json_file import load, save
from gdviz.experiment.open_file import open_file
from gdviz.files import delimited_text, landscapes, python_code, text_table
from gdviz.ui.files import open_task
from gdviz.ui.files.open_dialogs import RangeDialog
from gdviz.ui.files.open_task import open_request
from gdviz.ui.files.output_dialog import OutputDialog
from gdviz.ui.toolkit.widgets.number_field import NumberField
from tests.engine.objectives.network.two_layers import BOWL as BOWL_OF_SIX

pytestmark = pytest.mark.usefixtures("hdf5_is_read_here")

BOWL = "def loss(a, b):\n    return a**2 + 3 * b**2\n"
GRADED = BOWL + "\n\ndef gradient(a, b):\n    return 2 * a, 6 * b\n"
#: Hangs where it is asked for a map, and answers where it is asked for a start.
HANGS = "def loss(a, b):\n    while a.size > 2000:\n        pass\n    return a**2 + b**2\n"
X, Y = np.linspace(-1, 1, 9), np.linspace(-2, 2, 7)


def losses():
    return 1 + X**2 + 3 * Y[:, None] ** 2


@pytest.fixture(autouse=True)
def _no_code_runs_on(ui):
    yield
    ui.window.code.close()


@pytest.fixture
def files(tmp_path):
    """A file of each kind."""
    holes = losses()
    holes[2, 3] = np.nan
    np.savez(tmp_path / "l.npz", x=X, y=Y, loss=holes)
    np.save(tmp_path / "m.npy", losses())
    with h5py.File(tmp_path / "surface.h5", "w") as file:
        file["xcoordinates"], file["ycoordinates"] = X, Y
        file["train_loss"] = losses().reshape(9, 7)
        file["train_acc"] = 100 - losses().reshape(9, 7)
    with h5py.File(tmp_path / "surface_proj_cos.h5", "w") as file:
        file["proj_xcoord"], file["proj_ycoord"] = [0.9, 0.5, 0.0], [1.5, 0.4, 0.0]
    (tmp_path / "bowl.py").write_text(BOWL)
    (tmp_path / "graded.py").write_text(GRADED)
    (tmp_path / "hangs.py").write_text(HANGS)
    (tmp_path / "d.csv").write_text("x,y\n0,1\n1,3\n2,5\n")
    save(
        Experiment(function=SurfaceFunction("himmelblau"), start=(0.0, 0.0), alpha=0.01),
        tmp_path / "e.json",
    )
    return tmp_path


@pytest.fixture
def asked(monkeypatch):
    """Answer whether code may be run; remember what was asked."""

    class Asked:
        """What was asked, and what is answered."""

    asked = Asked()
    asked.answer, asked.texts, asked.default = False, [], ""

    def ask(box):
        asked.texts.append(f"{box.text()} {box.informativeText()}")
        asked.default = box.defaultButton().text()
        return 0

    def clicked(box):
        run, leave = sorted(box.buttons(), key=lambda button: button.text() != "Run")
        return run if asked.answer else leave

    monkeypatch.setattr(QMessageBox, "exec", ask)
    monkeypatch.setattr(QMessageBox, "clickedButton", clicked)
    return asked


@pytest.fixture
def patient(monkeypatch):
    """Give calls and loading all the time there is: what is waited for then is a hang."""
    limits = {"limit": 1e6, "loading_limit": 1e6}
    monkeypatch.setattr(python_code, "open_code", partial(open_code, **limits))


def ready(ui, timeout=20_000):
    """Wait until nothing is being opened, and the picture is final."""
    opening = ui.window.opening
    ui.qtbot.waitUntil(lambda: not opening._task.is_running() and ui.is_settled(), timeout=timeout)


def show(ui, path):
    ui.window.opening.open_path(path)
    ready(ui)


COPY, LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier


def hold(window, *paths):
    """Drag files over the window; return them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    enter = QDragEnterEvent(QPoint(5, 5), COPY, mime, LEFT, NO_KEY)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    return mime


def drop(window, *paths):
    mime = hold(window, *paths)
    QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), COPY, mime, LEFT, NO_KEY))


def source(ui):
    return ui.window.surface_box.source


def said(ui):
    return " ".join(source(ui).texts())


# ---------------------------------------------------------------- every kind, through every door


KINDS = {
    "e.json": lambda e: e.function.name == "himmelblau",
    "d.csv": lambda e: e.function.data.rows == 3,
    "l.npz": lambda e: e.function.grid.holes == 1,
    "surface.h5": lambda e: e.function.grid.source == "surface.h5",
    "bowl.py": lambda e: e.function.code.name == "bowl.py",
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("door", ["menu", "drop", "recent"])
@pytest.mark.parametrize("name", KINDS)
def test_every_kind_opens_through_every_door(ui, files, told, monkeypatch, door, name):
    path = files / name
    if door == "menu":
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
        ui.action("open").trigger()
    elif door == "drop":
        drop(ui.window, path)
    else:
        recent = ui.window.opening.recent
        recent.add(path)
        recent.fill()
        recent.actions()[0].trigger()
    ready(ui)
    assert KINDS[name](ui.experiment)
    assert ui.scene.experiment is ui.experiment
    assert told == []
    assert ui.window.opening.recent.paths()[0] == str(path)
    ui.action("undo").trigger()
    ready(ui)
    assert ui.experiment == Experiment()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", KINDS)
def test_no_file_is_read_in_the_thread_of_the_window(ui, files, monkeypatch, name):
    threads = []

    def opened(job, request):
        threads.append(threading.current_thread())
        return open_request(job, request)

    monkeypatch.setattr(ui.window.opening._task, "_function", opened)
    for module in (json_file, delimited_text, landscapes, python_code):
        monkeypatch.setattr(module, "read_file", reading(threads), raising=False)
    show(ui, files / name)
    assert KINDS[name](ui.experiment)
    assert threads
    assert threading.main_thread() not in threads


def reading(threads):
    """Return what reads a file, and remembers in which thread."""

    def read(path, most):
        threads.append(threading.current_thread())
        return read_file(path, most)

    return read


def test_a_landscape_is_no_longer_the_file_before(ui, files):
    show(ui, files / "e.json")
    show(ui, files / "l.npz")
    assert ui.window.windowTitle().startswith("Untitled")
    ui.action("undo").trigger()
    assert ui.window.windowTitle().startswith("e.json")


def refused(path):
    path.mkdir()
    contents = {
        "no.h5": b"no HDF5", "no.npz": b"PK no", "no.npy": b"", "no.py": b"def loss(a, b:\n",
        "none.py": b"x = 1\n", "raises.py": b"def loss(a, b):\n    return 1 / nothing\n",
    }  # fmt: skip
    for name, content in contents.items():
        (path / name).write_bytes(content)
    with (path / "net.pkl").open("wb") as file:
        pickle.dump([1], file)
    return [*contents, "net.pkl", "missing.h5", "missing.py"]


def test_what_cannot_be_opened_is_one_sentence_and_changes_nothing(ui, told, tmp_path):
    experiment, scene = ui.experiment, ui.scene
    for name in refused(tmp_path / "files"):
        ui.window.opening.open_path(tmp_path / "files" / name)
        ui.qtbot.waitUntil(lambda: len(told) == 1, timeout=20_000)
        sentence = told.pop()
        assert sentence[-2:].count(".") == 1, sentence
        assert sentence.isprintable()
        assert name in sentence
        assert "Traceback" not in sentence
        assert ui.experiment is experiment
        assert ui.scene is scene
        assert ui.window.opening.recent.paths()[:1] != [str(tmp_path / "files" / name)]


def test_hdf5_without_h5py(ui, files, told, monkeypatch):
    experiment = ui.experiment
    monkeypatch.setitem(sys.modules, "h5py", None)
    ui.window.opening.open_path(files / "surface.h5")
    ui.qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert told == ["HDF5 files need h5py: pip install 'gdviz[hdf5]' (in surface.h5)."]
    assert ui.experiment is experiment


def test_what_was_done_meanwhile_stays(ui, files):
    ui.window.opening.open_path(files / "surface.h5")
    ui.window.store.change(steps=17)
    ready(ui)
    assert ui.experiment.function.grid is not None
    assert ui.experiment.steps == 17


# ---------------------------------------------------------------- landscapes


def test_a_landscape_says_what_it_is(ui, files):
    show(ui, files / "l.npz")
    assert "l.npz" in said(ui)
    assert "bicubic interpolant of 9 × 7 losses" in said(ui)
    assert "1 of 63 cells is missing" in said(ui)
    assert source(ui)._metric.isHidden()
    ui.show(Experiment())
    assert source(ui).isHidden()


def test_a_matrix_asks_for_its_range(ui, files, monkeypatch, told):
    answers = []

    def answer(dialog):
        answers.append(dialog)
        for name, text in zip(dialog.fields, ("-3", "3", "0", "4"), strict=True):
            ui.type(dialog.fields[name], text)
        return RangeDialog.DialogCode.Accepted

    monkeypatch.setattr(RangeDialog, "exec", answer)
    ui.window.opening.open_path(files / "m.npy")
    ui.qtbot.waitUntil(lambda: ui.experiment.function.grid is not None, timeout=20_000)
    ready(ui)
    assert len(answers) == 1
    assert tuple(ui.experiment.function.grid.range) == (-3.0, 3.0, 0.0, 4.0)
    assert told == []


def test_a_range_dialog_that_is_cancelled(ui, files, monkeypatch, told):
    shown = []
    monkeypatch.setattr(RangeDialog, "exec", lambda dialog: shown.append(dialog) or 0)
    ui.window.opening.open_path(files / "m.npy")
    ui.qtbot.waitUntil(lambda: bool(shown), timeout=20_000)
    assert ui.experiment == Experiment()
    assert told == []


def test_the_range_dialog_says_what_is_known_of_it(qtbot):
    dialog = RangeDialog("m.npy", "the rows are along a")
    qtbot.addWidget(dialog)
    assert "The rows are along a." in [label.text() for label in dialog.findChildren(QLabel)]


def test_a_range_that_is_none_cannot_be_taken(qtbot):
    dialog = RangeDialog("m.npy")
    qtbot.addWidget(dialog)
    dialog.show()
    button = dialog._buttons.buttons()[0]
    assert button.isEnabled()
    field = dialog.fields["a_low"]
    for text, allowed in (("5", False), ("abc", False), ("-1", True)):
        field.setFocus()
        field.selectAll()
        field.insert(text)
        field.editingFinished.emit()
        assert button.isEnabled() == allowed, text
        assert bool(dialog._error.text()) != allowed


def test_another_metric(ui, files, told):
    show(ui, files / "surface.h5")
    combo = source(ui)._metric
    assert [combo.itemText(i) for i in range(combo.count())] == ["train_acc", "train_loss"]
    assert combo.currentText() == "train_loss"
    before = ui.experiment
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    ready(ui)
    assert ui.experiment.function.grid.array.max() == 99.0
    assert combo.currentText() == "train_acc"
    ui.action("undo").trigger()
    assert combo.currentText() == "train_loss"
    assert ui.experiment == before
    (files / "surface.h5").unlink()
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    ui.qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert "surface.h5 cannot be read" in told[0]
    assert combo.currentText() == "train_loss"
    assert ui.experiment == before


def test_transposing_and_back(ui, files):
    show(ui, files / "surface.h5")
    grid = ui.experiment.function.grid
    button = source(ui)._transpose
    assert button.isVisible()
    button.click()
    ready(ui)
    assert ui.experiment.function.grid == grid.transposed()
    assert source(ui)._metric.currentText() == "train_loss"
    button.click()
    ready(ui)
    assert ui.experiment.function.grid == grid
    show(ui, files / "l.npz")
    assert button.isHidden()


def test_transposing_what_runs_backwards(ui, files):
    """Without the file, too: the grid knows how its cells lay there."""
    with h5py.File(files / "fork.h5", "w") as file:
        file["xcoordinates"], file["ycoordinates"] = X[::-1], Y
        file["train_loss"] = losses().T[::-1]
    show(ui, files / "fork.h5")
    save(ui.experiment, files / "mine.json")
    ui.show(Experiment())
    show(ui, files / "mine.json")
    source(ui)._transpose.click()
    ready(ui)
    assert ui.experiment.function.grid.array == pytest.approx(losses())


def test_a_line_has_one_number_of_points(ui, files):
    (files / "line.csv").write_text("x,loss\n0,1\n1,0.5\n2,nan\n3,2\n4,4\n")
    show(ui, files / "line.csv")
    assert "bicubic interpolant of 5 losses along a line, with" in said(ui)
    assert "1 of 5 points is missing" in said(ui)
    ui.window.opening.sources._sources.clear()
    ui.show(Experiment())
    ui.action("undo").trigger()
    assert "1 of 5 points is missing" in said(ui)


def test_a_trajectory_goes_with_the_surface(ui, files, told):
    ui.window.opening.open_path(files / "surface_proj_cos.h5")
    ui.qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert "open the surface first" in told.pop()
    show(ui, files / "surface.h5")
    view = ui.window.map_view
    assert not view._trajectory._group.isVisible()
    show(ui, files / "surface_proj_cos.h5")
    assert ui.experiment.function.grid.trajectory[0] == (0.9, 1.5)
    assert "match the surface only if" in said(ui)
    assert view._trajectory._group.isVisible()
    assert "trajectory, 3 points" in view.legend.text()
    ui.action("show_trajectory").setChecked(False)
    assert not view._trajectory._group.isVisible()
    assert "trajectory" not in view.legend.text()
    ui.action("show_trajectory").setChecked(True)
    combo = source(ui)._metric  # the file can still be read: it is the surface's
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    ready(ui)
    assert ui.experiment.function.grid.trajectory[0] == (0.9, 1.5)


# ---------------------------------------------------------------- tables in text

#: Names of nothing in particular above the points of a grid.
GRID = "t,p,r,s\n" + "".join(f"{t},{p},{t * t + p},{t - p}\n" for t in range(4) for p in range(3))


@pytest.fixture
def choice(monkeypatch):
    """Answer what a table is; remember what was asked."""

    class Choice:
        """What is answered, and the dialogs' texts and buttons."""

    choice = Choice()
    choice.answer, choice.asked = "", []

    def ask(box):
        buttons = [button.text() for button in box.buttons()]
        choice.asked.append((box.text(), sorted(buttons)))
        return 0

    monkeypatch.setattr(QMessageBox, "exec", ask)
    monkeypatch.setattr(QMessageBox, "clickedButton", lambda box: next(
        button for button in box.buttons() if choice.answer in button.text()))  # fmt: skip
    return choice


def test_the_window_asks_what_a_table_is(ui, files, choice):
    (files / "g.csv").write_text(GRID)
    before, choice.answer = ui.experiment, "Cancel"
    show(ui, files / "g.csv")
    assert ui.experiment is before
    ((text, buttons),) = choice.asked
    assert "g.csv can be read in more than one way" in text
    assert "points of a grid of 4 × 3 values of t and p, with r at each." in text
    assert buttons == ["Cancel", "Data to Fit", "Loss Landscape"]
    choice.answer = "Data"
    show(ui, files / "g.csv")
    assert ui.experiment.function.text == "mean((a*t + b - s)^2)"
    choice.answer = "Landscape"
    show(ui, files / "g.csv")
    assert ui.experiment.function.grid.values[2][3] == 11
    ui.window.opening.choose_metric("s")
    ready(ui)
    assert ui.experiment.function.grid.values[2][3] == 1
    assert len(choice.asked) == 3
    ui.window.opening.open_path(files / "g.csv", kind="data")  # as the Data lens does
    ready(ui)
    assert ui.experiment.function.data.rows == 12
    assert len(choice.asked) == 3


def test_a_table_is_read_beside_the_window(ui, files, monkeypatch):
    readers, read_file = [], text_table.read_file

    def read(*arguments):
        readers.append(threading.current_thread())
        return read_file(*arguments)

    monkeypatch.setattr(text_table, "read_file", read)
    show(ui, files / "d.csv")
    assert readers
    assert threading.main_thread() not in readers


def test_two_columns_may_be_a_path_on_the_surface(ui, files, choice):
    show(ui, files / "surface.h5")
    choice.answer = "Path"
    (files / "t.csv").write_text("step,x,y\n0,0.9,0.8\n1,0.5,0.25\n")
    show(ui, files / "t.csv")
    assert choice.asked[0][1] == ["Cancel", "Data to Fit", "Path on This Surface"]
    assert ui.experiment.function.grid.trajectory == ((0.9, 0.8), (0.5, 0.25))
    assert ui.experiment.function.grid.source == "surface.h5"
    choice.answer = "Data"
    show(ui, files / "d.csv")
    assert ui.experiment.function.data.rows == 3


def test_other_data_after_data_has_its_own_line(ui, files, told):
    show(ui, files / "d.csv")
    (files / "e.csv").write_text("Weight (kg),n,note\n60,1,x\n70,2,y\n80,,z\n")
    show(ui, files / "e.csv")
    assert ui.experiment.function.text == "mean((a*weight + b - col_n)^2)"
    notes = ui.window.data_lens.page("data")._notes
    assert "Weight (kg) → weight" in notes.text()
    assert "1 of 3 rows is left out" in notes.text()
    assert notes.isVisible()
    ui.show(on_formula(ui.experiment, "mean((a*weight - col_n)^2)"))
    show(ui, files / "d.csv")  # a formula of one's own is not replaced
    assert ui.experiment.function.data.source == "e.csv"
    assert "d.csv was not used" in ui.sentences()[0]
    ui.show(Experiment())
    show(ui, files / "d.csv")
    assert notes.isHidden()
    assert told == []


def test_content_that_is_an_experiment(ui, files):
    (files / "e.json").rename(files / "experiment.txt")
    show(ui, files / "experiment.txt")
    assert ui.experiment.function.name == "himmelblau"


def test_a_landscape_in_an_experiment_needs_no_file(ui, files, tmp_path):
    show(ui, files / "l.npz")
    save(ui.experiment, tmp_path / "mine.json")
    (files / "l.npz").unlink()
    ui.show(Experiment())
    ui.window.opening.sources._sources.clear()
    show(ui, tmp_path / "mine.json")
    assert ui.experiment.function.grid.holes == 1
    assert "1 of 63 cells is missing" in said(ui)


# ---------------------------------------------------------------- code


def test_code_says_what_it_has(ui, files):
    show(ui, files / "bowl.py")
    assert "Differences and complex steps only: bowl.py defines no gradient(a, b)." in said(ui)
    assert [run.method.estimate for run in ui.scene.runs] == ["forward", "central"]
    show(ui, files / "graded.py")
    assert "f is its loss(a, b), ∇f its gradient." in said(ui)
    assert ui.scene.runs


@pytest.mark.slow
def test_a_network_is_shown_on_a_slice_that_the_person_chooses(ui, files, told):
    runs = "with open('runs', 'a') as log:\n    log.write('x')\n"
    (files / "net.py").write_text(runs + BOWL_OF_SIX)
    show(ui, files / "net.py")
    box = source(ui).slice_box
    directions, sizes, following = box._directions, box._sizes, box._next
    assert "a slice of its loss(p), along random directions (normalised by filter, seed 0)" in (
        said(ui)
    )
    assert ui.scene.runs[0].method.estimate == "analytic"
    following.click()
    ui.qtbot.waitUntil(lambda: ui.experiment.function.code.slice.seed == 1, timeout=20_000)
    ready(ui)
    directions.setCurrentText("Hessian, largest")
    directions.activated.emit(directions.currentIndex())
    ui.qtbot.waitUntil(
        lambda: ui.experiment.function.code.slice.directions == "hessian", timeout=20_000
    )
    ready(ui)
    assert "The largest eigenvalues of the Hessian are 5 and 3" in said(ui)
    assert sizes.isHidden()
    assert following.isHidden()
    directions.setCurrentText("Trajectory (PCA)")  # of which there is none
    directions.activated.emit(directions.currentIndex())
    ui.qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert "PCA needs a trajectory of three checkpoints" in told[-1]
    assert directions.currentText() == "Hessian, largest"
    ui.action("undo").trigger()
    assert ui.experiment.function.code.slice.seed == 1
    assert (files / "runs").read_text() == "x"  # once for all these slices
    ui.window.opening.reload()
    ui.qtbot.waitUntil(lambda: (files / "runs").read_text() == "xx", timeout=20_000)
    ready(ui)
    show(ui, files / "bowl.py")
    assert box.isHidden()


def test_a_stochastic_loss_is_seeded_with_a_click(ui, files):
    """It is said to be one, and how; the map stays, and undo takes the seed back."""
    box = source(ui).seed_box
    show(ui, files / "bowl.py")
    assert box.isHidden()
    (files / "noisy.py").write_text(
        "import random\n\ndef loss(a, b):\n    return a**2 + b**2 + random.random()\n"
    )
    show(ui, files / "noisy.py")
    assert "a seed of the loss, which seeds what is random in each call, makes it one" in said(ui)
    assert "--" not in said(ui)
    assert box.isVisible()
    box.findChild(QCheckBox).click()
    ui.qtbot.waitUntil(lambda: ui.experiment.function.code.loss_seed == 0, timeout=20_000)
    ready(ui)
    assert "is seeded with 0 before each call" in said(ui)
    assert "different values" not in said(ui)
    field = box.findChild(NumberField)
    field.setFocus()
    field.selectAll()
    ui.qtbot.keyClicks(field, "7")
    ui.qtbot.keyClick(field, Qt.Key.Key_Return)
    ui.qtbot.waitUntil(lambda: ui.experiment.function.code.loss_seed == 7, timeout=20_000)
    ready(ui)
    ui.action("undo").trigger()
    assert ui.experiment.function.code.loss_seed == 0
    box.findChild(QCheckBox).click()
    ui.qtbot.waitUntil(lambda: ui.experiment.function.code.loss_seed is None, timeout=20_000)
    ready(ui)
    assert "different values" in said(ui)


def test_a_gradient_that_is_not_that_of_the_loss_is_told(ui, files):
    show(ui, files / "graded.py")
    assert "does not match" not in said(ui)
    (files / "graded.py").write_text(GRADED.replace("6 * b", "3 * b"))
    wrong = "Gradient(a, b) of graded.py does not match loss(a, b): at (−3.7, 1.2) it gives"
    ui.qtbot.waitUntil(lambda: wrong.lower() in said(ui).lower(), timeout=20_000)
    ready(ui)
    ui.change(start=(1.0, 1.0))
    assert wrong.lower() in said(ui).lower()
    ui.show(Experiment())
    ui.action("undo").trigger()
    assert wrong.lower() in said(ui).lower()
    (files / "graded.py").write_text(GRADED)
    ui.qtbot.waitUntil(lambda: "does not match" not in said(ui), timeout=20_000)
    ready(ui)


def with_code(files):
    """An experiment that names code, which nobody has opened."""
    experiment = open_file(files / "bowl.py").experiment.replace(steps=7)
    save(experiment, files / "mine.json")
    return experiment


def test_an_experiment_does_not_run_code_unasked(ui, files, asked, told):
    experiment = with_code(files)
    before, scene = ui.experiment, ui.scene
    show(ui, files / "mine.json")
    assert len(asked.texts) == 1
    assert str(files / "bowl.py") in asked.texts[0]
    assert "has changed" not in asked.texts[0]
    assert asked.default == "Don't Open"
    assert ui.experiment is before
    assert ui.scene is scene
    assert not ui.window.code.is_open(experiment.function.code)
    assert "bowl.py was not run" in ui.readout()
    asked.answer = True
    show(ui, files / "mine.json")
    assert ui.experiment == experiment
    assert ui.window.windowTitle().startswith("mine.json")
    assert not ui.window.isWindowModified()
    assert told == []


def test_a_path_beside_the_experiment(ui, files, asked):
    experiment = with_code(files)
    text = (files / "mine.json").read_text().replace(str(files / "bowl.py"), "bowl.py")
    (files / "mine.json").write_text(text)
    asked.answer = True
    show(ui, files / "mine.json")
    assert str(files / "bowl.py") in asked.texts[0]
    assert ui.experiment == experiment


def test_a_window_that_is_handed_code_that_is_not_open_runs_nothing(open_window, files):
    experiment = with_code(files)
    ui = open_window(experiment)
    ui.qtbot.waitUntil(lambda: "run only when you open it yourself" in ui.readout())
    assert ui.scene is None
    assert "not open" in said(ui)
    assert not ui.window.code.is_open(experiment.function.code)


def test_it_says_so_where_the_code_has_changed(ui, files, asked):
    experiment = with_code(files)
    (files / "bowl.py").write_text(GRADED)
    asked.answer = True
    show(ui, files / "mine.json")
    assert "It has changed since the experiment was saved." in asked.texts[0]
    assert ui.experiment.function.code != experiment.function.code
    assert ui.experiment.function.code.has_gradient
    assert ui.experiment.steps == 7
    assert ui.window.isWindowModified()


def test_code_whose_drive_does_not_answer_is_not_run(ui, files, asked, monkeypatch):
    """Nobody knows whether it has changed: who presses Cancel stays where they are."""
    with_code(files)
    answers, waited = threading.Event(), []
    monkeypatch.setattr(python_code, "has_changed", lambda _code: answers.wait(600))
    monkeypatch.setattr(QMessageBox, "exec", lambda box: waited.append(box.text()))
    try:
        show(ui, files / "mine.json")
        ui.qtbot.waitUntil(lambda: "bowl.py was not run" in ui.readout())
    finally:
        answers.set()
    assert waited == ["Waiting for the drive of bowl.py …"]
    assert asked.texts == []
    assert ui.experiment == Experiment()


def test_code_that_is_gone(ui, files, asked, told):
    with_code(files)
    (files / "bowl.py").unlink()
    show(ui, files / "mine.json")
    assert asked.texts == []
    assert "bowl.py cannot be read" in told[0]
    assert ui.experiment == Experiment()


def test_undo_to_code_that_is_closed_runs_nothing(ui, files, asked):
    show(ui, files / "bowl.py")
    ui.action("new").trigger()
    ready(ui)
    scene = ui.scene
    ui.window.code.close()
    ui.action("undo").trigger()
    ui.qtbot.waitUntil(lambda: "run only when you open it yourself" in ui.readout())
    assert ui.scene is scene
    assert "not open" in said(ui)
    button = source(ui)._reload
    assert button.text() == "Open…"
    button.click()
    assert "bowl.py" in asked.texts[0]
    assert ui.scene is scene
    asked.answer = True
    button.click()
    ready(ui)
    assert ui.scene.experiment.function.code.name == "bowl.py"
    assert "not open" not in said(ui)


def test_code_is_reloaded_when_it_is_saved(ui, files):
    show(ui, files / "bowl.py")
    ui.change(start=(1.25, 0.5), range=(-2.0, 2.0, -2.0, 2.0))
    (files / "bowl.py").write_text(GRADED)
    ui.qtbot.waitUntil(lambda: ui.experiment.function.code.has_gradient, timeout=20_000)
    ready(ui)
    assert ui.experiment.start == (1.25, 0.5)
    assert tuple(ui.experiment.map_range) == (-2.0, 2.0, -2.0, 2.0)
    # An editor that writes another file and gives it this one's name.
    (files / "new").write_text(BOWL.replace("3", "4"))
    (files / "new").replace(files / "bowl.py")
    ui.qtbot.waitUntil(lambda: not ui.experiment.function.code.has_gradient, timeout=20_000)
    ready(ui)
    assert ui.scene.runs[0].path.loss[0] == pytest.approx(1.25**2 + 4 * 0.25)
    # And one that is still watched after that.
    (files / "bowl.py").write_text(GRADED)
    ui.qtbot.waitUntil(lambda: ui.experiment.function.code.has_gradient, timeout=20_000)
    ready(ui)


def test_undo_to_code_that_was_saved_meanwhile_shows_what_the_file_holds_now(ui, files):
    """It was not watched while other code was shown."""
    show(ui, files / "bowl.py")
    ui.change(start=(1.0, 2.0))
    first = ui.experiment
    show(ui, files / "graded.py")
    other = ui.experiment
    (files / "bowl.py").write_text(BOWL.replace("3", "5"))
    ui.action("undo").trigger()
    assert ui.experiment == first
    ui.qtbot.waitUntil(lambda: ui.experiment != first, timeout=20_000)
    ready(ui)
    assert ui.experiment.function.code.path == str(files / "bowl.py")
    assert ui.experiment.start == (1.0, 2.0)
    assert ui.scene.runs[0].path.loss[0] == 1 + 5 * 4
    ui.action("redo").trigger()  # which is not lost by it
    ready(ui)
    assert ui.experiment == other
    ui.action("undo").trigger()
    ready(ui)
    assert ui.scene.runs[0].path.loss[0] == 1 + 5 * 4


def shown(ui):
    return {m.estimate: m.shown for m in ui.experiment.methods}


def test_a_gradient_that_is_added_brings_the_analytic_path(ui, files):
    show(ui, files / "bowl.py")
    assert shown(ui) == {
        "analytic": False, "forward": True, "central": True, "mistaken": False,
    }  # fmt: skip
    (files / "bowl.py").write_text(GRADED)
    ui.qtbot.waitUntil(lambda: ui.experiment.function.code.has_gradient, timeout=20_000)
    ready(ui)
    assert shown(ui)["analytic"]
    assert [run.method.estimate for run in ui.scene.runs] == ["analytic", "forward", "central"]
    assert not shown(ui)["mistaken"]


def test_what_only_a_file_had_hidden_is_shown_where_it_has_a_meaning_again(ui, files):
    at_first = shown(ui)
    show(ui, files / "bowl.py")
    assert not shown(ui)["analytic"]
    show(ui, files / "graded.py")
    assert shown(ui)["analytic"]
    show(ui, files / "bowl.py")
    for name in ("rosenbrock", "sigmoid-unit"):
        ui.window.commands.choose_surface(name)
        ui.settle()
        assert shown(ui) == at_first  # and "mistaken" is shown only to those who ask for it
    # What the person hid where it had a meaning stays hidden where it still has one.
    ui.change(methods=tuple(replace(method, shown=False) for method in ui.experiment.methods))
    ui.window.commands.choose_surface("rosenbrock")
    assert not any(shown(ui).values())
    show(ui, files / "bowl.py")
    assert not any(shown(ui).values())


def test_what_the_person_hid_stays_hidden_when_a_file_is_saved(ui, files):
    show(ui, files / "graded.py")
    analytic, *others = ui.experiment.methods
    ui.change(methods=(replace(analytic, shown=False), *others))
    (files / "graded.py").write_text(GRADED.replace("3", "4"))
    code = ui.experiment.function.code
    ui.qtbot.waitUntil(lambda: ui.experiment.function.code != code, timeout=20_000)
    ready(ui)
    assert not shown(ui)["analytic"]


def test_a_version_that_is_broken_leaves_the_one_before(ui, files, told):
    show(ui, files / "bowl.py")
    before, scene = ui.experiment, ui.scene
    (files / "bowl.py").write_text("def loss(a, b):\n    return a +\n")
    ui.qtbot.waitUntil(lambda: "bowl.py, line 2" in said(ui), timeout=20_000)
    assert "bowl.py, line 2" in ui.readout()
    assert ui.experiment is before
    assert ui.scene is scene
    assert told == []
    ui.change(start=(0.5, 0.5))  # and it still runs
    (files / "bowl.py").write_text(BOWL.replace("3", "5"))
    ui.qtbot.waitUntil(lambda: ui.experiment.function.code != before.function.code, timeout=20_000)
    ready(ui)
    assert "line 2" not in said(ui)


def test_the_button_runs_the_file_again_with_what_it_imports(ui, files):
    (files / "sizes.py").write_text("SIZE = 2.0\n")
    (files / "sized.py").write_text("from sizes import SIZE\n" + BOWL.replace("3", "SIZE"))
    show(ui, files / "sized.py")
    ui.change(start=(1.0, 2.0))
    assert ui.scene.runs[0].path.loss[0] == 9.0
    before = ui.experiment
    (files / "sizes.py").write_text("SIZE = 3.25\n")
    source(ui)._reload.click()
    ui.qtbot.waitUntil(lambda: ui.readout() == "sized.py was run again", timeout=20_000)
    ui.qtbot.waitUntil(lambda: bool(ui.scene.runs) and ui.scene.runs[0].path.loss[0] == 14.0)
    ready(ui)
    assert ui.experiment == before
    corner = ui.scene.landscape.grid.values[0, 0]
    assert corner == 25 + 3.25 * 25
    # Of another length: Python takes a file of one second and one length for the one it compiled.
    (files / "sizes.py").write_text("SIZE = 10\n")
    show(ui, files / "sized.py")  # and so does opening it
    ui.qtbot.waitUntil(lambda: ui.scene.runs[0].path.loss[0] != 14.0, timeout=20_000)
    ready(ui)
    assert ui.scene.runs[0].path.loss[0] == 41.0


#: A call takes so long that a path takes ages.
CRAWLS = "import time\n\n\ndef loss(a, b):\n    time.sleep(0.3)\n    return a**2 + 3 * b**2\n"


def has_map(ui, name):
    code = ui.scene.experiment.function.code
    return code is not None and code.name == name


@pytest.mark.slow  # code that takes its time
def test_the_map_of_slow_code_comes_before_its_paths(ui, files):
    (files / "crawls.py").write_text(CRAWLS)
    ui.window.opening.open_path(files / "crawls.py")
    ui.qtbot.waitUntil(lambda: has_map(ui, "crawls.py"), timeout=20_000)
    assert ui.scene.runs == ()
    assert ui.window.store.is_busy()
    veil = ui.window.stale_picture.veil
    assert veil.isHidden()  # this is its map
    others = {each.sentence() for each in ui.window.stale_picture._veils if each is not veil}
    assert others == {"The paths of crawls.py are being computed."}
    done = ui.window.map_strip._done
    ui.qtbot.waitUntil(lambda: " calls, " in done.text(), timeout=5_000)
    name, count = done.text().split(": ")
    assert (name, done.isVisible()) == ("crawls.py", True)
    assert int(count.split()[0]) >= 2
    ui.action("cancel").trigger()
    ui.qtbot.waitUntil(lambda: not ui.window.store.is_busy(), timeout=3_000)
    assert ui.readout() == "Cancelled: there are no paths until the next change"
    ui.qtbot.waitUntil(lambda: veil.sentence() == "The paths of crawls.py were not computed.")
    assert done.isHidden()
    source(ui)._reload.click()  # which computes them after all
    ui.qtbot.waitUntil(lambda: not veil.isVisible(), timeout=20_000)
    assert ui.window.store.is_busy()
    ui.change(methods=ui.experiment.methods[:1] + ui.experiment.methods[3:])  # two that are hidden
    assert not veil.isVisible()


@pytest.mark.slow  # code that takes its time
def test_slow_code_makes_way_for_what_was_saved_since(ui, files):
    path = files / "crawls.py"
    path.write_text(BOWL)
    show(ui, path)
    path.write_text(CRAWLS)
    slow = ui.experiment
    ui.qtbot.waitUntil(lambda: ui.experiment != slow, timeout=20_000)
    ui.qtbot.waitUntil(lambda: ui.window.map_strip._done.isVisible(), timeout=20_000)
    path.write_text(BOWL.replace("3", "5"))
    ui.qtbot.waitUntil(
        lambda: ui.is_settled() and ui.experiment.function.code.digest != slow.function.code.digest
        and bool(ui.scene.runs) and ui.scene.landscape.grid.values[0, 0] == 150.0,
        timeout=10_000,
    )  # fmt: skip


@pytest.mark.sampled(1)
@pytest.mark.parametrize("last", ["e.json", "d.csv", "surface.h5"])
def test_the_last_file_that_is_asked_for_is_shown(ui, files, patient, last):
    (files / "slow.py").write_text(
        "from pathlib import Path\nPath('loads').touch()\n"
        "while not Path('go').exists(): pass\n" + BOWL
    )
    before = ui.experiment
    ui.window.opening.open_path(files / "slow.py")
    ui.qtbot.waitUntil((files / "loads").exists)
    ui.window.opening.open_path(files / last)
    ui.qtbot.waitUntil(lambda: ui.experiment is not before)
    (files / "go").touch()
    ready(ui)
    assert KINDS[last](ui.experiment)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders")
@pytest.mark.parametrize("name", ["pipe.json", "pipe.csv", "pipe.npy", "pipe.py", "pipe"])
def test_a_pipe_that_is_dropped_is_not_waited_for(ui, tmp_path, told, name):
    os.mkfifo(tmp_path / name)
    drop(ui.window, tmp_path / name)
    ui.qtbot.waitUntil(lambda: told != [])
    assert told == [f"{tmp_path / name} is not a file."]


@pytest.fixture
def drive(monkeypatch):
    """A drive, "gone", that does not answer, and says when it has been asked."""
    answers, asked = threading.Event(), threading.Event()
    known = open_task.file_type

    def file_type(path):
        if "gone" in Path(path).parts:
            asked.set()
            answers.wait()
        return known(path)

    monkeypatch.setattr(open_task, "file_type", file_type)
    yield asked
    answers.set()


def test_a_drive_that_does_not_answer_is_left_after_a_while(ui, files, told, drive):
    path, timer = files / "gone" / "e.json", ui.window.opening._task._answer
    ui.window.opening.open_path(path)
    assert drive.wait(20)
    ui.qtbot.waitUntil(timer.isActive)
    assert told == []
    timer.timeout.emit()
    assert told == [f"{path} cannot be opened: its drive does not answer."]
    assert not ui.window.opening._task.is_running()


def test_another_file_is_opened_while_a_drive_does_not_answer(ui, files, told, drive):
    ui.window.opening.open_path(files / "gone" / "e.json")
    assert drive.wait(20)
    show(ui, files / "d.csv")
    ui.qtbot.waitUntil(lambda: ui.experiment.function.data is not None)
    assert not ui.window.opening._task._answer.isActive()
    assert told == []


def test_a_hang_is_cancelled_at_once(ui, files, patient):
    scene = ui.scene
    ui.window.opening.open_path(files / "hangs.py")
    ui.qtbot.waitUntil(lambda: ui.experiment.function.code is not None, timeout=20_000)
    ui.qtbot.waitUntil(lambda: ui.window.map_strip.cancel_button.isVisible(), timeout=20_000)
    ui.action("cancel").trigger()
    ui.qtbot.waitUntil(lambda: not ui.window.store.is_busy(), timeout=3_000)
    assert "Cancelled" in ui.readout()
    assert ui.scene is scene
    ui.action("undo").trigger()
    ready(ui)


def test_a_hang_while_a_file_is_opened_is_cancelled_at_once(ui, files, patient, told):
    (files / "bowl.py").write_text("while True:\n    pass\n")
    ui.window.opening.open_path(files / "bowl.py")
    ui.qtbot.waitUntil(lambda: ui.window.map_strip.cancel_button.isVisible(), timeout=20_000)
    ui.window.map_strip.cancel_button.click()
    ui.qtbot.waitUntil(lambda: not ui.window.opening._task.is_running(), timeout=3_000)
    assert told == []
    assert ui.experiment == Experiment()


def test_a_hang_that_nobody_cancels_is_a_sentence(ui, files, monkeypatch):
    monkeypatch.setattr(python_code, "open_code", partial(open_code, limit=0.5))
    ui.window.opening.open_path(files / "hangs.py")
    ui.qtbot.waitUntil(lambda: "hangs.py, line" in ui.readout(), timeout=20_000)
    assert "still running after 0.5 s, so it was stopped" in ui.readout()
    assert "computation failed" not in ui.readout()
    assert "still running after 0.5 s" in said(ui)
    ui.action("undo").trigger()
    ready(ui)


def test_code_that_raises_is_its_sentence(ui, files, told):
    (files / "bowl.py").write_text(
        "def loss(a, b):\n    if (a > 4).any():\n        raise KeyError('weights')\n"
        "    return a**2 + b**2\n"
    )
    ui.window.opening.open_path(files / "bowl.py")
    message = "bowl.py, line 3: KeyError: 'weights'."
    ui.qtbot.waitUntil(lambda: bool(told) or message in ui.readout(), timeout=20_000)
    assert message in (told or [ui.readout()])[0]


def test_what_code_prints_is_read_beside_the_window(ui, files, told):
    def printed():
        source(ui)._output.click()
        dialog = ui.window.findChild(OutputDialog)
        assert dialog.isVisible()
        text = dialog.field.toPlainText()
        dialog.close()
        return text

    (files / "bowl.py").write_text("print('<b>loading</b> \x1b[2J')\n" + BOWL)
    show(ui, files / "bowl.py")
    assert printed() == "<b>loading</b> \\x1b[2J"
    (files / "bowl.py").write_text("print('again')\n1 / 0\n")
    ui.qtbot.waitUntil(lambda: "ZeroDivisionError" in said(ui), timeout=20_000)
    assert printed() == "again"  # though it is the version before that runs
    (files / "bowl.py").write_text(BOWL)
    ui.qtbot.waitUntil(lambda: "was saved, and run again" in ui.readout(), timeout=20_000)
    assert printed() == ""
    (files / "other.py").write_text("print('so far')\n1 / 0\n")
    ui.window.opening.open_path(files / "other.py")
    ui.qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    assert told == ["other.py, line 2: ZeroDivisionError: division by zero.\n\nIt printed:\nso far"]
    ready(ui)


def test_the_cursor_runs_no_code(ui, files, monkeypatch):
    show(ui, files / "graded.py")
    from gdviz.engine.objectives.code_objective import CodeObjective

    def never(*_):
        raise AssertionError("code was run in the GUI thread")

    monkeypatch.setattr(CodeObjective, "evaluate", never)
    ui.point_at(2.0, 1.0)
    assert "f ≈" in ui.readout()
    assert "∇f" not in ui.readout()
    ui.window.timeline.set_step(3)
    ui.window.timeline.last()


def test_beside_a_landscape_the_cursor_says_so(ui, files):
    show(ui, files / "l.npz")
    ui.change(range=(-2.0, 2.0, -3.0, 3.0))
    ui.point_at(-1.5, 0.0)
    assert "f is unknown outside the grid of losses" in ui.readout()


# ---------------------------------------------------------------- recent files


def test_recent_files(open_window, files):
    ui = open_window()
    ui.window.documents.asks = False  # what becomes of e.json, when it fits the data
    recent = ui.window.opening.recent
    assert not recent.menuAction().isEnabled()
    names = ["e.json", "d.csv", "l.npz", "bowl.py"]
    for name in names:
        show(ui, files / name)
    assert recent.paths() == [str(files / name) for name in names[::-1]]
    show(ui, files / "l.npz")
    assert recent.paths()[:2] == [str(files / "l.npz"), str(files / "bowl.py")]
    (files / "d.csv").unlink()
    recent.fill()
    actions = {action.data(): action for action in recent.actions() if action.data()}
    ui.qtbot.waitUntil(lambda: not actions[str(files / "d.csv")].isEnabled())
    assert actions[str(files / "e.json")].isEnabled()
    assert actions[str(files / "e.json")].toolTip() == str(files / "e.json")
    for index in range(15):
        recent.add(files / f"{index}.json")
    assert len(recent.paths()) == 10
    recent.actions()[-1].trigger()
    assert recent.paths() == []
    assert not recent.menuAction().isEnabled()


@pytest.mark.parametrize("kept", [None, "", "one.json", 7, ["a.json", ""], "@Invalid()"])
def test_a_list_of_recent_files_that_somebody_edited(qtbot, settings, kept):
    from gdviz.ui.files.recent_files import RecentMenu

    settings.write({"files/recent": kept})
    menu = RecentMenu(settings)
    qtbot.addWidget(menu)
    assert all(isinstance(path, str) and path for path in menu.paths())


# ---------------------------------------------------------------- from start to end


def test_the_last_experiment_does_not_run_its_code(open_window, files):
    experiment = with_code(files)
    ui = open_window()
    ui.window.opening.leave(experiment)
    assert ui.readout() == "bowl.py is Python code: open it again to continue"
    ui.window.remember()
    kept = json.loads(ui.window._settings.value("experiment"))
    assert kept["function"]["code"]["path"].endswith("bowl.py")
    show(ui, files / "bowl.py")
    assert ui.experiment == experiment  # with its seven steps
    assert ui.window.opening.left is None


def test_an_experiment_is_saved_with_its_code(ui, files, monkeypatch):
    show(ui, files / "bowl.py")
    suggested = []

    def name(_parent, _title, suggestion, *_):
        suggested.append(suggestion)
        return str(files / "kept.json"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", name)
    ui.save()
    assert suggested[0].endswith("bowl.json")
    assert load(files / "kept.json").is_same_work(ui.experiment)


def test_a_file_is_never_typed_into_a_field(ui, files):
    """The window opens it: no field takes it."""
    fields = [*ui.window.findChildren(QLineEdit), *ui.window.findChildren(QPlainTextEdit)]
    assert len(fields) > 5
    for field in fields:
        assert not field.acceptDrops(), field.accessibleName()


def test_over_the_window_a_file_is_spoken_of(ui, files):
    veil = ui.window._drop.veil
    hold(ui.window, files / "d.csv")
    assert veil.isVisible()
    assert veil.sentence() == "Drop d.csv to open it"
    QApplication.sendEvent(ui.window, QDragLeaveEvent())
    assert not veil.isVisible()
    hold(ui.window, files / "d.csv", files / "e.json")
    assert veil.sentence() == "Only one local file at a time can be dropped here"
    drop(ui.window, files / "d.csv")
    assert not veil.isVisible()
    ready(ui)


def test_two_files_at_once_are_refused_in_a_sentence(ui, files):
    drop(ui.window, files / "bowl.py", files / "graded.py")
    assert ui.readout() == "Only one local file at a time can be dropped here"
