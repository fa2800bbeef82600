"""Guided experiments: an Experiment with a title, what to look at, and the view that shows it."""

from functools import cache
from pathlib import Path

import msgspec

from gdviz.base.resources import assets, examples
from gdviz.engine.objectives.network.settings import Directions
from gdviz.experiment.experiment import Experiment


class Heading(msgspec.Struct, frozen=True):
    """What a menu shows of a guide.

    Parameters
    ----------
    title : str
        In the menu.
    look : str
        What to look at, in two sentences.
    """

    title: str
    look: str


class Guide(Heading, frozen=True, forbid_unknown_fields=True):
    """A guided experiment.

    Parameters
    ----------
    title, look : str
        As in its heading.
    experiment : Experiment
        What it sets up.
    lens : str, default "Run"
        The title of the lens it needs.
    step : int or None, default None
        The current step; None is the last.
    method : int, default 1
        The row of the methods whose step is written out.
    view : str, default ""
        Which of the lens's views, where it has several; empty leaves the one that is open.
    example : str, default ""
        Which of the shipped networks is its function, if one is; it is run when it is opened.
    directions : str, default "random"
        What spans the slice of that.
    """

    experiment: Experiment
    lens: str = "Run"
    step: int | None = None
    method: int = 1
    view: str = ""
    example: str = ""
    directions: Directions = "random"

    @property
    def file(self) -> Path | None:
        """Where the Python code is that it needs, if it needs some."""
        if self.example:
            return examples() / self.example
        code = self.experiment.function.code
        return None if code is None else Path(code.path)


@cache
def guides() -> tuple[Guide, ...]:
    """Return the guided experiments that are shipped, in the order of their file names."""
    return tuple(map(read, _shipped()))


def headings() -> tuple[Heading, ...]:
    """Return the headings of :func:`guides`, for which no experiment is read and checked."""
    return tuple(msgspec.json.decode(path.read_bytes(), type=Heading) for path in _shipped())


def _shipped() -> list[Path]:
    return sorted((assets() / "experiments").glob("*.json"))


def read(path: Path) -> Guide:
    """Read a guided experiment.

    Raises
    ------
    msgspec.ValidationError
        If it is none.
    """
    return msgspec.json.decode(path.read_bytes(), type=Guide)
