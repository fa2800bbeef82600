"""MP4 and WebM: frames through a pipe to ffmpeg, which imageio-ffmpeg brings."""

import errno
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import repeat
from pathlib import Path
from typing import Any

from gdviz.base.cancel import Cancelled
from gdviz.base.format import brief
from gdviz.export.animation.pixels import Pixels
from gdviz.scene.animation.animation_error import AnimationError

#: Frames from one that stands by itself to the next, from where a player can begin.
KEY_EVERY = 250
#: How ffmpeg is told to encode for each format: thin lines and words stay sharp, and any player
#: plays.
ENCODERS: dict[str, Sequence[str]] = {
    "mp4": ("-c:v", "libx264", "-preset", "medium", "-crf", "18"),
    "webm": (
        "-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0", "-deadline", "good", "-cpu-used", "4",
        "-row-mt", "1",
    ),
}  # fmt: skip
#: And what it makes of that: a file of the format, or a list of what each frame takes.
_FILES: dict[str, Sequence[str]] = {
    "mp4": ("-movflags", "+faststart", "-f", "mp4"),
    "webm": ("-f", "webm"),
}
_LIST: Sequence[str] = ("-f", "framecrc")
#: Bytes that a file takes beside its frames, and with each of them.
_HEAD, _WITH_EACH = 1000, 10
#: The colours of high-definition video, which players take for granted; said as well.
_COLORS = (
    "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p",
    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
    "-color_range", "tv",
)  # fmt: skip
#: What ffmpeg says of a file that cannot be written any further.
_ENDS = {"No space left on device": errno.ENOSPC, "File too large": errno.EFBIG}
_MISSING = 'need ffmpeg, which is not installed: pip install "gdviz[video]"'
#: Seconds between two looks at whether the video is still wanted, while ffmpeg writes its end.
_LOOK = 0.1


def why_no_video() -> str:
    """Say what is missing for videos, as the end of a sentence; empty if nothing is."""
    try:
        _ffmpeg()
    except AnimationError as error:
        return error.message
    return ""


def write_video(
    path: Path,
    size: tuple[int, int],
    frames: Iterable[Pixels],
    fps: float,
    repeats: int,
    encoder: str,
    cancelled: Callable[[], bool] = bool,
) -> None:
    """Write a video.

    Parameters
    ----------
    path : Path
        The file, whatever its name ends in.
    size : (int, int)
        Width and height in pixels.
    frames : iterable of ndarray, shape (height, width)
        The frames, of which one is kept.
    fps : float
        How many of them a second.
    repeats : int
        How often the last one is shown again.
    encoder : {"mp4", "webm"}
        The format.
    cancelled : callable, optional
        Asked at the end, while ffmpeg writes what it has; when it returns True that ends.

    Raises
    ------
    AnimationError
        If there is no ffmpeg, or it cannot encode this.
    OSError
        If the file cannot be written.
    Cancelled
        If `cancelled` said so. However this ends, ffmpeg has ended before.
    """
    _encode(path, size, _with_last(frames, repeats), fps, encoder, _FILES[encoder], cancelled)


def frame_sizes(
    path: Path,
    size: tuple[int, int],
    frames: Iterable[Pixels],
    fps: float,
    encoder: str,
    cancelled: Callable[[], bool] = bool,
) -> list[int]:
    """Encode frames, and return what they take in a video.

    Parameters
    ----------
    path : Path
        A file for what ffmpeg has to say of that.
    size, frames, fps, encoder, cancelled
        As for :func:`write_video`, which raises the same.

    Returns
    -------
    list of int
        Bytes, in the order of the encoding: the first one stands by itself, and has the file's
        head with it; others tell what has changed.
    """
    _encode(path, size, frames, fps, encoder, _LIST, cancelled)
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    first, *others = (int(line.split(",")[4]) + _WITH_EACH for line in lines)
    return [first + _HEAD, *others]


def _encode(
    path: Path,
    size: tuple[int, int],
    frames: Iterable[Pixels],
    fps: float,
    encoder: str,
    into: Sequence[str],
    cancelled: Callable[[], bool],
) -> None:
    """Have ffmpeg encode frames into a file.

    Parameters
    ----------
    path, size, frames, fps, encoder, cancelled
        As for :func:`write_video`.
    into : sequence of str
        What ffmpeg is told that the file is.
    """
    width, height = size
    command = [
        _ffmpeg(), "-hide_banner", "-loglevel", "error", "-f", "rawvideo", "-pix_fmt", "rgba",
        "-s", f"{width}x{height}", "-framerate", f"{fps:.6f}", "-i", "-", "-an",
        *_COLORS, *ENCODERS[encoder], "-g", str(KEY_EVERY), *into, "-y", str(path),
    ]  # fmt: skip
    # A Ctrl-C is for us, who end ffmpeg. Should we be killed, its input ends, and so does it.
    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - the program that imageio-ffmpeg names
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, **apart
        )
        pipe = process.stdin
        assert pipe is not None
        try:
            try:
                for frame in frames:
                    pipe.write(frame.tobytes())
                pipe.close()
            except BrokenPipeError:  # it has ended, and has said why
                with suppress(OSError):
                    pipe.close()
            while True:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK)
                    break
                if cancelled():
                    raise Cancelled
        except BaseException:
            process.kill()
            process.wait()
            with suppress(OSError):
                pipe.close()
            raise
        if process.returncode:
            said.seek(0)
            # What a limit to the size of files ends says nothing.
            is_limit = process.returncode == -getattr(signal, "SIGXFSZ", 0) != 0
            words = "File too large" if is_limit else said.read().decode(errors="replace")
            raise _failure(words, encoder)


def _with_last(frames: Iterable[Pixels], repeats: int) -> Iterator[Pixels]:
    """Yield frames, and the last one so many times more."""
    last = None
    for last in frames:
        yield last
    if last is not None:
        yield from repeat(last, repeats)


def _failure(said: str, encoder: str) -> Exception:
    """Return what ffmpeg's words mean."""
    for words, number in _ENDS.items():
        if words in said:
            return OSError(number, words)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    if any("Unknown encoder" in line for line in lines):
        codec = ENCODERS[encoder][1]
        why = f"this ffmpeg cannot encode {encoder.upper()}: it was built without {codec}"
        return AnimationError("format", why)
    return OSError(errno.EIO, f"ffmpeg failed: {lines[0] if lines else 'it did not say why'}")


def _ffmpeg() -> str:
    try:
        import imageio_ffmpeg
    except ImportError:
        raise AnimationError("format", f"videos {_MISSING}") from None
    try:
        program = str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:  # a package without the program, as some distributions have it
        raise AnimationError("format", f"videos {_MISSING}") from None
    if shutil.which(program) is None:
        why = f"videos need ffmpeg, and {brief(program)}, which IMAGEIO_FFMPEG_EXE names, is none"
        raise AnimationError("format", why)
    return program
