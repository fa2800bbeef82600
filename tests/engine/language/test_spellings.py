"""Mathematics as people type it: read where it has one meaning, else asked."""

import math
import random
import time
from contextlib import suppress

import pytest

from gdviz.engine.language.formula import Formula, FormulaError
from gdviz.engine.language.graph import Graph, lower
from gdviz.engine.language.lexer import read_head
from gdviz.engine.language.names import names_in, parameters_in
from gdviz.engine.language.operations import AGGREGATES, FUNCTIONS
from gdviz.engine.language.parser import parse
from gdviz.engine.language.spellings import COMMANDS, FUNCTION_NAMES, GREEK, MADE_OF, MODULES
from gdviz.engine.language.unparse import tree_text
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective

CONSTANTS = ("x", "k", "theta", "kappa", "w_1", "lambda")


def meaning(text: str) -> tuple[object, ...]:
    """Return the nodes of a formula: equal for equal formulas."""
    graph = Graph()
    output = lower(parse(text, CONSTANTS), graph)
    return tuple(graph[i] for i in range(len(graph))), output


#: What people type, and the same as the program would write it.
SAME = {
    # products without a sign
    "2a": "2*a",
    "2 a": "2*a",
    "2a^2 + 3b": "2*a^2 + 3*b",
    "2(a+1)": "2*(a+1)",
    "(a+1)(b-1)": "(a+1)*(b-1)",
    "(a+1)b": "(a+1)*b",
    "a b": "a*b",
    "a²b": "a^2*b",
    "a^2b^2": "a^2*b^2",
    "2π": "2*pi",
    "2πa": "2*pi*a",
    "3x²b": "3*x^2*b",
    "-2a": "-2*a",
    "a sin(b)": "a*sin(b)",
    "sin(a)cos(b)": "sin(a)*cos(b)",
    "2e^a": "2*e^a",
    "2e": "2*e",
    "2e3a": "2000*a",
    "2|a|": "2*abs(a)",
    "2√a": "2*sqrt(a)",
    "e^(a)(b+1)": "e^(a)*(b+1)",
    "exp(a)(b+1)": "exp(a)*(b+1)",
    "e^a b": "e^a*b",
    "(a)(b)(x)": "a*b*x",
    # functions by other names, and without parentheses
    "ln(a)": "log(a)",
    "ln a": "log(a)",
    "exp a": "exp(a)",
    "exp a + b": "exp(a) + b",
    "sin 2": "sin(2)",
    "ln |a|": "log(abs(a))",
    "sin²(a)": "sin(a)^2",
    "sin^2(a)": "sin(a)^2",
    "sin² a": "sin(a)^2",
    "tanh^2(a) + b": "tanh(a)^2 + b",
    "arctan(a)": "atan(a)",
    "Exp(a)": "exp(a)",
    "ReLU(a)": "relu(a)",
    "Max(a, b)": "max(a, b)",
    "σ(a*x)": "sigmoid(a*x)",
    # roots, bars, fractions, brackets
    "√a": "sqrt(a)",
    "√(a+b)": "sqrt(a+b)",
    "√2": "sqrt(2)",
    "|a|": "abs(a)",
    "|a - |b||": "abs(a - abs(b))",
    "||a|-1|": "abs(abs(a)-1)",
    "|a||b|": "abs(a)*abs(b)",
    "|a|^2": "abs(a)^2",
    "½a": "1/2*a",
    "½(a-1)²": "1/2*(a-1)^2",
    "¾": "3/4",
    "⅓ b": "1/3*b",
    "[a+1]^2": "(a+1)^2",
    "[(a+1)b]": "(a+1)*b",
    # programs
    "a**2": "a^2",
    "np.exp(a)": "exp(a)",
    "numpy.exp(-a)": "exp(-a)",
    "math.sqrt(a)": "sqrt(a)",
    "torch.sigmoid(a)": "sigmoid(a)",
    "jnp.tanh(a)": "tanh(a)",
    "np.pi*a": "pi*a",
    "math.e**a": "e^a",
    "torch.nn.functional.softplus(a)": "softplus(a)",
    "jax.nn.relu(a)": "relu(a)",
    "np.power(a, 2)": "a^2",
    "np.square(a)": "a^2",
    "np.log1p(np.exp(a))": "log(1 + exp(a))",
    "np.maximum(a, 0)": "max(a, 0)",
    "np.abs(a)": "abs(a)",
    "tf.math.log(a)": "log(a)",
    "scipy.special.expit(a)": "sigmoid(a)",
    "Math.pow(a, 2)": "a^2",
    "np.hypot(a, b)": "sqrt(a^2 + b^2)",
    # what stands before
    "f(a,b) = a^2 + b": "a^2 + b",
    "f(a, b)=a": "a",
    "z = a*b": "a*b",
    "f = a": "a",
    "def f(a, b): return a*b": "a*b",
    "lambda a, b: a**2 + b**2": "a^2 + b^2",
    "return a*b;": "a*b",
    "(a, b) ↦ a*b": "a*b",
    "(a, b) => a*b": "a*b",
    "L(a, b) := a*b": "a*b",
    # LaTeX
    r"\frac{1}{2}(a-1)^2 + \sigma(ax)": "1/2*(a-1)^2 + sigmoid(a*x)",
    r"\left( a + 1 \right)^2": "(a+1)^2",
    r"a \cdot b": "a*b",
    r"a\times b": "a*b",
    r"\sqrt{a}": "sqrt(a)",
    r"\sqrt[3]{a}": "a^(1/3)",
    r"\sqrt{a^2+b^2}": "sqrt(a^2+b^2)",
    "e^{-a}": "e^(-a)",
    r"e^{-a x}\,b": "e^(-a*x)*b",
    r"\frac12 a": "1/2*a",
    r"\dfrac{a}{b}": "a/b",
    r"$a^2 + b^2$": "a^2 + b^2",
    r"\[ a^{2}b \]": "a^2*b",
    r"\left|a\right|": "abs(a)",
    r"\lvert a\rvert": "abs(a)",
    r"\exp\left(-a^2\right)": "exp(-a^2)",
    r"\ln a": "log(a)",
    r"\sin^2 a": "sin(a)^2",
    r"\sin^{2}(a)": "sin(a)^2",
    r"2\pi a": "2*pi*a",
    r"\theta a": "theta*a",
    r"w_{1}\cdot a": "w_1*a",
    r"\operatorname{relu}(a)": "relu(a)",
    r"\mathrm{kappa}\,a": "kappa*a",
    r"\max(a, b)": "max(a, b)",
    r"ab\lambda": "a*b*lambda",
    r"f(a, b) = \frac{a}{b}": "a/b",
    r"\tanh(ax)": "tanh(a*x)",
    r"\{a+1\}^2": "(a+1)^2",
    # print
    "a − b": "a - b",
    "a – b": "a - b",
    "a·b": "a*b",
    "a ⋅ b": "a*b",
    "a×b": "a*b",
    "a∕b": "a/b",
    "0,5*a + 1,5b": "0.5*a + 1.5*b",
    "1_000*a + 10_000_000b": "1000*a + 10000000*b",
    "1.000.000a + 1.000.000,5*b": "1000000*a + 1000000.5*b",
    "exp(0,5*a)": "exp(0.5*a)",
    "(1,5)": "1.5",
    "0,001": "0.001",
    "max(0, 5*a)": "max(0, 5*a)",
    "max(0,5*a, b)": "max(0, 5*a, b)",
    "1,5e-3*a": "1.5e-3*a",
}


@pytest.mark.parametrize(("typed", "plain"), SAME.items())
def test_every_spelling_means_what_the_plain_one_means(typed: str, plain: str) -> None:
    assert meaning(typed) == meaning(plain)
    assert meaning(tree_text(parse(typed, CONSTANTS))) == meaning(plain)


#: What has two meanings or none, where, and what may be meant.
ASKED = {
    "a(b+1)": (1, ["a*(b+1)"]), "x (b+1)": (1, ["x*(b+1)"]), "m(b+1)": (1, ["m*(b+1)"]),
    "1/2a": (4, ["1/2*a", "1/(2a)"]), "a/2b + 1": (4, ["a/2*b + 1", "a/(2b) + 1"]),
    "1/2(a+1)": (4, ["1/2*(a+1)", "1/(2(a+1))"]), "e^2a": (4, ["e^2*a", "e^(2a)"]),
    "√2a": (3, ["√(2)a", "√(2a)"]), "√a²": (3, ["√(a)²", "√(a²)"]),
    "exp a*b": (1, ["exp(a)*b", "exp(a*b)"]), "sin 2a": (1, ["sin(2)a", "sin(2a)"]),
    "ln a^2 + b": (1, ["ln(a)^2 + b", "ln(a^2) + b"]), "exp -a": (1, ["exp(-a)"]),
    "sin^-1(a)": (1, ["asin(a)"]), "tan⁻¹(a)": (1, ["atan(a)"]), "ab": (1, ["a*b"]),
    "b + ax": (5, ["b + a*x"]), "(a+1)2": (6, ["(a+1)*2", "(a+1)^2"]), "a 2": (3, ["a*2"]),
    "2½": (2, ["(2+½)", "2*½"]), "1,000*a": (2, ["1.000*a", "1000*a"]),
    "max(0,5*a, b) + 0,5": (6, ["max(0.5*a, b) + 0,5", "max(0, 5*a, b) + 0,5"]),
    "a = b": (3, []), "a == b": (3, []), r"\foo a": (1, []),
    "f(u, v) = a": (1, []), "|a": (1, []), "|a|b|": (6, []), "a|": (3, []), "[a)": (3, []),
    "sin^a(b)": (5, []), "a[b]": (1, ["a*[b]"]), "sinus(a) + b": (1, ["sin(a) + b"]),
    "b + arcta(a)": (5, ["b + atan(a)"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ASKED.items())
def test_what_is_doubtful_is_asked(text: str, expected: tuple[int, list[str]]) -> None:
    with pytest.raises(FormulaError) as refusal:
        parse(text, CONSTANTS)
    column, corrections = expected
    assert refusal.value.column == column
    if corrections:
        assert list(refusal.value.corrections) == corrections
    for correction in refusal.value.corrections:
        if text not in ("m(b+1)", "max(0,5*a, b) + 0,5"):  # where there is more to ask
            parse(correction, CONSTANTS)


def test_constants_go_before_what_functions_are_called_elsewhere() -> None:
    """A file that has such a constant stays what it was."""
    for name in (*FUNCTION_NAMES, *MADE_OF):
        assert Formula.parse(f"a*{name} + b", (name,)).constants == (name,)


def test_every_row_of_the_tables_is_read() -> None:
    for name, own in FUNCTION_NAMES.items():
        if own in AGGREGATES:
            assert tree_text(parse(f"{name}(x)", data=("x",))) == f"{own}(x)"
            continue
        arguments = "a, b" if FUNCTIONS[own].arity == 2 else "a"
        assert meaning(f"{name}({arguments})") == meaning(f"{own}({arguments})")
    assert MADE_OF.keys().isdisjoint({*FUNCTIONS, *AGGREGATES})
    for name, text in MADE_OF.items():
        second = "v" in text.replace("negative", "")
        made = Formula.parse(f"{name}(a{', b' * second})")
        assert made.graph[made.output].operation != "name"
    for module in MODULES:
        assert meaning(f"{module}.exp(a)") == meaning("exp(a)")
    for letter in GREEK:
        name = letter.removeprefix("var") if letter.startswith("var") else letter
        assert [word.name for word in names_in(rf"\{letter}_1")] == [f"{name}_1"]
    assert {"frac", "cdot", "left", "sqrt"} <= COMMANDS.keys()


@pytest.mark.parametrize(
    ("text", "head", "parameters"),
    [
        ("f(x, y) = x + y", 10, ("x", "y")),
        ("f(y, x) = x + y", 10, ("y", "x")),
        (r"f(\theta_1, \theta_{2}) = \theta_1", 26, ("theta_1", "theta_2")),
        ("lambda w, b: w", 12, ("w", "b")),
        ("z = x + y", 3, None),
        ("y = x + y", 0, None),
        ("x + y", 0, None),
    ],
)
def test_what_stands_before_a_formula_says_its_parameters(
    text: str, head: int, parameters: tuple[str, str] | None
) -> None:
    assert read_head(text)[0] in (head, head + 1)  # with the blank or without
    assert read_head(text).parameters == parameters
    if parameters:
        assert parameters_in(text) == parameters


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("2x + y(x + 1)", ("x", "y")),
        ("y(x + 1)", ("x", "y")),
        ("w(b + 1)", ("b", "w")),
        ("a(b + 1)", ("a", "b")),
        ("k(a + b)", ("a", "b")),
        ("f(x) + x", ("a", "b")),  # f is said to be no function
        ("sin(x) + y", ("x", "y")),
    ],
)
def test_a_letter_before_a_parenthesis_may_be_a_parameter(
    text: str, parameters: tuple[str, str]
) -> None:
    assert set(parameters_in(text)) == set(parameters)


WORDS = [
    *FUNCTIONS, *FUNCTION_NAMES, *MADE_OF, "np.", "torch.", "a", "b", "x", "ab", "pi", "e", "π",
    "σ", "θ₁", "0", "1", "2", "0,5", "1e3", "½", "²", "⁻¹", "+", "-", "*", "/", "^", "**", "(", ")",
    "[", "]", "{", "}", "|", "√", ",", "=", " ", "$", "f(a, b) =", "lambda a, b:", "return ", ";",
    *(rf"\{command} " for command in ("frac", "left", "right", "cdot", "sqrt", "sigma", "theta",
                                      "exp", "foo", "operatorname{relu}", "mathrm{x}")),
    "_1", "_{2}", "\\", "−", "·", "∞", "а",
]  # fmt: skip


def fuzzed(texts: int, seed: int) -> float:
    """Read random texts, and return the seconds of processor that the slowest one took."""
    rng, slowest = random.Random(seed), 0.0
    for _ in range(texts):
        text = "".join(rng.choices(WORDS, k=rng.choice((3, 6, 12, 40, 300))))
        begin = time.process_time()
        names_in(text)
        parameters_in(text)
        with suppress(FormulaError):
            tree_text(Formula.parse(text, ("x",)).tree)
        slowest = max(slowest, time.process_time() - begin)
    return slowest


@pytest.mark.sampled(1)
@pytest.mark.parametrize("seed", range(4))
def test_random_texts_are_formulas_or_refused(seed: int) -> None:
    assert fuzzed(250, seed) < 2.0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 5))
def test_many_random_texts_are_formulas_or_refused(seed: int) -> None:
    assert fuzzed(5_000, seed) < 2.0


@pytest.mark.parametrize("word", ["silu(", "square(", "|", "√", "{", r"\frac", "e^", "sin ", "2/"])
def test_deep_texts_end_soon(word: str) -> None:
    for count in (30, 59, 200, 600):
        begin = time.process_time()
        with suppress(FormulaError):
            Formula.parse(word * count + "a" + ")" * count * ("(" in word))
        assert time.process_time() - begin < 2.0


@pytest.mark.parametrize(
    ("text", "of_each", "of_whole", "rows"),
    [
        (r"\frac{1}{n}\sum (a*x-y)^2", r"\frac{1}{n}\sum((a*x-y)^2)",
         r"\frac{1}{n}(\sum (a*x-y))^2", (3, 3)),
        (r"\sum\left(a x-y\right)^{2}", r"\sum(\left(a x-y\right)^{2})",
         r"(\sum\left(a x-y\right))^{2}", (1, 1)),
        (r"\sum_{i=1}^n (a*x-y)²/n", r"\sum_{i=1}^n((a*x-y)²)/n",
         r"(\sum_{i=1}^n (a*x-y))²/n", (3, 3)),
        ("Σ(a*x-y)^2", "Σ((a*x-y)^2)", "(Σ(a*x-y))^2", (1, 1)),
        ("mean (a*x-y)^2", "mean((a*x-y)^2)", "(mean (a*x-y))^2", (3, 9)),
    ],
)  # fmt: skip
def test_a_power_after_a_sum_is_asked(text, of_each, of_whole, rows):
    """Σ (x − y)² is a sum of squares in mathematics; sum(x − y)^2 is the square of a call."""
    data = Data({"x": (1.0, 2.0, 3.0), "y": (2.0, 3.5, 6.0)})
    with pytest.raises(FormulaError, match="of each row or of the whole") as refused:
        parse(text, data=("x", "y"))
    assert refused.value.corrections == (of_each, of_whole)
    each, whole = (
        FormulaObjective.from_text(one, {}, data).value(1.0, 0.0) for one in (of_each, of_whole)
    )
    # The residuals are −1, −1.5 and −3.
    assert each == pytest.approx(12.25 / rows[0], rel=1e-14)
    assert whole == pytest.approx(30.25 / rows[1], rel=1e-14)


@pytest.mark.parametrize(
    "text", ["sum(a*x)^2", "np.mean(a*x)**2", r"\sum_{i=1}^{n} (a*x) + b^2", r"\sum_i (a*x)"]
)
def test_a_call_of_a_sum_has_its_power_and_limits_over_all_rows_are_read(text):
    parse(text, data=("x", "y"))


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("bsin(a)", "b*sin(a)"),
        ("mean((bsigmoid(a*x)-y)^2)", "mean((b*sigmoid(a*x)-y)^2)"),
        ("mean((alog(x)+b-y)^2)", "mean((a*log(x)+b-y)^2)"),
        ("aln(b)", "a*ln(b)"),
        ("absin(a)", "a*b*sin(a)"),
        ("2ksin(a)", "2k*sin(a)"),
        ("sinn(a)", "sin(a)"),  # no factor is called n beside it
    ],
)
def test_a_factor_before_a_called_function_is_kept(text, corrected):
    data = ("x", "y") if "mean" in text else ()
    with pytest.raises(FormulaError) as refused:
        parse(text, data=data)
    assert refused.value.corrections == (corrected,)


@pytest.mark.parametrize(
    ("text", "sentence", "corrections"),
    [
        ("1 000a+b", "has a space in it", ("1000a+b",)),
        ("1 000 000*a+b", "has a space in it", ("1000000*a+b",)),
        ("12 34a", "an operator is missing", ("12*34a",)),
        ("1.5.2a", "has two points", ()),
        ("max(0,5; a)+b", "separated by commas", ("max(0.5, a)+b",)),
        ("a;b", "separated by commas", ()),
        ("lg(a)+b", "write log10 or log2", ("log10(a)+b", "log2(a)+b")),
        ("floor(a)", "no rounding", ()),
        ("a % b", "no remainder", ()),
        ("a+(a*b+1).sqrt()/2", "write", ("a+sqrt(a*b+1)/2",)),
        ("((a*x-y)**2).mean()/2", "write", ("mean((a*x-y)**2)/2",)),
        ("exp(a*x-y).mean()", "write", ("mean(exp(a*x-y))",)),
        ("a+np.abs(b*x).mean()/2", "write", ("a+mean(np.abs(b*x))/2",)),
        ("a*x.mean()", "write", ("a*mean(x)",)),
        ("a.b", "unexpected '.'", ()),
        ("sin2(a+b)/2", "write", ("sin(2*(a+b))/2", "sin^2(a+b)/2")),
        ("log3(a)+b", "unknown function 'log3'", ("log(a)+b",)),
        ("mean |a*x-y|^2", "two ways", ("mean(|a*x-y|)^2", "mean(|a*x-y|^2)")),
    ],
)
def test_what_is_written_elsewhere_is_put_right(text, sentence, corrections):
    with pytest.raises(FormulaError, match=sentence) as refused:
        parse(text, data=("x", "y"))
    assert refused.value.corrections == corrections
    for each in corrections:
        parse(each, data=("x", "y"))


@pytest.mark.parametrize(
    ("text", "sentence", "corrections"),
    [
        ("lg a", "write log10 or log2", ("log10 a", "log2 a")),
        ("a mod b", "no remainder", ()),
    ],
)
def test_functions_of_elsewhere_between_values_are_no_factors(text, sentence, corrections):
    with pytest.raises(FormulaError, match=sentence) as refused:
        parse(text, constants=("lg", "mod"))
    assert refused.value.corrections == corrections


def test_a_mean_of_a_size_between_bars_has_one_meaning() -> None:
    data = Data({"x": (1.0, 2.0, 3.0), "y": (2.0, 3.5, 6.0)})
    loss = FormulaObjective.from_text("mean|a*x-y|+b", {}, data)
    assert loss.value(1.0, 0.5) == pytest.approx(5.5 / 3 + 0.5, rel=1e-14)
    with pytest.raises(FormulaError, match="has no data column in it"):
        parse("mean|a*b|", data=("x", "y"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Sin[a]+b", math.sin(2.0) + 3.0),
        ("sech²(a)+b", 1.0 / math.cosh(2.0) ** 2 + 3.0),
        ("sec^2(a)+b", 1.0 / math.cos(2.0) ** 2 + 3.0),
        ("cot² a+b", 1.0 / math.tan(2.0) ** 2 + 3.0),
        ("log2²(b)+a", math.log2(3.0) ** 2 + 2.0),
        ("Exp[-a^2]*Sqrt[b]", math.exp(-4.0) * math.sqrt(3.0)),
        ("Max[a,b]", 3.0),
        ("max{a, b}", 3.0),
        (r"\max\{a,b\}", 3.0),
        ("min{2,5}+a+b", 7.0),
        ("a.^2+b.*a-b./a", 8.5),
        ("2.*a+b", 7.0),
    ],
)
def test_brackets_and_dots_of_other_languages(text, value):
    assert FormulaObjective.from_text(text, {}).value(2.0, 3.0) == pytest.approx(value, rel=1e-15)
