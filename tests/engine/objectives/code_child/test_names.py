"""Which of a file's functions is taken for the loss, and which for its gradient."""

from types import ModuleType

import pytest

from gdviz.engine.objectives.code_child.names import find_functions, signature
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
         "mine.py: f(w, b, x) takes 3 parameters; add a line that leaves two, with your own "
         "numbers for the 1: loss = lambda w, b: f(w, b, x=1)"),
        ("def loss(a, b): ...\ngradient = 3", "gradient in mine.py is not a function of (a, b)"),
    ],
)  # fmt: skip
def test_the_line_to_add_is_shown(text: str, sentence: str) -> None:
    with pytest.raises(CodeError) as caught:
        find_functions(module(text), "mine.py")
    assert str(caught.value) == sentence
