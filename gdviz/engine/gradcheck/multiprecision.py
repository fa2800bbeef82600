"""Values of the computation graph at one point in fifty digits, through mpmath.

What float64 cannot tell apart these mostly can; they take about a hundred times as long. mpmath
comes with SymPy and takes a while to import: import this module when it is needed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from mpmath.ctx_mp import MPContext  # type: ignore[import-untyped]

from gdviz.engine.language.graph import Graph

#: Digits, and the relative error of an operation.
DIGITS = 50
UNIT = 10.0**-DIGITS
#: Larger numbers count as undefined, and exponents beyond are cut: each takes as many bits as its
#: logarithm, and e^e^e^a would take all of the memory.
_LARGEST_EXPONENT = 100_000


def precise(
    graph: Graph, outputs: Sequence[int], names: Mapping[str, Any], digits: int = DIGITS
) -> list[Any]:
    """Evaluate nodes at a point.

    Parameters
    ----------
    graph : Graph
        The graph.
    outputs : sequence of int
        The nodes: single numbers, not one for each row.
    names : mapping of str to float or ndarray, shape (rows,)
        What the names stand for.
    digits : int, default 50
        How many are carried.

    Returns
    -------
    list of mpf
        In the order of `outputs`; nan where undefined in the real numbers, or too large.
    """
    context = MPContext()  # a context of its own: mpmath's global one is shared by all threads
    context.dps = digits
    functions = {
        name: np.frompyfunc(_guarded(context, function), function.__code__.co_argcount, 1)
        for name, function in _functions(context).items()
    }
    to_mpf = np.frompyfunc(context.mpf, 1, 1)
    done: dict[int, Any] = {}
    for index in graph.reachable(outputs):
        node = graph[index]
        operands = [done[i] for i in node.arguments]
        match node.operation:
            case "number":
                done[index] = context.mpf(node.value)
            case "name":
                done[index] = to_mpf(names[node.name])
            case "sum":
                done[index] = np.sum(operands[0])
            case operation:
                done[index] = functions[operation](*operands)
    return [done[output] for output in outputs]


def _guarded(context: Any, function: Callable[..., Any]) -> Callable[..., Any]:
    """Make nan of what is undefined, complex or out of bounds."""
    largest = context.exp(_LARGEST_EXPONENT)

    def guarded(*arguments: Any) -> Any:
        if any(context.isnan(argument) for argument in arguments):
            return context.nan
        try:
            value = function(*arguments)
        except (ArithmeticError, ValueError):
            return context.nan
        # Comparisons with nan are false.
        return value if isinstance(value, context.mpf) and abs(value) < largest else context.nan

    return guarded


def _functions(mp: Any) -> Mapping[str, Callable[..., Any]]:
    """Return the language's operations in a context; those over rows excepted."""

    def cut(t: Any) -> Any:
        return max(-_LARGEST_EXPONENT, min(t, _LARGEST_EXPONENT))

    def exp(t: Any) -> Any:
        return mp.exp(cut(t))

    def power(u: Any, v: Any) -> Any:
        if u == 0 or v == int(v):
            # The logarithm of a result that is too large, before it is computed.
            if u != 0 and abs(v * mp.log(abs(u))) > _LARGEST_EXPONENT:
                return mp.nan if v * mp.log(abs(u)) > 0 else mp.zero
            return u**v
        return exp(v * mp.log(u)) if u > 0 else mp.nan

    def sign(t: Any) -> Any:
        return mp.mpf((t > 0) - (t < 0))

    return {
        "add": lambda u, v: u + v,
        "sub": lambda u, v: u - v,
        "mul": lambda u, v: u * v,
        "div": lambda u, v: u / v,
        "neg": lambda t: -t,
        "pow": power,
        "exp": exp,
        "log": lambda t: mp.log(t),
        "log10": lambda t: mp.log10(t),
        "sqrt": lambda t: mp.sqrt(t),
        "abs": lambda t: abs(t),
        "sign": sign,
        "sin": lambda t: mp.sin(t),
        "cos": lambda t: mp.cos(t),
        "tan": lambda t: mp.tan(t),
        "asin": lambda t: mp.asin(t),
        "acos": lambda t: mp.acos(t),
        "atan": lambda t: mp.atan(t),
        "sinh": lambda t: mp.sinh(cut(t)),
        "cosh": lambda t: mp.cosh(cut(t)),
        "tanh": lambda t: mp.tanh(t),
        "sigmoid": lambda t: 1 / (1 + exp(-t)),
        "softplus": lambda t: max(t, mp.zero) + mp.log1p(exp(-abs(t))),
        "relu": lambda t: max(t, mp.zero),
        "step": lambda t: mp.mpf(t > 0),
        "max": lambda u, v: max(u, v),
        "min": lambda u, v: min(u, v),
        "heaviside": lambda t: (1 + sign(t)) / 2,
    }
