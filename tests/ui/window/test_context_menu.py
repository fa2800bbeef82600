"""Right clicks: what they offer, and what comes of it."""

import csv
import io
import threading

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication

from gdviz.engine.descent.path import Status
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_data, on_surface
from gdviz.experiment.experiment import Experiment
from gdviz.scene.captions import method_title
from gdviz.scene.status_marks import STATUS_MARKS
from gdviz.ui.files import documents
from gdviz.ui.store import exports
from gdviz.ui.toolkit.copying import Lines


@pytest.fixture
def clicked(ui):
    """Return the entries that a right click on a widget offers, by their texts."""

    def entries(widget, at=None):
        at = widget.mapToGlobal(at or QPoint(widget.width() // 2, widget.height() // 2))
        menu = ui.window._context.menu_of(widget, at)
        assert menu is not None
        return {a.text().replace("&", ""): a for a in menu.actions() if a.text()}

    yield entries
    ui.window.run_lens.show_only("")


def copied():
    return QGuiApplication.clipboard().text()


def copy(ui, entries):
    """Copy a table, and wait until it is on the clipboard."""
    entries["Copy Table"].trigger()
    ui.qtbot.waitUntil(lambda: not ui.window.documents.tables.is_running())


def test_the_map_offers_value_picture_and_what_lies_on_it(ui, clicked):
    ui.point_at(1.0, 2.0)
    said = ui.readout()
    assert "f 1.4" in said  # about 2σ(1)
    entries = clicked(ui.viewport)
    entries["Copy Value"].trigger()
    assert copied() == said
    for name in ("Copy Picture", "Export Picture…", "Fit to Paths", "Equal Units",
                 "Trajectory", "Keep the Step's Drawings", "3-D"):  # fmt: skip
        assert name in entries
    entries["Contours"].trigger()
    assert not ui.experiment.view.contours


def test_a_panel_is_copied_saved_and_hidden(ui, clicked, tmp_path, monkeypatch):
    lens = ui.window.run_lens
    loss = lens.plots[2]
    entries = clicked(loss.plot.viewport())
    copy(ui, entries)
    rows = [*csv.reader(io.StringIO(copied()), delimiter="\t")]
    assert rows[0] == ["step", *(method_title(run.method) for run in ui.scene.runs)]
    assert [row[0] for row in rows[1:]] == [str(step) for step in range(41)]
    for column, run in enumerate(ui.scene.runs, start=1):
        assert [float(row[column]) for row in rows[1:]] == run.path.loss.tolist()
    monkeypatch.setattr(documents, "ask_path", lambda *_: tmp_path / "loss.csv")
    with ui.qtbot.waitSignal(ui.window.documents.said):
        entries["Save Table…"].trigger()
    assert [*csv.reader(io.StringIO((tmp_path / "loss.csv").read_text()))] == rows
    entries["Hide Panel"].trigger()
    assert loss.isHidden()
    clicked(lens.plots[0].plot.viewport())["Show All Panels"].trigger()
    assert not loss.isHidden()
    for plot in lens.plots:
        lens.hide_part(plot.title)
    lens.hide_part("Results")  # the last one stays
    assert not lens.results.isHidden()


def test_logarithmic_panels_give_the_numbers_themselves(ui, clicked):
    plot = ui.window.run_lens.plots[1]
    copy(ui, clicked(plot.plot.viewport()))
    rows = [*csv.reader(io.StringIO(copied()), delimiter="\t")]
    names = rows[0]
    run = ui.scene.runs[1]
    column = names.index(method_title(run.method))
    values = [float(row[column]) for row in rows[1:] if row[column]]
    assert values == run.path.error[: run.path.gradients_taken].tolist()


def test_results_give_a_value_and_a_table(ui, clicked):
    table = ui.window.run_lens.results
    at = table.visualItemRect(table.item(0, 1)).center()
    entries = clicked(table.viewport(), at)
    entries["Copy Value"].trigger()
    assert copied() == "80"
    copy(ui, entries)
    rows = [*csv.reader(io.StringIO(copied()), delimiter="\t")]
    assert rows[0] == ["method", "evals", "f", "‖∇f‖", "remark"]
    assert rows[1][1] == "80"
    assert len(rows) == 1 + len(ui.scene.runs)
    for row, run in zip(rows[1:], ui.scene.runs, strict=True):
        assert float(row[2]) == pytest.approx(run.path.loss[-1], rel=1e-3)
    assert "Export Table…" in entries


def test_any_lens_is_copied_and_saved_as_a_picture(ui, clicked, tmp_path, monkeypatch):
    window = ui.window
    for lens in window.lenses:
        window.right.setCurrentWidget(lens)
        clicked(lens)[f"Copy Picture of {lens.title}"].trigger()
        picture = QGuiApplication.clipboard().image()
        assert (picture.width(), picture.height()) == (2 * lens.width(), 2 * lens.height())
    window.right.setCurrentWidget(window.run_lens)
    monkeypatch.setattr(documents, "ask_path", lambda *_: tmp_path / "run.png")
    with ui.qtbot.waitSignal(window.documents.said):
        clicked(window.run_lens)["Save Picture of Run…"].trigger()
    assert (tmp_path / "run.png").read_bytes().startswith(b"\x89PNG")
    assert ui.readout() == "Saved run.png"


def test_a_file_that_cannot_be_written_is_said(ui, clicked, told, monkeypatch, tmp_path):
    monkeypatch.setattr(documents, "ask_path", lambda *_: tmp_path / "no" / "run.png")
    clicked(ui.window.run_lens)["Save Picture of Run…"].trigger()
    ui.qtbot.waitUntil(lambda: bool(told))
    assert "cannot be written" in told[0]


def test_a_method_is_hidden_and_given_its_own_values(ui):
    row = ui.window.methods_box._rows[1]
    menu = ui.window._context.menu_of(row._price, QPoint())
    assert menu is row.menu
    entries = {a.text(): a for a in menu.actions()}
    entries["Shown"].trigger()
    assert not ui.experiment.methods[1].shown
    entries["Own values"].trigger()
    assert ui.experiment.methods[1].alpha == ui.experiment.alpha
    assert np.isfinite(ui.experiment.methods[1].epsilon)


def test_where_there_is_nothing_to_do_there_is_no_menu(ui):
    assert ui.window._context.menu_of(ui.window.menuBar(), QPoint()) is None


def test_rows_that_are_not_copied_are_said(ui, clicked, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    copy(ui, clicked(ui.window.run_lens.results.viewport()))
    assert len(copied().splitlines()) == 3  # the headings, and two runs with their remarks
    assert "first 2 rows" in ui.readout()


def test_a_sweep_is_copied_with_all_losses_and_with_how_each_path_ended(ui, clicked):
    """Also those losses that are drawn on the edge of the axis, as they are beyond it."""
    ui.show(on_surface(Experiment(), SURFACES["rosenbrock"]))
    window = ui.window
    window.right.setCurrentWidget(window.sweep_lens)
    window.sweep_lens.choose_view("alpha")
    page = window.sweep_lens.page("alpha")
    ui.qtbot.waitUntil(lambda: not page._task.is_running())
    copy(ui, clicked(page._plot.plot.viewport()))
    heading, *rows = csv.reader(io.StringIO(copied()), delimiter="\t")
    result = page._result
    titles = [curve.name for curve in page._plot.shown]
    assert heading == ["α", *(text for t in titles for text in (t, f"{t}: how it ended"))]
    order = np.argsort(result.alpha)
    assert [float(row[0]) for row in rows] == pytest.approx(result.alpha[order], rel=1e-14)
    for k, curve in enumerate(result.curves):
        losses = [float(row[1 + 2 * k]) if row[1 + 2 * k] else np.inf for row in rows]
        true = np.where(np.isfinite(curve.loss), curve.loss, np.inf)[order]
        assert losses == true.tolist()
        assert [row[2 + 2 * k] for row in rows] == [
            STATUS_MARKS[curve.statuses[i]].title for i in order
        ]
        assert np.max(true[np.isfinite(true)]) > page._axis.high  # on the edge
        assert Status.DIVERGED in curve.statuses


def test_many_rows_are_copied_off_the_gui_thread_and_can_be_cancelled(ui, clicked, monkeypatch):
    x = np.arange(3_000.0)
    data = Data({"x": x, "y": 2 * x + 1 / 3})
    ui.show(on_data(Experiment(), data))
    window = ui.window
    window.right.setCurrentWidget(window.data_lens)
    table = window.data_lens.page("data").table
    copy(ui, clicked(table.viewport()))
    heading, *rows = csv.reader(io.StringIO(copied()), delimiter="\t")
    assert heading == ["", "x", "y", "model", "residual"]
    assert [row[0] for row in rows] == [str(k) for k in range(1, 3_001)]
    assert [float(row[1]) for row in rows] == list(data.columns["x"])
    assert [float(row[2]) for row in rows] == list(data.columns["y"])
    fit = table.rows._fit
    assert [float(row[3]) for row in rows] == fit.predictions.tolist()
    assert [float(row[4]) for row in rows] == fit.deviations.tolist()

    QGuiApplication.clipboard().setText("before")
    begun, goes_on, threads = threading.Event(), threading.Event(), []

    def make():
        threads.append(threading.current_thread())
        begun.set()
        goes_on.wait(60)
        yield from [["x"]] * 3_001

    monkeypatch.setattr(type(table), "lines", lambda _self: Lines(3_000, make))
    clicked(table.viewport())["Copy Table"].trigger()
    assert begun.wait(60)
    ui.qtbot.waitUntil(window.map_strip.cancel_button.isVisible)
    ui.action("cancel").trigger()
    assert ui.readout().startswith("Cancelled")
    goes_on.set()
    ui.qtbot.waitUntil(lambda: not window.documents.tables.is_running())
    assert copied() == "before"
    assert threads != [threading.main_thread()]
    assert not window.map_strip.cancel_button.isVisible()
