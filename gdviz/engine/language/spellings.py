"""How people write what the language spells in one way, in tables.

The words of NumPy, PyTorch, JAX, SymPy and JavaScript, of LaTeX, and of books.
"""

import re
import string
from collections.abc import Mapping
from types import MappingProxyType

from gdviz.base.format import GREEK as LETTERS
from gdviz.engine.language.operations import AGGREGATES, FUNCTIONS

#: What functions are called elsewhere.
FUNCTION_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "tg": "tan",
        "arctg": "atan", "sgn": "sign", "fabs": "abs", "absolute": "abs", "expit": "sigmoid",
        "sine": "sin", "cosine": "cos", "tangent": "tan", "logistic": "sigmoid", "log_10": "log10",
        "log₁₀": "log10", "log_e": "log", "maximum": "max", "minimum": "min", "fmax": "max",
        "fmin": "min", "Σ": "sum",
    }
)  # fmt: skip
_MADE_OF = {
    "log1p": "log(1 + u)", "expm1": "exp(u) - 1", "log2": "log(u)/log(2)", "exp2": "2^u",
    "log_2": "log(u)/log(2)", "log₂": "log(u)/log(2)",
    "square": "u^2", "reciprocal": "1/u", "negative": "-u", "rsqrt": "1/sqrt(u)",
    "logsigmoid": "-softplus(-u)", "log_sigmoid": "-softplus(-u)", "silu": "u*sigmoid(u)",
    "swish": "u*sigmoid(u)", "relu6": "min(max(u, 0), 6)", "sec": "1/cos(u)",
    "csc": "1/sin(u)", "cot": "1/tan(u)", "sech": "1/cosh(u)", "csch": "1/sinh(u)",
    "coth": "1/tanh(u)", "power": "u^v", "pow": "u^v", "hypot": "sqrt(u^2 + v^2)",
    "logaddexp": "max(u, v) + softplus(-abs(u - v))", "add": "u + v", "subtract": "u - v",
    "multiply": "u*v", "divide": "u/v", "true_divide": "u/v",
}  # fmt: skip
#: What functions are that the language has no word for, with u and v for their arguments: one
#: that gets a row among the operations is that row's.
MADE_OF: Mapping[str, str] = MappingProxyType(
    {name: text for name, text in _MADE_OF.items() if name not in FUNCTIONS}
)
#: Functions of others that the language lacks: who writes one has not misspelt what looks like it.
ELSEWHERE = frozenset(
    {
        "arcsinh", "arccosh", "arctanh", "asinh", "acosh", "atanh", "arsinh", "arcosh", "artanh",
        "atan2", "arctan2", "sinc", "softmax", "softmin", "logsumexp", "erf", "erfc", "gamma",
        "lgamma", "gammaln", "floor", "ceil", "round", "trunc", "mod", "fmod", "cbrt", "gelu",
        "elu", "selu", "celu", "mish", "hardtanh", "clip", "clamp", "where", "norm", "dot", "prod",
        "std", "var", "median", "argmax", "argmin", "logit",
    }
)  # fmt: skip
NO_REMAINDER = (
    "there is no remainder, and no rounding to whole numbers: step(a) is one jump, sin(a) repeats"
)
#: What is said of signs that have no meaning here.
REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        "%": NO_REMAINDER,
        "=": "write the formula alone, which is no equation",
        ";": "arguments are separated by commas, and decimals by a point",
    }
)
#: What to write instead of some words, and what is said where there is nothing.
INSTEAD: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"lg": ("log10", "log2"), "lb": ("log2",), "ld": ("log2",)}
)
LOGARITHMS = frozenset({"log", "ln"})
WHOLE_NUMBERS = frozenset({"floor", "ceil", "round", "trunc", "mod", "fmod"})
#: What arrays do of themselves.
_METHOD = re.compile(r"\.(mean|sum|abs|sqrt|exp|log|sin|cos|tanh)\(\)")
_OF_NAMES = f"{string.ascii_letters}{string.digits}_."
#: Modules whose functions are meant by their names alone: np.exp is exp.
MODULES = (
    "np", "numpy", "math", "cmath", "Math", "torch", "nn", "functional", "special", "F", "jnp",
    "jax", "lax", "tf", "keras", "ops", "activations", "K", "backend", "sp", "sympy", "scipy",
    "cp", "cupy", "anp", "onp", "autograd", "mx", "mpmath", "mp",
)  # fmt: skip
#: Signs that are another's in other fonts, and in print.
SIGNS = str.maketrans(
    {
        **dict.fromkeys("−–—‐‑‒", "-"), **dict.fromkeys("·⋅∙•×✕✖∗", "*"),
        **dict.fromkeys("÷∕⁄", "/"), "ˆ": "^", "∣": "|", "ℯ": "e",
    }
)  # fmt: skip
#: LaTeX's commands that are signs and functions; those without a meaning of their own are blank.
COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "cdot": "*", "times": "*", "ast": "*", "div": "/", "lvert": "|", "rvert": "|", "vert": "|",
        "lbrace": "(", "rbrace": ")", "lbrack": "(", "rbrack": ")",
        **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), "frac"), "sqrt": "√",
        **dict.fromkeys(
            (
                "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr",
                "biggl", "biggr", "displaystyle", "textstyle", "quad", "qquad", "limits",
            ),
            "",
        ),
    }
)  # fmt: skip
#: Greek letters by their names, as constants are called, and what LaTeX calls their other forms;
#: but π is a number, σ the sigmoid, and Σ and Π are signs of sums and products.
GREEK = (LETTERS - {"pi", "sigma", "Pi", "Sigma"}) | {
    "varepsilon", "vartheta", "varrho", "varphi",
}  # fmt: skip

_NAME = r"(?:\\[A-Za-z]+|[^\W\d]\w*)(?:_\{\w+\}|_\w+|[₀-₉]+)?"
_F = rf"(?:\\(?:mathcal|mathscr|mathrm|operatorname|text)\s*\{{\s*\w+\s*\}}|{_NAME})"
_VECTOR = rf"(?:\\(?:vec|bar|mathbf|boldsymbol|bm|underline)\s*\{{?\s*)?{_NAME}\s*\}}?"
#: What stands before a formula: f(a, b) =, lambda a, b:, (a, b) ↦, J(θ) =, f =, return.
HEAD = re.compile(
    rf"""\s*(?:
      (?:def\s+)?{_F}\s*(?:\\left\s*)?\(\s*(?P<a>{_NAME})\s*,\s*(?P<b>{_NAME})\s*(?:\\right\s*)?\)
        \s*(?::?=|:)(?!=)\s*(?:return\b)?
      | lambda\s+(?P<c>{_NAME})\s*,\s*(?P<d>{_NAME})\s*:
      | \(\s*(?P<e>{_NAME})\s*,\s*(?P<f>{_NAME})\s*\)\s*(?:↦|→|=>|->|\\mapsto|\\to)
      | (?:(?:def\s+)?{_F}\s*(?:\\left\s*)?\(\s*(?P<vector>{_VECTOR})\s*(?:\\right\s*)?\)
        \s*(?::?=|:)(?!=)|lambda\s+(?P<vector_>{_NAME})\s*:)\s*(?:return\b)?
      | (?P<left>{_F})\s*:?=(?!=)
      | return\b
    )""",
    re.VERBOSE,
)


def function_called(name: str) -> str:
    """Return the language's own word for a function, or nothing: log for ln, relu for ReLU."""
    for word in (name, name.lower()):
        found = FUNCTION_NAMES.get(word, word)
        if found in FUNCTIONS or found in AGGREGATES or found in MADE_OF:
            return found
    return ""


def arity(name: str) -> int:
    """Return how many arguments a function has, by the language's own word."""
    if name in FUNCTIONS:
        return FUNCTIONS[name].arity
    return 2 if re.search(r"\bv\b", MADE_OF.get(name, "")) else 1


def takes_several(name: str) -> bool:
    """Tell whether what stands in parentheses after a word may be several arguments."""
    found = function_called(name)
    return bool(name) and (not found or arity(found) > 1)


def as_call(text: str, point: int) -> str:
    """Return a text with a call for what arrays do of themselves, mean(x - y) of (x - y).mean().

    Parameters
    ----------
    text : str
        The whole text.
    point : int
        Where the point is, in characters.

    Returns
    -------
    str
        Nothing, where no name and no parenthesis ends before the point.
    """
    method, depth, begin = _METHOD.match(text, point), 0, point
    while begin and (depth or (begin == point and text[begin - 1] == ")")):
        begin -= 1
        depth += (text[begin] == ")") - (text[begin] == "(")
    begin = len(text[:begin].rstrip(_OF_NAMES))  # np.abs of np.abs(a).mean()
    of = text[begin:point]
    if method is None or depth or not of:
        return ""
    argument = of if of.startswith("(") else f"({of})"
    return f"{text[:begin]}{method[1]}{argument}{text[method.end() :]}"


def with_commas(text: str, place: int) -> tuple[str, ...]:
    """Return a text whose arguments are separated by semicolons as it is written here.

    Parameters
    ----------
    text : str
        The whole text.
    place : int
        Where a sign without a meaning is, in characters.

    Returns
    -------
    tuple of str
        Empty, where that is no semicolon or is within no parentheses.
    """
    if text[place] != ";" or text[:place].count("(") <= text[:place].count(")"):
        return ()
    return (re.sub(r";(?!\s*$)", ",", re.sub(r"(?<=[0-9]),(?=[0-9])", ".", text)),)
