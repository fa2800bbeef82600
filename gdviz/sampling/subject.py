"""What is sampled, as it goes to other processes and machines, and what is found out about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from gdviz.base.geometry import Range
from gdviz.base.input_error import InputError
from gdviz.engine.language.parser import PARAMETERS
from gdviz.engine.objectives.code_ref import argument_names
from gdviz.engine.objectives.network.batches import ONE_BY_ONE, Batch
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.returned import Array

#: How far two planes may be apart, and two losses, as a part of what they are: eigenvectors of a
#: Hessian, say, differ in their last digits with the number of threads, and sums in float32 do.
_ROUNDING, LOSS_ROUNDING = 1e-3, 1e-5


class SamplingError(InputError):
    """Why a loss is not sampled, or no further, in one sentence.

    Parameters
    ----------
    sentence : str
        That sentence.
    printed : str, default ""
        What the person's code had printed.
    is_stochastic : bool, default False
        Whether it is because the loss is another number each time, which a seed may mend:
        ``loss_seed`` of a request.
    about : str, default ""
        Which field of a request has to be another one, if one has: the place for the sentence.
    """

    def __init__(
        self, sentence: str, printed: str = "", is_stochastic: bool = False, about: str = ""
    ) -> None:
        about = "loss_seed" if is_stochastic else about
        # All, for it goes between processes.
        super().__init__(sentence, printed, is_stochastic, about)
        self.sentence, self.printed = sentence, printed
        self.is_stochastic, self.about = is_stochastic, about

    def __str__(self) -> str:
        return self.sentence


class OpeningEnded(SamplingError):  # noqa: N818 - it may be opened again
    """That the process ended, or was killed, in which a file was opened."""


@dataclass(frozen=True)
class Plane:
    """Where in the space of the parameters the cells lie: θ(a, b) = θ* + a·d₁ + b·d₂.

    Parameters
    ----------
    names : sequence of str
        What the arrays of parameters are called; of a loss of two numbers both, ``"x, y"``.
    center : sequence of ndarray
        θ*.
    directions : (sequence of ndarray, sequence of ndarray)
        d₁ and d₂, shaped as θ*.
    trajectory : sequence of (float, float), default ()
        Where checkpoints lie in it, as the points (a, b).
    """

    names: Sequence[str]
    center: Sequence[Array]
    directions: tuple[Sequence[Array], Sequence[Array]]
    trajectory: Sequence[tuple[float, float]] = ()

    @property
    def axes(self) -> tuple[str, str]:
        """What the axes are called: as the two numbers that the loss takes, else a and b."""
        return argument_names(f"loss({self.names[0]})") if len(self.names) == 1 else PARAMETERS

    def identity(self, known: tuple[float, float], loss: float) -> "Identity":
        """Return what tells it from others, with the loss at a point of it."""
        arrays = [*self.center, *self.directions[0], *self.directions[1]]
        flat = [np.asarray(array, np.float64).ravel() for array in arrays]
        marks = [(float(np.linalg.norm(x)), float(x @ np.cos(np.arange(len(x))))) for x in flat]
        return Identity(tuple(marks), (*known, loss))


@dataclass(frozen=True)
class Identity:
    """What tells a loss on a plane from another one, but for rounding.

    Parameters
    ----------
    arrays : tuple of (float, float)
        Of each array of parameters and directions its norm, and its product with a fixed vector.
    at : (float, float, float)
        A point (a, b), and the loss there.
    """

    arrays: tuple[tuple[float, float], ...]
    at: tuple[float, float, float]

    def is_of_the_plane_of(self, other: "Identity") -> bool:
        """Tell whether another one has the same parameters and directions."""
        return len(self.arrays) == len(other.arrays) and all(
            abs(size - its_size) + abs(part - its_part) <= _ROUNDING * size
            for (size, part), (its_size, its_part) in zip(self.arrays, other.arrays, strict=True)
        )

    def is_of_the_loss_of(self, other: "Identity") -> bool:
        """Tell whether another one has the same loss at the same point."""
        (a, b, loss), (its_a, its_b, its_loss) = self.at, other.at
        is_near = abs(loss - its_loss) <= LOSS_ROUNDING * max(abs(loss), abs(its_loss))
        return (a, b) == (its_a, its_b) and is_near


@dataclass(frozen=True)
class Subject:
    """A person's file, whose loss is sampled.

    Parameters
    ----------
    path : str
        Where it is; another machine need not have it there.
    source : bytes
        What it holds.
    extent : Range or None
        Where it is sampled, if that was chosen: it is tried nowhere else what the code does.
    token : str
        Of this run of the program, at the end of which the processes end that opened it.
    threads : int, default 0
        How many threads the libraries that multiply matrices may use; 0 leaves it to them.
    slice : SliceSettings, optional
        Which plane through the parameters of a network, if that was chosen.
    identity : Identity, optional
        Once it is known: what every process has to find.
    loss_seed : int, optional
        What generators are seeded with before each call of the loss.
    batch : Batch, optional
        How many cells a call of the loss gets, once it is known: in every process as in the first.
    """

    path: str
    source: bytes
    extent: Range | None
    token: str
    threads: int = 0
    slice: SliceSettings | None = None
    identity: Identity | None = None
    loss_seed: int | None = None
    batch: Batch | None = None

    @property
    def name(self) -> str:
        """The file's name."""
        return PurePath(self.path).name


@dataclass(frozen=True)
class Opened:
    """What was found out when a file was opened.

    Parameters
    ----------
    loss : str
        What is sampled is called, such as ``"loss(a, b)"``.
    identity : Identity
        What tells it from others.
    seconds : float
        About what a cell takes.
    versions : mapping of str to str
        Of the language, and of the libraries that the code uses.
    extent : Range
        Where it is sampled, if nothing else is chosen.
    slice : SliceSettings or None
        Which plane through the parameters of a network; None if it has two parameters.
    notes : tuple of str
        Sentences that the person should read.
    batch : Batch
        How many cells a call of the loss gets.
    printed : str
        What the code printed.
    """

    loss: str
    identity: Identity
    seconds: float
    versions: Mapping[str, str]
    extent: Range
    slice: SliceSettings | None = None
    notes: tuple[str, ...] = ()
    batch: Batch = ONE_BY_ONE
    printed: str = ""


@dataclass(frozen=True)
class Block:
    """The losses at some cells, as they come back.

    Parameters
    ----------
    values : tuple of float
        The losses, or none where the process ended before they were known.
    reasons : mapping of int to str
        By a cell's place among them, why it has no finite loss.
    seconds : float
        What they took together.
    ending : str
        How the process ended over them, in a sentence; empty if it did not.
    is_theirs : bool, default True
        Whether it ended while it computed them, not before that.
    """

    values: tuple[float, ...] = ()
    reasons: Mapping[int, str] | None = None
    seconds: float = 0.0
    ending: str = ""
    is_theirs: bool = True
