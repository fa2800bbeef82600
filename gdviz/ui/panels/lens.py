"""What lenses have in common: one that is not open computes nothing."""

from PySide6.QtWidgets import QWidget

from gdviz.scene import Scene
from gdviz.ui.theme import Theme


class Lens(QWidget):
    """A tab at the right. A subclass sets `title` and writes :meth:`refresh`."""

    title = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._step = 0

    def refresh(self) -> None:
        """Show the scene at the step; called while the lens is open, and there is a scene."""

    def stop(self) -> None:
        """Give up the work in the background, if there is any."""

    def set_theme(self, theme: Theme) -> None:
        """Take colours that do not come from the palette, if there are any."""

    def show_scene(self, scene: Scene) -> None:
        """Take a scene."""
        self._scene = scene
        self._refresh_if_open()

    def show_step(self, step: int) -> None:
        """Take another current step."""
        self._step = step
        self._refresh_if_open()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._refresh_if_open()

    def _refresh_if_open(self) -> None:
        if self._scene is not None and self.isVisible():
            self.refresh()
