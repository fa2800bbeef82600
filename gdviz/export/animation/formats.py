"""The formats of animations: one row each, by the ending of a file's name."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from gdviz.export.options import FigureOptions
from gdviz.scene.animation.frames import AnimationError
from gdviz.scene.animation.motion import Motion

if TYPE_CHECKING:
    from gdviz.export.animation.pixels import Pixels as _Pixels

#: What frames are, for annotations: importing it would import Pillow and SciPy.
Pixels: TypeAlias = "_Pixels"

_VIDEO_RUN = 10

# What writes them is imported when it is needed: dialogs and parsers know the formats without.


@dataclass(frozen=True, eq=False)
class Reel:
    """What an encoder has to know of its frames.

    Attributes
    ----------
    size : (int, int)
        Width and height in pixels.
    count : int
        How many there are.
    motion : Motion
        How fast they follow each other.
    sample : sequence of ndarray, shape (height, width)
        Some of them, for the colours that all share.
    cancelled : callable
        Asked now and then where no frame is asked for.
    """

    size: tuple[int, int]
    count: int
    motion: Motion
    sample: Sequence[Pixels]
    cancelled: Callable[[], bool] = bool


@dataclass(frozen=True)
class AnimationFormat:
    """A format.

    Attributes
    ----------
    title : str
        What it is called.
    write : callable
        Writes frames, as they come, to a file.
    most_side : int
        The most pixels along a side.
    even : bool
        Whether the sides have to be even numbers of pixels.
    loops : bool
        Whether the file says how often it is seen.
    run : int
        Frames in a row from which the size of many can be told: videos tell a frame by others.
    why_not : callable
        Says what is missing for it, as the end of a sentence.
    """

    title: str
    write: Callable[[Path, Iterable[Pixels], Reel], None]
    most_side: int
    even: bool = False
    loops: bool = True
    run: int = 4
    why_not: Callable[[], str] = str


def _write_indexed(suffix: str, path: Path, frames: Iterable[Pixels], reel: Reel) -> None:
    """Write what has a palette; a WebP's pieces begin at even places."""
    from gdviz.export.animation.apng import write_apng
    from gdviz.export.animation.gif import write_gif
    from gdviz.export.animation.pixels import Palette, patches
    from gdviz.export.animation.webp import write_webp

    write = {"gif": write_gif, "apng": write_apng, "webp": write_webp}[suffix]
    changes = patches(frames, reel.motion.times(reel.count), even=suffix == "webp")
    write(path, reel.size, changes, Palette(reel.sample), reel.motion.loops)


def _write_video(encoder: str, path: Path, frames: Iterable[Pixels], reel: Reel) -> None:
    from gdviz.export.animation.video import write_video

    motion = reel.motion
    write_video(path, reel.size, frames, motion.fps, motion.repeats(), encoder, reel.cancelled)


def _why_no_video() -> str:
    from gdviz.export.animation.video import why_no_video

    return why_no_video()


#: By the ending of a file's name, without the dot.
ANIMATION_FORMATS: Mapping[str, AnimationFormat] = MappingProxyType(
    {
        "gif": AnimationFormat("GIF", partial(_write_indexed, "gif"), 0xFFFF),
        "mp4": AnimationFormat(
            "MP4 (H.264)", partial(_write_video, "mp4"), 16384, even=True, loops=False,
            run=_VIDEO_RUN, why_not=_why_no_video,
        ),
        "webm": AnimationFormat(
            "WebM (VP9)", partial(_write_video, "webm"), 16384, loops=False, run=_VIDEO_RUN,
            why_not=_why_no_video,
        ),
        "webp": AnimationFormat("WebP", partial(_write_indexed, "webp"), 16383),
        "apng": AnimationFormat("APNG", partial(_write_indexed, "apng"), 0x7FFFFFFF),
    }
)  # fmt: skip


def animation_format(path: str | os.PathLike[str]) -> AnimationFormat:
    """Return the format that a file's name asks for.

    Raises
    ------
    AnimationError
        If there is none, or something that it needs is missing.
    """
    name = Path(path).name
    found = ANIMATION_FORMATS.get(Path(path).suffix.lower().removeprefix("."))
    if found is None:
        *others, last = (f".{suffix}" for suffix in ANIMATION_FORMATS)
        wanted = f"{', '.join(others)} or {last}"
        raise AnimationError("format", f"an animation's name must end in {wanted}, not {name!r}")
    if why := found.why_not():
        raise AnimationError("format", why)
    return found


def fitted(options: FigureOptions, path: str | os.PathLike[str]) -> tuple[FigureOptions, str]:
    """Return options whose size the format of a file allows, and what there is to say of that.

    Parameters
    ----------
    options : FigureOptions
        What was chosen.
    path : path-like
        The file.

    Raises
    ------
    AnimationError
        If the file's name ends in none of the formats, something is missing for it, or it cannot
        be as large.
    """
    format_ = animation_format(path)
    width, height = options.pixels
    if max(width, height) > format_.most_side:
        raise AnimationError(
            "size",
            f"{width:,} × {height:,} pixels are more than {format_.title} can have: at most "
            f"{format_.most_side:,} a side",
        )
    if not format_.even or not (width % 2 or height % 2):
        return options, ""
    even = width + width % 2, height + height % 2
    made = replace(options, size=(even[0] / options.dpi, even[1] / options.dpi))
    note = (
        f"the video has {even[0]:,} × {even[1]:,} pixels, not {width:,} × {height:,}: "
        f"{format_.title} takes even numbers only"
    )
    return made, note
