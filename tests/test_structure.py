"""The house as its source says it: rooms on one line, no circle, folders that can be overlooked.

Imports are read from the source, those within functions and those for the type checker included:
an arrow that only the type checker follows is one that a reader has to follow, too.
"""

import ast
import graphlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "gdviz"

#: Each room imports from those before it, and so does each wing within its room.
ROOMS = ("base", "engine", "files", "sampling", "experiment", "scene", "export", "ui", "cli")
WINGS = {
    "engine": ("language", "objectives", "descent", "analysis", "gradcheck"),
    "ui": ("tasks", "toolkit", "store", "map", "controls", "lenses", "files", "window"),
}
#: What may stand beside the rooms: the package's own names, and ``python -m gdviz``.
DOORS = {"gdviz", "gdviz.__main__"}
MOST_MODULES = 20
#: Folders of tests that mirror no room: they try the program as a whole.
OF_THE_WHOLE = {Path("fuzz"), Path("benchmarks")}


@cache
def modules() -> dict[str, Path]:
    """Return every module of the package by its dotted name."""
    return {_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def arrows() -> dict[str, set[str]]:
    """Return the modules of the package that each of them imports, wherever in its source."""
    return {
        name: set(imports(path.read_text(encoding="utf-8"), modules())) - {name}
        for name, path in modules().items()
    }


def imports(source: str, known: dict[str, Path]) -> Iterator[str]:
    """Yield the known modules that a source imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                if module in known or node.module in known:
                    yield module if module in known else node.module


def place(module: str) -> tuple[int, ...]:
    """Return where on the line a module stands: its room's place, and its wing's within it."""
    _, room, *rest = module.split(".")
    wing = [WINGS[room].index(rest[0])] if room in WINGS and rest else []
    return (ROOMS.index(room), *wing)


def lens(module: str) -> str:
    """Return the folder of the lens that a module belongs to; empty for all others."""
    parts = module.split(".")
    return parts[3] if parts[1:3] == ["ui", "lenses"] and len(parts) > 4 else ""


def is_wrong(importer: str, imported: str) -> bool:
    """Tell whether an arrow goes against the line, or from one lens into another."""
    strangers = {lens(importer), lens(imported)} - {""}
    return place(imported) > place(importer) or len(strangers) > 1


def test_every_module_stands_in_a_room():
    assert {name.split(".")[1] for name in modules() if name not in DOORS} == set(ROOMS)
    for room, wings in WINGS.items():
        names = {path.name for path in (PACKAGE / room).iterdir() if path.is_dir()}
        assert names - {"__pycache__"} == set(wings)
        assert not [path for path in (PACKAGE / room).glob("*.py") if path.name != "__init__.py"]


def test_rooms_import_to_their_left():
    wrong = [
        f"{importer} imports {imported}"
        for importer, targets in arrows().items()
        for imported in targets
        if not {importer, imported} & DOORS and is_wrong(importer, imported)
    ]
    assert not wrong


def test_no_two_modules_need_each_other():
    try:
        graphlib.TopologicalSorter(arrows()).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_no_folder_holds_more_than_can_be_overlooked():
    sizes = Counter(path.parent for path in modules().values() if path.name != "__init__.py")
    assert not {str(folder): n for folder, n in sizes.items() if n > MOST_MODULES}


def test_the_engine_knows_no_window_and_no_figure():
    outside = re.compile(r"^\s*(?:from|import) (?:PySide6|pyqtgraph|matplotlib)\b", re.MULTILINE)
    rooms = ROOMS[: ROOMS.index("scene") + 1]
    named = [
        name
        for name, path in modules().items()
        if name not in DOORS and name.split(".")[1] in rooms
        and outside.search(path.read_text(encoding="utf-8"))
    ]  # fmt: skip
    assert not named


def test_the_toolkit_knows_no_gdviz():
    known = ("gdviz.base", "gdviz.ui.toolkit", "gdviz.ui.tasks")  # for any computation
    strangers = [
        f"{importer} imports {imported}"
        for importer, targets in arrows().items()
        for imported in targets
        if importer.startswith("gdviz.ui.toolkit") and not imported.startswith(known)
    ]
    assert not strangers


def test_no_imports_of_the_window_go_in_a_circle():
    """Not even those for the type checker, or within functions, which work but have to be read."""
    graph = {name: arrows()[name] for name in arrows() if name.startswith("gdviz.ui.")}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(error.args[1]))


def test_every_folder_says_what_belongs_there():
    silent = [
        str(path.parent)
        for path in modules().values()
        if path.name == "__init__.py"
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_tests_stand_where_their_modules_stand():
    folders = {path.parent.relative_to(PACKAGE) for path in modules().values()} | OF_THE_WHOLE
    strays = [
        str(path)
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if path.parent.relative_to(ROOT / "tests") not in folders
    ]
    assert not strays


def test_the_rules_above_can_be_broken():
    """What this module would say of arrows that must not be."""
    assert is_wrong("gdviz.engine.language.lexer", "gdviz.engine.descent.loop")
    assert is_wrong("gdviz.files.csv_data", "gdviz.scene.captions")
    assert is_wrong("gdviz.ui.map.map_view", "gdviz.ui.lenses.page")
    assert is_wrong("gdviz.ui.lenses.step.page", "gdviz.ui.lenses.run.plots")
    assert not is_wrong("gdviz.ui.window.app", "gdviz.ui.lenses.page")
    assert not is_wrong("gdviz.engine.gradcheck.check", "gdviz.engine.descent.loop")
    known = {"a.b": PACKAGE, "a.c": PACKAGE}
    source = "if TYPE_CHECKING:\n    from a.b import x\ndef f():\n    from a import c\n"
    assert set(imports(source, known)) == {"a.b", "a.c"}
