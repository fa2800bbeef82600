"""What the names of arrays, columns and axes say."""

import re
from collections.abc import Collection, Sequence

from gdviz.base.format import brief, listed, printable
from gdviz.files.landscape_formats.reading import LandscapeError

#: Names of losses, the likeliest first, in lower case and without what separates their words.
LOSSES = (
    "trainloss", "losssurface", "lossgrid", "losslandscape", "losses", "loss", "testloss",
    "valloss", "landscape", "surface", "values", "value", "zs", "z",
)  # fmt: skip
_BRACKETED = r"\([^()]*\)|\[[^\[\]]*\]|<[^<>]*>"
#: A path as its group and its name; the name is the longest end without a solidus but in brackets.
_LAST = re.compile(rf"(?:(.*?)/)??((?:{_BRACKETED}|[^/])*+)", re.DOTALL)
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
#: Pairs of names that coordinates usually have, in the order of a and b.
PAIRS = (
    ("x", "y"), ("a", "b"), ("alpha", "beta"), ("xcoordinates", "ycoordinates"), ("w1", "w2"),
    ("w0", "w1"), ("theta1", "theta2"), ("theta0", "theta1"), ("step1", "step2"),
    ("xcoord", "ycoord"), ("dir1", "dir2"), ("direction1", "direction2"), ("w", "b"),
    ("weight", "bias"), ("slope", "intercept"), ("x1", "x2"), ("x0", "x1"), ("u", "v"),
    ("p", "q"), ("lr", "wd"), ("learningrate", "weightdecay"), ("θ1", "θ2"), ("θ0", "θ1"),
    ("α", "β"), ("d1", "d2"), ("p1", "p2"), ("p0", "p1"), ("m", "c"), ("m", "b"),
)  # fmt: skip
_VALUES = re.compile(
    "(train|training|test|testing|val|valid|validation|eval|mean|avg|average|final|best|min|total)*"
    "(z|f|j|l|values?|error|err|cost|energy|objective|mse|rmse|mae|sse|rss|nll|risk|fx|fval|score|"
    "perplexity|ppl|logloss|crossentropy|bce|ce|auc|f1|r2|reward|metric)"
)
#: What counts repeats of the same, and what counts the steps of one.
_REPEATS = re.compile(
    "(random|rng|init|torch|np)?(seed|state)|(run|trial|fold|split|repeat|replicate|experiment)"
    "(s|id|no|nr|name|number|idx|index)?|rep|reps|replication|cvfold|id|name"
)
_PROGRESS = re.compile(
    "(n|num|max|global|train|training)?(epoch|step|iter|iteration|update|round)(s|id|no|idx|index)?"
)
_ACCURACY = re.compile("acc(uracy|uracies)?s?$")
_WORDS = {"alpha": "a", "beta": "b", "first": "1", "second": "2"}
_WEIGHTS = re.compile(
    r"weight|bias|kernel|gamma|running_|moment|embed|optim|^w_?\d*$|(^|[./])(fc|conv|layer)\d*\b",
    re.IGNORECASE,
)


def plain(name: str) -> str:
    """Return a name in lower case and without what separates its words."""
    return re.sub(r"[\s_.-]+", "", name.lower())


def is_known_metric(name: str) -> bool:
    """Tell whether a name is a loss's or an accuracy's."""
    word = plain(name)
    return word in LOSSES or "loss" in word or "acc" in word


def is_value(name: str) -> bool:
    """Tell whether a column's name is that of a loss or another value at a point."""
    return is_known_metric(name) or bool(_VALUES.fullmatch(plain(name)))


def tells_repeats(name: str) -> bool:
    """Tell whether a column's name says that it numbers repeats of the same, such as seeds."""
    return bool(_REPEATS.fullmatch(plain(name)))


def tells_progress(name: str) -> bool:
    """Tell whether a column's name says that it counts what was done so far, such as epochs."""
    return bool(_PROGRESS.fullmatch(plain(name)))


def asked_for(metric: str, metrics: Collection[str]) -> str:
    """Return the surface of a name, or the first that only has more in brackets; else nothing."""
    exactly = [name for name in metrics if metric in (name, printable(name, MAX_METRIC))]
    with_more = [name for name in metrics if name.startswith(f"{metric} (")]
    return next(iter((*exactly, *with_more)), "")


def choose(metric: str, metrics: Sequence[str]) -> str:
    """Return the surface that is wanted, or the likeliest to be the loss.

    Several of one name have in brackets what tells them apart: the first is meant.

    Raises
    ------
    LandscapeError
        If there is none of that name.
    """
    if metric:
        if found := asked_for(metric, metrics):
            return found
        raise LandscapeError(f"this has no {brief(metric)}: it has {listed(metrics)}")

    def rank(name: str) -> tuple[bool, int, bool, bool]:
        word, last = plain(name), last_word(name)
        known = LOSSES.index(last) if last in LOSSES else len(LOSSES)
        return "acc" in word, known, "loss" not in word, "test" in word or "val" in word

    return min(metrics, key=rank)


def group_and_name(path: str) -> tuple[str, str]:
    """Return the group of an array, empty for none, and what it is called in it.

    A solidus in brackets, as that of a unit, belongs to the name: ``v (m/s)``.
    """
    group, name = _LAST.fullmatch(path).groups(default="")  # type: ignore[union-attr]
    return group, name


def last_word(name: str) -> str:
    """Return what an array is called in its group, without what separates words."""
    return plain(group_and_name(name)[1])


def is_axis(name: str) -> bool:
    """Tell whether a name is usually an axis's."""
    return last_word(name) in A_NAMES or last_word(name) in B_NAMES


def can_be_axis(name: str) -> bool:
    """Tell whether numbers may be coordinates: losses by epoch run, too, and may fit as well."""
    return "loss" not in plain(name) and not _ACCURACY.search(last_word(name))


def is_weights(name: str) -> bool:
    """Tell whether a name is that of a network's weights."""
    return bool(_WEIGHTS.search(name)) and not is_known_metric(name)


def as_a_and_b(one: str, other: str) -> tuple[str, str]:
    """Return the names of two axes, that of a first."""
    return (one, other) if in_order(one, other) else (other, one)


def known_pair(first: str, second: str) -> int:
    """Return 1 if two names are a pair in this order, -1 if they are in the other, else 0."""
    names = last_word(first), last_word(second)
    return 1 if names in PAIRS else -1 if names[::-1] in PAIRS else 0


def in_order(one: str, other: str) -> bool:
    """Tell whether the first of two axes is a: x before y, w0 before w1; else as they stand."""
    return order_of(one, other) >= 0


def order_of(one: str, other: str) -> int:
    """Return 1 if the first of two axes is a by their names, -1 if the second is, else 0.

    Names tell if they are a usual pair, or differ in one number, or in letters that are a pair:
    x before y, w0 before w1, grid_u before grid_v; but t and u are in no order.
    """
    if known := known_pair(one, other):
        return known
    places = [
        0 if last_word(name) in A_NAMES else 1 if last_word(name) in B_NAMES else None
        for name in (one, other)
    ]
    if None not in places and places[0] != places[1]:
        return 1 if places[0] == 0 else -1
    words = [last_word(name) for name in (one, other)]
    for word, letter in _WORDS.items():
        words = [text.replace(word, letter) for text in words]
    parts = [re.findall(r"\d+|\D", text) for text in words]
    differing = [pair for pair in zip(*parts, strict=False) if pair[0] != pair[1]]
    if len(parts[0]) != len(parts[1]) or len(differing) != 1:
        return 0
    first, second = differing[0]
    if first.isdecimal() and second.isdecimal():
        return (int(first) < int(second)) - (int(first) > int(second))
    return ((first, second) in PAIRS) - ((second, first) in PAIRS)
