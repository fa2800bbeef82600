"""The text of JavaScript that formulas become; what browsers make of it is tested with pages."""

from __future__ import annotations

import re

import pytest

from gdviz.base.resources import assets
from gdviz.engine.language.formula import Formula
from gdviz.engine.language.javascript import (
    JAVASCRIPT,
    JAVASCRIPT_COMPLEX,
    function_text,
    rows_function_text,
)
from gdviz.engine.language.operations import OPERATIONS

#: Functions of JavaScript's Math that the table may name.
MATH = {
    *("abs", "acos", "asin", "atan", "cos", "cosh", "exp", "log", "log10", "log1p", "max", "min"),
    *("pow", "sign", "sin", "sinh", "sqrt", "tan", "tanh"),
}


def text_of(formula: str, **slots: str) -> str:
    parsed = Formula.parse(formula)
    return function_text(
        "f", parsed.graph, [parsed.output], parsed.parameters, {"a": "p0", "b": "p1", **slots}
    )


def test_one_assignment_a_node() -> None:
    assert text_of("a*b + a*b - 1") == (
        "function f(p0, p1) {\n"
        "    let s, v0;\n"
        "    v0 = p0 * p1;\n"
        "    v0 = v0 + v0;\n"
        "    v0 = v0 - (1.0);\n"
        "    return [v0];\n"
        "}"
    )


def test_small_powers_are_products() -> None:
    assert "v0 = (s = p0*p0)*s*p0;" in text_of("a^5")
    assert "v0 = Math.pow(p0, (1.5));" in text_of("a^1.5")


def test_rows_are_loops() -> None:
    parsed = Formula.parse("sum((x - a)^2) + b", (), ("x",))
    slots = {"a": "p0", "b": "p1", "x": "columns[0]", "n": "rowCount"}
    text = rows_function_text("f", parsed.graph, [parsed.output], parsed.parameters, slots)
    assert re.search(r"for \(let i = 0; i < rowCount; i\+\+\) f\d+\[i\] = columns\[0\]\[i\] - p0;",
                     text)  # fmt: skip
    assert re.search(r"v\d+ = rowSum\(f\d+\);", text)


#: A loop over rows, and what only arrays of NumPy need.
WITHOUT_TEXT = {"sum", "where_known"}


@pytest.mark.parametrize("name", sorted(OPERATIONS.keys() - WITHOUT_TEXT))
def test_each_operation_has_a_text(name: str) -> None:
    operation = OPERATIONS[name]
    names = ("u", "v")[: operation.arity]
    text = JAVASCRIPT.expression(name, names, None)
    assert "lambda" not in text
    assert set(re.findall(r"Math\.(\w+)", text)) <= MATH
    assert set(names) & set(re.findall(r"\b[uv]\b", text))


def test_each_operation_on_complex_numbers_has_a_function() -> None:
    script = (assets() / "page" / "complex.js").read_text(encoding="utf-8")
    returned = script.rsplit("return {", 1)[1]
    there = set(re.findall(r"\b([a-z]\w*)\b(?=[:,])", returned))
    # What is in other generated code alone is never complex.
    wanted = {name for name in OPERATIONS if JAVASCRIPT_COMPLEX.expression(name, ("u",), None)}
    assert wanted - there <= {"sum", "where_known", "tanh_slope", "softplus_of"}
