"""What is not to be seen on the map, or in three dimensions, in words at its foot."""

from PySide6.QtCore import QEvent, QObject, Qt

from gdviz.scene.absences import missing_on_map, preview_sentence
from gdviz.scene.scene import Scene
from gdviz.ui.map.relief.place import MapPlace
from gdviz.ui.toolkit.text import PlainLabel

#: Pixels above the map's lower edge, where its axis is, and at its right, where its colours are.
_AWAY, _BAR = 44, 90


class MapNotice(PlainLabel):
    """Lies at the foot of the map, and lets the mouse through.

    Parameters
    ----------
    covered : MapPlace
        The map's place.
    """

    def __init__(self, covered: MapPlace) -> None:
        super().__init__(covered)
        self._covered = covered
        self._scene: Scene | None = None
        self._preview = ""
        self.setProperty("card", True)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        covered.installEventFilter(self)
        covered.currentChanged.connect(self._change)

    def show_scene(self, scene: Scene) -> None:
        """Say what a scene's map does not show."""
        self._scene, self._preview = scene, ""
        self._say()

    def show_preview(self, preview: Scene | None) -> None:
        """Say that the map's paths, or it as well, are over some rows of the data, or no longer."""
        self._preview = ""
        if preview is not None and (data := preview.experiment.function.data_set) is not None:
            has_map = self._scene is None or preview.landscape is not self._scene.landscape
            self._preview = preview_sentence(preview.objective.rows, data.rows, has_map=has_map)
        self._say()

    def _change(self) -> None:
        self.raise_()  # the page that comes covers all others
        self._say()

    def _say(self) -> None:
        relief = self._covered.draws_relief
        said = [*missing_on_map(self._scene, relief=relief)] if self._scene else []
        if self._preview and not relief:  # which goes on to show the picture before
            said.insert(0, self._preview)
        text = "\n".join(said)
        if text != self.text():
            self.setText(text)
            self.setVisible(bool(text))
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        room = self._covered.width() - _BAR
        width = max(80, min(360, room - 20))
        self.resize(width, self.heightForWidth(width))
        left = max(0, room - width) // 2
        self.move(left, self._covered.height() - self.height() - _AWAY)
        self.raise_()
