"""A hundred frames of the map with its paths, drawn and encoded, against a hundred figures."""

import tempfile
import time
from pathlib import Path

from gdviz.experiment.experiment import Experiment, Method
from gdviz.export.animation.save import save_animation
from gdviz.export.figures.scene import figure_bytes
from gdviz.export.options import FigureOptions
from gdviz.scene.animation.frames import plan_frames
from gdviz.scene.scene import build_scene
from tests.benchmarks.harness import Result, in_turn

FRAMES = 100
OPTIONS = FigureOptions(size=(10.0, 7.0), dpi=100)
EXPERIMENT = Experiment(
    methods=tuple(Method(name) for name in ("analytic", "forward", "central", "mistaken")),
    steps=FRAMES,
    alpha=0.02,
)


def animation() -> list[Result]:
    """(n) Processor time a frame of 1000 × 700 pixels, from nothing to the file."""
    scene = build_scene(EXPERIMENT)
    frame = plan_frames(scene).frame(FRAMES // 2)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for over in ("steps", "alpha"):
            plan, path = plan_frames(scene, over, frames=FRAMES), Path(folder, "moving.gif")
            ours, theirs = in_turn(
                lambda plan=plan, path=path: save_animation(plan, path, OPTIONS),
                lambda: figure_bytes(frame, "png", OPTIONS),
                5, clock=time.process_time,
            )  # fmt: skip
            a_frame = tuple(value / FRAMES for value in ours)
            name = f"(n) a frame of {FRAMES} over {over}, as GIF"
            results.append(
                Result(name, "a figure", a_frame, theirs, "ms", 0.1, faster=False)
            )  # fmt: skip
    return results
