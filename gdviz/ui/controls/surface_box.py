"""Which function is minimised: a surface or a formula, and its constants."""

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QGroupBox, QVBoxLayout, QWidget

from gdviz.engine.surfaces import SURFACES, Constant
from gdviz.experiment import BOUNDS, Experiment
from gdviz.ui.tab_order import tab_through
from gdviz.ui.widgets.field_errors import FieldErrors
from gdviz.ui.widgets.slider_field import SliderField
from gdviz.ui.widgets.typeset_label import TypesetLabel
from gdviz.ui.workers import Worker

_OWN = "Formula of your own"


class SurfaceBox(QGroupBox):
    """Chooses the surface and turns its constants.

    Attributes
    ----------
    surface_chosen : Signal(str)
        A name from the table of surfaces.
    constant_changed : Signal(str, float)
        A constant's name and new value.
    """

    surface_chosen = Signal(str)
    constant_changed = Signal(str, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Surface", parent)
        self._shown: tuple | None = None  # text, and names of constants and data, on show
        self._sliders: dict[str, SliderField] = {}
        self._choice = QComboBox(self)
        self._choice.setAccessibleName("Surface")
        self._choice.setMaxVisibleItems(25)
        for surface in SURFACES.values():
            self._choice.addItem(surface.title, surface.name)
        self._formula = TypesetLabel(parent=self)
        self._errors = FieldErrors(self)
        self._constants = QVBoxLayout()
        self._constants.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 10)
        layout.setSpacing(8)
        layout.addWidget(self._choice)
        layout.addWidget(self._formula)
        layout.addLayout(self._constants)
        layout.addWidget(self._errors)

        self._typesetter = Worker(parent=self)
        self._typesetter.done.connect(self._show_latex)
        # After the first frame: SymPy takes a quarter of a second to import.
        self._later = QTimer(self, singleShot=True, interval=150)
        self._later.timeout.connect(self._typeset)
        self._choice.activated.connect(self._choose)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the surface of an experiment."""
        surface = experiment.built_in
        if surface is None:
            if self._choice.findText(_OWN) < 0:
                self._choice.addItem(_OWN, "")
            self._choice.setCurrentIndex(self._choice.findText(_OWN))
            self._choice.setToolTip("The function whose value descent makes smaller")
        else:
            if (own := self._choice.findText(_OWN)) >= 0:
                self._choice.removeItem(own)
            self._choice.setCurrentIndex(self._choice.findData(surface.name))
            self._choice.setToolTip(surface.note)
        values = experiment.constant_values
        data = experiment.data_set
        shown = (experiment.text, tuple(sorted(values)), data.names if data else ())
        if shown != self._shown:
            self._shown = shown
            self._formula.set_formula(self._formula_latex(""), f"f = {experiment.text}")
            self._later.start()
            self._replace_sliders(
                surface.constants if surface else tuple(map(_free_constant, values.items()))
            )
        for name, slider in self._sliders.items():
            slider.set_value(values[name])

    def stop(self) -> None:
        """Give up the work in the background."""
        self._later.stop()
        self._typesetter.stop()

    # ---------------------------------------------------------------- the formula

    @staticmethod
    def _formula_latex(latex: str) -> str:
        return f"f \\, = \\, {latex}" if latex else ""

    def _typeset(self) -> None:
        self._typesetter.request(partial(_latex_of, *self._shown))

    def _show_latex(self, result: tuple) -> None:
        shown, latex = result
        if shown == self._shown:
            self._formula.set_formula(self._formula_latex(latex), f"f = {shown[0]}")

    # ---------------------------------------------------------------- constants

    def _replace_sliders(self, constants: tuple[Constant, ...]) -> None:
        for slider in self._sliders.values():
            self._constants.removeWidget(slider)
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
            slider.setToolTip(constant.meaning)
            slider.setObjectName(constant.name)
            slider.value_changed.connect(self._turn)
            self._constants.addWidget(slider)
            self._sliders[constant.name] = slider
        tab_through(self._choice, *self._sliders.values())
        self._errors.watch(slider.field for slider in self._sliders.values())

    def _turn(self, value: float) -> None:
        self.constant_changed.emit(self.sender().objectName(), value)

    def _choose(self, _index: int) -> None:
        name = self._choice.currentData()
        if name:
            self.surface_chosen.emit(name)


def _latex_of(text: str, constants: tuple[str, ...], data: tuple[str, ...], _cancelled) -> tuple:
    from gdviz.engine.typeset import latex

    return (text, constants, data), latex(text, constants, data)


def _free_constant(item: tuple[str, float]) -> Constant:
    """Return a slider's description for a constant of the person's own formula."""
    name, value = item
    reach = max(5.0, 2 * abs(value))
    return Constant(name, value, -reach, reach, f"The constant {name} of the formula")
