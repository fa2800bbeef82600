"""A stochastic loss as a function: what it draws by is seeded before each call, and put back."""

import functools
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np

from gdviz.engine.objectives.code_child.names import find_functions
from gdviz.engine.objectives.code_ref import CodeError

Function = Callable[..., Any]
#: Seeds a generator, and returns what puts it back.
Seed = Callable[[Any, int], Callable[[], object]]


def _of_python(generator: Any, seed: int) -> Callable[[], object]:
    state = generator.getstate()
    generator.seed(seed)
    return lambda: generator.setstate(state)


def _of_numpy(generator: Any, seed: int) -> Callable[[], object]:
    bits = generator.bit_generator
    state, bits.state = bits.state, type(bits)(seed).state
    return lambda: setattr(bits, "state", state)


def _of_old_numpy(generator: Any, seed: int) -> Callable[[], object]:
    state = generator.get_state(legacy=False)
    generator.seed(seed)
    return lambda: generator.set_state(state)


def _of_torch(generator: Any, seed: int) -> Callable[[], object]:
    state = generator.get_state()
    generator.manual_seed(seed)
    return lambda: generator.set_state(state)


#: By the class of generators, as its library calls it.
_SEEDS: Mapping[tuple[str, str], Seed] = MappingProxyType(
    {
        ("random", "Random"): _of_python,
        ("numpy.random", "Generator"): _of_numpy,
        ("numpy.random", "RandomState"): _of_old_numpy,
        ("torch", "Generator"): _of_torch,
    }
)


def seed_calls(module: ModuleType, seed: int) -> None:
    """Let a file's loss and gradient draw the same numbers in each call.

    Seeded are the generators that Python's ``random``, NumPy and PyTorch draw by where no other is
    named, and those that the file keeps in names of its own. JAX's keys are arguments: they need no
    seed.

    Parameters
    ----------
    module : module
        What the file has become.
    seed : int
        The seed, at least 0.
    """
    names = [name for name in ("loss", "gradient") if callable(getattr(module, name, None))]
    if "loss" not in names:
        with suppress(CodeError):  # which is said where the function is asked for
            loss, gradient = find_functions(module, "")
            names += [loss[0], *(() if gradient is None else (gradient[0],))]
    for name in set(names):
        setattr(module, name, _seeded(getattr(module, name), module, seed))


def _seeded(function: Function, module: ModuleType, seed: int) -> Function:
    @functools.wraps(function)
    def called(*arguments: Any, **named: Any) -> Any:
        with drawing_by(seed, module):
            return function(*arguments, **named)

    return called


@contextmanager
def drawing_by(seed: int, module: ModuleType) -> Iterator[None]:
    """Seed all generators for what is called within, and put them back.

    Parameters
    ----------
    seed : int
        The seed.
    module : module
        Whose names may hold generators.
    """
    undo = [seeds(generator, seed) for generator, seeds in _generators(module)]
    try:
        yield
    finally:
        for put_back in reversed(undo):
            put_back()


def _generators(module: ModuleType) -> Iterator[tuple[Any, Seed]]:
    """Yield the generators, each with what seeds it."""
    yield random, _of_python
    yield np.random, _of_old_numpy
    if (torch := sys.modules.get("torch")) is not None:
        yield torch.default_generator, _of_torch
    libraries = [(sys.modules.get(library), name, s) for (library, name), s in _SEEDS.items()]
    kinds = [(getattr(library, name), s) for library, name, s in libraries if library is not None]
    for value in list(vars(module).values()):
        yield from ((value, seeds) for kind, seeds in kinds if isinstance(value, kind))
