"""Open the real window, use it once, take its picture, close it.

Run it under Xvfb; `--output` is what the README shows. The exit code is the program's.
"""

import argparse
import sys
import tempfile

from PySide6.QtCore import QPoint, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import gdviz.ui.window.app as gdviz_app
from gdviz.experiment.json_file import load
from gdviz.experiment.model import Experiment
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
        if self.arguments.click:
            viewport = self.map_view.findChild(object, "map").viewport()
            before = self.store.experiment.start
            QTest.mouseClick(
                viewport, Qt.MouseButton.LeftButton, pos=QPoint(300, viewport.height() // 3)
            )
            if self.store.experiment.start == before:
                self.fail("a click on the map did not move the start")
        QTimer.singleShot(1000, self.look)

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
