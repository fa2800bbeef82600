"""Batch descent, in whatever blocks it is made."""

from typing import Any

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.descent import batch
from gdviz.engine.descent.batch import CODES, Endpoints, descend_from_each
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.path import Status
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.formula_objective import FormulaObjective

MAP = Range(-3.0, 3.0, -2.0, 4.0)


def ends(text: str, estimate: str, rule: str, precision: str, alpha: float = 0.1) -> Endpoints:
    settings = RunSettings(
        ESTIMATES[estimate], RULES[rule], alpha=alpha, epsilon=1e-3, steps=40, bounds=MAP,
        precision=precision,  # type: ignore[arg-type]
    )  # fmt: skip
    a, b = (x.ravel() for x in np.meshgrid(np.linspace(-3, 3, 17), np.linspace(-2, 4, 17)))
    return descend_from_each(FormulaObjective.from_text(text), settings, a, b)


def bits(endpoints: Endpoints) -> list[bytes]:
    """Return the fields' bytes; there is nothing between them that means anything."""
    return [endpoints[name].tobytes() for name in endpoints.dtype.names or ()]


@pytest.mark.sampled(8)
@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize(("estimate", "rule"), [("analytic", "gd"), ("forward", "adam")])
@pytest.mark.parametrize(
    "text", ["(a^2 + b - 2)^2 + b^2", "b*sigmoid(a)", "log(a) + b^2", "abs(a) - b^3", "a + 2*b"]
)
def test_blocks_change_no_bit(
    text: str, estimate: str, rule: str, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ends(text, estimate, rule, precision)
    monkeypatch.setattr(batch, "_BLOCK", 23)
    assert bits(ends(text, estimate, rule, precision)) == bits(whole)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize(
    ("estimate", "rule"), [("analytic", "gd"), ("analytic", "momentum"), ("spsa", "gd")]
)
@pytest.mark.parametrize(
    "text", ["(a^2 + b - 2)^2 + b^2", "b*sigmoid(a)", "exp(a*b) - b", "abs(a) - b^3", "a + 2*b"]
)
def test_paths_that_have_ended_change_no_bit_while_they_stay_in_the_arrays(
    text: str, estimate: str, rule: str, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond its end a path may overflow; it has ended once, and the others go on as they do."""
    monkeypatch.setattr(batch, "_ENDED", 0.0)
    at_once = ends(text, estimate, rule, precision, alpha=0.5)
    assert len(set(at_once["steps"])) > 1  # they do not end together
    monkeypatch.setattr(batch, "_ENDED", np.inf)
    assert bits(ends(text, estimate, rule, precision, alpha=0.5)) == bits(at_once)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("text", ["(a^2 + b - 2)^2 + b^2", "b*sigmoid(a)", "exp(a*b) - b"])
def test_losses_that_are_surely_finite_are_not_asked_for(
    text: str, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    values = FormulaObjective.values

    def counted(*given: Any) -> Any:
        asked.append(1)
        return values(*given)

    monkeypatch.setattr(FormulaObjective, "values", counted)
    known = ends(text, "analytic", "gd", precision)
    assert len(asked) == 2  # at the starts, and where the paths ended
    monkeypatch.setattr(FormulaObjective, "is_finite_on", lambda *_: False)
    assert bits(ends(text, "analytic", "gd", precision)) == bits(known)
    assert len(asked) > 2 + 30


def test_each_way_that_a_path_ends() -> None:
    """By hand, on f = log(a): from a, a step leads to a + 1/a; a < 0 has no f, and no path."""
    settings = RunSettings(
        ESTIMATES["analytic"], RULES["gd"], alpha=1.0, steps=2, bounds=Range(0.0, 3.0, 0.0, 1.0)
    )
    a = np.array([2.0, 0.5, 0.1, 0.0])
    found = descend_from_each(
        FormulaObjective.from_text("log(a) + 0*b"), settings, a, np.full(4, 0.5)
    )
    # 2 → 1.5 → 0.8333; 0.5 → −1.5, where f is not; 0.1 → −9.9, off the map; at 0 f is −∞.
    assert [CODES[Status.STEP_LIMIT], *[CODES[Status.UNDEFINED]] * 3] == found["status"].tolist()
    assert found["steps"].tolist() == [2, 1, 1, 0]
    np.testing.assert_allclose(found["at"].real, [5 / 6, -1.5, -9.9, 0.0], rtol=1e-15)


@pytest.mark.parametrize("rule", ["gd", "adam"])
@pytest.mark.parametrize(
    "text",
    [
        "abs(a) + 0.3*b",  # ∂f/∂b is a literal, beside a kink
        "exp(50*a) + 0.3*b",  # infinite in float32 from a = 1.8 on
        "exp(50*a)*abs(a) + 0.3*b",
        "sqrt(abs(a)) + 0.3*b",  # without a gradient at a = 0
        "0.3*b - a",
    ],
)
def test_a_path_in_float32_is_what_it_is_alone(text: str, rule: str) -> None:
    """In float64 are only the exact gradients of the points that are looked at closely."""
    among = ends(text, "analytic", rule, "float32", alpha=0.5)
    settings = RunSettings(
        ESTIMATES["analytic"], RULES[rule], alpha=0.5, epsilon=1e-3, steps=40, bounds=MAP,
        precision="float32",
    )  # fmt: skip
    objective = FormulaObjective.from_text(text)
    for k in range(0, len(among), 7):
        start = np.linspace(-3, 3, 17)[k % 17].item(), np.linspace(-2, 4, 17)[k // 17].item()
        alone = descend(objective, settings, start)
        assert complex(*alone.theta[-1]) == among["at"][k]
        assert CODES[alone.status] == among["status"][k]
