"""The timeline: the current step, which every view shows."""

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap, QPolygonF
from PySide6.QtWidgets import QSlider, QToolButton, QWidget

from gdviz.experiment.experiment import Experiment
from gdviz.scene.scene import Scene
from gdviz.ui.toolkit.build import combo, label, row
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.theme import BIG_HANDLE

_SPEEDS = (2, 5, 10, 20, 60)  # steps a second
_DEFAULT_SPEED = 10
_ICON = 14  # pixels, in the usual font

#: Buttons: shapes (a bar "|" or a triangle "<" ">"), tooltip.
_BUTTONS = {
    "first": ("|<", "First step ([)"),
    "previous": ("<", "One step back (,)"),
    "play": (">", "Play or pause (Space)"),
    "next": (">|", "One step forward (.)"),
    "last": (">>|", "Last step (])"),
}


class Timeline(QWidget):
    """Chooses the current step of all paths, and plays them.

    At first the last step is current, and stays so when the paths grow longer, until the person
    chooses another one.

    Attributes
    ----------
    preview_changed : Signal(object, int)
        What the store's is, with the step that is current.
    scene_changed : Signal(Scene, int)
        There is another scene, and the step of it that is current.
    step_changed : Signal(int)
        Another step of the same scene is current.
    """

    scene_changed = Signal(object, int)
    preview_changed = Signal(object, int)
    step_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = 0
        self._last = 0
        self._at_end = True
        self._experiment: Experiment | None = None  # whose scene is shown
        self._awaited: tuple[int | None, Experiment] | None = None
        self._is_big = False
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        slots: dict[str, Callable[[], None]] = {
            "first": self.first,
            "previous": self.previous,
            "play": self.toggle_playing,
            "next": self.next,
            "last": self.last,
        }
        self._buttons: dict[str, QToolButton] = {}
        for name, (_, tip) in _BUTTONS.items():
            button = QToolButton(self)
            button.setToolTip(as_tip(tip))
            button.setAccessibleName(tip.partition(" (")[0])
            button.clicked.connect(slots[name])
            self._buttons[name] = button
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setAccessibleName("Step")
        self._slider.setToolTip("The current step, on the map and in every panel")
        self._slider.valueChanged.connect(self.set_step)
        self._label = label(wraps=False, parent=self)
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        speeds = {speed: f"{speed}/s" for speed in _SPEEDS}
        tip = "Steps per second while playing"
        self._speed = combo("Speed", tip, self._choose_speed, speeds, parent=self)
        self._speed.setCurrentIndex(_SPEEDS.index(_DEFAULT_SPEED))
        row(
            *self._buttons.values(), 4, (self._slider, 1), 4, self._label, 6, self._speed,
            inside=self, margins=(8, 4, 12, 0), spacing=2,
        )  # fmt: skip
        self._draw_icons()
        self._show()

    # ---------------------------------------------------------------- showing

    @property
    def step(self) -> int:
        """The current step."""
        return self._step

    @property
    def is_at_end(self) -> bool:
        """Whether the last step is current, and stays so when the paths grow longer."""
        return self._at_end

    def show_scene(self, scene: Scene) -> None:
        """Take the length of a scene's longest path, and hand the scene on with its step."""
        last, shown = max((run.path.updates for run in scene.runs), default=0), self._step
        is_longer = last != self._last
        if is_longer:
            self._last = last
            with QSignalBlocker(self._slider):
                self._slider.setRange(0, last)
                self._slider.setPageStep(max(1, last // 10))
        self._experiment = scene.experiment
        if self._awaited is not None and self._awaited[1] == scene.experiment:
            (step, _), self._awaited = self._awaited, None
            self._at_end = step is None or step >= self._last
            self._step = self._last if step is None else step
        self._step = self._last if self._at_end else min(self._step, self._last)
        if is_longer or self._step != shown:
            self._show()
        self.scene_changed.emit(scene, self._step)

    def show_preview(self, preview: Scene | None) -> None:
        """Hand paths on that stand for those to come, with the step that is current in them."""
        step = self._step
        if preview is not None and self._at_end:
            step = max((run.path.updates for run in preview.runs), default=0)
        self.preview_changed.emit(preview, step)

    def _show(self) -> None:
        with QSignalBlocker(self._slider):
            self._slider.setValue(self._step)
        self._label.setText(f"step {self._step} / {self._last}")
        # As wide as at the last step, so that the slider does not move while it is dragged.
        widest = self.fontMetrics().horizontalAdvance(f"step {self._last} / {self._last}")
        self._label.setMinimumWidth(widest)

    def set_big(self, big: bool) -> None:
        """Be handled from afar, or not."""
        self._is_big = big
        self._slider.setProperty("big", big)
        self._slider.setMinimumHeight(BIG_HANDLE if big else 0)
        self._slider.style().polish(self._slider)  # the style sheet looks at the property once
        self._draw_icons()

    def _draw_icons(self) -> None:
        color = self.palette().color(QPalette.ColorRole.ButtonText).name()
        size = max(_ICON, round(self.fontMetrics().height() * (1.4 if self._is_big else 0.9)))
        for name, (shapes, _) in _BUTTONS.items():
            playing = name == "play" and self._clock.isActive()
            self._buttons[name].setIcon(_icon("||" if playing else shapes, color, size))
            self._buttons[name].setIconSize(QSize(size, size))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (event.Type.PaletteChange, event.Type.StyleChange):
            self._draw_icons()
        elif event.type() == event.Type.FontChange:
            self._draw_icons()
            self._show()

    # ---------------------------------------------------------------- moving

    def await_step(self, step: int | None, experiment: Experiment) -> None:
        """Make a step current, None is the last, once there is the scene of an experiment."""
        self._awaited = None
        if self._experiment == experiment:
            self.set_step(self._last if step is None else step)
        else:
            self._awaited = step, experiment

    def set_step(self, step: int) -> None:
        """Make a step current."""
        self._awaited = None
        self._at_end = step >= self._last
        self._go(min(max(step, 0), self._last))

    def first(self) -> None:
        """Go to the start."""
        self.set_step(0)

    def previous(self) -> None:
        """Go one step back."""
        self.set_step(self._step - 1)

    def next(self) -> None:
        """Go one step on."""
        self.set_step(self._step + 1)

    def last(self) -> None:
        """Go to the last step."""
        self.set_step(self._last)

    def _go(self, step: int) -> None:
        if step != self._step:
            self._step = step
            self._show()
            self.step_changed.emit(step)

    # ---------------------------------------------------------------- playing

    def toggle_playing(self) -> None:
        """Play from here, or from the start if this is the end; or pause."""
        if self._clock.isActive():
            self.pause()
            return
        if self._step >= self._last:
            self.first()
        self._clock.start(1000 // self._speed.currentData())
        self._draw_icons()

    def pause(self) -> None:
        """Stop playing, and stay at this step."""
        self._clock.stop()
        self._draw_icons()

    def _tick(self) -> None:
        self.next()
        if self._step >= self._last:
            self.pause()

    def _choose_speed(self, _index: int) -> None:
        self._clock.setInterval(1000 // self._speed.currentData())


@cache
def _icon(shapes: str, color: str, size: int) -> QIcon:
    """Return an icon of bars and triangles; fonts lack some of these signs."""
    pixmap = QPixmap(2 * size, 2 * size)
    pixmap.setDevicePixelRatio(2 * size / _ICON)  # it is drawn in the usual size
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    widths = [3 if shape == "|" else _ICON / 2 - (1 if len(shapes) > 1 else -2) for shape in shapes]
    gap = 2 if shapes == "||" else 0
    x = (_ICON - sum(widths) - gap * (len(shapes) - 1)) / 2
    for shape, width in zip(shapes, widths, strict=True):
        top, bottom, middle = 2, _ICON - 2, _ICON / 2
        if shape == "|":
            painter.drawRect(QRectF(x, top, width, bottom - top))
        else:
            base, tip = (x, x + width) if shape == ">" else (x + width, x)
            painter.drawPolygon(
                QPolygonF([QPointF(base, top), QPointF(base, bottom), QPointF(tip, middle)])
            )
        x += width + gap
    painter.end()
    pixmap.setDevicePixelRatio(2)
    return QIcon(pixmap)
