"""Hands for dialogs and pages: what a person sees is read, and what they press is pressed."""

from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit

from gdviz.ui.toolkit.widgets.number_field import NumberField


def type_into(field, text):
    """Type a text in place of what a field holds, and leave it."""
    field.setFocus()
    field.selectAll()
    field.insert(text)  # keyClicks knows Latin-1 only
    field.editingFinished.emit()


def choose(box, data):
    """Choose an entry of a list by its data."""
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def field(dialog, name):
    """Return a number field by what it is called."""
    return next(f for f in dialog.findChildren(NumberField) if f.accessibleName() == name)


def address(dialog):
    """Return the field of the scheduler's address."""
    fields = dialog.findChildren(QLineEdit)
    return next(f for f in fields if f.accessibleName() == "Address of the scheduler")


def choice(dialog, name):
    """Return a list to choose from by what it is called."""
    return next(c for c in dialog.findChildren(QComboBox) if c.accessibleName() == name)


def button(dialog, text):
    """Return a button, or a box to tick, by what is written on it."""
    return next(b for b in dialog.findChildren(QAbstractButton) if b.text() == text)


def offered(dialog):
    """Return what can be pressed below."""
    known = ("Sample", "Resume", "Refine", "Cancel", "Open", "Close")
    return [text for text in known if button(dialog, text).isVisible()]


def said(dialog):
    """Return all that is said."""
    labels = dialog.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisible() and label.text()]


def says(dialog, words):
    """Tell whether words are among what is said."""
    return any(words in text for text in said(dialog))


def errors(dialog):
    """Return what is said about refused input."""
    return [
        label.text()
        for label in dialog.findChildren(QLabel)
        if label.property("error") and label.isVisible() and label.text()
    ]


def choose_grid(dialog, shape, extent=None):
    """Choose the grid, and perhaps the range."""
    for name, points in zip(("points along a", "points along b"), shape, strict=True):
        field(dialog, name).set_value(points, force=True)
    if extent is not None:
        button(dialog, "of my own").click()
        for name, value in zip(("a from", "a to", "b from", "b to"), extent, strict=True):
            field(dialog, name).set_value(value, force=True)
