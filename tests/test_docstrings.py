"""What a public function takes is said where it is defined: numpydoc, with every parameter."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "gdviz"
#: From so many parameters on a signature does not speak for itself.
FROM = 3
_SECTION = re.compile(
    r"\n\s*(?:Other )?Parameters\n\s*-+\n(.*?)(?=\n\s*\n\s*[A-Z]\w+\n\s*---|\Z)", re.DOTALL
)
_CAMEL = re.compile(r"\.[a-z]+[A-Z]")
_ENTRY = re.compile(r"^\s*([*\w, ]+?)(?: :.*)?$", re.MULTILINE)


def functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield a module's functions and its classes' methods, by their names in it."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield f"{node.name}.{method.name}", method


def is_public(name: str) -> bool:
    """Tell whether somebody else calls it; in camelCase Qt does, which documents it."""
    return not any(part.startswith("_") for part in name.split(".")) and not _CAMEL.search(name)


def parameters(function: ast.FunctionDef) -> frozenset[str]:
    """Return the names of a function's parameters."""
    arguments = function.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return frozenset(n for n in names if n not in ("self", "cls") and not n.startswith("_"))


def undocumented(function: ast.FunctionDef) -> set[str]:
    """Return the parameters that the docstring does not explain."""
    wanted = parameters(function)
    if len(wanted) < FROM:
        return set()
    section = _SECTION.search(ast.get_docstring(function, clean=True) or "")
    entries = _ENTRY.findall(section[1]) if section else []
    return set(wanted) - {name.strip(" *") for entry in entries for name in entry.split(",")}


def test_parameters_are_explained() -> None:
    found = [
        (f"{path.relative_to(PACKAGE)}:{name}", name, function)
        for path in sorted(PACKAGE.rglob("*.py"))
        for name, function in functions(ast.parse(path.read_text(encoding="utf-8")))
    ]
    # A method that another class explains, with the same parameters, is that one made anew.
    explained = {
        (name.rpartition(".")[2], parameters(function))
        for _, name, function in found
        if "." in name and not undocumented(function)
    }
    missing = {
        where: sorted(lacks)
        for where, name, function in found
        if is_public(name) and (lacks := undocumented(function))
        if (name.rpartition(".")[2], parameters(function)) not in explained
    }
    assert not missing


def test_the_rule_can_be_broken() -> None:
    source = '''
def f(a, b, c):
    """Do it.

    Parameters
    ----------
    a, b : float
        Two numbers.

    Returns
    -------
    c : float
    """
'''
    ((_, function),) = functions(ast.parse(source))
    assert undocumented(function) == {"c"}
