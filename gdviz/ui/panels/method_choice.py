"""Choosing one of the methods that are shown."""

from PySide6.QtWidgets import QComboBox, QWidget

from gdviz.palette import path_color
from gdviz.scene import Run, Scene
from gdviz.ui.color_icon import color_icon
from gdviz.words import method_title


class MethodChoice(QComboBox):
    """The shown methods by title and colour, each with its row in the experiment."""

    def __init__(self, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Method")
        self.setToolTip(tip)

    def show_scene(self, scene: Scene, chosen: Run | None) -> None:
        """Show the methods of a scene, and which is chosen."""
        rows = [(method_title(run.method), run.index) for run in scene.runs]
        if rows != [(self.itemText(i), self.itemData(i)) for i in range(self.count())]:
            self.clear()
            for title, index in rows:
                self.addItem(title, index)
        for i, run in enumerate(scene.runs):
            self.setItemIcon(i, color_icon(path_color(run.method, run.index), 10))
        self.setCurrentIndex(self.findData(chosen.index) if chosen else -1)
        self.setEnabled(bool(rows))
