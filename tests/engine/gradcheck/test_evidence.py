"""The Taylor remainder as evidence."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.engine.gradcheck.candidate import CandidateGradient
from gdviz.engine.gradcheck.evidence import taylor_test
from gdviz.engine.objectives.formula_objective import FormulaObjective


def test_the_taylor_test_stops_at_a_kink() -> None:
    candidate = CandidateGradient.parse(
        FormulaObjective.from_text("abs(a) + a^2 + b"), ("sign(a) + 2*a", "1")
    )
    test = taylor_test(candidate, 0, (-0.1, 0.0), 1.0)
    assert np.isnan(test.true[test.t > 0.1]).all()
    assert np.isfinite(test.true[test.t < 0.0999]).all()
    assert test.slope == pytest.approx(2.0, abs=0.01)
