"""How a picture is exported: format, size, resolution, panels."""

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from gdviz.export.options import (
    FORMATS,
    MAP_SIZE,
    MAX_DPI,
    MAX_INCHES,
    MIN_DPI,
    MIN_INCHES,
    PANELS_SIZE,
    FigureOptions,
    FigureOptionsError,
)
from gdviz.ui.toolkit.build import combo, label, row
from gdviz.ui.toolkit.text import as_tip
from gdviz.ui.toolkit.widgets.number_field import NumberField


class ExportDialog(QDialog):
    """Asks for the options of a figure; what cannot be drawn keeps the button disabled.

    Parameters
    ----------
    look : FigureOptions
        What the window looks like, and the picture at first: dark, and in three dimensions.
    parent : QWidget, optional
    has_cloud : bool, default False
        Whether the draws of one step lie on the map, and so in the picture, if the person likes.
    """

    def __init__(
        self, look: FigureOptions, parent: QWidget | None = None, *, has_cloud: bool = False
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export picture")
        tip = "PNG is made of pixels; SVG and PDF of lines (except heat maps)"
        formats = {name: name.upper() for name in FORMATS}
        self._format = combo("Format", tip, None, formats, parent=self)
        self._width = self._side("width", MAP_SIZE[0])
        self._height = self._side("height", MAP_SIZE[1])
        self._dpi = NumberField("dpi", 150, minimum=MIN_DPI, maximum=MAX_DPI, step=10, parent=self)
        self._dpi.setToolTip("Pixels per inch; in SVG and PDF for the heat map only")
        self._panels = QCheckBox("Evaluations, gradient error and loss", self)
        self._panels.setToolTip("Draw the three panels as well")
        self._dark = QCheckBox("Dark", self)
        self._dark.setToolTip(
            "Light words on a dark background; the map has the same colours in both"
        )
        self._dark.setChecked(look.theme == "dark")
        self._relief = QCheckBox("The surface as it is seen in 3-D", self)
        self._relief.setToolTip("In place of the map: heights are on the map's colour scale")
        self._relief.setChecked(look.relief)
        self._cloud = QCheckBox("The step by other draws, as on the map", self)
        self._cloud.setToolTip("Where the step would have led, the mean and one standard deviation")
        self._cloud.setChecked(has_cloud)
        self._pixels = label(kind="muted", wraps=False, parent=self)
        self._error = label(kind="error", parent=self)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

        times, inches = (label(text, wraps=False, parent=self) for text in ("×", "inches"))
        size = row(self._width, times, self._height, inches)
        form = QFormLayout()
        form.addRow("Format", self._format)
        form.addRow("Size", size)
        form.addRow("Resolution", self._dpi)
        form.addRow("", self._pixels)
        form.addRow("3-D", self._relief)
        form.addRow("Panels", self._panels)
        if has_cloud:
            form.addRow("Draws", self._cloud)
        self._cloud.setVisible(has_cloud)
        form.addRow("Background", self._dark)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self._error)
        layout.addWidget(self._buttons)

        self._panels.toggled.connect(self._suggest_size)
        for field in (self._width, self._height, self._dpi):
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
        )

    def has_cloud(self) -> bool:
        """Return whether the draws of one step are drawn."""
        return self._cloud.isChecked()

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

    def _check(self, _value: float = 0.0) -> None:
        for field in (self._width, self._height, self._dpi):
            if field.error():
                self._refuse(field.error())
                return
        try:
            width, height = self.options().pixels
        except FigureOptionsError as error:
            self._refuse(f"{error}.")
            return
        self._error.clear()
        self._pixels.setText(f"{width:,} × {height:,} pixels")
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(True)

    def _refuse(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(False)
