"""A parser of the command line, and what reads values: numbers, and tuples of them.

argparse does the parsing, and two things it does not do: a value may begin with a minus sign,
and what is refused is refused in one sentence.
"""

import argparse
import difflib
from collections.abc import Callable, Sequence
from itertools import islice
from reprlib import repr as shortened
from typing import Any, NoReturn

from gdviz.base.format import read_number
from gdviz.base.logging import LEVELS


class UsageError(ValueError):
    """A command line that is refused, in one sentence."""


#: What takes an option that may be repeated.
_MANY = argparse._AppendAction  # noqa: SLF001 - argparse has no other name for it

#: What a form of two or four numbers may hold.
_EXAMPLE = ("-1.5", "2", "0", "3.5")

# -- values: each function reads one, or says what is wrong with it


def a_number(text: str) -> float:
    """Read a number."""
    try:
        return read_number(text)
    except ValueError as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from None


def a_whole_number(text: str) -> int:
    """Read a whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{shortened(text)} is not a whole number") from None


def a_whole_number_between(low: int, high: int) -> Callable[[str], int]:
    """Return what reads a whole number within bounds."""

    def read(text: str) -> int:
        if not low <= (number := a_whole_number(text)) <= high:
            raise argparse.ArgumentTypeError(f"must be between {low} and {high}, not {number}")
        return number

    return read


def numbers(form: str) -> Callable[[str], tuple[float, ...]]:
    """Return what reads as many numbers as there are in a form such as ``A,B``."""
    count = len(form.split(","))
    example = ",".join(_EXAMPLE[:count])

    def read(text: str) -> tuple[float, ...]:
        parts = [part.strip() for part in text.split(",")]
        if len(parts) != count or not all(parts):
            raise argparse.ArgumentTypeError(
                f"{shortened(text)} is not of the form {form}: {count} numbers with commas "
                f"between, such as {example}"
            )
        return tuple(map(a_number, parts))

    return read


class OneOf:
    """What reads one of some words.

    Parameters
    ----------
    names : sequence of str
        The words.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)

    def __call__(self, text: str) -> str:
        """Read one of the words."""
        if text not in self.names:
            raise argparse.ArgumentTypeError(
                f"{shortened(text)} is not one of {', '.join(self.names)}"
            )
        return text


class Parser(argparse.ArgumentParser):
    """A parser that refuses in one sentence."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            allow_abbrev=False, argument_default=argparse.SUPPRESS, add_help=False, **settings
        )
        self.add_argument("-h", "--help", action="help", help="show this help and exit")
        self.add_argument(
            "--log-level", choices=LEVELS, default="warning", metavar="LEVEL",
            help=f"the least that is written to the log: {', '.join(LEVELS)}",
        )  # fmt: skip

    def error(self, message: str) -> NoReturn:
        """Refuse; argparse would print its usage and exit."""
        raise UsageError(message.removeprefix("argument "))

    def read(self, argv: Sequence[str]) -> argparse.Namespace:
        """Parse arguments; options that were not given are not in the result.

        Raises
        ------
        UsageError
        """
        arguments, unknown = self.parse_known_args(self._joined(argv))
        unknown = [word for word in unknown if word != "--"]
        if unknown:
            self._refuse(unknown[0])
        return arguments

    def _joined(self, argv: Sequence[str]) -> list[str]:
        """Join each option with its value, which may look like an option, and put files last."""
        options: list[str] = []
        files: list[str] = []
        once: set[str] = set()
        words = iter(argv)
        for word in words:
            action = self._option_string_actions.get(word)
            self._check_once(word, once)
            if word == "--":
                files += words
            elif action is not None and action.nargs is None:
                value = next(words, None)
                if value is None or value in self._option_string_actions:
                    raise UsageError(f"{word} needs a value")
                options.append(f"{action.option_strings[-1]}={value}")
            elif action is not None and isinstance(action.nargs, int):
                values = list(islice(words, action.nargs))
                if len(values) < action.nargs or set(values) & set(self._option_string_actions):
                    raise UsageError(f"{word} needs {action.nargs} values")
                # To argparse no word with a space in front is an option.
                options += [word, *(f" {value}" for value in values)]
            else:
                (options if word.startswith("-") and word != "-" else files).append(word)
        return [*options, "--", *files] if files else options

    def _check_once(self, word: str, seen: set[str]) -> None:
        """Refuse an option whose value would be lost, as it is given again."""
        action = self._option_string_actions.get(word.partition("=")[0])
        if action is None or action.nargs == 0 or isinstance(action, _MANY):
            return
        if action.dest in seen:
            raise UsageError(f"{action.option_strings[0]} is given twice: it has one value")
        seen.add(action.dest)

    def _refuse(self, word: str) -> NoReturn:
        if not word.startswith("-"):
            raise UsageError(f"unexpected argument {shortened(word)}")
        option = word.partition("=")[0]
        near = difflib.get_close_matches(option, self._option_string_actions, n=1, cutoff=0.7)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UsageError(f"{self.prog} has no option {option[:40]}{hint}")
