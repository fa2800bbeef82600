"""From where to where: the map's a and b, and a formula's constants with their values."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QWidget

from gdviz.engine.language.parser import PARAMETERS
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.from_typed_text import free_range
from gdviz.experiment.function import FormulaFunction, holding
from gdviz.experiment.validation import BOUNDS
from gdviz.scene.captions import pretty
from gdviz.ui.toolkit.build import button, column, label
from gdviz.ui.toolkit.tab_order import tab_through
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.elided_label import ElidedLabel
from gdviz.ui.toolkit.widgets.field_errors import FieldErrors
from gdviz.ui.toolkit.widgets.number_field import NumberField

#: What the map's axes are called among the rows: no name of a formula is so.
AXES = ("1st", "2nd")
_ENDS = (("from", "start"), ("to", "end"))
_HEADINGS = ("", "value", "from", "to")
_NAME_WIDTH = 56
_MOST_ROWS = 5  # of constants, before they are scrolled


class RangeTable(QWidget):
    """A compact table: a, b, and each constant; fields refuse what they cannot take beside it.

    Attributes
    ----------
    value_chosen : Signal(str, float)
        A constant's name and new value.
    range_chosen : Signal(str, float, float)
        A constant's name, or one of :data:`AXES`, and its new range.
    guess_asked : Signal()
        The person wants the map's range guessed.
    """

    value_chosen = Signal(str, float)
    range_chosen = Signal(str, float, float)
    guess_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()  # of the constants on show
        self._fields: dict[tuple[str, str], NumberField] = {}
        self._shown: dict[str, tuple[float, float]] = {}  # ranges, as they were chosen
        self._text = ""
        self._errors = FieldErrors(self)
        self._guess = button("Guess", "", self.guess_asked, self)
        self._map = QWidget(self)
        self._map_grid = _grid(self._map)
        for place, text in enumerate(_HEADINGS):
            heading = label(text, kind="muted", wraps=False, parent=self._map)
            self._map_grid.addWidget(heading, 0, place)
        self._parameters: tuple[str, str] = PARAMETERS
        self._labels = [_name_label(name, self._map) for name in PARAMETERS]
        for row, (axis, name) in enumerate(zip(AXES, self._labels, strict=True), start=1):
            self._map_grid.addWidget(name, row, 0)
            self._add_range(axis, "", self._map_grid, row)
        self._show_names(PARAMETERS)
        self._map_grid.addWidget(self._guess, 1, 1, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        self._constants: QWidget | None = None
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.hide()
        column(self._map, self._scroll, self._errors, inside=self, spacing=4)
        self._errors.watch(self._fields.values())

    def field(self, name: str, which: str) -> NumberField:
        """Return a field by what its row is called and by ``"value"``, ``"from"`` or ``"to"``."""
        own = dict(zip(self._parameters, AXES, strict=True))
        return self._fields[own.get(name, name), which]

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the constants and ranges of an experiment."""
        function = experiment.function
        values = function.constants
        if function.text != self._text:
            self._text = function.text
            self._shown.clear()
        if tuple(values) != self._names:
            self._replace_constants(tuple(values))
        for name, value in values.items():
            self._fields[name, "value"].set_value(value)
            ends = function.constant_ranges.get(name) or free_range(value)
            self._show_range(name, *holding(ends, value))
            for which in ("from", "to"):
                # A built-in surface has ranges of its own.
                self._fields[name, which].setEnabled(function.surface is None)
        own = isinstance(function, FormulaFunction)
        extent = function.home_range if own else experiment.map_range
        for axis, ends in zip(AXES, (extent[:2], extent[2:]), strict=True):
            self._show_range(axis, *ends)
        self._show_names(function.parameters)

    def _show_names(self, parameters: tuple[str, str]) -> None:
        """Take what the parameters are called."""
        self._parameters = parameters
        tip = f"Look for a range of {' and '.join(parameters)} where there is something to see"
        self._guess.setToolTip(as_tip(tip))
        for axis, heading, name in zip(AXES, self._labels, parameters, strict=True):
            heading.setText(pretty(name))
            for which, end in _ENDS:
                title = f"{end} of the map's range of {name}"
                self._fields[axis, which].set_name(title)
                self._fields[axis, which].setToolTip(as_tip(f"The {title}"))

    def say(self, sentence: str) -> None:
        """Say why a choice was refused."""
        self._errors.say(sentence)

    def _show_range(self, name: str, low: float, high: float) -> None:
        # One end that was refused stays, with its sentence, until the other one is typed.
        if self._shown.get(name) == (low, high):
            return
        self._shown[name] = low, high
        self._fields[name, "from"].set_value(low)
        self._fields[name, "to"].set_value(high)

    # ---------------------------------------------------------------- rows

    def _replace_constants(self, names: tuple[str, ...]) -> None:
        for name in self._names:
            self._shown.pop(name, None)
            for which in _HEADINGS[1:]:
                del self._fields[name, which]
        self._names = names
        self._constants = QWidget(self._scroll)  # the scroll area deletes the one before
        grid = _grid(self._constants)
        for row, name in enumerate(names):
            grid.addWidget(_name_label(name, self._constants), row, 0)
            value = self._add(name, "value", name, grid, row)
            value.value_edited.connect(self._choose_value)
            self._add_range(name, f"the range of {name}", grid, row)
        self._scroll.setWidget(self._constants)
        self._scroll.setVisible(bool(names))
        self._fit_font()
        fields = list(self._fields.values())
        self._errors.watch(fields)
        tab_through(fields[0], *fields[1:4], self._guess, *fields[4:])

    def _fit_font(self) -> None:
        """Give the constants the height that they need, up to so many rows."""
        if self._constants is None:
            return
        row = self._map.sizeHint().height() // 3
        height = self._constants.sizeHint().height()
        is_scrolled = height > _MOST_ROWS * row + row // 2
        self._scroll.setFixedHeight(_MOST_ROWS * row + row // 2 if is_scrolled else height)
        # The columns above stay in line with those beside the scroll bar.
        bar = self._scroll.verticalScrollBar().sizeHint().width() if is_scrolled else 0
        self._map_grid.setContentsMargins(0, 0, bar, 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_font()

    def _add_range(self, name: str, what: str, grid: QGridLayout, row: int) -> None:
        for which, end in _ENDS:
            field = self._add(name, which, f"{end} of {what}", grid, row)
            field.value_edited.connect(self._choose_range)

    def _add(self, name: str, which: str, title: str, grid: QGridLayout, row: int) -> NumberField:
        low, high = BOUNDS["range" if name in AXES else "constants"]
        field = NumberField(title, minimum=low, maximum=high, parent=grid.parentWidget())
        field.setObjectName(name)
        field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        tip = f"The value of {name}" if which == "value" else f"The {title}"
        field.setToolTip(as_tip(tip))
        grid.addWidget(field, row, _HEADINGS.index(which))
        self._fields[name, which] = field
        return field

    # ---------------------------------------------------------------- what the person does

    def _choose_value(self, value: float) -> None:
        self._errors.refresh()
        self.value_chosen.emit(self.sender().objectName(), value)

    def _choose_range(self, _value: float) -> None:
        name = self.sender().objectName()
        low, high = (self._fields[name, which].value() for which in ("from", "to"))
        self._errors.refresh()
        self.range_chosen.emit(name, low, high)


def _grid(place: QWidget) -> QGridLayout:
    grid = QGridLayout(place)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(4)
    grid.setColumnMinimumWidth(0, _NAME_WIDTH)
    for number in (1, 2, 3):
        grid.setColumnStretch(number, 1)
    return grid


def _name_label(name: str, parent: QWidget) -> ElidedLabel:
    label = ElidedLabel(parent)
    label.setText(pretty(name))
    label.setFixedWidth(_NAME_WIDTH)
    return label
