"""The Scale lens: what a gradient costs in N, of made data and of the network that is shown."""

from gdviz.scene.scene import Scene
from gdviz.ui.lenses.lens import Lens
from gdviz.ui.lenses.page import Page


class ScaleLens(Lens[Page]):
    """Opens the page of networks as soon as one is shown, and the other one as soon as none is."""

    _shows_network = False

    def show_scene(self, scene: Scene, step: int) -> None:
        """Hand a scene to the pages."""
        code = scene.experiment.function.code
        is_network = code is not None and code.slice is not None
        if is_network != self._shows_network:
            self._shows_network = is_network
            self.choose_view("network" if is_network else "scale")
        super().show_scene(scene, step)
