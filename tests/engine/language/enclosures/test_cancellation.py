"""What has one value wherever it has any, by hand."""

import pytest

from gdviz.engine.language.enclosures.cancellation import constants
from gdviz.engine.language.formula import Formula


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a - a", 0), ("a/a", 1), ("-a + a", 0), ("a*b + -(b*a)", 0), ("0^a", 0), ("b^(a - a)", 1),
        ("exp(sin(a - a)*b)", 1), ("(a/a)^b + 1", 2), ("(a - a)^b*a", 0), ("max(a - a, 2)", 2),
        ("a/-a", -1), ("-b/b", -1), ("(a - b)/(b - a)", -1), ("a - b + (b - a)", 0),
        ("(-b)*(1/b)", -1), ("b^2/b/b", 1), ("2*a + a - 3*a", 0), ("(a + b)*(1/(b + a))", 1),
        ("(2*a - 2*b)/(b - a)", -2), ("sqrt(a)*sqrt(a)/a", 1), ("a^1.5/sqrt(a)/a", 1),
        ("(a*b)^3/(b^3*a^2)/a", 1), ("0.1*a + 0.2*a - 0.3*a", None), ("sqrt(a^2)/a", None),
        ("sqrt(a*b)/(sqrt(a)*sqrt(b))", None), ("(1e300*a)^5/a^5", None), ("1/(a - a)", None),
        ("max(a, a)/a", 1), ("(a - a)^(b - b)", 1), ("(a - a)^relu(b)", None),
        ("(a^2)^(b - b)", 1), ("sin(a)/cos(a)", None), ("a - b", None), ("a + a", None),
        ("a - -a", None), ("a*-a", None),
        ("a/a + b", None), ("log(a - a)", None), ("a^0.5", None),
    ],
)  # fmt: skip
def test_what_cancels_is_constant_and_stays(text: str, value: float | None) -> None:
    formula = Formula.parse(text)
    known = constants(formula.graph, formula.output)
    found = known.get(formula.output)
    assert (None if found is None else formula.graph[found].value) == value
    assert formula.graph[formula.output].operation != "number"  # it has no value where a has none
