"""One answer of sentences, basins and the bound on what a path ended at, and no false minimum."""

from typing import Any

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.basins import map_basins
from gdviz.engine.analysis.stability_bound import stability_bound
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.formula_objective import FormulaObjective
from tests.engine.objectives.test_stationary_points import WITHOUT_MINIMUM, objective

MAP = Range(-6.0, 6.0, -6.0, 6.0)
#: A step that is large for some and small for others.
ALPHA = {"gd": 0.1, "newton": 1.0, "best-direction": 0.5, "normalized": 0.05}


def settings_of(rule: str, steps: int) -> RunSettings:
    return RunSettings(
        ESTIMATES["analytic"], RULES[rule], alpha=ALPHA.get(rule, 0.05), epsilon=1e-6,
        steps=steps, bounds=MAP,
    )  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize("text", WITHOUT_MINIMUM)
def test_no_rule_no_basin_and_no_bound_tells_of_a_minimum_where_there_is_none(text: str) -> None:
    f, starts = objective(text), [(-2.0, 0.5), (1.0, 1.0)]
    for rule in RULES:
        settings = settings_of(rule, 40)
        for start in starts:
            sentence = descend(f, settings, start).sentence
            for words in ("at a minimum", "to a minimum", "valley of minima"):
                assert words not in sentence, rule
        *_, result = map_basins(f, settings, MAP, resolution=5, coarse=5)
        kinds = {outcome.kind for outcome in result.outcomes}
        assert kinds.isdisjoint({"minimum", "valley", "kink"}), rule
    for start in starts:
        assert stability_bound(f, start, MAP).alpha is None


DEGENERATE = (
    "a^4 + b^2", "a^6 + b^2", "(a - b)^2 + (a + b - 2)^4", "(a - b^2)^2 + b^4", "(a - b)^2",
    "a^3 + b^2", "a^2 + b^2", "relu(a)^2 + b^2", "a^4 + b^4",
)  # fmt: skip
#: What a sentence says, by the kind of the outcome.
SAID: dict[str, Any] = {
    "minimum": ("to a minimum", "at a minimum"),
    "valley": ("valley of minima",),
    "flat": ("flat ground", "stopped at step"),
    "saddle": ("saddle",),
}


@pytest.mark.parametrize("rule", ["gd", "newton"])
@pytest.mark.parametrize("text", DEGENERATE)
def test_basins_and_sentences_call_what_is_degenerate_alike(text: str, rule: str) -> None:
    f, settings = FormulaObjective.from_text(text), settings_of(rule, 400)
    *_, result = map_basins(f, settings, MAP, resolution=5, coarse=5)
    for j, i in np.ndindex(5, 5):
        outcome = result.outcomes[result.label[j, i]]
        sentence = descend(f, settings, (result.a[i], result.b[j])).sentence
        if outcome.kind in SAID and "limit of" not in sentence:
            assert any(words in sentence for words in SAID[outcome.kind]), (outcome, sentence)
