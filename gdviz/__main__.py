"""``python -m gdviz``, and what the ``gdviz`` script runs."""

import signal
import sys


def main() -> int:
    """Run the command line; Ctrl-C ends it in one line, also while it is still being imported.

    So do SIGTERM and SIGHUP, unless they are ignored: what is being written leaves nothing behind.

    Returns
    -------
    int
        The exit code: see :func:`gdviz.cli.main.main`.
    """
    try:
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, signal.default_int_handler)
        from gdviz.cli.main import main as run_command

        return run_command()
    except BaseException as error:
        # What is raised while a class is made comes wrapped, until Python 3.12.
        if KeyboardInterrupt not in (type(error), type(error.__cause__)):
            raise
        sys.stderr.write("gdviz: interrupted\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
