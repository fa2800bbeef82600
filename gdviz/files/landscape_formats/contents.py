"""The arrays that a file holds, by name: what is left of a file once its format is read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from gdviz.base.format import printable
from gdviz.files.landscape_formats.reading import MAX_METRIC, Array, is_known_metric, listed, plain

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
OBJECTS = "Python objects"
#: What a name holds that is no coordinates for certain.
SINGLE = "a single value"
_WEIGHTS = re.compile(
    r"weight|bias|kernel|gamma|running_|moment|embed|optim|^w_?\d*$|(^|[./])(fc|conv|layer)\d*\b",
    re.IGNORECASE,
)


def _readable(name: str) -> str:
    """Return a name as it is shown, and asked for."""
    return printable(name, MAX_METRIC)


@dataclass(frozen=True)
class Contents:
    """What a file holds.

    Attributes
    ----------
    arrays : mapping of str to ndarray
        By name, in float64; the names of what is in a group begin with its name and a slash.
    large : mapping of str to tuple of int
        The shapes of what is too large to be read.
    others : mapping of str to str
        What the others hold instead of real numbers, in words.
    groups : tuple of str
        The groups that were not looked into.
    scales : mapping of str to tuple of str
        For an array whose axes name their coordinates: these names.
    first_is_b : bool
        Whether the first index is b's where nothing tells, as in a picture.
    """

    arrays: Mapping[str, Array]
    large: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    scales: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_is_b: bool = False

    def __post_init__(self) -> None:
        for mapping in ("arrays", "large", "others"):
            named = {_readable(name): value for name, value in getattr(self, mapping).items()}
            object.__setattr__(self, mapping, named)
        scales = {_readable(name): tuple(map(_readable, of)) for name, of in self.scales.items()}
        object.__setattr__(self, "scales", scales)
        object.__setattr__(self, "groups", tuple(map(_readable, self.groups)))

    @property
    def names(self) -> str:
        """What is there, as a sentence may hold it."""
        return listed([*self.arrays, *self.large, *self.others, *self.groups])

    def parts(self) -> Iterator[tuple[str, "Contents"]]:
        """Yield what is in each group by itself, with what its names begin with."""
        for prefix in dict.fromkeys(name.rpartition("/")[0] for name in self.arrays):
            start = f"{prefix}/" if prefix else ""
            inside = {
                name.removeprefix(start): array
                for name, array in self.arrays.items()
                if name.rpartition("/")[0] == prefix
            }
            scales = {
                name.removeprefix(start): tuple(scale.removeprefix(start) for scale in scales)
                for name, scales in self.scales.items()
            }
            yield start, replace(self, arrays=inside, scales=scales)


def is_axis(name: str) -> bool:
    """Tell whether a name is usually an axis's."""
    return plain(name) in A_NAMES or plain(name) in B_NAMES


def is_weights(name: str) -> bool:
    """Tell whether a name is that of a network's weights."""
    return bool(_WEIGHTS.search(name)) and not is_known_metric(name)


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
