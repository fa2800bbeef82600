"""What a command is: its name, its help, its options and what runs it."""

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass

from gdviz.cli.arguments import Parser
from gdviz.cli.commands.output import Output, add_output
from gdviz.cli.experiment_options import add_experiment
from gdviz.cli.terminal import say_output
from gdviz.cli.without_effect import NOTHING, Unused
from gdviz.export.options import AS_USUAL, FigureOptions


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
    work : callable
        Does it. It writes what it makes, returns an exit code where that is not 0, and raises
        :class:`~gdviz.cli.arguments.UsageError` with the one sentence that refuses.
    add_options : callable, optional
        Adds options of its own to its parser.
    output, endings : str and tuple of str, optional
        What ``-o`` means, and what the name of its file may end in, without the dot.
    usual : FigureOptions, optional
        How a picture is written if nobody says.
    on_experiment : bool, default True
        It takes an experiment's file and options.
    unused : Unused, optional
        What of these it does not use, which is said where somebody gives it.
    """

    name: str
    usage: str
    about: str
    description: str
    work: Callable[[Namespace, Output], int | None]
    add_options: Callable[[Parser], None] = lambda _: None
    output: str = ""
    endings: tuple[str, ...] = ()
    usual: FigureOptions = AS_USUAL
    on_experiment: bool = True
    unused: Unused = NOTHING

    def parser(self) -> Parser:
        """Return the parser of what follows the command's name."""
        prog = f"gdviz {self.name}"
        parser = Parser(prog=prog, usage=f"{prog} {self.usage}", description=self.description)
        self.add_options(parser)
        add_output(parser, self.endings, self.output, self.usual)
        if self.on_experiment:
            add_experiment(parser)
        return parser

    def run(self, arguments: Namespace) -> int | None:
        """Run it, and return its exit code where that is not 0."""
        arguments.command, arguments.unused = self.name, self.unused
        try:
            return self.work(arguments, Output.of(arguments, self.endings, self.usual))
        finally:
            if runner := vars(arguments).get("runner"):
                runner.stop()
                say_output(runner.output)
