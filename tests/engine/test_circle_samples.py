"""Samples of a circle: how many a function needs, and which valleys may be the lowest."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.engine.circle_samples import Samples, sampled, valleys


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
    assert sorted(asked) == samples.angles.tolist()


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
    asked: list[Samples] = []

    def values(angles: np.ndarray) -> np.ndarray:
        return np.cos(angles) + 1e-6 * random.normal(size=angles.shape)

    def noise(samples: Samples) -> float:
        asked.append(samples)
        return 1e-6

    assert len(sampled(values, 32, 2048).angles) == 2048
    samples = sampled(values, 32, 2048, noise=noise)
    assert samples.is_resolved
    assert len(asked) == 1
    assert len(samples.angles) <= 128


def test_the_precision_of_the_losses_is_round_off() -> None:
    def rounded(angles: np.ndarray) -> np.ndarray:
        return (5 + np.cos(angles)).astype(np.float32).astype(float)

    assert not sampled(rounded, 32, 256).is_resolved
    assert sampled(rounded, 32, 256, float(np.finfo(np.float32).eps)).is_resolved


def test_valleys_that_may_be_the_lowest() -> None:
    losses = np.array([0.0, 5.0, 1.0, 1.1, 9.0, 3.0, 3.01, 3.0, 7.0])
    # 1.0 may dip by 4.1 between its neighbours, below 0; 3.0 by 6.01; the last, by 4.01.
    assert valleys(losses).tolist() == [0, 2, 5, 7]
    flat = np.array([0.0, 5.0, 1.0, 1.1, 1.2, 2.2, 2.15, 2.2, 2.3])
    assert valleys(flat).tolist() == [0, 2]
    assert valleys(flat, margin=2.1).tolist() == [0, 2, 6]
    # The first and the last are neighbours.
    assert valleys(np.array([1.0, 2.0, 3.0, 0.0])).tolist() == [3]
