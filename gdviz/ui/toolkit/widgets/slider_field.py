"""A label, a slider and a number field for one value, which any of them may set."""

import math

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from gdviz.ui.toolkit.build import row
from gdviz.ui.toolkit.text import PlainLabel
from gdviz.ui.toolkit.widgets.number_field import NumberField, Scale, nice_step, round_to_multiple

_POSITIONS = 1000  # about as many as a slider has pixels, and then some
_LABEL_ZEROS = 6  # widths in digits of the font: "steps" and "start" fit,
_FIELD_ZEROS = 8  # and so does 1.23e-12


class _Slider(QSlider):
    """A slider that leaves the wheel to its surroundings until it has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.ignore()  # for the SliderField, which resets


class SliderField(QWidget):
    """Set one number by dragging or by typing.

    The value is what was typed or set, in full precision; the slider only shows where it lies.
    So 3e-7 stays 3e-7, and a value beyond the slider's range stands at the slider's end. Only
    moving the slider makes a value out of a position, a round one. A double click on the label
    or the slider goes back to `default`.

    Parameters
    ----------
    label : str
        Short text before the slider; also the name in sentences and for screen readers.
    value : float
        Shown first, and the default.
    low, high : float
        Range of the slider.
    minimum, maximum : float, optional
        Bounds of what may be typed, by default `low` and `high`.
    scale : {"linear", "log"}
        What equal distances on the slider mean. On a log scale an arrow key moves a tenth of
        a decade, and a page a decade.
    integer : bool
        Whole numbers only.
    label_width : int, optional
        Width of the label in pixels, for rows that shall align with other things; a label that
        needs more gets it.
    parent : QWidget, optional

    Attributes
    ----------
    value_changed : Signal(float)
        The person changed the value, also while the slider is dragged.
    rejected : Signal(str)
        What was typed is refused; one sentence says why.
    accepted : Signal()
        A refused text is gone.
    default : float
        Where a double click goes.
    slider : QSlider
    field : NumberField
    """

    value_changed = Signal(float)
    rejected = Signal(str)
    accepted = Signal()

    def __init__(
        self,
        label: str,
        value: float,
        low: float,
        high: float,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        scale: Scale = "linear",
        integer: bool = False,
        label_width: int | None = None,
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        if not low < high:
            raise ValueError(f"{label}: low {low} must be less than high {high}.")
        if scale == "log" and low <= 0:
            raise ValueError(f"{label}: a log scale needs a low end above 0.")
        self.default = value
        self._value = value
        self._low, self._high = low, high
        self._scale = scale
        self._integer = integer

        self._label = PlainLabel(self)
        self._label.setText(label)
        self.slider = _Slider(Qt.Orientation.Horizontal, self)
        self.field = NumberField(
            label,
            value,
            minimum=low if minimum is None else minimum,
            maximum=high if maximum is None else maximum,
            scale=scale,
            integer=integer,
            step=1 if integer else nice_step(high - low),
            parent=self,
        )
        self.slider.setAccessibleName(label)
        self._divide_slider()
        self._place_slider()

        self._label_width = label_width
        self._fit()
        row(self._label, (self.slider, 1), self.field, inside=self, spacing=8)

        self.slider.valueChanged.connect(self._take_from_slider)
        self.field.value_edited.connect(self._take_from_field)
        self.field.rejected.connect(self.rejected)
        self.field.accepted.connect(self.accepted)

    def _fit(self) -> None:
        """Give label and field the room that they need in the font."""
        zero = self.fontMetrics().horizontalAdvance("0")
        wanted = _LABEL_ZEROS * zero if self._label_width is None else self._label_width
        self._label.setFixedWidth(max(wanted, self._label.sizeHint().width()))
        self.field.setFixedWidth(_FIELD_ZEROS * zero + 14)  # 14: border, padding, cursor margin

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def value(self) -> float:
        """Return the value, in full precision."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show a value without emitting `value_changed`; text being typed is left alone."""
        self.field.set_value(value)
        # An echo of the person's own value must not nudge the handle they are dragging.
        if value != self._value:
            self._value = value
            self._place_slider()

    def set_ends(self, low: float, high: float) -> None:
        """Let the slider run from `low` to `high`; what may be typed stays as it is."""
        if (low, high) != (self._low, self._high):
            self._low, self._high = low, high
            with QSignalBlocker(self.slider):
                self._divide_slider()
            self._place_slider()

    def hold(self, value: float) -> None:
        """Show a value, and let the slider run as far as that if it does not."""
        self.set_ends(min(self._low, value), max(self._high, value))
        self.set_value(value)

    def reset(self) -> None:
        """Go back to the default, as a double click does."""
        self.field.set_value(self.default, force=True)
        if self.default != self._value:
            self._value = self.default
            self._place_slider()
            self.value_changed.emit(self._value)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Reached from the label and the slider, which ignore double clicks; the field does not.
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset()

    # ---------------------------------------------------------------- value ↔ position

    def _divide_slider(self) -> None:
        """Choose the slider's positions so that an arrow key is a whole number of them."""
        if self._scale == "log":
            tenths = max(1, round(10 * math.log10(self._high / self._low)))
            single = math.ceil(_POSITIONS / tenths)
            self._positions, page = tenths * single, 10 * single
        elif self._integer and self._high - self._low <= _POSITIONS:
            self._positions = int(self._high - self._low)
            single, page = 1, max(1, self._positions // 10)
        else:
            self._positions, single, page = _POSITIONS, _POSITIONS // 100, _POSITIONS // 10
        self.slider.setRange(0, self._positions)
        self.slider.setSingleStep(single)
        self.slider.setPageStep(page)

    def _position_of(self, value: float) -> int:
        value = min(max(value, self._low), self._high)
        if self._scale == "log":
            fraction = math.log(value / self._low) / math.log(self._high / self._low)
        else:
            fraction = (value - self._low) / (self._high - self._low)
        return round(fraction * self._positions)

    def _value_at(self, position: int) -> float:
        """Return the round value at a position; the ends are exactly `low` and `high`."""
        if position in (0, self._positions):
            return self._low if position == 0 else self._high
        fraction = position / self._positions
        span = self._high - self._low
        if self._scale == "log":
            value = float(f"{self._low * (self._high / self._low) ** fraction:.3g}")
        else:
            value = round_to_multiple(self._low + span * fraction, nice_step(span / 10))
        return float(round(value)) if self._integer else value

    def _place_slider(self) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._position_of(self._value))

    # ---------------------------------------------------------------- what the person did

    def _take_from_slider(self, position: int) -> None:
        value = self._value_at(position)
        self.field.set_value(value, force=True)
        if value != self._value:  # neighbouring positions may round to one value
            self._value = value
            self.value_changed.emit(value)

    def _take_from_field(self, value: float) -> None:
        self._value = value
        self._place_slider()
        self.value_changed.emit(value)
