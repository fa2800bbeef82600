"""WebP, frame by frame: Pillow compresses one, but would keep all in memory."""

import io
import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from gdviz.export.animation.pixels import NOTHING, Palette, Patch

#: Seconds for which a frame can be seen, whose thousandths have three bytes.
LONGEST = 16_777.0
#: Bytes, in four; less what the file begins with.
_LARGEST = 0xFFFFFFFF - 8
#: Effort from 0 to 6: more takes four times as long, and makes files of the same size.
_METHOD = 1


def write_webp(
    path: Path, size: tuple[int, int], patches: Iterable[Patch], palette: Palette, loops: int
) -> None:
    """Write a WebP of 255 colours, without loss.

    Parameters
    ----------
    path : Path
        The file.
    size : (int, int)
        Width and height in pixels.
    patches : iterable of Patch
        The frames, at even places; one is kept.
    palette : Palette
        Their colours.
    loops : int
        How often it is seen; 0 is for ever.

    Raises
    ------
    OSError
        If it cannot be written, or would be larger than a WebP can be.

    References
    ----------
    WebP Image Format, RFC 9649, 2024, section 2.7.
    """
    colors = np.frombuffer(palette.bytes, np.uint8).reshape(-1, 3)
    colors = np.column_stack([colors, np.full(len(colors), 255, np.uint8)])
    colors[NOTHING] = 0
    with path.open("wb") as file:
        file.write(b"RIFF" + bytes(4) + b"WEBP")
        is_animated, has_alpha = 0b10, 0b1_0000
        head = struct.pack("<I", is_animated | has_alpha) + _three(size[0] - 1, size[1] - 1)
        file.write(_chunk(b"VP8X", head))
        file.write(_chunk(b"ANIM", struct.pack("<IH", 0xFFFFFFFF, loops)))
        for patch in patches:
            height, width = patch.pixels.shape
            shown = round(1000 * patch.end) - round(1000 * patch.start)
            place = _three(patch.left // 2, patch.top // 2, width - 1, height - 1, shown)
            image = Image.fromarray(colors[palette.places(patch)])
            whole = io.BytesIO()
            image.save(whole, "WEBP", lossless=True, method=_METHOD, quality=0, exact=True)
            # It stays when the next one comes, which lies over it.
            file.write(_chunk(b"ANMF", place + b"\0" + _picture(whole.getvalue())))
            file.flush()  # so that the file tells what each took, and a full disk at once
            if file.tell() > _LARGEST:
                raise OSError(None, "a WebP is at most 4 GB large")
        length = file.tell() - 8
        file.seek(4)
        file.write(struct.pack("<I", length))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _three(*numbers: int) -> bytes:
    """Return numbers in three bytes each."""
    return b"".join(struct.pack("<I", number)[:3] for number in numbers)


def _picture(file: bytes) -> bytes:
    """Return the chunk of a still picture that has its pixels."""
    at = 12
    while file[at : at + 4] not in (b"VP8L", b"VP8 "):
        at += 8 + sum(struct.unpack_from("<I", file, at + 4)) + file[at + 4] % 2
    return file[at:]
