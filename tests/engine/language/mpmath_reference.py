"""The language in mpmath's words: a reference with no graph, no derivative and no code of ours."""

from collections.abc import Callable, Mapping
from typing import Any

import mpmath as mp

from gdviz.engine.language.parser import NAMED_NUMBERS
from gdviz.engine.language.syntax_tree import Apply, Name, Number, Tree

#: What is written with a sign.
ARITHMETIC: Mapping[str, Callable[..., Any]] = {
    "add": lambda u, v: u + v,
    "sub": lambda u, v: u - v,
    "mul": lambda u, v: u * v,
    "div": lambda u, v: u / v,
    "neg": lambda u: -u,
}
#: Every operation by name.
MPMATH: Mapping[str, Callable[..., Any]] = {
    **ARITHMETIC,
    "pow": mp.power,
    "exp": mp.exp,
    "log": mp.log,
    "log10": mp.log10,
    "sqrt": mp.sqrt,
    "abs": abs,
    "sign": mp.sign,
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "asin": mp.asin,
    "acos": mp.acos,
    "atan": mp.atan,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "sigmoid": lambda t: 1 / (1 + mp.exp(-t)),
    "softplus": lambda t: mp.log1p(mp.exp(t)),
    "relu": lambda t: max(t, mp.mpf(0)),
    "step": lambda t: mp.mpf(t > 0),
    "max": max,
    "min": min,
    "heaviside": lambda t: (mp.mpf(t > 0) + mp.mpf(t >= 0)) / 2,
}


def evaluate(
    tree: Tree, names: Mapping[str, Any], operations: Mapping[str, Callable[..., Any]] = MPMATH
) -> Any:
    """Evaluate a syntax tree."""
    match tree:
        case Number(value):
            return mp.mpf(value)
        case Name(name):
            return names[name] if name in names else mp.mpf(NAMED_NUMBERS[name])
        case Apply(operation, arguments):
            return operations[operation](*(evaluate(t, names, operations) for t in arguments))
