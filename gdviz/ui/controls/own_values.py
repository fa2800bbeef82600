"""What a method has for itself: its own α and ε, and the options of its rule, as fields."""

from itertools import takewhile

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.hyperparameters import Option
from gdviz.engine.descent.rules.shaping import FADING, NOISE
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.method_settings import chosen_options
from gdviz.experiment.validation import BOUNDS
from gdviz.ui.controls.option_field import option_field
from gdviz.ui.toolkit.build import check, label
from gdviz.ui.toolkit.widgets.number_field import NumberField

_COLUMNS = 2  #: fields side by side
_INDENT = 26  #: pixels, to where the method's colour ends
_ALPHA, _EPSILON = (
    Option(name, sign, BOUNDS[name][0], *BOUNDS[name], f"This method's own {sign}", True)
    for name, sign in (("alpha", "α"), ("epsilon", "ε"))
)


class OwnValues(QWidget):
    """Fields for one method's values, two in a line.

    Attributes
    ----------
    edited : Signal(str, float)
        ``"alpha"``, ``"epsilon"`` or an option's name, and its new value.
    fields : dict of str to NumberField
        By the same names, as far as the method has them.
    switches : dict of str to QCheckBox
        The same of options that are on or off.
    """

    edited = Signal(str, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, NumberField] = {}
        self.switches: dict[str, QCheckBox] = {}
        self._options: tuple[Option, ...] = ()
        self._rows: list[tuple[Option, tuple[QWidget, ...]]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(_INDENT, 0, 0, 2)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(2)
        for column in range(_COLUMNS):
            # As wide as a letter with an index, so that the rows' fields stand under each other.
            self._grid.setColumnMinimumWidth(2 * column, self.fontMetrics().horizontalAdvance("β₂"))
            self._grid.setColumnStretch(2 * column + 1, 1)

    def show_method(self, experiment: Experiment, method: Method, *, force: bool) -> bool:
        """Show what a method of an experiment runs with.

        Parameters
        ----------
        experiment : Experiment
            Whose α and ε it takes where it has none of its own.
        method : Method
            The method.
        force : bool
            Overwrite even text that is being typed.

        Returns
        -------
        bool
            Whether the fields are others than before.
        """
        rule = RULES[method.rule]
        estimate = ESTIMATES[method.estimate]
        of_estimate = estimate.options if rule.uses_gradient else ()
        # How fast noise fades matters where there is some.
        has_noise = bool(method.options.get(NOISE.name))
        of_rule = (option for option in rule.options if option != FADING or has_noise)
        options = (*_common(method), *of_estimate, *of_rule)
        are_others = options != self._options
        if are_others:
            self._options = options
            self._replace_fields()
        values = _values(experiment, method)
        for name, field in self.fields.items():
            field.set_value(values[name], force=force)
        for name, switch in self.switches.items():
            switch.setChecked(bool(values[name]))
        return are_others

    def refuse(self, name: str, sentence: str, experiment: Experiment, method: Method) -> bool:
        """Say at a field that what was typed there is refused; return whether there is one.

        Parameters
        ----------
        name : str
            The field's.
        sentence : str
            Why.
        experiment, method
            As of :meth:`show_method`: what it is as before.
        """
        field = self.fields.get(name)
        if field is not None:
            field.refuse(sentence, _values(experiment, method)[name])
        return field is not None

    def _replace_fields(self) -> None:
        # What stays keeps its field: a value may bring another while it is typed. What comes after
        # the first that is another is made anew, in the order in which Tab goes through it.
        same = [one == other for one, (other, _) in zip(self._options, self._rows, strict=False)]
        kept = self._rows[: len(list(takewhile(bool, same)))]
        for _, widgets in self._rows[len(kept) :]:
            for widget in widgets:
                widget.hide()
                widget.deleteLater()
        new = ((option, self._widgets_of(option)) for option in self._options[len(kept) :])
        self._rows = [*kept, *new]
        self.fields, self.switches = {}, {}
        for place, (option, widgets) in enumerate(self._rows):
            line, column = divmod(place, _COLUMNS)
            for k, widget in enumerate(widgets):
                self._grid.addWidget(widget, line, 2 * column + k, 1, 3 - len(widgets))
            control = widgets[-1]
            if isinstance(control, NumberField):
                self.fields[option.name] = control
            elif isinstance(control, QCheckBox):
                self.switches[option.name] = control

    def _widgets_of(self, option: Option) -> tuple[QWidget, ...]:
        """Return a box to check, or a name and a field."""
        if option.is_switch:
            switch = check(option.symbol, option.about, self._switch, self)
            switch.setObjectName(option.name)
            switch.setAccessibleName(option.about)
            return (switch,)
        field = option_field(option, self)
        field.value_edited.connect(self._edit)
        return label(option.symbol, option.about, wraps=False, parent=self), field

    def _switch(self, on: bool) -> None:
        self.edited.emit(self.sender().objectName(), float(on))

    def _edit(self, value: float) -> None:
        self.edited.emit(self.sender().objectName(), value)


def _common(method: Method) -> tuple[Option, ...]:
    """Return α, and ε where the estimate has one, as options; none where no gradient is taken."""
    if not RULES[method.rule].uses_gradient:
        return ()
    epsilon = (_EPSILON,) if ESTIMATES[method.estimate].uses_epsilon else ()
    return (_ALPHA, *epsilon)


def _values(experiment: Experiment, method: Method) -> dict[str, float]:
    """Return what a method of an experiment runs with, by the names of fields."""
    return {
        "alpha": experiment.alpha_of(method),
        "epsilon": experiment.epsilon_of(method),
        **ESTIMATES[method.estimate].option_values(method.estimate_options),
        **RULES[method.rule].option_values(chosen_options(experiment, method)),
    }
