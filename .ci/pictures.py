"""Take the pictures of the window that the README shows, into a folder.

Run it under Xvfb, as ``xvfb-run -a -s "-screen 0 1600x1000x24 +extension GLX" python
.ci/pictures.py docs/pictures``, in an environment with h5py.
"""

import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import h5py
import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QWidget

from gdviz.engine.objectives.surfaces import SURFACES
from gdviz.experiment.change_function import on_formula, on_surface
from gdviz.experiment.experiment import Experiment, Method
from gdviz.experiment.open_file import open_file, with_trajectory
from gdviz.export.animation.save import save_animation
from gdviz.export.options import FigureOptions
from gdviz.scene.animation.frames import plan_frames
from gdviz.scene.animation.motion import Motion
from gdviz.scene.scene import build_scene
from gdviz.ui.tasks.task import Task
from gdviz.ui.toolkit.settings_file import Settings
from gdviz.ui.toolkit.widgets.math_label import MathLabel
from gdviz.ui.window.main_window import MainWindow
from gdviz.ui.window.theme_choice import ThemeChoice

LARGE, SMALL = (1440, 900), (1280, 800)
ON_ROSENBROCK = on_surface(Experiment(), SURFACES["rosenbrock"])
FIVE_METHODS = ON_ROSENBROCK.replace(
    epsilon=0.1,
    steps=300,
    methods=(
        Method("analytic"),
        Method("forward", alpha=0.001, epsilon=0.1),
        Method("forward", alpha=0.001, epsilon=0.01),
        Method("analytic", "momentum"),
        Method("analytic", "adam", alpha=0.05),
    ),
)


class Pictures:
    """Opens windows one after the other, and takes their pictures."""

    def __init__(self, folder: Path, kept: Path) -> None:
        self._folder, self._kept = folder, kept
        self._theming = ThemeChoice(QApplication.instance(), Settings(kept))
        self.window: MainWindow

    def open(self, experiment: Experiment, size: tuple[int, int], theme: str = "light") -> None:
        """Open a window with nothing under way."""
        self._kept.unlink(missing_ok=True)
        settings = Settings(self._kept)
        self._theming.choose(theme)
        self.window = MainWindow(experiment, settings, self._theming)
        self.window.resize(*size)
        self.window.show()
        self.wait()

    def wait(self) -> None:
        """Wait until nothing is computed, typeset or about to be."""
        quiet = 0
        while quiet < 15:
            QTest.qWait(100)
            is_busy = any(task.is_running() for task in self.window.findChildren(Task))
            labels = self.window.findChildren(MathLabel)
            is_plain = any(label.isVisible() and not label.is_typeset() for label in labels)
            quiet = 0 if is_busy or is_plain else quiet + 1

    def lens(self, lens: QWidget, view: str = "") -> QImage:
        """Open a lens, and return the picture of the place at the right."""
        self.window.places.open_lens(lens.title, view)
        self.wait()
        return self.window.right.grab().toImage()

    def guide(self, title: str) -> None:
        """Open a guided experiment."""
        window = self.window
        actions = window.menuBar().findChildren(QAction)
        (action,) = [a for a in actions if a.text().replace("&", "") == title]
        window.guides.open_from_menu(action)
        self.wait()

    def animate(self, name: str, experiment: Experiment) -> None:
        """Save an animation over the steps, as wide as a page."""
        options = FigureOptions(size=(10.0, 5.6), dpi=88, panels=True)
        plan = plan_frames(build_scene(experiment))
        save_animation(plan, self._folder / f"{name}.gif", options, Motion(fps=10.0, pause=2.5))

    def save(self, name: str, *parts: QImage) -> None:
        """Save pictures side by side, or the window's, and close it."""
        images = parts or (self.window.grab().toImage(),)
        picture = QImage(
            sum(image.width() for image in images),
            max(image.height() for image in images),
            QImage.Format.Format_RGB32,
        )
        picture.fill(QColor("white"))
        painter, left = QPainter(picture), 0
        for image in images:
            painter.drawImage(QPoint(left, 0), image)
            left += image.width()
        painter.end()
        picture.save(str(self._folder / f"screenshot-{name}.png"))
        self.window.documents.asks = False  # nobody is there
        self.window.close()


def light(pictures: Pictures) -> None:
    """The first picture of all."""
    pictures.open(Experiment(), LARGE)
    pictures.save("light")


def moving(pictures: Pictures) -> None:
    """Both paths of the first picture as they come about, with what they cost."""
    both = Experiment(methods=(Method("analytic"), Method("forward")))
    pictures.animate("moving-paths", both)


def dark(pictures: Pictures) -> None:
    """Five methods on Rosenbrock's function."""
    pictures.open(FIVE_METHODS, LARGE, "dark")
    pictures.save("dark")


def basins(pictures: Pictures) -> None:
    """Basins, with the guide that lays them on the map."""
    pictures.open(Experiment(), SMALL)
    pictures.guide("Where you start is where you end")
    pictures.save("basins")


def relief(pictures: Pictures) -> None:
    """Three dimensions, with paths from several starts in the basins' colours."""
    himmelblau = on_surface(Experiment(), SURFACES["himmelblau"])
    pictures.open(himmelblau.replace(more_starts=((-3.0, -3.0), (0.0, 4.0))), SMALL, "dark")
    window = pictures.window
    window.menus[window.view.show_relief].trigger()
    window.menus[window.basins.set_shown].trigger()
    pictures.wait()
    pictures.save("relief")


def landscape(pictures: Pictures) -> None:
    """A file with holes, and the trajectory of an optimizer."""
    x = np.linspace(-1.0, 1.0, 51)
    a, b = np.meshgrid(x, x)
    wells = (3 * (a + 0.2) ** 2 + 1.2 * b**2,
             0.35 + 4 * (a - 0.12) ** 2 + 5 * (b - 0.45) ** 2,
             0.5 + 5 * (a - 0.25) ** 2 + 4 * (b + 0.6) ** 2)  # fmt: skip
    f = 0.6 - 0.25 * np.log(sum(np.exp(-well / 0.25) for well in wells)) + 0.05 * np.sin(6 * a + b)
    f = 3 * np.tanh(f / 3)
    f[39:46, 6:12] = np.nan
    way = np.linspace(0.0, 1.0, 25)
    with tempfile.TemporaryDirectory() as folder:
        surface, projected = Path(folder, "surface.h5"), Path(folder, "surface_proj_cos.h5")
        with h5py.File(surface, "w") as file:
            file["xcoordinates"], file["ycoordinates"], file["train_loss"] = x, x, f
        with h5py.File(projected, "w") as file:
            file["proj_xcoord"] = 0.85 - 1.05 * way
            file["proj_ycoord"] = 0.55 * (way**2 - 1) - 0.12 * np.sin(np.pi * way)
        experiment = open_file(surface, Experiment()).experiment
        experiment = with_trajectory(experiment, projected).experiment
    pictures.open(experiment.replace(start=(0.9, 0.72), alpha=0.04, epsilon=0.001, steps=25), LARGE)
    pictures.save("landscape")


def lenses(pictures: Pictures) -> None:
    """The arithmetic of a step, its cost, and the sweep of ε."""
    pictures.open(Experiment(), SMALL)
    window = pictures.window
    window.timeline.set_step(3)
    step, cost = pictures.lens(window.step_lens, "arithmetic"), pictures.lens(window.cost_lens)
    pictures.lens(window.sweep_lens)
    for box in window.sweep_lens.findChildren(QCheckBox):
        if box.text() in ("all estimates", "float32"):
            box.click()
    pictures.save("lenses", step, cost, pictures.lens(window.sweep_lens))


def more(pictures: Pictures) -> None:
    """The best direction, the models, and the data of a fit."""
    pictures.open(ON_ROSENBROCK.replace(eta=0.5), SMALL)
    window = pictures.window
    window.timeline.first()
    window.step_lens.choose_method(0)
    direction, models = (pictures.lens(window.step_lens, v) for v in ("direction", "models"))
    window.commands.choose_surface("logistic-regression")
    window.timeline.last()
    pictures.save("more", direction, models, pictures.lens(window.data_lens))


def own(pictures: Pictures) -> None:
    """A formula, and a gradient with a mistake in it."""
    size = (1280, 882)
    formula = on_formula(
        ON_ROSENBROCK, "(1 - a)^2 + k*(b - a^2)^2", constants={"k": 10.0}, title="my banana"
    )
    pictures.open(formula, size)
    window = pictures.window
    typed = pictures.lens(window.formula_lens, "formula")
    pictures.guide("A slip in the gradient")
    checked = pictures.lens(window.formula_lens, "check")
    pictures.save("own", typed, window.middle.grab().toImage(), checked)


ALL: tuple[Callable[[Pictures], None], ...] = (
    light, moving, dark, basins, relief, landscape, lenses, more, own,
)  # fmt: skip


def main(folder: str, names: Iterable[str]) -> None:
    """Take all pictures, or some by name."""
    app = QApplication(sys.argv[:1])
    pg.setConfigOptions(antialias=True, imageAxisOrder="row-major")
    with tempfile.TemporaryDirectory() as kept:
        pictures = Pictures(Path(folder), Path(kept, "gdviz.ini"))
        for take in ALL:
            if not names or take.__name__ in names:
                take(pictures)
    app.quit()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
