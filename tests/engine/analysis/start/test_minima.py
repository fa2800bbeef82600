"""Where functions are least, in closed form, is on the map that they are first seen with."""

import math

import numpy as np
import pytest

from gdviz.base.geometry import Range
from gdviz.engine.analysis.grid import sample
from gdviz.engine.analysis.start.first_view import first_view
from gdviz.engine.analysis.start.guess_range import guess_range
from gdviz.engine.analysis.start.minima import Minimum, all_minima, distinct, principal
from gdviz.engine.objectives.formula_objective import FormulaObjective

PI = math.pi

#: Functions, and where they are least: at one of these points, of which one has to be on the map.
LEAST = {
    # Another minimum is nearer to (0, 0), and higher.
    "1/(a-3)^2 + (a-20)^2 + (b-20)^2": [(20, 20)],
    "(a-2)^2*(a+30)^2/1000 + (a+30)^2/10 + b^2": [(-30, 0)],
    "(a^2 - 400)^2/1000 + (a - 20)^2 + b^2": [(20, 0)],
    "((a-1)^2 + b^2 + 0.1)*((a-25)^2 + (b-25)^2)": [(25, 25)],
    "1 - exp(-(a^2+b^2))/2 - exp(-((a-12)^2+(b-9)^2)/9)": [(12, 9)],
    # Of equal ones the nearest.
    "(a^2+b-11)^2 + (a+b^2-7)^2": [(3, 2)],
    "(4 - 2.1*a^2 + a^4/3)*a^2 + a*b + 4*b^4 - 4*b^2": [(0.0898, -0.7126), (-0.0898, 0.7126)],
    "sin(a)^2 + sin(b)^2": [(0, 0)],
    "cos(a) + cos(b)": [(PI, PI), (-PI, PI), (PI, -PI), (-PI, -PI)],
    "(a-1)^2 + 2*(2*b^2-a)^2": [(1, 0.5**0.5), (1, -(0.5**0.5))],
    "(b - 5.1/(4*pi^2)*a^2 + 5/pi*a - 6)^2 + 10*(1-1/(8*pi))*cos(a) + 10": [(PI, 2.275)],
    # Many minima.
    "20 + a^2 - 10*cos(2*pi*a) + b^2 - 10*cos(2*pi*b)": [(0, 0)],
    "20 + (a-30)^2 - 10*cos(2*pi*a) + (b+12)^2 - 10*cos(2*pi*b)": [(30, -12)],
    "1 + (a^2+b^2)/4000 - cos(a)*cos(b/sqrt(2))": [(0, 0)],
    "-20*exp(-0.2*sqrt((a^2+b^2)/2)) - exp((cos(2*pi*a)+cos(2*pi*b))/2) + e + 20": [(0, 0)],
    "0.5 + (sin(sqrt(a^2+b^2))^2 - 0.5)/(1 + 0.001*(a^2+b^2))^2": [(0, 0)],
    "sin(3*pi*a)^2 + (a-1)^2*(1+sin(3*pi*b)^2) + (b-1)^2*(1+sin(2*pi*b)^2)": [(1, 1)],
    "(a^4 - 16*a^2 + 5*a + b^4 - 16*b^2 + 5*b)/2": [(-2.9035, -2.9035)],
    "-(1 + cos(12*sqrt(a^2+b^2)))/((a^2+b^2)/2 + 2)": [(0, 0)],
    # Narrow and curved valleys.
    "(1-a)^2 + 100*(b-a^2)^2": [(1, 1)],
    "(10-a)^2 + 100*(b-a^2)^2": [(10, 100)],
    "100*(b-a^3)^2 + (1-a)^2": [(1, 1)],
    "(1.5-a+a*b)^2 + (2.25-a+a*b^2)^2 + (2.625-a+a*b^3)^2": [(3, 0.5)],
    "(a+2*b-7)^2 + (2*a+b-5)^2": [(1, 3)],
    # Kinks, where no derivative leads to the minimum.
    "abs(5-a) + 100*abs(b-a^2)": [(5, 25)],
    "abs(1-a) + 100*abs(b-a^2)": [(1, 1)],
    "(5-a)^2 + 100*abs(b-a^2)": [(5, 25)],
    "100*sqrt(abs(b - 0.01*a^2)) + 0.01*abs(a+10)": [(-10, 1)],
    "max(abs(a-20), abs(b-30))": [(20, 30)],
    "abs(a-60) + abs(b+35)": [(60, -35)],
    "abs(a+b-20) + abs(a-b-10)": [(15, 5)],
    "100*abs(b-a) + abs(a-30)": [(30, 30)],
    "abs(a-10) + 10*abs(b-sin(a))": [(10, math.sin(10))],
    "sqrt((a-25)^2 + (b-3)^2)": [(25, 3)],
    "relu(abs(a-30)-2) + b^2": [(30, 0)],
    "max(a^2+b^4, (2-a)^2+(2-b)^2, 2*exp(b-a))": [(1.13904, 0.89956)],
    # Level to some order, plateaus, needles.
    "(a-5)^4 + (b+6)^4": [(5, -6)],
    "(a+10*b)^2 + 5*(a-b)^4": [(0, 0)],
    "-cos(a)*cos(b)*exp(-((a-pi)^2 + (b-pi)^2))": [(PI, PI)],
    "-exp(-((a-40)^2 + (b+30)^2)/9)": [(40, -30)],
    "1 - exp(-((a-8)^2 + (b-9)^2)*50)": [(8, 9)],
    "1 - 1/(1 + (a-33)^2 + (b-21)^2)": [(33, 21)],
    "log(1 + (a-15)^2 + (b+25)^2)": [(15, -25)],
    "tanh(a-9)^2 + tanh(b+9)^2": [(9, -9)],
    # Beside a pole, which is lower than all else.
    "2*a*b + 2000/a + 2000/b": [(10, 10)],  # the surface of a box
    "2*pi*a^2 + 1000/a + (b-2)^2": [((250 / PI) ** (1 / 3), 2)],  # and of a tin
    "1000/(a*b) + 2*a + 5*b": [(2500 ** (1 / 3), 160 ** (1 / 3))],
    # Flat, and far away.
    "1e-8*(a-5000)^2 + 1e-8*(b-3000)^2": [(5000, 3000)],
    "(log(a)-3)^2 + (log(b)-2)^2": [(math.e**3, math.e**2)],
    "(sqrt(a)-5)^2 + (b-1)^2": [(25, 1)],
    "abs(a-200) + abs(b-300)": [(200, 300)],
    "max(abs(a-2000), abs(b))": [(2000, 0)],
    "exp(abs(a-15)/5) + exp(abs(b+20)/5)": [(15, -20)],
    "relu(1-a) + relu(1-b) + 0.01*(a^2+b^2)": [(1, 1)],
    "heaviside(a-30)*(a-30) - 0.1*a + b^2": [(30, 0)],
    # Without a minimum on one side, or defined on one.
    "exp(-a) + a/50 + b^2": [(math.log(50), 0)],
    "a*log(a) - 5*a + b^2": [(math.exp(4), 0)],
    "-log(a) + a/30 - log(b) + b/12": [(30, 12)],
    "cosh((a-40)/10) + cosh((b-20)/5)": [(40, 20)],
    # Where f falls for ever it is the nearest minimum.
    "sin(a+b) + (a-b)^2 - 1.5*a + 2.5*b + 1": [(-0.54720, -1.54720)],
    "a + 3*sin(a) + b^2": [(-math.acos(-1 / 3), 0), (2 * PI - math.acos(-1 / 3), 0)],
    "a^3 - 12*a + b^2": [(2, 0)],
}  # fmt: skip


@pytest.mark.parametrize("text", LEAST)
def test_where_a_function_is_least_is_on_the_first_map(text: str) -> None:
    objective = FormulaObjective.from_text(text)
    view = first_view(objective)
    on_it = [point for point in LEAST[text] if view.range.contains(*point)]
    assert on_it
    a_low, a_high, b_low, b_high = view.range
    assert max(a_high - a_low, b_high - b_low) <= 40  # and it is not lost on a far larger one


#: Functions that are least all along a valley: what is 0 there.
VALLEYS = {
    "abs(a-20)": lambda a, b: a - 20 + 0 * b,
    "(a-30)^4": lambda a, b: a - 30 + 0 * b,
    "sqrt((a+b-60)^2 + 1)": lambda a, b: a + b - 60,
    "(a-2*b-50)^4": lambda a, b: a - 2 * b - 50,
    "abs(a-b-50)": lambda a, b: a - b - 50,
    "log(1 + (a-b-25)^2)": lambda a, b: a - b - 25,
    "(a+b-77)^2": lambda a, b: a + b - 77,
    "(sqrt(a^2+b^2) - 15)^2": lambda a, b: np.hypot(a, b) - 15,
}


@pytest.mark.parametrize("text", VALLEYS)
def test_a_valley_of_minima_runs_over_the_first_map(text: str) -> None:
    extent = guess_range(FormulaObjective.from_text(text))
    a, b = np.linspace(*extent[:2], 50), np.linspace(*extent[2:], 50)
    side = VALLEYS[text](a[None, :], b[:, None])
    assert side.min() < 0 < side.max()


HOME = Range(-5.0, 5.0, -5.0, 5.0)


def test_the_lowest_counts_unless_f_falls_below_it_and_of_equal_ones_the_nearest() -> None:
    near, equal, far = Minimum(1.0, 0.0, 3.0), Minimum(0.0, 2.0, 2.0 + 1e-12), Minimum(4, 4, 2.0)
    seen = {HOME: np.array([[3.0, 9.0], [5.0, 7.0]])}
    falling = {HOME: np.array([[1.0, 9.0], [5.0, math.nan]])}
    f = FormulaObjective.from_text("2 + (a-4)^2 + (b-4)^2")  # which is 1 higher at a distance of 1
    assert principal(f, [], seen) is None
    assert principal(f, [far, near], seen) == far
    assert principal(f, [far, equal, near], seen) == equal
    assert principal(f, [far, equal, near], falling) == near


@pytest.mark.parametrize(
    "text", ["(A^2-4)^2 + A/2 + B^2", "A^4 - 16*A^2 + 5*A + B^4 - 16*B^2 + 5*B"]
)
@pytest.mark.parametrize("shift", [0.0, 30.0, 90.0, 130.0])
def test_which_minimum_is_lower_is_seen_however_high_f_is_at_0(text: str, shift: float) -> None:
    shifted = text.replace("A", f"(a - {shift})").replace("B", f"(b + {shift})")
    extent = guess_range(FormulaObjective.from_text(shifted))
    least = (-2.0154, 0.0) if "A/2" in text else (-2.9035, -2.9035)
    assert extent.contains(least[0] + shift, least[1] - shift)


def test_what_is_another_view_of_the_same_is_left_out() -> None:
    one, same, other = Minimum(10.0, 0.0, 1.0), Minimum(11.0, 0.0, 1.1), Minimum(0.0, 0.0, 2.0)
    assert distinct([other, same, one]) == [one, other]


def test_minima_that_are_known_are_among_them() -> None:
    objective = FormulaObjective.from_text("(a-1)^2 + b^2")
    seen = {HOME: sample(objective, HOME, 24).values}
    found = all_minima(objective, seen, [HOME], [(40.0, 0.0)])
    assert [(each.a, each.b) for each in found] == [pytest.approx((1.0, 0.0)), (40.0, 0.0)]
