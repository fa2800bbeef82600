"""What figures look like: colours, and matplotlib's settings while one is made."""

import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from gdviz.export.options import Theme

FONT_SIZE = 8.7  #: points, at scale 1
COLORMAP = "cividis"
#: On the map, which is the same in both themes: halos and contours, and their counterpart.
LIGHT, DARK = "#ffffff", "#12161c"
#: Where the surface has no value.
HOLE, HOLE_HATCH = "#c9ced4", "#a3aab2"


def color_table() -> NDArray[np.uint8]:
    """Return the map's colours from the lowest place on the scale to the highest, as RGBA."""
    table: NDArray[np.uint8] = np.rint(255.0 * mpl.colormaps[COLORMAP](np.arange(256))).astype(
        np.uint8
    )
    return table


@dataclass(frozen=True)
class Look:
    """The colours around the map.

    Parameters
    ----------
    ground : str
        The paper.
    text, muted : str
        What is read, and what may be read.
    axis, grid : str
        The frames with their ticks, and the lines behind the curves.
    """

    ground: str
    text: str
    muted: str
    axis: str
    grid: str


# The greys of the window's themes; those cannot be imported here, for they need Qt.
LOOKS: Mapping[Theme, Look] = {
    "light": Look("#ffffff", "#1d2329", "#56606a", "#8a939c", "#e3e7eb"),
    "dark": Look("#15181d", "#e6e8eb", "#9aa3ad", "#6b7580", "#2b313a"),
}


_TICKS = (("major", 3.5), ("minor", 2.0))  # points, at scale 1


def settings(
    look: Look, scale: float, font_size: float | None = None, transparent: bool = False
) -> dict[str, Any]:
    """Return matplotlib's settings for a figure.

    Parameters
    ----------
    look : Look
        Its colours.
    scale : float
        Of lines and words.
    font_size : float, optional
        Of words, in points, where they have another.
    transparent : bool, default False
        Whether it has no ground.
    """
    font_size = font_size or FONT_SIZE * scale
    ground = "none" if transparent else look.ground
    return {
        "font.family": "DejaVu Sans",  # comes with matplotlib, and has α, ‖ĝ‖ and superscripts
        "font.size": font_size,
        "axes.labelsize": font_size,
        "axes.titlesize": font_size,
        "xtick.labelsize": 0.9 * font_size,
        "ytick.labelsize": 0.9 * font_size,
        "legend.fontsize": font_size,
        "figure.facecolor": ground,
        "savefig.facecolor": ground,
        "axes.facecolor": ground,
        "axes.edgecolor": look.axis,
        "axes.labelcolor": look.text,
        "axes.linewidth": 0.8 * scale,
        "axes.titlecolor": look.text,
        "text.color": look.text,
        "xtick.color": look.axis,
        "ytick.color": look.axis,
        "xtick.labelcolor": look.text,
        "ytick.labelcolor": look.text,
        "grid.color": look.grid,
        "grid.linewidth": 0.6 * scale,
        "axes.axisbelow": True,
        "hatch.linewidth": 0.6 * scale,
        **{f"{axis}tick.{kind}.size": size * scale for axis in "xy" for kind, size in _TICKS},
        **{f"{axis}tick.{kind}.width": 0.8 * scale for axis in "xy" for kind, _ in _TICKS},
        "text.parse_math": False,  # not safe in two threads: see gdviz.scene.captions
        "pdf.fonttype": 42,  # TrueType, which editors and publishers can read
        "ps.fonttype": 42,
        "svg.hashsalt": "gdviz",  # the same scene makes the same file
    }


# Settings are the process's, so that only one figure at a time can have its own.
_SETTINGS_LOCK = threading.Lock()


@contextmanager
def applied(
    look: Look, scale: float, font_size: float | None = None, transparent: bool = False
) -> Iterator[None]:
    """Make and write a figure with our settings and nothing of the person's matplotlibrc.

    The settings are what they were afterwards. One thread at a time gets in.

    Parameters
    ----------
    look, scale, font_size, transparent
        As of :func:`settings`.
    """
    with _SETTINGS_LOCK, mpl.rc_context(), warnings.catch_warnings():
        # A constant may be named in a script that the font lacks; boxes in its place will do.
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        ours: Any = settings(
            look, scale, font_size, transparent
        )  # matplotlib's stubs want each key as a literal
        mpl.rcdefaults()
        mpl.rcParams.update(ours)
        yield
