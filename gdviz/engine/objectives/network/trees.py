"""Parameters as people keep them, nested in lists, tuples and dicts, as a list of arrays."""

import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple


class Tree(NamedTuple):
    """A nested structure taken apart.

    Attributes
    ----------
    names : tuple of str
        Of each leaf, the way to it, such as ``"layers.0.weight"``.
    leaves : tuple
        What is in it.
    rebuild : callable
        Makes the same structure of other leaves.
    """

    names: tuple[str, ...]
    leaves: tuple[Any, ...]
    rebuild: Callable[[Any], Any]


def take_apart(tree: Any) -> Tree:
    """Take a nested structure apart; what JAX knows of, such as Equinox's modules, too."""
    jax = sys.modules.get("jax")
    if jax is not None:
        paths, structure = jax.tree_util.tree_flatten_with_path(tree)
        names = tuple(".".join(map(_key, path)) for path, _ in paths)
        return Tree(names, tuple(leaf for _, leaf in paths), structure.unflatten)
    found = list(_walk(tree, ""))
    names, leaves = tuple(name for name, _ in found), tuple(leaf for _, leaf in found)
    return Tree(names, leaves, lambda others: _made_of(tree, iter(others)))


def _key(key: Any) -> str:
    """Return a step of JAX's path: an index, a key of a dict, or the name of an attribute."""
    return str(next(getattr(key, a) for a in ("key", "idx", "name") if hasattr(key, a)))


def _walk(tree: Any, name: str) -> Iterator[tuple[str, Any]]:
    if not isinstance(tree, dict | list | tuple):
        yield name, tree
        return
    keys = tree.keys() if isinstance(tree, dict) else getattr(tree, "_fields", range(len(tree)))
    for key, part in zip(keys, tree.values() if isinstance(tree, dict) else tree, strict=True):
        yield from _walk(part, f"{name}.{key}" if name else str(key))


def _made_of(tree: Any, leaves: Any) -> Any:
    if isinstance(tree, dict):
        return type(tree)((key, _made_of(part, leaves)) for key, part in tree.items())
    if isinstance(tree, list | tuple):
        parts = [_made_of(part, leaves) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    return next(leaves)
