"""Import pyqtgraph without the classes of Qt that nobody uses.

PySide makes a class of Qt when its name is first asked for. pyqtgraph has modules of its own in the
place of Qt's, into which it copies all their names, and so has all 1,500 classes made: 0.1 s before
the first frame.
"""

import sys
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any

_MODULES = ("QtCore", "QtGui", "QtWidgets")


def import_pyqtgraph() -> None:
    """Import pyqtgraph, whose modules ask Qt's for a name when they are asked for it.

    It is the same to whoever uses it, and to whom it was imported before. A pyqtgraph that imports
    in another way, or finds another Qt, does so as if this was not here.
    """
    if "pyqtgraph" in sys.modules:
        return
    listed = {}
    for name in _MODULES:
        qt = import_module(f"PySide6.{name}")
        own = ModuleType(f"pyqtgraph.Qt.{name}")
        vars(own)["__getattr__"] = partial(_taken, qt, own)
        sys.modules[own.__name__] = own
        listed[qt] = vars(qt).get("__dir__")
        vars(qt)["__dir__"] = list  # no names to copy
    try:
        import_module("pyqtgraph")
    finally:
        for qt, names in listed.items():
            if names is None:
                del vars(qt)["__dir__"]
            else:
                vars(qt)["__dir__"] = names


def _taken(qt: ModuleType, own: ModuleType, name: str) -> Any:
    """Return what a name is in Qt's module, and have it in pyqtgraph's from now on."""
    found = vars(own)[name] = getattr(qt, name)
    return found
