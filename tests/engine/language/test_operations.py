"""Every row of the table of derivatives against SymPy, and the conventions at kinks."""

import random

import pytest
import sympy as sp

from gdviz.engine.language.backends import MATH
from gdviz.engine.language.operations import BRANCHING, FUNCTIONS, OPERATIONS
from gdviz.engine.language.parser import parse
from gdviz.engine.language.syntax_tree import Apply, Name, Number, Tree
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective

U, V = sp.Symbol("u", positive=True), sp.Symbol("v", positive=True)
X, Y = sp.symbols("u v", real=True)

#: The operations in SymPy's words, written down independently of the table.
SYMPY = {
    "add": lambda u, v: u + v,
    "sub": lambda u, v: u - v,
    "mul": lambda u, v: u * v,
    "div": lambda u, v: u / v,
    "neg": lambda u: -u,
    "pow": lambda u, v: u**v,
    "exp": sp.exp,
    "log": sp.log,
    "log10": lambda u: sp.log(u) / sp.log(10),
    "sqrt": sp.sqrt,
    "abs": sp.Abs,
    "sign": sp.sign,
    "sin": sp.sin,
    "cos": sp.cos,
    "tan": sp.tan,
    "asin": sp.asin,
    "acos": sp.acos,
    "atan": sp.atan,
    "sinh": sp.sinh,
    "cosh": sp.cosh,
    "tanh": sp.tanh,
    "sigmoid": lambda u: 1 / (1 + sp.exp(-u)),
    "softplus": lambda u: sp.log(1 + sp.exp(u)),
    "relu": lambda u: sp.Max(u, 0),
    "step": lambda u: sp.Heaviside(u, 0),
    "max": sp.Max,
    "min": sp.Min,
    "heaviside": lambda u: sp.Heaviside(u, sp.Rational(1, 2)),
}
KINKED = {"abs", "sign", "relu", "step", "max", "min", "heaviside"}
#: Where the arguments may lie; elsewhere on the whole line.
DOMAINS = {"pow": (0.05, 3), "log": (0.05, 3), "log10": (0.05, 3), "sqrt": (0.05, 3),
           "asin": (-0.95, 0.95), "acos": (-0.95, 0.95)}  # fmt: skip


def to_sympy(tree: Tree, names: dict[str, sp.Expr]) -> sp.Expr:
    match tree:
        case Number(value):
            assert value == int(value), "the table holds whole numbers only"
            return sp.Integer(int(value))
        case Name(name):
            return names[name]
        case Apply(operation, arguments):
            return SYMPY[operation](*(to_sympy(argument, names) for argument in arguments))


ROWS = [(name, i) for name, row in OPERATIONS.items() for i in range(row.arity) if name in SYMPY]


def test_the_table_is_whole() -> None:
    written = {name for name, row in OPERATIONS.items() if not row.is_internal}
    assert {*SYMPY, "sum"} == written
    assert BRANCHING == KINKED
    assert set(FUNCTIONS) == set(SYMPY) - {"add", "sub", "mul", "div", "neg", "pow"}
    assert {name for name, row in FUNCTIONS.items() if row.arity == 2} == {"max", "min"}
    issue = "exp log sqrt abs sin cos tan tanh sinh cosh atan sigmoid softplus relu max min"
    assert set(issue.split()) <= set(FUNCTIONS)


@pytest.mark.parametrize(("operation", "position"), ROWS)
def test_derivative_at_random_points(operation: str, position: int) -> None:
    row = OPERATIONS[operation]
    value = SYMPY[operation](*(X, Y)[: row.arity])
    ours = to_sympy(parse(row.derivatives[position], "uvw"), {"u": X, "v": Y, "w": value})
    theirs = sp.diff(value, (X, Y)[position])
    low, high = DOMAINS.get(operation, (-3, 3))
    numbers = random.Random(operation)
    for _ in range(12):
        point = {X: sp.Float(numbers.uniform(low, high), 40),
                 Y: sp.Float(numbers.uniform(low, high), 40)}  # fmt: skip
        expected = theirs.subs(point).doit().evalf(30)
        assert abs(ours.subs(point).evalf(30) - expected) <= 1e-25 * (1 + abs(expected))


@pytest.mark.parametrize(("operation", "position"), [r for r in ROWS if r[0] not in KINKED])
def test_derivative_symbolically(operation: str, position: int) -> None:
    row = OPERATIONS[operation]
    value = SYMPY[operation](*(U, V)[: row.arity])
    ours = to_sympy(parse(row.derivatives[position], "uvw"), {"u": U, "v": V, "w": value})
    theirs = sp.diff(value, (U, V)[position])
    difference = sp.simplify((ours - theirs).rewrite(sp.exp))
    assert sp.simplify(difference) == 0


@pytest.mark.parametrize(
    ("text", "point", "expected"),
    [
        ("abs(a)", (0.0, 0.0), (0.0, 0.0)),
        ("abs(a)", (-2.0, 0.0), (-1.0, 0.0)),
        ("relu(a)", (0.0, 0.0), (0.0, 0.0)),
        ("relu(a)", (1e-300, 0.0), (1.0, 0.0)),
        ("max(a, b)", (2.0, 2.0), (0.5, 0.5)),
        ("max(a, b)", (2.0, 1.0), (1.0, 0.0)),
        ("max(a, b)", (1.0, 2.0), (0.0, 1.0)),
        ("min(a, b)", (2.0, 2.0), (0.5, 0.5)),
        ("min(a, b)", (2.0, 1.0), (0.0, 1.0)),
        ("min(a, b)", (1.0, 2.0), (1.0, 0.0)),
        ("max(a, b, 3)", (3.0, 1.0), (0.5, 0.0)),
        ("step(a) + b", (0.0, 0.0), (0.0, 1.0)),
        ("sign(a) + b", (0.0, 0.0), (0.0, 1.0)),
        ("heaviside(a) + b", (0.0, 0.0), (0.0, 1.0)),
    ],
)
def test_conventions_at_kinks(
    text: str, point: tuple[float, float], expected: tuple[float, float]
) -> None:
    objective = FormulaObjective.from_text(text)
    assert CountedObjective(objective, "float64").gradient(*point) == expected
    assert objective.formula.compiled("gradient", MATH)(*point) == expected
