"""GIF, frame by frame: Pillow compresses one, but would keep all in memory."""

import struct
from collections.abc import Iterable
from pathlib import Path

from PIL import Image
from PIL.GifImagePlugin import getdata

from gdviz.export.animation.pixels import NOTHING, Palette, Patch

#: Hundredths of a second below which viewers take a tenth.
_SHORTEST = 2
#: Seconds for which a frame can be seen, whose hundredths have two bytes.
LONGEST = 655.0


def write_gif(
    path: Path, size: tuple[int, int], patches: Iterable[Patch], palette: Palette, loops: int
) -> None:
    """Write a GIF of 255 colours.

    Parameters
    ----------
    path : Path
        The file.
    size : (int, int)
        Width and height in pixels.
    patches : iterable of Patch
        The frames, of which one is kept.
    palette : Palette
        Their colours.
    loops : int
        How often it is seen; 0 is for ever.

    Raises
    ------
    OSError
        If it cannot be written.

    References
    ----------
    CompuServe: Graphics Interchange Format, version 89a, 1990; Netscape's extension for loops.
    """
    with path.open("wb") as file:
        file.write(b"GIF89a" + struct.pack("<HHBBB", *size, 0b1111_0111, 0, 0) + palette.bytes)
        if loops != 1:  # the extension says how often it is seen again
            again = loops - 1 if loops else 0
            file.write(b"!\xff\x0bNETSCAPE2.0\x03\x01" + struct.pack("<HB", again, 0))
        for patch in patches:
            image = Image.fromarray(palette.places(patch), "P")
            begin, end = (round(100 * moment) for moment in (patch.start, patch.end))
            shown = max(end - begin, _SHORTEST)
            # It stays when the next one comes, and what is NOTHING is seen through.
            file.write(b"!\xf9\x04" + struct.pack("<BHBB", 0b101, shown, NOTHING, 0))
            file.writelines(getdata(image, (patch.left, patch.top), interlace=0))
            file.flush()  # so that the file tells what each took, and a full disk at once
        file.write(b";")
