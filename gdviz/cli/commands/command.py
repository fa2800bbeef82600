"""What a command is: its name, its help, its options and what runs it."""

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass

from gdviz.cli.arguments import Parser


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the command line.

    Parameters
    ----------
    name : str
        The first word.
    usage : str
        What follows it.
    about : str
        What it does, for the list in ``gdviz --help``.
    description : str
        The same as the sentence, or sentences, above its own help.
    add_options : callable
        Adds its options to its parser.
    run : callable
        Runs it. It writes what it makes, returns an exit code where that is not 0, and raises
        :class:`~gdviz.cli.arguments.UsageError` with the one sentence that refuses.
    """

    name: str
    usage: str
    about: str
    description: str
    add_options: Callable[[Parser], None]
    run: Callable[[Namespace], int | None]

    def parser(self) -> Parser:
        """Return the parser of what follows the command's name."""
        prog = f"gdviz {self.name}"
        parser = Parser(prog=prog, usage=f"{prog} {self.usage}", description=self.description)
        self.add_options(parser)
        return parser
