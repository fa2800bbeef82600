"""Scripts by which a shell completes what is typed after ``gdviz``.

shtab writes them, from the parsers that read the command line: of what can be completed nothing is
said twice.
"""

from argparse import Action
from collections.abc import Iterable, Mapping

import shtab

from gdviz.cli.arguments import OneOf, Parser
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.objectives.surfaces import SURFACES

#: What may follow an option whose own reader takes more than these words, by the option's field.
_WORDS: Mapping[str, Iterable[str]] = {
    "surface": SURFACES,
    "methods": ESTIMATES,
    "rule_options": [f"{rule.name}.{o.name}=" for rule in RULES.values() for o in rule.options],
}
#: What takes the path of a file.
_PATHS = ("file", "data", "output")


def script(parsers: Mapping[str, tuple[Parser, str]], shell: str) -> str:
    """Return a completion script.

    Parameters
    ----------
    parsers : mapping of str to (Parser, str)
        By a command's name, what reads its words, and what it does. That without a name reads the
        words where there is no command. They are changed, and of no further use.
    shell : str
        bash or zsh.

    Returns
    -------
    str
        What the shell is to read.
    """
    window, _ = parsers[""]
    for parser, _ in parsers.values():
        for action in parser._actions:  # noqa: SLF001  # where shtab looks, too
            _complete(action)
    subparsers = window.add_subparsers()
    window._actions.insert(0, window._actions.pop())  # noqa: SLF001  # it is the first word
    for name in sorted(parsers.keys() - {""}):
        subparsers.add_parser(name, help=parsers[name][1])
        subparsers.choices[name] = parsers[name][0]
    return shtab.complete(window, shell)


def _complete(action: Action) -> None:
    if action.dest in _PATHS:
        action.complete = shtab.FILE  # type: ignore[attr-defined]
    elif action.dest in _WORDS:
        action.choices = list(_WORDS[action.dest])
    elif isinstance(action.type, OneOf):
        action.choices = list(action.type.names)
