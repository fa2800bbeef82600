"""Import pyqtgraph without the classes of Qt, and without the modules, that nobody uses.

PySide makes a class of Qt when its name is first asked for. pyqtgraph has modules of its own in the
place of Qt's, into which it copies all their names, and so has all 1,500 classes made: 0.1 s before
the first frame. It also imports all of its widgets, of which a few bring fifty modules.
"""

import sys
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any

_QT_MODULES = ("QtCore", "QtGui", "QtWidgets")
#: Names that pyqtgraph has when they are asked for, and their modules: those of parameter trees and
#: of processes, and what is made of them.
_LATER = {
    "ColorMapParameter": "widgets.ColorMapWidget",
    "ColorMapWidget": "widgets.ColorMapWidget",
    "DataFilterWidget": "widgets.DataFilterWidget",
    "RemoteGraphicsView": "widgets.RemoteGraphicsView",
    "ScatterPlotWidget": "widgets.ScatterPlotWidget",
    "multiprocess": "multiprocess",
    "parametertree": "parametertree",
}


def import_pyqtgraph() -> None:
    """Import pyqtgraph, which imports some of its modules, and asks Qt's for names, when asked.

    It is the same to whoever uses it, and to whom it was imported before. A pyqtgraph that imports
    in another way, or finds another Qt, does so as if this was not here.
    """
    if "pyqtgraph" in sys.modules:
        return
    listed = {}
    for name in _QT_MODULES:
        qt = import_module(f"PySide6.{name}")
        own = ModuleType(f"pyqtgraph.Qt.{name}")
        vars(own)["__getattr__"] = partial(_taken, qt, own)
        sys.modules[own.__name__] = own
        listed[qt] = vars(qt).get("__dir__")
        vars(qt)["__dir__"] = list  # no names to copy
    empty = [ModuleType(f"pyqtgraph.{module}") for module in {*_LATER.values()}]
    for module in empty:
        vars(module)["__getattr__"] = _nothing
        sys.modules[module.__name__] = module
    try:
        pyqtgraph = import_module("pyqtgraph")
    finally:
        for module in empty:
            del sys.modules[module.__name__]
        for qt, names in listed.items():
            if names is None:
                del vars(qt)["__dir__"]
            else:
                vars(qt)["__dir__"] = names
    for name in _LATER:
        vars(pyqtgraph).pop(name, None)
    vars(pyqtgraph)["__getattr__"] = partial(_imported, pyqtgraph)


def _taken(qt: ModuleType, own: ModuleType, name: str) -> Any:
    """Return what a name is in Qt's module, and have it in pyqtgraph's from now on."""
    found = vars(own)[name] = getattr(qt, name)
    return found


def _nothing(name: str) -> None:
    """Stand for a name that is imported from an empty module, which lists none."""
    if name == "__all__":
        raise AttributeError(name)


def _imported(pyqtgraph: ModuleType, name: str) -> Any:
    """Return what pyqtgraph has by a name, and import its module for that."""
    if name not in _LATER:
        raise AttributeError(f"module 'pyqtgraph' has no attribute {name!r}")
    module = import_module(f"pyqtgraph.{_LATER[name]}")
    found = vars(pyqtgraph)[name] = getattr(module, name, module)
    return found
