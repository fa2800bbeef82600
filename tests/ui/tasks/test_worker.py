"""Work off the GUI thread: the newest request wins, cancelling, patience, failures."""

import gc
import threading
import weakref
from functools import partial

import pytest
from PySide6.QtCore import QThread

from gdviz.base.cancel import Cancelled
from gdviz.ui.tasks.worker import Worker


class Work:
    """A function for the worker that ends when it is let, or when it is no longer wanted."""

    def __init__(self, name):
        self.name = name
        self.began, self.gate = threading.Event(), threading.Event()
        self.was_cancelled = False
        self.thread = None

    def __call__(self, cancelled):
        self.thread = QThread.currentThread()
        self.began.set()
        while not self.gate.wait(0.002):
            if cancelled():
                self.was_cancelled = True
                raise Cancelled
        return self.name


@pytest.fixture
def worker(qapp):
    worker = Worker(patience=60)
    worker.results, worker.errors, worker.busy = [], [], []
    worker.done.connect(worker.results.append)
    worker.failed.connect(worker.errors.append)
    worker.busy_changed.connect(worker.busy.append)
    yield worker
    worker.stop()


def start(qtbot, worker, name):
    work = Work(name)
    worker.request(work)
    qtbot.waitUntil(work.began.is_set)
    return work


def test_a_result_comes_back_from_another_thread(qtbot, worker):
    work = start(qtbot, worker, "one")
    assert worker.is_running()
    work.gate.set()
    qtbot.waitUntil(lambda: worker.results == ["one"])
    assert work.thread is not QThread.currentThread()
    assert not worker.is_running()
    assert worker.busy == []  # it was quick


def test_the_newest_request_wins(qtbot, worker):
    first = start(qtbot, worker, "first")
    waiting = [Work(f"{k}") for k in range(5)]
    for work in waiting:
        worker.request(work)
        work.gate.set()
    first.gate.set()
    qtbot.waitUntil(lambda: worker.results[-1:] == ["4"])
    assert worker.results == ["first", "4"]
    assert [work.began.is_set() for work in waiting] == [False] * 4 + [True]


def test_what_takes_long_is_given_up_for_what_is_newer(qtbot, worker):
    first = start(qtbot, worker, "first")
    second = Work("second")
    second.gate.set()
    worker.request(second)
    assert not first.was_cancelled  # it has its chance
    qtbot.waitUntil(lambda: worker.results == ["second"])
    assert first.was_cancelled


def test_busy_is_said_once_patience_is_over_and_taken_back(qtbot, worker):
    work = start(qtbot, worker, "one")
    assert worker.busy == []
    qtbot.waitUntil(lambda: worker.busy == [True])
    work.gate.set()
    qtbot.waitUntil(lambda: worker.busy == [True, False])
    assert worker.results == ["one"]


def test_cancelled_work_gives_no_result(qtbot, worker):
    work = start(qtbot, worker, "one")
    worker.request(Work("two"))
    worker.cancel()
    qtbot.waitUntil(lambda: not worker.is_running())
    assert work.was_cancelled
    assert worker.results == []
    assert worker.errors == []


def test_work_that_ends_as_it_is_cancelled_gives_no_result(qtbot, worker):
    work = start(qtbot, worker, "one")
    work.gate.set()
    worker.cancel()
    qtbot.waitUntil(lambda: not worker.is_running())
    assert worker.results == []


def test_a_request_after_cancelling_runs(qtbot, worker):
    start(qtbot, worker, "one")
    worker.cancel()
    two = Work("two")
    two.gate.set()
    worker.request(two)
    qtbot.waitUntil(lambda: worker.results == ["two"])


def test_an_exception_is_handed_over(qtbot, worker):
    def fail(_cancelled):
        raise RuntimeError("it is too dark")

    worker.request(fail)
    qtbot.waitUntil(lambda: len(worker.errors) == 1)
    assert str(worker.errors[0]) == "it is too dark"
    two = start(qtbot, worker, "two")
    two.gate.set()
    qtbot.waitUntil(lambda: worker.results == ["two"])


def test_stop_returns_when_nothing_runs(qtbot, worker):
    work = start(qtbot, worker, "one")
    worker.request(Work("two"))
    worker.stop()
    assert work.was_cancelled
    assert not worker.is_running()
    qtbot.wait(20)
    assert worker.results == []


def test_stopping_one_does_not_wait_for_another(qtbot):
    """Else closing the window waits for a job that is told to stop later."""
    one, other = Worker(), Worker()
    short, long = Work("short"), Work("long")
    rescue = threading.Timer(10, long.gate.set)
    rescue.start()
    other.request(long)
    one.request(short)
    qtbot.waitUntil(lambda: short.began.is_set() and long.began.is_set())
    one.stop()
    assert short.was_cancelled
    assert not long.gate.is_set()
    other.stop()
    assert long.was_cancelled
    rescue.cancel()


class Thing:
    """What a job holds, or brings."""


def gone(qtbot, *references):
    """Wait until nothing holds the things; a thread of the pool may let go of them last."""
    qtbot.waitUntil(lambda: not any(reference() for reference in references))


@pytest.mark.parametrize("end", ["next", "cancel", "stop", "failure"])
def test_nothing_stays_of_a_job(qtbot, worker, end):
    """Neither the function, nor what it was handed, nor its result: a scene takes megabytes."""
    references, began, gate = [], threading.Event(), threading.Event()

    def made():
        thing = Thing()
        references.append(weakref.ref(thing))
        return thing

    def function(_given, cancelled):
        references.append(weakref.ref(cancelled.__self__))
        began.set()
        while not (gate.is_set() or cancelled()):
            gate.wait(0.002)
        if end == "failure":
            raise RuntimeError("it is too dark")
        return made()

    worker.done.disconnect()  # that keeps results
    worker.failed.disconnect()
    worker.request(partial(function, made()))
    qtbot.waitUntil(began.is_set)
    if end in ("cancel", "stop"):
        getattr(worker, end)()
    gate.set()
    qtbot.waitUntil(lambda: not worker.is_running())
    gc.collect()  # an exception's traceback leads back to what raised it
    gone(qtbot, *references)
    assert len(references) == (2 if end == "failure" else 3)
