"""APNG, frame by frame: Pillow compresses one, but would keep all in memory."""

import io
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from gdviz.export.animation.pixels import NOTHING, Palette, Patch

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_THOUSANDTHS = 1000
#: Seconds for which a frame can be seen, whose thousandths have two bytes.
LONGEST = 65.0


def write_apng(
    path: Path, size: tuple[int, int], patches: Iterable[Patch], palette: Palette, loops: int
) -> None:
    """Write an APNG of 255 colours.

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
    Portable Network Graphics (PNG) Specification, third edition, W3C 2025, section 11.3.6.
    """
    with path.open("wb") as file:
        file.write(_SIGNATURE)
        _write(file, b"IHDR", struct.pack(">IIBBBBB", *size, 8, 3, 0, 0, 0))
        counted = file.tell()
        _write(file, b"acTL", bytes(8))  # how many frames there are is known at the end
        _write(file, b"PLTE", palette.bytes)
        _write(file, b"tRNS", b"\xff" * NOTHING + b"\0")
        number = frames = 0
        for patch in patches:
            height, width = patch.pixels.shape
            shown = round(_THOUSANDTHS * (patch.end - patch.start))
            place = (width, height, patch.left, patch.top, shown, _THOUSANDTHS)
            # It stays when the next one comes, which lies over it.
            _write(file, b"fcTL", struct.pack(">IIIIIHHBB", number, *place, 0, 1))
            number += 1
            for data in _compressed(palette, patch):
                if frames:
                    _write(file, b"fdAT", struct.pack(">I", number) + data)
                    number += 1
                else:
                    _write(file, b"IDAT", data)
            frames += 1
            file.flush()  # so that the file tells what each took, and a full disk at once
        _write(file, b"IEND", b"")
        file.seek(counted)
        _write(file, b"acTL", struct.pack(">II", frames, loops))


def _write(file: BinaryIO, kind: bytes, data: bytes) -> None:
    check = zlib.crc32(kind + data)
    file.write(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check))


def _compressed(palette: Palette, patch: Patch) -> Iterator[bytes]:
    """Yield what a PNG of the patch has as its data."""
    image = Image.fromarray(palette.places(patch), "P")
    image.putpalette(palette.bytes)
    whole = io.BytesIO()
    image.save(whole, "PNG", bits=8)
    data, at = whole.getvalue(), len(_SIGNATURE)
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        if data[at + 4 : at + 8] == b"IDAT":
            yield data[at + 8 : at + 8 + length]
        at += 12 + length
