"""Of what any kind of task has computed nothing stays but what is shown."""

import gc
import weakref
from functools import partial

import pytest

from gdviz.engine.analysis.scaling import scale
from gdviz.experiment.change_function import on_formula, with_candidate
from gdviz.experiment.experiment import Experiment
from gdviz.scene.scene import Scene
from gdviz.ui.tasks import task as task_module
from gdviz.ui.tasks.task import Job

CODE = "def loss(a, b):\n    return a**2 + {}*b**2\n"


class Kind:
    """A kind of task in a window: which it is, and how it gets something new to do."""

    def __init__(self, ui, folder, lens="", view=""):
        self.ui, self.folder, self.window = ui, folder, ui.window
        if lens:
            self.lens = next(each for each in ui.window.lenses if each.title == lens)
            ui.window.right.setCurrentWidget(self.lens)
            self.lens.choose_view(view)
            self.page = self.lens.page(view)

    def write(self, k):
        ui = self.ui
        ui.window.store.set_experiment(on_formula(Experiment(), f"a^2 + {k + 2}*b^2"))


class Map(Kind):
    @property
    def task(self):
        return self.window.store._task

    def begin(self, k):
        self.window.store.change(range=(-1.0 - k, 1.0, -1.0, 1.0))


class Basins(Kind):
    @property
    def task(self):
        return self.window.basins.task

    def begin(self, k):
        self.window.basins.task.choose((0,))
        self.window.store.change(alpha=0.01 * (k + 1))


class EpsilonSweep(Kind):
    def __init__(self, ui, folder):
        super().__init__(ui, folder, "Sweep", "epsilon")
        self.task = self.page._task

    def begin(self, k):
        self.ui.change(start=(0.1 * k, 1.0))
        self.task.request(*self.page._wanted())  # as for code, which takes its time


class AlphaSweep(Kind):
    def __init__(self, ui, folder):
        super().__init__(ui, folder, "Sweep", "alpha")
        self.task = self.page._task

    def begin(self, k):
        self.ui.change(start=(0.1 * k + 0.05, 1.0))


class Check(Kind):
    def __init__(self, ui, folder):
        super().__init__(ui, folder, "Formula", "check")
        self.task = self.page._task

    def begin(self, k):
        store = self.window.store
        store.set_experiment(with_candidate(store.experiment, (f"{k}*a", "b")))


class Scaling(Kind):
    def __init__(self, ui, folder):
        super().__init__(ui, folder, "Scale", "scale")
        self.task = self.page._task

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
    def __init__(self, ui, folder):
        super().__init__(ui, folder, "Cost", "cost")
        self.task = self.page._timing

    def begin(self, k):
        self.write(k)
        self.ui.frame()


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


class RangeGuess(Kind):
    def __init__(self, ui, folder):
        super().__init__(ui, folder, "Formula", "formula")
        self.task = self.page._guess

    def begin(self, k):
        self.write(k)
        self.task.request(self.ui.experiment, False)


KINDS = (
    Map, Basins, EpsilonSweep, AlphaSweep, Check, Scaling, Code, Timing, Typesetting, Label,
    RangeGuess,
)  # fmt: skip


@pytest.fixture
def made(monkeypatch):
    """References to each job that ran, and to the scenes that it was handed and what it brought."""
    references, run, report = [], Job.run, Job.report

    def note(*things):
        references.extend(weakref.ref(each) for each in things if type(each).__weakrefoffset__)

    def noted_run(job, function, arguments):
        note(job, *(each for each in arguments if isinstance(each, Scene)))
        result = run(job, function, arguments)
        note(result)
        return result

    def noted_report(job, result):
        note(result)
        report(job, result)

    monkeypatch.setattr(Job, "run", noted_run)
    monkeypatch.setattr(Job, "report", noted_report)
    monkeypatch.setattr(task_module.logger, "disabled", True)  # pytest keeps what is logged
    return references


def settle(ui, kind):
    """Wait until nothing is computed any more."""
    ui.qtbot.waitUntil(lambda: not (kind.task.is_running() or ui.window.store.is_busy()))


def are_gone(references):
    gc.collect()
    return not any(reference() for reference in references)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("make", KINDS, ids=lambda kind: kind.__name__)
def test_nothing_stays_but_what_is_shown(open_window, tmp_path, monkeypatch, told, made, make):
    monkeypatch.setattr("gdviz.ui.lenses.scale.page.scale", partial(scale, (1, 2)))
    ui = open_window()
    ui.settle()
    kind = make(ui, tmp_path)
    settle(ui, kind)

    def after(k, then=None):
        """Begin once more, and return what was made until it ended."""
        del made[:]
        kind.begin(k)
        if then is not None:
            then()
        settle(ui, kind)
        return list(made)

    first = after(0)
    assert first
    after(1)  # the next one
    after(2)  # a map is taken over by the next, so that there is one more
    ui.qtbot.waitUntil(lambda: are_gone(first))
    jobs = [each for each in after(3, kind.task.cancel) if isinstance(each(), Job)]
    ui.qtbot.waitUntil(lambda: are_gone(jobs))

    def fail(_job, *_arguments):
        raise RuntimeError("it is too dark")

    with monkeypatch.context() as patched:
        patched.setattr(kind.task, "_function", fail)
        failed = after(4)
    assert failed
    jobs = [each for each in failed if isinstance(each(), Job)]
    ui.qtbot.waitUntil(lambda: are_gone(jobs))
    del made[:]
    kind.begin(5)
    ui.window.close()
    jobs = [each for each in made if isinstance(each(), Job)]
    ui.qtbot.waitUntil(lambda: are_gone(jobs))
