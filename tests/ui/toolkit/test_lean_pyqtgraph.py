"""pyqtgraph imported without the classes and modules that nobody uses is pyqtgraph."""

import json
import subprocess
import sys

IMPORTED = """
import json, sys
from gdviz.ui.toolkit.lean_pyqtgraph import import_pyqtgraph
before = None
if sys.argv[1] == "lean":
    import PySide6.QtWidgets
    before = dir(PySide6.QtWidgets)
    import_pyqtgraph()
import pyqtgraph as pg
import_pyqtgraph()  # nothing
brought = [name for name in sys.modules if name.startswith("pyqtgraph.")]
later = ["ColorMapParameter", "ColorMapWidget", "DataFilterWidget", "RemoteGraphicsView",
         "ScatterPlotWidget", "multiprocess", "parametertree"]
for name in later:
    getattr(pg, name)
assert not hasattr(pg, "NoWidget")
from pyqtgraph.widgets.ScatterPlotWidget import ScatterPlotWidget
assert pg.ScatterPlotWidget is ScatterPlotWidget and pg.parametertree.Parameter
from PySide6 import QtCore, QtGui, QtOpenGLWidgets, QtWidgets
made = [len(vars(module)) for module in (QtCore, QtGui, QtWidgets)]
assert "QCalendarWidget" in dir(QtWidgets)
assert before in (None, dir(QtWidgets)), "the names are listed as before"
assert pg.QtWidgets is not QtWidgets  # it changes its own
assert pg.QtWidgets.QCalendarWidget is QtWidgets.QCalendarWidget
assert pg.Qt.QtGui.QPainter is QtGui.QPainter and pg.QtCore.Signal is QtCore.Signal
assert pg.QtWidgets.QOpenGLWidget is QtOpenGLWidgets.QOpenGLWidget
assert not hasattr(QtWidgets, "QOpenGLWidget") and not hasattr(pg.QtGui, "QNone")
assert issubclass(pg.GraphicsView, QtWidgets.QGraphicsView)
names = {*vars(pg)} - {"__getattr__"}
print(json.dumps([made, brought, sorted(names), pg.Qt.VERSION_INFO]))
"""


def imported(how):
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, how], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_it_is_the_same_and_has_fewer_classes_and_modules():
    lean, some, *rest = imported("lean")
    plain, all_of_them, *plain_rest = imported("plain")
    assert rest == plain_rest
    assert all(few < 0.6 * many for few, many in zip(lean, plain, strict=True))
    assert len(some) < len(all_of_them) - 25
