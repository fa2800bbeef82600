"""The real window, with settings of its own, watched for what Qt complains about."""

import contextlib
import gc
import time

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QSettings, Qt, QThreadPool
from PySide6.QtGui import QPalette, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from gdviz.experiment import Experiment
from gdviz.scene import FINE
from gdviz.ui.main_window import MainWindow
from gdviz.ui.theming import Theming

#: What the offscreen platform says of itself, and of nobody's mistake.
_HARMLESS = ("This plugin does not support",)


class Driver:
    """A window, and hands."""

    def __init__(self, qtbot, window, theming):
        self.qtbot, self.window, self.theming = qtbot, window, theming

    def __getattr__(self, name):
        return getattr(self.window, name)

    @property
    def experiment(self):
        return self.window.store.experiment

    @property
    def scene(self):
        return self.window.store.scene

    def settle(self):
        """Wait until the picture is the final one."""

        def settled():
            scene = self.scene
            assert scene is not None
            assert scene.experiment is self.experiment
            assert scene.landscape.grid.resolution >= FINE
            assert not self.window.store.is_busy()

        self.qtbot.waitUntil(settled, timeout=20_000)

    def frame(self):
        """Let the next frame be built, coarse where the map is new."""
        self.qtbot.waitUntil(lambda: self.scene and self.scene.experiment is self.experiment)

    # -- the map

    @property
    def viewport(self):
        return self.window.map_view._plot.viewport()

    def pixel(self, a, b):
        """Where (a, b) is on the map's viewport."""
        view = self.window.map_view
        return view._plot.mapFromScene(view._box.mapViewToScene(QPointF(a, b)))

    def place(self, pixel):
        """Return the (a, b) of a pixel of the viewport."""
        view = self.window.map_view
        point = view._box.mapSceneToView(QPointF(view._plot.mapToScene(pixel)))
        return point.x(), point.y()

    def click(self, a, b, button=Qt.MouseButton.LeftButton):
        self.hover(a, b)
        QTest.mouseClick(self.viewport, button, pos=self.pixel(a, b))

    def hover(self, a, b):
        self.move_to(self.pixel(a, b))

    def move_to(self, pixel, buttons=Qt.MouseButton.NoButton):
        # pyqtgraph drops moves that follow each other faster than it thinks they can be drawn.
        self.window.map_view._plot.scene()._lastMoveEventTime = 0
        QTest.mouseMove(self.viewport, pixel)

    def drag(self, start, pixels):
        """Press at a pixel and move through others, with a frame after each."""
        scene = self.window.map_view._plot.scene()
        self.move_to(start)
        QTest.mousePress(self.viewport, Qt.MouseButton.LeftButton, pos=start)
        for pixel in pixels:
            scene._lastMoveEventTime = 0
            self.qtbot.mouseMove(self.viewport, pixel)
            yield pixel
        QTest.mouseRelease(self.viewport, Qt.MouseButton.LeftButton, pos=pixels[-1])

    def wheel(self, a, b, notches):
        wheel(self.viewport, self.pixel(a, b), notches)

    def colour(self, a, b):
        """Return the colour of the map's picture at (a, b), without what is drawn over it."""
        view = self.window.map_view
        image = view._plot.grab().toImage()
        ratio = image.devicePixelRatio()
        at = view._plot.viewport().mapTo(view._plot, self.pixel(a, b)) * ratio
        return image.pixelColor(at)
