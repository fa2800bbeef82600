"""The surface in three dimensions: a picture from elsewhere, and one of another surface.

Processor time of a process under Xvfb, where Mesa draws without a graphics card; beside it
pyqtgraph's own surface, drawn into the same picture by the same renderer.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from itertools import cycle

import numpy as np

from gdviz.experiment.camera import Camera
from gdviz.experiment.experiment import Experiment, Method
from gdviz.scene.relief.projection import Fit, Projection
from gdviz.scene.relief.surface import MOVING, relief_of
from gdviz.scene.scene import build_scene
from tests.benchmarks.harness import Result, in_turn

SIZE, STEPS, ROUNDS = (1000, 700), 200, 30
#: Milliseconds of processor time: of a picture from elsewhere, and of one of another surface.
LIMITS = {"rotated": 65.0, "surface": 100.0}


def relief() -> list[Result]:
    """Measure in a process with a display of its own."""
    xvfb = shutil.which("xvfb-run")
    if xvfb is None:
        print("no Xvfb, and so no pictures in three dimensions", file=sys.stderr)
        return []
    environment = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    command = [xvfb, "-a", "-s", "-screen 0 1600x1000x24 +extension GLX"]
    done = subprocess.run(
        [*command, sys.executable, "-m", "tests.benchmarks.relief"],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    times = json.loads(done.stdout)
    names = {
        "rotated": ("3-D: a picture from elsewhere, 200×200, 4 paths (processor)", 1.6, False),
        "surface": ("3-D: another surface, 200×200, 4 paths (processor)", 3.0, True),
    }
    return [
        Result(
            name, "pyqtgraph's GLSurfacePlotItem alone", *map(tuple, times[key]), "ms", aim,
            faster, LIMITS[key],
        )
        for key, (name, aim, faster) in names.items()
    ]  # fmt: skip


def _scenes():
    methods = tuple(Method(name) for name in ("analytic", "forward", "central", "mistaken"))
    experiment = Experiment(methods=methods, steps=STEPS, alpha=0.02)
    return [build_scene(experiment.replace(constants={"x": x})) for x in (1.0, 1.3)]


def _measure() -> dict[str, dict[str, list[float]]]:
    from pyqtgraph.opengl import GLSurfacePlotItem
    from PySide6.QtWidgets import QApplication

    from gdviz.ui.map.color_bar import color_table
    from gdviz.ui.map.relief.picture import ReliefPicture
    from gdviz.ui.map.relief.renderer import Renderer
    from gdviz.ui.toolkit.theme import LIGHT

    app = QApplication(sys.argv)
    fit, scenes = Fit(*SIZE, SIZE[1] / 2.0), _scenes()
    cameras = cycle(Projection(Camera(azimuth=azimuth)) for azimuth in range(-180, 180, 3))
    picture = ReliefPicture("cividis")
    picture.set_theme(LIGHT)
    surfaces = cycle(scenes)

    def ours_rotated() -> None:
        picture.image(fit, next(cameras), 1.0, is_still=False)

    def ours_surface() -> None:
        picture.show_scene(next(surfaces))
        picture.image(fit, next(cameras), 1.0, is_still=False)

    table = color_table("cividis").astype(np.float32) / 255.0
    peers = []
    for scene in scenes:
        relief = relief_of(scene.landscape, MOVING)
        colors = table[(relief.places.T * 255).astype(int)]
        peers.append((relief.x, relief.y, relief.heights.T.astype(np.float32), colors))
    renderer, item = Renderer(), GLSurfacePlotItem(shader="shaded", smooth=True)
    x, y, z, colors = peers[0]
    item.setData(x=x, y=y, z=z, colors=colors)
    renderer.addItem(item)
    others = cycle(peers)

    def theirs_rotated() -> None:
        renderer.picture(fit, next(cameras), 1.0, False)

    def theirs_surface() -> None:
        _, _, z, colors = next(others)
        item.setData(z=z, colors=colors)
        renderer.picture(fit, next(cameras), 1.0, False)

    ours_surface()
    result = {
        # Of all threads: Mesa draws in several.
        "rotated": in_turn(ours_rotated, theirs_rotated, ROUNDS, clock=time.process_time),
        "surface": in_turn(ours_surface, theirs_surface, ROUNDS, clock=time.process_time),
    }
    picture.close()
    renderer.close()
    del app
    return result


if __name__ == "__main__":
    json.dump(_measure(), sys.stdout)
