"""Noise told from differences: known levels, smooth functions, and rounding."""

import math

import numpy as np
import pytest

from gdviz.engine.descent.estimates.gradient_estimates import ESTIMATES
from gdviz.engine.descent.estimates.noise import VALUES, Verdict, noise_along, noise_level
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.objective import Objective


def test_a_table_by_hand() -> None:
    """Of alternating ±1 beside 100 the k-th differences are ±2ᵏ, and γₖ = (k!)²/(2k)!."""
    found = noise_level([101.0, 99.0] * 4)
    # Levels √(γₖ·4ᵏ): √2, √(16/6), √(64/20), within a factor of 4: the first is taken.
    assert found == (pytest.approx(math.sqrt(2)), Verdict.FOUND)


@pytest.mark.parametrize("level", [1e-3, 1e-6, 1e-9])
def test_known_noise_on_a_smooth_function(level: float) -> None:
    random = np.random.default_rng(0)
    found = [
        noise_along(lambda t: math.exp(t) + level * random.standard_normal(), 1.0)
        for _ in range(200)
    ]
    # Of eight values nobody tells more than the order: a factor of 4 is Moré and Wild's own.
    assert level / 1.5 < np.median(found) < level * 1.5
    assert np.mean([level / 4 < each < level * 4 for each in found]) > 0.95


def test_uniform_noise_has_its_standard_deviation() -> None:
    random = np.random.default_rng(1)
    found = [noise_level(5.0 + 1e-4 * random.random(VALUES)).level for _ in range(400)]
    assert np.median(found) == pytest.approx(1e-4 / math.sqrt(12), rel=0.2)


def test_float32_is_told_from_float64() -> None:
    single = noise_along(lambda t: np.exp(np.float32(1.0 + t)), 1.0)
    double = noise_along(lambda t: math.exp(1.0 + t), 1.0)
    assert 1e-9 < single < 1e-6
    assert double < 1e-15


def test_equal_values_are_too_close_and_a_steep_line_too_far() -> None:
    assert noise_level([3.0] * 8) == (0.0, Verdict.TOO_CLOSE)
    assert noise_level([1.0, 1.0, 1.0, 1.0, 1.0 + 1e-9, 1.0, 1.0, 1.0]).verdict is Verdict.TOO_CLOSE
    assert noise_level([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]) == (0.0, Verdict.TOO_FAR)
    assert noise_level([1.0, math.nan, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]).verdict is Verdict.TOO_FAR
    assert noise_along(lambda _t: 2.0, 1.0) == 0.0


def adaptive(f: Objective, at: tuple[float, float]) -> tuple[tuple[float, float], int]:
    counted = CountedObjective(f, "float64")
    gradient = ESTIMATES["adaptive"].bind(counted, 0.0, False)(*at)
    return gradient, counted.calls[0]


def test_the_adaptive_estimate_of_code_in_float32_is_as_good_as_float32_allows() -> None:
    def single(a: float, b: float) -> np.ndarray:
        return np.exp(np.float32(a)) + np.sin(np.float32(b))

    gradient, calls = adaptive(Objective.from_callable(single), (0.3, 0.4))
    # ∛(3·u²) of float32 is some 3e-5; by float64's rounding the ε was so short that all was noise.
    assert gradient == pytest.approx((math.exp(0.3), math.cos(0.4)), rel=3e-4)
    assert calls >= 12 + VALUES


def test_the_adaptive_estimate_of_noisy_values() -> None:
    random = np.random.default_rng(3)

    def noisy(a: float, b: float) -> np.ndarray:
        return np.exp(a) + np.sin(b) + 1e-6 * random.standard_normal(np.shape(a))

    off = [
        math.dist(
            adaptive(Objective.from_callable(noisy), (0.3, 0.4))[0], (math.exp(0.3), math.cos(0.4))
        )
        for _ in range(40)
    ]
    # The least error there is about (3·ε_f)^⅔·|f‴|^⅓: 2e-4.
    assert np.median(off) < 1e-3
