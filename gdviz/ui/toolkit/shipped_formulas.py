"""Formulas that are shipped typeset: SymPy and matplotlib need not be imported for them.

Both are for the one formula that a window shows at first: a second of processor, and 85 MB.
``.ci/typeset_formulas.py`` writes the file with what they make of the built-in surfaces.
"""

import json
from base64 import b64decode
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from gdviz.base.resources import assets

FILE = "typeset-formulas.json"
#: Pieces of an em in which vertices are written, as whole numbers of 16 bits; codes have 8.
PIECES = 500
VERTICES, CODES = np.dtype("<i2"), np.dtype("u1")


def key_of(
    text: str, constants: Sequence[str], data: Sequence[str], parameters: Sequence[str]
) -> str:
    """Return what a formula, with its names, is found by.

    Parameters
    ----------
    text : str
        The formula.
    constants, data, parameters : sequence of str
        The names in it.
    """
    return " | ".join((text, *map(",".join, (constants, data, parameters))))


def shipped_latex(key: str) -> str | None:
    """Return the formula of a key as LaTeX, if it is among those that are shipped."""
    found: str | None = _shipped()["latex"].get(key)
    return found


def shipped_outline(latex: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Return a formula's vertices, shape (n, 2), and codes, shape (n,), if it is shipped."""
    found = _shipped()["outlines"].get(latex)
    if found is None:
        return None
    vertices, codes = map(b64decode, found)
    places = np.frombuffer(vertices, VERTICES).reshape(-1, 2)
    return places / PIECES, np.frombuffer(codes, CODES).astype(int)


@cache
def _shipped() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((assets() / FILE).read_bytes())
    return content
