"""The worst place is where the error is largest, and not only the worst of the samples."""

from __future__ import annotations

import pytest

from gdviz.base.geometry import Range
from tests.engine.gradcheck.gradient_candidates import check


@pytest.mark.parametrize(
    ("extra", "place", "size"),
    [
        ("exp(-50*((a - 1.234)^2 + (b + 0.567)^2))", (1.234, -0.567), 1.0),
        ("sin(7*a)*cos(5*b)*exp(-a^2 - b^2)", (0.2156, 0.0), 0.95277),  # tan 7a = 7/(2a)
        ("1/(1 + 1e4*((a - 0.5)^2 + (b - 0.25)^2))", (0.5, 0.25), 1.0),
    ],
)
def test_a_peak_between_the_samples_is_climbed(
    extra: str, place: tuple[float, float], size: float
) -> None:
    worst = check("a^2 + b^2", f"2*a + {extra}", "2*b").verdicts[0].worst
    assert worst is not None
    assert worst.absolute == pytest.approx(size, rel=2e-4)
    assert abs(worst.a) == pytest.approx(abs(place[0]), abs=1e-3)
    assert worst.b == pytest.approx(place[1], abs=1e-3)


def test_at_a_pole_the_error_is_beyond_what_samples_show() -> None:
    """b/(a·ln 10) − b/a: the sampled worst is 650, and there is no bound."""
    made = check("log10(a)*b", "b/a", "log10(a)", extent=Range(0.0, 5.0, -5.0, 5.0))
    worst = made.verdicts[0].worst
    assert worst is not None
    assert worst.absolute > 1e10
    assert made.taylor[0].true_slope == pytest.approx(2.0, abs=0.05)  # at a place that tells


def test_a_round_place_stays_round() -> None:
    worst = check("a^2 + b^2", "2*a", "3*b").verdicts[1].worst
    assert worst is not None
    assert abs(worst.b) == 3.0


@pytest.mark.parametrize(
    ("claimed", "size", "said"),
    [
        ("2*a + 1e-20", 1e-20, "off by 10⁻²⁰"),
        ("2.000000000001*a", 3e-12, "off by 3·10⁻¹² (5·10⁻¹¹ %)"),
        ("2*a + 1e-300*b", 3e-300, "off by 3·10⁻³⁰⁰"),
    ],
)
def test_what_float64_does_not_see_is_told_by_its_size(
    claimed: str, size: float, said: str
) -> None:
    verdict = check("a^2 + b^2", claimed, "2*b").verdicts[0]
    assert verdict.right is False
    assert verdict.worst is not None
    assert verdict.worst.absolute == pytest.approx(size, rel=1e-9)
    assert said in verdict.sentence
    assert "off by 0" not in verdict.sentence
