"""The strip under the map: its range, its colours, and what lies under the cursor."""

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QToolButton, QWidget

from gdviz.base.format import number
from gdviz.experiment.experiment import Experiment
from gdviz.scene.captions import origin, pretty
from gdviz.scene.gradient_text import gradient_text
from gdviz.scene.scene import Scene
from gdviz.ui.map.basins_button import BasinsButton
from gdviz.ui.tasks.basins_task import BasinsDrawing
from gdviz.ui.toolkit.build import column, combo, label, row
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.elided_label import ElidedLabel

_NARROW = 520  #: pixels, below which the readout has lines of its own
_BAR = 60  #: pixels, the width of the bar
_PLACES = 1000  #: of the bar; the number in it moves where a pixel would take a second
_SCALES = {
    "auto": "As the surface suggests, else so that most colours are seen",
    "linear": "Colours follow f",
    "sqrt": "Colours follow the square root of f above its lowest value in view",
    "log": "Colours follow the logarithm of f above its lowest value in view",
}
#: What the bar counts.
_COUNTED = {
    "basins": "how many of the steps from all starts are done",
    "table": "how many of its rows are made",
}
#: Seconds of a value from which on it is not computed under a cursor that moves.
_SLOW = 1e-3


class MapStrip(QWidget):
    """Buttons for the map, progress of a long computation, and the readout under the cursor.

    Attributes
    ----------
    changed : Signal(dict)
        Fields of the experiment and their new values.
    cancel_asked : Signal()
        Give up the computation.
    progress, cancel_button : QProgressBar and QToolButton
        How far it is, and what gives it up.
    """

    changed = Signal(dict)
    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._point: tuple[float, float] | None = None
        self._said = False
        self._drawing: BasinsDrawing | None = None
        self._busy: dict[str, float | None] = {}
        home = QToolButton(self)
        home.setText("Home")
        tip = "Show the surface's home range again (Home). Wheel zooms, drag pans."
        home.setToolTip(as_tip(tip))
        home.clicked.connect(self._show_home_range)
        self._scale = combo(
            "Colour scale",
            "How losses map to colours, for surfaces that span decades",
            self._choose_scale,
            {name: f"colour: {name}" for name in _SCALES},
            _SCALES.values(),
            parent=self,
        )
        self.basins = BasinsButton(self)
        self.progress = QProgressBar(self)
        self.progress.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.progress.setFixedSize(_BAR, 16)
        self.cancel_button = QToolButton(self)
        self.cancel_button.setText("Cancel")
        self.cancel_button.setToolTip("Stop this computation and keep the last picture (Esc)")
        self.cancel_button.clicked.connect(self.cancel_asked)
        self._done = label(kind="muted", wraps=False, parent=self)
        self._done.hide()
        self._readout = ElidedLabel(self, lines=2)
        self._readout.setProperty("muted", True)
        tip = (
            "What lies under the cursor. Click sets the start, and Shift+click adds another one "
            "for all methods; dragging pans, the wheel zooms."
        )
        self._readout.setToolTip(as_tip(tip))
        self._readout.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._row = row(
            home, self._scale, self.basins, self.progress, self.cancel_button, self._done,
            (self._readout, 1), spacing=6,
        )  # fmt: skip
        self._row.addStretch()
        self._rows = column(self._row, inside=self, margins=(8, 2, 12, 6), spacing=4)
        self._is_narrow = False
        self.set_busy(False)
        self.point_at(None)

    def show_experiment(self, _experiment: Experiment) -> None:
        """Let go of what was said: the person went on."""
        self._said = False

    def show_scene(self, scene: Scene) -> None:
        """Take a scene's objective for the readout."""
        self._scene = scene
        index = self._scale.findData(scene.experiment.color_scale)
        self._scale.setCurrentIndex(index)
        if not self._said:  # of this experiment, a moment ago
            self.point_at(self._point)

    def point_at(self, point: tuple[float, float] | None) -> None:
        """Say what lies under the cursor."""
        self._point, self._said = point, False
        if point is None or self._scene is None:
            # The legend, which says it too, may be folded. Beside what is done there is no room.
            how = "" if self._done.text() else "Click sets the start, Shift+click adds one"
            hint = self.basins.said() or how
            self._readout.setText("Opening the file …" if "opening" in self._busy else hint)
            return
        a, b = point
        if fate := self._drawing and self._drawing.sentence(a, b):
            self._readout.setText(fate)
            return
        parameters = self._scene.experiment.function.parameters
        at = "  ".join(
            f"{pretty(name)} {number(x, 4)}" for name, x in zip(parameters, point, strict=True)
        )
        found = _readout(self._scene, a, b)
        of = origin(self._scene.experiment) if found else ""
        self._readout.setText(f"{at}  {found}{'  ' * bool(of)}{of}")

    def move_under(self, point: tuple[float, float] | None) -> None:
        """Take another point under a cursor that rests; what was said a moment ago stays."""
        self._point = point
        if not self._said:
            self.point_at(point)

    def said(self) -> str:
        """Return what is said: of the point under the cursor, as long as it is on the map."""
        return self._readout.text()

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the readout until the person goes on, or that again."""
        if not sentence:
            self.point_at(self._point)
            return
        self._readout.setText(sentence)
        self._said = True

    def show_done(self, text: str) -> None:
        """Show what has been done so far of what goes on, or nothing."""
        self._done.setText(text)
        self._done.setVisible(bool(text))
        if self._point is None and not self._said:
            self.point_at(None)

    def show_basins(self, drawing: BasinsDrawing | None) -> None:
        """Take the basins, of which the readout tells what becomes of a start."""
        self._drawing = drawing
        if not self._said:
            self.point_at(self._point)

    def set_busy(self, busy: bool, what: str = "scene", part: float | None = None) -> None:
        """Show the progress of long computations, or hide it where there is none left.

        Parameters
        ----------
        busy : bool
            Whether it is under way.
        what : str
            Which one.
        part : float, optional
            How much of it is done, from 0 to 1, where somebody counts. Of several computations
            the bar shows one that is counted.
        """
        self._busy.pop(what, None)
        if busy:
            self._busy[what] = part
        counted = {name: each for name, each in self._busy.items() if each is not None}
        self.progress.setRange(0, _PLACES if counted else 0)  # without a range: to and fro
        tip = ""
        for name, each in counted.items():
            places = int(each * _PLACES)  # not rounded: full is done
            self.progress.setValue(places)
            self.progress.setFormat(f"{100 * places / _PLACES:.1f} %")
            tip = f"{name.capitalize()}: {_COUNTED[name]}"
        self.progress.setToolTip(as_tip(tip))
        self.progress.setVisible(bool(self._busy))
        self.cancel_button.setVisible(bool(self._busy))
        if what == "opening" and not self._said:
            self.point_at(self._point)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the readout lines of its own where the buttons leave it no room."""
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            place, before = (self._rows, self._row) if is_narrow else (self._row, self._rows)
            before.removeWidget(self._readout)
            place.insertWidget(place.count() - (not is_narrow), self._readout, 1)
            side = Qt.AlignmentFlag.AlignLeft if is_narrow else Qt.AlignmentFlag.AlignRight
            self._readout.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def _choose_scale(self, _index: int) -> None:
        self.changed.emit({"color_scale": self._scale.currentData()})

    def _show_home_range(self) -> None:
        self.changed.emit({"range": None})


def _readout(scene: Scene, a: float, b: float) -> str:
    """Return f and ∇f at a point of the map; f nearby where that is code, or takes too long."""
    objective = scene.objective
    if not math.isfinite(objective.effort("value")) or objective.seconds_a_point > _SLOW:
        nearby = scene.landscape.grid.nearest(a, b)
        if math.isnan(nearby):
            return "f is undefined here" if scene.landscape.grid.range.contains(a, b) else ""
        return f"f ≈ {number(nearby, 3)}"
    value = objective.value(a, b)
    if math.isnan(value) and (why := objective.why_undefined(a, b)):
        return f"f is unknown {why}"
    slope = gradient_text(objective, (a, b), objective.gradient(a, b))
    return f"f {number(value, 4)}  ∇f {slope}"
