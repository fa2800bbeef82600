"""What people write before a component of a gradient: ``∂f/∂x =``, ``df/dx =``, ``f_x(x, y) =``."""

import re

from gdviz.engine.language.lexer import FormulaError, canonical, plain_letters

_NAME = r"\\?[^\W\d_]\w*(?:_\{\w+\}|\[\d+\])?'?"
_F = rf"{_NAME}\s*(?:\([^()=]*\))?"
_D = r"(?:∂|\\partial\b|d)\s*"
_PLAIN = str.maketrans({**dict.fromkeys("\\{}]", ""), "[": "_"})
_BELOW = rf"_\s*(?:\{{\s*(?P<%s>{_NAME})\s*\}}|(?P<%s>{_NAME}))"


def _below(name: str) -> str:
    return _BELOW % (f"{name}_in", name)


#: What may stand there; each group is the name that f is differentiated by.
_HEAD = re.compile(
    rf"""\s*\$?\s*(?:
      {_D}{_F}\s*/\s*\(?\s*{_D}(?P<quotient>{_NAME})\s*\)?
      | {_D}/\s*\(?\s*{_D}(?P<operator>{_NAME})\s*\)?\s*(?:\(?\s*{_F}\s*\)?)?
      | \\[dt]?frac\s*\{{\s*{_D}(?:{_F}\s*)?\}}\s*\{{\s*{_D}(?P<fraction>{_NAME})\s*\}}\s*(?:{_F})?
      | (?:∂|\\partial|∇|\\nabla|D){_below("index")}\s*(?:{_F})?
      | [A-Za-z]'?{_below("subscript")}\s*(?:\([^()=]*\))?
    )\s*:?=(?!=)""",
    re.VERBOSE,
)


def without_head(text: str, component: int, parameters: tuple[str, str]) -> str:
    """Return a component with blanks for what stands before it, so that columns stay what they are.

    Parameters
    ----------
    text : str
        The component as it was written.
    component : int
        0 for ∂f/∂a, 1 for ∂f/∂b.
    parameters : (str, str)
        What the parameters are called.

    Raises
    ------
    FormulaError
        If what stands before it is the other component.
    """
    match = _HEAD.match(plain_letters(text))
    if match is None:
        return text
    written = next(filter(None, match.groupdict().values()))
    by = canonical(written.translate(_PLAIN))  # \theta_{1} and x[0] are θ_1 and x_0
    own, other = (canonical(parameters[k]) for k in (component, 1 - component))
    if by == other:
        first, second = parameters
        raise FormulaError(
            f"what stands before it says ∂f/∂{parameters[1 - component]}: the components are "
            f"∂f/∂{first} and then ∂f/∂{second}",
            1,
        )
    return " " * match.end() + text[match.end() :] if by == own else text
