"""Numbers, points and remarks as text, in the window, in figures and on the command line.

A number in a sentence, a label or a picture is typographic: −2.5, 3·10⁻⁷ (:func:`number`). What
somebody types, or a program reads, is as it is typed (:func:`format_number`, or the shortest
digits): fields and options, with the bounds that they are refused with; formulas, calls in Python,
CSV and JSON, and the names of methods in these.
"""

import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from reprlib import repr as shortened
from types import MappingProxyType

_POWERS = 3.5  #: decades from 1 from which on the labels of logarithms are powers of ten
_EXACT = 15  #: digits that a float has at least
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
#: Below so many seconds a time is not said in whole ones.
_SHORT = 10.0
_UNITS = ((1.0, "s"), (1e-3, "ms"), (0.0, "µs"))
_GREEK_NAMES = re.findall(
    r"\w+",
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega",
)
#: What Greek letters are called in LaTeX.
GREEK_LETTERS = MappingProxyType(
    dict(zip("αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ", _GREEK_NAMES, strict=True))
)
#: Greek letters by their names in LaTeX.
GREEK = frozenset(_GREEK_NAMES)
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_MINUS = re.compile(r"(?<!\w)-(?=\d|inf)|(?<=\de)-")
#: A number with a comma that may separate decimals or thousands: a formula asks as well.
_DOUBTFUL = re.compile(r"([+-]?[1-9]\d{0,2}),(\d{3}(?:e[+-]?\d+)?)", re.IGNORECASE)
#: A number as sentences have it, such as 5.11·10⁻⁹, or as it is typed for that.
_WITH_POWER = re.compile(
    r"([+-]?)(?:([^·×*]+?)\s*[·×*]\s*)?10(?:(?:\^|\*\*)([+-]?\d+)|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
)
_MOST_OF_A_NAME, _MOST_NAMES = 40, 6  # in a sentence
#: A word that is somebody's name: of a file, a function or an array, or one with digits; or several
#: that are a file's which the sentence is about.
_OTHERS_NAME = re.compile(
    r"\S+\.\w|\w*[\d_]|\w+[(\[]"
    r"|(?:(?! (?:in|of|from|to|with) )[^.:;,])+\.\w+ (?:is|was|has|had|holds|takes|only|exists"
    r"|cannot|computes|defines|compares|needs)\b"
)
#: Spaces of other widths and joiners of letters, which Python does not count as printable.
_HARMLESS = frozenset(map(chr, (0xA0, *range(0x2000, 0x200B), 0x200C, 0x200D, 0x202F, 0x3000)))


def number(value: float, digits: int = 6) -> str:
    """Return a number with at most so many digits as print has it: −2.5, 3·10⁻⁷; 0 has no sign."""
    return typographic(f"{value + 0.0:.{digits}g}")  # −0.0 + 0.0 is 0.0


def read_number(text: str) -> float:
    """Return the number that somebody typed: 0.5, 0,5, 3e-7, 3·10⁻⁷ or −2; also nan and infinity.

    Parameters
    ----------
    text : str
        What was typed. As in a formula, decimals have a point or a comma.

    Raises
    ------
    ValueError
        If it is none, or may be two; the message says it: "'1,500' may be 1.500 or 1500".
    """
    plain = text.strip().replace("−", "-")
    if power := _WITH_POWER.fullmatch(plain):
        sign, factor, typed, raised = power.groups()
        plain = f"{sign}{factor or 1}e{typed or raised.translate(_RAISED)}"
    if doubtful := _DOUBTFUL.fullmatch(plain):
        whole, rest = doubtful.groups()
        raise ValueError(f"{shortened(text.strip())} may be {whole}.{rest} or {whole}{rest}")
    try:
        if "_" in plain:  # float() takes 1_000
            raise ValueError
        return float(plain.replace(",", ".", 1))
    except ValueError:
        raise ValueError(f"{shortened(text.strip())} is not a number") from None


def duration(seconds: float) -> str:
    """Return a length of time in its two largest units: 45 s, 2 min 10 s, 3 h 5 min, 2 d 4 h."""
    whole = round(seconds)
    units = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
    largest = next((k for k, (size, _) in enumerate(units) if whole >= size), len(units) - 1)
    parts: list[str] = []
    for size, name in units[largest : largest + 2]:
        count, whole = divmod(whole, size)
        parts.append(f"{count} {name}" if count or not parts else "")
    return " ".join(filter(None, parts))


def short_time(seconds: float) -> str:
    """Return a length of time with two digits below ten seconds: 4.1 ms; else as :func:`duration`.

    Parameters
    ----------
    seconds : float
        Not negative.
    """
    if seconds >= _SHORT:
        return duration(seconds)
    unit, name = next(row for row in _UNITS if seconds >= 0.995 * row[0])  # as it is rounded
    return f"{number(seconds / (unit or 1e-6), 2)} {name}"


def log_label(logarithm: float, farthest: float) -> str:
    """Return the label at a tick of a logarithmic axis: 0.01, 2·10⁻⁷.

    Parameters
    ----------
    logarithm : float
        The decimal logarithm of the number there, which is a multiple of a power of ten.
    farthest : float
        How many decades the axis goes away from 1: all its labels are written one way, and none
        as 0.01 above 10⁻⁴.
    """
    if farthest < _POWERS:
        return number(10**logarithm, 3)
    exponent = math.floor(logarithm + 1e-9)
    multiple = round(10 ** (logarithm - exponent))
    if exponent in (0, 1):
        return str(multiple * 10**exponent)
    power = f"10{superscript(exponent)}"
    return power if multiple == 1 else f"{multiple}·{power}"


def tick_label(value: float, spacing: float) -> str:
    """Return the label at a tick of a linear axis: −4, 0.5, 2.50001, 8·10⁶.

    Parameters
    ----------
    value : float
        The number there.
    spacing : float
        From one tick to the next, of at most two digits: labels have as many as tells neighbours
        apart. 0 for an axis of one tick.
    """
    if not spacing:
        return number(value, _EXACT)
    if abs(value) < spacing / 100:  # 3e-17 for 0
        return "0"
    step = Decimal(f"{spacing:.2g}").normalize()
    last = step.adjusted() + 1 - len(step.as_tuple().digits)
    first = math.floor(math.log10(abs(value) + spacing / 100))
    return number(round(value, max(0, -last)), max(6, first - last + 1))


def amount(value: float) -> str:
    """Return a count, of which there may be a part, as a person reads it: 1,240 or 0.4."""
    return f"{value:,.0f}" if value % 1 == 0 else f"{value:,.4g}"


def byte_size(size: float) -> str:
    """Return the size of a file or of memory, in decimal units: 830 bytes, 45 kB, 1.2 MB, 31 GB."""
    value, unit = size, "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if round(value) < 1000:
            break
        value, unit = value / 1000, larger
    digits = 1 if unit != "bytes" and value < 9.95 else 0
    return f"{value:.{digits}f} {unit}"


def latex_number(value: float, digits: int | None = None) -> str:
    r"""Return a number as LaTeX, as :func:`number` spells it: ``2.5 \cdot 10^{20}``, ``10^{-6}``.

    Parameters
    ----------
    value : float
        The number.
    digits : int, optional
        At most so many; without, as many as tell it from other floats.
    """
    value += 0.0  # −0.0 + 0.0 is 0.0
    text = f"{value:.{6 if digits is None else digits}g}"
    if digits is None and float(text) != value:
        text = repr(float(value)).removesuffix(".0")
    mantissa, _, exponent = _written_out(text).partition("e")
    if not exponent:
        return mantissa.replace("nan", r"\mathrm{nan}").replace("inf", r"\infty")
    power = f"10^{{{int(exponent)}}}"
    return {"1": power, "-1": f"-{power}"}.get(mantissa, rf"{mantissa} \cdot {power}")


def latex_name(name: str, row: str = "") -> str:
    """Return a name as LaTeX, with the letter of the row if it is a data column: x1 is x_{1,i}."""
    base, last = re.fullmatch("(.+?)_?([0-9₀-₉]*)", name).groups()  # type: ignore[union-attr]
    if base in GREEK:
        base = rf"\{base}"
    elif len(base) > 1:
        base = rf"\mathrm{{{base}}}"
    below = ",".join(filter(None, (last.translate(_SUBSCRIPTS), row)))
    return base.replace("_", r"\_") + (f"_{{{below}}}" if below else "")


def pair(values: Sequence[float], digits: int = 4) -> str:
    """Return a point or a gradient: (−1.2, 1)."""
    return f"({number(values[0], digits)}, {number(values[1], digits)})"


def typographic(text: str) -> str:
    """Return a number like ``-2e+01`` as print has it: −20; infinity is ∞."""
    if text in ("inf", "-inf"):
        return text.replace("-", "−").replace("inf", "∞")
    return with_power_of_ten(_written_out(text))


def _written_out(text: str) -> str:
    """Return a number without its power of ten where that says no more: 20 for 2e+01."""
    is_near = "e" in text and 1e-4 <= abs(float(text)) < 1e5
    return f"{Decimal(text):f}" if is_near else text


def with_power_of_ten(text: str) -> str:
    """Return a number like ``-2e+01`` as −2·10¹, and one without an exponent, or with 0, as −2."""
    mantissa, _, exponent = text.partition("e")
    mantissa = mantissa.replace("-", "−")
    if not int(exponent or 0):
        return mantissa
    power = f"10{superscript(int(exponent))}"
    return {"1": power, "−1": f"−{power}"}.get(mantissa, f"{mantissa}·{power}")


def sentence(*parts: str) -> str:
    """Return remarks as one sentence; f and ∇f stay as they are, and minus signs become ones."""
    text = _MINUS.sub("−", "; ".join(filter(None, parts)))
    return f"{capitalized(text)}." if text else ""


def capitalized(text: str) -> str:
    """Return a text with a capital letter, unless it begins with a symbol or somebody's name."""
    is_word = text[:2].isalpha() and not _OTHERS_NAME.match(text)
    return text[:1].upper() + text[1:] if is_word else text


def printable(text: str, most: int | None = None) -> str:
    r"""Return a text from outside on one line: what does not print is written as Python does.

    A line end, what a terminal takes for a command, and what turns the direction of what follows
    become ``\n``, ``\x1b`` and ``\u202e``.

    Parameters
    ----------
    text : str
        A name, a path or a message that somebody else wrote.
    most : int, optional
        Characters after which it ends in an ellipsis.
    """
    if most is not None:
        text = text[: most + 1]  # escapes are no shorter, and a text may have megabytes
    if not text.isprintable():
        text = "".join(
            c if c.isprintable() or c in _HARMLESS else c.encode("unicode_escape").decode()
            for c in text
        )
    return text if most is None or len(text) <= most else f"{text[: most - 1]}…"


def brief(name: str) -> str:
    """Return a name from a file as a sentence may hold it: printable, and not too long."""
    return printable(name, _MOST_OF_A_NAME)


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence may hold them: the first few."""
    names = list(map(brief, names))
    first = ", ".join(names[:_MOST_NAMES])
    return first + (f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else "")


def printable_lines(text: str) -> str:
    """Return a text of several lines, each of them printable."""
    return "\n".join(map(printable, text.split("\n")))


def superscript(exponent: int) -> str:
    """Return a whole number in superscript digits."""
    return str(exponent).translate(_SUPERSCRIPTS)


def format_number(value: float, digits: int = 6) -> str:
    """Return a short text for a number, as one types it: ``3e-7`` and not ``3e-07``."""
    text = f"{value + 0.0:.{digits}g}"
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if e else text


def format_bound(bound: float) -> str:
    """Return a bound as one types it, with ten digits where rounded to six it is another number."""
    short = format_number(bound)
    return short if float(short) == bound else format_number(bound, 10)
