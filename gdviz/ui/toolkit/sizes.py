"""How large text, paths and step dots are: for one's own screen, and for a lecture hall."""

from dataclasses import dataclass

from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication

#: What text may be, of its usual size; and paths with their dots.
TEXT_SIZES = (0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0, 2.5)
STROKE_SIZES = (0.75, 1.0, 1.5, 2.0, 3.0)
_DIGIT = 8.0  #: pixels of a digit in the font that the widths of axes are for


@dataclass(frozen=True)
class Sizes:
    """What is larger than usual, and how many times.

    Parameters
    ----------
    text : float, default 1
        All text.
    lines : float, default 1
        The paths on the map and the curves of the Run lens.
    dots : float, default 1
        The marks of steps on the map.
    """

    text: float = 1.0
    lines: float = 1.0
    dots: float = 1.0


def smaller_pixels() -> int:
    """Return the size in pixels of text that is a little smaller than all other text."""
    return QFontInfo(QApplication.font()).pixelSize() - 2


def widened(pixels: int, digit: int) -> int:
    """Return the width of an axis in a font with larger digits.

    Parameters
    ----------
    pixels : int
        Its width in the usual font.
    digit : int
        The width of a digit in pixels.
    """
    return max(pixels, round(pixels * digit / _DIGIT))


def next_size(sizes: tuple[float, ...], size: float, way: int) -> float:
    """Return the next size.

    Parameters
    ----------
    sizes : tuple of float
        Those that there are, ascending.
    size : float
        From where; none of them needs it be.
    way : {1, -1}
        To the next larger or smaller one; at the end it is the same.
    """
    further = [other for other in sizes[::way] if (other - size) * way > 1e-9]
    return further[0] if further else size
