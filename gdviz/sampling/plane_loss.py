"""A person's loss on a plane, in a process that may run their code."""

import math
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol

import numpy as np

from gdviz import __version__
from gdviz.base.format import number, pair
from gdviz.base.geometry import Range
from gdviz.engine.objectives.code_child.calls import Called
from gdviz.engine.objectives.code_child.found import taking_arrays
from gdviz.engine.objectives.code_child.loading import load_module
from gdviz.engine.objectives.code_child.names import find_functions, signature, told_of_keys
from gdviz.engine.objectives.code_child.source_file import SourceFile
from gdviz.engine.objectives.code_ref import CodeError, StochasticError, argument_names
from gdviz.engine.objectives.network.batches import ONE_BY_ONE, Batch, choose
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.network.slices import Slice, slice_of
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE
from gdviz.sampling.subject import LOSS_ROUNDING, Opened, Plane, Subject

#: Where in its range, as parts of it, it is tried what a loss of two parameters does.
_TRIED = np.array([[0.5513, 0.4727], [0.5271, 0.5817]])
_EVERYWHERE = np.array(np.meshgrid(*[(np.arange(8) + 0.513) / 8] * 2)).reshape(2, -1)
#: Some of these, all over it.
_SOME = _EVERYWHERE[:, ::9]
#: How many values at one point tell the spread of those that are not the same.
_REPEATS = 8
#: What a computation may depend on, by the name it is imported by.
_LIBRARIES = ("numpy", "scipy", "torch", "jax", "tensorflow", "keras", "flax", "equinox", "sklearn")


class PlaneLoss(Protocol):
    """A loss of two numbers, which stand for a plane through many parameters.

    Attributes
    ----------
    loss : str
        What it is called.
    plane : Plane
        The plane.
    extent : Range
        Where it is looked at, if nothing else is chosen.
    known : (float, float)
        A point of it that is sure to have a value.
    slice : SliceSettings or None
        Which plane through a network's parameters it is.
    notes : tuple of str
        What the person should read.
    network : slice of a network, or None
        What computes many cells in a call.
    many_passes : callable
        Returns the context in which one value after the other is computed faster.
    """

    loss: str
    plane: Plane
    extent: Range
    known: tuple[float, float]
    slice: SliceSettings | None
    notes: tuple[str, ...]
    network: Slice | None
    many_passes: Callable[[], AbstractContextManager[None]]

    def value(self, a: float, b: float) -> float:
        """Return the loss at a point; whatever the code raises there is raised."""


class _TwoParameters:
    """A file's loss(a, b): the plane is all there is."""

    notes: tuple[str, ...] = ()
    slice: SliceSettings | None = None
    network: Slice | None = None
    many_passes: Callable[[], AbstractContextManager[None]] = nullcontext
    extent = DEFAULT_RANGE

    def __init__(self, called: Called, loss: str) -> None:
        self.loss, self.value, self.known = loss, called.number, called.known
        axes = [np.array([1.0, 0.0])], [np.array([0.0, 1.0])]
        self.plane = Plane([", ".join(argument_names(loss))], [np.zeros(2)], axes)


class _OfNetwork:
    """A plane through the parameters of a network."""

    known = (0.0, 0.0)
    slice: SliceSettings | None
    network: Slice | None
    many_passes: Callable[[], AbstractContextManager[None]]

    def __init__(self, found: Slice, loss: str, settings: SliceSettings) -> None:
        self.loss, self.value, self.slice, self.network = loss, found.value, settings, found
        self.many_passes = found.network.forward.many_passes
        self.extent, self.notes = found.home, found.notes
        first, second = (list(axis.values()) for axis in found.directions)
        points = [(a, b) for a, b in found.trajectory.tolist()]
        center = list(found.centre.values())
        self.plane = Plane(list(found.centre), center, (first, second), points)


def open_loss(subject: Subject, file: SourceFile) -> PlaneLoss:
    """Run a person's file, and return its loss.

    Parameters
    ----------
    subject : Subject
        What is sampled.
    file : SourceFile
        Where that is.

    Raises
    ------
    CodeError, or what the code raises
    """
    module = load_module(file, subject.source, subject.loss_seed)
    path = Path(file.path)
    settings = subject.slice or SliceSettings()
    if (network := slice_of(module, path, settings)) is not None:
        return _OfNetwork(network, signature("loss", vars(module)["loss"]), settings)
    (name, loss), _ = find_functions(module, path.name)
    if subject.slice is not None:
        raise CodeError(
            f"{path.name} defines {signature(name, loss)}, of two parameters: there are no "
            "directions to choose, as there are through the parameters of a network"
        )
    called = Called(loss, name, also=taking_arrays(loss))
    ends = np.reshape(subject.extent or DEFAULT_RANGE, (2, 2))
    low, sides = ends[:, :1], np.diff(ends)
    with told_of_keys(path.name, name, loss):
        called.examine(low + sides * _TRIED, low + sides * _EVERYWHERE)
    return _TwoParameters(called, signature(name, loss, of_two=not called.takes_vector))


def examined(
    found: PlaneLoss, subject: Subject, clock: Callable[[], float] = time.perf_counter
) -> Opened:
    """Find out whether a loss is a function of its point, before any cell is computed.

    Parameters
    ----------
    found : PlaneLoss
        The loss.
    subject : Subject
        What is sampled.
    clock : callable, optional
        Tells the seconds.

    Raises
    ------
    CodeError
        If it is not finite where it has to be, or is another number each time.
    """
    name = subject.name
    at = "the parameters θ* themselves" if found.known == (0.0, 0.0) else pair(found.known)
    first = found.value(*found.known)
    if not math.isfinite(first):
        raise CodeError(f"{found.loss} of {name} is {first:g} at {at}, so nothing was sampled")
    began = clock()
    second = found.value(*found.known)
    seconds = clock() - began
    if not abs(second - first) <= LOSS_ROUNDING * abs(first):
        values = [first, second, *(found.value(*found.known) for _ in range(_REPEATS - 2))]
        evaluation = "" if found.network is None else found.network.network.forward.evaluation
        spread = number(float(np.std(values, ddof=1)), 3)
        raise StochasticError(
            f"{found.loss} of {name} is another number each time: at {at} it was "
            f"{number(first)} and then {number(second)}, with a standard deviation of {spread} in "
            f"{_REPEATS} calls",
            subject.loss_seed,
            evaluation,
        )
    identity = found.plane.identity(found.known, first)
    batch = subject.batch or _batch(found, subject.extent or found.extent, clock)
    notes = tuple(filter(None, (*found.notes, batch.note)))
    return Opened(
        found.loss, identity, seconds, versions(), found.extent, found.slice, notes, batch
    )  # fmt: skip


def _batch(found: PlaneLoss, extent: Range, clock: Callable[[], float]) -> Batch:
    if found.network is None:
        return ONE_BY_ONE
    ends = np.reshape(extent, (2, 2))
    return choose(found.network, (ends[:, :1] + np.diff(ends) * _SOME).T.tolist(), clock)


def versions() -> dict[str, str]:
    """Return what computes here, by name."""
    known = {"gdviz": __version__, "python": sys.version.partition(" ")[0]}
    for name in _LIBRARIES:
        if version := getattr(sys.modules.get(name), "__version__", ""):
            known[name] = str(version)
    return known
