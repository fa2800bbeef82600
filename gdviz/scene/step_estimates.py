"""A gradient estimate at one step, written out: its formula, what was drawn, the numbers put in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from gdviz.base.format import latex_name, latex_number
from gdviz.engine.descent.estimates.adaptive import best_steps
from gdviz.engine.descent.estimates.draws import Draws
from gdviz.engine.descent.run_settings import RunSettings
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.objective import Objective
from gdviz.scene.scene import Run
from gdviz.scene.step_latex import (
    Line,
    digits_apart,
    estimate_of,
    fraction,
    line_of,
    partial_of,
    signed_tex,
    tex,
    written,
)


def estimate_lines(objective: Objective, run: Run, step: int) -> tuple[Line, ...]:
    """Return the lines of the estimate at a step; run it under ``np.errstate(all="ignore")``.

    Parameters
    ----------
    objective : Objective
        The function, of which the values are asked for again.
    run : Run
        The method and its path.
    step : int
        A step at which a gradient was taken.
    """
    settings, row = run.settings, run.settings.estimate
    write = _WRITERS.get(row.name, partial(_formula_alone, row.formula))
    if row.is_random and not settings.draws_by_step:  # of several gradients a step
        write = partial(_formula_alone, row.formula)
    counted = CountedObjective(objective, settings.precision)
    point = _Point(counted, run.path.theta[step], settings, step)
    return tuple(write(point, run.path.gradient[step]))


class _Point:
    """A point θ and the step ε, in the arithmetic of the run."""

    def __init__(
        self, counted: CountedObjective, theta: Any, settings: RunSettings, step: int
    ) -> None:
        self.real = counted.real
        self.counted = counted
        self.options = settings.estimate_options
        self.draws = Draws(settings.seed, settings.sample, step)
        self.names = counted.parameters
        self.a, self.b = self.real(theta[0]), self.real(theta[1])
        self.epsilon = self.real(settings.epsilon)
        self._representable = settings.representable_step

    def width(self, i: int, ahead: Any, behind: Any) -> float:
        """Return what a difference is divided by."""
        x = (self.a, self.b)[i]
        return float((x + ahead) - (x + behind) if self._representable else ahead - behind)

    def value(self, i: int, shift: Any) -> float:
        """Return f with component i shifted."""
        a, b = (self.a + shift, self.b) if i == 0 else (self.a, self.b + shift)
        return float(self.counted.value(a, b))

    def value_at(self, a: Any) -> float:
        """Return f(a, b) at another a."""
        return float(self.counted.value(a, self.b))

    def imaginary(self, i: int) -> float:
        """Return Im f with component i shifted by iε."""
        shift = self.epsilon * 1j
        a, b = (self.a + shift, self.b + 0j) if i == 0 else (self.a + 0j, self.b + shift)
        return float(self.counted.complex_value(a, b).imag)


def _f(point: _Point, i: int, shift: str) -> str:
    """Return f at θ with a shift of component i, as LaTeX."""
    first, second = map(latex_name, point.names)
    return (f"f({first}{shift}, {second})", f"f({first}, {second}{shift})")[i]


def _quotient(first: str, second: str, span: str) -> Callable[[_Point, Any], list[Line]]:
    """Return what writes a difference quotient.

    Parameters
    ----------
    first, second : {"+", "-", ""}
        Which way θ is shifted in the first value and in the second.
    span : {"", "2"}
        How many ε lie between them; "" is one.
    """

    def write(point: _Point, gradient: Any) -> list[Line]:
        shifts = {"+": point.epsilon, "-": -point.epsilon, "": point.real(0.0)}
        f_1, f_2 = (rf" {sign} \varepsilon" if sign else "" for sign in (first, second))
        lines = []
        for i, name in enumerate(point.names):
            ahead, behind = point.value(i, shifts[first]), point.value(i, shifts[second])
            width = point.width(i, shifts[first], shifts[second])
            digits = digits_apart(ahead, behind)
            symbols = fraction(f"{_f(point, i, f_1)} - {_f(point, i, f_2)}", rf"{span}\varepsilon")
            difference = f"{latex_number(ahead, digits)} - {signed_tex(behind, digits)}"
            lines += written(name, symbols, fraction(difference, tex(width)), gradient[i])
        return lines

    return write


def _analytic(point: _Point, gradient: Any) -> list[Line]:
    return _formulas(point, map(partial_of, point.names), gradient)


def _complex_step(point: _Point, gradient: Any) -> list[Line]:
    lines = []
    for i, name in enumerate(point.names):
        symbols = fraction(r"\mathrm{Im}\," + _f(point, i, r" + i\varepsilon"), r"\varepsilon")
        numbers = fraction(tex(point.imaginary(i)), tex(float(point.epsilon)))
        lines += written(name, symbols, numbers, gradient[i])
    return lines


def _mistaken(point: _Point, gradient: Any) -> list[Line]:
    in_a = fraction(r"b\,\sigma(\varepsilon x)", r"\varepsilon")
    numbers = fraction(tex(point.value_at(point.epsilon)), tex(float(point.epsilon)))
    return [
        *written("a", in_a, numbers, gradient[0]),
        *written("b", r"\sigma(ax)", "", gradient[1]),
    ]


def _difference(ahead: float, behind: float) -> str:
    """Return two values that are subtracted, with the digits at which they differ."""
    digits = digits_apart(ahead, behind)
    return f"{latex_number(ahead, digits)} - {signed_tex(behind, digits)}"


def _richardson(point: _Point, gradient: Any) -> list[Line]:
    lines = []
    half = point.epsilon * point.real(0.5)
    for i, name in enumerate(point.names):
        near, far = (
            (point.value(i, h) - point.value(i, -h)) / point.width(i, h, -h)
            for h in (half, point.epsilon)
        )
        symbols = fraction(r"4 D(\varepsilon/2) - D(\varepsilon)", "3")
        numbers = fraction(rf"4 \cdot {signed_tex(near, 8)} - {signed_tex(far, 8)}", "3")
        lines += written(name, symbols, numbers, gradient[i])
    return lines


def _adaptive(point: _Point, gradient: Any) -> list[Line]:
    lines = []
    for i, (name, h) in enumerate(
        zip(point.names, best_steps(point.counted, point.a, point.b), strict=True)
    ):
        small = rf"\varepsilon_{latex_name(name)}" if len(name) == 1 else r"\varepsilon"
        ahead, behind = (f" {sign} {small}" for sign in "+-")
        symbols = fraction(f"{_f(point, i, ahead)} - {_f(point, i, behind)}", f"2{small}")
        numbers = fraction(
            _difference(point.value(i, h), point.value(i, -h)), rf"2 \cdot {tex(float(h))}"
        )
        lines += written(name, symbols, numbers, gradient[i])
    return lines


def _forward_mode(point: _Point, gradient: Any) -> list[Line]:
    symbols = [rf"\nabla f \cdot e_{latex_name(name)}" for name in point.names]
    return _formulas(point, symbols, gradient)


def _drawn(symbol: str, parts: Sequence[float]) -> str:
    return rf"{symbol} = ({', '.join(map(tex, parts))})"


def _along(point: _Point, drawn: Sequence[float], symbol: str) -> tuple[str, float]:
    """Return a central difference along a direction as LaTeX, with its numbers, and its value."""
    u_a, u_b = (point.epsilon * u for u in drawn)
    ahead = float(point.counted.value(point.a + u_a, point.b + u_b))
    behind = float(point.counted.value(point.a - u_a, point.b - u_b))
    twice = float(point.epsilon + point.epsilon)
    slope = (ahead - behind) / twice
    shift = rf"\varepsilon {symbol}"
    symbols = fraction(rf"f(\theta + {shift}) - f(\theta - {shift})", r"2\varepsilon")
    numbers = fraction(_difference(ahead, behind), tex(twice))
    return f"s = {symbols} = {numbers} = {tex(slope)}", slope


def _products(
    point: _Point, slope: float, drawn: Sequence[float], sign: str, gradient: Any
) -> list[Line]:
    """Return each component as the slope times, or over, what was drawn."""
    return [
        line_of(rf"{estimate_of(name)} = {signed_tex(slope)} {sign} {signed_tex(u)} = {tex(value)}")
        for name, u, value in zip(point.names, drawn, gradient, strict=True)
    ]


def _spsa(point: _Point, gradient: Any) -> list[Line]:
    drawn = next(point.draws.signs())
    text, slope = _along(point, drawn, r"\Delta")
    lines = [line_of(_drawn(r"\Delta", drawn)), line_of(text)]
    return lines + _products(point, slope, drawn, "/", gradient)


def _gaussian(point: _Point, gradient: Any) -> list[Line]:
    pairs = int(point.options.get("pairs", 1))
    drawn = next(point.draws.normals(2 * pairs))[:2]
    text, slope = _along(point, drawn, "u")
    if pairs == 1:
        lines = [line_of(_drawn("u", drawn)), line_of(text)]
        return lines + _products(point, slope, drawn, r" \cdot ", gradient)
    of_all = rf",\ \mathrm{{the\ first\ of}}\ k = {pairs}"
    return [
        line_of(_drawn("u", drawn) + of_all),
        line_of(text),
        *(
            line_of(
                rf"{estimate_of(name)} = \mathrm{{mean\ of}}\ s\,u_{latex_name(name)} = {tex(x)}"
            )
            for name, x in zip(point.names, gradient, strict=True)
        ),
    ]


def _forward_gradient(point: _Point, gradient: Any) -> list[Line]:
    drawn = next(point.draws.normals())
    slope = float(point.counted.tangent(point.a, point.b, *drawn))
    lines = [line_of(_drawn("u", drawn)), line_of(rf"s = \nabla f \cdot u = {tex(slope)}")]
    return lines + _products(point, slope, drawn, r" \cdot ", gradient)


def _random_coordinate(point: _Point, gradient: Any) -> list[Line]:
    i = next(point.draws.coordinates())
    ahead, behind = point.value(i, point.epsilon), point.value(i, -point.epsilon)
    width = point.width(i, point.epsilon, -point.epsilon)
    up, down = (rf" {sign} \varepsilon" for sign in "+-")
    symbols = r"2 \cdot " + fraction(f"{_f(point, i, up)} - {_f(point, i, down)}", r"2\varepsilon")
    numbers = r"2 \cdot " + fraction(_difference(ahead, behind), tex(width))
    other = point.names[1 - i]
    return [
        *written(point.names[i], symbols, numbers, gradient[i]),
        line_of(rf"{estimate_of(other)} = 0,\ \mathrm{{for\ it\ was\ not\ drawn}}"),
    ]


#: Rows of the data that are written down.
_SHOWN_ROWS = 8


def _mini_batch(point: _Point, gradient: Any) -> list[Line]:
    n = point.counted.rows
    size = min(int(point.options["rows"]), n)
    rows = (next(point.draws.subsets(size, n)) + 1).tolist()
    more = r",\ \ldots" if size > _SHOWN_ROWS else ""
    listed = ", ".join(map(str, rows[:_SHOWN_ROWS])) + more
    lines = [line_of(rf"\mathrm{{rows}}\ {listed}\ \mathrm{{of}}\ n = {n}")]
    symbols = rf"\frac{{{n}}}{{{size}}} \cdot \mathrm{{sum\ over\ these}}"
    for name, value in zip(point.names, gradient, strict=True):
        lines.append(line_of(rf"{estimate_of(name)} = {symbols} = {tex(value)}"))
    return lines


def _formula_alone(formula: str, point: _Point, gradient: Any) -> list[Line]:
    """Write an estimate that takes no numbers, or has no writer of its own."""
    words = formula.replace(" ", r"\ ")
    return _formulas(point, [rf"\mathrm{{{words}}}"] * 2, gradient)


def _formulas(point: _Point, symbols: Iterable[str], gradient: Any) -> list[Line]:
    parts = zip(point.names, symbols, gradient, strict=True)
    return [line for name, text, value in parts for line in written(name, text, "", value)]


#: What writes out an estimate with its numbers, where that takes more than its formula.
_WRITERS: Mapping[str, Callable[[_Point, Any], list[Line]]] = {
    "analytic": _analytic,
    "forward": _quotient("+", "", ""),
    "backward": _quotient("", "-", ""),
    "central": _quotient("+", "-", "2"),
    "richardson": _richardson,
    "adaptive": _adaptive,
    "complex-step": _complex_step,
    "forward-mode": _forward_mode,
    "forward-gradient": _forward_gradient,
    "spsa": _spsa,
    "gaussian": _gaussian,
    "evolution": _gaussian,
    "random-coordinate": _random_coordinate,
    "mini-batch": _mini_batch,
    "mistaken": _mistaken,
    "yours": partial(_formula_alone, "as you derived it"),
}
