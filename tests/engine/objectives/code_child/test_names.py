"""Which of a file's functions is taken for the loss, and which for its gradient."""

import re
from types import ModuleType

import numpy as np
import pytest

from gdviz.engine.objectives.code_child.names import find_functions, signature, told_of_keys
from gdviz.engine.objectives.code_ref import CodeError


def module(text: str) -> ModuleType:
    made = ModuleType("mine")
    exec(text, made.__dict__)
    return made


@pytest.mark.parametrize(
    ("text", "loss", "gradient"),
    [
        ("def loss(a, b): ...\ndef gradient(a, b): ...", "loss(a, b)", "gradient(a, b)"),
        ("def loss(theta): ...\ndef grad(theta): ...", "loss(theta)", "grad(theta)"),
        ("def bce(theta): ...\ndef grad_bce(theta): ...", "bce(theta)", "grad_bce(theta)"),
        ("def drosen(x, y): ...\ndef rosen(x, y): ...", "rosen(x, y)", "drosen(x, y)"),
        ("def f(x, y): ...\ndef df(x, y): ...", "f(x, y)", "df(x, y)"),
        ("def g(x): ...\ndef cost(w): ...\ndef cost_grad(w): ...", "cost(w)", "cost_grad(w)"),
        ("from math import hypot\ndef himmelblau(x, y): ...", "himmelblau(x, y)", ""),
        ("def _help(x): ...\nclass Net: ...\ndef mse(w, b): ...\ndef main(): ...", "mse(w, b)", ""),
        ("def f(x, y): ...\ndef loss(w, X=1, y=2): ...", "loss(w)", ""),
        ("from math import hypot as loss", "loss(a, b)", ""),
    ],
)
def test_names_that_are_known(text: str, loss: str, gradient: str) -> None:
    found, slope = find_functions(module(text), "mine.py")
    assert signature(*found) == loss
    assert (signature(*slope) if slope else "") == gradient


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "mine.py defines no function loss(a, b)"),
        ("def plane(x, y): ...\ndef bowl(x, y): ...",
         "mine.py defines no function loss(a, b); add one line, such as: loss = plane"),
        ("def f(w, b, x): ...",
         "mine.py: f(w, b, x) takes 3 parameters; add a line that gives the others, with your own "
         "numbers for the 1: loss = lambda w, b: f(w, b, x=1)"),
        ("X = y = 1\ndef J(theta, X, y): ...",
         "mine.py: J(theta, X, y) takes 3 parameters; add a line that gives the others: "
         "loss = lambda theta: J(theta, X=X, y=y)"),
        ("x_train = y_train = 1\ndef cost(x, y, w, b): ...",
         "mine.py: cost(x, y, w, b) takes 4 parameters; add a line that gives the others: "
         "loss = lambda w, b: cost(w=w, b=b, x=x_train, y=y_train)"),
        ("def f(x, y, k): ...",
         "mine.py: f(x, y, k) takes 3 parameters; add a line that gives the others, with your own "
         "numbers for the 1: loss = lambda x, y: f(x, y, k=1)"),
        ("class Net:\n    named_parameters = lambda self: iter([('w', 1)])\n"
         "class Loss:\n    named_parameters = lambda self: iter(())\n"
         "criterion, net = Loss(), Net()",
         "mine.py defines no function loss(a, b); for the network net add one line: model = net; "
         "loss = lambda: …, with its loss over your data for the …"),
        ("class Net:\n    trainable_variables = [1]\nnet = Net()",
         "mine.py defines no function loss(a, b); for the network net add one line: model = net; "
         "loss = lambda: …, with its loss over your data for the …"),
        ("class Net:\n    trainable_variables = []\nnet = Net()",
         "mine.py defines no function loss(a, b)"),
        ("def loss(a, b): ...\ngradient = 3", "gradient in mine.py is not a function of (a, b)"),
    ],
)  # fmt: skip
def test_the_line_to_add_is_shown(text: str, sentence: str) -> None:
    with pytest.raises(CodeError) as caught:
        find_functions(module(text), "mine.py")
    assert str(caught.value) == sentence


CLASS = (
    "class Model:\n    def __init__(self, k{}): ...\n    def {}(self, a, b): return a**2 + b**2\n"
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (CLASS.format("=2", "loss"), "loss = Model().loss"),
        (CLASS.format("", "cost"), "loss = Model(…).cost with your own arguments"),
        (CLASS.format("", "cost") + "m = Model(3)", "loss = m.cost"),
    ],
)
def test_a_method_is_found_and_the_line_that_takes_it(text: str, line: str) -> None:
    with pytest.raises(CodeError) as caught:
        find_functions(module(text), "mine.py")
    words = f"mine.py defines no function loss(a, b); add one line, such as: {line}"
    assert str(caught.value) == words
    if "…" not in line:
        _, method = find_functions(module(f"{text}\n{line}"), "mine.py")[0]
        assert method(1.0, 2.0) == 5.0


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('def cost(p): return p["u"]**2 + p["v"]',
         'loss = lambda u, v: cost({"u": u, "v": v})'),
        ('def part(p): return p["u"]**2 + p["v"]*p["k"]\ndef loss(p): return part(p)',
         'loss = lambda u, v, f=loss: f({"u": u, "v": v, "k": 1})'),
        ("def loss(p): return p.u**2 + p.v",
         "import types; loss = lambda u, v, f=loss: f(types.SimpleNamespace(u=u, v=v))"),
    ],
)  # fmt: skip
def test_a_function_of_a_dict_gets_the_line_that_makes_one(text: str, line: str) -> None:
    name = "cost" if "cost" in text else "loss"
    function = getattr(module(text), name)
    words = re.escape(f"mine.py: {name}(p) takes no vector of two numbers; add one line, such as: ")
    with (
        pytest.raises(CodeError, match=f"{words}{re.escape(line)}$"),
        told_of_keys("mine.py", name, function),
    ):
        function(np.array([1.0, 2.0]))
    (_, made), _ = find_functions(module(f"{text}\n{line}"), "mine.py")
    assert made(2.0, 3.0) == 7.0


def test_what_went_wrong_with_a_vector_is_told_as_it_is() -> None:
    function = module("def loss(w): return w[2]").loss
    with pytest.raises(IndexError), told_of_keys("mine.py", "loss", function):
        function(np.array([1.0, 2.0]))
