"""Random formulas are first looked at: each has a map, a start on it and an α, whatever f is."""

import math
import random
from collections import Counter

import pytest

from gdviz.engine.analysis.start.first_view import first_view
from gdviz.engine.language.formula import FormulaError
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.fuzz.formulas import random_formula

#: Formulas a seed, 2,000 in all.
FORMULAS = 50


@pytest.mark.sampled(1, gate=4)
@pytest.mark.parametrize("seed", range(40))
def test_random_formulas_have_a_first_view(seed: int) -> None:
    source, counts, wrong = random.Random(f"first view {seed}"), Counter[str](), []
    for _ in range(FORMULAS):
        text = random_formula(source, source.choice((2, 3, 3, 4, 5)))
        try:
            objective = FormulaObjective.from_text(text)
        except FormulaError:
            counts["refused"] += 1
            continue
        try:
            view = first_view(objective)
        except Exception as error:  # of whatever kind: it is a fault
            wrong.append(f"{text}: {error!r}")
            continue
        counts["seen"] += 1
        is_whole = all(map(math.isfinite, (*view.range, *view.start, view.alpha)))
        if not (is_whole and view.range.contains(*view.start) and view.alpha > 0.0):
            wrong.append(f"{text}: {view}")
    assert wrong == []
    assert counts["seen"] > FORMULAS // 2
