"""The formats of animations: one row each, by the ending of a file's name."""

import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from gdviz.base.files import file_size
from gdviz.export.options import FigureOptions
from gdviz.scene.animation.animation_error import AnimationError
from gdviz.scene.animation.motion import Motion

if TYPE_CHECKING:
    from gdviz.export.animation.pixels import Patch as _Patch
    from gdviz.export.animation.pixels import Pixels as _Pixels

#: What frames are, and what changes, for annotations: importing them would import Pillow and SciPy.
Pixels: TypeAlias = "_Pixels"
Patch: TypeAlias = "_Patch"

#: Frames in a row from which it can be told what many take: videos look at those around.
_RUN, _VIDEO_RUN = 3, 9

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
    sizes : callable
        Encodes a few frames as they come, with a file to do it in, and returns what each takes.
    run : int
        Frames in a row from which it can be told what many take.
    wholes : callable
        Returns how many of so many frames are stored whole.
    why_not : callable
        Says what is missing for it, as the end of a sentence.
    """

    title: str
    write: Callable[[Path, Iterable[Pixels], Reel], None]
    sizes: Callable[[Path, Iterable[Pixels], Reel], list[int]]
    most_side: int
    even: bool = False
    loops: bool = True
    run: int = _RUN
    wholes: Callable[[int], int] = lambda _: 1
    why_not: Callable[[], str] = str


def _write_indexed(suffix: str, path: Path, frames: Iterable[Pixels], reel: Reel) -> None:
    """Write what has a palette."""
    _write_patches(suffix, path, _patches(suffix, frames, reel), reel)


def _indexed_sizes(suffix: str, path: Path, frames: Iterable[Pixels], reel: Reel) -> list[int]:
    """Return what each frame takes that differs from the one before."""
    ends: list[int] = []

    def noting(changes: Iterable[Patch]) -> Iterator[Patch]:
        for patch in changes:
            yield patch
            ends.append(file_size(path))

    _write_patches(suffix, path, noting(_patches(suffix, frames, reel)), reel)
    return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]


def _patches(suffix: str, frames: Iterable[Pixels], reel: Reel) -> Iterator[Patch]:
    """Return what changes; a WebP's pieces begin at even places."""
    from gdviz.export.animation.pixels import patches

    longest = _module(suffix).LONGEST
    return patches(frames, reel.motion.times(reel.count), suffix == "webp", longest)


def _write_patches(suffix: str, path: Path, changes: Iterable[Patch], reel: Reel) -> None:
    from gdviz.export.animation.pixels import Palette

    write = getattr(_module(suffix), f"write_{suffix}")
    write(path, reel.size, changes, Palette(reel.sample), reel.motion.loops)


def _module(suffix: str) -> Any:
    return import_module(f"gdviz.export.animation.{suffix}")


def _write_video(encoder: str, path: Path, frames: Iterable[Pixels], reel: Reel) -> None:
    from gdviz.export.animation.video import write_video

    motion = reel.motion
    write_video(path, reel.size, frames, motion.fps, motion.repeats(), encoder, reel.cancelled)


def _video_sizes(encoder: str, path: Path, frames: Iterable[Pixels], reel: Reel) -> list[int]:
    from gdviz.export.animation.video import frame_sizes

    return frame_sizes(path, reel.size, frames, reel.motion.fps, encoder, reel.cancelled)


def _video_wholes(frames: int) -> int:
    from gdviz.export.animation.video import KEY_EVERY

    return math.ceil(frames / KEY_EVERY)


def _why_no_video() -> str:
    from gdviz.export.animation.video import why_no_video

    return why_no_video()


def _indexed(suffix: str, title: str, most_side: int) -> AnimationFormat:
    write, sizes = partial(_write_indexed, suffix), partial(_indexed_sizes, suffix)
    return AnimationFormat(title, write, sizes, most_side)


def _video(encoder: str, title: str, even: bool = False) -> AnimationFormat:
    return AnimationFormat(
        title, partial(_write_video, encoder), partial(_video_sizes, encoder), 16384, even,
        loops=False, run=_VIDEO_RUN, wholes=_video_wholes, why_not=_why_no_video,
    )  # fmt: skip


#: By the ending of a file's name, without the dot.
ANIMATION_FORMATS: Mapping[str, AnimationFormat] = MappingProxyType(
    {
        "gif": _indexed("gif", "GIF", 0xFFFF),
        "mp4": _video("mp4", "MP4 (H.264)", even=True),
        "webm": _video("webm", "WebM (VP9)"),
        "webp": _indexed("webp", "WebP", 16383),
        "apng": _indexed("apng", "APNG", 0x7FFFFFFF),
    }
)


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
