"""What is chosen of an animation: what moves, how it looks, and how it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QGroupBox, QLayout, QStackedWidget, QWidget

from gdviz.base.format import capitalized
from gdviz.experiment.validation import BOUNDS
from gdviz.export.animation.formats import ANIMATION_FORMATS, fitted
from gdviz.export.options import MAP_SIZE, PANELS_SIZE, FigureOptions
from gdviz.scene.animation.animation_error import AnimationError
from gdviz.scene.animation.basins_on_map import BasinsOnMap
from gdviz.scene.animation.frames import (
    MOST_DEGREES,
    MOST_FRAMES,
    SIGNS,
    End,
    Over,
    Plan,
    longest_path,
    plan_frames,
    usual_ends,
)
from gdviz.scene.animation.motion import FPS, LOOPS, PAUSE, Motion
from gdviz.scene.scene import Point, Scene
from gdviz.scene.step_cloud import drawing_runs
from gdviz.ui.toolkit.build import check, column, combo, label, row
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.field_errors import FieldErrors
from gdviz.ui.toolkit.widgets.number_field import NumberField

_OVERS: Mapping[Over, tuple[str, str]] = MappingProxyType(
    {
        "steps": ("The steps", "The paths grow to their ends"),
        "epsilon": ("ε", "All paths, while ε is turned by the same factor from frame to frame"),
        "alpha": ("α", "All paths, while α is turned by the same factor from frame to frame"),
        "eta": ("η", "The circle of steps of length η around the start, and the best of them"),
        "start": ("The start", "All paths, while the start moves along a line"),
    }
)
_NAMES = 66  #: pixels: of the names of the fields
#: Pixels: of a side at least and at most, and an inch of a picture of the usual size.
_SIDE, _DPI = (160, 7680), 100.0
_MAP, _PANELS = ((_DPI * width, _DPI * height) for width, height in (MAP_SIZE, PANELS_SIZE))


@dataclass(frozen=True, eq=False)
class Chosen:
    """What was chosen.

    Attributes
    ----------
    plan : Plan
        What each frame shows.
    options : FigureOptions
        How a frame looks.
    motion : Motion
        How fast it goes.
    suffix : str
        The format, as a file's name ends in it.
    note : str
        What there is to say of the size.
    """

    plan: Plan
    options: FigureOptions
    motion: Motion
    suffix: str
    note: str


class AnimationChoices(QWidget):
    """The fields, with what is wrong with them below.

    Parameters
    ----------
    scene : Scene
        What is to move.
    usual : FigureOptions
        The theme at first, and whether in three dimensions.
    basins : BasinsOnMap
        What lies on the map.
    parent : QWidget

    Attributes
    ----------
    changed : Signal()
        Something else is chosen, or refused.
    """

    changed = Signal()

    def __init__(
        self, scene: Scene, usual: FigureOptions, basins: BasinsOnMap, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._scene, self._basins = scene, basins
        self._fields: list[NumberField] = []
        self._ends: dict[Over, list[NumberField]] = {}
        self._pages = QStackedWidget(self), QStackedWidget(self)
        self.over = combo(
            "What moves", "What changes from frame to frame", self._choose_over,
            {over: title for over, (title, _) in _OVERS.items()},
            [tip for _, tip in _OVERS.values()], parent=self,
        )  # fmt: skip
        for over in _OVERS:
            self._add_pages(over)
        self._frames = self._number(
            "frames", self._usual_frames(), 2, MOST_FRAMES, "How many frames", integer=True
        )
        self._orbit = self._number(
            "orbit", 0.0, -MOST_DEGREES, MOST_DEGREES,
            "Degrees by which the view goes around the surface meanwhile",
        )  # fmt: skip
        self._build_look(usual)
        self._build_file()
        self._errors = FieldErrors(self)
        self._errors.watch(self._fields)
        column(*self._groups(), self._errors, None, inside=self)
        for field in self._fields:
            field.value_edited.connect(self._change)
            field.rejected.connect(self._change)
            field.accepted.connect(self._change)
        self._show_state()

    # ---------------------------------------------------------------- building

    def _number(
        self, name: str, value: float, least: float, most: float, tip: str, **how: Any
    ) -> NumberField:
        made = NumberField(name, value, minimum=least, maximum=most, parent=self, **how)
        made.setToolTip(as_tip(tip))
        self._fields.append(made)
        return made

    def _add_pages(self, over: Over) -> None:
        """Add the fields of from where to where something goes."""
        self._ends[over] = []
        for pages, end, word in zip(
            self._pages, usual_ends(self._scene, over), ("from", "to"), strict=True
        ):
            if isinstance(end, tuple):
                fields = self._point(end, word)
            else:
                fields = [self._value(over, end, word)]
            self._ends[over] += fields
            page = QWidget(self)
            row(*fields, inside=page)
            pages.addWidget(page)

    def _point(self, point: Point, word: str) -> list[NumberField]:
        """Return the fields of a point from which, or to which, the start moves."""
        names = self._scene.experiment.function.parameters
        bounds = BOUNDS["start"]
        return [
            self._number(f"{name} {word}", value, *bounds, f"{name} of the start, {word}")
            for name, value in zip(names, point, strict=True)
        ]

    def _value(self, over: Over, value: float, word: str) -> NumberField:
        """Return the field of a number from which, or to which, something is turned."""
        name, tip = f"{SIGNS[over]} {word}", f"What {SIGNS[over]} is in the first or last frame"
        if over == "steps":
            longest = max(longest_path(self._scene), 1)
            return self._number(name, value, 0, longest, tip, integer=True)
        return self._number(name, value, *BOUNDS[over], tip, scale="log")

    def _build_look(self, usual: FigureOptions) -> None:
        tips = "Pixels from left to right", "Pixels from top to bottom"
        self._width, self._height = (
            self._number(name, side, *_SIDE, tip, integer=True)
            for name, side, tip in zip(("width", "height"), _MAP, tips, strict=True)
        )
        tip = "Draw evaluations, gradient error and loss as well"
        self._panels = check("Panels", tip, self._suggest_size, self)
        tip = "Draw where each step would have led by other draws of each random estimate"
        self._cloud = check("Cloud", tip, self._change, self)
        tip = "Draw the surface in three dimensions, as the experiment's camera sees it"
        self._relief = check("In 3-D", tip, self._change, self)
        self._dark = check("Dark", "Light words on a dark background", self._change, self)
        self._dark.setChecked(usual.theme == "dark")
        self._relief.setChecked(usual.relief)

    def _build_file(self) -> None:
        tip = "GIF, WebP and APNG play by themselves; MP4 and WebM are videos"
        formats = {suffix: each.title for suffix, each in ANIMATION_FORMATS.items()}
        self._format = combo("Format", tip, self._change, formats, parent=self)
        usual = Motion()
        self._fps = self._number("frames a second", usual.fps, *FPS, "Frames a second")
        tip = "Seconds for which the last frame is seen longer"
        self._pause = self._number("pause", usual.pause, *PAUSE, tip)
        tip = "How often it is seen; 0 is for ever"
        self._loops = self._number("loops", usual.loops, *LOOPS, tip, integer=True)

    def _group(self, title: str, *rows: tuple[str, QWidget | QLayout]) -> QGroupBox:
        """Return a group whose fields begin where those of the other groups do."""
        group = QGroupBox(title, self)
        form = QFormLayout(group)
        for name, field in rows:
            said = label(name, wraps=False, parent=group)
            said.setMinimumWidth(_NAMES)
            form.addRow(said, field)
        return group

    def _groups(self) -> list[QGroupBox]:
        def muted(text: str) -> QWidget:
            return label(text, kind="muted", wraps=False, parent=self)

        moves = self._group(
            "What moves", ("Over", self.over), ("From", self._pages[0]), ("To", self._pages[1]),
            ("Frames", self._frames),
        )  # fmt: skip
        pictures = self._group(
            "Pictures", ("Pixels", row(self._width, muted("×"), self._height)),
            ("Draw", row(self._panels, self._relief, self._dark, self._cloud, None)),
            ("Orbit", row(self._orbit, muted("degrees, in 3-D"))),
        )  # fmt: skip
        file = self._group(
            "File", ("Format", self._format), ("Speed", row(self._fps, muted("frames a second"))),
            ("End pause", row(self._pause, muted("seconds"))),
            ("Loops", row(self._loops, muted("0 is for ever"))),
        )  # fmt: skip
        return [moves, pictures, file]

    # ---------------------------------------------------------------- what was chosen

    def chosen(self) -> Chosen:
        """Return what was chosen.

        Raises
        ------
        AnimationError
            If a field refuses what is typed, or the numbers do not fit together.
        """
        if any(field.error() for field in self._used()):
            raise AnimationError("", "")  # which the field says
        over, relief = self.current_over(), self._relief.isChecked()
        orbit = self._orbit.value() if relief else 0.0
        frames = int(self._frames.value())
        cloud = self._cloud.isEnabled() and self._cloud.isChecked()
        plan = plan_frames(self._scene, over, *self.ends(), frames, orbit, self._basins, cloud)
        motion = Motion(self._fps.value(), self._pause.value(), int(self._loops.value()))
        suffix: str = self._format.currentData()
        options, note = fitted(self._options(), f"animation.{suffix}")
        return Chosen(plan, options, motion, suffix, note)

    def current_over(self) -> Over:
        """Return what moves."""
        over: Over = self.over.currentData()
        return over

    def ends(self) -> tuple[End, End]:
        """Return from where to where."""
        numbers = [field.value() for field in self._ends[self.current_over()]]
        if len(numbers) == 2:
            return numbers[0], numbers[1]
        return (numbers[0], numbers[1]), (numbers[2], numbers[3])

    def line(self) -> tuple[Point, Point] | None:
        """Return the line along which the start moves; None where something else does."""
        if self.current_over() != "start":
            return None
        a, b, c, d = (field.value() for field in self._ends["start"])
        return (a, b), (c, d)

    def set_line(self, first: Point, last: Point) -> None:
        """Take the line that a start is to move along."""
        for field, value in zip(self._ends["start"], (*first, *last), strict=True):
            field.set_value(value, force=True)
        self._change()

    def set_format(self, suffix: str) -> None:
        """Choose a format."""
        self._format.setCurrentIndex(self._format.findData(suffix))
        self._change()

    def _options(self) -> FigureOptions:
        """Return how a frame looks; words are as large as in a picture of the usual size."""
        width, height, panels = self._width.value(), self._height.value(), self._panels.isChecked()
        usual = PANELS_SIZE if panels and width <= 1.4 * height else MAP_SIZE
        dpi = min(width / usual[0], height / usual[1])
        return FigureOptions(
            (width / dpi, height / dpi), dpi, panels,
            "dark" if self._dark.isChecked() else "light", self._relief.isChecked(),
        )  # fmt: skip

    def _usual_frames(self) -> int:
        try:
            return len(plan_frames(self._scene, self.current_over(), *self.ends()))
        except AnimationError:
            return 60

    # ---------------------------------------------------------------- what follows from it

    def _used(self) -> list[NumberField]:
        """Return the fields that count."""
        others = {
            field for over, ends in self._ends.items() if over != self.current_over()
            for field in ends
        }  # fmt: skip
        return [field for field in self._fields if field not in others and field.isEnabled()]

    def _choose_over(self, index: int) -> None:
        for pages in self._pages:
            pages.setCurrentIndex(index)
        self._frames.set_value(self._usual_frames(), force=True)
        self._change()

    def _suggest_size(self) -> None:
        """Make room for the panels, unless the person chose a size of their own."""
        before, after = (_MAP, _PANELS) if self._panels.isChecked() else (_PANELS, _MAP)
        if (self._width.value(), self._height.value()) == before:
            self._width.set_value(after[0], force=True)
            self._height.set_value(after[1], force=True)
        self._change()

    def _change(self, _value: object = None) -> None:
        self._show_state()
        self.changed.emit()

    def _show_state(self) -> None:
        self._orbit.setEnabled(self._relief.isChecked())
        draws = self.current_over() == "steps" and bool(drawing_runs(self._scene))
        self._cloud.setEnabled(draws)
        self._loops.setEnabled(ANIMATION_FORMATS[self._format.currentData()].loops)


def sentence_of(error: AnimationError) -> str:
    """Return what is refused as a sentence; empty where a field says it."""
    field = {"over": "", "format": "", "": ""}.get(error.field, f"{capitalized(error.field)}: ")
    return f"{capitalized(f'{field}{error.message}')}." if error.message else ""
