"""What the names of arrays, columns and axes say, and how sentences hold them."""

import re
from collections.abc import Iterable, Sequence

from gdviz.base.format import printable
from gdviz.files.landscape_formats.reading import LandscapeError

#: Names of losses, the likeliest first, in lower case and without what separates their words.
LOSSES = (
    "trainloss", "losssurface", "lossgrid", "losslandscape", "losses", "loss", "testloss",
    "valloss", "landscape", "surface", "values", "value", "zs", "z",
)  # fmt: skip
MAX_METRIC = 200  #: characters of a surface's name that are shown, and asked for
#: Names of axes, without what separates their words; their names alone make no axes of them.
A_NAMES = (
    "alphagrid", "alphas", "alpha", "xcoordinates", "xcoords", "xcoord", "xgrid", "xs", "x",
    "gridx", "agrid", "as", "a", "grida", "alphavals", "alpharange", "xrange", "xlim", "c1",
)  # fmt: skip
B_NAMES = (
    "betagrid", "betas", "beta", "ycoordinates", "ycoords", "ycoord", "ygrid", "ys", "y",
    "gridy", "bgrid", "bs", "b", "gridb", "betavals", "betarange", "yrange", "ylim", "c2",
)  # fmt: skip
_LETTERS = {"alpha": "a", "beta": "b", "first": "1", "second": "2"}
_WEIGHTS = re.compile(
    r"weight|bias|kernel|gamma|running_|moment|embed|optim|^w_?\d*$|(^|[./])(fc|conv|layer)\d*\b",
    re.IGNORECASE,
)


def shown(name: str) -> str:
    """Return a name from a file as a sentence may hold it: printable, and not too long."""
    return printable(name, 40)


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence may hold them: the first few."""
    names = list(map(shown, names))
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def plain(name: str) -> str:
    """Return a name in lower case and without what separates its words."""
    return re.sub(r"[\s_.-]+", "", name.lower())


def is_known_metric(name: str) -> bool:
    """Tell whether a name is a loss's or an accuracy's."""
    word = plain(name)
    return word in LOSSES or "loss" in word or "acc" in word


def choose(metric: str, metrics: Sequence[str]) -> str:
    """Return the surface that is wanted, or the likeliest to be the loss.

    Raises
    ------
    LandscapeError
        If there is none of that name.
    """
    if metric:
        for name in metrics:
            if metric in (name, printable(name, MAX_METRIC)):
                return name
        raise LandscapeError(f"this has no {shown(metric)}: it has {listed(metrics)}")

    def rank(name: str) -> tuple[bool, int, bool]:
        word = plain(name)
        known = LOSSES.index(word) if word in LOSSES else len(LOSSES)
        return "acc" in word, known, "loss" not in word

    return min(metrics, key=rank)


def is_axis(name: str) -> bool:
    """Tell whether a name is usually an axis's."""
    return plain(name) in A_NAMES or plain(name) in B_NAMES


def is_weights(name: str) -> bool:
    """Tell whether a name is that of a network's weights."""
    return bool(_WEIGHTS.search(name)) and not is_known_metric(name)


def as_a_and_b(one: str, other: str) -> tuple[str, str]:
    """Return the names of two axes, that of a first."""
    return (one, other) if in_order(one, other) else (other, one)


def in_order(one: str, other: str) -> bool:
    """Tell whether the first of two axes is a: x before y, w0 before w1; else as they stand."""
    places = [
        0 if plain(name) in A_NAMES else 1 if plain(name) in B_NAMES else None
        for name in (one, other)
    ]
    if None not in places and places[0] != places[1]:
        return bool(places[0] == 0)
    words = [plain(name) for name in (one, other)]
    for word, letter in _LETTERS.items():
        words = [text.replace(word, letter) for text in words]
    differing = [pair for pair in zip(*words, strict=False) if pair[0] != pair[1]]
    if len(words[0]) == len(words[1]) and len(differing) == 1:
        return bool(differing[0][0] < differing[0][1])
    return True
