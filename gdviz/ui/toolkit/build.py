"""Layouts, labels and controls in a call each: what they hold, what they say, whom they tell."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeVar

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gdviz.ui.toolkit.text import PlainLabel, RichLabel, as_caption, as_tip

#: What is told of something.
Slot = Callable[..., object] | SignalInstance
#: What stands in a layout, perhaps with its share of the room that is left; pixels between two; or
#: None for a gap that takes the room that is left.
Part = QWidget | QLayout | tuple[QWidget | QLayout, int] | int | None
#: Pixels at the left, above, at the right and below.
Margins = tuple[int, int, int, int]

_NONE: Margins = (0, 0, 0, 0)
_L = TypeVar("_L", bound=QBoxLayout)


def column(
    *parts: Part, inside: QWidget | None = None, margins: Margins = _NONE, spacing: int = -1
) -> QVBoxLayout:
    """Return a layout of parts one below the other.

    Parameters
    ----------
    *parts
        See :data:`Part`.
    inside : QWidget, optional
        Whose layout it is; None for one within another.
    margins : (int, int, int, int)
        See :data:`Margins`.
    spacing : int, default: that of the style
        Pixels between two parts.
    """
    return _filled(QVBoxLayout(), parts, inside, margins, spacing)


def row(
    *parts: Part, inside: QWidget | None = None, margins: Margins = _NONE, spacing: int = -1
) -> QHBoxLayout:
    """Return a layout of parts side by side.

    Parameters
    ----------
    *parts, inside, margins, spacing
        As in :func:`column`.
    """
    return _filled(QHBoxLayout(), parts, inside, margins, spacing)


def _filled(
    layout: _L, parts: Iterable[Part], inside: QWidget | None, margins: Margins, spacing: int
) -> _L:
    if inside is not None:
        inside.setLayout(layout)
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    for part in parts:
        item, share = part if isinstance(part, tuple) else (part, 0)
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item, share)
        else:
            layout.addWidget(item, share)
    return layout


def label(
    text: str = "",
    tip: str = "",
    *,
    kind: Literal["", "muted", "error"] = "",
    wraps: bool = True,
    rich: bool = False,
    parent: QWidget,
) -> QLabel:
    """Return text.

    Parameters
    ----------
    text, tip : str
        What it says, and its tooltip.
    kind : {"", "muted", "error"}
        What it is, as the style sheet knows it.
    wraps : bool, default True
        Whether it takes as many lines as it needs.
    rich : bool, default False
        Whether it is markup, in which all that others wrote is escaped.
    parent : QWidget
        Where it stands.
    """
    made = RichLabel(parent) if rich else PlainLabel(parent)
    made.setText(text)
    made.setWordWrap(wraps)
    made.setToolTip(as_tip(tip))
    if kind:
        made.setProperty(kind, True)
    return made


def button(text: str, tip: str, clicked: Slot, parent: QWidget) -> QPushButton:
    """Return a button.

    Parameters
    ----------
    text, tip : str
        What is written on it, and its tooltip.
    clicked : callable or signal
        What it runs.
    parent : QWidget
        Where it stands.
    """
    made = QPushButton(as_caption(text), parent)
    made.setToolTip(as_tip(tip))
    made.clicked.connect(clicked)
    return made


def check(text: str, tip: str, clicked: Slot, parent: QWidget) -> QCheckBox:
    """Return a box to tick.

    Parameters
    ----------
    text, tip, clicked, parent
        As in :func:`button`.
    """
    made = QCheckBox(as_caption(text), parent)
    made.setToolTip(as_tip(tip))
    made.clicked.connect(clicked)
    return made


def combo(
    name: str,
    tip: str,
    activated: Slot | None,
    entries: Iterable[str] | Mapping[Any, str] = (),
    tips: Iterable[str] = (),
    *,
    parent: QWidget,
) -> QComboBox:
    """Return a choice of one entry.

    Parameters
    ----------
    name : str
        What is chosen, for screen readers.
    tip : str
        Its tooltip.
    activated : callable, signal or None
        What is told the index of what the person chose.
    entries : iterable of str, or mapping to str
        The texts; or each entry's data, and its text.
    tips : iterable of str
        The entries' tooltips.
    parent : QWidget
        Where it stands.
    """
    made = QComboBox(parent)
    for entry in entries:
        made.addItem(entries[entry] if isinstance(entries, Mapping) else entry, entry)
    for index, of_entry in enumerate(tips):
        made.setItemData(index, as_tip(of_entry), Qt.ItemDataRole.ToolTipRole)
    made.setAccessibleName(name)
    made.setToolTip(as_tip(tip))
    if activated is not None:
        made.activated.connect(activated)
    return made


def thin_bar(most: int, parent: QWidget) -> QProgressBar:
    """Return the bar of a progress that is counted up to a number; it has no text."""
    made = QProgressBar(parent)
    made.setRange(0, most)
    made.setTextVisible(False)
    made.setFixedHeight(6)
    return made
