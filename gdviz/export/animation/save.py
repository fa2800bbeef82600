"""An animation as a file: whole or not at all."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from gdviz.base.cancel import no_progress
from gdviz.base.files import new_file
from gdviz.export.animation.drawer import FrameDrawer
from gdviz.export.animation.map_place import MapPlace
from gdviz.export.animation.pixels import Pixels
from gdviz.export.animation.writer import Writer
from gdviz.export.options import FigureOptions
from gdviz.scene.animation.frames import Plan
from gdviz.scene.animation.motion import Motion

#: Eight by six inches at 100 dpi: 800 × 600 pixels.
USUAL = FigureOptions(dpi=100.0)


def save_animation(
    plan: Plan,
    path: str | os.PathLike[str],
    options: FigureOptions = USUAL,
    motion: Motion = Motion(),  # noqa: B008 - frozen
    progress: Callable[[float], None] = no_progress,
    cancelled: Callable[[], bool] = bool,
) -> None:
    """Write an animation; frames are drawn, compressed and written one after the other.

    Parameters
    ----------
    plan : Plan
        What it shows.
    path : path-like
        The file; its ending, .gif, .mp4, .webm, .webp or .apng, decides the format.
    options : FigureOptions, optional
        Size, resolution, panels and theme; by default 800 × 600 pixels.
    motion : Motion, optional
        How fast it goes.
    progress : callable, optional
        Told which part is done, from 0 to 1.
    cancelled : callable, optional
        Asked before each frame; when it returns True the work ends.

    Raises
    ------
    AnimationError
        If the format is none, lacks something that has to be installed, or cannot be that large.
    OSError
        If the file cannot be written. If there was one, it is then as it was, as after Cancelled.
    Cancelled
        If `cancelled` said so.
    """
    writer = Writer(plan, path, options, motion, cancelled)
    with new_file(path) as temporary:
        writer.write(temporary, progress)


@dataclass(frozen=True, eq=False)
class FirstFrame:
    """The first frame of an animation.

    Attributes
    ----------
    pixels : ndarray, shape (height, width)
        The frame.
    place : MapPlace
        Where points of the map are in it.
    """

    pixels: Pixels
    place: MapPlace


def first_frame(
    plan: Plan, options: FigureOptions = USUAL, cancelled: Callable[[], bool] = bool
) -> FirstFrame:
    """Draw the first frame.

    Parameters
    ----------
    plan : Plan
        What the animation shows.
    options : FigureOptions, optional
        Size, resolution, panels and theme.
    cancelled : callable, optional
        Asked now and then; when it returns True the work ends.

    Raises
    ------
    Cancelled
        If `cancelled` said so.
    """
    drawer = FrameDrawer(plan, options, cancelled)
    return FirstFrame(drawer.draw(plan.frame(0, cancelled)), drawer.place)
