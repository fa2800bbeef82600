"""A line edit for a number: ``3e-7`` or ``0,5``; of ``abc`` it says what is wrong with it."""

import math
from decimal import Decimal
from typing import Literal

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gdviz.base.format import format_bound, format_number, read_number
from gdviz.ui.toolkit.text import as_tip

Scale = Literal["linear", "log"]

_WHEEL_NOTCH = 120  # eighths of a degree, Qt's unit
_MINUS_SIGN = "\u2212"  # what this app and papers print

#: From so wide a range on, a hundredth of it is no step that anybody wants.
_ALL_BUT_UNBOUNDED = 1e6


def nice_step(span: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten within a hundredth of `span`.

    Parameters
    ----------
    span : float
        Positive and finite.
    """
    target = span / 100
    power = math.floor(math.log10(target))
    # Through decimal text, so that the result is the float that one would type.
    candidates = [float(f"{digit}e{power}") for digit in (1, 2, 5)]
    return max([c for c in candidates if c <= target * (1 + 1e-9)], default=candidates[0])


def round_to_multiple(value: float, step: float) -> float:
    """Return the multiple of `step` nearest to `value`, free of binary dust (0.3, not 0.30…04)."""
    return float(Decimal(repr(step)) * round(value / step))


class NumberField(QLineEdit):
    """Edit one float, or one whole number, as text.

    Text is read on Enter, on leaving the field and on a step, and before the experiment is
    saved, left or exported (:func:`commit_typed`), as keys for that leave the focus here. What
    cannot be read, or lies out of bounds, stays where it is with an error mark (the dynamic
    property ``invalid``, and the sentence as tooltip), while `value` keeps the last good number.
    Escape brings that one back.

    Arrow keys step, and so does the wheel, but only over a field that has the focus; Shift
    steps finer, Ctrl ten times as far.

    Parameters
    ----------
    name : str
        What the number is called in the sentences: ``"α"``.
    value : float
        Shown first.
    minimum, maximum : float, default: unbounded
        Bounds, both included.
    scale : {"linear", "log"}
        Whether a step adds `step` or multiplies by 10^(1/10).
    integer : bool
        Take whole numbers only.
    step : float, optional
        Linear step; by default 1 for integers, else a round number near a hundredth of the
        range (near a hundredth of the value's magnitude if the range is unbounded, or all but).
    parent : QWidget, optional

    Attributes
    ----------
    value_edited : Signal(float)
        The person gave another valid value; never emitted for `set_value`.
    rejected : Signal(str)
        What was typed is refused; one sentence says why.
    accepted : Signal()
        A refused text is gone: corrected, taken back or replaced.
    """

    value_edited = Signal(float)
    rejected = Signal(str)
    accepted = Signal()

    def __init__(
        self,
        name: str,
        value: float = 0.0,
        *,
        minimum: float = -math.inf,
        maximum: float = math.inf,
        scale: Scale = "linear",
        integer: bool = False,
        step: float | None = None,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        if not minimum < maximum:
            raise ValueError(f"{name}: minimum {minimum} must be less than maximum {maximum}.")
        if scale == "log" and minimum <= 0:
            raise ValueError(f"{name}: a log scale needs a minimum above 0.")
        self.set_name(name)
        self._minimum, self._maximum = minimum, maximum
        self._scale = scale
        self._integer = integer
        self._step = step
        self._value = value
        self._error = ""
        self._tip = ""  # the caller's own tooltip, while a sentence stands in its place
        self._wheel_angle = 0
        self.setMaxLength(40)
        self.setAcceptDrops(False)  # a file is for the window, which opens it
        self._show_value()
        self.editingFinished.connect(self.commit)

    # ---------------------------------------------------------------- value and error

    def set_name(self, name: str) -> None:
        """Take what the number is called in the sentences."""
        self._name = name
        self.setAccessibleName(name)

    def value(self) -> float:
        """Return the last good value, in full precision."""
        return self._value

    def error(self) -> str:
        """Return the sentence about the refused text, or an empty string."""
        return self._error

    def set_value(self, value: float, *, force: bool = False) -> None:
        """Show a value and clear an error mark, without emitting `value_edited`.

        Parameters
        ----------
        value : float
            Taken as it is; bounds are for what the person types.
        force : bool
            Overwrite even text that the person is typing; otherwise it is left alone, and only
            what Escape brings back changes.
        """
        self._value = value
        if force or not (self.hasFocus() and self.isModified()):
            self._show_value()

    def refuse(self, sentence: str, value: float) -> None:
        """Mark what was typed, which is within the bounds, as refused by somebody else.

        Parameters
        ----------
        sentence : str
            Why.
        value : float
            The last good number, which Escape brings back.
        """
        self._value = value
        self._set_error(sentence)

    def setToolTip(self, text: str) -> None:
        """Set the tooltip for when nothing is wrong."""
        self._tip = text
        super().setToolTip(as_tip(self._error) or text)

    def _show_value(self) -> None:
        exact = format_bound if self._integer else format_number  # a seed is all of its digits
        text = _signed(exact(self._value))
        # Each frame of a drag comes by here, for all fields, and few of them change.
        if text != self.text() or self.isUndoAvailable() or self.isRedoAvailable():
            self.setText(text)  # which also resets isModified(), and forgets what was typed
            self.setCursorPosition(0)  # a text too long for the field shows its leading digits
        if self._error:
            self._set_error("")

    def _set_error(self, sentence: str) -> None:
        was_wrong, self._error = bool(self._error), sentence
        super().setToolTip(as_tip(sentence) or self._tip)
        if was_wrong != bool(sentence):
            self.setProperty("invalid", bool(sentence))
            # Style sheets look at a dynamic property only when a widget is polished.
            self.style().unpolish(self)
            self.style().polish(self)
        if sentence:
            self.rejected.emit(sentence)
        elif was_wrong:
            self.accepted.emit()

    # ---------------------------------------------------------------- reading text

    def commit(self) -> None:
        """Take over what was typed, or refuse it."""
        # Unmodified text is a rounded picture of the value; reading it would lose digits.
        if not self.isModified():
            return
        try:
            value = self._parse(self.text())
        except ValueError as refusal:
            self._set_error(str(refusal))
            return
        self._take(value)

    def _take(self, value: float) -> None:
        changed = value != self._value
        self._value = value
        self._show_value()
        if changed:
            self.value_edited.emit(value)

    def _parse(self, text: str) -> float:
        """Return the number in a text, or raise ValueError with the sentence to show."""
        name, text = self._name, text.strip()
        if not text:
            raise ValueError(f"{name} needs a number.")
        try:
            value = read_number(text)
        except ValueError as refusal:
            raise ValueError(f"{name}: {refusal}.") from None
        if not math.isfinite(value):
            raise ValueError(f"{name} must be a finite number; '{text}' is not.")
        if not self._minimum <= value <= self._maximum:
            raise ValueError(f"{name} must be {self._bounds_in_words()}; '{text}' is not.")
        if self._integer and not value.is_integer():
            raise ValueError(f"{name} must be a whole number; '{text}' is not.")
        return value

    def _bounds_in_words(self) -> str:
        low, high = (_signed(format_bound(end)) for end in (self._minimum, self._maximum))
        if math.isinf(self._maximum):
            return f"at least {low}"
        return f"at most {high}" if math.isinf(self._minimum) else f"between {low} and {high}"

    # ---------------------------------------------------------------- stepping

    def step_by(self, count: int, modifiers: Qt.KeyboardModifier) -> None:
        """Step the value as arrow keys and wheel do; it ends at the bounds.

        Parameters
        ----------
        count : int
            Steps; negative ones go down.
        modifiers : Qt.KeyboardModifier
            Shift makes a step a tenth as long, Ctrl ten times as long.
        """
        self.commit()
        if self._error:
            return
        finer = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        farther = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if self._scale == "log" and not self._integer:
            # Rounded to digits the eye can hold, few enough to come back on the way down.
            exponent, digits = (1, 15) if farther else (0.01, 4) if finer else (0.1, 3)
            value = float(f"{self._value * 10 ** (exponent * count):.{digits}g}")
        else:
            step = self._linear_step() * (10 if farther else 0.1 if finer else 1)
            if self._integer:
                step = max(1, round(step))
            # Decimal, so that 0.1 + 0.2 is 0.3 and a typed 0.37 keeps its 7.
            value = float(Decimal(repr(self._value)) + count * Decimal(format_number(step)))
        self._take(min(max(value, self._minimum), self._maximum))

    def _linear_step(self) -> float:
        if self._step is not None:
            return self._step
        if self._integer:
            return 1
        span = self._maximum - self._minimum
        return nice_step(span if span < _ALL_BUT_UNBOUNDED else abs(self._value) or 1)

    # ---------------------------------------------------------------- events

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape and self._can_take_back():
                event.accept()  # else it would be the window's, whose menu has it too
                return True
            if not self.isModified() and (
                event.matches(QKeySequence.StandardKey.Undo)
                or event.matches(QKeySequence.StandardKey.Redo)
            ):
                event.ignore()  # nothing was typed: QLineEdit would claim it, and do nothing
                return False
        return super().event(event)

    def _can_take_back(self) -> bool:
        return self.isModified() or bool(self._error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step_by(1 if key == Qt.Key.Key_Up else -1, event.modifiers())
        elif key == Qt.Key.Key_Escape and self._can_take_back():
            self._show_value()
            self.selectAll()
        else:
            super().keyPressEvent(event)  # which leaves another Escape to the window

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus():
            event.ignore()  # the wheel belongs to what scrolls around this field
            return
        delta = event.angleDelta()
        # Shift and Alt turn the wheel sideways on some platforms; touchpads send parts of a notch.
        self._wheel_angle += delta.y() or delta.x()
        count = int(self._wheel_angle / _WHEEL_NOTCH)
        self._wheel_angle -= count * _WHEEL_NOTCH
        if count:
            self.step_by(count, event.modifiers())
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._wheel_angle = 0


def commit_typed(window: QWidget) -> None:
    """Take over, or refuse, what is typed in the number field that has a window's focus."""
    field = window.focusWidget()
    if isinstance(field, NumberField):
        field.commit()


def _signed(typed: str) -> str:
    """Return a number that one can type with the sign that it has everywhere else."""
    return _MINUS_SIGN + typed[1:] if typed.startswith("-") else typed
