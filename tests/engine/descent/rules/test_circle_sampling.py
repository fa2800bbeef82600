"""Samples of a circle: how many a function needs, and which valleys may be the lowest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gdviz.engine.descent.rules.circle_sampling import MOST, sampled, valleys


@pytest.mark.parametrize(
    ("order", "count"), [(1, 32), (7, 32), (8, 64), (15, 64), (16, 128), (24, 128)]
)
def test_a_wave_is_resolved_once_it_is_in_the_lower_half_of_the_spectrum(
    order: int, count: int
) -> None:
    samples = sampled(lambda angle: 3 + np.cos(order * angle), 32, 2048)
    assert len(samples.angles) == len(samples.losses) == count
    assert samples.is_resolved
    assert samples.angles[0] == -np.pi
    np.testing.assert_allclose(samples.losses, 3 + np.cos(order * samples.angles), atol=1e-9)
    assert samples.spacing == pytest.approx(np.diff(samples.angles)[0])


def test_each_angle_is_asked_for_once() -> None:
    asked: list[float] = []

    def values(angles: np.ndarray) -> np.ndarray:
        asked.extend(angles.tolist())
        return np.abs(angles)

    samples = sampled(values, 32, 256)
    assert not samples.is_resolved  # a kink
    assert len(set(asked)) == len(asked)
    assert set(samples.angles.tolist()) < set(asked)
    assert len(asked) == 256 + 9  # and one table of differences


@pytest.mark.parametrize(
    ("values", "is_falling", "count"),
    [
        (np.abs, True, 2048),  # two kinks
        (np.sign, True, 2048),  # two jumps
        (lambda angle: np.where(angle < 0.3, np.inf, angle**2), True, 2048),  # an edge
        (lambda angle: np.cos(angle) + 1e-4 * np.abs(np.sin(40 * angle)), True, 2048),
        (lambda angle: np.cos(angle) + 1e-4 * np.sin(1e5 * np.cos(angle)), False, MOST),
    ],
)
def test_samples_go_on_for_waves_and_not_for_kinks(
    values: Any, is_falling: bool, count: int
) -> None:
    samples = sampled(values, 32, 2048)
    assert not samples.is_resolved
    assert samples.is_falling is is_falling
    assert len(samples.angles) == count


@pytest.mark.parametrize("order", [1000, 3000, 10_000])
def test_waves_on_a_circle_are_resolved_beyond_what_is_enough_for_kinks(order: int) -> None:
    """As those of Rastrigin's function: ever shorter towards the sides of the circle."""
    samples = sampled(lambda angle: np.cos(angle) + 1e-4 * np.sin(order * np.cos(angle)), 32, 2048)
    assert samples.is_resolved
    assert samples.is_enough
    assert 4 * order < len(samples.angles) < 9 * order


def test_a_kink_leaves_the_amplitudes_of_its_series() -> None:
    """|φ| is π/2 − (4/π)Σ cos(kφ)/k² over the odd k; sampling adds those of the aliases."""
    samples = sampled(np.abs, 256, 256)
    k = 65
    aliases = sum(
        1 / (256 * j + s * k) ** 2 for j in range(400) for s in (1, -1) if 256 * j + s * k
    )
    assert samples.tail == pytest.approx(4 / np.pi * (aliases - 1 / k**2), rel=1e-3)


def test_what_is_not_finite_is_never_resolved() -> None:
    half = sampled(lambda angle: np.where(angle < 0, np.inf, 1.0), 32, 128)
    assert len(half.angles) == 128
    assert not half.is_resolved
    nowhere = sampled(lambda angle: np.full(angle.shape, np.inf), 32, 128)
    assert (nowhere.tail, nowhere.is_resolved) == (np.inf, False)


def test_round_off_is_not_sampled_further() -> None:
    random = np.random.default_rng(3)
    asked: list[int] = []

    def values(angles: np.ndarray) -> np.ndarray:
        asked.append(len(angles))
        return np.cos(angles) + 1e-6 * random.normal(size=angles.shape)

    samples = sampled(values, 32, 2048)
    assert samples.is_resolved
    assert sum(asked) <= 128 + 9


def test_where_values_close_together_are_the_same_they_are_taken_further_apart() -> None:
    """Of 1 + 1e-13·cos φ in float64 a thousandth of a radian changes nothing."""
    samples = sampled(lambda angle: 1 + 1e-13 * np.cos(angle) - 1, 32, 2048)
    assert samples.is_resolved
    assert len(samples.angles) <= 256


def test_the_precision_of_the_losses_is_round_off() -> None:
    asked: list[int] = []

    def rounded(angles: np.ndarray) -> np.ndarray:
        asked.append(len(angles))
        return (5 + np.cos(angles)).astype(np.float32).astype(float)

    assert sampled(rounded, 32, 256, float(np.finfo(np.float32).eps)).is_resolved
    assert asked == [32]  # nothing else is needed to know it


def test_valleys_that_may_be_the_lowest() -> None:
    losses = np.array([0.0, 5.0, 1.0, 1.1, 9.0, 3.0, 3.01, 3.0, 7.0])
    # 1.0 may dip by 4.1 between its neighbours, below 0; 3.0 by 6.01; the last, by 4.01.
    assert valleys(losses).tolist() == [0, 2, 5, 7]
    flat = np.array([0.0, 5.0, 1.0, 1.1, 1.2, 2.2, 2.15, 2.2, 2.3])
    assert valleys(flat).tolist() == [0, 2]
    assert valleys(flat, margin=2.1).tolist() == [0, 2, 6]
    # The first and the last are neighbours.
    assert valleys(np.array([1.0, 2.0, 3.0, 0.0])).tolist() == [3]
