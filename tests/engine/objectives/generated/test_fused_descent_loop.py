"""The fused loop: the numbers of the plain loop to the last bit, and what it leaves to that."""

import itertools
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.engine.descent.estimates.draws import Draws
from gdviz.engine.descent.estimates.estimate import Estimate
from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.loop import descent_loop
from gdviz.engine.descent.path import Status, Trajectory
from gdviz.engine.descent.rules.update_rules import RULES
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.descent.schedules import SCHEDULES
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES

WRITTEN = (
    *("analytic", "forward", "backward", "central", "richardson"),
    *("spsa", "gaussian", "evolution", "random-coordinate"),
)
UNIT = FormulaObjective.from_text("b*sigmoid(a*x)", {"x": 1.0})
HOME = Range(-6.0, 6.0, -4.0, 5.0)


def both(
    objective: FormulaObjective,
    estimate: Estimate | str = "analytic",
    start: tuple[float, float] = (1.5, 4.0),
    cancelled: Callable[[], bool] = bool,
    **changes: Any,
) -> tuple[Trajectory, Trajectory]:
    """Return gradient descent by the fused loop, and the same by the plain one."""
    estimate = ESTIMATES[estimate] if isinstance(estimate, str) else estimate
    fields: dict[str, Any] = {"alpha": 0.01, "epsilon": 1e-6, "steps": 200, "bounds": HOME}
    fused = RunSettings(estimate, RULES["gd"], **(fields | changes))
    plain = replace(fused, rule=replace(RULES["gd"], is_plain=False))
    with np.errstate(all="ignore"):
        # The first time there is no fused loop.
        descent_loop(CountedObjective(objective, "float64"), fused, start, cancelled)
        counted = CountedObjective(objective, "float64"), CountedObjective(objective, "float64")
        ours = descent_loop(counted[0], fused, start, cancelled)
        theirs = descent_loop(counted[1], plain, start, cancelled)
    assert counted[0].calls == counted[1].calls
    assert theirs.equal_cost == 0
    return ours, theirs


def assert_same(ours: Trajectory, theirs: Trajectory) -> None:
    np.testing.assert_array_equal(ours.numbers(), theirs.numbers())
    np.testing.assert_array_equal(ours.calls(), theirs.calls())
    assert ours.status is theirs.status


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("representable", [False, True])
@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_it_is_the_plain_loop(name: str, representable: bool, schedule: str) -> None:
    ours, theirs = both(
        UNIT, name, schedule=SCHEDULES[schedule], representable_step=representable
    )  # fmt: skip
    assert ours.equal_cost
    assert len(ours.tallies) == 1  # nothing was left to the plain loop
    assert_same(ours, theirs)


@pytest.mark.sampled(10)
@pytest.mark.parametrize("surface", SURFACES)
def test_it_is_the_plain_loop_on_every_surface(surface: str) -> None:
    home, objective = SURFACES[surface].home, FormulaObjective.of(SURFACES[surface])
    start = (home.a_low + home.a_high) / 3, (home.b_low + home.b_high) / 5
    for name, alpha in itertools.product(WRITTEN, (1e-4, 0.1, 10.0)):
        assert_same(*both(objective, name, start, alpha=alpha, bounds=home))


@given(
    start=st.tuples(st.floats(-4, 4), st.floats(-4, 4)),
    alpha=st.floats(1e-3, 100),
    epsilon=st.floats(1e-18, 1),
    name=st.sampled_from(WRITTEN),
    representable=st.booleans(),
)
@pytest.mark.parametrize(
    "text",
    ["log(a) + b", "1/a + b^2", "exp(exp(a)) + b^2", "2*a + 3*b", "3", "a", "b*sigmoid(800*a)",
     "1e200*a^2 + b^2", "asin(a) + b^5", "abs(a) + max(a, b)", "a^b"],
)  # fmt: skip
def test_what_is_not_ordinary_ends_as_in_the_plain_loop(
    text: str, start: tuple[float, float], alpha: float, epsilon: float, name: str,
    representable: bool,
) -> None:  # fmt: skip
    settings = {"alpha": alpha, "epsilon": epsilon, "representable_step": representable}
    assert_same(*both(FormulaObjective.from_text(text), name, start, steps=70, **settings))


def test_a_step_that_raises_is_left_to_the_plain_loop_with_those_after_it() -> None:
    # e^(−800a) overflows for a < −0.89: σ is 0 there.
    objective = FormulaObjective.from_text("b*sigmoid(800*a) + a")
    ours, theirs = both(objective, start=(1.0, 1.0), alpha=0.1, steps=40)
    assert 1 < len(ours.tallies) < 40
    assert_same(ours, theirs)


@pytest.mark.parametrize(
    ("start", "alpha", "status"),
    [((1.0, 1.0), 0.5, Status.ESTIMATE_VANISHED), ((1.0, 1.0), 10.0, Status.LEFT_MAP)],
)
def test_the_end_is_left_to_the_plain_loop(
    start: tuple[float, float], alpha: float, status: Status
) -> None:
    objective = FormulaObjective.from_text("a^2 + b^2")
    ours, theirs = both(objective, start=start, alpha=alpha)
    assert ours.status is status
    assert_same(ours, theirs)


def test_constants_are_arguments() -> None:
    ours = [both(FormulaObjective.from_text("k*a^2 + b^2", {"k": k}))[0] for k in (1.0, 3.0)]
    assert ours[0].g_a[0] == 3.0
    assert ours[1].g_a[0] == 9.0


def loop_by(bind: Callable[..., Any], objective: FormulaObjective = UNIT) -> Any:
    objective.fused_descent_loop(bind, False)  # the first time there is none
    return objective.fused_descent_loop(bind, False)


@pytest.mark.parametrize(
    "bind",
    [
        lambda f, _e, _r: f.hessian,
        lambda f, _e, _r: f.complex_value,
        lambda f, _e, _r: lambda a, b: (math.sin(f.value(a, b)), b),
        lambda f, _e, _r: lambda a, b: f.gradient(a, b) if a else (a, b),
        lambda f, _e, _r: lambda a, b: f.gradient(a, b) if a == b else (a, b),
        lambda f, _e, _r: lambda a, b: f.gradient(a, b) if a < b else (a, b),
        lambda f, _e, _r: lambda a, b: (a * math.inf, b),
        lambda f, _e, _r: lambda a, b: (a * 1j, b),
        lambda f, _e, _r: lambda a, b: (a * True, b),
    ],
)
def test_what_cannot_be_written_down_has_none(bind: Callable[..., Any]) -> None:
    assert loop_by(bind) is None


def test_there_is_none_the_first_time() -> None:
    """On a formula that is being typed there is one descent."""
    objective, bind = FormulaObjective.from_text("a^2 + 1.234*b^2"), ESTIMATES["forward"].bind
    loops = [objective.fused_descent_loop(bind, False) for _ in range(3)]
    assert [loop is None for loop in loops] == [True, False, False]


def test_there_is_none_over_data_nor_on_long_formulas_nor_on_other_numbers() -> None:
    bind = ESTIMATES["analytic"].bind
    assert loop_by(bind) is not None
    over_data = next(surface for surface in SURFACES.values() if surface.data)
    assert loop_by(bind, FormulaObjective.of(over_data)) is None
    long = " + ".join(f"sin({k}*a)*b" for k in range(2, 30))
    assert loop_by(bind, FormulaObjective.from_text(long)) is None
    assert CountedObjective(UNIT, "float64").fused_descent_loop(bind, False) is not None
    assert CountedObjective(UNIT, "float32").fused_descent_loop(bind, False) is None
    assert CountedObjective(UNIT, "float64", arrays=True).fused_descent_loop(bind, False) is None


def drawing(*kinds: str) -> Callable[..., Any]:
    """Return what binds an estimate that draws of each of these in turn, at each step."""

    def bind(f: CountedObjective, _epsilon: Any, _representable: bool, draws: Draws) -> Any:
        iterators = {kind: getattr(draws, kind)() for kind in dict.fromkeys(kinds)}

        def gradient(a: Any, b: Any) -> Any:
            g_a, g_b = f.gradient(a, b)
            for kind in kinds:
                d_a, d_b = next(iterators[kind])
                g_a, g_b = g_a * d_a, g_b + d_b
            return g_a, g_b

        return gradient

    return bind


@pytest.mark.parametrize(
    ("kinds", "is_written"),
    [(("signs",), True), (("normals",), True), (("axes",), True),
     (("signs", "signs"), False), (("signs", "normals"), False), (("noise",), False)],
)  # fmt: skip
def test_a_step_has_one_draw(kinds: tuple[str, ...], is_written: bool) -> None:
    estimate = Estimate("odd", "Odd", "", formula="", bind=drawing(*kinds), is_random=True)
    ours, theirs = both(UNIT, estimate, steps=150, seed=3)
    assert bool(ours.equal_cost) is is_written
    assert_same(ours, theirs)


def test_what_is_drawn_after_a_step_that_was_left_is_the_step_s() -> None:
    """Where a step raises, the plain loop goes on with the draws of the steps that are left."""
    objective = FormulaObjective.from_text("b*sigmoid(800*a) + a")
    ours, theirs = both(objective, "spsa", start=(1.0, 1.0), alpha=0.1, steps=40, seed=1)
    assert 1 < len(ours.tallies) < 40
    assert_same(ours, theirs)


def test_a_flat_draw_ends_no_path() -> None:
    """Along one of the axes f does not change at all."""
    objective = FormulaObjective.from_text("a^2 + 0*b")
    ours, theirs = both(objective, "random-coordinate", alpha=0.01)
    assert len(theirs.a) == 201
    assert 0.0 in theirs.g_a
    assert len(ours.tallies) == 1
    assert_same(ours, theirs)


def test_options_are_written_in() -> None:
    for pairs, is_written in ((2, True), (3, True), (40, False)):
        options = {"pairs": float(pairs)}
        ours, theirs = both(UNIT, "evolution", estimate_options=options)
        assert ours.equal_cost == (2 * pairs if is_written else 0)
        assert_same(ours, theirs)


def test_estimates_may_use_numbers_on_either_side() -> None:
    def odd(f: CountedObjective, epsilon: Any, _representable: bool) -> Any:
        half = 0.5 / (2.0 - epsilon)
        return lambda a, b: (1.0 - half * a / 3.0, -2.0 * f.value(b, 1.0) + np.float64(0.5) + b)

    estimate = Estimate("odd", "Odd", "", formula="", bind=odd)
    ours, theirs = both(UNIT, estimate, alpha=0.05)
    assert ours.equal_cost == 1
    assert_same(ours, theirs)


def test_it_asks_whether_it_is_still_wanted() -> None:
    answers = iter([False, False, False, True])
    with pytest.raises(Cancelled):
        both(UNIT, alpha=1e-6, steps=1000, cancelled=lambda: next(answers))
    assert not list(answers)
