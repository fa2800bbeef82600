"""What is written at the axes of the box: where it stands, what has room, how large the box is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gdviz.base.types import Array
from gdviz.experiment.camera import Camera
from gdviz.scene.relief.frame import TICK, Axis, Corner
from gdviz.scene.relief.projection import Fit, Projection
from gdviz.scene.relief.surface import FLOOR, HEIGHT

#: Of a word's height: the gap to its tick, and the room to the next word.
_GAP, _AIR = 0.3, 0.15
_RIM = 2.0  #: pixels from the box to the picture's edge
_SHORT = 1e-3  #: of the box: from a tick's end to where its direction in the picture is looked at


@dataclass(frozen=True)
class Word:
    """A number or a name at an axis.

    Attributes
    ----------
    at : (float, float, float)
        The middle of a name, and the end of a number's tick, in units of the box.
    outwards : (float, float, float)
        The direction in which a number stands beside its tick; zeros for a name.
    text : str
        What it says.
    """

    at: Corner
    outwards: Corner
    text: str

    @property
    def is_name(self) -> bool:
        """Whether it is an axis' name."""
        return not any(self.outwards)


def words_of(axes: Sequence[Axis], names: Sequence[str]) -> list[Word]:
    """Return what is written at axes: their names, and then the numbers of one after the other."""
    found = [
        Word(axis.name_at, (0.0, 0.0, 0.0), name) for axis, name in zip(axes, names, strict=True)
    ]
    for axis in axes:
        for at, text in axis.ticks:
            x, y, z = (one + TICK * out for one, out in zip(at, axis.outwards, strict=True))
            found.append(Word((x, y, z), axis.outwards, text))
    return found


def middles_of(words: Sequence[Word], sizes: Array, projection: Projection, fit: Fit) -> Array:
    """Return where the middles of words are in a picture, from the left and from the top.

    Parameters
    ----------
    words : sequence of Word
        The words.
    sizes : ndarray, shape (n, 2)
        Their widths and heights.
    projection : Projection
        How the box is seen.
    fit : Fit
        Where that is in the picture.

    Returns
    -------
    ndarray, shape (n, 2)
        nan for a word that is not seen.
    """
    at, away = _places(words, sizes, projection)
    middles: Array = fit.pixels(at) + away * (1.0, -1.0)
    return middles


def _places(words: Sequence[Word], sizes: Array, projection: Projection) -> tuple[Array, Array]:
    """Return where words belong to, as it is seen, and how far their middles are from there.

    The latter is in units of the sizes, to the right and upwards: words touch their ticks, however
    wide they are.
    """
    if not words:
        return np.empty((0, 2)), np.empty((0, 2))
    places = np.array([word.at for word in words])
    outwards = np.array([word.outwards for word in words])
    at = projection.project(places)
    along = projection.project(places + _SHORT * outwards) - at
    with np.errstate(all="ignore"):
        along = np.nan_to_num(along / np.linalg.norm(along, axis=1)[:, None])
        to_edge = (sizes / 2.0 / np.abs(along)).min(axis=1)
        away = along * (to_edge + _GAP * sizes[:, 1])[:, None]
    return at, np.nan_to_num(away)


def have_room(middles: Array, sizes: Array, width: float, height: float) -> list[bool]:
    """Tell which words stand: those that are wholly seen, and cover none of those before them.

    Parameters
    ----------
    middles : ndarray, shape (n, 2)
        Where their middles are in the picture; nan for what is not seen.
    sizes : ndarray, shape (n, 2)
        Their widths and heights.
    width, height : float
        The picture's.
    """
    half = sizes / 2.0
    with np.errstate(invalid="ignore"):
        is_seen = (middles >= half) & (middles <= np.array([width, height]) - half)
    stand: list[int] = []
    for k in np.flatnonzero(is_seen.all(axis=1)).tolist():
        room = half[stand] + half[k] + _AIR * sizes[k, 1]
        if not (np.abs(middles[stand] - middles[k]) < room).all(axis=1).any():
            stand.append(k)
    return [k in stand for k in range(len(middles))]


def fitted(camera: Camera, width: float, height: float, words: Sequence[Word], sizes: Array) -> Fit:
    """Return where a camera's picture is in a rectangle: the box with its words is in it.

    That is so of a camera which has only gone around; one that is nearer sees less. As it goes
    around the size changes only where there were no room else.

    Parameters
    ----------
    camera : Camera
        Who looks.
    width, height : float
        The rectangle's, in pixels.
    words : sequence of Word
        What is written, as this camera sees it.
    sizes : ndarray, shape (n, 2)
        Their widths and heights, in pixels.
    """
    projection = Projection(Camera(azimuth=camera.azimuth, elevation=camera.elevation))
    corners = [(x, y, z) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (FLOOR, HEIGHT)]
    at, away = _places(words, sizes, projection)
    seen = np.vstack([projection.project(np.array(corners)), at])
    rim = np.full((len(corners), 2), _RIM)
    least = np.vstack([-rim, away - sizes / 2.0])  # what each needs beside it, in pixels
    most = np.vstack([rim, away + sizes / 2.0])
    room = np.array([width, height])
    # Of any two of them there is to be room for both.
    apart, words_between = seen[:, None] - seen, most[:, None] - least
    with np.errstate(all="ignore"):
        units = np.maximum(room - words_between, room / 4.0) / apart
    unit = float(min(height / 2.0, units[apart > 1e-9].min()))
    # As far from the middle as it has to be.
    from_low = (-room / 2.0 - unit * seen - least).max(axis=0).tolist()
    to_high = (room / 2.0 - unit * seen - most).min(axis=0).tolist()
    right, up = (min(max(0.0, low), high) for low, high in zip(from_low, to_high, strict=True))
    return Fit(width, height, unit, (right, up))
