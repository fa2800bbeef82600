"""Open the real window, use it once, take its picture, close it.

Run it under Xvfb; `--output` is what the README shows, and `--drag 1200` drags the start by as many
moves of the mouse, which a combination of Python and Qt that loses references does not survive. The
exit code is the program's.
"""

import argparse
import math
import sys
import tempfile

from PySide6.QtCore import QPoint, QPointF, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import gdviz.ui.window.app as gdviz_app
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.json_file import load
from gdviz.scene.scene import FINE
from gdviz.ui.window.main_window import MainWindow


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
        QTimer.singleShot(1000, self.look)

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
        self.close()


def main() -> int:
    """Run the program with a driver in the window's place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True)
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--theme", default="light", choices=("light", "dark"))
    parser.add_argument("--click", action="store_true")
    parser.add_argument("--drag", type=int, default=0, metavar="MOVES")
    parser.add_argument("--experiment", type=load, default=Experiment())
    Driver.arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        settings = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gdviz", "gdviz"
        )
        settings.setValue("view/theme", Driver.arguments.theme)
        settings.sync()
        gdviz_app.MainWindow = Driver
        return gdviz_app.run(Driver.arguments.experiment)


if __name__ == "__main__":
    sys.exit(main())
