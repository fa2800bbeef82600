"""Choosing one of the methods that are shown."""

from PySide6.QtWidgets import QComboBox, QWidget

from gdviz.scene.captions import method_title
from gdviz.scene.palette import path_color
from gdviz.scene.scene import Run, Scene
from gdviz.ui.toolkit.color_icon import color_icon
from gdviz.ui.toolkit.text import as_tip


class MethodChoice(QComboBox):
    """The shown methods by title and colour, each with its row in the experiment."""

    def __init__(self, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Method")
        self.setToolTip(as_tip(tip))
        self._rows: list[tuple[str, str, int]] | None = None  # colour, title and row

    def show_scene(self, scene: Scene, chosen: Run | None) -> None:
        """Show the methods of a scene, and which is chosen."""
        rows = [
            (path_color(run.method, run.index), method_title(run.method), run.index)
            for run in scene.runs
        ]
        if rows != self._rows:  # not in every frame of a drag
            self._rows = rows
            self.clear()
            for color, title, index in rows:
                self.addItem(color_icon(color, 10), title, index)
            self.setEnabled(bool(rows))
        self.setCurrentIndex(self.findData(chosen.index) if chosen else -1)
