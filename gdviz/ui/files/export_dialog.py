"""How a picture is exported: format, size, resolution, panels; with a preview."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from gdviz.base.format import capitalized
from gdviz.export.options import (
    FORMATS,
    MAP_SIZE,
    MAX_DPI,
    MAX_INCHES,
    MAX_POINTS,
    MIN_DPI,
    MIN_INCHES,
    MIN_POINTS,
    PANELS_SIZE,
    SLIDE_SIZE,
    FigureOptions,
    FigureOptionsError,
    Theme,
    format_of,
    ground_note,
    written_size,
)
from gdviz.scene.animation.frames import Frame
from gdviz.ui.tasks.failure_text import failure
from gdviz.ui.tasks.task import Job, Newer, Task
from gdviz.ui.toolkit.build import column, combo, label, row
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.tab_order import tab_through
from gdviz.ui.toolkit.text import DialogButtons, PlainLabel, as_caption, as_tip
from gdviz.ui.toolkit.widgets.message_label import as_sentence
from gdviz.ui.toolkit.widgets.number_field import NumberField

_PREVIEW = 420  #: pixels: the longer side of the preview
_AFTER_MS = 200  #: after which another preview is drawn, in which nothing changed
#: What is seen where a picture has no ground: squares, in the greys of what it is meant for.
_SQUARE = 8
_SQUARES: Mapping[Theme, tuple[str, str]] = MappingProxyType(
    {"light": ("#ffffff", "#e9ecef"), "dark": ("#15181d", "#242a32")}
)
_POINTS = 10.0  #: the size of words that a person begins with who chooses one
_KEPT = "export/"
#: Sizes that are often wanted, in inches; the first is any other.
_SHAPES: Mapping[str, tuple[float, float] | None] = MappingProxyType(
    {"own size": None, "4:3": MAP_SIZE, "with panels": PANELS_SIZE, "16:9": SLIDE_SIZE}
)

#: Draws a PNG with options, up to a step or whole, and with what is of one step or without.
Draw = Callable[[FigureOptions, int | None, bool], bytes]


def of_step(frame: Frame) -> tuple[str, ...]:
    """Return what a frame has on its map of one step, in words."""
    parts = (
        ("the circle of steps", frame.circle),
        ("the step by other draws", frame.clouds),
        ("Taylor models", frame.models),
    )
    return tuple(name for name, part in parts if part)


class ExportDialog(QDialog):
    """Asks for the options of a figure; what cannot be drawn keeps the button disabled.

    Parameters
    ----------
    look : FigureOptions
        What the window looks like, and the picture at first: dark, and in three dimensions.
    parent : QWidget, optional
    of_step : sequence of str, default ()
        What the Step lens laid on the map, in words; it is in the picture, if the person likes.
    step : int, optional
        The current step, up to which paths can be drawn; None where that is the last.
    draw : callable, optional
        Draws the preview, in the background; see :data:`Draw`.
    settings : Settings, optional
        Where choices are kept for the next time.
    """

    def __init__(
        self,
        look: FigureOptions,
        parent: QWidget | None = None,
        *,
        of_step: Sequence[str] = (),
        step: int | None = None,
        draw: Draw | None = None,
        settings: Settings | None = None,
    ) -> None:
        super().__init__(parent)
        self._step, self._draw, self._settings = step, draw, settings
        self._is_dark_around = look.theme == "dark"
        self.setWindowTitle("Export picture")
        tip = (
            "PNG is made of pixels; SVG, PDF, EPS and PGF of lines (except heat maps, in EPS with "
            "their contours). LaTeX sets a PGF in its own fonts"
        )
        formats = {name: name.upper() for name in FORMATS}
        self._format = combo("Format", tip, None, formats, parent=self)
        self._width = self._side("width", MAP_SIZE[0])
        self._height = self._side("height", MAP_SIZE[1])
        self._dpi = NumberField("dpi", 150, minimum=MIN_DPI, maximum=MAX_DPI, step=10, parent=self)
        self._dpi.setToolTip("Pixels per inch; of all but PNG for the heat map only")
        self._panels = QCheckBox("Evaluations, gradient error and loss", self)
        self._panels.setToolTip("Draw the three panels as well")
        tip = "16:9 is the shape of slides; panels then stand beside the map"
        self._shape = combo("Shape", tip, self._choose_shape, list(_SHAPES), parent=self)
        self._own_font = QCheckBox("Words of", self)
        self._own_font.setToolTip("Words of a size in points; else as fits the picture's size")
        self._points = NumberField(
            "font size", _POINTS, minimum=MIN_POINTS, maximum=MAX_POINTS, step=1, parent=self
        )
        self._points.setToolTip("The size of words in points")
        self._transparent = QCheckBox("Transparent", self)
        self._transparent.setToolTip("No ground around the map: what lies under it shows")
        paths = {"whole": "whole", "step": f"up to step {step}"}
        self._paths = combo("Paths", "How far paths are drawn", self._check, paths, parent=self)
        self._dark = QCheckBox("Dark", self)
        self._dark.setToolTip(
            "Light words on a dark background; the map has the same colours in both"
        )
        self._dark.setChecked(self._is_dark_around)
        self._relief = QCheckBox("The surface as it is seen in 3-D", self)
        self._relief.setToolTip("In place of the map: heights are on the map's colour scale")
        self._relief.setChecked(look.relief)
        of_step_too = capitalized(f"{' and '.join(of_step)}, as on the map")
        self._of_step = QCheckBox(as_caption(of_step_too), self)
        self._of_step.setToolTip("What the Step lens lays on the map of one step")
        self._of_step.setChecked(bool(of_step))
        self._written = label(kind="muted", wraps=False, parent=self)
        self._note = label(kind="muted", parent=self)
        self._error = label(kind="error", parent=self)
        self._buttons = DialogButtons(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

        times, inches = (label(text, wraps=False, parent=self) for text in ("×", "inches"))
        size = row(self._width, times, self._height, inches, self._shape)
        points = label("points", wraps=False, parent=self)
        form = QFormLayout()
        form.addRow("Format", self._format)
        form.addRow("Size", size)
        form.addRow("Resolution", self._dpi)
        form.addRow("", self._written)
        if step is not None:
            form.addRow("Paths", self._paths)
        self._paths.setVisible(step is not None)
        form.addRow("3-D", self._relief)
        form.addRow("Panels", self._panels)
        if of_step:
            form.addRow("Step", self._of_step)
        self._of_step.setVisible(bool(of_step))
        form.addRow("Font size", row(self._own_font, self._points, points, None))
        form.addRow("Background", row(self._dark, self._transparent, None))
        form.addRow("", self._note)
        self._preview = PlainLabel(self)
        self._preview.setAccessibleName("Preview")
        self._preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._preview.setMinimumSize(_PREVIEW, _PREVIEW)
        self._preview.setText("Drawing the preview…")
        self._preview.setVisible(draw is not None)
        layout = QVBoxLayout(self)
        layout.addLayout(row(column(form, None), self._preview, spacing=16))
        layout.addWidget(self._error)
        layout.addWidget(self._buttons)
        tab_through(
            self._format, self._width, self._height, self._shape, self._dpi, self._paths,
            self._relief, self._panels, self._of_step, self._own_font, self._points, self._dark,
            self._transparent, self._buttons,
        )  # fmt: skip

        self._drawing = Task(_preview, self._show_preview, self._fail, newer=Newer.REPLACES,
                             parent=self)  # fmt: skip
        self._later = QTimer(self, singleShot=True, interval=_AFTER_MS)
        self._later.timeout.connect(self._ask_preview)
        self.finished.connect(self._stop)
        self._restore()
        self._format.currentIndexChanged.connect(self._check)
        self._panels.toggled.connect(self._suggest_size)
        for box in (self._dark, self._relief, self._of_step, self._own_font, self._transparent):
            box.toggled.connect(self._check)
        for field in (self._width, self._height, self._dpi, self._points):
            field.value_edited.connect(self._check)
            field.rejected.connect(self._refuse)
            field.accepted.connect(self._check)
        self._check()

    def _side(self, name: str, inches: float) -> NumberField:
        field = NumberField(
            name, inches, minimum=MIN_INCHES, maximum=MAX_INCHES, step=0.5, parent=self
        )
        field.setToolTip(as_tip(f"The picture's {name} in inches"))
        return field

    def options(self) -> FigureOptions:
        """Return the options.

        Raises
        ------
        FigureOptionsError
            If the numbers do not fit together.
        """
        return FigureOptions(
            size=(self._width.value(), self._height.value()),
            dpi=self._dpi.value(),
            panels=self._panels.isChecked(),
            theme="dark" if self._dark.isChecked() else "light",
            relief=self._relief.isChecked(),
            font_size=self._points.value() if self._own_font.isChecked() else None,
            transparent=self._transparent.isChecked(),
        )

    def step(self) -> int | None:
        """Return the step up to which paths are drawn; None draws them whole."""
        return self._step if self._paths.currentData() == "step" else None

    def has_of_step(self) -> bool:
        """Return whether what the Step lens laid on the map is drawn."""
        return self._of_step.isChecked()

    def suffix(self) -> str:
        """Return the chosen format as a file's ending."""
        return f".{self._format.currentData()}"

    def _suggest_size(self, panels: bool) -> None:
        """Make room for the panels, unless the person chose a size of their own."""
        before, after = (MAP_SIZE, PANELS_SIZE) if panels else (PANELS_SIZE, MAP_SIZE)
        if (self._width.value(), self._height.value()) == before:
            self._width.set_value(after[0], force=True)
            self._height.set_value(after[1], force=True)
        self._check()

    def _choose_shape(self, _index: int) -> None:
        if size := _SHAPES[self._shape.currentText()]:
            self._width.set_value(size[0], force=True)
            self._height.set_value(size[1], force=True)
            self._check()

    def _check(self, _value: object = None) -> None:
        size = self._width.value(), self._height.value()
        shapes = [*_SHAPES.values()]
        self._shape.setCurrentIndex(shapes.index(size) if size in shapes else 0)
        self._points.setEnabled(self._own_font.isChecked())
        for field in (self._width, self._height, self._dpi, self._points):
            if field.error():
                self._refuse(field.error())
                return
        try:
            # It may not be there, as LaTeX may not be.
            chosen, options = format_of(f"picture{self.suffix()}"), self.options()
        except FigureOptionsError as error:
            is_format = error.field == "format"
            self._refuse(as_sentence(error.message if is_format else str(error)))
            return
        self._error.clear()
        self._written.setText(written_size(options, chosen))
        note = ground_note(options, chosen)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(True)
        if self._draw is not None:
            self._later.start()

    def _refuse(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(False)

    # ---------------------------------------------------------------- the preview

    def _ask_preview(self) -> None:
        try:
            options = self.options()
        except FigureOptionsError:
            return  # which is said
        dpi = max(MIN_DPI, min(options.dpi, 2 * _PREVIEW / max(options.inches)))
        seen = replace(options, dpi=dpi)
        self._drawing.request(self._draw, seen, self.step(), self.has_of_step())

    def _show_preview(self, data: bytes) -> None:
        picture = QPixmap()
        picture.loadFromData(data)
        if max(picture.width(), picture.height()) > _PREVIEW:
            picture = picture.scaled(
                _PREVIEW, _PREVIEW, Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )  # fmt: skip
        self._preview.setPixmap(_on_squares(picture, self._dark.isChecked()))

    def _fail(self, error: Exception) -> None:
        self._preview.setText(failure(error, "The preview"))

    def _stop(self) -> None:
        self._later.stop()
        self._drawing.stop()

    # ---------------------------------------------------------------- from one time to the next

    def _choices(self) -> dict[str, tuple[Callable[[], Any], Callable[[Any], object]]]:
        """Return what is kept by its name: how it is read, and how it is chosen."""
        numbers = {
            "width": self._width, "height": self._height, "dpi": self._dpi, "points": self._points
        }  # fmt: skip
        boxes = {
            "panels": self._panels, "own font": self._own_font, "transparent": self._transparent
        }  # fmt: skip
        # Of the theme it is kept whether it is the window's, which may be another one next time.
        other = (self._has_other_theme, self._take_other_theme)
        lists = {"format": self._format}
        if self._step is not None:  # else nothing was chosen
            lists["paths"] = self._paths
        return {
            **{name: (field.value, field.set_value) for name, field in numbers.items()},
            **{name: (box.isChecked, box.setChecked) for name, box in boxes.items()},
            "other theme": other,
            **{name: (box.currentData, partial(_choose, box)) for name, box in lists.items()},
        }

    def _has_other_theme(self) -> bool:
        return self._dark.isChecked() != self._is_dark_around

    def _take_other_theme(self, other: bool) -> None:
        self._dark.setChecked(other != self._is_dark_around)

    def accept(self) -> None:
        """Keep the choices for the next time."""
        if self._settings is not None:
            choices = self._choices().items()
            self._settings.write({_KEPT + name: value() for name, (value, _) in choices})
        super().accept()

    def _restore(self) -> None:
        """Take the choices of the last time; what is not understood is left out."""
        if self._settings is None:
            return
        for name, (value, choose) in self._choices().items():
            kept, usual = self._settings.value(_KEPT + name), value()
            if isinstance(usual, bool):
                choose(kept in (True, "true"))
            elif isinstance(usual, str):
                choose(kept)
            else:
                choose(_number(kept, usual))
        try:
            self.options()
        except FigureOptionsError:
            at_first = (*MAP_SIZE, 150.0, _POINTS)
            fields = (self._width, self._height, self._dpi, self._points)
            for field, usual in zip(fields, at_first, strict=True):
                field.set_value(usual, force=True)


def _choose(box: QComboBox, data: object) -> None:
    """Choose what has these data, or the first where nothing has."""
    box.setCurrentIndex(max(0, box.findData(data)))


def _number(kept: object, usual: float) -> float:
    """Return a number that was kept as text, or the usual one where it is none."""
    try:
        number = float(kept) if isinstance(kept, (str, float)) else usual
    except ValueError:
        return usual
    return number if math.isfinite(number) else usual


def _on_squares(picture: QPixmap, is_dark: bool) -> QPixmap:
    """Return a picture on a chequered ground, which shows through where it is transparent."""
    even, odd = map(QColor, _SQUARES["dark" if is_dark else "light"])
    tile = QPixmap(2 * _SQUARE, 2 * _SQUARE)
    tile.fill(even)
    painter = QPainter(tile)
    painter.fillRect(_SQUARE, 0, _SQUARE, _SQUARE, odd)
    painter.fillRect(0, _SQUARE, _SQUARE, _SQUARE, odd)
    painter.end()
    seen = QPixmap(picture.size())
    painter = QPainter(seen)
    painter.drawTiledPixmap(seen.rect(), tile)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return seen


def _preview(
    _job: Job, draw: Draw, options: FigureOptions, step: int | None, has_of_step: bool
) -> bytes:
    return draw(options, step, has_of_step)
