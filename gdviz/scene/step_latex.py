"""Lines of mathematics for one step: LaTeX for a typeset label, and the same as plain text.

Plain text, for where there is no time to typeset and for screen readers, is read off the LaTeX.
"""

import math
import re
from dataclasses import dataclass

from gdviz.base.format import latex_name, latex_number, superscript

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


def tex(value: float) -> str:
    """Return a number."""
    return latex_number(value, DIGITS)


def signed_tex(value: float, digits: int = DIGITS) -> str:
    """Return a number that may stand behind an operator: a negative one in brackets."""
    text = latex_number(value, digits)
    return rf"\left({text}\right)" if value < 0 else text


def partial_of(name: str) -> str:
    """Return ∂f over a parameter's ∂."""
    return rf"\frac{{\partial f}}{{\partial {latex_name(name)}}}"


def estimate_of(name: str) -> str:
    """Return ĝ with a parameter below."""
    below = latex_name(name)
    return rf"\hat{{g}}_{below}" if len(below) == 1 else rf"\hat{{g}}_{{{below}}}"


#: What LaTeX stands for, in the order in which it is replaced.
_PLAIN = {
    r"\partial ": "∂", r"\varepsilon ": "ε", r"\varepsilon": "ε", r"\alpha": "α", r"\sigma": "σ",
    r"\Delta": "Δ", r"\theta": "θ", r"\nabla ": "∇", r"\ldots": "…",
    r"\hat{g}": "ĝ", r"\leftarrow": "←", r"\infty": "∞", r"\left(": "(", r"\right)": ")",
    r"\mathrm{Im}\,": "Im ", r"\,": "·", r" \cdot ": "·", r"\ ": " ", "-": "−",
}  # fmt: skip
_POWER_OF_TEN = re.compile(r"\b10\^\{(-?\d+)\}")
_COMMAND = re.compile(r"\\(?!frac|left|right)")
_BELOW = re.compile(r"_\{([^{}]*)\}")
_WORDS = re.compile(r"\\mathrm\{([^{}]*)\}")
_FRACTION = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")


def line_of(latex: str) -> Line:
    """Return a line of this module's LaTeX, with what it is as plain text."""
    plain = _POWER_OF_TEN.sub(lambda found: f"10{superscript(int(found[1]))}", latex)
    for command, text in _PLAIN.items():
        plain = plain.replace(command, text)
    plain = _COMMAND.sub("", _WORDS.sub(r"\1", plain))
    plain = _BELOW.sub(r"_\1", _BELOW.sub(r"_\1", plain))  # there is x_1 below ĝ
    return Line(latex, _FRACTION.sub(_one_line, plain))


def _one_line(fraction: re.Match[str]) -> str:
    top, bottom = fraction.groups()
    return f"({top})/{bottom}" if " " in top else f"{top}/{bottom}"


def digits_apart(one: float, other: float) -> int:
    """Return the digits at which two numbers are seen to differ, and three more of them."""
    size, apart = max(abs(one), abs(other)), abs(one - other)
    if not (0.0 < apart < math.inf and size < math.inf):
        return DIGITS
    return min(max(DIGITS, 3 + math.ceil(math.log10(size / apart))), 17)


def fraction(top: str, bottom: str) -> str:
    """Return a fraction."""
    return rf"\frac{{{top}}}{{{bottom}}}"


def written(name: str, symbols: str, numbers: str, result: float) -> list[Line]:
    """Return two lines: the formula of a component, and the numbers put in with the result.

    Parameters
    ----------
    name : str
        The parameter.
    symbols, numbers : str
        The formula, and the same with numbers; of these there may be none.
    result : float
        The component.
    """
    put_in = f"= {numbers} " if numbers else ""
    return [line_of(f"{estimate_of(name)} = {symbols}"), line_of(f"{put_in}= {tex(result)}")]
