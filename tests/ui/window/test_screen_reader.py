"""What a screen reader is told of the window, and where the keyboard leads."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)

from gdviz.export.options import FigureOptions
from gdviz.ui.files.export_dialog import ExportDialog
from gdviz.ui.lenses.formula.corrections import Corrections
from gdviz.ui.window.random_starts_dialog import RandomStartsDialog

_CONTROLS = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QLineEdit, QPlainTextEdit,
    QTabBar,
)  # fmt: skip


def open_all_pages(window):
    for lens in window.lenses:
        for name in getattr(lens, "_entries", ()):
            window.places.open_lens(lens.title, name)
    for corrections in window.findChildren(Corrections):
        corrections.offer(("a", "b"))  # which they are named by


def nameless(place):
    """Return the controls, and what else the Tab key stops at, that have no name."""
    found = []
    for widget in place.findChildren(QWidget):
        stops = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        if not stops and not isinstance(widget, _CONTROLS):
            continue
        parent = widget.parentWidget()
        if isinstance(widget, QScrollBar) or "qt_" in widget.objectName():
            continue  # Qt's own parts
        if isinstance(parent, (QComboBox, QAbstractItemView)) or not (
            widget.isWindow() or widget.window() is place
        ):
            continue
        told = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        if not told:
            found.append(f"{type(widget).__name__} in {type(parent).__name__}")
    return found


def test_all_controls_have_a_name(ui):
    open_all_pages(ui.window)
    assert nameless(ui.window) == []


def test_all_controls_of_dialogs_have_a_name(qapp):
    for dialog in (RandomStartsDialog(), ExportDialog(FigureOptions())):
        assert nameless(dialog) == []


def test_tab_reaches_the_results_and_arrows_lead_through_them(ui):
    table = ui.window.run_lens.results
    assert table.focusPolicy() & Qt.FocusPolicy.TabFocus
    table.setFocus()
    table.setCurrentCell(0, 0)
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert (table.currentRow(), table.currentColumn()) == (0, 1)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.currentRow() == 1
    QTest.keyClick(table, Qt.Key.Key_Tab)
    assert not table.hasFocus()


def test_the_results_are_read_cell_by_cell(ui):
    methods = ui.experiment.methods
    ui.change(methods=(methods[0], methods[1]), alpha=0.25)
    table = QAccessible.queryAccessibleInterface(ui.window.run_lens.results)
    told = [table.child(i).text(QAccessible.Text.Name) for i in range(table.childCount())]
    assert [text for text in told if text][:4] == ["method", "evals", "f", "‖∇f‖"]
    first = told.index("Analytic")
    assert told[first + 1] == "80"
    assert all(told[first : first + 4])
    assert any("limit of 40 steps" in text for text in told[first + 4 :])
