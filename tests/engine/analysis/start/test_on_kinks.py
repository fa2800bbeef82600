"""The lowest point on kinks, against functions whose minimum is known."""

import pytest

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.engine.analysis.start.on_kinks import lowest_on_kinks
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective

WIDE = Range(-50.0, 50.0, -50.0, 50.0)


@pytest.mark.parametrize(
    ("text", "minimum"),
    [
        ("abs(5-a) + 100*abs(b-a^2)", (5, 25)),  # where two kinks cross
        ("(5-a)^2 + 100*abs(b-a^2)", (5, 25)),  # along one
        ("max(abs(a-20), abs(b-30))", (20, 30)),
        ("100*abs(b-a) + abs(a-30)", (30, 30)),
        ("abs(a-20)", (20, 0)),  # of a valley the nearest point to (0, 0)
        ("abs(a-b-50)", (25, -25)),
    ],
)
def test_it_is_found_to_a_thousandth_of_the_window(text: str, minimum: tuple[float, float]) -> None:
    found = lowest_on_kinks(FormulaObjective.from_text(text), WIDE)
    assert found == pytest.approx(minimum, abs=0.5 if text in ("abs(a-20)", "abs(a-b-50)") else 0.1)


@pytest.mark.parametrize(
    "text",
    ["a^2 + b^2",  # no kink
     "abs(b - a^2) - a",  # falls for ever along it
     "-abs(a) - abs(b)",
     "sqrt(100 - a^2 - b^2)"],  # least where it ends
)  # fmt: skip
def test_where_there_is_none_there_is_none(text: str) -> None:
    assert lowest_on_kinks(FormulaObjective.from_text(text), WIDE) is None


def test_kinks_of_each_row_of_data_are_not_looked_at() -> None:
    data = Data({"x": (1.0, 2.0, 3.0), "y": (2.0, 4.0, 7.0)})
    line = FormulaObjective.from_text("mean(abs(a*x + b - y))", {}, data)
    assert lowest_on_kinks(line, WIDE) is None


def test_it_can_be_given_up() -> None:
    with pytest.raises(Cancelled):
        lowest_on_kinks(FormulaObjective.from_text("abs(a)"), WIDE, lambda: True)
