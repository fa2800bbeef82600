"""Properties of the parser and of differentiation over random text and random formulas."""

import math
import string
from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gdviz.engine.language.backends import Backend
from gdviz.engine.language.compiler import generate
from gdviz.engine.language.formula import Formula, FormulaError
from gdviz.engine.language.operations import FUNCTIONS
from gdviz.engine.language.syntax_tree import Apply, Name, Number, Tree
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.language.mpmath_reference import ARITHMETIC, MPMATH, evaluate

WORDS = [
    *FUNCTIONS, "a", "b", "x", "pi", "e", "π", "σ", "0", "1", "2", "0.5", "1e308", "1e-308",
    "1e999", "9" * 41, "+", "-", "*", "/", "^", "**", "(", ")", ",", "−", "·", "×", "÷", " ",
    "\n", "lambda", "import", "__class__", ".", "'", '"', ":=", "[", "]", "{", "}", "%", "\\", "#",
    "\0", "\u202e", "\u200b", "\u0301", "\ud800", "٣", "²", "½", "１", "ａ", "=", "if", "for", "1j",
    "_",
]  # fmt: skip
NASTY_TEXT = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=60).map("".join),
    st.text(st.characters(), max_size=60),
    st.text(string.printable, max_size=60),
    st.builds(lambda word, count: word * count, st.sampled_from(WORDS), st.integers(0, 3000)),
)


@given(NASTY_TEXT)
@example("max(" * 60 + "a")
@example("a" * 2001)
@example("(" * 60 + "a" + ")" * 59)
@example("a^" * 60 + "-" + "a")
@example("0^a^a^0^-a")
def test_text_is_a_formula_or_is_refused_in_a_sentence(text: str) -> None:
    refusal = None
    try:
        objective = FormulaObjective.from_text(text, {"x": 1.5})
    except FormulaError as error:
        refusal = error
    if refusal is not None:
        message = str(refusal)
        assert message
        assert message.isprintable()
        assert len(message) < 400
        if refusal.column is not None:
            assert 1 <= refusal.column <= len(text) + 1
            assert f"column {refusal.column}" in message or "empty" in message
        return
    # What is accepted can be evaluated and differentiated anywhere, without a warning.
    for a, b in ((0.0, 0.0), (-1.5, 2.0), (1e6, -1e6)):
        assert isinstance(objective.value(a, b), float)
        assert len(objective.gradient(a, b)) == 2
        assert len(objective.hessian(a, b)) == 3
        with np.errstate(all="ignore"):
            for precision in ("float64", "float32"):
                counted = CountedObjective(objective, precision)  # type: ignore[arg-type]
                here = counted.real(a), counted.real(b)
                counted.value(*here)
                counted.gradient(*here)
                counted.complex_value(here[0] + 1e-20j, here[1] + 0j)


# -- formulas from the grammar

UNARY = [name for name, function in FUNCTIONS.items() if function.arity == 1]
BINARY = [name for name in FUNCTIONS if name not in UNARY]
_numbers = st.sampled_from(["0", "1", "2", "3", "0.5", "1.7", "2.5e-1", "10"])
_leaves = st.one_of(st.sampled_from(["a", "b", "a", "b", "x", "pi", "e"]), _numbers)


def _extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operator = st.sampled_from(["+", "-", "*", "/", " - ", "·"])
    return st.one_of(
        st.builds("({}{}{})".format, inner, operator, inner),
        st.builds("{}({})".format, st.sampled_from(UNARY), inner),
        st.builds("{}({}, {})".format, st.sampled_from(BINARY), inner, inner),
        st.builds("({})^{}".format, inner, st.sampled_from(["2", "3", "-1", "0.5", "(1/3)", "5"])),
        st.builds("({})^({})".format, inner, inner),
        st.builds("-{}".format, inner),
    )


GRAMMAR = st.recursive(_leaves, _extend, max_leaves=14)

#: Beyond this, high precision becomes slow; such examples are passed over.
_LARGE = 1e6


class _UndefinedError(ArithmeticError):
    """Not real, or too large to compute with sixty digits."""


def _real(function: Callable[..., Any]) -> Callable[..., Any]:
    """Restrict a function of mpmath to where it is real, and not astronomically large."""

    def restricted(*arguments: Any) -> Any:
        if any(not mp.isfinite(t) or abs(t) > _LARGE for t in arguments):
            raise _UndefinedError
        try:
            result = function(*arguments)
        except (ArithmeticError, ValueError):
            raise _UndefinedError from None
        if isinstance(result, mp.mpc) or not mp.isfinite(result):
            raise _UndefinedError
        return result

    return restricted


def _power(u: Any, v: Any) -> Any:
    if u and abs(v * mp.log(abs(u))) > 1e4:
        raise _UndefinedError
    return mp.power(u, v)


_FUNCTIONS = {
    name: _real(function)
    for name, function in {**MPMATH, "pow": _power}.items()
    if name not in ARITHMETIC
}
#: Our own generated code, run on numbers of 60 digits: what differs then is not round-off.
_PRODUCTS = {"gate": lambda u, v: u and v and u * v, "mask": lambda u, v: u and u * v}
PRECISE = Backend("mpmath", {**_FUNCTIONS, **_PRODUCTS, "mpf": mp.mpf}, wrap="mpf")
_OPERATIONS = {**MPMATH, **_FUNCTIONS}


@given(GRAMMAR, st.integers(0, 10**6))
def test_gradients_agree_with_central_differences(text: str, seed: int) -> None:
    """Compared in 60 digits, so that tolerances need no guess at round-off.

    Where two steps give different quotients there is a kink, a jump or a wild function within
    them; the point is passed over. Points are drawn generic, so that no kink lies at one.
    """
    try:
        formula = Formula.parse(text, ("x",))
    except FormulaError:  # 1/0, or too deep
        assume(False)
    a, b = 3 * math.sin(seed + 0.1234567), 3 * math.cos(1.7 * seed + 0.7654321)
    x = 1.3

    def f(u: Any, v: Any) -> Any:
        return evaluate(formula.tree, {"a": u, "b": v, "x": mp.mpf(x)}, _OPERATIONS)

    with mp.workdps(60):
        point = mp.mpf(a), mp.mpf(b)
        try:
            quotients = []
            for h in (mp.mpf(10) ** -14, mp.mpf(10) ** -16):
                in_a = (f(point[0] + h, point[1]) - f(point[0] - h, point[1])) / (2 * h)
                in_b = (f(point[0], point[1] + h) - f(point[0], point[1] - h)) / (2 * h)
                quotients.append((in_a, in_b))
            function = generate(formula.graph, formula.gradient_nodes, ("x", "a", "b"), PRECISE)
            ours = function(mp.mpf(x), *point)
        except ArithmeticError:  # undefined, or too large, at or beside the point
            assume(False)
        for one, two, exact in zip(*quotients, ours, strict=True):
            size = max(1, abs(one))
            assume(abs(one - two) <= 1e-9 * size)
            assert abs(exact - two) <= 1e-6 * size, (text, a, b)


@given(GRAMMAR, st.floats(-5, 5), st.floats(-5, 5))
def test_floats_arrays_and_numpy_scalars_agree(text: str, a: float, b: float) -> None:
    try:
        objective = FormulaObjective.from_text(text, {"x": 1.3})
    except FormulaError:
        assume(False)
    counted = CountedObjective(objective, "float64")
    with np.errstate(all="ignore"):
        scalar, array = counted.value(a, b), objective.values([a], [b])[0]
    # libm and NumPy differ in the last bit, and a formula may blow that up: only what is stable
    # under a change of the last bit has to agree.
    nudged = [objective.value(np.nextafter(a, s), np.nextafter(b, t)) for s in (-9, 9)
              for t in (-9, 9)]  # fmt: skip
    around = [*nudged, float(array)]
    if not all(map(math.isfinite, around)):
        return
    spread = max(around) - min(around)
    assume(spread <= 1e-12 * max(1.0, abs(array)))
    assert abs(scalar - array) <= 1e-9 * max(1.0, abs(array))


@given(GRAMMAR)
def test_parsing_is_the_inverse_of_writing(text: str) -> None:
    """A tree written out with all parentheses reads as the same tree."""
    try:
        tree = Formula.parse(text, ("x",)).tree
    except FormulaError:
        assume(False)
    assert _plain(Formula.parse(_written(tree), ("x",)).tree) == _plain(tree)


_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^"}


def _written(tree: Tree) -> str:
    match tree:
        case Number(value):
            return repr(value)
        case Name(name):
            return name
        case Apply("neg", (inner,)):
            return f"(-{_written(inner)})"
        case Apply(operation, (left, right)) if operation in _SIGNS:
            return f"({_written(left)}{_SIGNS[operation]}{_written(right)})"
        case Apply(operation, arguments):
            return f"{operation}({','.join(map(_written, arguments))})"


def _plain(tree: Tree) -> object:
    match tree:
        case Number(value):
            return value
        case Name(name):
            return name
        case Apply(operation, arguments):
            return (operation, *map(_plain, arguments))
