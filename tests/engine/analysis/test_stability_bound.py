"""The bound on α: 2/λmax at the minimum downhill of the start, and why there is none elsewhere."""

import numpy as np
import pytest

from gdviz.base.format import pair
from gdviz.base.geometry import Range
from gdviz.engine.analysis.stability_bound import StabilityBound, stability_bound
from gdviz.engine.descent.path import Path, Status
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import SURFACES
from tests.engine.descent.run_method import run_method

MAP = Range(-6.0, 6.0, -6.0, 6.0)
COLLINEAR = Data({"x": (0.0, 1.0, 2.0), "y": (0.0, 1.0, 2.0)})


def path(objective: FormulaObjective, start: tuple[float, float], alpha: float) -> Path:
    return run_method(
        objective, "analytic", "gd", start=start, alpha=alpha, epsilon=1e-6,
        steps=10_000, bounds=MAP,
    )  # fmt: skip


def bound_of(text: str, start: tuple[float, float] = (0.7, 0.3)) -> StabilityBound:
    return stability_bound(FormulaObjective.from_text(text, data=COLLINEAR), start, MAP)


def bound_on(
    name: str, start: tuple[float, float] | None = None, **constants: float
) -> StabilityBound:
    surface = SURFACES[name]
    objective = FormulaObjective.of(surface, constants)
    return stability_bound(objective, start or surface.start, surface.home, surface.remark)


def test_rosenbrocks_is_the_known_one() -> None:
    bound = bound_on("rosenbrock")
    assert bound.alpha == pytest.approx(2 / 1001.6006, rel=1e-6)
    assert bound.sentence == (
        "at the minimum (1, 1), to which small steps from the start lead, the Hessian's largest "
        "eigenvalue is 1001.6: gradient descent converges there only with α < 2/λmax = 0.001997"
    )


def test_a_quadratics_is_two_over_kappa_and_sharp() -> None:
    assert bound_on("quadratic").alpha == 2 / 25
    assert bound_on("quadratic", kappa=4.0).alpha == 2 / 4
    objective = FormulaObjective.of(SURFACES["quadratic"])
    assert path(objective, (5.0, 2.0), 0.0799).loss[-1] < 1e-18
    assert path(objective, (5.0, 2.0), 0.0801).status is Status.DIVERGED


@pytest.mark.parametrize(
    ("start", "minimum"),
    [((2.9, 1.9), "(3, 2)"), ((-2.8, 3), "(−2.805, 3.131)"), ((3.6, -1.9), "(3.584, −1.848)")],
)
def test_it_is_that_of_the_minimum_downhill(start: tuple[float, float], minimum: str) -> None:
    assert minimum in bound_on("himmelblau", start).sentence


def test_where_two_minima_matter_it_tells_which_one_it_means() -> None:
    """On the three-hump camel function 2/λmax is 0.163 in the outer minima, and 0.453 at (0, 0)."""
    assert bound_on("three-hump-camel").alpha == pytest.approx(0.163257, abs=1e-6)
    middle = bound_on("three-hump-camel", (0.5, 0.5))
    assert middle.alpha == pytest.approx(2 / (3 + np.sqrt(2)))  # of the Hessian (4 1; 1 2)
    assert "at the minimum (0, 0)," in middle.sentence


def test_what_is_listed_has_no_part_in_it() -> None:
    """On Rastrigin's function only the lowest of many minima is listed."""
    assert "the minimum (−2.985, 2.985)" in bound_on("rastrigin").sentence
    assert "the minimum (−2.979, 2.979)" in bound_on("ackley").sentence
    assert bound_of("2*(a - 1)^2 + b^2").alpha == pytest.approx(0.5)


def test_on_a_degenerate_minimum_it_is_that_of_the_direction_that_curves() -> None:
    bound = bound_on("flower")
    assert bound.alpha == pytest.approx(0.5)
    assert "the minimum (0, 0)" in bound.sentence


@pytest.mark.parametrize("start", [(0.0, 0.0), (3.0, 1.0), (-5.0, 4.0)])
def test_in_a_valley_of_minima_it_is_that_across_the_valley(start: tuple[float, float]) -> None:
    """x is 0, 1, 2, so that the Hessian is 2·(5/3)·(1 1; 1 1), whose eigenvalues are 0 and 20/3."""
    bound = bound_of("mean((a*x + b*x - y)^2)", start)
    assert bound.alpha == pytest.approx(0.3, rel=1e-14)
    a = (1 + start[0] - start[1]) / 2  # the flow keeps a − b
    assert bound.sentence.startswith(f"at {pair((a, 1 - a))} in a valley of minima, to which small")
    assert "with α < 2/λmax = 0.3" in bound.sentence
    objective = FormulaObjective.from_text("mean((a*x + b*x - y)^2)", data=COLLINEAR)
    assert path(objective, start, 0.299).status is Status.ESTIMATE_VANISHED
    assert path(objective, (3.0, 1.0), 0.301).status is Status.DIVERGED


@pytest.mark.parametrize("name", ["sigmoid-fit", "nested-fit"])
def test_surfaces_with_a_curved_valley(name: str) -> None:
    bound = bound_on(name)
    assert bound.alpha is not None
    assert "in a valley of minima" in bound.sentence


@pytest.mark.parametrize(
    ("bound", "why"),
    [
        (bound_on("sigmoid-unit"), "f = b·σ(ax) has no minimum"),
        (bound_on("quadratic", kappa=-1.0), "small steps from the start leave the map"),
        (bound_on("ackley", (0.1, 0.1)), "a kink, or beside one"),
        (bound_of("abs(a) + abs(b)"), "a kink, or beside one"),
        (bound_of("max(a^2, b^2)"), "lead to (0, 0): a kink, or beside one"),
        (bound_of("relu(a)^2 + b^2"), "lead to (0, 0): a kink, or beside one"),
        (bound_of("a^2 - b^2", (1.0, 0.0)), "lead to (0, 0): a saddle point"),
        (bound_of("-a^2 - b^2", (0.0, 0.0)), "lead to (0, 0): a maximum"),
        (bound_of("a^4 + b^4"), "lead to the minimum (0, 0), where the Hessian is zero"),
        (bound_of("a^3 + b^2"), "where the Hessian cannot tell a minimum from flat ground"),
        (bound_of("log(a) + b^2"), "lead nowhere, for f is infinite at (0"),
        (bound_of("log(a)", (-1.0, 0.0)), "for f is undefined at (−1, 0)"),
        *(
            (bound_of(text, (0.5, 0.25)), "small steps from the start leave the map")
            for text in ("a*b", "a^3 - 3*a*b^2", "b*sigmoid(a)", "a - b", "exp(a) + b^2")
        ),
    ],
)
def test_where_there_is_none_it_is_said(bound: StabilityBound, why: str) -> None:
    assert bound.alpha is None
    assert bound.sentence.startswith("no bound on α is known: ")
    assert why in bound.sentence


def test_a_formula_with_a_root_may_be_smooth_where_it_matters() -> None:
    assert bound_of("sqrt(a^2 + b^2 + 1)").alpha == pytest.approx(2.0)


@pytest.mark.parametrize("name", ["three-hump-camel", "six-hump-camel", "himmelblau"])
def test_it_is_of_the_minimum_that_a_path_with_small_steps_reaches(name: str) -> None:
    """From 40 random starts, with a tenth of the α with which the surface begins."""
    surface, random = SURFACES[name], np.random.default_rng(7)
    objective, home = FormulaObjective.of(surface), surface.home
    seen = 0
    for start in random.uniform(home[::2], home[1::2], (40, 2)).tolist():
        bound = stability_bound(objective, tuple(start), home)
        end = path(objective, tuple(start), surface.alpha / 10).theta[-1]
        if bound.alpha is None or np.hypot(*objective.gradient(*end)) > 0.05:
            continue  # off the map, or still on its way
        for _ in range(6):  # Newton's method
            in_aa, in_ab, in_bb = objective.hessian(*end)
            hessian = np.array([[in_aa, in_ab], [in_ab, in_bb]])
            end = end - np.linalg.solve(hessian, objective.gradient(*end))
        seen += 1
        reached = 2 / np.linalg.eigvalsh(hessian)[-1]
        assert bound.alpha == pytest.approx(reached, rel=1e-6), (start, end, bound.sentence)
    assert seen >= 15
