"""Right clicks: what they offer, and what comes of it."""

import csv
import io

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication

from gdviz.scene.captions import method_title
from gdviz.ui.files import documents
from gdviz.ui.toolkit import copying
from gdviz.ui.window import context_menu


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


def test_the_map_offers_value_picture_and_what_lies_on_it(ui, clicked):
    ui.point_at(1.0, 2.0)
    said = ui.readout()
    assert "f 1.4" in said  # about 2σ(1)
    entries = clicked(ui.viewport)
    entries["Copy Value"].trigger()
    assert copied() == said
    for name in ("Copy Picture", "Export Picture…", "Fit to Paths", "Equal Units", "3-D"):
        assert name in entries
    entries["Contours"].trigger()
    assert not ui.experiment.view.contours


def test_a_panel_is_copied_saved_and_hidden(ui, clicked, tmp_path, monkeypatch):
    lens = ui.window.run_lens
    loss = lens.plots[2]
    entries = clicked(loss.plot.viewport())
    entries["Copy Table"].trigger()
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
    clicked(plot.plot.viewport())["Copy Table"].trigger()
    rows = [*csv.reader(io.StringIO(copied()), delimiter="\t")]
    names = rows[0]
    run = ui.scene.runs[1]
    column = names.index(method_title(run.method))
    values = [float(row[column]) for row in rows[1:] if row[column]]
    assert values == pytest.approx(run.path.error[run.path.error > 0].tolist(), rel=1e-12)


def test_results_give_a_value_and_a_table(ui, clicked):
    table = ui.window.run_lens.results
    at = table.visualItemRect(table.item(0, 1)).center()
    entries = clicked(table.viewport(), at)
    entries["Copy Value"].trigger()
    assert copied() == "80"
    entries["Copy Table"].trigger()
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
    monkeypatch.setattr(copying, "MOST_ROWS", 2)
    monkeypatch.setattr(context_menu, "MOST_ROWS", 2)
    clicked(ui.window.run_lens.results.viewport())["Copy Table"].trigger()
    assert len(copied().splitlines()) == 2  # the headings, and a run with its remark
    assert "first 2 rows" in ui.readout()
