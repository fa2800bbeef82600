"""What goes to a terminal: results on standard output, sentences on standard error.

Names and messages from outside are in both; what a terminal would take for a command is shown.
"""

import os
import sys

from gdviz.base.files import reason
from gdviz.base.format import printable, printable_lines
from gdviz.cli.arguments import UsageError


def say(sentence: str) -> None:
    """Write a sentence on a line of standard error."""
    line = printable(sentence.replace("\n", " "))
    sys.stderr.write(f"gdviz: {line}\n")


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
    except OSError as error:
        # Python flushes once more at its end, which must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # a reader like head has enough, and that is all
            raise UsageError(f"standard output cannot be written: {reason(error)}") from error
