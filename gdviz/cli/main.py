"""The command line: the window, and the table of the commands that need none.

Nothing here imports Qt or matplotlib before it is needed: a table needs neither, a picture no
display.
"""

import gc
import logging
import sys
from argparse import Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from gdviz import __version__
from gdviz.base.files import file_type
from gdviz.base.logging import log_path, start_log
from gdviz.cli.arguments import OneOf, Parser, UsageError
from gdviz.cli.chosen_experiment import experiment_from
from gdviz.cli.commands.command import Command
from gdviz.cli.display import why_no_window
from gdviz.cli.experiment_options import LANDSCAPE_OPTIONS, add_experiment, overrides
from gdviz.cli.network_options import NETWORK_OPTIONS
from gdviz.cli.terminal import say, say_output
from gdviz.engine.objectives.code_ref import CodeError
from gdviz.experiment.open_file import decide
from gdviz.experiment.referenced_data import DataNeeded
from gdviz.experiment.validation import ExperimentError

logger = logging.getLogger(__name__)

#: What main() returns.
OK, REFUSED, BROKEN, INTERRUPTED = 0, 2, 70, 130


class _Commands(Mapping[str, Command]):
    """The commands by the first word; the module of one is imported when it is asked for."""

    _NAMES = (
        "render", "animate", "page", "table", "costs", "sweep", "rates", "draws", "direction",
        "basins", "check", "scaling", "sample", "surfaces", "rules",
    )  # fmt: skip

    def __getitem__(self, name: str) -> Command:
        if name not in self._NAMES:
            raise KeyError(name)
        command: Command = import_module(f"gdviz.cli.commands.{name}").COMMAND
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(self._NAMES)

    def __len__(self) -> int:
        return len(self._NAMES)


#: In the order of the help.
COMMANDS = _Commands()


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; None takes the process's.

    Returns
    -------
    int
        The exit code: 0, 1 if what a command checked is wrong, 2 if something was refused (then
        one sentence is on standard error and nothing was written), 70 if something went wrong
        inside (then the log has the traceback), 130 after Ctrl-C, SIGTERM or SIGHUP.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["open"]:  # what the window does anyway, for those who would say so
        words = words[1:]
    command = COMMANDS.get(words[0]) if words else None
    try:
        parser = command.parser() if command else _window_parser()
        arguments = parser.read(words[1:] if command else words)
        start_log(arguments.log_level)
        if "print_completion" in arguments:
            return _print_completion(arguments.print_completion)
        if command is None:
            return _open_window(arguments)
        _collect_garbage()
        return command.run(arguments) or OK
    except (UsageError, ExperimentError, CodeError) as error:
        if isinstance(cause := error.__cause__, CodeError) and cause.output is not None:
            say_output(cause.output)  # it could not be opened
        say(str(error))
        return REFUSED
    except KeyboardInterrupt as interrupt:  # with what a command says of it, if it does
        say("; ".join(["interrupted", *map(str, interrupt.args)]))
        return INTERRUPTED
    except SystemExit as done:  # --help and --version
        return int(done.code or OK)
    except Exception as error:
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise  # Ctrl-C in the middle of an import: see __main__
        logger.exception("gdviz %s", " ".join(words))
        say(f"something went wrong inside ({type(error).__name__}: {error}); see {log_path()}")
        return BROKEN


def _collect_garbage() -> None:
    """Have garbage collected from now on; what is imported by now need not be looked through."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


class _WindowParser(Parser):
    """The parser of what opens the window; only its help asks for the commands."""

    def format_help(self) -> str:
        self.usage = "gdviz [open] [FILE] [options]\n" + "".join(
            f"       gdviz {name} {command.usage}\n" for name, command in COMMANDS.items()
        )
        self.description = (
            "See gradient descent, what the gradient costs, and what an approximation of it does."
            "\n\nWithout a command, open the window. The commands need no display:\n\n"
            + "\n".join(f"  {name:10}{command.about}" for name, command in COMMANDS.items())
        )
        return super().format_help()


def _window_parser() -> Parser:
    parser = _WindowParser(prog="gdviz", formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--version", action="version", version=f"gdviz {__version__}")
    parser.add_argument(
        "--print-completion", metavar="SHELL", type=OneOf(("bash", "zsh")),
        help="print what makes a shell complete gdviz's words: bash or zsh",
    )  # fmt: skip
    add_experiment(parser)
    return parser


def _print_completion(shell: str) -> int:
    from gdviz.cli.completion import script  # which nothing else needs

    parsers = {name: (command.parser(), command.about) for name, command in COMMANDS.items()}
    window = {"": (_window_parser(), ""), "open": (_window_parser(), "open the window")}
    sys.stdout.write(script(window | parsers, shell))
    return OK


def _open_window(arguments: Namespace) -> int:
    file: str | None = arguments.file
    if file is not None and file in COMMANDS and file_type(file) == "absent":
        raise UsageError(f"{file} is a command, and a command comes first: gdviz {file} …")
    changed = bool(overrides(arguments))
    experiment = runner = None
    if changed or (file is not None and not _is_for_the_window(arguments)):
        with suppress(DataNeeded):  # for which the window asks
            experiment, runner = experiment_from(arguments, asks_first=not changed)
    if sentence := why_no_window():
        raise UsageError(sentence)
    gc.disable()  # of what is imported nothing is garbage; the window collects it by itself
    try:
        from gdviz.ui.toolkit.lean_pyqtgraph import import_pyqtgraph

        import_pyqtgraph()
        from gdviz.ui.window.app import run
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("PySide6", "shiboken6"):
            raise
        raise UsageError(f"Qt, which the window needs, cannot be loaded: {error}") from error
    notes = vars(arguments).get("notes", ())
    if file is None or changed:
        # With options on top it is no longer the file's experiment, which Save would overwrite.
        return run(experiment, None, runner, notes)
    if experiment is not None and ("kind" in arguments or decide(file).kind != "experiment"):
        return run(experiment, None, runner, notes)
    if experiment is not None and experiment.function.code is not None:
        experiment = None  # the window asks before it runs code that the file names
    return run(experiment, Path(file), runner)


def _is_for_the_window(arguments: Namespace) -> bool:
    """Tell whether the window is to open a file, in which there is more to choose and to see.

    What surely is refused is refused before there is a window.
    """
    if {*LANDSCAPE_OPTIONS, *NETWORK_OPTIONS, "loss_seed", "kind"} & vars(arguments).keys():
        return False
    if file_type(arguments.file) != "file":
        return False
    verdict = decide(arguments.file)
    if verdict.kind == "landscape":
        from gdviz.files.landscapes import is_readable

        return is_readable(arguments.file)
    return verdict.kind == "code" or bool(verdict.other)
