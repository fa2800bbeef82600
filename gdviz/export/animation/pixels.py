"""The pixels of frames: what changed from one to the next, and the colours that all share."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial import cKDTree

#: A picture, shape (height, width): red, green, blue and an opaque alpha, a byte each.
Pixels = NDArray[np.uint32]

#: The place in a palette that is no colour, the last one.
NOTHING = 255
#: Colours that a palette has as they are, and rounds in which the others are refined.
_KEPT, _REFINED = 48, 2


def as_pixels(bytes_: Any) -> Pixels:
    """Return a copy of RGBA bytes, shape (height, width, 4), as pixels."""
    return np.array(bytes_, np.uint8, order="C").view(np.uint32)[:, :, 0]


def as_bytes(pixels: Pixels) -> NDArray[np.uint8]:
    """Return pixels as RGBA bytes, shape (height, width, 4)."""
    return np.ascontiguousarray(pixels)[:, :, None].view(np.uint8)


def as_image(pixels: Pixels) -> Image.Image:
    """Return pixels as an image of Pillow's, in RGB."""
    return Image.fromarray(np.ascontiguousarray(as_bytes(pixels)[:, :, :3]))


@dataclass(frozen=True, eq=False)
class Patch:
    """What changes with a frame, and how long it is seen.

    Attributes
    ----------
    left, top : int
        Where.
    pixels : ndarray, shape (height, width)
        What is there from now on.
    changed : ndarray of bool, shape (height, width), or None
        Where that is not what was there before; None for the first frame, which is all new.
    start, end : float
        Seconds from the beginning, when it is seen first, and no longer.
    """

    left: int
    top: int
    pixels: Pixels
    changed: NDArray[np.bool_] | None
    start: float
    end: float


def patches(
    frames: Iterable[Pixels],
    times: Iterable[float],
    even: bool = False,
    longest: float = math.inf,
) -> Iterator[Patch]:
    """Yield what changes from frame to frame; a frame like the one before makes that last longer.

    Parameters
    ----------
    frames : iterable of ndarray, shape (height, width)
        The frames, of which two are kept.
    times : iterable of float
        When each frame begins, and after them when the last one ends; in seconds.
    even : bool, default False
        Whether patches begin at even pixels, as some formats count.
    longest : float, optional
        Seconds for which a patch can be seen; where nothing changes for longer, a pixel that does
        not change either follows.
    """
    for patch in _lasting(frames, times, even):
        while patch.end - patch.start > longest:
            begun = patch.start + longest
            yield replace(patch, end=begun)
            patch = replace(
                patch, start=begun, pixels=patch.pixels[:1, :1], changed=np.zeros((1, 1), bool)
            )
        yield patch


def _lasting(frames: Iterable[Pixels], times: Iterable[float], even: bool) -> Iterator[Patch]:
    """Yield what changes from frame to frame, for as long as it is seen."""
    moments = iter(times)
    start = next(moments)
    waiting: Patch | None = None
    last: Pixels | None = None
    for frame, end in zip(frames, moments, strict=False):
        patch = Patch(0, 0, frame, None, start, end)
        if last is not None:
            patch = _changes(last, patch, even)
        if waiting is not None and not patch.pixels.size:
            waiting = replace(waiting, end=end)
        else:
            if waiting is not None:
                yield waiting
            waiting = patch
        last, start = frame, end
    if waiting is not None:
        yield waiting


def _changes(before: Pixels, whole: Patch, even: bool) -> Patch:
    """Return the smallest patch with all that differs from before; it may be empty."""
    differs = before != whole.pixels
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return replace(whole, pixels=whole.pixels[:0])
    left, top = int(columns[0]), int(rows[0])
    if even:
        left, top = left - left % 2, top - top % 2
    box = slice(top, int(rows[-1]) + 1), slice(left, int(columns[-1]) + 1)
    return replace(whole, left=left, top=top, pixels=whole.pixels[box], changed=differs[box])


class Palette:
    """The colours that all frames share, and one that is none: where nothing changes.

    Parameters
    ----------
    frames : iterable of ndarray, shape (height, width)
        Frames whose colours it has. A colour of few pixels counts for more than its share, so that
        thin lines keep theirs beside a large heat map, and the most frequent are kept as they are.

    Attributes
    ----------
    bytes : bytes
        Red, green and blue of each, one after the other.
    """

    def __init__(self, frames: Iterable[Pixels]) -> None:
        found, counts = np.unique(np.concatenate([f.ravel() for f in frames]), return_counts=True)
        order = np.argsort(-counts, kind="stable")
        found, counts = found[order], counts[order]
        kept, others = found[:_KEPT], found[_KEPT:]
        self._colors = as_bytes(kept[None, :])[0, :, :3]
        if len(others):
            weighted = np.repeat(others, np.ceil(np.sqrt(counts[_KEPT:])).astype(int))
            image = as_image(weighted[None, :])
            many = min(NOTHING - _KEPT, len(others))
            # Pillow's own mapping to a palette is by cells of colours, in which white is grey.
            reduced = image.quantize(many, Image.Quantize.MEDIANCUT, kmeans=_REFINED)
            colors = np.array(reduced.getpalette(), np.uint8).reshape(-1, 3)[:many]
            self._colors = np.concatenate([self._colors, colors])
        self.bytes = self._colors.tobytes().ljust(3 * (NOTHING + 1), b"\0")
        self._tree = cKDTree(self._colors.astype(float))
        #: By a colour's 24 bits, its place; -1 where nobody has asked yet.
        self._places = np.full(1 << 24, -1, np.int16)

    def places(self, patch: Patch) -> NDArray[np.uint8]:
        """Return the place of the nearest colour for each pixel, or NOTHING where none changes."""
        colors = patch.pixels & np.uint32(0xFFFFFF)
        places = self._places[colors]
        if (places < 0).any():
            new = np.unique(colors[places < 0])
            rgb = as_bytes(new[None, :])[0, :, :3].astype(float)
            self._places[new] = self._tree.query(rgb)[1]
            places = self._places[colors]
        found: NDArray[np.uint8] = places.astype(np.uint8)
        if patch.changed is not None:
            found[~patch.changed] = NOTHING
        return found
