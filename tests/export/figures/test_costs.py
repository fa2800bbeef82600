"""The ledgers as a figure: the bars are the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gdviz.engine.analysis.operation_counts import LEDGERS, costs
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.export.figures import costs as costs_figure
from gdviz.export.figures.costs import draw_costs
from gdviz.export.options import FigureOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

MANY = "sin(a)*cos(b)^2.5 + log(a^2 + 1)*tanh(b) + sqrt(abs(a)) + atan(b) + acos(a/9)"


@pytest.mark.sampled(2)
@pytest.mark.parametrize("inches", [(8.0, 6.0), (5.0, 8.0), (4.0, 3.0)])
@pytest.mark.parametrize("name", ["sigmoid-unit", "logistic-regression"])
def test_bars_add_up_to_the_ledgers(
    name: str, inches: tuple[float, float], drawn: Callable[..., Figure]
) -> None:
    surface = SURFACES[name]
    objective = FormulaObjective.of(surface)
    figure = drawn(FigureOptions(inches), draw_costs, objective, surface.formula)
    by_variant = costs(objective.formula, objective.rows)
    for axes, ledger in zip(figure.axes, LEDGERS, strict=True):
        ends = [0.0] * len(by_variant)
        for bars in axes.containers:
            for row, bar in enumerate(bars):
                ends[row] = max(ends[row], bar.get_x() + bar.get_width())
        totals = [cost.total(ledger) for cost in by_variant.values()]
        assert ends == totals
        assert [text.get_text() for text in axes.texts if text.get_text()][-len(totals) :] == [
            f"{total:,}" for total in totals
        ]
        # The first variant is on top, in each panel.
        low, high = axes.get_ylim()
        assert low > high


def test_rare_kinds_share_a_colour(drawn: Callable[..., Figure]) -> None:
    objective = FormulaObjective.from_text(MANY)
    figure = drawn(FigureOptions((8.0, 6.0)), draw_costs, objective, MANY)
    labels = [text.get_text() for text in figure.axes[-1].get_legend().get_texts()]
    assert labels.count("others") == 1
    assert len(labels) == costs_figure._KINDS + 1


def test_a_number_alone(drawn: Callable[..., Figure]) -> None:
    figure = drawn(FigureOptions((8.0, 6.0)), draw_costs, FormulaObjective.from_text("3"), "3")
    assert figure.axes[-1].get_legend() is None
