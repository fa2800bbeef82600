"""What lenses have in common: built when first opened, and computing nothing while closed."""

from PySide6.QtWidgets import QWidget

from gdviz.scene import Scene
from gdviz.ui.theme import Theme


class Lens(QWidget):
    """A tab at the right, built when it is first opened: the first frame does not wait for it.

    A subclass sets `title`, and writes :meth:`build` and :meth:`refresh`.
    """

    title = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._step = 0
        self._theme: Theme | None = None
        self._is_built = False

    def build(self) -> None:
        """Make what is inside; called once, before the lens is first opened."""

    def refresh(self) -> None:
        """Show the scene at the step; called while the lens is open, and there is a scene."""

    def recolor(self, theme: Theme) -> None:
        """Take colours that do not come from the palette, if there are any; called once built."""

    def choose_view(self, name: str) -> None:
        """Open one of several views, by its name; a lens of one view has none to open."""

    def stop(self) -> None:
        """Give up the work in the background, if there is any."""

    def set_theme(self, theme: Theme) -> None:
        """Take a theme."""
        self._theme = theme
        if self._is_built:
            self.recolor(theme)

    def show_scene(self, scene: Scene) -> None:
        """Take a scene."""
        self._scene = scene
        self._refresh_if_open()

    def show_step(self, step: int) -> None:
        """Take another current step."""
        self._step = step
        self._refresh_if_open()

    def setVisible(self, visible: bool) -> None:
        # A child made in showEvent would come too late to be laid out and shown with the rest.
        if visible and not self._is_built:
            self._is_built = True
            self.build()
            if self._theme is not None:
                self.recolor(self._theme)
        super().setVisible(visible)

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._refresh_if_open()

    def _refresh_if_open(self) -> None:
        if self._scene is not None and self.isVisible():
            self.refresh()
