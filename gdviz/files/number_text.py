"""What numbers look like in the cells of a table, and how they become those that Python reads.

Decimals have a point or a comma, thousands a comma, a point, a blank or an apostrophe; a currency
or another unit may stand beside each number of a column; and what is missing has many names.
"""

import math
import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from gdviz.base.format import brief
from gdviz.files.delimited_text import TableError

#: What stands where there is no number, in lower case: pandas's words, the errors of spreadsheets,
#: and what SAS, MySQL, C and people write.
_MISSING = {
    "", "nan", "-nan", "na", "n/a", "<na>", "#n/a", "#n/a n/a", "#na", "null", "none", "nil", "nat",
    "missing", "-", "--", "–", "—", "?", ".", "\\n", "#div/0!", "#num!", "#value!", "#ref!",
    "#name?", "#null!", "-1.#ind", "1.#ind", "-1.#qnan", "1.#qnan",
}  # fmt: skip
_SPELT = {"1.#inf": "inf", "-1.#inf": "-inf", "∞": "inf", "+∞": "inf", "-∞": "-inf"}
_TRUTHS = {"true": "1", "false": "0"}  # as pandas writes labels
_SAMPLE = 20
#: As Fortran writes numbers of double precision.
_FORTRAN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)d[+-]?\d{1,3}", re.IGNORECASE)
_HAS_COMMA = re.compile(r"[+-]?[\d.]*,[\d.,]*(?:e[+-]?\d+)?", re.IGNORECASE)
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d*|\d{1,3}(?:\.\d{3})+),\d+(?:e[+-]?\d+)?", re.IGNORECASE)
_DECIMAL_POINT = re.compile(r"[+-]?\d*\.\d+(?:e[+-]?\d+)?", re.IGNORECASE)
#: As 1,234,567, or as in India 12,34,567.
_BY_COMMAS = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})(?:\.\d*)?")
_BY_POINTS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+")
_BLANK = " \u00a0\u2009\u202f'’"
_BY_BLANKS = re.compile(rf"[+-]?\d{{1,3}}(?:[{_BLANK}]\d{{3}})+(?:[.,]\d+)?")
_WITHOUT_BLANKS = dict.fromkeys(map(ord, _BLANK))
_SIGNS = "$€£¥₹₽₩₺₴₪฿₫"
_CODES = (
    "USD|EUR|GBP|JPY|CNY|CHF|AUD|CAD|NZD|SEK|NOK|DKK|INR|BRL|ZAR|KRW|RUB|PLN|CZK|HUF|MXN|TRY|HKD|"
    "SGD|kr"
)
#: A number with what stands before or after it. In brackets it is negative, in accounting.
_MEASURE = re.compile(
    rf"(?P<bracket>\()?\s*(?P<sign>[+-]?)(?P<before>(?:[A-Z]{{1,3}})?[{_SIGNS}]|(?:{_CODES})\s)?\s*"
    rf"(?P<number>[+-]?[\d.,](?:[\d.,{_BLANK}]*\d)?(?:[eE][+-]?\d+)?)\s*"
    r"(?P<error>(?:±|\+/?-)\s*[\d.,]+(?:[eE][+-]?\d+)?)?\s*"
    rf"(?P<after>[{_SIGNS}]|(?:[%‰°µμΩ]|[^\W\d_])(?:[^\W\d_]|[%/²³·^*°µμΩ]){{0,11}}[23]?)?\s*(?(bracket)\))"
)
_IMAGINARY = ("i", "j")


def is_number(cell: str) -> bool:
    """Tell whether a cell holds a number, be it nan or infinite."""
    return _value(cell) is not None


def is_missing(cell: str) -> bool:
    """Tell whether a cell says that there is no number."""
    return cell.lower() in _MISSING


def can_be_number(cell: str) -> bool:
    """Tell whether a cell holds a number, or says that there is none."""
    return is_missing(cell) or is_number(cell)


def as_number(cell: str) -> float:
    """Return the number that a cell holds, nan if it says that there is none.

    Raises
    ------
    ValueError
        If it holds something else.
    """
    if is_missing(cell):
        return math.nan
    found = _value(cell)
    if found is None:
        raise ValueError(cell)
    return found


def _value(cell: str) -> float | None:
    if "_" in cell:  # which Python reads over
        return None
    try:
        return float(cell)
    except ValueError:
        cell = cell.replace("−", "-").lower()
    cell = cell.replace("d", "e") if _FORTRAN.fullmatch(cell) else _SPELT.get(cell, cell)
    try:
        return float(cell)
    except ValueError:
        return None


def floats(column: Sequence[str]) -> NDArray[np.float64] | None:
    """Return numbers; None if something in a column is neither that nor missing."""
    if {cell.lower() for cell in column[:_SAMPLE]} <= _TRUTHS.keys():
        column = [_TRUTHS.get(cell.lower(), cell) for cell in column]
    convert: Callable[[str], float]
    for convert in (float, as_number):
        try:
            numbers = np.array([convert(cell) for cell in column])
        except ValueError:
            continue
        return None if any("_" in cell for cell in column) else numbers
    return None


def rewrite(records: list[list[str]], delimiter: str) -> list[str]:
    """Change the numbers of a table into numbers as Python writes them, and say how they were read.

    Parameters
    ----------
    records : list of list of str
        Its cells, which are changed in place.
    delimiter : str
        What stands between them. Where it is a comma, quoted numbers such as "1,500" have commas
        between thousands; others are decimal commas.

    Returns
    -------
    list of str
        Sentences.

    Raises
    ------
    TableError
        If some decimals are written with a comma, and others with a point.
    """
    notes = _without_units(records)
    note = _with_points(records, delimiter)
    return [*notes, note] if note else notes


# -- units, and blanks between thousands


def _without_units(records: list[list[str]]) -> list[str]:
    """Leave the numbers alone of columns whose cells have a unit, blanks or brackets."""
    units, blanks, brackets, error = [], "", "", ""
    for k in range(len(records[-1])):
        unit, cells = _measures(records[1:], k)
        if not cells:
            continue
        first = records[0]
        if k < len(first) and (match := _measure(first[k])) and _unit(match) == unit:
            cells.append((first, match))
        elif unit:
            unit += f" ({brief(first[k])})" if k < len(first) else ""
        units += [unit] if unit else []
        for record, match in cells:
            record[k] = match["number"].translate(_WITHOUT_BLANKS)
            record[k] = ("-" if match["bracket"] else match["sign"]) + record[k]
            blanks = blanks or (match["number"] if len(record[k]) < len(match["number"]) else "")
            brackets = brackets or (match[0] if match["bracket"] else "")
            error = error or match["error"] or ""
    return [
        *([f"units beside numbers are left out: {', '.join(units[:6])}"] if units else ()),
        *([f"what separates thousands is left out: {blanks}"] if blanks else ()),
        *([f"numbers in brackets are negative: {brackets}"] if brackets else ()),
        *([f"uncertainties are left out: {error}"] if error else ()),
    ]


def _measures(
    records: list[list[str]], k: int
) -> tuple[str, list[tuple[list[str], re.Match[str]]]]:
    """Return the unit of a column, and its rows with their cells taken apart.

    That is nothing where cells are no numbers, have several units, or are plain numbers.
    """
    there = [record for record in records if k < len(record) and not is_missing(record[k])]
    if all(is_number(record[k]) for record in there):
        return "", []
    cells: list[tuple[list[str], re.Match[str]]] = []
    units, is_plain, in_brackets = set(), True, 0
    for record in there:
        match = _measure(record[k])
        if match is None:
            return "", []
        units.add(_unit(match))
        if len(units) > 1:  # 50 % and 0.6
            return "", []
        in_brackets += match["bracket"] is not None
        is_plain &= match["error"] is None and not any(c in _BLANK for c in match["number"])
        cells.append((record, match))
    unit = units.pop()
    # All in brackets and nothing else, they are numbers of something.
    is_meant = unit or not is_plain or 0 < in_brackets < len(cells)
    return (unit, cells) if is_meant else ("", [])


def _measure(cell: str) -> re.Match[str] | None:
    match = _MEASURE.fullmatch(cell.replace("−", "-"))
    if match is None or match["after"] in _IMAGINARY:
        return None
    has_blanks = any(c in _BLANK for c in match["number"])
    return None if has_blanks and not _BY_BLANKS.fullmatch(match["number"]) else match


def _unit(match: re.Match[str]) -> str:
    return " ".join(part.strip() for part in (match["before"], match["after"]) if part)


# -- commas and points


def _with_points(records: list[list[str]], delimiter: str) -> str:
    cells = [cell for record in records for cell in record]
    with_comma = [cell for cell in cells if "," in cell and _HAS_COMMA.fullmatch(cell)]
    in_groups = with_comma and all(map(_BY_COMMAS.fullmatch, with_comma))
    if in_groups and (delimiter == "," or any("." in cell for cell in with_comma)):
        _replace(records, (_BY_COMMAS,), {",": ""})
        return f"commas inside numbers are read as separators of thousands: {with_comma[0]}"
    decimals = list(filter(_DECIMAL_COMMA.fullmatch, with_comma))
    many = next((cell for cell in cells if cell.count(".") > 1 and _BY_POINTS.fullmatch(cell)), "")
    if not (decimals or many):
        return ""
    by_points = bool(many) or any("." in cell for cell in decimals)
    points = (cell for cell in cells if "." in cell and _DECIMAL_POINT.fullmatch(cell))
    other = next((cell for cell in points if not (by_points and _BY_POINTS.fullmatch(cell))), "")
    if other and decimals:
        raise TableError(
            f"this has decimals with a comma, such as {decimals[0]}, and with a point, such as "
            f"{other}: write all of them in one way"
        )
    if decimals:
        meant = (_DECIMAL_COMMA, _BY_POINTS) if by_points else (_DECIMAL_COMMA,)
        _replace(records, meant, {".": "", ",": "."})
        as_read = decimals[0].replace(".", "").replace(",", ".")
        return f"numbers are read with a decimal comma: {decimals[0]} is {as_read}"
    if other:
        return ""
    _replace(records, (_BY_POINTS,), {".": ""})
    return f"points inside numbers are read as separators of thousands: {many}"


def _replace(
    records: list[list[str]], which: Sequence[re.Pattern[str]], signs: dict[str, str]
) -> None:
    table = str.maketrans(signs)
    for record in records:
        record[:] = [
            cell.translate(table)
            if ("," in cell or "." in cell) and any(kind.fullmatch(cell) for kind in which)
            else cell
            for cell in record
        ]
