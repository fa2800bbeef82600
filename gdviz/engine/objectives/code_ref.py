"""A person's own Python code: which code it is, and what may be wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import NamedTuple, Protocol

from gdviz.base.captured_output import CapturedOutput
from gdviz.base.geometry import Range
from gdviz.base.input_error import InputError
from gdviz.base.types import Array
from gdviz.engine.language.parser import MAX_NAME, PARAMETERS
from gdviz.engine.objectives.network.settings import SliceSettings

#: What is asked of it: ``loss``, ``gradient``, or second derivatives.
VALUE, GRADIENT, HESSIAN = 0, 1, 5
#: How many numbers each is at a point.
NUMBERS_OF = {VALUE: 1, GRADIENT: 2, HESSIAN: 3}


class CodeError(InputError):
    """What is wrong with the code, in one sentence that names the line.

    Attributes
    ----------
    output : CapturedOutput or None
        What the code has printed.
    """

    output: CapturedOutput | None = None


class StochasticError(CodeError):
    """That a loss is another number each time, and what makes it a function.

    Parameters
    ----------
    said : str
        How much it differs, and where.
    loss_seed : int, optional
        What generators were seeded with before each call, if they were.
    evaluation : str, default ""
        What turns dropout off in its model, if it has one.
    """

    def __init__(self, said: str, loss_seed: int | None = None, evaluation: str = "") -> None:
        remedy = (
            "--loss-seed 0 makes it a function, by seeding the generators of Python, NumPy and "
            "PyTorch before each call; or let it do so in its first line"
            if loss_seed is None
            else f"the generators of Python, NumPy and PyTorch were seeded with {loss_seed} before "
            "each call, so it depends on something else, which it has to fix itself"
        )
        off = f"; {evaluation} turns dropout off" if evaluation else ""
        super().__init__(f"{said}{off}; {remedy}")
        self.said, self.evaluation = said, evaluation


def argument_names(called: str) -> tuple[str, str]:
    """Return what a function calls its two arguments: a and b where it has one, or unnamed ones.

    Parameters
    ----------
    called : str
        How it is called, such as ``"loss(x, y)"``.
    """
    names = called.partition("(")[2].removesuffix(")").split(", ")
    if len(names) != len(PARAMETERS) or not all(map(str.isidentifier, names)):
        return PARAMETERS
    first, second = names
    return (first, second) if max(map(len, names)) <= MAX_NAME else PARAMETERS


class Noise(NamedTuple):
    """Values that differ at the same point (a, b).

    Attributes
    ----------
    a, b : float
        The point.
    spread : float
        Their standard deviation.
    slope : float
        How fast f typically changes from point to point.
    """

    a: float
    b: float
    spread: float
    slope: float


class Others(NamedTuple):
    """A value at (a, b) that depends on which other points are asked for.

    Attributes
    ----------
    a, b : float
        The point.
    alone, among : float
        The value there if it is the only point, and among others.
    """

    a: float
    b: float
    alone: float
    among: float


@dataclass(frozen=True)
class Facts:
    """What was found out about code when it was loaded.

    Parameters
    ----------
    loss, gradient : str
        How these are called, such as ``"loss(a, b)"``; without a gradient it is empty.
    takes_arrays : bool
        Whether ``loss`` gets many points in a call.
    seconds : float
        About what a point takes: as one of many, if it gets many.
    alone : float
        Seconds that a call takes which gets one point.
    timed : int
        How many points a call got when `seconds` was found.
    is_single : bool
        Whether it computes in float32, as far as can be seen.
    short : str
        What it computes in where that is shorter still, such as ``"bfloat16"``; else empty.
    noise : Noise or None
        How it differs from call to call.
    others : Others or None
        How it differs with what else is asked for.
    autodiff : str
        What differentiates the loss by itself, such as ``"PyTorch's autograd"``; else empty.
    no_gradient : str
        Why that cannot be, in a sentence; else empty.
    has_hessian : bool
        Whether second derivatives are known.
    hessian_gradients : int
        How many gradients a Hessian takes, where it is differences of them; else 0.
    is_slice : bool
        Whether it is a slice of a network's loss.
    evaluation : str
        What turns dropout off in its model, such as ``"model.eval()"``; empty where nothing does.
    home : tuple of float or None
        The map that shows it, of a slice.
    trajectory : tuple of (float, float)
        Where the checkpoints of a network lie on it.
    notes : tuple of str
        What else has to be known of a slice.
    refused : str
        Why there is no such slice, in a sentence, where there was another one before, which stays.
    """

    loss: str = "loss(a, b)"
    gradient: str = ""
    takes_arrays: bool = True
    seconds: float = 0.0
    alone: float = 0.0
    timed: int = 0
    is_single: bool = False
    short: str = ""
    noise: Noise | None = None
    others: Others | None = None
    autodiff: str = ""
    no_gradient: str = ""
    has_hessian: bool = False
    hessian_gradients: int = 0
    is_slice: bool = False
    evaluation: str = ""
    home: tuple[float, float, float, float] | None = None
    trajectory: tuple[tuple[float, float], ...] = ()
    notes: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True)
class Code:
    """Which code an experiment is about; the code itself is in the file.

    Parameters
    ----------
    path : str
        The file.
    digest : str
        The SHA-256 of what it held when it was opened, in hexadecimal digits.
    has_gradient : bool, default False
        Whether it defines ``gradient(a, b)``.
    takes_complex : bool, default False
        Whether ``loss`` was found to take complex numbers, as the complex step needs it.
    loss : str, default "loss(a, b)"
        How the function that is minimised is called.
    no_gradient : str, default ""
        Why its library cannot differentiate it, if it has one that does.
    has_hessian : bool, default False
        Whether second derivatives are known.
    slice : SliceSettings or None, default None
        If it is a network: which slice of its loss.
    is_single : bool, default False
        Whether it was found to compute in float32.
    short : str, default ""
        What it computes in where that is shorter still, such as ``"bfloat16"``.
    loss_seed : int or None, default None
        What generators are seeded with before each call, so that a stochastic loss is a function;
        None where they are not.
    hessian_gradients : int, default 0
        How many gradients a Hessian takes, where it is differences of them.
    """

    path: str
    digest: str
    has_gradient: bool = False
    takes_complex: bool = False
    loss: str = "loss(a, b)"
    no_gradient: str = ""
    has_hessian: bool = False
    slice: SliceSettings | None = None
    is_single: bool = False
    short: str = ""
    loss_seed: int | None = None
    hessian_gradients: int = 0

    @property
    def name(self) -> str:
        """The file's name."""
        return PurePath(self.path).name

    @property
    def parameters(self) -> tuple[str, str]:
        """What the function calls its arguments; those of a slice are the program's own."""
        return PARAMETERS if self.slice else argument_names(self.loss)


class CodeRunner(Protocol):
    """What runs code that was opened: :class:`~gdviz.engine.objectives.code_process.CodeProcess`.

    Most never open code, and need not wait for multiprocessing to be imported.
    """

    code: Code
    facts: Facts
    calls: int

    @property
    def output(self) -> CapturedOutput:
        """What it printed."""

    @property
    def seconds(self) -> float:
        """About what a point takes, as far as is known."""

    def call(self, kind: int, a: Array, b: Array, cancelled: Callable[[], bool]) -> Array:
        """Return what one of its functions returns at the first of some points."""

    def hole(self, at: tuple[float, float] | None = None) -> str:
        """Return what it raises at a point, or where it first did, and what; else nothing."""

    def on_slice(
        self, settings: SliceSettings, extent: Range | None, cancelled: Callable[[], bool]
    ) -> "CodeRunner":
        """Return what runs the same network on another slice, without running its file again."""

    def interrupt(self) -> None:
        """Give up the call that runs."""

    def stop(self) -> None:
        """End it."""
