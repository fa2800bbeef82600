"""A field for a formula: it grows with the text, marks the place of a mistake, completes names."""

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontDatabase,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QTextEdit, QWidget

from gdviz.engine.language.names import names_in
from gdviz.engine.language.parser import MAX_LENGTH
from gdviz.ui.toolkit.widgets.name_completer import NameCompleter

_MOST_LINES = 4
#: Characters that are kept at all: enough for the sentence about a text that is too long, and few
#: enough to be laid out at once.
_MOST_KEPT = 2 * MAX_LENGTH


class FormulaField(QPlainTextEdit):
    """Edit a formula.

    It is one line of text that is wrapped to as many as four; Enter ends the editing. What was
    typed here is undone here; where nothing was, undo is left to the window.

    Parameters
    ----------
    parent : QWidget, optional

    Attributes
    ----------
    edited : Signal()
        The person changed the text; never emitted for `set_text`.
    entered : Signal()
        They pressed Enter, or left the field.
    said : Signal(str)
        What became of a text that was too long to be taken over, in a sentence.
    """

    edited = Signal()
    entered = Signal()
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._error_color = QColor("red")
        self._marked: tuple[int, int] | None = None
        self._is_setting = False
        self._length, self._is_replaced = 0, False
        self.completer = NameCompleter(self)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setAccessibleName("f(a, b)")
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)  # a file is for the window, which opens it
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(3)
        self.document().contentsChange.connect(self._measure)
        self.textChanged.connect(self._change)
        self.completer.chosen.connect(self._complete)
        self._fit()

    # ---------------------------------------------------------------- text

    def text(self) -> str:
        """Return the text."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Show another text, which cannot be undone here, without emitting `edited`."""
        self._is_setting = True
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)
        self._is_setting = False
        self.completer.hide()
        self._fit()

    def clear_text(self) -> None:
        """Let the person begin anew; what was there can be brought back with undo."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()

    def replace_text(self, text: str) -> None:
        """Put another text in the place of the one that is there, as if it had been typed."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def cursor_place(self) -> int:
        """Return how many characters stand before the cursor, as Python counts them."""
        return len(_python(_qt(self.text())[: 2 * self.textCursor().position()]))

    def is_replaced(self) -> bool:
        """Tell whether the last change put something in the place of all that was there."""
        return self._is_replaced

    def _measure(self, position: int, removed: int, added: int) -> None:
        # Where all of it is, Qt counts the end of the paragraph as well.
        is_whole = position == 0 and removed >= self._length
        self._length = self.document().characterCount() - 1
        self._is_replaced = is_whole and added > 0 and self._length > 0

    def _change(self) -> None:
        self._fit()
        if not self._is_setting:
            self.edited.emit()

    # ---------------------------------------------------------------- the place of a mistake

    def set_error_color(self, color: str) -> None:
        """Take the colour that mistakes are marked with."""
        self._error_color = QColor(color)
        self.mark(*self._marked) if self._marked else self.unmark()

    def mark(self, column: int, length: int = 0) -> None:
        """Mark a place.

        Parameters
        ----------
        column : int
            Counted from 1; behind the end it is the last character.
        length : int, default: the word or the sign there
            Characters.
        """
        self._marked = column, length
        text = self.text()
        first = max(0, min(column, len(text)) - 1)
        words = {word.column: word.length for word in names_in(text)}
        last = first + (length or words.get(column, 1))
        cursor = QTextCursor(self.document())
        cursor.setPosition(len(_qt(text[:first])) // 2)
        cursor.setPosition(len(_qt(text[:last])) // 2, QTextCursor.MoveMode.KeepAnchor)
        place = QTextEdit.ExtraSelection()
        place.cursor = cursor
        style = QTextCharFormat()
        style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        style.setUnderlineColor(self._error_color)
        ground = QColor(self._error_color)
        ground.setAlpha(50)
        style.setBackground(ground)
        place.format = style
        self.setExtraSelections([place])

    def unmark(self) -> None:
        """Mark nothing."""
        self._marked = None
        self.setExtraSelections([])

    def set_invalid(self, invalid: bool) -> None:
        """Say with the frame whether the text is refused."""
        if bool(self.property("invalid")) != invalid:
            self.setProperty("invalid", invalid)
            self.style().unpolish(self)
            self.style().polish(self)

    # ---------------------------------------------------------------- completion

    def _complete(self, name: str, is_function: bool) -> None:
        """Put a name in the place of the word that it begins with."""
        cursor = self.textCursor()
        text, place = self.text(), self.cursor_place()
        begin = place - len(self._prefix())
        cursor.setPosition(len(_qt(text[:begin])) // 2)
        end = len(_qt(text[:place])) // 2
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(name)
        follows = self.text()[begin + len(name) :]
        if is_function and follows[:1] != "(":
            cursor.insertText("(")
        self.setTextCursor(cursor)

    def _prefix(self) -> str:
        """Return the part of the word at the cursor that stands before it."""
        text, place = self.text(), self.cursor_place()
        for word in names_in(text):
            first = word.column - 1
            if first < place <= first + word.length:
                return text[first:place]
        return ""

    # ---------------------------------------------------------------- geometry

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._height())

    def _lines(self) -> int:
        # In a document of plain text the height is counted in lines, wrapped ones included.
        return max(1, min(_MOST_LINES, round(self.document().size().height())))

    def _height(self) -> int:
        margins = self.contentsMargins()
        padding = 2 * int(self.document().documentMargin()) + margins.top() + margins.bottom()
        return self._lines() * self.fontMetrics().lineSpacing() + padding + 2 * self.frameWidth()

    def _fit(self) -> None:
        if self.height() != self._height():
            self.setFixedHeight(self._height())
        more = self.document().size().height() > _MOST_LINES
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if more else policy.ScrollBarAlwaysOff
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    # ---------------------------------------------------------------- events

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self.completer.is_open():
                event.accept()  # else it would be the window's
                return True
            keys = QKeySequence.StandardKey
            for key, is_there in (
                (keys.Undo, self.document().isUndoAvailable()),
                (keys.Redo, self.document().isRedoAvailable()),
            ):
                if event.matches(key) and not is_there:
                    event.ignore()  # else it would be claimed, and nothing done
                    return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        popup = self.completer.is_open()
        keys = Qt.Key
        if popup and key in (keys.Key_Return, keys.Key_Enter, keys.Key_Tab):
            self.completer.accept()
        elif popup and key in (keys.Key_Escape, keys.Key_Backtab):
            self.completer.hide()
        elif popup and key in (keys.Key_Up, keys.Key_Down):
            self.completer.step(1 if key == keys.Key_Down else -1)
        elif key in (keys.Key_Return, keys.Key_Enter):
            self.entered.emit()
        elif key == keys.Key_Space and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.completer.offer(self._prefix(), asked=True)
        else:
            before = self.text()
            super().keyPressEvent(event)
            if self.text() != before:
                is_typed = event.text().isprintable() or key == keys.Key_Backspace
                self.completer.offer(self._prefix() if is_typed else "")
            elif popup and key not in (keys.Key_Shift, keys.Key_Control, keys.Key_Alt):
                self.completer.hide()

    def focusNextPrevChild(self, forward: bool) -> bool:
        return not self.completer.is_open() and super().focusNextPrevChild(forward)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own menu
            self.completer.hide()
            self.entered.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take over pasted text as one line, and only as much as can be read."""
        pasted = " ".join(source.text()[: 100 * _MOST_KEPT].split())
        kept = len(self.text()) - len(self.textCursor().selectedText())
        if kept + len(pasted) > _MOST_KEPT:
            self.said.emit(
                f"with the pasted text it has {kept + len(source.text()):,} characters: "
                f"a formula has at most {MAX_LENGTH:,}"
            )
            return
        self.textCursor().insertText(pasted)
        self.ensureCursorVisible()


# Qt counts characters in UTF-16, Python and the formula's columns in code points.


def _qt(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _python(text: bytes) -> str:
    return text.decode("utf-16-le", "replace")
