"""What goes to a terminal: results on standard output, sentences on standard error.

Names and messages from outside are in both; what a terminal would take for a command is shown.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from textwrap import indent

from gdviz.base.captured_output import CapturedOutput
from gdviz.base.files import reason, shown
from gdviz.base.format import printable, printable_lines
from gdviz.cli.arguments import UsageError

#: Of what a person's code printed.
_MOST_LINES = 20


def say(sentence: str) -> None:
    """Write a sentence on a line of standard error."""
    line = printable(sentence.replace("\n", " "))
    sys.stderr.write(f"gdviz: {line}\n")


def say_notes(notes: Iterable[str]) -> None:
    """Write what the person should know, each note on a line of standard error."""
    for note in notes:
        say(f"note: {note}")


def still_opened(path: Path) -> str:
    """Return what is said where code was interrupted before it was open."""
    return f"{shown(path.name)} was still being opened, and nothing was written"


def say_output(output: CapturedOutput) -> None:
    """Write the beginning of what a person's code printed, if it did, to standard error."""
    say_printed(output.text(_MOST_LINES))


def say_printed(text: str) -> None:
    """Write what a person's code printed, if it did, to standard error."""
    if text:
        sys.stderr.write(f"gdviz: the code printed:\n{indent(text, '  ')}\n")


def write_out(text: str) -> None:
    """Write to standard output, in UTF-8 on every system.

    Raises
    ------
    UsageError
        If that fails, unless the reader has enough.
    """
    try:
        sys.stdout.buffer.write(printable_lines(text).encode())
        sys.stdout.buffer.flush()
    except (OSError, KeyboardInterrupt) as error:
        # Python flushes once more at its end, which must neither fail again, nor wait for a reader
        # of what was interrupted.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, KeyboardInterrupt):
            raise
        if not isinstance(error, BrokenPipeError):  # a reader like head has enough, and that is all
            raise UsageError(f"standard output cannot be written: {reason(error)}") from error
