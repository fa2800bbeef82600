"""Cutting a polyline to a rectangle."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.base.geometry import Range
from gdviz.scene.clipping import clip_polyline

UNIT = Range(0.0, 1.0, 0.0, 1.0)
NAN = (np.nan, np.nan)


def clip(*points: tuple[float, float]) -> list[tuple[float, ...]]:
    return [tuple(point) for point in clip_polyline(np.array(points, float), UNIT)]


def test_what_is_inside_stays() -> None:
    points = ((0.1, 0.2), (0.9, 0.2), (0.9, 0.2), (1.0, 0.0))
    assert clip(*points) == list(points)


def test_a_line_through_is_cut_at_both_ends() -> None:
    assert clip((-1.0, 0.5), (3.0, 0.5)) == [(0.0, 0.5), (1.0, 0.5)]


def test_an_excursion_leaves_a_gap() -> None:
    out = clip((0.5, 0.5), (1.5, 0.5), (1.5, 0.25), (0.5, 0.25))
    expected = [(0.5, 0.5), (1.0, 0.5), NAN, (1.0, 0.25), (0.5, 0.25)]
    np.testing.assert_equal(out, expected)


@pytest.mark.parametrize("far", [1e10, 1e300, np.inf])
def test_a_line_to_infinity_keeps_its_direction(far: float) -> None:
    # (far, far) is up to the right; (far, 0.5) is to the right.
    np.testing.assert_allclose(clip((0.0, 0.0), (far, far)), [(0, 0), (1, 1)])
    np.testing.assert_allclose(clip((0.0, 0.5), (far, 0.5)), [(0, 0.5), (1, 0.5)])


def test_nothing_inside() -> None:
    assert clip((2.0, 2.0), (3.0, 0.0)) == []
    assert clip((0.5, 0.5)) == []
    assert clip((0.5, 0.5), (np.nan, 0.5)) == []


coordinate = st.floats(width=64) | st.sampled_from([0.0, 0.5, 1.0, -1.0, 2.0])


@given(st.lists(st.tuples(coordinate, coordinate), max_size=8))
def test_nothing_is_ever_outside_and_nothing_warns(points: list[tuple[float, float]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out = clip_polyline(np.array(points, float).reshape(-1, 2), UNIT)
    finite = out[~np.isnan(out).any(axis=1)]
    assert ((finite >= -1e-9) & (finite <= 1 + 1e-9)).all()
