"""What is turned while presenting: methods, α, ε and the panel, large enough to be seen."""

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QSizePolicy, QToolButton, QWidget

from gdviz.experiment.experiment import Experiment
from gdviz.scene.captions import method_title
from gdviz.scene.palette import path_color
from gdviz.ui.controls.descent_sliders import descent_slider, turned
from gdviz.ui.toolkit.build import column, combo, row
from gdviz.ui.toolkit.color_icon import color_icon
from gdviz.ui.toolkit.text import as_caption, as_tip
from gdviz.ui.toolkit.theme import BIG_HANDLE

_TURNED = ("alpha", "epsilon")
_MARGIN = 16  # pixels at either side


class PresentationBar(QWidget):
    """Methods to show, in as few rows as fit, and sliders with the choice of the panel.

    Parameters
    ----------
    experiment : Experiment
        The first.
    panels : sequence of str
        What can stand beside the map; nothing can as well.
    parent : QWidget, optional

    Attributes
    ----------
    changed : Signal(dict)
        Fields of the experiment and their new values.
    panel_chosen : Signal(str)
        The panel's name; empty for the map alone.
    leave_asked : Signal()
        The person has presented.
    """

    changed = Signal(dict)
    panel_chosen = Signal(str)
    leave_asked = Signal()

    def __init__(
        self, experiment: Experiment, panels: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._experiment = experiment
        self._sliders = [descent_slider(name, experiment, self) for name in _TURNED]
        for slider in self._sliders:
            slider.slider.setProperty("big", True)
            slider.slider.setMinimumHeight(BIG_HANDLE)
            slider.value_changed.connect(self._turn)
        tip = "What stands beside the map"
        names = {"": "Map alone", **{name: name for name in panels}}
        self.panel = combo("Panel", tip, self._choose_panel, names, parent=self)
        leave = QToolButton(self)
        leave.setText("×")
        leave.setAccessibleName("Leave the presentation")
        leave.setToolTip(as_tip("Back to the window (Esc)"))
        leave.clicked.connect(self.leave_asked)
        self._methods: list[QCheckBox] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._columns = 0
        column(
            self._grid, row(*((slider, 1) for slider in self._sliders), self.panel, leave,
                           spacing=24),
            inside=self, margins=(_MARGIN, 6, _MARGIN, 12), spacing=8,
        )  # fmt: skip

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the methods and values of an experiment."""
        self._experiment = experiment
        for name, slider in zip(_TURNED, self._sliders, strict=True):
            slider.set_value(getattr(experiment, name))
        if not self.isVisible():
            return  # a drag of the start waits for nothing that nobody sees
        while len(self._methods) < len(experiment.methods):
            self._methods.append(self._method_box(len(self._methods)))
        for index, box in enumerate(self._methods):
            box.setVisible(index < len(experiment.methods))
            if index < len(experiment.methods):
                method = experiment.methods[index]
                title, size = method_title(method), self.fontMetrics().height()
                box.setText(as_caption(title))
                box.setToolTip(as_tip(f"Show {title}"))
                box.setIcon(color_icon(path_color(method, index), size))
                box.setIconSize(QSize(size, size))
                box.setChecked(method.shown)
                box.setEnabled(not experiment.function.why_not(method.estimate))
        self._columns = 0  # titles, or their size, may be others
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put as many methods side by side as have room for their titles."""
        boxes = self._methods[: len(self._experiment.methods)]
        if not boxes:
            return
        gap, room = self._grid.spacing(), self.width() - 2 * _MARGIN
        widest = max(box.sizeHint().width() for box in boxes)
        columns = min(max((room + gap) // (widest + gap), 1), len(boxes))
        columns = -(-len(boxes) // -(-len(boxes) // columns))  # rows of equal length
        if columns == self._columns:
            return
        self._columns = columns
        for index, box in enumerate(boxes):
            self._grid.addWidget(box, *divmod(index, columns))

    def show_panel(self, name: str) -> None:
        """Show which panel stands beside the map."""
        self.panel.setCurrentIndex(max(0, self.panel.findData(name)))

    def _method_box(self, index: int) -> QCheckBox:
        box = QCheckBox(self)
        box.setObjectName(str(index))
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        box.clicked.connect(self._show_method)
        return box

    def _turn(self, value: float) -> None:
        self.changed.emit(turned(self.sender().objectName(), value))

    def _show_method(self, shown: bool) -> None:
        index, methods = int(self.sender().objectName()), list(self._experiment.methods)
        methods[index] = replace(methods[index], shown=shown)
        self.changed.emit({"methods": tuple(methods)})

    def _choose_panel(self, _index: int) -> None:
        self.panel_chosen.emit(self.panel.currentData())
