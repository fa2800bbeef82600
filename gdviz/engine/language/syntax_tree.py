"""A formula as a tree: what the parser makes of a text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from gdviz.engine.language.operations import AGGREGATES


@dataclass(frozen=True, slots=True)
class Number:
    """A number literal."""

    value: float
    column: int


@dataclass(frozen=True, slots=True)
class Name:
    """A parameter, a constant, or a named number."""

    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Datum:
    """A data column: its number in the row at hand."""

    name: str
    column: int


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation of :mod:`gdviz.engine.language.operations` on its arguments."""

    operation: str
    arguments: tuple["Tree", ...]
    column: int


Tree = Number | Name | Datum | Apply
_Leaf = TypeVar("_Leaf", Number, Name, Datum)


def leaves(tree: Tree, kind: type[_Leaf]) -> Iterator[_Leaf]:
    """Yield the leaves of one kind in a tree, from left to right."""
    if isinstance(tree, kind):
        yield tree
    elif isinstance(tree, Apply):
        for argument in tree.arguments:
            yield from leaves(argument, kind)


def varying(tree: Tree) -> Datum | None:
    """Return a data column in a tree that is within no sum or mean, if there is one."""
    match tree:
        case Datum():
            return tree
        case Apply(operation, arguments):
            found = (datum for argument in arguments if (datum := varying(argument)))
            first = next(found, None)
            return None if operation in AGGREGATES else first
        case _:
            return None
