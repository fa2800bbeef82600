"""One step under the magnifier: the arithmetic of an estimate and its update, with numbers.

A line is written as LaTeX, for a typeset label; plain text, for where there is no time to typeset
and for screen readers, is read off that.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from gdviz.base.format import latex_name, latex_number, number, typographic
from gdviz.engine.language.parser import PARAMETERS
from gdviz.engine.objectives.counting import CountedObjective
from gdviz.engine.objectives.objective import Objective
from gdviz.scene.gradient_text import why_no_gradient
from gdviz.scene.scene import Run

DIGITS = 5  #: significant digits of the numbers put in


@dataclass(frozen=True)
class Line:
    """A line of mathematics.

    Attributes
    ----------
    latex, plain : str
        The same, twice.
    """

    latex: str
    plain: str


@dataclass(frozen=True)
class StepReport:
    """What a method did at one step.

    Attributes
    ----------
    estimate : tuple of Line
        ĝ, two lines a component: the formula; the numbers put in and the result.
    exact : tuple of Line
        ∇f by component; empty where it is not known.
    update : tuple of Line
        The new a and b; empty where there was no update.
    verdict : str
        Evaluations, error and angle, in a sentence.
    note : str
        What is wrong with the estimate as such; empty for most.
    """

    estimate: tuple[Line, ...]
    exact: tuple[Line, ...]
    update: tuple[Line, ...]
    verdict: str
    note: str = ""


def step_report(objective: Objective, run: Run, step: int) -> StepReport:
    """Work out a step of a run again, and write it down.

    Parameters
    ----------
    objective : Objective
        The function.
    run : Run
        The method and its path.
    step : int
        From 0; past the path's end it is the last point.
    """
    path = run.path
    step = min(step, len(path) - 1)
    at, gradient = path.theta[step].tolist(), path.exact_gradient[step].tolist()
    no_gradient = why_no_gradient(objective, at, gradient)
    exact = (
        ()
        if no_gradient
        else tuple(
            _line(f"{_partial(name)} = {_tex(value)}")
            for name, value in zip(objective.parameters, gradient, strict=True)
        )
    )
    if step >= path.gradients_taken:
        sentence = (
            "No gradient was taken at the last point, from which no step leads on: "
            f"{path.sentence}."
        )
        return StepReport((), exact, (), sentence)
    settings, row = run.settings, run.settings.estimate
    update = _update(run, step, settings.alpha_at(step), objective.parameters)
    if not settings.rule.uses_gradient:
        values = int(path.values[step])
        return StepReport((), exact, update, f"{values} evaluations, and no gradient among them")
    counted = CountedObjective(objective, settings.precision)
    with np.errstate(all="ignore"):
        point = _Point(counted, path.theta[step], settings.epsilon, settings.representable_step)
        write = _ESTIMATES.get(row.name, partial(_formula_alone, row.formula))
        estimate = tuple(write(point, path.gradient[step]))
    return StepReport(
        estimate,
        exact,
        update,
        _verdict(run, step, no_gradient),
        row.note,
    )


# -- LaTeX and plain text


def _tex(value: float) -> str:
    return latex_number(value, DIGITS)


def _signed_tex(value: float, digits: int = DIGITS) -> str:
    text = latex_number(value, digits)
    return rf"\left({text}\right)" if value < 0 else text


def _partial(name: str) -> str:
    return rf"\frac{{\partial f}}{{\partial {latex_name(name)}}}"


def _estimate_of(name: str) -> str:
    below = latex_name(name)
    return rf"\hat{{g}}_{below}" if len(below) == 1 else rf"\hat{{g}}_{{{below}}}"


#: What LaTeX stands for, in the order in which it is replaced.
_PLAIN = {
    r"\partial ": "∂", r"\varepsilon ": "ε", r"\varepsilon": "ε", r"\alpha": "α", r"\sigma": "σ",
    r"\hat{g}": "ĝ", r"\leftarrow": "←", r"\infty": "inf", r"\left(": "(", r"\right)": ")",
    r"\mathrm{Im}\,": "Im ", r"\,": "·", r" \cdot ": "·", r"\ ": " ", "-": "−",
}  # fmt: skip
_POWER_OF_TEN = re.compile(r"(-?[\d.]+) \\cdot 10\^\{(-?\d+)\}")
_COMMAND = re.compile(r"\\(?!frac|left|right)")
_BELOW = re.compile(r"_\{([^{}]*)\}")
_WORDS = re.compile(r"\\mathrm\{([^{}]*)\}")
_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")


def _line(latex: str) -> Line:
    """Return a line of this module's LaTeX, with what it is as plain text."""
    plain = _POWER_OF_TEN.sub(lambda found: typographic(f"{found[1]}e{found[2]}"), latex)
    for command, text in _PLAIN.items():
        plain = plain.replace(command, text)
    plain = _COMMAND.sub("", _WORDS.sub(r"\1", plain))
    plain = _BELOW.sub(r"_\1", _BELOW.sub(r"_\1", plain))  # there is x_1 below ĝ
    return Line(latex, _FRACTION.sub(_one_line, plain))


def _one_line(fraction: re.Match[str]) -> str:
    top, bottom = fraction.groups()
    return f"({top})/{bottom}" if " " in top else f"{top}/{bottom}"


def _digits_apart(one: float, other: float) -> int:
    """Return the digits at which two numbers are seen to differ, and three more of them."""
    size, apart = max(abs(one), abs(other)), abs(one - other)
    if not (0.0 < apart < math.inf and size < math.inf):
        return DIGITS
    return min(max(DIGITS, 3 + math.ceil(math.log10(size / apart))), 17)


# -- the estimates


class _Point:
    """A point θ and the step ε, in the arithmetic of the run."""

    def __init__(
        self, counted: CountedObjective, theta: Any, epsilon: float, representable: bool
    ) -> None:
        self.real = counted.real
        self.names = counted.parameters
        self.a, self.b = self.real(theta[0]), self.real(theta[1])
        self.epsilon = self.real(epsilon)
        self._counted = counted
        self._representable = representable

    def width(self, i: int, ahead: Any, behind: Any) -> float:
        """Return what a difference is divided by."""
        x = (self.a, self.b)[i]
        return float((x + ahead) - (x + behind) if self._representable else ahead - behind)

    def value(self, i: int, shift: Any) -> float:
        """Return f with component i shifted."""
        a, b = (self.a + shift, self.b) if i == 0 else (self.a, self.b + shift)
        return float(self._counted.value(a, b))

    def value_at(self, a: Any) -> float:
        """Return f(a, b) at another a."""
        return float(self._counted.value(a, self.b))

    def imaginary(self, i: int) -> float:
        """Return Im f with component i shifted by iε."""
        shift = self.epsilon * 1j
        a, b = (self.a + shift, self.b + 0j) if i == 0 else (self.a + 0j, self.b + shift)
        return float(self._counted.complex_value(a, b).imag)


def _f(point: _Point, i: int, shift: str) -> str:
    """Return f at θ with a shift of component i, as LaTeX."""
    first, second = map(latex_name, point.names)
    return (f"f({first}{shift}, {second})", f"f({first}, {second}{shift})")[i]


def _written(name: str, symbols: str, numbers: str, result: float) -> list[Line]:
    """Return two lines: the formula of a component, and the numbers put in with the result."""
    put_in = f"= {numbers} " if numbers else ""
    return [_line(f"{_estimate_of(name)} = {symbols}"), _line(f"{put_in}= {_tex(result)}")]


def _fraction(top: str, bottom: str) -> str:
    return rf"\frac{{{top}}}{{{bottom}}}"


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
            digits = _digits_apart(ahead, behind)
            symbols = _fraction(f"{_f(point, i, f_1)} - {_f(point, i, f_2)}", rf"{span}\varepsilon")
            difference = f"{latex_number(ahead, digits)} - {_signed_tex(behind, digits)}"
            lines += _written(name, symbols, _fraction(difference, _tex(width)), gradient[i])
        return lines

    return write


def _analytic(point: _Point, gradient: Any) -> list[Line]:
    return _formulas(point, map(_partial, point.names), gradient)


def _complex_step(point: _Point, gradient: Any) -> list[Line]:
    lines = []
    for i, name in enumerate(point.names):
        symbols = _fraction(r"\mathrm{Im}\," + _f(point, i, r" + i\varepsilon"), r"\varepsilon")
        numbers = _fraction(_tex(point.imaginary(i)), _tex(float(point.epsilon)))
        lines += _written(name, symbols, numbers, gradient[i])
    return lines


def _mistaken(point: _Point, gradient: Any) -> list[Line]:
    in_a = _fraction(r"b\,\sigma(\varepsilon x)", r"\varepsilon")
    numbers = _fraction(_tex(point.value_at(point.epsilon)), _tex(float(point.epsilon)))
    return [
        *_written("a", in_a, numbers, gradient[0]),
        *_written("b", r"\sigma(ax)", "", gradient[1]),
    ]


def _formula_alone(formula: str, point: _Point, gradient: Any) -> list[Line]:
    """Write an estimate that takes no numbers, or has no writer of its own."""
    words = formula.replace(" ", r"\ ")
    return _formulas(point, [rf"\mathrm{{{words}}}"] * 2, gradient)


def _formulas(point: _Point, symbols: Iterable[str], gradient: Any) -> list[Line]:
    parts = zip(point.names, symbols, gradient, strict=True)
    return [line for name, text, value in parts for line in _written(name, text, "", value)]


#: What writes out an estimate with its numbers, where that takes more than its formula.
_ESTIMATES: Mapping[str, Callable[[_Point, Any], list[Line]]] = {
    "analytic": _analytic,
    "forward": _quotient("+", "", ""),
    "backward": _quotient("", "-", ""),
    "central": _quotient("+", "-", "2"),
    "complex-step": _complex_step,
    "mistaken": _mistaken,
    "yours": partial(_formula_alone, "as you derived it"),
}


def derivation_lines(
    formulas: Sequence[tuple[str, str]],
    gradient: Sequence[float],
    parameters: tuple[str, str] = PARAMETERS,
    *,
    exact: bool = True,
) -> tuple[Line, ...]:
    """Return a gradient that has a formula written out: that, the numbers put in, the result.

    Parameters
    ----------
    formulas : sequence of (str, str)
        Symbols and numbers by component, from
        :func:`gdviz.engine.language.latex_derivatives.gradient_latex` or
        :func:`gdviz.engine.language.latex.candidate_latex`.
    gradient : sequence of float
        The results.
    parameters : (str, str), default ("a", "b")
        What the person calls the parameters.
    exact : bool, default True
        Whether it is ∂f/∂θᵢ for sure; else it is what a person says.
    """
    lines = []
    for name, (symbols, numbers), value in zip(parameters, formulas, gradient, strict=False):
        derivative = f"{_partial(name)} = " if exact else ""
        words = f"∂f/∂{name}" if exact else "as you derived it"
        lines += [
            Line(f"{_estimate_of(name)} = {derivative}{symbols}", f"ĝ_{name} = {words}"),
            Line(f"= {numbers} = {_tex(value)}", f"= the numbers put in = {number(value, DIGITS)}"),
        ]
    return tuple(lines)


# -- update and verdict


def _update(run: Run, step: int, alpha: float, parameters: tuple[str, str]) -> tuple[Line, ...]:
    """Return a ← a − αĝ with numbers, or another rule's update and the step that came out."""
    path = run.path
    if step >= path.updates:
        return ()
    here, there = path.theta[step], path.theta[step + 1]
    names = tuple(map(latex_name, parameters))
    if run.method.rule == "gd":
        return tuple(
            _line(
                rf"{name} \leftarrow {name} - \alpha\,{_estimate_of(parameters[i])} "
                rf"= {_tex(here[i])} - "
                rf"{_tex(alpha)} \cdot {_signed_tex(path.gradient[step, i])} = {_tex(there[i])}"
            )
            for i, name in enumerate(names)
        )
    return (
        Line(run.settings.rule.latex, run.settings.rule.formula),
        *(
            _line(
                rf"{name} \leftarrow {_tex(here[i])} + {_signed_tex(there[i] - here[i])} = "
                rf"{_tex(there[i])}"
            )
            for i, name in enumerate(names)
        ),
    )


_CALLS = (("values", "value"), ("gradients", "gradient"), ("hessians", "Hessian"))


def _verdict(run: Run, step: int, no_gradient: str) -> str:
    path = run.path
    spent = int(path.evaluations[step])
    calls = [
        f"{count} {word}{'s' * (count != 1)}"
        for field, word in _CALLS
        if (count := int(getattr(path, field)[step]))
    ]
    parts = [f"{spent} evaluations ({', '.join(calls)})"]
    error = path.error[step]
    if no_gradient:
        to_compare = "" if no_gradient.endswith("compare with") else " to compare with"
        parts.append(f"{no_gradient}{to_compare}")
    else:
        parts.append("exact" if error == 0.0 else f"error {number(error, 3)}")
    if error and np.isfinite(path.angle[step]):
        parts.append(f"{number(path.angle[step], 3)}° off")
    return " · ".join(parts)
