"""The three ledgers against hand counts, and against arithmetic that counts itself."""

from __future__ import annotations

import math
import operator
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.gradient_programs import USUAL, VARIANTS, gradient_programs
from gdviz.engine.analysis.operation_counts import (
    KINDS,
    LEDGERS,
    costs,
    hessian_cost,
    operations,
    reusable,
    spent,
    step_reaching,
)
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.language.backends import MATH, Backend
from gdviz.engine.language.compiler import generate
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.operations import BRANCHING, FUNCTIONS, OPERATIONS
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.descent.run_method import run_method

if TYPE_CHECKING:
    from collections.abc import Callable

NESTED = ("sigmoid-unit", "nested-sigmoid", "three-units")
FITS = ("sigmoid-fit", "nested-fit", "three-units")


def surface_formula(name: str) -> Formula:
    surface = SURFACES[name]
    return FormulaObjective.of(surface).formula


def nonzero(tally: Any) -> dict[str, int]:
    return {kind: count for kind, count in tally.items() if count}


def table(formula: Formula, *kinds: str) -> list[list[int]]:
    """Return rows of counts by kind and in all, a column a variant."""
    by_variant = costs(formula).values()
    return [
        *([cost.operations.get(kind, 0) for cost in by_variant] for kind in kinds),
        [cost.total("operations") for cost in by_variant],
    ]


# -- by hand


def test_evaluations_as_the_question_counts_them() -> None:
    by_variant = costs(surface_formula("sigmoid-unit"))
    assert tuple(by_variant) == USUAL
    assert [cost.total("evaluations") for cost in by_variant.values()] == [1, 2, 3, 3, 4, 4]
    assert [cost.total("passes") for cost in by_variant.values()] == [1, 2, 3, 3, 4, 4]
    assert nonzero(by_variant["analytic"].evaluations) == {"components": 2}
    assert nonzero(by_variant["forward"].evaluations) == {"values": 3}
    assert nonzero(by_variant["analytic"].passes) == {"forward": 1, "backward": 1}
    assert nonzero(by_variant["central"].passes) == {"forward": 4}


@pytest.mark.parametrize(
    "name",
    [
        "analytic", "forward", "central", "richardson", "adaptive", "forward-mode",
        "forward-gradient", "spsa", "gaussian", "evolution", "random-coordinate",
    ],
)  # fmt: skip
def test_evaluations_are_those_that_the_wrapper_counts(name: str) -> None:
    counted = CountedObjective(FormulaObjective.from_text("exp(a) + exp(b)"), "float64")
    ESTIMATES[name].bind(counted, 0.5, False)(1.0, 2.0)
    cost = costs(Formula.parse("exp(a) + exp(b)"), 1, (name,))[name]
    assert cost.total("evaluations") == counted.evaluations
    if VARIANTS[name].tangents:  # as a gradient goes back, a tangent goes beside
        assert nonzero(cost.passes) == dict.fromkeys(("forward", "tangent"), counted.evaluations)
        return
    values, gradients, _ = counted.calls
    assert cost.total("passes") == values + 2 * gradients


def test_two_values_and_a_tangent_by_hand() -> None:
    """Of a·b. SPSA: ε·Δ, four shifts, two products, −, 2ε, ÷, and a quotient each by Δᵢ.

    A tangent: a·b, b·u_a + a·u_b, and the products with u_a and u_b. N of them, along the axes:
    a·b twice, and b·1 and a·1, which cost nothing.
    """
    names = ("spsa", "gaussian", "forward-gradient", "forward-mode", "random-coordinate")
    by_variant = costs(Formula.parse("a*b"), 1, names)
    assert {name: nonzero(cost.operations) for name, cost in by_variant.items()} == {
        "spsa": {"mul": 4, "add": 3, "sub": 3, "div": 3},
        "gaussian": {"mul": 6, "add": 3, "sub": 3, "div": 1},
        "forward-gradient": {"mul": 5, "add": 1},
        "forward-mode": {"mul": 2},
        "random-coordinate": {"mul": 3, "add": 2, "sub": 2, "div": 1},
    }


def test_a_mini_batch_costs_its_part() -> None:
    """Of Σ a·x over 3 of 12 rows: ∂/∂a is Σ x·(n/B), 3 products and 2 sums, and nothing in b."""
    formula = Formula.parse("sum(a*x)", (), ("x",))
    cost = costs(formula, 12, ("mini-batch",), (("rows", 3.0),))["mini-batch"]
    assert nonzero(cost.evaluations) == {"components": 0.5}
    assert nonzero(cost.passes) == {"forward": 0.25, "backward": 0.25}
    assert cost.operations["add"] == 2
    assert cost.operations["mul"] == 3
    whole = costs(formula, 12, ("mini-batch",), (("rows", 500.0),))["mini-batch"]
    assert nonzero(whole.evaluations) == {"components": 2}


def test_c8() -> None:
    """The sigmoid unit z = b·y, y = σ(t) = 1/(1 + e^(−t)), t = a·x, worked out by hand.

    ====================  ===  ===  ===  ===  ===  ===  =====
    what                    +    −    ×    ÷  neg  exp  total
    ====================  ===  ===  ===  ===  ===  ===  =====
    t = a·x                          1                      1
    y = σ(t)                1              1    1    1      4
    z = b·y                          1                      1
    **f(θ)**                1    0   2     1    1    1      6
    1 − y                        1                          1
    y·(1 − y)                        1                      1
    b·(y·(1 − y))                    1                      1
    x·(b·y·(1 − y))                  1                      1
    **analytic**            1    1   5     1    1    1     10
    3 f                     3    0   6     3    3    3     18
    a + ε, b + ε            2                               2
    two quotients                2         2                4
    **forward**             5    2   6     5    3    3     24
    f(θ) and f(a + ε, b)    2    0   4     2    2    2     12
    z at b + ε, y kept               1                      1
    **forward, reused**     4    2   5     4    2    2     19
    4 f                     4    0   8     4    4    4     24
    a ± ε, b ± ε, 2ε        3    2                          5
    **central**             7    4   8     6    4    4     33
    f(a ± ε, b)             2    0   4     2    2    2     12
    y once, z at b ± ε      1        3     1    1    1      7
    **central, reused**     6    4   7     5    3    3     28
    ====================  ===  ===  ===  ===  ===  ===  =====

    ∂z/∂b = y is there already. By hand ∂z/∂a is z·(1 − y)·x, one × less: the derivative of σ is
    σ(1 − σ), and b is multiplied to it.
    """
    assert table(surface_formula("sigmoid-unit"), "add", "sub", "mul", "div", "neg", "exp") == [
        [1, 1, 5, 4, 7, 6],
        [0, 1, 2, 2, 4, 4],
        [2, 5, 6, 5, 8, 7],
        [1, 1, 5, 4, 6, 5],
        [1, 1, 3, 2, 4, 3],
        [1, 1, 3, 2, 4, 3],
        [6, 10, 24, 19, 33, 28],
    ]


def test_rosenbrock() -> None:
    """(1 − a)² + 100·(b − a²)²: 3 squares and a ×, 2 −, 1 +.

    Its gradient in b is 2·(b − a²)·100: 2 ×. In a it is the negative of that by 2a (2a, ×, neg),
    and of 2·(1 − a) (×, neg), and their sum. A shift of a leaves nothing to reuse; a shift of b
    leaves 1 − a, its square, and a².
    """
    analytic = costs(surface_formula("rosenbrock"))["analytic"].operations
    assert nonzero(analytic) == {"add": 2, "sub": 2, "mul": 9, "neg": 2}
    assert table(surface_formula("rosenbrock"), "add", "sub", "mul", "div") == [
        [1, 2, 3 + 2, 3 + 2, 4 + 3, 4 + 3],
        [2, 2, 6 + 2, 5 + 2, 8 + 4, 7 + 4],
        [4, 9, 12, 10, 16, 14],
        [0, 0, 2, 2, 2, 2],
        [7, 15, 27, 24, 37, 34],
    ]


def test_shared_subexpressions_are_counted_once() -> None:
    # s = sin(a·b) once; s·s, exp(s), +
    formula = Formula.parse("sin(a*b)*sin(b*a) + exp(sin(a*b))")
    assert nonzero(costs(formula)["value"].operations) == {"add": 1, "mul": 2, "exp": 1, "sin": 1}
    # s + s, exp(s) + that, cos(ab) × it, × a, × b
    assert nonzero(costs(formula)["analytic"].operations) == {
        "add": 3, "mul": 5, "exp": 1, "sin": 1, "cos": 1
    }  # fmt: skip


def test_only_what_a_shift_touches_is_computed_again() -> None:
    formula = Formula.parse("exp(a) + log(b) + sqrt(x)", ("x",))
    by_variant = costs(formula)
    functions = ("exp", "log", "sqrt")
    assert [by_variant["forward"].operations[kind] for kind in functions] == [3, 3, 3]
    assert [by_variant["forward-reused"].operations[kind] for kind in functions] == [2, 2, 1]
    # exp at a − ε, a + ε, and a for the shifts of b
    assert [by_variant["central-reused"].operations[kind] for kind in functions] == [3, 3, 1]


#: Every operation's value, and what the analytic gradient has beside it, by hand. The gradient in a
#: of f = w(a) is w′ itself, for the adjoint of w is 1.
BY_HAND = {
    # Their derivatives are 1, −1, the other argument; 1/b and −w/b.
    "a + b": ("add", ""),
    "a - b": ("sub", ""),
    "a*b": ("mul", ""),
    "a/b": ("div", "div neg div"),
    "-a": ("neg", ""),
    # b·a^(b − 1), and w·log(a).
    "a^b": ("pow", "sub pow mul log mul"),
    "a^2": ("mul", "mul"),  # a·a; 2a
    "a^3": ("mul mul", "mul mul"),  # 3a²
    "a^4": ("mul mul", "mul mul mul"),  # of s = a·a, s·s; 4a³
    "a^5": ("mul mul mul", "mul mul mul"),  # s·s·a; 5a⁴
    "a^6": ("mul mul mul", "mul mul mul mul"),  # s·s·s; 6a⁵
    "a^7": ("pow", "mul mul mul mul"),  # 7a⁶
    "2^a": ("pow", "mul"),  # w·log(2), a number
    "a^-1": ("pow", "pow neg"),  # −a^(−2)
    # w itself; 1/a; 1/(a·log(10)); 1/(2w); sgn(a); 0
    "exp(a)": ("exp", ""),
    "log(a)": ("log", "div"),
    "log10(a)": ("log div", "mul div"),  # log(a)/log(10), of which log(10) is a number
    "sqrt(a)": ("sqrt", "mul div"),
    "abs(a)": ("compare", "compare"),
    "sign(a)": ("compare", ""),
    "step(a)": ("compare", ""),
    "heaviside(a)": ("compare", ""),
    "sin(a)": ("sin", "cos"),
    "cos(a)": ("cos", "sin neg"),
    "tan(a)": ("tan", "mul add"),  # 1 + w²
    # ±1/√(1 − a²), 1/(1 + a²)
    "asin(a)": ("asin", "mul sub sqrt div"),
    "acos(a)": ("acos", "mul sub sqrt div"),
    "atan(a)": ("atan", "mul add div"),
    # With E = e^a and R = 1/E, (E − R)/2 and (E + R)/2: a derivative is a sum and a division more.
    "sinh(a)": ("exp div sub div", "add div"),
    "cosh(a)": ("exp div add div", "sub div"),
    "tanh(a)": ("mul exp add div sub", "mul sub"),  # 1 − 2/(1 + e^(2a)); 1 − w²
    "sigmoid(a)": ("neg exp add div", "sub mul"),  # 1/(1 + e^(−a)); w·(1 − w)
    "softplus(a)": ("exp add log", "div"),  # with S = 1 + E, log S; E/S
    "relu(a)": ("compare", "compare"),
    # H(a − b) and H(b − a)
    "max(a, b)": ("compare", "sub compare sub compare"),
    "min(a, b)": ("compare", "sub compare sub compare"),
    "max(a, b, 0)": ("compare compare", None),
    "sin(a)/tan(b)": ("sin tan div", None),
    "2*3 + sqrt(4)": ("", ""),
    "a": ("", ""),
}


@pytest.mark.parametrize("text", BY_HAND)
def test_kinds(text: str) -> None:
    value, derivative = BY_HAND[text]
    counted = costs(Formula.parse(text))
    assert nonzero(counted["value"].operations) == Counter(value.split())
    if derivative is not None:
        both = Counter(f"{value} {derivative}".split())
        assert nonzero(counted["analytic"].operations) == both


def test_each_operation_is_counted_by_hand() -> None:
    operations = {node.operation for text in BY_HAND for node in nodes_of(Formula.parse(text))}
    written = {name for name, row in OPERATIONS.items() if not row.is_internal}
    assert written - operations == {"sum"}  # whose count depends on the rows


def nodes_of(formula: Formula) -> list[Any]:
    return [formula.graph[i] for i in formula.graph.reachable([formula.output])]


def test_a_layer_of_tanh() -> None:
    """t = tanh(a·x) is a × and 1 − 2/(1 + e^(2ax)): ×, e^, +, ÷, −; b·t makes 7 of it.

    ∂f/∂b = t is there, and ∂f/∂a = x·(b·(1 − t²)) is ×, −, ×, ×: 11 in all, and one exp. Forward
    differences that reuse what they can have a second exp, for t at a + ε: 7, 1 + 7 for the other
    value, 1 + 1 for b + ε, and a − and a ÷ for each quotient.
    """
    by_variant = costs(Formula.parse("b*tanh(a*x)", ("x",)))
    assert nonzero(by_variant["analytic"].operations) == {
        "mul": 6, "sub": 2, "add": 1, "div": 1, "exp": 1
    }  # fmt: skip
    assert nonzero(by_variant["forward-reused"].operations) == {
        "mul": 7, "sub": 4, "add": 4, "div": 4, "exp": 2
    }  # fmt: skip


def test_two_layers_of_tanh() -> None:
    """tanh(b·t), t = tanh(a·x): 13, of which 2 exp; then 1 − w² once, × t, × b, 1 − t², ×, ×.

    So the gradient is 13 + 8 operations with 2 exp, and the values at a + ε and b + ε alone, with
    all that is reused, would take 3 more exp.
    """
    by_variant = costs(Formula.parse("tanh(b*tanh(a*x))", ("x",)))
    analytic, reused = (by_variant[name] for name in ("analytic", "forward-reused"))
    assert (analytic.total("operations"), analytic.operations["exp"]) == (12 + 8, 2)
    assert reused.operations["exp"] == 2 + 2 + 1
    assert reused.total("operations") > analytic.total("operations")


def test_what_is_made_of_the_same_shares_it() -> None:
    value = {
        "sinh(a) + cosh(a)": {"exp": 1, "div": 3, "add": 2, "sub": 1},
        "sigmoid(a) + softplus(a)": {"exp": 1, "div": 1, "add": 2, "log": 1},
        "sigmoid(a) + exp(-a)": {"neg": 1, "exp": 1, "add": 2, "div": 1},
    }
    for text, tally in value.items():
        assert nonzero(costs(Formula.parse(text))["value"].operations) == tally


def test_every_tally_has_the_same_kinds() -> None:
    for text in ("a + b", "abs(sin(a)) - tan(b)"):
        kinds = {tuple(cost.operations) for cost in costs(Formula.parse(text)).values()}
        assert len(kinds) == 1
        assert kinds.pop()[: len(KINDS)] == KINDS


def test_times_and_plus() -> None:
    by_variant = costs(surface_formula("sigmoid-unit"))
    cost = by_variant["forward"].times(10).plus(by_variant["value"])
    assert [cost.total(ledger) for ledger in LEDGERS] == [31, 31, 246]
    assert list(cost.operations) == list(by_variant["value"].operations)


# -- expansions


@pytest.mark.parametrize("function", [row.name for row in FUNCTIONS.values() if row.made_of])
@pytest.mark.parametrize("u", [0.3, 1.0, 2.5])
def test_what_a_function_is_made_of_is_that_function(function: str, u: float) -> None:
    made_of = FormulaObjective.from_text(FUNCTIONS[function].made_of.replace("u", "a"))
    assert made_of.value(u, 0.0) == pytest.approx(float(MATH.evaluate(function, [u])), rel=1e-14)


# -- against arithmetic that counts itself


class Tallied:
    """A number that counts what is done with it."""

    def __init__(self, value: float, tally: Counter[str]) -> None:
        self.value = value
        self.tally = tally

    def _done(self, kind: str, value: float) -> Tallied:
        self.tally[kind] += 1
        return Tallied(value, self.tally)

    def __add__(self, other: Any) -> Tallied:
        return self._done("add", self.value + plain(other))

    def __sub__(self, other: Any) -> Tallied:
        return self._done("sub", self.value - plain(other))

    def __rsub__(self, other: float) -> Tallied:
        return self._done("sub", other - self.value)

    def __mul__(self, other: Any) -> Tallied:
        return self._done("mul", self.value * plain(other))

    def __truediv__(self, other: Any) -> Tallied:
        return self._done("div", self.value / plain(other))

    def __rtruediv__(self, other: float) -> Tallied:
        return self._done("div", other / self.value)

    def __neg__(self) -> Tallied:
        return self._done("neg", -self.value)

    __radd__ = __add__
    __rmul__ = __mul__


def plain(number: Any) -> float:
    return number.value if isinstance(number, Tallied) else number


def counted(kind: str, operation: str) -> Callable[..., Tallied]:
    def function(*arguments: Any) -> Tallied:
        number = next(x for x in arguments if isinstance(x, Tallied))
        return number._done(kind, MATH.evaluate(operation, list(map(plain, arguments))))

    return function


_log = counted("log", "log")


def tallying(is_shared: bool) -> Backend:
    """Return the functions written out once more, on numbers that count.

    What is shared is not done again on the same number. Of separate evaluations nothing is.
    """

    def shared(function: Callable[..., Any]) -> Callable[..., Any]:
        done: dict[Any, Any] = {}  # by the number itself, which it keeps alive
        if not is_shared:
            return function
        return lambda t: done[t] if t in done else done.setdefault(t, function(t))

    def with_inverse(t: Tallied) -> tuple[Tallied, Tallied]:
        power = exp(t)
        return power, 1.0 / power

    exp, pair = shared(counted("exp", "exp")), shared(with_inverse)
    one_and_exp = shared(lambda t: 1.0 + exp(t))
    has_softplus: set[Tallied] = set()

    def softplus(t: Tallied) -> Tallied:
        has_softplus.add(t)
        return _log(one_and_exp(t))

    def sigmoid(t: Tallied) -> Tallied:
        return exp(t) / one_and_exp(t) if t in has_softplus else 1.0 / (1.0 + exp(-t))

    return Backend(
        "tallying",
        {
            **{name: counted(name, name) for name in (*FUNCTIONS, "pow")},
            **{name: counted("compare", name) for name in BRANCHING},
            "exp": exp,
            "gate": lambda u, v: u * v,
            "mask": lambda u, v: u * v,
            "sigmoid": sigmoid,
            "softplus": softplus,
            "tanh": lambda t: 1.0 - 2.0 / (exp(t * 2.0) + 1.0),
            "sinh": lambda t: operator.sub(*pair(t)) / 2.0,
            "cosh": lambda t: operator.add(*pair(t)) / 2.0,
            "log10": lambda t: _log(t) / math.log(10.0),
        },
    )


TEXTS = [
    "a*exp(b) - log(a + 2)/b",
    "(1 - a)^2 + 100*(b - a^2)^2",
    "a^4 - b^3 + a^5 + 2^a",
    "sin(a*b)*cos(a*b) + tan(a) - atan(b)",
    "tanh(a)*sinh(b) + cosh(a - b)",
    "softplus(a) + sqrt(a^2 + b^2)",
    "relu(a) + max(a, b, a*b) - abs(b)",
    "log10(a + b)*-b",
    "x*a/(b + x) + x^2",
    *(SURFACES[name].formula for name in ("peaks", "ackley", "goldstein-price", "flower")),
]
SIGMOIDS = [SURFACES[name].formula for name in (*NESTED, *FITS)]
POINT = {"a": 0.7, "b": 1.3, "x": 0.9, "t": 0.8}
EPSILON = 1e-3
#: Variants that evaluate f more than once, each time from scratch.
APART = ("forward", "central")


def formula_of(text: str) -> Formula:
    return Formula.parse(text, ("t", "x"))


def run_tallied(formula: Formula, variant: str) -> Counter[str]:
    """Count what the compiled program does."""
    program, tally = gradient_programs(formula)[variant], Counter[str]()
    point = {name: Tallied(value, tally) for name, value in POINT.items()}
    program.compile(tallying(variant not in APART))(
        *program.arguments(point, Tallied(EPSILON, tally))
    )
    return tally


@pytest.mark.parametrize("variant", USUAL)
@pytest.mark.parametrize("text", TEXTS)
def test_the_ledger_is_what_the_compiled_program_does(text: str, variant: str) -> None:
    formula = formula_of(text)
    assert nonzero(costs(formula)[variant].operations) == run_tallied(formula, variant)


@pytest.mark.parametrize("variant", [name for name in USUAL if name != "analytic"])
@pytest.mark.parametrize("text", SIGMOIDS)
def test_the_same_with_sigmoids(text: str, variant: str) -> None:
    formula = formula_of(text)
    assert nonzero(costs(formula)[variant].operations) == run_tallied(formula, variant)


@pytest.mark.parametrize("text", SIGMOIDS)
def test_analytic_with_sigmoids_counts_1_minus_y_as_it_stands(text: str) -> None:
    """The compiled code has σ(−t) in place of 1 − σ(t); so walk the graph itself."""
    formula = formula_of(text)
    graph, tally, done = formula.graph, Counter[str](), dict[int, Any]()
    backend = tallying(True)
    for i in graph.reachable([formula.output, *formula.gradient_nodes]):
        node = graph[i]
        if node.operation == "number":
            done[i] = node.value
        elif node.operation == "name":
            done[i] = Tallied(POINT[node.name], tally)
        elif node.operation == "pow":  # only squares here
            done[i] = done[node.arguments[0]] * done[node.arguments[0]]
        else:
            done[i] = backend.evaluate(node.operation, [done[j] for j in node.arguments])
    assert nonzero(costs(formula)["analytic"].operations) == tally
    gradient = [done[i].value for i in formula.gradient_nodes]
    exact = formula.compiled("gradient", MATH)(0.7, 1.3, 0.8, 0.9)
    assert gradient == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("name", ["forward", "central"])
@pytest.mark.parametrize("text", [*TEXTS, *SIGMOIDS])
def test_without_reuse_the_ledger_is_what_the_estimate_does(text: str, name: str) -> None:
    """The estimate that descent calls, given numbers that count."""
    formula, tally = formula_of(text), Counter[str]()
    function = generate(formula.graph, [formula.output], ("a", "b", "t", "x"), tallying(False))
    t, x, a, b, epsilon = (
        Tallied(value, tally) for value in (*(POINT[name] for name in "txab"), EPSILON)
    )

    class FormulaObjective:
        def value(self, a: Tallied, b: Tallied) -> Any:
            return function(a, b, t, x)

    ESTIMATES[name].bind(FormulaObjective(), epsilon, False)(a, b)  # type: ignore[arg-type]
    assert nonzero(costs(formula)[name].operations) == tally


@pytest.mark.parametrize("text", ["3", "a", "b", "x", "a - a", "0*a"])
def test_degenerate_formulas(text: str) -> None:
    formula = Formula.parse(text, ("x",))
    for name, program in gradient_programs(formula).items():
        result = program.compile()(*program.arguments({"a": 1.0, "b": 2.0, "x": 3.0}, 0.5))
        if name != "value":
            in_a, in_b = result[-2:]
            assert (in_a, in_b) == (float(text == "a"), float(text == "b"))
    assert costs(formula)["value"].total("operations") == (1 if text == "a - a" else 0)


def test_an_undefined_operation_is_counted_all_the_same() -> None:
    formula = Formula.parse("log(a - 2) + b/(a - a)")
    assert nonzero(costs(formula)["value"].operations) == {"log": 1, "sub": 2, "div": 1, "add": 1}


# -- what can be reused


def test_c10_the_reusable_share_shrinks() -> None:
    unit, nested, network = (reusable(surface_formula(name)) for name in NESTED)
    assert [unit["a"], nested["a"], network["a"]] == [0, 0, 0]
    # By hand. Unit: all but b·y. Nested: all but b·y and the outer σ. Network: of the first
    # unit's + and σ, and −, × and σ, of four times ×, −, σ and ×, of two times −, − and a
    # square, and of +, only the product 2·a.
    assert (unit["b"], nested["b"]) == (5 / 6, 5 / 10)
    assert network["b"] == 1 / ((1 + 4) + (2 + 4) + 4 * (3 + 4) + 2 * 3 + 1)
    unit, nested, network = (reusable(surface_formula(name)) for name in FITS)
    assert unit["b"] == 5 / 9 > nested["b"] == 5 / 13 > network["b"]


def test_a_separable_sum_can_be_reused_half() -> None:
    share = reusable(Formula.parse("sin(a)*exp(a) + sin(b)*exp(b)"))
    assert share == {"a": 3 / 7, "b": 3 / 7}


def test_with_no_operations_there_is_nothing_to_compute_again() -> None:
    assert reusable(Formula.parse("a")) == {"a": 1.0, "b": 1.0}


def test_reuse_saves_exactly_the_share() -> None:
    for name, surface in SURFACES.items():
        formula = surface_formula(name)
        by_variant, share = costs(formula), reusable(formula)
        whole = by_variant["value"].total("operations")
        saved = by_variant["forward"].total("operations") - by_variant["forward-reused"].total(
            "operations"
        )
        assert saved == pytest.approx(whole * (share["a"] + share["b"])), surface.name


# -- along a path


HOME = Range(-2.0, 2.0, -1.0, 3.0)


def path_of(objective: FormulaObjective, estimate: str, rule: str = "gd", steps: int = 60) -> Any:
    return run_method(
        objective, estimate, rule, start=(-1.2, 1.0), alpha=0.001, epsilon=1e-7,
        steps=steps, bounds=HOME,
    )  # fmt: skip


def test_to_reach_a_loss() -> None:
    objective = FormulaObjective.from_text("a^2 + b^2")
    path = run_method(
        objective, "forward", "gd", start=(1.0, 0.0), alpha=0.25, epsilon=1e-9,
        steps=20, bounds=HOME,
    )  # fmt: skip
    assert step_reaching(path, 1.0) == 0
    assert step_reaching(path, 0.26) == 1  # a halves in a step
    assert step_reaching(path, 0.016) == 3
    assert step_reaching(path, -1.0) is None
    cost = spent(objective.formula, "forward-reused", path, 3)
    assert cost.total("evaluations") == 9
    assert cost == costs(objective.formula)["forward-reused"].times(3)
    assert spent(objective.formula, "forward", path, 0).total("operations") == 0


@pytest.mark.parametrize("rule", ["gd", "adam", "newton", "best-direction", "l-bfgs"])
@pytest.mark.parametrize("variant", [name for name in USUAL if name != "value"])
def test_spent_is_what_was_counted_along_the_path(rule: str, variant: str) -> None:
    objective = FormulaObjective(surface_formula("rosenbrock"))
    path = path_of(objective, VARIANTS[variant].estimate, rule)
    for steps in (None, 1, 7):
        cost = spent(objective.formula, variant, path, steps, beside=RULES[rule].values_beside)
        assert cost.total("evaluations") == path.evaluations[:steps].sum()
    each = costs(objective.formula)[variant].total("operations")
    hessian = hessian_cost(objective.formula).total("operations")
    if rule == "best-direction":  # a value is 7 operations, and f decides how many there are
        row = VARIANTS[variant]
        alone = path.values[:7] - row.values * (path.evaluations[:7] > 0)
        assert cost.total("operations") == min(7, path.gradients_taken) * each + 7 * alone.sum()
        return
    beside = {"newton": hessian, "l-bfgs": 7}.get(rule, 0)
    assert cost.total("operations") % (each + beside) == 0
    if rule != "l-bfgs":
        taken = min(7, path.gradients_taken)
        assert cost.total("operations") == taken * (each + beside)


@pytest.mark.parametrize("rule", ["gd", "adam", "newton"])
@pytest.mark.parametrize(
    "variant", [name for name in VARIANTS if name not in (*USUAL, "mini-batch", "adaptive")]
)
def test_spent_is_what_random_and_forward_estimates_took(rule: str, variant: str) -> None:
    objective, options = FormulaObjective(surface_formula("rosenbrock")), (("pairs", 3.0),)
    settings = RunSettings(
        ESTIMATES[variant], RULES[rule], alpha=1e-4, epsilon=1e-3, steps=9,
        estimate_options=dict(options) if variant == "evolution" else {},
    )  # fmt: skip
    path = descend(objective, settings, (0.5, 0.5))
    cost = spent(
        objective.formula, variant, path, 7, beside=RULES[rule].values_beside, options=options
    )
    assert cost.total("evaluations") == path.evaluations[:7].sum()
    each = costs(objective.formula, 1, (variant,), options)[variant].total("operations")
    hessian = hessian_cost(objective.formula).total("operations") if rule == "newton" else 0
    assert cost.total("operations") == 7 * (each + hessian)


def test_a_hessian_by_hand() -> None:
    """Of a²b: 2b, 2a, 0; the zero costs nothing. 4 entries, and 1 + N passes each way."""
    cost = hessian_cost(Formula.parse("a^2*b"))
    assert nonzero(cost.operations) == {"mul": 2}
    assert (cost.total("evaluations"), cost.total("passes")) == (4, 6)


def test_a_large_formula_is_counted_at_once() -> None:
    text = "+".join(f"sigmoid({k}*a + b)" for k in range(1, 80))
    cost = costs(Formula.parse(text))["analytic"]
    assert cost.operations["exp"] == 79
    assert operations(formula_of(text).graph, []) == {}
