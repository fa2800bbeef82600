"""How descent goes: learning rate and its schedule, finite-difference step, start, precision."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QComboBox, QGroupBox, QWidget

from gdviz.base.types import Precision
from gdviz.engine.descent.estimates.draws import LARGEST_SEED
from gdviz.experiment.experiment import Experiment, changed_fields
from gdviz.experiment.function import AnyFunction
from gdviz.experiment.method_settings import is_random
from gdviz.experiment.validation import BOUNDS, MAX_SAMPLES, ExperimentError
from gdviz.scene.captions import pretty
from gdviz.scene.scene import Scene
from gdviz.ui.controls.descent_sliders import SLIDERS, descent_slider, turned
from gdviz.ui.controls.schedule_choice import ScheduleChoice
from gdviz.ui.controls.stability_bound_label import StabilityBoundLabel
from gdviz.ui.toolkit.build import button, check, column, combo, label, row
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.field_errors import FieldErrors
from gdviz.ui.toolkit.widgets.number_field import NumberField
from gdviz.ui.toolkit.widgets.slider_field import SliderField

_PRECISIONS: tuple[Precision, ...] = ("float64", "float32")
_IN_FLOAT32 = (
    "In float32, differences lose half their digits sooner; the losses and the ∇f to compare with "
    "stay float64."
)
#: How many seeds there are to draw from: numbers that are easily read and typed.
_SEEDS = 10**6


class DescentBox(QGroupBox):
    """Turns what all methods share.

    Attributes
    ----------
    changed : Signal(dict)
        Fields of the experiment and their new values.
    reset_asked : Signal()
        Back to where the surface starts.
    """

    changed = Signal(dict)
    reset_asked = Signal()

    def __init__(self, experiment: Experiment, parent: QWidget | None = None) -> None:
        super().__init__("Descent", parent)
        self._sliders: dict[str, SliderField] = {}
        for name in SLIDERS:
            slider = descent_slider(name, experiment, self)
            slider.value_changed.connect(self._turn)
            self._sliders[name] = slider
            if name == "alpha":
                self.stability_bound = StabilityBoundLabel(self)
        self.stability_bound.bound_changed.connect(self._show_bound)
        self._schedule = ScheduleChoice(self._sliders["alpha"].field.width(), self)
        self._schedule.changed.connect(self.changed)
        self._start = [self._start_field() for _ in experiment.start]
        self._start_label = start = label("start", wraps=False, parent=self)
        self._experiment: Experiment | None = None
        self._function: AnyFunction | None = None  # for which the precisions are named
        self._precision = combo("Precision", "", self._choose_precision, _PRECISIONS, parent=self)
        self._precision.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        tip = "Divide by the representable step (x + ε) − x, the one actually taken, instead of ε"
        self._representable = check("(x+ε)−x", tip, self._choose_representable, self)
        tip = "Back to the surface's own start, α, ε and constants (Ctrl+R)"
        self._reset = reset = button("Reset", tip, self.reset_asked, self)
        self._seed = NumberField("seed", minimum=0, maximum=LARGEST_SEED, integer=True, parent=self)
        self._seed.setToolTip("What random estimates draw by: the same seed gives the same paths")
        self._seed.value_edited.connect(self._choose_seed)
        self._samples = NumberField(
            "more paths", minimum=0, maximum=MAX_SAMPLES, integer=True, parent=self
        )
        tip = "Further paths of each method that draws, thin, and in dashes the mean of them all"
        self._samples.setToolTip(as_tip(tip))
        self._samples.value_edited.connect(self._choose_samples)
        tip = "Draw again: another seed, chosen at random"
        new = button("New seed", tip, self._draw_seed, self)
        self._drawing = QWidget(self)
        seed, samples = (label(text, wraps=False, parent=self) for text in ("seed", "more paths"))
        column(
            row(seed, (self._seed, 1), new, spacing=8),
            row(samples, (self._samples, 1), spacing=8),
            inside=self._drawing, spacing=6,
        )  # fmt: skip
        self._errors = FieldErrors(self)
        sliders = (slider.field for slider in self._sliders.values())
        self._errors.watch(
            [*sliders, *self._schedule.fields, *self._start, self._seed, self._samples]
        )
        alpha, *others = self._sliders.values()
        column(
            column(alpha, self.stability_bound, spacing=0), *others, self._schedule,
            row(start, *((field, 1) for field in self._start), spacing=8),
            row(self._precision, (self._representable, 1), reset, spacing=4), self._drawing,
            self._errors,
            inside=self, margins=(10, 8, 10, 10), spacing=6,
        )  # fmt: skip
        self._fit_font()
        self.show_experiment(experiment)

    def _fit_font(self) -> None:
        advance = self.fontMetrics().horizontalAdvance
        self._start_label.setFixedWidth(6 * advance("0"))
        self._reset.setFixedWidth(advance("Reset") + 18)
        self._schedule.set_field_width(self._sliders["alpha"].field.width())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_font()

    def _start_field(self) -> NumberField:
        minimum, maximum = BOUNDS["start"]
        field = NumberField("", minimum=minimum, maximum=maximum, step=0.1, parent=self)
        field.value_edited.connect(self._move_start)
        return field

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the fields of an experiment."""
        before, self._experiment = self._experiment, experiment
        self._show_start(experiment)
        is_dragged = before is not None and changed_fields(before, experiment) <= {"start"}
        if is_dragged and not self._errors.text():  # else a refusal is over
            return
        for name, slider in self._sliders.items():
            slider.set_value(getattr(experiment, name))
        self._schedule.show_experiment(experiment)
        self.stability_bound.show_experiment(experiment)
        if experiment.function is not self._function:
            self._function = experiment.function
            self._name_precisions(experiment)
            for field, name in zip(self._start, experiment.function.parameters, strict=True):
                field.set_name(pretty(name))
                tip = f"Coordinate {pretty(name)} of the start; or click on the map"
                field.setToolTip(as_tip(tip))
        self._precision.setCurrentIndex(_PRECISIONS.index(experiment.precision))
        self._representable.setChecked(experiment.representable_step)
        self._seed.set_value(experiment.seed)
        self._samples.set_value(experiment.samples)
        self._drawing.setVisible(any(map(is_random, experiment.methods)))
        self._errors.refresh()  # a refusal of something else is over

    def _show_start(self, experiment: Experiment) -> None:
        for field, value in zip(self._start, experiment.start, strict=True):
            field.set_value(value)

    def show_scene(self, scene: Scene) -> None:
        """Show the bound on α that a scene's first path is under."""
        self.stability_bound.show_scene(scene)

    def _show_bound(self) -> None:
        tip = SLIDERS["alpha"][-1]
        if sentence := self.stability_bound.sentence:
            tip = f"{tip}\n\n{sentence}"
        if tip != self._sliders["alpha"].toolTip():
            self._sliders["alpha"].setToolTip(as_tip(tip))

    def show_refusal(self, error: ExperimentError) -> None:
        """Say why a change was not made."""
        self._errors.say(str(error))

    def _turn(self, value: float) -> None:
        self.changed.emit(turned(self.sender().objectName(), value))

    def _move_start(self, _value: float) -> None:
        self.changed.emit({"start": (self._start[0].value(), self._start[1].value())})

    def _name_precisions(self, experiment: Experiment) -> None:
        """Say what the arithmetic is, of which a person's code may have its own."""
        tip, code = f"The arithmetic the methods use. {_IN_FLOAT32}", experiment.function.code
        if code is not None and code.is_single:
            kind, digits = (code.short, 3) if code.short else ("float32", 7)
            whatever = f"f has about {digits} digits, whatever the methods use"
            tip = f"{code.name} computes in {kind}: {whatever}"
        objective = experiment.objective()
        for index, precision in enumerate(_PRECISIONS):
            said = objective.arithmetic(precision)
            self._precision.setItemText(index, said.rpartition(", ")[2])  # there is little room
        self._precision.setToolTip(as_tip(tip))

    def _choose_precision(self, index: int) -> None:
        self.changed.emit({"precision": _PRECISIONS[index]})

    def _choose_seed(self, value: float) -> None:
        self.changed.emit({"seed": int(value)})

    def _choose_samples(self, value: float) -> None:
        self.changed.emit({"samples": int(value)})

    def _draw_seed(self) -> None:
        import secrets  # with all of OpenSSL, for which the first frame would wait

        self.changed.emit({"seed": secrets.randbelow(_SEEDS)})

    def _choose_representable(self, checked: bool) -> None:
        self.changed.emit({"representable_step": checked})
