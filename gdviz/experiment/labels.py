"""Labels of two classes: which of them a loss takes, and what becomes of others.

A logistic or a hinge loss has margins y·t with labels −1 and 1, a cross-entropy labels 0 and 1.
With the other two each is another function, and none that anybody means. Data stays as it is, and
is turned where it is used: so another formula over it gets the labels that it takes.
"""

from functools import lru_cache

import numpy as np

from gdviz.engine.analysis.infer_model import labels_of
from gdviz.engine.language.formula import Formula, FormulaError
from gdviz.engine.objectives.data import Column, Data

Pair = tuple[float, float]
SIGNS: Pair = (-1.0, 1.0)
BITS: Pair = (0.0, 1.0)
#: What becomes of labels that a loss does not take.
OTHERS = {SIGNS: BITS, BITS: SIGNS}
#: How labels are told.
TOLD = {SIGNS: "−1 and 1", BITS: "0 and 1"}


@lru_cache(maxsize=8)
def turned(data: Data, column: str, wanted: Pair) -> Data:
    """Return data with the labels that a loss takes, if it has the other two.

    Parameters
    ----------
    data : Data
        The data.
    column : str
        Which of its columns holds the labels.
    wanted : (float, float)
        ``SIGNS`` or ``BITS``.
    """
    if not holds(data, column, OTHERS[wanted]):
        return data
    low, high = OTHERS[wanted]
    labels = Column(np.where(data.arrays[column] == low, *wanted))
    source = f"{data.source or 'data'}, labels {TOLD[low, high]} as {TOLD[wanted]}"
    return Data({**data.columns, column: labels}, source)


def holds(data: Data, column: str, labels: Pair) -> bool:
    """Tell whether a column holds two labels; of ones alone nobody knows what the other is.

    Parameters
    ----------
    data : Data
        The data.
    column : str
        The column.
    labels : (float, float)
        ``SIGNS`` or ``BITS``.
    """
    found, (low, high) = data.arrays[column], labels
    is_low = found == low
    return bool(is_low.any() and (is_low | (found == high)).all())


def turned_note(column: str, wanted: Pair) -> str:
    """Say that labels were turned."""
    return f"the labels {TOLD[OTHERS[wanted]]} of {column} are read as {TOLD[wanted]}"


@lru_cache(maxsize=8)
def for_formula(
    data: Data, target: str, text: str, constants: tuple[str, ...], parameters: tuple[str, str]
) -> tuple[Data, str]:
    """Return data with the labels that a formula takes, and what became of them.

    Parameters
    ----------
    data : Data
        The data.
    target : str
        The column that is fitted: it is the first that may hold labels.
    text, constants, parameters
        The formula: one that cannot be parsed takes any.
    """
    try:
        formula = Formula.parse(text, constants, data.names, parameters)
    except FormulaError:
        return data, ""
    # A feature of zeros and ones is multiplied with the labels as these are with it.
    others = sorted(data.names, key=lambda name: not holds(data, name, SIGNS))
    for name in dict.fromkeys((target, *others)):
        if not (holds(data, name, BITS) or holds(data, name, SIGNS)):
            continue
        labels = labels_of(formula, name)
        if labels == "both" and holds(data, name, BITS):
            return data, (
                f"the column {name} holds 0 and 1, and stands in a margin, where rows with 0 count "
                f"nothing, as well as elsewhere, so it was left as it is: 2*{name} - 1 is −1 and 1"
            )
        if wanted := {"signs": SIGNS, "bits": BITS}.get(labels or ""):
            is_turned = holds(data, name, OTHERS[wanted])
            return turned(data, name, wanted), turned_note(name, wanted) if is_turned else ""
    return data, ""
