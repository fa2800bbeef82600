"""Names become constants as they are used, and come back as they were."""

import math
import re

import pytest

from gdviz.engine.language.names import names_in, parameters_note
from gdviz.engine.objectives.data import Data
from gdviz.experiment.change_function import on_formula
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.from_typed_text import (
    Draft,
    column_of,
    corrections_of,
    free_names,
    may_be_a_function,
    unfinished_word,
)
from gdviz.experiment.function import FormulaFunction
from gdviz.experiment.json_file import from_json, to_json
from gdviz.experiment.validation import ExperimentError

BASE = Experiment(function=FormulaFunction("a"))
FIT = Experiment(
    function=FormulaFunction(
        "mean((a*x - y)^2)",
        data=Data(columns={"x": (1.0, 2.0), "y": (2.0, 4.0)}, source=""),
        model="a*x",
    )
)


def test_names_are_found_in_what_is_no_formula_yet():
    names = names_in("k*sigm(1e5 + σ(π) + x_1 $ after")
    assert [(n.name, n.column, n.length, n.is_called) for n in names] == [
        ("k", 1, 1, False), ("sigm", 3, 4, True), ("sigmoid", 14, 1, True),
        ("pi", 16, 1, False), ("x_1", 21, 3, False),
    ]  # fmt: skip
    assert names_in("") == ()
    assert [(n.name, n.column, n.length) for n in names_in("𝑎² + k²·𝑏 + а")] == [
        ("a", 1, 1), ("k", 6, 1), ("b", 9, 1),
    ]  # fmt: skip


def test_what_has_a_meaning_is_no_constant():
    assert free_names("k*a + b*sin(m) + pi*e + q(a) + sqrt", BASE) == ["k", "m"]
    assert free_names("mean((a*x - k*y)^2) + n", FIT) == ["k"]
    assert free_names("x" * 31 + " + k", BASE) == ["k"]


@pytest.mark.parametrize(
    "text", ["2πa + b", "a + b + eb", "a*x + b*y + abxy", "a*width + x*b - widthx", "bea"]
)
def test_what_may_be_a_product_is_no_constant(text):
    words = ("πa", "eb", "abxy", "widthx", "bea")
    assert not {*free_names(text, BASE)} & {*words}


def test_a_constant_stays_one_and_its_plural_is_another():
    assert free_names("a + eb", on_formula(BASE, "a + eb", constants={"eb": 2.0})) == ["eb"]
    assert free_names("a*rate + b*rates + depth", BASE) == ["rate", "rates", "depth"]


@pytest.mark.parametrize(
    ("text", "cursor", "word"),
    [("a*kap", 5, "kap"), ("a*kap", 4, "kap"), ("a*kap", 2, None), ("kap*a", 5, None),
     ("a*sin", 5, None), ("a + b", 5, None), ("", 0, None)],
)  # fmt: skip
def test_the_word_at_the_cursor(text, cursor, word):
    found = unfinished_word(text, cursor, BASE)
    assert (found.name if found else None) == word


def test_a_constant_that_is_there_is_no_unfinished_word():
    base = on_formula(BASE, "a*kap", constants={"kap": 2.0})
    assert unfinished_word("a*kap", 5, base) is None


def test_constants_begin_at_one_and_are_remembered():
    draft = Draft()
    one = draft.experiment("k*a", BASE)
    assert one.function.constants == {"k": 1.0}
    assert one.function.constant_ranges == {"k": (-5.0, 5.0)}
    draft.remember(one.replace(constants={"k": 3.0}, constant_ranges={"k": (0.0, 4.0)}))
    without = draft.experiment("a", one)
    assert without.function.constants == {}
    again = draft.experiment("a + k", without)
    assert again.function.constants == {"k": 3.0}
    assert again.function.constant_ranges == {"k": (0.0, 4.0)}


@pytest.mark.parametrize("text", ["a²+b²", "𝑎^2+𝑏²", "ａ²＋ｂ²"])
def test_pasted_letters_and_powers_are_no_constants(text):
    experiment = Draft().experiment(text, BASE)
    assert experiment.function.constants == {}
    assert experiment.function.formula_objective().gradient(2.0, 3.0) == (4.0, 6.0)
    assert from_json(to_json(experiment)) == experiment


@pytest.mark.parametrize("text", ["а+b", "b*ɑ"])
def test_look_alikes_are_refused_with_their_place(text):
    with pytest.raises(ExperimentError) as refusal:
        Draft().experiment(text, BASE)
    assert text[column_of(refusal.value) - 1] in "а½₁ɑ"


def test_the_model_is_the_one_of_the_formula():
    base = on_formula(FIT, "mean((k*a*x - y)^2)", constants={"k": 1.0})
    assert base.function.model == "k*a*x"
    assert Draft().experiment("mean((a*x^2 - y)^2)", base).function.model == "a*x^2"
    assert Draft().experiment("mean(a*x)", base).function.model == ""
    assert Draft().experiment("mean((𝑎*x² - y)²)", base).function.model == "a*x^2"


def test_refusals_name_the_column():
    for text, column in (("a + $", 5), ("a*(b", 3), ("x(2)", 1)):
        with pytest.raises(ExperimentError) as refusal:
            Draft().experiment(text, BASE)
        assert column_of(refusal.value) == column
    with pytest.raises(ExperimentError) as refusal:
        Draft().experiment("+".join(f"c{i}" for i in range(21)), BASE)
    assert column_of(refusal.value) is None


def test_beginnings_of_functions():
    assert may_be_a_function("sigm")
    assert may_be_a_function("s")
    assert may_be_a_function("mea")  # over the rows of data
    assert may_be_a_function("log")  # of log10
    assert not may_be_a_function("tanh")
    assert not may_be_a_function("k")


@pytest.mark.parametrize(
    ("text", "constant"),
    [
        ("k₁*a + k_1*b + k1", "k₁"),
        ("k_1*a + k₁*b + k1", "k_1"),
        ("φ*a + ϕ*b + phi", "φ"),
        ("ε*a + ϵ*b + epsilon", "epsilon"),
        ("θ*a + ϑ*b + theta", "θ"),
        ("µ*a + μ*b + mu", "μ"),  # the first is the keyboard's
        ("\u2126*a + Ω*b + Omega", "Ω"),  # the first is the ohm sign
        ("α*a + alpha*b", "alpha"),
        ("w_1*a + w1*b", "w_1"),
        ("ı*a + i*b", "i"),
    ],
)
def test_names_that_look_alike_are_one_constant(text: str, constant: str) -> None:
    function = Draft().experiment(text, Experiment()).function
    assert (list(function.constants), function.parameters) == ([constant], ("a", "b"))
    assert function.replace(constants={constant: 2.0}).objective().value(1.0, 1.0) >= 4.0


def test_a_constant_keeps_its_value_where_it_is_typed_in_another_way() -> None:
    before = Draft().experiment("k_1*a + b", Experiment())
    turned = before.replace(constants={"k_1": 2.5})
    draft = Draft()
    draft.remember(turned)
    again = draft.experiment("k₁*a + b^2", turned).function
    assert again.constants == {"k_1": 2.5}
    assert again.objective().value(1.0, 0.0) == 2.5


def test_a_column_is_itself_however_it_is_typed() -> None:
    data = Data({"x1": (1.0, 2.0), "y": (1.0, 3.0)})
    function = on_formula(
        Experiment(), "mean((a*x_1 + b*x₁ - y)^2)", data=data, constants={}
    ).function
    assert function.constants == {}
    assert function.objective().value(1.0, 0.0) == 0.5


def test_parameters_may_be_typed_in_several_ways() -> None:
    function = Draft().experiment("θ₁^2 + θ_1*theta_2 + θ2^2", Experiment()).function
    assert (function.parameters, function.constants) == (("θ₁", "theta_2"), {})
    assert function.objective().value(2.0, 3.0) == 4 + 6 + 9


@pytest.mark.parametrize(
    ("text", "parameters", "value"),
    [
        ("J(θ) = θ_0^2 + 2*θ_1^2", ("θ_0", "θ_1"), 22.0),
        ("J(θ) = ½(θ₀ − 1)² + θ₁²", ("θ₀", "θ₁"), 9.5),
        (r"J(\boldsymbol{\theta}) = \theta_1^2 + \theta_2", ("theta_1", "theta_2"), 7.0),
        (r"\mathcal{L}(w, b) = (w - 1)^2 + b^2", ("w", "b"), 10.0),
        ("lambda x: x[0]**2 + x[1]", ("x_0", "x_1"), 7.0),
        ("def f(x): return x[0]**2 + x[1]", ("x_0", "x_1"), 7.0),
        ("100*(x[1] - x[0]**2)**2 + (1 - x[0])**2", ("x_0", "x_1"), 101.0),
        ("x₁² + x₁x₂", ("x₁", "x₂"), 10.0),
        ("x_{1}^2 + x_{1}x_{2}", ("x_1", "x_2"), 10.0),
    ],
)
def test_components_of_a_vector_are_the_parameters(
    text: str, parameters: tuple[str, str], value: float
) -> None:
    function = Draft().experiment(text, Experiment()).function
    assert (function.parameters, function.constants) == (parameters, {})
    assert function.objective().value(2.0, 3.0) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a(b+1)", "not a function: write a*(b+1)"),
        ("2 3", "write 2*3"),
        ("k(b+1)", "or write k*(b+1)"),
        ("f(x) = x^2 + y^2", "write the formula alone"),
    ],
)
def test_a_refusal_has_the_text_that_works(text: str, words: str) -> None:
    with pytest.raises(ExperimentError, match=re.escape(words)):
        Draft().experiment(text, Experiment())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"f(x, y) = \sin x\cos y", math.sin(2.0) * math.cos(3.0)),
        ("sin x cos y + x - x", math.sin(2.0) * math.cos(3.0)),
        (r"\begin{equation} x^2 + y^2 \end{equation}", 13.0),
        (r"\log_2(x) + \log_{10} y", 1.0 + math.log10(3.0)),
        ("log₂(x) + log_10(y)", 1.0 + math.log10(3.0)),
        ("log_2 x + log_{10}(y)", 1.0 + math.log10(3.0)),
        ("cot x + sec y", 1.0 / math.tan(2.0) + 1.0 / math.cos(3.0)),
    ],
)
def test_more_that_people_paste(text: str, value: float) -> None:
    function = Draft().experiment(text, Experiment()).function
    assert (function.parameters, function.constants) == (("x", "y"), {})
    assert function.objective().value(2.0, 3.0) == pytest.approx(value, rel=1e-14)


def test_a_formula_without_a_parameter_is_said_to_be_flat() -> None:
    function = Draft().experiment("x1^2 + x2^2 + x3^2", Experiment()).function
    note = parameters_note(function.text, function.parameters, function.constants)
    assert note == "neither a nor b occurs, so f is flat: x1 and x2 and x3 are constants"
    assert parameters_note("a + k", ("a", "b"), ("k",)) == ""


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("w^2 + b^2 - w", ("w", "b")), ("x^2 + y^2 - x", ("x", "y")),
        ("A^2 + B^2 + A*B", ("A", "B")),
        ("θ₁^2 + θ₂^2 - θ₂", ("θ₁", "θ₂")), ("k*u^2 + v^2 + u", ("u", "v")),
    ],
)  # fmt: skip
def test_the_last_word_of_a_pasted_text_may_be_a_parameter(
    text: str, parameters: tuple[str, str]
) -> None:
    """The cursor is behind it; it was made a constant, and the other parameter was not there."""
    made = Draft().experiment(text, BASE, unfinished_word(text, len(text), BASE))
    assert made.function.parameters == parameters
    assert parameters[0] not in made.function.constants


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("α^2 + β^2 + αβ", "α*β"), ("β^2 + α^2 + βα", "β*α"), ("λ^2 + η^2 + λη", "λ*η"),
        ("ε^2 + κ^2 + εκ", "ε*κ"), ("θ1^2 + θ2^2 + θ1θ2", "θ1*θ2"),
        ("θ_1^2 + θ_2^2 + theta_1theta_2", "theta_1*theta_2"), ("w1^2 + w2^2 + w1w2", "w1*w2"),
        ("alpha^2 + beta^2 + αβ", "α*β"), ("mu^2 + nu^2 + munu", "mu*nu"),
        ("α*a^2 + b^2 + αa", "α*a"), ("α*a^2 + b^2 + αab", "α*a*b"), ("ε*α + b + a + εα", "ε*α"),
        ("a^2 + b^2 + 2aa", "a*a"),
    ],
)  # fmt: skip
def test_a_product_of_letters_in_any_spelling_is_asked(text: str, product: str) -> None:
    word = product.replace("*", "")
    assert word not in free_names(text, BASE)
    with pytest.raises(ExperimentError, match=re.escape(f"write {product} for the product")) as it:
        Draft().experiment(text, BASE)
    assert corrections_of(it.value) == (text.replace(word, product),)
    assert word not in Draft().experiment(corrections_of(it.value)[0], BASE).function.constants


def test_a_product_with_a_column_of_the_data_is_asked() -> None:
    data = Data(columns={"x": (1.0, 2.0), "y": (2.0, 4.0)}, source="")
    base = Experiment(function=FormulaFunction("mean((a*x + b - y)^2)", data=data))
    with pytest.raises(ExperimentError, match=r"write w\*x for the product"):
        Draft().experiment("mean((wx + b - y)^2) + w^2", base)


@pytest.mark.parametrize("word", ["x1", "xi", "xi1", "alpha2", "θ12", "beta", "lr", "ax_", "abcq"])
def test_a_name_that_is_no_product_becomes_a_constant(word: str) -> None:
    text = f"a^2 + b^2 + c*d*x*i*θ*{word}"
    assert word in Draft().experiment(text, BASE).function.constants


def test_a_constant_that_is_there_stays_one() -> None:
    base = on_formula(BASE, "a^2 + b^2 + ab", constants={"ab": 2.0})
    assert Draft().experiment("a^2 + 2b^2 + ab", base).function.constants.keys() == {"ab"}


#: Over columns x and y: what a person types, the correction, and its value at (0.5, 0.25) where
#: both are 2 in one row.
XY = Data(columns={"x": (2.0,), "y": (2.0,)}, source="")
OVER_XY = Experiment(function=FormulaFunction("mean((a*x + b - y)^2)", data=XY))


@pytest.mark.parametrize(
    ("text", "correction", "value"),
    [
        ("mean((ax+bx-y)^2)", "mean((a*x+b*x-y)^2)", 0.25),
        ("mean((mx+c-y)^2)", "mean((m*x+c-y)^2)", (0.5 + 2 * 0.25 - 2) ** 2),  # of c and m
        ("mean((w1x+w2-y)^2)", "mean((w1*x+w2-y)^2)", (1.0 + 0.25 - 2) ** 2),
        ("mean((θ0+θ1x-y)^2)", "mean((θ0+θ1*x-y)^2)", (0.5 + 0.5 - 2) ** 2),
        ("mean((wx+b-y)^2)", "mean((w*x+b-y)^2)", (1.0 + 0.25 - 2) ** 2),
        ("mean((a*sinx+b-y)^2)", "mean((a*sin(x)+b-y)^2)", (0.5 * math.sin(2) + 0.25 - 2) ** 2),
        ("mean((ae^(bx)-y)^2)", "mean((a*e^(b*x)-y)^2)", (0.5 * math.exp(0.5) - 2) ** 2),
    ],
)
def test_a_word_with_a_column_in_it_is_asked_before_it_is_a_parameter(
    text: str, correction: str, value: float
) -> None:
    with pytest.raises(ExperimentError, match="write") as refusal:
        Draft().experiment(text, OVER_XY)
    assert corrections_of(refusal.value)[0] == correction
    with pytest.raises(ExperimentError, match="write"):
        on_formula(OVER_XY, text, constants={})
    function = Draft().experiment(correction, OVER_XY).function
    assert function.constants == {}
    assert function.objective().value(0.5, 0.25) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "correction", "value"),
    [
        ("aa+bb", "a*a+b*b", 13.0),
        ("ab+ba", "a*b+b*a", 12.0),
        ("ax+by", "a*x+b*y", 5.0),  # x and y are constants, 1
        ("ax+bx", "a*x+b*x", 5.0),
        ("(ax-1)^2+b", "(a*x-1)^2+b", 4.0),
        ("ka+b", "k*a+b", 5.0),
        ("kab", "k*a*b", 6.0),
        ("a^2+b^2+λa", "a^2+b^2+λ*a", 15.0),
        ("sina+cosb", "sin(a)+cos(b)", math.sin(2.0) + math.cos(3.0)),
        ("sinacosb", "sin(a)*cos(b)", math.sin(2.0) * math.cos(3.0)),
        ("bsina", "b*sin(a)", 3.0 * math.sin(2.0)),
        ("expa+b", "exp(a)+b", math.exp(2.0) + 3.0),
        ("lna+logb", "ln(a)+log(b)", math.log(6.0)),
        ("sinx+cosy", "sin(x)+cos(y)", math.sin(2.0) + math.cos(3.0)),
        ("sinxcosy", "sin(x)*cos(y)", math.sin(2.0) * math.cos(3.0)),
        ("sqrt2*a+b", "sqrt(2)*a+b", 2.0 * math.sqrt(2.0) + 3.0),
        ("sin2a+b", "sin(2*a)+b", math.sin(4.0) + 3.0),
        ("w0w1+w0", "w0*w1+w0", 8.0),
        ("xy", "x*y", 6.0),
        ("αβ", "α*β", 6.0),
        ("xe^y", "x*e^y", 2.0 * math.exp(3.0)),
        ("acosb+bsina", "a*cos(b)+b*sin(a)", 2.0 * math.cos(3.0) + 3.0 * math.sin(2.0)),
        ("sin2x+cos2y", "sin(2*x)+cos(2*y)", math.sin(4.0) + math.cos(6.0)),
        ("sin2x+y", "sin(2*x)+y", math.sin(4.0) + 3.0),
        ("a*cos3θ+b", "a*cos(3*θ)+b", 2.0 * math.cos(3.0) + 3.0),
        ("asin2b", "a*sin(2*b)", 2.0 * math.sin(6.0)),
        ("sinxy", "sin(x*y)", math.sin(6.0)),
        ("lnxy", "ln(x*y)", math.log(6.0)),
        ("sin2πx+y", "sin(2*π*x)+y", math.sin(4.0 * math.pi) + 3.0),
        ("sinax+b", "sin(a*x)+b", math.sin(2.0) + 3.0),  # of a new constant x = 1
        ("cosωt+a*b", "cos(ω*t)+a*b", math.cos(1.0) + 6.0),
        ("sinkx+a", "sin(k*x)+a", math.sin(1.0) + 2.0),
        ("exp2xy", "exp2(x*y)", 64.0),
    ],
)
def test_words_that_may_be_formulas_are_asked_and_put_right_at_once(
    text: str, correction: str, value: float
) -> None:
    with pytest.raises(ExperimentError, match="write") as refusal:
        Draft().experiment(text, BASE)
    assert corrections_of(refusal.value)[0] == correction
    assert Draft().experiment(correction, BASE).function.objective().value(2.0, 3.0) == (
        pytest.approx(value, rel=1e-14)
    )


@pytest.mark.parametrize(
    ("text", "whole", "first", "values"),
    [
        ("e^ab", "e^(a*b)", "e^a*b", (math.exp(6.0), 3.0 * math.exp(2.0))),
        ("e^-ab", "e^(-a*b)", "e^-a*b", (math.exp(-6.0), 3.0 * math.exp(-2.0))),
        ("e^2ab", "e^(2*a*b)", "e^2*a*b", (math.exp(12.0), 6.0 * math.exp(2.0))),
        ("e^ab^2", "e^(a*b^2)", "e^a*b^2", (math.exp(18.0), 9.0 * math.exp(2.0))),
        ("2**ab", "2**(a*b)", "2**a*b", (64.0, 12.0)),
        ("1/ab", "1/(a*b)", "1/a*b", (1 / 6, 1.5)),
        ("1/2ab", "1/(2*a*b)", "1/2*a*b", (1 / 12, 3.0)),
        ("1/ab²+1", "1/(a*b²)+1", "1/a*b²+1", (19 / 18, 5.5)),
        ("√ab", "√(a*b)", "√a*b", (math.sqrt(6.0), 3.0 * math.sqrt(2.0))),
        ("√2ab", "√(2*a*b)", "√2*a*b", (math.sqrt(12.0), 6.0 * math.sqrt(2.0))),
        ("sinb^2+a", "sin(b^2)+a", "sin(b)^2+a", (math.sin(9.0) + 2.0, math.sin(3.0) ** 2 + 2.0)),
        (
            "1/cosa²+b",
            "1/cos(a²)+b",
            "1/cos(a)²+b",
            (1.0 / math.cos(4.0) + 3.0, 1.0 / math.cos(2.0) ** 2 + 3.0),
        ),
        ("be^ab", "b*e^(a*b)", "b*e^a*b", (3.0 * math.exp(6.0), 9.0 * math.exp(2.0))),
    ],
)
def test_what_reaches_into_a_product_without_signs_is_asked(
    text: str, whole: str, first: str, values: tuple[float, float]
) -> None:
    with pytest.raises(ExperimentError, match=" or ") as refusal:
        Draft().experiment(text, BASE)
    offered = [each for each in corrections_of(refusal.value) if not each.startswith("f(")]
    assert offered == [whole, first]
    for meant, value in zip((whole, first), values, strict=True):
        made = Draft().experiment(meant, BASE).function
        assert made.objective().value(2.0, 3.0) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("text", ["e^(ab)", "2*ab", "e^{ab}", "a-ab", "3ab", "e^2-ab"])
def test_a_product_that_nothing_reaches_into_has_one_meaning(text: str) -> None:
    with pytest.raises(ExperimentError) as refusal:
        Draft().experiment(text, BASE)
    assert corrections_of(refusal.value) == (text.replace("ab", "a*b"),)


def test_a_sentence_names_both_that_a_product_may_be() -> None:
    with pytest.raises(ExperimentError) as refusal:
        Draft().experiment("mean((b/ax-y)^2)", OVER_XY)
    assert "write b/(a*x) or b/a*x for the product" in str(refusal.value)


def test_who_names_the_parameters_is_not_asked() -> None:
    text = "mean((ax+bx-y)^2)"
    with pytest.raises(ExperimentError) as refusal:
        Draft().experiment(text, OVER_XY)
    kept = corrections_of(refusal.value)[1]
    assert kept == f"f(ax, bx) = {text}"
    for made in (
        Draft().experiment(kept, OVER_XY).function,
        FormulaFunction(text, data=XY, parameters=("ax", "bx")),
    ):
        assert (made.parameters, made.constants) == (("ax", "bx"), {})
        assert made.objective().value(0.5, 0.25) == 1.25**2
    again = Draft().experiment("mean((ax+2*bx-y)^2)", Experiment(function=made))
    assert again.function.parameters == ("ax", "bx")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("w0", "w1"), ("lr", "wd"), ("th", "ph"), ("ax", "ay"), ("xx", "yy"), ("dx", "dy"),
        ("slope", "intercept"), ("mu", "sigma"), ("log_x", "log_y"), ("bs", "lr"), ("a1", "b1"),
        ("signal", "scale"), ("arctan2", "erf"), ("me", "se"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("base", [BASE, OVER_XY], ids=["plain", "data"])
def test_names_of_several_letters_are_parameters_without_a_question(
    first: str, second: str, base: Experiment
) -> None:
    has_column = base is OVER_XY and "x" in first + second and "_" not in first
    text = f"{first}^2 + 2*{second}"
    if has_column:
        with pytest.raises(ExperimentError, match="for the product"):
            Draft().experiment(text, base)
        return
    function = Draft().experiment(text, base).function
    assert ({*function.parameters}, function.constants) == ({first, second}, {})


@pytest.mark.parametrize("word", ["cost", "expr", "logp", "tang", "sec1", "rate", "Δx", "wb", "mb"])
def test_a_word_that_only_begins_as_a_function_becomes_a_constant(word: str) -> None:
    assert free_names(f"{word}*a^2 + x + b", BASE) == [word, "x"]


def test_a_letter_that_was_a_constant_is_a_factor_of_a_parameter() -> None:
    base = Experiment()  # the sigmoid unit, with the constant x
    assert "x" in base.function.constants
    with pytest.raises(ExperimentError, match=r"unknown name 'ax' at column 2: write a\*x"):
        Draft().experiment("(ax-1)^2+b+a", base)
