"""Which function is minimised: a surface or a formula, and its constants."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QShowEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QGroupBox, QScrollArea, QWidget

from gdviz.engine.objectives.surfaces import SECTIONS, SURFACES, Constant
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.from_typed_text import free_range
from gdviz.experiment.function import AnyFunction, FormulaFunction
from gdviz.experiment.validation import BOUNDS
from gdviz.ui.controls.source_box import SourceBox
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Newer, Task
from gdviz.ui.toolkit.build import column
from gdviz.ui.toolkit.shipped_formulas import key_of, shipped_latex
from gdviz.ui.toolkit.tab_order import tab_through
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.field_errors import FieldErrors
from gdviz.ui.toolkit.widgets.math_label import MathLabel
from gdviz.ui.toolkit.widgets.slider_field import SliderField

#: A text, and the names in it: of constants, of columns of data, of the parameters.
Formula = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, str]]

_OWN = "Formula of your own"
_NEW = "New formula…"
_LIBRARY = "My formulas"
#: After the first frame: SymPy takes a quarter of a second to import. While a formula is typed,
#: longer than between two keys: typesetting takes its time from them.
_AT_ONCE_MS, _QUIET_MS = 150, 400
_MOST_SLIDERS = 8  # before they are scrolled
#: What an entry is (a surface, a formula of the library, or neither), and its name there.
_NAME, _KIND = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class SurfaceBox(QGroupBox):
    """Chooses the surface and turns its constants.

    Attributes
    ----------
    surface_chosen : Signal(str)
        A name from the table of surfaces.
    formula_chosen : Signal(str)
        A title from the personal library.
    new_asked : Signal()
        The person wants to write another formula.
    changed : Signal(dict)
        Fields of the experiment and their new values.
    """

    surface_chosen = Signal(str)
    formula_chosen = Signal(str)
    new_asked = Signal()
    changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Surface", parent)
        #: The text, and the names of constants, data and parameters, that are typeset.
        self._shown: Formula | None = None
        self._turned: tuple = ()  # the constants that have sliders
        self._is_turning = False
        self._titles: tuple[str, ...] = ()  # in the library
        self._experiment = Experiment()
        self._sliders: dict[str, SliderField] = {}
        self._choice = QComboBox(self)
        self._entries = QStandardItemModel(self._choice)
        self._choice.setModel(self._entries)
        self._choice.setAccessibleName("Surface")
        self._choice.setMaxVisibleItems(25)
        self._fill()
        self._formula = MathLabel(parent=self)
        self.source = SourceBox(self)
        self._errors = FieldErrors(self)
        place = QWidget(self)
        self._constants = column(inside=place, spacing=6)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(place)
        column(
            self._choice, self._formula, self.source, self._scroll, self._errors,
            inside=self, margins=(10, 8, 10, 10), spacing=8,
        )  # fmt: skip
        self._latex = Task(
            _latex_of, self._show_latex, self._show_failure, newer=Newer.REPLACES, parent=self
        )
        self._choice.activated.connect(self._choose)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the surface of an experiment."""
        before, self._experiment = self._experiment, experiment
        function = experiment.function
        if self._shown is None or function is not before.function:
            self._show_choice()
        self._formula.setVisible(bool(function.text))
        values, shown = function.constants, formula_of(function)
        if shown != self._shown:
            is_typed = self._shown is not None and isinstance(function, FormulaFunction)
            self._latex.cancel()
            self._latex.pause_ms = _QUIET_MS if is_typed else _AT_ONCE_MS
            self._shown = shown
            self._formula.set_formula("", f"f = {function.plain_text}", keeps=False)
            self._formula.setToolTip("")
            self._typeset()
        # While a formula is typed its sliders stay: only other constants are other sliders.
        ranges = function.constant_ranges
        turned = (function.surface, tuple(values), tuple(ranges.items()))
        # A range that grew with what is typed beside its slider does not take the field away.
        if turned != self._turned and self._is_turning:
            for name, ends in ranges.items():
                self._sliders[name].set_ends(*ends)
        elif turned != self._turned:
            self._replace_sliders(
                function.surface.constants
                if function.surface
                else tuple(_free_constant(*item, ranges.get(item[0])) for item in values.items())
            )
        self._turned = turned
        for name, slider in self._sliders.items():
            slider.hold(values[name])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._typeset()

    def show_library(self, titles: tuple[str, ...]) -> None:
        """Offer the formulas of the personal library beside the surfaces."""
        self._titles = titles
        self._fill()
        self._show_choice()

    # ---------------------------------------------------------------- the choice

    def _fill(self) -> None:
        choice = self._choice
        choice.clear()
        for section, names in SECTIONS.items():
            self._add_heading(section)
            for name in names:
                self._add(SURFACES[name].title, "surface", name)
        if self._titles:
            self._add_heading(_LIBRARY)
            for title in self._titles:
                self._add(title, "formula", title)
        choice.insertSeparator(choice.count())
        self._add(_NEW, "new", "")

    def _add_heading(self, text: str) -> None:
        """Add what is said above a section, and cannot be chosen."""
        heading = QStandardItem(text)
        heading.setEnabled(False)
        font = self._choice.font()
        font.setBold(True)
        heading.setFont(font)
        self._entries.appendRow(heading)

    def _add(self, text: str, kind: str, name: str, index: int | None = None) -> None:
        index = self._choice.count() if index is None else index
        self._choice.insertItem(index, text)
        self._choice.setItemData(index, kind, _KIND)
        self._choice.setItemData(index, name, _NAME)

    def _place_of(self, kind: str, name: str) -> int:
        places = range(self._choice.count())
        data = self._choice.itemData
        return next((i for i in places if (data(i, _KIND), data(i, _NAME)) == (kind, name)), -1)

    def _show_choice(self) -> None:
        choice, function = self._choice, self._experiment.function
        surface = function.surface
        kind, name = ("surface", surface.name) if surface else ("formula", function.title)
        place = self._place_of(kind, name)
        own = self._place_of("own", "")
        if own >= 0 and (place >= 0 or choice.itemText(own) != (_title_of(function))):
            choice.removeItem(own)
            own = -1
            place = self._place_of(kind, name)
        if place < 0:
            if own < 0:  # what it would bring back is gone once something else is chosen
                own = choice.count() - 1
                self._add(_title_of(function), "own", "", own)
            place = own
        choice.setCurrentIndex(place)
        note = surface.note if surface else "The function to minimise"
        choice.setToolTip(as_tip(note))

    def _choose(self, _index: int) -> None:
        kind, name = self._choice.currentData(_KIND), self._choice.currentData(_NAME)
        if kind == "surface":
            self.surface_chosen.emit(name)
        elif kind == "formula":
            self.formula_chosen.emit(name)
        elif kind == "new":
            self.new_asked.emit()
        self._show_choice()  # as it is, where nothing came of it

    # ---------------------------------------------------------------- the formula

    def _typeset(self) -> None:
        if self._shown is not None and self._shown[0] and self.isVisible():
            self._latex.ask(*self._shown)

    def _show_latex(self, latex: str) -> None:
        if self._shown is not None:
            self._formula.set_formula(with_head(latex), f"f = {self._shown[0]}")

    def _show_failure(self, error: Exception) -> None:
        # The formula is there as text.
        self._formula.setToolTip(as_tip(failure(error, "Typesetting")))

    # ---------------------------------------------------------------- constants

    def _replace_sliders(self, constants: tuple[Constant, ...]) -> None:
        for slider in self._sliders.values():
            self._constants.removeWidget(slider)
            slider.hide()  # it is deleted once the events are done with
            slider.deleteLater()
        self._sliders = {}
        low, high = BOUNDS["constants"]
        for constant in constants:
            decades = constant.low > 0 and constant.high / constant.low >= 100
            slider = SliderField(
                {"kappa": "κ"}.get(constant.name, constant.name),
                constant.default,
                constant.low,
                constant.high,
                minimum=constant.low if decades else low,
                maximum=high,
                scale="log" if decades else "linear",
                parent=self,
            )
            slider.setToolTip(as_tip(constant.meaning))
            slider.setObjectName(constant.name)
            slider.value_changed.connect(self._turn)
            self._constants.addWidget(slider)
            self._sliders[constant.name] = slider
        self._fit_font()
        self._scroll.setVisible(bool(self._sliders))
        tab_through(self._choice, *self._sliders.values())
        self._errors.watch(slider.field for slider in self._sliders.values())

    def _fit_font(self) -> None:
        """Give the sliders the height that they need, up to so many of them."""
        rows = [slider.sizeHint().height() + 6 for slider in self._sliders.values()]
        most = _MOST_SLIDERS * max(rows, default=0)
        self._scroll.setFixedHeight(max(0, min(sum(rows) - 6, most)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_font()

    def _turn(self, value: float) -> None:
        self._is_turning = True
        constants = {**self._experiment.function.constants, self.sender().objectName(): value}
        self.changed.emit({"constants": constants})
        self._is_turning = False


def _title_of(function: AnyFunction) -> str:
    """Return what a function of the person's own is called."""
    if function.code is not None:
        return "Python code"
    return "Loss landscape" if function.grid is not None else function.title or _OWN


def formula_of(function: AnyFunction) -> Formula:
    """Return a function's text, and the names in it."""
    data = function.data_set
    columns = data.names if data else ()
    return function.text, tuple(sorted(function.constants)), columns, function.parameters


def with_head(latex: str) -> str:
    """Return a formula as it is shown, with what it is."""
    return f"f \\, = \\, {latex}"


def _latex_of(
    _job: Job,
    text: str,
    constants: tuple[str, ...],
    data: tuple[str, ...],
    parameters: tuple[str, str],
) -> str:
    if (shipped := shipped_latex(key_of(text, constants, data, parameters))) is not None:
        return shipped
    from gdviz.engine.language.latex import latex

    return latex(text, constants, data, parameters)


def _free_constant(name: str, value: float, chosen: tuple[float, float] | None) -> Constant:
    """Return a slider's description for a constant of the person's own formula."""
    low, high = chosen or free_range(value)
    return Constant(name, value, low, high, f"The constant {name} of the formula")
