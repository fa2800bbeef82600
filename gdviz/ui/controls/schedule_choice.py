"""How α changes along a path: a quiet line with a menu, and the schedule's option beside it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QWidget

from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.experiment.experiment import Experiment
from gdviz.ui.controls.option_field import option_field
from gdviz.ui.toolkit.build import label, row
from gdviz.ui.toolkit.text import as_caption, as_tip
from gdviz.ui.toolkit.widgets.number_field import NumberField


class ScheduleChoice(QWidget):
    """Chooses the schedule and sets its option.

    Parameters
    ----------
    field_width : int
        In pixels, to align the option with other fields.
    parent : QWidget, optional

    Attributes
    ----------
    changed : Signal(dict)
        Fields of the experiment and their new values.
    fields : tuple of NumberField
        Of all schedules' options, of which one is shown at most.
    """

    changed = Signal(dict)

    def __init__(self, field_width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._button = QPushButton(self)
        self._button.setProperty("plain", True)
        self._button.setAccessibleName("Schedule of the learning rate")
        self._actions: dict[str, QAction] = {}
        self._button.setMenu(self._menu())
        self._options: dict[str, list[tuple[QLabel, NumberField]]] = {}
        parts: list[QWidget] = []
        for schedule in SCHEDULES.values():
            self._options[schedule.name] = []
            for option in schedule.options:
                symbol = label(option.symbol, wraps=False, parent=self)
                field = option_field(option, self)
                field.value_edited.connect(self._set_option)
                parts += [symbol, field]
                self._options[schedule.name].append((symbol, field))
        row(self._button, None, *parts, inside=self, spacing=8)
        self.fields = tuple(field for pairs in self._options.values() for _, field in pairs)
        self.set_field_width(field_width)

    def set_field_width(self, width: int) -> None:
        """Align the option with other fields; `width` is in pixels."""
        for field in self.fields:
            field.setFixedWidth(width)
        # With a field it is no taller: what stands under it must not move.
        self.setMinimumHeight(self.fields[0].sizeHint().height())

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        one_of_them = QActionGroup(self)
        for name, schedule in SCHEDULES.items():
            action = menu.addAction(as_caption(schedule.title))
            action.setData(name)
            action.setToolTip(as_tip(f"α at step k of n: {schedule.explanation}"))
            action.setCheckable(True)
            one_of_them.addAction(action)
            self._actions[name] = action
        menu.triggered.connect(self._choose)
        return menu

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the schedule of an experiment."""
        schedule = SCHEDULES[experiment.schedule]
        settings = schedule.option_values(experiment.schedule_options)
        if schedule.name != self._name:
            self._name = schedule.name
            self._button.setText(f"α: {schedule.title.lower()} ▾")
            self._button.setToolTip(as_tip(f"How α changes along the path; at step k of n: "
                                    f"{schedule.explanation}"))  # fmt: skip
            self._actions[schedule.name].setChecked(True)
            for name, pairs in self._options.items():
                for widget in (widget for pair in pairs for widget in pair):
                    widget.setVisible(name == schedule.name)
            for field in self.fields:
                field.set_value(field.value(), force=True)  # no refused text stays hidden
        for _, field in self._options[schedule.name]:
            field.set_value(settings[field.objectName()])

    def _choose(self, action: QAction) -> None:
        if action.data() != self._name:
            self.changed.emit({"schedule": action.data(), "schedule_options": {}})

    def _set_option(self, _value: float) -> None:
        chosen = {field.objectName(): field.value() for _, field in self._options[self._name]}
        self.changed.emit({"schedule_options": chosen})
