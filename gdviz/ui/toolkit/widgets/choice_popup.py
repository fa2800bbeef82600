"""A long list of choices that is searched: opened like a menu, with a field above it."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gdviz.base.format import printable
from gdviz.ui.toolkit.build import column
from gdviz.ui.toolkit.text import as_tip

_WIDTH, _HEIGHT = 520, 560  # pixels, where the screen has them
_PADDING = 5  # pixels around an entry's text
_LINES = 3  # of a sentence
_KEY, _ABOUT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_STEPS = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry.

    Parameters
    ----------
    key : str
        What it is known by, which a search finds as well.
    title : str
        What it is called.
    about : str
        What it is, in a sentence.
    why_not : str, default ""
        Why it cannot be chosen now, in place of the sentence.
    note : str, default ""
        What its tooltip says as well.
    sought_as : str, default ""
        Further words that a search finds.
    """

    key: str
    title: str
    about: str
    why_not: str = ""
    note: str = ""
    sought_as: str = ""

    def fits(self, words: Iterable[str]) -> bool:
        """Tell whether every word is somewhere in it, however it is written."""
        text = _plain(f"{self.key} {self.title} {self.about} {self.sought_as}")
        return all(_plain(word) in text for word in words)


def _plain(text: str) -> str:
    """Return a text without capitals and accents: more is found in Moré."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


class ChoicePopup(QFrame):
    """Choices in groups; what is typed leaves those that have all of its words.

    Attributes
    ----------
    chosen : Signal(str)
        A choice's key.
    """

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName(name)
        self._groups: dict[str, tuple[Choice, ...]] = {}
        self._search = QLineEdit(self)
        self._search.setPlaceholderText("Search")
        self._search.setAccessibleName(f"Search: {name}")
        self._search.setToolTip("Show what has these words in its names or its description")
        self._search.setAcceptDrops(False)  # a file is for the window, which opens it
        self._search.setClearButtonEnabled(True)
        for clear in self._search.findChildren(QAbstractButton):  # one, which is Qt's
            clear.setAccessibleName("Clear the search")
            clear.setToolTip("Clear the search")
        self._search.textChanged.connect(self._fill)
        self._search.installEventFilter(self)
        self._list = QListWidget(self)
        self._list.setAccessibleName(name)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay with the field
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setItemDelegate(_TwoLines(self._list))
        self._list.itemClicked.connect(self._take)
        column(self._search, (self._list, 1), inside=self, margins=(6, 6, 6, 6), spacing=6)

    def set_choices(self, groups: Mapping[str, Iterable[Choice]]) -> None:
        """Say what there is, by the headings of groups."""
        self._groups = {heading: tuple(choices) for heading, choices in groups.items()}
        self._fill()

    def choice(self, key: str) -> Choice:
        """Return an entry."""
        return next(c for choices in self._groups.values() for c in choices if c.key == key)

    def offered(self) -> list[str]:
        """Return the keys of the entries that are listed."""
        items = map(self._list.item, range(self._list.count()))
        return [item.data(_KEY) for item in items if item.data(_KEY)]

    def open_at(self, corner: QPoint) -> None:
        """Open it with an empty search, its upper left corner at a point of the screen."""
        self._search.clear()
        screen = self.screen().availableGeometry()
        width, height = min(_WIDTH, screen.width()), min(_HEIGHT, screen.height())
        x = max(screen.left(), min(corner.x(), screen.right() + 1 - width))
        y = max(screen.top(), min(corner.y(), screen.bottom() + 1 - height))
        self.setGeometry(x, y, width, height)
        self.show()
        self._search.setFocus(Qt.FocusReason.PopupFocusReason)
        self._list.scrollToTop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hand the list the keys that are for it."""
        if watched is self._search and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and event.key() in _STEPS:
                self._list.event(event)
                return True
            is_press = event.type() == QEvent.Type.KeyPress
            if is_press and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if (item := self._list.currentItem()) is not None:
                    self._take(item)
                return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        """List what fits, and mark the first that can be chosen."""
        words = self._search.text().split()
        self._list.clear()
        for heading, choices in self._groups.items():
            if fitting := [choice for choice in choices if choice.fits(words)]:
                self._add_heading(heading)
                for choice in fitting:
                    self._add(choice)
        if not self._list.count():
            self._add_heading("Nothing has all of these words")
        for row in range(self._list.count()):
            if self._list.item(row).flags() & Qt.ItemFlag.ItemIsSelectable:
                self._list.setCurrentRow(row)
                break

    def _add_heading(self, text: str) -> None:
        item = QListWidgetItem(printable(text), self._list)
        item.setFlags(Qt.ItemFlag.NoItemFlags)

    def _add(self, choice: Choice) -> None:
        sentence = choice.why_not or choice.about
        item = QListWidgetItem(printable(choice.title), self._list)
        item.setData(_KEY, choice.key)
        item.setData(_ABOUT, printable(sentence))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, printable(f"{choice.title}. {sentence}"))
        item.setToolTip(as_tip("\n".join(filter(None, (sentence, choice.note)))))
        if choice.why_not:
            item.setFlags(Qt.ItemFlag.NoItemFlags)

    def _take(self, item: QListWidgetItem) -> None:
        if item.flags() & Qt.ItemFlag.ItemIsSelectable:
            self.hide()
            self.chosen.emit(item.data(_KEY))


class _TwoLines(QStyledItemDelegate):
    """Draws a title with a sentence under it, and a heading by itself."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the room that a title and its sentence take."""
        line = option.fontMetrics.lineSpacing()
        if not index.data(_KEY):
            return QSize(0, line + 3 * _PADDING)
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListWidget) else option.rect.width()
        sentence = self._sentence_height(option, index, width - 4 * _PADDING)
        return QSize(0, line + sentence + 2 * _PADDING)

    def _sentence_height(self, option: QStyleOptionViewItem, index: _Index, width: int) -> int:
        metrics = option.fontMetrics
        wrapped = metrics.boundingRect(
            QRect(0, 0, width, 10_000), Qt.TextFlag.TextWordWrap, index.data(_ABOUT)
        )
        return min(wrapped.height(), _LINES * metrics.lineSpacing())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw an entry in the colours of a list."""
        palette, style = option.palette, option.widget.style()
        is_entry = bool(index.data(_KEY))
        is_enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        is_marked = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if is_entry:
            style.drawPrimitive(
                QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget
            )
        group = (
            QPalette.ColorGroup.Normal
            if is_enabled or not is_entry
            else palette.currentColorGroup()
        )
        quiet = palette.color(group, QPalette.ColorRole.PlaceholderText)
        text = palette.color(
            QPalette.ColorRole.HighlightedText if is_marked else QPalette.ColorRole.Text
        )
        inside = option.rect.adjusted(2 * _PADDING, _PADDING, -2 * _PADDING, -_PADDING)
        font = QFont(option.font)
        font.setBold(is_entry)
        painter.setFont(font)
        painter.setPen(text if is_entry and is_enabled else quiet)
        if not is_entry:
            inside.setTop(inside.top() + _PADDING)
        painter.drawText(inside, Qt.TextFlag.TextSingleLine, index.data())
        if is_entry:
            below = inside.adjusted(0, option.fontMetrics.lineSpacing(), 0, 0)
            painter.setFont(option.font)
            painter.setPen(text if is_marked else quiet)
            painter.setClipRect(below)
            painter.drawText(below, Qt.TextFlag.TextWordWrap, index.data(_ABOUT))
        painter.restore()
