"""The arrays that a file holds, by name: what is left of a file once its format is read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from gdviz.base.format import listed, printable
from gdviz.base.types import Array
from gdviz.files.landscape_formats.names import MAX_METRIC, group_and_name

OBJECTS = "Python objects"


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
    sorted_names : bool
        Whether the arrays are in the order of their names: that in which they were written is
        not kept.
    """

    arrays: Mapping[str, Array]
    large: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    scales: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_is_b: bool = False
    sorted_names: bool = False

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
        for prefix in dict.fromkeys(group_and_name(name)[0] for name in self.arrays):
            start = f"{prefix}/" if prefix else ""
            inside = {
                name.removeprefix(start): array
                for name, array in self.arrays.items()
                if group_and_name(name)[0] == prefix
            }
            scales = {
                name.removeprefix(start): tuple(scale.removeprefix(start) for scale in scales)
                for name, scales in self.scales.items()
            }
            yield start, replace(self, arrays=inside, scales=scales)
