"""The guessed range: what there is to see lies inside."""

import math
import statistics

import pytest

from gdviz.base.cancel import Cancelled
from gdviz.base.geometry import Range
from gdviz.engine.analysis.start.guess_range import guess_range, start_within
from gdviz.engine.objectives.data import Data
from gdviz.engine.objectives.formula_objective import FormulaObjective
from gdviz.engine.objectives.surfaces import DEFAULT_RANGE, SURFACES


def guessed(text, **constants):
    return guess_range(FormulaObjective.from_text(text, constants))


def size(extent):
    return math.sqrt((extent.a_high - extent.a_low) * (extent.b_high - extent.b_low))


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", SURFACES)
def test_the_surfaces_of_the_table(name):
    surface = SURFACES[name]
    extent = guess_range(FormulaObjective.of(surface))
    assert 1 / 6 <= size(extent) / size(surface.home) <= 6
    minima = [point for point in surface.points if point.kind == "minimum"]
    if minima:
        assert any(extent.contains(point.a, point.b) for point in minima)


@pytest.mark.slow
def test_the_guesses_are_mostly_close_to_the_table():
    ratios, found, all_ = [], 0, 0
    for surface in SURFACES.values():
        extent = guess_range(FormulaObjective.of(surface))
        ratio = size(extent) / size(surface.home)
        ratios.append(max(ratio, 1 / ratio))
        minima = [point for point in surface.points if point.kind == "minimum"]
        found += sum(extent.contains(point.a, point.b) for point in minima)
        all_ += len(minima)
    assert statistics.median(ratios) < 2
    assert found == all_


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("text", "a", "b"),
    [
        ("(a - 300)^2 + (b + 40)^2", 300, -40),
        ("(a - 1000)^2 + (b - 1000)^2", 1000, 1000),
        ("1e-6*(a - 500)^2 + b^2", 500, 0),
        ("(a + 30000)^2 + (b - 20)^2", -30000, 20),
        ("(a + 3)^2 + (b - 30)^2", -3, 30),
        ("exp(a) + exp(-a) + b^2", 0, 0),
        ("1e6*(a^2 + b^2)", 0, 0),
        ("1e-9*((a - 7)^2 + b^2)", 7, 0),
        ("-cos(a)*cos(b)*exp(-((a - pi)^2 + (b - pi)^2))", math.pi, math.pi),
        ("abs(a - 4) + abs(b + 9)", 4, -9),
        # Narrow valleys, whose bottom lies between the points of any window.
        ("(1 - a)^2 + 100*(b - a^2)^2", 1, 1),
        ("(1 - a)^2 + 1e4*(b - a^2)^2", 1, 1),
        ("(3 - a)^2 + 100*(b - a^2)^2", 3, 9),
        ("(10 - a)^2 + 100*(b - a^2)^2", 10, 100),
        ("(a - 7)^2 + 1e6*(b - a/3)^2", 7, 7 / 3),
        ("(a - 30)^2 + 1e4*(b - 2*a)^2", 30, 60),
        ("(1 - a)^2 + 1e5*(b - sin(a))^2", 1, math.sin(1)),
        ("(2.63 + a)^2 + 6e4*(b - 10*a^2)^2", -2.63, 69.169),
        ("(2.64 - a)^2 + 3e4*(b - a^3)^2", 2.64, 18.399744),
        ("exp(a) + exp(-a) + 1e4*(b - 100*a)^2", 0, 0),
        ("max(a^2, b^2)", 0, 0),
    ],
)
def test_a_minimum_lies_inside_with_a_margin(text, a, b):
    extent = guessed(text)
    for low, high, at in ((*extent[:2], a), (*extent[2:], b)):
        assert low + 0.1 * (high - low) <= at <= high - 0.1 * (high - low)
    assert size(extent) <= 40


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "text", ["7", "sqrt(-1 - a^2)", "a*0 + 3", "log(-1 - a^2 - b^2)", "a", "a + b", "a*b", "1/a",
             "-1/(a^2 + b^2)", "log(1 + exp(-a)) + b^2/4", "exp(100*a)"],
)  # fmt: skip
def test_where_nothing_is_better_it_is_the_usual_range(text):
    assert guessed(text) == DEFAULT_RANGE


@pytest.mark.parametrize(
    ("text", "a", "b"),
    [
        ("(a - 77)^2", 77, 0),
        ("(a - b - 40)^2", 20, -20),
        ("(2*a + b - 15)^2", 6, 3),
        ("cosh(a + b - 20)", 10, 10),
    ],
)
def test_a_straight_valley_of_minima_is_shown_where_it_is_nearest(text, a, b):
    assert guessed(text).contains(a, b)


def test_a_domain_that_is_not_everything_is_looked_for():
    logs = guessed("log(a)*log(b)")
    assert logs.contains(1.0, 1.0)
    assert logs.a_low >= 0
    assert logs.b_low >= 0
    root = guessed("sqrt(a - 100)")
    assert root.a_low == 100
    disk = guessed("sqrt(1 - a^2 - b^2)")
    assert disk == (-1.0, 1.0, -1.0, 1.0)


@pytest.mark.parametrize("radius", [0.1, 1.0, 1.5, 2.0, 5.0, 10.0])
def test_a_disk_is_not_cut_off(radius):
    for text in ("sqrt(r^2 - a^2 - b^2)", "log(r^2 - a^2 - b^2)", "asin(a/r)*asin(b/r)"):
        extent = guessed(text, r=radius)
        assert extent.contains(-radius, -radius)
        assert extent.contains(radius, radius)
        assert size(extent) <= 3 * radius


def test_what_only_becomes_too_large_goes_on():
    assert size(guessed("exp(a^2 + b^2)")) <= 10


@pytest.mark.parametrize("text", ["sinh(b*cosh(a))", "1.7e308*sin(a)*cos(b)"])
def test_where_the_largest_difference_of_f_is_infinite(text):
    """Though f is not: which was an error inside, or a warning."""
    assert guessed(text).contains(0.0, 0.0)


@pytest.mark.parametrize(
    "text",
    [
        "sigmoid(tan(1e-3^a) + cos(a*b))",  # a Hessian that is 0
        "relu(a + a + (b + 10))/((relu(0.5)/tanh(a))/b)",  # a step whose square is no float
    ],
)
def test_where_there_is_no_way_down_the_range_is_found_from_values(text):
    extent = guessed(text)
    assert all(map(math.isfinite, extent))


def test_it_is_the_same_each_time_and_its_ends_are_round():
    for text in ("log(a)*log(b)", "sin(a)*cos(b)", "(a - 12.3456789)^2 + b^2"):
        extent = guessed(text)
        assert extent == guessed(text)
        assert all(len(f"{abs(end):g}") <= 7 for end in extent)
        assert all(float(f"{end:g}") == end for end in extent)


def test_constants_and_data_take_part():
    assert guessed("(a - m)^2 + b^2", m=50.0).contains(50, 0)
    column = tuple(float(i) for i in range(500))
    data = Data(columns={"u": column}, source="")
    extent = guess_range(FormulaObjective.from_text("mean((a - u)^2) + b^2", {}, data))
    assert extent.contains(249.5, 0)


def test_it_can_be_given_up():
    with pytest.raises(Cancelled):
        guess_range(FormulaObjective.from_text("a^2 + b^2"), lambda: True)


def test_a_start_outside_is_moved_inside():
    extent = Range(0.0, 10.0, -4.0, -2.0)
    assert start_within(extent, (1.0, -3.0)) == (1.0, -3.0)
    assert start_within(extent, (-1.0, -3.0)) == (2.0, -2.4)
    assert extent.contains(*start_within(extent, (1e6, 1e6)))
