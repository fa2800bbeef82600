"""Files in and out, with the dialogs answered by the test."""

import csv
import json
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QMenu, QMessageBox

from gdviz.base.cancel import Cancelled
from gdviz.engine.objectives.data import Data
from gdviz.experiment import json_file
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.function import FormulaFunction, SurfaceFunction
from gdviz.experiment.json_file import load, save, to_json
from gdviz.experiment.validation import ExperimentError
from gdviz.experiment.view import View
from gdviz.export.options import FigureOptions
from gdviz.ui.files import leaving
from gdviz.ui.files.export_dialog import ExportDialog
from gdviz.ui.files.page_dialog import PageDialog
from gdviz.ui.store import save_queue
from gdviz.ui.toolkit.widgets.number_field import NumberField
from tests.ui.hands import button, choice, errors, field, type_into
from tests.ui.hands import said as said_in

PANELS = "Evaluations, gradient error and loss"

OTHER = Experiment(function=SurfaceFunction("himmelblau"), start=(0.0, 0.0), alpha=0.01, steps=17)


@pytest.fixture
def answer(monkeypatch):
    """Answer the file dialogs; remember what they suggested."""

    class Answer:
        name, chosen, suggested = "", "", []

    def save_name(_parent, _title, suggestion, *_):
        Answer.suggested.append(suggestion)
        return str(Answer.name), Answer.chosen

    Answer.suggested = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(Answer.name), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", save_name)
    monkeypatch.setattr(ExportDialog, "exec", lambda _: ExportDialog.DialogCode.Accepted)
    monkeypatch.setattr(PageDialog, "exec", lambda _: PageDialog.DialogCode.Accepted)
    return Answer


def said(ui, text, timeout=20_000):
    ui.qtbot.waitUntil(lambda: text in ui.readout(), timeout=timeout)


# ---------------------------------------------------------------- experiments


def test_save_as_then_open_gives_it_back(ui, answer, told, tmp_path):
    answer.name = tmp_path / "mine"
    ui.show(OTHER)
    ui.save("save_as")
    assert load(tmp_path / "mine.json").is_same_work(OTHER)  # the ending is added
    assert ui.window.windowTitle().startswith("mine.json")
    assert not ui.window.isWindowModified()
    assert ui.readout() == "Saved mine.json"
    ui.action("new").trigger()
    ui.settle()
    assert ui.experiment == Experiment()
    assert ui.window.windowTitle().startswith("Untitled")
    answer.name = tmp_path / "mine.json"
    ui.action("open").trigger()
    ui.settle()
    assert ui.experiment.is_same_work(OTHER)
    assert ui.window.windowTitle().startswith("mine.json")
    assert told == []


def test_the_title_marks_what_is_not_saved(ui, answer, tmp_path):
    answer.name = tmp_path / "mine.json"
    assert not ui.window.isWindowModified()
    ui.save("save_as")
    ui.change(alpha=0.1)
    assert ui.window.isWindowModified()
    ui.action("undo").trigger()
    assert not ui.window.isWindowModified()
    ui.change(alpha=0.2)
    ui.save()  # asks no more
    assert not ui.window.isWindowModified()
    assert load(answer.name).alpha == 0.2
    assert len(answer.suggested) == 1


def test_save_without_a_file_asks_for_one(ui, answer, tmp_path):
    answer.name = tmp_path / "x.json"
    ui.save()
    assert answer.suggested[0].endswith("sigmoid-unit.json")
    assert load(answer.name).is_same_work(ui.experiment)


def test_a_cancelled_dialog_does_nothing(ui, answer, told, tmp_path):
    for name in ("open", "save", "save_as", "export_picture", "export_page", "export_table"):
        ui.action(name).trigger()
    ui.qtbot.wait(20)
    assert told == []
    assert ui.experiment == Experiment()
    assert ui.window.documents.file.path is None


def test_opening_can_be_undone(ui, answer, tmp_path):
    save(OTHER, tmp_path / "other.json")
    ui.change(alpha=0.123)
    before = ui.experiment
    answer.name = tmp_path / "other.json"
    ui.action("open").trigger()
    ui.settle()
    assert ui.experiment.is_same_work(OTHER)
    ui.action("undo").trigger()
    ui.settle()
    assert ui.experiment == before
    ui.action("redo").trigger()
    assert ui.experiment.is_same_work(OTHER)


def title(ui):
    """The title as the person sees it, the star included."""
    return ui.window.windowTitle().replace("[*]", "*" if ui.window.isWindowModified() else "")


def test_undoing_an_opening_does_not_aim_save_at_the_opened_file(ui, answer, tmp_path):
    other = tmp_path / "other.json"
    save(OTHER, other)
    ui.change(alpha=0.123)
    answer.name = other
    ui.action("open").trigger()
    ui.settle()
    ui.change(steps=18)
    assert title(ui).startswith("other.json* ")
    ui.action("undo").trigger()
    assert title(ui).startswith("other.json ")
    ui.action("undo").trigger()
    assert title(ui).startswith("Untitled* ")
    answer.name = tmp_path / "mine.json"
    ui.save()  # asks
    assert len(answer.suggested) == 1
    assert load(other) == OTHER
    assert load(tmp_path / "mine.json").alpha == 0.123


def test_redoing_an_opening_is_at_the_opened_file_again(ui, answer, tmp_path):
    for name, experiment in (("one", Experiment(steps=11)), ("two", OTHER)):
        save(experiment, tmp_path / f"{name}.json")
        answer.name = tmp_path / f"{name}.json"
        ui.action("open").trigger()
        ui.settle()
    titles = []
    for action in ("undo", "undo", "redo", "redo"):
        ui.action(action).trigger()
        titles.append(title(ui).split()[0])
    assert titles == ["one.json", "Untitled", "one.json", "two.json"]
    ui.change(steps=18)
    ui.save()
    assert load(tmp_path / "two.json").steps == 18
    assert load(tmp_path / "one.json").steps == 11
    assert answer.suggested == []


@pytest.mark.parametrize("leave", ["new", "guide"])
def test_undoing_what_leaves_a_file_is_back_at_it(ui, answer, tmp_path, leave):
    answer.name = tmp_path / "mine.json"
    ui.show(OTHER)
    ui.save("save_as")
    if leave == "new":
        ui.action("new").trigger()
    else:
        ui.window.menuBar().findChild(QMenu, "Experiments").actions()[0].trigger()
    assert title(ui).startswith("Untitled ")
    ui.action("undo").trigger()
    assert ui.experiment.is_same_work(OTHER)
    assert title(ui).startswith("mine.json ")


def test_what_led_to_a_saved_experiment_has_its_file(ui, answer, tmp_path):
    answer.name = tmp_path / "mine.json"
    ui.change(alpha=0.1)
    ui.save("save_as")
    ui.action("undo").trigger()
    assert title(ui).startswith("mine.json* ")
    ui.save()
    assert title(ui).startswith("mine.json ")
    ui.action("redo").trigger()
    assert title(ui).startswith("mine.json* ")  # though it was saved once
    assert len(answer.suggested) == 1


def test_a_file_that_holds_something_else_by_now_is_not_written_over(ui, answer, tmp_path):
    mine = answer.name = tmp_path / "mine.json"
    ui.change(alpha=0.1)
    ui.save("save_as")
    ui.action("new").trigger()
    ui.change(steps=18)
    ui.save("save_as")  # to the same file
    ui.action("undo").trigger()
    ui.action("undo").trigger()
    assert ui.experiment.alpha == 0.1
    answer.name = ""
    for content in (mine.read_bytes(), b"no experiment"):
        mine.write_bytes(content)
        ui.save()  # asks, and is told no
        assert mine.read_bytes() == content
        assert "mine.json has changed" in ui.readout()
    assert len(answer.suggested) == 4
    mine.unlink()
    ui.save()
    assert load(mine).is_same_work(ui.experiment)
    assert len(answer.suggested) == 4


def test_new_can_be_undone(ui):
    ui.change(alpha=0.123)
    ui.action("new").trigger()  # at once, and it changes the same field
    assert ui.experiment == Experiment()
    ui.action("undo").trigger()
    assert ui.experiment.alpha == 0.123


# ---------------------------------------------------------------- while it is written


class Disk:
    """A disk that is as slow as the test wants, under :func:`json_file.save`."""

    def __init__(self):
        self.gate, self.written, self.error = threading.Event(), [], None
        self.given_up = threading.Event()

    def save(self, experiment, path, cancelled):
        assert self.gate.wait(600)
        if self.error is not None:
            raise self.error
        if cancelled():
            self.given_up.set()
            raise Cancelled
        save(experiment, path)
        self.written.append((path.name, experiment.alpha))


@pytest.fixture
def disk(monkeypatch):
    disk = Disk()
    monkeypatch.setattr(save_queue, "save", disk.save)
    monkeypatch.setattr(leaving, "_MOMENT", 0.0)  # a dialog at once
    yield disk
    disk.gate.set()


@pytest.fixture
def waiting(monkeypatch):
    """What is done while a dialog waits for a file, one after the other; and what it said."""
    deeds, said = [], []

    def execute(box):
        deed = deeds.pop(0)
        said.append((box.text(), deed))
        if isinstance(deed, str):
            box.button(getattr(QMessageBox.StandardButton, deed)).click()
            return
        ended = QEventLoop()
        box.finished.connect(ended.quit)
        box.open()
        deed()
        ended.exec()

    monkeypatch.setattr(QMessageBox, "exec", execute)
    return deeds, said


def test_the_window_goes_on_while_a_file_is_written(ui, answer, told, disk, tmp_path):
    answer.name = tmp_path / "mine.json"
    ui.change(alpha=0.1)
    ui.action("save_as").trigger()
    ui.window.store.change(alpha=0.2)  # nothing waits for the disk
    ui.frame()
    assert title(ui).startswith("Untitled* ")  # it is in no file yet
    assert not answer.name.exists()
    disk.gate.set()
    ui.settle()
    assert title(ui).startswith("mine.json* ")  # what came later is not in it
    assert load(answer.name).alpha == 0.1
    assert ui.readout() == "Saved mine.json"
    assert told == []


def test_what_is_saved_again_meanwhile_is_written_once_and_last(ui, answer, told, disk, tmp_path):
    answer.name = tmp_path / "mine.json"
    for alpha in (0.1, 0.2, 0.3):
        ui.window.store.change(alpha=alpha)
        ui.action("save" if answer.suggested else "save_as").trigger()  # and asks no more
    assert len(answer.suggested) == 1
    disk.gate.set()
    ui.settle()
    assert disk.written == [("mine.json", 0.1), ("mine.json", 0.3)]
    assert title(ui).startswith("mine.json ")


def test_two_files_are_written_in_the_order_in_which_they_were_asked_for(
    ui, answer, disk, tmp_path
):
    for name in ("one.json", "two.json", "three.json"):
        answer.name = tmp_path / name
        ui.action("save_as").trigger()
    disk.gate.set()
    ui.settle()
    assert [name for name, _ in disk.written] == ["one.json", "two.json", "three.json"]
    assert title(ui).startswith("three.json ")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(28, "No space left on device"), "mine.json cannot be written: no space left"),
        (ExperimentError("data", "it is too long"), "mine.json was not written: it is too long."),
    ],
)
def test_what_cannot_be_written_stays_modified(ui, answer, told, disk, tmp_path, error, sentence):
    answer.name = tmp_path / "mine.json"
    disk.gate.set()
    ui.save("save_as")
    ui.change(alpha=0.125)
    disk.error = error
    ui.save()
    assert sentence in told.pop()
    assert title(ui).startswith("mine.json* ")
    assert load(answer.name).alpha == 0.4
    disk.error = None
    ui.save()
    assert title(ui).startswith("mine.json ")
    assert load(answer.name).alpha == 0.125


def test_what_is_left_waits_for_its_file(ui, answer, told, disk, waiting, tmp_path):
    answer.name, (deeds, said) = tmp_path / "mine.json", waiting
    ui.change(alpha=0.125)
    ui.action("save_as").trigger()
    deeds.append(disk.gate.set)
    ui.action("new").trigger()
    [(sentence, _)] = said
    assert sentence.startswith("Saving mine.json …")
    assert load(answer.name).alpha == 0.125
    assert ui.experiment == Experiment()
    assert title(ui).startswith("Untitled ")
    ui.action("undo").trigger()
    assert title(ui).startswith("mine.json ")
    assert told == []


def test_who_does_not_want_to_wait_stays_and_it_is_written(
    ui, answer, told, disk, waiting, tmp_path
):
    answer.name, (deeds, _) = tmp_path / "mine.json", waiting
    ui.change(alpha=0.125)
    ui.action("save_as").trigger()
    deeds += ["Cancel", "Cancel"]
    ui.action("new").trigger()
    assert not ui.window.close()
    assert ui.experiment.alpha == 0.125
    disk.gate.set()
    ui.settle()
    assert load(answer.name).alpha == 0.125
    assert title(ui).startswith("mine.json ")


def test_a_file_that_hangs_is_left_behind_and_is_as_it_was(
    ui, answer, told, disk, waiting, tmp_path
):
    answer.name, (deeds, _) = tmp_path / "mine.json", waiting
    ui.change(alpha=0.125)
    ui.action("save_as").trigger()
    deeds.append("Discard")
    ui.action("new").trigger()
    assert ui.experiment == Experiment()
    assert not ui.window.documents.is_saving()
    hanging, disk.gate = disk.gate, threading.Event()
    disk.gate.set()
    answer.name = tmp_path / "other.json"
    ui.save("save_as")  # nothing waits for the one that hangs
    assert title(ui).startswith("other.json ")
    hanging.set()
    assert disk.given_up.wait(600)
    assert disk.written == [("other.json", 0.4)]
    assert not (tmp_path / "mine.json").exists()
    assert told == []


def test_a_failure_that_was_waited_for_keeps_the_experiment(
    ui, answer, told, disk, waiting, tmp_path
):
    answer.name, (deeds, _) = tmp_path / "mine.json", waiting
    ui.change(alpha=0.125)
    ui.action("save_as").trigger()
    disk.error = OSError(28, "No space left on device")
    deeds.append(disk.gate.set)
    ui.action("new").trigger()
    assert ui.experiment.alpha == 0.125
    assert [sentence.endswith("no space left on device.") for sentence in told] == [True]


def export(ui, work):
    """Ask for an export that is made by a function of the test's."""
    ui.window.documents._exports.request(work)


def test_closing_waits_for_what_is_exported(open_window, told, waiting, disk):
    ui, (deeds, said) = open_window(), waiting
    export(ui, lambda: "exported" if disk.gate.wait(600) else "")
    deeds += ["Cancel", disk.gate.set]
    assert not ui.window.close()
    assert ui.window.close()
    assert [sentence.splitlines()[0] for sentence, _ in said] == [
        "What is exported is being written …"
    ] * 2
    assert told == []


def test_an_export_that_hangs_is_left_behind(open_window, told, waiting, disk):
    ui, (deeds, _) = open_window(), waiting
    export(ui, lambda: "exported" if disk.gate.wait(600) else "")
    deeds.append("Discard")
    assert ui.window.close()
    assert not disk.gate.is_set()
    assert told == []


def test_an_export_that_fails_while_it_is_waited_for_keeps_the_window(
    open_window, told, waiting, disk
):
    ui, (deeds, _) = open_window(), waiting

    def fail():
        assert disk.gate.wait(600)
        raise OSError(28, "No space left on device", "picture.png")

    export(ui, fail)
    deeds.append(disk.gate.set)
    assert not ui.window.close()
    assert told == ["picture.png cannot be written: no space left on device."]
    assert ui.window.close()


def test_a_window_that_is_ended_from_outside_writes_first(open_window, answer, disk, tmp_path):
    ui = open_window()
    answer.name = tmp_path / "mine.json"
    for alpha in (0.1, 0.2):
        ui.window.store.change(alpha=alpha)
        ui.action("save" if answer.suggested else "save_as").trigger()
    ui.window.documents.asks = False
    disk.gate.set()
    assert ui.window.close()
    assert load(answer.name).alpha == 0.2


BROKEN = {
    "empty": b"",
    "truncated": to_json(OTHER).encode()[:-40],
    "foreign": b'{"name": "left-pad", "version": "1.3.0"}',
    "list": b'["a", "b"]',
    "binary": bytes(range(256)) * 10,
    "picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "future": to_json(OTHER).replace('"version": 2', '"version": 3').encode(),
    "unknown field": to_json(OTHER).replace('"alpha"', '"learning_rate"').encode(),
    "wrong type": to_json(OTHER).replace("0.01", '"fast"').encode(),
    "out of bounds": to_json(OTHER).replace("17", "1000000").encode(),
    "unknown surface": to_json(OTHER).replace("himmelblau", "everest").encode(),
    "bad formula": b'{"version": 1, "formula": "__import__(\'os\')"}',
    "deep": b"[" * 100_000,
    "large": b" " * 2_000_000,
}


def test_what_is_no_experiment_is_one_sentence_and_changes_nothing(ui, answer, told, tmp_path):
    scene, experiment = ui.scene, ui.experiment
    for name, content in BROKEN.items():
        answer.name = tmp_path / f"{name}.json"
        answer.name.write_bytes(content)
        ui.action("open").trigger()
        ui.settle()
        assert len(told) == 1, (name, told)
        sentence = told.pop()
        assert sentence[0].isupper() or sentence.split(":")[0].split("[")[0].islower(), sentence
        assert sentence.endswith(".")
        assert not sentence.endswith("..")
        assert "\n" not in sentence
        assert len(sentence) < 400
        assert f"{name}.json" in sentence
        assert ui.experiment is experiment, name
        assert ui.scene is scene
        assert ui.window.documents.file.path is None
        assert not ui.action("undo").isEnabled()


def test_files_that_cannot_be_read_are_one_sentence(ui, answer, told, tmp_path):
    for name in (tmp_path / "missing.json", tmp_path):
        answer.name = name
        ui.action("open").trigger()
        ui.settle()
        assert len(told) == 1
        assert "cannot be read" in told.pop()


def test_where_nothing_can_be_written_is_one_sentence(ui, answer, told, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    for name, ending, message in (
        ("save_as", ".json", "cannot be written"),
        ("export_table", ".csv", "cannot be written"),
        ("export_picture", ".png", "cannot be written"),
        ("export_page", ".html", "cannot be written"),
    ):
        answer.name = tmp_path / "file" / f"x{ending}"
        ui.action(name).trigger()
        ui.qtbot.waitUntil(lambda: len(told) == 1, timeout=20_000)
        ui.qtbot.wait(5)
        sentence = told.pop()
        assert message in sentence
        assert told == []
        assert "Errno" not in sentence
        assert str(answer.name) in sentence or str(answer.name.parent) in sentence
    assert ui.window.documents.file.path is None
    assert (tmp_path / "file").read_text() == "not a folder"


# ---------------------------------------------------------------- exports


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("ending", "magic"), [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")]
)
def test_pictures_are_really_written(ui, answer, told, tmp_path, ending, magic):
    answer.name = tmp_path / f"picture{ending}"
    ui.action("export_picture").trigger()
    said(ui, "Exported picture")
    data = answer.name.read_bytes()
    assert data.startswith(magic)
    assert len(data) > 10_000
    assert told == []
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".gdviz")] == []


def test_an_ending_that_is_no_picture_is_refused(ui, answer, told, tmp_path):
    answer.name = tmp_path / "picture.docx"
    ui.action("export_picture").trigger()
    assert len(told) == 1
    assert ".png, .svg, .pdf, .eps or .pgf" in told[0]
    assert not answer.name.exists()


def test_tables_are_really_written(ui, answer, tmp_path):
    answer.name = tmp_path / "table"
    answer.chosen = "CSV table (*.csv)"
    ui.action("export_table").trigger()
    said(ui, "Exported table.csv")
    with (tmp_path / "table.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * 41
    assert (float(rows[0]["a"]), float(rows[0]["b"])) == ui.experiment.start
    answer.chosen = "JSON table (*.json)"
    ui.action("export_table").trigger()
    said(ui, "Exported table.json")
    assert json.loads((tmp_path / "table.json").read_text())


def test_a_page_is_really_written_and_opens_again(ui, answer, told, tmp_path, monkeypatch):
    def typed(dialog):
        assert dialog.title.placeholderText() == "Sigmoid unit"
        dialog.title.setText("A title")
        dialog.text.setPlainText("Two lines\nof words")
        return PageDialog.DialogCode.Accepted

    monkeypatch.setattr(PageDialog, "exec", typed)
    answer.name, answer.chosen = tmp_path / "page", "Web pages (*.html *.htm)"
    ui.change(alpha=0.25, view=View(basins=(0,)))
    ui.settle()
    ui.qtbot.waitUntil(lambda: ui.window.basins.task.of(ui.experiment) != (), timeout=20_000)
    ui.window.timeline.set_step(7)
    ui.action("export_page").trigger()
    said(ui, "Exported page.html, ")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert '"basins":{"range":' in page
    assert "<title>A title</title>" in page
    assert r"Two lines\nof words" in page
    assert '"opensAt":{"relief":false,"step":7}' in page  # as the window stood
    experiment = ui.experiment
    ui.action("new").trigger()
    ui.settle()
    ui.window.timeline.last()
    answer.name = tmp_path / "page.html"
    ui.action("open").trigger()
    ui.settle()
    assert ui.experiment.replace(view=ui.experiment.view.without_place()) == experiment
    assert ui.window.timeline.step == 7
    # A page is no experiment's file: what is saved next does not replace it.
    assert ui.window.documents.file.path is None
    assert told == []


def test_a_formula_a_page_and_a_picture_at_once_are_the_first_to_need_matplotlib(tmp_path):
    """Threads that import it by different doors got half a module each, and no figure for ever."""
    page = str(tmp_path / "f.html")
    script = f"""
import pathlib, threading
from gdviz.experiment.experiment import Experiment
from gdviz.export.options import AS_USUAL
from gdviz.export.page.options import PageOptions
from gdviz.scene.animation.frames import Frame
from gdviz.scene.scene import build_scene
from gdviz.ui.store import exports
from gdviz.ui.toolkit.widgets.math_label import typeset

scene = build_scene(Experiment())
works = (
    lambda: typeset("a^2"),
    lambda: exports.write_page(scene, pathlib.Path({page!r}), PageOptions(), ()),
    lambda: exports.draw_preview(Frame(scene), AS_USUAL, None, True),
)
found = []
threads = [threading.Thread(target=lambda work=work: found.append(work())) for work in works]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(found) == 3 and None not in found, found
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_text_that_is_too_long_for_a_page_is_refused(ui):
    dialog = PageDialog("f", ui.window)
    dialog.show()
    save = button(dialog, "&Save")
    assert save.isEnabled()
    dialog.text.setPlainText("w" * 20_001)
    assert not save.isEnabled()
    assert "must have 20,000 characters at most, and this has 20,001" in errors(dialog)[0]
    dialog.text.setPlainText("w")
    assert save.isEnabled()
    assert errors(dialog) == []
    dialog.deleteLater()


def test_the_picture_goes_to_the_clipboard(ui):
    QGuiApplication.clipboard().clear()
    ui.action("copy_picture").trigger()
    said(ui, "Copied")
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (1200, 900)
    assert len({image.pixel(x, y) for x in range(0, 1200, 60) for y in range(0, 900, 60)}) > 20


def test_the_window_is_alive_while_a_picture_is_drawn(ui, answer, tmp_path):
    answer.name = tmp_path / "picture.png"
    ui.action("export_picture").trigger()
    assert ui.readout().startswith("Drawing")
    ui.change(alpha=0.1)
    said(ui, "Exported picture.png")
    assert QImage(str(answer.name)).width() == 1200


def test_a_picture_has_the_draws_of_the_step_that_lie_on_the_map(ui, answer, tmp_path):
    """As the Step lens lays them there; the dialog leaves them out if it is told to."""
    window, words = ui.window, "steps −αĝ by other draws"
    ui.show(Experiment(methods=(Method("gaussian"),), alpha=0.01))
    window.right.setCurrentWidget(window.step_lens)
    window.timeline.set_step(3)
    ui.qtbot.waitUntil(lambda: window.map_view.cloud is not None)
    cloud = window.map_view.cloud
    assert cloud.at == pytest.approx(ui.scene.runs[0].path.theta[3])
    answer.name = tmp_path / "with.svg"
    ui.action("export_picture").trigger()
    said(ui, "Exported with.svg")
    assert words in answer.name.read_text()
    window.right.setCurrentIndex(0)
    assert window.map_view.cloud is None
    answer.name = tmp_path / "without.svg"
    ui.action("export_picture").trigger()
    said(ui, "Exported without.svg")
    assert words not in answer.name.read_text()
    window.timeline.last()


def test_a_picture_has_the_circle_of_steps_that_lies_on_the_map(ui, answer, tmp_path, monkeypatch):
    """Around the point of the current step, and so do the Taylor models there."""
    window = ui.window
    ui.show(Experiment(methods=(Method("analytic"),), alpha=0.01))
    window.step_lens.choose_view("direction")
    window.right.setCurrentWidget(window.step_lens)
    window.timeline.set_step(3)
    ui.qtbot.waitUntil(lambda: window.map_view.circle is not None)
    assert window.map_view.circle.at == pytest.approx(ui.scene.runs[0].path.theta[3])
    answer.name = tmp_path / "with.svg"
    ui.action("export_picture").trigger()
    said(ui, "Exported with.svg")
    assert "Best direction" in answer.name.read_text()
    window.step_lens.choose_view("models")
    ui.qtbot.waitUntil(lambda: window.map_view.circle is None)
    models = window.map_view.models
    assert models.models.at == pytest.approx(ui.scene.runs[0].path.theta[3])
    answer.name = tmp_path / "models.svg"
    ui.action("export_picture").trigger()
    said(ui, "Exported models.svg")
    assert "-order model" in answer.name.read_text()
    with monkeypatch.context() as patch:
        patch.setattr(type(window.map_place), "shows_relief", property(lambda _: True))
        frame = window.commands._frame(ui.scene)
        assert (frame.circle, frame.clouds, frame.models) == (None, (), None)
    window.right.setCurrentIndex(0)
    assert window.map_view.models is None
    window.step_lens.choose_view("arithmetic")
    window.timeline.last()


# ---------------------------------------------------------------- the dialog


def boxes(dialog):
    return [box for box in dialog.findChildren(QCheckBox) if box.isVisible()]


def test_the_dialog_offers_what_there_is_of_a_step(qtbot, dialog):
    assert not any("step" in box.text() for box in boxes(dialog))
    assert not dialog.has_of_step()
    other = ExportDialog(FigureOptions(), of_step=("the step by other draws",))
    qtbot.addWidget(other)
    other.show()
    (of_step,) = (box for box in boxes(other) if "step" in box.text())
    assert of_step.text() == "The step by other draws, as on the map"
    assert other.has_of_step()
    of_step.click()
    assert not other.has_of_step()


@pytest.fixture
def dialog(qtbot):
    dialog = ExportDialog(FigureOptions())
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.mark.parametrize("relief", [False, True])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_is_at_first_like_the_window(qtbot, relief, theme):
    dialog = ExportDialog(FigureOptions(relief=relief, theme=theme))
    qtbot.addWidget(dialog)
    assert (dialog.options().relief, dialog.options().theme) == (relief, theme)


def save_button(dialog):
    return button(dialog, "&Save")


def test_nonsense_in_the_export_dialog_keeps_save_out_of_reach(dialog, qtbot):
    assert save_button(dialog).isEnabled()
    for name in ("width", "height", "dpi"):
        for text in ("abc", "", "1e999", "nan", "0", "-1", "99999", "🙂"):
            type_into(field(dialog, name), text)
            assert not save_button(dialog).isEnabled(), text
            [sentence] = errors(dialog)
            assert len(sentence) < 200
        type_into(field(dialog, name), "30")
        assert save_button(dialog).isEnabled()
        assert errors(dialog) == []


def test_too_many_pixels_are_refused_before_they_are_drawn(dialog):
    for name, text in (("width", "99"), ("height", "99"), ("dpi", "2400")):
        type_into(field(dialog, name), text)
    assert not save_button(dialog).isEnabled()
    assert "pixels" in errors(dialog)[0]


def test_options_are_what_was_chosen(dialog):
    assert dialog.options().size == (8.0, 6.0)
    button(dialog, PANELS).setChecked(True)
    assert dialog.options().size == (8.0, 8.5)
    button(dialog, PANELS).setChecked(False)
    assert dialog.options().size == (8.0, 6.0)
    button(dialog, "Dark").setChecked(True)
    choice(dialog, "Format").setCurrentIndex(2)
    assert (dialog.options().theme, dialog.suffix()) == ("dark", ".pdf")
    assert "576 × 432 points of 1/72 inch" in said_in(dialog)


def test_a_size_of_ones_own_is_kept_when_panels_are_added(dialog):
    type_into(field(dialog, "width"), "12")
    button(dialog, PANELS).setChecked(True)
    assert dialog.options().size == (12.0, 6.0)


def test_everything_in_the_dialog_says_what_it_is(dialog):
    for kind in (QComboBox, NumberField, QCheckBox):
        for widget in dialog.findChildren(kind):
            assert widget.toolTip(), widget.accessibleName()


@pytest.mark.parametrize("replace", [True, False])
def test_a_file_is_asked_about_under_the_name_it_gets(ui, answer, tmp_path, monkeypatch, replace):
    """Qt asks about the name that was typed; with a suffix it is another file's."""
    precious = tmp_path / "precious.json"
    precious.write_text("years of work")
    answer.name, answer.chosen = tmp_path / "precious", "gdviz experiments (*.json)"
    asked = []

    def question(box):
        asked.append(box.text())
        return QMessageBox.StandardButton.Yes if replace else QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "exec", question)
    ui.save("save_as")
    assert asked == ["precious.json exists already. Replace it?"]
    assert (precious.read_text() == "years of work") is not replace


def test_data_that_is_more_than_a_file_holds_is_said_and_nothing_is_written(
    ui, answer, told, tmp_path, monkeypatch
):
    monkeypatch.setattr(json_file, "MAX_DATA", 5)
    data = Data({"x": (1.0, 2.0, 3.0), "y": (1.0, 2.5, 2.0)}, "mine.csv")
    ui.show(Experiment(function=FormulaFunction("mean((a*x + b - y)^2)", data=data)))
    answer.name = tmp_path / "mine.json"
    ui.save("save_as")
    [sentence] = told
    assert sentence.startswith("mine.json was not written: its 3 rows of 2 columns are more than")
    assert not answer.name.exists()
    settings = ui.settings
    ui.window.remember()  # as when it is closed
    assert settings.value("experiment") is None


# ---------------------------------------------------------------- a number without Enter


def type_without_enter(ui, text):
    """Type α, and leave the cursor where it is, as keys for a command do."""
    field = ui.field("α")
    field.setFocus()
    field.selectAll()
    field.insert(text)
    return field


def test_what_is_typed_is_saved_without_enter(ui, answer, told, tmp_path):
    answer.name = tmp_path / "typed.json"
    for name, text in (("save_as", "0.3"), ("save", "0.25")):
        field = type_without_enter(ui, text)
        ui.save(name)
        assert load(answer.name).alpha == ui.experiment.alpha == field.value() == float(text)
        assert not ui.window.isWindowModified()
    assert told == []


def test_what_is_typed_and_is_no_number_stays_in_its_field(ui, answer, tmp_path):
    answer.name = tmp_path / "typed.json"
    field = type_without_enter(ui, "0.3.1")
    ui.save("save_as")
    assert load(answer.name).alpha == ui.experiment.alpha == Experiment().alpha
    assert field.text() == "0.3.1"
    assert field.error()


def test_what_is_typed_is_exported_without_enter(ui, answer, tmp_path):
    """The first step of plain gradient descent is as long as α is large."""
    answer.chosen, moved = "CSV table (*.csv)", []
    for text in ("0.25", "0.5"):
        answer.name = tmp_path / f"{text}.csv"
        type_without_enter(ui, text)
        ui.action("export_table").trigger()
        said(ui, f"Exported {text}.csv")
        with answer.name.open() as file:
            a = [float(row["a"]) for row in csv.DictReader(file)]
        moved.append(a[1] - a[0])
    assert moved[0] != 0
    assert moved[1] == pytest.approx(2 * moved[0], rel=1e-9)


def test_what_is_typed_comes_back_with_undo_after_new_and_after_another_file(ui, tmp_path):
    save(OTHER, tmp_path / "other.json")
    ui.window.documents.untitled.set_asks(False)

    def open_other():
        with ui.qtbot.waitSignal(ui.window.opening.experiment_opened):
            ui.window.opening.open_path(tmp_path / "other.json")

    for leave in (ui.action("new").trigger, open_other):
        type_without_enter(ui, "0.25")
        leave()
        assert ui.experiment.alpha != 0.25
        ui.action("undo").trigger()
        assert ui.experiment.alpha == 0.25
        ui.action("new").trigger()
