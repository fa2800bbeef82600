"""The built-in surfaces, one table: formula, home range, constants and stationary points.

A surface is one line of mathematics in the language of `gdviz.engine.language.formula`; its
gradient and Hessian are derived from that line and never written here. To add a surface, add a row
to `_TABLE`, and its name to one of the `SECTIONS`; `tests/engine/objectives/test_surfaces.py` then
checks the row: each listed point against the formula, and (where the row says `complete`) that the
home range holds no other stationary point. `.ci/typeset_formulas.py` typesets its formula, which is
shipped.

The stationary points hold for all values of the constants within the ranges of their sliders.
Coordinates and values are the doubles nearest to the zeros of the symbolic gradient, refined
with 50 digits.

This module is on the path to the first frame and imports the standard library only.

References
----------
.. [1] M. Jamil and X.-S. Yang, "A literature survey of benchmark functions for global
   optimisation problems", Int. J. Mathematical Modelling and Numerical Optimisation 4 (2013),
   150–194.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from gdviz.base.geometry import Range

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DEFAULT_SURFACE",
    "SECTIONS",
    "SURFACES",
    "ColorScale",
    "Constant",
    "Kind",
    "Range",
    "StationaryPoint",
    "Surface",
    "find_surface",
]

Kind = Literal["minimum", "maximum", "saddle"]
ColorScale = Literal["linear", "sqrt", "log"]

_SURVEY = "Jamil and Yang (2013), A literature survey of benchmark functions"


#: The range of a formula of the person's own, where nothing is better than anything else.
DEFAULT_RANGE = Range(-5.0, 5.0, -5.0, 5.0)


@dataclass(frozen=True, slots=True)
class Constant:
    """A named constant of a formula.

    Attributes
    ----------
    name : str
        As in the formula.
    default : float
        Its value until the person turns it.
    low, high : float
        The slider's range, ``low <= default <= high``; other values may be typed.
    meaning : str
        What it is, for a tooltip.
    """

    name: str
    default: float
    low: float
    high: float
    meaning: str


@dataclass(frozen=True, slots=True)
class StationaryPoint:
    """A point where the surface is level.

    Attributes
    ----------
    a, b : float
        The doubles nearest to its coordinates.
    value : float
        The surface's value there.
    kind : {"minimum", "maximum", "saddle"}
        Minima and maxima may be local.
    smooth : bool
        False where the gradient is undefined: the tip of Ackley's cone.
    degenerate : bool
        True where the Hessian is singular and so does not tell the kind.
    """

    a: float
    b: float
    value: float
    kind: Kind
    smooth: bool = True
    degenerate: bool = False


@dataclass(frozen=True, slots=True)
class Surface:
    """A row of the table: everything the program knows about a surface beside its derivatives.

    Attributes
    ----------
    name : str
        The key in files and on the command line: lower case, hyphens.
    title : str
        The name in menus and captions.
    formula : str
        The surface as text in a, b and the constants.
    home : Range
        The part of the plane that the map shows first.
    start : tuple of float
        (a, b) where descent begins until the person clicks, inside `home`.
    constants : tuple of Constant
        In the order of their sliders.
    points : tuple of StationaryPoint
        Minima by rising value, then maxima, then saddles; all inside `home`.
    complete : bool
        True if `points` holds *every* stationary point inside `home`.
    color_scale : {"linear", "sqrt", "log"}
        How colour follows the height above the lowest value shown; not linear where the
        interesting part would drown in one colour.
    alpha : float
        A learning rate with which descent from `start` shows something within some forty steps.
    remark : str
        What a status sentence says about a surface without a minimum, else empty.
    note : str
        One or two sentences for a tooltip: what the surface is known for.
    source : str
        Where the surface comes from, if that is known.
    data : str
        The key of its data in :data:`gdviz.engine.objectives.datasets.DATASETS`; empty if it has
        none.
    model : str
        What the surface fits to the data, for each row: a prediction of the column `target`, or
        the argument of a classifier, which is on the boundary where it is 0.
    target : str
        The column that is fitted.
    labels : (float, float) or None
        What `target` holds for two classes: −1 and 1, where the model is a classifier's argument, 0
        and 1, where it is a probability.
    """

    name: str
    title: str
    formula: str
    home: Range
    start: tuple[float, float]
    constants: tuple[Constant, ...] = ()
    points: tuple[StationaryPoint, ...] = ()
    complete: bool = True
    color_scale: ColorScale = "linear"
    alpha: float = 0.1
    remark: str = ""
    note: str = ""
    source: str = ""
    data: str = ""
    model: str = ""
    target: str = "y"
    labels: tuple[float, float] | None = None

    @property
    def defaults(self) -> dict[str, float]:
        """The constants' default values by name, in a new dict."""
        return {constant.name: constant.default for constant in self.constants}

    @property
    def minima(self) -> tuple[StationaryPoint, ...]:
        """The listed minima, the lowest first."""
        return tuple(point for point in self.points if point.kind == "minimum")


def _points(kind: Kind, *rows: tuple[float, float, float]) -> tuple[StationaryPoint, ...]:
    """Make ordinary stationary points of one kind from rows (a, b, value)."""
    return tuple(StationaryPoint(a, b, value, kind) for a, b, value in rows)


_INPUT = Constant("x", 1.0, -5.0, 5.0, "the unit's input")

_TABLE: tuple[Surface, ...] = (
    Surface(
        name="sigmoid-unit",
        title="Sigmoid unit",
        formula="b*sigmoid(a*x)",
        home=Range(-6.0, 6.0, -4.0, 5.0),
        start=(1.5, 4.0),
        constants=(_INPUT,),
        alpha=0.4,
        remark="f = b·σ(ax) has no minimum",
        note="The output of one sigmoid unit, minimised as it stands. It falls without bound "
        "towards negative b, so no descent on it can converge.",
    ),
    Surface(
        name="sigmoid-fit",
        title="Sigmoid fit",
        formula="(b*sigmoid(a*x) - t)^2/2",
        home=Range(-6.0, 6.0, -4.0, 5.0),
        start=(-3.2, 2.6),
        constants=(_INPUT, Constant("t", 0.8, -3.0, 3.0, "the target for the output")),
        complete=False,  # the minima are a curve, not points
        color_scale="sqrt",
        alpha=1.1,
        note="The squared error of one sigmoid unit on one example. Every point of the curve "
        "b·σ(ax) = t is a minimum with value 0: a valley, no single best point.",
    ),
    Surface(
        name="nested-sigmoid",
        title="Nested sigmoid",
        formula="sigmoid(b*sigmoid(a*x))",
        home=Range(-6.0, 6.0, -4.0, 5.0),
        start=(1.5, 4.0),
        constants=(_INPUT,),
        alpha=2.0,
        remark="f = σ(b·σ(ax)) has no minimum",
        note="A sigmoid unit that feeds another, minimised as it stands: it falls towards 0, which "
        "it never reaches. Less can be reused for a shift of b than on the sigmoid unit.",
    ),
    Surface(
        name="nested-fit",
        title="Nested sigmoid fit",
        formula="(sigmoid(b*sigmoid(a*x)) - t)^2/2",
        home=Range(-6.0, 6.0, -4.0, 5.0),
        start=(-2.0, -1.0),
        constants=(
            _INPUT,
            Constant("t", 0.8, 0.05, 0.95, "the target for the output, between 0 and 1"),
        ),
        complete=False,  # the minima are a curve, not points
        color_scale="sqrt",
        alpha=15.0,
        note="The squared error of two sigmoid units in a chain on one example. Every point of "
        "the curve σ(b·σ(ax)) = t is a minimum with value 0.",
    ),
    Surface(
        name="three-units",
        title="Network of three units",
        formula="(2*sigmoid(6*sigmoid(a + b) - 2) - 2*sigmoid(8*sigmoid(a + b) - 5) - 0.5)^2"
        " + (2*sigmoid(6*sigmoid(b - 2*a) - 2) - 2*sigmoid(8*sigmoid(b - 2*a) - 5) - 0.3)^2",
        home=Range(-2.5, 2.5, -2.5, 2.5),
        start=(0.2, 0.3),
        points=(
            *_points(
                "minimum",
                (-0.964163970385091, -0.6024000907817191, 0.0),
                (-0.1538649831760757, 1.0181978836363117, 0.0),
                (0.4089915415950469, -1.975555602761857, 0.0),
                (1.2192905288040623, -0.35495762834382627, 0.0),
            ),
            *_points("maximum", (0.0, -0.17306274431554222, 0.6057088469262897)),
            *_points(
                "saddle",
                (-0.4996635314346684, 0.3266007871191262, 0.19462237211731753),
                (0.8734919805454696, -1.0465547248610119, 0.19462237211731753),
                (-0.46450043895042264, -1.1020636222163875, 0.4110864748089721),
                (0.34579854825859274, 0.5185343522016432, 0.4110864748089721),
            ),
        ),
        color_scale="sqrt",
        alpha=0.2,
        note="Weight a and bias b of the first of three hidden units, which feeds the other two, "
        "fitted to two examples: x = 1 and x = −2. A shift of either changes all three units, so "
        "a difference can reuse next to nothing.",
    ),
    Surface(
        name="sphere",
        title="Sphere",
        formula="a^2 + b^2",
        home=Range(-3.0, 3.0, -3.0, 3.0),
        start=(-2.2, 1.6),
        points=_points("minimum", (0.0, 0.0, 0.0)),
        alpha=0.1,
        note="The easiest bowl: the gradient points straight away from the minimum, and "
        "each step shortens the distance by the same factor.",
        source=_SURVEY,
    ),
    Surface(
        name="quadratic",
        title="Ill-conditioned quadratic",
        formula="(a^2 + kappa*b^2)/2",
        home=Range(-6.0, 6.0, -3.0, 3.0),
        start=(5.0, 2.0),
        constants=(
            Constant("kappa", 25.0, 1.0, 1000.0, "how many times more curved along b than along a"),
        ),
        points=_points("minimum", (0.0, 0.0, 0.0)),
        color_scale="sqrt",
        alpha=0.07,
        note="A bowl with condition number κ: descent zigzags across the steep side while it "
        "creeps along the flat one, and diverges for α above 2/κ.",
    ),
    Surface(
        name="rosenbrock",
        title="Rosenbrock",
        formula="(1 - a)^2 + 100*(b - a^2)^2",
        home=Range(-2.0, 2.0, -1.0, 3.0),
        start=(-1.2, 1.0),
        points=_points("minimum", (1.0, 1.0, 0.0)),
        color_scale="log",
        alpha=0.001,
        note="The banana valley: easily entered, then nearly level along a curved floor. Gradient "
        "descent needs thousands of steps from the classical start.",
        source="Rosenbrock (1960), An automatic method for finding the greatest or least value "
        "of a function, The Computer Journal 3",
    ),
    Surface(
        name="himmelblau",
        title="Himmelblau",
        formula="(a^2 + b - 11)^2 + (a + b^2 - 7)^2",
        home=Range(-5.0, 5.0, -5.0, 5.0),
        start=(0.0, 0.0),
        points=(
            *_points(
                "minimum",
                (-3.779310253377747, -3.2831859912861696, 0.0),
                (-2.805118086952745, 3.131312518250573, 0.0),
                (3.0, 2.0, 0.0),
                (3.5844283403304917, -1.8481265269644036, 0.0),
            ),
            *_points("maximum", (-0.2708445906673476, -0.9230385564799815, 181.6165215225827)),
            *_points(
                "saddle",
                (3.385154183607021, 0.07385187983774928, 13.31192627040559),
                (0.08667750455539636, 2.884254701174776, 67.71915008752615),
                (-3.0730257507643897, -0.08135304428796751, 104.0151629175581),
                (-0.12796134673068008, -1.9537149802445763, 178.33723920192747),
            ),
        ),
        color_scale="sqrt",
        alpha=0.01,
        note="Four minima, all with value 0, around one hill: the start decides which one "
        "descent finds.",
        source="Himmelblau (1972), Applied Nonlinear Programming",
    ),
    Surface(
        name="beale",
        title="Beale",
        formula="(1.5 - a + a*b)^2 + (2.25 - a + a*b^2)^2 + (2.625 - a + a*b^3)^2",
        home=Range(-4.5, 4.5, -4.5, 4.5),
        start=(1.0, 1.0),
        points=(
            *_points("minimum", (3.0, 0.5, 0.0)),
            *_points(
                "saddle",
                (0.10053793732415836, -2.644513585023125, 9.86451228475556),
                (0.0, 1.0, 14.203125),
            ),
        ),
        color_scale="log",
        alpha=0.01,
        note="Flat valleys that meet in a cross, with steep walls at the corners: one learning "
        "rate is too small for the floor and too large for the walls.",
        source="Beale (1958), On an iterative method for finding a local minimum of a function "
        "of more than one variable",
    ),
    Surface(
        name="booth",
        title="Booth",
        formula="(a + 2*b - 7)^2 + (2*a + b - 5)^2",
        home=Range(-10.0, 10.0, -10.0, 10.0),
        start=(-6.0, 7.0),
        points=_points("minimum", (1.0, 3.0, 0.0)),
        color_scale="sqrt",
        alpha=0.05,
        note="A tilted bowl, the least squares of two linear equations; its Hessian has "
        "condition number 9.",
        source=_SURVEY,
    ),
    Surface(
        name="matyas",
        title="Matyas",
        formula="0.26*(a^2 + b^2) - 0.48*a*b",
        home=Range(-10.0, 10.0, -10.0, 10.0),
        start=(-8.0, 3.0),
        points=_points("minimum", (0.0, 0.0, 0.0)),
        color_scale="sqrt",
        alpha=0.5,
        note="A long shallow trough along a = b: descent drops into it at once and then crawls.",
        source=_SURVEY,
    ),
    Surface(
        name="goldstein-price",
        title="Goldstein–Price",
        formula="(1 + (a + b + 1)^2*(19 - 14*a + 3*a^2 - 14*b + 6*a*b + 3*b^2))"
        "*(30 + (2*a - 3*b)^2*(18 - 32*a + 12*a^2 + 48*b - 36*a*b + 27*b^2))",
        home=Range(-2.0, 2.0, -2.0, 2.0),
        start=(-0.4, -0.1),
        points=(
            *_points(
                "minimum",
                (0.0, -1.0, 3.0),
                (-0.6, -0.4, 30.0),
                (1.8, 0.2, 84.0),
                (1.2, 0.8, 840.0),
            ),
            *_points("maximum", (0.8, 0.2, 1155.0)),
            *_points(
                "saddle",
                (-0.4, -0.6, 35.0),
                (1.2, -0.2, 99.0),
                (1.4, 0.6, 980.0),
                (0.6, 0.4, 990.0),
            ),
        ),
        color_scale="log",
        alpha=1e-4,
        note="From 3 to a million within one small square: a learning rate that is right at one "
        "point throws descent off the map at another.",
        source="Goldstein and Price (1971), On descent from local minima, Mathematics of "
        "Computation 25",
    ),
    Surface(
        name="three-hump-camel",
        title="Three-hump camel",
        formula="2*a^2 - 1.05*a^4 + a^6/6 + a*b + b^2",
        home=Range(-2.5, 2.5, -2.5, 2.5),
        start=(2.0, 1.8),
        points=(
            *_points(
                "minimum",
                (0.0, 0.0, 0.0),
                (-1.7475523458302888, 0.8737761729151444, 0.2986384422368598),
                (1.7475523458302888, -0.8737761729151444, 0.2986384422368598),
            ),
            *_points(
                "saddle",
                (-1.07054229182366, 0.53527114591183, 0.8773615577631402),
                (1.07054229182366, -0.53527114591183, 0.8773615577631402),
            ),
        ),
        color_scale="sqrt",
        alpha=0.05,
        note="Three minima in a row; the middle one is the lowest, and descent from the outside "
        "stops in one of the other two.",
        source=_SURVEY,
    ),
    Surface(
        name="six-hump-camel",
        title="Six-hump camel",
        formula="(4 - 2.1*a^2 + a^4/3)*a^2 + a*b + (4*b^2 - 4)*b^2",
        home=Range(-2.0, 2.0, -1.25, 1.25),
        start=(0.4, 1.1),
        points=(
            *_points(
                "minimum",
                (-0.08984201310031806, 0.7126564030207396, -1.0316284534898774),
                (0.08984201310031806, -0.7126564030207396, -1.0316284534898774),
                (-1.703606714969981, 0.7960835686726251, -0.21546382438371764),
                (1.703606714969981, -0.7960835686726251, -0.21546382438371764),
                (-1.6071047529201972, -0.5686514548841314, 2.1042503103112584),
                (1.6071047529201972, 0.5686514548841314, 2.1042503103112584),
            ),
            *_points(
                "maximum",
                (-1.2302298765166526, -0.16233458445899496, 2.496295351023577),
                (1.2302298765166526, 0.16233458445899496, 2.496295351023577),
            ),
            *_points(
                "saddle",
                (0.0, 0.0, 0.0),
                (-1.1092053368047865, 0.7682680925095399, 0.5437186009781851),
                (1.1092053368047865, -0.7682680925095399, 0.5437186009781851),
                (-1.6380679841897785, -0.22867406904439408, 2.2293571975307147),
                (1.6380679841897785, 0.22867406904439408, 2.2293571975307147),
                (-1.2960702671671092, -0.6050843880386585, 2.22947081802986),
                (1.2960702671671092, 0.6050843880386585, 2.22947081802986),
            ),
        ),
        alpha=0.02,
        note="Six minima in three mirrored pairs; the lowest pair shares the value −1.0316.",
        source="Dixon and Szegő (1978), The global optimization problem: an introduction, "
        "Towards Global Optimisation 2",
    ),
    Surface(
        name="mccormick",
        title="McCormick",
        formula="sin(a + b) + (a - b)^2 - 1.5*a + 2.5*b + 1",
        home=Range(-1.5, 4.0, -3.0, 4.0),
        start=(3.5, -2.0),
        points=(
            *_points(
                "minimum",
                (-0.5471975511965977, -1.5471975511965979, -1.9132229549810364),
                (2.5943951023931957, 1.5943951023931955, 1.2283696986087569),
            ),
            *_points("saddle", (1.5471975511965979, 0.5471975511965977, 1.9132229549810364)),
        ),
        color_scale="sqrt",
        alpha=0.1,
        note="A wavy trough along a = b; the second minimum lies exactly (π, π) away from the "
        "first, and π higher.",
        source=_SURVEY,
    ),
    Surface(
        name="styblinski-tang",
        title="Styblinski–Tang",
        formula="(a^4 - 16*a^2 + 5*a + b^4 - 16*b^2 + 5*b)/2",
        home=Range(-5.0, 5.0, -5.0, 5.0),
        start=(4.5, -0.5),
        points=(
            *_points(
                "minimum",
                (-2.903534027771177, -2.903534027771177, -78.33233140754282),
                (-2.903534027771177, 2.746802770990837, -64.19561235905536),
                (2.746802770990837, -2.903534027771177, -64.19561235905536),
                (2.746802770990837, 2.746802770990837, -50.05889331056788),
            ),
            *_points("maximum", (0.1567312567803401, 0.1567312567803401, 0.39122471811071613)),
            *_points(
                "saddle",
                (-2.903534027771177, 0.1567312567803401, -38.97055334471606),
                (0.1567312567803401, -2.903534027771177, -38.97055334471606),
                (0.1567312567803401, 2.746802770990837, -24.833834296228584),
                (2.746802770990837, 0.1567312567803401, -24.833834296228584),
            ),
        ),
        alpha=0.01,
        note="Two wells in a and two in b, independent of each other: four minima, one of them "
        "the lowest.",
        source="Styblinski and Tang (1990), Experiments in nonconvex optimization, Neural "
        "Networks 3",
    ),
    Surface(
        name="rastrigin",
        title="Rastrigin",
        formula="20 + a^2 + b^2 - 10*(cos(2*pi*a) + cos(2*pi*b))",
        home=Range(-5.12, 5.12, -5.12, 5.12),
        start=(-3.3, 2.7),
        points=_points("minimum", (0.0, 0.0, 0.0)),
        complete=False,
        alpha=0.002,
        note="A bowl with a regular grid of dents: descent stops in the nearest of 121 minima. "
        "Only the global minimum is listed.",
        source="Rastrigin (1974), Systems of Extremal Control",
    ),
    Surface(
        name="ackley",
        title="Ackley",
        formula="-20*exp(-0.2*sqrt((a^2 + b^2)/2)) - exp((cos(2*pi*a) + cos(2*pi*b))/2) + e + 20",
        home=Range(-5.0, 5.0, -5.0, 5.0),
        start=(-3.4, 2.7),
        points=(StationaryPoint(0.0, 0.0, 0.0, "minimum", smooth=False),),
        complete=False,
        alpha=0.05,
        note="A dented plain around one deep funnel. Its tip is a cone without a gradient; only "
        "this global minimum is listed.",
        source="Ackley (1987), A Connectionist Machine for Genetic Hillclimbing",
    ),
    Surface(
        name="flower",
        title="Flower",
        formula="a*sin(b) + b*sin(a) + a^2 + b^2",
        home=Range(-6.0, 6.0, -6.0, 6.0),
        start=(-5.0, 4.0),
        points=(StationaryPoint(0.0, 0.0, 0.0, "minimum", degenerate=True),),
        color_scale="sqrt",
        alpha=0.1,
        note="A bowl with a wavy rim. Along a = −b its floor is flat to the fourth order (the "
        "Hessian is singular there), so descent slows down more and more.",
    ),
    Surface(
        name="two-gaussians",
        title="Two Gaussians",
        formula="-exp(-((a + 1.5)^2 + (b + 1)^2)/2) - 1.5*exp(-((a - 1.5)^2 + (b - 1)^2)/3)",
        home=Range(-4.0, 4.0, -4.0, 4.0),
        start=(-2.6, 1.4),
        points=(
            *_points(
                "minimum",
                (1.495406064541058, 0.9969373763607053, -1.5015184028720943),
                (-1.4559182244703777, -0.9706121496469184, -1.0209357727674395),
            ),
            *_points("saddle", (-0.24547755612702565, -0.16365170408468377, -0.6668415434833438)),
        ),
        alpha=0.3,
        note="Two wells, one deeper and wider, in a plain where the gradient fades: the start "
        "decides between them, and far away hardly anything moves.",
    ),
    Surface(
        name="peaks",
        title="Peaks",
        formula="3*(1 - a)^2*exp(-a^2 - (b + 1)^2) - 10*(a/5 - a^3 - b^5)*exp(-a^2 - b^2)"
        " - exp(-(a + 1)^2 - b^2)/3",
        home=Range(-3.0, 3.0, -3.0, 3.0),
        start=(-0.4, 1.2),
        points=(
            *_points(
                "minimum",
                (0.22827892055636909, -1.6255349574999964, -6.551133332835837),
                (-1.3473962443682108, 0.20451886609700518, -3.04984940280026),
                (0.2964455538468321, 0.32019624766683435, -0.06493586825552689),
            ),
            *_points(
                "maximum",
                (1.285684697241304, -0.004847559075593672, 3.592489918002754),
                (-0.46002451803438665, -0.6291965087168009, 3.7765809985322067),
                (-0.009317581959954116, 1.5813679629389998, 8.106213589442337),
            ),
            *_points(
                "saddle",
                (0.4163233216785082, -0.3941450984024246, 0.4085479245941372),
                (-0.2659375568372457, 0.4667399937262694, 0.7882934626789642),
                (1.0982728343350927, 0.8544609795247524, 2.2491916615269307),
            ),
        ),
        alpha=0.02,
        note="Three hills and three hollows in a plain, known from MATLAB's plotting examples.",
        source="MATLAB, the function peaks",
    ),
    Surface(
        name="linear-regression",
        title="Linear regression",
        formula="mean((a*x + b - y)^2)",
        home=Range(-2.0, 3.0, -2.0, 3.0),
        start=(-1.2, -1.0),
        points=_points("minimum", (0.7914899776760121, 0.4983550256373802, 0.15150208805257318)),
        color_scale="sqrt",
        alpha=0.3,
        note="The mean squared error of a line y = ax + b. A quadratic bowl: convex, with one "
        "minimum, which has a closed form.",
        data="line",
        model="a*x + b",
    ),
    Surface(
        name="logistic-regression",
        title="Logistic regression",
        formula="sum(log(1 + exp(-y*(a*x1 + b*x2))))",
        home=Range(-2.0, 4.0, -2.0, 4.0),
        start=(-1.2, 2.6),
        points=_points("minimum", (1.4529171560693515, 0.84285465203937, 16.297270768307463)),
        color_scale="sqrt",
        alpha=0.05,
        note="The log loss of a two-class classifier, with labels −1 and 1: convex. If the "
        "classes can be separated, it has no minimum.",
        data="two-classes",
        model="a*x1 + b*x2",
        labels=(-1.0, 1.0),
    ),
    Surface(
        name="one-feature-logistic",
        title="Logistic regression on one feature",
        formula="mean(softplus(a*x + b) - y*(a*x + b))",
        home=Range(-2.0, 4.0, -4.0, 2.0),
        start=(-1.2, 1.2),
        points=_points("minimum", (1.1985643575236616, -0.885271887000728, 0.4180265258082824)),
        color_scale="sqrt",
        alpha=1.0,
        note="The mean cross-entropy of a probability σ(ax + b), with a slope and an intercept, to "
        "zeros and ones: convex. Where a threshold parts them, it has no minimum.",
        data="yes-no",
        model="sigmoid(a*x + b)",
        labels=(0.0, 1.0),
    ),
    Surface(
        name="sigmoid-regression",
        title="Sigmoid regression",
        formula="mean((b*sigmoid(a*x) - y)^2)",
        home=Range(-3.0, 5.0, -2.0, 5.0),
        start=(-1.5, 3.5),
        points=_points("minimum", (1.782770134492016, 2.4345541515972546, 0.05984466735868385)),
        color_scale="sqrt",
        alpha=0.6,
        note="The mean squared error of one sigmoid unit on many examples. The valley in the fit "
        "of one example becomes a single minimum.",
        data="s-curve",
        model="b*sigmoid(a*x)",
    ),
    Surface(
        name="saddle",
        title="Saddle",
        formula="a^2 - b^2",
        home=Range(-3.0, 3.0, -3.0, 3.0),
        start=(-2.5, 0.08),
        points=_points("saddle", (0.0, 0.0, 0.0)),
        alpha=0.05,
        remark="f = a² − b² has no minimum",
        note="Descent runs towards the saddle, lingers, and is thrown off along b, where the "
        "surface falls without bound. From b = 0 exactly it ends on the saddle.",
    ),
    Surface(
        name="monkey-saddle",
        title="Monkey saddle",
        formula="a^3 - 3*a*b^2",
        home=Range(-2.0, 2.0, -2.0, 2.0),
        start=(1.6, 0.1),
        points=(StationaryPoint(0.0, 0.0, 0.0, "saddle", degenerate=True),),
        alpha=0.03,
        remark="f = a³ − 3ab² has no minimum",
        note="Three valleys and three ridges meet in a point where the Hessian is zero; along "
        "each valley the surface falls without bound.",
    ),
)

SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Sigmoid units": (
            "sigmoid-unit", "sigmoid-fit", "nested-sigmoid", "nested-fit", "three-units",
        ),
        "Fits to data": (
            "linear-regression", "logistic-regression", "one-feature-logistic",
            "sigmoid-regression",
        ),
        "One minimum": (
            "sphere", "quadratic", "rosenbrock", "beale", "booth", "matyas", "flower",
        ),
        "Several minima": (
            "himmelblau", "goldstein-price", "three-hump-camel", "six-hump-camel", "mccormick",
            "styblinski-tang", "rastrigin", "ackley", "two-gaussians", "peaks",
        ),
        "Saddles": ("saddle", "monkey-saddle"),
    }
)  # fmt: skip
"""The sections of the menu, and the names of the surfaces in each; read-only."""

_BY_NAME = {surface.name: surface for surface in _TABLE}
SURFACES: Mapping[str, Surface] = MappingProxyType(
    {name: _BY_NAME[name] for names in SECTIONS.values() for name in names}
)
"""The surfaces by name, in the order of the menu; read-only."""

DEFAULT_SURFACE = "sigmoid-unit"


def find_surface(name: str) -> Surface:
    """Return the built-in surface of that name.

    Parameters
    ----------
    name : str
        A key of `SURFACES`.

    Returns
    -------
    Surface
        The row of the table.

    Raises
    ------
    ValueError
        If there is none; the message is one sentence that offers the nearest names, or says
        where all of them are.
    """
    try:
        return SURFACES[name]
    except KeyError:
        pass
    shown = name if len(name) <= 40 else name[:39] + "…"
    wanted = "-".join(shown.lower().replace("_", " ").replace("–", " ").split())
    near = difflib.get_close_matches(wanted, SURFACES, n=3, cutoff=0.6)
    # get_close_matches knows no prefixes: "three" or "camel" is far from "three-hump-camel".
    near += [key for key in SURFACES if wanted and wanted in key and key not in near]
    hint = f"did you mean {' or '.join(near)}?" if near else "gdviz surfaces lists the names"
    raise ValueError(f"unknown surface {shown!r}: {hint}")
