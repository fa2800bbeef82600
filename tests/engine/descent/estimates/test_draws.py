"""Draws are a function of the seed, the sample and the step: of nothing that came before."""

import tracemalloc
from itertools import combinations, islice

import numpy as np
import pytest

from gdviz.engine.descent.estimates import draws as module
from gdviz.engine.descent.estimates.draws import LARGEST_SEED, Draws


def taken(draws: Draws, count: int, kind: str = "normals", *arguments: int) -> list[object]:
    return list(islice(getattr(draws, kind)(*arguments), count))


@pytest.mark.parametrize("kind", ["normals", "signs", "coordinates"])
@pytest.mark.parametrize("first", [1, 63, 64, 65, 200])
def test_a_step_draws_the_same_wherever_one_begins(kind: str, first: int) -> None:
    assert taken(Draws(5, 2, first), 70, kind) == taken(Draws(5, 2), first + 70, kind)[first:]


@pytest.mark.parametrize("count", [17, 500, 1_025])  # 60 steps at once, 2, and 1
@pytest.mark.parametrize("kind", ["normals", "signs"])
def test_so_does_one_of_many_numbers(kind: str, count: int) -> None:
    steps = taken(Draws(5, 2), 70, kind, count)
    assert [len(step) for step in steps] == [count] * 70
    assert taken(Draws(5, 2, 65), 5, kind, count) == steps[65:]
    assert [step[:2] for step in steps] == taken(Draws(5, 2), 70, kind)


def test_many_numbers_are_not_kept() -> None:
    """A gradient of 4,096 parameters left 8 MB of floats behind for each of 512 blocks."""
    next(Draws().normals())  # and what that imports is there
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for seed in range(12):
        next(Draws(seed).normals(4_096))
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 6 * 4_096 * 32  # the numbers of 6 steps, of the 12


def test_philox_words_are_those_of_its_authors() -> None:
    """The known-answer test of Random123: counter and key of zeros."""
    from numpy.random import Philox

    # NumPy counts on before it takes a block: one below zero is all ones.
    words = Philox(key=(0, 0), counter=(2**64 - 1,) * 4).random_raw(4)
    assert [f"{word:016x}" for word in words.tolist()] == [
        "16554d9eca36314c", "db20fe9d672d0fdc", "d7e772cee186176b", "7e68b68aec7ba23b"
    ]  # fmt: skip


def test_seed_and_sample_are_the_key_and_the_step_is_the_counter() -> None:
    from numpy.random import Philox

    words = Philox(key=(7, 3), counter=(130, 0, 0, 0)).random_raw(2)
    (signs,) = taken(Draws(7, 3, 130), 1, "signs")
    assert signs == tuple(1.0 if word >> 63 else -1.0 for word in words.tolist())


def test_other_seeds_samples_and_kinds_draw_otherwise() -> None:
    several = [Draws(0), Draws(1), Draws(0, 1), Draws(1, 1), Draws(LARGEST_SEED)]
    assert len({tuple(taken(draws, 4)) for draws in several}) == len(several)


def test_more_numbers_a_step_begin_with_the_same() -> None:
    for few, many in zip(taken(Draws(3), 9), taken(Draws(3), 9, "normals", 22), strict=True):
        assert many[:2] == few  # type: ignore[index]


def test_normals_are_standard_normal() -> None:
    """Moments of 40,000 numbers, each within four standard errors."""
    x = np.array(taken(Draws(11), 20_000)).ravel()
    n = len(x)
    for power, expected, variance in ((1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)):
        assert abs((x**power).mean() - expected) < 4 * np.sqrt(variance / n)
    assert abs(np.corrcoef(x[::2], x[1::2])[0, 1]) < 4 / np.sqrt(n / 2)


def test_signs_and_coordinates_are_even() -> None:
    signs, n = np.array(taken(Draws(2), 10_000, "signs")), 10_000
    assert set(signs.ravel().tolist()) == {-1.0, 1.0}
    assert (np.abs(signs.mean(axis=0)) < 4 / np.sqrt(n)).all()
    assert abs((signs[:, 0] * signs[:, 1]).mean()) < 4 / np.sqrt(n)
    coordinates = np.array(taken(Draws(2), n, "coordinates"))
    assert set(coordinates.tolist()) == {0, 1}
    assert abs(coordinates.mean() - 0.5) < 4 * 0.5 / np.sqrt(n)


def test_each_subset_is_as_likely() -> None:
    """Of 4 rows there are 6 pairs."""
    subsets = [tuple(rows.tolist()) for rows in taken(Draws(4), 6_000, "subsets", 2, 4)]
    counts = {pair: subsets.count(pair) for pair in set(subsets)}
    assert sorted(counts) == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    slack = 4 * np.sqrt(6_000 * (1 / 6) * (5 / 6))
    assert all(abs(count - 1_000) < slack for count in counts.values())


def test_a_subset_of_all_rows_is_all_rows() -> None:
    assert [rows.tolist() for rows in taken(Draws(), 3, "subsets", 7, 7)] == [list(range(7))] * 3


@pytest.mark.parametrize("most", [0, 10])
def test_a_subset_of_many_rows_is_as_likely_however_it_is_drawn(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MANY_ROWS", 3)
    monkeypatch.setattr(module, "_MOST_BY_FLOYD", most)
    for cache in (module._of_many, module._of_few):
        cache.cache_clear()
    subsets = [tuple(rows.tolist()) for rows in taken(Draws(4), 6_000, "subsets", 2, 4)]
    counts = {pair: subsets.count(pair) for pair in set(subsets)}
    assert set(counts) == set(combinations(range(4), 2))
    # Six of them: 1,000 each, with a standard deviation of 29.
    assert all(abs(count - 1_000) < 120 for count in counts.values())
    for cache in (module._of_many, module._of_few):
        cache.cache_clear()


@pytest.mark.parametrize("size", [1, 8, 1_000, 1_001, 40_000, 50_000])
def test_subsets_of_many_rows(size: int) -> None:
    first = taken(Draws(7, 2), 4, "subsets", size, 50_000)
    for rows in first:
        assert len(rows) == size
        assert (np.diff(rows) > 0).all()
        assert 0 <= rows[0] <= rows[-1] < 50_000
    later = taken(Draws(7, 2, first=2), 2, "subsets", size, 50_000)
    for one, same in zip(first[2:], later, strict=True):
        np.testing.assert_array_equal(one, same)
    if size < 50_000:
        assert first[0].tolist() != first[1].tolist()
