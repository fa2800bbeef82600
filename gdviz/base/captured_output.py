"""What a process prints: its beginning is kept, the rest is read, so that it need not wait."""

import os
import select
import sys
import threading
from contextlib import suppress
from typing import IO

from gdviz.base.format import printable

#: Lines and bytes that are kept, and characters of a line that are shown.
MOST_LINES, MOST_BYTES, MOST_OF_A_LINE = 300, 65_536, 2_000
#: Seconds that the last of it may take to come through the pipe of a process that has ended.
_LAST = 1.0
#: Seconds in which, on Windows, the thread that reads has what has come.
_SOON = 0.05


class CapturedOutput:
    """The first lines of what processes print, one after the other, and a count of the others."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._is_full = False
        self._line_ends = 0  # beyond what is kept
        self._in_a_line = False
        self._reader = threading.Thread()
        self._lock = threading.Lock()  # held while some is read, and until it is kept
        self._pipe: IO[bytes] | None = None

    def read(self, pipe: IO[bytes]) -> None:
        """Read a pipe, which is ours from here on, in a thread, until its other ends are closed."""
        self._pipe = pipe
        self._reader = threading.Thread(target=self._read, args=(pipe,), daemon=True)
        self._reader.start()

    def wait(self) -> None:
        """Wait until what a process has printed that has ended is here."""
        if self._reader.ident is not None:
            self._reader.join(_LAST)

    def text(self, most: int = MOST_LINES) -> str:
        """Return what was printed until now, nothing in which commands a terminal.

        What a process had printed when it answered is in it. Of more lines than so many a last one
        gives the number.
        """
        self._catch_up()
        kept = bytes(self._kept).decode(errors="replace").expandtabs()
        # Of a line that was written over itself, as a progress bar is, the last state.
        lines = [
            printable(line.rstrip("\r").rpartition("\r")[2], MOST_OF_A_LINE)
            for line in kept.split("\n")
        ]
        if not lines[-1]:
            lines.pop()
        more = len(lines[most:]) + self._line_ends + self._in_a_line
        del lines[most:]
        if more:
            lines.append(f"… and {more:,} {'line' if more == 1 else 'lines'} more")
        return "\n".join(lines)

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:
            while self._read_some(pipe, None):
                pass
            with self._lock:  # its number may be another file's from here on
                pipe.close()

    def _catch_up(self) -> None:
        """Keep what lies in the pipe, of which the thread may not have heard yet."""
        if self._pipe is None:
            return
        if sys.platform == "win32":
            self._reader.join(_SOON)
        else:
            with suppress(ValueError):  # it has been closed, and all of it is here
                self._read_some(self._pipe, 0)

    def _read_some(self, pipe: IO[bytes], milliseconds: int | None) -> bool:
        """Keep what has come through a pipe, waiting for it so long, and tell whether it is open.

        As much at the most as a pipe holds. Here it is never read and not yet kept.
        """
        if sys.platform == "win32":  # where nothing tells whether a pipe holds something
            some = os.read(pipe.fileno(), MOST_BYTES)
            self._take(some)
            return bool(some)
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        poll.poll(milliseconds)
        with self._lock:
            if not poll.poll(0):
                return True
            some = os.read(pipe.fileno(), MOST_BYTES)
            self._take(some)
        return bool(some)

    def _take(self, some: bytes) -> None:
        if not self._is_full:
            room = some[: MOST_BYTES - len(self._kept)]
            lines = room.splitlines(keepends=True)[: MOST_LINES - self._kept.count(b"\n")]
            taken = b"".join(lines)
            self._kept += taken
            some = some[len(taken) :]
            self._is_full = bool(some)
        self._line_ends += some.count(b"\n")
        if some:
            self._in_a_line = not some.endswith(b"\n")
