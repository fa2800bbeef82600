"""The grammar, each refusal with its column, and hostile text."""

import subprocess
import sys

import pytest

from gdviz.engine.language.formula import Formula
from gdviz.engine.language.lexer import FormulaError
from gdviz.engine.language.parser import MAX_DEPTH, MAX_DIGITS, MAX_LENGTH, MAX_NODES, parse
from gdviz.engine.language.syntax_tree import Apply, Name, Number, Tree


def shape(tree: Tree) -> str:
    """Write a tree with every operation in prefix form, so that grouping shows."""
    match tree:
        case Number(value):
            return f"{value:g}"
        case Name(name):
            return name
        case Apply(operation, arguments):
            return f"{operation}({', '.join(map(shape, arguments))})"


def refusal(text: str, constants: tuple[str, ...] = ()) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        Formula.parse(text, constants)
    message = str(caught.value)
    # One sentence: a line without a full stop (but the one in quotes, if that is what was typed).
    assert message.isprintable()
    assert ". " not in message
    assert not message.endswith(".")
    assert len(message) < 400
    return caught.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # precedence
        ("a+b*2", "add(a, mul(b, 2))"),
        ("(a+b)*2", "mul(add(a, b), 2)"),
        ("a*b^2", "mul(a, pow(b, 2))"),
        ("-a^2", "neg(pow(a, 2))"),
        ("(-a)^2", "pow(neg(a), 2)"),
        ("a^-b", "pow(a, neg(b))"),
        ("a^-b^2", "pow(a, neg(pow(b, 2)))"),
        ("2^-a*b", "mul(pow(2, neg(a)), b)"),
        ("-a*b", "mul(neg(a), b)"),
        ("a*-b", "mul(a, neg(b))"),
        ("a - -b", "sub(a, neg(b))"),
        ("--a", "neg(neg(a))"),
        ("+a", "a"),
        ("a/-+-b", "div(a, neg(neg(b)))"),
        # associativity
        ("a-b-2", "sub(sub(a, b), 2)"),
        ("a-(b-2)", "sub(a, sub(b, 2))"),
        ("a/b/2", "div(div(a, b), 2)"),
        ("a/b*2", "mul(div(a, b), 2)"),
        ("a-b+2", "add(sub(a, b), 2)"),
        ("2^3^2", "pow(2, pow(3, 2))"),
        ("(2^3)^2", "pow(pow(2, 3), 2)"),
        # two spellings of the power
        ("a**2", "pow(a, 2)"),
        ("2**3^a", "pow(2, pow(3, a))"),
        ("2^3**a", "pow(2, pow(3, a))"),
        # calls
        ("sin(a)^2", "pow(sin(a), 2)"),
        ("-sin(a)", "neg(sin(a))"),
        ("max(a, b)", "max(a, b)"),
        ("max(a, b, 2, 3)", "max(max(max(a, b), 2), 3)"),
        ("min(a, -b)", "min(a, neg(b))"),
        # space, signs and letters as people paste them
        (" a\t+\n b ", "add(a, b)"),
        ("a\u00a0+\u2009b", "add(a, b)"),
        ("a−b", "sub(a, b)"),
        ("−a", "neg(a)"),
        ("a·b", "mul(a, b)"),
        ("a×b", "mul(a, b)"),
        ("a÷b", "div(a, b)"),
        ("a^−2", "pow(a, neg(2))"),
        ("2·π", "mul(2, pi)"),
        ("b·σ(a·x)", "mul(b, sigmoid(mul(a, x)))"),
        ("e^a", "pow(e, a)"),
        # raised numbers, as this program and books print them
        ("a²+b²", "add(pow(a, 2), pow(b, 2))"),
        ("a⁻¹", "pow(a, neg(1))"),
        ("-a²", "neg(pow(a, 2))"),
        ("2*a¹⁰", "mul(2, pow(a, 10))"),
        ("(a+b)²", "pow(add(a, b), 2)"),
        ("sin(a)²", "pow(sin(a), 2)"),
        ("a^b²", "pow(a, pow(b, 2))"),
        ("3·10⁻⁷·a", "mul(mul(3, pow(10, neg(7))), a)"),
        # the same letters, digits and signs in other fonts
        ("𝑎² + 𝒃²", "add(pow(a, 2), pow(b, 2))"),
        ("ｓｉｎ（ａ）＋１", "add(sin(a), 1)"),
        ("𝟐*𝜎(𝑎)*𝜋", "mul(mul(2, sigmoid(a)), pi)"),
    ],
)
def test_grammar(text: str, expected: str) -> None:
    assert shape(parse(text, ("x",))) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0),
        ("007", 7.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("1.25", 1.25),
        ("3e-7", 3e-7),
        ("3E+7", 3e7),
        ("1.e2", 100.0),
        (".5e1", 5.0),
        ("1e-999", 0.0),
        ("1e308", 1e308),
        ("0.10000000000000000555111512312578270212", 0.1),
    ],
)
def test_numbers(text: str, value: float) -> None:
    tree = parse(text)
    assert isinstance(tree, Number)
    assert tree.value == value


def test_every_part_knows_its_column() -> None:
    tree = parse("a + sin(2*b)")
    assert isinstance(tree, Apply)
    left, sine = tree.arguments
    assert isinstance(sine, Apply)
    (product,) = sine.arguments
    assert isinstance(product, Apply)
    two, b = product.arguments
    assert [part.column for part in (left, tree, sine, two, product, b)] == [1, 3, 5, 9, 10, 11]


REFUSALS = [
    # names and functions
    ("a + c", 5, "unknown name 'c'"),
    ("a + kapa*b", 5, "did you mean kappa?"),
    ("2*foo(a)", 3, "unknown function 'foo'"),
    ("arcta(a)", 1, "did you mean atan?"),
    ("arcsinh(a)", 1, "known names are exp"),  # and not what looks alike, and is another function
    ("np.arctan2(a, b)", 4, "known names are exp"),
    ("softmax(a)", 1, "known names are exp"),
    ("epsilon*a + b", 1, "known names are a"),
    ("a + i*b", 5, "known names are a"),
    ("a + sin", 5, "needs its arguments in parentheses"),
    (
        "a + σ",
        5,
        "needs its arguments in parentheses, such as sigmoid(a); σ is this function, "
        "and a constant has another name, such as s",
    ),
    ("a(b)", 1, "not a function"),
    ("2*pi(a)", 3, "not a function"),
    ("a*kappa(b)", 3, "not a function"),
    ("sin(a, b)", 1, "takes one argument, not 2"),
    ("1 + max(a)", 5, "takes at least two arguments, not 1"),
    ("sin()", 5, "a value is expected"),
    ("max(a,)", 7, "a value is expected"),
    ("max(,a)", 5, "a value is expected"),
    # operators
    ("a 2", 3, "an operator is missing before '2'"),
    ("1_00", 2, "an operator is missing before '_00'"),
    ("0x10", 2, "unknown name 'x10'"),
    ("1..2", 1, "has two points"),
    ("*a", 1, "unexpected '*'"),
    ("a²^b", 3, "follows a raised number"),
    ("a^2²^b", 5, "follows a raised number"),
    ("a² ²", 4, "an operator is missing before '²'"),
    ("²", 1, "a value is expected"),
    ("a" + "²" * (MAX_DIGITS + 1), 2, f"at most {MAX_DIGITS} are allowed"),
    # characters that look like others
    ("а+b", 1, "'а', a Cyrillic letter,"),
    ("aа+b", 2, "'а', a Cyrillic letter,"),
    ("b + ɑ", 5, "a name has letters (Latin, Greek"),
    ("eᵃ", 2, "powers are written with ^"),
    ("y" * 31 + "*a", 1, "has 31 characters: at most 30 are allowed"),
    ("a**", 4, "ends at column 4 where a value is expected"),
    ("a+", 3, "ends at column 3 where a value is expected"),
    ("a + + ", 7, "ends at column 7"),
    ("a//b", 3, "unexpected '/'"),
    ("a*/b", 3, "unexpected '/'"),
    ("a^^b", 3, "unexpected '^'"),
    ("a^*b", 3, "unexpected '*'"),
    ("a ** * b", 6, "unexpected '*'"),
    # parentheses and commas
    ("(a", 1, "is not closed"),
    ("2*(a + (b)", 3, "is not closed"),
    ("sin(a", 4, "is not closed"),
    ("a)", 2, "closes nothing"),
    ("(a + b))", 8, "closes nothing"),
    (")", 1, "unexpected ')'"),
    ("()", 2, "unexpected ')'"),
    ("(a² ²)", 5, "an operator or ')' is expected"),
    ("a, b", 2, "decimals are written with a point"),
    ("(1, 5)", 3, "unexpected ','"),
    # bounds
    ("1e999", 1, "too large"),
    ("a + " + "1" * (MAX_DIGITS + 1), 5, f"at most {MAX_DIGITS} are allowed"),
    ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), MAX_DEPTH + 2, "nested more than"),
    ("-" * (MAX_DEPTH + 1) + "a", MAX_DEPTH + 2, "nested more than"),
    ("a^" * (MAX_DEPTH + 1) + "a", 2 * MAX_DEPTH + 3, "nested more than"),
    ("sin(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), 4 * MAX_DEPTH + 5, "nested more than"),
    ("a+" * (MAX_NODES // 2) + "a", MAX_NODES, f"more than {MAX_NODES} parts"),
    # numbers alone that have no finite result
    ("9**9**9", 2, "no finite result"),
    ("9^9^9^9", 4, "no finite result"),
    ("a + 1/0", 6, "no finite result"),
    ("a*0^-1", 4, "no finite result"),
    ("a + log(0)", 5, "no finite result"),
    ("sqrt(-1)", 1, "no finite result"),
    ("(-8)^(1/3)", 5, "no finite result"),
    ("a*(1e308*10)", 9, "no finite result"),
    ("exp(1000)*a", 1, "no finite result"),
]


@pytest.mark.parametrize(("text", "column", "part"), REFUSALS)
def test_refusals_name_the_column(text: str, column: int, part: str) -> None:
    error = refusal(text, ("kappa",))
    assert error.column == column
    assert f"column {column}" in str(error)
    assert part in str(error)


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u00a0"])
def test_nothing_is_no_formula(text: str) -> None:
    assert "empty" in str(refusal(text))


def test_too_long_has_no_one_place() -> None:
    error = refusal("a" * (MAX_LENGTH + 1))
    assert error.column is None
    assert "2,001 characters: at most 2,000" in str(error)


def test_bounds_are_reached() -> None:
    """The largest of everything is accepted: a bound one lower would refuse it."""
    deep = MAX_DEPTH
    Formula.parse("(" * deep + "a" + ")" * deep)
    Formula.parse("-" * deep + "a")
    Formula.parse("a^" * deep + "a")
    Formula.parse("1" * MAX_DIGITS)
    widest = "+".join(["a"] * (MAX_NODES // 2))
    assert len(widest) < MAX_LENGTH
    for text in (widest, "max(" + widest.replace("+", ",") + ")"):
        formula = Formula.parse(text)
        assert len(formula.graph.reachable(formula.hessian_nodes)) < 10 * MAX_NODES
    padded = "a" + " " * (MAX_LENGTH - 1)
    assert shape(parse(padded)) == "a"


def test_unknown_names_are_shortened() -> None:
    assert len(str(refusal("y" * MAX_LENGTH))) < 120
    assert len(str(refusal("y" * (MAX_LENGTH - 3) + "(a)"))) < 400


HOSTILE = [
    "a.__class__",
    "a.real",
    "().__class__.__bases__[0].__subclasses__()",
    "__import__('os').system('true')",
    "__builtins__",
    "__import__(a)",
    "eval(a)",
    "exec(a)",
    "open(a)",
    "print(a)",
    "lambda: a",
    "(lambda x: x)(a)",
    "[a for a in b]",
    "{a: b}",
    "[a][0]",
    "a[0]",
    "'a'",
    '"a"',
    'f"{a}"',
    "b'a'",
    "(a := 1)",
    "a = b",
    "a == b",
    "a < b",
    "a if b else a",
    "a and b",
    "not a",
    "a; b",
    "a\\\nb",
    "# a",
    "a @ b",
    "a % b",
    "a | b",
    "a & b",
    "~a",
    "a << b",
    "...",
    "*a",
    "max(*a)",
    "max(a, b=1)",
    "yield a",
    "await a",
    "None",
    "True",
    "1j",
    "0b1",
    r"\cdot _ + a",  # nothing below anything
    r"a_ \cdot b",
    "a\0b",
    "\0",
    "\x07",
    "\x1b[31ma",
    "a\u202eb",  # right-to-left override
    "\u2066a\u2069",
    "\ufeffa",
    "a\u200bb",  # zero-width space
    "\ud800",  # a lone surrogate
    "٣*a",  # Arabic-Indic digits: int() and float() would take them
    "a + ١",
    "१",
    "²",
    "ª",
    "₁",
    "ﷺ",  # which NFKC makes eighteen letters of
    "а",  # Cyrillic
    "á",
    "a\u0301",
    "∞",
    "∑(a)",
    "a" * 100_000,
    "²" * 100_000,
    "𝑎" * 100_000,
    "а" * 100_000,
    "(" * 100_000,
    "-" * 100_000,
    "9" * 100_000,
    "a+" * 50_000 + "a",
    "(" * 1999,
    "-" * 1999 + "a",
    "9" * 2000,
    "a²" * 1000,
    "𝑎" * 2000,
    "9²" + "⁹" * 1000,
    "9^" * 999 + "9",
    "9**" * 600 + "9",
    "9**9**9**9**9",
    "2^2^2^2^2^2^2",
    "a^9^9^9",
    "1e999",
    "1e" + "9" * 1000,
    "0." + "0" * 1000 + "1",
    "max(" + "a," * 900 + "a)",
    "x" * 2000,
    "x" * 1998 + "(a",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_hostile_text_is_refused(text: str) -> None:
    error = refusal(text)
    if len(text) <= MAX_LENGTH:
        assert error.column is not None
        assert 1 <= error.column <= len(text) + 1
        assert f"column {error.column}" in str(error)


_TIMED = """
import sys, time
from gdviz.engine.language.formula import Formula, FormulaError
if sys.platform == "linux":
    import resource
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
worst = 0.0
for text in {texts!r}:
    start = time.process_time()
    try:
        Formula.parse(text)
    except FormulaError:
        pass
    else:
        sys.exit(f"accepted {{text[:40]!a}}")
    worst = max(worst, time.process_time() - start)
if worst > 0.2:
    sys.exit(f"a refusal took {{worst}} s")
if sys.platform == "linux":
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used
    if grown > 50_000:
        sys.exit(f"memory grew by {{grown}} KiB")
"""


def test_hostile_text_is_refused_at_once() -> None:
    """In a process of its own, so that a hang or a crash fails this test and no other."""
    program = _TIMED.format(texts=HOSTILE)
    result = subprocess.run(
        [sys.executable, "-"],
        input=program,
        encoding="ascii",
        errors="backslashreplace",  # inside the literals, where it means the same
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
