"""Where the Tab key leads."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_through(first: QWidget, *rest: QWidget) -> None:
    """Let Tab lead from a widget into others, and from one part of them to the next.

    Qt appends widgets that are made later to the window's end, behind all the rest of it.
    """
    parts = [first, *(part for widget in rest for part in _stops(widget))]
    for one, other in pairwise(parts):
        QWidget.setTabOrder(one, other)


def _stops(widget: QWidget) -> list[QWidget]:
    """Return what Tab stops at within a widget, as it was made."""
    return [
        part
        for part in (widget, *widget.findChildren(QWidget))
        # A combo's list is a window of its own.
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.window() is widget.window()
    ]
