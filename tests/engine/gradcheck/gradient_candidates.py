"""Candidate gradients, right and wrong, and what mpmath says of them in sixty digits.

The candidates are the program's own derivative, rewritten or spoiled; what is said of them comes
from f alone, as text: central differences with a step of 1e-20, with no graph and no derivative of
ours.
"""

import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import mpmath as mp
import sympy

from gdviz.base.geometry import Range
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.check import GradientCheck, check_gradient
from gdviz.engine.gradcheck.comparison import Place
from gdviz.engine.gradcheck.difference import symbolic_difference as symbolic
from gdviz.engine.language.latex_derivatives import expression_text
from gdviz.engine.language.lexer import FormulaError
from gdviz.engine.language.parser import PARAMETERS, parse
from gdviz.engine.language.syntax_tree import Tree
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.language.mpmath_reference import evaluate

AROUND = Range(-3.0, 3.0, -3.0, 3.0)


def check(
    formula: str,
    in_a: str,
    in_b: str,
    seconds: float = 0.0,
    extent: Range = AROUND,
    **constants: float,
) -> GradientCheck:
    objective = FormulaObjective.from_text(formula, constants)
    return check_gradient(objective, (in_a, in_b), extent, seconds=seconds)


def verdicts(made: GradientCheck) -> tuple[bool | None, bool | None]:
    return made.verdicts[0].right, made.verdicts[1].right


class Case(NamedTuple):
    """A formula, the constants' values, and where it is looked at."""

    formula: str
    constants: dict[str, float]
    extent: Range

    @property
    def objective(self) -> FormulaObjective:
        return FormulaObjective.from_text(self.formula, self.constants)


CASES = {
    **{
        surface.name: Case(surface.formula, surface.defaults, surface.home)
        for surface in SURFACES.values()
        if not surface.data
    },
    **{
        formula: Case(formula, constants, AROUND)
        for formula, constants in (
            ("abs(a) + abs(b)^3", {}),
            ("relu(a - b)*b + k*a", {"k": 3.0}),
            ("max(a, b)^2 + min(a, 2*b)", {}),
            ("k*abs(a*b - 1) + b^2", {"k": 2.0}),
            ("max(a*b, k, b)", {"k": 1.0}),
            ("relu(1 - a*y)^2 + c*b^2", {"y": -1.0, "c": 0.5}),
            ("sqrt(abs(a)) + abs(b - a)", {}),
            ("sqrt(1 + a^2 + b^2)", {}),
            ("log(1 + exp(-k*a*b))", {"k": 1.5}),
            ("a^b + b^2", {}),
            ("exp(-a^2/(2*s^2))*cos(w*b)", {"s": 2.0, "w": 3.0}),
            ("atan(a/b) + tanh(a*b)", {}),
            ("softplus(a)*sigmoid(-b)", {}),
            ("a*log(a) + b*log(b)", {}),
            ("sin(a*b)/(1 + a^2)", {}),
            ("a^k*b", {"k": 3.0}),
            ("log10(1 + a^2)*sinh(b/3)", {}),
            ("a*b*(a - 1)*(b - 2)*(a + b)", {}),
            ("(a - x)^2/(b^2 + 1)", {"x": 0.0}),
            ("asin(b/5)*cosh(a/2)", {}),
        )
    },
}


# -- candidates


def derivatives(case: Case) -> tuple[Any, Any]:
    """Return ∂f/∂a and ∂f/∂b in SymPy's words."""
    candidate = CandidateGradient.parse(case.objective, ("0", "0"))
    _, in_a, in_b, *_ = candidate.nodes
    first, second = symbolic._expressions(candidate.graph, (in_a, in_b))
    return first, second


def right_forms(partial: Any) -> Iterator[Callable[[], str]]:
    """Yield functions that write a derivative in other forms."""
    yield lambda: text(partial)
    for form in (sympy.expand, sympy.together, sympy.factor):
        yield lambda form=form: text(form(partial))
    # σ, tanh, sinh … as what they are made of
    yield lambda: text(partial.replace(symbolic._is_made, symbolic._made))
    if partial.is_Add:
        yield lambda: " + ".join(f"({text(term)})" for term in reversed(partial.args))


def wrong_forms(partial: Any, other: Any, pick: random.Random) -> Iterator[Callable[[], str]]:
    """Yield functions that write slips; some may be none, as to leave a factor out that is 1."""
    for slip in (-partial, 2 * partial, other, partial * sympy.Float(1.0001)):
        yield lambda slip=slip: text(slip)
    slips = []
    for node in set(sympy.preorder_traversal(partial)):
        if node.is_Mul:  # a factor that is missing, such as an inner derivative
            slips += [(node, node / factor) for factor in node.args]
        if node.is_Add:  # a term that is missing, and one with the other sign
            slips += [(node, node - times * term) for term in node.args for times in (1, 2)]
    slips.sort(key=str)
    for old, new in pick.sample(slips, min(5, len(slips))):
        yield lambda old=old, new=new: text(partial.xreplace({old: new}))


def candidates(case: Case, pick: random.Random) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield pairs of which one component, that with the index, is a candidate, and the other right.

    They come in the order that `pick` says, and are written only when they are asked for.
    """
    partials = derivatives(case)
    truth = [text(partial) for partial in partials]
    writers = []
    for i in range(2):
        forms = [*right_forms(partials[i]), *wrong_forms(partials[i], partials[1 - i], pick)]
        writers += [(i, form) for form in forms]
    pick.shuffle(writers)
    seen = set()
    for i, write in writers:
        form = write()
        if (i, form) not in seen and _is_written(form, case):
            seen.add((i, form))
            yield i, (form, truth[1]) if i == 0 else (truth[0], form)


def _is_written(form: str, case: Case) -> bool:
    """Tell whether the language has words for it: for the root of −1 it has none."""
    try:
        parse(form, tuple(case.constants))
    except FormulaError:
        return False
    return True


def text(expression: Any) -> str:
    return expression_text(expression)


# -- what is so

_STEP = mp.mpf(10) ** -20
_TOLERANCE = mp.mpf(10) ** -11


def is_right(case: Case, component: int, claimed: str, suspect: Place | None) -> bool:
    """Tell whether a candidate is right at points of the range, and at one that is suspected."""
    names = tuple(sorted(case.constants))
    tree = parse(claimed, names)
    pick = random.Random(7)
    places = []
    for i in range(16):
        # Every other one with other constants.
        constants = {
            name: value if i % 2 else (value or 1.0) * pick.uniform(0.5, 1.8)
            for name, value in case.constants.items()
        }
        a_low, a_high, b_low, b_high = case.extent
        places.append(
            {**constants, "a": pick.uniform(a_low, a_high), "b": pick.uniform(b_low, b_high)}
        )
    if suspect is not None:
        places.append({**suspect.constants, "a": suspect.a, "b": suspect.b})
    return all(_agrees(case, component, tree, place) for place in places)


def _agrees(case: Case, component: int, claimed: Tree, place: dict[str, float]) -> bool:
    true = _difference(case.formula, component, tuple(sorted(place.items())))
    if true is None:
        return True  # there is nothing to agree with
    with mp.workdps(60):
        value = _value(claimed, {key: mp.mpf(value) for key, value in place.items()})
        return value is not None and abs(value - true) <= _TOLERANCE * (abs(value) + abs(true))


@cache  # the candidates about a formula are looked at in the same places
def _difference(formula: str, component: int, place: tuple[tuple[str, float], ...]) -> Any:
    name = PARAMETERS[component]
    with mp.workdps(60):
        point = {key: mp.mpf(value) for key, value in place}
        f = parse(formula, tuple(key for key in point if key not in PARAMETERS))
        before, after = (
            _value(f, {**point, name: point[name] + shift}) for shift in (-_STEP, _STEP)
        )
        if before is None or after is None:
            return None
        return (after - before) / (2 * _STEP)


def _value(tree: Tree, names: dict[str, Any]) -> Any:
    try:
        value = evaluate(tree, names)
    except (ZeroDivisionError, ValueError, TypeError):
        return None
    return value if isinstance(value, mp.mpf) and mp.isfinite(value) else None
