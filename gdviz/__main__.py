"""``python -m gdviz``, and what the ``gdviz`` script runs."""

import sys


def main() -> int:
    """Run the command line; Ctrl-C ends it in one line, also while it is still being imported.

    Returns
    -------
    int
        The exit code: see :func:`gdviz.cli.main.main`.
    """
    try:
        from gdviz.cli.main import main as run_command

        return run_command()
    except KeyboardInterrupt:
        sys.stderr.write("gdviz: interrupted\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
