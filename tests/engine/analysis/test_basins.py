"""Basins: the same ends as single descents, known basins, and no minimum where there is none."""

import dataclasses
import itertools
import math
from typing import Any

import numpy as np
import pytest

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.engine.analysis.attractors import KINDS, NEAR, Outcome
from gdviz.engine.analysis.basins import Basins, difference, map_basins
from gdviz.engine.descent.batch import CODES, STATUSES, descend_from_each
from gdviz.engine.descent.descend import descend
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.path import Path, Status
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.nonsmooth_minima import TAIL
from gdviz.engine.objectives.stationary_points import eigenvalues
from gdviz.engine.objectives.surfaces import SURFACES

SQUARE = Range(-2.0, 2.0, -2.0, 2.0)
DIAGONAL = math.hypot(4.0, 4.0)


def basins(
    what: str, estimate: str = "analytic", rule: str = "gd", extent: Range | None = None,
    **changes: Any,
) -> tuple[Basins, Any]:  # fmt: skip
    """Return the basins of a surface or formula, and what runs the single descent from a start."""
    row = SURFACES.get(what)
    objective = FormulaObjective.from_text(
        row.formula if row else what, row.defaults if row else {}
    )
    home = extent or (row.home if row else SQUARE)
    stages = changes.pop("stages", [])  # the coarse ones are put there
    how = {key: changes.pop(key) for key in ("progress", "cancelled") if key in changes}
    how |= {"resolution": changes.pop("resolution", 48)}
    fields = {"alpha": row.alpha if row else 0.1, "epsilon": 1e-3, "steps": 200, "bounds": home}
    settings = RunSettings(ESTIMATES[estimate], RULES[rule], **(fields | changes))
    stages += map_basins(objective, settings, home, **how)
    result = stages.pop()

    def single(a: float, b: float) -> Path:
        return descend(objective, settings, (a, b))

    check(result)
    return result, single


def check(result: Basins) -> None:
    """Hold basins to what their documentation promises."""
    n = len(result.a)
    assert len(result.b) == n
    for array in (result.label, result.steps, result.last_a, result.last_b):
        assert array.shape == (n, n)
    coarse = result.label[:: result.stride, :: result.stride]
    counts = np.bincount(coarse.ravel(), minlength=len(result.outcomes))
    assert counts.tolist() == [end.cells for end in result.outcomes]
    assert counts.all()
    assert all(0 <= end.arrived <= end.cells for end in result.outcomes)
    kinds = [list(KINDS).index(end.kind) for end in result.outcomes]
    assert kinds == sorted(kinds)
    minima = [end.loss for end in result.outcomes if end.kind == "minimum"]
    assert minima == sorted(minima)


def of_kind(result: Basins, kind: str) -> list[Outcome]:
    return [end for end in result.outcomes if end.kind == kind]


def kinds(result: Basins) -> set[str]:
    return {end.kind for end in result.outcomes}


# -- the same as single descents

STOPPED = {"minimum", "kink", "kink-valley", "saddle", "maximum", "flat", "stalled"}
SAMPLED = ["himmelblau", "three-hump-camel", "six-hump-camel", "rastrigin", "peaks",
           "sigmoid-unit"]  # fmt: skip


def agree(result: Basins, single: Any, cells: int) -> None:
    """Compare some cells with their descents; who differ lie on an edge, and are few."""
    n = len(result.a)
    diagonal = math.hypot(result.a[-1] - result.a[0], result.b[-1] - result.b[0])
    differing = 0
    for cell in np.random.default_rng(7).choice(n * n, cells, replace=False):
        j, i = divmod(int(cell), n)
        path = single(result.a[i], result.b[j])
        kind = result.outcomes[result.label[j, i]].kind
        expected = {
            "step-limit": {"minimum", "kink", "kink-valley", "step-limit"},
            "estimate-vanished": STOPPED,
        }.get(path.status.value, {path.status.value})
        last = np.array([result.last_a[j, i], result.last_b[j, i]])
        # Out where paths diverge to, the last digits of the gradient are many times the map.
        same = np.isclose(last, path.theta[-1], rtol=1e-5, atol=1e-6 * diagonal, equal_nan=True)
        if "converged" in path.sentence:
            assert kind == "minimum"
        # Round-off alone may let the norm pass 1e-10 a step sooner.
        if kind in expected and same.all() and abs(path.updates - result.steps[j, i]) <= 1:
            continue
        differing += 1
        around = result.label[max(j - 1, 0) : j + 2, max(i - 1, 0) : i + 2]
        assert (around != result.label[j, i]).any(), (path.status, kind, last, path.theta[-1])
    assert differing <= cells // 50


@pytest.mark.sampled(10)
@pytest.mark.parametrize("surface", SAMPLED)
@pytest.mark.parametrize("estimate", ["analytic", "forward", "backward", "central", "complex-step"])
def test_cells_end_as_single_descents_do(surface: str, estimate: str) -> None:
    agree(*basins(surface, estimate), cells=60)


@pytest.mark.sampled(16)
@pytest.mark.parametrize("surface", ["himmelblau", "peaks", "sigmoid-unit"])
@pytest.mark.parametrize("rule", [rule.name for rule in RULES.values() if rule.is_elementwise])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_cells_end_as_single_descents_do_with_every_rule(
    surface: str, rule: str, precision: str
) -> None:
    agree(*basins(surface, "analytic", rule, precision=precision, steps=60), cells=20)


def test_options_and_schedules_are_those_of_the_descent() -> None:
    options: dict[str, Any] = {
        "options": {"momentum": 0.5}, "schedule": SCHEDULES["exponential"],
        "schedule_options": {"gamma": 0.97}, "representable_step": True,
    }  # fmt: skip
    agree(*basins("himmelblau", "forward", "nesterov", epsilon=0.5, **options), cells=60)
    other, _ = basins("himmelblau", "forward", "nesterov", epsilon=0.5)
    assert difference(basins("himmelblau", "forward", "nesterov", epsilon=0.5, **options)[0],
                      other).any()  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("log(a) + b^2", "gd"),
        ("sqrt(a)*b", "gd"),
        ("sqrt(a)*b", "adam"),
        ("1/a + b^2", "momentum"),
        ("exp(a^2 + b^2)", "gd"),
        ("abs(a)^1.5 + abs(b)", "newton"),
        ("a - 3*b", "fixed-length"),
        ("a - 3*b", "newton"),
        ("a - 3*b", "adam"),
        ("a^2 - b^2 + max(a, b)", "rmsprop"),
        ("5", "gd"),
    ],
)
@pytest.mark.parametrize("estimate", ["analytic", "central", "complex-step"])
def test_formulas_with_holes_kinks_and_literals(text: str, rule: str, estimate: str) -> None:
    for alpha in (0.3, 1e4):
        for precision in ("float64", "float32"):
            # An even grid: on a kink the sign of a zero is a matter of round-off.
            result, single = basins(text, estimate, rule, alpha=alpha, precision=precision,
                                    steps=20, resolution=20)  # fmt: skip
            agree(result, single, cells=40)


# -- known basins


@pytest.mark.parametrize("estimate", ["analytic", "forward", "central", "complex-step"])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_himmelblau_has_four_minima_and_nothing_else(estimate: str, precision: str) -> None:
    result, _ = basins("himmelblau", estimate, resolution=64, precision=precision)
    assert [end.kind for end in result.outcomes] == ["minimum"] * 4
    known = [(point.a, point.b) for point in SURFACES["himmelblau"].points
             if point.kind == "minimum"]  # fmt: skip
    found = [(end.a, end.b) for end in result.outcomes]
    np.testing.assert_allclose(sorted(found), sorted(known), atol=1e-12)
    for end, (j, i) in zip(result.outcomes, np.argwhere(np.ones((2, 2))) * 63, strict=True):
        assert end.cells > 700
        a, b = result.outcomes[result.label[j, i]].a, result.outcomes[result.label[j, i]].b
        assert a * result.a[i] > 0  # each corner's minimum is in its quadrant
        assert b * result.b[j] > 0


@pytest.mark.parametrize(
    ("surface", "count"), [("three-hump-camel", 3), ("six-hump-camel", 6), ("rastrigin", 121),
                           ("peaks", 3), ("two-gaussians", 2), ("rosenbrock", 1)]
)  # fmt: skip
def test_every_minimum_of_a_surface_is_found_once(surface: str, count: int) -> None:
    rule = "newton" if surface == "rosenbrock" else "gd"
    result, _ = basins(surface, rule=rule, resolution=96, **({"alpha": 1.0} if count == 1 else {}))
    minima = of_kind(result, "minimum")
    assert len(minima) == count
    for point in SURFACES[surface].points:
        if point.kind == "minimum":
            nearest = min(minima, key=lambda end: math.dist((end.a, end.b), (point.a, point.b)))
            assert (nearest.a, nearest.b) == pytest.approx((point.a, point.b), abs=1e-9)
            assert nearest.loss == pytest.approx(point.value, abs=1e-12)


def test_symmetric_wells_share_the_map() -> None:
    result, _ = basins("(a^2 - 1)^2 + b^2", alpha=0.02, steps=600, resolution=40)
    assert [(end.kind, end.a, end.cells) for end in result.outcomes] == [
        ("minimum", pytest.approx(-1.0), 800), ("minimum", pytest.approx(1.0), 800)
    ]  # fmt: skip
    assert (result.label[:, :20] == 0).all()
    assert (result.label[:, 20:] == 1).all()


def test_two_minima_nearer_than_places_are_not_merged() -> None:
    """A bump of width 1e-3 on a bowl leaves minima at ±1e-3·√(2 ln 5), 0.06 % of the map apart."""
    result, _ = basins("a^2 + b^2 + 1e-5*exp(-a^2/2e-6)", resolution=32, steps=400)
    at = 1e-3 * math.sqrt(2 * math.log(5))
    assert 2 * at < 1e-3 * DIAGONAL
    assert [end.kind for end in result.outcomes] == ["minimum"] * 2
    np.testing.assert_allclose(sorted(end.a for end in result.outcomes), [-at, at], rtol=1e-9)
    assert [end.cells for end in result.outcomes] == [512, 512]
    # Mirrored, every start ends at the other one.
    mirrored = dataclasses.replace(result, label=result.label[:, ::-1])
    assert difference(result, mirrored).all()


def test_one_minimum_is_not_split_however_ill_conditioned() -> None:
    for text in ("a^2 + 1e-6*b^2", "1e6*(a - b)^2 + 0.1*(a + b - 0.7)^2"):
        result, _ = basins(text, rule="newton", alpha=1.0)
        assert [end.kind for end in result.outcomes] == ["minimum"]
        assert result.outcomes[0].cells == 48 * 48


# -- what is not a minimum


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "estimate", ["analytic", "forward", "backward", "central", "complex-step", "mistaken", "spsa"]
)
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_sigmoid_unit_has_no_minimum(estimate: str, precision: str) -> None:
    """C5, on the home map and where σ underflows."""
    for extent in (None, Range(-900.0, 900.0, -50.0, 50.0)):
        for epsilon, rule in ((1.0, "gd"), (1e-8, "newton"), (1e-3, "adam"), (1e-16, "gd")):
            result, _ = basins("sigmoid-unit", estimate, rule, extent, precision=precision,
                               epsilon=epsilon, steps=60, resolution=32)  # fmt: skip
            assert "minimum" not in kinds(result)


def test_the_monkey_saddle_has_one_start_that_stays() -> None:
    result, _ = basins("monkey-saddle", resolution=33)
    assert kinds(result) == {"flat", "left-map", "step-limit"}
    (end,) = of_kind(result, "flat")
    assert (end.a, end.b, end.loss, end.cells) == (0.0, 0.0, 0.0, 1)
    assert result.outcomes[result.label[16, 16]] is end
    even, _ = basins("monkey-saddle", resolution=32, steps=2000)
    assert kinds(even) == {"left-map"}


def test_a_saddle_is_reached_from_its_ridge_alone() -> None:
    result, _ = basins("a^2 - b^2", resolution=33)
    (end,) = of_kind(result, "saddle")
    assert (end.a, end.b) == (pytest.approx(0.0, abs=1e-9), 0.0)
    assert end.cells == end.arrived == 33
    assert (result.label[16] == result.outcomes.index(end)).all()
    assert kinds(result) == {"saddle", "left-map"}


def test_a_maximum_keeps_who_stands_on_it() -> None:
    result, _ = basins("-a^2 - 2*b^2", resolution=33)
    (end,) = of_kind(result, "maximum")
    assert (end.a, end.b, end.cells) == (0.0, 0.0, 1)


def test_flat_ground_is_one_end_in_many_places() -> None:
    result, _ = basins("5", resolution=20)
    (end,) = result.outcomes
    assert end.kind == "flat"
    assert math.isnan(end.a)
    assert math.isnan(end.loss)
    assert not result.steps.any()
    np.testing.assert_array_equal(result.last_a, np.broadcast_to(result.a, (20, 20)))


def test_a_degenerate_minimum_is_called_what_sentences_call_it() -> None:
    """a⁴ + b⁴: the Hessian at the origin is zero, and f is higher all around."""
    result, _ = basins("a^4 + b^4", rule="newton", alpha=1.0)
    assert kinds(result) == {"minimum"}
    (end,) = result.outcomes
    assert (end.a, end.b) == pytest.approx((0.0, 0.0), abs=1e-4)


def test_a_curve_of_minima_is_a_valley_of_minima() -> None:
    """From a = −b the way leads to the saddle point at 0."""
    result, _ = basins("(a*b - 1)^2", resolution=24, steps=2000)
    assert {outcome.kind: outcome.cells for outcome in result.outcomes} == {
        "valley": 24**2 - 16, "saddle": 16
    }  # fmt: skip
    at = result.last_a * result.last_b
    np.testing.assert_allclose(at[result.label == 0], 1.0, atol=1e-9)


def test_an_estimate_that_is_lost_to_round_off_stalls() -> None:
    result, _ = basins("himmelblau", "forward", epsilon=1e-18, resolution=20)
    assert not result.steps.any()
    (stalled,) = of_kind(result, "stalled")
    assert math.isnan(stalled.a)
    # Who stands beside a minimum stays there, but has not arrived.
    assert kinds(result) == {"minimum", "stalled"}
    assert not any(end.arrived for end in of_kind(result, "minimum"))


def test_a_hole_in_the_map() -> None:
    """log(a) is undefined on the left half, and descent on it goes left."""
    result, _ = basins("log(a) + b^2", resolution=40, alpha=0.05)
    (end,) = of_kind(result, "undefined")
    assert (result.label[:, :20] == result.outcomes.index(end)).all()
    assert not result.steps[:, :20].any()
    assert "minimum" not in kinds(result)
    # A wall of logarithms around a bowl: the minimum is at a = 1/√2.
    result, _ = basins("a^2 - log(a) + b^2", resolution=40, alpha=0.05, steps=1000)
    (end,) = of_kind(result, "minimum")
    assert (end.a, end.b) == (pytest.approx(math.sqrt(0.5)), pytest.approx(0.0, abs=1e-9))
    (hole,) = of_kind(result, "undefined")
    assert (result.label[:, :20] == result.outcomes.index(hole)).all()


def test_divergence_has_an_end_of_its_own() -> None:
    result, _ = basins("a^2 + b^2", alpha=1.5, resolution=20)
    assert kinds(result) == {"diverged"}


# -- minima at kinks

MAP = Range(-5.0, 5.0, -5.0, 5.0)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("abs(a) + abs(b)", (0.0, 0.0)),
        ("max(abs(a), abs(b))", (0.0, 0.0)),
        ("(abs(a) + 1)*(b^2 + 1)", (0.0, 0.0)),
        ("3*abs(a - 1) + (b + 2)^2", (1.0, -2.0)),
        # On a = b it is a + 2a², and on b = a²/4 it is (a − 1)².
        ("max(a, b) + a^2 + b^2", (-0.25, -0.25)),
        ("2*abs(b - a^2/4) + (a - 1)^2", (1.0, 0.25)),
        ("min(relu(a) + relu(-a), 9) + relu(b) - 2*min(b, 0)", (0.0, 0.0)),
        ("sqrt((a - 1)^2 + 4*(b + 2)^2)", (1.0, -2.0)),
        ("abs(a)^1.5 + b^2", (0.0, 0.0)),
    ],
)
@pytest.mark.parametrize("rule", ["gd", "momentum", "adam"])
def test_a_minimum_at_a_kink_is_named(text: str, at: tuple[float, float], rule: str) -> None:
    """With constant α a path never comes to rest there: it jumps about it by some α."""
    result, _ = basins(text, rule=rule, extent=MAP, alpha=0.013, steps=2000, resolution=10)
    (end,) = result.outcomes
    assert end.kind == "kink"
    assert (end.a, end.b) == pytest.approx(at, abs=1e-8)
    assert end.loss == FormulaObjective.from_text(text).value(end.a, end.b)
    assert end.cells == end.arrived == 100


def test_minima_at_two_kinks_have_a_place_each() -> None:
    wells, _ = basins("abs(abs(a) - 1) + abs(b)", alpha=0.013, steps=1000, resolution=20)
    assert {(end.kind, round(end.a, 9), end.cells) for end in wells.outcomes} == {
        ("kink", -1.0, 200), ("kink", 1.0, 200)
    }  # fmt: skip
    mirrored = dataclasses.replace(wells, label=wells.label[:, ::-1])
    assert difference(wells, mirrored).all()
    shifted, _ = basins("abs(abs(a) - 1) + abs(b)", alpha=0.017, steps=1000, resolution=20)
    assert not difference(wells, shifted).any()


def test_a_line_of_minima_at_a_kink_is_one_end_in_many_places() -> None:
    result, _ = basins("abs(a - b)", alpha=0.013, steps=2000, resolution=10)
    (end,) = result.outcomes
    assert end.kind == "kink-valley"
    assert math.isnan(end.a)


@pytest.mark.parametrize("steps", [60, 2000])
def test_a_plateau_with_a_kink_on_its_edge_stays_one(steps: int) -> None:
    result, _ = basins("relu(a) + relu(b)", alpha=0.013, steps=steps, resolution=21)
    assert kinds(result) == ({"flat"} if steps == 2000 else {"flat", "step-limit"})
    # The start on the edge as well.
    assert result.outcomes[result.label[10, 10]].kind == "flat"


@pytest.mark.parametrize(
    ("text", "alpha", "expected"),
    [
        ("-abs(a) - abs(b)", 0.013, {"step-limit"}),  # a maximum
        ("abs(a) - abs(b)", 0.013, {"step-limit"}),  # a saddle
        ("abs(a) - b^2", 0.5, {"left-map", "flat"}),
        ("abs(a - b) + 0.01*(a + b)", 0.013, {"step-limit"}),  # its valley slopes
        ("100*abs(b - a^2) + (a - 9)^2/100", 1e-4, {"step-limit"}),
        ("abs(a)^2 + max(b, -b)^2", 1e-3, {"flat", "step-limit"}),  # smooth for all its abs
        ("a^2 + b^2 + abs(a - 40)", 0.1, {"minimum"}),
        ("step(a) + a^2 + b^2", 0.1, {"flat"}),  # at the edge of a step down
    ],
)
def test_what_is_no_minimum_at_a_kink_is_not_called_one(
    text: str, alpha: float, expected: set[str]
) -> None:
    result, _ = basins(text, alpha=alpha, steps=40, resolution=21)
    assert "kink" not in kinds(result)
    assert expected <= kinds(result)


def test_who_is_far_from_a_kink_is_on_its_way() -> None:
    result, _ = basins("abs(a) + abs(b)", alpha=1e-6, steps=20, resolution=41)
    kink, moving = result.outcomes
    assert (kink.kind, moving.kind) == ("kink", "step-limit")
    here = np.hypot(result.a, result.b[:, None]) <= (1 + 1e-6) * NEAR * DIAGONAL
    assert kink.cells == here.sum()


@pytest.mark.parametrize("surface", list(SURFACES))
def test_every_surface_but_ackleys_is_smooth(surface: str) -> None:
    objective = FormulaObjective.of(SURFACES[surface])
    assert objective.is_smooth == (surface != "ackley")
    assert bool(objective.kinks(0.0, 0.0)) == (surface == "ackley")


def test_ackleys_global_minimum_is_the_tip_of_a_cone() -> None:
    extent = Range(-0.4, 0.4, -0.4, 0.4)
    # An odd number of starts: one of them is the tip itself, where there is no gradient.
    result, _ = basins("ackley", extent=extent, alpha=0.01, steps=300, resolution=33)
    (end,) = result.outcomes
    assert (end.kind, end.a, end.b, end.loss) == ("kink", 0.0, 0.0, 0.0)
    assert result.steps[16, 16] == 0
    result, _ = basins("ackley", alpha=0.01, steps=500, resolution=32)
    assert kinds(result) == {"minimum", "kink"}
    # The side minima are smooth; the nearest lie on the axes, a bit less than 1 away.
    assert len(of_kind(result, "minimum")) == 120
    nearest = min(math.hypot(end.a, end.b) for end in of_kind(result, "minimum"))
    assert nearest == pytest.approx(0.952167, abs=1e-5)


def test_a_smooth_minimum_of_a_root_stays_one_and_the_edge_of_its_domain_is_none() -> None:
    result, _ = basins("sqrt(a^2 + b^2 + 1)", resolution=21)
    assert kinds(result) == {"minimum"}
    result, _ = basins("sqrt(a) + (b - 1)^2", alpha=0.05, resolution=21)
    assert kinds(result) == {"undefined", "not-a-number"}


@pytest.mark.sampled(6)
@pytest.mark.parametrize("rule", ["gd", "adam", "fixed-length", "best-direction"])
@pytest.mark.parametrize("steps", [3, TAIL - 1, TAIL, TAIL + 5])
def test_the_box_of_the_last_points(rule: str, steps: int) -> None:
    """Some paths leave the map meanwhile, from a hill; others stay on its top, on a = 0."""
    objective = FormulaObjective.from_text("abs(b - 1) - a^2")
    settings = RunSettings(
        ESTIMATES["analytic"], RULES[rule], alpha=0.2, epsilon=1e-3, steps=steps,
        bounds=Range(-3.0, 3.0, -3.0, 3.0),
    )  # fmt: skip
    a, b = np.linspace(-1.0, 1.5, 6), np.linspace(-0.4, 1.4, 6)
    endpoints = descend_from_each(objective, settings, a, b)
    for k, start in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        path = descend(objective, settings, start)
        assert STATUSES[endpoints["status"][k]] is path.status
        assert endpoints["at"][k] == pytest.approx(complex(*path.theta[-1]), rel=1e-9)
        tail = path.theta[-TAIL:] if path.status is Status.STEP_LIMIT else path.theta[-1:]
        low, high = complex(*tail.min(axis=0)), complex(*tail.max(axis=0))
        assert (endpoints["low"][k], endpoints["high"][k]) == (
            pytest.approx(low, rel=1e-9), pytest.approx(high, rel=1e-9)
        )  # fmt: skip
    if (rule, steps) == ("gd", TAIL + 5):
        assert set(endpoints["status"]) == {CODES[Status.LEFT_MAP], CODES[Status.STEP_LIMIT]}


@pytest.mark.parametrize("rule", ["gd", "momentum", "adam"])
def test_large_jumps_about_a_kink_are_jumps_about_it(rule: str) -> None:
    """α is five times the radius of a minimum's neighbourhood."""
    result, _ = basins("abs(a) + abs(b)", rule=rule, alpha=1.0, resolution=16)
    (end,) = result.outcomes
    assert (end.kind, end.a, end.b) == ("kink", 0.0, 0.0)
    # Down a valley that slopes, from side to side: there is no minimum that they jump about.
    result, _ = basins("abs(a) + 0.001*b", rule=rule, alpha=1.0, resolution=16)
    assert "kink" not in kinds(result)


# -- who has not arrived


def test_who_is_on_the_way_is_not_there_yet() -> None:
    """Rosenbrock: 200 steps lead into the valley, not along it."""
    result, _ = basins("rosenbrock", resolution=64)
    surface = SURFACES["rosenbrock"]
    objective = FormulaObjective.from_text(surface.formula)
    diagonal = math.hypot(surface.home.a_high - surface.home.a_low,
                          surface.home.b_high - surface.home.b_low)  # fmt: skip
    assert of_kind(result, "step-limit")[0].cells > 0.9 * 64**2
    for label, end in enumerate(result.outcomes):
        if end.kind == "minimum":
            a, b = result.last_a[result.label == label], result.last_b[result.label == label]
            assert (np.hypot(a - end.a, b - end.b) <= NEAR * diagonal).all()
            assert (eigenvalues(*objective.hessians(a, b))[1] > 0.0).all()
            assert end.arrived == 0
            assert (result.steps[result.label == label] == 200).all()


def test_who_has_hardly_moved_is_not_there_however_convex_the_bowl() -> None:
    result, _ = basins("a^2 + b^2", alpha=1e-7, resolution=64)
    minimum, moving = result.outcomes
    assert (minimum.kind, moving.kind) == ("minimum", "step-limit")
    here = np.hypot(result.a, result.b[:, None]) <= NEAR * DIAGONAL
    assert minimum.cells == here.sum()
    assert minimum.arrived == 0


def test_a_minimum_claims_nobody_from_beyond_its_convex_neighbourhood() -> None:
    """cos(40a) curves upwards only within π/80 of a minimum, nearer than NEAR of the map."""
    result, _ = basins("-cos(40*a) + b^2", alpha=1e-9, resolution=200)
    claimed = np.isin(result.label, [k for k, end in enumerate(result.outcomes)
                                     if end.kind == "minimum"])  # fmt: skip
    assert claimed.any()
    a = np.broadcast_to(result.a, claimed.shape)[claimed]
    assert np.abs((a * 40 + np.pi) % (2 * np.pi) - np.pi).max() < np.pi / 2


def test_a_biased_estimate_stops_beside_the_minimum_and_within_its_basin() -> None:
    result, _ = basins("a^2 + b^2", "forward", epsilon=0.2, alpha=0.4)
    (end,) = result.outcomes
    assert (end.kind, end.a, end.b) == ("minimum", pytest.approx(0.0), pytest.approx(0.0))
    assert end.arrived == 0
    np.testing.assert_allclose(result.last_a, -0.1, atol=1e-9)
    # Further than a neighbourhood reaches it has stalled, at one place.
    result, _ = basins("a^2 + b^2", "forward", epsilon=0.8, alpha=0.4)
    (end,) = result.outcomes
    assert (end.kind, end.a, end.b) == ("stalled", pytest.approx(-0.4), pytest.approx(-0.4))


# -- comparing


def test_a_difference_quotient_moves_the_watershed() -> None:
    """On (a² − 1)² the forward quotient is zero at −ε/2, where that of the gradient is at 0."""
    wells: dict[str, Any] = {"alpha": 0.02, "steps": 600, "resolution": 64}
    exact, _ = basins("(a^2 - 1)^2 + b^2", **wells)
    rough, _ = basins("(a^2 - 1)^2 + b^2", "forward", epsilon=0.3, **wells)
    assert kinds(exact) == kinds(rough) == {"minimum"}
    expected = np.broadcast_to((exact.a > -0.15) & (exact.a < 0.0), (64, 64))
    assert expected.any()
    np.testing.assert_array_equal(difference(exact, rough), expected)
    np.testing.assert_array_equal(difference(rough, exact), expected)
    assert not difference(exact, exact).any()


def test_difference_of_kinds_and_of_those_who_are_gone() -> None:
    there, _ = basins("a^2 + b^2", resolution=20)
    gone, _ = basins("a^2 + b^2", alpha=1.5, resolution=20)
    moving, _ = basins("a^2 + b^2", alpha=1e-9, resolution=20)
    assert difference(there, gone).all()
    assert difference(there, moving).mean() > 0.9
    assert not difference(gone, basins("a^2 + b^2", alpha=2.0, resolution=20)[0]).any()
    flat, _ = basins("5", resolution=20)
    assert not difference(flat, flat).any()


def test_basins_of_other_starts_cannot_be_compared() -> None:
    one, _ = basins("a^2", resolution=20)
    for other, _ in (basins("a^2", resolution=21), basins("a^2", extent=HALF, resolution=20)):
        with pytest.raises(ValueError, match="only where they have the same starts"):
            difference(one, other)


HALF = Range(-1.0, 1.0, -1.0, 1.0)


# -- coarse to fine, cancelling, and what is refused


@pytest.mark.parametrize("resolution", [1, 2, 31, 32, 100, 128])
def test_coarse_results_come_first(resolution: int) -> None:
    seen: list[Basins] = []
    result, _ = basins("himmelblau", resolution=resolution, stages=seen)
    strides = [each.stride for each in seen]
    assert result.stride == 1
    assert strides == [2**k for k in range(len(strides), 0, -1)]
    assert (len(seen) > 0) == (resolution >= 64)
    for each in seen:
        check(each)
        s = each.stride
        assert resolution / s >= 32
        started = np.s_[::s, ::s]
        np.testing.assert_array_equal(each.last_a[started], result.last_a[started])
        np.testing.assert_array_equal(each.steps[started], result.steps[started])
        np.testing.assert_array_equal(each.label[s - 1], each.label[0])
        # The minima are the same ones, whatever their number.
        for field in ("a", "b"):
            coarse, fine = ([getattr(end, field) for end in one.outcomes] for one in (each, result))
            np.testing.assert_allclose(
                np.array(coarse)[each.label[started]], np.array(fine)[result.label[started]],
                atol=1e-9,
            )  # fmt: skip


@pytest.mark.parametrize("surface", ["himmelblau", "sigmoid-unit", "rastrigin"])
def test_progress_fills_from_nothing_to_all(surface: str) -> None:
    told: list[float] = []
    _, _ = basins(surface, resolution=128, progress=told.append)
    assert told[0] == 0.0
    assert told[-1] == 1.0
    assert told == sorted(told)
    assert max(np.diff(told)) < 0.2  # rastrigin: most paths end within a few steps


def test_progress_counts_steps_and_those_not_needed() -> None:
    """Each gradient step on ½‖θ‖² with α = ½ halves θ: all starts are done at much the same step.

    A start is 200 updates and 20 of Newton's; on the plane ``a`` all of them leave the map at
    once, and are entirely done.
    """
    told: list[float] = []
    basins("a^2/2 + b^2/2", resolution=4, alpha=1e-3, progress=told.append)
    descending = 200 / 220
    # The first is the block, before its first step.
    np.testing.assert_allclose(told[:200], descending * np.arange(200) / 200, atol=1e-12)
    assert told[200:] == pytest.approx([descending, 1.0, 1.0])
    told.clear()
    basins("a", resolution=4, alpha=100.0, progress=told.append)
    assert told[:2] == pytest.approx([0.0, descending])
    assert len(told) < 10


def test_several_methods_can_take_turns() -> None:
    """The work is done while a result is asked for, and what is not asked for is not done."""
    told: list[float] = []
    row = SURFACES["himmelblau"]
    stages = map_basins(
        FormulaObjective.from_text(row.formula),
        RunSettings(
            ESTIMATES["analytic"], RULES["gd"], alpha=row.alpha, epsilon=1e-3, steps=50,
            bounds=row.home,
        ),
        row.home, resolution=128, progress=told.append,
    )  # fmt: skip
    assert told == []
    assert next(stages).stride == 4
    assert told[-1] == 1 / 16
    assert next(stages).stride == 2
    assert told[-1] == 1 / 4


def test_it_can_be_cancelled() -> None:
    asked = itertools.count()
    with pytest.raises(Cancelled):
        basins("himmelblau", cancelled=lambda: next(asked) >= 5)
    assert next(asked) == 6
    # Sorting out the ends can be cancelled as well.
    total = itertools.count()
    basins("himmelblau", cancelled=lambda: next(total) < 0)
    last = next(total) - 1
    asked = itertools.count()
    with pytest.raises(Cancelled):
        basins("himmelblau", cancelled=lambda: next(asked) >= last)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("rule", ["l-bfgs", "best-direction"])
@pytest.mark.parametrize("what", ["himmelblau", "sigmoid-unit"])
def test_rules_that_search_end_where_single_descents_do(rule: str, what: str) -> None:
    """Both run on floats, so that all is the same, to the last digit."""
    result, single = basins(what, rule=rule, resolution=8, steps=30)
    for j, i in itertools.product(range(8), repeat=2):
        path = single(result.a[i], result.b[j])
        assert (result.last_a[j, i], result.last_b[j, i]) == tuple(path.theta[-1])
        assert result.steps[j, i] == path.updates
        kind = result.outcomes[result.label[j, i]].kind
        if "converged" in path.sentence:
            assert kind == "minimum"
        elif path.status is Status.LEFT_MAP:
            assert kind == "left-map"
    if what == "himmelblau":
        minima = [(end.a, end.b) for end in of_kind(result, "minimum")]
        expected = [(point.a, point.b) for point in SURFACES[what].minima]
        np.testing.assert_allclose(sorted(minima), sorted(expected), atol=1e-6)


def test_where_l_bfgs_stops_at_a_saddle_it_is_one() -> None:
    """With b = 0 nothing leads away from the ridge of a² − b² + b⁴."""
    result, _ = basins("a^2 - b^2 + b^4", rule="l-bfgs", resolution=9)
    middle = {result.outcomes[label].kind for label in result.label[4]}
    assert middle == {"saddle"}
    assert {result.outcomes[label].kind for label in result.label[0]} == {"minimum"}


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="the starts must lie within the bounds"):
        basins("himmelblau", bounds=Range(-1.0, 1.0, -1.0, 1.0))
    with pytest.raises(ValueError, match="momentum of the rule nesterov must be between"):
        basins("himmelblau", rule="nesterov", options={"momentum": 2.0})


def test_an_objective_over_data() -> None:
    """Least squares: one minimum, at the line through the points, from every start."""
    data = Data({"x": (-1.0, 0.0, 1.0, 2.0), "y": (0.1, 0.5, 0.9, 1.3)})
    objective = FormulaObjective.from_text("mean((a*x + b - y)^2)", data=data)
    *_, result = map_basins(
        objective,
        RunSettings(
            ESTIMATES["central"], RULES["gd"], alpha=0.3, epsilon=1e-3, steps=200, bounds=SQUARE
        ),
        SQUARE, resolution=20,
    )  # fmt: skip
    check(result)
    (end,) = result.outcomes
    assert (end.kind, end.a, end.b) == ("minimum", pytest.approx(0.4), pytest.approx(0.5))


@pytest.mark.parametrize(("alpha", "arrives"), [(0.0799, True), (0.0801, False)])
def test_a_minimum_that_throws_paths_back_is_no_end(alpha: float, arrives: bool) -> None:
    """D3: κ = 25, so that gradient descent arrives for α < 2/25 = 0.08 only."""
    result, _ = basins("a^2/2 + 25*b^2/2", alpha=alpha, steps=200, resolution=16)
    assert ("minimum" in kinds(result)) is arrives
    momentum, _ = basins("a^2/2 + 25*b^2/2", rule="momentum", alpha=0.0801, steps=400,
                         resolution=16)  # fmt: skip
    assert "minimum" in kinds(momentum)  # whose bound is another
