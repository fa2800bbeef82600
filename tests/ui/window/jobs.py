"""Each kind of long job that a window begins: how it gets something new to do, and its task."""

from gdviz.experiment.change_function import on_formula, with_candidate
from gdviz.experiment.experiment import Experiment
from gdviz.experiment.view import View
from gdviz.export.options import FigureOptions

CODE = "def loss(a, b):\n    return a**2 + {}*b**2\n"


class Kind:
    """A kind of task in a window, with the lens that is open for it.

    `begin` waits for nothing, and does as much whatever the window shows.
    """

    lens = view = ""

    def __init__(self, ui, folder):
        self.ui, self.folder, self.window = ui, folder, ui.window
        if self.lens:
            lens = next(each for each in ui.window.lenses if each.title == self.lens)
            ui.window.right.setCurrentWidget(lens)
            lens.choose_view(self.view)
            self.page = lens.page(self.view)

    def write(self, k, **fields):
        """Have another formula minimised."""
        experiment = on_formula(Experiment(), f"a^2 + {k + 2}*b^2").replace(**fields)
        self.window.store.set_experiment(experiment)


class Map(Kind):
    @property
    def task(self):
        return self.window.store._task

    def begin(self, k):
        self.write(0, range=(-1.0 - k, 1.0, -1.0, 1.0))


class Basins(Kind):
    @property
    def task(self):
        return self.window.basins.task

    def begin(self, k):
        self.write(0, alpha=0.01 * (k + 1), view=View(basins=(0,)))


class EpsilonSweep(Kind):
    lens, view = "Sweep", "epsilon"

    @property
    def task(self):
        return self.page._task

    def begin(self, k):
        self.write(0, start=(0.1 * k, 1.0))
        self.task.request(*self.page._wanted())  # as for code, which takes its time


class AlphaSweep(Kind):
    lens, view = "Sweep", "alpha"

    @property
    def task(self):
        return self.page._task

    def begin(self, k):
        self.write(0, start=(0.1 * k + 0.05, 1.0))


class Check(Kind):
    lens, view = "Formula", "check"

    @property
    def task(self):
        return self.page._task

    def begin(self, k):
        experiment = on_formula(Experiment(), "a^2 + sin(b)")
        self.window.store.set_experiment(with_candidate(experiment, (f"{k}*a", "b")))


class Scaling(Kind):
    lens, view = "Scale", "scale"

    @property
    def task(self):
        return self.page._task

    def begin(self, _k):
        self.page._run.click()


class Code(Kind):
    @property
    def task(self):
        return self.window.opening._task

    def begin(self, k):
        path = self.folder / f"code{k}.py"
        path.write_text(CODE.format(k + 1))
        self.window.opening.open_path(path)


class Timing(Kind):
    lens, view = "Cost", "cost"

    @property
    def task(self):
        return self.page._timing

    def begin(self, k):
        self.write(k)


class Typesetting(Kind):
    @property
    def task(self):
        return self.window.surface_box._latex

    begin = Kind.write


class Label(Kind):
    @property
    def task(self):
        return self.window.surface_box._formula._task

    def begin(self, k):
        self.window.surface_box._formula.set_formula(f"a_{{{k}}}", f"a{k}")
        self.window.surface_box._formula.grab()


class Derivatives(Kind):
    lens, view = "Formula", "formula"

    @property
    def task(self):
        return self.page.derivatives._task

    begin = Kind.write


class RangeGuess(Kind):
    lens, view = "Formula", "formula"

    @property
    def task(self):
        return self.page._guess

    def begin(self, k):
        self.write(k)
        self.task.request(self.ui.experiment, False)


class Picture(Kind):
    @property
    def task(self):
        return self.window.documents._exports

    def begin(self, k):
        look = FigureOptions(theme="dark" if k % 2 else "light")
        self.window.documents.copy_picture(self.ui.scene, look)


KINDS = (
    Map, Basins, EpsilonSweep, AlphaSweep, Check, Scaling, Code, Timing, Typesetting, Label,
    Derivatives, RangeGuess, Picture,
)  # fmt: skip
