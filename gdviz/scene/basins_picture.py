"""Basins as pixels, and their legend: one colour a minimum, greys and hatches for what is none."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.base.format import number
from gdviz.engine.analysis.attractors import KINDS, Outcome
from gdviz.engine.analysis.basins import Basins, difference
from gdviz.scene.basins import outcome_title, rounded, share

Pixels = NDArray[np.uint8]
_Colors = NDArray[np.float64]

#: Colours of minima, by rising loss. Duller than those of paths, which lie above them with white
#: halos. For the three kinds of colour-blindness too any two are 13 or more apart in CIELAB, of the
#: first four 24; minima are numbered on the map besides.
COLORS = (
    *("#455093", "#BEA75C", "#43A88E", "#74454F", "#8496E1", "#905728", "#1E8184", "#AFA6CC"),
)
#: Where two methods do not end at the same place.
DIFFERENT = "#D6336C"

#: By kind, its grey and its hatch, which are matplotlib's letters.
_GREYS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "kink": (135, "\\"),
        "kink-valley": (125, "\\"),
        "valley": (115, "-"),
        "saddle": (120, "+"),
        "maximum": (120, "+"),
        "flat": (150, "-"),
        "stalled": (130, "."),
        "step-limit": (150, ""),
        "left-map": (105, "/"),
        "diverged": (80, "x"),
        "not-a-number": (90, "|"),
        "undefined": (165, "|"),
    }
)
#: Beyond the first set of colours, lighter and darker ones: parts of white, or of black if below 0.
_TINTS = (0.0, 0.3, -0.3, 0.5, -0.45, 0.15, -0.15)
_GREY_SHARE = 0.6  #: of these tints for greys, which are to stay greys
#: The tint of a start that takes few steps, and of one that takes many.
_FEW, _MANY = 0.12, -0.42
#: Of a grey, for the legend of the shades.
SHADES = ("#8F8F8F", "#808080", "#4A4A4A")
_HATCH_TINT = 0.22
_AGREED, _AGREED_SHARE = np.array([58.0, 64.0, 72.0]), 0.72
#: Pixels along a side at least: a hatch on 32 starts would be a pattern of starts.
_SIDE = 512
_PERIOD, _STROKE = 16, 2

#: Which pixels a hatch's letter covers, by column and row.
_HATCHES: Mapping[str, Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.bool_]]] = {
    "/": lambda i, j: (i - j) % _PERIOD < _STROKE,
    "\\": lambda i, j: (i + j) % _PERIOD < _STROKE,
    "x": lambda i, j: ((i - j) % _PERIOD < _STROKE) | ((i + j) % _PERIOD < _STROKE),
    "|": lambda i, j: (i % _PERIOD < _STROKE) & (j >= 0),
    "-": lambda i, j: (j % _PERIOD < _STROKE) & (i >= 0),
    "+": lambda i, j: (i % _PERIOD < _STROKE) | (j % _PERIOD < _STROKE),
    ".": lambda i, j: (i % (_PERIOD // 2) < _STROKE) & (j % (_PERIOD // 2) < _STROKE),
}

#: By a hatch's letter, a square filled like it, for legends in text.
GLYPHS: Mapping[str, str] = MappingProxyType(
    {"": "■", "/": "▨", "\\": "▧", "x": "▩", "|": "▥", "-": "▤", "+": "▦", ".": "▣"}
)


@dataclass(frozen=True, slots=True)
class Look:
    """What an outcome looks like.

    Parameters
    ----------
    mark : str
        What is written where it is on the map: a number for a minimum, a letter for another one
        that is at one place, and nothing for what is nowhere.
    color : str
        ``#rrggbb``.
    hatch : str
        Matplotlib's; empty for none, as with every minimum.
    """

    mark: str
    color: str
    hatch: str


@dataclass(frozen=True, slots=True)
class LegendRow:
    """A line of the legend: a look, and its words."""

    look: Look
    text: str


# -- looks


def outcome_looks(basins: Basins) -> tuple[Look, ...]:
    """Return a look for each outcome, in their order."""
    looks: list[Look] = []
    letters = map(chr, range(ord("A"), ord("Z") + 1))
    for index, outcome in enumerate(basins.outcomes):
        if outcome.kind == "minimum":  # they come first
            base = COLORS[index % len(COLORS)]
            tint = _TINTS[index // len(COLORS) % len(_TINTS)]
            looks.append(Look(str(index + 1), _hex(_tinted(_rgb(base), np.array(tint))), ""))
        else:
            rank = sum(other.kind == outcome.kind for other in basins.outcomes[:index])
            grey, hatch = _GREYS[outcome.kind]
            tint = _GREY_SHARE * _TINTS[rank % len(_TINTS)]
            color = _tinted(np.full(3, float(grey)), np.array(tint))
            mark = "" if math.isnan(outcome.a) else next(letters, "")
            looks.append(Look(mark, _hex(color), hatch))
    return tuple(looks)


def _rgb(color: str) -> _Colors:
    return np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)], float)


def _hex(rgb: _Colors) -> str:
    return "#" + "".join(f"{round(float(part)):02X}" for part in rgb)


def _tinted(rgb: _Colors, tint: _Colors) -> _Colors:
    """Return colours mixed with as much white, or black where that is negative."""
    return np.asarray(rgb + np.maximum(tint, 0.0) * (255.0 - rgb) + np.minimum(tint, 0.0) * rgb)


# -- pixels


def step_span(basins: Basins) -> tuple[int, int] | None:
    """Return the steps between which shades go from light to dark; None where all are alike.

    The few that take longest, beside a watershed, are beyond.
    """
    kinds = np.array([outcome.kind for outcome in basins.outcomes])
    steps = basins.steps[(kinds != "step-limit")[basins.label]]
    if not steps.size:
        return None
    low, high = (int(limit) for limit in np.percentile(steps, (2, 98)))
    return (low, high) if high > low else None


def basins_picture(basins: Basins) -> Pixels:
    """Return basins as RGBA, shape (m, m, 4), the lowest b first.

    Each start is a square of pixels; it is the darker the more steps it takes.
    """
    looks = outcome_looks(basins)
    tint = np.zeros(basins.label.shape)
    span = step_span(basins)
    if span is not None:
        tint = np.interp(basins.steps, span, (_FEW, _MANY))
        moving = np.array([outcome.kind == "step-limit" for outcome in basins.outcomes])
        tint[moving[basins.label]] = 0.0
    colors = np.array([_rgb(look.color) for look in looks])[basins.label]
    rgb = _spread(_tinted(colors, tint[..., None]))
    return _opaque(_hatched(rgb, looks, _spread(basins.label)))


def difference_picture(one: Basins, other: Basins) -> Pixels:
    """Return where two methods end somewhere else, as RGBA, shape (m, m, 4), the lowest b first.

    Where they agree, the basins of the first are seen in dull colours.

    Parameters
    ----------
    one, other : Basins
        Of the same starts.
    """
    rgb = basins_picture(one)[..., :3] * (1.0 - _AGREED_SHARE) + _AGREED * _AGREED_SHARE
    rgb[_spread(difference(one, other))] = _rgb(DIFFERENT)
    return _opaque(rgb)


def _spread(cells: NDArray[Any]) -> NDArray[Any]:
    """Return each start as a square of pixels."""
    factor = math.ceil(_SIDE / len(cells))
    return cells.repeat(factor, axis=0).repeat(factor, axis=1)


def _hatched(rgb: _Colors, looks: tuple[Look, ...], label: NDArray[np.int64]) -> _Colors:
    i, j = np.arange(label.shape[1])[None, :], np.arange(label.shape[0])[:, None]
    for hatch in {look.hatch for look in looks} - {""}:
        those = np.array([look.hatch == hatch for look in looks])[label] & _HATCHES[hatch](i, j)
        rgb[those] = _tinted(rgb[those], np.array(_HATCH_TINT))
    return rgb


def _opaque(rgb: _Colors) -> Pixels:
    pixels = np.full((*rgb.shape[:2], 4), 255, np.uint8)
    pixels[..., :3] = np.rint(rgb)
    return pixels


# -- legends


def basins_legend(basins: Basins, most: int = 8) -> list[LegendRow]:
    """Return the legend of basins: the minima, then the other kinds, with their shares.

    Parameters
    ----------
    basins : Basins
        What is drawn.
    most : int, default 8
        Outcomes of a kind that have a line each; of more there is one line for the rest.
    """
    looks = outcome_looks(basins)
    total = sum(outcome.cells for outcome in basins.outcomes)
    rows: list[LegendRow] = []
    for kind in KINDS:
        of_kind = [k for k, outcome in enumerate(basins.outcomes) if outcome.kind == kind]
        shown = of_kind if len(of_kind) <= most else of_kind[: most - 1]
        rows += [LegendRow(looks[k], _row(basins.outcomes[k], total)) for k in shown]
        rest = [basins.outcomes[k] for k in of_kind[len(shown) :]]
        if rest:
            rows.append(_others(rest, looks[of_kind[-1]], total))
    return rows


def short_legend(basins: Basins, most: int = 6) -> list[LegendRow]:
    """Return a legend to lie on the map, where numbers by rising loss tell which minimum is which.

    Parameters
    ----------
    basins : Basins
        What is drawn.
    most : int, default 6
        Lines at most. Of more outcomes, those of most starts have a line each, the lower ones
        where that is the same per cent, and the others one together.
    """
    looks = outcome_looks(basins)
    total = sum(outcome.cells for outcome in basins.outcomes)
    by_size = sorted(range(len(looks)), key=lambda k: -round(basins.outcomes[k].cells / total, 2))
    kept = sorted(by_size if len(looks) <= most else by_size[: most - 1])
    rows = [LegendRow(looks[k], _short_row(basins.outcomes[k], total)) for k in kept]
    rest = by_size[len(kept) :]
    if rest:
        rows.append(_others([basins.outcomes[k] for k in rest], looks[rest[0]], total))
    return rows


def _others(outcomes: list[Outcome], look: Look, total: int) -> LegendRow:
    part = share(sum(outcome.cells for outcome in outcomes), total)
    return LegendRow(Look("", look.color, look.hatch), f"{len(outcomes)} others: {part}")


def _short_row(outcome: Outcome, total: int) -> str:
    part = share(outcome.cells, total)
    return part if outcome.kind == "minimum" else f"{outcome.name}: {part}"


def _row(outcome: Outcome, total: int) -> str:
    loss = "" if math.isnan(outcome.loss) else f", f = {number(rounded(outcome.loss), 3)}"
    text = f"{outcome_title(outcome)}{loss}: {share(outcome.cells, total)}"
    if outcome.arrived == outcome.cells:
        return text
    # In its bowl, and not at its bottom.
    return f"{text}, arrived {share(outcome.arrived, total)}"


def difference_legend(
    one: Basins, other: Basins, titles: tuple[str, str], most: int = 3
) -> list[LegendRow]:
    """Return the legend of a difference: how many starts, and the most frequent changes.

    Parameters
    ----------
    one, other : Basins
        Of the same starts.
    titles : (str, str)
        What the two methods are called.
    most : int, default 3
        Changes that have a line each.
    """
    different = difference(one, other)
    part = share(int(different.sum()), different.size)
    text = f"{titles[1]} ends elsewhere: {part} of starts"
    rows = [LegendRow(Look("", DIFFERENT, ""), text)]
    rows += [LegendRow(Look("", "", ""), text) for text in _changes(one, other, different, most)]
    agreed = share(int((~different).sum()), different.size)
    dull = Look("", _hex(_AGREED), "")
    return [*rows, LegendRow(dull, f"same end as {titles[0]}: {agreed}")]


def _changes(one: Basins, other: Basins, different: NDArray[np.bool_], most: int) -> Iterator[str]:
    pairs = np.stack([one.label[different], other.label[different]], axis=1)
    kinds, counts = np.unique(pairs, axis=0, return_counts=True)
    for k in np.argsort(-counts, kind="stable")[:most].tolist():
        before, after = one.outcomes[kinds[k, 0]], other.outcomes[kinds[k, 1]]
        part = share(int(counts[k]), different.size)
        yield f"{outcome_title(before)} → {outcome_title(after)}: {part}"
