"""Names become constants as they are used, and come back as they were."""

import pytest

from gdviz.engine.language.names import names_in
from gdviz.engine.objectives.data import Data
from gdviz.experiment.change_function import on_formula
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.from_typed_text import (
    Draft,
    column_of,
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
    assert names_in("") == []
    assert [(n.name, n.column, n.length) for n in names_in("𝑎² + k²·𝑏 + а")] == [
        ("a", 1, 1), ("k", 6, 1), ("b", 9, 1),
    ]  # fmt: skip


def test_what_has_a_meaning_is_no_constant():
    assert free_names("k*a + b*sin(m) + pi*e + q(a) + sqrt", BASE) == ["k", "m"]
    assert free_names("mean((a*x - k*y)^2) + n", FIT) == ["k"]
    assert free_names("x" * 31 + " + k", BASE) == ["k"]


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
