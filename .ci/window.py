"""Open the real window, use it once, take its picture, close it.

Run it under Xvfb; `--output` is what the README shows, and `--drag 1200` drags the start by as many
moves of the mouse, which a combination of Python and Qt that loses references does not survive;
`--relief 2000` opens the view in three dimensions, sets and drags the start in it, and goes around
the surface by as many moves, in which no memory may be lost. The exit code is the program's.
"""

import argparse
import gc
import math
import resource
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import gdviz.ui.window.app as gdviz_app
from gdviz.experiment.camera import Camera
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import load
from gdviz.scene.scene import FINE
from gdviz.ui.toolkit.settings_file import Settings, settings_path
from gdviz.ui.window.main_window import MainWindow

MOST_GROWN = 4e6  #: bytes that may be held more after so many moves of the camera


class Driver(MainWindow):
    """The window, with somebody in front of it."""

    arguments: argparse.Namespace

    def showEvent(self, event):
        """Begin once there is a window."""
        super().showEvent(event)
        width, height = map(int, self.arguments.size.split("x"))
        self.resize(width, height)
        QTimer.singleShot(2500, self.use)

    def use(self):
        """Click on the map, look, close."""
        sys.excepthook = self.report  # the program's own goes on
        if self.arguments.click:
            viewport = self.map_view.findChild(object, "map").viewport()
            before = self.store.experiment.start
            QTest.mouseClick(
                viewport, Qt.MouseButton.LeftButton, pos=QPoint(300, viewport.height() // 3)
            )
            if self.store.experiment.start == before:
                self.fail("a click on the map did not move the start")
        if self.arguments.drag:
            self.drag(self.arguments.drag)
        if self.arguments.relief:
            self.relief(self.arguments.relief)
        QTimer.singleShot(1000, self.look)

    def relief(self, moves):
        """Look at the surface in three dimensions, and go around it by so many moves."""
        place = self.map_place
        self.menus[self.view.show_relief].trigger()
        self.wait(lambda: place.view is not None or place.sentence(), "the view did not open")
        self.wait(lambda: place.view is not None, place.sentence)
        if place.view is None:
            return
        canvas = place.view.canvas
        self.wait(self.is_drawn, "the scene did not come")
        self.set_start(canvas)
        middle = QPoint(canvas.width() // 2, canvas.height() * 7 // 8)
        before, held = self.store.experiment.camera, 0
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
        for move in range(moves):
            turn = math.tau * move / 100
            at = middle + QPoint(round(200 * math.sin(turn)), round(80 * math.cos(turn)))
            QTest.mouseMove(canvas, at)
            canvas.repaint()
            if move == moves // 4:  # by then everything is there that stays
                held = resident()
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle)
        grown = resident() - held
        print(f"{moves} moves of the camera, {grown / 1e6:.1f} MB more after the first quarter")
        if self.store.experiment.camera == before:
            self.fail("a drag did not move the camera")
        if grown > MOST_GROWN:
            self.fail("memory grows with the moves of the camera")
        QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        if self.store.experiment.camera != Camera():
            self.fail("a double click did not reset the camera")

    def set_start(self, canvas):
        """Click on the surface, and drag the start that is there then."""
        at = QPoint(canvas.width() * 2 // 5, canvas.height() // 2)
        aim = canvas.point_under(QPointF(at))
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
        start = self.store.experiment.start
        if aim is None or math.dist(start, aim) > 0.01:
            self.fail(f"a click on the surface at {aim} set the start to {start}")
        QTest.qWait(QApplication.doubleClickInterval() + 100)
        end = at + QPoint(60, 30)
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at)
        for part in range(1, 11):
            QTest.mouseMove(canvas, at + (end - at) * part / 10)
            self.wait(self.is_drawn, "a drag of the start is not followed")
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
        aim, start = canvas.point_under(QPointF(end)), self.store.experiment.start
        if aim is None or math.dist(start, aim) > 0.01:
            self.fail(f"the start was dragged to {aim}, and is at {start}")

    def wait(self, condition, why):
        """Let the program go on until something is so, or fail."""
        for _ in range(1_200):
            QApplication.processEvents()
            if condition():
                return
            QTest.qWait(50)
        self.fail(why if isinstance(why, str) else why())

    def drag(self, moves):
        """Drag the start around by so many moves of the mouse, each drawn before the next."""
        plot = self.map_view.findChild(object, "map")
        viewport, to_scene = plot.viewport(), plot.getViewBox().mapViewToScene
        position = plot.mapFromScene(to_scene(QPointF(*self.store.experiment.start)))
        # Far from the edges, beyond which there is nothing to drag to.
        middle = QPoint(viewport.width() // 2, viewport.height() // 2)
        radius = min(middle.x(), middle.y()) // 2
        QTest.mouseMove(viewport, position)
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=position)
        for move in range(moves):
            turn, before = math.tau * move / 100, self.store.experiment
            position = middle + QPoint(
                round(radius * math.cos(turn)), round(radius * math.sin(turn))
            )
            QTest.qWait(11)  # pyqtgraph takes 100 moves in a second, and drops the others
            QTest.mouseMove(viewport, position)
            for _ in range(5_000):
                QApplication.processEvents()
                if self.store.experiment is not before and self.is_drawn():
                    break
                QTest.qWait(1)
            else:
                self.fail(f"move {move} of the mouse did not drag the start")
                return
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=position)
        print(f"{moves} moves of the mouse, each drawn")

    def is_drawn(self):
        """Tell whether the picture is of what is chosen."""
        scene = self.store.scene
        return scene is not None and scene.experiment is self.store.experiment

    def report(self, kind, error, trace):
        """End with what went wrong."""
        sys.__excepthook__(kind, error, trace)
        QApplication.exit(1)

    def fail(self, why):
        """Say why, and make the program's exit code 1."""
        print(why, file=sys.stderr)
        QApplication.exit(1)

    def look(self):
        """Take the picture and close."""
        scene = self.store.scene
        if scene is None or scene.landscape.grid.resolution < FINE:
            self.fail("the fine map did not arrive")
        picture = self.grab()
        image = picture.toImage()
        colors = {
            image.pixel(x, y)
            for x in range(0, image.width(), 7)
            for y in range(0, image.height(), 7)
        }
        if len(colors) < 100:
            self.fail(f"the window has only {len(colors)} colours")
        picture.save(self.arguments.output)
        self.documents.asks = False  # nobody is there
        self.close()


def resident():
    """Return the bytes of memory that the process holds."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def main() -> int:
    """Run the program with a driver in the window's place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True)
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--theme", default="light", choices=("light", "dark"))
    parser.add_argument("--click", action="store_true")
    parser.add_argument("--drag", type=int, default=0, metavar="MOVES")
    parser.add_argument("--relief", type=int, default=0, metavar="MOVES")
    parser.add_argument("--experiment", type=load, default=Experiment())
    Driver.arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        Settings(settings_path()).write({"view/theme": Driver.arguments.theme})
        gdviz_app.MainWindow = Driver
        return gdviz_app.run(Driver.arguments.experiment)


if __name__ == "__main__":
    sys.exit(main())
