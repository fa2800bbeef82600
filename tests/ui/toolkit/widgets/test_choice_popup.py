"""A list of choices that is searched: what it lists, keys, what cannot be chosen."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gdviz.ui.toolkit.widgets.choice_popup import Choice, ChoicePopup

GROUPS = {
    "Fruit": (
        Choice("apple", "Apple", "Grows on trees"),
        Choice("melon", "Melon", "Grows on the ground", why_not="There is none in winter"),
        Choice("pear", "Pear", "Grows on trees, softer", note="Keeps badly"),
    ),
    "Roots": (Choice("beet@red", "Beetroot", "Red all through", sought_as="Rübe, Beta"),),
}


@pytest.fixture
def popup(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    made = ChoicePopup("Food", parent)
    made.set_choices(GROUPS)
    made.open_at(QPoint(10, 10))
    yield made
    made.hide()


def type_(popup, text):
    popup._search.setText(text)
    return popup.offered()


def test_what_is_typed_leaves_what_has_all_of_its_words(popup):
    assert popup.offered() == ["apple", "melon", "pear", "beet@red"]
    assert type_(popup, "TREES") == ["apple", "pear"]
    assert type_(popup, "soft trees") == ["pear"]
    assert type_(popup, "beet@") == ["beet@red"]  # by its key as well
    assert type_(popup, "RUBE") == type_(popup, "rübe root") == ["beet@red"]  # whatever accents
    assert type_(popup, "stone") == []
    assert popup._list.item(0).text() == "Nothing has all of these words"
    assert type_(popup, "") == ["apple", "melon", "pear", "beet@red"]


def test_the_first_that_can_be_chosen_is_marked_and_enter_takes_it(popup, qtbot):
    type_(popup, "grows ground")
    assert popup._list.currentItem() is None
    QTest.keyClick(popup._search, Qt.Key.Key_Return)
    assert popup.isVisible()
    type_(popup, "grows")
    with qtbot.waitSignal(popup.chosen) as chosen:
        QTest.keyClick(popup._search, Qt.Key.Key_Return)
    assert chosen.args == ["apple"]
    assert not popup.isVisible()


def test_arrows_go_past_headings_and_what_cannot_be_chosen(popup, qtbot):
    keys = []
    for _ in range(3):
        QTest.keyClick(popup._search, Qt.Key.Key_Down)
        keys.append(popup._list.currentItem().data(Qt.ItemDataRole.UserRole))
    assert keys == ["pear", "beet@red", "beet@red"]
    QTest.keyClick(popup._search, Qt.Key.Key_Up)
    with qtbot.waitSignal(popup.chosen) as chosen:
        QTest.keyClick(popup._search, Qt.Key.Key_Enter)
    assert chosen.args == ["pear"]


def test_a_reason_stands_in_place_of_the_sentence(popup):
    texts = [
        popup._list.item(row).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(popup._list.count())
    ]
    assert "Melon. There is none in winter" in texts
    assert "Apple. Grows on trees" in texts
    assert popup._list.item(3).toolTip() == "Grows on trees, softer\nKeeps badly"
    popup._take(popup._list.item(2))
    assert popup.isVisible()


def test_escape_closes_it_and_it_opens_with_an_empty_search(popup):
    type_(popup, "pear")
    QTest.keyClick(popup._search, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    popup.open_at(QPoint(10_000, 10_000))  # beyond the screen
    assert popup.offered() == ["apple", "melon", "pear", "beet@red"]
    assert popup.screen().availableGeometry().contains(popup.geometry())
