"""Places that no sample lies in: branches of kinks and jumps, and bumps that vanish elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.gradcheck.branches import BY_SIGN, compare_branches
from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.check import check_gradient
from gdviz.engine.gradcheck.samples import Samples
from gdviz.engine.language.operations import BRANCHING
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective

WIDE = Range(-5.0, 5.0, -5.0, 5.0)
#: Positive in a disc of radius 0.03 around (1.234, 0.567) alone, in which no sample lies.
DISC = "0.0009 - (a - 1.234)^2 - (b - 0.567)^2"

#: What is not 0 in a small place alone, and where it is largest.
SMALL = {
    f"relu({DISC})": (1.234, 0.567),
    f"max(0, {DISC})": (1.234, 0.567),
    f"step({DISC})": None,
    f"heaviside({DISC})": None,
    f"abs({DISC}) + {DISC}": (1.234, 0.567),
    "relu(0.03 - sqrt((a + 2.345)^2 + (b - 4.321)^2))": (-2.345, 4.321),
    "relu(0.02 - abs(a - 1.111))*relu(0.02 - abs(b + 2.222))": (1.111, -2.222),
    "relu(a - 1)*relu(1.03 - a)*relu(b - 1)*relu(1.03 - b)": (1.015, 1.015),
    "min(relu(a - 4.99), relu(b - 4.99))": (5.0, 5.0),
}


def test_every_kink_and_jump_has_a_sign() -> None:
    assert set(BY_SIGN) == set(BRANCHING)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("term", SMALL)
def test_wrong_in_a_small_place_alone_is_wrong(term: str) -> None:
    objective = FormulaObjective.from_text("a^2 + b^2")
    made = check_gradient(objective, (f"2*a + {term}", "2*b"), WIDE, seconds=0.0)
    assert (made.verdicts[0].right, made.verdicts[1].right) == (False, True)
    worst = made.verdicts[0].worst
    assert worst is not None
    if SMALL[term] is not None:
        assert (worst.a, worst.b) == pytest.approx(SMALL[term], abs=2e-3)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("term", "size"),
    [
        ("5*exp(-((a - 1.234)^2 + (b - 0.567)^2)/1e-6)", 5.0),
        ("exp(-((a + 1)^2 + (b - 0.1)^2)/1e-8)/3", 1 / 3),
        (f"sqrt(({DISC})^2) + {DISC}", 2 * 0.0009),
    ],
)
@pytest.mark.usefixtures("sympy_here")
def test_what_sympy_leaves_is_climbed(term: str, size: float) -> None:
    """Where float64, and even 120 digits, see no difference at any sample."""
    objective = FormulaObjective.from_text("a^2 + b^2")
    made = check_gradient(objective, (f"2*a + {term}", "2*b"), WIDE, seconds=60.0)
    verdict = made.verdicts[0]
    assert verdict.right is False
    assert verdict.worst is not None
    assert verdict.worst.absolute == pytest.approx(size, rel=1e-3)
    assert verdict.remainder is not None
    assert verdict.remainder.text
    assert made.taylor[0].at == (verdict.worst.a, verdict.worst.b)


def test_without_sympy_it_is_said_how_small_a_place_may_be_missed() -> None:
    objective = FormulaObjective.from_text("a^2 + b^2")
    made = check_gradient(objective, ("a + a", "2*b"), WIDE, seconds=0.0)
    assert made.verdicts[0].unseen == "0.16 × 0.16"
    assert "in a place smaller than 0.16 × 0.16 may be missed" in made.verdicts[0].sentence
    assert made.verdicts[1].unseen == ""  # identical


@pytest.mark.usefixtures("sympy_here")
def test_what_is_0_on_every_branch_is_right_though_sympy_leaves_a_difference() -> None:
    objective = FormulaObjective.from_text("relu(b)^2 + a")
    (_, verdict) = check_gradient(objective, ("1", "2*relu(b)"), WIDE, seconds=60.0).verdicts
    assert verdict.right
    assert verdict.remainder is not None
    assert verdict.remainder.text not in ("", "0")
    assert verdict.sentence.endswith(
        "what SymPy leaves of the difference is 0 on every branch that occurs there; for b = 0, "
        "where f's one-sided derivatives decide, it equals them at 11 points"
    )


def branches_of(formula: str, claimed: str, data: Data | None = None) -> tuple[int, bool]:
    objective = FormulaObjective.from_text(formula, {}, data)
    candidate = CandidateGradient.parse(objective, (claimed, "0"))
    samples = Samples.of(WIDE, (), 33, rows=objective.rows, constants={})
    nodes = candidate.nodes[1], candidate.nodes[3]
    found = compare_branches(candidate, nodes, *samples.points, WIDE)
    return len(found.points), found.settled


def test_branches_that_occur_nowhere_are_no_doubt() -> None:
    """1 and 1 are the steps of a and of 7 + a, of which no point of the range has 1 and 0."""
    assert branches_of("relu(a) + relu(-a)", "sign(a)") == (0, True)  # multiples are one sign
    assert branches_of("relu(7 + a) + a", "2") == (0, True)
    assert branches_of("max(a, b) + max(b, a)", "1 + sign(a - b)") == (0, True)
    assert branches_of("max(a*b, 40)", "0") == (0, True)


def test_branches_of_rows_are_drawn() -> None:
    data = Data({"x": tuple(np.linspace(-2.0, 2.0, 9).tolist())})
    hinge = "sum(relu(1 - a*x))"
    assert branches_of(hinge, "-sum(x*(1 + sign(1 - a*x))/2)", data) == (0, True)
    assert branches_of(hinge, "-sum(x*step(a*x - 1))", data) == (0, False)
    points, _ = branches_of(hinge, f"-sum(x*(1 + sign(1 - a*x))/2) + relu({DISC})", data)
    assert points > 0
