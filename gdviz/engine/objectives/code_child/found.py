"""What of a person's file is called: its functions of (a, b), or a slice of its network's loss."""

import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from gdviz.base.geometry import Range
from gdviz.engine.objectives.code_child.calls import Called
from gdviz.engine.objectives.code_child.names import find_functions, signature, told_of_keys
from gdviz.engine.objectives.code_ref import GRADIENT, HESSIAN, NUMBERS_OF, VALUE
from gdviz.engine.objectives.network.adapters import arrays_of, imported
from gdviz.engine.objectives.network.batches import Batch, choose, together
from gdviz.engine.objectives.network.forward import Arrays, Forward, Leaves
from gdviz.engine.objectives.network.network import why_not
from gdviz.engine.objectives.network.settings import SliceSettings
from gdviz.engine.objectives.network.slices import GRADIENTS, NetworkFile, Slice
from gdviz.engine.objectives.returned import Array

#: Where on a map it is tried how many points a call should get, as parts of its sides.
_SOME = (np.arange(8) + 0.513) / 8
#: A coordinate of its middle.
_MIDDLE = np.zeros(1)
Function = Callable[..., Any]
Allow = Callable[[], object]
Examine = Callable[..., None]


@dataclass(frozen=True)
class Found:
    """What a file defines.

    Attributes
    ----------
    functions : dict of int to Called
        Its functions, by what is asked for.
    facts : dict
        What is known of them so far, as fields of :class:`~..code_ref.Facts`.
    """

    functions: dict[int, Called]
    facts: dict[str, Any]


def slice_calls(
    file: NetworkFile, settings: SliceSettings, allow: Allow, examine: Examine
) -> Found:
    """Return a slice of a network's loss.

    Parameters
    ----------
    file : NetworkFile
        The network.
    settings : SliceSettings
        Which slice.
    allow : callable
        Called before each call of the file's code.
    examine : callable
        Finds out what a function does, within a map.

    Raises
    ------
    CodeError, or what the code raises
        If nothing spans it, or it cannot be called.
    """
    found, network = file.slice(settings), file.network
    batch = choose(found, _all_over(found.home), time.perf_counter)
    functions: dict[int, Function] = {VALUE: _value(found, batch)}
    second = ""
    if not network.no_gradient:
        functions[GRADIENT] = found.gradient
        if not (second := _why_no_hessian(found)):
            functions[HESSIAN] = found.hessian
            if network.differences:
                second = "second derivatives are central differences of its gradients"
    facts = {
        "loss": file.loss,
        "gradient": file.gradient,
        "autodiff": network.autodiff,
        "no_gradient": network.no_gradient,
        "has_hessian": HESSIAN in functions,
        "hessian_gradients": GRADIENTS * (HESSIAN in functions and network.differences),
        "is_slice": True,
        "short": network.short,
        "evaluation": network.forward.evaluation,
        "home": found.home,
        "trajectory": found.trajectory.tolist(),
        "notes": tuple(filter(None, (*found.notes, batch.note, second))),
    }
    called = {
        kind: Called(function, "loss", NUMBERS_OF[kind], allow=allow)
        for kind, function in functions.items()
    }
    examine(called[VALUE], found.home)
    called[VALUE].is_single |= network.is_single
    if GRADIENT in called:  # it is compiled by its second call: later ones have less time
        called[GRADIENT].some(_MIDDLE, _MIDDLE)
    return Found(called, facts)


def _all_over(extent: Range) -> list[list[float]]:
    """Return some points of a map."""
    low, high = np.reshape(extent, (2, 2)).T
    points: list[list[float]] = (low + (high - low) * _SOME[:, np.newaxis]).tolist()
    return points


def _value(found: Slice, batch: Batch) -> Function:
    """Return f, which gets many points in a call where that is faster."""
    if not batch.by:
        return found.value

    def value(a: Any, b: Any) -> Any:
        if np.ndim(a) == 0:
            return found.value(a, b)
        points = np.stack([a, b], axis=1).tolist()
        values = together(found, batch, points)
        for i in np.flatnonzero(np.isnan(values)).tolist():
            values[i] = found.value(*points[i])
        return values

    return value


def _why_no_hessian(found: Slice) -> str:
    """Say why second derivatives cannot be had, in a sentence; empty where they can."""
    try:
        is_known = np.isfinite(found.hessian(0.0, 0.0)).all()
        why = "" if is_known else "they are not finite in the middle"
    except Exception as error:  # of whatever kind: not all can be differentiated twice
        why = why_not(error, found.network.arrays)
    return why and f"there are no second derivatives: {why}"


def own_calls(module: ModuleType, file: str, allow: Allow, examine: Examine) -> Found:
    """Return the functions of two parameters; what differentiates the loss where none does.

    Parameters
    ----------
    module : module
        What the file has become.
    file : str
        Its name, for sentences.
    allow : callable
        Called before each call of the file's code.
    examine : callable
        Finds out what a function does.

    Raises
    ------
    CodeError, or what the code raises
        If there is no loss, or it cannot be called.
    """
    (name, loss), own = find_functions(module, file)
    value = Called(loss, name, also=taking_arrays(loss), allow=allow)
    with told_of_keys(file, name, loss):
        examine(value)
    functions = {VALUE: value}
    facts: dict[str, Any] = {"loss": signature(name, loss, of_two=not value.takes_vector)}
    if own is not None:
        functions[GRADIENT] = Called(own[1], own[0], 2, taking_arrays(own[1]), allow)
        examine(functions[GRADIENT])
        facts["gradient"] = signature(*own)
    elif not value.raises and (arrays := _library(value)) is not None:
        derivatives = _Derivatives(value, arrays)
        try:
            for kind, derived in derivatives.of.items():
                value.returned(derived)
                called = Called(derived, name, NUMBERS_OF[kind], allow=allow)
                examine(called)
                functions[kind] = called
        except Exception as error:  # of whatever kind: there are differences
            if GRADIENT not in functions:
                facts["no_gradient"] = why_not(error, arrays)
        if GRADIENT in functions:
            facts |= {"autodiff": arrays.autodiff, "has_hessian": HESSIAN in functions}
    return Found(functions, facts)


def _autodiff() -> list[Arrays]:
    every = (adapter.arrays for adapter in imported())
    return [arrays for arrays in every if arrays is not None and arrays.autodiff]


def taking_arrays(function: Function) -> tuple[Function, ...]:
    """Return a function as it takes what the imported libraries compute with."""

    def taking(arrays: Arrays, kind: type[np.floating[Any]]) -> Function:
        @functools.wraps(function)
        def given(*points: Any) -> Any:
            single = kind is np.float32
            return function(*(arrays.like(_single(p) if single else np.asarray(p)) for p in points))

        return given

    return tuple(taking(a, kind) for a in _autodiff() for kind in (np.float64, np.float32))


def _single(point: Any) -> Array:
    array = np.asarray(point)
    return array.astype(np.complex64 if array.dtype.kind == "c" else np.float32)


def _library(value: Called) -> Arrays | None:
    """Return what differentiates a loss, by what it returns; None if nothing is there that does."""
    arrays, libraries = arrays_of(value.returned()), _autodiff()
    return arrays if arrays in libraries else next(iter(libraries), None)


class _Derivatives:
    """Derivatives of a loss of two parameters by what its library has for them.

    At many points they are those of the sum of its values: where these are each a value of its own
    point, so is a derivative, and where not, that is found out as for the loss.
    """

    def __init__(self, value: Called, arrays: Arrays) -> None:
        def loss(leaves: Leaves) -> Any:
            return value.function(*leaves)

        self._forward = Forward((), (), loss, list)
        self._arrays = arrays
        self._kind = np.float32 if value.is_single else np.float64
        derivatives = {GRADIENT: self._gradient, HESSIAN: self._hessian}
        self.of = {kind: self._like(value, each) for kind, each in derivatives.items()}

    @staticmethod
    def _like(value: Called, derivative: Function) -> Function:
        """Return a function that is called as the loss is."""
        return functools.wraps(value.function)(lambda *points: derivative(points))

    def _leaves(self, points: Sequence[Any]) -> Leaves:
        return [self._arrays.like(np.asarray(point, self._kind)) for point in points]

    def _rows(self, found: Leaves) -> tuple[Array, ...]:
        """Return what belongs to a, and to b, of what is shaped as the points were."""
        rows = [self._arrays.plain(part) for part in found]
        return tuple(rows[0]) if len(rows) == 1 else tuple(rows)

    def _gradient(self, points: Sequence[Any]) -> tuple[Array, ...]:
        return self._rows(self._arrays.gradient(self._forward, self._leaves(points)))

    def _hessian(self, points: Sequence[Any]) -> tuple[Array, ...]:
        leaves = self._leaves(points)
        along: list[Leaves] = []
        for axis in (0, 1):
            units = np.zeros((2, *np.shape(points[0])[len(points) % 2 :]), self._kind)
            units[axis] = 1.0
            parts = [units] if len(points) == 1 else list(units)
            along.append([self._arrays.like(part) for part in parts])
        of_a, of_b = map(self._rows, self._arrays.curvature(self._forward, leaves, along))
        return of_a[0], of_a[1], of_b[1]
