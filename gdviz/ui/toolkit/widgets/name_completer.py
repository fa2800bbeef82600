"""The names that a word may become, in a list under the cursor."""

from collections.abc import Mapping

from PySide6.QtCore import QObject, QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
)

_ROWS = 8
_SHORTEST = 2  # letters that a list opens by itself for
_PADDING = 4  # pixels that a row is higher than its text
_NAME = Qt.ItemDataRole.UserRole


class NameCompleter(QObject):
    """Offers names while one is typed; the keys stay with the field.

    A list of our own within the window, and not a QCompleter: that one's popup takes the keyboard
    from the field for as long as it is open.

    Parameters
    ----------
    field : QPlainTextEdit
        Where the names go.

    Attributes
    ----------
    chosen : Signal(str, bool)
        A name, and whether it is a function's.
    opened_or_closed : Signal()
        The list.
    """

    chosen = Signal(str, bool)
    opened_or_closed = Signal()

    def __init__(self, field: QPlainTextEdit) -> None:
        super().__init__(field)
        self._field = field
        self._names: dict[str, tuple[str, bool]] = {}
        self._list = QListWidget(field)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setFrameShape(QFrame.Shape.Box)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._list.setAccessibleName("Names")
        self._list.itemClicked.connect(self._take)
        self._list.hide()

    def set_names(self, names: Mapping[str, tuple[str, bool]]) -> None:
        """Say which names there are: by name, what it is, and whether it is a function."""
        self._names = dict(names)

    def offered(self) -> list[str]:
        """Return the names in the list, if it is open."""
        if not self.is_open():
            return []
        return [self._list.item(row).data(_NAME) for row in range(self._list.count())]

    def is_open(self) -> bool:
        """Return whether the list is open."""
        return self._list.isVisible()

    def offer(self, prefix: str, asked: bool = False) -> None:
        """Open the list for a word's beginning, or close it where there is nothing to offer.

        Parameters
        ----------
        prefix : str
            What of the word was typed.
        asked : bool, default False
            Whether the person asked for it, however short the word is.
        """
        fitting = [name for name in self._names if name.lower().startswith(prefix.lower())]
        is_complete = fitting == [prefix]
        if not fitting or is_complete or (len(prefix) < _SHORTEST and not asked):
            self.hide()
            return
        self._list.clear()
        self._list.setFont(self._field.font())
        height = self._field.fontMetrics().lineSpacing() + _PADDING
        width = max(map(len, fitting)) + 2
        for name in fitting:
            item = QListWidgetItem(f"{name:<{width}}{self._names[name][0]}".rstrip())
            item.setSizeHint(QSize(0, height))
            item.setData(_NAME, name)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._place()
        self._list.show()
        self.opened_or_closed.emit()

    def step(self, rows: int) -> None:
        """Go up or down in the list, round its ends."""
        count = self._list.count()
        self._list.setCurrentRow((self._list.currentRow() + rows) % count)

    def accept(self) -> None:
        """Take the name that is marked."""
        if (item := self._list.currentItem()) is not None:
            self._take(item)

    def hide(self) -> None:
        """Close the list."""
        if not self._list.isHidden():
            self._list.hide()
            self.opened_or_closed.emit()

    def _take(self, item: QListWidgetItem) -> None:
        name = item.data(_NAME)
        self.hide()
        self.chosen.emit(name, self._names[name][1])

    def _place(self) -> None:
        """Put the list under the cursor, or above it where the window ends."""
        box, field = self._list, self._field
        frame = 2 * box.frameWidth()
        rows = min(_ROWS, box.count())
        bar = box.verticalScrollBar().sizeHint().width() if box.count() > _ROWS else 0
        longest = max(len(box.item(row).text()) for row in range(box.count()))
        width = longest * box.fontMetrics().horizontalAdvance("0") + frame + bar + 12
        box.resize(width, rows * box.sizeHintForRow(0) + frame)
        window = field.window()
        if box.parentWidget() is not window:
            box.setParent(window)
        cursor = field.cursorRect()
        corner = field.viewport().mapTo(window, cursor.bottomLeft() + QPoint(-4, 3))
        if corner.y() + box.height() > window.height():
            above = field.viewport().mapTo(window, cursor.topLeft() + QPoint(-4, -3))
            corner.setY(above.y() - box.height())
        corner.setX(max(0, min(corner.x(), window.width() - box.width() - 4)))
        box.move(corner)
        box.raise_()
