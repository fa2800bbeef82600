"""Layouts and controls that are made in a call each."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gdviz.ui.toolkit.build import button, check, column, combo, label, row, thin_bar


@pytest.fixture
def place(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(400, 300)
    return widget


def test_a_column_holds_parts_gaps_and_shares(place):
    first, second, third = (QLabel(text, place) for text in "abc")
    layout = column(
        first, 7, (second, 1), row(third, None), inside=place, margins=(1, 2, 3, 4), spacing=5
    )
    assert place.layout() is layout
    margins = layout.contentsMargins()
    sides = margins.left(), margins.top(), margins.right(), margins.bottom()
    assert sides == (1, 2, 3, 4)
    assert layout.spacing() == 5
    assert layout.count() == 4
    assert layout.itemAt(1).spacerItem().sizeHint().height() == 7
    assert [layout.stretch(i) for i in range(4)] == [0, 0, 1, 0]
    place.show()
    assert first.x() == third.x() == 1
    assert second.geometry().bottom() + 5 < third.y()
    assert second.height() > 3 * first.height()  # it has taken the room that is left
    assert third.width() == third.sizeHint().width()


def test_without_a_number_the_spacing_is_the_styles(place):
    assert column(inside=place).spacing() == QVBoxLayout(QWidget(place)).spacing() > 0


def test_labels_are_what_the_style_sheet_knows(place):
    note = label("a note", "a tip", kind="muted", parent=place)
    assert (note.property("muted"), note.property("error")) == (True, None)
    assert (note.wordWrap(), note.toolTip()) == (True, "a tip")
    assert not label("f", wraps=False, parent=place).wordWrap()


def test_controls_say_what_they_do_and_tell_whom_they_shall(place):
    told = []
    press = button("Press", "Presses", lambda: told.append("pressed"), place)
    tick = check("Tick", "Ticks", lambda is_on: told.append(is_on), place)
    press.click()
    tick.click()
    assert told == ["pressed", True]
    assert (press.toolTip(), tick.toolTip()) == ("Presses", "Ticks")


def test_a_choice_keeps_data_texts_and_tips(place):
    told = []
    choice = combo(
        "Speed", "How fast", told.append, {2: "2/s", 5: "5/s"}, ("slow", "fast"), parent=place
    )
    assert [choice.itemText(i) for i in range(choice.count())] == ["2/s", "5/s"]
    assert [choice.itemData(i) for i in range(choice.count())] == [2, 5]
    assert choice.itemData(1, Qt.ItemDataRole.ToolTipRole) == "fast"
    choice.activated.emit(1)
    assert told == [1]
    assert (choice.accessibleName(), choice.toolTip()) == ("Speed", "How fast")
    texts = combo("Scale", "", None, ("linear", "log"), parent=place)
    assert texts.itemData(1) == texts.itemText(1) == "log"


def test_a_thin_bar_counts_without_words(place):
    bar = thin_bar(12, place)
    assert (bar.minimum(), bar.maximum(), bar.isTextVisible(), bar.height()) == (0, 12, False, 6)
