"""Where operations have a value: one column, read on floats, balls and bounds."""

import math
import operator
from itertools import product

import pytest
from flint import arb

from gdviz.engine.language.enclosures.bounds import between
from gdviz.engine.language.operations import OPERATIONS, PARTIAL

_PLACES = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
_CALLED_OTHERWISE = {"div": operator.truediv}


def _has_value(name: str, places: tuple[float, ...]) -> bool:
    """Tell whether Python's own operation has a value, or raises."""
    try:
        (_CALLED_OTHERWISE.get(name) or getattr(math, name))(*places)
    except (ValueError, ZeroDivisionError):
        return False
    return True


@pytest.mark.parametrize("name", sorted(PARTIAL))
def test_all_readings_of_a_domain_agree_with_the_operation(name: str) -> None:
    row = OPERATIONS[name]
    assert row.domain is not None
    outside = 0
    for places in product(_PLACES, repeat=row.arity):
        expected = _has_value(name, places)
        outside += not expected
        assert row.domain.holds(*(between(x, x) for x in places)) is expected, places
        assert row.domain.is_left(*map(arb, places)) is not expected, places
        if row.domain.on_floats:
            assert eval(row.domain.on_floats.format(*places)) is expected, places
    assert outside > 0


def test_a_domain_is_in_words_but_for_that_of_a_power() -> None:
    assert {name for name in PARTIAL if not OPERATIONS[name].domain.relation} == {"pow"}


@pytest.mark.parametrize(
    ("name", "balls"),
    [("log", (arb(0, 0.1),)), ("sqrt", (arb(0, 0.1),)), ("asin", (arb(1, 0.1),))],
)
def test_a_ball_across_the_edge_may_have_a_value(name: str, balls: tuple[arb, ...]) -> None:
    assert OPERATIONS[name].domain.is_left(*balls) is False


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("div", (between(1.0, 1.0), between(-1.0, 1.0))),
        ("log", (between(0.0, 1.0),)),
        ("sqrt", (between(-1.0, 1.0),)),
        ("acos", (between(0.0, 1.5),)),
        ("pow", (between(-1.0, 1.0), between(0.5, 0.5))),
        ("pow", (between(-1.0, 1.0), between(-2.0, -2.0))),
    ],
)
def test_bounds_across_the_edge_have_none_for_all(name: str, bounds: tuple) -> None:
    assert OPERATIONS[name].domain.holds(*bounds) is False
