"""Of what any kind of task has computed nothing stays but what is shown."""

import gc
import weakref
from functools import partial

import pytest

from gdviz.engine.analysis.scaling import scale
from gdviz.scene.scene import Scene
from gdviz.ui.tasks import task as task_module
from gdviz.ui.tasks.task import Job
from tests.ui.window.jobs import KINDS


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


def are_gone(references, shown=None):
    gc.collect()
    return all((reference() is None or reference() is shown) for reference in references)


@pytest.mark.sampled(1)
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
    ui.qtbot.waitUntil(lambda: are_gone(first, shown=ui.scene))
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
    ui.window.documents.asks = False  # nobody is there
    ui.window.close()
    jobs = [each for each in made if isinstance(each(), Job)]
    ui.qtbot.waitUntil(lambda: are_gone(jobs))
