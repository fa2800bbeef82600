"""The picture that is not of what is chosen: it is veiled until there is one that is.

A person's own code may raise, or take longer than it may, and any computation can be given up.
Then controls and picture part. Of code, the map comes before its paths: then it is only what shows
paths that is veiled. They do not part where a formula cannot be read: no experiment is made
of it, and controls and picture go on to be those of the last one that could.
"""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from gdviz.experiment.experiment import Experiment
from gdviz.experiment.function import AnyFunction
from gdviz.scene.captions import pretty
from gdviz.scene.scene import Scene
from gdviz.ui.map.relief.place import MapPlace
from gdviz.ui.store.store import Store, is_ground_of
from gdviz.ui.toolkit.widgets.veil import Veil

_PATIENCE_MS = 600  #: for which the picture before may stand: nobody is misled that fast
_LONGEST = 40  #: characters of a formula that stands for its name


class StalePicture(QObject):
    """Compares the store's scene with its experiment, and veils the views of scenes.

    Parameters
    ----------
    store : Store
        Who holds both.
    map_place : MapPlace
        Where the veil says so as well.
    views : iterable of QWidget
        The other views of scenes.
    parent : QObject, optional
    """

    def __init__(
        self,
        store: Store,
        map_place: MapPlace,
        views: Iterable[QWidget],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self.veil = Veil(map_place, speaks=True)
        self._veils = [self.veil, *map(Veil, views)]
        self._map_place = map_place
        map_place.currentChanged.connect(self._look_again)
        self._has_preview = False  # whether the map is drawn over some rows of the data
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._look)
        store.experiment_changed.connect(self._wait)
        store.scene_changed.connect(self._lift)
        store.preview_changed.connect(self._show_preview)
        store.busy_changed.connect(self._look_soon)
        store.failed.connect(self._look_soon)

    def _show_preview(self, preview: Scene | None) -> None:
        self._has_preview = preview is not None
        self._look_again()

    def _look_again(self) -> None:
        if any(veil.sentence() for veil in self._veils):
            self._look()

    def _wait(self) -> None:
        self._later.start(_PATIENCE_MS)
        self._lift()  # undo may lead back to what is seen

    def _look_soon(self) -> None:
        if not self._store.is_busy():  # it failed, or was given up
            self._later.start(0)

    def _lift(self) -> None:
        if self._is_current():
            self._has_preview = False
            self._later.stop()
            self._say("")
        elif self._store.scene is not None and is_ground_of(
            self._store.scene, self._store.experiment
        ):
            self._look()

    def _look(self) -> None:
        store = self._store
        if store.scene is not None and not self._is_current():
            is_coming = store.is_busy()
            if is_ground_of(store.scene, store.experiment):
                name = _name_of(store.experiment.function)
                what = "are being computed" if is_coming else "were not computed"
                self._say(f"The paths of {name} {what}.", of_map=not is_coming)
            else:
                said = said_of(store.scene.experiment, store.experiment, is_coming)
                # In three dimensions the picture before goes on to be seen.
                has_map = self._has_preview and not self._map_place.draws_relief
                self._say(said, of_map=not has_map)

    def _is_current(self) -> bool:
        scene = self._store.scene
        return scene is not None and scene.experiment is self._store.experiment

    def _say(self, sentence: str, *, of_map: bool = True) -> None:
        for veil in self._veils:
            said = sentence if of_map or veil is not self.veil else ""
            if said != veil.sentence():
                veil.show_sentence(said)


def said_of(seen: Experiment, chosen: Experiment, is_coming: bool) -> str:
    """Say what is still seen; nothing where it is another stage of the same function.

    Parameters
    ----------
    seen, chosen : Experiment
        What the picture is of, and what it is not yet of.
    is_coming : bool
        Whether the picture of the chosen one is being computed.
    """
    if seen.function.identity == chosen.function.identity:
        return "" if is_coming else "This is still the picture from before the last change."
    before, now = _name_of(seen.function), _name_of(chosen.function)
    if before == now:  # another version of a file
        what, now = f"This is still {before} as it was before", "as it is now"
    else:
        what = f"This is still {before}"
    return f"{what}: {now} is being computed." if is_coming else f"{what}, not {now}."


def _name_of(function: AnyFunction) -> str:
    if function.code is not None:
        return function.code.name
    if function.grid is not None:
        return function.grid.source or "the loss landscape"
    if function.surface is not None:
        return function.surface.title
    text = f"f = {pretty(function.plain_text)}"
    return function.title or (text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
