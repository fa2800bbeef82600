"""Which names a constant can have."""

import pytest

from gdviz.engine.language.lexer import FormulaError
from gdviz.engine.language.names import check_name
from gdviz.engine.language.parser import parse
from gdviz.engine.language.syntax_tree import Name, leaves


@pytest.mark.parametrize("name", ["x", "kappa", "x1", "x₁", "_t", "θ", "é", "µ", "x" * 30])
def test_constant_names(name: str) -> None:
    check_name(name)
    assert [leaf.name for leaf in leaves(parse(f"a*{name}", (name,)), Name)] == ["a", name]


@pytest.mark.parametrize(
    "name",
    ["pi", "e", "π", "σ", "sin", "max", "step", "", " x", "x ", "1x", "x-y", "x\n", "x.y",
     "x" * 31, "x" * 100_000, "\0", "'", "a²", "²", "𝑎", "ａ", "а", "ª", "₁", "é\u0301"],
)  # fmt: skip
def test_constant_names_that_are_refused(name: str) -> None:
    with pytest.raises(FormulaError, match=r"^a constant cannot be called"):
        check_name(name)
